from datetime import UTC, datetime, timedelta
from unittest import TestCase

from ..clock import Pause, Span, merged, paused_days, paused_hours, paused_time
from .calendars import FRANCE


def at(day: int, hour: int = 12, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


def paused(*pauses, **more) -> int:
    return paused_days([Pause(*pause) for pause in pauses], "Europe/Paris", **more)


class TestPausedDays(TestCase):
    def test_one_pause(self):
        self.assertEqual(paused((at(20), at(3, month=4))), 14)
        self.assertEqual(paused((at(20, 8), at(20, 18))), 0)
        self.assertEqual(paused((at(20), at(20))), 0)
        self.assertEqual(paused((at(20, 22), at(21, 1))), 1)

    def test_local_midnight_decides(self):
        """23:30 UTC is the next day in Paris."""
        self.assertEqual(paused((at(10, 22), at(10, 23))), 1)

    def test_overlaps_count_once(self):
        self.assertEqual(paused((at(2), at(10)), (at(5), at(12))), 10)
        self.assertEqual(paused((at(2), at(10)), (at(5), at(7))), 8)
        self.assertEqual(paused((at(5), at(12)), (at(2), at(10))), 10)
        self.assertEqual(paused((at(2), at(10)), (at(10), at(12))), 10)

    def test_pauses_apart_add_up(self):
        self.assertEqual(paused((at(2), at(4)), (at(4, 15), at(6))), 4)

    def test_a_pause_that_lasts(self):
        self.assertEqual(paused((at(2), None), until=at(9)), 7)
        self.assertEqual(paused((at(2), None)), 0)
        self.assertEqual(paused((at(2), None), until=at(1)), 0)
        self.assertEqual(paused((at(2), None), (at(4), at(6)), until=at(9)), 7)

    def test_working_days(self):
        """Friday and Monday are frozen, the Tuesday of the resumption is not."""
        self.assertEqual(paused((at(6), at(10)), calendar=FRANCE), 2)
        self.assertEqual(paused((at(7), at(9)), calendar=FRANCE), 0)
        self.assertEqual(paused((at(3, month=4), at(8, month=4)), calendar=FRANCE), 2)

    def test_none(self):
        self.assertEqual(paused(), 0)


class TestPausedTime(TestCase):
    def test_elapsed(self):
        pauses = [Pause(at(2, 8), at(2, 10)), Pause(at(2, 9), at(3, 9))]
        self.assertEqual(paused_time(pauses), timedelta(hours=25))
        self.assertEqual(paused_hours(pauses), 25)
        self.assertEqual(paused_hours([Pause(at(2))], until=at(2, 18)), 6)
        self.assertEqual(paused_hours([]), 0)

    def test_clock_change_is_elapsed_time(self):
        night = Pause(
            datetime.fromisoformat("2026-03-28T12:00+01:00"),
            datetime.fromisoformat("2026-03-29T12:00+02:00"),
        )
        self.assertEqual(paused_hours([night]), 23)
        self.assertEqual(paused_days([night], "Europe/Paris"), 1)


class TestMerged(TestCase):
    def test_since_cuts_what_lies_before(self):
        pauses = [Pause(at(2), at(4)), Pause(at(5), at(9))]
        self.assertEqual(merged(pauses, since=at(6)), [Span(at(6), at(9))])
        self.assertEqual(merged(pauses, since=at(9)), [])
