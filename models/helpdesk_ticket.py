from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..engine import chain
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
        "complaint_stage",
        "complaint_first_handler_id",
        "complaint_regimes_by_hand",
        "complaint_transferred_from_id",
        "complaint_escalation_level",
        "complaint_job_error",
        "complaint_contest_asked_at",
        "complaint_previous_id",
        "complaint_acknowledged_at",
        "complaint_answered_at",
        "complaint_closed_at",
        "complaint_archive_date",
        "complaint_retention_date",
        "complaint_is_justified",
        "complaint_outcome",
        "complaint_source_message_id",
        "complaint_source_model",
        "complaint_source_res_id",
        "complaint_taken_down_at",
        "complaint_taken_down_by_id",
        "complaint_read_back_at",
        "complaint_read_back_by_id",
        "complaint_copy_given",
        "complaint_copy_given_at",
        "complaint_qualified_by_id",
        "complaint_qualified_at",
        "complaint_qualification_reason",
        "complaint_mandate_state",
        "complaint_mandate_until",
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
    "complaint_written_date",
    "complaint_fact_date",
    "complaint_known_date",
    "complaint_investigated_at",
    "complaint_complainant_type",
    "complaint_product_id",
    "complaint_severity",
    "complaint_is_confidential",
    "complaint_concerned_user_ids",
    "company_id",
    "team_id",
    "user_id",
    "partner_id",
    "complaint_representative_id",
    "complaint_representative_name",
    "complaint_representative_email",
    "complaint_reply_by",
    "category_id",
    "complaint_cause_id",
    "complaint_series_id",
)
# What the choice of regimes, and of promises among them, may look at.
REGIME_FIELDS = frozenset(
    {
        "company_id",
        "team_id",
        "category_id",
        "partner_id",
        "complaint_complainant_type",
        "complaint_product_id",
        "complaint_severity",
        "complaint_medium",
    }
)
# The days from which clocks count.
CLOCK_FIELDS = frozenset(
    {
        "complaint_sent_date",
        "complaint_received_at",
        "complaint_written_date",
        "complaint_fact_date",
        "complaint_known_date",
        "complaint_investigated_at",
    }
)
# Of a file that has no history yet.
NO_SALT = "-"
# What an agent without a role in complaints changes until the file is registered.
INTAKE_FIELDS = frozenset(
    {
        "complaint_sent_date",
        "complaint_received_at",
        "complaint_medium",
        "complaint_written_date",
        "complaint_fact_date",
        "complaint_known_date",
        "complaint_complainant_type",
        "complaint_product_id",
        "complaint_severity",
        "complaint_is_confidential",
        "complaint_representative_id",
        "complaint_representative_name",
        "complaint_representative_email",
        "complaint_reply_by",
        "complaint_phone",
        "complaint_postal_address",
    }
)


class HelpdeskTicket(models.Model):
    """A complaint is a ticket on which ``complaint_state`` is set.

    This file holds the state and the only overrides of create, write and unlink; the
    files beside it hold one concern each.
    """

    _inherit = "helpdesk.ticket"
    _check_company_auto = True

    complaint_state = fields.Selection(
        STATES,
        "Complaint",
        readonly=True,
        copy=False,
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
    complaint_stage = fields.Integer(
        "Stage of handling",
        default=1,
        readonly=True,
        copy=False,
        help="2 once the complaint was escalated under a regime in two stages.",
    )
    complaint_reference = fields.Char(
        "Reference",
        compute="_compute_complaint_reference",
        help="Register number, or the ticket's number before registration.",
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
        self._complaint_prepare_reported(
            [vals for vals, report in zip(vals_list, reported, strict=True) if report]
        )
        tickets = tickets.with_context(complaint_creation=True)
        created = super(HelpdeskTicket, tickets).create(vals_list)
        created = created.with_env(self.env)
        created._complaint_note_mandates()
        self.browse(
            ticket.id
            for ticket, report in zip(created, reported, strict=True)
            if report
        )._complaint_enter()
        return created

    def _creation_subtype(self):
        """Announce a complaint where somebody follows it; else the log is enough.

        Of the cost of creating a ticket, half is a message that goes to nobody.
        """
        if self._complaint_is_forwarded():
            return self.env.ref("mail.mt_note")
        # sudo: mail.followers - only whether there is one besides the author
        followers = self.sudo().message_partner_ids
        if (
            self.complaint_state
            and self.env.context.get("complaint_creation")
            and followers <= self.env.user.partner_id
        ):
            return self.env["mail.message.subtype"]
        return super()._creation_subtype()

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
        mandates = self._complaint_mandates_before(vals)
        complaints = self.filtered("complaint_state")
        if not complaints:
            result = super().write(vals)
            self._complaint_follow_mandates(mandates)
            return result
        complaints._complaint_refuse_archiving(vals)
        complaints._complaint_refuse_closing_stage(vals)
        complaints._complaint_refuse_late_changes(vals)
        before = complaints._complaint_snapshot(vals)
        result = super().write(vals)
        self._complaint_follow_mandates(mandates)
        complaints._complaint_after_change(before)
        complaints._complaint_follow_conditions(vals)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_complaint(self):
        for ticket in self:
            if ticket.complaint_state:
                raise UserError(
                    self.env._(
                        "%(ticket)s is a complaint and cannot be deleted: no "
                        "complaint is lost. Qualify it as “not a complaint” if it is "
                        "none.",
                        ticket=ticket.display_name,
                    )
                )

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
        if not (CLOCK_FIELDS | {"company_id"}).intersection(vals):
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
        if not changes:
            return
        changed = self.browse(changes)
        changed._complaint_log("change", data={"by_ticket": changes})
        for ticket in changed.filtered(lambda x: "partner_id" in changes[x.id]):
            # He was taken for the complainant: what follows is not for him.
            # sudo: mail.followers - who corrects may not manage followers
            ticket.sudo().message_unsubscribe(changes[ticket.id]["partner_id"][0])
        changed.filtered(
            lambda x: (
                {"complaint_concerned_user_ids", "complaint_is_confidential"}
                & set(changes[x.id])
            )
        )._complaint_withdraw_hidden()
        self._complaint_follow_change(changes)

    def _complaint_follow_change(self, changes):
        """Find regimes and reckon deadlines again where what they rest on changed.

        :param changes: dict by ticket id of the fields that changed
        """

        def touched(names):
            return self.browse(
                key for key, changed in changes.items() if names & set(changed)
            )

        found_by = touched(REGIME_FIELDS)
        if found_by:
            found_by._complaint_find_regimes_again()
        touched(REGIME_FIELDS | CLOCK_FIELDS)._complaint_sync_deadlines(log=True)
        moved = touched({"company_id"})
        if moved:
            # Another company has closing days, and perhaps lengths, of its own.
            self.env["complaint.recompute"]._ask_deadlines(
                self.env._("The complaint belongs to another company now."),
                Domain("ticket_id", "in", moved.ids),
            )

    def _complaint_follow_conditions(self, vals):
        """Find regimes and promises again where their conditions look at a change."""
        names = set(vals) - STEP_FIELDS
        for model in ("complaint.policy", "complaint.regime.rule"):
            if names & self.env[model]._condition_fields():
                self._complaint_find_regimes_again()
                self._complaint_sync_deadlines(log=True)
                return
