from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .complaint_terms import LEVELS


class ComplaintReminderRule(models.Model):
    """When somebody is told that a promise is near, due or broken, and who."""

    _name = "complaint.reminder.rule"
    _description = "Complaint reminder"
    _order = "policy_id, offset_hours, id"

    policy_id = fields.Many2one(
        "complaint.policy", required=True, index=True, ondelete="cascade"
    )
    when = fields.Selection(
        [("before", "before the due date"), ("after", "after the due date")],
        required=True,
        default="before",
    )
    amount = fields.Integer("Delay", required=True, default=1)
    unit = fields.Selection(
        [("hour", "hours"), ("day", "days"), ("week", "weeks")],
        required=True,
        default="day",
        help="Calendar time. Zero days after the due date is the moment it is passed.",
    )
    level = fields.Selection(LEVELS, "Who is told", required=True, default="handler")
    offset_hours = fields.Integer(compute="_compute_offset_hours", store=True)

    @api.depends("when", "amount", "unit")
    def _compute_offset_hours(self):
        hours = {"hour": 1, "day": 24, "week": 168}
        for rule in self:
            sign = -1 if rule.when == "before" else 1
            rule.offset_hours = sign * rule.amount * hours.get(rule.unit, 24)

    @api.depends("when", "amount", "unit")
    @api.depends_context("lang")
    def _compute_display_name(self):
        words = {
            name: dict(self._fields[name]._description_selection(self.env))
            for name in ("when", "unit")
        }
        for rule in self:
            parts = (rule.amount, words["unit"][rule.unit], words["when"][rule.when])
            rule.display_name = " ".join(map(str, parts))

    @api.constrains("amount", "when")
    def _check_amount(self):
        for rule in self:
            if rule.amount < 0 or (rule.when == "before" and not rule.amount):
                raise ValidationError(
                    self.env._(
                        "A reminder of “%(policy)s” needs a delay: at least one "
                        "before the due date, zero or more after it.",
                        policy=rule.policy_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        rules._reschedule()
        return rules

    def write(self, vals):
        result = super().write(vals)
        self._reschedule()
        return result

    def unlink(self):
        policies = self.policy_id
        result = super().unlink()
        self._reschedule(policies)
        return result

    def _reschedule(self, policies=None):
        """Set the next reminder of the promises that run under these policies."""
        policies = policies or self.policy_id
        # sudo: complaint.deadline - its reminder follows the rule
        running = (
            self.env["complaint.deadline"]
            .sudo()
            .search([("policy_id", "in", policies.ids), ("state", "=", "running")])
        )
        self.env.add_to_compute(running._fields["next_reminder_at"], running)

    def _moment(self, due_at):
        """The instant (naive UTC) at which this rule speaks for a due date."""
        self.ensure_one()
        return due_at + timedelta(hours=self.offset_hours)
