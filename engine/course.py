"""The course of one period, from its start to its last instant.

A period is reckoned in four moves, always in this order:

1. the length is counted from the start, whose day is day zero (art. 641 of the
   French code of civil procedure; Reg. 1182/71 art. 3(1) and 3(2));
2. each pause that begins in time pushes the end by what it froze;
3. an end that falls on a day not worked rolls, if the rule says so (art. 642;
   Reg. 1182/71 art. 3(4));
4. a date promised in an extension replaces the result.

Lengths of a day or more are reckoned in local days, hours in elapsed time: the
classes ``Days`` and ``Hours`` answer the same questions, each in its own measure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from .clock import Pause, Span, frozen_days, merged
from .daytime import (
    add_days,
    add_months,
    check_day,
    end_of_day,
    instant,
    local_day,
    out_of_range,
    zone,
)
from .errors import CalendarError, RuleError
from .rule import Rule, Unit
from .workdays import LAST_DAY, Roll, WorkCalendar


@dataclass(slots=True)
class Course:
    """What happened on the way to the due instant."""

    start_day: date
    raw_day: date
    """After the count alone."""
    last_day: date
    """After the pauses."""
    rolled_day: date
    """After the roll."""
    stops: list[tuple[Span, int]]
    """The pauses that pushed, with the days each one froze."""
    due_at: datetime
    """After the extension, in UTC."""


def follow(
    rule: Rule,
    start: datetime,
    tz: str | ZoneInfo,
    calendar: WorkCalendar | None,
    pauses: Sequence[Pause],
    extension: date | None,
    until: datetime | None,
    roll_calendar: WorkCalendar | None,
) -> Course:
    """Make the four moves; ``deadline.due_at`` says what each argument means."""
    start = instant(start)
    measure: Any = (Hours if rule.unit is Unit.HOUR else Days)(
        rule, start, zone(tz), calendar, roll_calendar or calendar
    )
    raw = measure.count()
    spans = merged(pauses, until, start) if pauses else ()
    last, rolled, stops = push(measure, raw, spans)
    due = measure.end(rolled)
    if extension is not None:
        unpaused = measure.day(measure.roll(raw) if stops else rolled)
        if check_day(extension) < unpaused:
            raise RuleError("extension_before_due", extension=extension, due=unpaused)
        due = max(due, end_of_day(extension, measure.tz))
    return Course(
        start_day=local_day(start, measure.tz),
        raw_day=measure.day(raw),
        last_day=measure.day(last),
        rolled_day=measure.day(rolled),
        stops=[(stop, measure.frozen_days(stop)) for stop in stops],
        due_at=due,
    )


def push(measure: Any, raw: Any, stops: Sequence[Span]) -> tuple[Any, Any, list[Span]]:
    """Move 2: push the end by each pause that begins before the period is over.

    The period is over on the rolled day. So a pause that begins between the last
    day counted and the day it rolls to is in time, and pushes from the latter:
    otherwise a file paused in time would be late when it resumes. A roll never
    takes back what was had before the pause: hours that end on a Sunday evening
    and roll to Monday evening stay there when a pause carries them to Monday
    morning. Returns the new end, where it rolls to, and the pauses that counted.
    """
    last, rolled, used = raw, measure.roll(raw), []
    for stop in stops:
        begin = measure.begin(stop)
        if begin > rolled:
            break
        last = measure.pushed(last if begin <= last else rolled, stop)
        rolled = max(rolled, measure.roll(last))
        used.append(stop)
    return last, rolled, used


@dataclass(slots=True)
class Days:
    """Periods of a day or more: every end is a local day."""

    rule: Rule
    start: datetime
    tz: ZoneInfo
    calendar: WorkCalendar | None
    roll_calendar: WorkCalendar | None

    def count(self) -> date:
        return count_days(self.rule, local_day(self.start, self.tz), self.calendar)

    def roll(self, last: date) -> date:
        start_day = local_day(self.start, self.tz)
        return roll_day(self.rule, start_day, last, self.roll_calendar)

    def begin(self, stop: Span) -> date:
        return local_day(stop.start, self.tz)

    def frozen_days(self, stop: Span) -> int:
        """Working days if the rule counts any, else calendar days."""
        mask = self.calendar if self.rule.business_days else None
        return frozen_days(stop, self.tz, mask)

    def pushed(self, last: date, stop: Span) -> date:
        days = self.frozen_days(stop)
        if days and self.rule.business_days:
            return need(self.calendar).add(last, days)
        return add_days(last, days)

    def day(self, last: date) -> date:
        return last

    def end(self, last: date) -> datetime:
        return end_of_day(last, self.tz)


@dataclass(slots=True)
class Hours:
    """Periods in hours: every end is an instant in UTC."""

    rule: Rule
    start: datetime
    tz: ZoneInfo
    calendar: WorkCalendar | None
    roll_calendar: WorkCalendar | None

    def count(self) -> datetime:
        try:
            last = self.start + timedelta(hours=self.rule.amount)
        except OverflowError:
            raise out_of_range() from None
        if last.year > LAST_DAY.year:
            raise out_of_range()
        return last

    def roll(self, last: datetime) -> datetime:
        """Same local time on the day rolled to, never before the start."""
        local = last.astimezone(self.tz)
        start_day = local_day(self.start, self.tz)
        day = roll_day(self.rule, start_day, local.date(), self.roll_calendar)
        if day == local.date():
            return last
        return max(self.start, instant(datetime.combine(day, local.time(), self.tz)))

    def begin(self, stop: Span) -> datetime:
        return stop.start

    def frozen_days(self, stop: Span) -> int:
        return frozen_days(stop, self.tz, None)

    def pushed(self, last: datetime, stop: Span) -> datetime:
        return last + (stop.end - stop.start)

    def day(self, last: datetime) -> date:
        return local_day(last, self.tz)

    def end(self, last: datetime) -> datetime:
        return last


def count_days(rule: Rule, day: date, calendar: WorkCalendar | None) -> date:
    """Move 1 in days: months first, then days, then working days (art. 641)."""
    day = day_before_business_days(rule, day)
    if rule.business_days:
        return need(calendar).add(day, rule.business_days)
    return day


def day_before_business_days(rule: Rule, day: date) -> date:
    """Return the day after which the working days of the rule are counted.

    An inclusive period of months ends on the eve of the same day number; where
    the month has no such day, its last day is that eve already. An inclusive
    period without months is counted from the eve of its first day.
    """
    check_day(day)
    if rule.months:
        same = add_months(day, rule.months)
        day = add_days(same, -1) if rule.inclusive and same.day == day.day else same
    elif rule.inclusive:
        day = add_days(day, -1)
    return add_days(day, rule.days) if rule.days else day


def roll_day(
    rule: Rule, start_day: date, last: date, calendar: WorkCalendar | None
) -> date:
    """Move 3 in days. Rolling back never passes the day of the start."""
    if rule.roll is Roll.NONE:
        return last
    return max(need(calendar).roll(last, rule.roll), start_day)


def need(calendar: WorkCalendar | None) -> WorkCalendar:
    """Return the calendar; CalendarError (``no_calendar``) if there is none."""
    if calendar is None:
        raise CalendarError("no_calendar")
    return calendar
