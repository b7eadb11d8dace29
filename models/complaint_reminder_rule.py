from datetime import UTC, datetime

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..engine import reminder as engine
from ..engine.errors import EngineError
from .complaint_terms import LEVELS, UNITS

WHENS = [
    ("before", "before the due date"),
    ("at", "at the due date"),
    ("after", "after the due date"),
]
ACTIONS = [
    ("activity", "To-do"),
    ("email", "E-mail"),
    ("escalation", "Escalation"),
]
# About how long a unit is, only to put the rules of a policy in order.
HOURS = {
    "hour": 1,
    "day": 24,
    "business_day": 34,
    "week": 168,
    "month": 730,
    "year": 8766,
}
# A due instant on which a rule is tried before it is accepted.
SAMPLE_DUE = datetime(2026, 6, 15, 21, 59, 59)


class ComplaintReminderRule(models.Model):
    """When somebody is told that a promise is near, due or broken, who, and how."""

    _name = "complaint.reminder.rule"
    _description = "Complaint reminder rule"
    _order = "policy_id, offset_hours, id"

    policy_id = fields.Many2one(
        "complaint.policy", required=True, index=True, ondelete="cascade"
    )
    when = fields.Selection(WHENS, required=True, default="before")
    amount = fields.Integer("Delay", required=True, default=1)
    unit = fields.Selection(
        UNITS,
        required=True,
        default="day",
        help="Hours are elapsed time. Days and longer are local days of the regime, "
        "and the reminder comes at the beginning of that day; working days are those "
        "of the policy's calendar.",
    )
    level = fields.Selection(LEVELS, "Who is told", required=True, default="handler")
    action = fields.Selection(
        ACTIONS,
        "How",
        required=True,
        default="activity",
        help="A to-do on the complaint; an e-mail; or an escalation: a to-do for that "
        "person, and the complaint is marked as escalated to him.",
    )
    is_digest = fields.Boolean(
        "Gathered",
        help="Not an e-mail of its own: one e-mail a day to each person, at the start "
        "of his next working day, lists all the promises he is reminded of.",
    )
    any_time = fields.Boolean(
        "Also outside working hours",
        help="For promises in hours. Otherwise a reminder waits until its reader is "
        "at work.",
    )
    is_default = fields.Boolean(
        help="Came with the policy; a list of reminders in a data file replaces it.",
    )
    offset_hours = fields.Integer(compute="_compute_offset_hours", store=True)

    @api.depends("when", "amount", "unit")
    def _compute_offset_hours(self):
        sign = {"before": -1, "at": 0, "after": 1}
        for rule in self:
            rule.offset_hours = (
                sign.get(rule.when, 0) * rule.amount * HOURS.get(rule.unit, 24)
            )

    @api.depends("when", "amount", "unit")
    @api.depends_context("lang")
    def _compute_display_name(self):
        words = {
            name: dict(self._fields[name]._description_selection(self.env))
            for name in ("when", "unit")
        }
        for rule in self:
            if rule._is_at_due():
                rule.display_name = words["when"]["at"]
                continue
            parts = (rule.amount, words["unit"][rule.unit], words["when"][rule.when])
            rule.display_name = " ".join(map(str, parts))

    def _is_at_due(self):
        return self.when == "at" or (self.when == "after" and not self.amount)

    # ------------------------------------------------------------------
    # What a rule may not say
    # ------------------------------------------------------------------

    @api.constrains(
        "policy_id", "when", "amount", "unit", "action", "is_digest", "any_time"
    )
    def _check_meaning(self):
        for rule in self:
            if rule.amount < 0 or (rule.when == "before" and not rule.amount):
                rule._refuse(
                    self.env._(
                        "it needs a delay: at least one before the due date, zero or "
                        "more after it."
                    )
                )
            if rule.is_digest and rule.action != "email":
                rule._refuse(
                    self.env._(
                        "only e-mails are gathered. Choose “E-mail”, or do not gather."
                    )
                )
            if rule.is_digest and rule.any_time:
                rule._refuse(
                    self.env._(
                        "what is gathered comes at the start of a working day, not at "
                        "any time. Choose one of the two."
                    )
                )
            rule._check_moment()

    def _check_moment(self):
        """Try the rule on one date, so that no complaint is the first to try it."""
        try:
            self._moment(SAMPLE_DUE, self.policy_id.company_id or self.env.company)
        except EngineError as error:
            if error.code == "no_calendar":
                self._refuse(
                    self.env._(
                        "it counts working days and the policy has no calendar of "
                        "working days. Choose one, or count days."
                    )
                )
            self._refuse(self.env._("it gives no date: %(reason)s", reason=error))
        except UserError as error:
            self._refuse(error.args[0])

    def _refuse(self, message):
        """Raise, with the policy's name before what is wrong.

        :param str message: a translated sentence: what is wrong, and what to do
        """
        raise ValidationError(
            self.env._(
                "The reminder “%(reminder)s” of “%(policy)s”: %(problem)s",
                reminder=self.display_name,
                policy=self.policy_id.name,
                problem=message,
            )
        )

    # ------------------------------------------------------------------
    # Create and write: the promises that run follow
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        if self.env.context.get("install_module"):
            # A data file gives the reminders of a policy after the policy itself.
            told = rules.filtered(lambda rule: not rule.is_default).policy_id
            told.reminder_rule_ids.filtered("is_default").unlink()
        rules.policy_id._reschedule_reminders()
        return rules

    def write(self, vals):
        policies = self.policy_id
        result = super().write(vals)
        (policies | self.policy_id)._reschedule_reminders()
        return result

    def unlink(self):
        policies = self.policy_id
        result = super().unlink()
        policies._reschedule_reminders()
        return result

    # ------------------------------------------------------------------
    # To the engine
    # ------------------------------------------------------------------

    def _moment(self, due_at, company):
        """The instant (naive UTC) at which this rule speaks for a due date.

        :param due_at: naive UTC datetime
        :param company: whose closing days count, for a rule in working days
        :raises EngineError: when there is no such date
        :raises UserError: when the calendar has no working day
        """
        self.ensure_one()
        policy = self.policy_id
        calendar = None
        if self.unit == "business_day" and policy.calendar_id:
            calendar = policy.calendar_id._complaint_work_calendar(company.id)
        moment = engine.moment(
            due_at.replace(tzinfo=UTC),
            self.when,
            self.amount,
            self.unit,
            policy.regime_id.tz,
            calendar,
        )
        return moment.replace(tzinfo=None)

    def _way(self):
        """How it reaches its reader: two ways at one moment are two reminders."""
        return "digest" if self.is_digest else self.action

    def _ready_at(self, user, moment, now):
        """When the user may hear of a moment that has come (naive UTC)."""
        if self.any_time:
            return now
        if self.is_digest:
            now = max(now, user._complaint_next_day_start(moment))
        return user._complaint_next_open(now)
