import logging
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import numpy
from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import tagged

from ..engine.clock import Pause
from ..engine.deadline import Rule, due_at, due_day
from ..engine.errors import RuleError
from ..engine.workdays import Roll
from .property_cases import (
    ZONES,
    PropertyCase,
    any_rules,
    calendars,
    days,
    examples,
    instants,
    paused,
    pauses,
    rules,
)

_logger = logging.getLogger(__name__)

ROLLS = {"next": "forward", "previous": "backward"}
SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)
zones = st.sampled_from(ZONES).map(ZoneInfo)


@cache
def as_busdays(calendar):
    """The same calendar as a value of numpy's."""
    return numpy.busdaycalendar(
        weekmask=[weekday in calendar.weekdays for weekday in range(7)],
        holidays=list(calendar.holidays),
    )


def as_array(found):
    return numpy.array(found, dtype="datetime64[D]")


def numpy_due_days(rule, starts, busdays, roll_busdays):
    """The days due by numpy, from a row of ``rules()``; shares nothing with the engine.

    An inclusive period of months ends on the eve of the same day number, or on the
    last day of a month that has no such day.
    """
    total = dict.fromkeys(("day", "business_day", "week", "month", "year"), 0)
    for amount, unit in ((rule["amount"], rule["unit"]), *rule["then"]):
        total[unit] += amount
    end, months = starts, total["month"] + 12 * total["year"]
    if months:
        start_months = starts.astype("datetime64[M]")
        place = starts - start_months.astype("datetime64[D]")
        first = (start_months + months).astype("datetime64[D]")
        last = (start_months + months + 1).astype("datetime64[D]") - 1
        exists = first + place <= last
        end = numpy.minimum(first + place, last) - (exists & rule["inclusive"])
    elif rule["inclusive"]:
        end = starts - 1
    business_days = total["business_day"]
    end = end + total["day"] + 7 * total["week"]
    if not business_days:
        end = end + rule["franc"]
    else:
        count = business_days + rule["franc"]
        end = numpy.busday_offset(end, count, roll="backward", busdaycal=busdays)
    if rule["roll"] == "none":
        return end
    roll = ROLLS[rule["roll"]]
    rolled = numpy.busday_offset(end, 0, roll=roll, busdaycal=roll_busdays)
    return numpy.maximum(rolled, starts)


@tagged("post_install", "-at_install")
class TestNumpy(PropertyCase):
    """The engine against another program's business days and months."""

    def assert_same(self, found, expected, starts, about):
        wrong = numpy.flatnonzero(found != expected)
        if wrong.size:
            at = wrong[0]
            self.fail(f"{about}, {starts[at]}: {found[at]}, not {expected[at]}")

    def test_due_days(self):
        checked = 0

        @examples(160)
        @given(
            calendars(),
            st.none() | calendars(),
            st.lists(rules(), min_size=4, max_size=4),
            days(250),
        )
        def compare(calendar, other, drawn, starts):
            nonlocal checked
            busdays, roll_busdays = as_busdays(calendar), as_busdays(other or calendar)
            for row in drawn:
                rule = Rule(**row)
                found = [
                    due_day(rule, day, calendar, roll_calendar=other)
                    for day in starts.tolist()
                ]
                expected = numpy_due_days(row, starts, busdays, roll_busdays)
                names = f"{rule} in {calendar.name}, rolled in {other and other.name}"
                self.assert_same(as_array(found), expected, starts, names)
                checked += len(starts)

        compare()
        _logger.info("%s due days compared with numpy's", checked)
        self.assertGreaterEqual(checked, 160_000)

    def test_moves_and_counts(self):
        checked = 0

        @examples(100)
        @given(calendars(), st.integers(1, 90), st.integers(0, 500), days(150))
        def compare(calendar, amount, length, starts):
            nonlocal checked
            busdays, listed = as_busdays(calendar), starts.tolist()
            ends = starts + length
            for what, found, expected in (
                (
                    "is worked",
                    [calendar.is_working(day) for day in listed],
                    numpy.is_busday(starts, busdaycal=busdays),
                ),
                (
                    f"add {amount}",
                    [calendar.add(day, amount) for day in listed],
                    numpy.busday_offset(starts, amount, "backward", busdaycal=busdays),
                ),
                (
                    f"count {length}",
                    list(map(calendar.count, listed, ends.tolist())),
                    numpy.busday_count(starts + 1, ends + 1, busdaycal=busdays),
                ),
            ):
                found = numpy.array(found, dtype=expected.dtype)
                self.assert_same(found, expected, starts, f"{calendar.name}, {what}")
                checked += len(starts)

        compare()
        _logger.info("%s moves and counts compared with numpy's", checked)
        self.assertGreaterEqual(checked, 45_000)

    def test_due_instants_are_the_ends_of_local_days(self):
        """The day by numpy; that it ends there, by the clock on the wall."""
        checked = 0

        @examples(100)
        @given(zones, calendars(), rules(), instants(100))
        def compare(zone, calendar, row, starts):
            nonlocal checked
            rule, busdays = Rule(**row), as_busdays(calendar)
            local = as_array([start.astimezone(zone).date() for start in starts])
            expected = numpy_due_days(row, local, busdays, busdays).tolist()
            for start, day in zip(starts, expected, strict=True):
                end = due_at(rule, start, zone, calendar)
                about = (zone.key, rule, calendar.name, start, end, day)
                self.assertLessEqual(end.astimezone(zone).date(), day, about)
                after = [end + SECOND]
                if day.year > 2011:
                    # Before, some clocks went back a minute after midnight.
                    after += [end + 20 * n * MINUTE for n in range(1, 10)]
                for moment in after:
                    self.assertGreater(moment.astimezone(zone).date(), day, about)
                checked += 1

        compare()
        _logger.info("%s due instants compared with the wall's clock", checked)
        self.assertGreaterEqual(checked, 10_000)

    def test_hours_are_elapsed_time(self):
        @examples(100)
        @given(zones, st.integers(1, 5_000), instants(100))
        def compare(zone, hours, starts):
            rule = Rule(hours, "hour")
            found = [due_at(rule, start, zone, None) for start in starts]
            naive = numpy.array(
                [start.replace(tzinfo=None) for start in starts], "M8[s]"
            )
            self.assert_same(
                numpy.array([end.replace(tzinfo=None) for end in found], "M8[s]"),
                naive + numpy.timedelta64(hours, "h"),
                starts,
                f"{hours} hours in {zone.key}",
            )

        compare()

    def test_rolled_hours_keep_the_time_on_the_wall(self):
        @examples(100)
        @given(
            zones,
            calendars(),
            st.integers(1, 200),
            st.sampled_from(("next", "previous")),
            instants(50),
        )
        def compare(zone, calendar, hours, roll, starts):
            busdays = as_busdays(calendar)
            rule = Rule(hours, "hour", roll=roll)
            for start in starts:
                plain = (start + timedelta(hours=hours)).astimezone(zone)
                rolled = numpy.busday_offset(
                    plain.date(), 0, ROLLS[roll], busdaycal=busdays
                ).item()
                rolled = max(rolled, start.astimezone(zone).date())
                end = due_at(rule, start, zone, calendar)
                about = (zone.key, rule, calendar.name, start, end)
                if rolled == plain.date():
                    self.assertEqual(end, plain, about)
                    continue
                wall = datetime.combine(rolled, plain.timetz())
                again = wall.astimezone(UTC).astimezone(zone)
                if again.replace(tzinfo=None) == wall.replace(tzinfo=None):
                    self.assertEqual(end, max(start, wall.astimezone(UTC)), about)
                else:
                    # The clock skips that time: it falls after the gap.
                    self.assertGreater(end.astimezone(zone), wall, about)
                    self.assertLess(end.astimezone(zone).date() - rolled, DAY, about)

        compare()


@tagged("post_install", "-at_install")
class TestPromises(PropertyCase):
    """What holds for every rule, calendar, zone and day."""

    def test_never_due_before_the_start_and_monotone(self):
        """A start one day later is never due earlier, nor is a longer period."""

        @examples(100)
        @given(calendars(), rules(), days(100))
        def check(calendar, row, starts):
            rule, longer = Rule(**row), Rule(**row | {"amount": row["amount"] + 1})
            for day in starts.tolist():
                due, about = due_day(rule, day, calendar), (rule, calendar.name, day)
                self.assertGreaterEqual(due, day, about)
                self.assertLessEqual(due, due_day(rule, day + DAY, calendar), about)
                self.assertLessEqual(due, due_day(longer, day, calendar), about)

        check()

    def test_a_rolled_day_stays(self):
        @examples(100)
        @given(calendars(), rules(), st.sampled_from(("next", "previous")), days(100))
        def check(calendar, row, roll, starts):
            rule = Rule(**row | {"roll": roll})
            raw = Rule(**row | {"roll": "none"})
            for day in starts.tolist():
                rolled = calendar.roll(day, Roll(roll))
                self.assertTrue(calendar.is_working(rolled))
                self.assertEqual(calendar.roll(rolled, Roll(roll)), rolled)
                due, last = due_day(rule, day, calendar), due_day(raw, day, calendar)
                if roll == "next":
                    self.assertGreaterEqual(due, last)
                else:
                    self.assertLessEqual(due, last)
                if due != day:
                    self.assertTrue(calendar.is_working(due), (rule, day))

        check()

    def test_a_pause_never_makes_it_earlier(self):
        @examples(250)
        @given(zones, calendars(), any_rules(), instants(20), pauses())
        def check(zone, calendar, rule, starts, spans):
            for start in starts:
                due = due_at(rule, start, zone, calendar)
                late = due_at(rule, start, zone, calendar, paused(start, spans))
                self.assertGreaterEqual(late, due, (rule, calendar.name, start))

        check()

    def test_a_pause_after_the_end_changes_nothing(self):
        @examples(200)
        @given(zones, calendars(), any_rules(), instants(10), st.integers(1, 10_000))
        def check(zone, calendar, rule, starts, minutes):
            for start in starts:
                due = due_at(rule, start, zone, calendar)
                late = due + minutes * MINUTE
                stop = Pause(late, late + 30 * DAY)
                self.assertEqual(due_at(rule, start, zone, calendar, [stop]), due)

        check()

    def test_an_extension_never_shortens(self):
        @examples(250)
        @given(
            zones,
            calendars(),
            any_rules(),
            instants(10),
            st.just([]) | pauses(),
            st.integers(0, 400),
        )
        def check(zone, calendar, rule, starts, spans, more):
            for start in starts:
                due = due_at(rule, start, zone, calendar)
                promised = due.astimezone(zone).date() + more * DAY
                stops = paused(start, spans)
                late = due_at(rule, start, zone, calendar, stops)
                extended = due_at(rule, start, zone, calendar, stops, promised)
                about = (rule, calendar.name, start, promised)
                self.assertGreaterEqual(extended, late, about)
                if extended != late:
                    self.assertEqual(extended.astimezone(zone).date(), promised, about)

        check()

    def test_an_earlier_day_is_no_extension(self):
        @examples(100)
        @given(zones, calendars(), any_rules(), instants(10), st.integers(1, 60))
        def check(zone, calendar, rule, starts, less):
            for start in starts:
                due = due_at(rule, start, zone, calendar)
                promised = due.astimezone(zone).date() - less * DAY
                with self.assertRaises(RuleError) as refusal:
                    due_at(rule, start, zone, calendar, extension=promised)
                self.assertEqual(refusal.exception.code, "extension_before_due")

        check()
