from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from .complaint_terms import FILE_GROUPS, OUTCOMES

# Outcomes that say that the complainant is right, at least in part, and those that
# say that he is wrong; the others say neither.
GRANTING = ("upheld", "partly_upheld")
REFUSING = ("rejected", "not_admissible")


class HelpdeskTicket(models.Model):
    """5. The decision: outcome, reasons and what each point raised is answered."""

    _inherit = "helpdesk.ticket"

    complaint_point_ids = fields.One2many(
        "complaint.point",
        "ticket_id",
        "Points raised",
        copy=False,
        groups=FILE_GROUPS,
        help="What the complainant raises, one line a point: the final reply answers "
        "each of them. None noted: the reasons answer the complaint as a whole.",
    )
    complaint_decision_ids = fields.One2many(
        "complaint.decision",
        "ticket_id",
        "Decisions",
        readonly=True,
        copy=False,
        groups=FILE_GROUPS,
    )
    complaint_outcome = fields.Selection(
        OUTCOMES,
        "Outcome",
        compute="_compute_complaint_outcome",
        store=True,
        copy=False,
        help="Of the current cycle.",
        groups=FILE_GROUPS,
    )
    complaint_is_justified = fields.Boolean(
        "Justified",
        compute="_compute_complaint_outcome",
        store=True,
        copy=False,
        groups=FILE_GROUPS,
    )

    @api.depends(
        "complaint_decision_ids.outcome",
        "complaint_decision_ids.is_justified",
        "complaint_decision_ids.is_current",
        "complaint_cycle",
    )
    def _compute_complaint_outcome(self):
        for ticket in self:
            decision = ticket._complaint_decision()
            ticket.complaint_outcome = decision.outcome
            ticket.complaint_is_justified = decision.is_justified

    def _complaint_decision(self):
        """The decision in force in the current cycle, or none."""
        return self.complaint_decision_ids.filtered(
            lambda x: x.is_current and x.cycle == x.ticket_id.complaint_cycle
        )[:1]

    def complaint_decide(self, outcome, reasons, cause_id=None, is_justified=None):
        """Decide the complaints; a decision replaces the one before in its cycle.

        :param str outcome: one of the outcomes
        :param str reasons: the reasons, as they may be told to the complainant
        :param int cause_id: the root cause found, when it is known
        :param bool is_justified: whether the complainant was right, where the outcome
            does not say it: a gesture although the complaint is justified, for one
        :return: the ``complaint.decision`` records
        :raises UserError: for an unknown outcome, missing reasons, or an outcome that
            contradicts the answers to the points
        """
        self._complaint_check_role()
        self._complaint_check_step("decide")
        self._complaint_check_stage_decider()
        cause = self._complaint_check_decision(outcome, reasons, cause_id)
        for ticket in self:
            points = ticket._complaint_current_points()
            if not points._that_wait():
                ticket._complaint_check_outcome(outcome, points)
        tickets = self.sudo()  # sudo: complaint.decision - written by this step only
        for ticket in tickets:
            ticket._complaint_decision().is_current = False
        tickets.env["complaint.decision"].flush_model(["is_current"])
        given = {} if is_justified is None else {"is_justified": bool(is_justified)}
        decisions = tickets.env["complaint.decision"].create(
            [
                {
                    "ticket_id": ticket.id,
                    "cycle": ticket.complaint_cycle,
                    "outcome": outcome,
                    "reasons": reasons,
                    "cause_id": cause.id or ticket.complaint_cause_id.id,
                    "decided_by_id": self.env.uid,
                    "decided_at": fields.Datetime.now(),
                    **given,
                }
                for ticket in tickets
            ]
        )
        if cause:
            tickets.with_context(complaint_in_step=True).write(
                {"complaint_cause_id": cause.id}
            )
        self._complaint_log(
            "decide",
            note=reasons,
            data={
                "outcome": outcome,
                "cause": cause.id or 0,
                "justified": decisions[:1].is_justified,
            },
        )
        return decisions.with_env(self.env)

    def _complaint_check_decision(self, outcome, reasons, cause_id):
        """Raise for what a decision lacks; the ``complaint.cause`` otherwise."""
        if outcome not in dict(OUTCOMES):
            raise UserError(
                self.env._(
                    "%(ticket)s: “%(outcome)s” is no outcome. Outcomes: %(known)s.",
                    ticket=self[:1].display_name,
                    outcome=outcome,
                    known=", ".join(dict(OUTCOMES)),
                )
            )
        if not (reasons or "").strip():
            raise UserError(
                self.env._(
                    "%(ticket)s: a decision needs its reasons. The complainant has a "
                    "right to them.",
                    ticket=self[:1].display_name,
                )
            )
        cause = self.env["complaint.cause"].browse(cause_id or []).exists()
        if cause_id and not cause:
            raise UserError(
                self.env._(
                    "%(ticket)s: the cause %(cause)s does not exist. Choose one of the "
                    "list in Helpdesk / Configuration / Complaints / Causes.",
                    ticket=self[:1].display_name,
                    cause=cause_id,
                )
            )
        return cause

    # ------------------------------------------------------------------
    # Points
    # ------------------------------------------------------------------

    def _complaint_current_points(self):
        """The points raised in the current cycle, in their order."""
        return self.complaint_point_ids.filtered(
            lambda x: x.cycle == x.ticket_id.complaint_cycle
        ).sorted(lambda x: (x.sequence, x.id))

    def _complaint_check_points(self):
        """Raise while a point is neither answered nor marked why it is not.

        Every point raised gets its answer, and the answers agree with the outcome.
        """
        self.ensure_one()
        points = self._complaint_current_points()
        waiting = points._that_wait()
        if waiting:
            raise UserError(
                self.env._(
                    "%(ticket)s: the reply would leave points without an answer: "
                    "%(points)s. Answer each of them, or say why it is not answered "
                    "here, on the page “Investigation” or with the button “Decide”.",
                    ticket=self.display_name,
                    points="; ".join(waiting.mapped("name")),
                )
            )
        self._complaint_check_outcome(self._complaint_decision().outcome, points)

    def _complaint_check_outcome(self, outcome, points):
        """Raise when an outcome says the contrary of all the points together."""
        verdicts = set(points.mapped("verdict"))
        if not verdicts:
            return
        words = dict(
            self.env["complaint.decision"]
            ._fields["outcome"]
            ._description_selection(self.env)
        )
        if outcome in GRANTING and not verdicts & {"accepted", "partly"}:
            raise UserError(
                self.env._(
                    "%(ticket)s: no point raised is accepted, so the outcome cannot be "
                    "“%(outcome)s”. Correct the outcome or the answers.",
                    ticket=self.display_name,
                    outcome=words[outcome],
                )
            )
        if outcome in REFUSING and verdicts == {"accepted"}:
            raise UserError(
                self.env._(
                    "%(ticket)s: every point raised is accepted, so the outcome cannot "
                    "be “%(outcome)s”. Correct the outcome or the answers.",
                    ticket=self.display_name,
                    outcome=words[outcome],
                )
            )

    def _complaint_carry_points(self):
        """Take the points that are not settled along into the cycle that begins."""
        points = self.env["complaint.point"]
        for ticket in self:
            points |= ticket.complaint_point_ids.filtered(
                lambda x: (
                    x.cycle == x.ticket_id.complaint_cycle - 1
                    and x.verdict != "accepted"
                )
            )
        points._raise_again()

    def _complaint_points_block(self):
        """The points as a list, each with its answer, in the language of the context.

        :return: ``Markup``, empty when no point was noted
        """
        lines = Markup("").join(
            Markup("<li>%s</li>") % point._describe()
            for point in self._complaint_current_points()
        )
        return lines and Markup("<ol>%s</ol>") % lines
