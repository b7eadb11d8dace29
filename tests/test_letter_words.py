from odoo.exceptions import UserError, ValidationError

from ..models.complaint_html import blocks, forbidden_parts, plain, says
from .common import ComplaintCase, freeze_time, tagged

ODR = "https://ec.europa.eu/consumers/odr"
# What of an HTML text is refused, as it is named.
FORBIDDEN = [
    ("<p>a<script>x()</script></p>", ["<script>"]),
    ("<p onclick='x()'>a</p>", ["onclick"]),
    ("<iframe src='https://x.example'></iframe>", ["<iframe>", "https://x.example"]),
    ("<img src='http://x.example/a.png'/>", ["http://x.example/a.png"]),
    ("<img src='//x.example/a.png'/>", ["//x.example/a.png"]),
    ("<img src='file:///etc/passwd'/>", ["file:///etc/passwd"]),
    ("<a href=' java\nscript:x()'>a</a>", ["javascript:x()"]),
    ("<p style='background: url(https://x.example/a)'>a</p>", ["https://x.example/a"]),
    ("<form><input/></form>", ["<form>", "<input>"]),
    ("<?xml version='1.0' encoding='utf-8'?><svg onload='x()'/>", ["onload"]),
    ("<p>a <a href='https://x.example'>b</a></p>", []),
    ("<img src='/web/image/7'/><img src='data:image/png;base64,AA=='/>", []),
    ("<p style='color: red'>3 < 4 & so on</p>", []),
    ("", []),
    (False, []),
]


@tagged("post_install", "-at_install")
class TestLetterWords(ComplaintCase):
    def draft(self, ticket, code, **vals):
        return self.env["complaint.letter"].create(
            dict(ticket._prepare_complaint_letter_vals(code), **vals)
        )

    def words(self, ticket, code):
        return plain(ticket._prepare_complaint_letter_vals(code)["body"]).lower()

    # ------------------------------------------------------------------
    # HTML
    # ------------------------------------------------------------------

    def test_what_no_letter_may_hold_is_found(self):
        for html, found in FORBIDDEN:
            with self.subTest(html):
                self.assertEqual(forbidden_parts(html), found)

    def test_words_are_compared_without_tags_blanks_and_capitals(self):
        self.assertEqual(
            plain("<p>One<!-- no --> <b>w</b>ord</p><p>A\u00a0\ufeffB<br/>c</p>x"),
            "One word A B c x",
        )
        self.assertEqual(blocks("<ul><li><p>a</p></li><li>b</li></ul>"), ["a", "b"])
        self.assertEqual(blocks("plain"), ["plain"])
        self.assertTrue(says("within 1 year", "1\u00a0YEAR"))
        self.assertFalse(says("within 11 years", "1 year"))
        self.assertFalse(says("on 21 May 2026", "1 May 2026"))

    def test_a_template_with_code_or_remote_pictures_is_refused(self):
        template = self.env["complaint.letter.template"].search([], limit=1)
        for html, found in FORBIDDEN:
            if not found:
                continue
            with self.subTest(html):
                with self.assertRaises(ValidationError) as caught:
                    template.body = html
                self.assertIn(found[0], str(caught.exception))
        with self.assertRaisesRegex(ValidationError, "<script>"):
            template.copy({"body": "<p>a</p><script>x()</script>"})

    def test_the_closing_formula_can_be_found(self):
        for template in self.env["complaint.letter.template"].search([]):
            with self.subTest(template.code):
                self.assertEqual(template.body.count('class="complaint_closing"'), 1)
        letter = self.draft(self._new_qualified(), "acknowledge")
        self.assertIn('class="complaint_closing"', letter.body)

    # ------------------------------------------------------------------
    # Words in braces
    # ------------------------------------------------------------------

    def test_words_in_braces_left_in_a_letter_are_named(self):
        ticket = self._new_qualified()
        for vals in (
            {"body": "<p>Dear {grandmother}</p>"},
            {"subject": "About {number} and {grandmother}"},
        ):
            with self.subTest(vals):
                with self.assertRaisesRegex(UserError, r"\{grandmother\}"):
                    ticket.complaint_send_letter("inform", **vals)
                letter = self.draft(ticket, "inform", **vals)
                with self.assertRaisesRegex(UserError, r"\{grandmother\}"):
                    letter.action_send()
        self.assertFalse(ticket.complaint_letter_ids.filtered("sent_at"))

    def test_other_braces_are_text(self):
        letter = self.draft(
            self._new_qualified(), "inform", body='<p>{} { a } {1} {"a": 1}</p>'
        )
        self.assertEqual(letter._missing_words(), [])

    def test_a_complainant_may_write_what_we_may_not(self):
        ticket = self._new_qualified(
            description=f"<p>I wrote {{grandmother}} on {ODR}.</p>"
        )
        letter = self.draft(ticket, "acknowledge")
        self.assertIn("{grandmother}", letter.body)
        self.assertEqual(letter._missing_words(), [])

    def test_the_closed_platform_is_named_nowhere(self):
        ticket = self._new_qualified()
        for body in (
            f"<p>See {ODR}/main</p>",
            f"<p><a href='{ODR.upper()}'>here</a></p>",
            "<p>ec.europa.eu/<b>consumers/odr</b></p>",
        ):
            with self.subTest(body):
                with self.assertRaisesRegex(UserError, "20 July 2025"):
                    ticket.complaint_send_letter("inform", body=body)
                template = self.env["complaint.letter.template"].search([], limit=1)
                with self.assertRaisesRegex(ValidationError, "20 July 2025"):
                    template.body = body

    # ------------------------------------------------------------------
    # Values
    # ------------------------------------------------------------------

    def test_every_placeholder_has_a_value_and_a_meaning(self):
        values = self._new_qualified()._complaint_letter_values()
        known = self.env["complaint.letter.template"]._placeholders()
        self.assertEqual(set(values), set(known))

    def test_findings_stay_in_the_house(self):
        ticket = self._new_qualified()
        ticket.complaint_findings = "<p>Our salesman lied.</p>"
        ticket.complaint_decide("rejected", "No.", self.cause.id)
        for code in dict(self.env["complaint.letter"]._fields["code"].selection):
            with self.subTest(code):
                self.assertNotIn("salesman", self.words(ticket, code))
                self.assertNotIn("wrong tariff", self.words(ticket, code))

    def test_an_amount_is_written_in_figures_and_in_words(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.env["ir.module.module"].search(
            [("name", "in", ("base", "helpdesk_complaint"))]
        )._update_translations("fr_FR")
        self.company.currency_id = self.env.ref("base.EUR")
        ticket = self._new_qualified()
        self.assertNotIn("in all", self.words(ticket, "favourable"))
        for amount, english, french in (
            (45, "forty-five euros", "quarante-cinq euros"),
            (
                61.2,
                "sixty-one euros and twenty cents",
                "soixante et un euros et vingt cents",
            ),
        ):
            ticket.complaint_redress_ids.unlink()
            self.env["complaint.redress"].create(
                {"ticket_id": ticket.id, "kind": "refund", "amount": amount}
            )
            for lang, words in (("en_US", english), ("fr_FR", french)):
                with self.subTest(amount=amount, lang=lang):
                    values = ticket.with_context(lang=lang)._complaint_letter_values()
                    self.assertEqual(values["amount_words"], words)
                    self.assertIn(f"{int(amount)}", values["amount"])

    @freeze_time("2026-10-12 09:00:00")
    def test_what_is_asked_for_and_what_delayed_us_is_recalled(self):
        ticket = self._new_qualified(complaint_request="My 45 euros back.")
        self.assertIn("my 45 euros back.", self.words(ticket, "acknowledge"))
        ticket.complaint_open_facts = "Who took the call."
        ticket.complaint_extend("respond", "2027-01-15", "The recording is awaited.")
        for code in ("holding", "favourable"):
            self.assertIn("the recording is awaited.", self.words(ticket, code))
        self.assertIn("who took the call.", self.words(ticket, "holding"))
        self.assertIn("january 15, 2027", self.words(ticket, "holding"))

    @freeze_time("2026-10-12 09:00:00")
    def test_no_letter_has_a_hole_where_a_fact_is_missing(self):
        ticket = self._new_qualified(team_id=False, complaint_subject_ref=False)
        with freeze_time("2027-03-01 09:00:00"):
            for code in dict(self.env["complaint.letter"]._fields["code"].selection):
                with self.subTest(code):
                    text = self.words(ticket, code)
                    self.assertNotRegex(text, r"\{|\(\)| ,|: \.|by at|until at")
                    self.assertNotIn("at the latest", text)
        signature = ticket._complaint_letter_values()["signature"]
        self.assertEqual(signature.count("Cabinet Vercors"), 1)

    @freeze_time("2026-10-12 09:00:00")
    def test_silence_and_standstill_are_announced(self):
        ticket = self._new_qualified(self._regime("fr_public"))
        self.company.phone = "04 76 00 00 00"
        text = self.words(ticket, "acknowledge")
        self.assertIn("our silence counts as a refusal of your complaint", text)
        self.assertIn("december 9, 2026", text)
        self.assertIn("administrative court within two months", text)
        self.assertNotIn("stands still until we have heard", text)
        ticket.complaint_pause("The lease is missing.")
        text = self.words(ticket, "request_information")
        self.assertIn("stands still until we have heard from you", text)
        self.assertNotIn("still due by", text)

    @freeze_time("2026-10-12 09:00:00")
    def test_a_holding_letter_says_from_when_the_recourse_is_open(self):
        ticket = self._new_qualified(sent="2026-10-09")
        self.assertIn("from december 9, 2026 on you may", self.words(ticket, "holding"))
        with freeze_time("2026-12-20 09:00:00"):
            self.assertNotIn("on you may do so", self.words(ticket, "holding"))

    def test_where_the_file_stands_follows_the_file(self):
        ticket = self._new_qualified()
        self.assertIn("still being looked into", self.words(ticket, "inform"))
        ticket.complaint_investigated_at = "2026-10-20 08:00:00"
        self.assertIn("established on october 20, 2026", self.words(ticket, "inform"))
        ticket.complaint_decide("rejected", "No.")
        self.assertIn("have come to a decision", self.words(ticket, "inform"))

    def test_the_cost_of_a_recourse_is_said_once(self):
        for body in self.env["complaint.recourse.body"].search([]):
            with self.subTest(body.name):
                line = plain(self.Ticket._complaint_recourse_line(body)).lower()
                self.assertEqual(line.count("free of charge"), int(body.is_free))
