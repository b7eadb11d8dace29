from datetime import UTC, datetime, time

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

# Of so many promises a preview tells how many would move.
SAMPLE = 200
# What the dates of a policy depend on, saved or only typed.
TRIED_FIELDS = (
    "step",
    "label",
    "amount",
    "unit",
    "is_company_set",
    "company_amount",
    "company_unit",
    "count_from",
    "calendar_id",
    "roll",
    "roll_calendar_id",
    "is_inclusive",
    "settlement_amount",
    "settlement_unit",
    "source",
    "regime_id.tz",
)


class ComplaintPolicy(models.Model):
    """Try a policy before it is saved: which date it gives, and what it would move."""

    _inherit = "complaint.policy"

    try_date = fields.Date(
        "Try it with",
        compute="_compute_try_date",
        readonly=False,
        help="A day on which the clock would start.",
    )
    try_result = fields.Text("Gives", compute="_compute_try_result")
    impact = fields.Text("What saving would move", compute="_compute_impact")

    def _compute_try_date(self):
        for policy in self:
            policy.try_date = policy.try_date or fields.Date.context_today(policy)

    @api.depends("try_date", *TRIED_FIELDS)
    @api.depends_context("lang", "company")
    def _compute_try_result(self):
        for policy in self:
            try:
                deadline = policy._try_deadline(policy.try_date)
                data = deadline._explain_data()
                lines = [*deadline._explain(data)]
            except UserError as error:
                lines = [error.args[0]]
            policy.try_result = "\n".join(lines)

    def _try_deadline(self, day):
        """The promise of this policy for a clock that starts at noon of a day.

        :return: a ``complaint.deadline`` that is not saved
        :raises UserError: when the policy gives no date
        """
        self.ensure_one()
        deadlines = self.env["complaint.deadline"]
        start = self._noon(day or fields.Date.context_today(self))
        company = self.company_id or self.env.company
        return deadlines.new(
            {
                "policy_id": self,
                "regime_id": self.regime_id,
                "company_id": company,
                "step": self.step,
                "start_event": self.count_from,
                "start_at": start,
                "occurrence": 1,
                "state": "running",
                "due_at": deadlines._reckon(self, company, start),
                "settle_until": deadlines._reckon_settlement(self, company, start),
            }
        )

    def _try_due_words(self, day):
        """The due day for a clock that starts on ``day``, or why there is none."""
        try:
            deadline = self._try_deadline(day)
        except UserError as error:
            return error.args[0]
        return self.env["helpdesk.ticket"]._complaint_format_due(deadline)

    def _noon(self, day):
        zone = pytz.timezone(self.regime_id.tz or "UTC")
        noon = zone.localize(datetime.combine(day, time(12)))
        return noon.astimezone(UTC).replace(tzinfo=None)

    @api.depends(*TRIED_FIELDS)
    @api.depends_context("lang", "company")
    def _compute_impact(self):
        for policy in self:
            policy.impact = policy._origin and policy._impact_words()

    def _impact_words(self):
        """How many open complaints follow this policy, and how far they would move."""
        recompute = self.env["complaint.recompute"]
        domain = Domain("policy_id", "=", self._origin.id)
        count, tickets = recompute._preview(domain)
        if not count:
            return self.env._("No open complaint counts with this policy.")
        words = self.env._(
            "%(deadlines)s open deadlines of %(complaints)s complaints count with this "
            "policy.",
            deadlines=count,
            complaints=tickets,
        )
        # sudo: complaint.deadline - only how many would move, of every team
        shown = self.env["helpdesk.ticket"]._complaint_countable_domain()
        sample = (
            self.env["complaint.deadline"]
            .sudo()
            .search(
                domain & recompute._open_domain() & Domain("ticket_id", "any", shown),
                limit=SAMPLE,
                order="due_at",
            )
        )
        try:
            moved, late = self._compare(sample)
        except UserError as error:
            return f"{words} {error.args[0]}"
        if not moved:
            return self.env._("%(count)s Saving moves none of them.", count=words)
        if count > len(sample):
            return self.env._(
                "%(count)s Of the first %(sample)s, saving moves %(moved)s; %(late)s "
                "would be late.",
                count=words,
                sample=len(sample),
                moved=moved,
                late=late,
            )
        return self.env._(
            "%(count)s Saving moves %(moved)s of them; %(late)s would be late.",
            count=words,
            moved=moved,
            late=late,
        )

    def _compare(self, sample):
        """How many of these promises would move, and how many of those be late."""
        now = fields.Datetime.now()
        moved = late = 0
        for deadline in sample:
            due = deadline._reckon(
                self,
                deadline.company_id,
                deadline.start_at,
                deadline.pauses or (),
                None,
                deadline.occurrence,
            )
            if deadline.extended_to:
                due = max(due, deadline.due_at)
            if due != deadline.due_at:
                moved += 1
                late += due < now <= deadline.due_at
        return moved, late

    def action_new_version(self):
        """Open a copy of this policy that takes its place from today on.

        Complaints keep the version under which their clock started.
        """
        self.ensure_one()
        today = fields.Date.context_today(self)
        if self.valid_to and self.valid_to < today:
            raise UserError(
                self.env._(
                    "The policy “%(policy)s” ended on %(day)s. Copy the version in "
                    "force instead.",
                    policy=self.name,
                    day=format_date(self.env, self.valid_to),
                )
            )
        if self.valid_from and self.valid_from >= today:
            raise UserError(
                self.env._(
                    "The policy “%(policy)s” starts on %(day)s: change it as it is.",
                    policy=self.name,
                    day=format_date(self.env, self.valid_from),
                )
            )
        valid_to = self.valid_to
        self.valid_to = fields.Date.subtract(today, days=1)
        version = self.copy({"valid_from": today, "valid_to": valid_to})
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": version.id,
            "view_mode": "form",
        }


class ComplaintRegime(models.Model):
    """A regime as a page of sentences, with the dates they give for one day."""

    _inherit = "complaint.regime"

    try_date = fields.Date("Try it with", compute="_compute_try_date", readonly=False)
    try_result = fields.Html("In words", compute="_compute_try_result", sanitize=False)
    to_verify_count = fields.Integer(compute="_compute_to_verify_count")

    def _compute_try_date(self):
        for regime in self:
            regime.try_date = regime.try_date or fields.Date.context_today(regime)

    @api.depends("policy_ids.confidence", "policy_ids.active")
    def _compute_to_verify_count(self):
        for regime in self:
            regime.to_verify_count = len(
                regime.policy_ids.filtered(lambda x: x.confidence == "to_verify")
            )

    @api.depends("try_date", "policy_ids.sentence", "policy_ids.valid_from")
    @api.depends_context("lang", "company")
    def _compute_try_result(self):
        for regime in self:
            day = regime.try_date or fields.Date.context_today(regime)
            rows = [
                (policy, policy._try_due_words(day))
                for policy in regime.policy_ids._origin
                if policy._is_valid_on(day)
            ]
            regime.try_result = self.env["ir.qweb"]._render(
                "helpdesk_complaint.regime_trial", {"rows": rows}
            )
