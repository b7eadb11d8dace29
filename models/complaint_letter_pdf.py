import hashlib
import json
import re

import lxml.html

from odoo import fields, models
from odoo.tools.image import image_data_uri

from .complaint_terms import REPLY_CODES

# The letters that tell what was decided; the others must not, even if it was.
DECISION_CODES = frozenset({*REPLY_CODES, "closure", "mediator_file"})
POINTED = re.compile(r"/web/image/(\d{1,9})(?![\w.])", re.ASCII)
PICTURE = re.compile(r"^/web/image/(?P<id>\d+)(?![\w.])")


class ComplaintLetter(models.Model):
    """What the file of a letter holds besides its text."""

    _inherit = "complaint.letter"

    def _pdf_title(self):
        """The title of the PDF, for those who look for it or listen to it."""
        return " ".join(filter(None, [self.name, self.subject]))

    def _sender_line(self):
        """The words of the sender's own address, in one line above the recipient's."""
        # sudo: res.company - its public address
        return self.company_id.sudo()._complaint_sender_line()

    def _pdf_attachments(self):
        """The file's facts, readable by programs; only a letter that leaves has them.

        :return: a list of ``(name, description, text, datetime)``
        """
        if len(self) != 1 or not self.sent_at:
            return []
        text = json.dumps(
            self._pdf_facts(), ensure_ascii=False, indent=1, sort_keys=True
        )
        description = self.env._(
            "Facts of complaint %(ticket)s", ticket=self.ticket_id.display_name
        )
        return [("complaint.json", description, f"{text}\n", self.sent_at)]

    def _pdf_facts(self):
        """What the complainant may know of his file when this letter leaves.

        The letter goes to him: nothing internal, and no decision that another letter
        is to tell. Instants are in UTC.
        """
        self.ensure_one()
        ticket = self.sudo().ticket_id  # sudo: helpdesk.ticket - facts for its letter
        facts = {
            "format": "helpdesk_complaint/1",
            "number": ticket.complaint_number or ticket.number,
            "letter": self.name,
            "code": self.code,
            "language": (self.lang or "").replace("_", "-"),
            "letter_sent_at": _instant(self.sent_at),
            "complaint_sent_on": _day(ticket.complaint_sent_date),
            "received_at": _instant(ticket.complaint_received_at),
            "registered_at": _instant(ticket.complaint_registered_at),
            "regimes": sorted(
                ticket.complaint_regime_ids.filtered(
                    lambda regime: not regime.is_overlay
                ).mapped("code")
            ),
            "deadlines": self._pdf_deadlines(),
        }
        if self.code in DECISION_CODES:
            facts["outcome"] = ticket._complaint_decision().outcome or None
            facts["redress"] = [
                {
                    "kind": redress.kind,
                    "details": redress.name or None,
                    "amount": redress.amount or None,
                    "currency": redress.currency_id.name if redress.amount else None,
                }
                for redress in ticket._complaint_current_redress()
            ]
        return facts

    def _pdf_deadlines(self):
        """What is promised to the complainant, with the days that letters announce."""
        ticket = self.sudo().ticket_id  # sudo: complaint.deadline - as in the letter
        return [
            {
                "step": deadline.step,
                "due": _day(deadline.extension_pending_to or deadline._due_day()),
            }
            for deadline in ticket._complaint_current_deadlines()
            .filtered(lambda deadline: deadline.target == "legal" and deadline.due_at)
            .sorted(lambda deadline: (deadline.due_at, deadline.step, deadline.id))
        ]

    def _with_pictures(self, html):
        """Put the pictures that were inserted by the editor into the page itself.

        Only those of this file that the user may see: an address proves nothing.
        """
        if "/web/image/" not in html:
            return html
        parser = lxml.html.HTMLParser(huge_tree=True)
        root = lxml.html.document_fromstring(html, parser=parser)
        files = self.env["ir.attachment"].sudo(False)
        for image in root.iter("img"):
            match = PICTURE.match(image.get("src") or "")
            file = files.browse(int(match["id"]) if match else [])
            if file.exists() and file.has_access("read") and self._has_picture(file):
                image.set("src", image_data_uri(file.datas))
        return lxml.html.tostring(root, encoding="unicode", doctype="<!DOCTYPE html>")

    def _picture_digests(self):
        """What the pictures show to which the text only points: they may change."""
        ids = {int(number) for number in POINTED.findall(str(self.body or ""))}
        # sudo: ir.attachment - digests do not depend on who asks
        files = self.env["ir.attachment"].sudo().browse(sorted(ids)).exists()
        return [
            [file.id, hashlib.sha256(file.raw or b"").hexdigest()] for file in files
        ]

    def _has_picture(self, file):
        """Whether a picture belongs to the letter or its complaint.

        What a job prints for somebody shows no more than he may see, and a picture
        that the editor took before the letter was saved belongs to nothing yet.
        """
        if not (file.mimetype or "").startswith("image/"):
            return False
        if not file.res_id:
            return file.create_uid in self.create_uid
        owner = self.ticket_id if file.res_model == "helpdesk.ticket" else self
        return file.res_model == owner._name and file.res_id in owner.ids


def _day(day):
    return fields.Date.to_string(day) if day else None


def _instant(at):
    return at.strftime("%Y-%m-%dT%H:%M:%SZ") if at else None
