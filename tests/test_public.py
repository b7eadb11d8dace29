"""The public page: anybody complains, without an account, and gets a receipt."""

import re
from datetime import timedelta
from unittest.mock import patch

from lxml import html

from odoo import fields
from odoo.exceptions import ConcurrencyError, UserError

from odoo.addons.base.tests.test_ir_cron import CronMixinCase

from ..controllers.complaint_form import TRAP
from ..models import complaint_throttle
from .common import tagged
from .test_portal import PortalCase

PAGE = "/complaint"


class PublicCase(PortalCase, CronMixinCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team.complaint_regime_ids = cls.acpr
        cls.team.show_in_portal = True
        cls.desk = str(cls.team.id)
        params = cls.env["ir.config_parameter"].sudo()
        for kind in ("post", "address", "mail", "receipt", "link"):
            params.set_param(f"helpdesk_complaint.limit_{kind}", "1000")

    def setUp(self):
        super().setUp()
        self.authenticate(None, None)

    def limit(self, kind, number):
        params = self.env["ir.config_parameter"].sudo()
        params.set_param(f"helpdesk_complaint.limit_{kind}", str(number))

    def form_values(self, **data):
        return {
            "desk": self.desk,
            "title": "Charged twice",
            "description": "I was charged twice.\nSee the statement.",
            "name": "Jean Dupont",
            "email": "Jean Dupont <Jean.Dupont@example.org>",
            "consent": "1",
            **data,
        }

    def send(self, files=None, **data):
        values = self.form_values(**data)
        return self.post(PAGE, files=files, **values)

    def sent(self, title="Charged twice"):
        self.env.invalidate_all()
        return self.env["helpdesk.ticket"].search(
            [("name", "=", title), ("team_id", "=", self.team.id)]
        )

    def mails(self, ticket):
        return (
            self.env["mail.mail"]
            .sudo()
            .search([("model", "=", ticket._name), ("res_id", "=", ticket.id)])
        )

    def follow(self, response):
        """The address of the tracking page that a receipt leads to."""
        token = response.headers["Location"].rsplit("/", 1)[-1]
        return f"/complaint/follow/{token}"

    def new_public_complaint(self, **data):
        response = self.send(**data)
        self.assertEqual(response.status_code, 303, response.text)
        return self.sent(data.get("title", "Charged twice")), self.follow(response)


@tagged("post_install", "-at_install")
class TestPublicPage(PublicCase):
    def test_it_says_what_how_long_where_else_and_by_which_ways(self):
        self.company.phone = "+33 4 76 00 00 00"
        self.company.complaint_public_text = "<p>Welcome to our desk.</p>"
        tree = self.page(f"{PAGE}?desk={self.desk}")
        text = self.text(tree)
        for words in (
            "that is a complaint",
            "A question",
            "10 working days",
            "2 months",
            "free of charge",
            "+33 4 76 00 00 00",
            "4 place Grenette",
            "Welcome to our desk.",
            self.acpr.recourse_body_ids[:1].name,
            "Find your complaint again",
        ):
            self.assertIn(words, text)
        self.assertFalse(tree.xpath("//script[contains(@src, 'complaint')]"))

    def test_every_entry_has_a_label(self):
        tree = self.page(f"{PAGE}?desk={self.desk}")
        entries = tree.xpath(
            "//form[@name='complaint']//*[self::input or self::select or "
            "self::textarea][not(@type='hidden')]"
        )
        self.assertGreater(len(entries), 14)
        for entry in entries:
            label = tree.xpath(f"//label[@for='{entry.get('id')}']")
            self.assertEqual(len(label), 1, entry.get("name"))

    def test_it_speaks_the_visitors_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        session = self.opener
        session.headers["Accept-Language"] = "fr-FR,fr;q=0.9"
        session.cookies.clear()
        response = self.url_open(PAGE)
        self.assertEqual(response.status_code, 200)
        tree = html.fromstring(response.content)
        self.assertEqual(tree.get("lang"), "fr-FR")

    def test_a_desk_of_another_company_is_asked_for_by_number(self):
        company = self.env["res.company"].create({"name": "Other house"})
        team = self.env["helpdesk.ticket.team"].create(
            {"name": "Other desk", "company_id": company.id, "complaint_intake": True}
        )
        hidden = self.env["helpdesk.ticket.team"].create(
            {"name": "Not a desk", "company_id": company.id}
        )
        tree = self.page(f"{PAGE}?desk={team.id}")
        self.assertEqual(tree.xpath("//input[@name='desk']/@value"), [str(team.id)])
        for asked in (hidden.id, "x", "-1", "9" * 30, ""):
            tree = self.page(f"{PAGE}?desk={asked}")
            found = tree.xpath("//input[@name='desk']/@value")
            self.assertNotIn(str(hidden.id), found, asked)
            self.assertNotIn(str(team.id), found, asked)

    def test_without_any_desk_the_company_is_named(self):
        self.env["helpdesk.ticket.team"].search([]).complaint_intake = False
        tree = self.page(PAGE)
        self.assertFalse(tree.xpath("//form[@name='complaint']"))
        self.assertEqual(self.send().status_code, 200)
        self.assertFalse(self.sent())


@tagged("post_install", "-at_install")
class TestPublicSubmission(PublicCase):
    def assertRefused(self, response, field, words, status=200, kept=()):
        self.assertEqual(response.status_code, status, response.text[:500])
        self.assertFalse(self.sent())
        tree = html.fromstring(response.content)
        if field == "form":
            [error] = tree.xpath("//*[@name='error_form']")
        else:
            [error] = tree.xpath(f"//*[@id='error_{field}']")
        self.assertIn(words, " ".join(error.text_content().split()))
        for text in kept:
            self.assertIn(text, html.tostring(tree, encoding="unicode"))

    def test_a_visitor_gets_number_date_and_copy(self):
        response = self.send(
            request="Pay me back.",
            about="Contract 4711",
            date="2026-03-02",
            phone="+33 6 00 00 00 00",
            files=[("files", ("statement.pdf", b"%PDF-1.4 x", "application/pdf"))],
        )
        self.assertEqual(response.status_code, 303)
        ticket = self.sent()
        self.assertEqual(len(ticket), 1)
        self.assertEqual(ticket.complaint_state, "to_qualify")
        self.assertEqual(ticket.company_id, self.company)
        self.assertEqual(ticket.team_id, self.team)
        self.assertFalse(ticket.partner_id, "nobody has proved who he is")
        self.assertFalse(ticket.user_id)
        self.assertEqual(ticket.partner_name, "Jean Dupont")
        self.assertEqual(ticket.partner_email, "jean.dupont@example.org")
        self.assertEqual(ticket.complaint_reply_by, "email")
        self.assertEqual(ticket.complaint_phone, "+33 6 00 00 00 00")
        self.assertEqual(ticket.complaint_medium, "written")
        self.assertTrue(ticket._complaint_current_deadlines("respond"))
        self.assertIn("used to handle my complaint", ticket.complaint_consent)
        self.assertEqual(
            ticket.complaint_event_ids.sorted("sequence").mapped("event"),
            ["report", "receipt"],
        )
        receipt = self.page(response.headers["Location"])
        text = self.text(receipt)
        self.assertIn(ticket.complaint_reference, text)
        self.assertIn("jean.dupont@example.org", text)
        self.assertIn("We answer you by", text)
        [copy] = receipt.xpath("//a[@name='download_copy']/@href")
        pdf = self.url_open(copy)
        self.assertEqual(pdf.headers["Content-Type"], "application/pdf")
        self.assertTrue(pdf.content.startswith(b"%PDF"))
        [link] = receipt.xpath("//a[@name='follow']/@href")
        page = self.page(link)
        [file] = page.xpath("//a[contains(., 'statement.pdf')]/@href")
        self.assertEqual(self.url_open(file).content, b"%PDF-1.4 x")

    def test_the_receipt_goes_by_mail_and_its_link_is_not_kept(self):
        with self.capture_triggers("mail.ir_cron_mail_scheduler_action") as capture:
            self.send()
        self.assertTrue(capture.records)
        mail = self.mails(self.sent())
        self.assertEqual(mail.email_to, "jean.dupont@example.org")
        self.assertIn("auto-replied", mail.headers)
        self.assertTrue(mail.attachment_ids.raw.startswith(b"%PDF"))
        link = re.search(r"/complaint/follow/[\w.-]+", mail.body_html)
        self.assertTrue(link)
        self.assertNotIn("/complaint/follow", mail.mail_message_id.body)
        self.assertNotIn("charged twice", mail.body_html)
        self.assertNotIn("Charged twice", mail.subject)
        self.assertIn("Charged twice", self.text(self.page(link[0])))

    def test_sent_twice_is_one_complaint(self):
        key = {"form_key": "k" * 22}
        first, second = self.send(**key), self.send(**key)
        self.assertEqual(len(self.sent()), 1)
        self.assertEqual(len(self.mails(self.sent())), 1)
        self.assertNotEqual(first.headers["Location"], second.headers["Location"])
        self.page(second.headers["Location"])
        self.send(**key, request="Something else")
        self.assertEqual(len(self.sent()), 2)

    def test_another_visitor_with_the_same_words_makes_his_own(self):
        self.send(form_key="k" * 22)
        self.send(form_key="l" * 22)
        self.assertEqual(len(self.sent()), 2)

    def test_who_writes_for_another(self):
        ticket, path = self.new_public_complaint(
            represented="Zoé L'Hôte", represented_email="zoe@example.org"
        )
        self.assertEqual(ticket.partner_name, "Zoé L'Hôte")
        self.assertEqual(ticket.partner_email, "zoe@example.org")
        self.assertEqual(ticket.complaint_representative_name, "Jean Dupont")
        self.assertEqual(
            ticket.complaint_representative_email, "jean.dupont@example.org"
        )
        self.assertEqual(ticket.complaint_mandate_state, "claimed")
        self.assertEqual(self.mails(ticket).email_to, "jean.dupont@example.org")
        page = self.page(path)
        self.assertIn("Send us the mandate", self.text(page))
        ticket.complaint_qualify(True, "A fee is contested.", self.acpr.ids)
        address = "3 rue du Pont\n38000 Grenoble"
        ticket.complaint_send_letter(
            "acknowledge", channel="post", recipient_address=address
        )
        self.forget()
        self.assertFalse(self.page(path).xpath("//a[@name='download_letter']"))
        letter = ticket.complaint_letter_ids
        self.assertEqual(self.get(f"{path}/letter/{letter.id}").status_code, 404)
        ticket.complaint_prove_mandate()
        self.forget()
        [link] = self.page(path).xpath("//a[@name='download_letter']/@href")
        self.assertTrue(self.url_open(link).content.startswith(b"%PDF"))

    def test_what_is_wrong_stands_beside_its_field(self):
        table = [
            ("title", {"title": " "}, "short title"),
            ("description", {"description": ""}, "what happened"),
            ("name", {"name": ""}, "your name"),
            ("email", {"email": ""}, "e-mail address"),
            ("email", {"email": "nobody"}, "no e-mail address"),
            ("email", {"email": "a@b.example, c@d.example"}, "no e-mail address"),
            ("email", {"email": "a@b.example\nBcc: c@d.example"}, "no e-mail address"),
            ("address", {"reply_by": "post"}, "where to write"),
            ("phone", {"reply_by": "phone"}, "telephone number"),
            ("reply_by", {"reply_by": "pigeon"}, "one of these ways"),
            ("represented", {"represented_email": "z@b.example"}, "for whom"),
            (
                "represented_email",
                {"represented": "Z", "represented_email": "z"},
                "no e-mail address",
            ),
            ("consent", {"consent": ""}, "your agreement"),
            ("date", {"date": "yesterday"}, "cannot read"),
            ("title", {"title": "x" * 201}, "too long"),
            ("address", {"address": "x" * 501}, "too long"),
        ]
        for field, data, words in table:
            with self.subTest(field, **data):
                self.assertRefused(
                    self.send(**data),
                    field,
                    words,
                    kept=("See the statement.",) * (field != "description"),
                )

    def test_without_e_mail_by_post(self):
        ticket, path = self.new_public_complaint(
            email="", reply_by="post", address="3 rue du Pont\n38000 Grenoble"
        )
        self.assertFalse(ticket.partner_email)
        self.assertEqual(ticket.complaint_reply_by, "post")
        self.assertFalse(self.mails(ticket))
        self.page(path)
        vals = ticket._prepare_complaint_letter_vals("invite_to_write")
        self.assertEqual(vals["recipient_address"], "3 rue du Pont\n38000 Grenoble")
        self.assertEqual(vals["channel"], "post")

    def test_a_robot_that_fills_the_trap_is_refused(self):
        self.assertRefused(
            self.send(**{TRAP: "x"}), "form", "do not see", 400, ("Charged twice",)
        )

    def test_an_expired_page_keeps_what_was_typed(self):
        for token in (None, "", "x", "x" * 60, "abco1"):
            response = self.url_open(
                PAGE,
                data=self.form_values(csrf_token=token or ""),
                allow_redirects=False,
            )
            self.assertRefused(response, "form", "open for too long", 400, ("Jean",))

    def test_the_captcha_hook_is_asked(self):
        """Core's hook does nothing by itself; an addon that checks it is obeyed."""
        asked = []

        def verify(model, action):
            asked.append(action)
            if len(asked) > 1:
                raise UserError("Suspicious activity")

        self.patch(self.registry["ir.http"], "_verify_request_recaptcha_token", verify)
        self.assertEqual(self.send(title="A").status_code, 303)
        self.assertRefused(self.send(), "form", "Suspicious activity", 400, ("Jean",))
        self.assertEqual(asked, ["complaint"] * 2)

    def test_so_many_from_one_address(self):
        self.limit("address", 2)
        self.assertEqual(self.send(title="A").status_code, 303)
        self.assertEqual(self.send(title="B").status_code, 303)
        response = self.send()
        self.assertRefused(response, "form", "Too many complaints", 429, ("Jean",))
        self.assertEqual(self.send(title="").status_code, 200, "errors cost nothing")
        self.env.cr.execute("UPDATE complaint_throttle SET at = at - interval '1h'")
        self.assertEqual(self.send().status_code, 303)

    def test_so_many_forms_from_one_address(self):
        self.limit("post", 1)
        self.assertEqual(self.send(title="").status_code, 200)
        self.assertEqual(self.send(title="").status_code, 429)

    def test_so_many_in_one_name(self):
        self.limit("mail", 1)
        self.assertEqual(self.send(title="A").status_code, 303)
        self.assertRefused(self.send(), "form", "Too many complaints", 429)
        self.assertEqual(
            self.send(title="C", email="other@example.org").status_code, 303
        )

    def test_nobody_is_bombed_with_receipts(self):
        self.limit("receipt", 1)
        self.send(title="A")
        response = self.send(title="B")
        self.assertEqual(response.status_code, 303, "the complaint is taken")
        self.assertTrue(self.mails(self.sent("A")))
        self.assertFalse(self.mails(self.sent("B")))

    def test_a_known_address_is_not_told_from_an_unknown_one(self):
        known = self.send(title="A", email=self.customer.email)
        unknown = self.send(title="B", email="nobody@example.org")
        pages = [
            re.sub(
                r"[\w.%-]+@[\w.]+|[\w-]{11}\.[\w-]{43}|HT\d+|[0-9a-f]{40}o\d+",
                "*",
                page,
            )
            for page in (
                self.text(self.page(known.headers["Location"])),
                self.text(self.page(unknown.headers["Location"])),
            )
        ]
        self.assertEqual(*pages)
        self.assertFalse(self.sent("A").partner_id)

    def test_no_file_that_runs(self):
        for name, content in (
            ("run.exe", b"MZ"),
            ("picture.png", b"MZ\x90\x00"),
            ("letter.txt", b"#!/bin/sh\nrm -rf /"),
            ("page.html", b"<html></html>"),
            ("bill.txt", b"<!DOCTYPE html><html><script>x</script></html>"),
            ("logo.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ):
            with self.subTest(name):
                sent = [("files", (name, content, "image/png"))]
                self.assertRefused(self.send(files=sent), "files", "cannot accept")

    def test_taken_again_after_a_conflict_all_files_are_whole(self):
        """Two clicks at once: the second is read again, and its files are too."""
        sent = [("files", (name, name.encode(), "")) for name in ("1.txt", "2.txt")]
        real, tries = type(self.env["complaint.submission"])._claim, []

        def claim(model, digest, seconds):
            tries.append(digest)
            if len(tries) == 1:
                raise ConcurrencyError("another was faster")
            return real(model, digest, seconds)

        with patch.object(type(self.env["complaint.submission"]), "_claim", claim):
            self.assertEqual(self.send(files=sent).status_code, 303)
        self.assertEqual(tries, tries[:1] * 2)
        files = self.env["ir.attachment"].search(
            [("res_model", "=", "helpdesk.ticket"), ("res_id", "=", self.sent().id)]
        )
        self.assertEqual(set(files.mapped("raw")), {b"1.txt", b"2.txt"})

    def test_a_portal_user_complains_as_himself(self):
        self.login(self.customer)
        tree = self.page(PAGE)
        self.assertFalse(tree.xpath("//input[@name='email']"))
        response = self.send(email="other@example.org", name="Other")
        self.assertEqual(response.status_code, 303)
        ticket = self.sent()
        self.assertEqual(ticket.partner_id, self.customer.partner_id)
        self.assertEqual(ticket.partner_email, self.customer.email)


@tagged("post_install", "-at_install")
class TestThrottle(PublicCase):
    def setUp(self):
        super().setUp()
        # the demonstration data have left some
        self.env["complaint.throttle"].search([]).unlink()
        self.env["complaint.submission"].search([]).unlink()

    def test_addresses_are_not_kept_in_clear(self):
        self.env["complaint.throttle"]._allow("mail", "jean@example.org")
        self.env["complaint.throttle"]._allow("address", "192.0.2.7")
        rows = self.env["complaint.throttle"].search([])
        self.assertFalse(
            [x for x in rows.mapped("digest") if "jean" in x or "192" in x and "." in x]
        )

    def test_one_household_has_one_network(self):
        network = self.env["complaint.throttle"]._network
        for address, expected in (
            ("192.0.2.7", "192.0.2.7"),
            ("::ffff:192.0.2.7", "192.0.2.7"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
            ("2001:db8:1:2::", "2001:db8:1:2::/64"),
            ("", ""),
            ("nonsense", "nonsense"),
            (None, ""),
        ):
            self.assertEqual(network(address), expected)

    def test_old_attempts_are_swept(self):
        model = self.env["complaint.throttle"]
        model._allow("mail", "jean@example.org")
        model.search([]).at = fields.Datetime.now() - timedelta(hours=49)
        self.assertEqual(model._gc_attempts(), (1, False))
        self.assertFalse(model.search([]))

    def test_old_contents_are_swept(self):
        model = self.env["complaint.submission"]
        model._claim("x", 60).at = fields.Datetime.now() - timedelta(days=8)
        swept, has_more = model._gc_submissions()
        self.assertTrue(swept)
        self.assertFalse(has_more)
        self.assertFalse(model.search([("digest", "=", "x")]))

    def test_more_than_one_sweep_takes_is_swept_in_the_same_night(self):
        model = self.env["complaint.throttle"]
        old = fields.Datetime.now() - timedelta(hours=49)
        model.create([{"digest": "x", "at": old} for _number in range(3)])
        with patch.object(complaint_throttle, "SWEPT", 2):
            self.assertEqual(model._gc_attempts(), (2, True))
            self.assertEqual(model._gc_attempts(), (1, False))
