"""When a reminder of a promise speaks, and which of several behind us still does.

A reminder counts from the due instant, backwards or forwards. In hours it is
elapsed time. In days and longer it is a local day, and its moment the beginning of
that day: two days before Thursday 23:59:59 is Tuesday 00:00, so that whoever reads
it on Tuesday has the whole of Tuesday, Wednesday and Thursday left; one day after
it is Friday 00:00, when the promise is broken. Nobody works at midnight: the
reader's working time (``worktime``) makes the moment an hour at which it is read.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from .course import need
from .daytime import (
    add_days,
    add_months,
    instant,
    local_day,
    out_of_range,
    start_of_day,
    zone,
)
from .errors import RuleError
from .rule import Unit
from .workdays import FIRST_DAY, LAST_DAY, WorkCalendar


class When(StrEnum):
    """On which side of the due instant a reminder speaks."""

    BEFORE = "before"
    """A length before it, one unit or more."""

    AT = "at"
    """At the instant itself: whatever its length says."""

    AFTER = "after"
    """A length after it; none at all is the instant itself."""


def moment(
    due_at: datetime,
    when: str,
    amount: int,
    unit: str,
    tz: str | ZoneInfo,
    calendar: WorkCalendar | None = None,
) -> datetime:
    """Return the instant, in UTC, at which a reminder speaks for a due instant.

    Working days are those of ``calendar``, counted as periods are: the due day
    itself is not counted. Months go to the same day number, or to the last day of
    a month that has no such day.

    Raises RuleError (``unknown_when``, ``bad_amount`` below one before, below zero
    after, ``unknown_unit``, ``not_an_instant``, ``unknown_time_zone``,
    ``day_out_of_range``) and CalendarError (``no_calendar``, ``no_working_day``).

    >>> from datetime import UTC
    >>> due = datetime(2026, 12, 10, 22, 59, 59, tzinfo=UTC)
    >>> print(moment(due, "before", 2, "day", "Europe/Paris"))
    2026-12-07 23:00:00+00:00
    >>> print(moment(due, "before", 12, "hour", "Europe/Paris"))
    2026-12-10 10:59:59+00:00
    """
    due = instant(due_at)
    side, unit, here = _side(when), _unit(unit), zone(tz)
    if side is When.AT:
        return due
    _check_amount(side, amount)
    if not amount:
        return due
    sign = -1 if side is When.BEFORE else 1
    if unit is Unit.HOUR:
        return _shift_hours(due, sign * amount)
    return start_of_day(
        _shift_day(local_day(due, here), sign * amount, unit, calendar), here
    )


def _side(when: str) -> When:
    try:
        return When(when)
    except ValueError:
        raise RuleError("unknown_when", when=when) from None


def _unit(unit: str) -> Unit:
    try:
        return Unit(unit)
    except ValueError:
        raise RuleError("unknown_unit", unit=unit) from None


def _check_amount(side: When, amount: int) -> None:
    least = 1 if side is When.BEFORE else 0
    if isinstance(amount, bool) or not isinstance(amount, int) or amount < least:
        raise RuleError("bad_amount", amount=amount)


def _shift_hours(due: datetime, hours: int) -> datetime:
    try:
        shifted = due + timedelta(hours=hours)
    except OverflowError:
        raise out_of_range() from None
    if not FIRST_DAY.year <= shifted.year <= LAST_DAY.year:
        raise out_of_range()
    return shifted


def _shift_day(
    day: date, count: int, unit: Unit, calendar: WorkCalendar | None
) -> date:
    if unit is Unit.BUSINESS_DAY:
        worked = need(calendar)
        return worked.add(day, count) if count > 0 else worked.before(day, -count)
    if unit is Unit.MONTH:
        return add_months(day, count)
    if unit is Unit.YEAR:
        return add_months(day, 12 * count)
    return add_days(day, count * (7 if unit is Unit.WEEK else 1))


@dataclass(frozen=True)
class Pending:
    """A reminder whose moment has come and which nobody has heard yet."""

    key: Any
    """What the caller knows it by."""
    moment: datetime
    reader: Any
    """Who is to be told."""
    way: str
    """How: two ways of telling the same reader at the same moment are both used."""
    ready_at: datetime
    """When the reader may be told: his working time."""


def sort_out(
    pendings: Iterable[Pending], now: datetime
) -> tuple[list[Pending], list[Pending], list[Pending]]:
    """Divide the reminders of one promise: ``(given, overtaken, waiting)``.

    After days without the job, each reader hears once, the latest that may be told
    now; what came before it is overtaken, whether he could have been told or not.
    What may not be told yet waits. Each list is in the order of the moments.

    >>> due = datetime(2026, 3, 6, 9)
    >>> soon = Pending("soon", due - timedelta(days=2), "Ann", "activity", due)
    >>> late = Pending("late", due, "Ann", "activity", due)
    >>> [[p.key for p in part] for part in sort_out([late, soon], due)]
    [['late'], ['soon'], []]
    """
    ordered = sorted(pendings, key=lambda pending: pending.moment)
    latest = {
        pending.reader: pending.moment for pending in ordered if pending.ready_at <= now
    }
    given, overtaken, waiting, told = [], [], [], set()
    for pending in ordered:
        last = latest.get(pending.reader)
        if last is None or pending.moment > last:
            waiting.append(pending)
        elif pending.moment < last or (pending.reader, pending.way) in told:
            overtaken.append(pending)
        elif pending.ready_at > now:
            waiting.append(pending)
        else:
            told.add((pending.reader, pending.way))
            given.append(pending)
    return given, overtaken, waiting
