from odoo import fields, models

from .complaint_terms import OPEN_STATES

# Events that a letter is: the letter that starts a clock does not end it.
LETTER_STARTS = ("acknowledged", "answered")


class ComplaintDeadline(models.Model):
    """A promise that follows its file: taken up again, moved, fallen away."""

    _inherit = "complaint.deadline"

    def _follow(self, start):
        """Bring the promises of one policy on one file in line with its clock.

        :param start: naive UTC datetime from which the policy counts now
        :return: ``(promises taken up again, dict by ticket id of what moved)``
        """
        back = self._take_up(start)
        stale = self.filtered(
            lambda x: (
                x.state in OPEN_STATES
                and (x.start_at != start or x.start_event != x.policy_id.count_from)
            )
        )
        return back, (stale | back)._recompute_due(start)

    def _take_up(self, start):
        """Let the last of these run again where it applies again.

        Whether a complaint came in time is asked again when its dates change.
        """
        last = self.sorted("occurrence")[-1:]
        judged = last.step == "complain" and last.state in ("met", "late")
        received = last.ticket_id.complaint_received_at
        if last.state != "cancelled" and not (
            judged and (last.start_at, last.met_at) != (start, received)
        ):
            return self.browse()
        is_stopped = bool(last.pauses) and not last.pauses[-1][1]
        last.write(
            {
                "state": "paused" if is_stopped else "running",
                "met_at": False,
                "explanation_data": False,
            }
        )
        last._end_pause(fields.Datetime.now())
        return last

    def _that_fall_away(self):
        """Those that no longer hold once their policy does not apply."""
        return self.filtered(
            lambda x: (
                x.state in OPEN_STATES
                or (x.step == "complain" and x.state in ("met", "late"))
            )
        )

    def _is_before(self, letter):
        """Whether a letter left while the clock of this promise ran."""
        self.ensure_one()
        earlier = self.ticket_id.complaint_deadline_ids.filtered(
            lambda x: (
                x.policy_id == self.policy_id
                and x.cycle == self.cycle
                and x.occurrence < self.occurrence
            )
        )
        ended = max(earlier.filtered("met_at").mapped("met_at"), default=None)
        if ended or self.start_event in LETTER_STARTS:
            return (ended or self.start_at) < letter._sent_on()
        return self.start_at <= letter._sent_on()

    # ------------------------------------------------------------------
    # Pause
    # ------------------------------------------------------------------

    def _stand_still(self):
        """Stop those of these clocks that may stop and have not run out.

        :return: the promises that stand still now
        """
        now = fields.Datetime.now()
        stopped = self.filtered(
            lambda x: x.state == "running" and x.policy_id.can_pause and x.due_at >= now
        )
        for deadline in stopped:
            pauses = [*(deadline.pauses or []), [fields.Datetime.to_string(now), None]]
            deadline.write({"state": "paused", "pauses": pauses})
        return stopped

    def _join_pause(self):
        """Stand still with the file that is paused while the promise is made."""
        can_pause = self.filtered("policy_id.can_pause")
        can_pause.filtered(lambda x: x.ticket_id._complaint_is_paused())._stand_still()
