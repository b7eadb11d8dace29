from odoo import fields, models
from odoo.exceptions import UserError

from ..engine import money
from .complaint_redress import MONEY_KINDS

MANAGER = "group_complaint_manager"


class ComplaintRedress(models.Model):
    """The steps of redress: approved, accepted or refused, paid, cancelled."""

    _inherit = "complaint.redress"

    def _check_role(self, role="group_complaint_user"):
        """Raise ``AccessError`` unless the user may take steps on these lines."""
        # sudo: complaint.redress - a line may be named by anybody; its file decides
        lines = self.sudo()
        lines.ticket_id.sudo(False)._complaint_check_role(role)

    def action_open(self):
        """Open one line with its instalments and its steps."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    # ------------------------------------------------------------------
    # Approval
    # ------------------------------------------------------------------

    def action_approve(self):
        """Approve what is proposed.

        :return: True
        :raises UserError: without authority for the total of the cycle, or for one's
            own proposal where two people decide; names who could
        """
        self._check_role()
        for line in self:
            line._refuse_past_cycle()
            line._refuse_state("proposed")
        for lines in self.grouped("ticket_id").values():
            lines._approve()
        return True

    def _approve(self):
        """Approve lines of one complaint under the current user's authority."""
        ticket = self.ticket_id
        authority = ticket._complaint_check_grant(self)
        evidence = ticket._complaint_authority_evidence(authority)
        lines = self.sudo()  # sudo: complaint.redress - step fields
        lines.write(
            {
                "state": "approved",
                "approved_by_id": self.env.uid,
                "approved_at": fields.Datetime.now(),
                "authority_id": evidence.get("authority", False),
            }
        )
        lines._compute_amount_company()
        ticket._complaint_log(
            "redress_approve",
            data={
                "redress": self.ids,
                "amounts": [
                    [line._text(line.amount), line.currency_id.name] for line in lines
                ],
                # sudo: same
                "total": ticket._complaint_total_text(
                    ticket.sudo()._complaint_redress_total()
                ),
                "proposed_by": lines.proposed_by_id.ids,
                **evidence,
            },
        )
        if not ticket._complaint_pending_redress():
            ticket._complaint_drop_asked()

    def action_submit(self):
        """Ask those who could to approve what is proposed."""
        self._check_role()
        asked = self.env["res.users"]
        for ticket, lines in self.grouped("ticket_id").items():
            for line in lines:
                line._refuse_past_cycle()
                line._refuse_state("proposed")
            asked |= ticket._complaint_ask(
                "grant",
                ticket._complaint_but_for_grant(lines, self.env.user),
                # sudo: complaint.redress - the total of the cycle
                amount=ticket.sudo()._complaint_redress_total(),
                note=", ".join(lines.mapped("display_name")),
            )
        return self.ticket_id._complaint_tell_asked(asked)

    # ------------------------------------------------------------------
    # The complainant
    # ------------------------------------------------------------------

    def action_note_reaction(self, reaction):
        """Note whether the complainant takes what was granted.

        Called by the complainant himself, or by a handler who was told.

        :param str reaction: accepted or refused
        :return: True
        :raises UserError: before it is granted, once paid, or for another word
        """
        # sudo: complaint.redress - the complainant has no access of his own
        lines = self.sudo().exists()
        lines.ticket_id.sudo(False)._complaint_check_complainant_or_role()
        if reaction not in ("accepted", "refused"):
            raise UserError(
                self.env._(
                    "Redress is accepted or refused, not “%(word)s”.", word=reaction
                )
            )
        for line in lines:
            line._refuse_state("granted")
            if reaction == "refused" and line.amount_paid:
                raise UserError(
                    self.env._(
                        "%(redress)s is paid already, at least in part: it can no "
                        "longer be refused.",
                        redress=line.display_name,
                    )
                )
        lines.write({"reaction": reaction, "reaction_date": fields.Date.today()})
        for ticket, of_ticket in lines.grouped("ticket_id").items():
            ticket.with_env(self.env)._complaint_log(
                "redress_reaction",
                data={
                    "redress": of_ticket.ids,
                    "reaction": reaction,
                    "by_complainant": self.env.user.share,
                },
            )
        return True

    def action_accepted(self):
        return self.action_note_reaction("accepted")

    def action_refused(self):
        return self.action_note_reaction("refused")

    # ------------------------------------------------------------------
    # End
    # ------------------------------------------------------------------

    def action_pay(self):
        """Note that everything that is left of these lines was paid today.

        :return: True
        :raises UserError: before it is granted, or when the complainant refused it
        """
        self._check_role()
        self._check_payable()
        today = fields.Date.context_today(self)
        for line in self:
            if line.kind not in MONEY_KINDS and not line.amount:
                line._end("paid", "pay")
                continue
            open_ = line.payment_ids.filtered(lambda payment: not payment.paid_on)
            rest = line.amount - sum(line.payment_ids.mapped("amount"))
            if line.currency_id.compare_amounts(rest, 0) > 0:
                line.payment_ids.create(
                    {
                        "redress_id": line.id,
                        "due_date": today,
                        "amount": line.currency_id.round(rest),
                        "paid_on": today,
                    }
                )
            if open_:
                open_.write({"paid_on": today})
        return True

    def _check_payable(self):
        """Raise unless something may be paid for these lines."""
        for line in self:
            line._refuse_state("granted")
            if line.reaction == "refused":
                raise UserError(
                    self.env._(
                        "%(redress)s was refused by the complainant and is not paid. "
                        "Note that he accepts it, if he does now.",
                        redress=line.display_name,
                    )
                )

    def _end_when_paid(self):
        """Paid in full: done."""
        for line in self:
            is_full = line.currency_id.compare_amounts(line.amount_left, 0) <= 0
            if line.state == "granted" and is_full:
                line.sudo().state = "paid"  # sudo: complaint.redress - step field

    def action_settle(self, reason):
        """Close lines as paid with what was paid; the rest is waived by agreement.

        :param str reason: what was agreed, and how
        :return: True
        :raises UserError: without reason, before it is granted, or with nothing paid
        """
        self._check_role()
        self._check_payable()
        self.ticket_id._complaint_check_reason(reason)
        for line in self:
            if not line.amount_paid:
                raise UserError(
                    self.env._(
                        "%(redress)s: nothing was paid yet, so there is no rest to "
                        "waive. Note the payment, or cancel the redress.",
                        redress=line.display_name,
                    )
                )
            line._end(
                "paid",
                "redress_settle",
                reason,
                {
                    "paid": line._text(line.amount_paid),
                    "waived": line._text(line.amount_left),
                },
                is_partial_settlement=True,
            )
        return True

    def action_cancel(self, reason):
        """Cancel lines that are not paid; once granted, a manager alone does.

        :param str reason: why
        :return: True
        :raises UserError: without reason, or once something was paid
        """
        for line in self:
            is_granted = line.state == "granted"
            line._check_role(MANAGER if is_granted else "group_complaint_user")
            line._refuse_state("proposed", "approved", "granted")
            if not is_granted:
                line._refuse_past_cycle()
            if line.amount_paid:
                raise UserError(
                    self.env._(
                        "%(redress)s is paid in part and cannot be cancelled. Waive "
                        "the rest by agreement instead.",
                        redress=line.display_name,
                    )
                )
        self.ticket_id._complaint_check_reason(reason)
        for line in self:
            line._end("cancelled", "redress_cancel", reason, {"was": line.state})
        return True

    def _text(self, amount):
        return money.text(amount, self.currency_id.decimal_places)

    def _end(self, state, event, reason=None, data=None, **vals):
        # sudo: complaint.redress - step fields
        self.sudo().write(dict(vals, state=state, reason=reason or False))
        self.ticket_id._complaint_log(
            event,
            note=reason,
            data={
                "redress": self.id,
                "currency": self.currency_id.name,
                **(data or {}),
            },
        )
