from odoo import api, fields, models

from .complaint_terms import UNITS


class ComplaintRecourseBody(models.Model):
    """Where a complainant may turn to when the company's answer does not satisfy."""

    _name = "complaint.recourse.body"
    _description = "Recourse body"
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    kind = fields.Selection(
        [
            ("mediator", "Mediator"),
            ("ombudsman", "Ombudsman"),
            ("authority", "Authority"),
            ("court", "Court"),
        ],
        required=True,
        default="mediator",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company")
    street = fields.Char("Postal address")
    zip = fields.Char()
    city = fields.Char()
    country_id = fields.Many2one("res.country")
    website = fields.Char()
    email = fields.Char()
    phone = fields.Char()
    is_free = fields.Boolean("Free of charge", default=True)
    limit_amount = fields.Integer(
        "Time limit",
        help="Time the complainant has to refer the matter, from his written "
        "complaint. Zero: no limit is announced.",
    )
    limit_unit = fields.Selection(UNITS, default="year")
    how_to = fields.Text(
        "How to refer", translate=True, help="Printed in refusals, in plain words."
    )
    source = fields.Char(help="The text that gives this recourse and its time limit.")
    address = fields.Char("Address on one line", compute="_compute_address")

    @api.depends("street", "zip", "city", "country_id.name")
    @api.depends_context("lang")
    def _compute_address(self):
        for body in self:
            town = " ".join(filter(None, [body.zip, body.city]))
            parts = [body.street, town, body.country_id.name]
            body.address = ", ".join(filter(None, parts))

    def _words_of_refusal(self):
        """What the text of a refusal must say of this body: name, time limit."""
        self.ensure_one()
        words = [self.name]
        if self.limit_amount:
            words.append(
                self.env["helpdesk.ticket"]._complaint_length(
                    self.limit_amount, self.limit_unit
                )
            )
        return [" ".join(word.split()) for word in words]

    def _words_of_cost(self):
        """How a letter says that this recourse costs nothing: one of these is enough.

        Empty when it costs something, or the body may ask a fee.
        """
        self.ensure_one()
        if not self.is_free:
            return []
        return [self.env._("This is free of charge."), self.env._("free of charge")]
