from odoo import fields, models


class ComplaintCause(models.Model):
    """The root cause found: where to act so that it does not happen again."""

    _name = "complaint.cause"
    _description = "Complaint cause"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(help="Code in the regulator's own list, when there is one.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company")
    description = fields.Text(translate=True)
