"""Raw e-mails, and a complaint desk that takes them in through Odoo's own gateway."""

import struct
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

from .common import ComplaintCase, freeze_time

NOW = "2026-11-09 10:00:00"
DESK = "reclamations@desk.example"
SENDER = "ada.neuve@example.org"


def raw_mail(body="My parcel never came.", drop=(), **headers):
    """The bytes of an e-mail; ``drop`` names headers that it lacks.

    Underscores in names are hyphens; a list is a header that stands several times.
    """
    values = {
        "From": f"Ada Neuve <{SENDER}>",
        "To": DESK,
        "Subject": "Unacceptable delay",
        "Message-Id": "<first@example.org>",
        "Date": "Fri, 06 Nov 2026 09:15:00 +0100",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
    }
    values.update({name.replace("_", "-"): text for name, text in headers.items()})
    lines = []
    for name, value in values.items():
        if name in drop:
            continue
        for text in value if isinstance(value, list) else [value]:
            text = text if isinstance(text, bytes) else text.encode()
            lines.append(name.encode() + b": " + text)
    body = body if isinstance(body, bytes) else body.encode()
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def multipart(*parts, subtype="mixed", **headers):
    """An e-mail of several parts, each given as ``(content type, bytes)``."""
    body = b""
    for content_type, content in parts:
        content = content if isinstance(content, bytes) else content.encode()
        body += b"--cut\r\nContent-Type: " + content_type.encode() + b"\r\n"
        separator = b"" if content.startswith(b"Content-") else b"\r\n"
        body += separator + content + b"\r\n"
    headers.setdefault("Content_Type", f'multipart/{subtype}; boundary="cut"')
    return raw_mail(body + b"--cut--\r\n", **headers)


def tnef(text="", files=()):
    """A winmail.dat: the few attributes of the format that text and files need."""

    def attribute(level, kind, data):
        checksum = sum(data) % 65536
        return (
            struct.pack("<BII", level, kind, len(data))
            + data
            + struct.pack("<H", checksum)
        )

    out = struct.pack("<IH", 0x223E9F78, 1)
    out += attribute(1, 0x00089006, struct.pack("<I", 0x00010000))
    out += attribute(1, 0x00069007, struct.pack("<II", 1252, 0))
    if text:
        out += attribute(1, 0x0002800C, text.encode("cp1252") + b"\0")
    for name, content in files:
        out += attribute(2, 0x00069002, struct.pack("<HiI", 1, 0, 0) + b"\0" * 4)
        out += attribute(2, 0x00018010, name.encode("cp1252") + b"\0")
        out += attribute(2, 0x0006800F, content)
    return out


def winmail(data, text=""):
    message = MIMEMultipart()
    message["From"] = f"Ada Neuve <{SENDER}>"
    message["To"] = DESK
    message["Subject"] = "Unacceptable delay"
    message["Message-Id"] = "<first@example.org>"
    if text:
        message.attach(MIMEText(text))
    part = MIMEApplication(data, "ms-tnef", name="winmail.dat")
    part.add_header("Content-Disposition", "attachment", filename="winmail.dat")
    message.attach(part)
    return message.as_bytes()


class MailCase(ComplaintCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.domain = cls.env["mail.alias.domain"].create(
            {"name": "desk.example", "company_ids": [(6, 0, cls.company.ids)]}
        )
        cls.company.alias_domain_id = cls.domain
        cls.team.write(
            {
                "alias_name": "reclamations",
                "alias_domain_id": cls.domain.id,
                "complaint_regime_ids": [(6, 0, cls.notice.ids)],
            }
        )

    def feed(self, raw, at=NOW, user=None, **kwargs):
        """Give bytes to the gateway.

        :return: ``(lines of the journal, tickets)`` that they made
        """
        lines, tickets = self.journal(), self.complaints()
        thread = self.env["mail.thread"]
        if user:
            thread = thread.with_user(user)
        with freeze_time(at):
            thread.message_process(kwargs.pop("model", False), raw, **kwargs)
        return self.journal() - lines, self.complaints() - tickets

    def journal(self):
        return self.env["complaint.intake"].search([])

    def complaints(self):
        tickets = self.env["helpdesk.ticket"].with_context(active_test=False)
        return tickets.search([])

    def files(self, ticket):
        """The files that came by e-mail: not the copy that left with the receipt."""
        messages = ticket.message_ids.filtered(lambda x: x.message_type == "email")
        return messages.attachment_ids

    def take(self, raw, outcome="new", **kwargs):
        """Feed one e-mail that makes one line with this outcome; give its complaint."""
        lines, tickets = self.feed(raw, **kwargs)
        self.assertEqual(lines.mapped("outcome"), [outcome])
        if outcome in ("new", "linked", "failed"):
            self.assertEqual(lines.ticket_id, tickets)
        else:
            self.assertFalse(tickets)
        return lines.ticket_id

    def answered(self, **vals):
        """A complaint that was answered, within its window of eight days."""
        with freeze_time("2026-10-12 08:00:00"):
            ticket = self._new_qualified(**vals)
            ticket.complaint_decide("rejected", "The fee is in article 7.")
            ticket.complaint_send_letter("rejection")
        return ticket

    def answer(self, ticket, body="I do not agree.", token=False, **headers):
        """The bytes of an answer of the complainant to the last letter."""
        letter = ticket.complaint_letter_ids.sorted("id")[-1:]
        headers.setdefault("From", f"{ticket.partner_name} <{ticket.partner_email}>")
        headers.setdefault(
            "Message_Id", f"<answer-{len(body)}-{ticket.id}@example.org>"
        )
        if token:
            body += f"\n\n> Please keep this line: {ticket._complaint_reply_token()}"
        elif "References" not in headers:
            headers["References"] = letter.mail_reference
        return raw_mail(body, **headers)
