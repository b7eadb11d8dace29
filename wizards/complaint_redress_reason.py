from odoo import fields, models


class ComplaintRedressReason(models.TransientModel):
    """Asks why redress is cancelled, or its rest waived, and does it."""

    _name = "complaint.redress.reason"
    _description = "Reason of a step of redress"

    act = fields.Selection(
        [("cancel", "Cancel"), ("settle", "Waive the rest")], required=True
    )
    redress_id = fields.Many2one("complaint.redress", required=True)
    reason = fields.Text(required=True)

    def action_confirm(self):
        """Take the step; rights and rules are in the redress's method."""
        self.ensure_one()
        if self.act == "cancel":
            self.redress_id.action_cancel(self.reason)
        else:
            self.redress_id.action_settle(self.reason)
        return {"type": "ir.actions.act_window_close"}
