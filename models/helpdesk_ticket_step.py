from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..engine import retention, steps
from .complaint_event import EVENTS

# What a person needs an authority to qualify for.
QUALIFYING = frozenset({"qualify_yes", "qualify_no", "change_regimes"})
# Steps by which somebody has dealt with what the complainant wrote after the answer.
EXAMINING = ("contest", "reopen", "escalate_stage", "qualify_yes", "close")


class HelpdeskTicket(models.Model):
    """Which step is possible when, for whom, and what is said when it is not.

    The table itself is ``engine.steps``; here a record becomes its facts.
    """

    _inherit = "helpdesk.ticket"

    complaint_allowed_steps = fields.Char(
        compute="_compute_complaint_allowed_steps",
        compute_sudo=True,
        help="Steps that can be taken now, between commas: what the buttons obey.",
    )
    complaint_primary_step = fields.Char(
        compute="_compute_complaint_allowed_steps", compute_sudo=True
    )

    @api.depends_context("uid")
    @api.depends(
        "complaint_state",
        "complaint_decision_ids.cycle",
        "complaint_hold_ids.date_end",
        "complaint_referral_ids.is_open",
        "complaint_deadline_ids.state",
        "complaint_deadline_ids.due_at",
        "complaint_cause_id",
        "complaint_can_qualify",
        "complaint_contest_asked_at",
    )
    def _compute_complaint_allowed_steps(self):
        by_role = self._complaint_forbidden_steps()
        for ticket in self:
            forbidden = ticket._complaint_unauthorised_steps(by_role)
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
            return (*QUALIFYING, "transfer")
        return [step for step in steps.STEPS if step != "report"]

    def _complaint_unauthorised_steps(self, by_role):
        """Of one complaint: a named authority to qualify opens, or shuts, its steps."""
        if self.complaint_can_qualify:
            return set(by_role) - QUALIFYING
        return QUALIFYING.union(by_role)

    def _complaint_clock_allows(self, step):
        """Whether some promise that runs lets itself be paused or extended."""
        if step not in ("pause", "extend"):
            return True
        running = self._complaint_current_deadlines().filtered(
            lambda deadline: deadline.state == "running"
        )
        if step == "pause":
            return any(deadline.policy_id.can_pause for deadline in running)
        return any(deadline.policy_id.extension != "none" for deadline in running)

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
        if self._complaint_open_referrals():
            facts.add("open_referral")
        if self._complaint_referral_bars_closing():
            facts.add("referral_bars_closing")
        if not self._complaint_window_is_open():
            facts.add("window_over")
        if self.complaint_contest_asked_at:
            facts.add("contest_asked")
        if self._complaint_can_settle():
            facts.add("settled_in_time")
        if self._complaint_has_next_stage():
            facts.add("next_stage")
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
        # A correction starts from a letter, not from the complaint.
        ways = [
            event_words[name] for name in allowed if name in words and name != "correct"
        ]
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
            "needs:settled_in_time": self.env._(
                "No regime lets it end by an early settlement, or the time for it is "
                "over."
            ),
            "needs:next_stage": self.env._("Its regimes have no further stage."),
            "needs:paused": self.env._("It is not paused."),
            "forbids:paused": self.env._("It is paused already."),
            "forbids:held": self.env._("A hold keeps the file."),
            "forbids:open_referral": self.env._(
                "A recourse body is examining the file."
            ),
            "forbids:referral_bars_closing": self.env._(
                "A recourse body is examining the file, and the regime keeps it open "
                "until then. End the referral first."
            ),
            "forbids:contest_asked": self.env._(
                "The complainant has written after the answer, and nobody has examined "
                "it. Contest the answer, or dismiss the objection with its reason."
            ),
            "needs:open_referral": self.env._(
                "No recourse body has the case. Note the referral first."
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
        if event in EXAMINING:
            self._complaint_end_contest()
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
            elsewhere = tickets.filtered(lambda x, stage=stage: x.stage_id != stage)
            if stage and elsewhere:
                elsewhere.sudo().write({"stage_id": stage.id})  # sudo: same as above

    # ------------------------------------------------------------------
    # Rights
    # ------------------------------------------------------------------

    def _complaint_check_role(self, role="group_complaint_user"):
        """Raise ``AccessError`` unless the user has the role and may write these.

        :param str role: a group of this addon, without its module
        """
        if self.env.su:
            return
        if not self.env.user.has_group(f"helpdesk_complaint.{role}"):
            group = self.env.ref(f"helpdesk_complaint.{role}")
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
