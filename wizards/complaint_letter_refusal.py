from odoo import fields, models


class ComplaintLetterRefusal(models.TransientModel):
    """Asks what must change in letters that are not approved."""

    _name = "complaint.letter.refusal"
    _description = "Refusal to approve a letter"

    letter_ids = fields.Many2many(
        "complaint.letter",
        string="Letters",
        required=True,
        default=lambda self: self.env.context.get("active_ids"),
    )
    reason = fields.Text("What must change", required=True)

    def action_confirm(self):
        self.ensure_one()
        return self.letter_ids.with_context(complaint_go_back=True).action_refuse(
            self.reason
        )
