from datetime import datetime, time, timedelta

import holidays
import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import ormcache

from ..engine.errors import EngineError
from ..engine.workdays import WorkCalendar


class ResourceCalendar(models.Model):
    _inherit = "resource.calendar"

    @ormcache("self.id", "company_id")
    def _complaint_work_calendar(self, company_id):
        """Return this calendar as the engine's value, cached until a day of it changes.

        A day is worked when it has attendance and is not covered by a leave of the
        whole calendar. A leave without calendar counts for its own company only:
        core does not check that, and one company's closure must not move the
        deadlines of another.

        :param int company_id: the company whose closures count
        :raises UserError: when the calendar has no working day
        """
        calendar = self.sudo()  # sudo: resource.calendar - dates are no secret
        calendar.ensure_one()
        spans = {}
        for line in calendar.attendance_ids:
            if line.day_period != "lunch" and not line.display_type:
                start, stop = spans.get(int(line.dayofweek), (24.0, 0.0))
                spans[int(line.dayofweek)] = (
                    min(start, line.hour_from),
                    max(stop, line.hour_to),
                )
        leaves = calendar.env["resource.calendar.leaves"].search_fetch(
            [
                ("resource_id", "=", False),
                ("time_type", "=", "leave"),
                ("calendar_id", "in", [False, calendar.id]),
                ("company_id", "in", [False, company_id]),
            ],
            ["name", "date_from", "date_to"],
        )
        closed = {}
        zone = pytz.timezone(calendar.tz)
        for leave in leaves:
            first = pytz.utc.localize(leave.date_from).astimezone(zone)
            last = pytz.utc.localize(leave.date_to).astimezone(zone)
            day = first.date()
            while day <= last.date():
                opens, closes = spans.get(day.weekday(), (0.0, 0.0))
                if _local(zone, day, opens) >= first and (
                    _local(zone, day, closes) <= last + timedelta(seconds=59)
                ):
                    closed[day] = leave.name or ""
                day += timedelta(days=1)
        try:
            return WorkCalendar(calendar.name, frozenset(spans), closed)
        except EngineError as error:
            raise UserError(
                self.env._(
                    "The calendar “%(calendar)s” has no working day, so no working "
                    "day can be counted with it. Add working hours to it or choose "
                    "another calendar on the policies that use it.",
                    calendar=calendar.name,
                )
            ) from error

    @api.model
    def _complaint_years(self):
        """The years for which public holidays are loaded at installation.

        The current one, the two that follow, and the one before, because a clock
        that runs today may have started then.
        """
        year = fields.Date.today().year
        return [year - 1, year, year + 1, year + 2]

    def complaint_load_public_holidays(
        self, country, years=None, subdivision=None, language=None
    ):
        """Write the public holidays of a country into these calendars.

        Days that are already closed in a calendar are left alone, so it can be run
        again.

        :param str country: ISO 3166 code, as the ``holidays`` library knows it, or
            the code of a financial market: ``XECB`` for the days on which TARGET,
            the payment system of the euro, is closed
        :param years: iterable of years; by default last year to the year after next
        :param str subdivision: code of a region with holidays of its own
        :param str language: of the names, as the library knows it; by default the
            country's own
        :return: the leaves created
        """
        self.check_access("write")
        is_market = country in holidays.list_supported_financial()
        source = holidays.financial_holidays if is_market else holidays.country_holidays
        days = source(
            country,
            subdiv=subdivision,
            years=list(years or self._complaint_years()),
            language=language or source(country).default_language,
        )
        vals_list = []
        for calendar in self:
            zone = pytz.timezone(calendar.tz)
            known = {
                pytz.utc.localize(leave.date_from).astimezone(zone).date()
                for leave in calendar.leave_ids.filtered(lambda x: not x.resource_id)
            }
            vals_list += [
                {
                    "name": name,
                    "calendar_id": calendar.id,
                    "resource_id": False,
                    "time_type": "leave",
                    "date_from": _naive_utc(zone, day, time.min),
                    "date_to": _naive_utc(zone, day, time(23, 59, 59)),
                }
                for day, name in sorted(days.items())
                if day not in known
            ]
        leaves = self.env["resource.calendar.leaves"].create(vals_list)
        # Core gives the current company to the days of a calendar that has none.
        leaves.filtered(lambda leave: not leave.calendar_id.company_id).write(
            {"company_id": False}
        )
        return leaves


def _local(zone, day, hour):
    """The local instant ``hour`` hours (float, 0 to 24) after midnight of ``day``."""
    minutes = min(round(hour * 60), 24 * 60 - 1)
    return zone.localize(datetime.combine(day, time(minutes // 60, minutes % 60)))


def _naive_utc(zone, day, at):
    local = zone.localize(datetime.combine(day, at))
    return local.astimezone(pytz.utc).replace(tzinfo=None)


class ResourceCalendarLeaves(models.Model):
    _inherit = "resource.calendar.leaves"

    @api.model_create_multi
    def create(self, vals_list):
        leaves = super().create(vals_list)
        leaves._complaint_forget_calendars()
        return leaves

    def write(self, vals):
        self._complaint_forget_calendars()
        result = super().write(vals)
        self._complaint_forget_calendars()
        return result

    def unlink(self):
        self._complaint_forget_calendars()
        return super().unlink()

    def _complaint_forget_calendars(self):
        """Drop the cached calendars when a closing day of everybody changes.

        The absence of one person changes no deadline.
        """
        if any(not leave.resource_id for leave in self):
            self.env.registry.clear_cache()


class ResourceCalendarAttendance(models.Model):
    _inherit = "resource.calendar.attendance"

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()
