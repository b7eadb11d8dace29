"""Dates that were reckoned by hand and by another program, one class a topic.

Each row is ``(rule, start, calendar, day due)``. The T-numbers name the vectors
and are told when one fails.
"""

from datetime import UTC, date, datetime
from unittest import TestCase
from zoneinfo import ZoneInfo

from ..clock import Pause, paused_days
from ..deadline import Rule, due_at, due_day, explain
from ..retention import erase_from, keep_until
from .calendars import (
    ALSACE,
    ENGLAND,
    FRANCE,
    FRANCE_SIX,
    IRELAND,
    PLAIN,
    TARGET,
)

PARIS = ZoneInfo("Europe/Paris")


def D(text: str) -> date:
    return date.fromisoformat(text)


def days(amount, **more):
    return Rule(amount, "day", **more)


def working(amount, **more):
    return Rule(amount, "business_day", **more)


def weeks(amount, **more):
    return Rule(amount, "week", **more)


def months(amount, **more):
    return Rule(amount, "month", **more)


def years(amount, **more):
    return Rule(amount, "year", **more)


NEXT = {"roll": "next"}

#: name: rows of (rule, start, calendar, due)
VECTORS = {
    "T1 one month from 30 January": [
        (months(1, **NEXT), "2026-01-30", FRANCE, "2026-03-02"),
        (months(1), "2026-01-30", None, "2026-02-28"),
    ],
    "T2 two months to the end of February": [
        (months(2, **NEXT), "2025-12-31", FRANCE, "2026-03-02"),
        (months(2), "2025-12-31", None, "2026-02-28"),
        (months(2, **NEXT), "2027-12-31", FRANCE, "2028-02-29"),
    ],
    "T3 same day number, not last to last": [
        (months(1), "2026-02-28", None, "2026-03-28"),
        (months(1, **NEXT), "2026-02-28", FRANCE, "2026-03-30"),
    ],
    "T4 ten days over 1 and 8 May": [
        (working(10), "2026-04-29", FRANCE_SIX, "2026-05-13"),
        (working(10), "2026-04-29", FRANCE, "2026-05-18"),
        (days(10), "2026-04-29", None, "2026-05-09"),
        (days(10, **NEXT), "2026-04-29", FRANCE, "2026-05-11"),
    ],
    "T5 ten days over three holidays": [
        (working(10), "2026-04-30", FRANCE_SIX, "2026-05-15"),
        (working(10), "2026-04-30", FRANCE, "2026-05-19"),
    ],
    "T6 tenth day on a Saturday": [
        (working(10), "2026-04-20", FRANCE_SIX, "2026-05-02"),
        (working(10, **NEXT), "2026-04-20", FRANCE_SIX, "2026-05-02"),
    ],
    "T7 from sending, from receipt": [
        (working(10), "2026-03-06", FRANCE_SIX, "2026-03-18"),
        (working(10), "2026-03-10", FRANCE_SIX, "2026-03-21"),
        (months(2), "2026-03-06", None, "2026-05-06"),
        (months(2), "2026-03-10", None, "2026-05-10"),
        (months(2, **NEXT), "2026-03-10", FRANCE, "2026-05-11"),
    ],
    "T8 house notice, 14 and 30": [
        (working(14), "2026-04-20", FRANCE, "2026-05-12"),
        (working(30), "2026-04-20", FRANCE, "2026-06-05"),
    ],
    "T9 payments, 15 and 35, four calendars": [
        (working(15), "2026-04-02", FRANCE, "2026-04-24"),
        (working(35), "2026-04-02", FRANCE, "2026-05-28"),
        (working(15), "2026-04-02", TARGET, "2026-04-27"),
        (working(35), "2026-04-02", TARGET, "2026-05-26"),
        (working(15), "2026-04-02", FRANCE_SIX, "2026-04-21"),
        (working(35), "2026-04-02", FRANCE_SIX, "2026-05-18"),
        (working(15), "2026-04-02", ENGLAND, "2026-04-27"),
        (working(35), "2026-04-02", ENGLAND, "2026-05-27"),
    ],
    "T10 Good Friday in Alsace": [
        (working(10), "2026-03-30", FRANCE, "2026-04-14"),
        (working(10), "2026-03-30", ALSACE, "2026-04-15"),
    ],
    "T13 third business day over Easter": [
        (working(3), "2026-04-02", ENGLAND, "2026-04-09"),
    ],
    "T14 eight weeks, six months": [
        (weeks(8), "2026-03-05", None, "2026-04-30"),
        (months(6), "2026-04-30", None, "2026-10-30"),
        (months(6), "2026-08-31", None, "2027-02-28"),
    ],
    "T15 six months commencing on": [
        (months(6, inclusive=True), "2026-03-15", None, "2026-09-14"),
        (months(6), "2026-03-15", None, "2026-09-15"),
    ],
    "T17 housing, two stages": [
        (working(5), "2026-04-27", ENGLAND, "2026-05-05"),
        (working(10), "2026-04-30", ENGLAND, "2026-05-15"),
        (working(10), "2026-05-15", ENGLAND, "2026-06-01"),
        (
            working(10, then=((10, "business_day"),)),
            "2026-04-30",
            ENGLAND,
            "2026-06-01",
        ),
    ],
    "T18 eight-day window": [
        (days(8, **NEXT), "2026-07-03", FRANCE, "2026-07-13"),
        (days(8, **NEXT), "2026-07-06", FRANCE, "2026-07-15"),
    ],
    "T19 mediator": [
        (days(90), "2025-12-01", None, "2026-03-01"),
        (days(90, **NEXT), "2025-12-01", FRANCE, "2026-03-02"),
        (years(1, **NEXT), "2026-03-06", FRANCE, "2027-03-08"),
        (years(1, **NEXT), "2028-02-29", FRANCE, "2029-02-28"),
    ],
    "T20 Ireland, 5, 20 and 40": [
        (working(5), "2026-03-02", IRELAND, "2026-03-09"),
        (working(20), "2026-03-02", IRELAND, "2026-03-31"),
        (working(40), "2026-03-02", IRELAND, "2026-04-29"),
    ],
    "T21 Poland, 30 and 60": [
        (days(30), "2026-01-15", None, "2026-02-14"),
        (days(30, **NEXT), "2026-01-15", PLAIN, "2026-02-16"),
        (days(60), "2026-01-15", None, "2026-03-16"),
    ],
    "T22 thirty days, rolled": [
        (days(30, **NEXT), "2026-07-01", ENGLAND, "2026-07-31"),
        (days(30, **NEXT), "2026-07-02", ENGLAND, "2026-08-03"),
    ],
    "T24 one month and fifteen days": [
        (months(1, then=((15, "day"),)), "2017-02-12", None, "2017-03-27"),
        (days(15, then=((1, "month"),)), "2017-02-12", None, "2017-03-27"),
    ],
    "T25 eight clear days": [
        (days(8, franc=True), "2026-07-03", None, "2026-07-12"),
        (days(8, franc=True, **NEXT), "2026-07-03", FRANCE, "2026-07-13"),
    ],
    "T26 Québec, 10, 60 and 90": [
        (days(10), "2026-03-02", None, "2026-03-12"),
        (days(60), "2026-03-02", None, "2026-05-01"),
        (days(90), "2026-03-02", None, "2026-05-31"),
    ],
}


class TestDays(TestCase):
    def test_vectors(self):
        for name, rows in VECTORS.items():
            for rule, start, calendar, due in rows:
                with self.subTest(name, rule=rule, start=start):
                    self.assertEqual(due_day(rule, D(start), calendar), D(due))

    def test_vectors_as_instants(self):
        """The same days from any hour, and the explanation agrees."""
        for name, rows in VECTORS.items():
            for rule, start, calendar, due in rows:
                for hour in (0, 12, 23):
                    with self.subTest(name, rule=rule, start=start, hour=hour):
                        at = datetime.combine(D(start), datetime.min.time(), PARIS)
                        at = at.replace(hour=hour, minute=30)
                        end = due_at(rule, at, "Europe/Paris", calendar)
                        local = end.astimezone(PARIS).replace(tzinfo=None)
                        self.assertEqual(str(local), f"{due} 23:59:59")
                        why = explain(rule, at, "Europe/Paris", calendar)
                        self.assertEqual(why["due_at"], end.isoformat())
                        self.assertEqual(why["due_day"], due)

    def test_t6_rolled_by_another_calendar(self):
        """*Ouvrables* count Saturdays, art. 642 does not end on one."""
        due = due_day(
            working(10, **NEXT), D("2026-04-20"), FRANCE_SIX, roll_calendar=FRANCE
        )
        self.assertEqual(due, D("2026-05-04"))

    def test_t7_receipt_rolled_by_another_calendar(self):
        due = due_day(
            working(10, **NEXT), D("2026-03-10"), FRANCE_SIX, roll_calendar=FRANCE
        )
        self.assertEqual(due, D("2026-03-23"))

    def test_t16_two_versions_of_a_rule(self):
        """Ofcom: the version in force on the day of the complaint."""
        versions = [(D("2018-10-01"), weeks(8)), (D("2026-04-08"), weeks(6))]
        for start, due in (("2026-04-07", "2026-06-02"), ("2026-04-08", "2026-05-20")):
            rule = [rule for since, rule in versions if since <= D(start)][-1]
            self.assertEqual(due_day(rule, D(start), None), D(due))

    def test_t27_retention(self):
        for closed, last, purge in (
            ("2026-08-31", "2031-08-31", "2031-09-01"),
            ("2028-02-29", "2033-02-28", "2033-03-01"),
        ):
            kept = keep_until(D(closed), 5, "year")
            self.assertEqual(kept, D(last))
            self.assertEqual(erase_from(kept), D(purge))


class TestHours(TestCase):
    RULE = Rule(48, "hour")

    def due(self, start: str, *pauses: Pause) -> str:
        at = datetime.fromisoformat(start).replace(tzinfo=PARIS)
        return str(
            due_at(self.RULE, at, "Europe/Paris", None, pauses).astimezone(PARIS)
        )

    def test_t11_elapsed(self):
        self.assertEqual(self.due("2026-06-05 19:30"), "2026-06-07 19:30:00+02:00")

    def test_t11_two_working_days_instead(self):
        self.assertEqual(due_day(working(2), D("2026-06-05"), FRANCE), D("2026-06-09"))

    def test_t11_weekend_frozen(self):
        weekend = Pause(
            datetime(2026, 6, 6, tzinfo=PARIS), datetime(2026, 6, 8, tzinfo=PARIS)
        )
        due = self.due("2026-06-05 19:30", weekend)
        self.assertEqual(due, "2026-06-09 19:30:00+02:00")

    def test_t12_clocks_go_forward(self):
        self.assertEqual(self.due("2026-03-27 19:30"), "2026-03-29 20:30:00+02:00")

    def test_t12_clocks_go_back(self):
        self.assertEqual(self.due("2026-10-23 19:30"), "2026-10-25 18:30:00+01:00")


class TestPause(TestCase):
    START = datetime(2026, 3, 6, 9, tzinfo=UTC)
    FROZEN = Pause(
        datetime(2026, 3, 20, 10, tzinfo=UTC), datetime(2026, 4, 3, 16, tzinfo=UTC)
    )

    def test_t23_two_months_frozen_fourteen_days(self):
        self.assertEqual(paused_days([self.FROZEN], PARIS), 14)
        due = due_at(months(2), self.START, PARIS, None, [self.FROZEN])
        self.assertEqual(due, datetime(2026, 5, 20, 21, 59, 59, tzinfo=UTC))

    def test_t23_regime_without_pause(self):
        due = due_at(months(2), self.START, PARIS, None)
        self.assertEqual(due, datetime(2026, 5, 6, 21, 59, 59, tzinfo=UTC))
