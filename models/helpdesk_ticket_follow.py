from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import plaintext2html

from .complaint_terms import FILE_GROUPS
from .helpdesk_ticket_form import TWIN_SECONDS

RATINGS = [
    ("1", "Very badly"),
    ("2", "Badly"),
    ("3", "Fairly"),
    ("4", "Well"),
    ("5", "Very well"),
]
REACTED_STATES = ("answered", "closed", "archived")


class HelpdeskTicket(models.Model):
    """8. What the complainant does to his file: write, ask for the recourse, rate.

    Each method is called by a page that knows who he is; the complaint then has the
    system's rights.
    """

    _inherit = "helpdesk.ticket"

    complaint_rating_ids = fields.One2many(
        "rating.rating",
        "res_id",
        "Ratings of the handling",
        domain=[("res_model", "=", "helpdesk.ticket"), ("consumed", "=", True)],
        readonly=True,
        copy=False,
        groups=FILE_GROUPS,
    )
    complaint_rating = fields.Selection(
        RATINGS,
        "Handling rated",
        compute="_compute_complaint_rating",
        groups=FILE_GROUPS,
    )
    complaint_rating_feedback = fields.Text(
        "What the complainant says of it",
        compute="_compute_complaint_rating",
        groups=FILE_GROUPS,
    )
    complaint_link_ids = fields.One2many(
        "complaint.link",
        "ticket_id",
        "Links to follow it",
        readonly=True,
        copy=False,
        groups=FILE_GROUPS,
    )

    @api.depends("complaint_rating_ids.rating", "complaint_rating_ids.feedback")
    def _compute_complaint_rating(self):
        for ticket in self:
            rating = ticket.complaint_rating_ids[:1]
            ticket.complaint_rating = rating and str(int(rating.rating))
            ticket.complaint_rating_feedback = rating.feedback

    def _complaint_check_party(self):
        """Raise unless the user is the complainant, or represents him."""
        self.check_access("read")
        for ticket in self:
            if not ticket._complaint_may_act(self.env.user.partner_id):
                raise AccessError(
                    self.env._(
                        "%(ticket)s: you may read this complaint. Only the "
                        "complainant, or who represents him, writes to it.",
                        ticket=ticket.number,
                    )
                )

    # ------------------------------------------------------------------
    # Messages
    # ------------------------------------------------------------------

    def _complaint_receive_message(self, text, files, partner=None, email=None):
        """Add what the complainant writes, and let it have its effect.

        The same words and files again within a minute are the same message.

        :param str text: plain text
        :param files: pairs of file name and bytes
        :param partner: who writes; of a visitor, nobody
        :param email: the address of a visitor
        :return: the complaint that the message belongs to: this one, or a new one
            when this one is closed for good
        """
        self.ensure_one()
        claim = self.env["complaint.submission"]._claim(
            self._complaint_content_digest({"ticket": self.id, "text": text}, files),
            TWIN_SECONDS,
        )
        if claim.ticket_id:
            return claim.ticket_id
        handler = self._complaint_user_of_level("handler").partner_id
        message = self.message_post(
            body=plaintext2html(text) if text else Markup(""),
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            author_id=partner.id if partner else False,
            email_from=partner.email_formatted if partner else email or self.number,
            partner_ids=handler.ids,
            attachments=list(files),
        )
        message.attachment_ids.complaint_is_given = True
        channel = "portal" if partner else "form"
        heard = self.with_context(complaint_channel=channel)._complaint_hear_as(message)
        outcome, claim.ticket_id = heard
        if outcome == "linked":
            claim.ticket_id._complaint_send_receipt()
        return claim.ticket_id

    def _complaint_portal_messages(self):
        """The messages between the complainant and the company, oldest first.

        :return: a list of dicts: ``message``, ``author`` (words), ``is_ours``,
            ``day`` (words)
        """
        self.ensure_one()
        comment = self.env.ref("mail.mt_comment")
        messages = self.env["mail.message"].search(
            Domain("model", "=", self._name)
            & Domain("res_id", "=", self.id)
            & Domain("message_type", "in", ("comment", "email"))
            & Domain("is_internal", "=", False)
            & Domain("subtype_id", "=", comment.id),
            order="date, id",
        )
        colleagues = messages.author_id.user_ids.filtered(lambda user: not user.share)
        rows = []
        for message in messages:
            is_ours = bool(message.author_id & colleagues.partner_id)
            rows.append(
                {
                    "message": message,
                    "is_ours": is_ours,
                    "author": self._complaint_author_words(message, is_ours),
                    "day": self._complaint_long_date(
                        self._complaint_local_day(message.date)
                    ),
                }
            )
        return rows

    def _complaint_author_words(self, message, is_ours):
        """Whose message it is: of colleagues, only the company is named."""
        if is_ours:
            return self.company_id.name
        return (
            message.author_id.name
            or (self.complaint_complainant if not message.author_id else "")
            or self.env._("You")
        )

    def _complaint_portal_file(self, file_id):
        """One file that the complainant may see: given by him, or sent to him."""
        self.ensure_one()
        model = self.env["ir.attachment"]
        own = (
            Domain("res_model", "=", self._name)
            & Domain("res_id", "=", self.id)
            & Domain("id", "=", file_id)
        )
        hidden = model._complaint_hidden_from_customer(own)
        # sudo: ir.attachment - customers read none directly; hidden ones are left out
        return model.sudo().search(own & Domain("id", "not in", hidden))

    # ------------------------------------------------------------------
    # Recourse and rating
    # ------------------------------------------------------------------

    def _complaint_ask_recourse(self, email):
        """Send the details of the recourse bodies to the complainant, and note it."""
        self.ensure_one()
        lang = self.complaint_lang or self.env.lang
        ticket = self.with_context(lang=lang)
        bodies = ticket._complaint_portal_recourse()
        if not bodies:
            raise UserError(
                ticket.env._(
                    "%(ticket)s: no recourse body is known for this complaint. Write "
                    "to us, and we tell you where you may turn.",
                    ticket=self.complaint_reference,
                )
            )
        self._complaint_queue_mail(email, "mail_recourse")
        self._complaint_log("recourse_asked", data={"bodies": bodies.ids})

    def _complaint_may_be_rated(self):
        """Whether the handling is over, for now at least."""
        return bool(
            self.complaint_state in REACTED_STATES
            and (self.complaint_state != "answered" or self._complaint_is_accepted())
        )

    def _complaint_rate(self, value, feedback, partner=None):
        """Keep what the complainant thinks of the handling; said again, it replaces.

        :param int value: from 1 (bad) to 5 (very good)
        :param str feedback: plain text, may be empty
        """
        self.ensure_one()
        if not self._complaint_may_be_rated() or value not in range(1, 6):
            raise UserError(
                self.env._(
                    "%(ticket)s: its handling can be rated from 1 to 5, once it is "
                    "over.",
                    ticket=self.complaint_reference,
                )
            )
        vals = {
            "rating": value,
            "feedback": feedback or False,
            "consumed": True,
            "partner_id": partner.id if partner else False,
        }
        rating = self.complaint_rating_ids[:1]
        if rating:
            rating.write(vals)
        else:
            rating.create(
                {
                    **vals,
                    "res_model_id": self.env["ir.model"]._get_id(self._name),
                    "res_id": self.id,
                    "rated_partner_id": self.user_id.partner_id.id,
                }
            )
        self._complaint_log("rate", data={"rating": value})
