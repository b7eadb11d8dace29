"""Ways in that strangers, customers and colleagues would try around the intake."""

from lxml import html

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests.common import JsonRpcException

from .common import tagged
from .mail_case import MailCase, raw_mail
from .test_follow import FollowCase
from .test_letter_pdf import run
from .test_mail_intake import NOTE
from .test_portal_holes import HoleCase
from .test_visibility import VisibilityCase


@tagged("post_install", "-at_install")
class TestOldLinks(FollowCase):
    """Whose link it is counts, not only whether somebody's mandate holds."""

    def setUp(self):
        super().setUp()
        self.ticket, self.path = self.new_public_complaint(
            title="For my aunt",
            represented="Aunt May",
            represented_email="may@example.org",
        )

    def test_a_former_representative_sees_nothing_by_the_mandate_of_the_next(self):
        [mailed] = [link for link in self.ticket.complaint_link_ids if link.email]
        self.ticket.write(
            {
                "complaint_representative_name": "Maître Roux",
                "complaint_representative_email": "roux@example.org",
            }
        )
        self.ticket.complaint_prove_mandate()
        for link in self.link() | mailed:
            self.assertFalse(link._opens() and link._is_full())
        self.forget()
        self.assertEqual(self.get(self.path).status_code, 303)

    def test_a_copy_tells_nothing_of_the_contact_before_the_mandate_is_seen(self):
        may = self.env["res.partner"].create(
            {
                "name": "May Parker",
                "street": "20 Ingram Street",
                "city": "Queens",
                "email": "private@example.org",
                "phone": "+33 4 76 99 88 77",
            }
        )
        self.ticket.partner_id = may
        self.ticket.partner_email = may.email
        self.ticket.complaint_postal_address = "20 Ingram Street"
        secrets = ("Ingram", "Queens", "private@", "99 88 77")
        self.forget()
        text = self.copy_text()
        self.assertIn("I was charged twice", text)
        for secret in secrets:
            self.assertNotIn(secret, text)
        self.ticket.complaint_prove_mandate()
        self.forget()
        text = self.copy_text()
        for secret in secrets:
            self.assertIn(secret, text)

    def copy_text(self):
        response = self.get(f"{self.path}/copy")
        self.assertEqual(response.status_code, 200)
        return " ".join(run(response.content, "pdftotext", "-layout").split())

    def test_whose_mandate_is_refused_writes_nothing_more(self):
        self.ticket.complaint_refuse_mandate("No mandate at all.")
        self.forget()
        self.post(f"{self.path}/message", message="I was here")
        bodies = str(self.ticket.message_ids.mapped("body"))
        self.assertNotIn("I was here", bodies)


@tagged("post_install", "-at_install")
class TestForgedMessages(HoleCase):
    """What a customer may say with a message of his, by whichever call."""

    def said(self):
        self.env.invalidate_all()
        return self.complaint.message_ids.sorted("id")[-1:]

    def test_a_customer_sends_no_mail_of_ours_and_no_date_of_his(self):
        self.login(self.customer)
        before = self.env["mail.mail"].search([])
        self.rpc(
            "helpdesk.ticket",
            "message_post",
            self.complaint.ids,
            body="Buy here",
            subject="An offer",
            email_from="boss@company.example",
            reply_to="thief@example.com",
            partner_ids=self.stranger.partner_id.ids,
            outgoing_email_to="victim@example.com",
            date="2020-01-01 00:00:00",
            message_type="email_outgoing",
        )
        message = self.said()
        self.assertIn("Buy here", message.body)
        self.assertEqual(message.author_id, self.customer.partner_id)
        self.assertFalse(message.partner_ids)
        self.assertFalse(message.outgoing_email_to)
        self.assertNotIn("thief", message.reply_to)
        self.assertEqual(message.date.date(), fields.Date.today())
        self.assertEqual(message.message_type, "comment")
        mails = self.env["mail.mail"].search([]) - before
        addresses = f"{mails.mapped('email_to')} {mails.recipient_ids.mapped('email')}"
        self.assertNotIn("victim", addresses)
        self.assertNotIn("stranger", addresses)

    def test_a_customer_notifies_nobody(self):
        self.login(self.customer)
        before = self.env["mail.mail"].search([])
        with self.assertRaises(JsonRpcException):
            self.rpc(
                "helpdesk.ticket",
                "message_notify",
                self.complaint.ids,
                body="Buy here",
                subject="An offer",
                partner_ids=self.stranger.partner_id.ids,
            )
        self.assertFalse(self.env["mail.mail"].search([]) - before)

    def test_what_a_customer_posts_by_the_chatter_is_heard(self):
        self.login(self.customer)
        for data in ({}, {"message_type": "notification", "subtype_xmlid": "x.y"}):
            data["body"] = f"Hear me {len(data)}"
            self.thread("/mail/message/post", self.complaint, post_data=data)
            message = self.said()
            self.assertIn(data["body"], message.body)
            self.assertEqual(message.complaint_heard_id, self.complaint)
            self.assertFalse(message._is_internal_to_company())
            self.assertEqual(message.message_type, "comment")


@tagged("post_install", "-at_install")
class TestWordsOnThePage(FollowCase):
    """What came by e-mail stands on the complainant's page, in its place."""

    def test_it_covers_nothing_and_loads_nothing_from_elsewhere(self):
        self.ticket.description = """
            <div class="position-fixed vw-100 vh-100">Call 555</div>
            <video src="https://e.example/v"></video>"""
        self.forget()
        response = self.get(self.path)
        policy = response.headers["Content-Security-Policy"]
        self.assertIn("img-src 'self' data:", policy)
        self.assertIn("media-src 'self'", policy)
        tree = html.fromstring(response.content)
        [covering] = tree.xpath("//div[contains(text(), 'Call 555')]")
        places = covering.xpath("ancestor::*[contains(@class, 'o_complaint_words')]")
        self.assertTrue(places)


@tagged("post_install", "-at_install")
class TestMailFlood(FollowCase):
    def test_a_recourse_goes_to_one_address_and_is_counted_for_it(self):
        complaint = self._new_qualified()
        self.limit("receipt", 1)
        self.login(self.customer)
        for email in (
            "a.victim@example.com",
            "A.Victim@example.com",
            "X <a.victim@EXAMPLE.com>",
            "a.victim+1@example.com",
            "a.victim@example.com, other.victim@example.com",
        ):
            self.customer.partner_id.email = email
            self.forget()
            self.post(f"/my/complaints/{complaint.id}/recourse")
        mails = self.mails(complaint).filtered(lambda x: "victim" in (x.email_to or ""))
        self.assertEqual(mails.mapped("email_to"), ["a.victim@example.com"])

    def test_a_tag_makes_no_other_mailbox(self):
        throttle = self.env["complaint.throttle"]
        self.limit("receipt", 1)
        self.assertTrue(throttle._allow("receipt", "victim@example.com"))
        self.assertFalse(throttle._allow("receipt", "victim+1@example.com"))
        self.assertTrue(throttle._allow("receipt", "other@example.com"))


@tagged("post_install", "-at_install")
class TestForgedMail(MailCase):
    def test_a_colleague_hands_no_step_field_to_the_gateway(self):
        plain = self.env["helpdesk.ticket.team"].create(
            {"name": "Questions", "company_id": self.company.id}
        )
        for team in self.team | plain:
            with self.subTest(team.name), self.assertRaisesRegex(UserError, "steps"):
                self.feed(
                    raw_mail(To="box@provider.example"),
                    user=self.agent,
                    model="helpdesk.ticket",
                    custom_values={
                        "team_id": team.id,
                        "complaint_answered_at": "2026-11-01 10:00:00",
                    },
                )
        # As a mailbox that is fetched names its desk.
        self.take(
            raw_mail(To="box@provider.example"),
            user=self.agent,
            model="helpdesk.ticket",
            custom_values={"team_id": self.team.id},
        )

    def test_a_colleague_names_no_line_of_the_journal_to_fill(self):
        line = self.env["complaint.intake"]._note("email", "waiting", [])
        thread = self.env["mail.thread"].with_user(self.agent)
        thread = thread.with_context(complaint_mail_again=line.id)
        thread.message_process(False, raw_mail())
        self.assertEqual(line.outcome, "waiting")

    def test_a_colleague_writes_into_no_file_by_its_number(self):
        complaint = self._new_qualified()
        complaint.sudo().complaint_is_confidential = True
        with self.assertRaises(AccessError):
            self.feed(
                raw_mail(
                    "Forged words", From=self.customer.email, To="nobody@x.example"
                ),
                user=self.agent,
                model="helpdesk.ticket",
                thread_id=complaint.id,
            )
        self.assertNotIn("Forged", str(complaint.message_ids.mapped("body")))

    def test_an_account_that_types_an_address_gets_nothing_that_is_forwarded(self):
        partner = self.stranger.partner_id.with_user(self.stranger)
        partner.sudo().email = "zoe.foret@example.org"  # as the page of accounts does
        ticket = self.take(raw_mail(NOTE, From=self.agent.email))
        self.assertEqual(ticket.partner_email, "zoe.foret@example.org")
        self.assertFalse(ticket.partner_id)
        self.assertFalse(ticket.with_user(self.stranger).has_access("read"))

    def test_nor_what_a_colleague_reports_from_elsewhere(self):
        partner = self.stranger.partner_id.with_user(self.stranger)
        partner.sudo().email = "zoe.foret@example.org"
        record = self.env["res.partner"].create({"name": "A record"})
        message = record.message_post(
            body="I was charged twice.",
            message_type="email",
            subtype_xmlid="mail.mt_comment",
            email_from="Zoé <zoe.foret@example.org>",
            author_id=self.stranger.partner_id.id,
        )
        values = message.with_user(self.agent)._complaint_entry_values()
        self.assertFalse(values["partner_id"])
        self.assertEqual(values["partner_email"], "zoe.foret@example.org")

    def linked(self, ticket, raw):
        """The complaint that follows, and the e-mail of its receipt."""
        follower = self.take(raw, "linked", at="2027-03-01 10:00:00")
        mail = self.env["mail.mail"].search(
            [("model", "=", follower._name), ("res_id", "=", follower.id)]
        )
        return follower, mail

    def represented(self, **vals):
        ticket = self.answered()
        ticket.write(
            {
                "complaint_representative_name": "Maître Roux",
                "complaint_representative_email": "roux@example.org",
                **vals,
            }
        )
        return ticket

    def test_what_the_complainant_writes_again_goes_to_no_representative(self):
        for refuse in (False, True):
            ticket = self.represented()
            if refuse:
                ticket.complaint_refuse_mandate("He has none.")
            with self.subTest(ticket.complaint_mandate_state):
                follower, mail = self.linked(ticket, self.answer(ticket))
                self.assertFalse(follower.complaint_representative_email)
                self.assertEqual(mail.mapped("email_to"), [ticket.partner_email])

    def test_a_receipt_without_mandate_names_no_contact(self):
        self.customer.partner_id.write(
            {"street": "20 Ingram Street", "phone": "+33 4 76 99 88 77"}
        )
        ticket = self.represented()
        raw = self.answer(ticket, From="Roux <roux@example.org>")
        follower, mail = self.linked(ticket, raw)
        self.assertEqual(follower.complaint_representative_email, "roux@example.org")
        self.assertEqual(mail.mapped("email_to"), ["roux@example.org"])
        text = run(mail.attachment_ids.raw, "pdftotext", "-layout")
        self.assertIn("I do not agree.", text)
        for secret in ("Ingram", "99 88 77", self.customer.email):
            self.assertNotIn(secret, text)

    def test_who_writes_for_somebody_does_not_become_the_complainant(self):
        lawyer = self.env["res.partner"].create(
            {"name": "Maître Roux", "email": "roux@example.org"}
        )
        ticket = self.answered()
        ticket.write(
            {
                "partner_id": False,
                "partner_email": False,
                "complaint_representative_id": lawyer.id,
            }
        )
        raw = self.answer(ticket, From="Roux <roux@example.org>")
        follower = self.take(raw, "linked", at="2027-03-01 10:00:00")
        self.assertEqual(follower.complaint_representative_id, lawyer)
        self.assertEqual(follower.complaint_mandate_state, "claimed")
        self.assertFalse(follower.partner_id)
        self.assertNotEqual(follower.partner_email, lawyer.email)
        self.assertFalse(follower._complaint_may_follow(lawyer))


@tagged("post_install", "-at_install")
class TestReaders(VisibilityCase):
    def test_a_reader_of_the_company_makes_himself_no_follower(self):
        self.tell(self.open(self.colleague))
        self.env.invalidate_all()
        ticket = self.as_user(self.colleague, self.ticket)
        self.assertTrue(ticket.has_access("read"))
        with self.assertRaises(AccessError):
            ticket.message_subscribe(self.colleague.partner_id.ids)
        self.assertNotIn(self.colleague.partner_id, self.ticket.message_partner_ids)
        # Who may write to it may follow it, and everybody may stop.
        own = self.as_user(self.customer, self.ticket)
        own.message_unsubscribe(self.customer.partner_id.ids)
        own.message_subscribe(self.customer.partner_id.ids)
        self.assertIn(self.customer.partner_id, self.ticket.message_partner_ids)

    def test_who_represents_is_named_in_the_history_by_no_word(self):
        self.ticket.write(
            {
                "complaint_representative_name": "Ottokar Unnamed",
                "complaint_representative_email": "ottokar@example.org",
            }
        )
        payloads = str(self.ticket.complaint_event_ids.mapped("payload"))
        self.assertNotIn("Ottokar", payloads)
        self.assertNotIn("ottokar", payloads)
