from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    complaint_agency_code = fields.Char(
        "Agency code",
        default="0001",
        help="Second part of the register numbers of complaints (aa.agency.order).",
    )
    complaint_regime_ids = fields.Many2many(
        "complaint.regime",
        "complaint_regime_company_rel",
        "company_id",
        "regime_id",
        "Complaint regimes",
        help="Apply to complaints of teams that have none of their own.",
    )
    complaint_authority_required = fields.Boolean(
        "Only named people qualify, sign and grant",
        help="Off: whoever is not named acts by his role.",
    )
    complaint_two_people_amount = fields.Monetary(
        "Two people from this amount on",
        currency_field="currency_id",
        help="A final reply that grants as much or more is approved by somebody who "
        "did not write it. Zero: never for its amount.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    complaint_agency_code = fields.Char(
        related="company_id.complaint_agency_code", readonly=False
    )
    complaint_regime_ids = fields.Many2many(
        related="company_id.complaint_regime_ids", readonly=False
    )
    complaint_two_people_amount = fields.Monetary(
        related="company_id.complaint_two_people_amount",
        currency_field="complaint_currency_id",
        readonly=False,
    )
    complaint_currency_id = fields.Many2one(related="company_id.currency_id")
    complaint_authority_required = fields.Boolean(
        related="company_id.complaint_authority_required", readonly=False
    )
