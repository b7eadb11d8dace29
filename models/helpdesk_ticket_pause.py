from odoo import fields, models
from odoo.exceptions import UserError


class HelpdeskTicket(models.Model):
    """Longer or stopped: pause, resume and extension, where the regimes allow them."""

    _inherit = "helpdesk.ticket"

    def _complaint_is_paused(self):
        return bool(
            self._complaint_current_deadlines().filtered(lambda x: x.state == "paused")
        )

    def complaint_pause(self, reason):
        """Stop the clocks that the regimes allow to stop.

        :param str reason: why, for instance which document is awaited
        :return: True
        :raises UserError: when no promise of the complaint may be paused
        """
        self._complaint_check_role()
        self._complaint_check_step("pause")
        self._complaint_check_reason(reason)
        for ticket in self.sudo():  # sudo: complaint.deadline - written by steps
            running = ticket._complaint_current_deadlines().filtered(
                lambda x: x.state == "running"
            )
            if not running._stand_still():
                raise UserError(ticket._complaint_no_pause_message(running))
        self._complaint_log("pause", note=reason)
        return True

    def _complaint_no_pause_message(self, running):
        over = running.filtered("policy_id.can_pause")
        if over:
            return self.env._(
                "%(ticket)s: its time is over, and what has run out cannot stop any "
                "more: %(policies)s. Send what is due.",
                ticket=self.display_name,
                policies="; ".join(over.policy_id.mapped("name")),
            )
        forbidding = running.regime_id.filtered("forbids_pause")
        if forbidding:
            return self.env._(
                "%(ticket)s: the regime “%(regime)s” forbids that the clock stops, and "
                "so does every promise that runs: %(policies)s.",
                ticket=self.display_name,
                regime=forbidding[0].name,
                policies="; ".join(running.policy_id.mapped("name")),
            )
        return self.env._(
            "%(ticket)s: no regime of this complaint lets the clock stop "
            "(%(policies)s). Extend the deadline by a letter instead, where the regime "
            "allows it.",
            ticket=self.display_name,
            policies="; ".join(running.policy_id.mapped("name")) or "—",
        )

    def complaint_resume(self):
        """Let the stopped clocks run on; due dates move by the time they stood still.

        :return: True
        """
        self._complaint_check_role()
        self._complaint_check_step("resume")
        self._complaint_run_on()
        return True

    def _complaint_run_on(self, note=None):
        """End the pauses; the note says why, where nobody decided it."""
        now = fields.Datetime.now()
        moved = {}
        for deadline in self.sudo()._complaint_current_deadlines():  # sudo: same
            for key, change in deadline._end_pause(now).items():
                moved.setdefault(key, {}).update(change)
        self._complaint_log(
            "resume", note=note, data={"by_ticket": moved} if moved else None
        )

    def complaint_extend(self, step, new_date, reason):
        """Give a later date to the promises of a step, as their regimes allow it.

        Where a regime wants it announced by letter, the date holds from the holding
        letter on, and only if that leaves inside the period it extends.

        :param str step: the step whose date moves
        :param new_date: the new last day (date or string), local to the regime
        :param str reason: why, as told to the complainant
        :return: True
        :raises UserError: naming the policy, when it cannot be extended, not any
            more, or not to that day
        """
        self._complaint_check_role()
        self._complaint_check_step("extend")
        self._complaint_check_reason(reason)
        day = self._complaint_read_date(new_date, fields.Date.to_date)
        if not day:
            raise UserError(
                self.env._(
                    "%(ticket)s: an extension needs its new last day.",
                    ticket=self[:1].display_name,
                )
            )
        data = {}
        for ticket in self.sudo():  # sudo: complaint.deadline - written by steps
            deadlines = ticket._complaint_current_deadlines(step).filtered(
                lambda x: x.state == "running" and x.policy_id.extension != "none"
            )
            if not deadlines:
                raise UserError(
                    self.env._(
                        "%(ticket)s: no running deadline of this step may be "
                        "extended under its regimes.",
                        ticket=ticket.display_name,
                    )
                )
            # What is due later already needs no extension.
            earlier = deadlines.filtered(lambda x: x._due_day() < day)
            data[ticket.id] = {
                str(deadline.id): deadline._extend(day)
                for deadline in earlier or deadlines
            }
        self._complaint_log("extend", note=reason, data={"by_ticket": data})
        return True

    def _complaint_confirm_extensions(self, letter):
        """Let the extensions hold that this holding letter announces in time."""
        self.ensure_one()
        ticket = self.sudo()  # sudo: complaint.deadline - written by steps only
        moved = {}
        for deadline in ticket._complaint_current_deadlines():
            if deadline.state == "running" and deadline.extension_pending_to:
                moved.update(deadline._confirm_extension(letter))
        if moved:
            self._complaint_log("deadlines", data=moved)

    def _complaint_check_reason(self, reason):
        if not (reason or "").strip():
            raise UserError(
                self.env._(
                    "%(ticket)s: this step needs its reason. Write it in a sentence.",
                    ticket=self[:1].display_name,
                )
            )
