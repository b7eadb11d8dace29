"""The form is filled and sent by Tab, letters and Enter alone, with scripts or none."""

from .browser import BrowserCase
from .common import tagged

FOCUS = "document.activeElement && document.activeElement.id"


@tagged("post_install", "-at_install")
class TestKeyboard(BrowserCase):
    def tab_to(self, page, condition):
        """Press Tab until the condition on ``one``, what has the focus, is true.

        :return: the ids of what had the focus on the way
        """
        seen = []
        for _press in range(80):
            page.press("Tab")
            seen.append(page.run(FOCUS))
            if page.run(f"((one) => !!({condition}))(document.activeElement)"):
                return seen
        return self.fail(f"never {condition}; the focus was on {seen}")

    def fill(self, page, name, text):
        self.tab_to(page, f"one.id === 'complaint_{name}'")
        page.type(text)

    def enter_send(self, page, form):
        self.tab_to(
            page, f"one.type === 'submit' && one.form.getAttribute('name') === '{form}'"
        )
        page.run("window.isOld = true")
        page.press("Enter")
        page.wait("!window.isOld && document.readyState === 'complete'")

    def walk(self, page):
        page.open(f"/complaint?desk={self.desk}")
        self.fill(page, "title", "Called twice")
        self.fill(page, "description", "Nobody answered.")
        self.fill(page, "name", "Jean Dupont")
        seen = self.tab_to(page, "one.id === 'complaint_consent'")
        self.assertNotIn("complaint_trap", seen)
        page.press(" ")
        self.enter_send(page, "complaint")
        # The address is missing: what was wrong is read first, and leads to its field.
        self.assertEqual(page.run(FOCUS), "complaint_errors")
        page.press("Tab")
        self.assertEqual(
            page.run("document.activeElement.getAttribute('href')"),
            "#complaint_email",
        )
        page.press("Enter")
        page.wait(f"{FOCUS} === 'complaint_email'")
        page.type("jean@example.org")
        self.enter_send(page, "complaint")
        self.assertIn("/complaint/received/", page.run("location.pathname"))
        self.tab_to(page, "one.getAttribute('name') === 'follow'")
        page.run("window.isOld = true")
        page.press("Enter")
        page.wait("!window.isOld && document.readyState === 'complete'")
        self.assertIn("/complaint/follow/", page.run("location.pathname"))
        self.fill(page, "message_text", "It happened again.")
        self.enter_send(page, "complaint_message")
        self.assertIn("note=written", page.run("location.search"))

    def check(self):
        ticket = self.sent("Called twice")
        self.assertEqual(len(ticket), 1)
        self.assertEqual(ticket.partner_email, "jean@example.org")
        self.assertIn("It happened again.", self.comment(ticket))

    def comment(self, ticket):
        comments = ticket.message_ids.filtered(lambda x: x.message_type == "comment")
        self.assertEqual(len(comments), 1)
        return comments.body

    def test_from_the_form_to_a_message_by_keys_alone(self):
        with self.browser_page() as page:
            self.walk(page)
        self.check()

    def test_the_same_without_scripts(self):
        with self.browser_page() as page:
            page.without_scripts()
            self.walk(page)
        self.check()

    def test_nothing_needs_a_script(self):
        """No handler, nothing hidden that only a script would show."""
        _ticket, path = self.new_public_complaint()
        receipt = path.replace("follow", "received")
        for address in (f"/complaint?desk={self.desk}", receipt, path):
            tree = self.page(address)
            [wrap] = tree.xpath("//*[@id='wrap']")
            found = wrap.xpath(
                ".//*[@hidden or contains(@class, 'd-none') and not(contains(@class, "
                "'d-sm-'))] | .//script | .//*[@*[starts-with(name(), 'on')]]"
                " | .//*[starts-with(@href, 'javascript')] | .//*[@data-bs-toggle]"
            )
            self.assertFalse(found, address)

    def test_a_person_complains_is_corrected_follows_and_asks_for_a_new_link(self):
        """The same walk with a mouse, as a visitor takes it."""
        self.start_tour(
            f"/complaint?desk={self.desk}", "complaint_public", login=None, timeout=120
        )
        ticket = self.sent("Fees charged without notice")
        self.assertEqual(ticket.complaint_state, "to_qualify")
        self.assertEqual(ticket.partner_email, "jean.dupont@example.org")
        self.assertIn("again in March", self.comment(ticket))
        events = ticket.complaint_event_ids.mapped("event")
        self.assertIn("link", events)
