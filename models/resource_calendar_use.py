from odoo import api, fields, models
from odoo.fields import Domain

from .complaint_terms import FILE_GROUPS, OPEN_STATES

# How far a date may move once the days that it skips are known.
MARGIN_DAYS = 31


class ResourceCalendar(models.Model):
    """Who counts with a calendar: policies, companies, and the deadlines now open."""

    _inherit = "resource.calendar"

    complaint_policy_ids = fields.One2many(
        "complaint.policy",
        "calendar_id",
        "Policies that count with it",
        groups=FILE_GROUPS,
    )
    complaint_roll_policy_ids = fields.One2many(
        "complaint.policy",
        "roll_calendar_id",
        "Policies that end on its days",
        groups=FILE_GROUPS,
    )
    complaint_is_used = fields.Boolean(
        "Used for complaints",
        compute="_compute_complaint_is_used",
        compute_sudo=True,
        search="_search_complaint_is_used",
    )

    @api.depends(
        "complaint_policy_ids.active",
        "complaint_policy_ids.regime_id.active",
        "complaint_roll_policy_ids.active",
        "complaint_roll_policy_ids.regime_id.active",
    )
    def _compute_complaint_is_used(self):
        for calendar in self:
            calendar.complaint_is_used = bool(calendar._complaint_policies())

    def _search_complaint_is_used(self, operator, value):
        if operator != "in":
            return NotImplemented
        used = Domain("active", "=", True) & Domain("regime_id.active", "=", True)
        return Domain("complaint_policy_ids", "any!", used) | Domain(
            "complaint_roll_policy_ids", "any!", used
        )

    def _complaint_policies(self):
        """The policies in use that count with these calendars, or end on their days."""
        policies = self.complaint_policy_ids | self.complaint_roll_policy_ids
        return policies.filtered(
            lambda policy: policy.active and policy.regime_id.active
        )

    def _complaint_companies(self):
        """The companies whose deadlines this calendar counts: all, by a shared regime.

        A calendar that a company takes as its working hours becomes the company's
        own, and goes on counting for everybody: core sets that by itself.
        """
        self.ensure_one()
        calendar = self.sudo()  # sudo: res.company - which there are, nothing else
        policies = calendar.complaint_policy_ids | calendar.complaint_roll_policy_ids
        regimes = policies.regime_id
        if calendar.company_id and all(regime.company_id for regime in regimes):
            return calendar.company_id | regimes.company_id
        return self.env["res.company"].sudo().search(Domain.TRUE)  # sudo: same

    def _complaint_open_deadlines(self, days):
        """The open deadlines that a change of these days may move, as a domain.

        Their policy counts with one of these calendars or ends on its days, and the
        time from start to due date, with a month more for what it may move by, meets
        one of the days. A paused one has no due date yet: any day after its start
        counts.

        :param days: dates, in any order
        :return: a ``Domain`` on ``complaint.deadline``
        """
        if not self or not days:
            return Domain.FALSE
        spans = Domain.OR(span_domain(first, last) for first, last in _runs(days))
        policies = self._complaint_deadline_domain()
        return Domain("state", "in", OPEN_STATES) & policies & spans

    def _complaint_deadline_domain(self):
        """Promises that are counted or moved with one of these calendars."""
        # sudo: complaint.policy - configuration
        policies = self.env["complaint.policy"].sudo()
        mine = policies.with_context(active_test=False).search(
            Domain("calendar_id", "in", self.ids)
            | Domain("roll_calendar_id", "in", self.ids)
        )
        return Domain("policy_id", "in", mine.ids)


def span_domain(first, last):
    """Promises whose time meets the days from ``first`` to ``last``, or may.

    A paused one has no due date yet: any day after its start counts.
    """
    # A day more on both sides: the days are local, the instants are not.
    due_at = fields.Datetime.subtract(first, days=MARGIN_DAYS + 1)
    return Domain("start_at", "<=", fields.Datetime.add(last, days=2)) & (
        Domain("state", "=", "paused") | Domain("due_at", ">=", due_at)
    )


def _runs(days):
    """First and last instant of the runs of days no further apart than the margin.

    Whatever lasts longer than the margin and meets a run meets one of its days.
    """
    days = sorted(map(fields.Datetime.to_datetime, set(days)))
    first = last = days[0]
    for day in days[1:]:
        if (day - last).days > MARGIN_DAYS:
            yield first, last
            first = day
        last = day
    yield first, last
