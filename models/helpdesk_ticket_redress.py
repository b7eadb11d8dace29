from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import formatLang

from ..engine import money
from .complaint_terms import FILE_GROUPS

# What is owed to the complainant, whether it was paid already or not.
OWED_STATES = ("granted", "paid")


class HelpdeskTicket(models.Model):
    """What the company grants on a complaint: proposed, approved, granted, paid."""

    _inherit = "helpdesk.ticket"

    complaint_redress_ids = fields.One2many(
        "complaint.redress",
        "ticket_id",
        "Redress",
        copy=False,
        groups=FILE_GROUPS,
    )
    complaint_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Currency of the company"
    )
    complaint_redress_total = fields.Monetary(
        "Redress granted",
        compute="_compute_complaint_redress_total",
        currency_field="complaint_currency_id",
        help="Granted or paid in all cycles and not refused by the complainant, in the "
        "company's currency at the rate of the day it was granted.",
        groups=FILE_GROUPS,
    )
    complaint_redress_help = fields.Char(
        "Who may grant",
        compute="_compute_complaint_redress_help",
        compute_sudo=True,
        groups=FILE_GROUPS,
    )

    @api.depends(
        "complaint_redress_ids.amount_company",
        "complaint_redress_ids.state",
        "complaint_redress_ids.reaction",
    )
    def _compute_complaint_redress_total(self):
        for ticket in self:
            owed = ticket.complaint_redress_ids.filtered(
                lambda x: x.state in OWED_STATES and x.reaction != "refused"
            )
            ticket.complaint_redress_total = sum(owed.mapped("amount_company"))

    @api.depends_context("uid", "lang")
    @api.depends("complaint_redress_ids.state", "complaint_redress_ids.amount")
    def _compute_complaint_redress_help(self):
        """Why the redress proposed is not approved by a click of this user."""
        for ticket in self:
            ticket.complaint_redress_help = False
            pending = ticket._complaint_pending_redress()
            if not pending or ticket.complaint_state != "in_progress":
                continue
            if self.env.user.has_group("helpdesk_complaint.group_complaint_user"):
                ticket.complaint_redress_help = ticket._complaint_refusal_of_grant(
                    pending, self.env.user, is_short=True
                )

    # ------------------------------------------------------------------
    # The current cycle
    # ------------------------------------------------------------------

    def _complaint_current_redress(self):
        """What the current cycle grants, or would grant."""
        return self.complaint_redress_ids.filtered(
            lambda x: x.cycle == x.ticket_id.complaint_cycle and x.state != "cancelled"
        )

    def _complaint_pending_redress(self):
        """What the current cycle proposes and nobody has approved."""
        return self._complaint_current_redress().filtered(
            lambda x: x.state == "proposed"
        )

    def _complaint_redress_total(self):
        """What the current cycle grants in all, in the company's currency.

        What is not granted yet counts at today's rate.
        """
        return sum(
            line._in_company_currency() for line in self._complaint_current_redress()
        )

    def _complaint_total_text(self, amount):
        # sudo: res.company - its currency
        places = self.company_id.sudo().currency_id.decimal_places
        return money.text(amount, places)

    # ------------------------------------------------------------------
    # Who may grant it
    # ------------------------------------------------------------------

    def _complaint_may_grant(self, lines, user):
        """Whether a user may approve some lines, of this complaint's current cycle.

        The total counts, so that nothing is gained by splitting an amount. From the
        company's amount for two people on, nobody approves what he proposed himself.

        :return: as ``_complaint_find_authority``
        """
        self.ensure_one()
        # sudo: complaint.redress, res.company - the total and a setting
        ticket = self.sudo()
        total = ticket._complaint_redress_total()
        found = ticket._complaint_find_authority("grant", user, amount=total)
        if (
            found[0]
            and ticket._complaint_asks_two_people(total)
            and user in lines.sudo().proposed_by_id
            and not user._is_superuser()
        ):
            currency = ticket.company_id.currency_id
            limit = ticket.company_id.complaint_two_people_amount
            reason = self.env._(
                "from %(limit)s on two people decide, and who proposes %(total)s does "
                "not approve it.",
                limit=formatLang(self.env, limit, currency_obj=currency),
                total=formatLang(self.env, total, currency_obj=currency),
            )
            return False, found[1], reason
        return found

    def _complaint_but_for_grant(self, lines, user):
        """Who is not asked to approve: oneself, and who proposed what two approve."""
        # sudo: complaint.redress, res.company - same as above
        ticket = self.sudo()
        if ticket._complaint_asks_two_people(ticket._complaint_redress_total()):
            return user | lines.sudo().proposed_by_id
        return user

    def _complaint_asks_two_people(self, total):
        limit = self.company_id.complaint_two_people_amount
        currency = self.company_id.currency_id
        return bool(limit) and currency.compare_amounts(total, limit) >= 0

    def _complaint_refusal_of_grant(self, lines, user, is_short=False):
        """Why a user may not approve some lines and who could; empty when he may."""
        allowed, _line, reason = self._complaint_may_grant(lines, user)
        if allowed:
            return False
        return self._complaint_refusal_of_authority(
            "grant",
            amount=self.sudo()._complaint_redress_total(),  # sudo: same as above
            reason=reason,
            but=self._complaint_but_for_grant(lines, user),
            is_short=is_short,
        )

    def _complaint_check_grant(self, lines):
        """Raise unless the current user may approve these lines of one complaint.

        :return: the ``complaint.authority`` used, empty when the role is enough
        """
        if self.env.su:
            return self.env["complaint.authority"]
        refusal = self._complaint_refusal_of_grant(lines, self.env.user)
        if refusal:
            raise UserError(refusal)
        return self._complaint_may_grant(lines, self.env.user)[1]

    # ------------------------------------------------------------------
    # The reply
    # ------------------------------------------------------------------

    def _complaint_check_redress(self):
        """Have approved what the reply grants, by the current user if need be.

        :raises UserError: when he may not, naming who could
        """
        for ticket in self:
            pending = ticket._complaint_pending_redress()
            if pending and ticket.complaint_state == "in_progress":
                pending._approve()

    def _complaint_approve_what_he_may(self):
        """Approve what is proposed where the current user may; leave the rest."""
        for ticket in self:
            pending = ticket._complaint_pending_redress()
            if pending and not ticket._complaint_refusal_of_grant(
                pending, self.env.user
            ):
                pending._approve()

    def _complaint_grant_redress(self, letter):
        """The reply has left: what it announces is granted, at the rate of that day.

        :param letter: the ``complaint.letter``, or none for an early settlement
        """
        for ticket in self:
            lines = ticket._complaint_current_redress().filtered(
                lambda x: x.state == "approved"
            )
            if not lines:
                continue
            # sudo: complaint.redress - step fields
            lines.sudo().write(
                {
                    "state": "granted",
                    "granted_at": letter and letter.sent_at or fields.Datetime.now(),
                    "letter_id": letter and letter.id or False,
                }
            )
            ticket._complaint_log(
                "grant",
                data={
                    "redress": lines.ids,
                    "total": ticket._complaint_total_text(
                        sum(lines.mapped("amount_company"))
                    ),
                    "currency": ticket.company_id.currency_id.name,
                    "letter": letter and letter.id or 0,
                },
            )
