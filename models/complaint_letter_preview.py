import base64

import lxml.html
from markupsafe import Markup, escape

from odoo import api, fields, models
from odoo.exceptions import UserError

from .complaint_letter import DRAFT_FIELDS

# A signature is short; a longer last paragraph is text.
SIGNATURE_LENGTH = 200


class ComplaintLetter(models.Model):
    """The editor of a letter: blocks to insert, and the PDF as it would be sent."""

    _inherit = "complaint.letter"

    block_id = fields.Many2one(
        "complaint.letter.block",
        "Insert a block",
        store=False,
        domain="[('company_id', 'in', [company_id, False]), "
        "'|', ('template_ids', '=', False), ('template_ids.code', '=', code)]",
    )

    @api.onchange("block_id")
    def _onchange_block_id(self):
        """Put the block before the closing formula, in the letter's language."""
        block, self.block_id = self.block_id, False
        if not block:
            return
        self._check_language(self.lang, self.ticket_id)
        ticket = self.ticket_id._origin.with_context(lang=self.lang)
        text = block.with_context(lang=self.lang)._render(
            ticket._complaint_letter_values()
        )
        self.body = self._insert_before_closing(text)

    def _insert_before_closing(self, text):
        """The text of the letter with a block before its closing formula.

        :param text: ``Markup``
        :return: ``Markup``; the block is at the end when no formula is found
        """
        root = lxml.html.fragment_fromstring(str(self.body or ""), create_parent="div")
        closing = self._find_closing(root)
        block = lxml.html.fragment_fromstring(str(text), create_parent="div")
        index = len(root) if closing is None else root.index(closing)
        for child in list(block):
            root.insert(index, child)
            index += 1
        inner = [lxml.html.tostring(child, encoding="unicode") for child in root]
        return Markup(str(escape(root.text or "")) + "".join(inner))

    def _find_closing(self, root):
        """The element with which the letter's closing begins, or None.

        The one so marked; else the paragraph before the signature, which is the last
        short paragraph that names the company.
        """
        for element in root:
            if "complaint_closing" in (element.get("class") or "").split():
                return element
        company = self.company_id.name or ""
        for element in reversed(root):
            text = element.text_content()
            if element.tag == "p" and company in text and len(text) < SIGNATURE_LENGTH:
                before = element.getprevious()
                is_formula = before is not None and before.tag == "p"
                return before if is_formula else element
        return None

    def preview_pdf(self, vals=None):
        """The letter as it would be sent with these values; nothing is written.

        :param dict vals: values not saved yet; those that a person may not write are
            ignored
        :return: dict with the PDF in base64 under ``pdf``, or why there is none under
            ``error``
        """
        self.ensure_one()
        self.ticket_id._complaint_check_reader()
        self.check_access("read")
        if self.attachment_id:
            # sudo: ir.attachment - the file of a letter that may be read
            return {"pdf": base64.b64encode(self.sudo().attachment_id.raw).decode()}
        known = (DRAFT_FIELDS - {"ticket_id", "block_id", "corrects_id"}).intersection(
            vals or {}
        )
        letter = self.new({name: vals[name] for name in known}, origin=self)
        body = self._fields["body"]
        letter.body = body.convert_to_cache(letter.body, letter, validate=True)
        try:
            # their names are printed, whoever may read them
            letter.enclosure_ids._origin.check_access("read")
            self._check_language(letter.lang, self.ticket_id)
            return {"pdf": base64.b64encode(letter._render_pdf()).decode()}
        except UserError as error:
            return {"error": str(error)}
