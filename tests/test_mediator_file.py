import hashlib
import io
import re
import subprocess
import time

from PyPDF2 import PdfReader, PdfWriter

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form

from ..models.complaint_binder import Part, bind, count_pages
from .common import ComplaintCase, freeze_time, tagged


@tagged("post_install", "-at_install")
class TestMediatorFile(ComplaintCase):
    """One PDF tells a recourse body all that was exchanged, and nothing internal."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.body = cls.acpr.recourse_body_ids[:1]
        with freeze_time("2026-07-06 09:00:00"):
            ticket = cls._new_qualified(
                received="2026-06-30 08:00:00", sent="2026-06-29"
            )
            cls.ticket = ticket.with_user(cls.handler).with_context(
                allowed_company_ids=cls.company.ids
            )
            ticket.message_post(
                body="Here is my contract.",
                author_id=cls.customer.partner_id.id,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                attachments=[("contract.pdf", b"x" * 2048)],
            )
            ticket.message_post(body="Secret note", attachments=[("hidden.txt", b"h")])
            ticket.complaint_findings = "<p>Internal findings</p>"
            ticket.complaint_concerned_user_ids = cls.stranger
            ticket.complaint_extend("respond", "2026-09-20", "Expert is away")
            cls.ticket.complaint_send_letter("acknowledge")
            cls.ticket.complaint_decide("rejected", "The fee is in article 7.")
            cls.ticket.complaint_send_letter("rejection")
        cls.referral = cls.ticket.complaint_refer(cls.body.id, "2026-08-01")
        cls.letter = cls.send()
        cls.pdf = cls.letter.sudo().attachment_id.raw

    def pages(self, pdf):
        done = subprocess.run(
            ["pdftotext", "-layout", "-", "-"],
            input=pdf,
            capture_output=True,
            check=True,
        )
        return done.stdout.decode().split("\f")[:-1]

    @classmethod
    def send(cls):
        return cls.ticket.complaint_send_letter("mediator_file", channel="post")

    def test_the_file_is_the_letter_and_is_frozen_like_any_letter(self):
        letter = self.letter
        self.assertEqual(letter.checksum, hashlib.sha256(self.pdf).hexdigest())
        self.assertTrue(letter.verify_file())
        self.assertEqual(letter.referral_id, self.referral)
        self.assertEqual(letter.recipient_name, self.body.name)
        with self.assertRaisesRegex(UserError, "cannot be changed"):
            letter.sudo().attachment_id.raw = b"x"
        self.assertIn("mediator_file", self.ticket.complaint_event_ids.mapped("event"))

    def test_it_holds_the_letter_contents_chronology_complaint_and_letters(self):
        pages = self.pages(self.pdf)
        number = re.escape(self.ticket.complaint_number)
        for rank, page in enumerate(pages, 1):
            self.assertRegex(page, rf"{number} – {rank} / {len(pages)}")
        contents = next(page for page in pages if "Contents" in page)
        listed = {
            title.strip(): int(first)
            for title, first in re.findall(
                r"^\d+\s{2,}(.+?)\s{2,}(\d+)$", contents, re.MULTILINE
            )
        }
        where = {
            "Our letter": "Our reference",
            "Chronology": "The complaint was registered",
            "The complaint as we received it": "You charged me 45 euros",
            "What the complainant wrote to us besides": "Here is my contract.",
            f"Acknowledgement, letter {self.ticket.complaint_number}-1 of "
            "July 6, 2026": f"{self.ticket.complaint_number}-1",
            f"Rejection, letter {self.ticket.complaint_number}-2 of "
            "July 6, 2026": "article 7",
        }
        self.assertEqual(set(listed), set(where))
        for title, words in where.items():
            with self.subTest(title):
                self.assertIn(words, pages[listed[title] - 1])
        chronology = pages[listed["Chronology"] - 1]
        days = [line.strip()[:14].strip() for line in chronology.splitlines()]
        self.assertIn("June 29, 2026", days)
        self.assertIn("June 30, 2026", days)
        self.assertRegex(
            chronology, rf"August 1, 2026\s+The case went to {self.body.name[:8]}"
        )
        self.assertIn(
            "contract.pdf", pages[listed["The complaint as we received it"] - 1]
        )

    def test_it_tells_nothing_internal(self):
        text = "\n".join(self.pages(self.pdf))
        for words in (
            "Secret note",
            "hidden.txt",
            "Internal findings",
            self.stranger.name,
        ):
            self.assertNotIn(words, text)

    def test_the_letters_are_enclosed_as_they_were_sent(self):
        old = self.ticket.complaint_letter_ids.filtered(lambda x: x.code == "rejection")
        enclosed = PdfReader(io.BytesIO(self.pdf))
        page = PdfReader(io.BytesIO(old.sudo().attachment_id.raw)).pages[0]
        streams = [
            stream.get_object()._data
            for sheet in enclosed.pages
            for stream in sheet["/Contents"]
        ]
        self.assertIn(page["/Contents"].get_object()._data, streams)

    def test_it_says_that_it_is_archivable_only_if_every_part_is(self):
        def metadata(pdf):
            root = PdfReader(io.BytesIO(pdf)).trailer["/Root"]
            return root["/Metadata"].get_data(), root.get("/OutputIntents")

        xmp, intents = metadata(self.pdf)
        self.assertIn(b"<pdfaid:part>3</pdfaid:part>", xmp)
        self.assertTrue(intents)
        writer, output = PdfWriter(), io.BytesIO()
        for _page in range(2):
            writer.add_blank_page(595, 842)
        writer.write(output)
        plain = output.getvalue()
        letter = self.ticket.complaint_letter_ids.sudo().filtered(
            lambda x: x.code == "acknowledge"
        )
        archivable = letter.attachment_id.raw
        pages = count_pages(archivable)
        numbers = self.letter.sudo()._render_report(
            "helpdesk_complaint.report_mediator_numbers", total=pages + 2
        )
        parts = [Part("A", archivable), Part("B", plain)]
        xmp, intents = metadata(bind(parts, numbers, "<Both>", "en_US"))
        self.assertNotIn(b"pdfaid:part", xmp)
        self.assertIn(b"&lt;Both&gt;", xmp)
        self.assertFalse(intents)

    def test_the_preview_shows_what_would_be_sent(self):
        letter = self.env["complaint.letter"].browse(
            self.referral.action_mediator_file()["res_id"]
        )
        self.assertEqual(letter.referral_id, self.referral)
        report = self.env["ir.actions.report"].with_user(self.handler)
        pdf, kind = report._render_qweb_pdf(
            "helpdesk_complaint.report_complaint_letter", letter.ids
        )
        self.assertEqual(kind, "pdf")
        self.assertGreater(len(self.pages(pdf)), 5)

    def test_without_an_open_referral_it_is_refused(self):
        self.as_user(self.manager, self.referral).action_end()
        with self.assertRaisesRegex(UserError, "No recourse body has the case"):
            self.send()
        other = self._new_qualified().with_user(self.handler)
        with self.assertRaisesRegex(UserError, "No recourse body has the case"):
            other.complaint_send_letter("mediator_file", channel="post")

    def test_it_goes_to_the_body_that_has_the_case(self):
        second = self.body.copy({"name": "Another mediator"})
        again = self.ticket.complaint_refer(second.id, "2026-08-02")
        letter = self.env["complaint.letter"].browse(
            again.with_user(self.handler).action_mediator_file()["res_id"]
        )
        self.assertEqual(letter.recipient_name, second.name)
        self.as_user(self.manager, again).action_end()
        letter.channel = "hand"
        with self.assertRaisesRegex(UserError, "has the case. Choose one"):
            letter.with_user(self.handler).action_send()
        with Form(letter.with_user(self.handler)) as form:
            form.referral_id = self.referral
        letter.with_user(self.handler).action_send()
        self.assertEqual(letter.state, "sent")

    def test_who_may_not_write_the_complaint_makes_no_file(self):
        for user in (self.agent, self.auditor, self.customer, self.stranger):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.as_user(user, self.ticket).complaint_send_letter(
                    "mediator_file", channel="post"
                )
        letter = self.letter
        for user in (self.agent, self.customer, self.stranger):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.as_user(user, letter).read(["name"])
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.as_user(user, letter.sudo().attachment_id).read(["raw"])

    def test_forty_letters_are_bound_in_seconds(self):
        old = self.ticket.complaint_letter_ids.sudo().filtered("attachment_id")[:1]
        self.env.flush_all()
        for rank in range(40):
            self.env.cr.execute(
                """
                INSERT INTO complaint_letter (ticket_id, company_id, template_id, code,
                    cycle, state, lang, subject, body, channel, recipient_name, name,
                    sent_at, attachment_id)
                SELECT ticket_id, company_id, template_id, code, cycle, state, lang,
                       subject, body, channel, recipient_name, name || %s, sent_at,
                       attachment_id
                  FROM complaint_letter
                 WHERE id = %s
                """,
                (f"-{rank}", old.id),
            )
        self.env.invalidate_all()
        start = time.process_time()
        letter = self.send()
        self.assertLess(time.process_time() - start, 20)
        self.assertGreater(len(self.pages(letter.sudo().attachment_id.raw)), 44)
