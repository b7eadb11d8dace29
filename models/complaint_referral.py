from odoo import api, fields, models

# While a body has the case; in the others it has it no longer.
OPEN = ("open", "admitted", "opinion")
RESULTS = [
    ("followed", "Opinion followed"),
    ("not_followed", "Opinion not followed"),
    ("settled", "Settled"),
    ("withdrawn", "Withdrawn by the complainant"),
    ("inadmissible", "Not admissible"),
    ("judged", "Decided by the body"),
    ("other", "Other"),
]
FAVOURS = [
    ("complainant", "The complainant"),
    ("partly", "The complainant in part"),
    ("company", "The company"),
    ("settlement", "A settlement"),
]


class ComplaintReferral(models.Model):
    """A complaint brought before a mediator, an authority or a court.

    Followed from the day the body has it to its opinion, what each side makes of the
    opinion, and the end. Written by the steps below, one line of history each.
    """

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
    body_kind = fields.Selection(related="body_id.kind", string="Kind of body")
    date = fields.Date("Referred on", required=True, readonly=True)
    reference = fields.Char(
        "Their reference", readonly=True, help="The number that the body gave the case."
    )
    date_notified = fields.Date(
        "We were told on",
        readonly=True,
        help="When the body told the company of the referral.",
    )
    state = fields.Selection(
        [
            ("open", "Open"),
            ("admitted", "Admitted"),
            ("inadmissible", "Not admissible"),
            ("opinion", "Opinion given"),
            ("ended", "Ended"),
        ],
        required=True,
        readonly=True,
        default="open",
    )
    is_open = fields.Boolean(
        "Before the body",
        compute="_compute_is_open",
        store=True,
        help="The body still has the case: the file is neither archived nor erased.",
    )
    date_admitted = fields.Date("Admissibility told on", readonly=True)
    inadmissible_reason = fields.Text("Why not admissible", readonly=True)
    date_opinion = fields.Date("Opinion of", readonly=True)
    opinion_favours = fields.Selection(FAVOURS, "In favour of", readonly=True)
    opinion = fields.Text("Opinion or judgement", readonly=True)
    attachment_ids = fields.Many2many("ir.attachment", string="Files", readonly=True)
    company_answer = fields.Selection(
        [("follows", "Follows the opinion"), ("declines", "Does not follow it")],
        "The company",
        readonly=True,
    )
    company_answer_reason = fields.Text("Why", readonly=True)
    date_company_answer = fields.Date("Answered on", readonly=True)
    company_answer_by_id = fields.Many2one(
        "res.users", "Answered by", readonly=True, ondelete="restrict"
    )
    complainant_answer = fields.Selection(
        [("accepts", "Accepts the opinion"), ("declines", "Does not accept it")],
        "The complainant",
        readonly=True,
    )
    date_complainant_answer = fields.Date("Complainant answered on", readonly=True)
    result = fields.Selection(RESULTS, readonly=True)
    date_end = fields.Date("Ended on", readonly=True)

    _open_idx = models.Index("(ticket_id) WHERE is_open IS TRUE")

    @api.depends("body_id", "reference")
    def _compute_display_name(self):
        for referral in self:
            referral.display_name = ", ".join(
                filter(None, [referral.body_id.name, referral.reference])
            )

    @api.depends("state")
    def _compute_is_open(self):
        for referral in self:
            referral.is_open = referral.state in OPEN

    def _chronology(self):
        """The days of a referral, as they may be told to a third party."""
        self.ensure_one()
        body = self.body_id.name
        favours = dict(self._fields["opinion_favours"]._description_selection(self.env))
        rows = [(self.date, self.env._("The case went to %(body)s", body=body))]
        if self.date_admitted:
            words = (
                self.env._("%(body)s did not take the case", body=body)
                if self.state == "inadmissible" or self.inadmissible_reason
                else self.env._("%(body)s took the case", body=body)
            )
            rows.append((self.date_admitted, words))
        if self.date_opinion:
            words = self.env._(
                "%(body)s gave its opinion, in favour of: %(side)s",
                body=body,
                side=favours[self.opinion_favours],
            )
            rows.append((self.date_opinion, words))
        if self.date_end and not self.inadmissible_reason:
            rows.append(
                (self.date_end, self.env._("The referral to %(body)s ended", body=body))
            )
        return rows
