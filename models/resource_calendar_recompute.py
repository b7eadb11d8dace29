import pytz

from odoo import api, fields, models
from odoo.fields import Domain

from .resource_calendar_holidays import KEEPER_GROUPS
from .resource_calendar_use import span_domain

# What of a calendar says which days are worked.
DAY_FIELDS = frozenset(
    {
        "tz",
        "attendance_ids",
        "two_weeks_calendar",
        "schedule_type",
        "flexible_hours",
        "company_id",
    }
)


class ResourceCalendar(models.Model):
    """Open deadlines follow the calendars that count them."""

    _inherit = "resource.calendar"

    complaint_open_count = fields.Integer(
        "Open complaints counted with it",
        compute="_compute_complaint_open_count",
        compute_sudo=True,
        groups=KEEPER_GROUPS,
        help="A change of its days moves their deadlines.",
    )

    def _compute_complaint_open_count(self):
        recompute = self.env["complaint.recompute"]
        for calendar in self:
            domain = calendar._origin._complaint_deadline_domain()
            _count, calendar.complaint_open_count = recompute._preview(domain)

    def write(self, vals):
        result = super().write(vals)
        if DAY_FIELDS.intersection(vals):
            self.env.registry.clear_cache()
            self._complaint_days_changed()
        return result

    def _complaint_days_changed(self):
        for calendar in self:
            self.env["complaint.recompute"]._ask_deadlines(
                self.env._(
                    "The working days of “%(calendar)s” changed.",
                    calendar=calendar.name,
                ),
                calendar._complaint_deadline_domain(),
            )


class ResourceCalendarAttendance(models.Model):
    _inherit = "resource.calendar.attendance"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.calendar_id._complaint_days_changed()
        return lines

    def write(self, vals):
        calendars = self.calendar_id
        result = super().write(vals)
        (calendars | self.calendar_id)._complaint_days_changed()
        return result

    def unlink(self):
        calendars = self.calendar_id
        result = super().unlink()
        calendars._complaint_days_changed()
        return result


class ResourceCalendarLeaves(models.Model):
    _inherit = "resource.calendar.leaves"

    complaint_touched = fields.Integer(
        "Open complaints touched",
        compute="_compute_complaint_touched",
        compute_sudo=True,
        groups=KEEPER_GROUPS,
        help="Their deadlines are reckoned again when this closing day is saved.",
    )

    @api.depends("date_from", "date_to", "calendar_id", "company_id", "resource_id")
    def _compute_complaint_touched(self):
        """Only of what is being typed: what is saved has been followed already."""
        recompute = self.env["complaint.recompute"]
        for leave in self:
            leave.complaint_touched = 0
            domain = None if leave.id else leave._complaint_deadline_domain()
            if domain:
                _count, leave.complaint_touched = recompute._preview(domain)

    def _complaint_deadline_domain(self):
        """Promises whose time runs through one of these closing days of everybody."""
        leaves = self.filtered(
            lambda x: not x.resource_id and x.date_from and x.date_to
        )
        if not leaves:
            return None
        domain = Domain.FALSE
        for calendar, lines in leaves.grouped("calendar_id").items():
            one = span_domain(*lines._complaint_span())
            if calendar:
                one &= calendar._complaint_deadline_domain()
            if all(line.company_id for line in lines):
                # A closing day of a company counts in its own complaints only.
                one &= Domain("company_id", "in", lines.company_id.ids)
            domain |= one
        return domain

    def _complaint_span(self):
        zones = {leave: pytz.timezone(leave.calendar_id.tz or "UTC") for leave in self}
        days = [
            pytz.utc.localize(moment).astimezone(zone).date()
            for leave, zone in zones.items()
            for moment in (leave.date_from, leave.date_to)
        ]
        return tuple(map(fields.Datetime.to_datetime, (min(days), max(days))))

    @api.model_create_multi
    def create(self, vals_list):
        leaves = super().create(vals_list)
        leaves._complaint_closures_changed(leaves._complaint_deadline_domain())
        return leaves

    def write(self, vals):
        before = self._complaint_deadline_domain()
        words = self._complaint_closure_words()
        result = super().write(vals)
        after = self._complaint_deadline_domain()
        both = [domain for domain in (before, after) if domain is not None]
        if both:
            self._complaint_closures_changed(Domain.OR(both), words)
        return result

    def unlink(self):
        domain = self._complaint_deadline_domain()
        words = self._complaint_closure_words()
        result = super().unlink()
        self.browse()._complaint_closures_changed(domain, words)
        return result

    def _complaint_closure_words(self):
        names = [name for name in self[:3].mapped("name") if name]
        return ", ".join(names) + ("…" if len(self) > 3 else "")

    def _complaint_closures_changed(self, domain, words=None):
        if domain is None:
            return
        self.env["complaint.recompute"]._ask_deadlines(
            self.env._(
                "Closing days changed: %(days)s.",
                days=words or self._complaint_closure_words() or "—",
            ),
            domain,
        )
