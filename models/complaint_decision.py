from odoo import api, fields, models

from .complaint_terms import (
    OUTCOMES,
    OUTCOMES_REFUSING,
    OUTCOMES_WITH_CAUSE,
    OUTCOMES_WITHOUT_REPLY,
)


class ComplaintDecision(models.Model):
    """What was decided in a cycle, by whom and why. The reply freezes it."""

    _name = "complaint.decision"
    _description = "Complaint decision"
    _inherit = ["complaint.file.mixin"]
    _order = "id desc"

    cycle = fields.Integer(required=True, readonly=True)
    outcome = fields.Selection(OUTCOMES, required=True, readonly=True)
    reasons = fields.Text(required=True, readonly=True)
    cause_id = fields.Many2one("complaint.cause", readonly=True, ondelete="restrict")
    decided_by_id = fields.Many2one(
        "res.users", "Decided by", required=True, readonly=True, ondelete="restrict"
    )
    decided_at = fields.Datetime("Decided on", required=True, readonly=True)
    letter_id = fields.Many2one(
        "complaint.letter", "Reply", readonly=True, ondelete="restrict"
    )
    is_current = fields.Boolean(readonly=True, default=True)

    _one_current = models.UniqueIndex(
        "(ticket_id, cycle) WHERE is_current IS TRUE",
        "A complaint has one decision in force a cycle.",
    )

    @api.depends("outcome")
    @api.depends_context("lang")
    def _compute_display_name(self):
        words = dict(self._fields["outcome"]._description_selection(self.env))
        for decision in self:
            decision.display_name = words.get(decision.outcome, "")

    def _needs_cause(self):
        return self.outcome in OUTCOMES_WITH_CAUSE

    def _refuses(self):
        return self.outcome in OUTCOMES_REFUSING

    def _ends_without_reply(self):
        return self.outcome in OUTCOMES_WITHOUT_REPLY
