"""An e-mail on its way in: what the gateway knows of it, from its bytes to its file."""

import email
import email.policy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import Message
from functools import cached_property

from odoo.tools import html2plaintext

from ..engine import mail_forward, mail_reading, mail_token
from ..engine.mail_reading import Kind
from .complaint_mail_parts import hidden_content

# Where servers write to whom a message was really delivered.
RECIPIENT_HEADERS = (
    "delivered-to",
    "x-original-to",
    "envelope-to",
    "to",
    "cc",
    "resent-to",
    "resent-cc",
)
# The context key under which it goes through the gateway. Only an object of this
# class counts there, which no call from outside can bring along.
KEY = "complaint_mail"
MAX_SUBJECT = 200


@dataclass(eq=False)
class ComplaintMail:
    """One message as received; what is found out about it is added on the way."""

    raw: bytes
    now: datetime
    """Naive UTC, as everywhere in Odoo."""
    hosts: tuple[str, ...] = ()
    """Names of the own mail servers."""

    desks: list[int] = field(default_factory=list)
    """Teams whose complaint desk it is addressed to, one a company."""
    ticket_id: int = 0
    """The complaint that it answers."""
    erased_id: int = 0
    """The erased complaint that it answers: what is written now is a new one."""
    has_other_aliases: bool = False
    """Whether it is addressed to something else of Odoo as well."""
    is_heard: bool = False
    """Whether the complainant himself, or who represents him, answers his complaint."""
    is_flood: bool = False
    """So many came that another automatic answer would feed a loop."""
    colleague: str = ""
    """The colleague who forwards it, by name."""
    original: mail_forward.Original | None = None
    """What a colleague forwards."""
    new_id: str = ""
    """Stands for a Message-Id that is missing, or that another message has already."""
    entered: list[tuple[int, bool]] = field(default_factory=list)
    """Tickets that it made (true) or was added to."""

    @cached_property
    def message(self) -> Message:
        return email.message_from_bytes(self.raw, policy=email.policy.SMTP)

    @cached_property
    def message_id(self) -> str:
        return mail_reading.message_id(self.message)

    @cached_property
    def digest(self) -> str:
        return mail_reading.digest(self.raw, self.message)

    @cached_property
    def kind(self) -> Kind:
        return mail_reading.kind(self.message)

    @cached_property
    def references(self) -> list[str]:
        """The messages that it answers or, of a mail server's report, is about."""
        if self.kind == Kind.BOUNCE:
            return mail_reading.failed_references(self.message)
        return mail_reading.references(self.message)

    @cached_property
    def received_at(self) -> datetime:
        now = self.now.replace(tzinfo=UTC)
        found = mail_reading.received_at(self.message, self.hosts, now) or now
        return found.replace(tzinfo=None, microsecond=0)

    @cached_property
    def recipients(self) -> list[str]:
        found = mail_reading.addresses(self.message, *RECIPIENT_HEADERS)
        return list(dict.fromkeys(address for _name, address in found))

    @cached_property
    def sender(self) -> tuple[str, str]:
        """Name and address; both may be empty."""
        return next(
            iter(mail_reading.addresses(self.message, "from", "sender", "return-path")),
            (mail_reading.header(self.message, "from"), ""),
        )

    @cached_property
    def subject(self) -> str:
        return mail_reading.header(self.message, "subject")[:MAX_SUBJECT]

    @cached_property
    def text(self) -> str:
        """What it says, or what a part that no mail program shows says."""
        return mail_reading.text(self.message, html2plaintext) or self.hidden[0]

    @cached_property
    def hidden(self) -> tuple[str, list[tuple[str, bytes]]]:
        """Text and files of an invitation or a winmail.dat."""
        return hidden_content(self.message)

    @cached_property
    def tokens(self) -> list[tuple[int, str]]:
        return mail_token.found(f"{self.subject}\n{self.text}")

    @property
    def is_person(self) -> bool:
        return self.kind == Kind.PERSON

    def originals(self):
        return mail_forward.originals(self.message, html2plaintext)

    @classmethod
    def of(cls, env) -> "ComplaintMail | None":
        """The message that the gateway is taking in, if it is one for complaints."""
        mail = env.context.get(KEY)
        return mail if isinstance(mail, cls) else None
