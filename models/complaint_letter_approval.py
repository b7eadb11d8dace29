import hashlib

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

from ..engine import chain
from .complaint_letter import DRAFT_FIELDS, OPEN_UNTIL_SENT

CLOSED_ONCE_SUBMITTED = DRAFT_FIELDS - OPEN_UNTIL_SENT - {"block_id"}


class ComplaintLetter(models.Model):
    """Two people: who wrote a letter, who approves it, and that it stays the same.

    draft, submitted, approved, sent. Nobody approves what he wrote. Whoever approves
    must have the authority to sign at that moment; the letter leaves under his name,
    whichever handler sends it later. What was approved is remembered by its digest.
    """

    _inherit = "complaint.letter"

    author_ids = fields.Many2many(
        "res.users",
        "complaint_letter_author_rel",
        "letter_id",
        "user_id",
        "Written by",
        readonly=True,
        copy=False,
        help="Everybody who wrote its text; none of them approves it.",
    )
    submitted_at = fields.Datetime("Submitted on", readonly=True, copy=False)
    submitted_by_id = fields.Many2one(
        "res.users", "Submitted by", readonly=True, copy=False, ondelete="restrict"
    )
    submission = fields.Integer(
        readonly=True, copy=False, help="How many times it was submitted."
    )
    approved_at = fields.Datetime("Approved on", readonly=True, copy=False)
    approver_id = fields.Many2one(
        "res.users", "Approved by", readonly=True, copy=False, ondelete="restrict"
    )
    approved_digest = fields.Char(
        "SHA-256 of what was approved", readonly=True, copy=False, help="Hexadecimal."
    )
    refusal_reason = fields.Text("Why it was refused", readonly=True, copy=False)
    signed_by_id = fields.Many2one(
        "res.users",
        "Signed by",
        readonly=True,
        copy=False,
        ondelete="restrict",
        help="Who approved it; without approval, who sent it.",
    )

    # ------------------------------------------------------------------
    # Steps
    # ------------------------------------------------------------------

    def action_submit(self, user_ids=None):
        """Ask others to approve these drafts.

        :param user_ids: ids of those asked; by default those who could and are there
        :return: True
        :raises UserError: for a letter that could not be sent as it is, or asked of
            somebody who could not approve it
        """
        asked = self.env["res.users"].browse(user_ids or []).exists()
        for letter in self:
            letter.ticket_id._complaint_check_role()
            letter._check_state("draft")
            letter._check_possible()
            letter._check_complete()
            for user in asked:
                letter._check_approver(user)
        told = asked.browse()
        for letter in self:
            letter._write_approval(
                state="submitted",
                submitted_at=fields.Datetime.now(),
                submitted_by_id=self.env.uid,
                submission=letter.submission + 1,
                refusal_reason=False,
            )
            told |= letter._ask_approval(asked)
            letter._log_approval("letter_submit", authors=letter.author_ids.ids)
        if not told:
            return self._go_back(
                self.env._(
                    "Submitted. It waits in Helpdesk / Complaints / Letters to approve."
                )
            )
        return self._go_back(
            self.env._(
                "Submitted for approval to %(users)s.",
                users=", ".join(told.mapped("name")),
            )
        )

    def action_approve(self):
        """Approve these submitted letters: they may be sent, by any handler.

        :return: True
        :raises UserError: for a letter of one's own, without the authority to sign,
            or submitted anew since it was read
        """
        seen = self.env.context.get("complaint_submission")
        for letter in self:
            letter.ticket_id._complaint_check_role()
            letter._check_state("submitted")
            if seen and seen != letter.submission:
                raise UserError(
                    self.env._(
                        "Letter %(letter)s was changed and submitted again since you "
                        "opened it. Read it again, then approve it.",
                        letter=letter.display_name,
                    )
                )
            authority = letter._check_approver(self.env.user)
            letter._check_possible()
            letter._check_complete()
            letter._write_approval(
                state="approved",
                approver_id=self.env.uid,
                approved_at=fields.Datetime.now(),
                approved_digest=letter._digest(),
            )
            letter._note_authority(authority)
            letter._end_approval_activities()
            letter._tell_author(
                lambda env, letter=letter: env._(
                    "Approved, to be sent: %(letter)s", letter=letter.subject
                )
            )
            letter._log_approval("letter_approve", digest=letter.approved_digest)
        return self._go_back(self.env._("The letter is approved."))

    def action_approve_and_send(self):
        """Approve these letters and send them at once, under one's own name."""
        self.with_context(complaint_go_back=False).action_approve()
        return self.action_send()

    def action_refuse(self, reason):
        """Give these submitted letters back to their authors.

        :param str reason: what must change, told to the author
        :return: True
        """
        for letter in self:
            letter.ticket_id._complaint_check_role()
            letter._check_state("submitted")
            letter._check_approver(self.env.user)
            letter.ticket_id._complaint_check_reason(reason)
            letter._end_approval_activities()
            letter._write_approval(state="draft", refusal_reason=reason)
            letter._tell_author(
                lambda env, letter=letter: env._(
                    "Not approved: %(letter)s", letter=letter.subject
                ),
                reason,
            )
            letter._log_approval("letter_refuse", reason)
        return self._go_back(self.env._("The letter goes back to its author."))

    def action_back_to_draft(self):
        """Take these letters back, to change them; their approval is lost.

        :return: True
        """
        for letter in self:
            letter.ticket_id._complaint_check_role()
            letter._check_state("submitted", "approved")
            letter._end_approval_activities()
            letter._write_approval(
                state="draft",
                approver_id=False,
                approved_at=False,
                approved_digest=False,
            )
            letter._note_authority(None)
            letter._log_approval("letter_draft")
        return True

    # ------------------------------------------------------------------
    # Checks
    # ------------------------------------------------------------------

    def _check_state(self, *states):
        """Raise unless the letter is in one of these states."""
        self._refuse_change_once_sent({"state"})
        if self.state in states:
            return
        words = dict(self._fields["state"]._description_selection(self.env))
        raise UserError(
            self.env._(
                "Letter %(letter)s is in the state “%(state)s”. This is possible in "
                "the state: %(states)s.",
                letter=self.display_name,
                state=words[self.state],
                states=", ".join(words[state] for state in states),
            )
        )

    def _refuse_change_once_submitted(self, names):
        """What is read for approval, or was approved, is what leaves."""
        if not CLOSED_ONCE_SUBMITTED.intersection(names):
            return
        if self.env.su and "state" in names:
            return
        for letter in self:
            if letter.state in ("submitted", "approved"):
                raise UserError(
                    self.env._(
                        "Letter %(letter)s is submitted for approval or approved, and "
                        "closed. To change it, press “Back to draft” first; then it "
                        "must be approved again.",
                        letter=letter.display_name,
                    )
                )

    def _check_approver(self, user):
        """Raise unless a user may approve this letter.

        :return: the ``complaint.authority`` used, empty or None when the role is enough
        """
        if user in self.author_ids:
            raise UserError(
                self.env._(
                    "Letter %(letter)s was written by %(user)s, who cannot approve it. "
                    "%(who)s",
                    letter=self.display_name,
                    user=user.name,
                    who=self._who_could_words(),
                )
            )
        allowed, authority, reason = self._find_signing(user)
        if not allowed:
            raise UserError(
                self.env._(
                    "Letter %(letter)s cannot be approved by %(user)s. %(reason)s "
                    "%(who)s",
                    letter=self.display_name,
                    user=user.name,
                    reason=reason,
                    who=self._who_could_words(),
                )
            )
        return authority

    def _check_signature(self):
        """Raise unless the letter may leave under the name of who sends it.

        An approved letter may: whoever approved it had the authority to sign when he
        did so, and what was right then is not asked for again.
        """
        self.ensure_one()
        if self.state == "approved":
            self._check_unchanged()
        elif self.state == "submitted":
            raise UserError(
                self.env._(
                    "Letter %(letter)s waits for its approval. %(who)s To send it "
                    "without, press “Back to draft” first.",
                    letter=self.display_name,
                    who=self._who_could_words(),
                )
            )
        elif why := self._why_approval():
            raise UserError(
                self.env._(
                    "Letter %(letter)s cannot be sent before it is approved. %(why)s "
                    "%(who)s Press “Submit for approval”.",
                    letter=self.display_name,
                    why=why,
                    who=self._who_could_words(),
                )
            )

    def _check_unchanged(self):
        """Raise when an approved letter is not what was approved."""
        if self._digest() == self.approved_digest:
            return
        raise UserError(
            self.env._(
                "Letter %(letter)s is no longer what %(user)s approved on %(date)s: "
                "its text, its enclosures or what it grants has changed since. Press "
                "“Back to draft”, read it again and submit it again.",
                letter=self.display_name,
                user=self.approver_id.name,
                date=format_datetime(self.env, self.approved_at, dt_format="short"),
            )
        )

    # ------------------------------------------------------------------
    # Who and why
    # ------------------------------------------------------------------

    def _find_signing(self, user):
        """As ``_complaint_find_authority``, for this letter; the role comes first."""
        if not user.has_group("helpdesk_complaint.group_complaint_user"):
            return False, None, self.env._("Only complaint handlers sign letters.")
        return self.ticket_id._complaint_find_authority(
            "sign", user, code=self.code, amount=self._granted_amount()
        )

    def _who_could_approve(self):
        """Who could approve this letter, those present first."""
        return self.ticket_id._complaint_who_could(
            "sign",
            code=self.code,
            amount=self._granted_amount(),
            but=self.author_ids,
        )

    def _granted_amount(self):
        """What the letter grants, in the company's currency; only answers grant."""
        if not self._answers():
            return 0.0
        # sudo: helpdesk.ticket - the total alone
        return self.ticket_id.sudo()._complaint_redress_total()

    def _find_signatory(self):
        return self.approver_id if self.state == "approved" else self.env.user

    def _note_author(self):
        """The current user wrote the text of these letters."""
        user = self.env.user
        # sudo: complaint.letter - authors are closed to users
        news = self.sudo().filtered(lambda x: user not in x.author_ids)
        if news:
            news.write({"author_ids": [fields.Command.link(user.id)]})

    def _digest(self):
        """SHA-256, hexadecimal, of what an approver reads and grants.

        The channel and the day of posting stay open until the letter leaves.
        """
        self.ensure_one()
        # sudo: complaint.letter - the digest does not depend on who asks
        letter = self.sudo().with_context(lang="en_US")
        ticket = letter.ticket_id
        payload = {
            "ticket": ticket.id,
            "template": letter.template_id.id,
            "corrects": letter.corrects_id.id or 0,
            "lang": letter.lang,
            "subject": letter.subject,
            "body": str(letter.body),
            "recipient": [
                letter.recipient_name,
                letter.recipient_address or "",
                letter.recipient_email or "",
            ],
            "enclosures": letter._enclosure_digests(),
            "decision": ticket._complaint_decision().id or 0,
            "redress": [
                [redress.id, redress._describe()]
                for redress in ticket._complaint_current_redress().sorted("id")
            ],
        }
        if pictures := letter._picture_digests():
            payload["pictures"] = pictures
        return hashlib.sha256(chain.canonical(payload).encode()).hexdigest()

    # ------------------------------------------------------------------
    # What follows
    # ------------------------------------------------------------------

    def _write_approval(self, **vals):
        self.sudo().write(vals)  # sudo: complaint.letter - written by steps only

    def _log_approval(self, event, note=None, **data):
        self.ticket_id._complaint_log(
            event,
            note=note,
            data={"letter": self.id, "code": self.code, **data},
        )
