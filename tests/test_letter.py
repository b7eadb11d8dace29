import hashlib
import subprocess
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError

from .common import ComplaintCase, freeze_time, tagged


@tagged("post_install", "-at_install")
class TestLetter(ComplaintCase):
    def text_of(self, letter):
        """The text of a letter's PDF, as a reader would select it."""
        pdf = letter.sudo().attachment_id.raw
        done = subprocess.run(
            ["pdftotext", "-layout", "-", "-"],
            input=pdf,
            capture_output=True,
            check=True,
        )
        return done.stdout.decode()

    def rejected(self, **vals):
        ticket = self.as_user(self.handler, self._new_qualified(**vals))
        ticket.complaint_decide("rejected", "The fee is in article 7.\nIt was told.")
        return ticket

    # ------------------------------------------------------------------
    # The PDF
    # ------------------------------------------------------------------

    def test_a_letter_is_a_numbered_hashed_pdf(self):
        ticket = self.as_user(self.handler, self._new_qualified())
        letter = ticket.complaint_send_letter("acknowledge")
        self.assertEqual(letter.name, f"{ticket.complaint_number}-1")
        self.assertEqual(letter.sent_by_id, self.handler)
        pdf = letter.sudo().attachment_id.raw
        self.assertEqual(letter.checksum, hashlib.sha256(pdf).hexdigest())
        self.assertTrue(letter.verify_file())
        text = self.text_of(letter)
        for part in (
            "Cabinet Vercors",
            "Zoé L'Hôte",
            "12 rue des Lilas",
            ticket.complaint_number,
            letter.text_checksum,
        ):
            self.assertIn(part, text)
        self.assertRegex(text, r"Page\s+1\s*/\s*1|1\s*/\s*1")

    def test_every_page_has_header_footer_and_number(self):
        self.company.report_footer = "<p>Registered at Grenoble</p>"
        ticket = self.as_user(self.handler, self._new_qualified())
        letter = ticket.complaint_send_letter(
            "inform", body="<p>One long sentence. </p>" * 120
        )
        pages = self.text_of(letter).split("\f")[:-1]
        self.assertGreater(len(pages), 2)
        for number, page in enumerate(pages, 1):
            self.assertIn("Cabinet Vercors", page)
            self.assertIn("Registered at Grenoble", page)
            self.assertRegex(page, rf"{number}\s*/\s*{len(pages)}")

    def test_fonts_are_embedded(self):
        letter = self._new_qualified().complaint_send_letter("acknowledge")
        done = subprocess.run(
            ["pdffonts", "-"],
            input=letter.attachment_id.raw,
            capture_output=True,
            check=True,
        )
        lines = done.stdout.decode().splitlines()[2:]
        self.assertTrue(lines)
        for line in lines:
            self.assertEqual(line.split()[-5], "yes", line)

    def test_a_letter_speaks_the_complainants_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.env["ir.module.module"].search(
            [("name", "=", "helpdesk_complaint")]
        )._update_translations("fr_FR")
        self.customer.partner_id.lang = "fr_FR"
        ticket = self._new_qualified()
        self.assertEqual(ticket.complaint_lang, "fr_FR")
        letter = ticket.complaint_send_letter("acknowledge")
        self.assertEqual(letter.lang, "fr_FR")
        self.assertIn("9 octobre 2026", self.text_of(letter))
        self.assertIn("Objet", self.text_of(letter))

    def test_all_eleven_letters_have_a_template_that_renders(self):
        ticket = self.rejected()
        for code in dict(self.env["complaint.letter"]._fields["code"].selection):
            with self.subTest(code=code):
                vals = ticket._prepare_complaint_letter_vals(code)
                self.assertNotIn("{", vals["subject"] + vals["body"])

    def test_hostile_text_stays_text(self):
        ticket = self._new_qualified(
            name="<script>alert(1)</script>",
            partner_name="<b>Bold</b>",
            partner_id=False,
        )
        letter = ticket.complaint_send_letter("acknowledge")
        self.assertNotIn("<script", letter.body)
        self.assertIn("<script>alert(1)</script>", self.text_of(letter))

    # ------------------------------------------------------------------
    # Delivery
    # ------------------------------------------------------------------

    def test_an_email_carries_the_pdf_even_to_a_blacklisted_address(self):
        self.env["mail.blacklist"]._add(self.customer.email)
        letter = self._new_qualified().complaint_send_letter("acknowledge")
        mail = letter.mail_id
        self.assertEqual(mail.state, "outgoing")
        self.assertEqual(mail.email_to, self.customer.email)
        self.assertEqual(mail.attachment_ids, letter.attachment_id)
        self.assertIn("vercors.example", mail.email_from)

    def test_by_post_the_day_handed_over_counts(self):
        with freeze_time("2026-10-22 09:00:00"):
            ticket = self._new_qualified(sent="2026-10-07")
            letter = ticket.complaint_send_letter(
                "acknowledge", channel="post", posted_at="2026-10-19 15:00:00"
            )
        self.assertFalse(letter.mail_id)
        self.assertEqual(str(letter.sent_at), "2026-10-19 15:00:00")
        deadline = ticket._complaint_current_deadlines("acknowledge")
        self.assertEqual((deadline.state, deadline.letter_id), ("met", letter))

    def test_a_hundred_complaints_are_acknowledged_in_one_call(self):
        tickets = self.Ticket.browse(self._new_complaint().id for _index in range(10))
        tickets.complaint_qualify(True, "x", self.acpr.ids)
        letters = tickets.complaint_send_letter("acknowledge")
        self.assertEqual(len(letters), 10)
        self.assertEqual(letters.ticket_id, tickets)
        self.assertEqual(set(letters.mapped("state")), {"sent"})

    # ------------------------------------------------------------------
    # Frozen
    # ------------------------------------------------------------------

    def test_a_sent_letter_never_changes(self):
        letter = self._new_qualified().complaint_send_letter("acknowledge")
        for vals in ({"subject": "x"}, {"body": "x"}, {"recipient_name": "x"}):
            with self.assertRaisesRegex(UserError, "cannot change any more"):
                self.as_user(self.handler, letter).write(vals)
            with self.assertRaisesRegex(UserError, "cannot change any more"):
                letter.sudo().write(vals)
        with self.assertRaisesRegex(UserError, "cannot change any more"):
            letter.sudo().unlink()
        with self.assertRaisesRegex(UserError, "cannot change any more"):
            letter.action_send()

    def test_the_file_of_a_sent_letter_never_changes(self):
        letter = self._new_qualified().complaint_send_letter("acknowledge")
        with self.assertRaisesRegex(UserError, "cannot be changed or deleted"):
            letter.attachment_id.sudo().raw = b"other"
        with self.assertRaisesRegex(UserError, "cannot be changed or deleted"):
            letter.attachment_id.sudo().unlink()

    def test_one_byte_changed_behind_odoos_back_is_found(self):
        letter = self._new_qualified().complaint_send_letter("acknowledge")
        attachment = letter.attachment_id
        changed = bytearray(attachment.raw)
        changed[100] ^= 1
        store = self.env["ir.attachment"]._file_write(
            bytes(changed), hashlib.sha1(bytes(changed)).hexdigest()
        )
        self.env.cr.execute(
            "UPDATE ir_attachment SET store_fname = %s WHERE id = %s",
            (store, attachment.id),
        )
        attachment.invalidate_recordset()
        self.assertFalse(letter.verify_file())

    def test_sending_fields_are_closed_to_users(self):
        ticket = self._new_qualified()
        draft = self.env["complaint.letter"].create(
            ticket._prepare_complaint_letter_vals("inform")
        )
        for vals in ({"state": "sent"}, {"sent_at": "2026-01-01"}, {"name": "x"}):
            with self.assertRaisesRegex(UserError, "when the letter is sent"):
                self.as_user(self.handler, draft).write(vals)
        with self.assertRaisesRegex(UserError, "when the letter is sent"):
            self.env["complaint.letter"].with_user(self.handler).create(
                dict(ticket._prepare_complaint_letter_vals("inform"), state="sent")
            )

    # ------------------------------------------------------------------
    # Refusals
    # ------------------------------------------------------------------

    def test_an_answer_before_a_decision_is_refused(self):
        ticket = self.as_user(self.handler, self._new_qualified())
        with self.assertRaisesRegex(UserError, "No decision has been taken"):
            ticket.complaint_send_letter("favourable")
        self.assertFalse(ticket.complaint_letter_ids)

    def test_a_rejection_without_recourse_body_is_refused(self):
        regime = self.notice.copy(
            {"code": "no_recourse", "recourse_body_ids": [(5, 0, 0)]}
        )
        regime.overlay_ids = False
        ticket = self.rejected(regime=regime)
        with self.assertRaisesRegex(UserError, "recourse"), self.cr.savepoint():
            ticket.complaint_send_letter("rejection")
        ticket.invalidate_recordset()
        self.assertEqual(ticket.complaint_state, "in_progress")
        self.assertFalse(ticket.complaint_letter_ids)

    def test_a_rejection_whose_text_drops_the_recourse_is_refused(self):
        ticket = self.rejected()
        with self.assertRaisesRegex(UserError, "does not name its recourse"):
            ticket.complaint_send_letter("rejection", body="<p>No.</p>")

    def test_a_rejection_names_the_recourse_its_limit_and_its_cost(self):
        letter = self.rejected().complaint_send_letter("rejection")
        text = " ".join(self.text_of(letter).split())
        body = self.acpr.recourse_body_ids[:1]
        self.assertIn(body.name, text)
        self.assertIn(body.website, text.replace("- ", "-"))
        self.assertIn("1 year", text)
        self.assertIn("free of charge", text)
        self.assertIn("The fee is in article 7.", text)

    def test_a_letter_that_contradicts_the_decision_is_refused(self):
        ticket = self.rejected()
        for code in ("favourable", "partial"):
            with self.assertRaisesRegex(UserError, "contradict"):
                ticket.complaint_send_letter(code)

    def test_letters_out_of_their_state_are_refused(self):
        fresh = self._new_complaint()
        closed = self._new_qualified()
        closed.complaint_decide("withdrawn", "x")
        closed.complaint_close("x")
        rows = [
            (fresh, "acknowledge"),
            (fresh, "not_complaint"),
            (fresh, "closure"),
            (closed, "acknowledge"),
            (closed, "rejection"),
            (self._new_ticket(), "inform"),
        ]
        for ticket, code in rows:
            with self.subTest(state=ticket.complaint_state, code=code):
                with self.assertRaisesRegex(UserError, "not possible now"):
                    ticket.complaint_send_letter(code)

    def test_an_unknown_letter_or_value_is_refused(self):
        ticket = self._new_qualified()
        with self.assertRaisesRegex(UserError, "there is no letter"):
            ticket.complaint_send_letter("love")
        with self.assertRaisesRegex(UserError, "no value “state”"):
            ticket.complaint_send_letter("inform", state="sent")

    def test_a_missing_address_is_refused(self):
        ticket = self._new_qualified(partner_id=False, partner_email=False)
        with self.assertRaisesRegex(UserError, "e-mail address"):
            ticket.complaint_send_letter("inform", channel="email")
        with self.assertRaisesRegex(UserError, "no e-mail address"):
            ticket.complaint_send_letter(
                "inform", channel="email", recipient_email="nowhere"
            )
        with self.assertRaisesRegex(UserError, "postal address"):
            ticket.complaint_send_letter("inform", channel="registered")

    def test_a_letter_posted_in_the_future_is_refused(self):
        tomorrow = fields.Datetime.now() + timedelta(days=1)
        with self.assertRaisesRegex(UserError, "in the future"):
            self._new_qualified().complaint_send_letter(
                "inform", channel="post", posted_at=tomorrow
            )

    def test_a_template_that_is_missing_is_named(self):
        template = self.env["complaint.letter.template"]
        template.search([("code", "=", "inform")]).action_archive()
        with self.assertRaisesRegex(UserError, "Progress report"):
            self._new_qualified().complaint_send_letter("inform")

    def test_an_unknown_word_in_a_template_is_refused(self):
        template = self.env["complaint.letter.template"].search([], limit=1)
        with self.assertRaisesRegex(ValidationError, "{grandmother}"):
            template.body = "<p>Dear {grandmother}</p>"

    def test_a_company_template_comes_before_the_common_one(self):
        own = self.env["complaint.letter.template"].create(
            {
                "name": "Ours",
                "code": "inform",
                "company_id": self.company.id,
                "subject": "Ours {number}",
                "body": "<p>Ours</p>",
            }
        )
        letter = self._new_qualified().complaint_send_letter("inform")
        self.assertEqual(letter.template_id, own)

    def test_customers_and_colleagues_send_no_letter(self):
        ticket = self._new_qualified()
        for user in (self.customer, self.agent, self.auditor):
            with self.assertRaises(AccessError):
                self.as_user(user, ticket).complaint_send_letter("inform")
        self.assertFalse(ticket.complaint_letter_ids)

    def test_a_pdf_that_cannot_be_made_sends_nothing(self):
        self.patch(
            type(self.env["ir.actions.report"]),
            "_complaint_printer",
            lambda self: 1 / 0,
        )
        ticket = self._new_qualified()
        with self.assertRaisesRegex(UserError, "nothing was sent"), self.cr.savepoint():
            ticket.complaint_send_letter("acknowledge")
        ticket.invalidate_recordset()
        self.assertFalse(ticket.complaint_letter_ids)
        self.assertFalse(ticket.complaint_acknowledged_at)

    def test_a_draft_is_taken_up_again(self):
        ticket = self.as_user(self.handler, self._new_qualified())
        ask = ticket.with_context(complaint_letter_code="acknowledge")
        first = ask.action_complaint_letter()["res_id"]
        self.assertEqual(ask.action_complaint_letter()["res_id"], first)
        self.env["complaint.letter"].browse(first).unlink()

    def test_the_reply_proposed_fits_the_decision(self):
        ticket = self.rejected()
        ask = ticket.with_context(complaint_letter_code="reply")
        letter = self.env["complaint.letter"].browse(
            ask.action_complaint_letter()["res_id"]
        )
        self.assertEqual(letter.code, "rejection")
