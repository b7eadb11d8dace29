"""When a promise falls due, and why.

The arithmetic, in its legal order, is in ``course``.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from .clock import Pause
from .course import Course, count_days, day_before_business_days, follow, roll_day
from .daytime import add_days, add_months, end_of_day, instant, local_day, zone
from .errors import RuleError
from .rule import Rule, Unit
from .workdays import Closed, Roll, WorkCalendar

__all__ = ["Pause", "Roll", "Rule", "Unit", "due_at", "due_day", "explain"]


def due_day(
    rule: Rule,
    day: date,
    calendar: WorkCalendar | None,
    *,
    roll_calendar: WorkCalendar | None = None,
) -> date:
    """Return the last day of the period that starts on the day, rolled.

    ``roll_calendar`` is for rules whose days are counted in one calendar and
    whose last day is moved by another: ten *jours ouvrables* may end on a
    Saturday, which art. 642 moves to Monday. Without it ``calendar`` serves both.

    Raises RuleError (``hours_have_no_day``, ``not_a_day``, ``day_out_of_range``) and
    CalendarError (``no_calendar``, ``no_working_day``, ``out_of_range``).

    >>> due_day(Rule(1, Unit.MONTH), date(2026, 1, 30), None)
    datetime.date(2026, 2, 28)
    """
    if rule.unit is Unit.HOUR:
        raise RuleError("hours_have_no_day")
    last = count_days(rule, day, calendar)
    return roll_day(rule, day, last, roll_calendar or calendar)


def due_at(
    rule: Rule,
    start: datetime,
    tz: str | ZoneInfo,
    calendar: WorkCalendar | None,
    pauses: Sequence[Pause] = (),
    extension: date | None = None,
    *,
    until: datetime | None = None,
    roll_calendar: WorkCalendar | None = None,
) -> datetime:
    """Return the last instant in time, in UTC.

    - Days and longer: counted from the local day of ``start`` in ``tz``, due at
      23:59:59 of the last local day.
    - Hours: elapsed since ``start``. When the rule rolls (periods in hours do not
      under Reg. 1182/71 art. 3(4)), due at the same local time on the day rolled to.
    - Pauses: see ``clock.paused_days``; working days for a rule that counts any,
      elapsed time for hours. None makes it due earlier. One that begins after the
      period is over changes nothing. One that lasts still is reckoned up to
      ``until``; without ``until`` the answer is the earliest due date left, had the
      clock resumed at once.
    - Extension: the new last day, as promised, not rolled; if pauses alone carry
      the period further, the later of both. It may not shorten the period.

    Raises RuleError (``not_an_instant``, ``unknown_time_zone``, ``not_a_day``,
    ``extension_before_due``, ``day_out_of_range``) and CalendarError (``no_calendar``
    when working days are counted or rolled to; ``no_working_day``, ``out_of_range``).

    >>> from datetime import UTC
    >>> received = datetime(2026, 6, 5, 17, 30, tzinfo=UTC)
    >>> print(due_at(Rule(2, Unit.DAY), received, "Europe/Paris", None))
    2026-06-07 21:59:59+00:00
    >>> print(due_at(Rule(48, Unit.HOUR), received, "Europe/Paris", None))
    2026-06-07 17:30:00+00:00
    """
    if pauses or extension is not None or rule.unit is Unit.HOUR:
        return follow(
            rule, start, tz, calendar, pauses, extension, until, roll_calendar
        ).due_at
    # The plain case, asked by the thousand: same moves, no course to keep.
    here = zone(tz)
    start_day = local_day(instant(start), here)
    last = count_days(rule, start_day, calendar)
    return end_of_day(roll_day(rule, start_day, last, roll_calendar or calendar), here)


def explain(
    rule: Rule,
    start: datetime,
    tz: str | ZoneInfo,
    calendar: WorkCalendar | None,
    pauses: Sequence[Pause] = (),
    extension: date | None = None,
    *,
    until: datetime | None = None,
    roll_calendar: WorkCalendar | None = None,
) -> dict[str, Any]:
    """Return why ``due_at`` answers as it does, as values for JSON.

    Takes and raises the same. Days are ISO dates, local; instants are ISO
    datetimes with their offset. No sentence: the reader's language is not known.

    - ``start``, ``start_day``, ``tz``, ``calendar`` (name or None);
    - ``amount``, ``unit``, ``then``, ``inclusive``, ``franc``, ``roll``, ``source``;
    - ``raw_due_day``: after the count alone; ``short_month``: the month counted to
      has no such day number, so that its last day is taken;
    - ``skipped_holidays`` ``[day, name]`` on weekdays otherwise worked, and
      ``skipped_rest_days``, how many other days: those not counted up to the last
      day before it rolls, for rules that count working days;
    - ``pauses`` ``[from, to, days]`` that pushed the last day, ``paused_days`` their
      sum (working days if those are counted), ``paused_seconds`` (hours only, else
      0); one that lasts still, without ``until``, has None as ``to``;
    - ``rolled``: None, or ``from``, ``to`` and the ``reasons`` ``[day, holiday or
      None]`` of each day passed over;
    - ``extension``: None, or ``from`` (the day due without it) and ``to``;
    - ``due_at`` (UTC), ``due_day`` (local).
    """
    here = zone(tz)
    course = follow(
        rule, start, here, calendar, pauses, extension, until, roll_calendar
    )
    return {
        "start": start.astimezone(here).isoformat(),
        "start_day": course.start_day.isoformat(),
        "tz": here.key,
        "calendar": calendar.name if calendar else None,
        **_explain_rule(rule),
        "raw_due_day": course.raw_day.isoformat(),
        "short_month": _is_short_month(rule, course.start_day),
        **_explain_skipped(rule, course, calendar),
        **_explain_pauses(rule, course, here),
        "pauses": _list_pauses(course, pauses, here, until),
        "rolled": _explain_roll(course, roll_calendar or calendar),
        "extension": _explain_extension(course, extension),
        "due_at": course.due_at.isoformat(),
        "due_day": local_day(course.due_at, here).isoformat(),
    }


def _explain_rule(rule: Rule) -> dict[str, Any]:
    return {
        "amount": rule.amount,
        "unit": rule.unit.value,
        "then": [[amount, unit.value] for amount, unit in rule.then],
        "inclusive": rule.inclusive,
        "franc": rule.franc,
        "roll": rule.roll.value,
        "source": rule.source,
    }


def _is_short_month(rule: Rule, day: date) -> bool:
    return bool(rule.months) and add_months(day, rule.months).day != day.day


def _explain_skipped(
    rule: Rule, course: Course, calendar: WorkCalendar | None
) -> dict[str, Any]:
    closed: list[Closed] = []
    if rule.business_days:
        after = day_before_business_days(rule, course.start_day)
        closed = calendar.closed_days(after, course.last_day)
    holidays = [
        [skipped.day.isoformat(), skipped.holiday]
        for skipped in closed
        if skipped.day.weekday() in calendar.weekdays and skipped.holiday is not None
    ]
    return {
        "skipped_holidays": holidays,
        "skipped_rest_days": len(closed) - len(holidays),
    }


def _explain_pauses(rule: Rule, course: Course, here: ZoneInfo) -> dict[str, Any]:
    time = timedelta()
    if rule.unit is Unit.HOUR:
        time = sum((stop.end - stop.start for stop, _days in course.stops), time)
    return {
        "paused_days": sum(days for _stop, days in course.stops),
        "paused_seconds": int(time.total_seconds()),
    }


def _list_pauses(
    course: Course, pauses: Sequence[Pause], here: ZoneInfo, until: datetime | None
) -> list[list]:
    def local(moment: datetime) -> str:
        return moment.astimezone(here).isoformat()

    counted = [[local(at.start), local(at.end), days] for at, days in course.stops]
    lasting = [pause for pause in pauses if pause.end is None and until is None]
    return counted + [[local(pause.start), None, 0] for pause in lasting]


def _explain_roll(
    course: Course, calendar: WorkCalendar | None
) -> dict[str, Any] | None:
    last, rolled = course.last_day, course.rolled_day
    if rolled == last:
        return None
    if rolled > last:
        passed = calendar.closed_days(add_days(last, -1), add_days(rolled, -1))
    else:
        passed = calendar.closed_days(rolled, last)[::-1]
    return {
        "from": last.isoformat(),
        "to": rolled.isoformat(),
        "reasons": [[closed.day.isoformat(), closed.holiday] for closed in passed],
    }


def _explain_extension(course: Course, extension: date | None) -> dict[str, str] | None:
    if extension is None:
        return None
    return {"from": course.rolled_day.isoformat(), "to": extension.isoformat()}
