import pytz

from odoo import api, fields, models
from odoo.tools import format_date


class ResourceCalendarLeaves(models.Model):
    _inherit = "resource.calendar.leaves"

    complaint_days = fields.Char(
        "Days",
        compute="_compute_complaint_days",
        help="In the time zone of the calendar.",
    )

    @api.depends("calendar_id")
    def _compute_company_id(self):
        """Public holidays belong to no company, whoever loads them.

        Core gives them the calendar's company, or the current one, and they would not
        count for the other companies that use the calendar.
        """
        result = super()._compute_company_id()
        if self.env.context.get("complaint_days_of_all"):
            self.company_id = False
        return result

    @api.depends("calendar_id.tz", "date_from", "date_to")
    @api.depends_context("lang")
    def _compute_complaint_days(self):
        for leave in self:
            if not (leave.calendar_id and leave.date_from and leave.date_to):
                leave.complaint_days = False
                continue
            zone = pytz.timezone(leave.calendar_id.tz)
            first, last = (
                pytz.utc.localize(moment).astimezone(zone).date()
                for moment in (leave.date_from, leave.date_to)
            )
            days = [first] if first == last else [first, last]
            leave.complaint_days = " – ".join(
                format_date(self.env, day, date_format="EEE d MMM y") for day in days
            )
