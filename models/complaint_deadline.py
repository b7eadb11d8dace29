from datetime import UTC, datetime

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date, format_datetime

from ..engine import deadline as engine
from ..engine.clock import Pause
from ..engine.errors import EngineError
from .complaint_terms import (
    COMPLAINANT_STEPS,
    DEADLINE_STATES,
    START_EVENTS,
    STEPS,
    TARGETS,
)


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
    extended_to = fields.Date(readonly=True)
    met_at = fields.Datetime("Ended on", readonly=True)
    letter_id = fields.Many2one(
        "complaint.letter", "By letter", readonly=True, ondelete="restrict"
    )
    state = fields.Selection(
        DEADLINE_STATES, required=True, readonly=True, default="running"
    )
    pauses = fields.Json(readonly=True, help="Pairs of instants: stopped, resumed.")
    explanation_data = fields.Json(readonly=True)
    explanation = fields.Text("Why", compute="_compute_explanation")
    is_overdue = fields.Boolean(
        "Late", compute="_compute_is_overdue", search="_search_is_overdue"
    )
    _due_idx = models.Index("(due_at) WHERE state = 'running'")
    _promise_uniq = models.UniqueIndex(
        "(ticket_id, cycle, policy_id)",
        "A promise is made once in a cycle of a complaint.",
    )

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

    @api.depends("step", "cycle")
    def _compute_display_name(self):
        words = dict(self._fields["step"]._description_selection(self.env))
        for deadline in self:
            deadline.display_name = words.get(deadline.step, "")

    # ------------------------------------------------------------------
    # Dates
    # ------------------------------------------------------------------

    @api.model
    def _prepare_vals(self, ticket, policy, start_at):
        """Values of the promise that a policy makes on a complaint.

        :param start_at: naive UTC datetime of the event the policy counts from
        :raises UserError: when the policy cannot be computed
        """
        vals = {
            "ticket_id": ticket.id,
            "policy_id": policy.id,
            "step": policy.step,
            "target": policy.target,
            "cycle": ticket.complaint_cycle,
            "start_event": policy.count_from,
            "start_at": start_at,
            "state": "running",
        }
        due_at, explanation = self._reckon(policy, ticket.company_id, start_at)
        vals.update(due_at=due_at, original_due_at=due_at, explanation_data=explanation)
        vals["reminded_until"] = self._reminded_until_at_start(policy, due_at)
        return vals

    @api.model
    def _reckon(self, policy, company, start_at, pauses=(), extended_to=None):
        """Ask the engine for a due date and its explanation.

        :return: ``(naive UTC datetime, JSON values)``
        :raises UserError: naming the policy, when the engine refuses
        """
        rule, kwargs = policy._to_rule(company)
        kwargs["pauses"] = [
            Pause(_aware(stopped), resumed and _aware(resumed))
            for stopped, resumed in pauses or ()
        ]
        kwargs["extension"] = extended_to or None
        kwargs["until"] = fields.Datetime.now().replace(tzinfo=UTC)
        start = start_at.replace(tzinfo=UTC)
        try:
            due = engine.due_at(rule, start, **kwargs)
            explanation = engine.explain(rule, start, **kwargs)
        except EngineError as error:
            raise UserError(
                self.env._(
                    "The policy “%(policy)s” gives no date here: %(reason)s",
                    policy=policy.name,
                    reason=error,
                )
            ) from error
        return due.astimezone(UTC).replace(tzinfo=None), explanation

    def _recompute_due(self, start_at=None):
        """Reckon these open promises again, from another start if given.

        :return: dict by ticket id of what moved, for the history
        """
        moved = {}
        for deadline in self:
            start = start_at or deadline.start_at
            due_at, explanation = self._reckon(
                deadline.policy_id,
                deadline.company_id,
                start,
                deadline.pauses,
                deadline.extended_to,
            )
            if (due_at, start) != (deadline.due_at, deadline.start_at):
                moved.setdefault(deadline.ticket_id.id, {})[str(deadline.id)] = [
                    fields.Datetime.to_string(deadline.due_at),
                    fields.Datetime.to_string(due_at),
                ]
            vals = {
                "start_at": start,
                "due_at": due_at,
                "explanation_data": explanation,
            }
            if not deadline.pauses and not deadline.extended_to:
                vals["original_due_at"] = due_at
            deadline.write(vals)
        return moved

    def _end(self, at, letter=None):
        """The step was done: met, in time or late, and what it makes needless."""
        for deadline in self.filtered(lambda x: x.state in ("running", "paused")):
            deadline._end_pause(at)
            deadline.write(
                {
                    "met_at": at,
                    "letter_id": letter and letter.id,
                    "state": "met" if at <= deadline.due_at else "late",
                }
            )

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

    @api.depends("explanation_data")
    @api.depends_context("lang", "tz")
    def _compute_explanation(self):
        for deadline in self:
            data = deadline.explanation_data
            deadline.explanation = data and "\n".join(deadline._explain(data))

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
        if self.start_event == "sent" and not self.ticket_id.complaint_sent_date:
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
        yield self.env._("Due: %(due)s.", **values)
        yield self.env._("Source: %(text)s", text=data["source"])


def _aware(text):
    return fields.Datetime.to_datetime(text).replace(tzinfo=UTC)
