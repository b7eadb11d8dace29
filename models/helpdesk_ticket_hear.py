import re

from markupsafe import Markup

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize, html2plaintext

from ..engine.mail_thanks import is_thanks

CONTEST_KIND = "helpdesk_complaint.mail_activity_contest_asked"
# States whose file is over: who writes again complains anew.
OVER_STATES = ("closed", "archived", "erased")
# States after an answer, in which writing is an objection while the window is open.
ANSWERED_STATES = ("answered", "closed", "not_complaint")


# Who complains and how he wants to be answered: the same in the complaint that follows.
FOLLOWER_FIELDS = (
    "complaint_complainant_type",
    "complaint_reply_by",
    "complaint_phone",
    "complaint_postal_address",
    "complaint_lang",
)


class HelpdeskTicket(models.Model):
    """5. What follows when the complainant has written, by e-mail or on his page."""

    _inherit = "helpdesk.ticket"

    complaint_contest_asked_at = fields.Datetime(
        "Objection received on",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The complainant wrote after the answer. Somebody reads it and decides: "
        "contested, or not. Until then the complaint is not closed by silence.",
    )
    complaint_previous_id = fields.Many2one(
        "helpdesk.ticket",
        "Follows",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The closed complaint to which this one is the answer.",
    )

    # ------------------------------------------------------------------
    # Hearing
    # ------------------------------------------------------------------

    def _complaint_hear(self, message, at=None):
        """Let what the complainant, or who represents him, has written take effect.

        A clock that waited for him runs on. After the answer it is an objection to
        examine, while he may object; later it is a new complaint that follows this
        one. Thanks change nothing. The same message is heard once.

        :param message: ``mail.message`` on this ticket
        :param at: naive UTC datetime of its receipt; by default now
        :return: the complaint to which the message belongs now
        """
        return self._complaint_hear_as(message, at)[1]

    def _complaint_hear_as(self, message, at=None):
        """:return: ``(outcome, complaint)``, the outcome as in the journal"""
        self.ensure_one()
        ticket = self.sudo()  # sudo: helpdesk.ticket - the complainant acts by writing
        message = message.sudo()  # sudo: mail.message - same
        if message.complaint_heard_id:
            return "reply", message.complaint_heard_id
        at = at or fields.Datetime.now()
        message.complaint_heard_id = ticket
        if ticket._complaint_is_thanks(message):
            return "thanks", ticket
        if ticket._complaint_is_over(at):
            return ticket._complaint_write_again(message, at)
        if ticket.complaint_state in ANSWERED_STATES:
            ticket._complaint_ask_contest(message, at)
            return "contest", ticket
        if ticket._complaint_is_paused():
            # By the system, on behalf of the complainant: he has no right of his own.
            ticket.with_user(SUPERUSER_ID)._complaint_run_on(
                self.env._("The complainant has written.")
            )
        return "reply", ticket

    @api.model
    def _complaint_is_thanks(self, message):
        """Whether a message thanks and brings nothing else."""
        body = message.body or ""
        enclosed = message.attachment_ids.filtered(
            lambda x: not re.search(rf"/web/image/{x.id}\b", str(body))
        )
        names = " ".join(filter(None, [message.author_id.name, message.email_from]))
        return not enclosed and is_thanks(html2plaintext(body), names)

    def _complaint_is_over(self, at):
        """Whether it is too late to object to the answer of this complaint.

        An answer without a window can be objected to until the file is closed; one
        whose file was closed before the window's end, until then.
        """
        state = self.complaint_state
        if state in ("archived", "erased"):
            return True
        if state not in ("answered", "closed"):
            return False
        windows = self._complaint_current_deadlines("accept")
        end = max(windows.mapped("due_at"), default=False)
        return end < at if end else state == "closed"

    # ------------------------------------------------------------------
    # Objections to examine
    # ------------------------------------------------------------------

    def _complaint_ask_contest(self, message, at):
        """Put the complaint before its handler; the window does not close it now."""
        if not self.complaint_contest_asked_at:
            self.complaint_contest_asked_at = at
        self._complaint_log("contest_ask", data={"message": message.id})
        if not self.activity_search([CONTEST_KIND]):
            user = self._complaint_user_of_level("handler")
            ticket = self.with_context(lang=user.lang)
            ticket.activity_schedule(
                CONTEST_KIND,
                summary=ticket.env._("The complainant has written: contest to examine"),
                user_id=user.id,
            )

    def _complaint_end_contest(self):
        """Somebody has examined what the complainant wrote."""
        # sudo: helpdesk.ticket, mail.activity - a step field, a colleague's
        asked = self.sudo().filtered("complaint_contest_asked_at")
        asked.complaint_contest_asked_at = False
        asked.activity_unlink([CONTEST_KIND])

    def complaint_contest_dismiss(self, reason):
        """What the complainant wrote does not contest the answer.

        :param str reason: why not, in a sentence that an auditor understands
        :return: True
        :raises UserError: where there is no objection to examine, or no reason
        """
        self._complaint_check_role()
        for ticket in self:
            if not ticket.complaint_contest_asked_at:
                raise UserError(
                    self.env._(
                        "%(ticket)s: there is no objection to examine. Read the "
                        "messages below.",
                        ticket=ticket.display_name,
                    )
                )
        self._complaint_check_reason(reason)
        self._complaint_end_contest()
        self._complaint_log("contest_dismiss", note=reason)
        return True

    # ------------------------------------------------------------------
    # A new complaint that follows a closed one
    # ------------------------------------------------------------------

    def _complaint_write_again(self, message, at):
        """After the end: a new complaint, or the one that follows already.

        :return: ``(outcome, complaint)``
        """
        follower = self.with_context(active_test=False).search(
            [
                ("complaint_previous_id", "=", self.id),
                ("complaint_state", "not in", (False, *OVER_STATES)),
            ],
            order="id desc",
            limit=1,
        )
        if follower and not follower._complaint_is_over(at):
            copy = self._complaint_take_message(message, follower)
            outcome, found = follower._complaint_hear_as(copy, at)
            message.complaint_heard_id = found
            return outcome, found
        follower = self._complaint_create_follower(message, at)
        copy = self._complaint_take_message(message, follower)
        (message | copy).complaint_heard_id = follower
        self._complaint_log("linked", data={"next": follower.id})
        return "linked", follower

    def _complaint_create_follower(self, message, at):
        follower = self.with_company(self.company_id).create(
            self._prepare_complaint_follower_vals(message)
        )
        sent = min(message.date or at, at)
        follower.complaint_report(
            received_at=at,
            sent_date=follower._complaint_local_day(sent),
            medium="written",
        )
        return follower

    def _prepare_complaint_follower_vals(self, message):
        """The same complainant, desk and discretion; the new words."""
        body = message.body or ""
        if not html2plaintext(body).strip() and "<img" not in body:
            body = self.env._("(message without text)")
        channel = self.channel_id
        if message.message_type == "email":
            channel = self.env.ref(
                "helpdesk_mgmt.helpdesk_ticket_channel_email", raise_if_not_found=False
            )
        # Who writes for somebody complains in that person's name, not in his own.
        author = message.author_id
        email = message.email_from
        if self._complaint_is_represented():
            author, email = author.browse(), False
        return {
            "name": message.subject or self.name,
            "description": body,
            "team_id": self.team_id.id,
            "company_id": self.company_id.id,
            "category_id": self.category_id.id,
            "user_id": False,
            "channel_id": channel.id if channel else False,
            "partner_id": self.partner_id.id or author.id,
            "partner_name": self.partner_name or author.name,
            "partner_email": self.partner_email or email,
            **{name: self[name] for name in FOLLOWER_FIELDS},
            **self._prepare_complaint_again_represented_vals(message),
            "complaint_previous_id": self.id,
            "complaint_is_confidential": self.complaint_is_confidential,
            "complaint_concerned_user_ids": [
                fields.Command.set(self.complaint_concerned_user_ids.ids)
            ],
        }

    def _prepare_complaint_again_represented_vals(self, message):
        """Who represents him still: the receipt of the new complaint goes there.

        Only where he is the one who writes, or his mandate holds: what somebody says
        himself is not told to who only claims to speak for him.
        """
        senders = {email_normalize(message.email_from or "")}
        senders.add(message.author_id.email_normalized)
        known = self._complaint_representative_addresses() & senders
        if not (any(known) or self._complaint_mandate_holds()):
            return {}
        return {
            "complaint_representative_id": self.complaint_representative_id.id,
            "complaint_representative_name": self.complaint_representative_name,
            "complaint_representative_email": self.complaint_representative_email,
        }

    def _complaint_take_message(self, message, follower):
        """The message with its files, on the complaint that follows."""
        if self.complaint_state == "erased":
            # Nothing personal stays on an erased file.
            message.write({"res_id": follower.id})
            message.attachment_ids.write({"res_id": follower.id})
            return message
        body = str(message.body or "")
        copies = self.env["ir.attachment"]
        for file in message.attachment_ids:
            copy = file.copy({"res_model": self._name, "res_id": follower.id})
            body = re.sub(rf"/web/image/{file.id}\b", f"/web/image/{copy.id}", body)
            copies |= copy
        return message.copy(
            {
                "res_id": follower.id,
                "body": Markup(body),  # as it was cleaned when it came
                "attachment_ids": [fields.Command.set(copies.ids)],
                "parent_id": False,
                "complaint_heard_id": False,
            }
        )

    def _complaint_follow_erased(self, mail):
        """A new complaint of an e-mail that answers an erased one follows it."""
        self.complaint_previous_id = mail.erased_id


class MailMessage(models.Model):
    _inherit = "mail.message"

    complaint_heard_id = fields.Many2one(
        "helpdesk.ticket",
        "Heard as part of",
        readonly=True,
        copy=False,
        ondelete="set null",
        groups="base.group_system",
        help="The complaint for which this message has taken effect.",
    )
