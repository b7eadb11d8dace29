"""When somebody is at work, so that he is not told at midnight.

A week of working time is a mapping from the day (Monday is 0, Sunday is 6) to the
spans worked on it, each a pair of hours after midnight: ``(8.5, 12.0)``. A calendar
of two alternating weeks has the days 7 to 13 as well; which of the two a date falls
in is counted from 1 January of the year 1, as Odoo's working schedules do.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from .daytime import add_days, instant, local_day, start_of_day, zone

Spans = Mapping[int, Sequence[tuple[float, float]]]


def next_open(
    moment: datetime, tz: str | ZoneInfo, spans: Spans, closed: Collection[date] = ()
) -> datetime | None:
    """Return the first instant of working time at the moment or after it, in UTC.

    The moment itself when it is worked; the end of a span no longer is. None when
    no span is ever worked.

    :param tz: the time zone in which the hours and the closed days are meant
    :param closed: whole days that are not worked

    Raises RuleError (``not_an_instant``, ``unknown_time_zone``, ``day_out_of_range``).

    >>> office = {day: ((9, 12), (13, 17)) for day in range(5)}
    >>> lunch = datetime(2026, 3, 6, 11, 30, tzinfo=UTC)
    >>> print(next_open(lunch, "Europe/Paris", office))
    2026-03-06 12:00:00+00:00
    """
    moment, here = instant(moment), zone(tz)
    for opens, closes in _spans_from(local_day(moment, here), here, spans, closed):
        if closes > moment:
            return max(opens, moment)
    return None


def next_day_start(
    moment: datetime, tz: str | ZoneInfo, spans: Spans, closed: Collection[date] = ()
) -> datetime | None:
    """Return the first beginning of a working day at the moment or after it, in UTC.

    None when no span is ever worked. Takes and raises as ``next_open``.

    >>> office = {day: ((9, 12), (13, 17)) for day in range(5)}
    >>> friday = datetime(2026, 3, 6, 11, 30, tzinfo=UTC)
    >>> print(next_day_start(friday, "Europe/Paris", office))
    2026-03-09 08:00:00+00:00
    """
    moment, here = instant(moment), zone(tz)
    begun = None
    for opens, _closes in _spans_from(local_day(moment, here), here, spans, closed):
        day = local_day(opens, here)
        if day != begun and opens >= moment:
            return opens
        begun = day
    return None


def day_start(moment: datetime, tz: str | ZoneInfo) -> datetime:
    """Return the first instant, in UTC, of the local day of the moment."""
    here = zone(tz)
    return start_of_day(local_day(instant(moment), here), here)


def _spans_from(
    day: date, tz: ZoneInfo, spans: Spans, closed: Collection[date]
) -> Iterator[tuple[datetime, datetime]]:
    """List the spans worked from a day on, for ever; none if none is ever worked."""
    period = 14 if any(place > 6 for place in spans) else 7
    week = {
        place: sorted((start, stop) for start, stop in hours if stop > start)
        for place, hours in spans.items()
    }
    if not any(week.values()):
        return
    while True:
        if day not in closed:
            for start, stop in week.get((day.toordinal() - 1) % period, ()):
                yield _at(day, start, tz), _at(day, stop, tz)
        day = add_days(day, 1)


def _at(day: date, hours: float, tz: ZoneInfo) -> datetime:
    """The instant so many hours after midnight by the clock on the wall."""
    wall = datetime.combine(day, time()) + timedelta(minutes=round(hours * 60))
    return wall.replace(tzinfo=tz).astimezone(UTC)
