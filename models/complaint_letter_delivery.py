from odoo import fields, models

# Channels by which a person hands the letter over, now or some time before.
HANDED_CHANNELS = ("post", "registered", "hand")


class ComplaintLetter(models.Model):
    """How a letter leaves, and when it counts as sent."""

    _inherit = "complaint.letter"

    def _left_at(self):
        """When the letter leaves: what Odoo sends leaves now, whatever is asked."""
        now = fields.Datetime.now()
        return self.posted_at or now if self.channel in HANDED_CHANNELS else now

    def _deliver(self):
        """Hand an e-mail with the PDF to the mail queue.

        A mail of its own, not a notification: notifications to blacklisted
        addresses may be dropped without a word. It leaves after the commit, so that
        nobody receives a letter whose sending was rolled back.
        """
        self.ensure_one()
        if self.channel != "email":
            return
        letter = self.sudo()  # sudo: mail.mail - handlers may not create mails
        ticket = letter.ticket_id
        body = (
            self.env["ir.qweb"]
            .with_context(lang=letter.lang)
            ._render(
                "helpdesk_complaint.mail_letter",
                {"letter": letter, "company": letter.company_id},
                lang=letter.lang,
            )
        )
        mail = letter.env["mail.mail"].create(
            {
                # a line break in it would stop the e-mail
                "subject": " ".join(letter.subject.split()),
                "body": body,
                "body_html": body,
                "email_from": ticket._complaint_mail_from(),
                "reply_to": ticket._notify_get_reply_to(
                    default=ticket._complaint_mail_from()
                )[ticket.id],
                "email_to": letter.recipient_email,
                "author_id": self.env.user.partner_id.id,
                "model": ticket._name,
                "res_id": ticket.id,
                "attachment_ids": [
                    (4, file.id) for file in letter.attachment_id | letter.enclosure_ids
                ],
                # the file for a recourse body is not for the complainant's portal
                "subtype_id": self.env.ref(
                    f"mail.mt_{'note' if self.code == 'mediator_file' else 'comment'}"
                ).id,
                "message_type": "email_outgoing",
                "auto_delete": False,
            }
        )
        letter.mail_id = mail
        # sudo: ir.cron - ask the mail queue to run after the commit
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()
