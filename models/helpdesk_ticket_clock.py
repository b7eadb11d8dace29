from datetime import datetime, time

import pytz

from odoo import fields, models

from .complaint_terms import FIRST_CYCLE_EVENTS, LIVE_STATES, OPEN_STATES

# Windows that law opens to the complainant do not start again with a new cycle.
LASTING_STEPS = ("complain", "refer")


class HelpdeskTicket(models.Model):
    """The clocks of a complaint: which have started, and the promises they measure."""

    _inherit = "helpdesk.ticket"

    complaint_deemed_at = fields.Datetime(
        "Silence took effect on",
        readonly=True,
        copy=False,
        help="In the current cycle: when the answer fell due without an answer.",
    )

    # ------------------------------------------------------------------
    # What has started
    # ------------------------------------------------------------------

    def _complaint_clock_starts(self):
        """When each event happened in this cycle, as naive UTC, if it did.

        A reopened complaint starts again on the day it is reopened.
        """
        self.ensure_one()
        starts = self._complaint_first_starts()
        if self.complaint_cycle > 1:
            starts.update(
                dict.fromkeys(FIRST_CYCLE_EVENTS, self.complaint_cycle_started_at)
            )
        if self.complaint_stage > 1:
            starts["escalated"] = self.complaint_cycle_started_at
        starts["acknowledged"] = self.complaint_acknowledged_at
        starts["investigated"] = self.complaint_investigated_at
        starts["answered"] = self.complaint_answered_at
        starts["silence"] = self.complaint_deemed_at
        starts["referred"] = self._complaint_referred_at()
        return {event: start for event, start in starts.items() if start}

    def _complaint_first_starts(self):
        """When the events happened that brought the complaint in, whatever the cycle.

        Where the day of sending is not known, the receipt counts: it is the only
        date known. An oral complaint is not in writing before it is written down.
        """
        received = self.complaint_received_at
        sent = self._complaint_midnight(self.complaint_sent_date) or received
        written = self._complaint_midnight(self.complaint_written_date)
        if not written and self.complaint_medium != "oral":
            written = sent
        return {
            "event": self._complaint_midnight(self.complaint_fact_date),
            "known": self._complaint_midnight(self.complaint_known_date),
            "sent": sent,
            "sent_written": written,
            "received": received,
            "registered": self.complaint_registered_at,
        }

    def _complaint_referred_at(self):
        """The day of the last referral that is still open."""
        referrals = self.complaint_referral_ids.filtered(lambda x: x.state == "open")
        return self._complaint_midnight(max(referrals.mapped("date"), default=None))

    def _complaint_midnight(self, day):
        """The first instant of a local day, naive UTC; nothing without a day."""
        if not day:
            return False
        zone = pytz.timezone(self._complaint_tz())
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
        if self.complaint_state not in LIVE_STATES:
            return []
        starts = self._complaint_clock_starts()
        first = self._complaint_first_starts()
        version = self._complaint_local_day(starts["received"])
        policies = self.complaint_regime_ids.policy_ids.filtered(
            lambda policy: policy.active and policy._is_valid_on(version)
        )
        started = []
        for policy in policies._applying_to(self):
            event = policy.count_from
            if policy.step in LASTING_STEPS and event in first:
                start = first[event]
            else:
                start = starts.get(event)
            if start:
                started.append((policy, start))
        return started

    def _complaint_sync_deadlines(self, log=False):
        """Bring the promises of the current cycle in line with regimes and dates.

        Creates those that are missing, cancels those that no longer apply, moves
        those whose start moved. What has ended is left as it is. Running it twice
        changes nothing the second time.

        :param log: write what changed to the history; a text is its reason
        """
        tickets = self.sudo()  # sudo: complaint.deadline - written by steps only
        model = tickets.env["complaint.deadline"]
        vals_list = []
        moved = {}
        gone = model
        for ticket in tickets:
            current = {}
            for deadline in ticket.complaint_deadline_ids:
                if deadline.cycle == ticket.complaint_cycle:
                    known = current.get(deadline.policy_id, model)
                    current[deadline.policy_id] = known | deadline
            for policy, start in ticket._complaint_started_policies():
                deadlines = current.pop(policy, model)
                if not deadlines:
                    vals_list.append(model._prepare_vals(ticket, policy, start))
                    continue
                back = deadlines.filtered(lambda x: x.state == "cancelled")
                if back and deadlines == back:
                    back.state = "running"
                for deadline in deadlines:
                    if deadline.state in OPEN_STATES and deadline.start_at != start:
                        for key, change in deadline._recompute_due(start).items():
                            moved.setdefault(key, {}).update(change)
            for deadlines in current.values():
                gone |= deadlines.filtered(lambda x: x.state in OPEN_STATES)
        if gone:
            gone.write({"state": "cancelled"})
        created = model.create(vals_list)
        created._end_what_happened_already()
        if log:
            added = created.grouped("ticket_id")
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

    def _complaint_end_step(self, step, at, letter=None, again=False):
        """Mark a step as done at an instant, and waive what it makes needless.

        :param bool again: a promise that comes again is due anew
        """
        tickets = self.sudo()  # sudo: complaint.deadline - written by steps only
        current = tickets._complaint_current_deadlines()
        done = current.filtered(
            lambda x: (
                x.step == step
                and x.state in OPEN_STATES
                and not x.policy_id.is_manual
                and not x.policy_id.opens_right
            )
        )
        done._end(at, letter)
        if again:
            done._come_again(at)
        waived = current.filtered(
            lambda x: x.state in OPEN_STATES and x.policy_id.waived_by_step == step
        )
        if waived:
            waived.write({"state": "waived", "met_at": at})

    def _complaint_cancel_deadlines(self, keep=()):
        """End what still runs; a promise broken by now stays a broken promise.

        :param keep: steps whose time runs on after the file is closed
        """
        tickets = self.sudo()  # sudo: complaint.deadline - written by steps only
        deadlines = tickets._complaint_current_deadlines().filtered(
            lambda x: x.step not in keep or x.policy_id.opens_right
        )
        deadlines.filtered("is_overdue")._end(fields.Datetime.now())
        deadlines.filtered(lambda x: x.state in OPEN_STATES).write(
            {"state": "cancelled"}
        )
