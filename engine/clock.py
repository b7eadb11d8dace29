"""Spans during which the clock of a complaint stands still.

A legal clock stops only where the regime says so (some forbid it outright); an
internal target may. The caller decides which pauses it passes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from .daytime import add_days, instant, local_day, zone
from .errors import ClockError
from .workdays import WorkCalendar


@dataclass(frozen=True)
class Pause:
    """The clock stands still from ``start`` to ``end``; both are instants.

    ``end`` is None while the pause lasts. Raises RuleError (``not_an_instant``)
    without a time zone, ClockError (``reversed_pause``) if it ends before it starts.
    """

    start: datetime
    end: datetime | None = None

    def __post_init__(self) -> None:
        instant(self.start)
        if self.end is not None and instant(self.end) < instant(self.start):
            raise ClockError("reversed_pause", start=self.start, end=self.end)


class Span(NamedTuple):
    """A stop of the clock that is over, as instants in UTC."""

    start: datetime
    end: datetime


def merged(
    pauses: Iterable[Pause],
    until: datetime | None = None,
    since: datetime | None = None,
) -> list[Span]:
    """Return the same stops in order, in UTC, without overlap.

    A pause that lasts still is reckoned up to ``until``; without ``until`` it has
    cost nothing yet and is left out. What lies before ``since`` is left out too.
    """
    now = None if until is None else instant(until)
    low = None if since is None else instant(since)
    spans: list[Span] = []
    for pause in sorted(pauses, key=lambda pause: pause.start):
        begin = instant(pause.start)
        begin = begin if low is None else max(begin, low)
        end = now if pause.end is None else instant(pause.end)
        if end is None or end <= begin:
            continue
        if spans and begin <= spans[-1].end:
            begin = spans[-1].start
            end = max(end, spans.pop().end)
        spans.append(Span(begin, end))
    return spans


def paused_days(
    pauses: Iterable[Pause],
    tz: str | ZoneInfo,
    until: datetime | None = None,
    calendar: WorkCalendar | None = None,
) -> int:
    """Count the local days that the pauses froze.

    The day of the pause is frozen, the day of the resumption runs again: from
    20 March to 3 April is 14 days, and a pause within one day costs nothing.
    With a calendar only its working days count: that is what a period in
    working days loses. Overlaps count once.

    >>> from datetime import UTC
    >>> march = Pause(
    ...     datetime(2026, 3, 20, 9, tzinfo=UTC), datetime(2026, 4, 3, 9, tzinfo=UTC)
    ... )
    >>> paused_days([march], "Europe/Paris")
    14
    """
    here = zone(tz)
    return sum(frozen_days(span, here, calendar) for span in merged(pauses, until))


def frozen_days(span: Span, tz: ZoneInfo, calendar: WorkCalendar | None) -> int:
    """Count the local days one stop froze, as ``paused_days`` says."""
    first, resumed = local_day(span.start, tz), local_day(span.end, tz)
    if calendar is None:
        return (resumed - first).days
    return calendar.count(add_days(first, -1), add_days(resumed, -1))


def paused_time(pauses: Iterable[Pause], until: datetime | None = None) -> timedelta:
    """Return the elapsed time the pauses froze: what a period in hours loses."""
    return sum((span.end - span.start for span in merged(pauses, until)), timedelta())


def paused_hours(pauses: Iterable[Pause], until: datetime | None = None) -> float:
    """Return the elapsed hours the pauses froze, fractions included."""
    return paused_time(pauses, until) / timedelta(hours=1)
