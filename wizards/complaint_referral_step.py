from odoo import api, fields, models

from ..models.complaint_referral import FAVOURS, RESULTS


class ComplaintReferralStep(models.TransientModel):
    """Asks what a step of a referral needs to know, and takes the step.

    Which step is in the context (``default_event``); the rights and the rules are in
    the referral's methods.
    """

    _name = "complaint.referral.step"
    _description = "Step of a referral"

    event = fields.Selection(
        [
            ("admit", "Note the admissibility"),
            ("opinion", "Note the opinion"),
            ("answer", "Answer for the company"),
            ("accept", "Note the complainant's answer"),
            ("end", "End the referral"),
        ],
        required=True,
    )
    referral_id = fields.Many2one("complaint.referral", required=True)
    body_kind = fields.Selection(related="referral_id.body_kind")
    date = fields.Date(required=True, default=fields.Date.context_today)
    reason = fields.Text()
    # admit
    is_admissible = fields.Selection(
        [("yes", "It takes the case"), ("no", "It does not take the case")],
        "The body",
        default="yes",
    )
    reference = fields.Char("Their reference")
    # opinion
    favours = fields.Selection(FAVOURS, "In favour of")
    opinion = fields.Text("Opinion or judgement")
    attachment_ids = fields.Many2many("ir.attachment", string="Files")
    # answer, accept
    follows = fields.Selection(
        [("yes", "Follows the opinion"), ("no", "Does not follow it")],
        "The company",
        default="yes",
    )
    accepts = fields.Selection(
        [("yes", "Accepts the opinion"), ("no", "Does not accept it")],
        "The complainant",
        default="yes",
    )
    # end
    result = fields.Selection(RESULTS, help="Empty: as the answers say.")

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        if self.env.context.get("active_model") == "complaint.referral":
            values.setdefault("referral_id", self.env.context.get("active_id"))
        return values

    def action_confirm(self):
        """Take the step on the referral of this wizard."""
        self.ensure_one()
        getattr(self, f"_take_{self.event}")(self.referral_id)
        return {"type": "ir.actions.act_window_close"}

    def _take_admit(self, referral):
        referral.refer_admit(
            self.is_admissible == "yes", self.date, self.reason, self.reference
        )

    def _take_opinion(self, referral):
        referral.refer_opinion(
            self.favours, self.opinion, self.date, self.attachment_ids.ids
        )

    def _take_answer(self, referral):
        referral.refer_answer(self.follows == "yes", self.reason, self.date)

    def _take_accept(self, referral):
        referral.refer_accept(self.accepts == "yes", self.date)

    def _take_end(self, referral):
        referral.refer_end(self.result, self.date)
