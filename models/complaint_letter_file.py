from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date, html2plaintext, human_size

from .complaint_binder import Part, bind, count_pages

CODE = "mediator_file"
# The contents and what is written for the file, then the numbers of all its pages.
FRONT = "helpdesk_complaint.report_mediator_file"
NUMBERS = "helpdesk_complaint.report_mediator_numbers"


class ComplaintLetter(models.Model):
    """The file for a recourse body: one PDF with all that was exchanged.

    The letter comes first, then contents, chronology, the complaint as it was
    received, and the letters as they were sent. What the letter freezes is the whole
    file.
    """

    _inherit = "complaint.letter"

    referral_id = fields.Many2one(
        "complaint.referral",
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        domain="[('ticket_id', '=', ticket_id), ('is_open', '=', True)]",
        help="The recourse body that the file is for.",
    )

    def _check_complete(self):
        result = super()._check_complete()
        if self.code == CODE:
            self._check_referral()
        return result

    def _check_referral(self):
        """A file leaves for the body that has the case, and for no other."""
        referrals = self.ticket_id._complaint_open_referrals()
        if not self.referral_id and len(referrals) == 1 and self.state == "draft":
            self.referral_id = referrals
        if self.referral_id not in referrals:
            raise UserError(self._other_referral_message(referrals))

    @api.constrains("referral_id", "ticket_id")
    def _check_own_referral(self):
        """Nobody reads the name of another complaint's referral by choosing it."""
        for letter in self:
            if letter.referral_id and letter.referral_id.ticket_id != letter.ticket_id:
                referrals = letter.ticket_id._complaint_open_referrals()
                raise ValidationError(letter._other_referral_message(referrals))

    def _other_referral_message(self, referrals):
        return self.env._(
            "%(ticket)s: the file goes to the recourse body that has the case. "
            "Choose one of its open referrals on the letter: %(bodies)s.",
            ticket=self.ticket_id.display_name,
            bodies=", ".join(referrals.mapped("display_name")) or self.env._("none"),
        )

    def _render_pdf(self):
        if self.code != CODE:
            return super()._render_pdf()
        cover = super()._render_pdf()
        spoken = self.with_context(lang=self.lang)
        letters = spoken._file_letters()
        parts = [
            # sudo: ir.attachment - letters of the same file
            Part(letter._file_title(), letter.sudo().attachment_id.raw or b"")
            for letter in letters
        ]
        start = count_pages(cover)
        sizes = [count_pages(part.pdf) for part in parts]
        front = spoken._render_front(start, sizes, 0)
        size = count_pages(front)
        # The contents name pages that follow them.
        front = spoken._render_front(start, sizes, size)
        numbers = spoken._render_report(NUMBERS, total=start + size + sum(sizes))
        bound = [
            Part(self.subject, cover),
            Part(spoken.env._("Contents, chronology and complaint"), front),
            *parts,
        ]
        return bind(bound, numbers, self.subject, self.lang)

    def _render_front(self, start, sizes, size):
        return self._render_report(FRONT, start=start, sizes=sizes, size=size)

    def _render_report(self, name, **values):
        report = self.env["ir.actions.report"].with_context(complaint_file=values)
        return report._complaint_render_pdf(name, list(self._ids))

    # ------------------------------------------------------------------
    # What the pages hold
    # ------------------------------------------------------------------

    def _file_letters(self):
        """The letters that were sent to the complainant, the oldest first."""
        # sudo: complaint.letter - who may write to the body encloses them all
        letters = self.sudo().ticket_id.complaint_letter_ids
        return letters.filtered(
            lambda x: x.state == "sent" and x.code != CODE and x.attachment_id
        ).sorted(lambda x: (x.sent_at, x.id))

    def _file_title(self):
        words = dict(self._fields["code"]._description_selection(self.env))
        return self.env._(
            "%(letter)s, letter %(number)s of %(date)s",
            letter=words[self.code],
            number=self.name,
            date=self._file_day(self.sent_at),
        )

    def _file_day(self, moment):
        day = self.ticket_id._complaint_local_day(moment)
        return format_date(self.env, day, date_format="long")

    def _file_contents(self):
        """Of each letter its title, the names of its enclosures and its first page."""
        values = self.env.context.get("complaint_file") or {}
        page = 1 + values.get("start", 0) + values.get("size", 0)
        rows = []
        for letter, size in zip(
            self._file_letters(), values.get("sizes", ()), strict=True
        ):
            # sudo: ir.attachment - what went with a letter of the same file
            names = letter.sudo().enclosure_ids.mapped("name")
            rows.append((letter._file_title(), ", ".join(names), page))
            page += size
        return rows

    def _file_start(self):
        """How many pages come before those that hold the contents."""
        return (self.env.context.get("complaint_file") or {}).get("start", 0)

    def _file_pages(self):
        total = (self.env.context.get("complaint_file") or {}).get("total", 0)
        return [f"{page} / {total}" for page in range(1, total + 1)]

    def _file_chronology(self):
        """What happened and when, in plain words: ``(day, words)``, oldest first.

        Nothing internal: no target of the house, no note, nobody's name but the
        bodies'.
        """
        ticket = self.sudo().ticket_id  # sudo: complaint.event - the public ones
        told = self._file_event_words()
        rows = []
        if ticket.complaint_sent_date:
            words = self.env._("The complaint was sent")
            rows.append((ticket.complaint_sent_date, words))
        moments = [
            (
                ticket.complaint_received_at,
                self.env._("The complaint was received"),
            ),
            (
                ticket.complaint_registered_at,
                self.env._(
                    "The complaint was registered under the number %(number)s",
                    number=ticket.complaint_number,
                ),
            ),
        ]
        moments += [
            (letter.sent_at, letter._file_sent_words())
            for letter in self._file_letters()
        ]
        moments += [
            (event.date, told[event.event])
            for event in ticket.complaint_event_ids
            if event.event in told
        ]
        rows += [
            (ticket._complaint_local_day(moment), words)
            for moment, words in moments
            if moment
        ]
        for referral in ticket.complaint_referral_ids:
            rows += referral.with_context(lang=self.lang)._chronology()
        rows.sort(key=lambda row: row[0])
        return [
            (format_date(self.env, day, date_format="long"), words)
            for day, words in rows
        ]

    def _file_event_words(self):
        """What happened after the complaint came in, as a third party may read it."""
        return {
            "accept": self.env._("The complainant accepted the answer"),
            "contest": self.env._(
                "The complainant contested the answer; it is examined again"
            ),
            "escalate_stage": self.env._(
                "The complaint went to the next stage of handling"
            ),
            "settle": self.env._("The complaint was settled with the complainant"),
            "transfer": self.env._(
                "The complaint was forwarded to the body responsible for it"
            ),
            "reopen": self.env._("The complaint was opened again"),
            "close": self.env._("The complaint was closed"),
        }

    def _file_sent_words(self):
        words = dict(self._fields["code"]._description_selection(self.env))
        return self.env._(
            "Letter %(number)s was sent: %(letter)s",
            number=self.name,
            letter=words[self.code],
        )

    def _file_received(self):
        """The files that came with the complaint: ``(name, size)``."""
        files = self._file_messages().attachment_ids
        # sudo: ir.attachment - their names and sizes only
        files |= (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", "helpdesk.ticket"),
                    ("res_id", "=", self.ticket_id._origin.id),
                    ("create_uid.share", "=", True),
                ]
            )
        )
        return [(file.name, human_size(file.file_size)) for file in files.sorted("id")]

    def _file_messages(self):
        """What the complainant wrote to the company, the oldest first."""
        ticket = self.sudo().ticket_id  # sudo: mail.message - the complainant's own
        return ticket.message_ids.filtered(
            lambda x: (
                x.author_id
                and x.author_id == ticket.partner_id
                and x.message_type in ("email", "comment")
                and not x.is_internal
                and not x.subtype_id.internal
            )
        ).sorted("id")

    def _file_words(self):
        """What he wrote besides the complaint itself: ``(day, text)``."""
        first = " ".join(html2plaintext(self.ticket_id.description or "").split())
        rows = []
        for message in self._file_messages():
            text = html2plaintext(message.body or "").strip()
            if text and " ".join(text.split()) != first:
                rows.append((self._file_day(message.date), text))
        return rows
