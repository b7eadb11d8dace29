"""Instants, local days and months: the little date algebra all rules share."""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from .errors import RuleError
from .workdays import FIRST_DAY, LAST_DAY

_FIRST, _LAST = FIRST_DAY.toordinal(), LAST_DAY.toordinal()
_DAY = timedelta(days=1)
_MIDNIGHT = time()
_LAST_SECOND = time(23, 59, 59, tzinfo=UTC)


def zone(tz: str | ZoneInfo) -> ZoneInfo:
    """Return the zone of that name; RuleError (``unknown_time_zone``) if none."""
    if isinstance(tz, ZoneInfo):
        return tz
    try:
        return ZoneInfo(tz)
    except (LookupError, OSError, TypeError, ValueError):
        raise RuleError("unknown_time_zone", tz=tz) from None


def instant(moment: datetime) -> datetime:
    """Return the same instant in UTC.

    Raises RuleError (``not_an_instant``) for a datetime without a time zone: it
    would be a different day in Paris and in Montréal.
    """
    if not isinstance(moment, datetime) or moment.utcoffset() is None:
        raise RuleError("not_an_instant", moment=moment)
    return moment.astimezone(UTC)


def local_day(moment: datetime, tz: ZoneInfo) -> date:
    """Return the day it is in the zone at that instant."""
    return moment.astimezone(tz).date()


# Thousands of periods end on the same few days.
@lru_cache(maxsize=4096)
def end_of_day(day: date, tz: ZoneInfo) -> datetime:
    """Return the last second of the local day, as an instant in UTC.

    A period in days or longer expires at 24:00 (art. 642 of the code of civil
    procedure): the second before the next local midnight. The offset is that of
    the midnight, so that it holds where clocks change in the evening too. The first
    midnight counts where there were two (Newfoundland, in autumn, until 2010).

    >>> print(end_of_day(date(2026, 3, 29), ZoneInfo("Europe/Paris")))
    2026-03-29 21:59:59+00:00
    """
    midnight = datetime.combine(day, _MIDNIGHT, tz) + _DAY
    return datetime.combine(day, _LAST_SECOND) - midnight.utcoffset()


def start_of_day(day: date, tz: ZoneInfo) -> datetime:
    """Return the first second of the local day, as an instant in UTC.

    >>> print(start_of_day(date(2026, 3, 29), ZoneInfo("Europe/Paris")))
    2026-03-28 23:00:00+00:00
    """
    return end_of_day(add_days(day, -1), tz) + timedelta(seconds=1)


def add_days(day: date, days: int) -> date:
    """Return the day that many calendar days later (or earlier, if negative).

    Raises RuleError (``day_out_of_range``) outside 1900-2100.
    """
    ordinal = day.toordinal() + days
    if not _FIRST <= ordinal <= _LAST:
        raise out_of_range()
    return date.fromordinal(ordinal)


def add_months(day: date, months: int) -> date:
    """Return the same day number that many months later.

    Where the month has no such day, its last one (art. 641 of the code of civil
    procedure; Reg. 1182/71 art. 3(2)(c)): one month from 30 January ends on 28
    or 29 February, but one month from 28 February ends on 28 March. The day
    number differs from the given one in that case only.

    Raises RuleError (``day_out_of_range``) outside 1900-2100.

    >>> add_months(date(2026, 1, 30), 1), add_months(date(2026, 2, 28), 1)
    (datetime.date(2026, 2, 28), datetime.date(2026, 3, 28))
    """
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    if not FIRST_DAY.year <= year <= LAST_DAY.year:
        raise out_of_range()
    if day.day > 28:
        return date(year, month, min(day.day, monthrange(year, month)[1]))
    return date(year, month, day.day)


def check_day(day: date) -> date:
    """Return the day; RuleError (``not_a_day``) if it is an instant or no date."""
    if not isinstance(day, date) or isinstance(day, datetime):
        raise RuleError("not_a_day", day=day)
    return day


def out_of_range() -> RuleError:
    """Return the error of a period that leaves the years the engine answers for."""
    return RuleError("day_out_of_range", first=FIRST_DAY.year, last=LAST_DAY.year)
