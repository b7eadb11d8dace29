from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..engine import money

# What a person writes of an instalment, besides the redress it belongs to.
PAYMENT_FIELDS = frozenset({"due_date", "amount", "paid_on", "reference", "note"})


class ComplaintRedressPayment(models.Model):
    """One instalment of what was granted: planned, then paid."""

    _name = "complaint.redress.payment"
    _description = "Instalment of a redress"
    _inherit = ["complaint.file.mixin"]
    _order = "due_date, id"
    _rec_name = "due_date"

    redress_id = fields.Many2one(
        "complaint.redress", required=True, index=True, ondelete="cascade"
    )
    ticket_id = fields.Many2one(
        related="redress_id.ticket_id", store=True, precompute=True, readonly=True
    )
    currency_id = fields.Many2one(related="redress_id.currency_id")
    due_date = fields.Date(
        "Due on", required=True, default=fields.Date.context_today, index=True
    )
    amount = fields.Monetary(required=True)
    paid_on = fields.Date("Paid on")
    reference = fields.Char(help="Of the transfer, the cheque or the credit note.")
    note = fields.Char()
    is_overdue = fields.Boolean(
        "Overdue", compute="_compute_is_overdue", search="_search_is_overdue"
    )

    _amount_positive = models.Constraint(
        "CHECK(amount > 0)", "An instalment has an amount above zero."
    )

    @api.depends("due_date", "paid_on", "redress_id.state", "redress_id.reaction")
    def _compute_is_overdue(self):
        today = fields.Date.context_today(self)
        for payment in self:
            payment.is_overdue = (
                not payment.paid_on
                and bool(payment.due_date)
                and payment.due_date < today
                and payment.redress_id.state == "granted"
                and payment.redress_id.reaction != "refused"
            )

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain(
            [
                ("paid_on", "=", False),
                ("due_date", "<", fields.Date.context_today(self)),
                ("redress_id.state", "=", "granted"),
                ("redress_id.reaction", "!=", "refused"),
            ]
        )

    @api.constrains("amount", "redress_id")
    def _check_sum(self):
        for redress in self.redress_id:
            planned = sum(redress.payment_ids.mapped("amount"))
            if redress.currency_id.compare_amounts(planned, redress.amount) > 0:
                raise ValidationError(
                    self.env._(
                        "%(redress)s: the instalments come to more than was granted. "
                        "Correct their amounts.",
                        redress=redress.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_other_fields(set(vals) - {"redress_id"})
            self._refuse_bad_amount(vals)
            redress = self.env["complaint.redress"].browse(vals.get("redress_id"))
            redress.check_access("write")
            # Said here, so that no default of the context says something else.
            vals.setdefault("paid_on", False)
            vals.update(
                ticket_id=redress.ticket_id.id, company_id=redress.company_id.id
            )
        payments = super().create(vals_list)
        for payment in payments:
            payment.redress_id._refuse_state("proposed", "approved", "granted")
        payments.filtered("paid_on")._pay()
        return payments

    def write(self, vals):
        self._refuse_other_fields(set(vals))
        self._refuse_bad_amount(vals)
        if not {"reference", "note"}.issuperset(vals):
            self._refuse_paid()
        result = super().write(vals)
        if vals.get("paid_on"):
            self._pay()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_unpaid(self):
        self._refuse_paid()

    def _refuse_other_fields(self, names):
        """An instalment stays with its redress, and in its file."""
        if not (self.env.su or PAYMENT_FIELDS.issuperset(names)):
            raise UserError(
                self.env._(
                    "%(redress)s: only the day, the amount, the payment and the notes "
                    "of an instalment are written.",
                    redress=self[:1].redress_id.display_name
                    or self.env._("New instalment"),
                )
            )

    def _refuse_bad_amount(self, vals):
        if "amount" in vals and not money.is_amount(vals["amount"] or 0):
            raise ValidationError(
                self.env._(
                    "“%(amount)s” is no amount of an instalment: it is a number above "
                    "zero.",
                    amount=vals["amount"],
                )
            )

    def _refuse_paid(self):
        for payment in self:
            if payment.paid_on:
                raise UserError(
                    self.env._(
                        "%(redress)s: an instalment that was paid does not change any "
                        "more.",
                        redress=payment.redress_id.display_name,
                    )
                )

    def _pay(self):
        """Note in the history that these instalments were paid."""
        today = fields.Date.context_today(self)
        self.redress_id._check_payable()
        for payment in self:
            redress = payment.redress_id
            ticket = redress.ticket_id
            # It may have been paid before the letter said so.
            first = ticket._complaint_local_day(ticket.complaint_received_at)
            if not first <= payment.paid_on <= today:
                raise UserError(
                    self.env._(
                        "%(redress)s: it is paid between the day the complaint was "
                        "received and today. Correct the date.",
                        redress=redress.display_name,
                    )
                )
            ticket._complaint_log(
                "pay",
                data={
                    "redress": redress.id,
                    "payment": payment.id,
                    "amount": redress._text(payment.amount),
                    "currency": payment.currency_id.name,
                    "paid_on": fields.Date.to_string(payment.paid_on),
                },
            )
        self.redress_id._end_when_paid()


class ComplaintRedress(models.Model):
    """What of it was paid, what is left and when."""

    _inherit = "complaint.redress"

    payment_ids = fields.One2many(
        "complaint.redress.payment", "redress_id", "Instalments", copy=False
    )
    amount_paid = fields.Monetary(
        "Paid", compute="_compute_amount_paid", store=True, copy=False
    )
    amount_left = fields.Monetary(
        "Left to pay", compute="_compute_amount_paid", store=True, copy=False
    )
    amount_planned = fields.Monetary(
        compute="_compute_amount_paid",
        store=True,
        copy=False,
        help="Stored so that two colleagues who add instalments at once do not pass "
        "the amount together: the second is refused by the database and tried again.",
    )
    next_due_date = fields.Date(
        "Next instalment",
        compute="_compute_amount_paid",
        store=True,
        copy=False,
        index="btree_not_null",
    )
    is_partial_settlement = fields.Boolean(
        "Rest waived by agreement", readonly=True, copy=False
    )
    is_overdue = fields.Boolean(
        "Overdue", compute="_compute_is_overdue", search="_search_is_overdue"
    )

    @api.depends(
        "amount",
        "state",
        "payment_ids.amount",
        "payment_ids.paid_on",
        "payment_ids.due_date",
    )
    def _compute_amount_paid(self):
        for redress in self:
            paid = redress.payment_ids.filtered("paid_on")
            unpaid = redress.payment_ids - paid
            redress.amount_paid = sum(paid.mapped("amount"))
            redress.amount_planned = sum(redress.payment_ids.mapped("amount"))
            is_owed = redress.state in ("proposed", "approved", "granted")
            redress.amount_left = is_owed and redress.amount - redress.amount_paid
            dates = [day for day in unpaid.mapped("due_date") if day]
            redress.next_due_date = is_owed and min(dates, default=False)

    @api.depends("next_due_date", "state", "reaction")
    def _compute_is_overdue(self):
        today = fields.Date.context_today(self)
        for redress in self:
            redress.is_overdue = (
                redress.state == "granted"
                and redress.reaction != "refused"
                and bool(redress.next_due_date)
                and redress.next_due_date < today
            )

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain(
            [
                ("state", "=", "granted"),
                ("reaction", "!=", "refused"),
                ("next_due_date", "<", fields.Date.context_today(self)),
            ]
        )

    @api.constrains("amount")
    def _check_planned(self):
        self.payment_ids._check_sum()
