from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class ComplaintHold(models.Model):
    """Keeps a file from archiving, erasure and deletion until it is lifted."""

    _name = "complaint.hold"
    _description = "Complaint hold"
    _inherit = ["complaint.file.mixin"]
    _order = "id desc"

    ticket_id = fields.Many2one(readonly=False)
    reason = fields.Char(required=True)
    date_start = fields.Datetime("Placed on", readonly=True)
    date_end = fields.Datetime("Lifted on", readonly=True)
    is_active = fields.Boolean(
        "In force", compute="_compute_is_active", search="_search_is_active"
    )

    @api.depends("date_end")
    def _compute_is_active(self):
        for hold in self:
            hold.is_active = not hold.date_end

    def _search_is_active(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("date_end", "=", False)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals.update(date_start=fields.Datetime.now(), date_end=False)
        holds = super().create(vals_list)
        for hold in holds:
            hold.ticket_id._complaint_check_role("group_complaint_officer")
            hold.ticket_id._complaint_log(
                "hold", note=hold.reason, data={"hold": hold.id}
            )
        return holds

    def write(self, vals):
        if not self.env.su:
            raise UserError(
                self.env._(
                    "The hold on %(ticket)s is not edited: lift it and place another.",
                    ticket=self[:1].ticket_id.display_name,
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._(
                "The hold on %(ticket)s is not deleted: lift it.",
                ticket=self[:1].ticket_id.display_name,
            )
        )

    def action_release(self):
        """Lift the hold."""
        for hold in self:
            hold.ticket_id._complaint_check_role("group_complaint_officer")
            # sudo: complaint.hold - closed to direct writing
            hold.sudo().write({"date_end": fields.Datetime.now()})
            hold.ticket_id._complaint_log("release", data={"hold": hold.id})
        return True
