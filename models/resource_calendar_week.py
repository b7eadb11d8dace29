from datetime import date, datetime, time, timedelta

import pytz

from odoo import models
from odoo.exceptions import UserError

from ..engine.workdays import FIRST_DAY, LAST_DAY

# What a cached calendar holds, besides its hours and leaves.
CACHED_FIELDS = {
    "company_id",
    "flexible_hours",
    "name",
    "schedule_type",
    "two_weeks_calendar",
    "tz",
}


class ResourceCalendar(models.Model):
    """Which days a calendar works: its hours and closures read as whole days.

    Days are those of the calendar's own time zone. A public holiday is a date: the
    regime may count in another zone and still skip the same dates.
    """

    _inherit = "resource.calendar"

    def write(self, vals):
        """Forget what was read of these calendars; keep dates in another time zone."""
        if CACHED_FIELDS.isdisjoint(vals):
            return super().write(vals)
        days = self._complaint_whole_days() if "tz" in vals else {}
        result = super().write(vals)
        self.env.registry.clear_cache()
        for leave, (first, last) in days.items():
            leave.write(leave.calendar_id._complaint_span(first, last))
        return result

    def _complaint_weeks(self):
        """First and last hour of each worked weekday, in both of two weeks.

        In a calendar of two alternating weeks a day is worked if the week it falls
        in works on that weekday; core numbers weeks by the parity of the days' count,
        so that the alternation survives years of 53 weeks. Otherwise both weeks are
        the same. Breaks and lines without length are no work.

        :return: two dicts, by weekday (Monday 0), of ``(hour_from, hour_to)``
        :raises UserError: for a flexible calendar, which says no days
        """
        self.ensure_one()
        if self.flexible_hours:
            raise UserError(
                self.env._(
                    "The calendar “%(calendar)s” is flexible: it does not say which "
                    "days are worked, so no working day can be counted with it. Make "
                    "it fully fixed, or choose another calendar on the policies that "
                    "use it.",
                    calendar=self.name,
                )
            )
        weeks = ({}, {})
        for line in self.attendance_ids:
            if not line._is_work_period() or line.hour_to <= line.hour_from:
                continue
            which = [int(line.week_type)] if self.two_weeks_calendar else [0, 1]
            for number in which:
                weekday = int(line.dayofweek)
                opens, closes = weeks[number].get(weekday, (24.0, 0.0))
                weeks[number][weekday] = (
                    min(opens, line.hour_from),
                    max(closes, line.hour_to),
                )
        return weeks

    def _complaint_check_worked(self):
        """Return the worked weekdays of both weeks together.

        :raises UserError: naming the calendar, when there is none
        """
        first, second = self._complaint_weeks()
        weekdays = frozenset(first) | frozenset(second)
        if not weekdays:
            raise UserError(
                self.env._(
                    "The calendar “%(calendar)s” has no working day, so no working "
                    "day can be counted with it. Add working hours to it or choose "
                    "another calendar on the policies that use it.",
                    calendar=self.name,
                )
            )
        return weekdays

    def _complaint_closed_days(self, leaves):
        """The local days that leaves close from opening to closing, with their names.

        A rest day is closed by what covers its first minute: its holiday has a name.

        :param leaves: ``resource.calendar.leaves``
        """
        weeks = self._complaint_weeks()
        zone = pytz.timezone(self.tz)
        closed = {}
        for leave in leaves:
            first = pytz.utc.localize(leave.date_from).astimezone(zone)
            last = pytz.utc.localize(leave.date_to).astimezone(zone)
            # To 23:59 or to 24:00 is the same to the person who enters it.
            end = last + timedelta(seconds=59)
            day = max(first.date(), FIRST_DAY)
            while day <= min(last.date(), LAST_DAY):
                if first.date() < day < last.date():
                    closed[day] = leave.name or ""
                else:
                    week = weeks[self._complaint_week_number(day)]
                    opens, closes = week.get(day.weekday(), (0.0, 0.0))
                    if first <= _local(zone, day, opens) and (
                        _local(zone, day, closes) <= end
                    ):
                        closed[day] = leave.name or ""
                day += timedelta(days=1)
        return closed

    def _complaint_weeks_off(self):
        """The weekdays worked in the other of two weeks only, as the engine's days."""
        weeks = self._complaint_weeks()
        if weeks[0].keys() == weeks[1].keys():
            return {}
        days = map(date.fromordinal, range(*_ORDINALS))
        either = weeks[0].keys() | weeks[1].keys()
        return {
            day: None
            for day in days
            if day.weekday() in either
            and day.weekday() not in weeks[self._complaint_week_number(day)]
        }

    def _complaint_week_number(self, day):
        return self.env["resource.calendar.attendance"].get_week_type(day)

    # ------------------------------------------------------------------
    # Whole days
    # ------------------------------------------------------------------

    def _complaint_span(self, first, last=None):
        """Values of a leave from the first to the last second of local days."""
        zone = pytz.timezone(self.tz)
        return {
            "date_from": _naive_utc(zone, first, time.min),
            "date_to": _naive_utc(zone, last or first, time(23, 59, 59)),
        }

    def _complaint_whole_days(self):
        """First and last day of each closure that is made of whole local days.

        A change of time zone moves their hours, never their dates: 14 July would
        otherwise close half of the 14th and half of the 15th, that is no day.
        """
        # sudo: resource.calendar.leaves - of every company, none may lose a day
        calendars = self.sudo().filtered("complaint_is_used")
        days = {}
        for leave in calendars.leave_ids.filtered(lambda leave: not leave.resource_id):
            zone = pytz.timezone(leave.calendar_id.tz)
            first = pytz.utc.localize(leave.date_from).astimezone(zone).date()
            last = pytz.utc.localize(leave.date_to).astimezone(zone).date()
            span = leave.calendar_id._complaint_span(first, last)
            if (span["date_from"], span["date_to"]) == (leave.date_from, leave.date_to):
                days[leave] = (first, last)
        return days


_ORDINALS = (FIRST_DAY.toordinal(), LAST_DAY.toordinal() + 1)


def _local(zone, day, hour):
    """The local instant ``hour`` hours (float, 0 to 24) after midnight of ``day``."""
    minutes = min(max(round(hour * 60), 0), 24 * 60 - 1)
    return zone.localize(datetime.combine(day, time(minutes // 60, minutes % 60)))


def _naive_utc(zone, day, at):
    local = zone.localize(datetime.combine(day, at))
    return local.astimezone(pytz.utc).replace(tzinfo=None)
