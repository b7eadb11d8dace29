from datetime import date
from unittest import TestCase

from ..errors import CalendarError
from ..workdays import FIRST_DAY, LAST_DAY, Closed, Roll, WorkCalendar
from .calendars import FIVE, FRANCE, FRANCE_SIX, NEVER, PLAIN, SHUT

FRIDAY, SATURDAY = date(2026, 5, 8), date(2026, 5, 9)
THURSDAY, MONDAY = date(2026, 5, 7), date(2026, 5, 11)


class TestWorkCalendar(TestCase):
    def test_is_working(self):
        for day, worked in (
            (THURSDAY, True),
            (FRIDAY, False),
            (SATURDAY, False),
            (MONDAY, True),
        ):
            self.assertIs(FRANCE.is_working(day), worked)
        self.assertIs(FRANCE_SIX.is_working(SATURDAY), True)

    def test_why_closed(self):
        self.assertIsNone(FRANCE.why_closed(MONDAY))
        self.assertEqual(FRANCE.why_closed(FRIDAY), Closed(FRIDAY, "Victory 1945"))
        self.assertEqual(FRANCE.why_closed(SATURDAY), Closed(SATURDAY, None))

    def test_holiday_on_a_rest_day_keeps_its_name(self):
        assumption = date(2026, 8, 15)
        self.assertEqual(
            FRANCE.why_closed(assumption), Closed(assumption, "Assumption")
        )

    def test_roll(self):
        for how, day in (
            (Roll.NONE, SATURDAY),
            (Roll.NEXT, MONDAY),
            (Roll.PREVIOUS, THURSDAY),
            ("next", MONDAY),
        ):
            with self.subTest(how):
                self.assertEqual(FRANCE.roll(SATURDAY, how), day)
        for how in Roll:
            self.assertEqual(FRANCE.roll(MONDAY, how), MONDAY)

    def test_add(self):
        self.assertEqual(FRANCE.add(THURSDAY, 1), MONDAY)
        self.assertEqual(FRANCE.add(SATURDAY, 1), MONDAY)
        self.assertEqual(FRANCE.add(date(2025, 12, 31), 1), date(2026, 1, 2))

    def test_before(self):
        self.assertEqual(FRANCE.before(MONDAY, 1), THURSDAY)
        self.assertEqual(FRANCE.before(SATURDAY, 1), THURSDAY)
        self.assertEqual(FRANCE.before(date(2026, 1, 2), 1), date(2025, 12, 31))
        self.assertEqual(FRANCE_SIX.before(MONDAY, 2), THURSDAY)

    def test_before_is_the_way_back_of_add(self):
        day = date(2026, 1, 5)
        while day.year == 2026:
            if FRANCE.is_working(day):
                for n in (1, 2, 10, 60):
                    self.assertEqual(FRANCE.before(FRANCE.add(day, n), n), day)
            day = date.fromordinal(day.toordinal() + 1)

    def test_count_excludes_the_first_end_and_includes_the_last(self):
        self.assertEqual(FRANCE.count(THURSDAY, MONDAY), 1)
        self.assertEqual(FRANCE.count(MONDAY, MONDAY), 0)
        self.assertEqual(FRANCE.count(date(2026, 5, 6), THURSDAY), 1)

    def test_closed_days(self):
        self.assertEqual(
            FRANCE.closed_days(THURSDAY, MONDAY),
            [
                Closed(FRIDAY, "Victory 1945"),
                Closed(SATURDAY, None),
                Closed(date(2026, 5, 10), None),
            ],
        )
        self.assertEqual(FRANCE.closed_days(FRIDAY, FRIDAY), [])

    def test_long_closure_is_passed_over(self):
        self.assertEqual(SHUT.add(date(2025, 12, 31), 1), date(2028, 1, 3))
        self.assertEqual(SHUT.roll(date(2026, 6, 1), Roll.NEXT), date(2028, 1, 3))

    def test_no_working_day_ends_with_an_error(self):
        for ask in (
            lambda: NEVER.add(MONDAY, 1),
            lambda: NEVER.roll(MONDAY, Roll.NEXT),
            lambda: NEVER.roll(MONDAY, Roll.PREVIOUS),
            lambda: PLAIN.add(LAST_DAY, 1),
            lambda: NEVER.before(MONDAY, 1),
            lambda: PLAIN.before(FIRST_DAY, 1),
            lambda: PLAIN.before(MONDAY, 10**9),
            lambda: PLAIN.add(MONDAY, 10**9),
        ):
            with self.assertRaises(CalendarError) as caught:
                ask()
            self.assertEqual(caught.exception.code, "no_working_day")
        self.assertEqual(NEVER.count(FIRST_DAY, LAST_DAY), 0)

    def test_both_ends_of_the_range(self):
        self.assertTrue(PLAIN.is_working(FIRST_DAY))
        self.assertTrue(PLAIN.is_working(LAST_DAY))
        for day in (date(1899, 12, 31), date(2101, 1, 1)):
            for ask in (
                PLAIN.is_working,
                PLAIN.why_closed,
                lambda day: PLAIN.add(day, 1),
                lambda day: PLAIN.roll(day, Roll.NEXT),
                lambda day: PLAIN.count(day, day),
            ):
                with self.assertRaises(CalendarError) as caught:
                    ask(day)
                self.assertEqual(caught.exception.code, "out_of_range")

    def test_holidays_outside_the_range_are_harmless(self):
        calendar = WorkCalendar("Old", FIVE, {date(1066, 10, 14): "Hastings"})
        self.assertEqual(calendar.add(THURSDAY, 1), FRIDAY)


class TestValue(TestCase):
    def test_nothing_outside_changes_it(self):
        holidays = {FRIDAY: "Victory"}
        calendar = WorkCalendar("Copy", FIVE, holidays)
        holidays[MONDAY] = "late"
        self.assertTrue(calendar.is_working(MONDAY))
        with self.assertRaises(AttributeError):
            calendar.name = "other"
        with self.assertRaises(TypeError):
            calendar.holidays[MONDAY] = "late"

    def test_equal_by_identity(self):
        twin = WorkCalendar(PLAIN.name, FIVE, {})
        self.assertNotEqual(PLAIN, twin)
        self.assertEqual(len({PLAIN, twin, PLAIN}), 2)

    def test_any_collection_of_weekdays(self):
        calendar = WorkCalendar("Sunday to Thursday", [6, 0, 1, 2, 3], {})
        self.assertEqual(calendar.add(THURSDAY, 1), date(2026, 5, 10))
