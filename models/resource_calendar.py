from odoo import api, models
from odoo.tools import ormcache

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
        :raises UserError: when the calendar has no working day, or does not say which
        """
        calendar = self.sudo()  # sudo: resource.calendar - dates are no secret
        calendar.ensure_one()
        weekdays = calendar._complaint_check_worked()
        leaves = calendar.env["resource.calendar.leaves"].search_fetch(
            [
                ("resource_id", "=", False),
                ("time_type", "=", "leave"),
                ("calendar_id", "in", [False, calendar.id]),
                ("company_id", "in", [False, company_id]),
            ],
            ["name", "date_from", "date_to"],
        )
        closed = calendar._complaint_weeks_off()
        closed |= calendar._complaint_closed_days(leaves)
        return WorkCalendar(calendar.name, weekdays, closed)


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
