import logging
from datetime import UTC, datetime

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date, format_datetime

from ..engine import deadline as engine
from ..engine.clock import Pause
from ..engine.errors import EngineError, RuleError
from .complaint_terms import (
    COMPLAINANT_STEPS,
    DEADLINE_STATES,
    OPEN_STATES,
    START_EVENTS,
    STEPS,
    TARGETS,
)

_logger = logging.getLogger(__name__)


class ComplaintDeadline(models.Model):
    """One promise on one complaint: when it is due, why, and whether it was kept."""

    _name = "complaint.deadline"
    _description = "Complaint deadline"
    _inherit = ["complaint.file.mixin"]
    _order = "cycle desc, due_at, id"

    policy_id = fields.Many2one(
        "complaint.policy",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    regime_id = fields.Many2one(related="policy_id.regime_id", store=True)
    step = fields.Selection(STEPS, required=True, readonly=True)
    target = fields.Selection(TARGETS, required=True, readonly=True)
    cycle = fields.Integer(required=True, readonly=True)
    start_event = fields.Selection(START_EVENTS, readonly=True)
    start_at = fields.Datetime("Clock started", required=True, readonly=True)
    due_at = fields.Datetime("Due", required=True, readonly=True)
    original_due_at = fields.Datetime("First due", required=True, readonly=True)
    occurrence = fields.Integer(
        default=1, required=True, readonly=True, help="Of a promise that comes again."
    )
    settle_until = fields.Datetime(
        "Settled until",
        readonly=True,
        help="Settled to the complainant's satisfaction by then, this promise is not "
        "needed.",
    )
    extended_to = fields.Date(readonly=True)
    extension_pending_to = fields.Date(
        "Extension asked to",
        readonly=True,
        help="Holds once the holding letter that announces it has left in time.",
    )
    extension_count = fields.Integer("Extensions", readonly=True)
    met_at = fields.Datetime("Ended on", readonly=True)
    letter_id = fields.Many2one(
        "complaint.letter", "By letter", readonly=True, ondelete="restrict"
    )
    state = fields.Selection(
        DEADLINE_STATES, required=True, readonly=True, default="running"
    )
    pauses = fields.Json(readonly=True, help="Pairs of instants: stopped, resumed.")
    explanation_data = fields.Json(
        readonly=True, help="Why, as it was when the promise ended."
    )
    explanation = fields.Text("Why", compute="_compute_explanation")
    label = fields.Char("Promise", compute="_compute_label")
    is_binding = fields.Boolean(
        compute="_compute_is_binding",
        help="The strictest of the promises of this step that run now.",
    )
    is_overdue = fields.Boolean(
        "Late", compute="_compute_is_overdue", search="_search_is_overdue"
    )

    _due_idx = models.Index("(due_at) WHERE state = 'running'")
    _promise_uniq = models.UniqueIndex(
        "(ticket_id, cycle, policy_id, occurrence)",
        "A promise is made once in a cycle of a complaint.",
    )

    @api.depends("step", "policy_id.label", "occurrence")
    @api.depends_context("lang")
    def _compute_label(self):
        words = dict(self._fields["step"]._description_selection(self.env))
        for deadline in self:
            label = deadline.policy_id.label or words.get(deadline.step, "")
            if deadline.occurrence > 1:
                label = self.env._(
                    "%(step)s (no. %(number)s)",
                    step=label,
                    number=deadline.occurrence,
                )
            deadline.label = label

    @api.depends(
        "target",
        "ticket_id.complaint_deadline_ids.state",
        "ticket_id.complaint_deadline_ids.due_at",
    )
    def _compute_is_binding(self):
        for deadline in self:
            rivals = deadline.ticket_id.complaint_deadline_ids.filtered(
                lambda x, mine=deadline: (
                    x.state == "running" and x.step == mine.step and x.target == "legal"
                )
            )
            deadline.is_binding = deadline == rivals.sorted("due_at")[:1]

    @api.depends("state", "due_at")
    def _compute_is_overdue(self):
        now = fields.Datetime.now()
        for deadline in self:
            deadline.is_overdue = (
                deadline.state == "running"
                and deadline.due_at
                and deadline.due_at < now
                and deadline.step not in COMPLAINANT_STEPS
            )

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        return (
            Domain("state", "=", "running")
            & Domain("due_at", "<", fields.Datetime.now())
            & Domain("step", "not in", COMPLAINANT_STEPS)
        )

    @api.depends("label")
    def _compute_display_name(self):
        for deadline in self:
            deadline.display_name = deadline.label

    def write(self, vals):
        """Keep the explanation of a promise that ends as it is on that day."""
        if vals.get("state", "running") not in OPEN_STATES:
            for deadline in self.filtered(lambda x: x.state in OPEN_STATES):
                deadline._keep_explanation()
        return super().write(vals)

    # ------------------------------------------------------------------
    # Dates
    # ------------------------------------------------------------------

    @api.model
    def _prepare_vals(self, ticket, policy, start_at, occurrence=1, pauses=None):
        """Values of the promise that a policy makes on a complaint.

        :param start_at: naive UTC datetime of the event the policy counts from
        :param occurrence: of a promise that comes again, from 1
        :param pauses: those of the time before, when it comes again
        :raises UserError: when the policy cannot be computed
        """
        company = ticket.company_id
        due_at = self._reckon(
            policy, company, start_at, pauses or (), occurrence=occurrence
        )
        # What is stored from elsewhere is given here: thousands are made at once.
        return {
            "ticket_id": ticket.id,
            "company_id": company.id,
            "policy_id": policy.id,
            "regime_id": policy.regime_id.id,
            "step": policy.step,
            "target": policy.target,
            "cycle": ticket.complaint_cycle,
            "start_event": policy.count_from,
            "start_at": start_at,
            "occurrence": occurrence,
            "state": "running",
            "due_at": due_at,
            "original_due_at": due_at,
            "pauses": pauses,
            "settle_until": self._reckon_settlement(policy, company, start_at),
            "effect_at": due_at if self._has_effect(policy) else False,
            **self._prepare_reminder_vals(policy, due_at, company),
        }

    @api.model
    def _reckon(
        self, policy, company, start_at, pauses=(), extended_to=None, occurrence=1
    ):
        """Ask the engine for a due date.

        :return: naive UTC datetime
        :raises UserError: naming the policy, when the engine refuses
        """
        rules, kwargs = self._engine_values(policy, company, pauses, extended_to)
        start = start_at.replace(tzinfo=UTC)
        try:
            due = min(
                self._ask(engine.due_at, rule.times(occurrence), start, kwargs)
                for rule in rules
            )
        except EngineError as error:
            raise self._no_date(policy, error) from error
        return due.replace(tzinfo=None)

    @api.model
    def _ask(self, question, rule, start, kwargs):
        """Ask the engine; a date promised before the period's own end adds nothing.

        It was later when it was promised, and a correction has overtaken it since;
        or it extends the company's own length within the longest one allowed.
        """
        try:
            return question(rule, start, **kwargs)
        except RuleError as error:
            if error.code != "extension_before_due":
                raise
            return question(rule, start, **dict(kwargs, extension=None))

    @api.model
    def _reckon_settlement(self, policy, company, start_at):
        """Until when an early settlement makes the promise needless, or False."""
        if not policy.settlement_amount:
            return False
        rule = policy._rule_of(policy.settlement_amount, policy.settlement_unit)
        return self._reckon_rule(policy, company, rule, start_at)

    @api.model
    def _reckon_rule(self, policy, company, rule, start_at, pauses=()):
        """The due date of another rule in the calendars of a policy, naive UTC."""
        _rules, kwargs = self._engine_values(policy, company, pauses)
        try:
            due = engine.due_at(rule, start_at.replace(tzinfo=UTC), **kwargs)
        except EngineError as error:
            raise self._no_date(policy, error) from error
        return due.replace(tzinfo=None)

    @api.model
    def _engine_values(self, policy, company, pauses=(), extended_to=None):
        """``(rules, keyword arguments)`` for ``engine.deadline``.

        A pause that lasts still has cost nothing yet: the date moves when it ends.
        """
        rules, cached = policy._to_rules(company)
        kwargs = dict(cached)
        if pauses:
            kwargs["pauses"] = [
                Pause(_aware(stopped), resumed and _aware(resumed))
                for stopped, resumed in pauses
            ]
        kwargs["extension"] = extended_to or None
        return rules, kwargs

    def _no_date(self, policy, error):
        """The ``UserError`` of a policy that the engine refuses."""
        return UserError(
            self.env._(
                "The policy “%(policy)s” gives no date here: %(reason)s",
                policy=policy.name,
                reason=error,
            )
        )

    def _recompute_due(self, start_at=None):
        """Reckon these open promises again, from another start if given.

        :return: dict by ticket id of what moved, for the history
        """
        moved = {}
        alike = {}
        for deadline in self:
            vals = deadline._reckoned_vals(start_at or deadline.start_at)
            if not vals:
                continue
            # Of thousands that count alike, those that get the same date are
            # written together.
            alike.setdefault(tuple(vals.items()), []).append(deadline.id)
            if "due_at" in vals or "start_at" in vals:
                moved.setdefault(deadline.ticket_id.id, {})[str(deadline.id)] = [
                    deadline._due_text(),
                    fields.Datetime.to_string(vals.get("due_at", deadline.due_at)),
                ]
        for vals, ids in alike.items():
            self.browse(ids).write(dict(vals))
        return moved

    def _reckoned_vals(self, start_at):
        """What would change if this promise were reckoned now, as values."""
        policy = self.policy_id
        due_at = self._reckon(
            policy,
            self.company_id,
            start_at,
            self.pauses or (),
            self.extended_to,
            self.occurrence,
        )
        wanted = {
            "start_at": start_at,
            "start_event": policy.count_from,
            "due_at": due_at,
        }
        if not self.pauses and not self.extended_to:
            wanted["original_due_at"] = due_at
        if self.settle_until or policy.settlement_amount:
            wanted["settle_until"] = self._reckon_settlement(
                policy, self.company_id, start_at
            )
        return {name: value for name, value in wanted.items() if self[name] != value}

    def _end(self, at, letter=None):
        """The step was done: met, in time or late."""
        for deadline in self.filtered(lambda x: x.state in OPEN_STATES):
            deadline._end_pause(at)
            deadline.write(
                {
                    "met_at": at,
                    "letter_id": letter and letter.id,
                    "state": "met" if at <= deadline.due_at else "late",
                }
            )

    def _waive(self, at, letter=None):
        """Another step made these needless, unless their time was over before."""
        for deadline in self:
            deadline._end_pause(at)
        broken = self.filtered(lambda x: x.due_at < at)
        broken._end(at, letter)
        (self - broken).write({"state": "waived", "met_at": at})

    def _end_pause(self, at):
        """Let a stopped clock run on from an instant, its date moved accordingly.

        :return: dict by ticket id of what moved, for the history
        """
        self.ensure_one()
        if self.state != "paused":
            return {}
        *pauses, (stopped, _open) = self.pauses
        if fields.Datetime.to_datetime(stopped) < at:
            pauses.append([stopped, fields.Datetime.to_string(at)])
        self.write({"state": "running", "pauses": pauses})
        return self._recompute_due()

    # ------------------------------------------------------------------
    # Explanation
    # ------------------------------------------------------------------

    @api.depends("explanation_data", "due_at", "state")
    @api.depends_context("lang", "tz")
    def _compute_explanation(self):
        for deadline in self:
            data = deadline.explanation_data
            try:
                if not data and deadline.state in OPEN_STATES and deadline.due_at:
                    data = deadline._explain_data()
                lines = deadline._explain(data) if data else ()
                deadline.explanation = "\n".join(lines)
            except UserError as error:
                # A calendar that lost its days must not close the file to readers.
                deadline.explanation = error.args[0]

    def _keep_explanation(self):
        """Keep why the date is what it is, if it can still be said, as it ends."""
        self.ensure_one()
        try:
            self.explanation_data = self._explain_data()
        except UserError as error:
            # Nor keep the answer from being sent.
            _logger.warning(
                "No explanation of complaint deadline %s: %s", self.id, error
            )

    def _explain_data(self):
        """Why the date is what it is, as JSON values of the engine."""
        self.ensure_one()
        rules, kwargs = self._engine_values(
            self.policy_id, self.company_id, self.pauses or (), self.extended_to
        )
        start = self.start_at.replace(tzinfo=UTC)
        try:
            # Of the company's own length and the longest allowed, the one that binds.
            return min(
                (
                    self._ask(
                        engine.explain, rule.times(self.occurrence), start, kwargs
                    )
                    for rule in rules
                ),
                key=lambda data: data["due_at"],
            )
        except EngineError as error:
            raise self._no_date(self.policy_id, error) from error

    def _explain(self, data):
        """Say in words why the date is what it is, one sentence a line."""
        self.ensure_one()

        def day(value):
            return format_date(self.env, value, date_format="EEE d MMM y")

        def named(pairs):
            return ", ".join(
                f"{day(value)} ({name})" if name else day(value)
                for value, name in pairs
            )

        events = dict(self._fields["start_event"]._description_selection(self.env))
        start = datetime.fromisoformat(data["start"])
        values = {
            "length": self.policy_id._length(data["amount"], data["unit"]),
            "event": events.get(self.start_event, ""),
            "start": day(data["start_day"]),
            "due": day(data["due_day"]),
            "calendar": data["calendar"] or "",
        }
        if data["unit"] == "hour":
            values["start"] = format_datetime(
                self.env, start.astimezone(UTC).replace(tzinfo=None), tz=data["tz"]
            )
            values["due"] = format_datetime(self.env, self.due_at, tz=data["tz"])
        if data["unit"] == "business_day":
            yield self.env._(
                "%(length)s of “%(calendar)s”, counted after %(event)s: %(start)s.",
                **values,
            )
        else:
            yield self.env._(
                "%(length)s, counted after %(event)s: %(start)s.", **values
            )
        ticket = self.ticket_id
        if (
            self.start_event in ("sent", "sent_written")
            and ticket
            and not (ticket.complaint_sent_date or ticket.complaint_written_date)
        ):
            yield self.env._("The day of sending is not known: the receipt counts.")
        if data["inclusive"]:
            yield self.env._("The first day counts.")
        if data["short_month"]:
            yield self.env._("That month has no such day: its last day is taken.")
        if data["skipped_holidays"]:
            yield self.env._(
                "Public holidays not counted: %(days)s.",
                days=named(data["skipped_holidays"]),
            )
        if data["skipped_rest_days"]:
            yield self.env._(
                "Rest days not counted: %(count)s.", count=data["skipped_rest_days"]
            )
        for stopped, resumed, days in data["pauses"]:
            yield self.env._(
                "Paused from %(start)s to %(end)s: %(days)s days.",
                start=day(stopped[:10]),
                end=day(resumed[:10]) if resumed else "…",
                days=days,
            )
        if data["rolled"]:
            yield self.env._(
                "Moved from %(start)s to %(end)s: %(reasons)s.",
                start=day(data["rolled"]["from"]),
                end=day(data["rolled"]["to"]),
                reasons=named(data["rolled"]["reasons"]),
            )
        if data["extension"]:
            yield self.env._(
                "Extended from %(start)s to %(end)s.",
                start=day(data["extension"]["from"]),
                end=day(data["extension"]["to"]),
            )
        elif self.extension_pending_to:
            yield self.env._(
                "An extension to %(day)s was asked for: it holds once the holding "
                "letter has left in time.",
                day=day(self.extension_pending_to),
            )
        yield self.env._("Due: %(due)s.", **values)
        if self.settle_until:
            yield self.env._(
                "Not needed if settled by %(day)s.",
                day=format_datetime(
                    self.env,
                    self.settle_until,
                    tz=data["tz"],
                    dt_format="EEE d MMM y HH:mm",
                ),
            )
        yield self.env._("Source: %(text)s", text=data["source"])
        if self.calendar_warning:
            yield self.calendar_warning


def _aware(text):
    return fields.Datetime.to_datetime(text).replace(tzinfo=UTC)
