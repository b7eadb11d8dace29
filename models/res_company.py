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


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    complaint_agency_code = fields.Char(
        related="company_id.complaint_agency_code", readonly=False
    )
    complaint_regime_ids = fields.Many2many(
        related="company_id.complaint_regime_ids", readonly=False
    )
