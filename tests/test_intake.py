import base64
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form

from .common import ComplaintCase, freeze_time, tagged

MAIL = """\
Return-Path: <{sender}>
To: {to}
Cc: {cc}
From: {name} <{sender}>
Subject: {subject}
Message-Id: {msgid}
Date: {date}
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="frontier"

--frontier
Content-Type: text/plain; charset=utf-8

{body}
{files}
--frontier--
"""

FILE = """
--frontier
Content-Type: text/plain; name="proof-{index}.txt"
Content-Disposition: attachment; filename="proof-{index}.txt"
Content-Transfer-Encoding: base64

{content}
"""


@tagged("post_install", "-at_install")
class TestIntake(ComplaintCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.domain = cls.env["mail.alias.domain"].create(
            {"name": "desk.example", "company_ids": [(6, 0, cls.company.ids)]}
        )
        cls.company.alias_domain_id = cls.domain
        cls.team.write(
            {
                "alias_name": "reclamations",
                "alias_domain_id": cls.domain.id,
                "complaint_regime_ids": [(6, 0, cls.notice.ids)],
            }
        )

    def receive(self, **kwargs):
        """Feed one e-mail to the gateway and return the tickets it created."""
        values = {
            "to": "reclamations@desk.example",
            "cc": "",
            "name": "Ada Neuve",
            "sender": "ada.neuve@example.org",
            "subject": "Unacceptable delay",
            "msgid": "<first@example.org>",
            "date": "Fri, 06 Nov 2026 09:15:00 +0100",
            "body": "My parcel never came.",
            "files": "",
            **kwargs,
        }
        before = self.Ticket.search([])
        with freeze_time("2026-11-09 10:00:00"):
            self.env["mail.thread"].message_process(
                "helpdesk.ticket", MAIL.format(**values)
            )
        return self.Ticket.search([]) - before

    # ------------------------------------------------------------------
    # E-mail
    # ------------------------------------------------------------------

    def test_email_from_a_stranger_is_a_complaint_with_its_three_dates(self):
        ticket = self.receive()
        self.assertEqual(len(ticket), 1)
        self.assertEqual(ticket.complaint_state, "to_qualify")
        self.assertEqual(ticket.partner_name, "Ada Neuve")
        self.assertEqual(ticket.partner_email, "ada.neuve@example.org")
        self.assertEqual(str(ticket.complaint_sent_date), "2026-11-06")
        self.assertEqual(str(ticket.complaint_received_at), "2026-11-09 10:00:00")
        self.assertFalse(ticket.complaint_registered_at)
        self.assertEqual(ticket.complaint_medium, "written")
        self.assertEqual(
            ticket.channel_id,
            self.env.ref("helpdesk_mgmt.helpdesk_ticket_channel_email"),
        )

    def test_email_starts_the_clock_before_anybody_qualifies(self):
        ticket = self.receive()
        self.assertEqual(ticket.complaint_regime_ids, self.notice | self.window)
        self.assertTrue(ticket.complaint_next_due_at)
        self.assertEqual(ticket.complaint_next_step, "acknowledge")

    def test_email_without_body_is_kept(self):
        ticket = self.receive(body="")
        self.assertEqual(len(ticket), 1)
        self.assertIn("without text", ticket.description)

    def test_email_with_thirty_files_is_one_ticket_with_thirty_files(self):
        content = base64.b64encode(b"proof").decode()
        files = "".join(
            FILE.format(index=index, content=content) for index in range(30)
        )
        ticket = self.receive(files=files)
        self.assertEqual(len(ticket), 1)
        received = ticket.message_ids.filtered(lambda x: x.message_type == "email")
        self.assertEqual(len(received.attachment_ids), 30)

    def test_email_delivered_twice_is_one_ticket(self):
        first = self.receive()
        second = self.receive()
        self.assertEqual((len(first), len(second)), (1, 0))

    def test_email_with_a_date_in_the_future_counts_as_sent_today(self):
        ticket = self.receive(date="Fri, 06 Nov 2099 09:15:00 +0100")
        self.assertEqual(str(ticket.complaint_sent_date), "2026-11-09")

    def test_email_with_a_date_nobody_can_read_is_kept(self):
        ticket = self.receive(date="the day before yesterday")
        self.assertEqual(len(ticket), 1)
        self.assertEqual(ticket.complaint_state, "to_qualify")

    def test_other_recipients_do_not_follow_the_complaint(self):
        ticket = self.receive(cc=self.stranger.email)
        self.assertNotIn(self.stranger.partner_id, ticket.message_partner_ids)
        self.assertFalse(
            self.as_user(self.stranger, self.Ticket).search([("id", "=", ticket.id)])
        )

    def test_email_to_an_ordinary_team_stays_an_ordinary_ticket(self):
        self.team.complaint_intake = False
        ticket = self.receive()
        self.assertEqual(len(ticket), 1)
        self.assertFalse(ticket.complaint_state)

    def test_answer_to_a_complaint_is_added_to_it(self):
        ticket = self.receive()
        reference = ticket.message_ids.filtered("message_id")[-1:].message_id
        again = self.receive(
            msgid="<second@example.org>",
            subject=f"Re: x\nIn-Reply-To: {reference}",
            cc=self.stranger.email,
        )
        self.assertFalse(again)
        self.assertNotIn(self.stranger.partner_id, ticket.message_partner_ids)

    # ------------------------------------------------------------------
    # By hand
    # ------------------------------------------------------------------

    def test_form_creates_a_complaint_by_hand(self):
        model = self.Ticket.with_user(self.handler).with_context(
            default_complaint_state="to_qualify", allowed_company_ids=self.company.ids
        )
        with Form(model) as form:
            form.name = "Call of this morning"
            form.description = "<p>He was told two different prices.</p>"
            form.team_id = self.team
            form.channel_id = self.env.ref(
                "helpdesk_mgmt.helpdesk_ticket_channel_phone"
            )
            form.complaint_medium = "oral"
        ticket = form.record
        self.assertEqual(ticket.complaint_state, "to_qualify")
        self.assertEqual(ticket.complaint_medium, "oral")
        self.assertEqual(ticket.complaint_event_ids.event, "report")
        self.assertEqual(ticket.complaint_event_ids.user_id, self.handler)

    def test_any_helpdesk_user_reports_a_ticket(self):
        ticket = self.as_user(self.agent, self._new_ticket())
        ticket.complaint_report()
        self.assertEqual(ticket.complaint_state, "to_qualify")
        self.assertEqual(
            ticket.complaint_received_at, ticket.create_date.replace(microsecond=0)
        )

    def test_a_report_three_days_later_has_lost_three_days(self):
        ticket = self._new_ticket(
            team_id=self.team.copy(
                {"complaint_regime_ids": [(6, 0, self.plan.ids)], "alias_name": False}
            ).id
        )
        received = fields.Datetime.now() - timedelta(days=3)
        ticket.complaint_report(received_at=received)
        deadline = ticket._complaint_current_deadlines("acknowledge")
        self.assertEqual(deadline.start_at, received.replace(microsecond=0))

    def test_telephone_tickets_are_oral_by_default(self):
        phone = self.env.ref("helpdesk_mgmt.helpdesk_ticket_channel_phone")
        ticket = self._new_ticket(channel_id=phone.id)
        ticket.complaint_report()
        self.assertEqual(ticket.complaint_medium, "oral")

    def test_a_hundred_tickets_are_reported_in_one_call(self):
        tickets = self.Ticket.browse(self._new_ticket().id for _index in range(100))
        tickets.complaint_report()
        self.assertEqual(set(tickets.mapped("complaint_state")), {"to_qualify"})
        self.assertEqual(len(tickets.complaint_event_ids), 100)

    # ------------------------------------------------------------------
    # Refusals
    # ------------------------------------------------------------------

    def test_received_in_the_future_is_refused(self):
        ticket = self._new_ticket()
        with self.assertRaisesRegex(ValidationError, "future"):
            ticket.complaint_report(
                received_at=fields.Datetime.now() + timedelta(hours=1)
            )

    def test_sent_after_received_is_refused(self):
        ticket = self._new_ticket()
        with self.assertRaisesRegex(ValidationError, "after it was received"):
            ticket.complaint_report(
                received_at="2026-10-09 08:00:00", sent_date="2026-10-10"
            )

    def test_received_date_cannot_be_emptied(self):
        ticket = self._new_complaint()
        with self.assertRaisesRegex(ValidationError, "date it was received"):
            ticket.complaint_received_at = False

    def test_reporting_twice_is_refused(self):
        ticket = self._new_complaint()
        with self.assertRaisesRegex(UserError, "To qualify"):
            ticket.complaint_report()

    def test_dates_are_read_in_odoos_format_and_in_iso_8601(self):
        for given in ("2026-10-09 08:00:00", "2026-10-09T10:00:00+02:00"):
            ticket = self._new_ticket()
            ticket.complaint_report(received_at=given, sent_date="2026-10-08")
            self.assertEqual(str(ticket.complaint_received_at), "2026-10-09 08:00:00")

    def test_what_is_no_date_is_refused(self):
        for given in ("tomorrow", "2026-13-45", 12):
            with self.subTest(given), self.assertRaisesRegex(UserError, "is no date"):
                self._new_ticket().complaint_report(received_at=given)

    def test_unknown_medium_is_refused(self):
        with self.assertRaisesRegex(UserError, "telepathic"):
            self._new_ticket().complaint_report(medium="telepathic")

    def test_a_complaint_is_not_created_in_a_later_state(self):
        with self.assertRaisesRegex(UserError, "starts in the state"):
            self._new_ticket(complaint_state="closed")

    def test_customers_do_not_report_by_the_method(self):
        ticket = self._new_ticket()
        with self.assertRaises(AccessError):
            self.as_user(self.customer, ticket).complaint_report()
        self.assertFalse(ticket.complaint_state)

    def test_step_fields_are_closed_to_everybody(self):
        ticket = self._new_complaint()
        for user in (self.handler, self.manager, self.officer):
            with self.assertRaisesRegex(UserError, "written by the steps"):
                self.as_user(user, ticket).complaint_state = "closed"
            with self.assertRaisesRegex(UserError, "written by the steps"):
                self.as_user(user, ticket).complaint_number = "26.1001.999"
            with self.assertRaisesRegex(UserError, "written by the steps"):
                self.as_user(user, ticket).with_context(complaint_in_step=True).write(
                    {"complaint_registered_at": "2026-01-01"}
                )

    def test_a_context_default_does_not_set_step_fields(self):
        ticket = self.Ticket.with_user(self.handler).with_context(
            default_complaint_number="26.1001.999", default_complaint_cycle=4
        )
        ticket = ticket.create({"name": "x", "description": "x"})
        self.assertFalse(ticket.complaint_number)
        self.assertEqual(ticket.complaint_cycle, 1)

    def test_a_complaint_is_never_deleted(self):
        ticket = self._new_complaint()
        with self.assertRaisesRegex(UserError, "cannot be deleted"):
            ticket.unlink()

    def test_a_stage_does_not_close_an_open_complaint(self):
        ticket = self._new_complaint()
        done = self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done")
        with self.assertRaisesRegex(UserError, "a stage does not close it"):
            self.as_user(self.handler, ticket).stage_id = done

    def test_intake_dates_of_a_closed_file_do_not_change(self):
        ticket = self._new_qualified()
        ticket.complaint_decide("withdrawn", "He called it off.")
        ticket.complaint_close("Withdrawn by telephone.")
        with self.assertRaisesRegex(UserError, "can no longer change"):
            self.as_user(self.handler, ticket).complaint_sent_date = "2026-10-01"

    def test_a_corrected_date_moves_deadlines_and_is_in_the_history(self):
        ticket = self._new_qualified(self.plan)
        before = self.due_day(ticket, "respond")
        self.as_user(self.handler, ticket).complaint_received_at = "2026-10-05 08:00"
        self.assertNotEqual(self.due_day(ticket, "respond"), before)
        self.assertEqual(self.due_day(ticket, "respond"), "2026-12-05")
        self.assertEqual(
            ticket.complaint_event_ids.sorted("sequence").mapped("event")[-2:],
            ["change", "deadlines"],
        )
        self.assertFalse(ticket.complaint_verify_history())
