from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import Form

from .common import freeze_time, tagged
from .reminder_common import ReminderCase, at

HANDLER_LATE = ("at", 0, "day", "handler", "activity")
LEADER_NEXT_DAY = ("after", 1, "day", "leader", "escalation")
SHORT = [HANDLER_LATE, LEADER_NEXT_DAY]
MEDIUM = [("before", 2, "day", "handler", "activity"), *SHORT]
LONG = [
    ("before", 14, "day", "handler", "activity"),
    ("before", 5, "day", "handler", "activity"),
    ("at", 0, "day", "leader", "activity"),
    ("after", 3, "day", "manager", "escalation"),
]


def hours(amount):
    return [("before", amount, "hour", "handler", "activity"), *SHORT]


def rows(policy):
    return [
        (rule.when, rule.amount, rule.unit, rule.level, rule.action)
        for rule in policy.reminder_rule_ids
    ]


@tagged("post_install", "-at_install")
class TestReminderRule(ReminderCase):
    """Which reminders a promise has, and which it may not have."""

    def new_bare(self, **vals):
        """A policy of another step that says nothing of reminders."""
        return self.env["complaint.policy"].create(
            {
                "regime_id": self.house.id,
                "step": "inform",
                "source": "Test",
                **vals,
            }
        )

    def test_a_promise_has_the_usual_reminders_of_its_length(self):
        calendar = self.env.ref("helpdesk_complaint.calendar_fr_mon_fri")
        for amount, unit, expected in (
            (1, "hour", SHORT),
            (2, "hour", hours(1)),
            (8, "hour", hours(4)),
            (48, "hour", hours(12)),
            (96, "hour", MEDIUM),
            (1, "day", hours(12)),
            (3, "business_day", hours(12)),
            (4, "day", MEDIUM),
            (10, "business_day", MEDIUM),
            (2, "week", MEDIUM),
            (15, "day", MEDIUM),
            (16, "day", LONG),
            (20, "business_day", LONG),
            (2, "month", LONG),
            (1, "year", LONG),
        ):
            with self.subTest(amount=amount, unit=unit):
                policy = self.new_bare(
                    amount=amount, unit=unit, calendar_id=calendar.id
                )
                self.assertEqual(rows(policy), expected)
                policy.active = False

    def test_the_complainants_time_has_none(self):
        for step in ("accept", "refer", "complain"):
            policy = self.new_bare(step=step, amount=2, unit="month")
            self.assertFalse(policy.reminder_rule_ids, step)

    def test_a_list_of_ones_own_replaces_them_even_an_empty_one(self):
        for step, given in (
            ("inform", []),
            ("acknowledge", [Command.create({"amount": 3})]),
            ("act", [Command.clear()]),
        ):
            policy = self.new_bare(step=step, amount=30, reminder_rule_ids=given)
            count = sum(command[0] == Command.CREATE for command in given)
            self.assertEqual(len(policy.reminder_rule_ids), count)

    def test_a_copy_has_those_of_the_original(self):
        bare = self.new_bare(amount=30, reminder_rule_ids=[])
        self.assertFalse(bare.copy({"step": "act"}).reminder_rule_ids)
        copy = self.policy.copy({"step": "qualify"})
        self.assertEqual(rows(copy), rows(self.policy))

    def test_those_of_a_data_file_replace_them(self):
        policy = self.new_bare(amount=30)
        rules = self.env["complaint.reminder.rule"]
        rules.create({"policy_id": policy.id, "amount": 7})
        self.assertEqual(len(policy.reminder_rule_ids), 5)
        rules.with_context(install_module="x").create(
            {"policy_id": policy.id, "amount": 8}
        )
        self.assertEqual(
            rows(policy),
            [
                ("before", 8, "day", "handler", "activity"),
                ("before", 7, "day", "handler", "activity"),
            ],
        )

    def test_the_regimes_that_come_along_keep_their_own(self):
        policy = self.env.ref("helpdesk_complaint.complaint_policy_fr_acpr_acknowledge")
        self.assertEqual(
            [row[:4] for row in rows(policy)],
            [
                ("before", 2, "day", "handler"),
                ("after", 0, "day", "handler"),
                ("after", 1, "day", "leader"),
            ],
        )
        self.assertFalse(any(policy.reminder_rule_ids.mapped("is_default")))

    def test_a_form_proposes_them_until_somebody_edits_them(self):
        with Form(self.env["complaint.policy"]) as form:
            form.regime_id = self.house
            form.step = "inform"
            form.source = "Test"
            form.amount = 2
            self.assertEqual(len(form.reminder_rule_ids), 3)
            form.unit = "month"
            self.assertEqual(len(form.reminder_rule_ids), 4)
            form.reminder_rule_ids.remove(0)
        self.assertEqual(rows(form.record), LONG[1:])
        with Form(form.record) as form:
            form.amount = 3
        self.assertEqual(rows(form.record), LONG[1:])

    def test_a_rule_reads_as_words_in_the_order_of_time(self):
        self.set_rules(
            {"when": "after", "amount": 1, "unit": "month"},
            {"when": "after", "amount": 0},
            {"when": "before", "amount": 4, "unit": "hour"},
            {"when": "before", "amount": 2, "unit": "week"},
        )
        self.assertEqual(
            self.policy.reminder_rule_ids.mapped("display_name"),
            [
                "2 weeks before the due date",
                "4 hours before the due date",
                "at the due date",
                "1 months after the due date",
            ],
        )

    def test_what_makes_no_sense_is_refused_by_name(self):
        for vals, words in (
            ({"when": "before", "amount": 0}, "needs a delay"),
            ({"when": "before", "amount": -1}, "needs a delay"),
            ({"when": "after", "amount": -1}, "needs a delay"),
            ({"when": "at", "amount": -1}, "needs a delay"),
            ({"is_digest": True}, "only e-mails are gathered"),
            ({"is_digest": True, "action": "escalation"}, "only e-mails"),
            (
                {"is_digest": True, "action": "email", "any_time": True},
                "not at any time",
            ),
            ({"unit": "business_day"}, "no calendar"),
            ({"amount": 900, "unit": "year"}, "gives no date"),
        ):
            with self.subTest(vals):
                with self.assertRaisesRegex(ValidationError, words) as caught:
                    self.env["complaint.reminder.rule"].create(
                        {"policy_id": self.policy.id, "amount": 1, **vals}
                    )
                self.assertIn(self.policy.name, str(caught.exception))

    def test_a_calendar_that_reminders_count_in_stays(self):
        self.policy.calendar_id = self.env.ref("helpdesk_complaint.calendar_fr_mon_fri")
        self.set_rules({"unit": "business_day"})
        with self.assertRaisesRegex(ValidationError, "no calendar"):
            self.policy.calendar_id = False

    def test_a_calendar_that_never_works_is_refused(self):
        never = self.env["resource.calendar"].create(
            {"name": "Never", "attendance_ids": [Command.clear()]}
        )
        self.set_rules()
        with self.assertRaisesRegex(ValidationError, "no working day"):
            self.policy.write(
                {
                    "calendar_id": never.id,
                    "reminder_rule_ids": [Command.create({"unit": "business_day"})],
                }
            )


@tagged("post_install", "-at_install")
class TestRuleChange(ReminderCase):
    """A rule that changes reaches the promises that run."""

    def test_a_changed_rule_reaches_the_promises_that_run(self):
        before = self.policy.reminder_rule_ids.filtered(lambda x: x.when == "before")
        with freeze_time(at("2026-10-13 10:00:00")):
            before.amount = 6
        self.remind("2026-10-16 10:00:00")
        self.assertEqual(len(self.todos()), 1)

    def test_it_does_not_bring_back_what_is_past(self):
        self.remind("2026-10-20 10:00:00")
        with freeze_time(at("2026-10-20 14:00:00")):
            rules = self.policy.reminder_rule_ids
            rules.filtered(lambda x: x.when == "before").amount = 5
            rules.create({"policy_id": self.policy.id, "amount": 8})
        self.remind("2026-10-20 14:15:00")
        self.assertEqual(len(self.todos()), 1)
        self.assertEqual(
            self.states(self.deadline),
            [("handler", "overtaken"), ("handler", "overtaken"), ("handler", "given")],
        )
        self.remind("2026-10-23 10:00:00")
        self.assertEqual(len(self.todos()), 3)

    def test_it_tells_a_level_that_did_not_know(self):
        self.remind("2026-10-20 10:00:00")
        with freeze_time(at("2026-10-20 14:00:00")):
            self.policy.reminder_rule_ids.create(
                {"policy_id": self.policy.id, "amount": 5, "level": "leader"}
            )
        self.remind("2026-10-20 14:15:00")
        self.assertEqual(self.todos().user_id, self.handler | self.leader)

    def test_a_rule_that_goes_says_nothing_more(self):
        with freeze_time(at("2026-10-13 10:00:00")):
            self.policy.reminder_rule_ids.unlink()
        self.remind("2026-10-23 10:00:00")
        self.assertFalse(self.todos())
        self.assertFalse(self.deadline.next_reminder_at)

    def test_a_corrected_rule_tries_again_what_failed(self):
        self.deadline.write({"reminder_error": "x", "next_reminder_at": False})
        with freeze_time(at("2026-10-20 10:00:00")):
            self.policy.reminder_rule_ids[:1].amount = 3
        self.assertFalse(self.deadline.reminder_error)
        self.remind("2026-10-20 10:00:00")
        self.assertEqual(len(self.todos()), 1)

    def test_it_costs_the_same_however_many_promises_run(self):
        """They are planned again by the job, in its batches."""
        rule = self.policy.reminder_rule_ids[:1]

        def cost(amount):
            self.env.flush_all()
            self.env.invalidate_all()
            count = self.env.cr.sql_log_count
            rule.amount = amount
            self.env.flush_all()
            return self.env.cr.sql_log_count - count

        cost(3)
        one = cost(4)
        with freeze_time(at("2026-10-12 10:00:00")):
            for _number in range(6):
                self._new_house_complaint()
        self.assertEqual(cost(5), one)
