from odoo import api, fields, models
from odoo.tools import SQL

from ..models.complaint_terms import COMPLAINANT_STEPS, OUTCOMES, SEVERITIES, STATES


class ComplaintReport(models.Model):
    """One row per complaint, with what managers count. No personal data."""

    _name = "complaint.report"
    _description = "Complaint analysis"
    _inherit = ["complaint.file.mixin"]
    _auto = False
    _order = "received_at desc"
    _rec_name = "number"
    _depends = {
        "helpdesk.ticket": [
            "complaint_state",
            "complaint_number",
            "complaint_received_at",
            "complaint_registered_at",
            "complaint_closed_at",
            "complaint_next_due_at",
            "complaint_severity",
            "complaint_outcome",
            "complaint_cause_id",
            "complaint_cycle",
            "category_id",
            "team_id",
            "user_id",
            "channel_id",
            "company_id",
        ],
        "complaint.deadline": ["ticket_id", "step", "state", "cycle", "due_at"],
    }

    company_id = fields.Many2one("res.company", readonly=True, related=False)
    number = fields.Char("Register number", readonly=True)
    state = fields.Selection(STATES, readonly=True)
    severity = fields.Selection(SEVERITIES, readonly=True)
    outcome = fields.Selection(OUTCOMES, readonly=True)
    regime_id = fields.Many2one(
        "complaint.regime", "Main regime", readonly=True, help="The first that applies."
    )
    category_id = fields.Many2one("helpdesk.ticket.category", "Reason", readonly=True)
    cause_id = fields.Many2one("complaint.cause", "Cause", readonly=True)
    team_id = fields.Many2one("helpdesk.ticket.team", "Team", readonly=True)
    user_id = fields.Many2one("res.users", "Handler", readonly=True)
    channel_id = fields.Many2one("helpdesk.ticket.channel", "Channel", readonly=True)
    received_at = fields.Datetime("Received on", readonly=True)
    registered_at = fields.Datetime("Registered on", readonly=True)
    closed_at = fields.Datetime("Closed on", readonly=True)
    cycles = fields.Integer("Cycles", readonly=True)
    is_open = fields.Boolean("Open", readonly=True)
    is_overdue = fields.Boolean("Overdue now", readonly=True)
    acknowledge_days = fields.Float(
        "Days to acknowledge", readonly=True, aggregator="avg"
    )
    respond_days = fields.Float("Days to answer", readonly=True, aggregator="avg")
    acknowledged_in_time = fields.Float(
        "Acknowledged in time (%)",
        readonly=True,
        aggregator="avg",
        help="Share of the acknowledgements due that were sent in time.",
    )
    answered_in_time = fields.Float(
        "Answered in time (%)",
        readonly=True,
        aggregator="avg",
        help="Share of the answers due that were sent in time.",
    )
    redress_amount = fields.Float("Redress", readonly=True, aggregator="sum")

    @property
    def _table_query(self):
        return SQL("%s %s %s", self._select(), self._from(), self._where())

    @api.model
    def _select(self):
        return SQL(
            """
            SELECT ticket.id,
                   ticket.id AS ticket_id,
                   ticket.company_id,
                   ticket.complaint_number AS number,
                   ticket.complaint_state AS state,
                   ticket.complaint_severity AS severity,
                   ticket.complaint_outcome AS outcome,
                   ticket.complaint_cause_id AS cause_id,
                   ticket.category_id,
                   ticket.team_id,
                   ticket.user_id,
                   ticket.channel_id,
                   ticket.complaint_received_at AS received_at,
                   ticket.complaint_registered_at AS registered_at,
                   ticket.complaint_closed_at AS closed_at,
                   ticket.complaint_cycle AS cycles,
                   ticket.complaint_state IN ('to_qualify', 'in_progress', 'answered')
                       AS is_open,
                   COALESCE(
                       ticket.complaint_next_due_at < now() AT TIME ZONE 'UTC', FALSE
                   ) AS is_overdue,
                   regime.id AS regime_id,
                   kept.acknowledge_days,
                   kept.respond_days,
                   kept.acknowledged_in_time,
                   kept.answered_in_time,
                   redress.amount AS redress_amount
            """
        )

    @api.model
    def _from(self):
        return SQL(
            """
              FROM helpdesk_ticket AS ticket
         LEFT JOIN LATERAL (
                   SELECT regime.id
                     FROM complaint_regime_ticket_rel AS rel
                     JOIN complaint_regime AS regime ON regime.id = rel.regime_id
                    WHERE rel.ticket_id = ticket.id
                 ORDER BY regime.is_overlay NULLS FIRST, regime.sequence, regime.id
                    LIMIT 1
                   ) AS regime ON TRUE
         LEFT JOIN LATERAL (
                   SELECT avg(extract(epoch FROM met_at - start_at) / 86400)
                              FILTER (WHERE step = 'acknowledge' AND met_at NOTNULL)
                              AS acknowledge_days,
                          avg(extract(epoch FROM met_at - start_at) / 86400)
                              FILTER (WHERE step = 'respond' AND met_at NOTNULL)
                              AS respond_days,
                          avg(in_time) FILTER (WHERE step = 'acknowledge') * 100
                              AS acknowledged_in_time,
                          avg(in_time) FILTER (WHERE step = 'respond') * 100
                              AS answered_in_time
                     FROM (%s) AS promise
                    WHERE promise.ticket_id = ticket.id
                   ) AS kept ON TRUE
         LEFT JOIN LATERAL (
                   SELECT sum(amount) AS amount
                     FROM complaint_redress
                    WHERE complaint_redress.ticket_id = ticket.id
                      AND complaint_redress.state != 'proposed'
                   ) AS redress ON TRUE
            """,
            promises_kept(),
        )

    @api.model
    def _where(self):
        return SQL("WHERE ticket.complaint_state IS NOT NULL")


def promises_kept():
    """SQL of the company's promises with 1, 0 or nothing: in time, late, undecided.

    A promise that runs beyond its date is late already, without waiting for a job.
    """
    return SQL(
        """
        SELECT id, ticket_id, step, cycle, start_at, met_at,
               CASE WHEN state = 'met' THEN 1.0
                    WHEN state = 'late' THEN 0.0
                    WHEN state = 'running'
                         AND due_at < now() AT TIME ZONE 'UTC' THEN 0.0
               END AS in_time
          FROM complaint_deadline
         WHERE step NOT IN %s
        """,
        COMPLAINANT_STEPS,
    )
