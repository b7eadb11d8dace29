from datetime import UTC, date, datetime, timedelta
from unittest import TestCase
from zoneinfo import ZoneInfo

from ..daytime import end_of_day
from ..reminder import Pending, moment, sort_out
from .calendars import FRANCE, FRANCE_SIX

PARIS = "Europe/Paris"
NOW = datetime(2026, 3, 10, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


def at(text, tz=PARIS):
    """An instant from its local date and time."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(tz))


class TestMoment(TestCase):
    def check(self, due, expected, *rule, tz=PARIS, calendar=None):
        with self.subTest(due=due, rule=rule, tz=tz):
            found = moment(at(due, tz), *rule, tz, calendar)
            self.assertEqual(found, at(expected, tz))
            self.assertEqual(found.tzinfo, UTC)

    def test_the_due_instant_itself(self):
        for due in ("2026-12-10 23:59:59", "2026-06-07 19:30:00"):
            for rule in (
                ("at", 0, "day"),
                ("at", 3, "day"),
                ("after", 0, "day"),
                ("after", 0, "business_day"),
                ("after", 0, "hour"),
            ):
                self.check(due, due, *rule)

    def test_days_and_longer_are_the_beginning_of_that_local_day(self):
        due = "2026-12-10 23:59:59"
        for expected, *rule in (
            ("2026-12-09 00:00:00", "before", 1, "day"),
            ("2026-12-08 00:00:00", "before", 2, "day"),
            ("2026-11-26 00:00:00", "before", 14, "day"),
            ("2026-12-03 00:00:00", "before", 1, "week"),
            ("2026-11-10 00:00:00", "before", 1, "month"),
            ("2025-12-10 00:00:00", "before", 1, "year"),
            ("2026-12-11 00:00:00", "after", 1, "day"),
            ("2026-12-24 00:00:00", "after", 2, "week"),
            ("2027-01-10 00:00:00", "after", 1, "month"),
        ):
            self.check(due, expected, *rule)

    def test_a_day_before_a_due_hour_is_the_beginning_of_that_day_too(self):
        self.check("2026-06-07 19:30:00", "2026-06-06 00:00:00", "before", 1, "day")
        self.check("2026-06-07 00:00:00", "2026-06-06 00:00:00", "before", 1, "day")

    def test_after_a_broken_promise_never_before_it(self):
        for day in range(1, 29):
            due = end_of_day(date(2026, 3, day), ZoneInfo(PARIS))
            for unit in ("hour", "day", "business_day", "week", "month"):
                self.assertGreater(moment(due, "after", 1, unit, PARIS, FRANCE), due)
                self.assertLess(moment(due, "before", 1, unit, PARIS, FRANCE), due)

    def test_hours_are_elapsed_time_across_the_clock_change(self):
        for due, expected, *rule in (
            ("2026-03-29 23:59:59", "2026-03-28 22:59:59", "before", 24, "hour"),
            ("2026-10-25 23:59:59", "2026-10-25 00:59:59", "before", 24, "hour"),
            ("2026-03-28 23:59:59", "2026-03-30 00:59:59", "after", 24, "hour"),
        ):
            self.check(due, expected, *rule)

    def test_days_are_local_days_across_the_clock_change(self):
        for due, expected, *rule in (
            ("2026-03-30 23:59:59", "2026-03-29 00:00:00", "before", 1, "day"),
            ("2026-03-29 23:59:59", "2026-03-30 00:00:00", "after", 1, "day"),
            ("2026-10-26 23:59:59", "2026-10-24 00:00:00", "before", 2, "day"),
        ):
            self.check(due, expected, *rule)
        # The clocks go forward at midnight in Havana: that day begins at 01:00.
        self.check(
            "2026-03-09 23:59:59",
            "2026-03-08 01:00:00",
            *("before", 1, "day"),
            tz="America/Havana",
        )

    def test_the_day_is_that_of_the_zone(self):
        due = datetime(2026, 3, 6, 23, 30, tzinfo=UTC)  # 7 March in Paris
        self.assertEqual(
            moment(due, "before", 1, "day", PARIS), at("2026-03-06 00:00:00")
        )
        self.assertEqual(
            moment(due, "before", 1, "day", "America/Toronto"),
            at("2026-03-05 00:00:00", "America/Toronto"),
        )

    def test_month_ends(self):
        for due, expected, *rule in (
            ("2026-03-31 23:59:59", "2026-02-28 00:00:00", "before", 1, "month"),
            ("2028-03-30 23:59:59", "2028-02-29 00:00:00", "before", 1, "month"),
            ("2026-01-31 23:59:59", "2026-02-28 00:00:00", "after", 1, "month"),
            ("2026-02-28 23:59:59", "2026-01-28 00:00:00", "before", 1, "month"),
            ("2028-02-29 23:59:59", "2027-02-28 00:00:00", "before", 1, "year"),
        ):
            self.check(due, expected, *rule)

    def test_working_days_backwards_over_holidays(self):
        # 1 and 8 May are Fridays, 14 May (Ascension) is a Thursday.
        for due, expected, *rule in (
            ("2026-05-18 23:59:59", "2026-05-15 00:00:00", "before", 1, "business_day"),
            ("2026-05-18 23:59:59", "2026-05-13 00:00:00", "before", 2, "business_day"),
            ("2026-05-18 23:59:59", "2026-05-11 00:00:00", "before", 4, "business_day"),
            ("2026-05-18 23:59:59", "2026-05-07 00:00:00", "before", 5, "business_day"),
            # a due day that is not worked
            ("2026-05-09 23:59:59", "2026-05-07 00:00:00", "before", 1, "business_day"),
            ("2026-04-30 23:59:59", "2026-05-04 00:00:00", "after", 1, "business_day"),
        ):
            self.check(due, expected, *rule, calendar=FRANCE)
        self.check(
            "2026-05-18 23:59:59",
            "2026-05-16 00:00:00",
            *("before", 1, "business_day"),
            calendar=FRANCE_SIX,
        )


class TestSortOut(TestCase):
    def sort(self, *pendings):
        parts = sort_out([Pending(*pending) for pending in pendings], NOW)
        return [[pending.key for pending in part] for part in parts]

    def test_after_days_without_the_job_each_reader_hears_once_the_latest(self):
        rows = (
            ("leader", NOW - HOUR, "Bob", "activity", NOW),
            ("late", NOW - 24 * HOUR, "Ann", "activity", NOW),
            ("soon", NOW - 72 * HOUR, "Ann", "email", NOW),
        )
        self.assertEqual(self.sort(*rows), [["late", "leader"], ["soon"], []])

    def test_two_ways_at_one_moment_are_both_used_one_way_once(self):
        rows = [
            (way, NOW, "Ann", way, NOW) for way in ("activity", "email", "activity")
        ]
        self.assertEqual(self.sort(*rows), [["activity", "email"], ["activity"], []])

    def test_who_is_not_at_work_waits_and_stops_nobody_else(self):
        rows = (
            ("closed", NOW - HOUR, "Ann", "activity", NOW + HOUR),
            ("open", NOW, "Bob", "activity", NOW),
        )
        self.assertEqual(self.sort(*rows), [["open"], [], ["closed"]])

    def test_what_waits_is_overtaken_by_what_comes_at_any_time(self):
        rows = (
            ("closed", NOW - HOUR, "Ann", "activity", NOW + HOUR),
            ("urgent", NOW, "Ann", "activity", NOW),
            ("digest", NOW, "Ann", "digest", NOW + HOUR),
            ("later", NOW + HOUR, "Ann", "activity", NOW + HOUR),
        )
        self.assertEqual(
            self.sort(*rows), [["urgent"], ["closed"], ["digest", "later"]]
        )

    def test_nothing_pending_gives_nothing(self):
        self.assertEqual(sort_out([], NOW), ([], [], []))
