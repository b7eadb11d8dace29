from odoo import api, fields, models

from .complaint_terms import FILE_GROUPS


class HelpdeskTicket(models.Model):
    """From when and until when the complainant may go to a recourse body."""

    _inherit = "helpdesk.ticket"

    complaint_recourse_open_at = fields.Datetime(
        "Recourse open from",
        compute="_compute_complaint_recourse",
        compute_sudo=True,
        groups=FILE_GROUPS,
        help="The earliest date that the regimes set, answered or not.",
    )
    complaint_recourse_until = fields.Datetime(
        "Recourse possible until",
        compute="_compute_complaint_recourse",
        compute_sudo=True,
        groups=FILE_GROUPS,
        help="As the regimes join their time limits; the longest of several regimes.",
    )

    @api.depends(
        "complaint_deadline_ids.state",
        "complaint_deadline_ids.due_at",
        "complaint_cycle",
    )
    def _compute_complaint_recourse(self):
        for ticket in self:
            current = ticket._complaint_current_deadlines()
            ticket.complaint_recourse_open_at = min(
                current.filtered(lambda x: x._opens_recourse()).mapped("due_at"),
                default=False,
            )
            windows = current.filtered(lambda x: x._is_recourse_limit())
            ticket.complaint_recourse_until = max(
                (
                    regime._join_limits(limits)
                    for regime, limits in windows.grouped("regime_id").items()
                ),
                default=False,
            )
