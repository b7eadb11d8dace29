from odoo import fields, models


class ComplaintMandate(models.TransientModel):
    """Asks until when a mandate holds, or why it is refused."""

    _name = "complaint.mandate"
    _description = "Mandate of a representative"

    ticket_id = fields.Many2one(
        "helpdesk.ticket",
        "Complaint",
        required=True,
        default=lambda self: self.env.context.get("active_id"),
    )
    is_accepted = fields.Selection(
        [
            ("yes", "The mandate was seen: he follows the complaint and may act"),
            ("no", "There is no valid mandate: he is told nothing"),
        ],
        "Mandate",
        required=True,
        default="yes",
    )
    until = fields.Date(
        "Mandate until", help="Last day of the mandate; empty when it has no end."
    )
    reason = fields.Text()

    def action_confirm(self):
        self.ensure_one()
        if self.is_accepted == "yes":
            self.ticket_id.complaint_prove_mandate(self.until)
        else:
            self.ticket_id.complaint_refuse_mandate(self.reason)
        return {"type": "ir.actions.act_window_close"}
