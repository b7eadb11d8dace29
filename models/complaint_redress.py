from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import formatLang


class ComplaintRedress(models.Model):
    """What the company grants to make good."""

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
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary()
    state = fields.Selection(
        [("proposed", "Proposed"), ("granted", "Granted"), ("paid", "Paid")],
        required=True,
        default="proposed",
    )

    @api.depends("kind", "name", "amount")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for redress in self:
            redress.display_name = redress._describe()

    @api.constrains("amount")
    def _check_amount(self):
        for redress in self:
            if redress.amount < 0:
                raise ValidationError(
                    self.env._(
                        "%(ticket)s: an amount granted cannot be negative.",
                        ticket=redress.ticket_id.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            ticket = self.env["helpdesk.ticket"].browse(vals.get("ticket_id"))
            vals["cycle"] = ticket.complaint_cycle
        redress = super().create(vals_list)
        redress._refuse_past_cycle()
        return redress

    def write(self, vals):
        if {"company_id", "state"}.issuperset(vals):
            return super().write(vals)
        self._refuse_past_cycle()
        result = super().write(vals)
        self._refuse_past_cycle()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_in_current_cycle(self):
        self._refuse_past_cycle()

    def _refuse_past_cycle(self):
        """What was granted by a sent reply does not change afterwards."""
        for redress in self:
            ticket = redress.ticket_id
            if redress.cycle != ticket.complaint_cycle or (
                ticket.complaint_state != "in_progress"
            ):
                raise UserError(
                    self.env._(
                        "%(ticket)s: redress is decided while the complaint is in "
                        "progress. Reopen the complaint to grant something else.",
                        ticket=ticket.display_name,
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
