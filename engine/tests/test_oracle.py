"""Thousands of random cases against a slow twin that walks day by day.

The twin shares no code with the engine: it looks at one day after the other, as
a clerk would with a wall calendar. The seed is fixed, so a failure comes back.
"""

from datetime import UTC, date, datetime, timedelta
from random import Random
from unittest import TestCase
from zoneinfo import ZoneInfo

from ..clock import Pause, paused_days
from ..deadline import Rule, due_at, due_day, explain
from ..workdays import WorkCalendar

ONE = timedelta(days=1)
PARIS = ZoneInfo("Europe/Paris")


def worked(calendar, day):
    return day.weekday() in calendar.weekdays and day not in calendar.holidays


def walk_months(day, months):
    """Month by month, then back from the day number to a day that exists."""
    year, month = day.year, day.month
    for _month in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    for number in range(day.day, 0, -1):
        try:
            return date(year, month, number)
        except ValueError:
            continue


def walk_days(day, days):
    for _day in range(days):
        day += ONE
    return day


def walk_worked(day, days, calendar):
    while days:
        day += ONE
        days -= worked(calendar, day)
    return day


def walk_roll(day, roll, calendar):
    step = {"none": 0, "next": 1, "previous": -1}[roll] * ONE
    while step and not worked(calendar, day):
        day += step
    return day


def walk(case, calendar, day):
    """The day due, before it rolls."""
    amount, unit = case["amount"], case["unit"]
    if unit in ("month", "year"):
        end = walk_months(day, amount * (12 if unit == "year" else 1))
        if case["inclusive"] and end.day == day.day:
            end -= ONE
        return end + ONE if case["franc"] else end
    if case["inclusive"]:
        day -= ONE
    if unit == "business_day":
        return walk_worked(day, amount + case["franc"], calendar)
    return walk_days(day, amount * (7 if unit == "week" else 1) + case["franc"])


class Cases:
    """Random calendars, rules and days."""

    def __init__(self, seed):
        self.random = Random(seed)
        self.calendars = [self.calendar(place) for place in range(12)]

    def day(self):
        return date(2024, 1, 1) + self.random.randrange(2000) * ONE

    def calendar(self, place):
        weekdays = self.random.sample(range(7), self.random.choice((1, 4, 5, 5, 6, 7)))
        holidays = {self.day(): "x" for _holiday in range(self.random.randrange(200))}
        return WorkCalendar(f"random {place}", frozenset(weekdays), holidays)

    def rule(self, *units):
        units = units or ("day", "business_day", "week", "month", "year")
        unit = self.random.choice(units)
        limit = {"day": 60, "business_day": 15, "week": 8, "month": 14, "year": 3}
        way = self.random.choice(("", "", "inclusive", "franc"))
        return {
            "amount": self.random.randint(1, limit[unit]),
            "unit": unit,
            "roll": self.random.choice(("none", "next", "previous")),
            "inclusive": way == "inclusive",
            "franc": way == "franc",
        }

    def pauses(self, start, gap):
        """Up to three pauses, in any order, overlapping or not."""
        for _pause in range(self.random.randrange(4)):
            begin = start + self.random.randrange(-200, 900) * gap
            yield Pause(begin, begin + self.random.randrange(300) * gap)


class TestDueDay(TestCase):
    def test_against_the_walk(self):
        cases = Cases(641)
        for _case in range(20_000):
            case, day = cases.rule(), cases.day()
            calendar = cases.random.choice(cases.calendars)
            last = walk(case, calendar, day)
            expected = max(day, walk_roll(last, case["roll"], calendar))
            found = due_day(Rule(**case), day, calendar)
            if found != expected:
                self.fail(f"{case} from {day}, {calendar}: {found}, not {expected}")

    def test_count_and_add_are_inverse(self):
        cases = Cases(642)
        for _case in range(3_000):
            calendar, day = cases.random.choice(cases.calendars), cases.day()
            amount = cases.random.randint(1, 400)
            end = calendar.add(day, amount)
            self.assertEqual(calendar.count(day, end), amount)
            self.assertTrue(calendar.is_working(end))
            closed = calendar.closed_days(day, end)
            self.assertEqual(len(closed) + amount, (end - day).days)

    def test_a_longer_rule_is_never_due_earlier(self):
        cases = Cases(1182)
        for _case in range(3_000):
            case, day = cases.rule(), cases.day()
            calendar = cases.random.choice(cases.calendars)
            longer = case | {"amount": case["amount"] + 1}
            self.assertLessEqual(
                due_day(Rule(**case), day, calendar),
                due_day(Rule(**longer), day, calendar),
            )


class TestPauses(TestCase):
    def frozen(self, pauses, since):
        """All local days from the day of a pause to the eve of its resumption."""
        days = set()
        for pause in pauses:
            day = max(pause.start, since).astimezone(PARIS).date()
            while day < pause.end.astimezone(PARIS).date():
                days.add(day)
                day += ONE
        return days

    def test_days_against_the_walk(self):
        """Due on the first day that leaves the whole length unfrozen."""
        cases = Cases(23)
        for _case in range(3_000):
            case = cases.rule() | {"roll": "none"}
            calendar = cases.random.choice(cases.calendars)
            start = datetime(2026, 1, 1, tzinfo=UTC)
            start += cases.random.randrange(9000) * timedelta(hours=1)
            pauses = list(cases.pauses(start, timedelta(hours=3)))
            frozen = self.frozen(pauses, start)
            total = paused_days([p for p in pauses if p.start >= start], PARIS)
            self.assertLessEqual(total, len(frozen))
            if case["unit"] == "business_day":
                frozen = {day for day in frozen if worked(calendar, day)}
            first = start.astimezone(PARIS).date()
            raw = expected = walk(case, calendar, first)
            while True:
                late = sum(first <= day <= expected for day in frozen)
                if case["unit"] == "business_day":
                    pushed = walk_worked(raw, late, calendar)
                else:
                    pushed = walk_days(raw, late)
                if pushed == expected:
                    break
                expected = pushed
            why = explain(Rule(**case), start, PARIS, calendar, pauses)
            self.assertEqual(
                why["due_day"], expected.isoformat(), (case, start, pauses)
            )

    def test_hours_against_the_walk(self):
        """One hour after the other, each counted unless the clock stands still."""
        cases, hour = Cases(48), timedelta(hours=1)
        for _case in range(1_000):
            start = (
                datetime(2026, 3, 20, tzinfo=UTC) + cases.random.randrange(300) * hour
            )
            pauses = list(cases.pauses(start, hour))
            amount = left = cases.random.randint(1, 200)
            due = start

            def still(moment, pauses=pauses):
                return any(pause.start <= moment < pause.end for pause in pauses)

            while left or still(due):
                left -= not still(due)
                due += hour
            found = due_at(Rule(amount, "hour"), start, PARIS, None, pauses)
            self.assertEqual(found, due, (amount, start, pauses))

    def test_a_pause_never_shortens(self):
        cases = Cases(7)
        for _case in range(2_000):
            rule = Rule(**cases.rule())
            calendar = cases.random.choice(cases.calendars)
            start = datetime.combine(cases.day(), datetime.min.time(), UTC)
            pauses = list(cases.pauses(start, timedelta(hours=5)))
            self.assertGreaterEqual(
                due_at(rule, start, PARIS, calendar, pauses),
                due_at(rule, start, PARIS, calendar),
            )


class TestShortcut(TestCase):
    def test_due_at_agrees_with_its_explanation(self):
        """The plain case has a way of its own; it must lead to the same end."""
        cases = Cases(99)
        for _case in range(2_000):
            rule = Rule(**cases.rule())
            calendar, other = cases.random.sample(cases.calendars, 2)
            start = datetime.combine(cases.day(), datetime.min.time(), UTC)
            start += cases.random.randrange(24) * timedelta(hours=1)
            more = {"roll_calendar": cases.random.choice((None, other))}
            self.assertEqual(
                due_at(rule, start, PARIS, calendar, **more).isoformat(),
                explain(rule, start, PARIS, calendar, **more)["due_at"],
            )
