import pytz

from odoo import api, fields, models

from .complaint_terms import OPEN_STATES


class ComplaintDeadline(models.Model):
    """What may still move a date: public holidays that nobody has loaded."""

    _inherit = "complaint.deadline"

    calendar_warning = fields.Text(
        "Calendar", compute="_compute_calendar_warning", compute_sudo=True
    )

    # The open deadlines of the policies of a calendar, whatever the stock of old ones.
    _open_policy_idx = models.Index(
        "(policy_id, due_at) WHERE state IN ('running', 'paused')"
    )

    @api.depends("state", "start_at", "due_at", "policy_id", "company_id")
    @api.depends_context("lang")
    def _compute_calendar_warning(self):
        for deadline in self:
            lines = (
                deadline._calendar_warnings() if deadline.state in OPEN_STATES else ()
            )
            deadline.calendar_warning = "\n".join(lines) or False

    def _calendar_warnings(self):
        """A sentence for each calendar that lacks a year of this deadline."""
        zone = pytz.timezone(self.regime_id.tz)
        first, last = (
            pytz.utc.localize(moment).astimezone(zone).year
            for moment in (self.start_at, self.due_at)
        )
        for calendar in self.policy_id._counting_calendars(self.company_id):
            years = calendar._complaint_missing_for(
                self.company_id, range(first, last + 1)
            )
            if years:
                yield self.env._(
                    "The calendar “%(calendar)s” has no public holidays for "
                    "%(years)s: the date may move.",
                    calendar=calendar.name,
                    years=", ".join(map(str, years)),
                )


class ComplaintPolicy(models.Model):
    _inherit = "complaint.policy"

    def _counting_calendars(self, company):
        """The calendars whose holidays move the dates of this policy in a company."""
        calendars = self.env["resource.calendar"]
        units = {self.unit, self.extension_unit, self.settlement_unit}
        if self.is_company_set:
            units.add(self.with_company(company).company_unit)
        if "business_day" in units:
            calendars |= self.calendar_id
        if self.roll != "none":
            calendars |= self.roll_calendar_id or self.calendar_id
        return calendars
