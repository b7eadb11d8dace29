from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError, ValidationError

from .complaint_terms import FILE_GROUPS, OPEN_STATES

# Effects of silence that are a decision.
SILENT_OUTCOMES = ("deemed_accepted", "deemed_rejected")
# What a complaint brings along to the company that it is transferred to.
COPIED_FIELDS = (
    "complaint_request",
    "complaint_subject_ref",
    "complaint_others",
    "complaint_complainant_type",
    "complaint_severity",
    "complaint_is_confidential",
    "complaint_written_date",
    "complaint_known_date",
    "complaint_fact_date",
)


class HelpdeskTicket(models.Model):
    """Other ways on: settled early, escalated, transferred, decided by silence."""

    _inherit = "helpdesk.ticket"

    complaint_first_handler_id = fields.Many2one(
        "res.users",
        "Handled first by",
        readonly=True,
        copy=False,
        groups=FILE_GROUPS,
        help="Who handled the stage before: not the one who handles this stage.",
    )
    complaint_transferred_from_id = fields.Many2one(
        "helpdesk.ticket",
        "Transferred from",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups=FILE_GROUPS,
    )

    # ------------------------------------------------------------------
    # Early settlement
    # ------------------------------------------------------------------

    def _complaint_can_settle(self):
        """Whether every answer owed falls away if the complaint is settled now."""
        owed = self._complaint_current_deadlines("respond").filtered(
            lambda x: x.state in OPEN_STATES and x.target == "legal"
        )
        now = fields.Datetime.now()
        return bool(owed) and all(
            deadline.settle_until and deadline.settle_until >= now for deadline in owed
        )

    def complaint_settle(self, reason):
        """Close complaints settled to the complainant's satisfaction in the first days.

        The long answer is not needed then; a short letter (``closure``) tells what
        was agreed and which recourse is left.

        :param str reason: what was agreed, and how the complainant said so
        :return: True
        :raises UserError: without decision, or when the time for it is over
        """
        self._complaint_check_role()
        self._complaint_check_step("settle")
        self._complaint_check_reason(reason)
        now = fields.Datetime.now()
        for ticket in self.sudo():  # sudo: complaint.deadline - written by steps
            ticket._complaint_current_deadlines("respond").filtered(
                lambda x: x.state in OPEN_STATES
            )._waive(now)
        self._complaint_check_redress()
        self._complaint_close_now(reason, event="settle")
        # What was agreed is granted: no reply announces it.
        self._complaint_grant_redress(None)
        return True

    # ------------------------------------------------------------------
    # Two stages
    # ------------------------------------------------------------------

    def _complaint_has_next_stage(self):
        stages = self.complaint_regime_ids.mapped("stage_count")
        return self.complaint_stage < max(stages, default=1)

    def _complaint_stage_vals(self, event):
        """What changes when a new cycle is a new stage: its handler is another."""
        if event == "reopen" or not self._complaint_has_next_stage():
            return {}
        leader = self.team_id.user_id
        first = self.user_id or self._complaint_decision().decided_by_id
        return {
            "complaint_stage": self.complaint_stage + 1,
            "complaint_first_handler_id": first.id,
            "user_id": leader.id if leader != first else False,
        }

    def complaint_escalate(self, reason):
        """Take complaints to the next stage of their regime, in a new cycle.

        :param str reason: what the complainant is not satisfied with; some regimes
            forbid to ask for it, then say that none was given
        :return: True
        :raises UserError: when no regime of the complaint has a further stage
        """
        self._complaint_check_role()
        self._complaint_check_step("escalate_stage")
        self._complaint_check_reason(reason)
        # sudo: complaint.deadline - written by steps only
        self.sudo()._complaint_end_step("accept", fields.Datetime.now())
        self._complaint_start_cycle("escalate_stage", reason)
        self.sudo()._complaint_tell_contested()  # sudo: mail.activity - a colleague's
        return True

    @api.constrains("user_id", "complaint_first_handler_id")
    def _check_complaint_stage_handler(self):
        for ticket in self:
            first = ticket.sudo().complaint_first_handler_id  # sudo: res.users - who
            if first and ticket.user_id == first and ticket.complaint_stage > 1:
                raise ValidationError(
                    self.env._(
                        "%(ticket)s: %(user)s handled the first stage. The second "
                        "needs another handler.",
                        ticket=ticket.display_name,
                        user=first.name,
                    )
                )

    def _complaint_check_stage_decider(self):
        """Raise when who handled the first stage decides the second too."""
        for ticket in self.sudo():  # sudo: res.users - who
            first = ticket.complaint_first_handler_id
            if ticket.complaint_stage > 1 and first == self.env.user:
                raise UserError(
                    self.env._(
                        "%(ticket)s: %(user)s handled the first stage, so somebody "
                        "else decides the second. Assign the complaint to a colleague.",
                        ticket=ticket.display_name,
                        user=first.name,
                    )
                )

    # ------------------------------------------------------------------
    # Transfer
    # ------------------------------------------------------------------

    def complaint_transfer(self, reason, company_id=None):
        """Forward complaints to the body responsible for them, and close them here.

        To another company of this database the complaint is reported there, with
        the dates it has; where the regime says so it is deemed made there today.

        :param str reason: to whom it goes, and why
        :param int company_id: a company of this database, when it is one
        :return: the ``helpdesk.ticket`` records reported there
        """
        self._complaint_check_role("group_complaint_manager")
        self._complaint_check_step("transfer")
        self._complaint_check_reason(reason)
        # sudo: res.company - who transfers need not work in the other company
        company = self.env["res.company"].sudo().browse(company_id or []).exists()
        if company_id and (len(company) != 1 or company in self.company_id):
            raise UserError(
                self.env._(
                    "%(ticket)s: choose another company of this database to transfer "
                    "it to, or none when it goes outside.",
                    ticket=self[:1].display_name,
                )
            )
        received = self.browse()
        if company:
            received = self._complaint_report_in(company)
        self._complaint_close_now(reason, event="transfer")
        return received

    def _complaint_report_in(self, company):
        """Report these complaints in another company, deemed made there if so ruled."""
        # sudo: helpdesk.ticket - who transfers need not work in the other company
        model = self.env["helpdesk.ticket"].sudo().with_company(company)
        # Nor does he follow what is done there.
        model = model.with_context(mail_create_nosubscribe=True)
        team = model.env["helpdesk.ticket.team"].search(
            [("company_id", "=", company.id), ("complaint_intake", "=", True)], limit=1
        )
        now = fields.Datetime.now()
        received = model.browse()
        for ticket in self.sudo():  # sudo: same
            copy = model.create(
                {
                    "name": ticket.name,
                    "description": ticket.description,
                    "partner_id": ticket.partner_id.id,
                    "partner_name": ticket.partner_name,
                    "partner_email": ticket.partner_email,
                    "company_id": company.id,
                    "team_id": team.id,
                    "user_id": False,
                    "channel_id": ticket.channel_id.id,
                    **{name: ticket[name] for name in COPIED_FIELDS},
                    "complaint_concerned_user_ids": [
                        fields.Command.set(ticket.complaint_concerned_user_ids.ids)
                    ],
                }
            )
            copy.complaint_transferred_from_id = ticket
            copy.complaint_report(
                ticket.complaint_received_at,
                ticket.complaint_sent_date,
                ticket.complaint_medium,
            )
            if copy.complaint_regime_ids.filtered("transfer_restarts_clock"):
                copy.write(
                    {
                        "complaint_received_at": now,
                        "complaint_sent_date": False,
                        "complaint_written_date": copy.complaint_written_date
                        and copy._complaint_local_day(now),
                    }
                )
            received |= copy
        return received.sudo(False)

    # ------------------------------------------------------------------
    # Silence
    # ------------------------------------------------------------------

    def _complaint_deem(self, deadline):
        """What the law makes of an answer that did not come in time.

        Where silence accepts or rejects the complaint, that is the decision of this
        cycle, unless somebody decided already. The answer is still owed.
        """
        self.ensure_one()
        effect = deadline.policy_id.on_silence
        self._complaint_decide_by_silence()
        self._complaint_sync_deadlines()
        if effect == "breach":
            # Its reminders tell of it.
            return
        user = self._complaint_user_of_level("manager")
        ticket = self.with_context(lang=user.lang)
        words = dict(
            deadline.policy_id._fields["on_silence"]._description_selection(ticket.env)
        )
        ticket.activity_schedule(
            "helpdesk_complaint.mail_activity_deadline",
            summary=ticket.env._(
                "No answer in time: %(effect)s", effect=words.get(effect)
            ),
            user_id=user.id,
        )

    def _complaint_decide_by_silence(self):
        """Decide the complaints that silence has decided and nobody else.

        One that is not qualified yet is decided when it is: the silence is in its
        history already.
        """
        for ticket in self:
            silent = ticket._complaint_current_deadlines("respond").filtered(
                lambda x: x.is_effect_done and x.policy_id.on_silence in SILENT_OUTCOMES
            )
            if (
                not silent
                or ticket.complaint_state != "in_progress"
                or ticket._complaint_decision()
            ):
                continue
            policy = silent.sorted("due_at")[0].policy_id
            robot = ticket.with_user(SUPERUSER_ID).with_context(
                lang=ticket.company_id.partner_id.lang
            )
            robot.complaint_decide(
                policy.on_silence,
                robot.env._(
                    "No answer was sent in time. Source: %(text)s.",
                    text=policy.source,
                ),
            )

    @api.model
    def _cron_complaint_effects(self):
        """Let pass what passes by itself: rights that open or end, silence."""
        deadlines = self.env["complaint.deadline"]
        self._complaint_in_batches(
            deadlines._get_effect_domain(), "_take_effect", model=deadlines
        )
