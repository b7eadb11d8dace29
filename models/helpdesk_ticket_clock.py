from datetime import datetime, time

import pytz

from odoo import fields, models

from .complaint_terms import FIRST_CYCLE_EVENTS, LIVE_STATES, OPEN_STATES

# Windows that law opens to the complainant do not start again with a new cycle.
LASTING_STEPS = ("complain", "refer")
# What is judged once, when the complaint comes in.
FIRST_CYCLE_STEPS = ("complain", "qualify")


class HelpdeskTicket(models.Model):
    """The clocks of a complaint: which have started, and the promises they measure."""

    _inherit = "helpdesk.ticket"

    # ------------------------------------------------------------------
    # What has started
    # ------------------------------------------------------------------

    def _complaint_clock_starts(self, tz):
        """When each event happened in this cycle, as naive UTC, if it did.

        A reopened complaint starts again on the day it is reopened. An event known
        by its day alone begins with that day in the time zone of the regime.

        :param str tz: time zone of the regime that counts
        :return: ``(starts, first starts)``, dicts by event; the first starts are
            those that brought the complaint in, whatever the cycle
        """
        self.ensure_one()
        first = self._complaint_first_starts(tz)
        starts = dict(first)
        began = self.complaint_cycle_started_at
        if self.complaint_cycle > 1:
            starts.update(dict.fromkeys(FIRST_CYCLE_EVENTS, began))
        if self.complaint_stage > 1:
            starts["escalated"] = began
        investigated = self.complaint_investigated_at
        if investigated and (self.complaint_cycle == 1 or investigated >= began):
            starts["investigated"] = investigated
        starts["acknowledged"] = self.complaint_acknowledged_at
        starts["answered"] = self.complaint_answered_at
        starts["referred"] = self._complaint_referred_at(tz)
        return starts, first

    def _complaint_first_starts(self, tz):
        """When the events happened that brought the complaint in, whatever the cycle.

        Where the day of sending is not known, the receipt counts: it is the only
        date known. An oral complaint is not in writing before it is written down.
        """
        received = self.complaint_received_at
        sent = self._complaint_midnight(self.complaint_sent_date, tz) or received
        written = self._complaint_midnight(self.complaint_written_date, tz)
        if not written and self.complaint_medium != "oral":
            written = sent
        return {
            "event": self._complaint_midnight(self.complaint_fact_date, tz),
            "known": self._complaint_midnight(self.complaint_known_date, tz),
            "sent": sent,
            "sent_written": written,
            "received": received,
            "registered": self.complaint_registered_at,
        }

    def _complaint_referred_at(self, tz):
        """The day of the last referral that is still open."""
        referrals = self.complaint_referral_ids.filtered("is_open")
        return self._complaint_midnight(max(referrals.mapped("date"), default=None), tz)

    def _complaint_silence_at(self, regime):
        """When the first answer due under a regime was passed over, if one was."""
        silent = self._complaint_current_deadlines("respond").filtered(
            lambda x: x.is_effect_done and x.regime_id == regime
        )
        return min(silent.mapped("due_at"), default=False)

    def _complaint_midnight(self, day, tz=None):
        """The first instant of a local day, naive UTC; nothing without a day."""
        if not day:
            return False
        zone = pytz.timezone(tz or self._complaint_tz())
        local = zone.localize(datetime.combine(day, time.min))
        return local.astimezone(pytz.utc).replace(tzinfo=None)

    # ------------------------------------------------------------------
    # Which promises
    # ------------------------------------------------------------------

    def _complaint_started_policies(self):
        """The policies that apply and whose clock has started, each with its start.

        A cycle keeps the version in force on the day it began: the receipt, or the
        reopening. Judged on one day, no complaint falls between two versions of
        which one counts from sending and the other from receipt.

        :return: list of ``(complaint.policy, naive UTC datetime)``
        """
        self.ensure_one()
        if self.complaint_state not in (*LIVE_STATES, "closed"):
            return []
        clocks = {
            tz: self._complaint_clock_starts(tz)
            for tz in set(self.complaint_regime_ids.mapped("tz"))
        }
        days = {
            tz: self._complaint_local_day(starts["received"], tz)
            for tz, (starts, _first) in clocks.items()
        }
        policies = self.complaint_regime_ids.policy_ids.filtered(
            lambda policy: (
                policy.active
                and policy._is_valid_on(days[policy.regime_id.tz])
                and (self.complaint_state != "closed" or policy._outlives_closing())
                and (self.complaint_cycle == 1 or policy.step not in FIRST_CYCLE_STEPS)
            )
        )
        started = []
        for policy in policies._applying_to(self):
            starts, first = clocks[policy.regime_id.tz]
            event = policy.count_from
            if event == "silence":
                start = self._complaint_silence_at(policy.regime_id)
            elif policy.step in LASTING_STEPS and event in first:
                start = first[event]
            else:
                start = starts.get(event)
            if start:
                started.append((policy, start))
        return started

    def _complaint_sync_deadlines(self, log=False):
        """Bring the promises of the current cycle in line with regimes and dates.

        Creates those that are missing, cancels those that no longer apply, moves
        those whose start moved. What has ended is left as it is, but whether the
        complaint came in time is judged anew. On a closed file the clocks that
        outlive it may start; nothing else moves. Running it twice changes nothing
        the second time.

        :param log: write what changed to the history; a text is its reason
        """
        tickets = self.sudo()  # sudo: complaint.deadline - written by steps only
        model = tickets.env["complaint.deadline"]
        vals_list = []
        moved = {}
        gone = back = model
        for ticket in tickets:
            is_closed = ticket.complaint_state == "closed"
            current = {}
            for deadline in ticket.complaint_deadline_ids:
                if deadline.cycle == ticket.complaint_cycle:
                    known = current.get(deadline.policy_id, model)
                    current[deadline.policy_id] = known | deadline
            for policy, start in ticket._complaint_started_policies():
                deadlines = current.pop(policy, model)
                if not deadlines:
                    vals_list.append(model._prepare_vals(ticket, policy, start))
                elif not is_closed:
                    again, changes = deadlines._follow(start)
                    back |= again
                    for key, change in changes.items():
                        moved.setdefault(key, {}).update(change)
            if not is_closed:
                for deadlines in current.values():
                    gone |= deadlines._that_fall_away()
        if gone:
            gone.write({"state": "cancelled"})
        created = model.create(vals_list)
        (created | back)._join_pause()
        tickets._complaint_end_what_was_done(created | back)
        if log:
            added = (created | back).grouped("ticket_id")
            left = gone.grouped("ticket_id")
            reason = log if isinstance(log, str) else None
            tickets._complaint_log_deadlines(moved, added, left, reason)

    def _complaint_log_deadlines(self, moved, added, left, reason):
        """One line of history for each complaint whose promises changed."""
        data = {}
        for ticket in self:
            facts = dict(moved.get(ticket.id, {}))
            for deadline in added.get(ticket, ()):
                facts[str(deadline.id)] = ["", deadline._due_text()]
            for deadline in left.get(ticket, ()):
                facts[str(deadline.id)] = [deadline._due_text(), ""]
            if facts:
                data[ticket.id] = facts
        self.browse(data)._complaint_log(
            "deadlines", note=reason, data={"by_ticket": data}
        )

    # ------------------------------------------------------------------
    # What has ended
    # ------------------------------------------------------------------

    def _complaint_end_step(self, step, at, letter=None, again=False, among=None):
        """Mark a step as done at an instant, and waive what it makes needless.

        What was due before is no longer needless: it was not kept.

        :param bool again: a promise that comes again is due anew
        :param among: the promises it may end; by default all that hold
        """
        tickets = self.sudo()  # sudo: complaint.deadline - written by steps only
        current = tickets._complaint_current_deadlines()
        current = current.filtered(lambda x: x.state in OPEN_STATES)
        if among is not None:
            current &= among
        done = current.filtered(
            lambda x: (
                x.step == step
                and not x.policy_id.is_manual
                and not x.policy_id.opens_right
            )
        )
        done._end(at, letter)
        done._come_again(at, goes_on=again)
        needless = (current - done).filtered(
            lambda x: x.policy_id.waived_by_step == step
        )
        needless._waive(at, letter)

    def _complaint_end_what_was_done(self, deadlines):
        """End those of these promises that an earlier day of the cycle has decided.

        A regime that comes to a file on its way finds letters sent and decisions
        taken: it does not ask for them a second time.
        """
        for ticket, mine in deadlines.grouped("ticket_id").items():
            mine.filtered(lambda x: x.step == "complain")._end(
                ticket.complaint_received_at
            )
            if ticket.complaint_state == "to_qualify":
                continue
            if ticket.complaint_qualified_at:
                ticket._complaint_end_step(
                    "qualify", ticket.complaint_qualified_at, among=mine
                )
            letters = ticket.complaint_letter_ids.filtered(
                lambda x, cycle=ticket.complaint_cycle: (
                    x._has_left() and x.cycle == cycle
                )
            )
            for letter in letters.sorted(lambda x: x._sent_on()):
                ticket._complaint_end_by_letter(
                    letter, among=mine.filtered(lambda x, at=letter: x._is_before(at))
                )

    def _complaint_cancel_deadlines(self, keep=()):
        """End what still runs; a promise broken by now stays a broken promise.

        :param keep: steps whose time runs on after the file is closed
        """
        tickets = self.sudo()  # sudo: complaint.deadline - written by steps only
        deadlines = tickets._complaint_current_deadlines().filtered(
            lambda x: x.step not in keep or x.policy_id.opens_right
        )
        now = fields.Datetime.now()
        broken = deadlines.filtered("is_overdue")
        broken._end(now)
        broken._come_again(now, goes_on=False)
        deadlines.filtered(lambda x: x.state in OPEN_STATES).write(
            {"state": "cancelled"}
        )
