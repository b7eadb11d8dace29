import logging
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..engine import reminder as engine
from ..engine.errors import EngineError
from .complaint_batch import LOST_RACES, in_rounds
from .complaint_reminder_call import Call, Known
from .complaint_terms import COMPLAINANT_STEPS, LEVELS, LIVE_STATES

_logger = logging.getLogger(__name__)

# One person is told of the highest level that he stands for.
RANK = {level: rank for rank, (level, _label) in enumerate(LEVELS)}


class ComplaintDeadline(models.Model):
    """Who is told that a promise is near, due or broken: each reminder once.

    What was given is in ``complaint.reminder``; ``next_reminder_at`` only says when
    to look again. Looking too often does no harm.
    """

    _inherit = "complaint.deadline"

    reminder_ids = fields.One2many(
        "complaint.reminder", "deadline_id", "Reminders", readonly=True
    )
    next_reminder_at = fields.Datetime(
        "Next reminder",
        compute="_compute_next_reminder_at",
        store=True,
        readonly=True,
    )
    reminder_error = fields.Text(
        "Reminder not given",
        compute="_compute_next_reminder_at",
        store=True,
        readonly=True,
        help="Why. It is tried again when the due date, the state or the handler "
        "changes, or by the button.",
    )

    _reminder_idx = models.Index("(next_reminder_at) WHERE state = 'running'")

    @api.depends("state", "due_at", "ticket_id.user_id", "ticket_id.team_id")
    def _compute_next_reminder_at(self):
        """A promise that moved is looked at from its first reminder on.

        So is one with another handler, who may be at work when the last one was not.
        Which reminders were given is left to the job, that asks for many at once. So
        is a rule that gives no date: it must not stop the step that moved the promise.
        """
        first = {}
        for deadline in self:
            deadline.reminder_error = False
            if deadline.state != "running" or not deadline.due_at:
                deadline.next_reminder_at = False
                continue
            # Of thousands that move together most fall due together.
            key = (deadline.policy_id, deadline.due_at, deadline.company_id)
            if key not in first:
                vals = self._prepare_reminder_vals(*key)
                first[key] = vals["next_reminder_at"]
            deadline.next_reminder_at = first[key]

    def _reminder_calls(self):
        """The reminders of this promise, past and to come, while it runs."""
        self.ensure_one()
        if self.state != "running" or not self.due_at:
            return []
        return [
            Call(self, rule, rule._moment(self.due_at, self.company_id))
            for rule in self.policy_id.reminder_rule_ids
        ]

    @api.model
    def _prepare_reminder_vals(self, policy, due_at, company):
        """When to look first at the reminders of a promise made now."""
        try:
            moments = [
                rule._moment(due_at, company) for rule in policy.reminder_rule_ids
            ]
        except (EngineError, UserError):
            moments = [fields.Datetime.now()]
        return {"next_reminder_at": min(moments, default=False)}

    @api.model
    def _plan_reminders_again(self, domain):
        """Let the job look again at the running promises of a domain.

        One statement whatever their number: the job plans them in its batches, and
        knows what was given already.
        """
        deadlines = self.sudo()  # sudo: complaint.deadline - they follow the rules
        running = deadlines._search(Domain(domain) & Domain("state", "=", "running"))
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """
                UPDATE complaint_deadline
                   SET next_reminder_at = %s, reminder_error = NULL
                 WHERE id IN %s
                """,
                fields.Datetime.now(),
                running.subselect(),
            )
        )
        self.invalidate_model(["next_reminder_at", "reminder_error"], flush=False)

    def _reckoned_vals(self, start_at):
        """With the reminder that a date brings along: one write instead of two."""
        vals = super()._reckoned_vals(start_at)
        if "due_at" in vals and self.state == "running":
            vals["reminder_error"] = False
            vals |= self._prepare_reminder_vals(
                self.policy_id, vals["due_at"], self.company_id
            )
        return vals

    def _recompute_due(self, *args, **kwargs):
        """A day that closes may move a reminder in working days, and no due date."""
        moved = super()._recompute_due(*args, **kwargs)
        units = {
            policy: set(policy.reminder_rule_ids.mapped("unit"))
            for policy in self.policy_id
        }
        self.filtered(
            lambda x: x.state == "running" and "business_day" in units[x.policy_id]
        ).next_reminder_at = fields.Datetime.now()
        return moved

    # ------------------------------------------------------------------
    # The job
    # ------------------------------------------------------------------

    @api.model
    def _get_reminder_domain(self):
        return Domain("state", "=", "running") & Domain(
            "next_reminder_at", "<=", fields.Datetime.now()
        )

    @api.model
    def _cron_remind(self, batch=200):
        """Tell who must know of promises that are near, due or broken.

        To-dos, the record that they were given and the next moment to look change in
        one transaction a batch: killed, run twice, late or beside another worker,
        each reminder comes once. E-mails wait on record until all promises were
        looked at, so that nobody gets more than a few in one run; then they and their
        record change in one transaction as well.
        """
        deadlines = self.sudo()  # sudo: complaint.deadline - the job works for all
        reminders = deadlines.env["complaint.reminder"]
        deadlines.env["ir.cron"]._commit_progress(
            remaining=deadlines.search_count(deadlines._get_reminder_domain())
            + reminders.search_count(reminders._get_waiting_domain())
        )
        is_done = deadlines._remind_in_rounds(batch) and reminders._send_in_rounds()
        # One left: e-mails were added to what was counted, and the time is over.
        deadlines.env["ir.cron"]._commit_progress(remaining=0 if is_done else 1)

    def _remind_in_rounds(self, batch):
        busy = set()  # of another worker: not again in this run

        def take(_done):
            due = self.search(
                self._get_reminder_domain() & Domain("id", "not in", busy),
                limit=batch,
                order="next_reminder_at, id",
            )
            free = due.try_lock_for_update(allow_referencing=True)
            busy.update((due - free).ids)
            return free, len(due)

        return in_rounds(
            self.env,
            take,
            lambda deadlines: deadlines._remind(),
            lambda deadline, error: deadline._give_up_reminder(error),
        )

    def _remind(self):
        """Give each reminder of these promises whose moment has come, once."""
        now = fields.Datetime.now()
        live = self.filtered(lambda x: x.ticket_id.complaint_state in LIVE_STATES)
        (self - live).next_reminder_at = False
        known = live._known_reminders()
        pending, overtaken, looks = [], [], defaultdict(list)
        for deadline in live:
            calls = deadline._reminder_calls()
            looks[deadline].extend(call.moment for call in calls if call.moment > now)
            for call in calls:
                if call.moment > now or call.key in known.settled:
                    continue
                if known.is_outlived(call, calls):
                    overtaken.append((call, self.env["res.users"]))
                else:
                    pending.append(call)
        given, late, waiting = live._sort_out(pending, now)
        reminders = self.env["complaint.reminder"]
        reminders._record(overtaken + late, "overtaken", known.failed)
        reminders._give(given, known.failed)
        for call, ready_at in waiting:
            looks[call.deadline].append(ready_at)
        for deadline in live:
            deadline.next_reminder_at = min(looks[deadline], default=False)

    def _known_reminders(self):
        """What was given or passed over of these promises, in one query."""
        rows = self.env["complaint.reminder"].search_fetch(
            [("deadline_id", "in", self.ids)],
            ["deadline_id", "rule_id", "moment", "level", "state", "given_at"],
        )
        return Known(rows)

    def _sort_out(self, calls, now):
        """Find who hears of what now: ``(given, overtaken, waiting)``.

        :return: lists of ``(call, user)``, in the order of the moments, and of
            ``(call, when to look again)``
        """
        users = self.env["helpdesk.ticket"]._complaint_users_of_levels(
            {(call.deadline.ticket_id, call.rule.level) for call in calls}
        )
        ready = {}
        by_deadline = defaultdict(list)
        for call in sorted(calls, key=lambda call: -RANK[call.rule.level]):
            rule, user = call.rule, users[call.deadline.ticket_id, call.rule.level]
            # Asked once for each user, and once a moment for what is gathered.
            key = (user, rule.any_time, rule.is_digest and call.moment)
            if key not in ready:
                ready[key] = rule._ready_at(user, call.moment, now)
            by_deadline[call.deadline].append(
                engine.Pending(call, call.moment, user, rule._way(), ready[key])
            )
        parts = [], [], []
        for pendings in by_deadline.values():
            for part, found in zip(parts, engine.sort_out(pendings, now), strict=True):
                part.extend(found)
        for part in parts:
            part.sort(key=lambda pending: (pending.moment, pending.key.deadline.id))
        given, overtaken, waiting = parts
        return (
            [(pending.key, pending.reader) for pending in given],
            [(pending.key, pending.reader) for pending in overtaken],
            [(pending.key, pending.ready_at) for pending in waiting],
        )

    # ------------------------------------------------------------------
    # The words
    # ------------------------------------------------------------------

    def _reminder_words(self, is_escalation=False):
        """One sentence in the language of the environment, without personal data."""
        self.ensure_one()
        steps = dict(self._fields["step"]._description_selection(self.env))
        values = {
            "step": self.policy_id.label or steps[self.step],
            "due": self.ticket_id._complaint_format_due(self),
        }
        is_over = self.due_at <= fields.Datetime.now()
        if self.step in COMPLAINANT_STEPS:
            if is_over:
                return self.env._("%(step)s: over since %(due)s", **values)
            return self.env._("%(step)s: until %(due)s", **values)
        if is_escalation:
            if is_over:
                return self.env._(
                    "Escalated to you: %(step)s was due %(due)s", **values
                )
            return self.env._("Escalated to you: %(step)s by %(due)s", **values)
        if is_over:
            return self.env._("Late: %(step)s, due %(due)s", **values)
        return self.env._("%(step)s by %(due)s", **values)

    # ------------------------------------------------------------------
    # What goes wrong
    # ------------------------------------------------------------------

    def _give_up_reminder(self, error):
        """Mark a promise whose reminder fails, tell the officer once, and go on."""
        _logger.error(
            "Reminder of complaint deadlines %s failed", self.ids, exc_info=error
        )
        reason = str(error).strip() or type(error).__name__
        self.write({"reminder_error": reason, "next_reminder_at": False})
        for attempt in (self._record_failure, self._warn_of_failure):
            try:
                with self.env.cr.savepoint():
                    attempt()
            except LOST_RACES:
                raise
            except Exception:
                _logger.exception("Failed reminder of deadlines %s", self.ids)

    def _record_failure(self):
        """Leave a line for each reminder that should have been given by now."""
        now = fields.Datetime.now()
        known = self._known_reminders()
        calls = [
            (call, self.env["res.users"])
            for deadline in self
            for call in deadline._reminder_calls()
            if call.moment <= now
            and call.key not in known.settled
            and call.key not in known.failed
        ]
        self.env["complaint.reminder"]._record(calls, "failed")

    def _warn_of_failure(self):
        """Ask the compliance officer to look, once for each reason."""
        tickets = self.ticket_id
        officers = tickets._complaint_users_of_levels(
            {(ticket, "officer") for ticket in tickets}
        )
        todos = []
        for deadline in self:
            user = officers[deadline.ticket_id, "officer"]
            spoken = deadline.with_context(lang=user.lang)
            words = spoken.env._(
                "Complaint %(ticket)s: a reminder cannot be given (%(reason)s)",
                ticket=deadline.ticket_id.complaint_reference,
                reason=deadline.reminder_error.splitlines()[0],
            )
            todos.append((deadline, user, words))
        self.env["complaint.reminder"]._leave_todos(todos)

    def action_retry_reminder(self):
        """Try the reminders of these promises again, once their reason is gone.

        :return: True
        """
        self.ticket_id._complaint_check_role()
        deadlines = self.sudo()  # sudo: complaint.deadline - written by the job only
        deadlines.write(
            {"reminder_error": False, "next_reminder_at": fields.Datetime.now()}
        )
        job = self.env.ref("helpdesk_complaint.ir_cron_complaint_reminder")
        job.sudo()._trigger()  # sudo: ir.cron - whoever asks may not manage jobs
        return True
