from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError, ValidationError

from .common import ComplaintCase, freeze_time, tagged


@tagged("post_install", "-at_install")
class TestDeadline(ComplaintCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.house = cls.env["complaint.regime"].create(
            {"name": "House", "code": "test_house", "source": "Test", "force": "house"}
        )
        cls.week = cls.env.ref("helpdesk_complaint.calendar_fr_mon_fri")
        cls.six = cls.env.ref("helpdesk_complaint.calendar_fr_mon_sat")

    def policy(self, step="respond", **vals):
        """A policy of the house, in the place of the one its step had before."""
        if not vals.keys() & {"valid_from", "valid_to"}:
            self.house.policy_ids.filtered(lambda old: old.step == step).active = False
        return self.env["complaint.policy"].create(
            {
                "regime_id": self.house.id,
                "step": step,
                "amount": 10,
                "unit": "day",
                "source": "Test",
                **vals,
            }
        )

    def due(self, start, **vals):
        """The local due day and hour a policy gives for an instant (UTC)."""
        policy = self.policy(**vals)
        due = self.env["complaint.deadline"]._reckon(
            policy, self.company, fields.Datetime.to_datetime(start)
        )
        local = fields.Datetime.context_timestamp(
            policy.with_context(tz="Europe/Paris"), due
        )
        return local.strftime("%Y-%m-%d %H:%M")

    def test_policies_count_as_the_law_does(self):
        """The vectors of the law, from the database and its calendars."""
        rows = [
            # received (UTC), policy, due (Paris)
            ("2026-01-30 10:00", {"amount": 1, "unit": "month"}, "2026-02-28"),
            (
                "2026-01-30 10:00",
                {"amount": 1, "unit": "month", "roll": "next"},
                "2026-03-02",
            ),
            ("2026-04-29 10:00", {"unit": "business_day"}, "2026-05-18"),
            (
                "2026-04-29 10:00",
                {"unit": "business_day", "calendar_id": "six"},
                "2026-05-13",
            ),
            (
                "2026-04-20 10:00",
                {
                    "unit": "business_day",
                    "calendar_id": "six",
                    "roll": "next",
                    "roll_calendar_id": "week",
                },
                "2026-05-04",
            ),
            ("2026-03-05 10:00", {"amount": 8, "unit": "week"}, "2026-04-30"),
            ("2026-03-06 10:00", {"amount": 1, "unit": "year"}, "2027-03-06"),
            ("2026-07-06 10:00", {"amount": 8, "roll": "next"}, "2026-07-15"),
            (
                "2026-03-15 10:00",
                {"amount": 6, "unit": "month", "is_inclusive": True},
                "2026-09-14",
            ),
            # late in the evening in UTC is the next day in Paris
            ("2026-03-05 23:30", {"amount": 1}, "2026-03-07"),
        ]
        calendars = {"six": self.six.id, "week": self.week.id}
        for start, vals, expected in rows:
            vals = {
                key: calendars.get(value, value) if "calendar" in key else value
                for key, value in dict({"calendar_id": "week"}, **vals).items()
            }
            with self.subTest(start=start, **vals):
                self.assertEqual(self.due(start, **vals), f"{expected} 23:59")

    def test_hours_are_elapsed_time_across_the_clock_change(self):
        hours = {"amount": 48, "unit": "hour"}
        self.assertEqual(self.due("2026-06-05 17:30", **hours), "2026-06-07 19:30")
        self.assertEqual(self.due("2026-03-27 18:30", **hours), "2026-03-29 20:30")
        self.assertEqual(self.due("2026-10-23 17:30", **hours), "2026-10-25 18:30")

    def test_a_closure_of_another_company_moves_nothing(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        values = {
            "name": "Inventory",
            "calendar_id": self.week.id,
            "date_from": "2026-04-30 22:00:00",
            "date_to": "2026-05-29 21:59:59",
        }
        leave = self.env["resource.calendar.leaves"].create(values)
        leave.company_id = other
        vals = {"unit": "business_day", "calendar_id": self.week.id}
        self.assertEqual(self.due("2026-04-29 10:00", **vals), "2026-05-18 23:59")
        leave.company_id = self.company
        self.assertEqual(self.due("2026-04-29 10:00", **vals), "2026-06-11 23:59")

    def test_a_half_day_off_does_not_close_the_day(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Afternoon off",
                "calendar_id": self.week.id,
                "company_id": self.company.id,
                "date_from": "2026-05-05 11:00:00",
                "date_to": "2026-05-05 21:59:59",
            }
        ).company_id = self.company
        vals = {"unit": "business_day", "calendar_id": self.week.id}
        self.assertEqual(self.due("2026-04-29 10:00", **vals), "2026-05-18 23:59")

    def test_a_calendar_without_working_day_is_an_error_not_a_loop(self):
        empty = self.env["resource.calendar"].create(
            {"name": "Never", "attendance_ids": [(5, 0, 0)]}
        )
        with self.assertRaisesRegex(UserError, "no working day"):
            self.due("2026-04-29 10:00", unit="business_day", calendar_id=empty.id)

    def test_public_holidays_are_loaded_once(self):
        count = len(self.week.leave_ids)
        self.assertGreaterEqual(count, 40)
        self.week.complaint_load_public_holidays("FR")
        self.assertEqual(len(self.week.leave_ids), count)
        self.assertFalse(self.week.leave_ids.company_id)

    def test_an_explanation_says_why(self):
        with freeze_time("2026-04-29 12:00:00"):
            ticket = self._new_complaint(received="2026-04-29 08:00:00")
            ticket.complaint_qualify(True, "x", self.notice.ids)
        text = ticket._complaint_current_deadlines("acknowledge").explanation
        for part in ("14", "29 Apr 2026", "1 May 2026", "8 May 2026", "14 May 2026"):
            self.assertIn(part, text.replace("Fri ", "").replace("Wed ", ""))
        self.assertIn("Source:", text)

    def test_the_version_in_force_at_the_start_stays(self):
        old = self.policy(valid_to="2026-06-30", amount=30)
        new = self.policy(valid_from="2026-07-01", amount=20)
        before = self._new_complaint(received="2026-06-30 08:00:00")
        after = self._new_complaint(received="2026-07-01 08:00:00")
        (before | after).complaint_qualify(True, "x", self.house.ids)
        self.assertEqual(before.complaint_deadline_ids.policy_id, old)
        self.assertEqual(after.complaint_deadline_ids.policy_id, new)

    def test_acpr_before_2023_counted_from_receipt(self):
        with freeze_time("2022-12-01 09:00:00"):
            ticket = self._new_complaint(
                received="2022-11-10 08:00:00", sent="2022-11-01"
            )
            ticket.complaint_qualify(True, "x", self.acpr.ids)
        self.assertEqual(self.due_day(ticket, "respond"), "2023-01-10")

    def test_unknown_day_of_sending_counts_from_receipt_and_says_so(self):
        ticket = self._new_qualified(self.acpr)
        self.assertEqual(self.due_day(ticket, "respond"), "2026-12-09")
        self.assertIn(
            "not known", ticket._complaint_current_deadlines("respond").explanation
        )

    def test_an_answer_in_time_waives_the_acknowledgement(self):
        with freeze_time("2026-10-12 09:00:00"):
            ticket = self._new_qualified(self.acpr)
            ticket.complaint_decide("rejected", "x")
            ticket.complaint_send_letter("rejection")
        self.assertEqual(
            ticket._complaint_current_deadlines("acknowledge").state, "waived"
        )

    def test_a_late_letter_is_late_for_ever(self):
        with freeze_time("2026-11-20 09:00:00"):
            ticket = self._new_qualified(self.plan)
            ticket.complaint_send_letter("acknowledge")
        self.assertEqual(
            ticket._complaint_current_deadlines("acknowledge").state, "late"
        )

    def test_closing_does_not_wipe_out_a_broken_promise(self):
        ticket = self._new_qualified(self.essms)
        ticket.complaint_decide("withdrawn", "x")
        ticket.complaint_close("x")
        self.assertEqual(set(ticket.complaint_deadline_ids.mapped("state")), {"late"})
        in_time = self._new_qualified(self.essms, received=fields.Datetime.now())
        in_time.complaint_decide("withdrawn", "x")
        in_time.complaint_close("x")
        self.assertEqual(
            set(in_time.complaint_deadline_ids.mapped("state")), {"cancelled"}
        )

    def test_overdue_is_found_without_a_job(self):
        ticket = self._new_qualified(self.essms)
        late = self._new_qualified(
            self.plan, received=fields.Datetime.now() - timedelta(hours=2)
        )
        found = self.Ticket.search([("complaint_is_overdue", "=", True)])
        self.assertIn(ticket, found)
        self.assertNotIn(late, found)
        self.assertTrue(ticket.complaint_is_overdue)
        self.assertEqual(ticket.complaint_urgency, "late")
        self.assertEqual(late.complaint_urgency, "calm")
        self.assertNotIn(
            ticket, self.Ticket.search([("complaint_is_overdue", "=", False)])
        )
        deadlines = self.env["complaint.deadline"].search([("is_overdue", "=", True)])
        self.assertIn(ticket, deadlines.ticket_id)
        self.assertNotIn(late, deadlines.ticket_id)

    def test_the_banner_names_what_is_due_first(self):
        with freeze_time("2026-10-10 09:00:00"):
            ticket = self._new_qualified(self.acpr, sent="2026-10-07")
            self.assertEqual(ticket.complaint_next_step, "acknowledge")
            self.assertIn("Acknowledge by", ticket.complaint_due_text)
            ticket.complaint_send_letter("acknowledge")
            self.assertEqual(ticket.complaint_next_step, "respond")
        with freeze_time("2026-12-08 22:59:00"):
            ticket.invalidate_recordset()
            self.assertIn("late", ticket.complaint_due_text)
            self.assertEqual(ticket.complaint_urgency, "late")

    # ------------------------------------------------------------------
    # Pause and extension
    # ------------------------------------------------------------------

    def test_a_pause_moves_the_date_by_the_days_it_lasted(self):
        policy = self.policy(amount=2, unit="month", can_pause=True)
        with freeze_time("2026-03-06 10:00:00"):
            ticket = self._new_complaint(received="2026-03-06 08:00:00")
            ticket.complaint_qualify(True, "x", self.house.ids)
        with freeze_time("2026-03-20 10:00:00"):
            self.as_user(self.handler, ticket).complaint_pause("A document is awaited.")
        deadline = ticket.complaint_deadline_ids
        self.assertEqual(deadline.state, "paused")
        self.assertFalse(ticket.complaint_next_due_at)
        with freeze_time("2026-04-03 10:00:00"):
            self.as_user(self.handler, ticket).complaint_resume()
        self.assertEqual(self.due_day(ticket, "respond"), "2026-05-20")
        self.assertEqual(deadline.policy_id, policy)
        self.assertEqual(str(deadline.original_due_at)[:10], "2026-05-06")
        self.assertIn("Paused from", deadline.explanation)

    def test_a_regime_without_pause_refuses_it(self):
        ticket = self._new_qualified(self.acpr)
        with self.assertRaisesRegex(UserError, "lets the clock stop"):
            ticket.complaint_pause("A document is awaited.")

    def test_resuming_what_runs_is_refused(self):
        with self.assertRaisesRegex(UserError, "not paused"):
            self._new_qualified(self.acpr).complaint_resume()

    def test_pausing_twice_is_refused(self):
        self.policy(amount=3, unit="year", can_pause=True)
        ticket = self._new_qualified(self.house)
        ticket.complaint_pause("x")
        with self.assertRaisesRegex(UserError, "paused already"):
            ticket.complaint_pause("x")

    def test_steps_with_a_reason_refuse_an_empty_one(self):
        self.policy(can_pause=True)
        ticket = self._new_qualified(self.house)
        with self.assertRaisesRegex(UserError, "needs its reason"):
            ticket.complaint_pause("")

    def test_an_extension_keeps_the_first_date(self):
        ticket = self._new_qualified(self.acpr, sent="2026-10-07")
        ticket.complaint_extend("respond", "2027-01-15", "An expert is heard.")
        deadline = ticket._complaint_current_deadlines("respond")
        self.assertEqual(self.due_day(ticket, "respond"), "2027-01-15")
        self.assertEqual(
            str(ticket._complaint_local_day(deadline.original_due_at)), "2026-12-07"
        )
        self.assertIn("Extended from", deadline.explanation)

    def test_an_extension_to_an_earlier_day_is_refused(self):
        ticket = self._new_qualified(self.acpr, sent="2026-10-07")
        with self.assertRaisesRegex(UserError, "not later than its present date"):
            ticket.complaint_extend("respond", "2026-12-01", "x")

    def test_an_extension_without_a_day_is_refused(self):
        ticket = self._new_qualified(self.acpr, sent="2026-10-07")
        with self.assertRaisesRegex(UserError, "needs its new last day"):
            ticket.complaint_extend("respond", None, "x")

    def test_a_regime_without_extension_refuses_it(self):
        ticket = self._new_qualified(self.plan)
        with self.assertRaisesRegex(UserError, "may be extended"):
            ticket.complaint_extend("respond", "2027-12-01", "x")

    # ------------------------------------------------------------------
    # Policies
    # ------------------------------------------------------------------

    def test_a_policy_reads_as_a_sentence(self):
        policy = self.policy(
            amount=2, unit="month", roll="next", calendar_id=self.week.id
        )
        self.assertEqual(
            policy.name,
            "Answer: 2 months after the complaint was received, moved to the next "
            "working day",
        )

    def test_one_is_not_plural(self):
        self.assertIn("1 year after", self.policy(amount=1, unit="year").name)
        one = self.policy(amount=1, unit="business_day", calendar_id=self.week.id)
        self.assertIn("1 working day (", one.name)

    def test_a_policy_that_ends_before_it_starts_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "ends before it starts"):
            self.policy(valid_from="2026-02-01", valid_to="2026-01-01")

    def test_a_regime_that_ends_before_it_starts_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "ends before it starts"):
            self.house.write({"valid_from": "2026-02-01", "valid_to": "2026-01-01"})

    def test_a_regime_that_keeps_nothing_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "keeping time"):
            self.house.retention_amount = 0

    def test_a_date_beyond_the_calendar_is_an_error_that_names_the_policy(self):
        with self.assertRaisesRegex(UserError, "Answer: 900 years"):
            self.due("2026-04-29 10:00", amount=900, unit="year")
