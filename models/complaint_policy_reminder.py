from odoo import api, models
from odoo.fields import Command

from .complaint_terms import COMPLAINANT_STEPS

# Days in a unit, to tell a short promise from a long one. Fifteen working days are
# fifteen days on which somebody can act.
DAYS = {
    "hour": 1 / 24,
    "day": 1,
    "business_day": 1,
    "week": 7,
    "month": 30,
    "year": 365,
}
SHORT, MEDIUM = 3, 15

# when, amount, unit, level, action
AT_DUE = ("at", 0, "day", "handler", "activity")
NEXT_DAY = ("after", 1, "day", "leader", "escalation")


class ComplaintPolicy(models.Model):
    """The reminders a promise has when nobody says which."""

    _inherit = "complaint.policy"

    @api.model
    def _prepare_default_reminders(self, step, amount, unit):
        """Values of the reminders that a promise of this length has by default.

        None for the steps whose time runs for the complainant: nobody here acts.
        """
        if not step or step in COMPLAINANT_STEPS or not unit or amount < 1:
            return []
        days = amount * DAYS[unit]
        if days <= SHORT:
            ahead = min(12, amount // 2) if unit == "hour" else 12
            rows = [AT_DUE, NEXT_DAY]
            if ahead:
                rows.insert(0, ("before", ahead, "hour", "handler", "activity"))
        elif days <= MEDIUM:
            rows = [("before", 2, "day", "handler", "activity"), AT_DUE, NEXT_DAY]
        else:
            rows = [
                ("before", 14, "day", "handler", "activity"),
                ("before", 5, "day", "handler", "activity"),
                ("at", 0, "day", "leader", "activity"),
                ("after", 3, "day", "manager", "escalation"),
            ]
        names = ("when", "amount", "unit", "level", "action")
        return [dict(zip(names, row, strict=True), is_default=True) for row in rows]

    @api.onchange("step", "amount", "unit")
    def _onchange_default_reminders(self):
        """Propose the usual reminders of a new promise until somebody edits them."""
        if self._origin or any(not rule.is_default for rule in self.reminder_rule_ids):
            return
        self.reminder_rule_ids = [Command.clear()] + [
            Command.create(vals)
            for vals in self._prepare_default_reminders(
                self.step, self.amount, self.unit
            )
        ]

    @api.model_create_multi
    def create(self, vals_list):
        policies = super().create(vals_list)
        self.env["complaint.reminder.rule"].create(
            [
                {"policy_id": policy.id, **reminder}
                for policy, vals in zip(policies, vals_list, strict=True)
                if "reminder_rule_ids" not in vals
                for reminder in self._prepare_default_reminders(
                    policy.step, policy.amount, policy.unit
                )
            ]
        )
        return policies

    @api.constrains("calendar_id")
    def _check_reminders(self):
        self.reminder_rule_ids._check_meaning()

    def _reschedule_reminders(self):
        """Let the job plan again the reminders of the promises under these policies."""
        self.env["complaint.deadline"]._plan_reminders_again(
            [("policy_id", "in", self.ids)]
        )
