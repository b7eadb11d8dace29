from odoo import api, fields, models
from odoo.exceptions import ValidationError


class MgmtsystemAction(models.Model):
    _inherit = "mgmtsystem.action"

    complaint_ids = fields.Many2many(
        "helpdesk.ticket",
        "complaint_action_ticket_rel",
        "action_id",
        "ticket_id",
        "Complaints",
        domain=[("complaint_state", "!=", False)],
        context={"active_test": False},
        help="The complaints that this action answers.",
    )
    complaint_count = fields.Integer(compute="_compute_complaint_count")

    @api.depends("complaint_ids")
    def _compute_complaint_count(self):
        for action in self:
            action.complaint_count = len(action.complaint_ids)

    @api.depends("type_action")
    def _compute_color(self):
        # A new line has no type yet; the original looks it up all the same.
        typed = self.filtered("type_action")
        (self - typed).color = 0
        return super(MgmtsystemAction, typed)._compute_color()

    @api.constrains("complaint_ids", "company_id")
    def _check_complaint_company(self):
        for action in self:
            # sudo: helpdesk.ticket - only their company
            tickets = action.sudo().complaint_ids
            if action.company_id and tickets.company_id - action.company_id:
                raise ValidationError(
                    self.env._(
                        "The action “%(action)s” belongs to %(company)s and cannot "
                        "answer a complaint of another company.",
                        action=action.name,
                        company=action.company_id.name,
                    )
                )

    def send_mail_for_action(self, force_send=True):
        """Leave the mails of complaint actions to the mail queue.

        Sending inside the transaction would tell people of an action that a later
        error rolls back.
        """
        linked = self.filtered("complaint_ids")
        if linked:
            super(MgmtsystemAction, linked).send_mail_for_action(force_send=False)
        return super(MgmtsystemAction, self - linked).send_mail_for_action(
            force_send=force_send
        )

    def action_view_complaints(self):
        """Open the complaints that this action answers."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "helpdesk_complaint.helpdesk_ticket_action_complaint_all"
        )
        return dict(action, domain=[("id", "in", self.complaint_ids.ids)], context={})
