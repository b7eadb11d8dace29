from odoo import fields, models
from odoo.tools import SQL

from ..models.complaint_terms import DEADLINE_STATES, STEPS, TARGETS
from .complaint_report import promises_kept


class ComplaintDeadlineReport(models.Model):
    """One row per promise of the company: kept, broken, or still open."""

    _name = "complaint.deadline.report"
    _description = "Complaint deadline analysis"
    _inherit = ["complaint.file.mixin"]
    _auto = False
    _order = "due_at desc"
    _rec_name = "step"
    _depends = {
        "complaint.deadline": [
            "ticket_id",
            "policy_id",
            "step",
            "target",
            "state",
            "cycle",
            "start_at",
            "due_at",
            "met_at",
        ],
        "helpdesk.ticket": ["company_id", "team_id", "user_id", "category_id"],
    }

    company_id = fields.Many2one("res.company", readonly=True, related=False)
    regime_id = fields.Many2one("complaint.regime", "Regime", readonly=True)
    policy_id = fields.Many2one("complaint.policy", "Policy", readonly=True)
    step = fields.Selection(STEPS, readonly=True)
    target = fields.Selection(TARGETS, readonly=True)
    state = fields.Selection(DEADLINE_STATES, readonly=True)
    cycle = fields.Integer(readonly=True)
    due_at = fields.Datetime("Due", readonly=True)
    received_at = fields.Datetime("Received on", readonly=True)
    team_id = fields.Many2one("helpdesk.ticket.team", "Team", readonly=True)
    user_id = fields.Many2one("res.users", "Handler", readonly=True)
    category_id = fields.Many2one("helpdesk.ticket.category", "Reason", readonly=True)
    in_time = fields.Float("In time (%)", readonly=True, aggregator="avg")
    days = fields.Float("Days taken", readonly=True, aggregator="avg")

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT deadline.id,
                   deadline.ticket_id,
                   ticket.company_id,
                   deadline.regime_id,
                   deadline.policy_id,
                   deadline.step,
                   deadline.target,
                   deadline.state,
                   deadline.cycle,
                   deadline.due_at,
                   ticket.complaint_received_at AS received_at,
                   ticket.team_id,
                   ticket.user_id,
                   ticket.category_id,
                   promise.in_time * 100 AS in_time,
                   extract(epoch FROM deadline.met_at - deadline.start_at) / 86400
                       AS days
              FROM complaint_deadline AS deadline
              JOIN (%s) AS promise ON promise.id = deadline.id
              JOIN helpdesk_ticket AS ticket ON ticket.id = deadline.ticket_id
             WHERE deadline.state NOT IN ('cancelled', 'waived')
            """,
            promises_kept(),
        )
