import re

import lxml.html
from markupsafe import Markup, escape

from odoo import models
from odoo.exceptions import UserError

# What acts instead of being read. Odoo's cleaning would leave it out without a word.
ACTIVE_TAGS = ("script", "iframe", "frame", "object", "embed", "applet", "form")
# Addresses that a letter carries itself, or that Odoo has.
OWN = re.compile(r"^\s*(data:image/|cid:|/web/image/\d|/\w+/static/)", re.IGNORECASE)
URL = re.compile(r"""url\(\s*["']?([^"')]+)""", re.IGNORECASE)
PICTURE_ATTRIBUTES = ("src", "srcset", "background", "poster")
SHOWN = 100  # letters of an address in a message


class ComplaintLetter(models.Model):
    """A letter holds all it shows: nothing in it acts, nothing comes from elsewhere."""

    _inherit = "complaint.letter"

    def _check_body_is_safe(self):
        """Raise for what the text would run, or fetch from the network."""
        self.ensure_one()
        self._refuse_active_text(self.body)
        for address in _remote_addresses(_parsed(self.body)):
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
        found = _active_part(_parsed(body))
        if found:
            raise UserError(
                self.env._(
                    "Letter %(letter)s: its text holds “%(part)s”, and the text of a "
                    "letter may not run anything. Take it out.",
                    letter=self[:1].display_name or self.env._("(new)"),
                    part=found[:SHOWN],
                )
            )


class HelpdeskTicket(models.Model):
    _inherit = "helpdesk.ticket"

    def _complaint_printable(self, html):
        """A complainant's own text, fit for a letter.

        Pictures that his message only pointed to are left out; their words stay. So
        do its looks: a message could place itself over the letter that quotes it.
        """
        root = _parsed(html)
        for element in root.xpath(".//*"):
            is_remote = next(_addresses(element), None) is not None
            if is_remote and element.tag in ("img", "source"):
                element.tail = f"{element.get('alt') or ''}{element.tail or ''}"
                element.drop_tree()
                continue
            for name in ("style", "class", "background"):
                element.attrib.pop(name, None)
        return Markup(  # Odoo has cleaned the field
            "".join(
                [escape(root.text or "")]
                + [lxml.html.tostring(child, encoding="unicode") for child in root]
            )
        )


def _parsed(body):
    parser = lxml.html.HTMLParser(huge_tree=True)
    return lxml.html.fragment_fromstring(
        str(body or ""), create_parent="div", parser=parser
    )


def _active_part(root):
    """The first thing that would run, as the reader of a message knows it again."""
    for element in root.iter():
        if element.tag in ACTIVE_TAGS:
            return f"<{element.tag}>"
        for name, value in element.attrib.items():
            if name.startswith("on"):
                return f"{name}={value}"
            if "".join(value.split()).lower().startswith("javascript:"):
                return value
    return ""


def _remote_addresses(root):
    for element in root.iter():
        yield from _addresses(element)


def _addresses(element):
    """The addresses elsewhere that an element would show something of."""
    if not isinstance(element.tag, str):
        return
    for name in PICTURE_ATTRIBUTES:
        address = element.get(name)
        if address and address.strip() and not OWN.match(address):
            yield address.strip()
    for address in URL.findall(element.get("style") or ""):
        if not OWN.match(address):
            yield address.strip()
