"""What bad input gets: thousands of requests against the running server."""

import logging
import re
import socket
import time
from collections import Counter
from contextlib import contextmanager
from http.client import HTTPResponse
from types import SimpleNamespace

from lxml import html

from odoo import http
from odoo.tests.common import HOST, TEST_CURSOR_COOKIE_NAME
from odoo.tools import SQL, hash_sign

from ..models.helpdesk_ticket_receipt import CLAIM_HOURS, CLAIM_SCOPE
from . import corpus
from .common import tagged
from .corpus.sending import REFUSED, TAKEN, address
from .test_public import PublicCase

_logger = logging.getLogger(__name__)

# In every text of somebody else's complaint.
MARKER = "Quetzalcoatl"
WORDS = re.compile(rb"@([a-z_]+)@")
# What a complaint is made of, and what comes with it.
COUNTED = {
    "tickets": "SELECT count(*) FROM helpdesk_ticket",
    "messages": "SELECT count(*) FROM mail_message WHERE model = 'helpdesk.ticket'",
    "files": "SELECT count(*) FROM ir_attachment WHERE res_model = 'helpdesk.ticket'",
    "events": "SELECT count(*) FROM complaint_event",
    "deadlines": "SELECT count(*) FROM complaint_deadline",
    "submissions": "SELECT count(*) FROM complaint_submission",
    "links": "SELECT count(*) FROM complaint_link",
    "e-mails": "SELECT count(*) FROM mail_mail",
    "partners": "SELECT count(*) FROM res_partner",
}


class ErrorCatcher(logging.Handler):
    def __init__(self):
        super().__init__(logging.ERROR)
        self.caught = []

    def emit(self, record):
        self.caught.append(f"{record.name}: {record.getMessage()[:300]}")

    def take(self):
        caught, self.caught = self.caught, []
        return caught


class CorpusCase(PublicCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        params = cls.env["ir.config_parameter"].sudo()
        for kind in ("post", "address", "mail", "receipt", "link"):
            params.set_param(f"helpdesk_complaint.limit_{kind}", "1000000")

        cls.env["helpdesk.ticket.category"].create(
            {
                "name": "Fees",
                "show_in_portal": True,
                "company_id": cls.company.id,
            }
        )

    def setUp(self):
        super().setUp()
        self.canary = self.new_canary()
        _ticket, path = self.new_public_complaint()
        own = self._new_complaint()
        plain = self._new_ticket(
            name=f"{MARKER} question",
            partner_id=self.stranger.partner_id.id,
            partner_email=self.stranger.email,
        )
        self.words = {
            "desk": self.desk,
            "token": path.rsplit("/", 1)[-1],
            "id": own.id,
            "plain": plain.id,
            "canary": self.canary.id,
            "canary_file": self.canary.attachment_ids[:1].id,
            "canary_letter": self.canary.complaint_letter_ids.id,
            "stranger": self.stranger.partner_id.id,
            "claim": hash_sign(
                self.env(su=True),
                CLAIM_SCOPE,
                [self.customer.id, self.customer.email],
                expiration_hours=CLAIM_HOURS,
            ),
        }
        self.forget()

    def new_canary(self):
        """Somebody else's complaint, with marked words wherever words can be."""
        ticket = self._new_qualified(
            name=f"{MARKER} title",
            description=f"<p>{MARKER} description</p>",
            complaint_request=f"{MARKER} request",
            partner_id=self.stranger.partner_id.id,
            partner_name=f"{MARKER} name",
            partner_email=self.stranger.email,
        )
        ticket._complaint_keep_files([(f"{MARKER}.txt", MARKER.encode())])
        ticket.message_post(
            body=f"{MARKER} message",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            attachments=[(f"{MARKER}-2.txt", MARKER.encode())],
        )
        ticket.complaint_send_letter("acknowledge", body=f"<p>{MARKER} letter</p>")
        return ticket

    # ------------------------------------------------------------------
    # Sending
    # ------------------------------------------------------------------

    def enter(self, who):
        """Begin the session of these cases, and one of somebody else."""
        if who == "visitor":
            self.authenticate(None, None)
        else:
            self.login(self.customer)
        other = http.root.session_store.new()
        self.words["csrf"] = http.Request.csrf_token(self)
        self.words["other_csrf"] = http.Request.csrf_token(
            SimpleNamespace(env=self.env, session=other)
        )

    def fill(self, content):
        return WORDS.sub(
            lambda found: (
                str(self.words.get(found[1].decode(), found[0])).encode()
                if found[1].decode() in self.words
                else found[0]
            ),
            content,
        )

    def request(self, method, path, body=b"", headers=(), asks_length=None):
        """Send bytes as they are, which no library would; read what comes back."""
        self.cr.flush()
        self.cr.clear()
        with self.allow_requests():
            key = self.opener.cookies[TEST_CURSOR_COOKIE_NAME]
            cookies = f"session_id={self.session.sid}; {TEST_CURSOR_COOKIE_NAME}={key}"
            lines = [
                method.encode() + b" " + address(path) + b" HTTP/1.1",
                f"Host: {HOST}:{self.http_port()}".encode(),
                b"Connection: close",
            ]
            for name, value in headers:
                if name == "Cookie":
                    cookies = f"{value}; {cookies}"
                else:
                    lines.append(f"{name}: {value}".encode("latin-1"))
            lines.append(b"Cookie: " + cookies.encode("latin-1"))
            if method not in ("GET", "HEAD"):
                length = len(body) if asks_length is None else asks_length
                lines.append(b"Content-Length: %d" % length)
            with socket.create_connection((HOST, self.http_port()), 60) as connection:
                try:
                    connection.sendall(b"\r\n".join(lines) + b"\r\n\r\n" + body)
                    connection.shutdown(socket.SHUT_WR)
                except OSError:  # it answers before it has read all
                    pass
                response = HTTPResponse(connection, method=method)
                response.begin()
                content = response.read()
        return SimpleNamespace(
            status=response.status, headers=response.headers, content=content
        )

    def send_case(self, case):
        return self.request(
            case.method,
            self.fill(case.path.encode()).decode(),
            self.fill(case.body),
            case.headers,
            case.asks_length,
        )

    # ------------------------------------------------------------------
    # What is asked of each
    # ------------------------------------------------------------------

    def count(self):
        self.env.flush_all()
        query = SQL(", ").join(SQL("(%s)", SQL(text)) for text in COUNTED.values())
        [row] = self.env.execute_query(SQL("SELECT %s", query))
        return dict(zip(COUNTED, row, strict=True))

    def problems(self, case, response, before, after):
        """Everything that is wrong with the answer to a case."""
        if response.status not in case.expects:
            yield f"status {response.status}, not in {case.expects}"
        if response.status >= 500:
            yield "a server error"
        if MARKER.encode() in response.content:
            yield "words of somebody else's complaint"
        changed = {
            name: after[name] - before[name]
            for name in before
            if after[name] != before[name]
        }
        if case.outcome == REFUSED and changed:
            yield f"it was refused and yet made {changed}"
        if case.kept or case.errors:
            yield from self.form_problems(case, response)
        if case.outcome == TAKEN and response.status in case.expects:
            yield from self.taken_problems(case, response, changed)

    def form_problems(self, case, response):
        if not response.content:
            yield "an empty page"
            return
        tree = html.fromstring(response.content)
        for name, text in case.kept:
            shown = self.shown(tree, name)
            if shown != text:
                yield f"{name} was {text[:60]!r}, comes back as {str(shown)[:60]!r}"
        for name in case.errors:
            found = tree.xpath(
                "//*[@name='error_form']"
                if name == "form"
                else f"//*[@id='error_{name}']"
            )
            if not found:
                yield f"no error beside {name}"

    def shown(self, tree, name):
        """The text of a field, as a browser would show it."""
        for entry in tree.xpath("//*[self::input or self::textarea][@name=$n]", n=name):
            if entry.tag == "textarea":
                return (entry.text or "") + "".join(
                    html.tostring(child, encoding="unicode") for child in entry
                )
            return entry.get("value") or ""
        return None

    def taken_problems(self, case, response, changed):
        self.env.invalidate_all()
        if case.path.endswith("/message"):
            yield from self.message_problems(case, changed)
            return
        if changed.get("tickets") != 1:
            yield f"not one ticket: {changed}"
            return
        ticket = self.env["helpdesk.ticket"].search([], order="id desc", limit=1)
        yield from self.stored_problems(case, ticket, ticket.attachment_ids)
        if case.path == "/submitted/ticket":
            return
        yield from self.complaint_problems(ticket)
        if case.stored_files and case.path == "/complaint":
            token = response.headers["Location"].rsplit("/", 1)[-1]
            for file in ticket.attachment_ids:
                path = f"/complaint/follow/{token}/file/{file.id}"
                content = self.request("GET", path).content
                if content != (file.raw or b""):
                    yield f"{file.name} is given back as {content[:30]!r}"

    def stored_problems(self, case, record, files):
        for name, text in case.stored:
            value = record[name] or ""
            if name in ("description", "body"):
                value, text = self.plain(value), re.sub(r"\n+", "\n", text)
            if str(value) != text:
                yield f"{name}: stored {str(value)[:60]!r} instead of {text[:60]!r}"
        found = sorted((x.name, x.raw or b"") for x in files)
        if case.stored_files and found != sorted(case.stored_files):
            yield f"files: stored {str(found)[:200]}"

    def plain(self, value):
        """The text of HTML that was made of plain text."""
        text = re.sub(r"<br/?>|</p><p>", "\n", str(value))
        text = html.fromstring(f"<div>{text}</div>").text_content()
        return re.sub(r"\n+", "\n", text)

    def message_problems(self, case, changed):
        if changed.get("messages") != 1 or changed.get("tickets"):
            yield f"not one message: {changed}"
            return
        message = self.env["mail.message"].search(
            [("model", "=", "helpdesk.ticket")], order="id desc", limit=1
        )
        yield from self.stored_problems(case, message, message.attachment_ids)

    def complaint_problems(self, ticket):
        """A complaint is there with all that belongs to it, or not at all."""
        if ticket.complaint_state != "to_qualify":
            yield f"state {ticket.complaint_state}"
        if "report" not in ticket.complaint_event_ids.mapped("event"):
            yield "no line of history"
        if ticket.complaint_verify_history():
            yield "a history that does not hold"
        if not ticket.channel_id:
            yield "no channel"
        if self.acpr not in ticket.complaint_regime_ids:
            yield f"regimes {ticket.complaint_regime_ids.mapped('code')}"
        if not ticket._complaint_current_deadlines("respond"):
            yield "no deadline"
        if not ticket.complaint_received_at or not ticket.complaint_sent_date:
            yield "no date"
        if ticket.company_id != self.company or ticket.team_id != self.team:
            yield "another company or team"
        if "complaint.intake" in self.env and not self.env["complaint.intake"].search(
            [("ticket_id", "=", ticket.id)], limit=1
        ):
            yield "no line in the journal of receipts"

    @contextmanager
    def catching_errors(self):
        """What is logged as an error, also where the run is told to be quiet."""
        catcher, logger = ErrorCatcher(), logging.getLogger("odoo")
        level = logger.level
        logger.addHandler(catcher)
        logger.setLevel(min(level, logging.ERROR))
        try:
            yield catcher
        finally:
            logger.setLevel(level)
            logger.removeHandler(catcher)

    def run_cases(self, who):
        """Send all cases of a session.

        :return: figures by name, and what is wrong
        """
        self.enter(who)
        figures, wrong, start = Counter(), [], time.monotonic()
        with self.catching_errors() as catcher:
            before = self.count()
            for case in corpus.cases(who):
                response = self.send_case(case)
                after = self.count()
                found = list(self.problems(case, response, before, after))
                found += catcher.take()
                before = self.count() if case.outcome == TAKEN else after
                figures["cases"] += 1
                figures[case.outcome] += 1
                figures[f"status {response.status}"] += 1
                wrong += [f"{case.name}: {problem}" for problem in found]
        figures["seconds"] = round(time.monotonic() - start)
        return figures, wrong


@tagged("post_install", "-at_install")
class TestCorpus(CorpusCase):
    def run_and_tell(self, who, at_least):
        figures, wrong = self.run_cases(who)
        _logger.info(
            "bad input of a %s: %s",
            who,
            ", ".join(f"{count} {name}" for name, count in sorted(figures.items())),
        )
        if wrong:
            self.fail(f"{len(wrong)} problems:\n" + "\n".join(wrong[:3000]))
        self.assertGreater(figures["cases"], at_least)

    def test_what_a_visitor_sends_is_taken_whole_or_refused_whole(self):
        self.run_and_tell("visitor", 900)

    def test_what_an_account_sends_is_taken_whole_or_refused_whole(self):
        self.run_and_tell("customer", 700)

    def test_the_cases_are_different_and_always_the_same(self):
        first, second = list(corpus.cases()), list(corpus.cases())
        self.assertEqual(first, second)
        self.assertGreater(len({case[1:] for case in first}), 0.99 * len(first))
        self.assertGreaterEqual(len(first), 500)
