from datetime import UTC, date, datetime
from unittest import TestCase
from zoneinfo import ZoneInfo

from ..clock import Pause
from ..deadline import Rule, due_at, due_day
from .calendars import FRANCE, FRANCE_SIX, PLAIN

PARIS = ZoneInfo("Europe/Paris")


def at(day: int, hour: int = 12, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=PARIS)


def due(rule: Rule, start: datetime, *args, **more) -> str:
    """Local day due, after a check that it is due at its last second."""
    end = due_at(rule, start, "Europe/Paris", *args, **more)
    assert end.tzinfo is UTC
    local = end.astimezone(PARIS)
    assert local.time().isoformat() == "23:59:59"
    return local.date().isoformat()


class TestDayZero(TestCase):
    def test_is_the_local_day(self):
        late = datetime(2026, 3, 6, 23, 30, tzinfo=UTC)
        rule = Rule(1, "day")
        self.assertEqual(due(rule, late, None), "2026-03-08")
        end = due_at(rule, late, "America/Toronto", None)
        self.assertEqual(end.isoformat(), "2026-03-08T04:59:59+00:00")

    def test_end_of_day_follows_the_clock_change(self):
        rule = Rule(1, "day")
        for day, hour in ((27, 22), (28, 21)):
            self.assertEqual(due_at(rule, at(day), PARIS, None).hour, hour)

    def test_year_ends(self):
        self.assertEqual(due(Rule(2, "day"), at(31, month=12), None), "2027-01-02")
        due_on = due(Rule(1, "business_day"), at(31, month=12), FRANCE)
        self.assertEqual(due_on, "2027-01-04")


class TestRoll(TestCase):
    def test_previous(self):
        self.assertEqual(
            due(Rule(1, "day", roll="previous"), at(6), PLAIN), "2026-03-06"
        )
        self.assertEqual(
            due(Rule(2, "month", roll="previous"), at(10), FRANCE), "2026-05-07"
        )

    def test_previous_stops_at_the_start(self):
        rule = Rule(1, "day", roll="previous")
        self.assertEqual(due(rule, at(7), PLAIN), "2026-03-07")
        self.assertEqual(due_day(rule, date(2026, 3, 7), PLAIN), date(2026, 3, 7))
        hours = Rule(1, "hour", roll="previous")
        self.assertEqual(due_at(hours, at(7), PARIS, PLAIN), at(7, 13))

    def test_hours_keep_their_local_time(self):
        """Friday 27 March 19:30 + 48 h is Sunday 20:30 across the clock change."""
        start = datetime(2026, 3, 27, 19, 30, tzinfo=PARIS)
        end = due_at(Rule(48, "hour", roll="next"), start, PARIS, PLAIN)
        self.assertEqual(end, datetime(2026, 3, 30, 20, 30, tzinfo=PARIS))
        back = due_at(Rule(48, "hour", roll="previous"), start, PARIS, PLAIN)
        self.assertEqual(back, datetime(2026, 3, 27, 20, 30, tzinfo=PARIS))

    def test_roll_calendar(self):
        rule = Rule(10, "business_day", roll="next")
        self.assertEqual(due(rule, at(10), FRANCE_SIX), "2026-03-21")
        self.assertEqual(
            due(rule, at(10), FRANCE_SIX, roll_calendar=FRANCE), "2026-03-23"
        )


class TestPauses(TestCase):
    TEN = Rule(10, "day")

    def test_before_the_start(self):
        self.assertEqual(
            due(self.TEN, at(6), None, [Pause(at(1), at(5))]), "2026-03-16"
        )
        self.assertEqual(
            due(self.TEN, at(6), None, [Pause(at(1), at(8))]), "2026-03-18"
        )

    def test_after_the_end_it_is_too_late(self):
        self.assertEqual(
            due(self.TEN, at(6), None, [Pause(at(17), at(20))]), "2026-03-16"
        )

    def test_on_the_last_day_it_is_in_time(self):
        self.assertEqual(
            due(self.TEN, at(6), None, [Pause(at(16, 23), at(20))]), "2026-03-20"
        )

    def test_a_pause_keeps_the_next_in_time(self):
        pauses = [Pause(at(20), at(22)), Pause(at(14), at(18))]
        self.assertEqual(due(self.TEN, at(6), None, pauses), "2026-03-22")

    def test_on_the_day_rolled_to(self):
        """Last day Saturday 14, rolled to Monday 16: Monday is in time."""
        rule = Rule(8, "day", roll="next")
        paused = [Pause(at(16), at(18))]
        self.assertEqual(due(rule, at(6), PLAIN, paused), "2026-03-18")
        self.assertEqual(due(rule, at(6), PLAIN, [Pause(at(17), at(18))]), "2026-03-16")

    def test_roll_comes_after_the_pause(self):
        rule = Rule(10, "day", roll="next")
        self.assertEqual(due(rule, at(6), PLAIN, [Pause(at(9), at(14))]), "2026-03-23")

    def test_hours_that_roll_keep_what_they_had(self):
        """Due on Monday 9 at 20:00; five hours more lead to Monday at 01:00."""
        paused = Pause(at(6, 21), at(7, 2))
        rule = Rule(48, "hour", roll="next")
        for pauses, end in (
            ([], at(9, 20)),
            ([paused], at(9, 20)),
            ([paused, Pause(at(9, 5), at(9, 6))], at(9, 21)),
            ([Pause(at(6, 21), at(8, 2))], at(10, 1)),
        ):
            self.assertEqual(due_at(rule, at(6, 20), PARIS, PLAIN, pauses), end)
        rule = Rule(48, "hour", roll="previous")
        for pauses, end in (
            ([], at(6, 20)),
            ([Pause(at(5, 1), at(5, 6))], at(6, 20)),
        ):
            self.assertEqual(due_at(rule, at(4, 20), PARIS, PLAIN, pauses), end)

    def test_working_days(self):
        rule = Rule(10, "business_day")
        self.assertEqual(due(rule, at(6), PLAIN), "2026-03-20")
        # Thursday, Friday and Monday frozen
        self.assertEqual(due(rule, at(6), PLAIN, [Pause(at(12), at(17))]), "2026-03-25")
        # a weekend costs nothing
        self.assertEqual(due(rule, at(6), PLAIN, [Pause(at(14), at(16))]), "2026-03-20")

    def test_one_that_lasts(self):
        lasting = [Pause(at(10))]
        self.assertEqual(due(self.TEN, at(6), None, lasting), "2026-03-16")
        self.assertEqual(
            due(self.TEN, at(6), None, lasting, until=at(13)), "2026-03-19"
        )

    def test_hours(self):
        rule = Rule(48, "hour")
        nine = at(2, 9)
        for pause, end in (
            (Pause(at(3, 9), at(3, 15)), at(4, 15)),
            (Pause(at(4, 9), at(4, 10)), at(4, 10)),
            (Pause(at(4, 10), at(4, 11)), at(4, 9)),
            (Pause(at(2, 8), at(2, 10)), at(4, 10)),
        ):
            with self.subTest(pause):
                self.assertEqual(due_at(rule, nine, PARIS, None, [pause]), end)


class TestExtension(TestCase):
    RULE = Rule(2, "month")

    def test_replaces_the_day_due(self):
        self.assertEqual(
            due(self.RULE, at(6), None, extension=date(2026, 6, 6)), "2026-06-06"
        )

    def test_is_kept_as_promised(self):
        """Sunday 7 June, although the rule rolls."""
        rule = Rule(2, "month", roll="next")
        self.assertEqual(
            due(rule, at(6), FRANCE, extension=date(2026, 6, 7)), "2026-06-07"
        )

    def test_the_day_due_itself(self):
        self.assertEqual(
            due(self.RULE, at(6), None, extension=date(2026, 5, 6)), "2026-05-06"
        )

    def test_pauses_may_carry_further(self):
        paused = [Pause(at(1, month=5), at(1, month=6))]
        self.assertEqual(
            due(self.RULE, at(6), None, paused, date(2026, 5, 20)), "2026-06-06"
        )
        self.assertEqual(
            due(self.RULE, at(6), None, paused, date(2026, 6, 20)), "2026-06-20"
        )

    def test_of_hours(self):
        self.assertEqual(
            due(Rule(48, "hour"), at(6), None, extension=date(2026, 3, 8)), "2026-03-08"
        )
