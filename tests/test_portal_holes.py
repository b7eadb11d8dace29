"""Each test shows first what Odoo and the helpdesk allow, then that it is closed.

The first half documents them as they are: on an ordinary ticket, or by the routes and
files of ``helpdesk_mgmt`` without ours. When one of these fails after an upgrade, a
hole was closed upstream and ours may have become needless.
"""

import csv
from contextlib import contextmanager
from unittest.mock import patch

from lxml import html

from odoo.exceptions import UserError
from odoo.tests.common import JsonRpcException
from odoo.tools import file_open

from ..controllers.files import MAX_FILES
from ..controllers.helpdesk import ComplaintTicketController, ComplaintTicketPortal
from ..models.helpdesk_ticket_portal_access import PORTAL_FIELDS
from .common import tagged
from .test_portal import PortalCase

PARTS = (
    "complaint.letter",
    "complaint.deadline",
    "complaint.event",
    "complaint.decision",
    "complaint.redress",
    "complaint.referral",
    "complaint.hold",
    "complaint.register",
    "complaint.report",
    "complaint.deadline.report",
)


class HoleCase(PortalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stranger.partner_id.email = "t_stranger@example.com"
        cls.ordinary = cls._new_ticket(name="An ordinary question")
        cls.complaint = cls._new_qualified()

    @contextmanager
    def without_ours(self, controller, *methods):
        """The routes of helpdesk_mgmt as they are without this addon."""
        ours = {name: controller.__dict__[name] for name in methods}
        views = self.env["ir.ui.view"].search(
            [("key", "=like", "helpdesk_complaint.portal_helpdesk_ticket_page%")]
        )
        try:
            for name in methods:
                delattr(controller, name)
            views.active = False
            self.env.registry.clear_cache("routing")
            yield
        finally:
            for name, method in ours.items():
                setattr(controller, name, method)
            views.active = True
            self.env.registry.clear_cache("routing")

    def rpc(self, model, method, *args, **kwargs):
        return self.make_jsonrpc_request(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": args, "kwargs": kwargs},
        )

    def note(self, ticket, name="memo.txt"):
        """An internal note of a handler with a file; returns the file."""
        message = ticket.with_user(self.handler).message_post(
            body="The customer is right.",
            subtype_xmlid="mail.mt_note",
            attachments=[(name, b"between us")],
        )
        return message.sudo().attachment_ids

    def thread(self, route, ticket, **params):
        return self.make_jsonrpc_request(
            route,
            {"thread_model": "helpdesk.ticket", "thread_id": ticket.id, **params},
        )

    def messages(self, ticket):
        """Ids of the messages of a ticket that either route gives.

        For a thread that cannot be read, the second gives whatever else can be.
        """
        found = set(self.thread("/mail/chatter_fetch", ticket)["messages"])
        found |= set(self.thread("/mail/thread/messages", ticket)["messages"])
        return found & set(ticket.sudo().message_ids.ids)

    def comment(self, ticket, body, attachments=()):
        """A message of a handler to the customer."""
        return ticket.with_user(self.handler).message_post(
            body=body,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            attachments=list(attachments),
        )


@tagged("post_install", "-at_install")
class TestTicketPages(HoleCase):
    """Complaints keep out of the pages of ordinary tickets."""

    def test_list_of_tickets_leaves_complaints_out(self):
        text = self.text(self.page("/my/tickets"))
        self.assertIn(self.ordinary.number, text)
        self.assertNotIn(self.complaint.number, text)
        text = self.text(self.page("/my/tickets?search=HT&search_in=all"))
        self.assertIn(self.ordinary.number, text)
        self.assertNotIn(self.complaint.number, text)
        counters = self.make_jsonrpc_request(
            "/my/counters", {"counters": ["ticket_count", "complaint_count"]}
        )
        self.assertEqual(counters, {"ticket_count": 1, "complaint_count": 1})

    def test_page_of_a_ticket_leads_to_the_complaint(self):
        self.assertEqual(self.ordinary.access_url, f"/my/ticket/{self.ordinary.id}")
        own = f"/my/complaints/{self.complaint.id}"
        self.assertEqual(self.complaint.access_url, own)
        path = f"/my/ticket/{self.ordinary.id}"
        self.assertIn(self.ordinary.name, self.text(self.page(path)))
        response = self.url_open(f"/my/ticket/{self.complaint.id}")
        self.assertTrue(response.url.endswith(own))
        response = self.url_open(f"/my/complaints/{self.ordinary.id}")
        self.assertTrue(response.url.endswith("/my"))
        response = self.url_open("/my/complaints/999999999")
        self.assertTrue(response.url.endswith("/my"))

    def test_a_token_opens_no_complaint(self):
        tickets = self.ordinary | self.complaint
        tickets.sudo().access_token = "known"
        self.forget()
        self.logout()
        page = self.page(f"/my/ticket/{self.ordinary.id}/known")
        self.assertIn(self.ordinary.name, self.text(page))
        response = self.url_open(f"/my/ticket/{self.complaint.id}/known")
        self.assertIn("/web/login", response.url)
        response = self.url_open(f"/my/ticket/{self.complaint.id}/wrong")
        self.assertNotIn("complaints", response.url)
        path = f"/my/complaints/{self.complaint.id}?access_token=known"
        self.assertIn("/web/login", self.url_open(path).url)
        self.login(self.stranger)
        self.assertTrue(self.url_open(path).url.endswith("/my"))

    def test_a_token_reads_and_writes_no_message(self):
        tickets = self.ordinary | self.complaint
        tickets.sudo().access_token = "known"
        for ticket in tickets:
            self.comment(ticket, "Hello")
        post = {"post_data": {"body": "me"}}
        signed = {
            ticket: {"hash": ticket._sign_token(1), "pid": 1} for ticket in tickets
        }
        self.forget()
        self.login(self.stranger)
        for key in ({"token": "known"}, signed[self.ordinary]):
            self.thread("/mail/message/post", self.ordinary, **post, **key)
        found = self.thread("/mail/chatter_fetch", self.ordinary, token="known")
        self.assertTrue(found["messages"])
        for key in ({"token": "known"}, signed[self.complaint]):
            with self.assertRaises(JsonRpcException):
                self.thread("/mail/message/post", self.complaint, **post, **key)
        with self.assertRaises(JsonRpcException):
            self.thread("/mail/chatter_fetch", self.complaint, token="known")
        store = self.make_jsonrpc_request(
            "/mail/data",
            {
                "fetch_params": [
                    [
                        "mail.thread",
                        {
                            "thread_model": "helpdesk.ticket",
                            "thread_id": self.complaint.id,
                            "request_list": ["attachments", "display_name"],
                            "access_params": {"token": "known"},
                        },
                    ]
                ]
            },
        )
        self.assertFalse(store["mail.thread"][0]["hasReadAccess"])
        self.assertNotIn("display_name", store["mail.thread"][0])

    def test_no_link_carries_a_token(self):
        ordinary = self.ordinary.with_user(self.customer)
        self.assertIn("access_token", ordinary._get_share_url(redirect=True))
        complaint = self.complaint.with_user(self.customer)
        pid = self.customer.partner_id.id
        url = complaint._get_share_url(redirect=True, pid=pid)
        self.assertNotIn("token", url)
        self.assertNotIn("hash", url)
        self.assertFalse(complaint._portal_ensure_token())
        response = self.url_open(
            f"/mail/view?model=helpdesk.ticket&res_id={self.complaint.id}"
        )
        self.assertIn(f"/my/complaints/{self.complaint.id}", response.url)
        self.assertNotIn("token", response.url)
        self.page(f"/my/complaints/{self.complaint.id}")
        self.assertFalse(self.complaint.sudo().access_token)

    def test_mail_view_is_no_way_in_for_others(self):
        self.login(self.stranger)
        for ticket in self.ordinary | self.complaint:
            response = self.url_open(
                f"/mail/view?model=helpdesk.ticket&res_id={ticket.id}"
            )
            self.assertTrue(response.url.endswith("/my"), response.url)


@tagged("post_install", "-at_install")
class TestInternalFiles(HoleCase):
    """The file of an internal note stays inside."""

    page_methods = ("portal_my_ticket", "_ticket_get_page_view_values")

    def test_the_page_of_a_ticket_shows_it_without_ours(self):
        file = self.note(self.ordinary)
        with self.without_ours(ComplaintTicketPortal, *self.page_methods):
            page = self.page(f"/my/ticket/{self.ordinary.id}")
            [link] = page.xpath("//a[contains(., 'memo.txt')]/@href")
            self.logout()
            self.assertEqual(self.url_open(link).content, b"between us")
        self.assertTrue(file.sudo().access_token)

    def test_no_page_of_a_ticket_shows_it(self):
        """Not to the customer, not by a link, not with a colleague's eyes."""
        file = self.note(self.ordinary)
        told = self.comment(self.ordinary, "See the file.", [("you.txt", b"for you")])
        self.env["ir.attachment"].create(
            {
                "name": "his.txt",
                "raw": b"his",
                "res_model": "helpdesk.ticket",
                "res_id": self.ordinary.id,
            }
        )
        self.ordinary.sudo().access_token = "known"
        self.forget()
        for user, path in (
            (self.customer, ""),
            (self.agent, ""),
            (None, "/known"),
        ):
            with self.subTest(path, user=user and user.login):
                self.login(user) if user else self.logout()
                page = self.page(f"/my/ticket/{self.ordinary.id}{path}")
                names = page.xpath("//*[hasclass('oe_attachment_name')]/text()")
                shown = {name.strip() for name in names}
                self.assertEqual(shown, {"you.txt", "his.txt"})
                [link] = page.xpath("//a[contains(., 'you.txt')]/@href")
                self.assertEqual(self.url_open(link).content, b"for you")
        self.env.invalidate_all()
        self.assertFalse(file.sudo().access_token)
        self.assertTrue(told.sudo().attachment_ids.access_token)

    def test_the_page_of_a_complaint_does_not_show_it(self):
        closed_file = self.note(self.complaint)
        page = self.page(f"/my/complaints/{self.complaint.id}")
        self.assertNotIn("memo.txt", self.text(page))
        self.url_open(f"/my/ticket/{self.complaint.id}")
        self.env.invalidate_all()
        self.assertFalse(closed_file.sudo().access_token)
        for path in (
            f"/my/complaints/{self.complaint.id}/file/{closed_file.id}",
            f"/web/content/{closed_file.id}",
            f"/web/image/{closed_file.id}",
        ):
            self.assertNotIn(b"between us", self.url_open(path).content, path)

    def test_links_given_out_before_the_report_are_taken_back(self):
        file = self.note(self.ordinary)
        with self.without_ours(ComplaintTicketPortal, *self.page_methods):
            page = self.page(f"/my/ticket/{self.ordinary.id}")
        [link] = page.xpath("//a[contains(., 'memo.txt')]/@href")
        self.ordinary.sudo()._portal_ensure_token()
        self.logout()
        self.assertEqual(self.url_open(link).content, b"between us")
        self.ordinary.complaint_report()
        self.forget()
        self.assertNotIn(b"between us", self.url_open(link).content)
        self.assertFalse(file.sudo().access_token)
        self.assertFalse(self.ordinary.sudo().access_token)

    def test_by_address_and_by_call(self):
        """Odoo gives portal users no file but by a token; that stays so."""
        public = (
            self.comment(self.complaint, "See the file.", [("public.txt", b"for you")])
            .sudo()
            .attachment_ids
        )
        internal = self.note(self.complaint)
        loose = self.env["ir.attachment"].create(
            {
                "name": "loose.txt",
                "raw": b"between us",
                "res_model": "helpdesk.ticket",
                "res_id": self.complaint.id,
            }
        )
        ordinary = self.note(self.ordinary)
        self.forget()
        files = self.env["ir.attachment"].with_user(self.customer)
        for file in internal | loose:
            self.assertNotIn(
                b"between us", self.url_open(f"/web/content/{file.id}").content
            )
            self.assertFalse(files.browse(file.id).has_access("read"))
        for method, args in (
            ("read", [internal.ids, ["name", "datas"]]),
            ("search_read", [[("id", "in", internal.ids)], ["name"]]),
            ("search_read", [[("res_model", "=", "helpdesk.ticket")], ["name"]]),
            ("search_count", [[("res_id", "=", self.complaint.id)]]),
        ):
            with self.subTest(method, args=args):
                try:
                    self.assertFalse(self.rpc("ir.attachment", method, *args))
                except JsonRpcException as error:
                    self.assertIn("AccessError", str(error))
        every = (public | internal | loose | ordinary).ids
        hidden = files._complaint_hidden_from_customer([("id", "in", every)])
        self.assertEqual(set(hidden), set((internal | loose | ordinary).ids))

    def test_where_customers_may_read_files(self):
        """An addon may give portal users the model: the note's file stays hidden."""
        self.env["ir.model.access"].create(
            {
                "name": "portal reads files",
                "model_id": self.env.ref("base.model_ir_attachment").id,
                "group_id": self.env.ref("base.group_portal").id,
                "perm_read": True,
            }
        )
        ordinary, internal = self.note(self.ordinary), self.note(self.complaint)
        public = (
            self.comment(self.complaint, "See the file.", [("public.txt", b"for you")])
            .sudo()
            .attachment_ids
        )
        self.forget()
        response = self.url_open(f"/web/content/{public.id}")
        self.assertEqual(response.content, b"for you")
        for file in internal | ordinary:
            response = self.url_open(f"/web/content/{file.id}")
            self.assertNotIn(b"between us", response.content)
        ids = (ordinary | internal | public).ids
        seen = {public.id}
        domains = (
            [("id", "in", ids)],
            [("id", "in", ids), ("res_model", "=", "helpdesk.ticket")],
            [("id", "in", ids), ("res_id", "in", (self.ordinary | self.complaint).ids)],
            [("id", "in", ids), ("name", "like", "%.txt")],
        )
        for domain in domains:
            with self.subTest(domain):
                for limit in (None, 10):
                    rows = self.rpc(
                        "ir.attachment", "search_read", domain, ["name"], limit=limit
                    )
                    self.assertEqual({row["id"] for row in rows}, seen)
                count = self.rpc("ir.attachment", "search_count", domain)
                self.assertEqual(count, 1)
        for file in internal | ordinary:
            with self.assertRaises(JsonRpcException):
                self.rpc("ir.attachment", "read", [file.id], ["name"])
        [values] = self.rpc(
            "helpdesk.ticket", "read", [self.complaint.id], ["attachment_ids"]
        )
        self.assertEqual(values["attachment_ids"], public.ids)

    def test_messages_inside_stay_inside(self):
        for ticket in self.ordinary | self.complaint:
            self.note(ticket)
            hello = self.comment(ticket, "Hello")
            self.forget()
            found = self.messages(ticket)
            self.assertIn(hello.id, found)
            inside = ticket.message_ids.filtered("is_internal") | (
                ticket.message_ids.filtered(lambda x: x.subtype_id.internal)
            )
            self.assertTrue(inside)
            self.assertFalse(found & set(inside.ids))
            rows = self.rpc(
                "mail.message",
                "search_read",
                [("model", "=", "helpdesk.ticket"), ("res_id", "=", ticket.id)],
                ["body"],
            )
            self.assertNotIn("customer is right", str(rows))


@tagged("post_install", "-at_install")
class TestOthers(HoleCase):
    """Who follows, and who works in the same company, sees no complaint."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        firm = cls.env["res.partner"].create({"name": "The firm", "is_company": True})
        cls.colleague = cls._new_user("t_colleague", "base.group_portal")
        (cls.customer | cls.colleague).partner_id.parent_id = firm
        cls.complaint = cls._new_ticket()
        tickets = cls.ordinary | cls.complaint
        tickets.message_subscribe(cls.stranger.partner_id.ids)
        cls.complaint.complaint_report()
        for ticket in tickets:
            ticket.with_user(cls.handler).message_post(
                body="What we found",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )
        # One who is made to follow later is told what is written from then on, by
        # mail; what was written before stays closed to him.
        cls.complaint.message_subscribe(cls.stranger.partner_id.ids)

    def test_pages(self):
        for user in self.stranger | self.colleague:
            with self.subTest(user.login):
                self.login(user)
                page = self.page(f"/my/ticket/{self.ordinary.id}")
                self.assertIn(self.ordinary.name, self.text(page))
                for path in (
                    f"/my/ticket/{self.complaint.id}",
                    f"/my/complaints/{self.complaint.id}",
                ):
                    self.assertTrue(self.url_open(path).url.endswith("/my"), path)
                text = self.text(self.page("/my/complaints"))
                self.assertNotIn(self.complaint.name, text)

    def test_calls(self):
        both = (self.ordinary | self.complaint).ids
        for user in self.stranger | self.colleague:
            with self.subTest(user.login):
                self.login(user)
                domain = [("id", "in", both)]
                rows = self.rpc("helpdesk.ticket", "search_read", domain, ["name"])
                self.assertEqual([row["id"] for row in rows], self.ordinary.ids)
                count = self.rpc("helpdesk.ticket", "search_count", domain)
                self.assertEqual(count, 1)
                groups = self.rpc(
                    "helpdesk.ticket", "formatted_read_group", domain, [], ["__count"]
                )
                self.assertEqual(groups[0]["__count"], 1)
                self.rpc("helpdesk.ticket", "read", self.ordinary.ids, ["name"])
                for method in ("read", "complaint_accept", "complaint_verify_history"):
                    with self.assertRaises(JsonRpcException):
                        self.rpc("helpdesk.ticket", method, self.complaint.ids)

    def test_messages(self):
        for user in self.stranger | self.colleague:
            with self.subTest(user.login):
                self.login(user)
                self.assertTrue(self.messages(self.ordinary))
                self.assertFalse(self.messages(self.complaint))
                domain = [
                    ("model", "=", "helpdesk.ticket"),
                    ("res_id", "in", (self.ordinary | self.complaint).ids),
                ]
                rows = self.rpc("mail.message", "search_read", domain, ["res_id"])
                self.assertEqual({row["res_id"] for row in rows}, {self.ordinary.id})
                count = self.rpc("mail.message", "search_count", domain)
                self.assertEqual(count, len(rows))
                post = {"post_data": {"body": "I was here"}}
                self.thread("/mail/message/post", self.ordinary, **post)
                with self.assertRaises(JsonRpcException):
                    self.thread("/mail/message/post", self.complaint, **post)
                with self.assertRaises(JsonRpcException):
                    self.rpc(
                        "helpdesk.ticket",
                        "message_post",
                        self.complaint.ids,
                        body="I was here",
                    )
        self.assertNotIn("I was here", str(self.complaint.message_ids.mapped("body")))

    def test_files_sent_to_a_foreign_complaint_are_refused(self):
        self.login(self.stranger)
        for ticket, status in ((self.ordinary, 200), (self.complaint, 404)):
            response = self.post(
                "/mail/attachment/upload",
                files=[("ufile", ("a.txt", b"x", "text/plain"))],
                thread_id=ticket.id,
                thread_model="helpdesk.ticket",
            )
            self.assertEqual(response.status_code, status)


@tagged("post_install", "-at_install")
class TestOwnComplaint(HoleCase):
    """What the complainant may not read of his own file."""

    def test_parts_of_the_file(self):
        self.complaint.complaint_send_letter("acknowledge")
        self.complaint.complaint_decide("upheld", "x", self.cause.id)
        self.forget()
        for model in PARTS:
            for method in ("search_read", "search_count"):
                with self.subTest(model=model, method=method):
                    with self.assertRaises(JsonRpcException):
                        self.rpc(model, method, [])
        letter = self.complaint.complaint_letter_ids
        with self.assertRaises(JsonRpcException):
            self.rpc("complaint.letter", "read", letter.ids, ["body"])

    def test_fields_of_the_ticket(self):
        self.complaint.complaint_findings = "<p>Our clerk forgot it.</p>"
        self.forget()
        [row] = self.rpc(
            "helpdesk.ticket",
            "read",
            self.complaint.ids,
            ["name", "complaint_number", "complaint_state"],
        )
        self.assertEqual(row["complaint_number"], self.complaint.complaint_number)
        for name in (
            "complaint_findings",
            "complaint_severity",
            "complaint_is_confidential",
            "complaint_concerned_user_ids",
            "complaint_outcome",
            "complaint_why",
            "complaint_salt",
        ):
            with self.subTest(name):
                with self.assertRaises(JsonRpcException):
                    self.rpc("helpdesk.ticket", "read", self.complaint.ids, [name])
                with self.assertRaises(JsonRpcException):
                    self.rpc("helpdesk.ticket", "search_count", [(name, "!=", False)])
        known = self.rpc("helpdesk.ticket", "fields_get", None, ["type"])
        self.assertLessEqual(
            {name for name in known if name.startswith("complaint_")}, PORTAL_FIELDS
        )

    def test_nothing_is_written(self):
        for method, values in (
            ("write", [{"name": "x"}]),
            ("complaint_close", ["Enough."]),
            ("complaint_reopen", ["Again."]),
            ("complaint_qualify", [False, "No."]),
            ("complaint_report", []),
            ("unlink", []),
        ):
            with self.subTest(method), self.assertRaises(JsonRpcException):
                self.rpc("helpdesk.ticket", method, self.complaint.ids, *values)
        with self.assertRaises(JsonRpcException):
            self.rpc("helpdesk.ticket", "create", [{"name": "x", "description": "x"}])

    def test_a_confidential_complaint_stays_his(self):
        self.complaint.complaint_is_confidential = True
        self.forget()
        text = self.text(self.page("/my/complaints"))
        self.assertIn(self.complaint.complaint_number, text)
        page = self.page(f"/my/complaints/{self.complaint.id}")
        self.assertIn(self.complaint.complaint_number, self.text(page))
        self.assertNotIn("onfidential", self.text(page))


@tagged("post_install", "-at_install")
class TestClose(HoleCase):
    """Closing an ordinary ticket from the portal, safely."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.done = cls.env["helpdesk.ticket.stage"].create(
            {
                "name": "Solved by customer",
                "closed": True,
                "close_from_portal": True,
                "company_id": cls.company.id,
                "sequence": 90,
            }
        )

    def close(self, ticket, stage, **more):
        return self.post("/ticket/close", ticket_id=ticket, stage_id=stage, **more)

    def test_anybody_closes_anything_by_a_link_without_ours(self):
        self.login(self.stranger)
        tickets = self.ordinary | self.complaint
        self.assertFalse(tickets.with_user(self.stranger).has_access("read"))
        with self.without_ours(ComplaintTicketController, "support_ticket_close"):
            for ticket in tickets:
                query = f"ticket_id={ticket.id}&stage_id={self.done.id}"
                self.assertEqual(self.get(f"/ticket/close?{query}").status_code, 302)
        self.env.invalidate_all()
        self.assertEqual(tickets.stage_id, self.done)

    def assertOpen(self, *tickets):
        self.env.invalidate_all()
        for ticket in tickets:
            self.assertNotEqual(ticket.stage_id, self.done)

    def test_the_form_of_the_page_is_posted_with_a_token(self):
        """Read from the view: Odoo 19 drops the sidebar of this page, and its form."""
        view = self.env.ref("helpdesk_mgmt.portal_helpdesk_ticket_page")
        [form] = view._get_combined_arch().xpath(
            "//form[@t-attf-action='/ticket/close']"
        )
        self.assertEqual(form.get("method"), "POST")
        self.assertTrue(form.xpath(".//input[@name='csrf_token']"))

    def test_own_ticket_closes(self):
        response = self.close(self.ordinary.id, self.done.id)
        self.assertTrue(
            response.headers["Location"].endswith(f"/my/ticket/{self.ordinary.id}")
        )
        self.env.invalidate_all()
        self.assertEqual(self.ordinary.stage_id, self.done)

    def test_by_post_with_a_token_only(self):
        query = f"ticket_id={self.ordinary.id}&stage_id={self.done.id}"
        self.assertEqual(self.get(f"/ticket/close?{query}").status_code, 405)
        response = self.url_open(
            "/ticket/close",
            data={"ticket_id": self.ordinary.id, "stage_id": self.done.id},
        )
        self.assertEqual(response.status_code, 400)
        self.assertOpen(self.ordinary)

    def test_not_the_tickets_of_others(self):
        self.login(self.stranger)
        for ticket in self.ordinary | self.complaint:
            response = self.close(ticket.id, self.done.id)
            self.assertTrue(response.headers["Location"].endswith("/my"))
        self.assertOpen(self.ordinary, self.complaint)

    def test_not_a_complaint(self):
        response = self.close(self.complaint.id, self.done.id)
        location = response.headers["Location"]
        self.assertIn(f"/my/complaints/{self.complaint.id}?note=open", location)
        self.assertIn("no longer want to pursue", self.text(self.page(location)))
        self.assertOpen(self.complaint)
        self.assertEqual(self.complaint.complaint_state, "in_progress")

    def test_only_by_a_stage_that_the_page_offers(self):
        stages = self.env["helpdesk.ticket.stage"]
        inner = stages.create({"name": "x", "closed": True, "company_id": False})
        elsewhere = stages.create(
            {
                "name": "y",
                "closed": True,
                "close_from_portal": True,
                "company_id": self.company.id,
                "team_ids": [(6, 0, self.team.copy().ids)],
            }
        )
        before = self.ordinary.stage_id
        for stage in inner | elsewhere:
            self.close(self.ordinary.id, stage.id)
            self.env.invalidate_all()
            self.assertEqual(self.ordinary.stage_id, before)

    def test_nonsense_is_no_server_error(self):
        for ticket, stage in (
            ("x", self.done.id),
            (self.ordinary.id, "x"),
            ("", ""),
            ("999999999", self.done.id),
        ):
            response = self.close(ticket, stage)
            self.assertEqual(response.status_code, 303)
        self.assertEqual(self.post("/ticket/close").status_code, 303)
        self.close(self.ordinary.id, 999999999)
        self.assertOpen(self.ordinary)

    def test_stages_are_not_written_by_visitors(self):
        with file_open("helpdesk_mgmt/security/ir.model.access.csv") as lines:
            theirs = {row["id"]: row for row in csv.DictReader(lines)}
        row = theirs["access_helpdesk_ticket_stage_public"]
        self.assertEqual(
            (row["group_id:id"], row["perm_write"]), ("base.group_public", "1")
        )
        self.done.company_id = False
        stage = self.done.with_user(self.env.ref("base.public_user"))
        self.assertTrue(stage.has_access("read"))
        self.assertFalse(stage.has_access("write"))
        self.assertFalse(self.done.with_user(self.customer).has_access("write"))


@tagged("post_install", "-at_install")
class TestColleaguesInThePortal(PortalCase):
    def test_an_agent_finds_no_letter_and_no_page_of_the_file(self):
        """He sees the ticket; what is inside belongs to the roles."""
        ticket = self.answered()
        letter = ticket.complaint_letter_ids[:1]
        paths = (
            f"/my/complaints/{ticket.id}",
            f"/my/complaints/{ticket.id}/letter/{letter.id}",
        )
        self.assertTrue(ticket.with_user(self.agent).has_access("read"))
        self.login(self.agent)
        for path in paths:
            with self.subTest(path):
                self.assertTrue(self.url_open(path).url.endswith("/my"))
        self.login(self.handler)
        for path in paths:
            with self.subTest(path):
                response = self.url_open(path)
                self.assertEqual(response.status_code, 200)
                self.assertTrue(response.url.endswith(path))


@tagged("post_install", "-at_install")
class TestSubmittedTicket(HoleCase):
    """What the form of an ordinary ticket takes, and what it does not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {
                "helpdesk_mgmt_portal_select_team": True,
                "helpdesk_mgmt_portal_select_category": True,
            }
        )
        cls.other_company = cls.env["res.company"].create({"name": "Elsewhere"})
        teams = cls.env["helpdesk.ticket.team"]
        cls.inner = teams.create(
            {"name": "Inner", "company_id": cls.company.id, "show_in_portal": False}
        )
        cls.far = teams.create({"name": "Far", "company_id": cls.other_company.id})
        cls.category, cls.secret, cls.far_category = cls.env[
            "helpdesk.ticket.category"
        ].create(
            [
                {"name": "Fees", "company_id": cls.company.id},
                {
                    "name": "Fraud",
                    "company_id": cls.company.id,
                    "show_in_portal": False,
                },
                {"name": "Abroad", "company_id": cls.other_company.id},
            ]
        )

    def submit(self, files=(), **more):
        before = self.env["helpdesk.ticket"].sudo().search([])
        data = {"subject": "A question", "description": "Where is it?", **more}
        response = self.post(
            "/submitted/ticket",
            files=[("attachment", (name, raw)) for name, raw in files] or None,
            **data,
        )
        self.assertLess(response.status_code, 500)
        self.env.invalidate_all()
        return response, self.env["helpdesk.ticket"].sudo().search([]) - before

    def refused(self, **data):
        response, made = self.submit(**data)
        self.assertFalse(made)
        self.assertEqual(response.status_code, 200)
        page = self.parse(response)
        [alert] = page.xpath("//div[@id='ticket_errors']")
        return page, self.text(alert)

    def parse(self, response):
        return html.fromstring(response.content)

    def test_what_helpdesk_mgmt_takes_without_ours(self):
        with self.without_ours(ComplaintTicketController, "submit_ticket"):
            _response, made = self.submit(
                files=[("virus.exe", b"MZ run me")],
                category=str(self.secret.id),
                subject="x" * 5000,
            )
            self.assertEqual(made.category_id, self.secret)
            self.assertEqual(made.attachment_ids.name, "virus.exe")
            self.assertEqual(len(made.name), 5000)
            with patch("odoo.http._logger.error"):
                data = {"subject": "x", "description": "x", "category": "x"}
                response = self.post("/submitted/ticket", **data)
            self.assertEqual(response.status_code, 500)
            response = self.get("/submitted/ticket?subject=x&description=by+a+link")
            self.assertIn("/my/ticket/", response.headers["Location"])

    def test_a_ticket_is_made(self):
        response, made = self.submit(
            files=[("a.pdf", b"%PDF-1.4"), ("photo.png", b"\x89PNG\r\n\x1a\n")],
            team=str(self.team.id),
            category=str(self.category.id),
            subject="  Two \n lines ",
            user_id=str(self.handler.id),
            complaint_state="closed",
            partner_id=str(self.stranger.partner_id.id),
        )
        location = response.headers["Location"]
        self.assertTrue(location.endswith(f"/my/ticket/{made.id}"))
        self.assertEqual(made.name, "Two lines")
        self.assertEqual(made.team_id, self.team)
        self.assertEqual(made.category_id, self.category)
        self.assertEqual(made.partner_id, self.customer.partner_id)
        self.assertFalse(made.user_id)
        self.assertEqual(made.attachment_ids.create_uid, self.customer)
        self.assertEqual(len(made.attachment_ids), 2)
        self.assertIn("a.pdf", self.text(self.page(location)))

    def test_teams_and_categories_that_are_not_offered(self):
        for name, record in (
            ("team", self.inner),
            ("team", self.far),
            ("category", self.secret),
            ("category", self.far_category),
        ):
            for value in (str(record.id), "x", "-1", "1e9", "999999999", "0"):
                with self.subTest(name, value=value):
                    _page, words = self.refused(**{name: value})
                    self.assertIn("from the lists", words)

    def test_what_is_required(self):
        self.company.write(
            {
                "helpdesk_mgmt_portal_team_id_required": True,
                "helpdesk_mgmt_portal_category_id_required": True,
            }
        )
        right = {"team": str(self.team.id), "category": str(self.category.id)}
        for name in ("team", "category", "subject", "description"):
            with self.subTest(name):
                _page, words = self.refused(**{**right, name: "  "})
                self.assertIn("required", words)
        self.assertTrue(self.submit(**right)[1])

    def test_what_was_typed_comes_back(self):
        page, words = self.refused(
            team=str(self.team.id),
            category=str(self.category.id),
            description="<b>bold</b> & long " + "x" * 20_000,
        )
        self.assertIn("too long", words)
        self.assertEqual(page.xpath("//input[@name='subject']/@value"), ["A question"])
        [text] = page.xpath("//textarea[@name='description']")
        self.assertIn("<b>bold</b> & long xxx", text.text)
        chosen = page.xpath("//option[@selected]/@value")
        self.assertEqual(set(chosen), {str(self.team.id), str(self.category.id)})

    def test_files(self):
        for files, words in (
            ([(f"{x}.txt", b"x") for x in range(MAX_FILES + 1)], "files"),
            ([("a.exe", b"x")], "kind of file"),
            ([("a.pdf", b"MZ this is a program")], "kind of file"),
            ([("good.pdf", b"%PDF-1.4"), ("a.html", b"x")], "kind of file"),
        ):
            with (
                self.subTest(words),
                patch(
                    "odoo.addons.helpdesk_complaint.controllers.files.MAX_FILE_BYTES",
                    30,
                ),
            ):
                before = self.env["ir.attachment"].sudo().search_count([])
                _page, told = self.refused(files=files)
                self.assertIn(words, told)
                self.assertIn("choose your files again", told)
                after = self.env["ir.attachment"].sudo().search_count([])
                self.assertEqual(after, before)
        with patch(
            "odoo.addons.helpdesk_complaint.controllers.files.MAX_FILE_BYTES", 3
        ):
            self.assertIn("larger", self.refused(files=[("a.txt", b"four")])[1])

    def test_by_post_with_a_token_only(self):
        self.assertEqual(self.get("/submitted/ticket?subject=x").status_code, 405)
        response = self.url_open("/submitted/ticket", data={"subject": "x"})
        self.assertEqual(response.status_code, 400)

    def test_another_addons_field_reaches_its_own_check(self):
        """As helpdesk_type does it: it reads its field in the same method."""
        prepare = ComplaintTicketController._prepare_submit_ticket_vals

        def read_priority(controller, **kw):
            vals = prepare(controller, **kw)
            return {**vals, "priority": str(int(kw.get("its_field") or 0))}

        with patch.object(
            ComplaintTicketController, "_prepare_submit_ticket_vals", read_priority
        ):
            chosen = {"team": str(self.team.id), "category": str(self.category.id)}
            _response, made = self.submit(its_field="2", **chosen)
            self.assertEqual(made.priority, "2")
            _page, words = self.refused(its_field="x", **chosen)
        self.assertIn("from the lists", words)

    def test_a_ticket_that_cannot_be_made_is_not_half_made(self):
        def refuse(self, vals_list):
            raise UserError("A rule of another addon says no.")

        with patch.object(type(self.env["ir.attachment"]), "create", refuse):
            _page, words = self.refused(
                files=[("a.txt", b"x")],
                team=str(self.team.id),
                category=str(self.category.id),
            )
        self.assertIn("says no", words)

    def test_nonsense(self):
        for data in (
            {"subject": "\x00\x01", "description": "x"},
            {"subject": "x", "description": "\x00"},
            {"subject": "", "description": ""},
        ):
            with self.subTest(data):
                self.refused(**data)
        self.assertEqual(self.post("/submitted/ticket").status_code, 200)
