from datetime import timedelta

from lxml import html

from odoo import fields, http
from odoo.tests import HttpCase

from odoo.addons.portal.controllers.portal import CustomerPortal

from .common import ComplaintFixture, freeze_time, tagged

STEP = timedelta(hours=1)


class PortalCase(ComplaintFixture, HttpCase):
    """Pages as the customer's browser gets them; what it sends, with its token."""

    def setUp(self):
        super().setUp()
        self.login(self.customer)

    def login(self, user):
        user.lang = "en_US"
        self.authenticate(user.login, user.login)

    def get(self, path):
        """The response to a GET, redirections not followed."""
        return self.url_open(path, allow_redirects=False)

    def page(self, path):
        """A page as an element tree; it must be one."""
        response = self.url_open(path)
        self.assertEqual(response.status_code, 200, response.text)
        return html.fromstring(response.content)

    def post(self, path, files=None, **data):
        data["csrf_token"] = http.Request.csrf_token(self)
        return self.url_open(path, data=data, files=files, allow_redirects=False)

    def text(self, tree):
        return " ".join(tree.text_content().split())

    def answered(self, **vals):
        """A complaint acknowledged and rejected, as the customer would find it."""
        ticket = self._new_qualified(received=fields.Datetime.now() - STEP, **vals)
        ticket.complaint_send_letter("acknowledge")
        ticket.complaint_decide("rejected", "The fee is in the contract.")
        ticket.complaint_send_letter("rejection")
        self.forget()
        return ticket

    def forget(self):
        """Empty the cache: a request starts with nothing but the database."""
        self.env.flush_all()
        self.env.invalidate_all()

    def when(self, ticket):
        return {x["key"]: x["when"] for x in ticket._complaint_portal_timeline()}

    def keys(self, ticket, status=None):
        return [
            item["key"]
            for item in ticket._complaint_portal_timeline()
            if not status or item["status"] == status
        ]


@tagged("post_install", "-at_install")
class TestPortalList(PortalCase):
    def test_home_has_a_card_and_a_counter(self):
        self._new_complaint()
        home = self.page("/my")
        self.assertTrue(home.xpath("//a[@href='/my/complaints']"))
        counters = self.make_jsonrpc_request(
            "/my/counters", {"counters": ["complaint_count", "ticket_count"]}
        )
        self.assertEqual(counters["complaint_count"], 1)
        self.assertEqual(counters["ticket_count"], 0)

    def test_own_complaints_newest_first(self):
        old = self._new_complaint(received="2026-10-01 08:00:00", name="The old one")
        new = self._new_qualified(received="2026-10-09 08:00:00", name="The new one")
        other = self._new_complaint(partner_id=self.stranger.partner_id.id)
        ordinary = self._new_ticket(name="An ordinary question")
        tree = self.page("/my/complaints")
        self.assertEqual(
            [int(row) for row in tree.xpath("//*/@data-complaint")],
            [new.id, old.id],
        )
        text = self.text(tree)
        self.assertIn(new.complaint_number, text)
        self.assertIn("Registered", text)
        self.assertIn("Received on October 9, 2026", text)
        self.assertIn("Answer due by", text)
        self.assertNotIn(other.number, text)
        self.assertNotIn(ordinary.name, text)

    def test_list_has_pages(self):
        for number in range(3):
            self._new_complaint(name=f"Complaint {number}")
        self.patch(CustomerPortal, "_items_per_page", 2)
        first = self.page("/my/complaints")
        second = self.page("/my/complaints/page/2")
        self.assertEqual(len(first.xpath("//*/@data-complaint")), 2)
        self.assertEqual(len(second.xpath("//*/@data-complaint")), 1)

    def test_list_says_when_there_is_none(self):
        self.login(self.stranger)
        self.assertIn(
            "not sent us any complaint", self.text(self.page("/my/complaints"))
        )

    def test_pages_need_a_login(self):
        ticket = self._new_complaint()
        self.logout()
        for path in ("/my/complaints", f"/my/complaints/{ticket.id}"):
            self.assertIn("/web/login", self.url_open(path).url, path)

    def test_archived_stays_in_the_list(self):
        ticket = self._new_complaint()
        ticket.sudo().active = False
        self.assertIn(ticket.number, self.text(self.page("/my/complaints")))
        self.assertIn(
            ticket.number, self.text(self.page(f"/my/complaints/{ticket.id}"))
        )


@tagged("post_install", "-at_install")
class TestPortalNew(PortalCase):
    def send(self, files=None, **data):
        values = {
            "title": "Charged twice",
            "description": "I was charged twice.\nSee the statement.",
            **data,
        }
        return self.post("/my/complaints/new", files=files, **values)

    def mine(self):
        return self.env["helpdesk.ticket"].search(
            [("partner_id", "=", self.customer.partner_id.id)]
        )

    def assertRefused(self, response, field, words, kept=()):
        """The form came back, with a message beside the field and what was typed."""
        self.assertEqual(response.status_code, 200)
        self.assertFalse(self.mine())
        tree = html.fromstring(response.content)
        [error] = tree.xpath(f"//*[@id='error_{field}']")
        self.assertIn(words, error.text_content())
        [entry] = tree.xpath(f"//*[@name='{field}']")
        self.assertEqual(entry.get("aria-invalid"), "true")
        self.assertIn(f"error_{field}", entry.get("aria-describedby"))
        for text in kept:
            self.assertIn(text, html.tostring(tree, encoding="unicode"))

    def test_form_has_labels_and_the_portal_reasons_only(self):
        category = self.env["helpdesk.ticket.category"]
        public = category.create({"name": "Fees", "company_id": self.company.id})
        hidden = category.create(
            {"name": "Fraud", "company_id": self.company.id, "show_in_portal": False}
        )
        tree = self.page("/my/complaints/new")
        names = {"title", "description", "request", "about", "reason", "date", "files"}
        for name in names:
            [entry] = tree.xpath(f"//form[@name='complaint']//*[@name='{name}']")
            self.assertTrue(tree.xpath(f"//label[@for='{entry.get('id')}']"), name)
        values = tree.xpath("//select[@name='reason']/option/@value")
        self.assertIn(str(public.id), values)
        self.assertNotIn(str(hidden.id), values)

    def test_form_tells_the_promises_and_the_recourse(self):
        self.team.complaint_regime_ids = self.acpr
        text = self.text(self.page("/my/complaints/new"))
        self.assertIn("10 working days", text)
        self.assertIn("2 months", text)
        self.assertIn(self.acpr.recourse_body_ids[:1].name, text)

    def test_submission_becomes_a_complaint(self):
        category = self.env["helpdesk.ticket.category"].create(
            {"name": "Fees", "company_id": self.company.id}
        )
        self.team.complaint_regime_ids = self.acpr
        response = self.send(
            request="Pay me back.",
            about="Contract 4711",
            reason=category.id,
            date="2026-03-02",
            files=[("files", ("statement.pdf", b"%PDF-1.4 x", "application/pdf"))],
        )
        ticket = self.mine()
        self.assertEqual(len(ticket), 1)
        self.assertEqual(response.status_code, 303)
        self.assertIn(
            f"/my/complaints/{ticket.id}?note=received", response.headers["Location"]
        )
        self.assertEqual(ticket.complaint_state, "to_qualify")
        self.assertEqual(ticket.team_id, self.team)
        self.assertEqual(ticket.company_id, self.company)
        self.assertFalse(ticket.user_id)
        self.assertEqual(
            ticket.channel_id, self.env.ref("helpdesk_mgmt.helpdesk_ticket_channel_web")
        )
        self.assertEqual(ticket.complaint_medium, "written")
        self.assertEqual(
            ticket.complaint_received_at, ticket.create_date.replace(microsecond=0)
        )
        self.assertEqual(
            ticket.complaint_sent_date,
            ticket._complaint_local_day(ticket.create_date),
        )
        self.assertEqual(ticket.complaint_request, "Pay me back.")
        self.assertEqual(ticket.complaint_subject_ref, "Contract 4711")
        self.assertEqual(
            fields.Date.to_string(ticket.complaint_fact_date), "2026-03-02"
        )
        self.assertEqual(ticket.category_id, category)
        self.assertIn("charged twice.<br>See", ticket.description)
        self.assertEqual(ticket.complaint_regime_ids & self.acpr, self.acpr)
        self.assertTrue(ticket._complaint_current_deadlines("respond"))
        events = ticket.complaint_event_ids.sorted("sequence")
        self.assertEqual(events.mapped("event"), ["report", "receipt"])
        self.assertEqual(events.user_id, self.customer)
        self.assertIn(self.customer.partner_id, ticket.message_partner_ids)
        self.assertEqual(ticket.attachment_ids.name, "statement.pdf")
        page = self.page(response.headers["Location"])
        self.assertIn("We received your complaint", self.text(page))
        [link] = page.xpath("//a[contains(., 'statement.pdf')]/@href")
        self.assertEqual(self.url_open(link).content, b"%PDF-1.4 x")

    def test_only_the_fields_of_the_form_are_taken(self):
        self.send(
            partner_id=self.stranger.partner_id.id,
            team_id=1,
            user_id=self.handler.id,
            complaint_state="closed",
            complaint_is_confidential="1",
            priority="3",
            company_id=self.env.ref("base.main_company").id,
        )
        ticket = self.mine()
        self.assertEqual(ticket.complaint_state, "to_qualify")
        self.assertEqual(ticket.company_id, self.company)
        self.assertFalse(ticket.user_id)
        self.assertFalse(ticket.complaint_is_confidential)
        self.assertEqual(ticket.priority, "1")

    def test_text_is_no_markup(self):
        self.send(title="<b>x</b>", description="<script>alert(1)</script>")
        ticket = self.mine()
        self.assertNotIn("<script>", ticket.description)
        page = self.url_open(f"/my/complaints/{ticket.id}").text
        self.assertIn("&lt;script&gt;alert(1)", page)
        self.assertIn("&lt;b&gt;x&lt;/b&gt;", page)

    def test_missing_text_is_asked_for_and_the_rest_kept(self):
        self.assertRefused(
            self.send(title=" ", request="Pay me back."),
            "title",
            "short title",
            kept=("I was charged twice.", "Pay me back."),
        )
        self.assertRefused(
            self.send(description="", about="Contract 4711"),
            "description",
            "what happened",
            kept=("Charged twice", "Contract 4711"),
        )

    def test_what_cannot_be_read_is_refused(self):
        category = self.env["helpdesk.ticket.category"]
        category.create({"name": "Fees", "company_id": self.company.id})
        hidden = category.create(
            {"name": "Fraud", "company_id": self.company.id, "show_in_portal": False}
        )
        self.assertRefused(self.send(title="x" * 201), "title", "too long")
        self.assertRefused(self.send(date="yesterday"), "date", "cannot read")
        self.assertRefused(self.send(date="0026-10-01"), "date", "cannot read")
        self.assertRefused(self.send(date="2999-01-01"), "date", "in the future")
        self.assertRefused(self.send(reason="x"), "reason", "from the list")
        self.assertRefused(self.send(reason=hidden.id), "reason", "from the list")

    def test_files_have_limits(self):
        many = [("files", (f"{n}.txt", b"x", "text/plain")) for n in range(11)]
        kept = ("Charged twice", "I was charged twice.")
        self.assertRefused(self.send(files=many), "files", "11 files", kept)
        big = [("files", ("big.pdf", b"x" * (10 * 1024 * 1024 + 1), "application/pdf"))]
        self.assertRefused(self.send(files=big), "files", "larger than 10 MB", kept)
        for name in ("run.exe", "RUN.EXE", "bill.pdf.js", "run.exe. ", "a\\b\\x.bat"):
            sent = [("files", (name, b"MZ", "application/pdf"))]
            self.assertRefused(self.send(files=sent), "files", "cannot accept", kept)

    def test_files_are_asked_again_after_another_error(self):
        sent = [("files", ("a.txt", b"x", "text/plain"))]
        response = self.send(title="", files=sent)
        self.assertRefused(response, "files", "choose your files again")

    def test_sent_twice_is_one_complaint(self):
        sent = [("files", ("a.txt", b"x", "text/plain"))]
        first = self.send(files=sent)
        second = self.send(files=sent)
        self.assertEqual(len(self.mine()), 1)
        self.assertEqual(first.headers["Location"], second.headers["Location"])
        self.send(files=[("files", ("a.txt", b"y", "text/plain"))])
        self.assertEqual(len(self.mine()), 2, "another file is another content")
        self.send(request="Something else", files=sent)
        self.assertEqual(len(self.mine()), 3)

    def test_the_same_text_later_is_another_complaint(self):
        self.send()
        self.env.cr.execute(
            "UPDATE complaint_submission SET at = at - interval '2 min' "
            "WHERE ticket_id = %s",
            self.mine().ids,
        )
        self.env.invalidate_all()
        self.send()
        self.assertEqual(len(self.mine()), 2)

    def test_without_a_desk_the_company_is_named(self):
        self.team.show_in_portal = False
        self.env["helpdesk.ticket.team"].search(
            [("company_id", "=", False)]
        ).complaint_intake = False
        tree = self.page("/my/complaints/new")
        self.assertFalse(tree.xpath("//form[@name='complaint']"))
        self.assertIn(self.company.email, self.text(tree))
        self.assertEqual(self.send().status_code, 200)
        self.assertFalse(self.mine())

    def test_a_desk_of_the_own_company_comes_first(self):
        shared = self.team.copy({"name": "For all", "company_id": False, "sequence": 1})
        shared.complaint_intake = True
        self.send()
        self.assertEqual(self.mine().team_id, self.team)
        self.team.complaint_intake = False
        self.send(title="Another")
        self.assertEqual(
            self.mine().filtered(lambda x: x.name == "Another").team_id, shared
        )

    def test_a_form_without_token_is_refused(self):
        response = self.url_open(
            "/my/complaints/new", data={"title": "x", "description": "x"}
        )
        self.assertEqual(response.status_code, 400)
        self.assertFalse(self.mine())


@tagged("post_install", "-at_install")
class TestPortalPage(PortalCase):
    def test_timeline_follows_the_life(self):
        ticket = self._new_complaint(received=fields.Datetime.now() - STEP)
        self.assertEqual(self.keys(ticket, "done"), ["received"])
        self.assertEqual(self.keys(ticket, "current"), ["register"])
        ticket.complaint_qualify(True, "A fee is contested.", self.acpr.ids)
        self.assertEqual(self.keys(ticket, "done"), ["received", "registered"])
        self.assertEqual(self.keys(ticket, "current"), ["acknowledge"])
        self.assertEqual(self.keys(ticket, "next"), ["examine", "answer"])
        ticket.complaint_send_letter("acknowledge")
        self.assertEqual(
            self.keys(ticket, "done"), ["received", "registered", "acknowledged"]
        )
        self.assertEqual(self.keys(ticket, "current"), ["examined"])
        self.assertEqual(self.keys(ticket, "next"), ["answer"])
        ticket.complaint_decide("rejected", "The fee is in the contract.")
        ticket.complaint_send_letter("rejection")
        self.assertEqual(self.keys(ticket)[-2:], ["answered", "react"])
        self.forget()
        self.as_user(self.customer, ticket).complaint_contest("I never signed.")
        self.assertEqual(self.keys(ticket, "current"), ["examined_again"])
        self.assertIn("contested", self.keys(ticket, "done"))
        ticket.complaint_decide("upheld", "Not signed.", self.cause.id)
        ticket.complaint_send_letter("favourable")
        self.forget()
        self.as_user(self.customer, ticket).complaint_accept()
        timeline = ticket._complaint_portal_timeline()
        self.assertEqual(
            [(item["key"], item["cycle"]) for item in timeline],
            [
                ("received", 1),
                ("registered", 1),
                ("acknowledged", 1),
                ("examined", 1),
                ("answered", 1),
                ("contested", 2),
                ("examined_again", 2),
                ("answered", 2),
                ("accepted", 2),
                ("closed", 2),
            ],
        )
        self.assertEqual({item["status"] for item in timeline}, {"done"})

    def test_timeline_of_a_request(self):
        ticket = self._new_complaint()
        ticket.complaint_qualify(False, "A question about a form.")
        self.assertEqual(self.keys(ticket), ["received", "request"])
        self.assertIn(
            "Handled as a request", self.text(self.page(f"/my/complaints/{ticket.id}"))
        )

    def test_timeline_tells_letters_on_the_way_and_the_recourse(self):
        ticket = self._new_qualified(received=fields.Datetime.now() - STEP)
        ticket.complaint_send_letter("request_information")
        ticket.complaint_send_letter("holding")
        body = self.acpr.recourse_body_ids[:1]
        ticket.complaint_refer(body.id, fields.Date.today())
        done = self.keys(ticket, "done")
        self.assertLessEqual({"asked", "delayed", "referred"}, set(done))

    def test_dates_have_words(self):
        with freeze_time("2026-10-12 10:00:00"):
            ticket = self._new_qualified(
                received="2026-10-09 08:00:00", sent="2026-10-07"
            )
            self.assertEqual(
                self.when(ticket),
                {
                    "received": "October 9, 2026",
                    "registered": "October 12, 2026",
                    "acknowledge": "by October 19, 2026",
                    "examine": "",
                    "answer": "by December 7, 2026",
                },
            )
        with freeze_time("2026-10-20 10:00:00"):
            self.assertEqual(
                self.when(ticket)["acknowledge"], "was due by October 19, 2026"
            )
            ticket.complaint_send_letter("acknowledge")
            self.assertEqual(self.when(ticket)["examined"], "since October 20, 2026")
        with freeze_time("2026-12-07 10:00:00"):
            self.assertEqual(self.when(ticket)["answer"], "by December 7, 2026")

    def test_internal_targets_are_not_promised(self):
        self.env["complaint.policy"].create(
            {
                "regime_id": self.acpr.id,
                "step": "respond",
                "amount": 1,
                "unit": "day",
                "target": "internal",
                "source": "House target",
            }
        )
        ticket = self._new_qualified(received="2026-10-09 08:00:00", sent="2026-10-07")
        day = ticket._complaint_portal_due("respond")
        self.assertEqual(fields.Date.to_string(day), "2026-12-07")

    def test_page_in_progress(self):
        ticket = self._new_qualified(received="2026-10-09 08:00:00", sent="2026-10-07")
        ticket.complaint_findings = "<p>The clerk forgot it.</p>"
        self.forget()
        tree = self.page(f"/my/complaints/{ticket.id}")
        text = self.text(tree)
        self.assertIn(ticket.complaint_number, text)
        self.assertIn("December 7, 2026", text)
        self.assertIn("You charged me 45 euros without a word.", text)
        [recourse] = tree.xpath("//details[@name='recourse']")
        body = self.acpr.recourse_body_ids[:1]
        self.assertIn(body.name, recourse.text_content())
        self.assertTrue(tree.xpath("//form[@name='complaint_message']"))
        self.assertFalse(tree.xpath("//form[@name='complaint_message']/@data-token"))
        self.assertFalse(tree.xpath("//form[contains(@action, 'accept')]"))
        for word in (
            "forgot it",
            "cycle",
            "ualif",
            "A fee is contested",
            self.handler.name,
            self.leader.name,
        ):
            self.assertNotIn(word, text)
        self.assertEqual(len(tree.xpath("//h1")), 1)

    def test_letters_sent_can_be_downloaded_and_no_other(self):
        ticket = self.answered()
        letters = ticket.complaint_letter_ids
        draft = self.env["complaint.letter"].create(
            ticket._prepare_complaint_letter_vals("closure")
        )
        other = self.answered(partner_id=self.stranger.partner_id.id)
        base = f"/my/complaints/{ticket.id}"
        links = self.page(base).xpath("//a[@name='download_letter']/@href")
        self.assertEqual(
            set(links), {f"{base}/letter/{letter.id}" for letter in letters}
        )
        for letter in letters:
            response = self.get(f"{base}/letter/{letter.id}")
            self.assertEqual(response.content, letter.attachment_id.raw)
            self.assertIn("attachment", response.headers["Content-Disposition"])
        foreign = other.complaint_letter_ids[:1]
        self.assertEqual(self.get(f"{base}/letter/{draft.id}").status_code, 404)
        self.assertEqual(self.get(f"{base}/letter/{foreign.id}").status_code, 404)
        theirs = self.get(f"/my/complaints/{other.id}/letter/{foreign.id}")
        self.assertTrue(theirs.headers["Location"].endswith("/my"))

    def test_file_for_the_recourse_body_is_not_a_letter_to_him(self):
        ticket = self.answered()
        body = self.acpr.recourse_body_ids[:1]
        body.email = "mediator@example.com"
        ticket.complaint_refer(body.id, fields.Date.today())
        letter = ticket.complaint_send_letter("mediator_file")
        self.assertNotIn(letter, ticket._complaint_portal_letters())
        self.forget()
        path = f"/my/complaints/{ticket.id}/letter/{letter.id}"
        self.assertEqual(self.get(path).status_code, 404)
        found = self.make_jsonrpc_request(
            "/mail/chatter_fetch",
            {"thread_model": "helpdesk.ticket", "thread_id": ticket.id},
        )
        self.assertTrue(found["messages"])
        self.assertNotIn(letter.mail_id.mail_message_id.id, found["messages"])
        self.assertNotIn("mediator", str(found["data"]))

    def test_handlers_open_a_frozen_letter(self):
        letter = self.answered().complaint_letter_ids[:1]
        path = f"/helpdesk_complaint/letter/{letter.id}"
        self.assertEqual(self.get(path).status_code, 404)
        self.login(self.handler)
        response = self.get(path)
        self.assertEqual(response.content, letter.attachment_id.raw)
        self.assertNotIn("attachment", response.headers["Content-Disposition"])
        draft = self.env["complaint.letter"].create(
            letter.ticket_id._prepare_complaint_letter_vals("closure")
        )
        self.assertEqual(
            self.get(f"/helpdesk_complaint/letter/{draft.id}").status_code, 404
        )
        self.assertEqual(self.get("/helpdesk_complaint/letter/0").status_code, 404)
        letter.ticket_id.complaint_concerned_user_ids = self.handler
        self.forget()
        self.assertEqual(self.get(path).status_code, 404)

    def test_accept(self):
        ticket = self.answered()
        path = f"/my/complaints/{ticket.id}"
        tree = self.page(path)
        self.assertTrue(tree.xpath("//summary[@name='i_accept']"))
        self.assertTrue(tree.xpath("//summary[@name='i_contest']"))
        answer = ticket.complaint_letter_ids.filtered(lambda x: x.code == "rejection")
        [link] = tree.xpath("//a[contains(., 'Read our answer')]/@href")
        self.assertTrue(link.endswith(f"/letter/{answer.id}"))
        response = self.post(f"{path}/accept")
        self.assertTrue(response.headers["Location"].endswith(f"{path}?note=accepted"))
        self.env.invalidate_all()
        self.assertEqual(ticket.complaint_state, "closed")
        self.assertEqual(
            ticket.complaint_event_ids.filtered(lambda x: x.event == "accept").user_id,
            self.customer,
        )
        text = self.text(self.page(response.headers["Location"]))
        self.assertIn("You accepted our answer", text)
        again = self.post(f"{path}/accept")
        self.assertTrue(again.headers["Location"].endswith("?note=moved"))

    def test_accept_before_the_cause_is_known(self):
        ticket = self._new_qualified(received=fields.Datetime.now() - STEP)
        ticket.complaint_decide("upheld", "Not signed.")
        ticket.complaint_send_letter("favourable")
        self.forget()
        path = f"/my/complaints/{ticket.id}"
        self.post(f"{path}/accept")
        self.env.invalidate_all()
        self.assertEqual(ticket.complaint_state, "answered")
        tree = self.page(path)
        self.assertIn("Answered and accepted", self.text(tree))
        self.assertFalse(tree.xpath("//summary[@name='i_accept']"))
        self.assertEqual(self.keys(ticket, "current"), ["close"])
        for act in ("accept", "contest"):
            response = self.post(f"{path}/{act}", reason="Changed my mind.")
            self.assertTrue(response.headers["Location"].endswith("?note=moved"))
        self.env.invalidate_all()
        self.assertEqual(ticket.complaint_cycle, 1)

    def test_contest(self):
        ticket = self.answered()
        path = f"/my/complaints/{ticket.id}"
        response = self.post(f"{path}/contest", reason="I never signed it.")
        self.assertTrue(response.headers["Location"].endswith("?note=contested"))
        self.env.invalidate_all()
        self.assertEqual(ticket.complaint_state, "in_progress")
        self.assertEqual(ticket.complaint_cycle, 2)
        event = ticket.complaint_event_ids.filtered(lambda x: x.event == "contest")
        self.assertEqual(event.note, "I never signed it.")
        self.assertEqual(event.user_id, self.customer)
        text = self.text(self.page(response.headers["Location"]))
        self.assertIn("examine your complaint again", text)
        again = self.post(f"{path}/contest", reason="I never signed it.")
        self.assertTrue(again.headers["Location"].endswith("?note=moved"))
        self.assertIn("has moved on", self.text(self.page(again.headers["Location"])))

    def test_contest_asks_for_a_reason(self):
        ticket = self.answered()
        path = f"/my/complaints/{ticket.id}/contest"
        response = self.post(path, reason="  ")
        self.assertEqual(response.status_code, 200)
        tree = html.fromstring(response.content)
        [error] = tree.xpath("//*[@id='error_reason']")
        self.assertIn("why you contest", error.text_content())
        response = self.post(path, reason="x" * 20_001)
        self.assertIn("too long", response.text)
        self.assertIn("x" * 20_001, response.text)
        self.env.invalidate_all()
        self.assertEqual(ticket.complaint_state, "answered")

    def test_reactions_are_posted_with_a_token(self):
        ticket = self.answered()
        for act in ("accept", "contest"):
            path = f"/my/complaints/{ticket.id}/{act}"
            self.assertEqual(self.get(path).status_code, 405)
            response = self.url_open(path, data={"reason": "x"})
            self.assertEqual(response.status_code, 400)
        self.env.invalidate_all()
        self.assertEqual(ticket.complaint_state, "answered")

    def test_only_the_complainant_reacts(self):
        ticket = self.answered()
        self.login(self.stranger)
        for act in ("accept", "contest"):
            response = self.post(f"/my/complaints/{ticket.id}/{act}", reason="x")
            self.assertTrue(response.headers["Location"].endswith("/my"))
        self.login(self.agent)
        response = self.post(f"/my/complaints/{ticket.id}/accept")
        self.assertTrue(response.headers["Location"].endswith("/my"))
        self.login(self.auditor)
        response = self.post(f"/my/complaints/{ticket.id}/accept")
        self.assertTrue(response.headers["Location"].endswith("?note=not_yours"))
        self.env.invalidate_all()
        self.assertEqual(ticket.complaint_state, "answered")

    def test_information_is_added_by_message(self):
        ticket = self._new_qualified()
        self.make_jsonrpc_request(
            "/mail/message/post",
            {
                "thread_model": "helpdesk.ticket",
                "thread_id": ticket.id,
                "post_data": {
                    "body": "Here is the statement.",
                    "message_type": "comment",
                    "subtype_xmlid": "mail.mt_comment",
                },
            },
        )
        message = ticket.message_ids.filtered(lambda x: "statement" in x.body)
        self.assertEqual(message.author_id, self.customer.partner_id)
        found = self.make_jsonrpc_request(
            "/mail/chatter_fetch",
            {"thread_model": "helpdesk.ticket", "thread_id": ticket.id},
        )
        self.assertIn(message.id, found["messages"])


@tagged("post_install", "-at_install")
class TestPortalTour(PortalCase):
    def test_tour(self):
        self.team.complaint_regime_ids = self.acpr
        self.start_tour(
            "/my", "complaint_portal_submit", login=self.customer.login, timeout=120
        )
        ticket = self.env["helpdesk.ticket"].search(
            [("partner_id", "=", self.customer.partner_id.id)]
        )
        self.assertEqual(ticket.complaint_state, "to_qualify")
        ticket.complaint_qualify(True, "A fee is contested.", self.acpr.ids)
        ticket.complaint_send_letter("acknowledge")
        ticket.complaint_decide("rejected", "The fee is in the contract.")
        ticket.complaint_send_letter("rejection")
        self.start_tour(
            "/my/complaints",
            "complaint_portal_contest",
            login=self.customer.login,
            timeout=120,
        )
        self.env.invalidate_all()
        self.assertEqual(ticket.complaint_cycle, 2)
        self.assertEqual(ticket.complaint_state, "in_progress")
