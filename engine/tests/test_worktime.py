from datetime import UTC, date, datetime, timedelta
from unittest import TestCase
from zoneinfo import ZoneInfo

from ..worktime import day_start, next_day_start, next_open

PARIS = ZoneInfo("Europe/Paris")
OFFICE = {day: ((8, 12), (13, 17.5)) for day in range(5)}
LABOUR_DAY = {date(2026, 5, 1)}


def at(text, tz=PARIS):
    return datetime.fromisoformat(text).replace(tzinfo=tz)


class TestNextOpen(TestCase):
    def check(self, table, ask, *args):
        for moment, expected in table:
            with self.subTest(moment):
                self.assertEqual(ask(at(moment), PARIS, *args), at(expected))

    def test_working_time_answers_with_the_moment_itself(self):
        moments = ("2026-03-06 08:00:00", "2026-03-06 11:59:59", "2026-03-06 17:29:59")
        self.check(zip(moments, moments, strict=True), next_open, OFFICE)

    def test_outside_of_it_with_the_next_opening(self):
        self.check(
            (
                ("2026-03-06 00:00:00", "2026-03-06 08:00:00"),
                ("2026-03-06 12:00:00", "2026-03-06 13:00:00"),
                ("2026-03-06 17:30:00", "2026-03-09 08:00:00"),
                ("2026-03-07 10:00:00", "2026-03-09 08:00:00"),
                ("2026-03-08 23:59:59", "2026-03-09 08:00:00"),
                # clocks change on Sunday 29 March and 25 October
                ("2026-03-27 18:00:00", "2026-03-30 08:00:00"),
                ("2026-10-23 18:00:00", "2026-10-26 08:00:00"),
                # Thursday 30 April, then Labour Day
                ("2026-04-30 18:00:00", "2026-05-04 08:00:00"),
                ("2026-05-01 10:00:00", "2026-05-04 08:00:00"),
            ),
            next_open,
            OFFICE,
            LABOUR_DAY,
        )

    def test_the_day_begins_once(self):
        self.check(
            (
                ("2026-03-06 00:00:00", "2026-03-06 08:00:00"),
                ("2026-03-06 08:00:00", "2026-03-06 08:00:00"),
                ("2026-03-06 08:00:01", "2026-03-09 08:00:00"),
                ("2026-03-06 12:30:00", "2026-03-09 08:00:00"),
                ("2026-04-30 12:30:00", "2026-05-04 08:00:00"),
            ),
            next_day_start,
            OFFICE,
            LABOUR_DAY,
        )

    def test_never_worked_is_none_and_no_loop(self):
        for spans in ({}, {0: ()}, {0: ((9, 9),)}, {0: ((12, 9),)}):
            for ask in (next_open, next_day_start):
                self.assertIsNone(ask(at("2026-03-06 10:00:00"), PARIS, spans))

    def test_two_weeks_that_alternate(self):
        """Monday of the first week, Friday of the second."""
        spans = {0: ((9, 12),), 7 + 4: ((14, 24),)}
        for moment, expected in (
            ("2026-03-02 10:00:00", "2026-03-02 10:00:00"),
            ("2026-03-02 12:00:00", "2026-03-13 14:00:00"),
            ("2026-03-13 23:59:59", "2026-03-13 23:59:59"),
            ("2026-03-14 00:00:00", "2026-03-16 09:00:00"),
        ):
            with self.subTest(moment):
                self.assertEqual(next_open(at(moment), PARIS, spans), at(expected))

    def test_a_shift_over_midnight_is_two_spans(self):
        spans = {0: ((22, 24),), 1: ((0, 6),)}
        moment = at("2026-03-09 23:59:59")
        self.assertEqual(next_open(moment, PARIS, spans), moment)
        self.assertEqual(
            next_open(moment + timedelta(seconds=1), PARIS, spans),
            at("2026-03-10 00:00:00"),
        )

    def test_the_hours_are_those_of_the_reader(self):
        montreal = ZoneInfo("America/Toronto")
        self.assertEqual(
            next_open(at("2026-03-06 09:00:00"), montreal, OFFICE),
            at("2026-03-06 08:00:00", montreal),
        )

    def test_the_day_starts_at_local_midnight(self):
        self.assertEqual(
            day_start(datetime(2026, 3, 6, 23, 30, tzinfo=UTC), "Europe/Paris"),
            at("2026-03-07 00:00:00"),
        )
