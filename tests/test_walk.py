from odoo import fields

from .common import ComplaintCase, freeze_time, tagged


@tagged("post_install", "-at_install")
class TestWalk(ComplaintCase):
    """One complaint from intake to archive, under each regime of the catalogue."""

    def walk(self, regime, dates):
        """Take one complaint through its whole life and check its dates.

        :param dict dates: sent, received, and the due days expected by step
        """
        with freeze_time(f"{dates['received']} 10:00:00"):
            ticket = self.as_user(self.agent, self._new_ticket())
            ticket.complaint_report(
                received_at=f"{dates['received']} 08:00:00", sent_date=dates.get("sent")
            )
            self.assertEqual(ticket.complaint_state, "to_qualify")
            ticket = self.as_user(self.manager, ticket)
            ticket.complaint_qualify(True, "A fee is contested.", regime.ids)
        self.assertEqual(ticket.complaint_state, "in_progress")
        self.assertRegex(ticket.complaint_number, r"^26\.1001\.\d{3}$")
        self.assertEqual(self.due_day(ticket, "acknowledge"), dates["acknowledge"])
        self.assertEqual(self.due_day(ticket, "respond"), dates["respond"])

        ticket = self.as_user(self.handler, ticket)
        with freeze_time(f"{dates['received']} 14:00:00"):
            letter = ticket.complaint_send_letter("acknowledge")
        self.assertEqual(letter.state, "sent")
        self.assertTrue(letter.sudo().attachment_id.raw.startswith(b"%PDF"))
        deadline = ticket._complaint_current_deadlines("acknowledge")
        self.assertEqual(deadline.state, "met")
        self.assertEqual(deadline.letter_id, letter)

        with freeze_time(f"{dates['answered']} 09:00:00"):
            ticket.complaint_decide("rejected", "The fee is in the contract.")
            ticket.complaint_send_letter("rejection")
        self.assertEqual(ticket.complaint_state, "answered")
        self.assertEqual(ticket._complaint_current_deadlines("respond").state, "met")
        self.assertEqual(self.due_day(ticket, "accept"), dates["accept"])

        with freeze_time(f"{dates['contested']} 09:00:00"):
            self.as_user(self.customer, ticket).complaint_contest("I never signed it.")
        self.assertEqual(ticket.complaint_state, "in_progress")
        self.assertEqual(ticket.complaint_cycle, 2)
        frozen = {
            deadline.id: (deadline.state, deadline.due_at, deadline.met_at)
            for deadline in ticket.complaint_deadline_ids
            if deadline.cycle == 1
        }

        with freeze_time(f"{dates['contested']} 15:00:00"):
            ticket.complaint_decide(
                "upheld", "The contract was not signed.", self.cause.id
            )
            ticket.complaint_send_letter("favourable")
        with freeze_time(f"{dates['contested']} 18:00:00"):
            self.as_user(self.customer, ticket).complaint_accept()
        self.assertEqual(ticket.complaint_state, "closed")
        self.assertEqual(ticket.complaint_cause_id, self.cause)
        for deadline in ticket.complaint_deadline_ids:
            if deadline.id in frozen:
                self.assertEqual(
                    frozen[deadline.id],
                    (deadline.state, deadline.due_at, deadline.met_at),
                )

        with freeze_time("2027-12-31 09:00:00"), self.enter_registry_test_mode():
            self.env.ref(
                "helpdesk_complaint.ir_cron_complaint_retention"
            ).method_direct_trigger()
        ticket.invalidate_recordset()
        self.assertEqual(ticket.complaint_state, "archived")
        self.assertFalse(ticket.active)
        self.assertFalse(ticket.sudo().complaint_verify_history())
        self.assertEqual(
            ticket.complaint_event_ids.sorted("sequence").mapped("event"),
            [
                "report",
                "qualify_yes",
                "acknowledge",
                "decide",
                "reply",
                "contest",
                "decide",
                "reply",
                "accept",
                "close",
                "archive",
            ],
        )
        return ticket

    def test_acpr_counts_from_sending(self):
        """10 working days Mon–Sat and 2 months from the day of sending."""
        ticket = self.walk(
            self.acpr,
            {
                "sent": "2026-03-06",
                "received": "2026-03-10",
                "acknowledge": "2026-03-18",
                "respond": "2026-05-06",
                "answered": "2026-04-20",
                "accept": "2026-04-28",
                "contested": "2026-04-24",
            },
        )
        self.assertEqual(
            fields.Date.to_string(ticket.complaint_retention_date), "2031-04-24"
        )

    def test_notice_counts_working_days_from_receipt(self):
        """14 and 30 working days Mon–Fri after receipt."""
        self.walk(
            self.notice,
            {
                "received": "2026-04-20",
                "acknowledge": "2026-05-12",
                "respond": "2026-06-05",
                "answered": "2026-05-20",
                "accept": "2026-05-28",
                "contested": "2026-05-26",
            },
        )

    def test_plan_counts_days_and_months_from_receipt(self):
        """10 days and 2 months after receipt."""
        self.walk(
            self.plan,
            {
                "received": "2026-05-10",
                "acknowledge": "2026-05-20",
                "respond": "2026-07-10",
                "answered": "2026-07-03",
                "accept": "2026-07-13",
                "contested": "2026-07-06",
            },
        )

    def test_care_home_counts_hours_and_days_from_receipt(self):
        """48 elapsed hours, then 10 days, after receipt."""
        self.walk(
            self.essms,
            {
                "received": "2026-06-05",
                "acknowledge": "2026-06-07",
                "respond": "2026-06-15",
                "answered": "2026-06-12",
                "accept": "2026-06-22",
                "contested": "2026-06-15",
            },
        )
