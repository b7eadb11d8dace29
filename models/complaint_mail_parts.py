"""Parts of an e-mail that say something to some programs only.

Outlook puts text and files into a ``winmail.dat`` (TNEF); an invitation is a calendar
entry. Whatever cannot be read is left: the message is kept as it came in any case.
"""

import logging

import vobject
from tnefparse import TNEF

from odoo.tools import html2plaintext

from ..engine import mail_reading

_logger = logging.getLogger(__name__)

TNEF_TYPES = ("application/ms-tnef", "application/vnd.ms-tnef")
MOST_ENTRIES = 20


def hidden_content(message):
    """Read what is hidden in a message.

    :return: ``(text, files)``: plain text, and pairs of file name and bytes
    """
    texts, files = [], []
    for part in mail_reading.parts(message):
        try:
            if _is_tnef(part):
                text, found = _read_tnef(part.get_payload(decode=True) or b"")
                texts.append(text)
                files += found
            elif part.get_content_type() == "text/calendar":
                texts.append(_read_calendar(mail_reading.part_text(part)))
        except Exception:
            _logger.info("A part of an e-mail cannot be read", exc_info=True)
    return "\n\n".join(filter(None, texts)), files


def _is_tnef(part):
    name = mail_reading.header(part, "content-type").lower()
    return part.get_content_type() in TNEF_TYPES or "winmail.dat" in name


def _read_tnef(raw):
    tnef = TNEF(raw)
    body = _as_text(tnef.body)
    if not body.strip() and tnef.htmlbody:
        body = html2plaintext(_as_text(tnef.htmlbody))
    files = [
        (_as_text(file.long_filename()) or "winmail", bytes(file.data or b""))
        for file in tnef.attachments
    ]
    return body.replace("\0", "").strip(), files


def _as_text(value):
    if isinstance(value, list | tuple):
        value = next(iter(value), "")
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    return (value or "").replace("\0", "")


def _read_calendar(text):
    """The entries of a calendar as lines of plain text."""
    lines = []
    for calendar in vobject.readComponents(text, ignoreUnreadable=True):
        for entry in list(calendar.components())[:MOST_ENTRIES]:
            if entry.name not in ("VEVENT", "VTODO", "VJOURNAL"):
                continue
            if lines:
                lines.append("")
            for name in ("summary", "dtstart", "dtend", "location", "description"):
                values = entry.contents.get(name)
                if values and values[0].value:
                    lines.append(str(values[0].value).replace("\0", ""))
    return "\n".join(lines)
