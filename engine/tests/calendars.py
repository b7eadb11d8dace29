"""The calendars of 2026 that the tables of these tests are reckoned in."""

from datetime import date, timedelta

from ..workdays import WorkCalendar

FIVE = frozenset(range(5))
SIX = frozenset(range(6))


def _days(year: int, **names: tuple[int, int]) -> dict[date, str]:
    return {
        date(year, month, day): name.replace("_", " ")
        for name, (month, day) in names.items()
    }


FRENCH = {
    **_days(2025, Christmas=(12, 25)),
    **_days(
        2026,
        New_Year=(1, 1),
        Easter_Monday=(4, 6),
        Labour_Day=(5, 1),
        Victory_1945=(5, 8),
        Ascension=(5, 14),
        Whit_Monday=(5, 25),
        Bastille_Day=(7, 14),
        Assumption=(8, 15),
        All_Saints=(11, 1),
        Armistice=(11, 11),
        Christmas=(12, 25),
    ),
    **_days(2027, New_Year=(1, 1)),
}
ALSATIAN = FRENCH | _days(2026, Good_Friday=(4, 3), Saint_Stephen=(12, 26))
ENGLISH = _days(
    2026,
    New_Year=(1, 1),
    Good_Friday=(4, 3),
    Easter_Monday=(4, 6),
    Early_May=(5, 4),
    Spring=(5, 25),
    Summer=(8, 31),
    Christmas=(12, 25),
    Boxing_Day=(12, 28),
)
IRISH = _days(2026, Saint_Patrick=(3, 17), Easter_Monday=(4, 6))
BANKING = _days(
    2026,
    New_Year=(1, 1),
    Good_Friday=(4, 3),
    Easter_Monday=(4, 6),
    Labour_Day=(5, 1),
    Christmas=(12, 25),
    Saint_Stephen=(12, 26),
)

FRANCE = WorkCalendar("France, Monday to Friday", FIVE, FRENCH)
FRANCE_SIX = WorkCalendar("France, Monday to Saturday", SIX, FRENCH)
ALSACE = WorkCalendar("Alsace-Moselle", FIVE, ALSATIAN)
ENGLAND = WorkCalendar("England", FIVE, ENGLISH)
IRELAND = WorkCalendar("Ireland", FIVE, IRISH)
TARGET = WorkCalendar("TARGET", FIVE, BANKING)
PLAIN = WorkCalendar("Monday to Friday", FIVE, {})

#: All of 2026 and 2027 is closed.
SHUT = WorkCalendar(
    "Shut",
    FIVE,
    {date(2026, 1, 1) + timedelta(days): "shut" for days in range(730)},
)
#: Closed since 1900, for ever.
NEVER = WorkCalendar(
    "Never",
    frozenset({0}),
    {date(1900, 1, 1) + timedelta(7 * weeks): "shut" for weeks in range(10488)},
)
