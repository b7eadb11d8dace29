import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_datetime

_logger = logging.getLogger(__name__)


class ComplaintDeadline(models.Model):
    """Who is told that a promise is near, due or broken: each reminder once."""

    _inherit = "complaint.deadline"

    reminded_until = fields.Datetime(
        readonly=True, help="Reminders up to this moment have been given."
    )
    next_reminder_at = fields.Datetime(
        compute="_compute_next_reminder_at",
        store=True,
        readonly=True,
    )

    _reminder_idx = models.Index("(next_reminder_at) WHERE state = 'running'")

    @api.depends("state", "due_at", "reminded_until")
    def _compute_next_reminder_at(self):
        for deadline in self:
            moments = [
                rule._moment(deadline.due_at) for rule in deadline._reminder_rules()
            ]
            done = deadline.reminded_until
            deadline.next_reminder_at = min(
                (moment for moment in moments if not done or moment > done),
                default=False,
            )

    def _reminder_rules(self):
        """The reminders of this promise, while it runs."""
        if self.state != "running" or not self.due_at:
            return self.env["complaint.reminder.rule"]
        return self.policy_id.reminder_rule_ids

    @api.model
    def _prepare_reminder_vals(self, policy, due_at):
        """What a promise made now knows of its reminders: those that count as given.

        Moments already gone when the clock is set call for no reminder of their
        own, but the last of them does: the handler must hear of it at once.
        """
        now = fields.Datetime.now()
        moments = [rule._moment(due_at) for rule in policy.reminder_rule_ids]
        passed = [moment for moment in moments if moment < now]
        done = max(passed) - timedelta(seconds=1) if passed else False
        left = [moment for moment in moments if not done or moment > done]
        return {
            "reminded_until": done,
            "next_reminder_at": min(left, default=False),
        }

    @api.model
    def _get_reminder_domain(self):
        return Domain("state", "=", "running") & Domain(
            "next_reminder_at", "<=", fields.Datetime.now()
        )

    @api.model
    def _cron_remind(self, batch=100):
        """Tell who must know of promises that are near, due or broken.

        What is due is on the promise itself (``next_reminder_at``), and giving it
        moves the promise past that moment in the same transaction: killed, run
        twice or late, each reminder comes once. After an outage a promise with
        several moments behind it gets one activity per level, not one per moment.
        """
        domain = self._get_reminder_domain()
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=self.search_count(domain))
        seen = self.browse()
        while True:
            due = self.search(
                domain & Domain("id", "not in", seen.ids),
                limit=batch,
                order="next_reminder_at, id",
            )
            if not due:
                return
            # Given, failed or taken by another worker: not again in this run. One
            # that failed is still due and comes back with the next.
            seen |= due
            locked = due.try_lock_for_update(allow_referencing=True)
            for deadline in locked.filtered_domain(domain):
                try:
                    with self.env.cr.savepoint():
                        deadline._remind()
                except Exception:
                    _logger.exception("Reminder of complaint deadline %s", deadline.id)
            if not cron._commit_progress(len(due)):
                return

    def _remind(self):
        """Give every reminder whose moment has come, once."""
        self.ensure_one()
        now = fields.Datetime.now()
        rules = self._reminder_rules().filtered(
            lambda rule: (
                rule._moment(self.due_at) <= now
                and (
                    not self.reminded_until
                    or rule._moment(self.due_at) > self.reminded_until
                )
            )
        )
        users = [
            self.ticket_id._complaint_user_of_level(level)
            for level in rules.mapped("level")
        ]
        for user in dict.fromkeys(users):
            self._remind_user(user)
        self.reminded_until = now

    def _remind_user(self, user):
        """Leave one activity; not a second one with the same words."""
        ticket = self.ticket_id.with_context(lang=user.lang)
        words = dict(self._fields["step"]._description_selection(ticket.env))
        values = {
            "step": words[self.step],
            "due": format_datetime(
                ticket.env, self.due_at, tz=self.regime_id.tz, dt_format="short"
            ),
        }
        if self.due_at < fields.Datetime.now():
            summary = ticket.env._("Late: %(step)s, due %(due)s", **values)
        else:
            summary = ticket.env._("%(step)s by %(due)s", **values)
        kind = "helpdesk_complaint.mail_activity_deadline"
        if ticket.activity_search([kind], user_id=user.id).filtered(
            lambda activity: activity.summary == summary
        ):
            return
        ticket.activity_schedule(
            kind,
            date_deadline=fields.Datetime.context_timestamp(
                ticket.with_context(tz=self.regime_id.tz), self.due_at
            ).date(),
            summary=summary,
            user_id=user.id,
        )
