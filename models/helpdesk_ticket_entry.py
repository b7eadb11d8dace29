from odoo import fields, models

COPY_WAYS = [
    ("handed", "Handed over"),
    ("email", "By e-mail"),
    ("post", "By post"),
]


class HelpdeskTicket(models.Model):
    """1. What a colleague takes down: a call, a visit, a letter on his desk."""

    _inherit = "helpdesk.ticket"

    complaint_taken_down_at = fields.Datetime(
        "Written down on",
        readonly=True,
        copy=False,
        help="When a colleague wrote down what the complainant said.",
    )
    complaint_taken_down_by_id = fields.Many2one(
        "res.users", "Written down by", readonly=True, copy=False
    )
    complaint_read_back_at = fields.Datetime(
        "Read back on",
        readonly=True,
        copy=False,
        help="When it was read back to the complainant, who agreed to the words.",
    )
    complaint_read_back_by_id = fields.Many2one(
        "res.users", "Read back by", readonly=True, copy=False
    )
    complaint_copy_given = fields.Selection(
        COPY_WAYS,
        "Copy given",
        readonly=True,
        copy=False,
        help="How the complainant got a copy of what was written down.",
    )
    complaint_copy_given_at = fields.Datetime(
        "Copy given on", readonly=True, copy=False
    )

    def _complaint_taken_down_file_ids(self):
        """The ids of the files that came with what was written down."""
        return []
