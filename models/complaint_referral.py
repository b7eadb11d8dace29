from odoo import fields, models


class ComplaintReferral(models.Model):
    """A complaint brought before a mediator, an authority or a court."""

    _name = "complaint.referral"
    _description = "Complaint referral"
    _inherit = ["complaint.file.mixin"]
    _order = "date desc, id desc"
    _check_company_auto = True

    body_id = fields.Many2one(
        "complaint.recourse.body",
        "Recourse body",
        required=True,
        readonly=True,
        check_company=True,
        ondelete="restrict",
    )
    date = fields.Date("Referred on", required=True, readonly=True)
    state = fields.Selection(
        [("open", "Open"), ("ended", "Ended")],
        required=True,
        readonly=True,
        default="open",
    )
    date_end = fields.Date("Ended on", readonly=True)
    opinion = fields.Text("Opinion or judgement", readonly=True)

    def action_end(self):
        """The recourse body has given its opinion: the file is free again."""
        for referral in self:
            ticket = referral.ticket_id
            ticket._complaint_check_role("group_complaint_manager")
            referral.sudo().write(  # sudo: complaint.referral - written by steps
                {"state": "ended", "date_end": fields.Date.context_today(self)}
            )
            ticket._complaint_log("refer_end", data={"referral": referral.id})
        return True
