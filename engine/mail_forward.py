"""What a colleague forwards: who wrote first, on which day, and what.

Mail programs put the first message under a few lines of headers, in words of their
own language: Outlook, Gmail, Apple Mail and Thunderbird in English and French are
read. Or the message is enclosed as a whole.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from email.message import Message

from dateutil import parser

from . import mail_reading

#: What each program calls a header, by what it is.
_LABELS = {
    "from": "from|de|expéditeur",
    "date": "sent|date|envoyé|envoyé le",
    "to": "to|à|a|pour|destinataire",
    "cc": "cc|copie à|copie",
    "subject": "subject|objet|sujet",
    "other": "reply-to|répondre à|importance|attachments|pièces jointes|bcc|cci",
}
_KINDS = {word: name for name, words in _LABELS.items() for word in words.split("|")}
_LINE = re.compile(
    r"^\s*[*_]{0,2}\s*("
    + "|".join(sorted(map(re.escape, _KINDS), key=len, reverse=True))
    + r")\s*[*_]{0,2}\s*:\s*[*_]{0,2}\s*(.*)$",
    re.IGNORECASE,
)
_FRENCH = {"de", "expéditeur", "envoyé", "envoyé le", "objet", "sujet", "à", "pour"}
_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(?:\.[\w-]+)+")
#: Headers stand together: no more empty lines than that between two of them.
_GAP = 1
_MONTHS = {
    "janv": "Jan",
    "févr": "Feb",
    "fevr": "Feb",
    "mars": "Mar",
    "avr": "Apr",
    "mai": "May",
    "juin": "Jun",
    "juil": "Jul",
    "août": "Aug",
    "aout": "Aug",
    "sept": "Sep",
    "oct": "Oct",
    "nov": "Nov",
    "déc": "Dec",
    "dec": "Dec",
}
_MONTH = re.compile(rf"\b({'|'.join(_MONTHS)})[a-zéû]*\.?", re.IGNORECASE)
_DAY_NAME = re.compile(
    r"\b(?:lun|mar(?!s)|mer|jeu|ven|sam|dim)(?:\.|[a-z]*di)\s*,?|\bdimanche\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Original:
    """The first message, as the one who forwards it shows it."""

    name: str
    address: str
    sent: date | None
    """The day that stands there; None when it cannot be read."""
    subject: str
    body: str
    """Plain text."""


def originals(
    message: Message, plain_of_html: Callable[[str], str]
) -> Iterator[Original]:
    """Give what a message forwards, the outermost first: enclosed, then in its text."""
    for part in mail_reading.parts(message):
        if part is not message and part.get_content_type() == "message/rfc822":
            payload = part.get_payload()
            if isinstance(payload, list) and payload:
                found = _enclosed(payload[0], plain_of_html)
                if found:
                    yield found
    yield from in_text(mail_reading.text(message, plain_of_html))


def _enclosed(inner: Message, plain_of_html) -> Original | None:
    sender = mail_reading.addresses(inner, "from")
    if not sender:
        return None
    moment = mail_reading.date_of(mail_reading.header(inner, "date"))
    return Original(
        *sender[0],
        sent=moment and moment.date(),
        subject=mail_reading.header(inner, "subject"),
        body=mail_reading.text(inner, plain_of_html).strip(),
    )


def in_text(text: str) -> Iterator[Original]:
    """Give the messages that a text forwards, the outermost first.

    >>> [x.address for x in in_text("From: Ada <ada@example.org>\\nSent: 6 Nov 2026\\n"
    ...                             "Subject: Delay\\n\\nMy parcel never came.")]
    ['ada@example.org']
    """
    lines = [re.sub(r"^\s*(?:>\s?)+", "", line) for line in text.splitlines()]
    place = 0
    while place < len(lines):
        block, end = _block(lines, place)
        if block:
            yield _original(block, "\n".join(lines[end:]).strip())
            place = end
        else:
            place += 1


def _block(lines: list[str], start: int) -> tuple[dict | None, int]:
    """Read the headers that begin on this line; None unless they name a sender."""
    block, place, gap = {}, start, 0
    while place < len(lines):
        found = _LINE.match(lines[place])
        if found:
            word = found.group(1).lower()
            name = _KINDS[word]
            if name in block and name in ("from", "subject"):
                break
            block.setdefault(name, found.group(2).strip())
            block.setdefault("french", False)
            block["french"] |= word in _FRENCH
            gap = 0
        elif not block:
            return None, start
        elif lines[place].strip():
            # A long list of recipients goes on over several lines.
            if gap or not ({"to", "cc"} & set(block)) or "@" not in lines[place]:
                break
        else:
            gap += 1
            if gap > _GAP or _is_complete(block):
                break
        place += 1
    return (block, place) if _is_complete(block) else (None, start)


def _is_complete(block: dict) -> bool:
    return bool(
        _ADDRESS.search(block.get("from", ""))
        and {"date", "subject", "to"} & set(block)
        and len(set(block) - {"french"}) >= 3
    )


def _original(block: dict, body: str) -> Original:
    address = _ADDRESS.search(block["from"]).group()
    name = re.split(r"[<\[(]", block["from"])[0].strip(" \"'*")
    return Original(
        name="" if "@" in name else name,
        address=address.lower(),
        sent=day_of(block.get("date", ""), block["french"]),
        subject=block.get("subject", ""),
        body=body,
    )


def day_of(text: str, day_first: bool = False) -> date | None:
    """Read the day of a date as mail programs write it, in English or French.

    >>> day_of("vendredi 6 novembre 2026 09:15").isoformat()
    '2026-11-06'
    >>> day_of("ven. 6 nov. 2026 à 09:15").isoformat()
    '2026-11-06'
    >>> day_of("06/11/2026 09:15", day_first=True).isoformat()
    '2026-11-06'
    """
    text = _DAY_NAME.sub(" ", text)
    text = _MONTH.sub(lambda found: _MONTHS[found.group(1).lower()], text)
    text = re.sub(r"\b(?:à|at|le)\b|\[\d+\]", " ", text, flags=re.IGNORECASE)
    text = re.sub(r"\b(?:UTC|GMT)[+-]\d+\b", " ", text)
    try:
        found = parser.parse(text.strip(" ,"), dayfirst=day_first, ignoretz=True)
    except Exception:  # the library raises more than it says
        return None
    return found.date() if found.year >= mail_reading.FIRST_YEAR else None
