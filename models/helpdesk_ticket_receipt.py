import logging

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import email_normalize, hash_sign, verify_hash_signed

_logger = logging.getLogger(__name__)

CLAIM_SCOPE = "helpdesk_complaint.claim"
CLAIM_HOURS = 24
# So that no other machine answers, and ours does not take it for a complaint.
AUTOMATIC_HEADERS = {
    "Auto-Submitted": "auto-replied",
    "X-Auto-Response-Suppress": "All",
    "Precedence": "bulk",
}


class HelpdeskTicket(models.Model):
    """1. What who complains gets at once: a dated receipt, a copy, a link to follow."""

    _inherit = "helpdesk.ticket"

    def _complaint_send_receipt(self):
        """Send the receipt to who wrote the complaint, if he gave an address.

        Strangers can make us write to an address that is not theirs: only so many
        receipts go to one address in a day, and the text of the e-mail holds nothing
        that they wrote.
        """
        throttle = self.env["complaint.throttle"]
        # sudo: mail.mail, complaint.link - whoever sends may not make them
        for ticket in self.sudo():
            email, role = ticket._complaint_party_email()
            if not email or not throttle._allow("receipt", email):
                continue
            is_full = role == "complainant" or ticket._complaint_mandate_holds()
            files = ticket._complaint_receipt_files(is_full)
            ticket._complaint_mail_link(email, role, "mail_receipt", files=files)
            ticket._complaint_log("receipt")

    def _complaint_receipt_files(self, is_full=True):
        """The dated copy; a complaint whose copy cannot be made is received too."""
        try:
            with self.env.cr.savepoint():
                content = self._complaint_copy_pdf(is_full=is_full)
        except UserError as error:
            _logger.warning("No copy of complaint %s: %s", self.id, error)
            return []
        return [(self._complaint_copy_name(), content)]

    @api.model
    def _complaint_renew_link(self, reference, email):
        """Send a new link to who is on file with this address, and to nobody else.

        The caller learns nothing of what was found.

        :param str reference: register number, or the ticket's number
        :param str email: a normalised address
        """
        # sudo: helpdesk.ticket - a visitor; nothing of it is told to him
        tickets = self.sudo().with_context(active_test=False)
        found = tickets.search(self._complaint_reference_domain(reference), limit=10)
        for ticket in found:
            party, role = ticket._complaint_party_email()
            if (
                party == email
                and ticket._complaint_may_have_link(role)
                and self.env["complaint.throttle"]._allow("receipt", email)
            ):
                ticket._complaint_send_link(email, role)

    @api.model
    def _complaint_reference_domain(self, reference):
        """The complaints that somebody names by a number; each has an index."""
        return Domain("complaint_state", "not in", (False, "erased")) & (
            Domain("complaint_number", "=", reference)
            | Domain("number", "=", reference)
        )

    def _complaint_send_link(self, email, role):
        """Send a new link, which ends the older ones of this address."""
        self._complaint_mail_link(email, role, "mail_link")
        self._complaint_log("link")

    @api.model
    def _complaint_send_claim(self, user):
        """Send a user the link that proves that the address of his account is his.

        Where an account says that it has some address, nobody has checked it.
        """
        email = email_normalize(user.email or "")
        # sudo: mail.mail, ir.config_parameter - a customer asks for it
        ticket = self.sudo()
        if not email or not ticket.env["complaint.throttle"]._allow("receipt", email):
            return
        token = hash_sign(
            ticket.env,
            CLAIM_SCOPE,
            [user.id, email],
            expiration_hours=CLAIM_HOURS,
        )
        company = user.company_id.sudo()  # sudo: res.company - its public address
        spoken = ticket.with_context(lang=user.lang)
        body = spoken.env["ir.qweb"]._render(
            "helpdesk_complaint.mail_claim",
            {
                "url": f"{company.get_base_url()}/my/complaints/claim/{token}",
                "company": company,
            },
            lang=user.lang,
        )
        ticket.env["mail.mail"].create(
            {
                "subject": spoken.env._(
                    "%(company)s: find your earlier complaints", company=company.name
                ),
                "body_html": body,
                "email_from": company.email_formatted or user.email_formatted,
                "email_to": email,
                "headers": repr(AUTOMATIC_HEADERS),
                "auto_delete": True,
            }
        )
        ticket.env["mail.mail"]._complaint_leave_with_commit()

    @api.model
    def _complaint_read_claim(self, token, user):
        """The address that a link proves to be this user's, or nothing.

        It counts as long as the account still has that address.
        """
        # sudo: ir.config_parameter - the secret
        try:
            claim = verify_hash_signed(self.sudo().env, CLAIM_SCOPE, token)
        except ValueError:
            return None
        email = email_normalize(user.email or "")
        return email if claim and claim == [user.id, email] else None

    def _complaint_mail_link(self, email, role, template, files=()):
        """Queue an e-mail with a link that opens the complaint.

        What is kept of it in the chatter has no link: whoever reads it there would
        have what the complainant has.

        :param str template: name of the QWeb template of the text
        :param files: pairs of name and bytes; they belong to the link
        """
        self.ensure_one()
        token, link = self.env["complaint.link"]._give(self, role, email)
        url = f"{self.get_base_url()}/complaint/follow/{token}"
        self._complaint_queue_mail(
            email,
            template,
            url,
            attachment_ids=[
                Command.create(
                    {
                        "name": name,
                        "raw": content,
                        "res_model": "complaint.link",
                        "res_id": link.id,
                    }
                )
                for name, content in files
            ],
        )

    def _complaint_queue_mail(self, email, template, url=None, **vals):
        """Queue an e-mail that the addressee asked for, in the complainant's language.

        :param str template: name of the QWeb template of the text
        :param url: what is in the e-mail and not in what is kept of it
        :param vals: other values of the ``mail.mail``
        """
        ticket = self.with_context(lang=self.complaint_lang or self.env.lang)
        sender = self._complaint_mail_from()
        kept = ticket._complaint_mail_body(template, None)
        self.env["mail.mail"].create(
            {
                "subject": ticket.env._(
                    "%(company)s: your complaint %(number)s",
                    company=self.company_id.name,
                    number=self.complaint_reference,
                ),
                "body": kept,
                "body_html": ticket._complaint_mail_body(template, url)
                if url
                else kept,
                "email_from": sender,
                "reply_to": self._notify_get_reply_to(default=sender)[self.id],
                "email_to": email,
                "author_id": self.company_id.partner_id.id,
                "model": self._name,
                "res_id": self.id,
                # an answer to it is no internal note, as one to a note would be
                "subtype_id": self.env["ir.model.data"]._xmlid_to_res_id(
                    "mail.mt_comment"
                ),
                "message_type": "email_outgoing",
                "headers": repr(AUTOMATIC_HEADERS),
                # the e-mail goes once sent; its message stays, so that answers find it
                "auto_delete": True,
                "is_notification": True,
                **vals,
            }
        )
        self.env["mail.mail"]._complaint_leave_with_commit()

    def _complaint_mail_body(self, template, url):
        values = self._prepare_complaint_receipt_values()
        return self.env["ir.qweb"]._render(
            f"helpdesk_complaint.{template}",
            {
                **values,
                "ticket": self,
                "company": self.company_id,
                "url": url,
                "token": self._complaint_reply_token(),
            },
            lang=self.env.lang,
        )

    def _prepare_complaint_receipt_values(self):
        """The dates of a receipt, in words of the context's language."""
        received = self._complaint_local_day(self.complaint_received_at)
        return {
            "received": self._complaint_long_date(received),
            "acknowledge_by": self._complaint_long_date(
                self._complaint_portal_due("acknowledge")
            ),
            "answer_by": self._complaint_long_date(
                self._complaint_portal_due("respond")
            ),
        }
