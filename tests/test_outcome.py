from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError

from .common import ComplaintCase, freeze_time, tagged


@tagged("post_install", "-at_install")
class TestOutcome(ComplaintCase):
    def answered(self, outcome="upheld", code="favourable", cause=True, **vals):
        ticket = self.as_user(self.handler, self._new_qualified(**vals))
        ticket.complaint_decide(outcome, "Reasons.", self.cause.id if cause else None)
        ticket.complaint_send_letter(code)
        return ticket

    def run_cron(self, name, moment):
        with freeze_time(moment), self.enter_registry_test_mode():
            self.env.ref(
                f"helpdesk_complaint.ir_cron_complaint_{name}"
            ).method_direct_trigger()

    # ------------------------------------------------------------------
    # Decision and redress
    # ------------------------------------------------------------------

    def test_a_decision_replaces_the_one_before_and_both_stay(self):
        ticket = self.as_user(self.handler, self._new_qualified())
        ticket.complaint_decide("rejected", "First view.")
        ticket.complaint_decide("upheld", "On reflection.", self.cause.id)
        self.assertEqual(len(ticket.complaint_decision_ids), 2)
        self.assertEqual(ticket.complaint_outcome, "upheld")
        self.assertTrue(ticket.complaint_is_justified)
        self.assertEqual(ticket.complaint_cause_id, self.cause)

    def test_a_decision_without_reasons_or_outcome_is_refused(self):
        ticket = self._new_qualified()
        with self.assertRaisesRegex(UserError, "needs its reasons"):
            ticket.complaint_decide("rejected", " ")
        with self.assertRaisesRegex(UserError, "is no outcome"):
            ticket.complaint_decide("maybe", "x")
        with self.assertRaisesRegex(UserError, "does not exist"):
            ticket.complaint_decide("upheld", "x", 987654321)

    def test_the_reply_freezes_the_decision(self):
        ticket = self.answered()
        with self.assertRaisesRegex(UserError, "not possible now"):
            ticket.complaint_decide("rejected", "x")
        decision = ticket.complaint_decision_ids
        self.assertEqual(decision.letter_id.code, "favourable")
        with self.assertRaises(AccessError):
            decision.reasons = "other"

    def test_redress_is_in_the_letter_and_then_frozen(self):
        ticket = self.as_user(self.handler, self._new_qualified())
        ticket.write(
            {
                "complaint_redress_ids": [
                    (0, 0, {"kind": "refund", "amount": 45, "name": "Fee of March"})
                ]
            }
        )
        ticket.complaint_decide("upheld", "Reasons.", self.cause.id)
        letter = ticket.complaint_send_letter("favourable")
        self.assertIn("Refund", letter.body)
        self.assertIn("45.00", letter.body)
        with self.assertRaisesRegex(UserError, "while the complaint is in progress"):
            ticket.complaint_redress_ids.amount = 46
        with self.assertRaisesRegex(UserError, "while the complaint is in progress"):
            ticket.complaint_redress_ids.unlink()
        self.assertEqual(ticket.complaint_redress_ids.state, "granted")
        ticket.complaint_redress_ids.action_pay()
        self.assertEqual(ticket.complaint_redress_ids.state, "paid")

    def test_a_negative_redress_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "neither negative"):
            self.env["complaint.redress"].create(
                {"ticket_id": self._new_qualified().id, "amount": -1}
            )

    # ------------------------------------------------------------------
    # Reaction
    # ------------------------------------------------------------------

    def test_the_complainant_accepts_and_the_file_is_closed(self):
        ticket = self.answered()
        self.as_user(self.customer, ticket).complaint_accept()
        self.assertEqual(ticket.complaint_state, "closed")
        self.assertTrue(ticket.complaint_closed_at)
        event = ticket.complaint_event_ids.filtered(lambda x: x.event == "accept")
        self.assertEqual(event.user_id, self.customer)

    def test_nobody_else_accepts_or_contests(self):
        ticket = self.answered()
        for user in (self.stranger, self.auditor, self.agent):
            with self.assertRaises(AccessError):
                self.as_user(user, ticket).complaint_accept()
            with self.assertRaises(AccessError):
                self.as_user(user, ticket).complaint_contest("x")
        self.assertEqual(ticket.complaint_state, "answered")

    def test_a_colleague_of_the_complainant_does_not_answer_for_him(self):
        firm = self.env["res.partner"].create({"name": "Firm", "is_company": True})
        (self.customer | self.stranger).partner_id.parent_id = firm
        ticket = self.answered()
        with self.assertRaises(AccessError):
            self.as_user(self.stranger, ticket).complaint_accept()

    def test_accepting_before_an_answer_is_refused(self):
        ticket = self._new_qualified()
        with self.assertRaisesRegex(UserError, "not possible now"):
            self.as_user(self.customer, ticket).complaint_accept()

    def test_contesting_needs_a_reason_and_starts_a_new_cycle(self):
        ticket = self.answered()
        with self.assertRaisesRegex(UserError, "needs its reason"):
            self.as_user(self.customer, ticket).complaint_contest(" ")
        self.as_user(self.customer, ticket).complaint_contest("Not enough.")
        self.assertEqual(ticket.complaint_cycle, 2)
        kind = self.env.ref("helpdesk_complaint.mail_activity_contested")
        told = ticket.activity_ids.filtered(lambda x: x.activity_type_id == kind)
        self.assertEqual(told.user_id, self.handler)
        self.assertEqual(ticket.complaint_state, "in_progress")
        self.assertFalse(ticket._complaint_decision())
        self.assertEqual(
            set(ticket._complaint_current_deadlines().mapped("step")),
            {"acknowledge", "respond", "refer"},
        )

    # ------------------------------------------------------------------
    # Closing
    # ------------------------------------------------------------------

    def test_silence_closes_after_the_window_and_not_before(self):
        with freeze_time("2026-07-06 09:00:00"):
            ticket = self.answered("rejected", "rejection", received="2026-06-30 08:00")
        self.assertEqual(self.due_day(ticket, "accept"), "2026-07-15")
        self.run_cron("acceptance", "2026-07-15 21:30:00")
        self.assertEqual(ticket.complaint_state, "answered")
        self.run_cron("acceptance", "2026-07-15 22:30:00")
        self.assertEqual(ticket.complaint_state, "closed")
        events = len(ticket.complaint_event_ids)
        self.run_cron("acceptance", "2026-07-15 23:30:00")
        self.assertEqual(len(ticket.complaint_event_ids), events)

    def test_an_admitted_fault_waits_for_its_cause(self):
        with freeze_time("2026-07-06 09:00:00"):
            ticket = self.answered(cause=False, received="2026-06-30 08:00")
        for moment in ("2026-07-20 09:00:00", "2026-07-21 09:00:00"):
            self.run_cron("acceptance", moment)
        self.assertEqual(ticket.complaint_state, "answered")
        kind = self.env.ref("helpdesk_complaint.mail_activity_cause")
        asked = ticket.activity_ids.filtered(lambda x: x.activity_type_id == kind)
        self.assertEqual((len(asked), asked.user_id), (1, self.handler))
        with self.assertRaisesRegex(UserError, "cause is not given"):
            ticket.complaint_close("x")
        ticket.complaint_cause_id = self.cause
        ticket.complaint_close("The cause is known now.")
        self.assertEqual(ticket.complaint_state, "closed")

    def test_closing_by_hand_waits_for_the_window(self):
        ticket = self.answered()
        with self.assertRaisesRegex(UserError, "may still react"):
            ticket.complaint_close("x")

    def test_closing_without_reply_is_refused(self):
        ticket = self._new_qualified()
        ticket.complaint_decide("rejected", "x")
        with self.assertRaisesRegex(UserError, "final reply has not been sent"):
            ticket.complaint_close("x")

    def test_a_withdrawn_complaint_needs_no_reply(self):
        ticket = self._new_qualified()
        ticket.complaint_decide("withdrawn", "He called it off.")
        ticket.complaint_close("Withdrawn.")
        self.assertEqual(ticket.complaint_state, "closed")
        self.assertEqual(
            ticket.complaint_deadline_ids.filtered(lambda x: x.state == "running"),
            self.env["complaint.deadline"],
        )

    def test_reopening_starts_a_cycle_and_keeps_the_old_one(self):
        ticket = self.answered()
        self.as_user(self.customer, ticket).complaint_accept()
        old = ticket.complaint_deadline_ids
        before = old.mapped(lambda x: (x.id, x.state, x.due_at, x.met_at))
        ticket.complaint_reopen("New facts.")
        self.assertEqual(ticket.complaint_state, "in_progress")
        self.assertFalse(ticket.complaint_closed_at)
        self.assertFalse(ticket.complaint_retention_date)
        self.assertEqual(
            before, old.mapped(lambda x: (x.id, x.state, x.due_at, x.met_at))
        )
        self.as_user(self.handler, ticket).complaint_sent_date = "2026-10-01"
        self.assertEqual(
            before, old.mapped(lambda x: (x.id, x.state, x.due_at, x.met_at))
        )

    # ------------------------------------------------------------------
    # Archiving, holds, referrals
    # ------------------------------------------------------------------

    def closed(self):
        with freeze_time("2026-07-06 09:00:00"):
            ticket = self.answered(received="2026-06-30 08:00")
            self.as_user(self.customer, ticket).complaint_accept()
        return ticket

    def test_archiving_waits_for_the_regimes_delay(self):
        ticket = self.closed()
        self.assertEqual(str(ticket.complaint_archive_date), "2026-09-06")
        self.assertEqual(str(ticket.complaint_retention_date), "2031-07-06")
        self.run_cron("retention", "2026-09-06 09:00:00")
        self.assertEqual(ticket.complaint_state, "closed")
        self.run_cron("retention", "2026-09-07 09:00:00")
        self.assertEqual(ticket.complaint_state, "archived")
        self.assertFalse(ticket.active)
        self.run_cron("retention", "2026-09-08 09:00:00")
        self.assertEqual(ticket.complaint_event_ids.mapped("event").count("archive"), 1)

    def test_a_hold_keeps_the_file_until_it_is_lifted(self):
        ticket = self.closed()
        hold = self.env["complaint.hold"].with_user(self.officer)
        hold = hold.create({"ticket_id": ticket.id, "reason": "Court case"})
        self.run_cron("retention", "2026-12-01 09:00:00")
        self.assertEqual(ticket.complaint_state, "closed")
        with self.assertRaisesRegex(UserError, "not edited"):
            hold.reason = "x"
        with self.assertRaises(UserError):
            hold.sudo().unlink()
        self.assertEqual(
            self.Ticket.search(
                [
                    ("complaint_hold_ids.is_active", "=", True),
                    ("company_id", "=", self.company.id),
                ]
            ),
            ticket,
        )
        hold.action_release()
        self.run_cron("retention", "2026-12-03 09:00:00")
        self.assertEqual(ticket.complaint_state, "archived")

    def test_only_officers_place_holds(self):
        ticket = self.closed()
        for user in (self.handler, self.manager):
            with self.assertRaises(AccessError):
                self.env["complaint.hold"].with_user(user).create(
                    {"ticket_id": ticket.id, "reason": "x"}
                )

    def test_a_referral_keeps_the_file_until_it_ends(self):
        ticket = self.closed()
        body = self.acpr.recourse_body_ids[:1]
        referral = ticket.complaint_refer(body.id, "2026-08-01")
        self.run_cron("retention", "2026-12-01 09:00:00")
        self.assertEqual(ticket.complaint_state, "closed")
        letter = ticket.complaint_send_letter("mediator_file", channel="post")
        self.assertEqual(letter.recipient_name, body.name)
        self.as_user(self.manager, referral).action_end()
        self.run_cron("retention", "2026-12-03 09:00:00")
        self.assertEqual(ticket.complaint_state, "archived")

    def test_a_referral_without_body_or_day_is_refused(self):
        ticket = self.closed()
        with self.assertRaisesRegex(UserError, "needs a recourse body"):
            ticket.complaint_refer(0, "2026-08-01")
        with self.assertRaisesRegex(UserError, "needs a recourse body"):
            ticket.complaint_refer(self.acpr.recourse_body_ids[:1].id, None)

    def test_an_archived_file_is_not_reopened(self):
        ticket = self.closed()
        self.run_cron("retention", "2026-12-01 09:00:00")
        with self.assertRaisesRegex(UserError, "not possible now"):
            ticket.complaint_reopen("x")

    def test_one_broken_file_does_not_stop_the_others(self):
        first, second = self.closed(), self.closed()
        self.env.cr.execute(
            "UPDATE helpdesk_ticket SET complaint_event_count = 1 WHERE id = %s",
            (first.id,),
        )
        self.env.invalidate_all()
        with self.assertLogs(
            "odoo.addons.helpdesk_complaint.models.helpdesk_ticket_retention", "ERROR"
        ):
            self.run_cron("retention", "2026-12-01 09:00:00")
        self.assertEqual(first.complaint_state, "closed")
        self.assertEqual(second.complaint_state, "archived")

    def test_keeping_dates_follow_the_longest_regime(self):
        self.acpr.copy({"code": "longer", "retention_amount": 7})
        longer = self._regime("longer")
        ticket = self._new_qualified(self.acpr | longer)
        ticket.complaint_decide("withdrawn", "x")
        with freeze_time("2026-12-01 09:00:00"):
            ticket.complaint_close("x")
        self.assertEqual(
            fields.Date.to_string(ticket.complaint_retention_date), "2033-12-01"
        )
