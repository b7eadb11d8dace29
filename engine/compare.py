"""Which of two lengths is the longer: only a calendar can say.

Twenty working days end before or after twenty-eight days according to the holidays
between; so lengths in different units are compared from each day of a whole year.
"""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from .daytime import zone
from .deadline import due_at
from .rule import Rule

_NOON = time(12)


def first_inversion(
    longer: Rule, shorter: Rule, year: int, tz: str | ZoneInfo, **kwargs: Any
) -> date | None:
    """Return the first day of the year from which ``longer`` ends before ``shorter``.

    Both start at noon of the local day. None when it never does. ``kwargs`` are those
    of ``due_at``: ``calendar``, ``roll_calendar``. Raises as ``due_at`` does.

    >>> from .rule import Unit
    >>> kwargs = {"tz": "Europe/Paris", "calendar": None}
    >>> first_inversion(Rule(30, Unit.DAY), Rule(1, Unit.MONTH), 2026, **kwargs)
    datetime.date(2026, 1, 1)
    >>> first_inversion(Rule(31, Unit.DAY), Rule(1, Unit.MONTH), 2026, **kwargs)
    """
    here, day = zone(tz), date(year, 1, 1)
    while day.year == year:
        start = datetime.combine(day, _NOON, here)
        if due_at(longer, start, here, **kwargs) < due_at(
            shorter, start, here, **kwargs
        ):
            return day
        day += timedelta(days=1)
    return None
