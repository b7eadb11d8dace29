from odoo import api, fields, models

from .complaint_terms import FILE_GROUPS


class HelpdeskTicket(models.Model):
    """6. Corrective actions: what is done so that it does not happen again."""

    _inherit = "helpdesk.ticket"

    complaint_action_ids = fields.Many2many(
        "mgmtsystem.action",
        "complaint_action_ticket_rel",
        "ticket_id",
        "action_id",
        "Corrective actions",
        copy=False,
        groups=FILE_GROUPS,
    )
    complaint_action_count = fields.Integer(
        compute="_compute_complaint_action_count", compute_sudo=True
    )

    @api.depends("complaint_action_ids")
    def _compute_complaint_action_count(self):
        for ticket in self:
            ticket.complaint_action_count = len(ticket.complaint_action_ids)

    def action_complaint_actions(self):
        """Open the corrective actions of these complaints, ready to add one."""
        self._complaint_check_reader()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Corrective actions"),
            "res_model": "mgmtsystem.action",
            "view_mode": "list,kanban,form",
            "domain": [("complaint_ids", "in", self.ids)],
            "context": {
                "default_complaint_ids": [fields.Command.set(self.ids)],
                "default_type_action": "correction",
                "default_company_id": self.company_id[:1].id,
            },
        }
