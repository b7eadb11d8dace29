import base64
import hashlib
import io
import re
import time

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase

from .common import ComplaintCase, ComplaintFixture, tagged
from .test_letter_pdf import WINDOWS, broken_picture, picture, run, words_of


@tagged("post_install", "-at_install")
class TestCopy(ComplaintCase):
    """The dated copy of a complaint: all that was said, nothing that is internal."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reason = cls.env["helpdesk.ticket.category"].create(
            {"name": "Fees and prices", "company_id": cls.company.id}
        )
        cls.phone = cls.env.ref("helpdesk_mgmt.helpdesk_ticket_channel_phone")

    def complaint(self, **vals):
        return self._new_complaint(
            sent="2026-10-07",
            **{
                "category_id": self.reason.id,
                "channel_id": self.phone.id,
                "complaint_subject_ref": "Contract 4711",
                "complaint_fact_date": "2026-09-30",
                "complaint_request": "Give me my 45 euros back.\nAnd an apology.",
                **vals,
            },
        )

    def text(self, ticket, **kwargs):
        pdf = ticket._complaint_copy_pdf(**kwargs)
        return " ".join(run(pdf, "pdftotext", "-layout").split())

    def attach(self, ticket, name="proof.txt", raw=b"proof", user=None, **vals):
        model = self.env["ir.attachment"].with_user(user or self.env.user).sudo()
        return model.create(
            {
                "name": name,
                "raw": raw,
                "res_model": ticket._name,
                "res_id": ticket.id,
                **vals,
            }
        )

    # ------------------------------------------------------------------
    # What it says
    # ------------------------------------------------------------------

    def test_the_copy_says_all_that_was_said(self):
        ticket = self.complaint()
        self.attach(ticket, "receipt.txt", b"45 euros", self.customer)
        said = self.text(ticket)
        for words in (
            "Cabinet Vercors",
            ticket.number,
            "Fees charged without notice",
            "Zoé L'Hôte",
            "t_customer@example.com",
            "October 7, 2026",
            "October 9, 2026",
            "10:00",
            "Oral, Phone",
            "Fees and prices",
            "Contract 4711",
            "September 30, 2026",
            "You charged me 45 euros without a word.",
            "Give me my 45 euros back.",
            "And an apology.",
            "receipt.txt",
            "8.00 bytes",
            hashlib.sha256(b"45 euros").hexdigest()[:16],
        ):
            self.assertIn(words, said)

    def test_nothing_internal_is_in_the_copy(self):
        ticket = self._new_qualified()
        ticket.write(
            {
                "complaint_findings": "We were wrong.",
                "complaint_open_facts": "Nobody knows.",
                "complaint_severity": "3",
                "complaint_cause_id": self.cause.id,
            }
        )
        ticket.message_post(
            body="He is difficult.", attachments=[("memo.txt", b"difficult")]
        )
        said = self.text(ticket)
        for words in (
            self.handler.name,
            ticket.stage_id.name,
            "We were wrong",
            "Nobody knows",
            "Critical",
            "Wrong tariff",
            "A fee is contested",
            "difficult",
            "memo.txt",
        ):
            self.assertNotIn(words, said)
        self.assertIn(ticket.complaint_number, said)

    def test_only_the_files_of_the_complainant_are_listed(self):
        ticket = self.complaint()
        public = self.env.ref("base.public_user")
        self.attach(ticket, "mine.txt", user=self.customer)
        self.attach(ticket, "form.txt", user=public)
        self.attach(ticket, "house.txt", user=self.handler)
        for name, author, kind, note in (
            ("sent.txt", self.customer.partner_id, "email", "mail.mt_comment"),
            ("answer.txt", self.handler.partner_id, "comment", "mail.mt_comment"),
            ("note.txt", self.handler.partner_id, "comment", "mail.mt_note"),
        ):
            ticket.message_post(
                body=name,
                author_id=author.id,
                message_type=kind,
                subtype_xmlid=note,
                attachments=[(name, b"x")],
            )
        ticket.message_post(
            body="from nobody we know",
            author_id=False,
            email_from="ada@example.org",
            message_type="email",
            subtype_xmlid="mail.mt_comment",
            attachments=[("unknown.txt", b"x")],
        )
        self.assertEqual(
            sorted(ticket._complaint_copy_files().mapped("name")),
            ["form.txt", "mine.txt", "sent.txt", "unknown.txt"],
        )

    def test_a_complainant_who_is_no_contact_has_his_address(self):
        ticket = self.complaint(
            partner_id=False,
            partner_name="Ada Neuve",
            partner_email="ada@example.org",
            complaint_phone="+33 4 76 00 00 00",
            complaint_postal_address="3 rue du Pont\n38000 Grenoble",
        )
        said = self.text(ticket)
        for words in ("Ada Neuve", "+33 4 76 00 00 00", "3 rue du Pont"):
            self.assertIn(words, said)

    # ------------------------------------------------------------------
    # What people write
    # ------------------------------------------------------------------

    def test_what_people_write_is_text(self):
        evil = "<script>alert(1)</script><b>bold</b>"
        ticket = self.complaint(
            name=f"Title {evil}",
            complaint_request=evil,
            complaint_subject_ref=evil,
            partner_id=False,
            partner_name=evil,
            description='<p style="position:fixed;top:0" onclick="x()">Moved</p>'
            "<script>alert(2)</script>"
            "<img src='http://evil.example/x.png' alt='remote'>"
            "<img src='file:///etc/passwd'>"
            "<iframe src='http://evil.example'></iframe>",
        )
        html = self.env["ir.actions.report"]._render_qweb_html(
            "helpdesk_complaint.report_complaint_copy", ticket.ids
        )[0]
        html = html.decode() if isinstance(html, bytes) else html
        self.assertNotIn("<script>alert", html)
        self.assertNotIn("<b>bold</b>", html)
        self.assertNotIn("evil.example", html)
        self.assertNotIn("/etc/passwd", html)
        self.assertNotIn("onclick", html)
        self.assertNotIn("position:fixed", html)
        self.assertIn("Moved", self.text(ticket))

    def test_no_picture_stops_a_copy(self):
        ticket = self.complaint()
        raw = base64.b64decode(picture(300, 200).split(",")[1])
        mine = self.attach(ticket, "photo.png", raw, self.customer)
        house = self.attach(ticket, "house.png", raw, self.handler)
        ticket.description = (
            f"<p>See<img src='/web/image/{mine.id}'/>"
            f"<img src='/web/image/{house.id}' alt='of the house'/>"
            f"<img src='{broken_picture(60_000)}' alt='enormous'/></p>"
        )
        pdf = ticket._complaint_copy_pdf()
        words = run(pdf, "pdftotext")
        self.assertIn("of the house", words)
        self.assertIn("enormous", words)
        self.assertEqual(ticket._complaint_copy_description().count("data:image"), 1)

    def test_a_long_text_in_any_script_is_printed_whole(self):
        lines = "".join(f"<p>Line {i} مرحبا 中文</p>" for i in range(200))
        ticket = self.complaint(description=lines)
        self.assertIn("Line 199", self.text(ticket))

    # ------------------------------------------------------------------
    # The file
    # ------------------------------------------------------------------

    def test_the_file_is_archivable_and_its_address_in_the_window(self):
        import pikepdf

        ticket = self.complaint()
        for code, side in (("fr", "right"), ("de", "left")):
            self.company.complaint_window = side
            pdf = ticket._complaint_copy_pdf()
            left, top, right, bottom = WINDOWS[code][0]
            seen = [
                word
                for word, x0, y0, x1, y1 in words_of(pdf)[0]
                if x0 >= left and y0 >= top and x1 <= right and y1 <= bottom
            ]
            self.assertIn("Lilas", " ".join(seen))
        with pikepdf.open(io.BytesIO(pdf)) as file:
            xmp = str(file.Root.Metadata.read_bytes().decode())
            self.assertIn('pdfaid:conformance="A"', xmp)
            self.assertIn(ticket.number, str(file.docinfo.Title))
        self.assertIn("yes", re.search(r"Tagged: +(\w+)", run(pdf, "pdfinfo")).group(1))

    def test_another_program_finds_nothing_against_reading_aloud(self):
        import pdfua

        ticket = self.complaint(
            description="<h1>One</h1><p>Text</p><table><tr><th>A</th></tr></table>"
        )
        self.attach(ticket, user=self.customer)
        report = pdfua.validate(io.BytesIO(ticket._complaint_copy_pdf()))
        self.assertFalse([found.message for found in report.findings])

    def test_the_name_of_the_file_is_one_that_every_system_takes(self):
        ticket = self.complaint()
        self.assertEqual(
            ticket._complaint_copy_name(), f"Complaint {ticket.number} - copy.pdf"
        )
        ticket.sudo().number = 'HT/2026\\4:*?"<>|\n1'
        self.assertEqual(
            ticket._complaint_copy_name(), "Complaint HT 2026 4 1 - copy.pdf"
        )

    def test_the_copy_speaks_the_language_of_the_complainant(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        ticket = self.complaint()
        for wanted, lang in (
            ({"complaint_lang": "fr_FR"}, None),
            ({"complaint_lang": "en_US"}, "fr_FR"),
        ):
            ticket.write(wanted)
            self.assertIn("7 octobre 2026", self.text(ticket, lang=lang))
        ticket.complaint_lang = "fr_FR"
        self.assertIn("October 7, 2026", self.text(ticket, lang="en_US"))
        self.assertIn("7 octobre 2026", self.text(ticket, lang="xx_XX"))

    def test_a_copy_takes_less_than_half_a_second(self):
        ticket = self.complaint()
        ticket._complaint_copy_pdf()
        taken = []
        for _turn in range(3):
            start = time.perf_counter()
            ticket._complaint_copy_pdf()
            taken.append(time.perf_counter() - start)
        self.assertLess(min(taken), 0.5)

    # ------------------------------------------------------------------
    # Who may have it
    # ------------------------------------------------------------------

    def test_an_ordinary_ticket_has_no_copy(self):
        with self.assertRaisesRegex(UserError, "no complaint"):
            self._new_ticket()._complaint_copy_pdf()

    def test_a_copy_is_printed_by_who_may_read_the_complaint(self):
        ticket = self.complaint(complaint_is_confidential=True)
        report = "helpdesk_complaint.action_report_complaint_copy"
        for user in (self.handler, self.officer, self.auditor):
            model = self.env["ir.actions.report"].with_user(user)
            pdf, kind = model._render_qweb_pdf(report, ticket.ids)
            self.assertEqual((pdf[:5], kind), (b"%PDF-", "pdf"))
        for user in (self.agent, self.leader, self.stranger):
            model = self.env["ir.actions.report"].with_user(user)
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                model._render_qweb_pdf(report, ticket.ids)
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                model._render_qweb_html(report, ticket.ids)

    def test_two_copies_are_one_print(self):
        tickets = self.complaint() | self.complaint()
        pdf, _kind = self.env["ir.actions.report"]._render_qweb_pdf(
            "helpdesk_complaint.action_report_complaint_copy", tickets.ids
        )
        self.assertIn("Pages:           2", run(pdf, "pdfinfo"))

    def test_a_receipt_is_made_for_who_has_no_account(self):
        ticket = self.complaint()
        public = self.env.ref("base.public_user")
        pdf = ticket.with_user(public).sudo()._complaint_copy_pdf()
        self.assertEqual(pdf[:5], b"%PDF-")


@tagged("post_install", "-at_install")
class TestCopyRoute(ComplaintFixture, HttpCase):
    """The copy is downloaded by who may read the complaint."""

    def get(self, ticket, user):
        if user:
            self.authenticate(user.login, user.login.ljust(8, "x"))
        else:
            self.logout()
        number = ticket if isinstance(ticket, int) else ticket.id
        return self.url_open(f"/helpdesk_complaint/copy/{number}")

    def test_who_may_read_the_complaint_gets_the_file(self):
        ticket = self._new_complaint(complaint_is_confidential=True)
        for user in (self.handler, self.officer, self.auditor, self.customer):
            answer = self.get(ticket, user)
            self.assertEqual(answer.status_code, 200, user.login)
            self.assertEqual(answer.content[:5], b"%PDF-")
            self.assertIn(ticket.number, answer.headers["Content-Disposition"])
            self.assertEqual(answer.headers["Cache-Control"], "no-store")

    def test_nobody_else_does_nor_learns_that_it_is_there(self):
        ticket = self._new_complaint(complaint_is_confidential=True)
        ordinary = self._new_ticket()
        for user, asked in (
            (self.agent, ticket),
            (self.stranger, ticket),
            (self.handler, ordinary),
            (self.handler, 10**8),
        ):
            self.assertEqual(self.get(asked, user).status_code, 404, user.login)
        self.assertIn("/web/login", self.get(ticket, None).url)
