import hashlib
import re

import lxml.html
from markupsafe import Markup, escape

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date, format_time, human_size
from odoo.tools.image import image_data_uri

from ..printing import images
from .complaint_html import parse
from .complaint_letter_pdf import PICTURE

COPY = "helpdesk_complaint.report_complaint_copy"
# Signs of a file's SHA-256 that are printed: enough to recognise it.
SHOWN = 16
# In the name of a file these are no signs of it.
NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\s]+')
REPRESENTATIVE = (
    "complaint_representative_id",
    "complaint_representative_name",
    "complaint_representative_email",
)


class HelpdeskTicket(models.Model):
    """1. The dated copy of a complaint, for who complained.

    His own words, as they were received or written down, and nothing internal: no
    handler, no stage, no severity, no note.
    """

    _inherit = "helpdesk.ticket"

    def _complaint_copy_pdf(self, lang=None, is_full=True):
        """The copy as a file that can be archived, like the letters.

        Who may have it is asked by the caller: it is made with the system's rights,
        for a receipt that goes to who has no account too.

        :param str lang: code of a language; by default the complainant's
        :param bool is_full: off for who says that he represents the complainant: of
            the contact that was found for that person he is told nothing
        :return: the PDF as bytes
        :raises UserError: when it is no complaint, or nothing can be printed
        """
        self.ensure_one()
        # sudo: helpdesk.ticket - see above
        ticket = self.sudo()._complaint_in_language(lang)
        ticket = ticket.with_context(complaint_copy_is_bare=not is_full)
        if ticket.complaint_state in (False, "erased"):
            raise UserError(
                self.env._(
                    "%(ticket)s is no complaint, so there is no copy to give. Report "
                    "it as a complaint first.",
                    ticket=self.display_name,
                )
            )
        return ticket.env["ir.actions.report"]._complaint_render_pdf(
            COPY,
            ticket.ids,
            company=ticket.company_id,
            title=ticket.env._(
                "Copy of complaint %(number)s", number=ticket.complaint_reference
            ),
        )

    def _complaint_copy_name(self, lang=None):
        """The name of the copy as a file, in the same language."""
        self.ensure_one()
        ticket = self.sudo()._complaint_in_language(lang)  # sudo: only its number
        name = ticket.env._(
            "Complaint %(number)s - copy", number=ticket.complaint_reference
        )
        return f"{NOT_IN_NAMES.sub(' ', name).strip()}.pdf"

    def _complaint_in_language(self, lang=None):
        """The complaint in a language that is installed, by default the complainant's.

        Of somebody unknown the language is the company's.
        """
        self.ensure_one()
        installed = dict(self.env["res.lang"].get_installed())
        wanted = (
            lang,
            self.complaint_lang,
            self.partner_id.lang,
            self.company_id.partner_id.lang,
            self.env.lang,
        )
        found = next((code for code in wanted if code in installed), "en_US")
        return self.with_context(lang=found)

    # ------------------------------------------------------------------
    # What the copy says
    # ------------------------------------------------------------------

    def _complaint_copy_values(self):
        """What the copy says, read with the rights of the user, in his context."""
        self.ensure_one()
        recipient = self._prepare_complaint_recipient_vals(None)
        if self._complaint_copy_is_bare():
            recipient = {
                "recipient_name": self.complaint_representative_name,
                "recipient_address": "",
            }
        now = fields.Datetime.now()
        return {
            "recipient_name": recipient["recipient_name"],
            "recipient_address": recipient["recipient_address"],
            "dated": self.env._(
                "Copy made on %(date)s",
                date=format_date(
                    self.env, self._complaint_local_day(now), date_format="d MMMM y"
                ),
            ),
            "reference": self.complaint_reference,
            "is_taken_down": bool(self.complaint_taken_down_at),
            "facts": [fact for fact in self._complaint_copy_facts() if fact[1]],
            "description": self._complaint_copy_description(),
            "files": [
                (file.name, human_size(file.file_size), self._complaint_copy_sum(file))
                for file in self._complaint_copy_files()
            ],
        }

    def _complaint_copy_is_bare(self):
        return self.env.context.get("complaint_copy_is_bare")

    def _complaint_copy_facts(self):
        """``(label, words)``, in the order in which a clerk asks for them."""
        return [
            (self.env._("Complainant"), self._complaint_copy_complainant()),
            (self.env._("Represented by"), self._complaint_copy_representative()),
            (
                self.env._("Sent on"),
                self._complaint_long_date(self.complaint_sent_date),
            ),
            (
                self.env._("Received on"),
                self._complaint_copy_moment(self.complaint_received_at),
            ),
            (self.env._("How"), self._complaint_copy_medium()),
            (self.env._("Written down"), self._complaint_copy_taken_down()),
            (
                self.env._("Read back to you"),
                self._complaint_copy_moment(self.complaint_read_back_at),
            ),
            (self.env._("Reason"), self.category_id.name),
            (self.env._("Contract, product or service"), self.complaint_subject_ref),
            (
                self.env._("Date of the facts"),
                self._complaint_long_date(self.complaint_fact_date),
            ),
        ]

    def _complaint_copy_complainant(self):
        if self._complaint_copy_is_bare():
            return self.partner_name
        contact = (
            self._complaint_complainant_name(),
            self.partner_email or self.partner_id.email,
            self.complaint_phone or self.partner_id.phone,
        )
        return "\n".join(dict.fromkeys(filter(None, contact)))

    def _complaint_copy_representative(self):
        """Who acts for the complainant, where such fields exist and one is filled."""
        names = [name for name in REPRESENTATIVE if name in self._fields]
        values = [self[name] for name in names if self[name]]
        words = [v.display_name if hasattr(v, "display_name") else v for v in values]
        return "\n".join(dict.fromkeys(words))

    def _complaint_copy_moment(self, instant):
        if not instant:
            return ""
        tz = self._complaint_tz()
        return self.env._(
            "%(date)s, %(time)s",
            date=self._complaint_long_date(self._complaint_local_day(instant, tz)),
            time=format_time(self.env, instant, tz=tz, time_format="short"),
        )

    def _complaint_copy_medium(self):
        field = self._fields["complaint_medium"]
        medium = dict(field._description_selection(self.env)).get(self.complaint_medium)
        # sudo: helpdesk.ticket.channel - its name
        channel = self.channel_id.sudo().name
        return ", ".join(filter(None, [medium, channel]))

    def _complaint_copy_taken_down(self):
        if not self.complaint_taken_down_at:
            return ""
        return self.env._(
            "%(date)s, by %(name)s",
            date=self._complaint_copy_moment(self.complaint_taken_down_at),
            # sudo: res.users - the name of who sat opposite
            name=self.complaint_taken_down_by_id.sudo().name,
        )

    def _complaint_copy_files(self):
        """The files that the complainant gave, the oldest first.

        Those that came with his messages or his form, and those that a colleague
        attached while writing down what he said.
        """
        self.ensure_one()
        # sudo: ir.attachment, mail.message - which files are his
        model = self.env["ir.attachment"].sudo()
        own = Domain("res_model", "=", self._name) & Domain("res_id", "=", self.id)
        files = model.search(own, order="id")
        given = files.browse(self._complaint_taken_down_file_ids())
        return files.filtered(
            lambda file: file in given or self._complaint_copy_is_his(file)
        )

    def _complaint_copy_is_his(self, file):
        messages = file.complaint_message_ids
        if not messages:
            return file.create_uid.share
        return any(
            message.message_type in ("email", "comment")
            and not message._is_internal_to_company()
            and (not message.author_id or message.author_id.partner_share)
            for message in messages
        )

    def _complaint_copy_sum(self, file):
        return hashlib.sha256(file.raw or b"").hexdigest()[:SHOWN]

    def _complaint_copy_description(self):
        """His text with his pictures; a picture that cannot be printed is left out.

        A copy is given the moment somebody complains: nothing that he sent stops it.
        """
        root = parse(self._complaint_printable(self.description))
        files = {file.id: file for file in self._complaint_copy_files()}
        for image in root.xpath(".//img"):
            match = PICTURE.match(image.get("src") or "")
            file = match and files.get(int(match["id"]))
            if file and (file.mimetype or "").startswith("image/"):
                image.set("src", image_data_uri(file.datas))
            try:
                images.prepare(image, self.env._("Picture"))
                is_shown = (image.get("src") or "").startswith("data:")
            except images.PictureError:
                is_shown = False
            if not is_shown:
                image.tail = f"{image.get('alt') or ''}{image.tail or ''}"
                image.drop_tree()
        return Markup(  # Odoo has cleaned the field
            "".join(
                [escape(root.text or "")]
                + [lxml.html.tostring(child, encoding="unicode") for child in root]
            )
        )
