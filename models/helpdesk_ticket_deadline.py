from datetime import timedelta

import pytz

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date, format_datetime

from .complaint_terms import COMPLAINANT_STEPS, FILE_GROUPS, STEPS


class HelpdeskTicket(models.Model):
    """3. The promises of a complaint: which, until when, what is next, how late."""

    _inherit = "helpdesk.ticket"

    complaint_deadline_ids = fields.One2many(
        "complaint.deadline",
        "ticket_id",
        "Deadlines",
        readonly=True,
        copy=False,
        groups=FILE_GROUPS,
    )
    complaint_next_due_at = fields.Datetime(
        "Next due",
        compute="_compute_complaint_next",
        store=True,
        copy=False,
        index="btree_not_null",
        help="The nearest date on which the company owes something.",
    )
    complaint_next_step = fields.Selection(
        STEPS, "Next step", compute="_compute_complaint_next", store=True, copy=False
    )
    complaint_is_overdue = fields.Boolean(
        "Overdue",
        compute="_compute_complaint_is_overdue",
        compute_sudo=True,
        search="_search_complaint_is_overdue",
    )
    complaint_urgency = fields.Selection(
        [("calm", "In time"), ("soon", "Soon due"), ("late", "Late")],
        "Urgency",
        compute="_compute_complaint_is_overdue",
        compute_sudo=True,
        help="Soon: the last quarter of the time is running.",
    )
    complaint_due_text = fields.Char(
        "What is due", compute="_compute_complaint_due_text", compute_sudo=True
    )
    complaint_why = fields.Text(
        "Why", compute="_compute_complaint_due_text", compute_sudo=True
    )
    complaint_window_end = fields.Datetime(
        "Acceptance window", compute="_compute_complaint_window_end", compute_sudo=True
    )

    # The list of complaints, what is due first on top.
    _complaint_list_idx = models.Index(
        "(complaint_next_due_at, id) WHERE complaint_state IS NOT NULL"
    )

    @api.depends("complaint_deadline_ids.state", "complaint_deadline_ids.due_at")
    def _compute_complaint_next(self):
        for ticket in self:
            deadline = ticket._complaint_next_deadline()
            ticket.complaint_next_due_at = deadline.due_at
            ticket.complaint_next_step = deadline.step

    def _complaint_next_deadline(self):
        """The promise that the company must keep first."""
        return min(
            (
                deadline
                for deadline in self.complaint_deadline_ids
                if deadline.state == "running"
                and deadline.step not in COMPLAINANT_STEPS
            ),
            key=lambda deadline: (deadline.due_at, deadline.id),
            default=self.complaint_deadline_ids.browse(),
        )

    @api.depends("complaint_next_due_at")
    def _compute_complaint_is_overdue(self):
        now = fields.Datetime.now()
        for ticket in self:
            due = ticket.complaint_next_due_at
            ticket.complaint_is_overdue = bool(due and due < now)
            if not due:
                ticket.complaint_urgency = False
            elif due < now:
                ticket.complaint_urgency = "late"
            else:
                start = ticket._complaint_next_deadline().start_at or now
                last_quarter = due - (due - start) / 4
                ticket.complaint_urgency = "soon" if now >= last_quarter else "calm"

    def _search_complaint_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("complaint_next_due_at", "<", fields.Datetime.now())

    @api.depends("complaint_next_due_at", "complaint_state")
    @api.depends_context("lang")
    def _compute_complaint_due_text(self):
        words = dict(
            self._fields["complaint_next_step"]._description_selection(self.env)
        )
        for ticket in self:
            deadline = ticket._complaint_next_deadline()
            ticket.complaint_why = deadline.explanation
            if deadline:
                ticket.complaint_due_text = self.env._(
                    "%(step)s by %(due)s, %(left)s",
                    step=words.get(deadline.step),
                    due=ticket._complaint_format_due(deadline),
                    left=ticket._complaint_time_left(deadline),
                )
            else:
                ticket.complaint_due_text = ticket._complaint_waiting_text()

    def _complaint_format_due(self, deadline):
        """A due day, or a due hour where the promise is in hours."""
        zone = deadline.regime_id.tz
        if deadline.policy_id.unit == "hour":
            return format_datetime(
                self.env, deadline.due_at, tz=zone, dt_format="EEE d MMM y HH:mm"
            )
        return format_date(
            self.env,
            pytz.utc.localize(deadline.due_at).astimezone(pytz.timezone(zone)).date(),
            date_format="EEE d MMM y",
        )

    def _complaint_time_left(self, deadline):
        """Time left or lost, in hours for promises in hours, else in days."""
        gap = deadline.due_at - fields.Datetime.now()
        late = gap < timedelta(0)
        if deadline.policy_id.unit == "hour" and abs(gap) < timedelta(days=3):
            count = int(abs(gap).total_seconds() // 3600)
            length = self._complaint_length(count, "hour")
            if late:
                return self.env._("%(length)s late", length=length)
            return self.env._("in %(length)s", length=length)
        zone = pytz.timezone(deadline.regime_id.tz)
        today = pytz.utc.localize(fields.Datetime.now()).astimezone(zone).date()
        due = pytz.utc.localize(deadline.due_at).astimezone(zone).date()
        length = self._complaint_length(abs((due - today).days), "day")
        if late:
            return self.env._("%(length)s late", length=length)
        if due == today:
            return self.env._("today")
        return self.env._("in %(length)s", length=length)

    def _complaint_waiting_text(self):
        if self.complaint_state == "answered":
            if self.complaint_window_end:
                return self.env._(
                    "Answered. The complainant may react until %(date)s.",
                    date=format_date(
                        self.env,
                        self._complaint_local_day(self.complaint_window_end),
                        date_format="EEE d MMM y",
                    ),
                )
            return self.env._("Answered. Close the complaint once it is accepted.")
        if self.complaint_state == "to_qualify":
            return self.env._("To qualify: no regime is chosen yet.")
        if self.complaint_state == "in_progress":
            return self.env._("Nothing is due now.")
        return False

    @api.depends("complaint_deadline_ids.state", "complaint_deadline_ids.due_at")
    def _compute_complaint_window_end(self):
        for ticket in self:
            windows = ticket._complaint_current_deadlines("accept").filtered(
                lambda x: x.state == "running"
            )
            # Of several windows the complainant has the longest.
            ticket.complaint_window_end = max(windows.mapped("due_at"), default=False)

    def _complaint_window_is_open(self):
        end = self.complaint_window_end
        return bool(end and end >= fields.Datetime.now())

    def _complaint_current_deadlines(self, *names):
        """The promises of the current cycle that hold, all or of the steps named."""
        return self.complaint_deadline_ids.filtered(
            lambda x: (
                x.cycle == x.ticket_id.complaint_cycle
                and x.state != "cancelled"
                and (not names or x.step in names)
            )
        )

    # ------------------------------------------------------------------
    # Who is told
    # ------------------------------------------------------------------

    def _complaint_user_of_level(self, level):
        """The user told of a deadline, falling back to who is above or beside.

        Handler, then team leader, then whoever qualified, then the team's members,
        then the officers, then the one who runs the job. Whoever may not see the file
        is passed over: a reminder always has a reader, and never a wrong one.
        """
        self.ensure_one()
        return self._complaint_users_of_levels({(self, level)})[self, level]

    def _complaint_choices_of_level(self, level):
        """Who may be told of a deadline, the first choice first, one after the other.

        Few are ever asked for: an iterator, that looks for the officers at the end.
        """
        ticket = self.sudo()  # sudo: res.users - only to know whom to tell
        handler, leader = ticket.user_id, ticket.team_id.user_id
        boss = ticket.complaint_qualified_by_id
        if level == "officer":
            yield from ticket._complaint_officers()
        first = {
            "handler": (handler, leader, boss),
            "leader": (leader, boss, handler),
            "manager": (boss, leader, handler),
            "officer": (boss, leader, handler),
        }[level]
        yield from (user for user in first if user)
        yield from ticket.team_id.user_ids
        yield from ticket._complaint_officers()

    def _complaint_may_be_told(self, user):
        """Whether a user is a colleague who works here and may read this file."""
        return bool(self._complaint_readable_by(user))

    def _complaint_officers(self):
        """The compliance officers of the company, administrators last."""
        group = self.env.ref("helpdesk_complaint.group_complaint_officer")
        # sudo: res.groups - its members
        officers = group.sudo().all_user_ids.filtered(
            lambda user: self.company_id in user.company_ids
        )
        return officers.sorted(lambda user: user._is_system())
