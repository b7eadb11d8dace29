from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_datetime

from .complaint_terms import REFUSAL_CODES, REPLY_CODES


class ComplaintLetter(models.Model):
    """What a form says of approval: whether, why, by whom."""

    _inherit = "complaint.letter"

    needs_approval = fields.Boolean(
        compute="_compute_needs_approval",
        help="The current user cannot send this draft on his own.",
    )
    can_approve = fields.Boolean(
        compute="_compute_can_approve", search="_search_can_approve"
    )
    approval_help = fields.Char(compute="_compute_needs_approval")

    @api.depends_context("uid", "lang")
    @api.depends("state", "code", "author_ids", "submitted_at", "approver_id")
    def _compute_needs_approval(self):
        for letter in self:
            why = letter._why_approval() if letter.state == "draft" else ""
            letter.needs_approval = bool(why)
            letter.approval_help = letter._approval_words(why)

    @api.depends_context("uid")
    @api.depends("state", "author_ids")
    def _compute_can_approve(self):
        user = self.env.user
        for letter in self:
            letter.can_approve = (
                letter.state == "submitted"
                and user not in letter.author_ids
                and letter._find_signing(user)[0]
            )

    def _search_can_approve(self, operator, value):
        """Few letters wait at a time: each of them is asked for."""
        if operator != "in":
            return NotImplemented
        waiting = self.search(Domain("state", "=", "submitted"))
        return Domain("id", "in", waiting.filtered("can_approve").ids)

    def _approval_words(self, why):
        """Where the letter stands between its author and its approver."""
        if self.state == "submitted" and self.can_approve:
            return self.env._(
                "Submitted by %(user)s on %(date)s. Read it, then approve it or give "
                "it back.",
                user=self.submitted_by_id.name,
                date=format_datetime(self.env, self.submitted_at, dt_format="short"),
            )
        if self.state == "submitted":
            return self.env._(
                "Submitted by %(user)s on %(date)s. %(who)s",
                user=self.submitted_by_id.name,
                date=format_datetime(self.env, self.submitted_at, dt_format="short"),
                who=self._who_could_words(),
            )
        if self.state == "approved":
            return self.env._(
                "Approved by %(user)s on %(date)s: it may be sent.",
                user=self.approver_id.name,
                date=format_datetime(self.env, self.approved_at, dt_format="short"),
            )
        return f"{why} {self._who_could_words()}" if why else ""

    def _who_could_words(self):
        names = self._who_could_approve()[:6].mapped("name")
        if not names:
            return self.env._(
                "Nobody who did not write it has the authority to approve it now: ask "
                "your complaint manager."
            )
        return self.env._("Could approve it: %(names)s.", names=", ".join(names))

    def _why_approval(self):
        """Why the current user cannot send this draft alone; empty when he can."""
        self.ensure_one()
        why = self._why_two_people()
        if why or self.env.su:
            return why
        allowed, _authority, reason = self._find_signing(self.env.user)
        return "" if allowed else reason

    def _why_two_people(self):
        """The regime or the amount that asks for a second person, in a sentence."""
        # sudo: helpdesk.ticket - its regimes and amounts, not told further
        ticket = self.ticket_id.sudo()
        asked = {"every"}
        if self._answers():
            asked.add("reply")
        if self.code in REFUSAL_CODES:
            asked.add("refusal")
        words = dict(
            ticket.complaint_regime_ids._fields["two_people"]._description_selection(
                self.env
            )
        )
        for regime in ticket.complaint_regime_ids:
            if regime.two_people in asked:
                return self.env._(
                    "The regime “%(regime)s” asks for a second person: %(letters)s.",
                    regime=regime.short_name or regime.name,
                    letters=words[regime.two_people],
                )
        total = self._answers() and ticket._complaint_redress_total()
        if total and ticket._complaint_asks_two_people(total):
            amount = ticket.company_id.complaint_two_people_amount
            return self.env._(
                "From %(amount)s on, what is granted needs a second person.",
                amount=ticket.company_id.currency_id.format(amount),
            )
        return ""

    def _answers(self):
        """Whether the letter is a final reply, or the short one that stands for it."""
        if self.code in REPLY_CODES:
            return True
        settled = self.ticket_id._complaint_current_events("settle")
        return self.code == "closure" and bool(settled)
