from babel.units import format_unit

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import babel_locale_parse

from ..engine.deadline import Rule, Unit
from ..engine.errors import EngineError
from ..engine.workdays import Roll
from .complaint_terms import (
    CONFIDENCES,
    ROLLS,
    START_EVENTS,
    STEPS,
    TARGETS,
    UNITS,
)


class ComplaintPolicy(models.Model):
    """One promise of a regime: a step, a length, a unit, and the event it counts from.

    A policy is a version: it applies to the clocks that start while it is valid, and
    a complaint keeps the version under which its clock started.
    """

    _name = "complaint.policy"
    _description = "Complaint policy"
    _order = "regime_id, sequence, id"
    _check_company_auto = True

    regime_id = fields.Many2one(
        "complaint.regime", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="regime_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    step = fields.Selection(STEPS, required=True)
    amount = fields.Integer("Length", required=True, default=1)
    unit = fields.Selection(
        UNITS,
        required=True,
        default="day",
        help="Hours are elapsed time. Working days are the days of the calendar "
        "below: choose Monday to Friday or Monday to Saturday there, never by the "
        "word used in the text.",
    )
    count_from = fields.Selection(
        START_EVENTS,
        "Counted from",
        required=True,
        default="received",
        help="The day of this event is day zero.",
    )
    calendar_id = fields.Many2one(
        "resource.calendar",
        "Working days",
        ondelete="restrict",
        help="Says which days are worked and which are public holidays. Needed to "
        "count working days and to move a date off a closed day.",
    )
    roll = fields.Selection(
        ROLLS,
        "If it ends on a closed day",
        required=True,
        default="none",
        help="No general law moves the dates of house procedures: move them only "
        "if the source says so.",
    )
    roll_calendar_id = fields.Many2one(
        "resource.calendar",
        "Days it may end on",
        ondelete="restrict",
        help="Only when it differs from the calendar that counts: days counted "
        "Monday to Saturday may have to end on a day worked Monday to Friday.",
    )
    is_inclusive = fields.Boolean(
        "First day counts", help="The day of the event is day one, not day zero."
    )
    target = fields.Selection(TARGETS, required=True, default="legal")
    can_pause = fields.Boolean(help="The clock stops while the file is paused.")
    can_extend = fields.Boolean(help="A later date can be given with a reason.")
    waived_by_step = fields.Selection(
        STEPS,
        "Not needed after",
        help="This promise falls away when that step is done first: no "
        "acknowledgement once the answer itself has gone out.",
    )
    source = fields.Char(required=True, help="Text, article and date of the figure.")
    confidence = fields.Selection(CONFIDENCES, required=True, default="to_verify")
    note = fields.Text(translate=True)
    valid_from = fields.Date()
    valid_to = fields.Date()
    reminder_rule_ids = fields.One2many(
        "complaint.reminder.rule", "policy_id", "Reminders", copy=True
    )
    name = fields.Char(compute="_compute_name", string="In words")

    _amount_positive = models.Constraint(
        "CHECK(amount > 0)", "The length of a policy must be at least one."
    )

    @api.depends("step", "amount", "unit", "count_from", "roll", "calendar_id.name")
    @api.depends_context("lang")
    def _compute_name(self):
        words = {
            name: dict(self._fields[name]._description_selection(self.env))
            for name in ("step", "count_from", "roll")
        }
        for policy in self:
            parts = {
                "step": words["step"].get(policy.step, ""),
                "length": policy._length(policy.amount, policy.unit),
                "event": words["count_from"].get(policy.count_from, ""),
                "calendar": policy.calendar_id.name or "",
                "roll": words["roll"].get(policy.roll, ""),
            }
            if policy.unit == "business_day":
                name = self.env._(
                    "%(step)s: %(length)s (%(calendar)s) after %(event)s",
                    **parts,
                )
            else:
                name = self.env._("%(step)s: %(length)s after %(event)s", **parts)
            if policy.roll and policy.roll != "none":
                name = self.env._("%(policy)s, %(roll)s", policy=name, **parts)
            policy.name = name

    @api.model
    def _length(self, amount, unit):
        """A length of time in the words of the context's language: “1 year”."""
        if unit == "business_day":
            if amount == 1:
                return self.env._("1 working day")
            return self.env._("%(amount)s working days", amount=amount)
        if not unit:
            return str(amount)
        locale = babel_locale_parse(self.env.lang or "en_US")
        return format_unit(amount, f"duration-{unit}", locale=locale)

    @api.depends("name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for policy in self:
            policy.display_name = policy.name

    @api.constrains("valid_from", "valid_to")
    def _check_validity(self):
        for policy in self:
            if policy.valid_from and policy.valid_to:
                if policy.valid_from > policy.valid_to:
                    raise ValidationError(
                        self.env._(
                            "The policy “%(policy)s” ends before it starts. Correct "
                            "its validity dates.",
                            policy=policy.name,
                        )
                    )

    def _is_valid_on(self, day):
        """Whether this version applies to a clock that starts on ``day``."""
        self.ensure_one()
        return (not self.valid_from or self.valid_from <= day) and (
            not self.valid_to or day <= self.valid_to
        )

    def _to_rule(self, company):
        """Translate to the engine's values.

        :return: ``(Rule, keyword arguments of engine.deadline.due_at)``
        :raises UserError: when a calendar is needed and none is set, or the policy
            makes no sense to the engine
        """
        self.ensure_one()
        if not self.calendar_id and (
            self.unit == "business_day" or self.roll != "none"
        ):
            raise UserError(
                self.env._(
                    "The policy “%(policy)s” of the regime “%(regime)s” needs a "
                    "calendar of working days and has none. Choose one in Helpdesk / "
                    "Configuration / Complaints / Policies.",
                    policy=self.name,
                    regime=self.regime_id.name,
                )
            )
        try:
            rule = Rule(
                self.amount,
                Unit(self.unit),
                roll=Roll(self.roll),
                inclusive=self.is_inclusive,
                source=self.source,
            )
        except EngineError as error:
            raise UserError(
                self.env._(
                    "The policy “%(policy)s” cannot be applied: %(reason)s",
                    policy=self.name,
                    reason=error,
                )
            ) from error
        return rule, {
            "tz": self.regime_id.tz,
            "calendar": self._work_calendar(self.calendar_id, company),
            "roll_calendar": self._work_calendar(self.roll_calendar_id, company),
        }

    def _work_calendar(self, calendar, company):
        return calendar._complaint_work_calendar(company.id) if calendar else None
