from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from .helpdesk_ticket_portal import LETTER_MILESTONES

# Channels by which a person hands the letter over, now or some time before.
HANDED_CHANNELS = ("post", "registered", "hand")
# Channels whose handing over somebody can contest, so that a proof is kept.
PROVEN_CHANNELS = ("registered", "hand")

DELIVERY_STATES = [
    ("waiting", "Waiting to leave"),
    ("handed", "Accepted by the mail server"),
    ("failed", "Not sent"),
    ("bounced", "Came back"),
]
UNDELIVERED = ("failed", "bounced")


class ComplaintLetter(models.Model):
    """How a letter leaves, and when it counts as sent."""

    _inherit = "complaint.letter"

    delivery_state = fields.Selection(
        DELIVERY_STATES,
        "Delivery",
        readonly=True,
        copy=False,
        help="Of the e-mail: the one that carries the letter, or the one that tells "
        "that a letter waits in the portal.",
    )
    delivery_note = fields.Text("Reason", readonly=True, copy=False)
    handed_at = fields.Datetime(
        "Accepted on",
        readonly=True,
        copy=False,
        help="When the mail server took the e-mail.",
    )
    mail_reference = fields.Char(
        "Message-ID",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="By which a mail that comes back is recognised.",
    )
    read_at = fields.Datetime(
        "Opened on",
        readonly=True,
        copy=False,
        help="When the complainant opened it in the portal for the first time.",
    )

    _unsettled_idx = models.Index("(mail_id) WHERE delivery_state = 'waiting'")

    def _left_at(self):
        """When the letter leaves: what Odoo sends leaves now, whatever is asked."""
        now = fields.Datetime.now()
        return self.posted_at or now if self.channel in HANDED_CHANNELS else now

    def _has_left(self):
        """Whether it was sent and nothing says that it did not arrive."""
        self.ensure_one()
        return self.state == "sent" and (
            self.delivery_state not in UNDELIVERED or bool(self.read_at)
        )

    def _sent_on(self):
        """When it counts as sent: later than written on it if it failed at first."""
        self.ensure_one()
        if self.undelivered_at and self._has_left():
            known = filter(None, [self.read_at, self.handed_at])
            # Neither is known where the file refused the news that it arrived.
            return min(known, default=self.sent_at)
        return self.sent_at

    # ------------------------------------------------------------------
    # Before it leaves
    # ------------------------------------------------------------------

    def _check_complete(self):
        result = super()._check_complete()
        if self.channel == "portal":
            self._check_portal()
        return result

    def _check_portal(self):
        """Only who can open the portal, and hears of it, gets letters there."""
        ticket = self.ticket_id
        if self.code not in LETTER_MILESTONES:
            raise UserError(
                self.env._(
                    "%(ticket)s: this letter is not for the complainant, so it cannot "
                    "wait in his portal. Choose another channel.",
                    ticket=ticket.display_name,
                )
            )
        user = self._find_portal_user()
        if not user:
            raise UserError(
                self.env._(
                    "%(ticket)s: %(name)s has no portal account that sees the "
                    "complaint. Give the complainant access to the portal (Contacts / "
                    "Action / Grant portal access), or choose another channel.",
                    ticket=ticket.display_name,
                    name=self.recipient_name,
                )
            )
        if not (self.recipient_email or user.email):
            raise UserError(
                self.env._(
                    "%(ticket)s: nobody can tell %(name)s that a letter waits: there "
                    "is no e-mail address. Enter one, or choose another channel.",
                    ticket=ticket.display_name,
                    name=self.recipient_name,
                )
            )

    def _find_portal_user(self):
        """The account by which the complainant sees his complaint, or none."""
        ticket = self.ticket_id
        # sudo: res.users - whether the complainant has an account
        for user in ticket.partner_id.sudo().user_ids:
            seen = ticket.with_user(user).with_context(
                allowed_company_ids=user.company_ids.ids
            )
            if user.active and seen.has_access("read"):
                return user
        return self.env["res.users"]

    # ------------------------------------------------------------------
    # Leaving
    # ------------------------------------------------------------------

    def _deliver(self):
        """Hand the e-mail to the mail queue, or note that it was handed over.

        A mail of its own, not a notification: notifications to blacklisted
        addresses may be dropped without a word. It leaves after the commit, so that
        nobody receives a letter whose sending was rolled back.
        """
        self.ensure_one()
        letter = self.sudo()  # sudo: mail.mail - handlers may not create mails
        if letter.channel not in HANDED_CHANNELS:
            letter._queue_mail()
        elif letter.tracking_number:
            letter._keep_tracking_number()
        if letter.resends_id:
            letter.ticket_id._complaint_forget_undelivered()

    def _queue_mail(self):
        if self.channel == "portal":
            vals = self._prepare_notice_vals()
        else:
            vals = self._prepare_mail_vals()
        mail = self.env["mail.mail"].create(vals)
        self.write(
            {
                "mail_id": mail.id,
                "mail_reference": mail.message_id,
                "delivery_state": "waiting",
            }
        )
        self.env["mail.mail"]._complaint_leave_with_commit()

    def _prepare_mail_vals(self):
        """The e-mail that carries the letter."""
        return {
            # a line break in it would stop the e-mail
            "subject": " ".join(self.subject.split()),
            "attachment_ids": [
                Command.link(file.id)
                for file in self.attachment_id | self.enclosure_ids
            ],
            **self._prepare_envelope_vals("mail_letter", self.recipient_email),
        }

    def _prepare_notice_vals(self):
        """The e-mail that tells that a letter waits, and nothing of what it says."""
        spoken = self.with_context(lang=self.lang)
        return {
            "subject": spoken.env._(
                "%(company)s: a letter waits for you",
                company=self.company_id.name,
            ),
            **self._prepare_envelope_vals(
                "mail_letter_waiting",
                self.recipient_email or self._find_portal_user().email,
            ),
        }

    def _prepare_envelope_vals(self, template, address):
        """:param template: name of the QWeb template of the text"""
        ticket = self.ticket_id
        body = (
            self.env["ir.qweb"]
            .with_context(lang=self.lang)
            ._render(
                f"helpdesk_complaint.{template}",
                {
                    "letter": self,
                    "company": self.company_id,
                    "url": f"{ticket.get_base_url()}{ticket.access_url}",
                    "token": ticket._complaint_reply_token(),
                },
                lang=self.lang,
            )
        )
        sender = ticket._complaint_mail_from()
        # the file for a recourse body is not for the complainant's portal
        kind = "note" if self.code == "mediator_file" else "comment"
        return {
            "body": body,
            "body_html": body,
            "email_from": sender,
            "reply_to": ticket._notify_get_reply_to(default=sender)[ticket.id],
            "email_to": address,
            "author_id": self.env.user.partner_id.id,
            "model": ticket._name,
            "res_id": ticket.id,
            "subtype_id": self.env["ir.model.data"]._xmlid_to_res_id(f"mail.mt_{kind}"),
            "message_type": "email_outgoing",
            "auto_delete": False,
        }

    # ------------------------------------------------------------------
    # What became of the e-mail
    # ------------------------------------------------------------------

    @api.model
    def _find_unsettled(self, but=(), limit=None):
        """Letters whose e-mail has left, or will not, without their knowing it.

        One search for each way, so that each follows an index however many e-mails
        there are.
        """
        found = self.browse()
        for domain in (
            Domain("delivery_state", "=", "waiting") & Domain("mail_id", "=", False),
            Domain("delivery_state", "=", "waiting")
            & Domain("mail_id.state", "in", ("sent", "exception", "cancel")),
            Domain("delivery_state", "=", "failed")
            & Domain("mail_id.state", "=", "sent"),
        ):
            domain &= Domain("id", "not in", list(but))
            found |= self.search(domain, limit=limit, order="id")
        return found[:limit]

    def _settle(self):
        """Take over what the mail queue says of the e-mails of these letters."""
        for letter in self:
            mail = letter.mail_id
            if mail.state == "sent":
                letter._note_handed(mail.write_date)
            elif mail.state != "outgoing":
                letter._note_undelivered("failed", letter._failure_words())

    def _failure_words(self):
        """Why an e-mail did not leave, in the language of the environment."""
        mail = self.mail_id
        if not mail:
            return self.env._("The e-mail was deleted before it left.")
        if mail.state == "cancel":
            return self.env._("The e-mail was cancelled before it left.")
        kinds = dict(mail._fields["failure_type"]._description_selection(self.env))
        words = [kinds.get(mail.failure_type), (mail.failure_reason or "").strip()]
        return "\n".join(filter(None, words)) or self.env._("Reason unknown.")

    def _note_handed(self, at):
        """The mail server has taken the e-mail; after a failure it counts from now."""
        self.ensure_one()
        was_lost = not self._has_left()
        self.write(
            {"delivery_state": "handed", "delivery_note": False, "handed_at": at}
        )
        if was_lost:
            self._note_delivered()

    def _note_reading(self):
        """Keep as evidence that the complainant opened it in the portal."""
        partner = self.env.user.partner_id
        self.filtered(lambda x: x.ticket_id.partner_id == partner)._keep_reading()

    def _note_reading_by_link(self, link):
        """The same of who has no account: the link went to his address."""
        self._keep_reading(link=link.id)

    def _keep_reading(self, **how):
        """The first time; a letter that was taken for lost has then arrived."""
        for letter in self.filtered(lambda x: not x.read_at):
            was_lost = not letter._has_left()
            letter.read_at = fields.Datetime.now()
            letter.ticket_id._complaint_log(
                "letter_read", data={"letter": letter.id, "number": letter.name, **how}
            )
            if was_lost:
                letter._note_delivered()
