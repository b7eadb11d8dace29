import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import (
    email_normalize,
    format_date,
    format_datetime,
    html2plaintext,
    is_html_empty,
)

from .complaint_terms import LETTER_CODES, REFUSAL_CODES

# What a person may write while a letter is a draft; the rest is written by sending.
DRAFT_FIELDS = frozenset(
    {
        "template_id",
        "ticket_id",
        "lang",
        "subject",
        "body",
        "channel",
        "recipient_name",
        "recipient_address",
        "recipient_email",
        "posted_at",
    }
)

# Channels by which a person hands the letter over, now or some time before.
HANDED_CHANNELS = ("post", "registered", "hand")


class ComplaintLetter(models.Model):
    """A letter of a complaint: a draft, then sent and never changed again."""

    _name = "complaint.letter"
    _description = "Complaint letter"
    _inherit = ["complaint.file.mixin"]
    _order = "id desc"

    ticket_id = fields.Many2one(readonly=False)
    name = fields.Char("Letter number", readonly=True, copy=False)
    template_id = fields.Many2one(
        "complaint.letter.template", required=True, ondelete="restrict"
    )
    code = fields.Selection(LETTER_CODES, readonly=True, copy=False, index=True)
    cycle = fields.Integer(readonly=True)
    state = fields.Selection(
        [("draft", "Draft"), ("sent", "Sent")],
        required=True,
        readonly=True,
        default="draft",
    )
    lang = fields.Selection(
        lambda self: self.env["res.lang"].get_installed(), "Language", required=True
    )
    subject = fields.Char(required=True)
    body = fields.Html(required=True, sanitize=True, sanitize_attributes=True)
    channel = fields.Selection(
        [
            ("email", "E-mail"),
            ("portal", "Portal"),
            ("post", "Post"),
            ("registered", "Registered post"),
            ("hand", "By hand"),
        ],
        required=True,
        default="email",
    )
    posted_at = fields.Datetime(
        "Handed over on",
        help="By post or by hand: when it left. Empty: now.",
    )
    recipient_name = fields.Char(required=True)
    recipient_address = fields.Text()
    recipient_email = fields.Char()
    sent_at = fields.Datetime("Sent on", readonly=True, copy=False)
    sent_by_id = fields.Many2one("res.users", "Sent by", readonly=True, copy=False)
    attachment_id = fields.Many2one(
        "ir.attachment", "PDF", readonly=True, copy=False, ondelete="restrict"
    )
    checksum = fields.Char(
        "SHA-256 of the PDF", readonly=True, copy=False, help="Hexadecimal."
    )
    text_checksum = fields.Char(
        "SHA-256 of the text", readonly=True, copy=False, help="Hexadecimal."
    )
    mail_id = fields.Many2one(
        "mail.mail", "E-mail", readonly=True, copy=False, ondelete="set null"
    )

    _number_uniq = models.UniqueIndex(
        "(ticket_id, name) WHERE name IS NOT NULL", "This letter number is taken."
    )

    @api.depends("name", "code", "subject")
    def _compute_display_name(self):
        words = dict(self._fields["code"]._description_selection(self.env))
        for letter in self:
            letter.display_name = " ".join(
                filter(None, [letter.name, words.get(letter.code) or letter.subject])
            )

    # ------------------------------------------------------------------
    # Create, write, unlink
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_sending_fields(vals)
        letters = super().create(vals_list)
        for letter in letters:
            letter.sudo().write(  # sudo: complaint.letter - fields closed to users
                {
                    "code": letter.template_id.code,
                    "cycle": letter.ticket_id.complaint_cycle,
                }
            )
        return letters

    def write(self, vals):
        self._refuse_sending_fields(vals)
        self._refuse_change_once_sent(vals)
        result = super().write(vals)
        if "template_id" in vals:
            for letter in self:
                # sudo: complaint.letter - the code follows the template
                letter.sudo().code = letter.template_id.code
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_only_drafts(self):
        self._refuse_change_once_sent({"state"})

    def _refuse_sending_fields(self, vals):
        if self.env.su or DRAFT_FIELDS.issuperset(vals):
            return
        raise UserError(
            self.env._(
                "Letter %(letter)s: “%(fields)s” is written when the letter is sent, "
                "not by hand.",
                letter=self[:1].display_name or self.env._("(new)"),
                fields=", ".join(
                    self._fields[name].string
                    for name in sorted(set(vals) - DRAFT_FIELDS)
                    if name in self._fields
                ),
            )
        )

    def _refuse_change_once_sent(self, names):
        """A sent letter is frozen for everybody, the system included.

        Its stored copies of the ticket's company follow the ticket, and the link to
        the e-mail is emptied when Odoo cleans its mails up.
        """
        if {"company_id", "mail_id"}.issuperset(names):
            return
        for letter in self:
            if letter.state == "sent":
                raise UserError(
                    self.env._(
                        "Letter %(letter)s was sent on %(date)s and cannot change any "
                        "more. Send another letter that corrects it.",
                        letter=letter.display_name,
                        date=format_datetime(self.env, letter.sent_at),
                    )
                )

    # ------------------------------------------------------------------
    # Sending
    # ------------------------------------------------------------------

    def action_send(self):
        """Send these drafts: check, number, freeze, deliver, take the step.

        Nothing is written when one of them is refused.

        :return: True
        :raises UserError: naming the complaint, what is missing and what to do
        """
        for letter in self:
            letter.ticket_id._complaint_check_role()
            letter._refuse_change_once_sent({"state"})
            letter.ticket_id._complaint_check_letter(letter.code)
            letter._check_complete()
        for letter in self:
            # Of two replies to one complaint the first leaves no room for the second.
            letter.ticket_id._complaint_check_letter(letter.code)
            letter._freeze()
            letter._deliver()
            letter.ticket_id._complaint_letter_sent(letter.sudo(False))
        return True

    def action_preview(self):
        """Open the PDF as it would be sent, or as it was."""
        self.ensure_one()
        if self.attachment_id:
            return {
                "type": "ir.actions.act_url",
                "url": f"/helpdesk_complaint/letter/{self.id}",
                "target": "new",
            }
        report = self.env.ref("helpdesk_complaint.action_report_complaint_letter")
        return report.report_action(self, config=False)

    def _check_complete(self):
        """Raise for what a letter lacks to be sent."""
        self.ensure_one()
        name = self.ticket_id.display_name
        if not (self.subject or "").strip() or is_html_empty(self.body):
            raise UserError(
                self.env._(
                    "%(ticket)s: a letter needs a subject and a text. Write them.",
                    ticket=name,
                )
            )
        if self.channel == "email" and not self.recipient_email:
            raise UserError(
                self.env._(
                    "%(ticket)s: the complainant has no e-mail address. Enter one, or "
                    "send the letter by post.",
                    ticket=name,
                )
            )
        if self.channel == "email" and not email_normalize(self.recipient_email):
            raise UserError(
                self.env._(
                    "%(ticket)s: “%(email)s” is no e-mail address. Correct it on the "
                    "letter.",
                    ticket=name,
                    email=self.recipient_email,
                )
            )
        if (
            self.channel in ("post", "registered")
            and not (self.recipient_address or "").strip()
        ):
            raise UserError(
                self.env._(
                    "%(ticket)s: a letter sent by post needs the complainant's postal "
                    "address. Enter it on the letter.",
                    ticket=name,
                )
            )
        if self.posted_at and self.posted_at > fields.Datetime.now():
            raise UserError(
                self.env._(
                    "%(ticket)s: a letter cannot have been handed over in the future. "
                    "Correct the date.",
                    ticket=name,
                )
            )
        ticket = self.ticket_id
        since = ticket.complaint_received_at
        if ticket.complaint_cycle > 1:
            since = ticket.complaint_cycle_started_at
        if self._left_at() < since:
            raise UserError(
                self.env._(
                    "%(ticket)s: a letter cannot have been handed over before "
                    "%(date)s, when the complaint was received or opened again. "
                    "Correct the date.",
                    ticket=name,
                    date=format_datetime(self.env, since),
                )
            )
        if self.code in REFUSAL_CODES:
            self._check_recourse()

    def _left_at(self):
        """When the letter leaves: what Odoo sends leaves now, whatever is asked."""
        now = fields.Datetime.now()
        return self.posted_at or now if self.channel in HANDED_CHANNELS else now

    def _check_recourse(self):
        """A refusal, even partial, names every recourse body of its regimes."""
        ticket = self.ticket_id
        bodies = ticket._complaint_recourse_bodies()
        if not bodies:
            raise UserError(
                self.env._(
                    "%(ticket)s: a refusal must name the recourse, and the regimes "
                    "%(regimes)s name no recourse body. Add one in Helpdesk / "
                    "Configuration / Complaints / Regimes.",
                    ticket=ticket.display_name,
                    regimes=", ".join(ticket.complaint_regime_ids.mapped("name")),
                )
            )
        text = " ".join(html2plaintext(self.body).split())
        missing = bodies.with_context(lang=self.lang).filtered(
            lambda body: not all(words in text for words in body._words_of_refusal())
        )
        if missing:
            raise UserError(
                self.env._(
                    "%(ticket)s: the refusal does not name its recourse: "
                    "%(bodies)s. Put it back into the text.",
                    ticket=ticket.display_name,
                    bodies=", ".join(missing.mapped("name")),
                )
            )

    def _freeze(self):
        """Number the letter, make its PDF, and mark it sent, in one write."""
        self.ensure_one()
        letter = self.sudo()  # sudo: complaint.letter - sending fields
        ticket = letter.ticket_id
        order = 1 + self.sudo().search_count(  # sudo: numbers count every letter
            [("ticket_id", "=", ticket.id), ("state", "=", "sent")]
        )
        number = f"{ticket.complaint_number or ticket.number}-{order}"
        sent_at = letter._left_at()
        text = "\n".join([letter.subject, str(letter.body)])
        letter.write(
            {
                "name": number,
                "sent_at": sent_at,
                "sent_by_id": self.env.uid,
                "text_checksum": hashlib.sha256(text.encode()).hexdigest(),
                "cycle": ticket.complaint_cycle,
            }
        )
        pdf = letter._render_pdf()
        attachment = letter.env["ir.attachment"].create(
            {
                "name": f"{number}.pdf",
                "raw": pdf,
                "mimetype": "application/pdf",
                "res_model": self._name,
                "res_id": letter.id,
            }
        )
        letter.write(
            {
                "state": "sent",
                "attachment_id": attachment.id,
                "checksum": hashlib.sha256(pdf).hexdigest(),
            }
        )

    def _place_and_date(self):
        """“Grenoble, 21 November 2026”, as the letter's language writes it."""
        day = fields.Datetime.context_timestamp(
            self.with_context(tz=self.ticket_id._complaint_tz()),
            self.sent_at or fields.Datetime.now(),
        )
        date = format_date(self.env, day, date_format="d MMMM y")
        city = self.company_id.sudo().city  # sudo: res.company - its public address
        if not city:
            return date
        return self.env._("%(city)s, %(date)s", city=city, date=date)

    def _render_pdf(self):
        """The letter as PDF bytes, in its own language."""
        self.ensure_one()
        report = self.env["ir.actions.report"].with_context(lang=self.lang)
        return report._complaint_render_pdf(
            "helpdesk_complaint.report_complaint_letter", self.ids
        )

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
                "attachment_ids": [(4, letter.attachment_id.id)],
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

    def verify_file(self):
        """Whether the stored PDF is, byte for byte, the one that was sent."""
        self.ensure_one()
        self.ticket_id._complaint_check_reader()
        # sudo: ir.attachment - the file itself is what is checked
        raw = self.sudo().attachment_id.raw or b""
        return hashlib.sha256(raw).hexdigest() == self.checksum
