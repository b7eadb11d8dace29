from datetime import date
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError

from .common import ComplaintCase, freeze_time, tagged

RECOMPUTE = "odoo.addons.helpdesk_complaint.models.complaint_recompute"


@tagged("post_install", "-at_install")
@freeze_time("2026-10-12 08:00:00")
class TestRecompute(ComplaintCase):
    """Open deadlines follow what counts them, and say so; closed ones never move."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.week = cls.env.ref("helpdesk_complaint.calendar_fr_mon_fri")
        cls.jobs = cls.env["complaint.recompute"]

    def close_day(self, day="2026-10-20", calendar=True, company=None):
        """Close a day of the working week, for one company."""
        leave = self.env["resource.calendar.leaves"].create(
            {
                "name": "Bridge day",
                "calendar_id": self.week.id if calendar else False,
                "date_from": f"{day} 00:00:00",
                "date_to": f"{day} 20:00:00",
            }
        )
        # In a calendar of all companies, core gives it the current company.
        leave.company_id = company or self.company
        return leave

    def closing_day_in_the_form(self):
        """A closing day as it is typed, not saved yet."""
        leave = self.env["resource.calendar.leaves"].new(
            {
                "calendar_id": self.week.id,
                "date_from": fields.Datetime.to_datetime("2026-10-20 00:00:00"),
                "date_to": fields.Datetime.to_datetime("2026-10-20 20:00:00"),
            }
        )
        leave.company_id = self.company
        return leave

    def last_event(self, ticket):
        return ticket.complaint_event_ids.sorted("sequence")[-1]

    def test_a_closing_day_added_or_removed_moves_what_it_lies_in(self):
        ticket = self._new_qualified(self.notice)
        self.assertEqual(self.due_day(ticket, "acknowledge"), "2026-10-29")
        leave = self.close_day()
        self.assertEqual(self.due_day(ticket, "acknowledge"), "2026-10-30")
        event = self.last_event(ticket)
        self.assertEqual(event.event, "deadlines")
        self.assertIn("Bridge day", event.note)
        self.assertIn("2026-10-29 22:59:59", event.payload)
        self.assertIn("2026-10-30 22:59:59", event.payload)
        leave.unlink()
        self.assertEqual(self.due_day(ticket, "acknowledge"), "2026-10-29")

    def test_a_closing_day_that_changes_nothing_leaves_no_trace(self):
        ticket = self._new_qualified(self.notice)
        count = ticket.complaint_event_count
        self.close_day("2026-10-24")  # a Saturday
        self.close_day("2027-10-20")  # long after
        self.assertEqual(ticket.complaint_event_count, count)

    def test_a_moved_closing_day_moves_both_ways(self):
        ticket = self._new_qualified(self.notice)
        leave = self.close_day("2026-12-24")
        self.assertEqual(self.due_day(ticket, "acknowledge"), "2026-10-29")
        leave.write(
            {"date_from": "2026-10-20 00:00:00", "date_to": "2026-10-20 20:00:00"}
        )
        self.assertEqual(self.due_day(ticket, "acknowledge"), "2026-10-30")

    def test_working_days_that_change_move_the_open_deadlines(self):
        ticket = self._new_qualified(self.notice)
        self.week.attendance_ids.filtered(lambda line: line.dayofweek == "4").unlink()
        self.assertEqual(self.due_day(ticket, "acknowledge"), "2026-11-03")
        self.assertIn("working days", self.last_event(ticket).note)

    def test_another_length_moves_the_open_deadlines(self):
        ticket = self._new_qualified(self.notice)
        policy = ticket._complaint_current_deadlines("acknowledge").policy_id
        policy.amount = 5
        self.assertEqual(self.due_day(ticket, "acknowledge"), "2026-10-16")
        deadline = ticket._complaint_current_deadlines("acknowledge")
        self.assertIn("5 working days", deadline.explanation)
        self.assertIn("14/30", self.notice.short_name)
        self.assertIn("changed", self.last_event(ticket).note)

    def test_a_new_policy_reaches_open_complaints(self):
        ticket = self._new_qualified(self.notice)
        self.env["complaint.policy"].create(
            {
                "regime_id": self.notice.id,
                "step": "inform",
                "amount": 20,
                "source": "House rule",
            }
        )
        self.assertEqual(self.due_day(ticket, "inform"), "2026-10-29")

    def test_a_policy_that_ends_later_is_kept_by_what_began_under_it(self):
        ticket = self._new_qualified(self.notice)
        policy = ticket._complaint_current_deadlines("acknowledge").policy_id
        policy.valid_to = "2026-10-31"
        self.assertEqual(self.due_day(ticket, "acknowledge"), "2026-10-29")
        policy.valid_to = "2026-10-01"
        self.assertFalse(ticket._complaint_current_deadlines("acknowledge"))

    def test_a_closed_cycle_never_moves(self):
        ticket = self._new_qualified(self.notice)
        first = ticket._complaint_current_deadlines()
        ticket.complaint_decide("withdrawn", "The complainant withdrew.")
        ticket.complaint_close("Withdrawn.")
        ticket.complaint_reopen("New facts.")
        before = {x.id: (x.due_at, x.state, x.explanation) for x in first}
        self.close_day()
        first.policy_id.filtered(lambda p: p.step == "respond").amount = 50
        self.assertEqual(
            {x.id: (x.due_at, x.state, x.explanation) for x in first}, before
        )

    def test_a_closed_file_never_moves(self):
        ticket = self._new_qualified(self.notice)
        ticket.complaint_decide("withdrawn", "The complainant withdrew.")
        ticket.complaint_close("Withdrawn.")
        count = ticket.complaint_event_count
        self.close_day()
        self.week.attendance_ids.filtered(lambda line: line.dayofweek == "4").unlink()
        self.assertEqual(ticket.complaint_event_count, count)

    def test_an_original_date_is_kept_beside_a_pause(self):
        policy = self.notice.policy_ids.filtered(lambda p: p.step == "respond")
        policy.can_pause = True
        ticket = self._new_qualified(self.notice)
        original = ticket._complaint_current_deadlines("respond").due_at
        ticket.complaint_pause("A document is awaited.")
        with freeze_time("2026-10-19 08:00:00"):
            ticket.complaint_resume()
            deadline = ticket._complaint_current_deadlines("respond")
            self.assertEqual(deadline.original_due_at, original)
            self.assertGreater(deadline.due_at, original)
            self.close_day("2026-10-27")
        self.assertEqual(deadline.original_due_at, original)

    def test_a_closure_of_one_company_moves_its_complaints_only(self):
        ticket = self._new_qualified(self.notice)
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.close_day(calendar=False, company=other)
        self.assertEqual(self.due_day(ticket, "acknowledge"), "2026-10-29")
        self.close_day(calendar=False, company=self.company)
        self.assertEqual(self.due_day(ticket, "acknowledge"), "2026-10-30")

    def test_a_team_category_or_product_changed_finds_the_regimes_again(self):
        fees = self.env["helpdesk.ticket.category"].create(
            {"name": "Fees", "company_id": False}
        )
        self.team.complaint_regime_ids = self.plan
        self.env["complaint.regime.rule"].create(
            {
                "name": "Fees follow the notice",
                "category_ids": [(6, 0, fees.ids)],
                "regime_ids": [(6, 0, self.notice.ids)],
                "is_instead": True,
            }
        )
        ticket = self._new_complaint()
        self.assertIn(self.plan, ticket.complaint_regime_ids)
        ticket.category_id = fees
        self.assertIn(self.notice, ticket.complaint_regime_ids)
        self.assertNotIn(self.plan, ticket.complaint_regime_ids)
        events = ticket.complaint_event_ids.sorted("sequence").mapped("event")
        self.assertEqual(events[-3:], ["change", "change_regimes", "deadlines"])

    def test_many_promises_follow_in_a_job(self):
        tickets = self.env["helpdesk.ticket"]
        for _number in range(3):
            tickets |= self._new_qualified(self.notice)
        with patch(f"{RECOMPUTE}.AT_ONCE", 0), patch(f"{RECOMPUTE}.BATCH", 2):
            self.close_day()
            job = self.jobs.search([], limit=1)
            self.assertEqual(job.state, "queued")
            self.assertEqual(self.due_day(tickets[0], "acknowledge"), "2026-10-29")
            with self.enter_registry_test_mode():
                self.env.ref(
                    "helpdesk_complaint.ir_cron_complaint_recompute"
                ).method_direct_trigger()
        self.assertEqual(job.state, "done")
        self.assertEqual(job.moved_count, 3)
        for ticket in tickets:
            self.assertEqual(self.due_day(ticket, "acknowledge"), "2026-10-30")

    def test_a_broken_file_is_named_once_and_stops_no_other(self):
        good = self._new_qualified(self.notice)
        bad = self._new_qualified(self.notice)
        deadline = bad._complaint_current_deadlines("acknowledge")
        self.env.cr.execute(
            "UPDATE complaint_deadline SET pauses = '[[\"nonsense\", null]]' "
            "WHERE id = %s",
            [deadline.id],
        )
        deadline.invalidate_recordset()
        with self.assertLogs(RECOMPUTE, "ERROR"):
            self.close_day()
            self.close_day("2026-10-21")
        self.assertEqual(self.due_day(good, "acknowledge"), "2026-11-02")
        job = self.jobs.search([], limit=1)
        self.assertEqual((job.state, job.failed_count), ("done", 1))
        warned = bad.activity_search(["helpdesk_complaint.mail_activity_broken"])
        self.assertEqual(len(warned), 1)
        self.assertEqual(warned.user_id, self.officer)

    def test_a_made_promise_keeps_its_step(self):
        ticket = self._new_qualified(self.notice)
        policy = ticket._complaint_current_deadlines("acknowledge").policy_id
        with self.assertRaisesRegex(UserError, "was promised to complainants"):
            policy.step = "inform"

    def test_a_closing_day_says_how_many_complaints_it_touches(self):
        self._new_qualified(self.notice)
        before = self.closing_day_in_the_form().complaint_touched
        self._new_qualified(self.notice)
        after = self.closing_day_in_the_form().complaint_touched
        self.assertEqual(after, before + 1)
        self.assertGreaterEqual(self.week.complaint_open_count, 2)

    def test_a_regime_found_by_hand_is_left_alone(self):
        self.team.complaint_regime_ids = self.plan
        ticket = self._new_complaint()
        ticket.complaint_qualify(True, "A fee.", self.notice.ids)
        ticket.complaint_complainant_type = "consumer"
        self.assertIn(self.notice, ticket.complaint_regime_ids)

    def test_other_regimes_bring_other_promises_from_the_same_start(self):
        ticket = self._new_qualified(self.notice)
        ticket.complaint_change_regimes(self.plan.ids, "It is a broker's file.")
        self.assertEqual(ticket.complaint_regime_ids, self.plan | self.window)
        self.assertEqual(self.due_day(ticket, "acknowledge"), "2026-10-19")
        events = ticket.complaint_event_ids.sorted("sequence")[-2:]
        self.assertEqual(events.mapped("event"), ["change_regimes", "deadlines"])
        self.assertIn("fr_notice_14_30", events[0].payload)
        with self.assertRaisesRegex(UserError, "needs its reason"):
            ticket.complaint_change_regimes(self.notice.ids, " ")
        with self.assertRaisesRegex(UserError, "no regime applies"):
            ticket.complaint_change_regimes([], "None.")

    def test_a_regime_applies_from_the_day_it_is_valid(self):
        self.team.complaint_regime_ids = self.plan | self.notice
        self.plan.valid_from = date(2026, 10, 10)
        ticket = self._new_complaint(received="2026-10-09 08:00:00")
        self.assertEqual(
            ticket.complaint_regime_ids.filtered(lambda r: not r.is_overlay),
            self.notice,
        )
