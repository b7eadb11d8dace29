from datetime import UTC, datetime

from odoo import api, models
from odoo.exceptions import UserError, ValidationError

from ..engine.compare import first_inversion
from ..engine.deadline import due_at
from ..engine.errors import EngineError
from ..engine.workdays import FIRST_DAY, LAST_DAY
from .complaint_terms import COMPLAINANT_STEPS

# The steps whose end is the event that others may count from.
EVENT_OF_STEP = {"acknowledge": "acknowledged", "respond": "answered"}
# A year on which lengths of different units are compared, day by day.
SAMPLE_YEAR = 2026


class ComplaintPolicy(models.Model):
    """What a policy may not say: everything that contradicts itself is refused."""

    _inherit = "complaint.policy"

    _amount_positive = models.Constraint(
        "CHECK(amount > 0)", "The length of a policy must be at least one."
    )

    def _refuse(self, message):
        """Raise, with the policy's name before what is wrong.

        :param str message: a translated sentence: what is wrong, and what to do
        """
        raise ValidationError(
            self.env._(
                "The policy “%(policy)s” of the regime “%(regime)s”: %(problem)s",
                policy=self.name,
                regime=self.regime_id.name,
                problem=message,
            )
        )

    @api.constrains(
        "amount",
        "extension",
        "extension_amount",
        "extension_unit",
        "extension_max",
        "settlement_amount",
        "settlement_unit",
        "is_company_set",
        "company_amount",
        "company_unit",
    )
    def _check_lengths(self):
        for policy in self:
            if policy.amount <= 0:
                policy._refuse(
                    self.env._(
                        "its length is %(amount)s. Enter one or more.",
                        amount=policy.amount,
                    )
                )
            if policy.extension in ("ceiling", "add") and (
                policy.extension_amount <= 0 or not policy.extension_unit
            ):
                policy._refuse(
                    self.env._("its extension needs a length of one or more.")
                )
            if policy.extension_max < 0:
                policy._refuse(
                    self.env._("it cannot be extended fewer than zero times.")
                )
            if policy.settlement_amount < 0 or (
                policy.settlement_amount and not policy.settlement_unit
            ):
                policy._refuse(
                    self.env._(
                        "the time for an early settlement needs a length of one or "
                        "more, with its unit."
                    )
                )
            own = policy.with_company(self.env.company)
            if policy.is_company_set and (
                own.company_amount < 0 or (own.company_amount and not own.company_unit)
            ):
                policy._refuse(
                    self.env._(
                        "the company's own length needs a number of one or more, with "
                        "its unit."
                    )
                )

    @api.constrains(
        "step",
        "count_from",
        "waived_by_step",
        "is_recurring",
        "opens_right",
        "alternative_to_id",
        "on_silence",
        "can_pause",
        "target",
        "stage",
        "instead_of_ids",
        "regime_id",
        "extension",
        "extension_needs_letter",
    )
    def _check_meaning(self):
        for policy in self:
            problem = next(policy._contradictions(), None)
            if problem:
                policy._refuse(problem)

    def _contradictions(self):
        """Each way in which the parts of this policy exclude each other, as said."""
        theirs = self.step in COMPLAINANT_STEPS
        if EVENT_OF_STEP.get(self.step) == self.count_from:
            yield self.env._(
                "it counts from its own end. Choose another start for its clock."
            )
        if self.waived_by_step == self.step:
            yield self.env._(
                "it cannot be waived by its own step. Choose another step or none."
            )
        if self.is_recurring and (theirs or self.step == "respond"):
            yield self.env._(
                "only what keeps the complainant informed comes again; this step "
                "happens once."
            )
        if self.opens_right and self.step != "refer":
            yield self.env._(
                "only a recourse is a right that opens. Choose the step “Recourse "
                "window”, or take the mark away."
            )
        if self.alternative_to_id and (
            self.step != "refer"
            or self.opens_right
            or self.alternative_to_id == self
            or self.alternative_to_id.alternative_to_id
            or self.alternative_to_id.step != "refer"
            or self.alternative_to_id.opens_right
            or self.alternative_to_id.regime_id != self.regime_id
            or self in self.regime_id.policy_ids.alternative_to_id
        ):
            yield self.env._(
                "“Or, if later” joins two limits of a recourse, of which the other "
                "has no alternative of its own."
            )
        if self.on_silence != "breach" and self.step != "respond":
            yield self.env._(
                "silence has an effect only where an answer is due. Choose the step "
                "“Answer”, or no effect."
            )
        if self.can_pause and self.regime_id.forbids_pause and self.target == "legal":
            yield self.env._(
                "its regime forbids that the clock stops. Take the pause away; "
                "internal targets alone may have one."
            )
        if self.stage < 0 or self.stage > max(self.regime_id.stage_count, 1):
            yield self.env._(
                "its stage is %(stage)s and the regime has %(count)s.",
                stage=self.stage,
                count=self.regime_id.stage_count,
            )
        if any(other.regime_id != self.regime_id for other in self.instead_of_ids):
            yield self.env._("it can only replace a promise of its own regime.")
        if self._has_cycle("instead_of_ids"):
            yield self.env._("it cannot replace itself, nor what replaces it.")
        if self.extension_needs_letter and self.extension == "none":
            yield self.env._(
                "a holding letter extends nothing here. Say how it can be extended."
            )

    @api.constrains("valid_from", "valid_to")
    def _check_validity(self):
        for policy in self:
            first, last = policy.valid_from, policy.valid_to
            if first and last and first > last:
                policy._refuse(
                    self.env._("it ends before it starts. Correct its validity dates.")
                )
            for day in filter(None, (first, last)):
                if not FIRST_DAY <= day <= LAST_DAY:
                    policy._refuse(
                        self.env._(
                            "its validity has a date outside the years %(first)s to "
                            "%(last)s. Correct it.",
                            first=FIRST_DAY.year,
                            last=LAST_DAY.year,
                        )
                    )

    # ------------------------------------------------------------------
    # Versions
    # ------------------------------------------------------------------

    def _version_key(self):
        """What two versions of one promise have in common.

        A recourse has several limits at once, each from an event of its own, so
        there the start is part of what the promise is.
        """
        return (
            self.regime_id,
            self.step,
            self.target,
            self.stage,
            self.label or "",
            self.complainant_type,
            self.product_ids,
            self.severity,
            self.medium,
            self.ticket_domain or "[]",
            self.opens_right,
            self.is_recurring,
            self.count_from if self.step in COMPLAINANT_STEPS else None,
        )

    @api.constrains(
        "regime_id",
        "active",
        "step",
        "target",
        "stage",
        "label",
        "complainant_type",
        "product_ids",
        "severity",
        "medium",
        "ticket_domain",
        "opens_right",
        "is_recurring",
        "count_from",
        "valid_from",
        "valid_to",
    )
    def _check_overlap(self):
        for policy in self.filtered("active"):
            key = policy._version_key()
            for other in policy.regime_id.policy_ids - policy:
                if other._version_key() == key and policy._overlaps(other):
                    policy._refuse(
                        self.env._(
                            "“%(other)s” promises the same and is valid at the same "
                            "time. End one the day before the other starts, or give "
                            "one of them a name of its own.",
                            other=other.name,
                        )
                    )

    def _overlaps(self, other):
        """Whether the validities of two versions share a day."""
        first = max(self.valid_from or FIRST_DAY, other.valid_from or FIRST_DAY)
        last = min(self.valid_to or LAST_DAY, other.valid_to or LAST_DAY)
        return first <= last

    # ------------------------------------------------------------------
    # Dates, tried on a whole year
    # ------------------------------------------------------------------

    @api.constrains(
        "amount",
        "unit",
        "roll",
        "calendar_id",
        "roll_calendar_id",
        "is_inclusive",
        "extension",
        "extension_amount",
        "extension_unit",
        "settlement_amount",
        "settlement_unit",
        "is_company_set",
        "company_amount",
        "company_unit",
    )
    def _check_dates(self):
        """Refuse what gives no date, or a longer period that ends before a shorter.

        Lengths in different units are compared as the calendar compares them, from
        each day of a year: twenty working days may end before or after 28 days.
        """
        self._check_lengths()  # which say better what is missing
        for policy in self:
            company = policy.company_id or self.env.company
            try:
                policy._check_sample_year(company)
            except UserError as error:
                if isinstance(error, ValidationError):
                    raise
                raise ValidationError(error.args[0]) from error
            except EngineError as error:
                policy._refuse(self.env._("it gives no date: %(reason)s", reason=error))

    def _check_sample_year(self, company):
        length = self._length(self.amount, self.unit)
        if self.extension == "add":
            self._need_calendar(self.extension_unit)
        if self.extension == "ceiling" and self.extension_amount > 0:
            if self._is_shorter(self.extension_amount, self.extension_unit, company):
                self._refuse(
                    self.env._(
                        "extended to %(longest)s, it would end before its own "
                        "%(length)s. Both count from the same start: enter the whole "
                        "length.",
                        longest=self._length(
                            self.extension_amount, self.extension_unit
                        ),
                        length=length,
                    )
                )
        if self.settlement_amount > 0 and self._is_longer(
            self.settlement_amount, self.settlement_unit, company
        ):
            self._refuse(
                self.env._(
                    "the time for an early settlement is longer than the promise "
                    "itself."
                )
            )
        own = self.with_company(company)
        if (
            self.is_company_set
            and own.company_amount > 0
            and self._is_longer(own.company_amount, own.company_unit, company)
        ):
            self._refuse(
                self.env._(
                    "%(company)s may not set %(own)s: the text allows %(length)s at "
                    "most.",
                    company=company.name,
                    own=self._length(own.company_amount, own.company_unit),
                    length=length,
                )
            )
        # The plain date, tried once: a calendar that never works shows here.
        rule, kwargs = self._to_rule(company)
        due_at(rule, datetime(SAMPLE_YEAR, 1, 1, tzinfo=UTC), **kwargs)

    def _is_shorter(self, amount, unit, company):
        return self._inverts(amount, unit, company, is_longer=False)

    def _is_longer(self, amount, unit, company):
        return self._inverts(amount, unit, company, is_longer=True)

    def _inverts(self, amount, unit, company, is_longer):
        """Whether another length ends later (or earlier) than this promise's own."""
        self._need_calendar(unit)
        mine, kwargs = self._to_rule(company)
        other = self._rule_of(amount, unit)
        pair = (mine, other) if is_longer else (other, mine)
        return bool(first_inversion(*pair, SAMPLE_YEAR, **kwargs))
