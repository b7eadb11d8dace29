import logging
from collections import defaultdict
from datetime import timedelta
from functools import cache

import holidays
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st
from workalendar import america, europe, usa
from workalendar.core import SUN

from odoo.tests import tagged

from ..engine.deadline import Rule, due_day
from ..engine.workdays import WorkCalendar
from .property_cases import LIMITS, PropertyCase, days, examples

_logger = logging.getLogger(__name__)

DAY = timedelta(days=1)
YEARS = range(1990, 2101)
FIVE, SIX = frozenset(range(5)), frozenset(range(6))


class FranceOuvrables(europe.France):
    """*Jours ouvrables*: Saturdays are worked."""

    WEEKEND_DAYS = (SUN,)


#: Their class (``workalendar``), the weekdays worked, and our table (``holidays``):
#: country and subdivision, or financial market.
PLACES = {
    "France": (europe.France, FIVE, ("FR",)),
    "France, Saturdays too": (FranceOuvrables, SIX, ("FR",)),
    "Alsace-Moselle": (europe.FranceAlsaceMoselle, FIVE, ("FR", "57")),
    "Austria": (europe.Austria, FIVE, ("AT",)),
    "Belgium": (europe.Belgium, FIVE, ("BE",)),
    "England": (europe.UnitedKingdom, FIVE, ("GB", "ENG")),
    "Geneva": (europe.Geneva, FIVE, ("CH", "GE")),
    "Ireland": (europe.Ireland, FIVE, ("IE",)),
    "Luxembourg": (europe.Luxembourg, FIVE, ("LU",)),
    "Poland": (europe.Poland, FIVE, ("PL",)),
    "Portugal": (europe.Portugal, FIVE, ("PT",)),
    "Québec": (america.Quebec, FIVE, ("CA", "QC")),
    "United States": (usa.FederalReserveSystem, FIVE, ("US",)),
    "TARGET": (europe.EuropeanCentralBank, FIVE, ("XECB",)),
}

#: Worked for solidarity in these years (acts 2004-626 and 2008-351).
WHIT_MONDAY = {("theirs", "Whit Monday"): (3, "2005-05-16", "2007-05-28")}

#: place: {(whose table alone has it, name): (days, first, last)}.
DIFFERENCES = {
    "France": WHIT_MONDAY,
    "France, Saturdays too": WHIT_MONDAY,
    "Alsace-Moselle": WHIT_MONDAY,
    "England": {
        ("ours", "Coronation of Charles III"): (1, "2023-05-08", "2023-05-08"),
        # Moved in 1995, fifty years after the war.
        ("ours", "May Day"): (1, "1995-05-08", "1995-05-08"),
        ("theirs", "Early May Bank Holiday"): (1, "1995-05-01", "1995-05-01"),
    },
    "Ireland": {
        ("ours", "Millennium Celebrations"): (1, "1999-12-31", "1999-12-31"),
        ("ours", "Day of Remembrance and Recognition"): (1, "2022-03-18", "2022-03-18"),
        # It was in 2001: a slip of our table.
        ("ours", "National Day of Mourning"): (1, "2011-09-14", "2011-09-14"),
        # A public holiday since 2023.
        ("ours", "Saint Brigid's Day"): (78, "2023-02-06", "2100-02-01"),
        # Moved in 1995, fifty years after the war.
        ("ours", "May Bank Holiday"): (1, "1995-05-08", "1995-05-08"),
        ("theirs", "May Day"): (1, "1995-05-01", "1995-05-01"),
        # The law names no Monday instead of a weekend (Act of 1997, s. 21).
        ("theirs", "New Year shift"): (31, "1994-01-03", "2096-01-02"),
        ("theirs", "Saint Patrick substitute"): (32, "1990-03-19", "2097-03-18"),
        ("theirs", "Christmas Shift"): (17, "1993-12-27", "2100-12-27"),
        ("theirs", "St. Stephen's Day Shift"): (48, "1992-12-28", "2100-12-28"),
    },
    "Poland": {
        # A day off since 2025.
        ("ours", "Christmas Eve"): (56, "2025-12-24", "2100-12-24"),
        ("ours", "National Independence Day - 100th anniversary"): (
            1,
            "2018-11-12",
            "2018-11-12",
        ),
        # Epiphany is a day off since 2011 only.
        ("theirs", "Trzech Kroli"): (14, "1992-01-06", "2010-01-06"),
    },
    "Québec": {
        # Either, as the employer chooses (labour standards, s. 60).
        ("ours", "Good Friday"): (111, "1990-04-13", "2100-03-26"),
        ("theirs", "Easter Monday"): (111, "1990-04-16", "2100-03-29"),
        # Moved from a Sunday, not from a Saturday.
        ("theirs", "Canada Day Shift"): (15, "1995-07-03", "2090-07-03"),
        ("theirs", "St Jean Baptiste (Shift)"): (15, "1995-06-26", "2090-06-26"),
        # Patriots' Day since 2003; our table leaves out the same Monday before.
        ("theirs", "Victoria Day"): (13, "1990-05-21", "2002-05-20"),
    },
    "TARGET": {
        ("ours", "Additional closing day"): (2, "1999-12-31", "2001-12-31"),
        # The system opened in 1999 and closes on all these days since 2000.
        ("theirs", "New year"): (7, "1990-01-01", "1998-01-01"),
        ("theirs", "Good Friday"): (10, "1990-04-13", "1999-04-02"),
        ("theirs", "Easter Monday"): (10, "1990-04-16", "1999-04-05"),
        ("theirs", "Labour Day"): (7, "1990-05-01", "1998-05-01"),
        ("theirs", "Christmas Day"): (7, "1990-12-25", "1998-12-25"),
        ("theirs", "St. Stephen's Day"): (6, "1990-12-26", "1997-12-26"),
    },
}


@cache
def tables(place):
    """Our holidays and theirs, ``{day: name}``, on the weekdays worked."""
    their_class, weekdays, (code, *subdivision) = PLACES[place]
    market = code == "XECB"
    load = holidays.financial_holidays if market else holidays.country_holidays
    ours = load(code, *subdivision, years=YEARS, language="en_US")
    calendar = their_class()
    theirs = {day: name for year in YEARS for day, name in calendar.holidays(year)}
    return tuple(
        {day: table[day] for day in sorted(table) if day.weekday() in weekdays}
        for table in (ours, theirs)
    )


@cache
def calendars_of(place):
    """The engine's calendar with our holidays, and theirs."""
    their_class, weekdays, _code = PLACES[place]
    return WorkCalendar(place, weekdays, tables(place)[0]), their_class()


@cache
def corrections(place, year):
    """What they must be told to count with our table, from that year on."""
    ours, theirs = (table.keys() for table in tables(place))
    near = range(year - 1, year + 4)
    return {
        "extra_holidays": [day for day in ours - theirs if day.year in near],
        "extra_working_days": [day for day in theirs - ours if day.year in near],
    }


def their_due_day(theirs, amount, unit, roll, day, told):
    """The day due by ``workalendar`` and ``dateutil``."""
    if unit == "business_day":
        last = theirs.add_working_days(day, amount, **told)
    else:
        last = day + relativedelta(**{f"{unit}s": amount})
    if roll == "next":
        return theirs.add_working_days(last - DAY, 1, **told)
    if roll == "previous":
        return max(day, theirs.sub_working_days(last + DAY, 1, **told))
    return last


@tagged("post_install", "-at_install")
class TestHolidayTables(PropertyCase):
    """The public holidays that calendars are filled with, and the engine on them,
    against a program with tables of its own."""

    maxDiff = None

    def test_the_tables_differ_in_these_days_only(self):
        for place in PLACES:
            ours, theirs = tables(place)
            found = defaultdict(list)
            for day in sorted(ours.keys() ^ theirs.keys()):
                whose, table = ("ours", ours) if day in ours else ("theirs", theirs)
                found[whose, table[day]].append(day.isoformat())
            rows = {
                what: (len(dates), dates[0], dates[-1]) for what, dates in found.items()
            }
            with self.subTest(place):
                self.assertEqual(rows, DIFFERENCES.get(place, {}))

    def test_the_engine_counts_as_they_do(self):
        checked = 0
        units = st.sampled_from((*LIMITS, "business_day")).flatmap(
            lambda unit: st.tuples(st.integers(1, LIMITS[unit]), st.just(unit))
        )

        @examples(250)
        @given(
            st.sampled_from(list(PLACES)),
            units,
            st.sampled_from(("none", "next", "previous")),
            days(50),
        )
        def compare(place, length, roll, starts):
            nonlocal checked
            calendar, theirs = calendars_of(place)
            rule = Rule(*length, roll=roll)
            for day in starts.tolist():
                told = corrections(place, day.year)
                expected = their_due_day(theirs, *length, roll, day, told)
                due = due_day(rule, day, calendar)
                self.assertEqual(due, expected, (place, rule, day))
                checked += 1

        compare()
        _logger.info("%s due days compared with workalendar's", checked)
        self.assertGreaterEqual(checked, 12_500)
