from datetime import UTC

from odoo import api, fields, models

from ..engine.daytime import local_day, zone
from .complaint_reminder_rule import ACTIONS
from .complaint_terms import LEVELS

REMINDER_STATES = [
    ("waiting", "To be sent"),
    ("given", "Given"),
    ("overtaken", "Overtaken"),
    ("failed", "Failed"),
]


class ComplaintReminder(models.Model):
    """One reminder of one promise: who was told, when, and that it was told once.

    Written by the job alone, in the transaction that tells; read as evidence. What
    the rule said is kept here, because rules change.
    """

    _name = "complaint.reminder"
    _description = "Complaint reminder"
    _inherit = ["complaint.file.mixin"]
    _order = "moment desc, id desc"

    deadline_id = fields.Many2one(
        "complaint.deadline", required=True, readonly=True, ondelete="restrict"
    )
    step = fields.Selection(related="deadline_id.step")
    due_at = fields.Datetime(related="deadline_id.due_at")
    rule_id = fields.Many2one(
        "complaint.reminder.rule",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    level = fields.Selection(LEVELS, "For", required=True, readonly=True)
    action = fields.Selection(ACTIONS, "How", required=True, readonly=True)
    is_digest = fields.Boolean("Gathered", readonly=True)
    moment = fields.Datetime(
        required=True, readonly=True, help="When the rule says that it is time."
    )
    user_id = fields.Many2one(
        "res.users", "Told", readonly=True, ondelete="restrict", help="Nobody, if empty"
    )
    state = fields.Selection(
        REMINDER_STATES,
        required=True,
        readonly=True,
        help="Overtaken: a later reminder was given instead, or the promise was kept "
        "before it left.",
    )
    given_at = fields.Datetime("Given on", readonly=True)

    _once = models.UniqueIndex(
        "(deadline_id, rule_id, moment)", "A reminder is given once."
    )
    _waiting_idx = models.Index("(user_id, moment) WHERE state = 'waiting'")
    _digest_idx = models.Index("(user_id, given_at) WHERE is_digest")

    @api.depends("moment", "level")
    def _compute_display_name(self):
        words = dict(self._fields["level"]._description_selection(self.env))
        for reminder in self:
            reminder.display_name = f"{reminder.moment} {words.get(reminder.level, '')}"

    # ------------------------------------------------------------------
    # Written by the job
    # ------------------------------------------------------------------

    @api.model
    def _record(self, told, state, failed=None):
        """Write one line for each reminder; one that failed before is written again.

        :param told: pairs of a call (deadline, rule, moment) and a user, who may be
            empty
        :param failed: lines of earlier failures by ``call.key``
        """
        now = fields.Datetime.now()
        vals_list = []
        for call, user in told:
            vals = {
                "ticket_id": call.deadline.ticket_id.id,
                "deadline_id": call.deadline.id,
                "rule_id": call.rule.id,
                "level": call.rule.level,
                "action": call.rule.action,
                "is_digest": call.rule.is_digest,
                "moment": call.moment,
                "user_id": user.id,
                "state": state,
                "given_at": now if state == "given" else False,
            }
            row = failed and failed.get(call.key)
            if row:
                row.write(vals)
            else:
                vals_list.append(vals)
        return self.create(vals_list)

    @api.model
    def _give(self, told, failed=None):
        """Tell these users now, in this order; what goes by e-mail waits to be sent."""
        letters = [pair for pair in told if pair[0].rule.action == "email"]
        todos = [pair for pair in told if pair[0].rule.action != "email"]
        self._record(letters, "waiting", failed)
        self._record(todos, "given", failed)
        self._leave_todos(
            self._word_todos(
                (call.deadline, user, call.rule.action == "escalation")
                for call, user in todos
            )
        )
        self._escalate(todos)

    @api.model
    def _word_todos(self, told):
        """Put each to-do in the language of its reader.

        :param told: triples of a deadline, a user, and whether it is escalated to him
        :return: triples of a deadline, a user and a sentence
        """
        envs = {}
        todos = []
        for deadline, user, is_escalation in told:
            if user.lang not in envs:
                envs[user.lang] = self.with_context(lang=user.lang).env
            words = deadline.with_env(envs[user.lang])._reminder_words(is_escalation)
            todos.append((deadline, user, words))
        return todos

    @api.model
    def _leave_todos(self, todos):
        """Leave to-dos on complaints; not a second one with the same words.

        :param todos: triples of a deadline, a user and a sentence
        """
        if not todos:
            return
        kind = self.env.ref("helpdesk_complaint.mail_activity_deadline")
        activities = self.env["mail.activity"]
        known = {
            (activity.res_id, activity.user_id.id, activity.summary)
            for activity in activities.search_fetch(
                [
                    ("res_model", "=", "helpdesk.ticket"),
                    ("res_id", "in", list({todo[0].ticket_id.id for todo in todos})),
                    ("activity_type_id", "=", kind.id),
                ],
                ["res_id", "user_id", "summary"],
            )
        }
        vals_list = []
        for deadline, user, words in todos:
            key = (deadline.ticket_id.id, user.id, words)
            if key in known:
                continue
            known.add(key)
            due = deadline.due_at.replace(tzinfo=UTC)
            vals_list.append(
                {
                    "res_model_id": self.env["ir.model"]._get_id("helpdesk.ticket"),
                    "res_id": deadline.ticket_id.id,
                    "activity_type_id": kind.id,
                    "automated": True,
                    "summary": words,
                    "user_id": user.id,
                    "date_deadline": local_day(due, zone(deadline.regime_id.tz)),
                }
            )
        # No e-mail for each to-do: where one is wanted, a rule says so.
        activities.with_context(
            mail_activity_quick_update=True, complaint_reminding=True
        ).create(vals_list)

    @api.model
    def _escalate(self, told):
        """Note on the complaints to whom they were escalated."""
        facts = {}
        for call, _user in told:
            if call.rule.action == "escalation":
                facts.setdefault(call.deadline.ticket_id, []).append(
                    (call.rule.level, call.deadline.id)
                )
        self.env["helpdesk.ticket"]._complaint_escalate(facts)
