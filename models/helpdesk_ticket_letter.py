from odoo import api, fields, models
from odoo.exceptions import UserError

from .complaint_terms import FILE_GROUPS, REPLY_CODES, REPLY_OUTCOMES

# What a letter does to the complaint: the step taken, and the promise it ends.
LETTER_EVENTS = {
    "acknowledge": ("acknowledge", "acknowledge"),
    "invite_to_write": ("invite_to_write", None),
    "request_information": ("request_information", "inform"),
    "inform": ("inform", "inform"),
    "holding": ("holding", "inform"),
    "favourable": ("reply", "respond"),
    "partial": ("reply", "respond"),
    "rejection": ("reply", "respond"),
    "not_complaint": ("not_complaint", None),
    "closure": ("closure", None),
    "mediator_file": ("mediator_file", None),
}
# The letter a handler most likely wants for an outcome.
OUTCOME_LETTERS = {
    "upheld": "favourable",
    "deemed_accepted": "favourable",
    "goodwill_without_admission": "favourable",
    "partly_upheld": "partial",
    "rejected": "rejection",
    "not_admissible": "rejection",
    "deemed_rejected": "rejection",
}
SENDING_VALUES = frozenset(
    {"subject", "body", "channel", "posted_at", "tracking_number", "lang"}
    | {"recipient_name", "recipient_address", "recipient_email"}
)


class HelpdeskTicket(models.Model):
    """4. Letters: which may be sent now, how they are filled, what they change."""

    _inherit = "helpdesk.ticket"

    complaint_letter_ids = fields.One2many(
        "complaint.letter",
        "ticket_id",
        "Letters",
        readonly=True,
        copy=False,
        groups=FILE_GROUPS,
    )
    complaint_letter_count = fields.Integer(
        compute="_compute_complaint_letter_count", compute_sudo=True
    )
    complaint_lang = fields.Selection(
        lambda self: self.env["res.lang"].get_installed(),
        "Language of the complainant",
        compute="_compute_complaint_lang",
        store=True,
        readonly=False,
        copy=False,
        help="Letters are written in this language.",
    )
    complaint_acknowledged_at = fields.Datetime(
        "Acknowledged on", readonly=True, copy=False, help="In the current cycle."
    )
    complaint_answered_at = fields.Datetime(
        "Answered on", readonly=True, copy=False, help="In the current cycle."
    )

    @api.depends("complaint_letter_ids")
    def _compute_complaint_letter_count(self):
        for ticket in self:
            ticket.complaint_letter_count = len(ticket.complaint_letter_ids)

    @api.depends("partner_id", "company_id")
    def _compute_complaint_lang(self):
        installed = dict(self.env["res.lang"].get_installed())
        for ticket in self:
            wanted = (
                ticket.partner_id.lang,
                ticket.complaint_lang,
                ticket.company_id.partner_id.lang,
                self.env.lang,
                "en_US",
            )
            ticket.complaint_lang = next(
                (lang for lang in wanted if lang in installed), False
            )

    # ------------------------------------------------------------------
    # Steps
    # ------------------------------------------------------------------

    def complaint_send_letter(self, template_code, **values):
        """Write and send one letter per complaint.

        :param str template_code: one of the letter template codes
        :param values: ``subject`` and ``body`` instead of the template's,
            ``channel``, ``posted_at`` (post and by hand), ``tracking_number``
            (registered post), ``lang``, and ``recipient_name``,
            ``recipient_address``, ``recipient_email``
        :return: the ``complaint.letter`` records, sent
        :raises UserError: when the letter is not possible or incomplete; then no
            letter of the batch is sent
        """
        self._complaint_check_role()
        unknown = sorted(set(values) - SENDING_VALUES)
        if unknown:
            raise UserError(
                self.env._(
                    "%(ticket)s: a letter has no value “%(unknown)s”. Known values: "
                    "%(known)s.",
                    ticket=self[:1].display_name,
                    unknown=", ".join(unknown),
                    known=", ".join(sorted(SENDING_VALUES)),
                )
            )
        self._complaint_check_letter(template_code)
        letters = self.env["complaint.letter"].create(
            [
                dict(ticket._prepare_complaint_letter_vals(template_code), **values)
                for ticket in self
            ]
        )
        letters.action_send()
        return letters

    def _complaint_check_letter(self, code, corrects=False):
        """Raise when a letter of this code cannot be sent now.

        :param bool corrects: it replaces a letter sent in this cycle, and takes no
            other step
        """
        if code not in LETTER_EVENTS:
            raise UserError(
                self.env._(
                    "%(ticket)s: there is no letter “%(code)s”. Letters: %(codes)s.",
                    ticket=self[:1].display_name,
                    code=code,
                    codes=", ".join(LETTER_EVENTS),
                )
            )
        self._complaint_check_step("correct" if corrects else LETTER_EVENTS[code][0])
        if code in REPLY_CODES:
            for ticket in self:
                ticket._complaint_check_reply(code)
                ticket._complaint_check_points()

    def _complaint_check_reply(self, code):
        """A reply says what was decided, and only that."""
        decision = self._complaint_decision()
        if decision.outcome in REPLY_OUTCOMES[code]:
            return
        codes = dict(
            self.env["complaint.letter"]
            ._fields["code"]
            ._description_selection(self.env)
        )
        fitting = [
            codes[c] for c in REPLY_CODES if decision.outcome in REPLY_OUTCOMES[c]
        ]
        raise UserError(
            self.env._(
                "%(ticket)s: the decision is “%(outcome)s”, so the letter “%(letter)s” "
                "would contradict it. Fitting letters: %(fitting)s.",
                ticket=self.display_name,
                outcome=decision.display_name,
                letter=codes[code],
                fitting=", ".join(fitting) or self.env._("none"),
            )
        )

    def _complaint_letter_sent(self, letter):
        """Take the step that a sent letter is."""
        self.ensure_one()
        event = "correct" if letter.corrects_id else LETTER_EVENTS[letter.code][0]
        at = letter.sent_at
        values = {}
        if event == "acknowledge":
            # The clocks that count from it count from the first.
            first = self.complaint_acknowledged_at or at
            values["complaint_acknowledged_at"] = min(first, at)
        elif event == "reply":
            values["complaint_answered_at"] = at
            # sudo: complaint.decision - the reply freezes it
            self.sudo()._complaint_decision().letter_id = letter
            self._complaint_grant_redress(letter)
        elif event == "closure" and self._complaint_current_events("settle"):
            # The short letter of an early settlement stands for the answer.
            first = self.complaint_answered_at or at
            values["complaint_answered_at"] = min(first, at)
        self._complaint_enter_state(event, **values)
        if event == "holding":
            self._complaint_confirm_extensions(letter)
        if event != "correct":
            # What the letter corrected has kept stays kept, and its dates stay.
            self._complaint_end_by_letter(letter)
        self._complaint_log(
            event,
            data={
                **letter._prepare_correction_data(),
                "letter": letter.id,
                "number": letter.name,
                "code": letter.code,
                "channel": letter.channel,
                "sent_at": fields.Datetime.to_string(at),
                "checksum": letter.checksum,
                "text": letter.text_checksum,
                **({"resends": letter.resends_id.id} if letter.resends_id else {}),
                **letter._authority_data(),
            },
        )
        self._complaint_sync_deadlines()

    def _complaint_end_by_letter(self, letter, among=None):
        """End the promises that a letter keeps; an answer says all the rest too."""
        step = LETTER_EVENTS[letter.code][1]
        at = letter._sent_on()
        if step:
            self._complaint_end_step(step, at, letter, step == "inform", among)
        if step == "respond":
            # An answer also tells that the complaint was received.
            self._complaint_end_step("acknowledge", at, letter, among=among)
            self._complaint_end_step("inform", at, letter, among=among)

    # ------------------------------------------------------------------
    # Drafts
    # ------------------------------------------------------------------

    def action_complaint_letter(self):
        """Open a draft of the letter named in the context, ready to send."""
        self.ensure_one()
        self._complaint_check_role()
        code = self.env.context.get("complaint_letter_code")
        if code == "reply":
            code = OUTCOME_LETTERS.get(self._complaint_decision().outcome, "rejection")
        self._complaint_check_letter(code)
        draft = self.complaint_letter_ids.filtered(
            lambda x: x.state != "sent" and x.code == code and not x.corrects_id
        )[:1]
        letter = draft or self.env["complaint.letter"].create(
            self._prepare_complaint_letter_vals(code)
        )
        return {
            "type": "ir.actions.act_window",
            "name": letter.display_name,
            "res_model": "complaint.letter",
            "res_id": letter.id,
            "view_mode": "form",
            "target": "current",
        }

    def _prepare_complaint_letter_vals(self, code):
        """A draft from the template of a code, in the complainant's language."""
        self.ensure_one()
        template = self.env["complaint.letter.template"]._find(code, self.company_id)
        lang = self.complaint_lang or self.env.lang or "en_US"
        self.env["complaint.letter"]._check_language(lang, self)
        subject, body = self.with_context(lang=lang)._complaint_fill_template(template)
        recipient = self.with_context(lang=lang)._prepare_complaint_recipient_vals(code)
        return {
            "ticket_id": self.id,
            "template_id": template.id,
            "lang": lang,
            "subject": subject,
            "body": body,
            "channel": "email" if recipient["recipient_email"] else "post",
            **recipient,
        }

    def _prepare_complaint_recipient_vals(self, code):
        """The complainant; for the mediator's file, the body that has the case."""
        partner = self.partner_id
        address = partner and partner._display_address(without_company=True)
        address = address or self.complaint_postal_address or ""
        if code == "mediator_file" and self._complaint_open_referrals():
            return self._prepare_complaint_mediator_vals()
        lines = [line.strip() for line in address.splitlines() if line.strip()]
        return {
            "recipient_name": self._complaint_complainant_name(),
            "recipient_address": "\n".join(lines),
            "recipient_email": self.partner_email or partner.email,
        }

    def _complaint_complainant_name(self):
        return (
            self.partner_id.name
            or self.partner_name
            or self.partner_email
            or self.env._("Unknown complainant")
        )

    def _complaint_mail_from(self):
        company = self.company_id.sudo()  # sudo: res.company - its public address
        return company.email_formatted or self.env.user.email_formatted
