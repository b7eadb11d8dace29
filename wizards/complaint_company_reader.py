from odoo import api, fields, models


class ComplaintCompanyReader(models.TransientModel):
    """Asks which contacts follow their company's complaints, and who is told so."""

    _name = "complaint.company.reader"
    _description = "Who may follow a company's complaints"

    company_id = fields.Many2one("res.partner", "Company", required=True, readonly=True)
    contact_ids = fields.Many2many(
        "res.partner",
        string="Contacts",
        domain="[('commercial_partner_id', '=', company_id), "
        "('id', '!=', company_id), ('complaint_reader_state', '=', False)]",
        help="They will read every complaint of the company's contacts that is not "
        "confidential.",
    )
    administrator_id = fields.Many2one(
        "res.partner",
        "Administrator",
        domain="[('commercial_partner_id', '=', company_id), "
        "('id', '!=', company_id), ('email', '!=', False)]",
        help="Who answers for the company. He is told by e-mail who will see what; it "
        "opens once that e-mail has left.",
    )
    reader_ids = fields.Many2many(
        "res.partner", string="Follow already", compute="_compute_reader_ids"
    )

    @api.depends("company_id")
    def _compute_reader_ids(self):
        for wizard in self:
            wizard.reader_ids = self.env["res.partner"].search(
                [
                    ("complaint_sees_company_id", "=", wizard.company_id.id),
                    ("complaint_reader_state", "!=", False),
                ]
            )

    def action_confirm(self):
        self.ensure_one()
        self.contact_ids.complaint_open_company(self.administrator_id.id)
        return {"type": "ir.actions.act_window_close"}
