"""What becomes of a form of a complaint that cannot be taken as it is."""

from lxml import html

from ..controllers.complaint_form import ORDER, read_address
from .common import tagged
from .test_follow import FollowCase
from .test_public import PAGE, PublicCase


@tagged("post_install", "-at_install")
class TestRefusedForm(PublicCase):
    def tree(self, response):
        return html.fromstring(response.content)

    def test_the_summary_leads_to_each_field_in_the_order_of_the_page(self):
        response = self.send(
            title="",
            consent="",
            email="x",
            date="x",
            reply_by="x",
            represented_email="y",
        )
        tree = self.tree(response)
        links = tree.xpath("//*[@id='complaint_errors']//a/@href")
        self.assertEqual(len(links), 7)
        places = [tree.xpath(f"//form//*[@id='{link[1:]}']") for link in links]
        self.assertTrue(all(len(place) == 1 for place in places), links)
        entries = tree.xpath("//form//*[self::input or self::textarea]")
        positions = [entries.index(place[0]) for place in places]
        self.assertEqual(positions, sorted(positions))

    def test_every_field_has_its_place_in_the_summary(self):
        tree = self.page(f"{PAGE}?desk={self.desk}")
        self.env["helpdesk.ticket.category"].create(
            {"name": "Fees", "show_in_portal": True}
        )
        names = tree.xpath("//form[@name='complaint']//*[@name]/@name")
        asked = {x for x in names if x not in ("csrf_token", "form_key", "desk")}
        self.assertLessEqual(asked - {"fax_confirmation"}, set(ORDER))

    def test_a_desk_that_closed_meanwhile_is_chosen_anew(self):
        self.team.show_in_portal = False
        other = self.env["helpdesk.ticket.team"].create(
            {
                "name": "New desk",
                "company_id": self.company.id,
                "complaint_intake": True,
                "show_in_portal": True,
                "complaint_regime_ids": [(6, 0, self.acpr.ids)],
            }
        )
        tree = self.tree(self.send(desk=str(self.team.id)))
        self.assertFalse(self.sent())
        self.assertEqual(
            tree.xpath("//textarea[@name='description']")[0].text,
            "I was charged twice.\nSee the statement.",
        )
        self.assertIn(str(other.id), tree.xpath("//select[@name='desk']/option/@value"))
        self.assertTrue(tree.xpath("//*[@id='error_desk']"))
        # What one agrees to is that desk's, so it is asked again, and not before.
        self.assertFalse(tree.xpath("//input[@name='consent']"))
        self.assertEqual(self.send(desk=str(other.id)).status_code, 303)
        found = self.env["helpdesk.ticket"].search([("team_id", "=", other.id)])
        self.assertEqual(found.name, "Charged twice")

    def test_where_there_is_no_desk_any_more_the_text_is_there_to_copy(self):
        self.env["helpdesk.ticket.team"].search([]).complaint_intake = False
        tree = self.tree(self.send(request="Pay me back."))
        [text] = tree.xpath("//textarea[@id='complaint_typed']")
        for words in ("Charged twice", "See the statement.", "Pay me back."):
            self.assertIn(words, text.text)
        self.assertFalse(self.page(PAGE).xpath("//textarea"))

    def test_a_name_before_the_address_does_not_pass_the_limit(self):
        self.limit("mail", 1)
        self.assertEqual(self.send(title="A").status_code, 303)
        for email in ("JEAN.dupont@example.org", "Other <jean.dupont@example.org>"):
            response = self.send(title="B", email=email)
            self.assertEqual(response.status_code, 429, email)

    def test_an_address_is_read_or_refused(self):
        for text, expected in (
            ("a@b.example", "a@b.example"),
            ("A.B+c@Sub.Example.org", "a.b+c@sub.example.org"),
            ("Zoé L'Hôte <zoe@b.example>", "zoe@b.example"),
            ("a@b", None),
            ("@b.example", None),
            ("a@@b.example", None),
            ("a@b..example", None),
            ("a@-b.example", None),
            ("a@[127.0.0.1]", None),
            ("a@b.example, c@d.example", None),
            ("a@b.example\nBcc: c@d.example", None),
            ("<a@b.example> x", None),
            ("x" * 65 + "@b.example", None),
            ("jörg@b.example", None),
            ("", None),
        ):
            self.assertEqual(read_address(text), expected, text)


@tagged("post_install", "-at_install")
class TestOddRequests(FollowCase):
    """Requests that no browser makes take no step, and break nothing."""

    def test_to_ask_what_is_possible_does_nothing(self):
        self.answer()
        for step in ("accept", "contest", "message", "recourse", "rate"):
            response = self.url_open(f"{self.path}/{step}", method="OPTIONS")
            self.assertEqual(response.status_code, 204)
            self.assertEqual(response.headers["Allow"], "POST, OPTIONS")
            self.assertFalse(response.content)
        self.forget()
        self.assertEqual(self.ticket.complaint_state, "answered")
        self.assertNotIn("accept", self.ticket.complaint_event_ids.mapped("event"))

    def test_a_field_named_self_is_ignored(self):
        self.page(f"{PAGE}?self=1")
        self.page(f"{self.path}?self=1")

    def test_a_token_that_is_no_text_is_none(self):
        for token in ("é" * 40 + "o9999999999", ""):
            response = self.url_open(
                f"{self.path}/message",
                data={"csrf_token": token, "message": "x"},
                allow_redirects=False,
            )
            self.assertEqual(response.status_code, 400)
        file = [("csrf_token", ("a.txt", b"x", "text/plain"))]
        response = self.url_open(f"{self.path}/message", files=file)
        self.assertEqual(response.status_code, 400)

    def test_a_zero_byte_in_an_address_leads_nowhere(self):
        for path in (f"{self.path}/file/%00", f"{self.path}%00/copy", "/%00"):
            self.assertEqual(self.get(path).status_code, 404, path)
