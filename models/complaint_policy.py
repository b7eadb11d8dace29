from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import ormcache

from ..engine.deadline import Rule, Unit
from ..engine.errors import EngineError
from ..engine.workdays import Roll
from .complaint_terms import (
    CONFIDENCES,
    EXTENSIONS,
    ROLLS,
    SILENCE_EFFECTS,
    START_EVENTS,
    STEPS,
    TARGETS,
    UNITS,
)


class ComplaintPolicy(models.Model):
    """One promise of a regime: a step, a length, a unit, and the event it counts from.

    A policy is a version: it applies to the cycles that begin while it is valid, and
    a complaint keeps the version under which its clock started. What a policy may
    not say is in ``complaint_policy_check``, how it is said in plain words in
    ``complaint_policy_words``, what a change would move in ``complaint_policy_trial``.
    """

    _name = "complaint.policy"
    _description = "Complaint policy"
    _inherit = ["complaint.audience.mixin"]
    _order = "regime_id, sequence, id"
    _check_company_auto = True

    regime_id = fields.Many2one(
        "complaint.regime", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="regime_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    step = fields.Selection(STEPS, required=True)
    label = fields.Char(
        "Name of the promise",
        translate=True,
        help="Only when the step's own name is not enough: “Meeting with the "
        "mediator”.",
    )
    is_manual = fields.Boolean(
        "Ended by hand",
        help="No letter ends this promise: somebody marks it as done, with a reason.",
    )
    target = fields.Selection(TARGETS, required=True, default="legal")

    # How long, from when
    amount = fields.Integer("Length", required=True, default=1)
    unit = fields.Selection(
        UNITS,
        required=True,
        default="day",
        help="Hours are elapsed time. Working days are the days of the calendar "
        "below: choose Monday to Friday or Monday to Saturday there, never by the "
        "word used in the text.",
    )
    is_company_set = fields.Boolean(
        "Set by each company",
        help="The text lets each company publish its own length. The length above is "
        "then the longest it may be.",
    )
    company_amount = fields.Integer(
        "This company's length",
        company_dependent=True,
        help="Of the company you work in. Zero: the longest length allowed.",
    )
    company_unit = fields.Selection(UNITS, company_dependent=True)
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
        index="btree_not_null",
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
        index="btree_not_null",
        help="Only when it differs from the calendar that counts: days counted "
        "Monday to Saturday may have to end on a day worked Monday to Friday.",
    )
    is_inclusive = fields.Boolean(
        "First day counts", help="The day of the event is day one, not day zero."
    )
    is_recurring = fields.Boolean(
        "Comes again",
        help="Due again after each such length, counted from the same start, until "
        "the answer is sent.",
    )

    # For whom
    stage = fields.Integer(
        help="Of a regime in two stages: 1 for the first handling, 2 for the review. "
        "Zero: both.",
    )
    instead_of_ids = fields.Many2many(
        "complaint.policy",
        "complaint_policy_instead_rel",
        "policy_id",
        "replaced_id",
        "Instead of",
        domain="[('regime_id', '=', regime_id), ('step', '=', step), ('id', '!=', id)]",
        help="Where this promise applies, those do not: another length for one type "
        "of complainant or product.",
    )

    # Longer, stopped, not needed
    can_pause = fields.Boolean(help="The clock stops while the file is paused.")
    extension = fields.Selection(
        EXTENSIONS, "Can be extended", required=True, default="none"
    )
    extension_amount = fields.Integer("Extension")
    extension_unit = fields.Selection(UNITS)
    extension_needs_letter = fields.Boolean(
        "By holding letter",
        help="The new date holds only once the letter that announces it has left, "
        "inside the period that it extends.",
    )
    extension_max = fields.Integer(
        "Times", help="How often it can be extended in one cycle. Zero: no limit."
    )
    waived_by_step = fields.Selection(
        STEPS,
        "Not needed after",
        help="This promise falls away when that step is done first: no "
        "acknowledgement once the answer itself has gone out.",
    )
    settlement_amount = fields.Integer(
        "Not needed if settled within",
        help="Counted from the same start. A complaint settled to the complainant's "
        "satisfaction in this time needs a short letter only. Zero: no such rule.",
    )
    settlement_unit = fields.Selection(UNITS)

    # When the day comes
    opens_right = fields.Boolean(
        "Opens a right",
        help="From that date the complainant may go to the recourse body, answered or "
        "not. Otherwise the date is the last day to do so.",
    )
    alternative_to_id = fields.Many2one(
        "complaint.policy",
        "Or, if later",
        ondelete="restrict",
        domain="[('regime_id', '=', regime_id), ('step', '=', 'refer'), "
        "('opens_right', '=', False), ('id', '!=', id)]",
        help="Two limits of which the later one counts, against all the others: "
        "three years from knowledge, if later than six from the event.",
    )
    on_silence = fields.Selection(
        SILENCE_EFFECTS,
        "If it passes in silence",
        required=True,
        default="breach",
    )

    # Where it comes from
    source = fields.Char(required=True, help="Text, article and date of the figure.")
    confidence = fields.Selection(CONFIDENCES, required=True, default="to_verify")
    note = fields.Text(translate=True)
    valid_from = fields.Date()
    valid_to = fields.Date()
    reminder_rule_ids = fields.One2many(
        "complaint.reminder.rule", "policy_id", "Reminders", copy=True
    )

    # ------------------------------------------------------------------
    # Does it apply
    # ------------------------------------------------------------------

    def _is_valid_on(self, day):
        """Whether this version applies to a cycle that begins on ``day``."""
        self.ensure_one()
        return (not self.valid_from or self.valid_from <= day) and (
            not self.valid_to or day <= self.valid_to
        )

    def _applying_to(self, ticket):
        """Those of these policies that concern a complaint, variants chosen.

        :param ticket: one ``helpdesk.ticket``
        :raises UserError: when a condition cannot be read
        """
        wanted = self.filtered(lambda policy: policy._concerns(ticket))
        return wanted - wanted.instead_of_ids

    def _outlives_closing(self):
        """Whether its clock runs, or starts, on a closed file too."""
        return self.count_from == "referred" or (
            self.step == "refer" and not self.opens_right
        )

    def _concerns(self, ticket):
        if self.stage and self.stage != ticket.complaint_stage:
            return False
        return super()._concerns(ticket)

    # ------------------------------------------------------------------
    # To the engine
    # ------------------------------------------------------------------

    def _to_rule(self, company):
        """Translate to the engine's values.

        :return: ``(Rule, keyword arguments of engine.deadline.due_at)``
        :raises UserError: when a calendar is needed and none is set, or the policy
            makes no sense to the engine
        """
        self.ensure_one()
        self._need_calendar(self.unit)
        return self._rule_of(self.amount, self.unit), {
            "tz": self.regime_id.tz,
            "calendar": self._work_calendar(self.calendar_id, company),
            "roll_calendar": self._work_calendar(self.roll_calendar_id, company),
        }

    def _to_rules(self, company):
        """As ``_to_rule``, the company's own length first where it sets one.

        :return: ``(tuple of Rule, keyword arguments)``; the earliest date they give
            counts, so that no company goes beyond the longest length allowed
        """
        # What is typed in a form is not saved, and must not be remembered.
        if isinstance(self.id, int):
            return self._cached_rules(company.id)
        return self._make_rules(company)

    @ormcache("self.id", "company_id")
    def _cached_rules(self, company_id):
        return self._make_rules(self.env["res.company"].browse(company_id))

    def _make_rules(self, company):
        policy = self.sudo()  # sudo: complaint.policy - dates are no secret
        rule, kwargs = policy._to_rule(company)
        own = policy.with_company(company)
        if not (policy.is_company_set and own.company_amount and own.company_unit):
            return (rule,), kwargs
        policy._need_calendar(own.company_unit)
        return (policy._rule_of(own.company_amount, own.company_unit), rule), kwargs

    def _need_calendar(self, unit):
        if not self.calendar_id and (unit == "business_day" or self.roll != "none"):
            raise UserError(
                self.env._(
                    "The policy “%(policy)s” of the regime “%(regime)s” needs a "
                    "calendar of working days and has none. Choose one in Helpdesk / "
                    "Configuration / Complaints / Policies.",
                    policy=self.name,
                    regime=self.regime_id.name,
                )
            )

    def _rule_of(self, amount, unit, is_inclusive=None):
        """A length counted as this policy counts; inclusive never for hours.

        :param is_inclusive: whether its first day counts, if not as the policy says
        :raises UserError: naming the policy, when the engine refuses
        """
        try:
            return Rule(
                amount,
                Unit(unit),
                roll=Roll(self.roll),
                inclusive=self.is_inclusive if is_inclusive is None else is_inclusive,
                source=self.source or "",
            )
        except (EngineError, ValueError) as error:
            raise UserError(
                self.env._(
                    "The policy “%(policy)s” cannot be applied: %(reason)s",
                    policy=self.name,
                    reason=error,
                )
            ) from error

    def _work_calendar(self, calendar, company):
        return calendar._complaint_work_calendar(company.id) if calendar else None
