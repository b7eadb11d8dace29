from odoo import fields, models
from odoo.exceptions import AccessError

from .complaint_terms import FILE_GROUPS


class HelpdeskTicket(models.Model):
    """5. Reaction, closing, reopening."""

    _inherit = "helpdesk.ticket"

    complaint_cause_id = fields.Many2one(
        "complaint.cause",
        "Cause",
        copy=False,
        check_company=True,
        ondelete="restrict",
        index="btree_not_null",
        tracking=True,
        groups=FILE_GROUPS,
    )
    complaint_series_id = fields.Many2one(
        "complaint.series",
        "Series",
        copy=False,
        check_company=True,
        ondelete="restrict",
        index="btree_not_null",
        help="Other complaints with the same cause.",
        groups=FILE_GROUPS,
    )
    complaint_investigated_at = fields.Datetime(
        "Investigation ended on",
        copy=False,
        help="Some regimes count from the end of the investigation.",
        groups=FILE_GROUPS,
    )
    complaint_findings = fields.Html(
        "Findings",
        copy=False,
        help="What the investigation found. Internal.",
        groups=FILE_GROUPS,
    )
    complaint_hold_ids = fields.One2many(
        "complaint.hold",
        "ticket_id",
        "Holds",
        copy=False,
        groups=FILE_GROUPS,
    )
    complaint_closed_at = fields.Datetime("Closed on", readonly=True, copy=False)

    # ------------------------------------------------------------------
    # The complainant's reaction
    # ------------------------------------------------------------------

    def complaint_accept(self):
        """The complainant accepts the answer: the complaint is closed.

        Called by the complainant in the portal, or by a handler who was told.

        :return: True
        :raises UserError: when there is no answer to accept, or its cause is missing
        """
        self._complaint_check_complainant_or_role()
        self._complaint_check_step("accept")
        now = fields.Datetime.now()
        # sudo: helpdesk.ticket - a portal user has no write access of his own
        tickets = self.sudo()
        tickets._complaint_end_step("accept", now)
        tickets._complaint_end_contest()
        # Accepted before, and waiting for its cause: said once is enough.
        fresh = tickets.filtered(lambda ticket: not ticket._complaint_is_accepted())
        self.browse(fresh.ids)._complaint_log(
            "accept", data={"by_complainant": self.env.user.share}
        )
        for ticket in tickets:
            facts = ticket._complaint_facts()
            if "cause_given" not in facts:
                ticket._complaint_ask_cause()
            elif "referral_bars_closing" not in facts:
                # Otherwise it is closed when the referral ends.
                ticket._complaint_close_now(note=None)
        return True

    def complaint_contest(self, reason):
        """The complainant contests the answer: a new cycle starts.

        :param str reason: why, in his words
        :return: True
        """
        self._complaint_check_complainant_or_role()
        self._complaint_check_step("contest")
        self._complaint_check_reason(reason)
        self.sudo()._complaint_end_step(  # sudo: same as above
            "accept", fields.Datetime.now()
        )
        self._complaint_start_cycle("contest", reason)
        self.sudo()._complaint_tell_contested()  # sudo: mail.activity - a colleague's
        return True

    def _complaint_tell_contested(self):
        """Let the handlers know: a new cycle and its clocks have started."""
        for ticket in self:
            user = ticket._complaint_user_of_level("handler")
            ticket = ticket.with_context(lang=user.lang)
            ticket.activity_schedule(
                "helpdesk_complaint.mail_activity_contested",
                summary=ticket.env._("The complainant contests the answer"),
                user_id=user.id,
            )

    def _complaint_check_complainant_or_role(self):
        """Let pass the complainant, who represents him, and complaint handlers."""
        if self.env.su or not self.env.user.share:
            return self._complaint_check_role()
        self.check_access("read")
        for ticket in self:
            if not ticket._complaint_may_act(self.env.user.partner_id):
                raise AccessError(
                    self.env._(
                        "%(ticket)s: only the complainant, or who represents him and "
                        "has shown his mandate, can do this.",
                        ticket=ticket.number,
                    )
                )
        return None

    # ------------------------------------------------------------------
    # Closing and reopening
    # ------------------------------------------------------------------

    def complaint_close(self, reason):
        """Close complaints: answered and accepted, withdrawn, or no complaint at all.

        :param str reason: why it can be closed
        :return: True
        :raises UserError: while the complainant may still react, before the reply,
            or when a fault is admitted and its cause is not known
        """
        self._complaint_check_role()
        self._complaint_check_step("close")
        self._complaint_check_reason(reason)
        self._complaint_close_now(reason)
        return True

    def _complaint_close_now(self, note, event="close"):
        now = fields.Datetime.now()
        for ticket in self:
            # Closing a file takes no recourse away from anybody.
            ticket._complaint_cancel_deadlines(keep=("refer",))
            ticket._complaint_enter_state(
                event,
                complaint_closed_at=now,
                **ticket._complaint_keeping_dates(now),
            )
        self._complaint_log(event, note=note)
        self._complaint_drop_reminders()

    def _complaint_drop_reminders(self):
        """Nothing is due any more: the reminders still open are done."""
        # sudo: mail.activity - they belong to whoever was told
        self.sudo().activity_unlink(["helpdesk_complaint.mail_activity_deadline"])

    def complaint_reopen(self, reason):
        """Open a closed or answered complaint again, in a new cycle.

        :param str reason: what is new
        :return: True
        """
        self._complaint_check_role()
        self._complaint_check_step("reopen")
        self._complaint_check_reason(reason)
        self._complaint_register_refused(reason)
        self._complaint_start_cycle("reopen", reason)
        return True

    def _complaint_register_refused(self, reason):
        """Reopening what was closed as no complaint says that it is one.

        That is a qualification: it belongs to a manager, needs regimes, and gives
        the register number.
        """
        refused = self.filtered(lambda ticket: not ticket.complaint_number)
        if not refused:
            return
        now = fields.Datetime.now()
        refused._complaint_check_authority("qualify")
        refused._complaint_set_regimes(None)
        for ticket_id, line in refused._complaint_check_authority("qualify").items():
            self.browse(ticket_id)._complaint_authority_evidence(line)
        refused._complaint_register(now)
        refused.sudo().write(  # sudo: helpdesk.ticket - step fields
            {
                "complaint_qualified_by_id": self.env.uid,
                "complaint_qualified_at": now,
                "complaint_qualification_reason": reason,
            }
        )

    def _complaint_start_cycle(self, event, reason):
        """Freeze the cycle that ends and start the next, with its own deadlines.

        Where a regime has a further stage, what the complainant contests is handled
        in that stage, by somebody else.
        """
        # sudo: helpdesk.ticket - step fields; a complainant may contest
        tickets = self.sudo()
        tickets._complaint_cancel_deadlines()
        for ticket in tickets:
            ticket._complaint_enter_state(
                event,
                **ticket._complaint_stage_vals(event),
                complaint_cycle=ticket.complaint_cycle + 1,
                complaint_cycle_started_at=fields.Datetime.now(),
                complaint_acknowledged_at=False,
                complaint_answered_at=False,
                complaint_closed_at=False,
                complaint_archive_date=False,
                complaint_retention_date=False,
            )
        tickets._complaint_carry_points()
        self._complaint_log(event, note=reason)
        tickets._complaint_sync_deadlines()

    def _complaint_ask_cause(self):
        """Ask the handler for the cause without which the file cannot be closed."""
        self.ensure_one()
        kind = "helpdesk_complaint.mail_activity_cause"
        if self.activity_search([kind]):
            return
        user = self._complaint_user_of_level("handler")
        ticket = self.with_context(lang=user.lang)
        ticket.activity_schedule(
            kind,
            summary=ticket.env._("Give the cause, then close the complaint"),
            user_id=user.id,
        )
