import dataclasses
from datetime import date
from unittest import TestCase

from ..deadline import Rule, Unit, due_day
from ..errors import RuleError
from ..workdays import Roll
from .calendars import FRANCE, PLAIN


class TestRule(TestCase):
    def test_plain_strings(self):
        rule = Rule(2, "month", roll="next", then=[(15, "day")])
        self.assertIs(rule.unit, Unit.MONTH)
        self.assertIs(rule.roll, Roll.NEXT)
        self.assertEqual(rule.then, ((15, Unit.DAY),))
        self.assertEqual(rule, Rule(2, Unit.MONTH, Roll.NEXT, then=rule.then))

    def test_is_a_value(self):
        rule = Rule(8, "day", franc=True)
        self.assertEqual(len({rule, Rule(8, "day", franc=True), Rule(8, "day")}), 2)
        with self.assertRaises(dataclasses.FrozenInstanceError):
            rule.amount = 9
        longer = dataclasses.replace(rule, amount=9)
        self.assertEqual((rule.days, longer.days), (9, 10))

    def test_lengths_add_up(self):
        rule = Rule(1, "year", then=((6, "month"), (2, "week"), (3, "day")))
        self.assertEqual((rule.months, rule.days, rule.business_days), (18, 17, 0))


class TestInclusive(TestCase):
    """The day of the event is day one."""

    CASES = (
        (Rule(1, "day", inclusive=True), "2026-03-06", "2026-03-06"),
        (Rule(10, "day", inclusive=True), "2026-03-06", "2026-03-15"),
        (Rule(8, "week", inclusive=True), "2026-03-05", "2026-04-29"),
        (Rule(1, "month", inclusive=True), "2026-03-01", "2026-03-31"),
        (Rule(1, "year", inclusive=True), "2026-01-01", "2026-12-31"),
        # no such day number: the last of the month is already the eve of it
        (Rule(1, "month", inclusive=True), "2026-01-31", "2026-02-28"),
        (Rule(1, "month", inclusive=True), "2026-01-29", "2026-02-28"),
        (Rule(1, "month", inclusive=True), "2026-01-28", "2026-02-27"),
        (Rule(1, "year", inclusive=True), "2028-02-29", "2029-02-28"),
        # a Thursday, then a Saturday, which is not worked
        (Rule(1, "business_day", inclusive=True), "2026-03-05", "2026-03-05"),
        (Rule(1, "business_day", inclusive=True), "2026-03-07", "2026-03-09"),
        (Rule(5, "business_day", inclusive=True), "2026-03-05", "2026-03-11"),
        # only the first length loses a day
        (
            Rule(1, "month", inclusive=True, then=((15, "day"),)),
            "2017-02-12",
            "2017-03-26",
        ),
    )

    def test_inclusive(self):
        for rule, start, due in self.CASES:
            with self.subTest(rule, start=start):
                found = due_day(rule, date.fromisoformat(start), PLAIN)
                self.assertEqual(found.isoformat(), due)


class TestFranc(TestCase):
    """Neither day zero nor the last day counted is part of the period."""

    def test_franc(self):
        for rule, due in (
            (Rule(1, "month", franc=True), "2026-08-04"),
            (Rule(1, "week", franc=True), "2026-07-11"),
            (Rule(1, "week", franc=True, roll="next"), "2026-07-13"),
            (Rule(5, "business_day", franc=True), "2026-07-13"),
            (Rule(5, "business_day"), "2026-07-10"),
        ):
            with self.subTest(rule):
                found = due_day(rule, date(2026, 7, 3), FRANCE)
                self.assertEqual(found.isoformat(), due)


class TestTimes(TestCase):
    """The n-th time a promise comes again, all from one day zero."""

    def test_every_length_is_multiplied(self):
        rule = Rule(1, "month", roll="next", then=((15, "day"),), source="art. 1")
        self.assertEqual(
            rule.times(3),
            Rule(3, "month", roll="next", then=((45, "day"),), source="art. 1"),
        )
        self.assertIs(rule.times(1), rule)

    def test_a_franc_day_is_added_once(self):
        days = Rule(5, "business_day", franc=True).times(4).business_days
        self.assertEqual(days, 21)

    def test_refused(self):
        for count in (0, -1, 2.0):
            with self.subTest(count), self.assertRaises(RuleError) as refusal:
                Rule(1, "month").times(count)
            self.assertEqual(refusal.exception.code, "bad_amount")
