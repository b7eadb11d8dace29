"""Follow a complaint by a link: what it opens, for how long, and what one may do."""

import re
from datetime import timedelta

from psycopg2.errors import CheckViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user
from odoo.tools import mute_logger

from .common import freeze_time, tagged
from .test_public import PublicCase


class FollowCase(PublicCase):
    def setUp(self):
        super().setUp()
        self.ticket, self.path = self.new_public_complaint()

    def answer(self, outcome="rejected", code="rejection"):
        """The complaint of the visitor, acknowledged and answered."""
        ticket = self.ticket
        ticket.complaint_qualify(True, "A fee is contested.", self.acpr.ids)
        ticket.complaint_regime_ids |= self.window
        ticket.complaint_send_letter("acknowledge")
        ticket.complaint_decide(outcome, "The fee is in the contract.")
        ticket.complaint_send_letter(code)
        self.forget()

    def link(self):
        links = self.env["complaint.link"].search([("ticket_id", "=", self.ticket.id)])
        return links.filtered(lambda x: not x.email)

    def note(self, response):
        self.assertEqual(response.status_code, 303, response.text[:300])
        location = response.headers["Location"]
        self.assertIn(self.path, location)
        return location.partition("?note=")[2]


@tagged("post_install", "-at_install")
class TestLink(FollowCase):
    def assertClosed(self, path):
        response = self.get(path)
        self.assertEqual(response.status_code, 303)
        self.assertTrue(
            response.headers["Location"].endswith("/complaint/link?note=closed")
        )

    def test_only_a_digest_of_it_is_kept(self):
        secret = self.path.rsplit(".", 1)[-1]
        self.env.flush_all()
        self.env.cr.execute("SELECT * FROM complaint_link")
        self.assertNotIn(secret, str(self.env.cr.fetchall()))

    def test_another_one_opens_nothing(self):
        token = self.path.rsplit("/", 1)[-1]
        selector, secret = token.split(".")
        for wrong in (
            f"{selector}.{'x' * 43}",
            f"{'x' * 11}.{secret}",
            f"{selector}.{secret[:-1]}",
            f"{selector}.{secret}x",
            selector,
            secret,
            "x",
            "%00",
            "é" * 55,
            f"{selector}.{secret}".upper(),
        ):
            with self.subTest(wrong):
                self.assertClosed(f"/complaint/follow/{wrong}")

    def test_it_ends_and_is_renewed_by_mail(self):
        self.company.complaint_link_days = 10
        link = self.link()
        link.sudo().expires_at = fields.Datetime.now() - timedelta(seconds=1)
        self.forget()
        for path in ("", "?note=received"):
            self.assertClosed(f"{self.path}{path}")
        for path in ("copy", "file/1", "letter/1", "letter/1/enclosure/1"):
            self.assertEqual(self.get(f"{self.path}/{path}").status_code, 404)
        for path in ("accept", "contest", "message", "recourse", "rate"):
            response = self.post(f"{self.path}/{path}", message="x", reason="x")
            self.assertIn("/complaint/link", response.headers["Location"], path)
        self.assertFalse(
            self.ticket.message_ids.filtered(lambda x: x.message_type == "comment")
        )
        before = self.mails(self.ticket)
        response = self.post(
            "/complaint/link",
            reference=self.ticket.number,
            email=" JEAN.Dupont@example.org",
        )
        self.assertIn("a new link is on its way", response.text)
        mail = self.mails(self.ticket) - before
        self.assertEqual(mail.email_to, "jean.dupont@example.org")
        [path] = re.findall(r"/complaint/follow/[\w.-]+", mail.body_html)
        self.page(path)
        new = self.env["complaint.link"].search([], limit=1)
        self.assertAlmostEqual(
            new.expires_at,
            fields.Datetime.now() + timedelta(days=10),
            delta=timedelta(minutes=5),
        )
        self.assertTrue(new.opened_at)
        [old] = re.findall(r"/complaint/follow/[\w.-]+", before.body_html)
        self.assertClosed(old)

    def test_a_new_one_tells_nothing_to_who_guesses(self):
        self.ticket.complaint_qualify(True, "A fee is contested.", self.acpr.ids)
        self.forget()
        before = self.mails(self.ticket)
        answers = set()
        for reference, email in (
            (self.ticket.number, "other@example.org"),
            (self.ticket.complaint_number, "other@example.org"),
            ("99.9999.999", "jean.dupont@example.org"),
            ("%", "jean.dupont@example.org"),
            (self.ticket.number, "jean.dupont@example.org"),
        ):
            response = self.post("/complaint/link", reference=reference, email=email)
            page = response.text.replace(reference, "*").replace(email, "*")
            answers.add(re.sub(r'csrf_token["\w:= ]+', "", page))
            self.assertEqual(response.status_code, 200)
        self.assertEqual(len(answers), 1)
        self.assertEqual(len(self.mails(self.ticket) - before), 1)

    def test_a_new_one_needs_both_and_is_limited(self):
        for data, words in (
            ({"email": "x", "reference": "1"}, "no e-mail address"),
            ({"email": "a@b.example", "reference": ""}, "the number of your"),
            ({"email": "a@b.example", "reference": "1" * 300}, "the number of your"),
        ):
            self.assertIn(words, self.post("/complaint/link", **data).text)
        self.limit("link", 0)
        response = self.post("/complaint/link", email="a@b.example", reference="1")
        self.assertEqual(response.status_code, 429)

    def test_a_colleague_takes_it_back(self):
        link = self.link()
        with self.assertRaises(AccessError):
            self.as_user(self.agent, link).action_end()
        self.as_user(self.handler, link).action_end()
        self.assertEqual(self.ticket.complaint_event_ids[-1].event, "link_end")
        self.forget()
        self.assertClosed(self.path)

    def test_nobody_makes_or_rewrites_one(self):
        for user in (self.handler, self.officer, self.auditor, self.customer):
            links = self.as_user(user, self.env["complaint.link"])
            with self.assertRaises(AccessError):
                links.create({"ticket_id": self.ticket.id, "role": "complainant"})
            with self.assertRaises(AccessError):
                links.browse(self.link().id).write({"ended_at": False})
        link = self.as_user(self.officer, self.link())
        with self.assertRaises(AccessError):
            link.read(["digest"])

    def test_it_stands_in_no_cache_engine_or_referrer(self):
        headers = self.get(self.path).headers
        self.assertEqual(headers["Cache-Control"], "no-store")
        self.assertEqual(headers["Referrer-Policy"], "no-referrer")
        self.assertIn("noindex", headers["X-Robots-Tag"])
        self.assertIn("img-src 'self'", headers["Content-Security-Policy"])

    def test_of_a_ticket_that_is_no_complaint_any_more_it_opens_nothing(self):
        self.ticket.sudo().complaint_state = "erased"
        self.forget()
        self.assertClosed(self.path)

    def test_its_days_are_positive(self):
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"):
            self.company.complaint_link_days = 0
            self.env.flush_all()


@tagged("post_install", "-at_install")
class TestFollowPage(FollowCase):
    def test_it_shows_milestones_and_nothing_internal(self):
        ticket = self.ticket
        ticket.complaint_qualify(True, "A fee is contested.", self.acpr.ids)
        ticket.complaint_findings = "<p>The clerk forgot it.</p>"
        ticket.user_id = self.handler
        ticket.with_user(self.handler).message_post(
            body="Between us.",
            subtype_xmlid="mail.mt_note",
            attachments=[("memo.txt", b"between us")],
        )
        ticket.with_user(self.handler).message_post(
            body="We look into it.",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            attachments=[("tariff.txt", b"for you")],
        )
        self.forget()
        page = self.page(self.path)
        text = self.text(page)
        self.assertIn(ticket.complaint_number, text)
        self.assertIn("We registered your complaint", text)
        self.assertIn("We answer you by", text)
        self.assertIn("We look into it.", text)
        for inside in (
            "Between us",
            "memo.txt",
            "The clerk",
            self.handler.name,
            ticket.stage_id.name,
            "A fee is contested",
        ):
            self.assertNotIn(inside, text)
        [link] = page.xpath("//a[contains(., 'tariff.txt')]/@href")
        self.assertEqual(self.url_open(link).content, b"for you")
        memo = self.env["ir.attachment"].search([("name", "=", "memo.txt")], limit=1)
        self.assertEqual(self.get(f"{self.path}/file/{memo.id}").status_code, 404)

    def test_nothing_of_another_complaint(self):
        other, path = self.new_public_complaint(
            title="Another",
            files=[("files", ("mine.txt", b"mine", "text/plain"))],
        )
        file = other.attachment_ids
        self.assertEqual(self.get(f"{path}/file/{file.id}").status_code, 200)
        self.assertEqual(self.get(f"{self.path}/file/{file.id}").status_code, 404)
        other.complaint_qualify(True, "A fee is contested.", self.acpr.ids)
        letter = other.complaint_send_letter("acknowledge")
        self.forget()
        self.assertEqual(self.get(f"{self.path}/letter/{letter.id}").status_code, 404)
        self.assertEqual(self.get(f"{path}/letter/{letter.id}").status_code, 200)

    def test_a_letter_is_opened_and_that_is_kept(self):
        self.ticket.complaint_qualify(True, "A fee is contested.", self.acpr.ids)
        letter = self.ticket.complaint_send_letter("acknowledge")
        self.forget()
        [path] = self.page(self.path).xpath("//a[@name='download_letter']/@href")
        self.assertTrue(self.url_open(path).content.startswith(b"%PDF"))
        self.forget()
        self.assertTrue(letter.read_at)
        self.assertIn("letter_read", self.ticket.complaint_event_ids.mapped("event"))

    def test_a_message_with_files_joins_the_complaint(self):
        note = self.note(
            self.post(
                f"{self.path}/message",
                message="It happened <b>twice</b>.",
                files=[("files", ("proof.pdf", b"%PDF-1.4 y", "application/pdf"))],
            )
        )
        self.assertEqual(note, "written")
        self.forget()
        message = self.ticket.message_ids.filtered(
            lambda x: x.message_type == "comment"
        )
        self.assertIn("&lt;b&gt;twice", message.body)
        self.assertFalse(message.author_id)
        page = self.page(self.path)
        self.assertIn("It happened <b>twice</b>.", self.text(page))
        [link] = page.xpath("//a[contains(., 'proof.pdf')]/@href")
        self.assertEqual(self.url_open(link).content, b"%PDF-1.4 y")

    def test_a_message_sent_twice_is_one(self):
        for words, count in (("Again.", 1), ("Again.", 1), ("Once more.", 2)):
            self.note(self.post(f"{self.path}/message", message=words))
            self.forget()
            messages = self.ticket.message_ids.filtered(
                lambda x: x.message_type == "comment"
            )
            self.assertEqual(len(messages), count)

    def test_a_message_tells_the_handler(self):
        self.ticket.user_id = self.handler
        self.forget()
        self.post(f"{self.path}/message", message="It happened twice.")
        self.forget()
        message = self.ticket.message_ids.filtered(
            lambda x: x.message_type == "comment"
        )
        self.assertIn(self.handler.partner_id, message.notified_partner_ids)

    def test_what_is_wrong_with_a_message_is_said(self):
        many = [("files", (f"{n}.txt", b"x", "text/plain")) for n in range(11)]
        for data, files, words in (
            ({"message": " "}, None, "write something"),
            ({"message": "x" * 20_001}, None, "too long"),
            ({"message": "kept"}, many, "11 files"),
            (
                {"message": "kept"},
                [("files", ("a.exe", b"MZ", "image/png"))],
                "cannot accept",
            ),
        ):
            response = self.post(f"{self.path}/message", files=files, **data)
            self.assertEqual(response.status_code, 200)
            self.assertIn(words, response.text)
            if data["message"] == "kept":
                self.assertIn("kept</textarea>", response.text)
        self.limit("post", 1)
        self.post(f"{self.path}/message", message="x")
        response = self.post(f"{self.path}/message", message="y")
        self.assertIn("wait a little", response.text)

    def test_the_copy_is_made_so_often_and_no_more(self):
        self.limit("post", 2)  # the form was one
        self.assertEqual(self.get(f"{self.path}/copy").status_code, 200)
        self.assertEqual(self.get(f"{self.path}/copy").status_code, 429)

    def test_accept(self):
        self.answer()
        page = self.page(self.path)
        self.assertTrue(page.xpath("//summary[@name='i_accept']"))
        self.assertEqual(self.note(self.post(f"{self.path}/accept")), "accepted")
        self.forget()
        self.assertEqual(self.ticket.complaint_state, "closed")
        event = self.ticket.complaint_event_ids.filtered(lambda x: x.event == "accept")
        self.assertTrue(event)
        self.assertEqual(
            self.note(self.post(f"{self.path}/contest", reason="x")), "moved"
        )
        self.forget()
        self.assertEqual(self.ticket.complaint_state, "closed")

    def test_contest_with_a_reason(self):
        self.answer()
        response = self.post(f"{self.path}/contest", reason=" ")
        self.assertIn("why you contest", response.text)
        response = self.post(f"{self.path}/contest", reason="x" * 20_001)
        self.assertIn("too long", response.text)
        note = self.note(self.post(f"{self.path}/contest", reason="I never signed."))
        self.assertEqual(note, "contested")
        self.forget()
        self.assertEqual(self.ticket.complaint_state, "in_progress")
        self.assertEqual(self.ticket.complaint_cycle, 2)

    def test_what_changes_is_posted_with_a_token(self):
        self.answer()
        for step in ("accept", "contest", "message", "recourse", "rate"):
            path = f"{self.path}/{step}"
            self.assertEqual(self.get(path).status_code, 405)
            response = self.url_open(path, data={"reason": "x"}, allow_redirects=False)
            self.assertEqual(response.status_code, 400)
        self.forget()
        self.assertEqual(self.ticket.complaint_state, "answered")

    def test_the_model_asks_again_who_takes_a_step(self):
        self.answer()
        link = self.link().sudo()
        with self.assertRaises(AccessError):
            link._take_step("complaint_close", "no")
        link.role = "representative"
        with self.assertRaises(AccessError):
            link._take_step("complaint_accept")
        link.role = "complainant"
        link.ended_at = fields.Datetime.now()
        with self.assertRaises(AccessError):
            link._take_step("complaint_accept")
        link.ended_at = False
        self.assertTrue(link._take_step("complaint_accept"))

    def test_the_recourse_is_sent_on_request(self):
        self.ticket.complaint_qualify(True, "A fee is contested.", self.acpr.ids)
        self.forget()
        before = self.mails(self.ticket)
        note = self.note(self.post(f"{self.path}/recourse"))
        self.assertEqual(note, "recourse_sent")
        mail = self.mails(self.ticket) - before
        self.assertEqual(mail.email_to, "jean.dupont@example.org")
        self.assertIn(self.acpr.recourse_body_ids[:1].website, mail.body_html)
        self.assertEqual(self.ticket.complaint_event_ids[-1].event, "recourse_asked")
        self.limit("receipt", 0)
        note = self.note(self.post(f"{self.path}/recourse"))
        self.assertEqual(note, "recourse_here")

    def test_without_a_recourse_body_it_says_so(self):
        self.ticket.complaint_regime_ids = False
        self.forget()
        with self.assertRaises(UserError):
            self.ticket._complaint_ask_recourse("a@b.example")
        note = self.note(self.post(f"{self.path}/recourse"))
        self.assertEqual(note, "recourse_here")

    def test_the_handling_is_rated_afterwards(self):
        self.assertFalse(self.page(self.path).xpath("//form[@name='complaint_rating']"))
        self.assertEqual(self.note(self.post(f"{self.path}/rate", rating="5")), "moved")
        self.answer()
        self.post(f"{self.path}/accept")
        self.assertTrue(self.page(self.path).xpath("//form[@name='complaint_rating']"))
        for wrong in ("", "0", "6", "five", "5.0"):
            response = self.post(f"{self.path}/rate", rating=wrong)
            self.assertIn("one of the five", response.text, wrong)
        response = self.post(f"{self.path}/rate", rating="5", feedback="x" * 20_001)
        self.assertIn("too long", response.text)
        self.assertEqual(
            self.note(self.post(f"{self.path}/rate", rating="4", feedback="Slow.")),
            "rated",
        )
        self.note(self.post(f"{self.path}/rate", rating="2", feedback="Too slow."))
        self.forget()
        rating = self.ticket.complaint_rating_ids
        self.assertEqual(rating.rating, 2)
        self.assertEqual(rating.feedback, "Too slow.")
        self.assertEqual(
            self.ticket.complaint_event_ids.filtered(
                lambda x: x.event == "rate"
            ).mapped("cycle"),
            [1, 1],
        )

    def test_a_rating_is_seen_by_who_sees_the_complaint(self):
        self.answer()
        self.post(f"{self.path}/accept")
        self.post(f"{self.path}/rate", rating="1", feedback="Bad.")
        self.forget()
        rating = self.ticket.complaint_rating_ids
        clerk = new_test_user(
            self.env,
            "t_clerk",
            "base.group_user",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        seen = self.as_user(self.handler, self.env["rating.rating"])
        self.assertIn(rating, seen.search([("id", "=", rating.id)]))
        with self.assertRaises(AccessError):
            seen.browse(rating.id).rating = 5
        hidden = self.as_user(clerk, self.env["rating.rating"])
        self.assertFalse(hidden.search_count([("id", "=", rating.id)]))
        with self.assertRaises(AccessError):
            hidden.browse(rating.id).read(["res_name"])


@tagged("post_install", "-at_install")
class TestReaders(PublicCase):
    """Who may read a complaint in the portal does not write in its owner's name."""

    def assertNotHis(self, path, **data):
        for step in ("message", "recourse", "rate", "accept", "contest"):
            response = self.post(f"{path}/{step}", message="x", reason="x", rating="1")
            self.assertIn("note=not_yours", response.headers["Location"], step)

    def test_colleagues_and_readers_of_the_company(self):
        ticket = self.answered()
        path = f"/my/complaints/{ticket.id}"
        before = ticket.message_ids
        for user in (self.handler, self.auditor):
            self.login(user)
            page = self.page(path)
            self.assertFalse(page.xpath("//form[@name='complaint_message']"))
            response = self.post(f"{path}/message", message="x")
            self.assertIn("note=not_yours", response.headers["Location"])
            response = self.post(f"{path}/rate", rating="1")
            self.assertIn("note=not_yours", response.headers["Location"])
        company = self.env["res.partner"].create(
            {"name": "Les Lilas", "is_company": True}
        )
        (self.customer | self.stranger).partner_id.parent_id = company
        self.stranger.partner_id.sudo().write(
            {
                "complaint_reader_state": "open",
                "complaint_sees_company_id": company.id,
            }
        )
        self.forget()
        self.login(self.stranger)
        self.assertIn(ticket.complaint_number, self.text(self.page(path)))
        self.assertNotHis(path)
        self.forget()
        self.assertEqual(ticket.complaint_state, "answered")
        self.assertEqual(ticket.message_ids, before)

    def test_who_may_not_read_it_is_sent_away(self):
        ticket = self.answered()
        self.login(self.stranger)
        for step in ("message", "recourse", "rate", "accept", "contest"):
            response = self.post(f"/my/complaints/{ticket.id}/{step}", message="x")
            self.assertTrue(response.headers["Location"].endswith("/my"), step)
        for path in ("copy", "file/1", "letter/1", "letter/1/enclosure/1"):
            response = self.get(f"/my/complaints/{ticket.id}/{path}")
            self.assertTrue(response.headers["Location"].endswith("/my"), path)


@tagged("post_install", "-at_install")
class TestClaim(FollowCase):
    """An account finds what was sent before it, once its address is proved."""

    def account(self, email="jean.dupont@example.org"):
        user = new_test_user(
            self.env,
            "t_jean",
            "base.group_portal",
            email=email,
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        self.login(user)
        return user

    def ask(self):
        before = self.env["mail.mail"].sudo().search([])
        response = self.post("/my/complaints/claim")
        self.assertIn("note=claim_sent", response.headers["Location"])
        return self.env["mail.mail"].sudo().search([]) - before

    def test_by_the_link_that_went_to_its_address(self):
        user = self.account()
        self.assertNotIn(self.ticket.number, self.text(self.page("/my/complaints")))
        mail = self.ask()
        self.assertEqual(mail.email_to, "jean.dupont@example.org")
        [path] = re.findall(r"/my/complaints/claim/[\w-]+", mail.body_html)
        page = self.page(path)
        self.assertIn("jean.dupont@example.org", self.text(page))
        self.forget()
        self.assertFalse(self.ticket.partner_id, "opening it changes nothing")
        response = self.post(path)
        self.assertIn("note=claimed", response.headers["Location"])
        self.forget()
        self.assertEqual(self.ticket.partner_id, user.partner_id)
        self.assertIn(self.ticket.number, self.text(self.page("/my/complaints")))
        self.assertIn("note=claim_none", self.post(path).headers["Location"])

    def test_not_by_an_address_that_changed_nor_by_another_account(self):
        user = self.account()
        mail = self.ask()
        [path] = re.findall(r"/my/complaints/claim/[\w-]+", mail.body_html)
        user.email = "other@example.org"
        self.forget()
        self.assertIn("claim_over", self.get(path).headers["Location"])
        user.email = "jean.dupont@example.org"
        self.login(self.stranger)
        self.assertIn("claim_over", self.get(path).headers["Location"])
        self.assertIn("claim_over", self.post(path).headers["Location"])
        self.login(user)
        for wrong in ("x", "x" * 80, path.rsplit("/", 1)[-1][:-2]):
            response = self.get(f"/my/complaints/claim/{wrong}")
            self.assertIn("claim_over", response.headers["Location"], wrong)
        with freeze_time(fields.Datetime.now() + timedelta(hours=25)):
            self.assertFalse(
                self.env["helpdesk.ticket"]._complaint_read_claim(
                    path.rsplit("/", 1)[-1], user
                )
            )

    def test_an_address_without_proof_gives_nothing(self):
        self.account()
        self.assertNotIn(self.ticket.number, self.text(self.page("/my/complaints")))
        response = self.get(f"/my/complaints/{self.ticket.id}")
        self.assertTrue(response.headers["Location"].endswith("/my"))
