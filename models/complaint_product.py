from odoo import fields, models


class ComplaintProduct(models.Model):
    """A family of products or services, where a regime sets lengths by product."""

    _name = "complaint.product"
    _description = "Complaint product family"
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        copy=False, help="Stable technical code, for imports and integrations."
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", help="Leave empty to offer it to every company."
    )

    _code_uniq = models.UniqueIndex(
        "(code, COALESCE(company_id, 0)) WHERE code IS NOT NULL",
        "A product family with this code already exists. Give this one another code.",
    )
