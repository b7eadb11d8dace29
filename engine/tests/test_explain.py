import json
from datetime import UTC, date, datetime
from unittest import TestCase
from zoneinfo import ZoneInfo

from ..chain import canonical
from ..clock import Pause
from ..deadline import Rule, explain
from ..workdays import WorkCalendar
from .calendars import FIVE, FRANCE, FRANCE_SIX, PLAIN

PARIS = ZoneInfo("Europe/Paris")


def at(day: int, month: int = 3, hour: int = 12) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=PARIS)


def why(rule: Rule, start: datetime, calendar=None, *args, **more) -> dict:
    return explain(rule, start, "Europe/Paris", calendar, *args, **more)


class TestExplain(TestCase):
    maxDiff = None

    def test_all_of_it(self):
        rule = Rule(2, "month", roll="next", source="art. 641, 642")
        paused = [Pause(at(20), at(3, month=4))]
        found = why(rule, at(9), FRANCE, paused, date(2026, 7, 1))
        self.assertEqual(
            found,
            {
                "start": "2026-03-09T12:00:00+01:00",
                "start_day": "2026-03-09",
                "tz": "Europe/Paris",
                "calendar": "France, Monday to Friday",
                "amount": 2,
                "unit": "month",
                "then": [],
                "inclusive": False,
                "franc": False,
                "roll": "next",
                "source": "art. 641, 642",
                "raw_due_day": "2026-05-09",
                "short_month": False,
                "skipped_holidays": [],
                "skipped_rest_days": 0,
                "pauses": [
                    ["2026-03-20T12:00:00+01:00", "2026-04-03T12:00:00+02:00", 14]
                ],
                "paused_days": 14,
                "paused_seconds": 0,
                "rolled": {
                    "from": "2026-05-23",
                    "to": "2026-05-26",
                    "reasons": [
                        ["2026-05-23", None],
                        ["2026-05-24", None],
                        ["2026-05-25", "Whit Monday"],
                    ],
                },
                "extension": {"from": "2026-05-26", "to": "2026-07-01"},
                "due_at": "2026-07-01T21:59:59+00:00",
                "due_day": "2026-07-01",
            },
        )
        self.assertEqual(json.loads(json.dumps(found)), found)
        self.assertTrue(canonical(found))

    def test_plain(self):
        found = why(Rule(10, "day"), at(6))
        self.assertIsNone(found["calendar"])
        self.assertIsNone(found["rolled"])
        self.assertIsNone(found["extension"])
        self.assertEqual(found["pauses"], [])

    def test_short_month(self):
        for start, short in ((at(30, month=1), True), (at(28, month=2), False)):
            self.assertIs(why(Rule(1, "month"), start)["short_month"], short)
        leap = datetime(2028, 2, 29, tzinfo=UTC)
        self.assertIs(why(Rule(1, "year"), leap)["short_month"], True)
        self.assertIs(why(Rule(10, "day"), leap)["short_month"], False)

    def test_skipped(self):
        """29 April to 18 May: three holidays in the week, six rest days."""
        found = why(Rule(10, "business_day"), at(29, month=4), FRANCE)
        self.assertEqual(found["raw_due_day"], "2026-05-18")
        self.assertEqual(
            found["skipped_holidays"],
            [
                ["2026-05-01", "Labour Day"],
                ["2026-05-08", "Victory 1945"],
                ["2026-05-14", "Ascension"],
            ],
        )
        self.assertEqual(found["skipped_rest_days"], 6)

    def test_every_day_is_counted_or_skipped(self):
        rule = Rule(10, "business_day")
        paused = [Pause(at(5, month=5), at(7, month=5))]
        found = why(rule, at(29, month=4), FRANCE, paused)
        passed = date.fromisoformat(found["due_day"]) - date(2026, 4, 29)
        skipped = len(found["skipped_holidays"]) + found["skipped_rest_days"]
        self.assertEqual(passed.days, 10 + found["paused_days"] + skipped)

    def test_holiday_on_a_rest_day_is_a_rest_day(self):
        found = why(Rule(1, "business_day"), at(14, month=8), FRANCE)
        self.assertEqual(found["skipped_holidays"], [])
        self.assertEqual(found["skipped_rest_days"], 2)

    def test_a_day_off_without_a_name_is_a_rest_day(self):
        off = WorkCalendar("Alternating", FIVE, {date(2026, 3, 13): None})
        found = why(Rule(5, "business_day"), at(9), off)
        self.assertEqual(found["due_day"], "2026-03-17")
        self.assertEqual(found["skipped_holidays"], [])
        self.assertEqual(found["skipped_rest_days"], 3)

    def test_inclusive_skips_from_the_first_day(self):
        found = why(Rule(1, "business_day", inclusive=True), at(7), PLAIN)
        self.assertEqual(found["due_day"], "2026-03-09")
        self.assertEqual(found["skipped_rest_days"], 2)

    def test_working_days_after_months_skip_only_their_own(self):
        rule = Rule(1, "month", then=((1, "business_day"),))
        found = why(rule, at(6), FRANCE)
        self.assertEqual(found["due_day"], "2026-04-07")
        self.assertEqual(found["skipped_rest_days"], 0)
        self.assertEqual(found["then"], [[1, "business_day"]])

    def test_rolled_by_another_calendar(self):
        rule = Rule(10, "business_day", roll="next")
        found = why(rule, at(20, month=4), FRANCE_SIX, roll_calendar=FRANCE)
        self.assertEqual(
            found["rolled"],
            {
                "from": "2026-05-02",
                "to": "2026-05-04",
                "reasons": [["2026-05-02", None], ["2026-05-03", None]],
            },
        )

    def test_rolled_back(self):
        found = why(Rule(2, "month", roll="previous"), at(9), FRANCE)
        self.assertEqual(
            found["rolled"],
            {
                "from": "2026-05-09",
                "to": "2026-05-07",
                "reasons": [["2026-05-09", None], ["2026-05-08", "Victory 1945"]],
            },
        )

    def test_hours(self):
        paused = [Pause(at(6, hour=13), at(6, hour=14))]
        found = why(Rule(48, "hour", roll="next"), at(6), PLAIN, paused)
        self.assertEqual(found["raw_due_day"], "2026-03-08")
        self.assertEqual(found["due_at"], "2026-03-09T12:00:00+00:00")
        self.assertEqual(found["paused_seconds"], 3600)
        self.assertEqual(found["paused_days"], 0)
        self.assertEqual(
            found["rolled"],
            {
                "from": "2026-03-08",
                "to": "2026-03-09",
                "reasons": [["2026-03-08", None]],
            },
        )

    def test_pauses_that_changed_nothing_are_left_out(self):
        paused = [Pause(at(1), at(3)), Pause(at(20), at(25))]
        self.assertEqual(why(Rule(10, "day"), at(6), None, paused)["pauses"], [])

    def test_a_pause_that_lasts(self):
        paused = [Pause(at(10))]
        found = why(Rule(10, "day"), at(6), None, paused)
        self.assertEqual(found["pauses"], [["2026-03-10T12:00:00+01:00", None, 0]])
        found = why(Rule(10, "day"), at(6), None, paused, until=at(12))
        self.assertEqual(found["paused_days"], 2)
