from odoo import api, fields, models
from odoo.tools import SQL

from ..models.complaint_terms import (
    COMPLAINANT_STEPS,
    LIVE_STATES,
    OUTCOMES,
    SEVERITIES,
    STATES,
)

TIMINGS = [("in_time", "In time"), ("late", "Late")]
# What the SQL of promises reads: pending changes are flushed before it runs.
PROMISE_FIELDS = [
    "ticket_id",
    "policy_id",
    "regime_id",
    "step",
    "target",
    "state",
    "cycle",
    "start_at",
    "due_at",
    "met_at",
]


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
            "complaint_regime_ids",
            "complaint_severity",
            "complaint_outcome",
            "complaint_is_justified",
            "complaint_cause_id",
            "complaint_cycle",
            "category_id",
            "team_id",
            "user_id",
            "channel_id",
            "company_id",
        ],
        "complaint.deadline": PROMISE_FIELDS,
        "complaint.redress": ["ticket_id", "amount_company", "state", "reaction"],
        "complaint.regime": ["is_overlay", "sequence"],
        "res.company": ["currency_id"],
    }

    company_id = fields.Many2one("res.company", readonly=True, related=False)
    currency_id = fields.Many2one("res.currency", readonly=True)
    number = fields.Char("Register number", readonly=True)
    state = fields.Selection(STATES, readonly=True)
    severity = fields.Selection(SEVERITIES, readonly=True)
    outcome = fields.Selection(OUTCOMES, readonly=True, help="Of the current cycle.")
    is_justified = fields.Boolean(
        "Justified", readonly=True, help="As the decision of the current cycle says."
    )
    regime_id = fields.Many2one(
        "complaint.regime", "Main regime", readonly=True, help="The first that applies."
    )
    category_id = fields.Many2one("helpdesk.ticket.category", "Reason", readonly=True)
    cause_id = fields.Many2one("complaint.cause", readonly=True)
    team_id = fields.Many2one("helpdesk.ticket.team", readonly=True)
    user_id = fields.Many2one("res.users", "Handler", readonly=True)
    channel_id = fields.Many2one("helpdesk.ticket.channel", readonly=True)
    received_at = fields.Datetime("Received on", readonly=True)
    registered_at = fields.Datetime("Registered on", readonly=True)
    closed_at = fields.Datetime("Closed on", readonly=True)
    cycles = fields.Integer(readonly=True, help="One, and one more for each reopening.")
    is_open = fields.Boolean("Open", readonly=True, help="Not closed yet.")
    is_overdue = fields.Boolean(
        "Overdue now",
        readonly=True,
        help="Something promised is late and not done yet.",
    )
    open_count = fields.Integer("Open complaints", readonly=True, aggregator="sum")
    overdue_count = fields.Integer(
        "Overdue complaints", readonly=True, aggregator="sum"
    )
    acknowledge_days = fields.Float(
        "Days to acknowledge", readonly=True, aggregator="avg"
    )
    respond_days = fields.Float("Days to answer", readonly=True, aggregator="avg")
    acknowledged_in_time = fields.Float(
        "Acknowledged in time (%)",
        readonly=True,
        aggregator="avg",
        help="Share of the complaints whose acknowledgement was due and never late. "
        "A reopened complaint is in time when each of its cycles is. What is not due "
        "yet, or was not needed, is left out; internal targets do not count.",
    )
    answered_in_time = fields.Float(
        "Answered in time (%)",
        readonly=True,
        aggregator="avg",
        help="Share of the complaints whose answer was due and never late. "
        "A reopened complaint is in time when each of its cycles is. What is not due "
        "yet is left out; internal targets do not count.",
    )
    answer_timing = fields.Selection(
        TIMINGS, "Answer", readonly=True, help="Empty while it is not due yet."
    )
    redress_amount = fields.Monetary(
        "Redress granted",
        readonly=True,
        aggregator="sum",
        help="Granted or paid and not refused by the complainant, in the company's "
        "currency at the rate of the day it was granted.",
    )

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
                   company.currency_id,
                   ticket.complaint_number AS number,
                   ticket.complaint_state AS state,
                   ticket.complaint_severity AS severity,
                   ticket.complaint_outcome AS outcome,
                   ticket.complaint_is_justified AS is_justified,
                   ticket.complaint_cause_id AS cause_id,
                   ticket.category_id,
                   ticket.team_id,
                   ticket.user_id,
                   ticket.channel_id,
                   ticket.complaint_received_at AS received_at,
                   ticket.complaint_registered_at AS registered_at,
                   ticket.complaint_closed_at AS closed_at,
                   ticket.complaint_cycle AS cycles,
                   ticket.complaint_state IN %(live)s AS is_open,
                   (ticket.complaint_state IN %(live)s)::int AS open_count,
                   COALESCE(ticket.complaint_next_due_at < %(now)s, FALSE)
                       AS is_overdue,
                   COALESCE(ticket.complaint_next_due_at < %(now)s, FALSE)::int
                       AS overdue_count,
                   regime.id AS regime_id,
                   kept.acknowledge_days,
                   kept.respond_days,
                   kept.acknowledged_in_time,
                   kept.answered_in_time,
                   CASE kept.answered_in_time
                        WHEN 100 THEN 'in_time'
                        WHEN 0 THEN 'late'
                   END AS answer_timing,
                   redress.amount AS redress_amount
            """,
            live=LIVE_STATES,
            now=fields.Datetime.now(),
        )

    @api.model
    def _from(self):
        # Each join is an aggregate that gives one row at most: PostgreSQL leaves out
        # those that a query does not ask for, and a page of a list costs one look-up
        # a row. Which tickets are complaints comes from the index on the state.
        return SQL(
            """
              FROM helpdesk_ticket AS ticket
         LEFT JOIN res_company AS company ON company.id = ticket.company_id
         LEFT JOIN LATERAL (
                   SELECT (array_agg(
                               regime.id
                               ORDER BY regime.is_overlay NULLS FIRST,
                                        regime.sequence,
                                        regime.id
                           ))[1] AS id
                     FROM complaint_regime_ticket_rel AS rel
                     JOIN complaint_regime AS regime ON regime.id = rel.regime_id
                    WHERE rel.ticket_id = ticket.id
                   ) AS regime ON TRUE
         LEFT JOIN LATERAL (
                   SELECT avg(days) FILTER (WHERE step = 'acknowledge')
                              AS acknowledge_days,
                          avg(days) FILTER (WHERE step = 'respond')
                              AS respond_days,
                          min(in_time)
                              FILTER (WHERE step = 'acknowledge' AND target = 'legal')
                              AS acknowledged_in_time,
                          min(in_time)
                              FILTER (WHERE step = 'respond' AND target = 'legal')
                              AS answered_in_time
                     FROM (%s) AS promise
                    WHERE promise.ticket_id = ticket.id
                   ) AS kept ON TRUE
         LEFT JOIN LATERAL (
                   SELECT sum(amount_company) AS amount
                     FROM complaint_redress
                    WHERE complaint_redress.ticket_id = ticket.id
                      AND complaint_redress.state IN ('granted', 'paid')
                      AND complaint_redress.reaction IS DISTINCT FROM 'refused'
                   ) AS redress ON TRUE
            """,
            promises(),
        )

    @api.model
    def _where(self):
        return SQL("WHERE ticket.complaint_state IS NOT NULL")

    def action_view_complaint(self):
        """Open the complaint that this row counts."""
        return view_complaint(self)


def view_complaint(row):
    """Action that opens the complaint behind a row of a report."""
    row.ensure_one()
    return {
        "type": "ir.actions.act_window",
        "res_model": "helpdesk.ticket",
        "res_id": row.ticket_id.id,
        "views": [(False, "form")],
    }


def promises():
    """SQL of the company's promises that count, with how each was kept.

    ``in_time`` is 100, 0 or nothing while it is undecided; ``days`` is the time taken.
    A promise that runs beyond its date is late already, without waiting for a job.
    One that was not needed is left out, unless its date had passed before.
    """
    return SQL(
        """
        SELECT id,
               ticket_id,
               policy_id,
               regime_id,
               step,
               target,
               state,
               cycle,
               due_at,
               CASE WHEN state = 'met' THEN 100.0
                    WHEN state IN ('late', 'waived') THEN 0.0
                    WHEN state = 'running' AND due_at < %(now)s THEN 0.0
               END AS in_time,
               CASE WHEN state IN ('met', 'late')
                    THEN extract(epoch FROM met_at - start_at) / 86400
               END AS days
          FROM complaint_deadline
         WHERE step NOT IN %(complainant_steps)s
           AND state != 'cancelled'
           AND (state != 'waived' OR met_at > due_at)
        """,
        now=fields.Datetime.now(),
        complainant_steps=COMPLAINANT_STEPS,
    )
