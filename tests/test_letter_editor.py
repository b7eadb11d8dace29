import base64
import hashlib

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase

from .common import ComplaintFixture, tagged
from .test_letter_approval import ApprovalCase
from .test_tour import TourCase


@tagged("post_install", "-at_install")
class TestLetterEnclosure(ApprovalCase):
    def file(self, name="proof.txt", raw=b"proof", user=None, **vals):
        model = self.env["ir.attachment"].with_user(user or self.handler)
        return model.create({"name": name, "raw": raw, **vals})

    def test_an_enclosure_leaves_with_the_letter_and_is_frozen(self):
        proof = self.file()
        letter = self.draft(enclosure_ids=[(6, 0, proof.ids)])
        letter.action_send()
        kept = letter.sudo().enclosure_ids
        self.assertNotEqual(kept, proof)
        self.assertEqual((kept.res_model, kept.res_id), (letter._name, letter.id))
        self.assertEqual(kept.raw, b"proof")
        digest = hashlib.sha256(b"proof").hexdigest()
        self.assertEqual(letter.enclosure_checksums, {str(kept.id): digest})
        mail = letter.sudo().mail_id
        self.assertEqual(mail.attachment_ids, letter.sudo().attachment_id | kept)
        self.assertTrue(letter.verify_file())
        for act in (lambda: kept.write({"raw": b"other"}), kept.unlink):
            with self.assertRaisesRegex(UserError, "left with the letter"):
                act()
        proof.unlink()
        self.assertTrue(letter.verify_file())

    def test_an_enclosure_changed_behind_odoos_back_is_found(self):
        letter = self.draft(enclosure_ids=[(6, 0, self.file().ids)])
        letter.action_send()
        kept = letter.sudo().enclosure_ids
        self.env.flush_all()
        store = kept._file_write(b"other", hashlib.sha1(b"other").hexdigest())
        self.env.cr.execute(
            "UPDATE ir_attachment SET store_fname = %s, db_datas = NULL WHERE id = %s",
            (store, kept.id),
        )
        kept.invalidate_recordset()
        self.assertFalse(letter.verify_file())

    def test_a_letter_lists_its_enclosures(self):
        letter = self.draft(enclosure_ids=[(6, 0, self.file().ids)])
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "helpdesk_complaint.report_complaint_letter", letter.ids
        )
        self.assertIn("proof.txt", html.decode())
        self.assertIn("Enclosures", html.decode())

    def test_an_enclosure_changed_after_the_approval_is_refused(self):
        proof = self.file()
        letter = self.draft(enclosure_ids=[(6, 0, proof.ids)])
        letter.action_submit()
        self.as_user(self.manager, letter).action_approve()
        with self.assertRaisesRegex(UserError, "Back to draft"):
            letter.enclosure_ids = [(5, 0, 0)]
        proof.raw = b"other"
        with self.assertRaisesRegex(UserError, "no longer what"):
            letter.action_send()

    def test_only_files_of_ones_own_and_of_the_complaint_are_enclosed(self):
        other = self._new_complaint()
        letter = self.draft()
        mine = letter.ticket_id
        sent = self.as_user(self.handler, self._new_qualified()).complaint_send_letter(
            "acknowledge"
        )
        on = {"res_model": "helpdesk.ticket"}
        self.draft(
            ticket=mine,
            enclosure_ids=[(6, 0, self.file(res_id=mine.id, **on).ids)],
        )
        for file in (
            self.file(res_id=other.id, **on),
            sent.sudo().attachment_id.sudo(False),
        ):
            with self.assertRaisesRegex(ValidationError, "cannot be enclosed"):
                letter.enclosure_ids = [(6, 0, file.ids)]
        with self.assertRaises(AccessError):
            letter.enclosure_ids = [(6, 0, self.file(user=self.leader).ids)]

    def test_an_enclosure_follows_no_letter_to_another_complaint(self):
        letter = self.draft()
        file = self.file(res_model="helpdesk.ticket", res_id=letter.ticket_id.id)
        letter.enclosure_ids = [(6, 0, file.ids)]
        with self.assertRaisesRegex(ValidationError, "cannot be enclosed"):
            letter.ticket_id = self._new_qualified()

    def test_a_link_and_too_much_are_refused(self):
        link = self.file(raw=False, type="url", url="https://example.com/x")
        letter = self.draft()
        with self.assertRaisesRegex(ValidationError, "not a link"):
            letter.enclosure_ids = [(6, 0, link.ids)]
        self.patch(type(letter), "_most_enclosed_bytes", lambda self: 8)
        files = self.file() | self.file("b.txt", b"longer")
        with self.assertRaisesRegex(ValidationError, "weigh 11"):
            letter.enclosure_ids = [(6, 0, files.ids)]

    def test_what_is_uploaded_for_a_letter_is_read_by_its_readers(self):
        file = self.file()
        letter = self.draft(enclosure_ids=[(6, 0, file.ids)])
        self.assertEqual((file.res_model, file.res_id), (letter._name, letter.id))
        self.assertEqual(self.as_user(self.manager, file).raw, b"proof")
        self.as_user(self.leader, letter).action_send()
        with self.assertRaises(AccessError):
            self.as_user(self.customer, file).read(["name"])

    def test_files_are_checked_again_when_the_letter_leaves(self):
        file = self.file()
        letter = self.draft(enclosure_ids=[(6, 0, file.ids)])
        file.res_id = self.draft().id
        with self.assertRaisesRegex(ValidationError, "cannot be enclosed"):
            letter.action_send()


@tagged("post_install", "-at_install")
class TestLetterEditor(ApprovalCase):
    def block(self, body, **vals):
        return self.env["complaint.letter.block"].create(
            {"name": "A block", "body": body, **vals}
        )

    def insert(self, letter, block):
        """What the form does when a block is chosen."""
        form = letter.new({"block_id": block.id}, origin=letter)
        form._onchange_block_id()
        self.assertFalse(form.block_id)
        return str(form.body)

    def test_a_block_stands_before_the_closing_formula(self):
        block = self.block("<p>About {number}.</p><p>Again.</p>")
        letter = self.draft()
        body = self.insert(letter, block)
        number = letter.ticket_id.complaint_number
        self.assertIn(f"<p>About {number}.</p>", body)
        self.assertLess(body.index("Dear"), body.index("About"))
        self.assertLess(body.index("Again."), body.index("Yours sincerely"))
        self.assertNotIn("About", letter.body)

    def test_a_marked_closing_comes_first_and_without_one_the_end(self):
        #   text of the letter, where the block is
        rows = [
            ("<p>a</p><p class='complaint_closing'>b</p><p>c</p>", "axbc"),
            ("<p>a</p><p>b</p>", "abx"),
            ("<p>a</p><div>b</div><p>Cabinet Vercors</p>", "abxCabinet Vercors"),
            ("text", "<span>text</span>x"),
        ]
        block = self.block("<p>x</p>")
        for text, expected in rows:
            with self.subTest(text):
                letter = self.draft(body=text)
                found = self.insert(letter, block)
                for tag in ("<p>", "</p>", "<div>", "</div>", "\n"):
                    found = found.replace(tag, "")
                found = found.replace('<p class="complaint_closing">', "")
                self.assertEqual(found, expected)

    def test_a_block_speaks_the_language_of_the_letter(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        block = self.block("<p>Hello</p>")
        block.with_context(lang="fr_FR").body = "<p>Bonjour</p>"
        letter = self.draft(lang="fr_FR")
        self.assertIn("Bonjour", self.insert(letter, block))

    def test_an_unknown_word_in_a_block_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "{grandmother}"):
            self.block("<p>Dear {grandmother}</p>")

    def test_the_blocks_we_deliver_render(self):
        ticket = self.decided("partly_upheld")
        values = ticket._complaint_letter_values()
        blocks = self.env["complaint.letter.block"].search([("code", "!=", False)])
        self.assertGreater(len(blocks), 8)
        for block in blocks:
            self.assertNotIn("{", block._render(values), block.name)
        self.assertIn("code", self.block("<p>x</p>").placeholder_help)

    def test_a_preview_shows_what_is_typed_and_writes_nothing(self):
        letter = self.draft()
        before = letter.read()
        count = self.env["ir.attachment"].sudo().search_count([])
        pdf = letter.preview_pdf({"subject": "Typed", "state": "sent", "name": "X"})
        self.assertEqual(pdf["pdf"][:5], "JVBER")
        self.assertEqual(letter.read(), before)
        self.assertEqual(self.env["ir.attachment"].sudo().search_count([]), count)

    def test_a_preview_names_no_file_that_is_hidden(self):
        secret = self.env["ir.attachment"].create({"name": "secret.txt", "raw": b"x"})
        shown = self.draft().preview_pdf({"enclosure_ids": [(6, 0, secret.ids)]})
        self.assertEqual(list(shown), ["error"])
        self.assertNotIn("secret", shown["error"])

    def test_only_those_who_read_the_file_preview_its_letters(self):
        letter = self.draft()
        self.assertTrue(self.as_user(self.auditor, letter).preview_pdf()["pdf"])
        for user in (self.customer, self.agent):
            with self.assertRaises(AccessError):
                self.as_user(user, letter).preview_pdf({"subject": "x"})

    def test_the_preview_of_a_sent_letter_is_its_file(self):
        letter = self.draft()
        letter.action_send()
        stored = letter.sudo().attachment_id.datas.decode()
        self.assertEqual(letter.preview_pdf({"subject": "x"})["pdf"], stored)

    def test_a_preview_that_fails_says_why(self):
        letter = self.draft()
        logo = b"<svg xmlns='http://www.w3.org/2000/svg'>%s</svg>" % (
            b"<g/>" * 2_500_000
        )
        self.company.logo = base64.b64encode(logo)
        self.assertIn("logo of Cabinet Vercors", letter.preview_pdf({})["error"])


@tagged("post_install", "-at_install")
class TestEnclosureInThePortal(ComplaintFixture, HttpCase):
    def test_the_complainant_and_nobody_else_gets_the_enclosures(self):
        ticket = self._new_qualified()
        vals = ticket._prepare_complaint_letter_vals("acknowledge")
        proof = self.env["ir.attachment"].create({"name": "a.txt", "raw": b"proof"})
        letter = self.env["complaint.letter"].create(
            dict(vals, enclosure_ids=[(6, 0, proof.ids)])
        )
        letter.action_send()
        url = f"/my/complaints/{ticket.id}"
        file = f"{url}/letter/{letter.id}/enclosure/{letter.enclosure_ids.id}"
        self.authenticate("t_customer", "t_customer")
        page = self.url_open(url).text
        self.assertIn(file, page)
        self.assertEqual(self.url_open(file).content, b"proof")
        self.assertEqual(self.url_open(f"{file}0").status_code, 404)
        self.authenticate("t_stranger", "t_stranger")
        self.assertNotIn(b"proof", self.url_open(file).content)
        content = self.url_open(f"/web/content/{letter.enclosure_ids.id}")
        self.assertNotEqual(content.content, b"proof")

    def test_a_correction_says_so_in_the_portal(self):
        ticket = self._new_qualified()
        wrong = ticket.complaint_send_letter("acknowledge")
        ticket.env["complaint.letter"].browse(
            wrong.action_correct()["res_id"]
        ).action_send()
        self.authenticate("t_customer", "t_customer")
        page = self.url_open(f"/my/complaints/{ticket.id}").text
        self.assertRegex(page, rf"Corrects\s+{wrong.name}")
        self.assertIn("We corrected a letter", page)


@tagged("post_install", "-at_install")
class TestLetterTour(TourCase):
    def test_two_people_write_approve_and_send_a_letter(self):
        self.acpr.two_people = "every"
        self.env["complaint.letter.block"].create(
            {"name": "Tour block", "body": "<p>From the block.</p>"}
        )
        ticket = self._new_qualified()
        form = f"/odoo/helpdesk.ticket/{ticket.id}"
        self.start_tour(form, "complaint_letter_write", login="t_handler", timeout=180)
        self.start_tour(
            "/odoo/complaint-approvals", "complaint_letter_approve", login="t_manager"
        )
        letter = ticket.complaint_letter_ids
        self.assertEqual((letter.state, letter.approver_id), ("approved", self.manager))
        self.assertIn("typed by hand", letter.body)
        self.start_tour(form, "complaint_letter_send", login="t_handler", timeout=180)
        self.assertEqual((letter.state, letter.signed_by_id), ("sent", self.manager))
        self.assertEqual(ticket.complaint_acknowledged_at, letter.sent_at)
