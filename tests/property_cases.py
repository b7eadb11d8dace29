"""What the property tests draw from: the same cases in every run."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from random import Random
from unittest.mock import patch

import numpy
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.internal.constants_ast import Constants

from odoo.tests import BaseCase

from ..engine.clock import Pause
from ..engine.deadline import Rule
from ..engine.workdays import WorkCalendar

FIRST, LAST = date(1990, 1, 1), date(2095, 12, 31)
SPAN = (LAST - FIRST).days + 1
HOUR = timedelta(hours=1)

#: The longest length drawn in each unit, so that none leaves the engine's years.
LIMITS = {"day": 400, "business_day": 60, "week": 60, "month": 26, "year": 2}
#: Among them clocks that change at midnight, before it, by half an hour, or backwards
#: in winter, and one that skipped a whole day.
ZONES = (
    "Europe/Paris",
    "Europe/London",
    "Europe/Dublin",
    "America/Toronto",
    "America/St_Johns",
    "America/Nuuk",
    "America/Sao_Paulo",
    "America/Havana",
    "America/Santiago",
    "Atlantic/Azores",
    "Africa/Cairo",
    "Africa/Casablanca",
    "Asia/Beirut",
    "Asia/Kolkata",
    "Asia/Tokyo",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Pacific/Kiritimati",
    "UTC",
)


def examples(number):
    """So many examples, drawn alike in every run and kept nowhere."""
    return settings(max_examples=number, derandomize=True, database=None, deadline=None)


@cache
def numbered_calendar(number):
    """The calendar of that number: first weeks without holidays, then random weeks
    with yearly holidays, single ones and long closures."""
    if number < 3:
        return WorkCalendar(f"no holiday {number}", frozenset(range(5 + number)), {})
    random = Random(number)
    odd = random.sample(range(7), random.randint(1, 7))
    weekdays = random.choice((range(5), range(5), range(6), odd))
    holidays = {}
    for _yearly in range(random.randrange(16)):
        month, day = random.randint(1, 12), random.randint(1, 28)
        holidays |= {date(year, month, day): "yearly" for year in range(1990, 2101)}
    for _single in range(random.randrange(400)):
        holidays[FIRST + timedelta(random.randrange(SPAN))] = "single"
    for _closure in range(random.randrange(8)):
        first = FIRST + timedelta(random.randrange(SPAN))
        for days in range(random.randint(2, 60)):
            holidays[first + timedelta(days)] = "closure"
    return WorkCalendar(f"calendar {number}", frozenset(weekdays), holidays)


def calendars():
    return st.integers(0, 59).map(numbered_calendar)


@st.composite
def rules(draw):
    """The arguments of a rule of one to three lengths, none in hours."""
    unit = draw(st.sampled_from(list(LIMITS)))
    way = draw(st.sampled_from(("", "inclusive", "franc")))
    further = st.tuples(
        st.integers(1, 12), st.sampled_from(("month", "week", "day", "business_day"))
    )
    return {
        "amount": draw(st.integers(1, LIMITS[unit])),
        "unit": unit,
        "roll": draw(st.sampled_from(("none", "next", "previous"))),
        "inclusive": way == "inclusive",
        "franc": way == "franc",
        "then": tuple(draw(st.lists(further, max_size=2))),
    }


@st.composite
def any_rules(draw):
    """Rules, those in hours too."""
    roll = draw(st.sampled_from(("none", "next", "previous")))
    hours = st.integers(1, 200).map(lambda hours: Rule(hours, "hour", roll=roll))
    return draw(hours | rules().map(lambda drawn: Rule(**drawn)))


@st.composite
def days(draw, number):
    """So many days of 1990 to 2095, a fixed stride apart, as an array."""
    first, stride = draw(st.integers(0, SPAN - 1)), draw(st.integers(1, 999))
    return numpy.datetime64(FIRST) + (first + stride * numpy.arange(number)) % SPAN


@st.composite
def instants(draw, number):
    """So many instants of 1990 to 2095, a fixed stride apart, to the second."""
    first = draw(st.integers(0, SPAN * 86400 - 1))
    stride = draw(st.integers(1, 10_000_000))
    midnight = datetime(1990, 1, 1, tzinfo=UTC)
    return [
        midnight + timedelta(seconds=(first + stride * place) % (SPAN * 86400))
        for place in range(number)
    ]


def pauses():
    """Up to four pauses around any start, overlapping or not, as hours from it."""
    spans = st.tuples(st.integers(-300, 3000), st.integers(0, 500))
    return st.lists(spans, min_size=1, max_size=4)


def paused(start, spans):
    """The pauses so drawn, as the engine takes them."""
    return [
        Pause(start + begin * HOUR, start + (begin + length) * HOUR)
        for begin, length in spans
    ]


class PropertyCase(BaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Hypothesis also draws the constants it reads in every loaded module: Odoo's
        # would take seconds, leave files behind and make the cases change with Odoo.
        cls.startClassPatcher(
            patch(
                "hypothesis.internal.conjecture.providers._get_local_constants",
                Constants,
            )
        )
