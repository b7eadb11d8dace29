from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date


class ComplaintLetter(models.Model):
    """A sent letter is corrected by a new one, which says so in its first line."""

    _inherit = "complaint.letter"

    corrects_id = fields.Many2one(
        "complaint.letter",
        "Corrects",
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        domain="[('ticket_id', '=', ticket_id), ('state', '=', 'sent')]",
    )
    corrected_by_ids = fields.One2many(
        "complaint.letter", "corrects_id", "Corrected by", readonly=True, copy=False
    )

    @api.constrains("corrects_id", "ticket_id", "template_id")
    def _check_corrects(self):
        """A correction replaces a letter of the same kind, complaint and cycle."""
        for letter in self:
            wrong = letter.corrects_id
            if wrong and (
                wrong.state != "sent"
                or wrong.ticket_id != letter.ticket_id
                or wrong.template_id.code != letter.template_id.code
                or wrong.cycle != letter.ticket_id.complaint_cycle
            ):
                raise ValidationError(
                    self.env._(
                        "%(ticket)s: a letter corrects one of the same kind that was "
                        "sent in the current cycle of the same complaint. Letter "
                        "%(letter)s is not such a one: write an ordinary letter.",
                        ticket=letter.ticket_id.display_name,
                        # Checked with all rights: of another file, only its number.
                        letter=wrong.display_name
                        if wrong.ticket_id == letter.ticket_id
                        else wrong.id,
                    )
                )

    def action_correct(self):
        """Open a draft with the text of this sent letter, which it corrects."""
        self.ensure_one()
        self.ticket_id._complaint_check_role()
        draft = self.corrected_by_ids.filtered(lambda x: x.state != "sent")[:1]
        letter = draft or self.create(self._prepare_correction_vals())
        return {
            "type": "ir.actions.act_window",
            "name": letter.display_name,
            "res_model": self._name,
            "res_id": letter.id,
            "view_mode": "form",
            "target": "current",
        }

    def _prepare_correction_vals(self):
        self._check_language(self.lang, self.ticket_id)
        letter = self.with_context(lang=self.lang)
        first = letter.env._(
            "This letter corrects and replaces our letter %(number)s of %(date)s.",
            number=self.name,
            date=format_date(
                letter.env,
                self.ticket_id._complaint_local_day(self.sent_at),
                date_format="long",
            ),
        )
        return {
            "corrects_id": self.id,
            "body": Markup("<p>%s</p>%s") % (first, self.body),
            "enclosure_ids": [fields.Command.set(self.enclosure_ids.ids)],
            **{
                name: self[name]
                for name in (
                    "lang",
                    "subject",
                    "channel",
                    "recipient_name",
                    "recipient_address",
                    "recipient_email",
                )
            },
            "ticket_id": self.ticket_id.id,
            "template_id": self.template_id.id,
        }

    def _prepare_correction_data(self):
        """For the history: which letter this one corrects."""
        return {"corrects": self.corrects_id.id} if self.corrects_id else {}

    def _check_possible(self):
        """Raise when a letter of this kind cannot be sent now."""
        self._check_corrects()
        self.ticket_id._complaint_check_letter(self.code, bool(self.corrects_id))
