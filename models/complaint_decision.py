from odoo import api, fields, models
from odoo.exceptions import UserError

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
    is_justified = fields.Boolean(
        "Justified",
        compute="_compute_is_justified",
        store=True,
        readonly=False,
        help="Whether the complainant was right. By default as the outcome says; a "
        "gesture may be made although a complaint is justified, or although it is not.",
    )
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

    @api.depends("outcome")
    def _compute_is_justified(self):
        for decision in self:
            decision.is_justified = decision.outcome in OUTCOMES_WITH_CAUSE

    def write(self, vals):
        self.check_access("write")
        # A reply that did not arrive gives its decision back.
        if not {"letter_id", "company_id"}.issuperset(vals):
            self._refuse_change_once_told()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_before_reply(self):
        self._refuse_change_once_told()

    def _refuse_change_once_told(self):
        """A decision that a reply has told is frozen for everybody."""
        for decision in self:
            if decision.letter_id:
                raise UserError(
                    self.env._(
                        "%(ticket)s: the decision “%(decision)s” was told by the "
                        "letter %(letter)s and cannot change any more. Reopen the "
                        "complaint to decide anew.",
                        ticket=decision.ticket_id.display_name,
                        decision=decision.display_name,
                        letter=decision.letter_id.display_name,
                    )
                )

    def _needs_cause(self):
        """Whether a fault is admitted, so that its cause must be known."""
        return self.is_justified or self.outcome in OUTCOMES_WITH_CAUSE

    def _refuses(self):
        return self.outcome in OUTCOMES_REFUSING

    def _ends_without_reply(self):
        return self.outcome in OUTCOMES_WITHOUT_REPLY
