import base64
import io
import json
import re
import subprocess
import sys
import zlib
from unittest.mock import patch

import lxml.html
from PIL import Image

from odoo.exceptions import UserError
from odoo.tools import mute_logger

from ..models.complaint_html import remote_addresses
from ..printing import images, layout
from .common import ComplaintCase, freeze_time, tagged

LETTER = "helpdesk_complaint.report_complaint_letter"
POINT = 25.4 / 72  # millimetres
# left, top, right, bottom of what an envelope shows however the sheet slips in it,
# and of what it might show: nothing but the address may stand there.
WINDOWS = {
    "fr": ((100, 55, 190, 79), (90, 39, 200, 95)),
    "de": ((20, 62.7, 105, 90), (20, 45, 110, 95)),
}
ARABIC = "مرحبا، لقد وصلتنا شكواكم"
HEBREW = "שלום קיבלנו את תלונתך"
EMOJI = "😀 👍 🎉"
CHINESE = "中文字符"


def run(pdf, *command):
    """What a program of poppler says of a file."""
    done = subprocess.run(
        [*command, "-", "-"] if command[0] == "pdftotext" else [*command, "-"],
        input=pdf,
        capture_output=True,
        check=True,
    )
    return done.stdout.decode()


def words_of(pdf):
    """Per page, each word with its place in millimetres from the top left corner."""
    text = run(pdf, "pdftotext", "-bbox")
    root = lxml.html.document_fromstring(text[text.index("<html") :])
    return [
        [
            (
                word.text,
                *(
                    float(word.get(name)) * POINT
                    for name in ("xmin", "ymin", "xmax", "ymax")
                ),
            )
            for word in page.iter("word")
        ]
        for page in root.iter("page")
    ]


def picture(width, height, kind="PNG"):
    """A data address of a picture that hardly compresses."""
    file = io.BytesIO()
    Image.effect_noise((width, height), 60).save(file, kind)
    data = base64.b64encode(file.getvalue()).decode()
    return f"data:image/{kind.lower()};base64,{data}"


def broken_picture(size):
    """A PNG that says it is enormous."""
    head = b"IHDR" + size.to_bytes(4) * 2 + bytes([8, 2, 0, 0, 0])
    chunk = (13).to_bytes(4) + head + zlib.crc32(head).to_bytes(4)
    rest = base64.b64encode(b"\x89PNG\r\n\x1a\n" + chunk + b"\0" * 60_000).decode()
    return f"data:image/png;base64,{rest}"


@tagged("post_install", "-at_install")
class TestLetterPdf(ComplaintCase):
    def draft(self, body="<p>Dear Zoé,</p>", ticket=None, **vals):
        ticket = ticket or self._new_qualified()
        return self.env["complaint.letter"].create(
            {**ticket._prepare_complaint_letter_vals("inform"), "body": body, **vals}
        )

    def render(self, letter):
        return self.env["ir.actions.report"]._complaint_render_pdf(LETTER, letter.ids)

    def sent(self, ticket=None, code="acknowledge", **vals):
        ticket = ticket or self._new_qualified()
        letter = ticket.complaint_send_letter(code, **vals)
        return letter, letter.sudo().attachment_id.raw

    # ------------------------------------------------------------------
    # The file
    # ------------------------------------------------------------------

    def test_the_file_can_be_archived_read_aloud_and_read_by_programs(self):
        import pikepdf

        letter, pdf = self.sent()
        self.assertLess(len(pdf), 60_000)
        with pikepdf.open(io.BytesIO(pdf)) as file:
            self.assertEqual(file.check_pdf_syntax(), [])
            xmp = str(file.Root.Metadata.read_bytes().decode())
            self.assertEqual(xmp.count("<rdf:RDF"), 1)
            for part in (
                'pdfaid:part="3"',
                'pdfaid:conformance="A"',
                "<pdfuaid:part>1</pdfuaid:part>",
                "<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>",
            ):
                self.assertIn(part, xmp)
            self.assertEqual(str(file.Root.Lang), "en-US")
            self.assertTrue(file.Root.MarkInfo.Marked)
            self.assertTrue(file.Root.ViewerPreferences.DisplayDocTitle)
            self.assertIn(letter.name, str(file.docinfo.Title))
            self.assertIn(letter.subject, str(file.docinfo.Title))
            self.assertEqual(str(file.Root.OutputIntents[0].S), "/GTS_PDFA1")
            self.assertEqual(list(file.attachments), ["complaint.json"])
            [attached] = file.Root.AF
            self.assertEqual(str(attached.AFRelationship), "/Data")
            text = file.attachments["complaint.json"].get_file().read_bytes()
        self.assertEqual(json.loads(text), letter._pdf_facts())
        self.assertEqual(list(json.loads(text)), sorted(json.loads(text)))
        self.assertIn("yes", re.search(r"Tagged: +(\w+)", run(pdf, "pdfinfo")).group(1))
        for font in run(pdf, "pdffonts").splitlines()[2:]:
            # embedded, a subset, with the letters it stands for
            self.assertEqual(font.split()[-5:-2], ["yes"] * 3, font)

    def test_another_program_finds_nothing_against_reading_aloud(self):
        import pdfua

        body = (
            f"<h4>One</h4><p>Text<img src='{picture(20, 20)}'/></p>"
            "<ul><li>Item</li></ul><table><tr><th>A</th></tr><tr><td>1</td></tr></table>"
        )
        for side in ("right", "left"):
            self.company.complaint_window = side
            report = pdfua.validate(io.BytesIO(self.render(self.draft(body))))
            self.assertFalse([found.message for found in report.findings])

    def test_the_facts_tell_what_the_complainant_knows(self):
        ticket = self._new_qualified()
        ticket.complaint_decide("partly_upheld", "Half of it.", self.cause.id)
        self.env["complaint.redress"].create(
            {"ticket_id": ticket.id, "kind": "refund", "amount": 45, "name": "Fee"}
        )
        holding = self.draft(ticket=ticket)
        self.assertFalse(holding._pdf_attachments())
        facts = holding._pdf_facts()
        self.assertFalse({"outcome", "redress"} & set(facts))
        self.assertEqual(facts["number"], ticket.complaint_number)
        self.assertEqual(facts["regimes"], ["fr_acpr"])
        self.assertEqual(facts["received_at"], "2026-10-09T08:00:00Z")
        legal = ticket.complaint_deadline_ids.filtered(lambda x: x.target == "legal")
        self.assertEqual(
            {(row["step"], row["due"]) for row in facts["deadlines"]},
            {(x.step, str(x._due_day())) for x in legal},
        )
        reply = self.env["complaint.letter"].create(
            ticket._prepare_complaint_letter_vals("partial")
        )
        facts = reply._pdf_facts()
        self.assertEqual(facts["outcome"], "partly_upheld")
        self.assertEqual(
            facts["redress"],
            [
                {
                    "kind": "refund",
                    "details": "Fee",
                    "amount": 45.0,
                    "currency": self.company.currency_id.name,
                }
            ],
        )
        told = json.dumps(facts)
        for secret in ("Half of it", self.cause.name, self.handler.name):
            self.assertNotIn(secret, told)

    # ------------------------------------------------------------------
    # The page
    # ------------------------------------------------------------------

    def test_the_address_is_in_the_window_under_any_header(self):
        """Of France and Germany, with a header and a footer that want half a page."""
        self.company.write(
            {
                "logo": picture(900, 900).split(",")[1],
                "company_details": "<p>One more line of the house</p>" * 14,
                "report_footer": "<p>One more line of small print</p>" * 8,
                "report_header": "A motto",
            }
        )
        address = (
            "Résidence des Tilleuls\nBâtiment C, escalier 2\n" * 3 + "38100 Grenoble"
        )
        for code, side in (("fr", "right"), ("de", "left")):
            self.company.country_id = self.env.ref(f"base.{code}")
            self.assertEqual(self.company._complaint_window_side(), side)
            with self.subTest(country=code):
                letter = self.draft(
                    "<p>text</p>" * 30,
                    recipient_name="Zoé " * 20,
                    recipient_address=address,
                )
                pages = words_of(self.render(letter))
                self.check_window(pages[0], *WINDOWS[code])
                for page in pages:
                    foot = min(top for word, _l, top, _r, _b in page if word == "Page")
                    body = [
                        bottom for word, _l, _t, _r, bottom in page if word == "text"
                    ]
                    self.assertLess(max(body, default=0), foot)
                    self.assertLess(max(bottom for *_rest, bottom in page), 297 - 5)

    def check_window(self, page, shown, might_be_shown):
        """The recipient's words, all of them and nothing else."""
        left, top, right, bottom = might_be_shown
        inside = [
            word
            for word in page
            if word[1] < right and word[3] > left and word[2] < bottom and word[4] > top
        ]
        texts = [word[0] for word in inside]
        sender = texts.index("Zoé")  # DIN 5008 has the sender's line above it
        self.assertEqual(texts.count("Zoé"), 20)
        self.assertEqual(texts[-2:], ["38100", "Grenoble"])
        self.assertEqual(texts.count("Tilleuls"), 3)
        for text, *place in inside[sender:]:
            self.assertGreaterEqual(place[0], shown[0] - 0.1, text)
            self.assertGreaterEqual(place[1], shown[1] - 0.5, text)
            self.assertLessEqual(place[2], shown[2] + 0.1, text)
            self.assertLessEqual(place[3], shown[3] + 0.5, text)

    def test_the_company_may_choose_the_other_window(self):
        self.assertEqual(self.company._complaint_window_side(), "right")
        self.company.complaint_window = "left"
        self.assertEqual(self.company._complaint_window_side(), "left")

    def test_every_layout_of_odoo_gives_the_same_letter(self):
        letter = self.draft()
        places = set()
        for layout_name in ("standard", "boxed", "bold", "folder", "bubble"):
            self.company.external_report_layout_id = self.env.ref(
                f"web.external_layout_{layout_name}"
            )
            [page] = words_of(self.render(letter))
            of = {word: (round(left), round(top)) for word, left, top, *_rest in page}
            places.add((of["Dear"], of["Zoé"], of["Page"], of["Subject:"]))
        self.assertEqual(len(places), 1, places)

    def test_long_and_foreign_texts_survive_with_everything_on_each_page(self):
        rows = "".join(
            f"<tr><td>{number}</td><td>Operation</td></tr>" for number in range(90)
        )
        letter, pdf = self.sent(
            code="inform",
            body=f"<p>{'Donau' * 60}</p><p>{ARABIC}</p><p>{HEBREW}</p><p>{EMOJI}</p>"
            f"<p>{CHINESE}</p><p><img src='{picture(800, 1100)}'/></p>"
            f"<table><tr><th>Number</th><th>Columnhead</th></tr>{rows}</table>"
            + "<p style='page-break-before: always'>One more page.</p>"
            * 40,
            recipient_name="محمد الأمين",
        )
        pages = words_of(pdf)
        self.assertGreaterEqual(len(pages), 40)
        self.assertLess(len(pdf), 1_000_000)
        text = run(pdf, "pdftotext", "-layout")
        for number, (words, page) in enumerate(
            zip(pages, text.split("\f"), strict=False), 1
        ):
            self.assertIn(letter.text_checksum, page)
            self.assertIn(letter.name, page)
            self.assertRegex(page, rf"{number} / {len(pages)}\b")
            self.assertEqual("Operation" in page, "Columnhead" in page, number)
            self.assertLess(max(word[3] for word in words), 191)
            self.assertNotIn("Draft", page)
        flat = "".join(run(pdf, "pdftotext", "-raw").split())
        for part in ("Donau" * 60, *EMOJI.split(), CHINESE):
            self.assertIn(part, flat)
        for letters in (ARABIC, HEBREW, letter.recipient_name):
            self.assertTrue(set(letters) - set(" ،لا") <= set(text), letters)
        [first] = [word for word in pages[0] if word[0] in HEBREW.split()[:1]] or [None]
        if first:
            self.assertGreater(first[3], 180, "the first word stands on the right")

    def test_what_was_not_sent_says_so(self):
        letter = self.draft()
        for state in ("draft", "submitted", "approved"):
            letter.sudo().state = state
            page = lxml.html.document_fromstring(
                self.env["ir.actions.report"]._render_qweb_html(LETTER, letter.ids)[0]
            )
            self.assertTrue(page.find_class("complaint_draft"), state)
            self.assertFalse(page.find_class("complaint_seal"), state)

    def test_headings_columns_and_pictures_are_named(self):
        page = lxml.html.document_fromstring(
            layout.arrange(
                "<html><head><title>x</title></head><body><div class='complaint_text'>"
                "<h3>A</h3><h5>B</h5><h3>C</h3><table><tr><th>D</th></tr><tr><td>1</td>"
                f"</tr></table><img src='data:,'/><p>{HEBREW}</p><p dir='ltr'>{HEBREW}"
                "</p></div></body></html>",
                picture="Picture",
                title="Title",
            )
        )
        tags = [node.tag for node in page.iter("h2", "h3", "h4", "h5")]
        self.assertEqual(tags, ["h2", "h3", "h2"])
        self.assertEqual(page.xpath("//thead//th/@scope"), ["col"])
        self.assertEqual(page.xpath("//img/@alt"), ["Picture"])
        self.assertEqual(page.xpath("//p/@dir"), ["rtl", "ltr"])
        self.assertEqual(page.findtext(".//title"), "Title")

    # ------------------------------------------------------------------
    # What cannot be printed
    # ------------------------------------------------------------------

    def test_a_picture_that_is_too_large_is_refused_by_name(self):
        letter = self.draft(f"<p><img src='{broken_picture(60_000)}'/></p>")
        with self.assertRaisesRegex(UserError, "picture in the text.*9 MB"):
            self.render(letter)
        huge = "data:image/png;base64," + "A" * (images.LIMIT + 4)
        with self.assertRaisesRegex(images.PictureError, "9 MB"):
            layout.arrange(f"<html><body><img src='{huge}'></body></html>")

    def test_a_logo_that_is_too_large_is_refused_and_names_the_company(self):
        logo = b"<svg xmlns='http://www.w3.org/2000/svg'>%s</svg>" % (
            b"<g/>" * 2_500_000
        )
        self.company.logo = base64.b64encode(logo)
        ticket = self._new_qualified()
        with (
            self.assertRaisesRegex(UserError, "logo of Cabinet Vercors"),
            self.cr.savepoint(),
        ):
            ticket.complaint_send_letter("acknowledge")
        ticket.invalidate_recordset()
        self.assertFalse(ticket.complaint_letter_ids)

    def test_a_large_logo_is_scaled_down(self):
        self.company.logo = picture(1000, 1000).split(",")[1]
        self.assertLess(len(self.render(self.draft())), 200_000)

    @mute_logger("odoo.addons.helpdesk_complaint.models.ir_actions_report")
    def test_without_the_printing_library_the_letter_stays_a_draft(self):
        name = "odoo.addons.helpdesk_complaint.printing"
        # What Python finds where the package was never installed.
        self.patch(sys.modules[name], "weasy", None)
        del sys.modules[name].weasy
        with patch.dict(sys.modules, {"weasyprint": None}):
            sys.modules.pop(f"{name}.weasy", None)
            letter = self.draft(channel="post")
            with (
                self.assertRaisesRegex(UserError, "Install the Python package"),
                self.cr.savepoint(),
            ):
                letter.action_send()
        letter.invalidate_recordset()
        self.assertEqual(letter.state, "draft")
        self.assertFalse(letter.name or letter.attachment_id or letter.sent_at)

    # ------------------------------------------------------------------
    # What a letter may hold
    # ------------------------------------------------------------------

    def test_what_acts_is_refused_and_named(self):
        rows = [
            ("<p>x</p><script>alert(1)</script>", "<script>"),
            ("<iframe src='https://a.example'></iframe>", "<iframe>"),
            ("<object data='x'></object>", "<object>"),
            ("<form action='/web'><p>x</p></form>", "<form>"),
            ("<p onclick='alert(1)'>x</p>", "onclick"),
            ("<a href=' java\nscript:alert(1)'>x</a>", "script:alert"),
        ]
        letter = self.draft()
        ticket = letter.ticket_id
        for body, named in rows:
            with self.subTest(body=body):
                with self.assertRaisesRegex(UserError, re.escape(named)):
                    letter.body = body
                with self.assertRaisesRegex(UserError, re.escape(named)):
                    ticket.complaint_send_letter("inform", body=body)
        self.assertEqual(ticket.complaint_letter_ids, letter)

    def test_what_is_elsewhere_is_refused_when_the_letter_leaves(self):
        rows = {
            "<img src='http://127.0.0.1:9/x.png'/>": "http://127.0.0.1:9/x.png",
            "<img src='file:///etc/hostname'/>": "file:///etc/hostname",
            "<img src='//cdn.example/x.png'/>": "//cdn.example/x.png",
            "<img src='/web/content/1'/>": "/web/content/1",
            "<p style=\"background-image: url('https://a.example/b.png')\">x</p>": (
                "https://a.example/b.png"
            ),
            "<img src='data:image/png;base64,AAAA'/>": None,
            "<img src='/web/image/12-ab/x.png'/>": None,
            "<img src='/web/static/img/logo.png'/>": None,
            "<p>See https://a.example</p><a href='https://a.example'>there</a>": None,
        }
        for body, address in rows.items():
            with self.subTest(body=body):
                found = remote_addresses(body)
                self.assertEqual(found, [address] if address else [])
        letter = self.draft("<p>a<img src='http://127.0.0.1:9/x.png'/></p>")
        with self.assertRaisesRegex(UserError, r"127\.0\.0\.1:9/x\.png"):
            letter.action_send()
        self.assertEqual(letter.state, "draft")
        # a preview is printed without it, and nothing is fetched
        self.assertIn("a", run(self.render(letter), "pdftotext"))

    def test_a_quoted_complaint_brings_words_not_pictures_from_elsewhere(self):
        ticket = self._new_qualified(
            description="<p style='position: fixed; top: 0'>Look: "
            "<img src='https://a.example/x' alt='my cat'/>! 1 &lt; 2</p>"
        )
        body = ticket._prepare_complaint_letter_vals("acknowledge")["body"]
        self.assertIn("<p>Look: my cat! 1 &lt; 2</p>", body)
        self.assertNotIn("a.example", body)

    def test_a_picture_of_the_editor_is_printed_if_it_belongs_to_the_file(self):
        letter = self.draft()
        ticket = letter.ticket_id
        raw = base64.b64decode(picture(20, 20).split(",")[1])
        rows = [
            ({"res_model": letter._name, "res_id": letter.id}, self.handler, True),
            ({"res_model": ticket._name, "res_id": ticket.id}, self.handler, True),
            ({"res_model": ticket._name, "res_id": ticket.id}, self.stranger, False),
            ({"res_model": "res.company", "res_id": 1}, self.env.user, False),
            ({}, self.env.user, True),  # not saved yet, by who wrote the letter
            ({}, self.handler, False),
            (
                {"mimetype": "text/html", "res_model": letter._name}
                | {"res_id": letter.id, "raw": b"<p>text</p>", "name": "a.html"},
                self.handler,
                False,
            ),
        ]
        for vals, user, shown in rows:
            with self.subTest(user=user.login, **vals):
                file = self.env["ir.attachment"].create(
                    {"name": "a.png", "raw": raw, **vals}
                )
                page = f"<p><img src='/web/image/{file.id}-1a2b/a.png?x=1'/></p>"
                html = self.as_user(user, letter)._with_pictures(page)
                self.assertEqual("data:image/png" in html, shown)

    def test_a_letter_of_another_day_has_the_words_of_its_language(self):
        with freeze_time("2026-10-12 10:00:00"):
            _letter, pdf = self.sent()
        self.assertIn("Grenoble, 12 October 2026", run(pdf, "pdftotext"))
