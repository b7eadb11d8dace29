from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..engine import chain, retention, steps
from .complaint_event import EVENTS
from .complaint_terms import FILE_GROUPS, LIVE_STATES, SEVERITIES, STATES

# Written by the steps alone, with the system's rights, never by a form or a call.
STEP_FIELDS = frozenset(
    {
        "complaint_state",
        "complaint_number",
        "complaint_registered_at",
        "complaint_regime_ids",
        "complaint_cycle",
        "complaint_cycle_started_at",
        "complaint_acknowledged_at",
        "complaint_answered_at",
        "complaint_closed_at",
        "complaint_archive_date",
        "complaint_retention_date",
        "complaint_is_justified",
        "complaint_outcome",
        "complaint_qualified_by_id",
        "complaint_qualified_at",
        "complaint_qualification_reason",
        "complaint_next_due_at",
        "complaint_next_step",
        "complaint_event_count",
        "complaint_event_head",
        "complaint_salt",
    }
)
# Changing one of these moves deadlines, changes who answers or rewrites what was
# complained about: history says so.
LOGGED_FIELDS = (
    "name",
    "description",
    "complaint_request",
    "complaint_sent_date",
    "complaint_received_at",
    "complaint_medium",
    "complaint_severity",
    "complaint_is_confidential",
    "complaint_concerned_user_ids",
    "company_id",
    "team_id",
    "user_id",
    "partner_id",
    "category_id",
    "complaint_cause_id",
    "complaint_series_id",
)
# Of a file that has no history yet.
NO_SALT = "-"
# What an agent without a role in complaints changes until the file is registered.
INTAKE_FIELDS = frozenset(
    {
        "complaint_sent_date",
        "complaint_received_at",
        "complaint_medium",
        "complaint_severity",
        "complaint_is_confidential",
    }
)


class HelpdeskTicket(models.Model):
    """A complaint is a ticket on which ``complaint_state`` is set.

    This file holds the state, the steps' guard, and the only overrides of create
    and write; the files beside it hold one concern each.
    """

    _inherit = "helpdesk.ticket"
    _check_company_auto = True

    complaint_state = fields.Selection(
        STATES,
        "Complaint",
        readonly=True,
        copy=False,
        tracking=True,
        index="btree_not_null",
        group_expand="_group_expand_complaint_state",
        help="Empty on an ordinary ticket. Changed by the steps only.",
    )
    complaint_severity = fields.Selection(
        SEVERITIES, "Severity", default="1", copy=False, tracking=True
    )
    complaint_is_confidential = fields.Boolean(
        "Confidential",
        copy=False,
        tracking=True,
        help="Only compliance officers, the handler and the complainant see it.",
    )
    complaint_concerned_user_ids = fields.Many2many(
        "res.users",
        "complaint_concerned_user_rel",
        "ticket_id",
        "user_id",
        "Persons complained about",
        copy=False,
        help="These colleagues never see this complaint, nor any part of it.",
        groups=FILE_GROUPS,
    )
    complaint_cycle = fields.Integer(
        "Cycle",
        default=1,
        readonly=True,
        copy=False,
        help="Starts at 1; each reopening starts a new one, with new deadlines.",
    )
    complaint_cycle_started_at = fields.Datetime(readonly=True, copy=False)
    complaint_allowed_steps = fields.Char(
        compute="_compute_complaint_allowed_steps",
        compute_sudo=True,
        help="Steps that can be taken now, between commas: what the buttons obey.",
    )
    complaint_primary_step = fields.Char(
        compute="_compute_complaint_allowed_steps", compute_sudo=True
    )
    complaint_reference = fields.Char(
        "Reference",
        compute="_compute_complaint_reference",
        help="Register number, or the ticket's number before registration.",
    )

    @api.depends_context("uid")
    @api.depends(
        "complaint_state",
        "complaint_decision_ids.cycle",
        "complaint_hold_ids.date_end",
        "complaint_referral_ids.state",
        "complaint_deadline_ids.state",
        "complaint_deadline_ids.due_at",
        "complaint_cause_id",
    )
    def _compute_complaint_allowed_steps(self):
        forbidden = self._complaint_forbidden_steps()
        for ticket in self:
            allowed = [
                step
                for step in steps.allowed(
                    ticket.complaint_state or None, ticket._complaint_facts()
                )
                if step not in forbidden and ticket._complaint_clock_allows(step)
            ]
            ticket.complaint_allowed_steps = f",{','.join(allowed)},"
            ticket.complaint_primary_step = ticket._complaint_find_primary(allowed)

    @api.model
    def _complaint_forbidden_steps(self):
        """Steps that this user's role may not take, whatever the complaint."""
        user = self.env.user
        if user.has_group("helpdesk_complaint.group_complaint_manager"):
            return ()
        if user.has_group("helpdesk_complaint.group_complaint_user"):
            return ("qualify_yes", "qualify_no")
        return [step for step in steps.STEPS if step != "report"]

    def _complaint_clock_allows(self, step):
        """Whether some promise that runs lets itself be paused or extended."""
        flag = {"pause": "can_pause", "extend": "can_extend"}.get(step)
        return not flag or any(
            deadline.policy_id[flag]
            for deadline in self._complaint_current_deadlines()
            if deadline.state == "running"
        )

    def _complaint_find_primary(self, allowed):
        """The step that the file asks for next, among those allowed."""
        self.ensure_one()
        wanted = {
            "to_qualify": ["qualify_yes"],
            "in_progress": [
                "acknowledge" if self._complaint_owes("acknowledge") else "decide",
                "close",
                "reply" if "reply" in allowed else "decide",
            ],
            "answered": ["close"],
        }.get(self.complaint_state, [])
        if self._complaint_decision() and not self._complaint_owes("acknowledge"):
            wanted = [step for step in wanted if step != "decide"]
        found = next((step for step in wanted if step in allowed), False)
        return "qualify" if found == "qualify_yes" else found

    def _complaint_owes(self, step):
        """Whether a promise of this step still runs in the current cycle."""
        return bool(
            self._complaint_current_deadlines(step).filtered(
                lambda deadline: deadline.state in ("running", "paused")
            )
        )

    @api.model
    def _group_expand_complaint_state(self, states, domain):
        """Columns in the order of life; those of the daily work even when empty."""
        daily = ("to_qualify", "in_progress", "answered", "closed")
        return [code for code, _label in STATES if code in states or code in daily]

    @api.depends("complaint_number", "number")
    def _compute_complaint_reference(self):
        for ticket in self:
            ticket.complaint_reference = ticket.complaint_number or ticket.number

    # ------------------------------------------------------------------
    # Create and write
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        # Keys are taken away here, which keyword arguments cannot do.
        # pylint: disable=context-overridden
        tickets = self.with_context(
            {
                key: value
                for key, value in self.env.context.items()
                if key[8:] not in STEP_FIELDS
            }
        )
        for vals in vals_list:
            self._complaint_straighten_title(vals)
        reported = [self._complaint_take_report(vals) for vals in vals_list]
        created = super(HelpdeskTicket, tickets).create(vals_list)
        created = created.with_env(self.env)
        self.browse(
            ticket.id
            for ticket, report in zip(created, reported, strict=True)
            if report
        )._complaint_enter()
        return created

    def copy(self, default=None):
        """A copy holds the same text, so it is hidden from the same people."""
        copies = super().copy(default=default)
        # sudo: helpdesk.ticket - who copies may not read who is complained about
        for ticket, copy in zip(self.sudo(), copies.sudo(), strict=True):
            copy.write(
                {
                    "complaint_is_confidential": ticket.complaint_is_confidential,
                    "complaint_concerned_user_ids": [
                        fields.Command.set(ticket.complaint_concerned_user_ids.ids)
                    ],
                }
            )
        return copies

    def write(self, vals):
        self._complaint_refuse_step_fields(vals)
        self._complaint_straighten_title(vals)
        complaints = self.filtered("complaint_state")
        if not complaints:
            return super().write(vals)
        complaints._complaint_refuse_archiving(vals)
        complaints._complaint_refuse_closing_stage(vals)
        complaints._complaint_refuse_late_changes(vals)
        before = complaints._complaint_snapshot(vals)
        result = super().write(vals)
        complaints._complaint_after_change(before)
        return result

    @api.model
    def _complaint_take_report(self, vals):
        """Take the state out of creation values: it is given by a step.

        :return: whether the new ticket is to be reported as a complaint
        """
        asked = vals.pop("complaint_state", False) or self.env.context.get(
            "default_complaint_state"
        )
        self._complaint_refuse_step_fields(vals)
        if asked and asked != "to_qualify":
            raise UserError(
                self.env._(
                    "A complaint starts in the state “To qualify”: leave the state "
                    "out of “%(ticket)s” and take its steps one after the other.",
                    ticket=vals.get("name") or "/",
                )
            )
        return bool(asked)

    @api.model
    def _complaint_straighten_title(self, vals):
        """A title is one line: in an e-mail's subject a second one stops the e-mail."""
        if vals.get("name"):
            vals["name"] = " ".join(vals["name"].split())

    def _complaint_refuse_step_fields(self, vals):
        """Raise when a field that only steps write is written from outside.

        The test is on superuser mode, which no call from outside can obtain; a
        context key could be forged.
        """
        touched = STEP_FIELDS.intersection(vals)
        if touched and not self.env.su:
            labels = [self._fields[name].string for name in sorted(touched)]
            raise UserError(
                self.env._(
                    "%(ticket)s: “%(fields)s” is written by the steps of the "
                    "complaint, not by hand. Use the buttons of the form.",
                    ticket=self[:1].display_name or self.env._("New complaint"),
                    fields=", ".join(labels),
                )
            )

    def _complaint_refuse_closing_stage(self, vals):
        """Raise when a stage would close a ticket whose complaint is still open."""
        if not vals.get("stage_id") or self.env.su:
            return
        # sudo: helpdesk.ticket.stage - only to read whether it closes
        if not self.env["helpdesk.ticket.stage"].sudo().browse(vals["stage_id"]).closed:
            return
        for ticket in self:
            if ticket.complaint_state in LIVE_STATES:
                raise UserError(
                    self.env._(
                        "%(ticket)s is an open complaint: a stage does not close it. "
                        "Send the final reply, or use the Close button.",
                        ticket=ticket.display_name,
                    )
                )

    def _complaint_refuse_archiving(self, vals):
        """Raise when a complaint is put out of sight, or brought back, by hand."""
        if "active" in vals and not self.env.su:
            raise UserError(
                self.env._(
                    "%(ticket)s is a complaint: it is archived by itself, some time "
                    "after it was closed, not by hand. Close it, or qualify it as “not "
                    "a complaint” if it is none.",
                    ticket=self[:1].display_name,
                )
            )

    def _complaint_refuse_late_changes(self, vals):
        """Raise when the intake of a file that is no longer open is rewritten."""
        if self.env.su:
            return
        if INTAKE_FIELDS.intersection(vals):
            registered = self.filtered("complaint_number")
            if registered:
                registered._complaint_check_role()
        names = {"complaint_sent_date", "complaint_received_at", "company_id"}
        if not names.intersection(vals):
            return
        for ticket in self:
            if ticket.complaint_state not in LIVE_STATES or (
                ticket.complaint_number and "company_id" in vals
            ):
                raise UserError(
                    self.env._(
                        "%(ticket)s is registered or closed: its dates and company "
                        "can no longer change. Reopen the complaint, or report a new "
                        "one in the other company.",
                        ticket=ticket.display_name,
                    )
                )

    def _complaint_snapshot(self, vals):
        """The logged values as they are before a write, by ticket id.

        A step writes its own line of history; its key in the context counts only
        together with superuser mode, which a call from outside never has. One value
        may move another: a new team leaves no handler who is not of it.
        """
        if self.env.su and self.env.context.get("complaint_in_step"):
            return {}
        if not set(LOGGED_FIELDS).intersection(vals):
            return {}
        return {
            ticket.id: {name: ticket._complaint_plain(name) for name in LOGGED_FIELDS}
            for ticket in self
        }

    def _complaint_plain(self, name):
        """A field's value as JSON without personal data: ids, dates, codes, digests."""
        # sudo: helpdesk.ticket - an agent changes a file whose inside is not his
        value = self.sudo()[name]
        field = self._fields[name]
        if field.relational:
            return value.ids
        if field.type in ("date", "datetime"):
            return field.to_string(value) if value else ""
        if value and field.type in ("char", "text", "html"):
            # sudo: helpdesk.ticket - the salt is closed to users
            return chain.salted(str(value), self.sudo().complaint_salt or NO_SALT)
        return value or ""

    def _complaint_after_change(self, before):
        """Recompute deadlines and write to the history what really changed."""
        changes = {}
        for ticket in self:
            old = before.get(ticket.id, {})
            new = {name: ticket._complaint_plain(name) for name in old}
            changed = {
                name: [old[name], new[name]] for name in old if old[name] != new[name]
            }
            if changed:
                changes[ticket.id] = changed
        changed = self.browse(changes)
        changed._complaint_log("change", data={"by_ticket": changes})
        for ticket in changed.filtered(lambda x: "partner_id" in changes[x.id]):
            # He was taken for the complainant: what follows is not for him.
            # sudo: mail.followers - who corrects may not manage followers
            ticket.sudo().message_unsubscribe(changes[ticket.id]["partner_id"][0])
        changed.filtered(
            lambda x: "complaint_concerned_user_ids" in changes[x.id]
        )._complaint_withdraw_concerned()
        dated = {"complaint_sent_date", "complaint_received_at"}
        changed.filtered(
            lambda ticket: dated.intersection(changes[ticket.id])
        )._complaint_sync_deadlines(log=True)

    # ------------------------------------------------------------------
    # Steps
    # ------------------------------------------------------------------

    def _complaint_facts(self):
        """What is true of one complaint, in the words of the table of steps."""
        self.ensure_one()
        facts = set()
        decision = self._complaint_decision()
        if decision:
            facts.add("decided")
            if decision._ends_without_reply():
                facts.add("ended_without_reply")
            if not decision._refuses() or self._complaint_recourse_bodies():
                facts.add("recourse_body")
        if not decision._needs_cause() or self.complaint_cause_id:
            facts.add("cause_given")
        if self._complaint_is_paused():
            facts.add("paused")
        if self.complaint_hold_ids.filtered("is_active"):
            facts.add("held")
        if self.complaint_referral_ids.filtered(lambda ref: ref.state == "open"):
            facts.add("open_referral")
        if not self._complaint_window_is_open():
            facts.add("window_over")
        until = self.complaint_retention_date
        if until and retention.retention_reached(until, fields.Date.today()):
            facts.add("retention_reached")
        return frozenset(facts)

    def _complaint_check_step(self, event):
        """Raise a ``UserError`` naming the first complaint that refuses the step."""
        for ticket in self.sudo():  # sudo: helpdesk.ticket - facts, not told further
            refusal = steps.refusal(
                event, ticket.complaint_state or None, ticket._complaint_facts()
            )
            if refusal:
                raise UserError(ticket._complaint_refusal_message(event, refusal))

    def _complaint_refusal_message(self, event, refusal):
        words = dict(EVENTS)
        event_words = dict(
            self.env["complaint.event"]
            ._fields["event"]
            ._description_selection(self.env)
        )
        allowed = steps.allowed(self.complaint_state or None, self._complaint_facts())
        ways = [event_words[name] for name in allowed if name in words]
        reasons = {
            "needs:decided": self.env._("No decision has been taken in this cycle."),
            "needs:cause_given": self.env._(
                "The decision admits a fault and its cause is not given yet."
            ),
            "needs:window_over": self.env._(
                "The complainant may still react to the answer."
            ),
            "needs:recourse_body": self.env._(
                "A refusal must name the recourse, and the regimes name no recourse "
                "body: add one in Helpdesk / Configuration / Complaints / Regimes."
            ),
            "needs:ended_without_reply": self.env._(
                "The final reply has not been sent."
            ),
            "needs:paused": self.env._("It is not paused."),
            "forbids:paused": self.env._("It is paused already."),
            "forbids:held": self.env._("A hold keeps the file."),
            "forbids:open_referral": self.env._(
                "A recourse body is examining the file."
            ),
            "needs:retention_reached": self.env._("It must still be kept."),
        }
        state_words = dict(
            self._fields["complaint_state"]._description_selection(self.env)
        )
        return self.env._(
            "%(ticket)s: “%(step)s” is not possible now. %(reason)s Possible now: "
            "%(ways)s.",
            ticket=self.display_name,
            step=event_words.get(event, event),
            reason=reasons.get(refusal.code)
            or self.env._(
                "It is in the state “%(state)s”.",
                state=state_words.get(self.complaint_state)
                or self.env._("Ordinary ticket"),
            ),
            ways=", ".join(ways) or self.env._("nothing"),
        )

    def _complaint_enter_state(self, event, **vals):
        """Write the state that follows a step, other values, and the mapped stage."""
        for state, tickets in self.grouped("complaint_state").items():
            target = steps.target(event, state or None)
            # sudo: helpdesk.ticket - step fields are closed to everybody else
            tickets.sudo().write(dict(vals, complaint_state=target))
            if target != state:
                tickets._complaint_move_stage(target)

    def _complaint_move_stage(self, state):
        """Follow with the team's stage that is mapped to the state, if there is one."""
        for team, tickets in self.grouped("team_id").items():
            # sudo: helpdesk.ticket.stage - the mapping is configuration
            stage = (
                team.sudo()
                ._get_applicable_stages()
                .filtered(lambda stage: stage.complaint_state == state)[:1]
            )
            if stage:
                tickets.sudo().write({"stage_id": stage.id})  # sudo: same as above

    # ------------------------------------------------------------------
    # Rights
    # ------------------------------------------------------------------

    def _complaint_check_role(self, role="group_complaint_user"):
        """Raise ``AccessError`` unless the user has the role and may write these.

        :param str role: a group of this addon, without its module
        """
        if self.env.su:
            return
        group = self.env.ref(f"helpdesk_complaint.{role}")
        if not self.env.user.has_group(f"helpdesk_complaint.{role}"):
            raise AccessError(
                self.env._(
                    "%(ticket)s: this step belongs to the role “%(role)s”. Ask "
                    "somebody who has it, or your administrator.",
                    ticket=self[:1].display_name or self.env._("Complaint"),
                    # sudo: res.groups - only its name
                    role=group.sudo().full_name,
                )
            )
        self.check_access("write")

    def _complaint_check_reader(self):
        """Raise ``AccessError`` unless the user may read complaint files."""
        if self.env.su:
            return
        roles = ("group_complaint_user", "group_complaint_auditor")
        if not any(self.env.user.has_group(f"helpdesk_complaint.{r}") for r in roles):
            raise AccessError(
                self.env._(
                    "%(ticket)s: only complaint handlers and auditors read the file.",
                    ticket=self[:1].display_name or self.env._("Complaint"),
                )
            )
        self.check_access("read")
