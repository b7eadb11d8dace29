from odoo import api, fields, models
from odoo.exceptions import ValidationError

# Where redress is carried out, in the applications that may be installed.
DOCUMENT_MODELS = (
    "account.move",
    "account.payment",
    "sale.order",
    "pos.order",
    "loyalty.card",
    "stock.picking",
    "purchase.order",
    "project.task",
    "repair.order",
)


class ComplaintRedress(models.Model):
    """The document by which redress is carried out, in another application."""

    _inherit = "complaint.redress"

    document_ref = fields.Reference(
        selection="_selection_document_ref",
        string="Document",
        copy=False,
        help="The credit note, the order or the voucher that carries it out.",
    )
    has_documents = fields.Boolean(compute="_compute_has_documents")

    @api.model
    def _document_models(self):
        """Names of the models to link; those not installed are left out."""
        return DOCUMENT_MODELS

    @api.model
    def _selection_document_ref(self):
        return [
            # sudo: ir.model - only its name
            (name, self.env["ir.model"].sudo()._get(name).name)
            for name in self._document_models()
            if name in self.env
        ]

    def _compute_has_documents(self):
        self.has_documents = bool(self._selection_document_ref())

    def _check_document_access(self):
        """Nobody learns about a document by linking it.

        Not a constraint: those are checked with all rights.
        """
        for redress in self:
            if redress.document_ref and not self.env.su:
                redress.document_ref.check_access("read")

    @api.constrains("document_ref", "company_id")
    def _check_document_ref(self):
        for redress in self:
            document = redress.document_ref
            if not document:
                continue
            # sudo: business document - only its company
            company = document.sudo()
            company = "company_id" in company and company.company_id
            if company and company != redress.company_id:
                raise ValidationError(
                    self.env._(
                        "%(redress)s: the document belongs to another company than "
                        "the complaint. Link one of %(company)s.",
                        redress=redress.display_name,
                        company=redress.company_id.name,
                    )
                )
