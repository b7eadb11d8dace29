from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import formatLang

from ..engine import money

MONEY_KINDS = ("refund", "voucher", "fee_waiver", "compensation")
# What a person writes; the rest is written by the steps.
CONTENT_FIELDS = frozenset({"ticket_id", "kind", "name", "amount", "currency_id"})
HAND_FIELDS = CONTENT_FIELDS | {"document_ref", "payment_ids"}
# A new line has taken none of its steps, whatever the context says.
STEP_DEFAULTS = {
    "state": "proposed",
    "approved_by_id": False,
    "approved_at": False,
    "authority_id": False,
    "granted_at": False,
    "letter_id": False,
    "reaction": False,
    "reaction_date": False,
    "is_partial_settlement": False,
    "reason": False,
}


class ComplaintRedress(models.Model):
    """What the company grants to make good: one line, from proposal to payment."""

    _name = "complaint.redress"
    _description = "Complaint redress"
    _inherit = ["complaint.file.mixin"]
    _order = "id"

    ticket_id = fields.Many2one(readonly=False)
    cycle = fields.Integer(readonly=True, copy=False)
    kind = fields.Selection(
        [
            ("refund", "Refund"),
            ("voucher", "Voucher"),
            ("replacement", "Replacement"),
            ("fee_waiver", "Fee waiver"),
            ("compensation", "Compensation"),
            ("apology", "Apology"),
            ("other", "Other"),
        ],
        required=True,
        default="refund",
    )
    name = fields.Char("Details")
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        compute="_compute_currency_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    amount = fields.Monetary()
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company currency"
    )
    amount_company = fields.Monetary(
        "Amount in company currency",
        compute="_compute_amount_company",
        store=True,
        currency_field="company_currency_id",
        help="At the rate of the day it was granted; before, of the day it was "
        "written.",
    )
    state = fields.Selection(
        [
            ("proposed", "Proposed"),
            ("approved", "Approved"),
            ("granted", "Granted"),
            ("paid", "Paid"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="proposed",
        copy=False,
        index=True,
    )
    proposed_by_id = fields.Many2one(
        "res.users", "Proposed by", readonly=True, copy=False, ondelete="restrict"
    )
    approved_by_id = fields.Many2one(
        "res.users", "Approved by", readonly=True, copy=False, ondelete="restrict"
    )
    approved_at = fields.Datetime("Approved on", readonly=True, copy=False)
    authority_id = fields.Many2one(
        "complaint.authority",
        "Approved under",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="Empty: by the role.",
    )
    granted_at = fields.Datetime("Granted on", readonly=True, copy=False)
    letter_id = fields.Many2one(
        "complaint.letter",
        "Granted by",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    reaction = fields.Selection(
        [("accepted", "Accepted"), ("refused", "Refused")],
        "Complainant",
        readonly=True,
        copy=False,
        help="Whether the complainant takes it. What he refuses is not paid.",
    )
    reaction_date = fields.Date("Reaction on", readonly=True, copy=False)
    reason = fields.Char(
        readonly=True, copy=False, help="Of the cancellation, or of the settlement."
    )
    is_editable = fields.Boolean(compute="_compute_is_editable")
    can_approve = fields.Boolean(compute="_compute_can_approve", compute_sudo=True)
    authority_help = fields.Char(compute="_compute_authority_help", compute_sudo=True)

    @api.depends("ticket_id")
    def _compute_currency_id(self):
        for redress in self:
            redress.currency_id = (
                redress.currency_id or redress.ticket_id.company_id.currency_id
            )

    @api.depends("amount", "currency_id", "granted_at", "company_id")
    def _compute_amount_company(self):
        for redress in self:
            redress.amount_company = redress._in_company_currency()

    def _in_company_currency(self):
        """The amount at the rate of the day it was granted, or today's before that."""
        # sudo: res.company - its currency; of the ticket, which no call may choose
        company = self.sudo().ticket_id.company_id
        currency = self.currency_id or company.currency_id
        if currency == company.currency_id:
            return self.amount
        ticket = self.ticket_id
        day = ticket._complaint_local_day(self.granted_at or fields.Datetime.now())
        return currency._convert(self.amount, company.currency_id, company, day)

    @api.depends("state", "cycle", "ticket_id.complaint_state")
    def _compute_is_editable(self):
        for redress in self:
            ticket = redress.ticket_id
            redress.is_editable = redress.state in ("proposed", "approved") and (
                ticket.complaint_state == "in_progress"
                and redress.cycle in (0, ticket.complaint_cycle)
            )

    @api.depends_context("uid")
    @api.depends("state", "amount", "currency_id", "ticket_id.complaint_redress_ids")
    def _compute_can_approve(self):
        user = self.env.user
        for redress in self:
            redress.can_approve = (
                redress.state == "proposed"
                and redress.is_editable
                and bool(redress._origin)
                and redress.ticket_id._complaint_may_grant(redress, user)[0]
            )

    @api.depends_context("uid", "lang")
    @api.depends("can_approve")
    def _compute_authority_help(self):
        for redress in self:
            redress.authority_help = (
                redress.state == "proposed"
                and redress.is_editable
                and bool(redress._origin)
                and redress.ticket_id._complaint_refusal_of_grant(
                    redress, self.env.user, is_short=True
                )
            )

    @api.depends("kind", "name", "amount", "currency_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for redress in self:
            redress.display_name = redress._describe()

    @api.constrains("kind", "amount")
    def _check_amount(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for redress in self:
            if redress.kind in MONEY_KINDS and not redress.amount:
                raise ValidationError(
                    self.env._(
                        "%(ticket)s: “%(kind)s” needs an amount. Enter it, or choose "
                        "another kind of redress.",
                        ticket=redress.ticket_id.display_name,
                        kind=kinds[redress.kind],
                    )
                )

    # ------------------------------------------------------------------
    # Create, write, unlink
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_step_fields(vals)
            self._refuse_bad_amount(vals)
            ticket = self.env["helpdesk.ticket"].browse(vals.get("ticket_id"))
            if not self.env.su:
                vals.update(STEP_DEFAULTS)
            vals.update(
                cycle=ticket.complaint_cycle,
                company_id=ticket.company_id.id,
                proposed_by_id=self.env.uid,
            )
        redress = super().create(vals_list)
        redress._refuse_past_cycle(is_new=True)
        redress._check_document_access()
        return redress

    def write(self, vals):
        self._refuse_step_fields(vals)
        content = CONTENT_FIELDS.intersection(vals)
        if not content:
            result = super().write(vals)
            if "document_ref" in vals:
                self._check_document_access()
            return result
        self._refuse_past_cycle()
        self._refuse_bad_amount(vals)
        if {"currency_id", "ticket_id"}.intersection(vals):
            # A reply that was lost leaves what was paid of its redress.
            self.payment_ids._refuse_paid()
        result = super().write(vals)
        self._refuse_past_cycle()
        if "document_ref" in vals:
            self._check_document_access()
        if content - {"name"}:
            # sudo: complaint.redress - what was approved is another thing now, and
            # who says how much it is proposes it
            self.sudo().write(dict(STEP_DEFAULTS, proposed_by_id=self.env.uid))
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_proposals(self):
        self._refuse_past_cycle()
        self.payment_ids._refuse_paid()
        for redress in self:
            if redress.state != "proposed":
                redress._refuse_state("proposed")

    def _refuse_step_fields(self, vals):
        """Raise when a field that only steps write is written from outside."""
        if self.env.su or HAND_FIELDS.issuperset(vals):
            return
        raise UserError(
            self.env._(
                "%(redress)s: “%(fields)s” is written by the steps of the redress, "
                "not by hand. Use its buttons.",
                redress=self[:1].display_name or self.env._("New redress"),
                fields=", ".join(
                    self._fields[name].string
                    for name in sorted(set(vals) - HAND_FIELDS)
                    if name in self._fields
                ),
            )
        )

    def _refuse_bad_amount(self, vals):
        if "amount" in vals and not money.is_amount(vals["amount"] or 0):
            ticket = self.env["helpdesk.ticket"].browse(vals.get("ticket_id"))
            raise ValidationError(
                self.env._(
                    "%(ticket)s: “%(amount)s” cannot be granted: an amount is a "
                    "number, neither negative nor beyond all measure.",
                    ticket=(self.ticket_id[:1] or ticket).display_name,
                    amount=vals["amount"],
                )
            )

    def _refuse_past_cycle(self, is_new=False):
        """What was granted by a sent reply does not change afterwards."""
        for redress in self:
            ticket = redress.ticket_id
            is_open = is_new or redress.state in ("proposed", "approved")
            if (
                redress.cycle != ticket.complaint_cycle
                or ticket.complaint_state != "in_progress"
                or not is_open
            ):
                raise UserError(
                    self.env._(
                        "%(ticket)s: redress is decided while the complaint is in "
                        "progress. Reopen the complaint to grant something else.",
                        ticket=ticket.display_name,
                    )
                )

    def _refuse_state(self, *states):
        """Raise unless this line is in one of these states."""
        if self.state in states:
            return
        words = dict(self._fields["state"]._description_selection(self.env))
        raise UserError(
            self.env._(
                "%(redress)s is in the state “%(state)s”. This is possible in the "
                "state: %(states)s.",
                redress=self.display_name,
                state=words[self.state],
                states=", ".join(words[state] for state in states),
            )
        )

    def _describe(self):
        """One line for a letter or a list, in the language of the context."""
        self.ensure_one()
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        text = kinds.get(self.kind, "")
        if self.amount:
            amount = formatLang(self.env, self.amount, currency_obj=self.currency_id)
            text = self.env._("%(kind)s: %(amount)s", kind=text, amount=amount)
        return f"{text} ({self.name})" if self.name else text
