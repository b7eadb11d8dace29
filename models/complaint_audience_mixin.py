from ast import literal_eval

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import ormcache

from .complaint_terms import COMPLAINANT_TYPES, MEDIA, SEVERITIES


class ComplaintAudienceMixin(models.AbstractModel):
    """Which complaints something is for; nothing filled in means all of them."""

    _name = "complaint.audience.mixin"
    _description = "For which complaints"

    complainant_type = fields.Selection(COMPLAINANT_TYPES, "Only for")
    product_ids = fields.Many2many(
        "complaint.product", string="Only for products", check_company=True
    )
    severity = fields.Selection(SEVERITIES, "Only for severity")
    medium = fields.Selection(MEDIA, "Only for medium")
    ticket_domain = fields.Char(
        "Further condition",
        help="A filter on complaints; empty for all of them.",
    )

    @api.constrains("ticket_domain")
    def _check_ticket_domain(self):
        for record in self:
            try:
                record._read_ticket_domain()
            except UserError as error:
                raise ValidationError(error.args[0]) from error

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        if any(vals.get("ticket_domain") for vals in vals_list):
            self.env.registry.clear_cache()
        return records

    def write(self, vals):
        result = super().write(vals)
        if "ticket_domain" in vals:
            self.env.registry.clear_cache()
        return result

    @api.model
    @ormcache()
    def _condition_fields(self):
        """Names of the complaint's fields that further conditions look at."""
        # sudo: complaint.policy, complaint.regime.rule - configuration
        records = self.sudo().with_context(active_test=False)
        names = set()
        for record in records.search([("ticket_domain", "!=", False)]):
            try:
                domain = record._read_ticket_domain()
            except UserError:
                continue
            for condition in domain.iter_conditions():
                names.add(condition.field_expr.split(".")[0])
        return frozenset(names)

    def _concerns(self, ticket):
        """Whether this is for one complaint.

        :raises UserError: when the further condition cannot be read
        """
        wanted = (
            (self.complainant_type, ticket.complaint_complainant_type),
            (self.severity, ticket.complaint_severity),
            (self.medium, ticket.complaint_medium),
        )
        if any(mine and mine != theirs for mine, theirs in wanted):
            return False
        if self.product_ids and ticket.complaint_product_id not in self.product_ids:
            return False
        domain = self._read_ticket_domain()
        return domain.is_true() or bool(ticket.filtered_domain(domain))

    def _read_ticket_domain(self):
        """The further condition as a ``Domain``.

        :raises UserError: naming the record, when it is no domain on complaints
        """
        if not self.ticket_domain or self.ticket_domain.strip() == "[]":
            return Domain.TRUE
        try:
            domain = Domain(literal_eval(self.ticket_domain))
            # sudo: helpdesk.ticket - only whether the fields exist
            domain.validate(self.env["helpdesk.ticket"].sudo())
        except Exception as error:
            raise UserError(
                self.env._(
                    "The condition of “%(record)s” cannot be read: %(reason)s. Choose "
                    "it again with the condition editor.",
                    record=self.display_name,
                    reason=error,
                )
            ) from error
        return domain
