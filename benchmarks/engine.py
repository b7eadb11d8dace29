"""due dates a second on one core, plain Python

Lengths in months and in working days, moved off closed days or not, in a calendar with
the holidays of France, from a thousand different moments. The time is the processor's.
"""

import statistics
import time
from datetime import UTC, date, datetime, timedelta

from .place import Report

LEAST = 200_000  # due dates a second; the only bar that is no ratio
FIXED_HOLIDAYS = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
EASTER_MONDAYS = ("2024-04-01", "2025-04-21", "2026-04-06", "2027-03-29", "2028-04-17")
AFTER_EASTER_MONDAY = (0, 38, 49)  # itself, Ascension, Whit Monday
STARTS = 1000


def run(place):
    from engine.deadline import Rule, due_at

    rules = [
        Rule(2, "month"),
        Rule(1, "month", roll="next"),
        Rule(10, "business_day"),
        Rule(30, "business_day"),
    ]
    calendar, first = _calendar(), datetime(2024, 6, 1, 7, tzinfo=UTC)
    starts = [first + timedelta(days=n, minutes=7 * n) for n in range(STARTS)]

    def reckon():
        for start in starts:
            for rule in rules:
                due_at(rule, start, "Europe/Paris", calendar)

    reckon()  # the calendar lists its working days once
    rates = []
    for _round in range(place.sized(60, 15)):
        begun = time.process_time()
        reckon()
        rates.append(len(rules) * STARTS / (time.process_time() - begun))
    report = Report("engine: due dates on one core")
    rate = statistics.median(rates)
    report.figure("due dates a second", median=rate, best=max(rates), worst=min(rates))
    report.bar("engine, due dates", rate, LEAST, "a second", at_least=True)
    return report


def _calendar():
    from engine.workdays import WorkCalendar

    days = {date(y, *day): "fixed" for y in range(2024, 2029) for day in FIXED_HOLIDAYS}
    for monday in map(date.fromisoformat, EASTER_MONDAYS):
        for after in AFTER_EASTER_MONDAY:
            days[monday + timedelta(days=after)] = "movable"
    return WorkCalendar("France", frozenset(range(5)), days)
