"""What an e-mail says of itself: its text, its moment of receipt, who or what sent it.

Nothing here raises on what people and programs send: headers in no known charset,
dates of no calendar, bodies cut in the middle. What cannot be read is empty, or comes
with the replacement character where letters were lost.

The headers are taken as they were received: reading them through Python's own parser
of addresses and dates raises on some that are malformed.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from enum import StrEnum

#: Before this year a date in a header is nonsense.
FIRST_YEAR = 1995
#: Of a text no more is looked at: a mark or a word of thanks is not behind that.
READ_CHARACTERS = 200_000


class Kind(StrEnum):
    """Who or what sent an e-mail."""

    PERSON = "person"
    """Somebody wrote it, as far as one can tell."""

    AUTO_REPLY = "auto_reply"
    """A program answers a message of ours: out of office, read receipt."""

    AUTOMATIC = "automatic"
    """A program sent it, and answers nothing."""

    LIST = "list"
    """It came through a mailing list or in bulk."""

    BOUNCE = "bounce"
    """A mail server reports what became of a message."""


# ----------------------------------------------------------------------
# Headers
# ----------------------------------------------------------------------


def headers(message: Message, name: str) -> list[str]:
    """Return every header of that name, decoded, folded lines joined.

    >>> from email import message_from_string
    >>> mail = message_from_string("Subject: =?utf-8?q?R=C3=A9clamation?=\\n")
    >>> headers(mail, "subject")
    ['Réclamation']
    """
    wanted = name.lower()
    return [
        decoded(value) for key, value in message.raw_items() if key.lower() == wanted
    ]


def header(message: Message, name: str) -> str:
    """Return the first header of that name, or an empty text."""
    return next(iter(headers(message, name)), "")


def decoded(value) -> str:
    """A header's value as readable text, whatever charset it claims."""
    text = _unescaped(str(value))
    try:
        parts = decode_header(text) if "=?" in text else [(text, None)]
    except Exception:  # the standard library raises more than it says
        parts = [(text, None)]
    words = "".join(
        part if isinstance(part, str) else _in_charset(part, charset)
        for part, charset in parts
    )
    return " ".join(words.replace("\0", "").split())


def _unescaped(text: str) -> str:
    """Read the 8-bit bytes that Python hides in a header as UTF-8, else Latin-1."""
    if not any("\udc80" <= letter <= "\udcff" for letter in text):
        return text
    return _in_charset(text.encode("utf-8", "surrogateescape"), None)


def _in_charset(raw: bytes, charset: str | None) -> str:
    for name in (charset, "utf-8", "cp1252"):
        try:
            return raw.decode(name) if name else raw.decode("ascii")
        except (LookupError, ValueError):
            continue
    return raw.decode("latin-1")


def addresses(message: Message, *names: str) -> list[tuple[str, str]]:
    """Return ``(name, address)`` of these headers, the address in lower case."""
    values = [value for name in names for value in headers(message, name)]
    try:
        found = getaddresses(values)
    except Exception:  # on some malformed lists, by version of Python
        found = [("", match) for value in values for match in _ADDRESS.findall(value)]
    pairs = [(name.strip(), one.strip().lower()) for name, one in found if "@" in one]
    if not pairs:
        pairs = [("", x.lower()) for value in values for x in _ADDRESS.findall(value)]
    return pairs


_ADDRESS = re.compile(r"[^\s<>,;:\"'()\[\]]+@[^\s<>,;:\"'()\[\]]+")
_MESSAGE_ID = re.compile(r"<[^<>\s]+>")


def message_id(message: Message) -> str:
    """Return the Message-Id with its angle brackets, or an empty text."""
    return header(message, "message-id").strip()


def references(message: Message) -> list[str]:
    """Return the messages that this one answers, the nearest first."""
    found = []
    for name in ("in-reply-to", "references"):
        ids = [
            x for value in headers(message, name) for x in _MESSAGE_ID.findall(value)
        ]
        found += reversed(ids)
    return list(dict.fromkeys(found))


# ----------------------------------------------------------------------
# Receipt
# ----------------------------------------------------------------------

_BY = re.compile(r"(?:^|[\s)])by\s+\[?([^\s;()\]]+)", re.IGNORECASE)


def received_at(
    message: Message, hosts: Iterable[str], now: datetime
) -> datetime | None:
    """Return the moment at which the first of our own servers took the message.

    Each server writes its Received header above the others, so what is further down
    may be forged. From the top down those count that name one of our own hosts after
    ``by``; the first other one ends them. Without hosts only the topmost counts.

    :param hosts: names of our own servers; ``.example.com`` stands for every name
        under that domain
    :param now: aware instant; nothing is received later
    :return: aware instant in UTC, or None where no header can be read
    """
    wanted = {host.strip().rstrip(".").lower() for host in hosts if host.strip()}
    moments = []
    for line in headers(message, "received"):
        by = _BY.search(line)
        if wanted and not (by and _is_host(by.group(1), wanted)):
            break
        moment = date_of(line.rpartition(";")[2])
        if moment:
            moments.append(min(moment, now))
        if not wanted:
            break
    return min(moments, default=None)


def _is_host(name: str, wanted: set[str]) -> bool:
    name = name.rstrip(".").lower()
    return name in wanted or any(
        host.startswith(".") and name.endswith(host) for host in wanted
    )


def date_of(text: str) -> datetime | None:
    """Read a header's date; without a zone it is UTC; None for what is none.

    >>> date_of("Fri, 06 Nov 2026 09:15:00 +0100").isoformat()
    '2026-11-06T08:15:00+00:00'
    >>> date_of("the day before yesterday") is None
    True
    """
    try:
        moment = parsedate_to_datetime(text.strip())
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        moment = moment.astimezone(UTC)
    except Exception:  # the standard library raises five kinds of errors here
        return None
    return moment if moment.year >= FIRST_YEAR else None


# ----------------------------------------------------------------------
# Who or what sent it
# ----------------------------------------------------------------------

_AWAY = re.compile(
    r"^\s*(?:(?:re|tr|fwd?|aw)\s*:\s*)*(?:"
    r"auto(?:matic|mated|-?)\s*(?:reply|response)|out\s+of\s+(?:the\s+)?office"
    r"|r[ée]ponse\s+automatique|absen(?:ce|t)\s+du\s+bureau|message\s+d.absence"
    r"|automatische\s+antwort|abwesenheits|respuesta\s+autom|risposta\s+automatica"
    r"|automatisch\s+antwoord|resposta\s+autom)",
    re.IGNORECASE,
)
_POSTMASTERS = ("mailer-daemon", "postmaster", "mail-daemon")
_PROGRAMS = ("no-reply", "noreply", "do-not-reply", "donotreply", "ne-pas-repondre")


def kind(message: Message) -> Kind:
    """Tell who or what sent a message: what a program says of itself is believed.

    A subject alone does not make an automatic reply: people write such words too.
    """
    if _is_bounce(message):
        return Kind.BOUNCE
    answers = bool(references(message))
    is_away = bool(_AWAY.match(header(message, "subject")))
    submitted = re.split(r"[;(\s]", header(message, "auto-submitted").lower())[0]
    precedence = header(message, "precedence").lower()
    if (
        submitted in ("auto-replied", "auto-notified")
        or precedence == "auto_reply"
        or _says_yes(message, "x-autoreply", "x-autorespond", "x-auto-reply")
        or _report_type(message) == "disposition-notification"
    ):
        return Kind.AUTO_REPLY
    is_automatic = submitted not in ("", "no")
    if is_away and (answers or is_automatic):
        return Kind.AUTO_REPLY
    if any(
        header(message, name)
        for name in ("list-id", "list-post", "list-unsubscribe", "mailing-list")
    ) or precedence in ("list", "bulk", "junk"):
        return Kind.LIST
    sender = next((one for _name, one in addresses(message, "from")), "")
    if (
        is_automatic
        or is_away
        or header(message, "return-path").replace(" ", "") == "<>"
        or sender.partition("@")[0] in _PROGRAMS
        or message.get_content_type() == "multipart/report"
    ):
        return Kind.AUTOMATIC
    return Kind.PERSON


def _is_bounce(message: Message) -> bool:
    if _report_type(message) == "delivery-status":
        return True
    senders = [one.partition("@")[0] for _name, one in addresses(message, "from")]
    if any(name in _POSTMASTERS for name in senders):
        return True
    return bool(headers(message, "x-failed-recipients"))


def _report_type(message: Message) -> str:
    if message.get_content_type() != "multipart/report":
        return ""
    value = " ".join(headers(message, "content-type"))
    found = re.search(r"report-type\s*=\s*\"?([\w-]+)", value, re.IGNORECASE)
    return found.group(1).lower() if found else ""


def _says_yes(message: Message, *names: str) -> bool:
    return any(
        header(message, name).lower() not in ("", "no", "false") for name in names
    )


def failed_references(message: Message) -> list[str]:
    """Of a report of a mail server: the messages that it is about."""
    found = []
    for part in parts(message):
        if part.get_content_type() in ("message/rfc822", "text/rfc822-headers"):
            for text in (str(part), part_text(part)):
                found += re.findall(
                    r"^message-id:\s*(<[^<>\s]+>)", text, re.IGNORECASE | re.MULTILINE
                )
    return list(dict.fromkeys(found + references(message)))


# ----------------------------------------------------------------------
# Content
# ----------------------------------------------------------------------


def parts(message: Message) -> Iterator[Message]:
    """Every part that holds something, the outermost first; never raises."""
    try:
        yield from message.walk()
    except Exception:  # a part that claims to be many and is none
        return


def part_text(part: Message) -> str:
    """The text of one part, whatever charset and encoding it claims."""
    try:
        raw = part.get_payload(decode=True)
    except Exception:
        raw = None
    if not isinstance(raw, bytes):
        return ""
    charset = None
    try:
        charset = part.get_content_charset()
    except Exception:
        charset = None
    return _in_charset(raw, charset).replace("\0", "")


def text(message: Message, plain_of_html) -> str:
    """Return what a message says as plain text; of two forms the plain one.

    :param plain_of_html: function that makes plain text of HTML
    """
    plain, rich = [], []
    for part in parts(message):
        kind_of_part = part.get_content_type()
        if _is_file(part) or kind_of_part not in ("text/plain", "text/html"):
            continue
        (plain if kind_of_part == "text/plain" else rich).append(part_text(part))
    found = "\n".join(filter(str.strip, plain))[:READ_CHARACTERS]
    if found:
        return found
    html = "\n".join(rich)[:READ_CHARACTERS]
    try:
        return plain_of_html(html) if html.strip() else ""
    except Exception:
        return re.sub(r"<[^>]*>", " ", html)


def _is_file(part: Message) -> bool:
    return header(part, "content-disposition").lower().startswith("attachment")


#: What the sender wrote, not what the servers on the way added.
_DIGESTED = ("from", "to", "cc", "subject", "date", "in-reply-to", "references")


def digest(raw: bytes, message: Message) -> str:
    """Return the SHA-256 of what the sender wrote: the same for the same mail.

    Line ends and empty lines at the end are left out, and so are the headers that
    servers add: two copies of one mail differ in them.
    """
    found = re.search(rb"\r?\n\r?\n", raw)
    body = raw[found.end() :] if found else b""
    made = hashlib.sha256()
    for name in _DIGESTED:
        for value in headers(message, name):
            made.update(f"{name}:{value}\n".encode("utf-8", "replace"))
    made.update(b"\n" + body.replace(b"\r\n", b"\n").rstrip())
    return made.hexdigest()
