from odoo import api, fields, models
from odoo.fields import Domain

from .complaint_terms import UNITS


class ComplaintRecourseBody(models.Model):
    """Where a complainant may turn to when the company's answer does not satisfy."""

    _name = "complaint.recourse.body"
    _description = "Recourse body"
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    kind = fields.Selection(
        [
            ("mediator", "Mediator"),
            ("ombudsman", "Ombudsman"),
            ("authority", "Authority"),
            ("court", "Court"),
        ],
        required=True,
        default="mediator",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company")
    street = fields.Char("Postal address")
    zip = fields.Char()
    city = fields.Char()
    country_id = fields.Many2one("res.country")
    website = fields.Char()
    email = fields.Char()
    phone = fields.Char()
    is_free = fields.Boolean("Free of charge", default=True)
    cost = fields.Char(
        translate=True,
        help="What it costs when it is not free, as refusals say it.",
    )
    limit_amount = fields.Integer(
        "Time limit",
        help="Time the complainant has to refer the matter. Zero: no limit is "
        "announced.",
    )
    limit_unit = fields.Selection(UNITS, default="year")
    limit_from = fields.Selection(
        [
            ("complaint", "the written complaint"),
            ("answer", "the final answer"),
            ("event", "the facts complained of"),
            ("opening", "the day on which the recourse opened"),
        ],
        "Counted from",
        required=True,
        default="complaint",
        help="From when the time limit is counted: printed in refusals.",
    )
    choice_is_final = fields.Boolean(
        "The choice is final",
        help="Where several bodies are open, the complainant who has chosen this one "
        "keeps to it: printed in refusals.",
    )
    how_to = fields.Text(
        "How to refer", translate=True, help="Printed in refusals, in plain words."
    )
    source = fields.Char(help="The text that gives this recourse and its time limit.")
    address = fields.Char("Address on one line", compute="_compute_address")
    open_referral_count = fields.Integer(
        "Open cases", compute="_compute_open_referral_count"
    )

    @api.depends("street", "zip", "city", "country_id.name")
    @api.depends_context("lang")
    def _compute_address(self):
        for body in self:
            town = " ".join(filter(None, [body.zip, body.city]))
            parts = [body.street, town, body.country_id.name]
            body.address = ", ".join(filter(None, parts))

    @api.depends_context("uid")
    def _compute_open_referral_count(self):
        # sudo: complaint.referral - how many, of every team
        shown = self.env["helpdesk.ticket"]._complaint_countable_domain()
        groups = (
            self.env["complaint.referral"]
            .sudo()
            ._read_group(
                Domain("body_id", "in", self.ids)
                & Domain("is_open", "=", True)
                & Domain("ticket_id", "any", shown),
                ["body_id"],
                ["__count"],
            )
        )
        counts = {body.id: count for body, count in groups}
        for body in self:
            body.open_referral_count = counts.get(body.id, 0)

    def _words_of_refusal(self):
        """What the text of a refusal must say of this body: name, time limit."""
        self.ensure_one()
        words = [self.name]
        if self.limit_amount:
            words.append(
                self.env["helpdesk.ticket"]._complaint_length(
                    self.limit_amount, self.limit_unit
                )
            )
        return [" ".join(word.split()) for word in words]

    def _words_of_limit(self):
        """The time limit as a sentence of a letter; empty when none is announced."""
        self.ensure_one()
        if not self.limit_amount:
            return ""
        limit = self.env["helpdesk.ticket"]._complaint_length(
            self.limit_amount, self.limit_unit
        )
        if self.limit_from == "answer":
            return self.env._("Within %(limit)s of our final answer.", limit=limit)
        if self.limit_from == "event":
            return self.env._(
                "Within %(limit)s of the facts that you complain of.", limit=limit
            )
        if self.limit_from == "opening":
            return self.env._(
                "Within %(limit)s of the day on which you could first turn to it.",
                limit=limit,
            )
        return self.env._("Within %(limit)s of your written complaint.", limit=limit)

    def _words_of_terms(self):
        """What a letter says of its cost and of the choice, when there is something."""
        self.ensure_one()
        words = []
        if self.cost and not self.is_free:
            words.append(self.cost)
        if self.choice_is_final:
            words.append(
                self.env._(
                    "If another body is open to you too, your choice of one is final "
                    "for this dispute."
                )
            )
        return words

    def _words_of_cost(self):
        """How a letter says that this recourse costs nothing: one of these is enough.

        Empty when it costs something, or the body may ask a fee.
        """
        self.ensure_one()
        if not self.is_free:
            return []
        return [self.env._("This is free of charge."), self.env._("free of charge")]
