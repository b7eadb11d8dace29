import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import clean_context, format_date, format_datetime

from .complaint_terms import LETTER_CODES, LETTER_STATES

# How a letter leaves is settled until it leaves, even after its approval.
OPEN_UNTIL_SENT = frozenset({"channel", "posted_at", "tracking_number"})
# Who changed one of these, what it says or to whom, wrote the letter, and does not
# approve it.
WRITTEN_FIELDS = frozenset(
    {"template_id", "ticket_id", "lang", "subject", "body", "enclosure_ids"}
    | {"recipient_name", "recipient_address", "recipient_email"}
)
# What a person may write while a letter is a draft; the rest is written by sending.
DRAFT_FIELDS = (
    OPEN_UNTIL_SENT
    | WRITTEN_FIELDS
    | {
        "recipient_name",
        "recipient_address",
        "recipient_email",
        "corrects_id",
        "block_id",
        "referral_id",
    }
)
# What is written of a sent letter: copies of its ticket, and how it fared on its way.
AFTER_SENDING = frozenset(
    {
        "company_id",
        "mail_id",
        "mail_reference",
        "delivery_state",
        "delivery_note",
        "handed_at",
        "undelivered_at",
        "read_at",
        "tracking_number",
    }
)


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
        LETTER_STATES,
        required=True,
        readonly=True,
        default="draft",
        index=True,
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
        "mail.mail",
        "E-mail",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
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
            self._check_language(vals.get("lang"))
            self._refuse_active_text(vals.get("body"))
        letters = super().create(vals_list)
        letters._note_author()
        letters._adopt_enclosures()
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
        self._refuse_change_once_submitted(vals)
        self._check_language(vals.get("lang"))
        self._refuse_active_text(vals.get("body"))
        result = super().write(vals)
        if WRITTEN_FIELDS.intersection(vals) and "state" not in vals:
            self._note_author()
        if "enclosure_ids" in vals and "state" not in vals:
            self._adopt_enclosures()
        if "template_id" in vals:
            for letter in self:
                # sudo: complaint.letter - the code follows the template
                letter.sudo().code = letter.template_id.code
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_only_drafts(self):
        self._refuse_change_once_sent({"state"})
        self._refuse_change_once_submitted(DRAFT_FIELDS)

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

        Its stored copies of the ticket's company follow the ticket, the link to the
        e-mail is emptied when Odoo cleans its mails up, and what becomes of it on its
        way is written with the system's rights.
        """
        if not names or self.env.su and AFTER_SENDING.issuperset(names):
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

        Nothing is written when one of them is refused. No default of the context
        delays the e-mail or sends it to others as well.

        :return: True
        :raises UserError: naming the complaint, what is missing and what to do
        """
        self = self.with_context(clean_context(self.env.context))
        self._take_authority()
        for letter in self:
            letter.ticket_id._complaint_check_role()
            letter._refuse_change_once_sent({"state"})
            letter._check_possible()
            letter._check_complete()
            letter._check_body_is_safe()
            letter._check_signature()
        orders = self._count_sent()
        for letter in self:
            # Of two replies to one complaint the first leaves no room for the second.
            letter._check_possible()
            orders[letter.ticket_id] += 1
            letter._freeze(orders[letter.ticket_id])
            letter._deliver()
            letter.ticket_id._complaint_letter_sent(letter.sudo(False))
        self._end_approval_activities()
        return self._go_back(self.env._("The letter is sent."))

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

    def _count_sent(self):
        """How many letters of each complaint of these were sent before."""
        rows = self.sudo()._read_group(  # sudo: numbers count every letter
            [("ticket_id", "in", self.ticket_id.ids), ("state", "=", "sent")],
            ["ticket_id"],
            ["__count"],
        )
        counts = {ticket.id: count for ticket, count in rows}
        return {ticket: counts.get(ticket.id, 0) for ticket in self.ticket_id}

    def _freeze(self, order):
        """Number the letter, make its PDF, and mark it sent, in one write.

        :param int order: of the letter among those of its complaint, from 1
        """
        self.ensure_one()
        letter = self.sudo()  # sudo: complaint.letter - sending fields
        ticket = letter.ticket_id
        number = f"{ticket.complaint_number or ticket.number}-{order}"
        sent_at = letter._left_at()
        text = "\n".join([letter.subject, str(letter.body)])
        letter.write(
            {
                "name": number,
                "sent_at": sent_at,
                "sent_by_id": self.env.uid,
                "signed_by_id": letter._find_signatory().id,
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
                **letter._prepare_enclosure_vals(),
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
            # of a letter that is only tried out, not the record behind it
            "helpdesk_complaint.report_complaint_letter",
            list(self._ids),
        )

    def verify_file(self):
        """Whether the stored files are, byte for byte, those that were sent."""
        self.ensure_one()
        self.ticket_id._complaint_check_reader()
        # sudo: ir.attachment - the file itself is what is checked
        raw = self.sudo().attachment_id.raw or b""
        if hashlib.sha256(raw).hexdigest() != self.checksum:
            return False
        return self._enclosures_are_unchanged()
