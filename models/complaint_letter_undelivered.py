import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from .complaint_batch import LOST_RACES, in_rounds

_logger = logging.getLogger(__name__)

BATCH = 50
AGAIN_VALUES = frozenset(
    {"posted_at", "tracking_number"}
    | {"recipient_name", "recipient_address", "recipient_email"}
)
# Whose reports count without the form that the standard gives them.
POSTMASTERS = ("mailer-daemon", "postmaster")


class ComplaintLetter(models.Model):
    """What happens when a letter did not arrive, and when it does after all."""

    _inherit = "complaint.letter"

    undelivered_at = fields.Datetime(
        "Known undelivered since", readonly=True, copy=False
    )
    resends_id = fields.Many2one(
        "complaint.letter",
        "Sent again of",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    resent_ids = fields.One2many(
        "complaint.letter", "resends_id", "Sent again as", readonly=True
    )

    # ------------------------------------------------------------------
    # The job
    # ------------------------------------------------------------------

    @api.model
    def _cron_delivery(self):
        """See what became of the e-mails of letters, and act where one failed.

        Apart from the mail queue: what it has sent is sent, whatever happens here.
        """
        letters = self.sudo()  # sudo: complaint.letter - the job works for all

        def take(done):
            found = letters._find_unsettled(but=done, limit=BATCH)
            free = found.try_lock_for_update(allow_referencing=True)
            busy.update((found - free).ids)
            return free, len(free)

        busy = set()
        cron = letters.env["ir.cron"]
        cron._commit_progress(remaining=len(letters._find_unsettled(limit=BATCH)))
        is_done = in_rounds(
            letters.env,
            take,
            lambda found: found._settle(),
            lambda letter, error: letter._give_up_delivery(error),
        )
        cron._commit_progress(remaining=0 if is_done and not busy else 1)

    def _give_up_delivery(self, error):
        """Leave a letter whose file refuses the news, and tell an officer."""
        _logger.error("Delivery of letters %s not settled", self.ids, exc_info=error)
        words = self._failure_words() if self.mail_id.state != "sent" else False
        state = "failed" if words else "handed"
        self.write({"delivery_state": state, "delivery_note": words})
        self.ticket_id._complaint_warn_broken(
            self.env._("delivery of letter %(letter)s", letter=self.name), error
        )

    # ------------------------------------------------------------------
    # Undelivered
    # ------------------------------------------------------------------

    def _note_undelivered(self, state, reason):
        """The letter stays as it is, but what it did is taken back, and known.

        :param str state: ``failed`` or ``bounced``
        :param str reason: what the mail server said
        """
        self.ensure_one()
        letter = self.sudo()  # sudo: complaint.letter - sending fields
        was_there = letter._has_left()
        letter.write({"delivery_state": state, "delivery_note": reason})
        if not was_there or letter._has_left():
            # Known already, or read in the portal: it has arrived another way.
            return
        letter.write({"undelivered_at": fields.Datetime.now(), "handed_at": False})
        ticket = letter.ticket_id
        again = ticket._complaint_letter_lost(letter)
        ticket._complaint_log(
            "undelivered",
            note=reason,
            data={
                "letter": letter.id,
                "number": letter.name,
                "code": letter.code,
                "delivery": state,
                "running": {str(x.id): x._due_text() for x in again},
            },
        )
        ticket._complaint_tell_undelivered(letter, again)

    def _note_delivered(self):
        """A letter that was thought lost has arrived: what it does counts from now."""
        self.ensure_one()
        ticket = self.ticket_id
        counts = ticket._complaint_letter_found(self)
        ticket._complaint_log(
            "delivered",
            data={
                "letter": self.id,
                "number": self.name,
                "at": fields.Datetime.to_string(self._sent_on()),
                "counts": counts,
            },
        )
        ticket._complaint_forget_undelivered()

    @api.model
    def _receive_bounce(self, message, message_dict):
        """An e-mail came back: find the letter that it carried, if any.

        By the number of the e-mail alone: an address may have had other letters.
        """
        known = message_dict.get("bounced_message")
        numbers = message_dict.get("bounced_msg_ids") or []
        if known and known.message_id:
            numbers = [known.message_id]
        letter = self.search(
            [("mail_reference", "in", numbers), ("state", "=", "sent")],
            order="id desc",
            limit=1,
        )
        if not letter or not _is_final(message, message_dict):
            return
        reason = _bounce_words(message) or self.env._("The e-mail came back.")
        try:
            with self.env.cr.savepoint():
                letter._note_undelivered("bounced", reason)
        except LOST_RACES:
            raise
        except Exception as error:
            _logger.exception("Letter %s came back", letter.id)
            letter.write({"delivery_state": "bounced", "delivery_note": reason})
            letter.ticket_id._complaint_warn_broken(
                self.env._("delivery of letter %(letter)s", letter=letter.name), error
            )

    # ------------------------------------------------------------------
    # Send again
    # ------------------------------------------------------------------

    def action_send_again(self, channel=None, **values):
        """Send the same text once more, another way or to another address.

        :param str channel: by default the same
        :param values: ``posted_at``, ``tracking_number``, ``recipient_name``,
            ``recipient_address``, ``recipient_email``
        :return: the new ``complaint.letter``, sent; it takes the same step
        :raises UserError: when that step is not possible now
        """
        letter = self._draft_again(channel, **values)
        letter.action_send()
        return letter

    def action_draft_again(self):
        """Open a draft with the same text, by post where there is an address."""
        self.ensure_one()
        channel = "email"
        if (self.recipient_address or "").strip():
            channel = "registered" if self.channel == "registered" else "post"
        letter = self._draft_again(channel)
        return {
            "type": "ir.actions.act_window",
            "name": letter.display_name,
            "res_model": self._name,
            "res_id": letter.id,
            "view_mode": "form",
            "target": "current",
        }

    def _draft_again(self, channel=None, **values):
        self.ensure_one()
        self.ticket_id._complaint_check_role()
        self._check_again(values)
        letter = self.create(
            {
                "ticket_id": self.ticket_id.id,
                "template_id": self.template_id.id,
                "lang": self.lang,
                "subject": self.subject,
                "body": self.body,
                "channel": channel or self.channel,
                "recipient_name": self.recipient_name,
                "recipient_address": self.recipient_address,
                "recipient_email": self.recipient_email,
                "corrects_id": self.corrects_id.id,
                "referral_id": self.referral_id.id,
                "enclosure_ids": [Command.set(self.enclosure_ids.ids)],
                **values,
            }
        )
        letter.sudo().resends_id = self  # sudo: complaint.letter - not by hand
        return letter

    def _check_again(self, values):
        """Only what was sent is sent again, with its own words."""
        if self.state != "sent":
            raise UserError(
                self.env._(
                    "Letter %(letter)s has not been sent yet. Send it.",
                    letter=self.display_name,
                )
            )
        unknown = sorted(set(values) - AGAIN_VALUES)
        if unknown:
            raise UserError(
                self.env._(
                    "Letter %(letter)s is sent again with the same text: “%(unknown)s” "
                    "cannot be given. Known values: %(known)s.",
                    letter=self.display_name,
                    unknown=", ".join(unknown),
                    known=", ".join(sorted(AGAIN_VALUES)),
                )
            )


def _is_final(message, message_dict):
    """Whether a mail says that another one will never arrive.

    Mail servers also report that they are still trying, or that all went well; and
    people who are away answer to where failures are reported.
    """
    kinds = {part.get_content_type() for part in message.walk()}
    actions = [
        (block.get("Action") or "failed").strip().lower()
        for part in message.walk()
        if part.get_content_type() == "message/delivery-status"
        for block in part.get_payload()[1:]
    ]
    if actions:
        return "failed" in actions
    sender = message_dict.get("email_from") or ""
    return "message/disposition-notification" not in kinds and any(
        name in sender.lower() for name in POSTMASTERS
    )


def _bounce_words(message):
    """What the mail server says of the failure, or nothing."""
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status":
            for block in part.get_payload()[1:]:
                said = block.get("Diagnostic-Code") or block.get("Status")
                if said:
                    return " ".join(str(said).split())
    return ""
