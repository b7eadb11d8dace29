from odoo import fields, models
from odoo.tools import SQL

from ..models.complaint_terms import (
    COMPLAINANT_STEPS,
    DEADLINE_STATES,
    STEPS,
    TARGETS,
)
from .complaint_report import PROMISE_FIELDS, TIMINGS, promises, view_complaint


class ComplaintDeadlineReport(models.Model):
    """One row per promise of the company: kept, broken, or still open."""

    _name = "complaint.deadline.report"
    _description = "Complaint deadline analysis"
    _inherit = ["complaint.file.mixin"]
    _auto = False
    _order = "due_at desc"
    _rec_name = "step"
    _depends = {
        "complaint.deadline": PROMISE_FIELDS,
        "helpdesk.ticket": [
            "complaint_received_at",
            "company_id",
            "team_id",
            "user_id",
            "category_id",
        ],
    }

    company_id = fields.Many2one("res.company", readonly=True, related=False)
    regime_id = fields.Many2one("complaint.regime", readonly=True)
    policy_id = fields.Many2one("complaint.policy", readonly=True)
    step = fields.Selection(
        [step for step in STEPS if step[0] not in COMPLAINANT_STEPS], readonly=True
    )
    target = fields.Selection(TARGETS, readonly=True)
    state = fields.Selection(DEADLINE_STATES, readonly=True)
    cycle = fields.Integer(
        readonly=True,
        aggregator=None,
        help="One, and one more for each reopening of the complaint.",
    )
    due_at = fields.Datetime("Due", readonly=True)
    received_at = fields.Datetime("Received on", readonly=True)
    team_id = fields.Many2one("helpdesk.ticket.team", readonly=True)
    user_id = fields.Many2one("res.users", "Handler", readonly=True)
    category_id = fields.Many2one("helpdesk.ticket.category", "Reason", readonly=True)
    in_time = fields.Float(
        "In time (%)",
        readonly=True,
        aggregator="avg",
        help="Share of the promises due that were kept. What is not due yet, or was "
        "not needed, is left out.",
    )
    timing = fields.Selection(
        TIMINGS, "Kept", readonly=True, help="Empty while it is not due yet."
    )
    days = fields.Float("Days taken", readonly=True, aggregator="avg")

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT promise.id,
                   promise.ticket_id,
                   ticket.company_id,
                   promise.regime_id,
                   promise.policy_id,
                   promise.step,
                   promise.target,
                   promise.state,
                   promise.cycle,
                   promise.due_at,
                   ticket.complaint_received_at AS received_at,
                   ticket.team_id,
                   ticket.user_id,
                   ticket.category_id,
                   promise.in_time,
                   CASE promise.in_time
                        WHEN 100 THEN 'in_time'
                        WHEN 0 THEN 'late'
                   END AS timing,
                   promise.days
              FROM (%s) AS promise
              JOIN helpdesk_ticket AS ticket ON ticket.id = promise.ticket_id
            """,
            promises(),
        )

    def action_view_complaint(self):
        """Open the complaint on which this promise was made."""
        return view_complaint(self)
