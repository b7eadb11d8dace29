from datetime import UTC

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from .complaint_terms import OPEN_STATES


class ComplaintDeadline(models.Model):
    """What may happen to a promise on its way: extended, come again, passed over."""

    _inherit = "complaint.deadline"

    is_effect_done = fields.Boolean(readonly=True)
    effect_at = fields.Datetime(
        compute="_compute_effect_at",
        store=True,
        readonly=True,
        help="When the passing of the date itself has an effect: a right opens or "
        "ends, silence counts as an answer.",
    )

    _effect_idx = models.Index("(effect_at) WHERE effect_at IS NOT NULL")

    def _due_text(self):
        return fields.Datetime.to_string(self.due_at)

    def _due_day(self):
        """The last day, local to the regime."""
        zone = pytz.timezone(self.regime_id.tz)
        return pytz.utc.localize(self.due_at).astimezone(zone).date()

    # ------------------------------------------------------------------
    # Extension
    # ------------------------------------------------------------------

    def _extend(self, day):
        """Extend this running promise to a day, at once or once it is announced.

        :return: ``[old, new]`` due instants for the history, or
            ``[old, new, "announce"]`` with the day asked for
        :raises UserError: naming the policy and what it allows
        """
        self.ensure_one()
        policy = self.policy_id
        self._check_extension(day)
        if policy.extension_needs_letter and not self._find_announcement():
            self.extension_pending_to = day
            return [self._due_text(), fields.Date.to_string(day), "announce"]
        return self._hold_extension(day)

    def _hold_extension(self, day):
        old = self._due_text()
        self.write(
            {
                "extended_to": day,
                "extension_pending_to": False,
                "extension_count": self.extension_count + 1,
            }
        )
        self._recompute_due()
        return [old, self._due_text()]

    def _confirm_extension(self, letter):
        """Let the extension hold that a letter announces, if it left in time.

        :return: dict of what moved, for the history
        """
        self.ensure_one()
        if letter._sent_on() > self.due_at:
            return {}
        day = self.extension_pending_to
        return {str(self.id): self._hold_extension(day)}

    def _find_announcement(self):
        """A holding letter of this cycle that left in time and extended nothing yet."""
        letters = self.ticket_id.complaint_letter_ids.filtered(
            lambda letter: (
                letter.code == "holding"
                and not letter.corrects_id
                and letter._has_left()
                and letter.cycle == self.cycle
                and letter._sent_on() <= self.due_at
            )
        )
        return letters if len(letters) > self.extension_count else letters.browse()

    def _check_extension(self, day):
        """Raise when the policy does not allow this promise to last until ``day``."""
        policy = self.policy_id
        if policy.extension_max and self.extension_count >= policy.extension_max:
            self._refuse_extension(
                self.env._(
                    "it was extended %(count)s times already, which is all the regime "
                    "allows.",
                    count=self.extension_count,
                )
            )
        if day <= self._due_day():
            self._refuse_extension(
                self.env._(
                    "%(day)s is not later than its present date, %(due)s.",
                    day=format_date(self.env, day),
                    due=format_date(self.env, self._due_day()),
                )
            )
        if self.is_effect_done:
            self._refuse_extension(
                self.env._(
                    "its silence took effect on %(due)s, and no later date takes that "
                    "back. Send the answer.",
                    due=format_date(self.env, self._due_day()),
                )
            )
        in_time = policy.extension == "agreement" or policy.extension_needs_letter
        if in_time and fields.Datetime.now() > self.due_at:
            self._refuse_extension(
                self.env._(
                    "its time ran out on %(due)s, and it could be extended only "
                    "before that.",
                    due=format_date(self.env, self._due_day()),
                )
            )
        longest = self._longest_extension()
        if longest and day > longest:
            self._refuse_extension(
                self.env._(
                    "it can be extended until %(longest)s at most, not until %(day)s.",
                    longest=format_date(self.env, longest),
                    day=format_date(self.env, day),
                )
            )

    def _refuse_extension(self, problem):
        raise UserError(
            self.env._(
                "%(ticket)s: “%(policy)s” cannot be extended so: %(problem)s",
                ticket=self.ticket_id.display_name,
                policy=self.policy_id.name,
                problem=problem,
            )
        )

    def _longest_extension(self):
        """The last day that the policy allows, or nothing where it names none."""
        policy = self.policy_id
        if policy.extension not in ("ceiling", "add"):
            return None
        # What is added counts from the last day, which is spent already.
        is_inclusive = policy.is_inclusive and policy.extension == "ceiling"
        rule = policy._rule_of(
            policy.extension_amount, policy.extension_unit, is_inclusive
        )
        start, pauses = self.start_at, self.pauses or ()
        if policy.extension == "add":
            # Counted from the last day without extension, the pauses being in it.
            due = self._reckon(
                policy, self.company_id, start, pauses, occurrence=self.occurrence
            )
            if self.extended_to:
                due = self.due_at
            start, pauses = due, ()
        due = self._reckon_rule(policy, self.company_id, rule, start, pauses)
        zone = pytz.timezone(self.regime_id.tz)
        return due.replace(tzinfo=UTC).astimezone(zone).date()

    # ------------------------------------------------------------------
    # Again, and already
    # ------------------------------------------------------------------

    def _come_again(self, at, goes_on=True):
        """Make the next promise of those that come again, once this one has ended.

        Each time that passed without a word has a line of its own, ended late: a
        letter after two missed reports does not make the second one kept. What
        stood still for the first stands still for the next.

        :param bool goes_on: no: nothing is due any more, but what was missed is told
        """
        for deadline in self.filtered("policy_id.is_recurring"):
            policy, ticket = deadline.policy_id, deadline.ticket_id
            number = deadline.occurrence
            while deadline._is_last_of_its_kind(number):
                number += 1
                vals = self._prepare_vals(
                    ticket, policy, deadline.start_at, number, deadline.pauses
                )
                is_missed = vals["due_at"] < at
                if not (goes_on or is_missed):
                    break
                following = self.create(vals)
                if not is_missed:
                    following._join_pause()
                    break
                following._end(at, deadline.letter_id)

    def _is_last_of_its_kind(self, number):
        """Whether no later time of this promise is on the complaint yet."""
        return not self.ticket_id.complaint_deadline_ids.filtered(
            lambda x: (
                x.policy_id == self.policy_id
                and x.cycle == self.cycle
                and x.occurrence > number
            )
        )

    def complaint_mark_done(self, reason, done_at=None):
        """Note that a promise was kept which no letter ends: a meeting, an action.

        :param str reason: what was done
        :param done_at: naive UTC datetime (or string); by default now
        :return: True
        :raises UserError: when the promise is ended by a letter, or has ended
        """
        now = fields.Datetime.now()
        for deadline in self:
            ticket = deadline.ticket_id
            ticket._complaint_check_role()
            ticket._complaint_check_reason(reason)
            at = ticket._complaint_read_date(done_at, fields.Datetime.to_datetime)
            at = at or now
            if deadline.state not in OPEN_STATES or not (
                deadline.policy_id.is_manual or deadline.step == "act"
            ):
                raise UserError(
                    self.env._(
                        "%(ticket)s: “%(promise)s” is not ended by hand, or has ended. "
                        "Send the letter or take the step that ends it.",
                        ticket=ticket.display_name,
                        promise=deadline.display_name,
                    )
                )
            if not deadline.start_at <= at <= now:
                raise UserError(
                    self.env._(
                        "%(ticket)s: “%(promise)s” was kept between the start of its "
                        "clock and today. Correct the date.",
                        ticket=ticket.display_name,
                        promise=deadline.display_name,
                    )
                )
            # sudo: complaint.deadline - written by steps only
            deadline.sudo()._end(at)
            deadline.sudo()._come_again(at)
            ticket._complaint_log(
                "done",
                note=reason,
                data={str(deadline.id): [deadline._due_text(), str(at)]},
            )
        return True

    # ------------------------------------------------------------------
    # When the date passes
    # ------------------------------------------------------------------

    def _opens_recourse(self):
        """Whether the recourse opens on this date, or did when nobody answered."""
        if self.step == "refer":
            return self.policy_id.opens_right
        return self.policy_id.on_silence == "recourse_opens" and self.state in (
            *OPEN_STATES,
            "late",
        )

    def _recourse_end(self):
        """When the recourse ends that this time limit is one of, naive UTC."""
        limits = self.ticket_id.complaint_deadline_ids.filtered(
            lambda x: (
                x.cycle == self.cycle
                and x.regime_id == self.regime_id
                and x.state != "cancelled"
                and x._is_recourse_limit()
            )
        )
        return self.regime_id._join_limits(limits)

    def _is_recourse_limit(self):
        return self.step == "refer" and not self.policy_id.opens_right

    @api.depends("state", "due_at", "is_effect_done")
    def _compute_effect_at(self):
        for deadline in self:
            waits = deadline.state == "running" and not deadline.is_effect_done
            deadline.effect_at = (
                deadline.due_at
                if waits and self._has_effect(deadline.policy_id)
                else False
            )

    def _reckoned_vals(self, start_at):
        """With the instant at which the date has its effect: one write, not two."""
        vals = super()._reckoned_vals(start_at)
        if "due_at" in vals and self.effect_at:
            vals["effect_at"] = vals["due_at"]
        return vals

    @api.model
    def _has_effect(self, policy):
        """Whether something happens by itself when a date of this policy passes.

        Silence may have no effect but to start another clock: to tell the next day
        why the answer is late.
        """
        if policy.step == "refer" or policy.on_silence != "breach":
            return True
        return policy.step == "respond" and any(
            other.count_from == "silence" for other in policy.regime_id.policy_ids
        )

    @api.model
    def _get_effect_domain(self):
        return Domain("effect_at", "<", fields.Datetime.now())

    def _take_effect(self):
        """Let the passing of this date have its effect, once."""
        self.ensure_one()
        ticket, policy = self.ticket_id, self.policy_id
        self.is_effect_done = True
        if policy.step == "refer":
            # A right has opened, or lapsed unused: nobody is late on it.
            state = "met" if policy.opens_right else "waived"
            self.write({"state": state, "met_at": self.due_at})
            if policy.opens_right:
                event = "recourse_opens"
            elif self.due_at == self._recourse_end():
                event = "recourse_ends"
            else:
                return  # one limit of several, which does not end it
            ticket._complaint_log(event, data={str(self.id): [self._due_text()]})
            return
        ticket._complaint_log("silence", data={str(self.id): [policy.on_silence]})
        ticket._complaint_deem(self)
