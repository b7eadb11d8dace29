from datetime import UTC, date, datetime, timedelta
from unittest import TestCase
from zoneinfo import ZoneInfo

from ..daytime import add_months, end_of_day, local_day

#: Zones whose clocks change at midnight, in the evening, by half an hour, or
#: that skipped a whole day.
ZONES = {
    "Europe/Paris": 2026,
    "America/Havana": 2026,
    "America/Santiago": 2026,
    "America/Sao_Paulo": 2018,
    "Africa/Cairo": 2026,
    "Asia/Beirut": 2026,
    "Asia/Amman": 2020,
    "Australia/Lord_Howe": 2026,
    "Pacific/Apia": 2011,
}


class TestEndOfDay(TestCase):
    def test_one_second_later_it_is_the_next_day(self):
        for name, year in ZONES.items():
            tz, day = ZoneInfo(name), date(year, 1, 1)
            while day.year == year:
                end = end_of_day(day, tz)
                with self.subTest(name, day=day):
                    self.assertLessEqual(local_day(end, tz), day)
                    self.assertGreater(local_day(end + timedelta(seconds=1), tz), day)
                day += timedelta(days=1)

    def test_local_days_differ_at_one_instant(self):
        at = datetime(2026, 3, 6, 23, 30, tzinfo=UTC)
        self.assertEqual(local_day(at, ZoneInfo("Europe/Paris")), date(2026, 3, 7))
        self.assertEqual(local_day(at, ZoneInfo("America/Toronto")), date(2026, 3, 6))


class TestMonths(TestCase):
    def test_add_months(self):
        for start, months, end in (
            ((2026, 12, 31), 1, (2027, 1, 31)),
            ((2026, 12, 31), 2, (2027, 2, 28)),
            ((2027, 12, 31), 2, (2028, 2, 29)),
            ((2028, 2, 29), 12, (2029, 2, 28)),
            ((2028, 2, 29), 48, (2032, 2, 29)),
            ((2026, 5, 31), 1, (2026, 6, 30)),
            ((2026, 1, 15), 11, (2026, 12, 15)),
            ((2026, 1, 15), 12, (2027, 1, 15)),
            ((2096, 2, 29), 48, (2100, 2, 28)),
            ((2026, 3, 31), -1, (2026, 2, 28)),
        ):
            with self.subTest(start=start, months=months):
                self.assertEqual(add_months(date(*start), months), date(*end))
