from odoo import models
from odoo.tools import ormcache


class ResourceCalendar(models.Model):
    """The hours in which somebody is at work, for reminders that wait for him."""

    _inherit = "resource.calendar"

    @ormcache("self.id", "company_id")
    def _complaint_work_time(self, company_id):
        """Return the hours worked and the days closed, as the engine's values.

        Cached until a line or a closing day of it changes. A flexible calendar has
        no hours, whatever lines it had before: its person may be told at any time.

        :param int company_id: the company whose closures count
        :return: ``(spans, closed days)``; no spans when no hours are known
        """
        calendar = self.sudo()  # sudo: resource.calendar - hours are no secret
        calendar.ensure_one()
        lines = calendar.attendance_ids.filtered(
            lambda line: (
                line.day_period != "lunch"
                and not line.display_type
                and line.hour_to > line.hour_from
            )
        )
        if calendar.schedule_type == "flexible" or not lines:
            return {}, frozenset()
        alternates = any(line.week_type for line in lines)
        spans = {}
        for line in lines:
            for week in self._complaint_weeks_of_hours(line, alternates):
                spans.setdefault(7 * week + int(line.dayofweek), []).append(
                    (line.hour_from, line.hour_to)
                )
        closed = self._complaint_work_calendar(company_id).holidays
        return spans, frozenset(closed)

    def _complaint_weeks_of_hours(self, line, alternates):
        """In which of two alternating weeks a line holds: one of them, or both."""
        if not alternates:
            return [0]
        return [int(line.week_type)] if line.week_type else [0, 1]
