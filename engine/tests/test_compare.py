from datetime import date
from unittest import TestCase

from ..compare import first_inversion
from ..errors import CalendarError, RuleError
from ..rule import Rule
from ..workdays import WorkCalendar
from .calendars import FRANCE, FRANCE_SIX, NEVER, PLAIN

ALL_DAYS = WorkCalendar("Every day", frozenset(range(7)), {})
#: 2028 has a 29 February.
LEAP = 2028

#: (longer, shorter, calendar, year, first day from which the longer ends before)
ROWS = [
    # four weeks of five days, from a Saturday on, end on a Friday
    (Rule(20, "business_day"), Rule(28, "day"), PLAIN, 2026, "2026-01-03"),
    (Rule(28, "day"), Rule(20, "business_day"), PLAIN, 2026, None),
    # 20 working days end after 28 days as soon as Easter Monday is among them
    (Rule(28, "day"), Rule(20, "business_day"), FRANCE, 2026, "2026-03-09"),
    (Rule(28, "day"), Rule(20, "business_day"), FRANCE_SIX, 2026, None),
    # Easter Monday and 1 May: 2 April and 31 days is a Sunday, the 20th day Monday
    (Rule(31, "day"), Rule(20, "business_day"), FRANCE, 2026, "2026-04-02"),
    # a ceiling from the same start
    (Rule(35, "business_day"), Rule(15, "business_day"), FRANCE, 2026, None),
    (Rule(15, "business_day"), Rule(35, "business_day"), FRANCE, 2026, "2026-01-01"),
    (Rule(15, "business_day"), Rule(15, "business_day"), FRANCE, 2026, None),
    (Rule(16, "business_day"), Rule(15, "business_day"), FRANCE, 2026, None),
    # a month has 28 to 31 days
    (Rule(1, "month"), Rule(28, "day"), None, 2026, None),
    (Rule(1, "month"), Rule(29, "day"), None, 2026, "2026-01-31"),
    (Rule(1, "month"), Rule(29, "day"), None, LEAP, None),
    (Rule(1, "month"), Rule(30, "day"), None, 2026, "2026-01-30"),
    (Rule(30, "day"), Rule(1, "month"), None, 2026, "2026-01-01"),
    (Rule(31, "day"), Rule(1, "month"), None, 2026, None),
    (Rule(1, "year"), Rule(365, "day"), None, 2026, None),
    (Rule(365, "day"), Rule(1, "year"), None, 2027, "2027-03-01"),
    # hours are elapsed, days end at midnight: noon and 36 hours is the next midnight
    (Rule(2, "day"), Rule(48, "hour"), None, 2026, None),
    (Rule(48, "hour"), Rule(2, "day"), None, 2026, "2026-01-01"),
    (Rule(1, "day"), Rule(36, "hour"), None, 2026, "2026-01-01"),
    (Rule(1, "day"), Rule(35, "hour"), None, 2026, "2026-03-28"),
    # the roll counts: 8 days from a Friday end on a Saturday and roll to Monday
    (Rule(9, "day"), Rule(8, "day", roll="next"), PLAIN, 2026, "2026-01-02"),
    (Rule(10, "day"), Rule(8, "day", roll="next"), PLAIN, 2026, None),
    (Rule(10, "business_day"), Rule(10, "day"), ALL_DAYS, 2026, None),
]


class TestFirstInversion(TestCase):
    def test_table(self):
        for longer, shorter, calendar, year, first in ROWS:
            with self.subTest(f"{longer} or {shorter}", year=year):
                day = first_inversion(
                    longer, shorter, year, "Europe/Paris", calendar=calendar
                )
                self.assertEqual(day and day.isoformat(), first)

    def test_days_are_local_ones(self):
        for tz in ("Pacific/Auckland", "Pacific/Kiritimati", "Pacific/Pago_Pago"):
            day = first_inversion(
                Rule(1, "month"), Rule(29, "day"), 2026, tz, calendar=None
            )
            self.assertEqual(day, date(2026, 1, 31), tz)

    def test_roll_calendar(self):
        """Worked Saturdays: the first day passed over twice is Easter Monday."""
        rules = Rule(9, "day"), Rule(8, "day", roll="next")
        kwargs = {"tz": "Europe/Paris", "calendar": FRANCE_SIX}
        for roll_calendar, first in (
            (None, date(2026, 3, 28)),
            (FRANCE, date(2026, 1, 2)),
        ):
            day = first_inversion(*rules, 2026, roll_calendar=roll_calendar, **kwargs)
            self.assertEqual(day, first)

    def test_raises_as_due_at_does(self):
        days, working = Rule(10, "day"), Rule(10, "business_day")
        for rules, tz, calendar, error, code in (
            ((days, working), "UTC", None, CalendarError, "no_calendar"),
            ((days, working), "UTC", NEVER, CalendarError, "no_working_day"),
            ((days, days), "Mars/Olympus", None, RuleError, "unknown_time_zone"),
            ((Rule(90, "year"), days), "UTC", None, RuleError, "day_out_of_range"),
        ):
            with self.subTest(code), self.assertRaises(error) as refusal:
                first_inversion(*rules, 2026, tz, calendar=calendar)
            self.assertEqual(refusal.exception.code, code)
