"""Role by route: every address of this addon, and what each role gets there."""

import contextlib
import threading
from unittest.mock import patch

from odoo import fields, http
from odoo.tests import HttpCase

from .common import ComplaintFixture, tagged

ROLES = (
    "anonymous",
    "complainant",
    "representative",
    "colleague",
    "stranger",
    "agent",
    "handler",
    "manager",
    "officer",
    "auditor",
    "concerned",
)
# What a request is answered: a status, or where it leads, with the note shown there.
LOGIN, HOME = "/web/login", "/my"
PAGE = "/my/complaints/<complaint_id>"
LIST = "/my/complaints"
ONE = "/my/complaints/<int:complaint_id>"
LINK = "/complaint/follow/<token>"
# The complaint's own pages: a login is asked for, and who may not look goes home.
SENT_AWAY = {"anonymous": LOGIN, "stranger": HOME, "agent": HOME, "concerned": HOME}
# Only who may act, and not those who only read.
READERS = ("colleague", "handler", "manager", "officer", "auditor")
NOT_YOURS = dict.fromkeys(READERS, f"{PAGE}?not_yours")
CUSTOMERS = ("complainant", "representative", "colleague", "stranger")


def row(usual, **others):
    """What each role gets: most of them the same."""
    return {role: others.get(role, usual) for role in ROLES}


TABLE = {
    # who has the link has what it opens, whoever he is
    "/complaint": row("200"),
    "/complaint/link": row("200"),
    "/complaint/received/<string:token>": row("200"),
    "/complaint/follow/<string:token>": row("200"),
    "/complaint/follow/<string:token>/accept": row(f"{LINK}?accepted"),
    "/complaint/follow/<string:token>/contest": row("200"),
    "/complaint/follow/<string:token>/copy": row("200"),
    "/complaint/follow/<string:token>/file/<int:file_id>": row("200"),
    "/complaint/follow/<string:token>/letter/<int:letter_id>": row("200"),
    "/complaint/follow/<string:token>/letter/<int:letter_id>"
    "/enclosure/<int:file_id>": row("404"),
    "/complaint/follow/<string:token>/message": row("200"),
    "/complaint/follow/<string:token>/rate": row("200"),
    "/complaint/follow/<string:token>/recourse": row(f"{LINK}?recourse_sent"),
    # with an account: lists, which hold what each may see
    "/my/complaints": row("200", anonymous=LOGIN),
    "/my/complaints/page/<int:page>": row("200", anonymous=LOGIN),
    "/my/complaints/new": row("200", anonymous=LOGIN),
    "/my/complaints/claim": row(f"{LIST}?claim_sent", anonymous=LOGIN),
    "/my/complaints/claim/<string:token>": row(f"{LIST}?claim_over", anonymous=LOGIN),
    # one complaint
    f"{ONE}": row("200", **SENT_AWAY),
    f"{ONE}/copy": row("200", **SENT_AWAY),
    f"{ONE}/file/<int:file_id>": row("200", **SENT_AWAY),
    f"{ONE}/letter/<int:letter_id>": row("200", **SENT_AWAY),
    f"{ONE}/letter/<int:letter_id>/enclosure/<int:file_id>": row("404", **SENT_AWAY),
    # what the complainant and his representative do; handlers note a reaction for them
    f"{ONE}/accept": row(
        f"{PAGE}?accepted",
        colleague=f"{PAGE}?not_yours",
        auditor=f"{PAGE}?not_yours",
        **SENT_AWAY,
    ),
    f"{ONE}/contest": row("200", **SENT_AWAY),
    f"{ONE}/message": row("200", **NOT_YOURS, **SENT_AWAY),
    f"{ONE}/rate": row("200", **NOT_YOURS, **SENT_AWAY),
    f"{ONE}/recourse": row(f"{PAGE}?recourse_sent", **NOT_YOURS, **SENT_AWAY),
    # colleagues' doors
    "/helpdesk_complaint/copy/<int:ticket_id>": row(
        "200", anonymous=LOGIN, stranger="404", concerned="404"
    ),
    "/helpdesk_complaint/letter/<int:letter_id>": row(
        "200",
        anonymous=LOGIN,
        agent="404",
        concerned="404",
        **dict.fromkeys(CUSTOMERS, "404"),
    ),
    # nothing is printed yet: 404 to those who may look, 403 to others
    "/helpdesk_complaint/run/<int:run_id>": row(
        "404", anonymous=LOGIN, agent="403", **dict.fromkeys(CUSTOMERS, "403")
    ),
    # ordinary tickets
    "/my/tickets": row("200", anonymous=LOGIN),
    "/my/tickets/page/<int:page>": row("200", anonymous=LOGIN),
    "/my/ticket/<int:ticket_id>": row(
        PAGE, anonymous=HOME, stranger=HOME, concerned=HOME
    ),
    "/my/ticket/<int:ticket_id>/<access_token>": row(
        PAGE, anonymous=HOME, stranger=HOME, concerned=HOME
    ),
    "/submitted/ticket": row("200", anonymous=LOGIN),
    "/ticket/close": row(
        "/my/ticket/<ordinary>",
        anonymous=LOGIN,
        representative=HOME,
        stranger=HOME,
        auditor=HOME,
    ),
}


class Undo(Exception):
    """What a request did is taken back, so that each finds the same complaint."""


@tagged("post_install", "-at_install")
class TestRouteAccess(ComplaintFixture, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        firm = cls.env["res.partner"].create({"name": "Firm", "is_company": True})
        cls.users = {
            "anonymous": None,
            "complainant": cls.customer,
            "representative": cls._new_user("t_lawyer", "base.group_portal"),
            "colleague": cls._new_user("t_colleague", "base.group_portal"),
            "stranger": cls.stranger,
            "agent": cls.agent,
            "handler": cls.handler,
            "manager": cls.manager,
            "officer": cls.officer,
            "auditor": cls.auditor,
            "concerned": cls._new_user(
                "t_concerned", "helpdesk_complaint.group_complaint_officer"
            ),
        }
        colleague = cls.users["colleague"].partner_id
        (cls.customer.partner_id | colleague).parent_id = firm
        colleague.sudo().write(
            {"complaint_reader_state": "open", "complaint_sees_company_id": firm.id}
        )
        ticket = cls.complaint = cls._new_qualified(
            received=fields.Datetime.now(),
            complaint_representative_id=cls.users["representative"].partner_id.id,
            complaint_concerned_user_ids=cls.users["concerned"].ids,
        )
        ticket.complaint_prove_mandate()
        letter = ticket.complaint_send_letter("acknowledge")
        message = ticket.with_user(cls.handler).message_post(
            body="See the file.",
            subtype_xmlid="mail.mt_comment",
            attachments=[("a.txt", b"x")],
        )
        own = (
            cls.env["ir.attachment"]
            .with_user(cls.customer)
            .sudo()
            .create(
                {
                    "name": "his.txt",
                    "raw": b"his",
                    "res_model": "helpdesk.ticket",
                    "res_id": ticket.id,
                    "complaint_is_given": True,
                }
            )
        )
        ticket.complaint_decide("rejected", "It is in the contract.")
        answer = ticket.complaint_send_letter("rejection")
        run = cls.env["complaint.letter.run"].with_user(cls.handler)
        run = run.create({"name": "Run"})
        cls.ordinary = cls._new_ticket(name="A question")
        stage = cls.env["helpdesk.ticket.stage"].create(
            {"name": "Done", "closed": True, "close_from_portal": True}
        )
        token, _link = cls.env["complaint.link"]._give(
            ticket, "complainant", "a@b.example"
        )
        cls.arguments = {
            "complaint_id": ticket.id,
            "ticket_id": ticket.id,
            "letter_id": letter.id,
            "file_id": (own | message.sudo().attachment_ids)[:1].id,
            "run_id": run.id,
            "token": token,
            "access_token": "wrong",
            "page": 1,
        }
        cls.data = {
            "/ticket/close": {"ticket_id": cls.ordinary.id, "stage_id": stage.id},
        }
        cls.answer = answer

    def routes(self):
        """The rules of the routing map whose code is this addon's."""
        thread = threading.current_thread()
        with patch.object(thread, "dbname", self.env.cr.dbname, create=True):
            rules = self.env["ir.http"].routing_map().iter_rules()
        return {
            rule.rule: rule
            for rule in rules
            if ".helpdesk_complaint." in rule.endpoint.original_endpoint.__module__
        }

    def ask(self, rule, user):
        self.authenticate(user.login, user.login) if user else self.logout_all()
        path = rule.rule
        for name, value in self.arguments.items():
            for kind in ("int:", "string:", ""):
                path = path.replace(f"<{kind}{name}>", str(value))
        self.assertNotIn("<", path, "give this argument a value in the test")
        answer = "?"
        with contextlib.suppress(Undo), self.env.cr.savepoint():
            if set(rule.endpoint.routing.get("methods") or ["GET"]) == {"POST"}:
                data = dict(self.data.get(rule.rule, {}))
                data["csrf_token"] = http.Request.csrf_token(self)
                response = self.url_open(path, data=data, allow_redirects=False)
            else:
                response = self.url_open(path, allow_redirects=False)
            answer = self.name_of(response)
            raise Undo
        self.env.invalidate_all()
        return answer

    def logout_all(self):
        self.authenticate(None, None)

    def name_of(self, response):
        if response.status_code not in (301, 302, 303):
            return str(response.status_code)
        place = response.headers["Location"].split("://")[-1].partition("/")[2]
        place = "/" + place.partition("?")[0]
        note = response.headers["Location"].partition("note=")[2]
        for name in ("complaint_id", "token"):
            place = place.replace(str(self.arguments[name]), f"<{name}>")
        place = place.replace(str(self.ordinary.id), "<ordinary>")
        return f"{place}?{note}" if note else place

    def test_every_route_has_its_row(self):
        found = set(self.routes())
        self.assertEqual(found - TABLE.keys(), set(), "routes without a row")
        self.assertEqual(TABLE.keys() - found, set(), "rows without a route")

    def test_what_each_role_gets(self):
        routes = self.routes()
        for path, expected in TABLE.items():
            for role, user in self.users.items():
                with self.subTest(path, role=role):
                    self.assertEqual(self.ask(routes[path], user), expected[role])
