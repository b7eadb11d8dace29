from unittest.mock import patch

from psycopg2.errors import UniqueViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tools import mute_logger

from .common import freeze_time, tagged
from .reminder_common import ReminderCase, at

LOGGER = "odoo.addons.helpdesk_complaint.models.complaint_deadline_reminder"


@tagged("post_install", "-at_install")
class TestReminder(ReminderCase):
    """Who is told, when, how often."""

    def test_handler_first_then_the_leader_each_once(self):
        self.remind("2026-10-19 16:00:00")
        self.assertFalse(self.todos())
        self.remind("2026-10-20 10:00:00")
        self.assertEqual(self.todos().user_id, self.handler)
        self.assertEqual(self.todos().summary, "Answer by Thu 22 Oct 2026")
        self.assertEqual(str(self.todos().date_deadline), "2026-10-22")
        self.remind("2026-10-20 11:00:00")
        self.assertEqual(len(self.todos()), 1)
        self.remind("2026-10-23 10:00:00")
        self.assertEqual(len(self.todos()), 3)
        self.assertEqual(self.todos()[1].user_id, self.handler)
        self.assertEqual(self.todos()[2].user_id, self.leader)
        self.assertIn("Late", self.todos()[2].summary)
        self.remind("2026-11-02 10:00:00")
        self.assertEqual(len(self.todos()), 3)
        self.assertFalse(self.deadline.next_reminder_at)

    def test_after_an_outage_each_person_hears_once(self):
        self.remind("2026-11-16 10:00:00")
        self.assertEqual(len(self.todos()), 2)
        self.assertEqual(self.todos().user_id, self.handler | self.leader)
        self.assertEqual(
            self.states(self.deadline),
            [("handler", "overtaken"), ("handler", "given"), ("leader", "given")],
        )

    def test_reminders_come_in_the_order_of_their_moments(self):
        with freeze_time(at("2026-10-14 10:00:00")):
            later = self._new_house_complaint()
        with freeze_time(at("2026-10-13 10:00:00")):
            between = self._new_house_complaint()
        self.remind("2026-10-22 10:00:00")
        found = self.todos(self.ticket, later, between)
        self.assertEqual(found.mapped("res_id"), [self.ticket.id, between.id, later.id])

    def test_many_cost_few_queries(self):
        with freeze_time(at("2026-10-13 10:00:00")):
            tickets = self.Ticket
            for _number in range(40):
                tickets |= self._new_house_complaint()
        self.env.flush_all()
        count = self.env.cr.sql_log_count
        self.remind("2026-10-21 10:00:00")
        self.assertEqual(len(self.todos(*tickets)), 40)
        self.assertLess(self.env.cr.sql_log_count - count, 3 * 40)

    def test_nothing_is_said_of_a_promise_that_was_kept(self):
        with freeze_time(at("2026-10-13 10:00:00")):
            self.ticket.complaint_decide("upheld", "x", self.cause.id)
            self.ticket.complaint_send_letter("favourable")
        self.assertFalse(self.deadline.next_reminder_at)
        self.remind("2026-11-16 10:00:00")
        self.assertFalse(self.todos())

    def test_nothing_is_said_while_the_clock_stands_still(self):
        self.policy.can_pause = True
        with freeze_time(at("2026-10-13 10:00:00")):
            self.ticket.complaint_pause("A document is awaited.")
        self.remind("2026-10-23 10:00:00")
        self.assertFalse(self.todos())
        with freeze_time(at("2026-10-27 10:00:00")):
            self.ticket.complaint_resume()
        self.remind("2026-10-27 11:00:00")
        self.assertFalse(self.todos())
        self.remind("2026-11-03 10:00:00")
        self.assertEqual(self.todos().user_id, self.handler)

    def test_closing_ends_the_reminders(self):
        self.remind("2026-10-20 10:00:00")
        self.ticket.complaint_decide("withdrawn", "x")
        self.ticket.complaint_close("Withdrawn.")
        self.assertFalse(self.todos())
        self.remind("2026-11-16 10:00:00")
        self.assertFalse(self.todos())

    def test_a_closed_complaint_reminds_of_nothing_that_still_runs(self):
        self.ticket.complaint_decide("withdrawn", "x")
        self.ticket.complaint_close("Withdrawn.")
        self.deadline.write({"state": "running"})
        self.assertTrue(self.deadline.next_reminder_at)
        self.remind("2026-10-20 10:00:00")
        self.assertFalse(self.todos())
        self.assertFalse(self.deadline.next_reminder_at)

    def test_an_extension_brings_its_own_reminders(self):
        self.remind("2026-10-20 10:00:00")
        with freeze_time(at("2026-10-20 14:00:00")):
            self.ticket.complaint_extend("respond", "2026-11-12", "x")
        self.remind("2026-10-27 10:00:00")
        self.assertEqual(len(self.todos()), 1)
        self.remind("2026-11-10 10:00:00")
        self.assertEqual(len(self.todos()), 2)

    def test_a_due_date_that_comes_nearer_still_calls_late(self):
        self.remind("2026-10-20 10:00:00")
        self.deadline.due_at = at("2026-10-19 23:59:59")
        self.remind("2026-10-21 10:00:00")
        self.assertEqual(len(self.todos()), 3)
        self.assertEqual(self.todos()[1:].user_id, self.handler | self.leader)

    def test_a_promise_made_late_tells_at_once_who_must_know(self):
        with freeze_time(at("2026-11-16 10:00:00")):
            late = self._new_qualified(self.house, received=at("2026-10-12 10:00:00"))
        self.remind("2026-11-16 10:01:00")
        self.assertEqual(self.todos(late).user_id, self.handler | self.leader)
        self.assertEqual(len(self.todos(late)), 2)

    def test_without_handler_the_leader_is_told(self):
        self.ticket.user_id = False
        self.remind("2026-10-20 10:00:00")
        self.assertEqual(self.todos().user_id, self.leader)

    def test_one_who_stands_for_several_levels_hears_once(self):
        self.set_rules(
            {"when": "at", "level": "handler"},
            {"when": "at", "level": "leader"},
            {"when": "at", "level": "manager", "action": "escalation"},
        )
        self.ticket.write({"user_id": self.leader.id})
        self.ticket.complaint_qualified_by_id = self.leader
        self.remind("2026-10-23 10:00:00")
        self.assertEqual(self.todos().user_id, self.leader)
        self.assertEqual(len(self.todos()), 2)
        self.assertEqual(self.ticket.complaint_escalation_level, "manager")
        self.assertEqual(
            sorted(self.states(self.deadline)),
            [("handler", "overtaken"), ("leader", "given"), ("manager", "given")],
        )

    def test_the_same_words_are_not_left_twice(self):
        with freeze_time(at("2026-10-12 10:00:00")):
            other = self._new_policy(
                [{"when": "before", "amount": 2}], target="internal"
            )
            self.ticket._complaint_sync_deadlines()
        self.remind("2026-10-20 10:00:00")
        self.assertEqual(len(self.todos()), 1)
        reminders = self.env["complaint.reminder"].search(
            [("ticket_id", "=", self.ticket.id)]
        )
        self.assertEqual(set(reminders.mapped("state")), {"given"})
        self.assertIn(other, reminders.deadline_id.policy_id)

    def test_internal_targets_remind_too(self):
        with freeze_time(at("2026-10-12 10:00:00")):
            self._new_policy(
                [{"when": "before", "amount": 1}], target="internal", amount=4
            )
            self.ticket._complaint_sync_deadlines()
        self.remind("2026-10-15 10:00:00")
        self.assertEqual(self.todos().summary, "Answer by Fri 16 Oct 2026")

    def test_the_complainants_time_calls_nobody_late(self):
        self._new_policy(
            [
                {"when": "before", "amount": 1},
                {"when": "after", "amount": 1},
            ],
            step="accept",
            count_from="answered",
            amount=8,
        )
        with freeze_time(at("2026-10-13 10:00:00")):
            self.ticket.complaint_decide("upheld", "x", self.cause.id)
            self.ticket.complaint_send_letter("favourable")
        self.remind("2026-10-20 10:00:00")
        self.assertEqual(
            self.todos().summary, "Acceptance window: until Wed 21 Oct 2026"
        )
        self.remind("2026-10-22 10:00:00")
        self.assertEqual(
            self.todos()[1].summary, "Acceptance window: over since Wed 21 Oct 2026"
        )

    def test_words_are_in_the_language_of_the_reader(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.handler.lang = "fr_FR"
        self.remind("2026-10-23 10:00:00")
        mine, his = self.todos().sorted(lambda x: x.user_id == self.leader)
        self.assertIn("oct.", mine.summary)
        self.assertIn("Oct", his.summary)

    def test_a_promise_in_hours_names_its_hour(self):
        self.set_rules({"when": "before", "amount": 3, "unit": "hour"})
        self.policy.write({"amount": 48, "unit": "hour"})
        with freeze_time(at("2026-10-13 15:30:00")):
            ticket = self._new_house_complaint()
        self.remind("2026-10-15 12:29:00")
        self.assertFalse(self.todos(ticket))
        self.remind("2026-10-15 13:00:00")
        self.assertIn("15:30", self.todos(ticket).summary)

    def test_working_days_backwards_are_those_of_the_calendar(self):
        """Due Thursday 12 November; the 11th is a public holiday in France."""
        self.policy.calendar_id = self.env.ref("helpdesk_complaint.calendar_fr_mon_fri")
        self.set_rules({"when": "before", "amount": 2, "unit": "business_day"})
        with freeze_time(at("2026-11-02 10:00:00")):
            ticket = self._new_house_complaint()
        self.assertEqual(
            ticket.complaint_deadline_ids.next_reminder_at, at("2026-11-09 00:00:00")
        )

    def test_a_day_that_closes_moves_a_reminder_in_working_days(self):
        """Due Thursday 22 October, whatever closes; two working days before it."""
        week = self.env.ref("helpdesk_complaint.calendar_fr_mon_fri")
        self.policy.calendar_id = week
        self.set_rules({"when": "before", "amount": 2, "unit": "business_day"})
        self.remind("2026-10-13 10:00:00")
        self.assertEqual(self.deadline.next_reminder_at, at("2026-10-20 00:00:00"))
        with freeze_time(at("2026-10-13 11:00:00")):
            self.env["resource.calendar.leaves"].create(
                {
                    "name": "Closed",
                    "calendar_id": week.id,
                    "date_from": at("2026-10-21 00:00:00"),
                    "date_to": at("2026-10-21 23:59:59"),
                }
            ).company_id = False
            self.deadline._recompute_due()
        self.remind("2026-10-13 11:15:00")
        self.assertEqual(self.deadline.next_reminder_at, at("2026-10-19 00:00:00"))
        self.assertEqual(self.deadline.due_at, at("2026-10-22 23:59:59"))


@tagged("post_install", "-at_install")
class TestWorkingTime(ReminderCase):
    """A reminder comes while its reader is at work."""

    rules = [{"when": "before", "amount": 2, "level": "handler"}]

    def check_told(self, before, opens):
        """Nothing at ``before``, told at ``opens`` and planned for then."""
        self.remind(before)
        self.assertFalse(self.todos())
        self.assertEqual(self.deadline.next_reminder_at, at(opens))
        self.remind(opens)
        self.assertEqual(self.todos().user_id, self.handler)

    def own_hours(self, *spans, **vals):
        """Give the handler working hours of his own."""
        calendar = self.env["resource.calendar"].create(
            {
                "name": "Own hours",
                "company_id": self.company.id,
                "tz": "Europe/Paris",
                "attendance_ids": [(5, 0, 0)]
                + [
                    (
                        0,
                        0,
                        {
                            "name": "x",
                            "dayofweek": str(day),
                            "hour_from": start,
                            "hour_to": stop,
                            "week_type": week,
                        },
                    )
                    for day, start, stop, week in spans
                ],
                **vals,
            }
        )
        self.env["resource.resource"].create(
            {
                "name": "Handler",
                "user_id": self.handler.id,
                "calendar_id": calendar.id,
                "company_id": self.company.id,
            }
        )
        return calendar

    def test_at_night_it_waits_for_the_morning(self):
        self.check_told("2026-10-20 03:00:00", "2026-10-20 08:00:00")

    def test_over_the_weekend_it_waits_for_monday(self):
        self.deadline.due_at = at("2026-10-19 23:59:59")
        self.check_told("2026-10-17 10:00:00", "2026-10-19 08:00:00")

    def test_on_a_public_holiday_it_waits_for_the_day_after(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Feast",
                "calendar_id": self.company.resource_calendar_id.id,
                "company_id": self.company.id,
                "date_from": at("2026-10-20 00:00:00"),
                "date_to": at("2026-10-20 23:59:59"),
            }
        )
        self.check_told("2026-10-20 10:00:00", "2026-10-21 08:00:00")

    def test_the_readers_own_hours_come_before_the_companys(self):
        self.own_hours((2, 14, 18, False))
        self.check_told("2026-10-20 10:00:00", "2026-10-21 14:00:00")

    def test_hours_that_change_are_known_at_once(self):
        calendar = self.own_hours((2, 14, 18, False))
        self.remind("2026-10-20 10:00:00")
        calendar.attendance_ids.write({"hour_from": 9, "hour_to": 12})
        self.remind("2026-10-21 09:00:00")
        self.assertFalse(self.todos())  # planned for 14:00 by the old hours
        self.remind("2026-10-21 14:00:00")
        self.assertEqual(self.deadline.next_reminder_at, at("2026-10-28 09:00:00"))
        calendar.schedule_type = "flexible"
        self.remind("2026-10-28 09:00:00")
        self.assertTrue(self.todos())

    def test_two_weeks_that_alternate(self):
        """The week of 19 October 2026 is a second week."""
        calendar = self.own_hours((1, 9, 12, "0"), (3, 9, 12, "1"))
        calendar.two_weeks_calendar = True
        week = self.env["resource.calendar.attendance"].get_week_type(
            fields.Date.to_date("2026-10-20")
        )
        self.assertEqual(week, 1)
        self.check_told("2026-10-20 10:00:00", "2026-10-22 09:00:00")

    def test_a_line_of_both_weeks_holds_in_both(self):
        calendar = self.own_hours((1, 9, 12, "0"), (2, 9, 12, False))
        spans, _closed = calendar._complaint_work_time(self.company.id)
        self.assertEqual(spans, {1: [(9.0, 12.0)], 2: [(9.0, 12.0)], 9: [(9.0, 12.0)]})

    def test_the_hours_are_in_the_readers_time_zone(self):
        self.handler.tz = "America/Toronto"
        self.check_told("2026-10-20 10:00:00", "2026-10-20 14:00:00")

    def test_a_reader_without_time_zone_has_that_of_his_calendar(self):
        self.handler.tz = False
        self.company.resource_calendar_id.tz = "America/Toronto"
        self.check_told("2026-10-20 10:00:00", "2026-10-20 14:00:00")

    def test_without_known_hours_it_comes_at_any_time(self):
        for name, calendar in (
            ("flexible", self.own_hours((2, 14, 18, False), schedule_type="flexible")),
            ("no lines", self.own_hours()),
        ):
            with self.subTest(name):
                spans = calendar._complaint_work_time(self.company.id)[0]
                self.assertFalse(spans)
        self.handler.resource_ids.unlink()
        self.company.resource_calendar_id = False
        self.remind("2026-10-20 00:00:00")
        self.assertTrue(self.todos())

    def test_a_rule_may_speak_at_any_time(self):
        self.set_rules({"when": "before", "amount": 2, "any_time": True})
        self.remind("2026-10-20 00:00:00")
        self.assertTrue(self.todos())

    def test_who_is_at_work_does_not_wait_for_who_is_not(self):
        self.set_rules(
            {"when": "before", "amount": 2, "level": "handler"},
            {"when": "before", "amount": 2, "level": "leader"},
        )
        self.own_hours((3, 9, 12, False))
        self.remind("2026-10-20 10:00:00")
        self.assertEqual(self.todos().user_id, self.leader)
        self.assertEqual(self.deadline.next_reminder_at, at("2026-10-22 09:00:00"))
        self.remind("2026-10-22 09:00:00")
        self.assertEqual(self.todos().user_id, self.leader | self.handler)

    def test_a_new_handler_does_not_wait_for_the_hours_of_the_last(self):
        self.own_hours((3, 9, 12, False))
        self.remind("2026-10-20 10:00:00")
        self.assertFalse(self.todos())
        with freeze_time(at("2026-10-20 11:00:00")):
            self.ticket.user_id = self.leader
        self.remind("2026-10-20 11:15:00")
        self.assertEqual(self.todos().user_id, self.leader)

    def test_several_moments_of_a_weekend_are_one_reminder_on_monday(self):
        self.set_rules({"when": "before", "amount": 2}, {"when": "before", "amount": 1})
        self.deadline.due_at = at("2026-10-19 23:59:59")
        self.remind("2026-10-17 10:00:00")
        self.remind("2026-10-18 10:00:00")
        self.remind("2026-10-19 10:00:00")
        self.assertEqual(len(self.todos()), 1)
        self.assertEqual(
            self.states(self.deadline),
            [("handler", "overtaken"), ("handler", "given")],
        )


@tagged("post_install", "-at_install")
class TestEscalation(ReminderCase):
    """To whom a complaint was escalated, and that it is written down."""

    rules = [
        {"when": "after", "amount": 1, "level": "leader", "action": "escalation"},
        {"when": "after", "amount": 4, "level": "manager", "action": "escalation"},
    ]

    def test_an_escalation_tells_marks_and_writes_history(self):
        self.assertFalse(self.ticket.complaint_escalation_level)
        self.remind("2026-10-23 10:00:00")
        self.assertEqual(self.todos().user_id, self.leader)
        self.assertIn("Escalated to you", self.todos().summary)
        self.assertEqual(self.ticket.complaint_escalation_level, "leader")
        event = self.ticket.complaint_event_ids.filtered(
            lambda x: x.event == "escalate"
        )
        self.assertEqual(len(event), 1)
        self.assertIn('"level":"leader"', event.payload.replace(": ", ":"))
        self.assertFalse(self.ticket.complaint_verify_history())
        self.remind("2026-10-26 10:00:00")
        self.assertEqual(self.ticket.complaint_escalation_level, "manager")
        found = self.Ticket.search([("complaint_escalation_level", "!=", False)])
        self.assertIn(self.ticket, found)

    def test_it_is_never_lowered_within_a_cycle(self):
        self.remind("2026-10-26 10:00:00")
        self.assertEqual(self.ticket.complaint_escalation_level, "manager")
        with freeze_time(at("2026-10-26 11:00:00")):
            self._new_policy(self.rules[:1], step="inform", amount=15)
            self.ticket._complaint_sync_deadlines()
        self.remind("2026-10-28 10:00:00")
        self.assertIn("Keep informed", self.todos()[-1].summary)
        self.assertEqual(self.ticket.complaint_escalation_level, "manager")

    def test_a_step_inside_the_cycle_keeps_it(self):
        self.remind("2026-10-23 10:00:00")
        with freeze_time(at("2026-10-23 11:00:00")):
            self.ticket.complaint_decide("upheld", "x", self.cause.id)
            self.ticket.complaint_send_letter("favourable")
        self.assertEqual(self.ticket.complaint_state, "answered")
        self.assertEqual(self.ticket.complaint_escalation_level, "leader")

    def test_a_new_cycle_starts_without(self):
        self.remind("2026-10-23 10:00:00")
        with freeze_time(at("2026-10-23 11:00:00")):
            self.ticket.complaint_decide("upheld", "x", self.cause.id)
            self.ticket.complaint_send_letter("favourable")
            self.ticket.complaint_contest("No.")
        self.assertEqual(self.ticket.complaint_state, "in_progress")
        self.assertFalse(self.ticket.complaint_escalation_level)

    def test_a_closed_file_has_none(self):
        self.remind("2026-10-23 10:00:00")
        self.ticket.complaint_decide("withdrawn", "x")
        self.ticket.complaint_close("Withdrawn.")
        self.assertFalse(self.ticket.complaint_escalation_level)

    def test_nobody_writes_it_by_hand(self):
        with self.assertRaisesRegex(UserError, "written by the steps"):
            self.as_user(self.officer, self.ticket).write(
                {"complaint_escalation_level": "officer"}
            )

    def test_many_are_escalated_with_one_line_each(self):
        with freeze_time(at("2026-10-12 10:00:00")):
            tickets = self.ticket
            for _number in range(3):
                tickets |= self._new_house_complaint()
        self.remind("2026-10-26 10:00:00")
        for ticket in tickets:
            self.assertEqual(ticket.complaint_escalation_level, "manager")
            events = ticket.complaint_event_ids.mapped("event")
            self.assertEqual(events.count("escalate"), 1)
        self.assertFalse(any(t.complaint_verify_history() for t in tickets))


@tagged("post_install", "-at_install")
class TestEvidence(ReminderCase):
    """What auditors read, and what nobody writes."""

    def test_each_reminder_leaves_one_line(self):
        self.remind("2026-10-20 10:00:00")
        row = self.as_user(self.auditor, self.env["complaint.reminder"]).search(
            [("deadline_id", "=", self.deadline.id)]
        )
        self.assertEqual(row.user_id, self.handler)
        self.assertEqual(row.moment, at("2026-10-20 00:00:00"))
        self.assertEqual(row.given_at, at("2026-10-20 10:00:00"))
        self.assertEqual((row.state, row.action), ("given", "activity"))
        self.assertEqual(row.ticket_id, self.ticket)
        self.assertIn("Handler", row.display_name)

    def test_nobody_writes_it(self):
        self.remind("2026-10-20 10:00:00")
        for user in (self.handler, self.officer, self.auditor):
            rows = self.as_user(user, self.env["complaint.reminder"]).search([])
            for act in (
                lambda rows=rows: rows.write({"state": "given"}),
                lambda rows=rows: rows.unlink(),
                lambda rows=rows: rows[:1].copy(),
            ):
                with self.assertRaises(AccessError):
                    act()

    def test_it_is_seen_by_those_who_see_the_file(self):
        self.remind("2026-10-20 10:00:00")
        self.ticket.complaint_is_confidential = True
        self.assertFalse(
            self.as_user(self.leader, self.env["complaint.reminder"]).search([])
        )

    def test_the_database_refuses_a_second_one(self):
        self.remind("2026-10-20 10:00:00")
        row = self.env["complaint.reminder"].search(
            [("deadline_id", "=", self.deadline.id)]
        )
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            row.copy({"state": "given"})

    def test_it_outlives_the_rule(self):
        self.remind("2026-10-20 10:00:00")
        self.policy.reminder_rule_ids.unlink()
        row = self.env["complaint.reminder"].search(
            [("deadline_id", "=", self.deadline.id)]
        )
        self.assertEqual((row.level, row.state), ("handler", "given"))
        self.assertFalse(row.rule_id)


@tagged("post_install", "-at_install")
class TestBroken(ReminderCase):
    """One broken promise stops no other, is known, and can be tried again."""

    def setUp(self):
        super().setUp()
        with freeze_time(at("2026-10-12 10:00:00")):
            self.others = self.Ticket
            for _number in range(4):
                self.others |= self._new_house_complaint()
        self.officers = self.ticket._complaint_user_of_level("officer")

    def break_one(self):
        """Its register number is gone and its words fail: as a broken record does."""
        model = type(self.env["complaint.deadline"])
        words = model._reminder_words
        broken = self.deadline.id

        def fail(deadline, *args):
            if deadline.id == broken:
                raise ValueError("No words left\nTraceback")
            return words(deadline, *args)

        return patch.object(model, "_reminder_words", fail)

    def warnings(self):
        return self.todos().filtered(lambda x: "cannot be given" in x.summary)

    def test_the_others_go_on_and_the_officer_knows(self):
        with self.break_one(), self.assertLogs(LOGGER, "ERROR"):
            self.remind("2026-10-20 10:00:00")
        for ticket in self.others:
            self.assertEqual(self.todos(ticket).user_id, self.handler)
        self.assertIn("No words left", self.deadline.reminder_error)
        self.assertFalse(self.deadline.next_reminder_at)
        self.assertEqual(self.states(self.deadline), [("handler", "failed")])
        self.assertEqual(self.warnings().user_id, self.officers)
        self.assertIn(self.ticket.complaint_number, self.warnings().summary)
        self.assertIn("No words left", self.warnings().summary)
        self.assertNotIn("Traceback", self.warnings().summary)
        with self.break_one():
            self.remind("2026-10-20 10:15:00")
        self.assertEqual(len(self.todos()), 1)

    def test_try_again_gives_it_once(self):
        with self.break_one(), mute_logger(LOGGER):
            self.remind("2026-10-20 10:00:00")
        with freeze_time(at("2026-10-20 11:00:00")):
            self.as_user(self.handler, self.deadline).action_retry_reminder()
        with self.break_one(), mute_logger(LOGGER):
            self.remind("2026-10-20 11:00:00")
        self.assertEqual(len(self.warnings()), 1)
        self.assertEqual(self.states(self.deadline), [("handler", "failed")])
        with freeze_time(at("2026-10-20 14:00:00")):
            self.as_user(self.handler, self.deadline).action_retry_reminder()
        self.remind("2026-10-20 14:00:00")
        self.remind("2026-10-20 14:15:00")
        self.assertEqual(self.states(self.deadline), [("handler", "given")])
        self.assertEqual(len(self.todos() - self.warnings()), 1)
        self.assertFalse(self.deadline.reminder_error)

    def test_who_only_reads_does_not_try_again(self):
        with self.assertRaises(AccessError):
            self.as_user(self.auditor, self.deadline).action_retry_reminder()

    def test_a_due_date_that_moves_tries_again_by_itself(self):
        with self.break_one(), mute_logger(LOGGER):
            self.remind("2026-10-20 10:00:00")
        with freeze_time(at("2026-10-20 14:00:00")):
            self.ticket.complaint_extend("respond", "2026-10-23", "x")
        self.assertFalse(self.deadline.reminder_error)
        self.remind("2026-10-21 10:00:00")
        self.assertEqual(len(self.todos() - self.warnings()), 1)

    def test_a_rule_that_gives_no_date_stops_no_step(self):
        """A calendar may lose its last working day after the rule was accepted."""
        calendar = self.env["resource.calendar"].create(
            {"name": "Empties", "company_id": self.company.id}
        )
        self.policy.calendar_id = calendar
        self.set_rules({"when": "before", "amount": 1, "unit": "business_day"})
        calendar.attendance_ids.unlink()
        with freeze_time(at("2026-10-13 10:00:00")):
            self.deadline.due_at = at("2026-10-23 23:59:59")
            self.assertEqual(self.deadline.next_reminder_at, fields.Datetime.now())
        with mute_logger(LOGGER):
            self.remind("2026-10-13 11:00:00")
        self.assertIn("no working day", self.deadline.reminder_error)
        self.assertIn("no working day", self.warnings().summary)

    def test_a_warning_that_fails_too_stops_nothing(self):
        ticket = type(self.env["helpdesk.ticket"])
        users = ticket._complaint_users_of_levels

        def fail(tickets, pairs):
            if any(level == "officer" for _ticket, level in pairs):
                raise ValueError("nobody")
            return users(tickets, pairs)

        with (
            self.break_one(),
            patch.object(ticket, "_complaint_users_of_levels", fail),
            mute_logger(LOGGER),
        ):
            self.remind("2026-10-20 10:00:00")
        self.assertTrue(self.deadline.reminder_error)
        self.assertEqual(len(self.todos(*self.others)), 4)
