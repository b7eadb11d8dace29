"""the public form under load: fifty complaints a minute against two workers

Each is a visitor of his own: he opens the form, sends it with up to two files, opens
the receipt. Some click twice at once, some send it again, some forget something first,
some come from one address, some have no e-mail or write for somebody else. A second
process delivers the receipts to a mail server on this machine. Then every complaint is
looked for: once each, with its files, deadlines, history and receipt. At last the same
visitors come as fast as two workers take them, for thirty seconds.
"""

import itertools
import random
import re
import statistics
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from importlib.util import module_from_spec, spec_from_file_location

from tooling.paths import ROOT
from tooling.ports import reserved_port

from .place import BenchError, Report
from .server import PORTS, Visitor, csrf_token, serving

A_MINUTE, MINUTES, QUICK_MINUTES = 50, 5, 1
BURST, BURST_VISITORS = 30, 6  # seconds, and how many at a time
WARM_UP, FIRST = 8, 20_000  # visitors at a time, and their numbers, not looked for
AT_ONCE = 40  # visitors at a time at most, so that the load is bounded
PATIENCE = 240  # seconds until the receipts must have left
KEY = re.compile(r'name="form_key"[^>]*\bvalue="([^"]+)"')
OFFICE = "203.0.113.9"  # where several come from; its limit is 20 in an hour
PICTURE = ROOT / "static/description/icon.png"
RECEIVED = "/complaint/received/"
EMAIL_LINK = re.compile(r"/complaint/follow/[\w.-]+")
RETRIED, GIVEN_UP = "tries left, try again in", "maximum number of tries reached"
ERROR = re.compile(r"^\S+ \S+ \d+ (?:ERROR|CRITICAL) .*$", re.M)


def run(place):
    minutes = place.sized(MINUTES, QUICK_MINUTES)
    with ExitStack() as stack:
        database = place.databases.fresh("ours", "_form")
        mails = stack.enter_context(_smtp_server())
        with place.worker(database) as worker:
            worker.call("form:furnish", port=mails.port)
        gevent = stack.enter_context(reserved_port(*PORTS))
        options = (
            *("--workers=2", "--max-cron-threads=1", "--proxy-mode"),
            *(f"--gevent-port={gevent}", "--logfile="),
        )
        server = stack.enter_context(serving(place, database, *options))
        _warm_up(server)
        paced = Crowd(server.port, 0)
        paced.come_in_time(A_MINUTE * minutes, 60 * minutes)
        retried = server.text().count(RETRIED)
        burst = Crowd(server.port, len(paced.visits))
        burst.come_at_once(BURST_VISITORS, BURST)
        visits = paced.visits + burst.visits
        with place.worker(database) as worker:
            found = _look(worker, visits, mails)
        text = server.text()
    report = Report(f"form: {A_MINUTE} complaints a minute for {minutes} minutes")
    _tell(report, "paced", paced, A_MINUTE * minutes)
    _tell(report, f"as fast as it goes, {BURST_VISITORS} at a time", burst)
    report.figure("retried by the server", paced=retried, all=text.count(RETRIED))
    report.figure("found", **found)
    _judge(report, paced, found, text)
    return report


def _warm_up(server):
    """Let both workers load what they serve, as in a server that has been running:
    the first PDF of a worker takes seconds."""

    def look(_number):
        return Visitor(server.port).get("/complaint").status

    with ThreadPoolExecutor(WARM_UP) as pool:
        for _turn in range(3):
            statuses = set(pool.map(look, range(WARM_UP)))
    if statuses != {200}:
        raise BenchError(f"the form answers {statuses} (see {server.log})")
    first = Crowd(server.port, FIRST)
    first.come_at_once(WARM_UP, 1)
    if first.troubles:
        raise BenchError(f"{first.troubles[0]} (see {server.log})")


def _smtp_server():
    """The mail server of the tests, whose package needs Odoo."""
    path = ROOT / "tests" / "smtp_server.py"
    spec = spec_from_file_location("bench_smtp_server", path)
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module.SmtpServer()


# ----------------------------------------------------------------------
# Visitors
# ----------------------------------------------------------------------


@dataclass
class Visit:
    """One visitor's complaint: what he sends, and what he was answered."""

    number: int
    statuses: list = field(default_factory=list)
    seconds: dict = field(default_factory=dict)
    receipts: set = field(default_factory=set)
    trouble: str = ""

    @property
    def title(self):
        return f"Complaint of visitor {self.number:05d}"

    @property
    def kind(self):
        kinds = {0: "twice at once", 1: "mistake", 2: "post", 3: "represented"}
        return kinds.get(self.number % 10, "again" if self.number % 10 == 5 else "")

    @property
    def address(self):
        if self.number % 20 == 4:
            return OFFICE
        return f"198.18.{self.number // 250}.{self.number % 250 + 1}"

    @property
    def email(self):
        return "" if self.kind == "post" else f"v{self.number}@visitor.example"

    @property
    def files(self):
        """Up to two, a text and a picture."""
        text = ("files", "letter.txt", f"As I wrote, {self.title}.".encode() * 50)
        picture = ("files", "photo.png", PICTURE.read_bytes())
        return [text, picture][: self.number % 3]

    @property
    def is_taken(self):
        return bool(self.receipts)

    def values(self):
        values = {
            "title": self.title,
            "description": f"You charged me 45 euros.\nIt was visitor {self.number}.",
            "name": f"Visitor {self.number}",
            "email": self.email,
            "reply_by": "email",
            "consent": "1",
        }
        if self.kind == "post":
            values |= {"reply_by": "post", "address": "1 rue de la Paix\n75002 Paris"}
        if self.kind == "represented":
            values["represented"] = f"Client {self.number}"
        return values

    def make(self, port):
        """The whole visit; what goes wrong is kept."""
        try:
            self._make(Visitor(port, self.address))
        except (BenchError, OSError) as error:
            self.trouble = f"visitor {self.number}: {error!r}"

    def _make(self, visitor):
        page = self._note("form", visitor.get("/complaint"))
        key = KEY.search(page.text)
        if not key:
            raise BenchError(f"no form came, status {page.status}")
        values = self.values() | {"form_key": key[1], "csrf_token": csrf_token(page)}
        if self.kind == "mistake":
            page = self._send(visitor, values | {"description": ""})
            values["csrf_token"] = csrf_token(page)
        if self.kind == "twice at once":
            twin = visitor.twin()
            other = threading.Thread(target=self._send_aside, args=(twin, values))
            other.start()
            answer = self._send(visitor, values)
            other.join()
        else:
            answer = self._send(visitor, values)
        if self.kind == "again":
            answer = self._send(visitor, values)
        if not answer.location:
            raise BenchError(f"not taken, status {answer.status}")
        place = answer.location[answer.location.index(RECEIVED) :]
        receipt = self._note("receipt", visitor.get(place))
        if self.title not in receipt.text and "HT" not in receipt.text:
            raise BenchError(f"no receipt at {place}, status {receipt.status}")

    def _send_aside(self, visitor, values):
        try:
            self._send(visitor, values)
        except (BenchError, OSError) as error:
            self.trouble = f"visitor {self.number}, second click: {error!r}"

    def _send(self, visitor, values):
        answer = self._note("sending", visitor.post("/complaint", values, self.files))
        if RECEIVED in answer.location:
            self.receipts.add(answer.location.partition(RECEIVED)[2])
        return answer

    def _note(self, what, answer):
        self.statuses.append(answer.status)
        self.seconds.setdefault(what, []).append(answer.seconds)
        return answer


class Crowd:
    """Visitors who come to one server.

    :param int first: the number before that of its first visitor
    """

    def __init__(self, port, first):
        self.port = port
        self.first = first
        self.visits = []
        self.seconds = 0

    def come_in_time(self, count, seconds):
        """So many in that time, at moments that chance chose, the same in each run."""
        chance = random.Random(7)
        moments = sorted(chance.uniform(0, seconds) for _n in range(count))
        begun = time.monotonic()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for number, moment in enumerate(moments, self.first + 1):
                time.sleep(max(0, begun + moment - time.monotonic()))
                visit = Visit(number)
                self.visits.append(visit)
                pool.submit(visit.make, self.port)
        self.seconds = time.monotonic() - begun

    def come_at_once(self, visitors, seconds):
        """One after the other, so many at a time."""
        begun = time.monotonic()
        numbers = itertools.count(self.first + 1)

        def keep_coming():
            while time.monotonic() < begun + seconds:
                visit = Visit(next(numbers))
                self.visits.append(visit)
                visit.make(self.port)

        threads = [threading.Thread(target=keep_coming) for _n in range(visitors)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.seconds = time.monotonic() - begun

    @property
    def errors(self):
        """Answers of a server in trouble, and visits that did not end well."""
        return sum(status >= 500 for visit in self.visits for status in visit.statuses)

    @property
    def troubles(self):
        return [visit.trouble for visit in self.visits if visit.trouble]


# ----------------------------------------------------------------------
# What became of it
# ----------------------------------------------------------------------


def _look(worker, visits, mails):
    """Wait for the receipts, then count what is not as it must be."""
    expected = {
        visit.title: sorted((name, len(raw)) for _field, name, raw in visit.files)
        for visit in visits
    }
    end = time.monotonic() + PATIENCE
    while worker.call("form:waiting") and time.monotonic() < end:
        time.sleep(2)
    found = worker.call("form:check", expected=expected)
    got = Counter(mail["To"] for mail in list(mails.mails))
    receipts = {visit.email for visit in visits if visit.is_taken and visit.email}
    queued = set(found.pop("queued"))
    made = found.pop("made")
    return {
        "taken": sum(visit.is_taken for visit in visits),
        "lost": sum(made[visit.title] == 0 for visit in visits if visit.is_taken),
        "doubled": sum(count > 1 for count in made.values()),
        **found,
        "receipts delivered": sum(got[email] == 1 for email in receipts),
        "receipts queued": len(receipts & queued - set(got)),
        "receipts lost": len(receipts - queued - set(got)),
        "receipts doubled": sum(count > 1 for count in got.values()),
        "receipts without copy or link": sum(
            not _is_whole(mail) for mail in list(mails.mails)
        ),
    }


def _is_whole(mail):
    """Whether a receipt has its link and its copy."""
    text = mail.get_body(("html",)).get_content()
    kinds = [part.get_content_type() for part in mail.iter_attachments()]
    return bool(EMAIL_LINK.search(text)) and kinds == ["application/pdf"]


def _tell(report, name, crowd, wanted=0):
    statuses = Counter(status for visit in crowd.visits for status in visit.statuses)
    report.figure(
        name,
        visits=len(crowd.visits),
        taken=sum(visit.is_taken for visit in crowd.visits),
        a_minute=60 * len(crowd.visits) / crowd.seconds,
        answers=" ".join(f"{status}: {n}" for status, n in sorted(statuses.items())),
    )
    for what in ("form", "sending", "receipt"):
        seconds = [s for visit in crowd.visits for s in visit.seconds.get(what, ())]
        if len(seconds) > 1:
            report.figure(
                f"{name}, {what}",
                median_ms=1000 * statistics.median(seconds),
                p95_ms=1000 * statistics.quantiles(seconds, n=20)[-1],
                most_ms=1000 * max(seconds),
            )
    report.notes += crowd.troubles[:5]


def _judge(report, paced, found, text):
    def must_be_none(what, count):
        report.bar(what, count, 0, "", must=True)

    must_be_none("answers of 500 or more, paced", paced.errors)
    must_be_none("visits that went wrong, paced", len(paced.troubles))
    taken = sum(visit.is_taken for visit in paced.visits)
    report.bar(
        "complaints taken / sent, paced",
        taken / len(paced.visits),
        1,
        at_least=True,
        must=True,
    )
    seconds = A_MINUTE * paced.seconds / 60
    report.bar("pace / asked for", len(paced.visits) / seconds, 0.95, at_least=True)
    for name, count in found.items():
        if name not in ("taken", "receipts delivered", "receipts queued"):
            must_be_none(name, count)
    must_be_none("transactions given up after retries", text.count(GIVEN_UP))
    errors = ERROR.findall(text)
    report.notes += errors[:5]
    must_be_none("errors in the server's log", len(errors))


# ----------------------------------------------------------------------
# Inside Odoo
# ----------------------------------------------------------------------


def furnish(env, port):
    """A desk that takes the public's complaints, and a mail server on this machine."""
    from odoo import fields

    from .people import furnish

    people = furnish(env)
    env["helpdesk.ticket.team"].browse(people["teams"]).write(
        {"complaint_intake": True, "show_in_portal": True}
    )
    env.company.email = "desk@bench.example"
    env["ir.mail_server"].search([]).active = False
    env["ir.mail_server"].create(
        {"name": "Bench", "smtp_host": "127.0.0.1", "smtp_port": port}
    )
    queue = env.ref("mail.ir_cron_mail_scheduler_action")
    others = env["ir.cron"].search([("id", "!=", queue.id)])
    # A database begins with all jobs due at once, the public holidays for one.
    others.nextcall = fields.Datetime.now() + timedelta(days=1)


def waiting(env):
    """How many e-mails have not left yet."""
    return env["mail.mail"].search_count([("state", "=", "outgoing")])


def check(env, expected):
    """How many complaints are not what was sent.

    :param dict expected: by title: names and sizes of the files
    :return: counts by what is wrong; ``made``: how many there are of each title;
        ``queued``: addresses whose e-mail has not left
    """
    tickets = env["helpdesk.ticket"].with_context(active_test=False).search([])
    tickets = tickets.filtered(lambda x: x.name in expected)
    complaints = tickets.filtered("complaint_state")
    made = Counter(tickets.mapped("name"))
    files = env["ir.attachment"].search(
        [
            ("res_model", "=", tickets._name),
            ("res_id", "in", tickets.ids),
            ("complaint_is_given", "=", True),
        ]
    )
    files = files.grouped("res_id")
    queued = env["mail.mail"].search([("state", "!=", "sent")])
    numbers = Counter(tickets.mapped("number"))
    return {
        "made": {title: made[title] for title in expected},
        "queued": queued.mapped("email_to"),
        "no complaints": len(tickets - complaints),
        "numbers given twice": sum(count > 1 for count in numbers.values()),
        "without deadlines": len(
            complaints.filtered(lambda x: not x.complaint_deadline_ids)
        ),
        "without its files": len(
            complaints.filtered(
                lambda x: (
                    sorted([f.name, f.file_size] for f in files.get(x.id, ()))
                    != expected[x.name]
                )
            )
        ),
        "without history": len(complaints.filtered(_has_no_history)),
    }


def _has_no_history(complaint):
    events = complaint.complaint_event_ids.mapped("event")
    is_short = events.count("report") != 1
    is_mailed = bool(complaint._complaint_party_email()[0])
    is_short |= events.count("receipt") != is_mailed
    return is_short or bool(complaint.complaint_verify_history())
