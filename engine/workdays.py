"""Which days are worked, and how to move and count among them.

A calendar is a set of weekdays and a list of holidays, nothing else. *Jours
ouvrés* and *jours ouvrables* are two calendars, not two units of time: the same
word means Monday to Saturday in French usage and Monday to Friday in the French
text of Regulation (EEC, Euratom) 1182/71, so a mask is never derived from it.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType

from .errors import CalendarError

#: The engine answers for these days, both included.
FIRST_DAY = date(1900, 1, 1)
LAST_DAY = date(2100, 12, 31)

_FIRST, _LAST = FIRST_DAY.toordinal(), LAST_DAY.toordinal()


class Roll(StrEnum):
    """What happens to a last day that is not a working day.

    Periods do not roll by nature: art. 642 of the French code of civil procedure
    and art. 3(4) of Reg. 1182/71 bind the periods in their scope, and no others.
    """

    NONE = "none"
    """The last day stays where it falls, worked or not."""

    NEXT = "next"
    """The period runs on to the end of the first working day that follows."""

    PREVIOUS = "previous"
    """The period ends on the last working day before: a prudent, internal date."""


@dataclass(frozen=True)
class Closed:
    """A day that is not worked, and why."""

    day: date
    holiday: str | None
    """Name of the holiday; None when it is only a weekly rest day."""


@dataclass(frozen=True, eq=False)
class WorkCalendar:
    """Working weekdays less holidays, from 1900 to 2100. Never changes.

    Two calendars are equal only when they are the same object.

    >>> paris = WorkCalendar(
    ...     "France", frozenset(range(5)), {date(2026, 5, 1): "Labour Day"}
    ... )
    >>> paris.add(date(2026, 4, 30), 1)
    datetime.date(2026, 5, 4)
    >>> paris.why_closed(date(2026, 5, 1)).holiday
    'Labour Day'

    Raises CalendarError (``no_weekday``, ``bad_weekday``, ``bad_holiday``).
    """

    name: str
    weekdays: frozenset[int]
    """Days of the week that are worked: Monday is 0, Sunday is 6."""
    holidays: Mapping[date, str | None]
    """Days not worked whatever the weekday, with their names.

    None instead of a name: a rest day like the weekly ones, for weeks that alternate.
    """

    def __post_init__(self) -> None:
        weekdays = frozenset(self.weekdays)
        holidays = dict(self.holidays)
        for weekday in weekdays:
            if weekday not in range(7):
                raise CalendarError("bad_weekday", weekday=weekday)
        for day in holidays:
            if not isinstance(day, date) or isinstance(day, datetime):
                raise CalendarError("bad_holiday", day=day)
        if not weekdays:
            raise CalendarError("no_weekday", calendar=self.name)
        object.__setattr__(self, "weekdays", weekdays)
        object.__setattr__(self, "holidays", MappingProxyType(holidays))

    def is_working(self, day: date) -> bool:
        """Tell whether the day is worked."""
        _ordinal(day)
        return day.weekday() in self.weekdays and day not in self.holidays

    def why_closed(self, day: date) -> Closed | None:
        """Say why the day is not worked; None for a working day.

        A holiday that falls on a weekly rest day gives the holiday's name.
        """
        if self.is_working(day):
            return None
        return Closed(day, self.holidays.get(day))

    def roll(self, day: date, how: Roll) -> date:
        """Move a day that is not worked as told; a working day stays.

        Raises CalendarError (``no_working_day``) when there is none to move to.
        """
        if how == Roll.NONE or self.is_working(day):
            return day
        place = bisect_left(self._worked, day.toordinal())
        return self._at(place if how == Roll.NEXT else place - 1, day)

    def add(self, day: date, n: int) -> date:
        """Return the n-th working day after the day, which is not counted.

        ``n`` is 1 or more (CalendarError ``bad_count``). Raises CalendarError
        (``no_working_day``) when the calendar ends before the count.
        """
        if n < 1:
            raise CalendarError("bad_count", count=n)
        return self._at(bisect_right(self._worked, _ordinal(day)) + n - 1, day)

    def before(self, day: date, n: int) -> date:
        """Return the n-th working day before the day, which is not counted.

        ``n`` is 1 or more (CalendarError ``bad_count``). Raises CalendarError
        (``no_working_day``) when the calendar begins after the count.
        """
        if n < 1:
            raise CalendarError("bad_count", count=n)
        return self._at(bisect_left(self._worked, _ordinal(day)) - n, day)

    def count(self, after: date, until: date) -> int:
        """Count the working days after ``after``, up to ``until`` included."""
        first, last = _span(after, until)
        return bisect_right(self._worked, last) - bisect_right(self._worked, first)

    def closed_days(self, after: date, until: date) -> list[Closed]:
        """List the days not worked after ``after``, up to ``until`` included."""
        first, last = _span(after, until)
        days = (date.fromordinal(n) for n in range(first + 1, last + 1))
        return [closed for day in days if (closed := self.why_closed(day))]

    @cached_property
    def _worked(self) -> array:
        """Ordinals of all working days, in order.

        Built once, at the first question that needs it (some milliseconds), so
        that each later question is a binary search whatever the length.
        """
        closed = {day.toordinal() for day in self.holidays}
        days = range(_FIRST, _LAST + 1)
        week = [n for n in days if _weekday(n) in self.weekdays]
        return array("i", [n for n in week if n not in closed])

    def _at(self, place: int, near: date) -> date:
        """Return the working day at a place in the list, which may not exist."""
        if 0 <= place < len(self._worked):
            return date.fromordinal(self._worked[place])
        raise CalendarError("no_working_day", calendar=self.name, day=near)


def _ordinal(day: date) -> int:
    """Number of the day; CalendarError (``out_of_range``) outside 1900-2100."""
    ordinal = day.toordinal()
    if _FIRST <= ordinal <= _LAST:
        return ordinal
    raise CalendarError(
        "out_of_range", day=day, first=FIRST_DAY.year, last=LAST_DAY.year
    )


def _weekday(ordinal: int) -> int:
    """Weekday of the day with that number; day 1 was a Monday."""
    return (ordinal - 1) % 7


def _span(after: date, until: date) -> tuple[int, int]:
    """Numbers of both ends; CalendarError (``reversed_span``) if reversed."""
    if until < after:
        raise CalendarError("reversed_span", after=after, until=until)
    return _ordinal(after), _ordinal(until)
