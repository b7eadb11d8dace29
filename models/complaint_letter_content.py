import lxml.html
from markupsafe import Markup, escape

from odoo import models
from odoo.exceptions import UserError

from .complaint_html import (
    PICTURE_ADDRESSES,
    active_parts,
    parse,
    remote_addresses,
    shown_from,
)

SHOWN = 100  # letters of an address in a message


class ComplaintLetter(models.Model):
    """A letter holds all it shows: nothing in it acts, nothing comes from elsewhere."""

    _inherit = "complaint.letter"

    def _check_body_is_safe(self):
        """Raise for what the text would run, or fetch from the network."""
        self.ensure_one()
        self._refuse_active_text(self.body)
        for address in remote_addresses(self.body)[:1]:
            raise UserError(
                self.env._(
                    "%(ticket)s: a picture of the letter is not in the letter but at "
                    "%(address)s, and letters fetch nothing from the network. Take it "
                    "out, or insert the picture itself as a file.",
                    ticket=self.ticket_id.display_name,
                    address=address[:SHOWN],
                )
            )

    def _refuse_active_text(self, body):
        """Raise for a text that runs something, before the field cleans it."""
        for part in active_parts(body)[:1]:
            raise UserError(
                self.env._(
                    "Letter %(letter)s: its text holds “%(part)s”, and the text of a "
                    "letter may not run anything. Take it out.",
                    letter=self[:1].display_name or self.env._("(new)"),
                    part=part[:SHOWN],
                )
            )


class HelpdeskTicket(models.Model):
    _inherit = "helpdesk.ticket"

    def _complaint_printable(self, html):
        """A complainant's own text, fit for a letter.

        Pictures that his message only pointed to are left out; their words stay. So
        do its looks: a message could place itself over the letter that quotes it.
        """
        root = parse(html)
        for element in root.xpath(".//*"):
            is_remote = bool(shown_from(element))
            if is_remote and element.tag in ("img", "source"):
                element.tail = f"{element.get('alt') or ''}{element.tail or ''}"
                element.drop_tree()
                continue
            for name in ("style", "class", *(PICTURE_ADDRESSES if is_remote else ())):
                element.attrib.pop(name, None)
        return Markup(  # Odoo has cleaned the field
            "".join(
                [escape(root.text or "")]
                + [lxml.html.tostring(child, encoding="unicode") for child in root]
            )
        )
