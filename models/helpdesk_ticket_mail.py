import logging
from datetime import UTC
from email.utils import parsedate_to_datetime

from odoo import api, fields, models, tools
from odoo.tools import consteq, plaintext2html

from ..engine import mail_token
from ..engine.mail_reading import Kind
from ..engine.workdays import FIRST_DAY
from .complaint_batch import LOST_RACES
from .complaint_mail import KEY, ComplaintMail

_logger = logging.getLogger(__name__)

MESSAGE_KIND = "helpdesk_complaint.mail_activity_message"
# Of the messages that a mail says it answers: those nearest to it.
MOST_REFERENCES = 32
# Of which ways the context may say that a complaint came: by code, and by a colleague.
FORM_CHANNELS = ("form", "portal")
DESK_CHANNELS = ("counter",)


class HelpdeskTicket(models.Model):
    """1. Intake by e-mail: what a message is to a complaint.

    How it gets here is in ``mail_gateway.py``; what follows from an answer of the
    complainant in ``helpdesk_ticket_hear.py``.
    """

    _inherit = "helpdesk.ticket"

    # ------------------------------------------------------------------
    # Which complaint it answers
    # ------------------------------------------------------------------

    def _complaint_only(self):
        """Those that exist and are complaints, with the system's rights."""
        # sudo: helpdesk.ticket - the gateway finds files for whoever writes
        return self.sudo().exists().filtered("complaint_state")

    @api.model
    def _complaint_of_messages(self, numbers):
        """The complaint to which the nearest of these messages belongs, or none.

        :param numbers: Message-Ids, the nearest first
        """
        numbers = numbers[:MOST_REFERENCES]
        if not numbers:
            return self.browse()
        tickets = {}
        # sudo: mail.message, complaint.letter, complaint.intake - to find the file
        messages = self.env["mail.message"].sudo()
        for message in messages.search(
            [("message_id", "in", numbers), ("model", "=", self._name)], order="id"
        ):
            tickets[message.message_id] = message.res_id
        letters = self.env["complaint.letter"].sudo()  # sudo: same
        for letter in letters.search([("mail_reference", "in", numbers)]):
            tickets.setdefault(letter.mail_reference, letter.ticket_id.id)
        lines = self.env["complaint.intake"].sudo()  # sudo: same
        for line in lines.search(
            [("message_id", "in", numbers), ("ticket_id", "!=", False)]
        ):
            tickets.setdefault(line.message_id, line.ticket_id.id)
        found = [tickets[number] for number in numbers if number in tickets]
        return self.browse(found)._complaint_only()[:1]

    def _complaint_reply_token(self):
        """The mark by which an answer finds this complaint, whatever its subject.

        It is made of the file's own secret and that of the database: its number, on
        every letter, is not enough to write into it.
        """
        self.ensure_one()
        ticket = self.sudo()  # sudo: helpdesk.ticket, ir.config_parameter - secrets
        mac = tools.hmac(
            ticket.env,
            "helpdesk_complaint.reply",
            (ticket.id, ticket.complaint_salt or ""),
        )
        return mail_token.written(ticket.id, mac)

    @api.model
    def _complaint_of_tokens(self, tokens):
        """The complaint of the first mark that is true, or none.

        :param tokens: pairs of number and hash, as ``engine.mail_token`` finds them
        """
        for number, mac in tokens:
            if number < 2**31:
                ticket = self.browse(number)._complaint_only()
                if ticket and consteq(
                    ticket._complaint_reply_token(), mail_token.written(number, mac)
                ):
                    return ticket
        return self.browse()

    def _complaint_is_party(self, email):
        """Whether this address is the complainant's, or who writes for him."""
        self.ensure_one()
        address = tools.email_normalize(email or "")
        ticket = self.sudo()  # sudo: helpdesk.ticket - addresses
        return bool(address) and address in {
            ticket.partner_id.email_normalized,
            tools.email_normalize(ticket.partner_email or ""),
            *ticket._complaint_representative_addresses(),
        }

    # ------------------------------------------------------------------
    # Odoo's gateway
    # ------------------------------------------------------------------

    @api.model
    def message_new(self, msg, custom_values=None):
        """Report what reaches a complaint desk, and keep every such e-mail.

        An empty body, an unknown sender or many files are no reason to lose it. The
        other recipients are not subscribed: a follower reads the file.
        """
        values = dict(custom_values or {})
        # sudo: helpdesk.ticket.team - the gateway reads its configuration
        team = self.env["helpdesk.ticket.team"].sudo().browse(values.get("team_id"))
        if not team.complaint_intake:
            return super().message_new(msg, custom_values=custom_values)
        mail = ComplaintMail.of(self.env)
        received = mail.received_at if mail else fields.Datetime.now()
        values = {**self._prepare_complaint_mail_vals(msg, mail), **values}
        ticket = super().message_new(msg, custom_values=values)
        author = self.env["res.partner"]
        if not (mail and mail.original):
            author = author.browse(msg.get("author_id") or [])
        ticket.message_unsubscribe((ticket.message_partner_ids - author).ids)
        # sudo: helpdesk.ticket - mail from outside enters whoever sent it
        ticket.sudo().complaint_report(
            received_at=received,
            sent_date=ticket._complaint_mail_sent(msg, mail, received),
            medium="written",
        )
        if mail:
            mail.entered.append((ticket.id, True))
            ticket.sudo()._complaint_follow_erased(mail)  # sudo: same
        return ticket

    @api.model
    def _prepare_complaint_mail_vals(self, msg, mail):
        """Who complains, and in which words."""
        name, email = tools.parse_contact_from_email(msg.get("from") or "")
        body = msg.get("body") or ""
        if not tools.html2plaintext(body).strip() and "<img" not in body:
            body = self.env._("(e-mail without text)")
        channel = self.env.ref(
            "helpdesk_mgmt.helpdesk_ticket_channel_email", raise_if_not_found=False
        )
        vals = {
            # Nobody is in charge yet, least of all the account that fetches mails.
            "user_id": False,
            "partner_name": name or email,
            "partner_email": email or msg.get("from"),
            "description": body,
            **({"channel_id": channel.id} if channel else {}),
        }
        if mail and mail.original:
            vals.update(self._prepare_complaint_forwarded_vals(mail.original))
        return vals

    @api.model
    def _prepare_complaint_forwarded_vals(self, original):
        """A colleague forwards it: the first sender complains, in his own words."""
        finder = self.env["mail.thread"]
        partner = finder._partner_find_from_emails_single(
            [original.address], no_create=True
        )[:1]
        if partner._complaint_email_is_doubtful():
            partner = partner.browse()
        vals = {
            "partner_id": partner.id,
            "partner_name": original.name or original.address,
            "partner_email": original.address,
        }
        if original.subject:
            vals["name"] = original.subject
        if original.body:
            vals["description"] = plaintext2html(original.body)
        return vals

    def _complaint_mail_sent(self, msg, mail, received):
        """The day of sending: that of the first sender where it was forwarded."""
        if mail and mail.original:
            sent = mail.original.sent
            if not sent or sent.year <= FIRST_DAY.year:
                return None
            return min(sent, self._complaint_local_day(received))
        return self._complaint_mail_date(msg, received)

    def _complaint_is_forwarded(self):
        """Whether a colleague forwards it now: his own words are not for outside."""
        mail = ComplaintMail.of(self.env)
        return bool(mail and mail.original and self.complaint_state)

    def message_update(self, msg, update_vals=None):
        """An answer to a complaint subscribes nobody."""
        if not self.filtered("complaint_state"):
            return super().message_update(msg, update_vals=update_vals)
        before = {ticket: ticket.message_partner_ids for ticket in self}
        result = super().message_update(msg, update_vals=update_vals)
        for ticket, partners in before.items():
            ticket.message_unsubscribe((ticket.message_partner_ids - partners).ids)
        mail = ComplaintMail.of(self.env)
        if mail:
            mail.entered += [(ticket.id, False) for ticket in self]
        return result

    def _complaint_mail_date(self, msg, received):
        """The local day in an e-mail's Date header, never after its receipt."""
        date = msg.get("date")
        try:
            sent = fields.Datetime.to_datetime(date)
        except ValueError:
            try:
                sent = parsedate_to_datetime(date).astimezone(UTC)
                sent = sent.replace(tzinfo=None)
            except (TypeError, ValueError):
                return None
        if not sent or sent.year <= FIRST_DAY.year:
            return None
        return self._complaint_local_day(min(sent, received))

    # ------------------------------------------------------------------
    # What became of it
    # ------------------------------------------------------------------

    def _complaint_settle_mail(self, mail, is_new):
        """What follows from a message that is on this ticket now.

        :return: ``(outcome, complaint)``: of the journal, and the complaint to which
            the message belongs
        """
        self.ensure_one()
        if is_new:
            self._complaint_answer_mail(mail)
            return "new", self
        if not mail.is_heard:
            is_automatic = mail.kind in (Kind.AUTO_REPLY, Kind.AUTOMATIC)
            if mail.kind != Kind.AUTO_REPLY and not mail.colleague:
                self._complaint_tell_message(
                    lambda env: env._("A message of somebody else, or of a program")
                )
            return ("automatic" if is_automatic else "other"), self
        message = self._complaint_find_message(mail)
        outcome, found = self._complaint_hear_as(message, mail.received_at)
        if outcome == "linked":
            found._complaint_answer_mail(mail)
        return outcome, found

    def _complaint_find_message(self, mail):
        # sudo: mail.message - the one that the gateway has just added
        return (
            self.env["mail.message"]
            .sudo()
            .search(
                [
                    ("message_id", "=", mail.new_id or mail.message_id),
                    ("model", "=", self._name),
                    ("res_id", "=", self.id),
                ],
                order="id desc",
                limit=1,
            )
        )

    def _complaint_answer_mail(self, mail):
        """Confirm the receipt to a person whose address wrote it himself.

        Not to programs and lists, nor to whom a colleague names, nor where answers
        feed a loop. Without the receipt the complaint is still one.
        """
        if not mail.is_person or mail.original or mail.is_flood or not mail.sender[1]:
            return
        if self.env["mail.thread"]._complaint_is_own_address(mail.sender[1]):
            return
        try:
            with self.env.cr.savepoint():
                self._complaint_send_receipt()
        except LOST_RACES:
            raise
        except Exception:
            _logger.exception("No receipt for complaint %s", self.id)

    def _complaint_mail_note(self, mail):
        """What the journal says of a message besides its outcome."""
        notes = []
        if mail.original and mail.colleague:
            notes.append(
                self.env._("Forwarded by %(colleague)s.", colleague=mail.colleague)
            )
        if mail.is_flood:
            notes.append(
                self.env._("Very many from this sender: no automatic answer was sent.")
            )
        return "\n".join(notes) or False

    def _complaint_tell_message(self, words, note=None):
        """Tell the handler of a message that he should look at, once at a time.

        :param words: function of an environment in his language: the summary
        """
        for ticket in self.sudo():  # sudo: mail.activity - a colleague's
            if ticket.activity_search([MESSAGE_KIND]):
                continue
            user = ticket._complaint_user_of_level("handler")
            ticket = ticket.with_context(lang=user.lang)
            ticket.activity_schedule(
                MESSAGE_KIND, summary=words(ticket.env), note=note, user_id=user.id
            )

    # ------------------------------------------------------------------
    # What Odoo cannot read
    # ------------------------------------------------------------------

    @api.model
    def _complaint_from_unread(self, mail, company):
        """A complaint, or a note on one, with what could be read of a message.

        :return: the ticket
        """
        text = mail.text.strip() or self.env._("(e-mail that could not be read)")
        body = plaintext2html(text)
        ticket = self.browse(mail.ticket_id)._complaint_only()
        if ticket.company_id != company:
            ticket = self.browse()
        if ticket:
            ticket._message_log(body=body)
        else:
            ticket = self._complaint_create_unread(mail, company, body)
        ticket._complaint_tell_message(
            lambda env: env._("An e-mail could not be read: open it as received")
        )
        return ticket

    @api.model
    def _complaint_create_unread(self, mail, company, body):
        # sudo: helpdesk.ticket.team, helpdesk.ticket - mail from outside enters
        teams = self.env["helpdesk.ticket.team"].sudo().browse(mail.desks)
        team = teams.filtered(lambda x: x.company_id in (company, company.browse()))
        name, address = mail.sender
        channel = self.env.ref(
            "helpdesk_mgmt.helpdesk_ticket_channel_email", raise_if_not_found=False
        )
        ticket = (
            self.sudo()  # sudo: same
            .with_company(company)
            .create(
                {
                    "name": mail.subject or self.env._("No subject"),
                    "description": body,
                    "team_id": team[:1].id,
                    "company_id": company.id,
                    "user_id": False,
                    "channel_id": channel.id if channel else False,
                    "partner_name": name or address or False,
                    "partner_email": address or False,
                }
            )
        )
        # The line of the journal is there already, with its bytes.
        ticket = ticket.with_context(**{KEY: mail})
        ticket.complaint_report(received_at=mail.received_at, medium="written")
        return ticket.with_env(self.env).sudo()  # sudo: same

    # ------------------------------------------------------------------
    # The journal
    # ------------------------------------------------------------------

    def _complaint_note_entry(self):
        """A line of the journal for each complaint; e-mails have theirs already."""
        if not ComplaintMail.of(self.env):
            channel = self.env.context.get("complaint_channel")
            if channel not in (FORM_CHANNELS if self.env.su else DESK_CHANNELS):
                channel = "report"
            self.env["complaint.intake"]._note(channel, "new", self)
