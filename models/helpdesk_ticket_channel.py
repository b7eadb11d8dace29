from odoo import fields, models

from .complaint_terms import MEDIA


class HelpdeskTicketChannel(models.Model):
    _inherit = "helpdesk.ticket.channel"

    complaint_medium = fields.Selection(
        MEDIA,
        "Complaints are",
        default="written",
        help="How a complaint reaches us by this channel: spoken, so that a colleague "
        "writes it down, or in writing.",
    )
