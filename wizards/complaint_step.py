from odoo import api, fields, models

from ..models.complaint_terms import (
    FILE_GROUPS,
    MEDIA,
    OUTCOMES,
    OUTCOMES_WITH_CAUSE,
    SEVERITIES,
    STEPS,
)


class ComplaintStep(models.TransientModel):
    """Asks what a step needs to know, and takes the step.

    Which step is in the context (``default_event``); the rights and the rules are in
    the ticket's method.
    """

    _name = "complaint.step"
    _description = "Step of a complaint"

    event = fields.Selection(
        [
            ("report", "Report as a complaint"),
            ("qualify", "Qualify"),
            ("decide", "Decide"),
            ("contest", "Note that the answer is contested"),
            ("contest_dismiss", "Dismiss the objection"),
            ("close", "Close"),
            ("reopen", "Reopen"),
            ("pause", "Pause"),
            ("extend", "Extend a deadline"),
            ("refer", "Note a referral"),
            ("change_regimes", "Change the regimes"),
            ("settle", "Settle now"),
            ("escalate_stage", "Escalate to the next stage"),
            ("transfer", "Transfer"),
        ],
        required=True,
    )
    ticket_ids = fields.Many2many("helpdesk.ticket", string="Complaints", required=True)
    are_many = fields.Boolean(compute="_compute_are_many", compute_sudo=True)
    description = fields.Html(compute="_compute_file", compute_sudo=True)
    definition = fields.Text(compute="_compute_file", compute_sudo=True)
    company_id = fields.Many2one(
        "res.company", compute="_compute_file", compute_sudo=True
    )
    country_id = fields.Many2one(
        "res.country", compute="_compute_file", compute_sudo=True
    )
    reason = fields.Text()
    # report
    received_at = fields.Datetime("Received on")
    sent_date = fields.Date("Sent on")
    medium = fields.Selection(MEDIA, default="written")
    # qualify
    is_complaint = fields.Selection(
        [("yes", "It is a complaint"), ("no", "It is not a complaint")],
        "Decision",
        default="yes",
    )
    regime_ids = fields.Many2many(
        "complaint.regime",
        string="Regimes",
        compute="_compute_regime_ids",
        store=True,
        readonly=False,
        domain="[('is_overlay', '=', False), "
        "('company_id', 'in', [company_id, False]), "
        "'|', ('country_id', '=', False), ('country_id', '=?', country_id)]",
        groups=FILE_GROUPS,
    )
    severity = fields.Selection(
        SEVERITIES,
        compute="_compute_regime_ids",
        store=True,
        readonly=False,
    )
    category_id = fields.Many2one(
        "helpdesk.ticket.category",
        compute="_compute_regime_ids",
        store=True,
        readonly=False,
        domain="[('company_id', 'in', [company_id, False])]",
    )
    # decide
    outcome = fields.Selection(OUTCOMES)
    is_justified = fields.Selection(
        [("yes", "Yes"), ("no", "No")],
        "Justified",
        compute="_compute_is_justified",
        store=True,
        readonly=False,
        help="Whether the complainant is right. As the outcome says, unless you say "
        "otherwise: a gesture may be made although the complaint is justified.",
    )
    point_ids = fields.One2many(
        "complaint.step.point",
        "wizard_id",
        "Points raised",
        compute="_compute_point_ids",
        store=True,
        readonly=False,
        groups=FILE_GROUPS,
    )
    has_points = fields.Boolean(compute="_compute_has_points", compute_sudo=True)
    cause_id = fields.Many2one("complaint.cause", groups=FILE_GROUPS)
    # extend
    step = fields.Selection(STEPS, default="respond")
    # extend, refer
    date = fields.Date()
    # refer
    body_id = fields.Many2one(
        "complaint.recourse.body", "Recourse body", groups=FILE_GROUPS
    )
    reference = fields.Char("Their reference")
    date_notified = fields.Date("We were told on")
    # transfer
    target_company_id = fields.Many2one(
        "res.company",
        "To the company",
        help="Of this database; empty when it goes to somebody outside.",
    )

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        context = self.env.context
        if context.get("active_model") == "helpdesk.ticket":
            ids = context.get("active_ids") or [context.get("active_id")]
            values.setdefault("ticket_ids", [fields.Command.set(ids)])
            tickets = self.env["helpdesk.ticket"].browse(ids)
            if context.get("default_event") == "report":
                if len(tickets) == 1:
                    values.setdefault("received_at", tickets.create_date)
                # sudo: helpdesk.ticket.channel - their kinds
                kinds = set(tickets.channel_id.sudo().mapped("complaint_medium"))
                if len(kinds) == 1 and "default_medium" not in context:
                    values["medium"] = kinds.pop()
        return values

    def _visible_tickets(self):
        """Those that the user may read: what is computed is so with all rights."""
        tickets = self.ticket_ids._origin
        return self.env["helpdesk.ticket"].browse(
            tickets.sudo(False)._filtered_access("read").ids
        )

    @api.depends("ticket_ids")
    def _compute_are_many(self):
        for wizard in self:
            wizard.are_many = len(wizard.ticket_ids) > 1

    @api.depends("ticket_ids")
    def _compute_file(self):
        for wizard in self:
            ticket = wizard._visible_tickets()[:1]
            wizard.description = ticket.description
            wizard.company_id = ticket.company_id
            wizard.country_id = ticket.company_id.country_id
            regimes = ticket.complaint_regime_ids.filtered(lambda r: not r.is_overlay)
            texts = regimes.mapped("definition")
            wizard.definition = "\n\n".join(filter(None, texts))

    @api.depends("ticket_ids")
    def _compute_regime_ids(self):
        for wizard in self:
            tickets = wizard._visible_tickets()
            wizard.regime_ids = tickets.complaint_regime_ids.filtered(
                lambda regime: not regime.is_overlay
            )
            wizard.severity = tickets[:1].complaint_severity
            wizard.category_id = tickets[:1].category_id

    @api.depends("outcome")
    def _compute_is_justified(self):
        for wizard in self:
            wizard.is_justified = wizard.outcome and (
                "yes" if wizard.outcome in OUTCOMES_WITH_CAUSE else "no"
            )

    @api.depends("ticket_ids", "event")
    def _compute_has_points(self):
        for wizard in self:
            wizard.has_points = wizard.event == "decide" and len(wizard.ticket_ids) == 1

    @api.depends("ticket_ids", "event")
    def _compute_point_ids(self):
        for wizard in self:
            tickets = wizard._visible_tickets()
            if wizard.event != "decide" or len(tickets) != 1:
                wizard.point_ids = False
                continue
            wizard.point_ids = [fields.Command.clear()] + [
                fields.Command.create(
                    {
                        "point_id": point.id,
                        "sequence": point.sequence,
                        "name": point.name,
                        "verdict": point.verdict,
                        "answer": point.answer,
                        "why_not": point.why_not,
                    }
                )
                for point in tickets._complaint_current_points()
            ]

    def action_confirm(self):
        """Take the step on the complaints of this wizard."""
        self.ensure_one()
        getattr(self, f"_take_{self.event}")(self.ticket_ids)
        return {"type": "ir.actions.act_window_close"}

    def _take_report(self, tickets):
        tickets.complaint_report(self.received_at, self.sent_date, self.medium)

    def _take_qualify(self, tickets):
        tickets.complaint_qualify(
            self.is_complaint == "yes", self.reason, self.regime_ids.ids
        )
        tickets.write(
            {"complaint_severity": self.severity, "category_id": self.category_id.id}
        )

    def _take_decide(self, tickets):
        if len(tickets) == 1:
            self.point_ids._note(tickets)
        tickets.complaint_decide(
            self.outcome,
            self.reason,
            self.cause_id.id,
            self.is_justified == "yes" if self.is_justified else None,
        )

    def _take_contest(self, tickets):
        tickets.complaint_contest(self.reason)

    def _take_contest_dismiss(self, tickets):
        tickets.complaint_contest_dismiss(self.reason)

    def _take_close(self, tickets):
        if self.cause_id:
            tickets.write({"complaint_cause_id": self.cause_id.id})
        tickets.complaint_close(self.reason)

    def _take_reopen(self, tickets):
        tickets.complaint_reopen(self.reason)

    def _take_pause(self, tickets):
        tickets.complaint_pause(self.reason)

    def _take_extend(self, tickets):
        tickets.complaint_extend(self.step, self.date, self.reason)

    def _take_refer(self, tickets):
        tickets.complaint_refer(
            self.body_id.id, self.date, self.reference, self.date_notified
        )

    def _take_change_regimes(self, tickets):
        tickets.complaint_change_regimes(self.regime_ids.ids, self.reason)

    def _take_settle(self, tickets):
        tickets.complaint_settle(self.reason)

    def _take_escalate_stage(self, tickets):
        tickets.complaint_escalate(self.reason)

    def _take_transfer(self, tickets):
        tickets.complaint_transfer(self.reason, self.target_company_id.id)


class ComplaintStepPoint(models.TransientModel):
    """A point raised, answered while the complaint is decided."""

    _name = "complaint.step.point"
    _description = "Point answered by a decision"
    _order = "sequence, id"

    wizard_id = fields.Many2one("complaint.step", required=True, ondelete="cascade")
    point_id = fields.Many2one(
        "complaint.point", "Noted as", readonly=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    name = fields.Char("Point", required=True)
    verdict = fields.Selection(
        lambda self: self.env["complaint.point"]._fields["verdict"].selection
    )
    answer = fields.Text()
    why_not = fields.Text("Why not answered here")

    def _note(self, ticket):
        """Write these answers to the points of a complaint; new lines are new points.

        A line that was taken away stays a point: what was raised is not forgotten.
        """
        known = ticket._complaint_current_points()
        for line in self:
            vals = {
                "sequence": line.sequence,
                "name": line.name,
                "verdict": line.verdict,
                "answer": line.answer,
                "why_not": line.why_not,
            }
            point = line.point_id & known
            if point:
                point.write(vals)
            else:
                known.create(dict(vals, ticket_id=ticket.id))
