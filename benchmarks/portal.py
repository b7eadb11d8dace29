"""the complainants' pages, with a thousand and with a million complaints

Two servers, one on a copy of each stock; the same pages are asked for over HTTP in
turns, by a link and as a complainant, a representative and a contact who follows his
company's complaints. Each of them has 25 complaints in either stock; the page of one
complaint is that of a long file with three cycles. Times are those of the visitor.
"""

import json
import re
import secrets
import statistics
from contextlib import ExitStack

from .complainants import (
    COMPLAINANT,
    CYCLES,
    EACH,
    LONG_FILE,
    PASSWORD,
    READER,
    REPRESENTATIVE,
)
from .place import MILLION, BenchError, Report
from .server import Visitor, csrf_token, serving

STOCKS = {
    # name: complaints, of which open, reminders due
    "small": (1_000, 200, 100),
    "large": (MILLION, 50_000, 1_000),
}
QUICK_LARGE = (100_000, 5_000, 1_000)
RATIO = 1.2
TURNS, QUICK_TURNS, WARM_UP = 60, 10, 3
VISITOR = "visitor"
OPTIONS = ("--max-cron-threads=0", "--workers=0", "--logfile=")
ROW = re.compile(r'href="/my/complaints/\d+"')
# Who asks for which address, with which form, and what the answer must have.
PAGES = {
    "follow by link": (VISITOR, "/complaint/follow/{token}", None, LONG_FILE),
    "file by link": (VISITOR, "/complaint/follow/{token}/file/{file}", None, ""),
    "receipt": (VISITOR, "/complaint/received/{token}", None, "{number}"),
    "form": (VISITOR, "/complaint", None, "form_key"),
    "form, sent": (VISITOR, "/complaint", "complaint", ""),
    "link, unknown": (VISITOR, "/complaint/link", "none", ""),
    "link, sent": (VISITOR, "/complaint/link", "{number}", ""),
    "list": (COMPLAINANT, "/my/complaints", None, sum(EACH.values()) + 1),
    "list, mandated": (REPRESENTATIVE, "/my/complaints", None, sum(EACH.values())),
    "list, company": (READER, "/my/complaints", None, sum(EACH.values())),
    "complaint": (COMPLAINANT, "/my/complaints/{long}", None, LONG_FILE),
    "complaint, mandated": (
        REPRESENTATIVE,
        "/my/complaints/{mandated}",
        None,
        "{mandated_title}",
    ),
    "complaint, company": (
        READER,
        "/my/complaints/{company}",
        None,
        "{company_title}",
    ),
    "home, counted": (COMPLAINANT, "/my/counters", "counters", "complaint_count"),
    "ordinary tickets": (COMPLAINANT, "/my/tickets", None, ""),
}
COUNTERS = ["complaint_count", "ticket_count"]


def run(place):
    stocks = STOCKS | {"large": place.sized(STOCKS["large"], QUICK_LARGE)}
    with ExitStack() as stack:
        sides = {}
        for name, size in stocks.items():
            database = place.databases.copy(place.stock(*size), "portal")
            stack.callback(place.databases.discard, database)
            with place.worker(database) as worker:
                facts = worker.call("portal:prepare")
            server = stack.enter_context(serving(place, database, *OPTIONS))
            sides[name] = Side(server, facts)
        _take_turns(sides, place.sized(TURNS, QUICK_TURNS))
        for side in sides.values():
            side.read_queries()
    return _report(sides, stocks)


def _take_turns(sides, turns):
    """Both stocks after each other, the first one first and last in turns."""
    for turn in range(WARM_UP + turns):
        order = list(sides.values())[:: 1 if turn % 2 else -1]
        for page in PAGES:
            for side in order:
                side.ask(page, turn >= WARM_UP)


class Side:
    """One stock's server and who visits it."""

    def __init__(self, server, facts):
        self.server = server
        self.facts = facts
        self.visitors = {VISITOR: Visitor(server.port)}
        for login in (COMPLAINANT, REPRESENTATIVE, READER):
            self.visitors[login] = Visitor(server.port).log_in(login, PASSWORD)
        self.token = csrf_token(self.visitors[VISITOR].get("/complaint/link"))
        self.seconds = {page: [] for page in PAGES}
        self.queries = {page: [] for page in PAGES}
        self.before = len(server.requests(8))
        self.asked = []

    def ask(self, page, counts):
        """Take one look; it counts once everything is warm."""
        who, path, form, expected = PAGES[page]
        path = path.format(**self.facts)
        visitor = self.visitors[who]
        if form == "counters":
            order = {"jsonrpc": "2.0", "params": {"counters": COUNTERS}}
            answer = visitor.post_json(path, json.dumps(order))
        elif form == "complaint":
            answer = visitor.post(path, self._complaint())
        elif form:
            values = {
                "csrf_token": self.token,
                "reference": form.format(**self.facts),
                "email": self.facts["email"],
            }
            answer = visitor.post(path, values)
        else:
            answer = visitor.get(path)
        self._check(page, answer, expected)
        self.asked.append(page if counts else None)
        if counts:
            self.seconds[page].append(answer.seconds)

    def _complaint(self):
        """What the form sends; each time another complaint."""
        key = secrets.token_urlsafe(16)
        return {
            "csrf_token": self.token,
            "form_key": key,
            "title": f"Fees charged without notice {key}",
            "description": "You charged me 45 euros without a word.",
            "name": "A visitor",
            "email": "visitor@bench.example",
            "consent": "1",
        }

    def _check(self, page, answer, expected):
        wanted = 303 if page == "form, sent" else 200
        if isinstance(expected, int):
            is_right = len(set(ROW.findall(answer.text))) == expected
        else:
            is_right = expected.format(**self.facts) in answer.text
        if answer.status != wanted or not is_right:
            raise BenchError(
                f"{page}: status {answer.status}, not what was asked for (see"
                f" {self.server.log})"
            )

    def read_queries(self):
        """How many queries each look made, as the server logged it."""
        logged = self.server.requests(self.before + len(self.asked))[self.before :]
        for page, line in zip(self.asked, logged, strict=True):
            if page:
                self.queries[page].append(int(line["queries"]))

    def median(self, page):
        return statistics.median(self.seconds[page])


def _report(sides, stocks):
    small, large = sides["small"], sides["large"]
    sizes = " / ".join(f"{size[0]:,}" for size in stocks.values())
    report = Report(f"portal: {sizes} complaints, medians of turns")
    ratios, more = {}, {}
    for page in PAGES:
        ratios[page] = large.median(page) / small.median(page)
        queries = [statistics.median(side.queries[page]) for side in (small, large)]
        more[page] = queries[1] - queries[0]
        report.figure(
            page,
            ms=f"{small.median(page) * 1000:.1f} / {large.median(page) * 1000:.1f}",
            ratio=ratios[page],
            queries=f"{queries[0]:.0f} / {queries[1]:.0f}",
        )
    for page, ratio in ratios.items():
        report.bar(f"{page}: time, large / small stock", ratio, RATIO)
    worst = max(more, key=more.get)
    report.bar(f"queries more in the large stock, worst page ({worst})", more[worst], 0)
    return report


# ----------------------------------------------------------------------
# Inside Odoo
# ----------------------------------------------------------------------


def prepare(env):
    """A link to the long file, and which complaints are asked for.

    The limits on attempts are lifted: it is one visitor who asks all the time.
    """
    for kind in ("post", "address", "mail", "receipt", "link"):
        key = f"helpdesk_complaint.limit_{kind}"
        env["ir.config_parameter"].set_param(key, "1000000")
    long = env["helpdesk.ticket"].search([("name", "=", LONG_FILE)])
    if len(long) != 1 or long.complaint_cycle != CYCLES:
        raise AssertionError(f"the long file is {long}")
    files = env["ir.attachment"].search(
        [("res_model", "=", long._name), ("res_id", "=", long.id)], order="id"
    )
    mandated = _newest(env, "complaint_representative_id", REPRESENTATIVE)
    reader = env["res.users"].search([("login", "=", READER)]).partner_id
    company = env["helpdesk.ticket"].search(
        [("commercial_partner_id", "=", reader.commercial_partner_id.id)],
        order="id desc",
        limit=1,
    )
    return {
        "token": env["complaint.link"]._give(long, "complainant")[0],
        "file": files[0].id,
        "number": long.complaint_number,
        "email": long.partner_id.email,
        "long": long.id,
        "mandated": mandated.id,
        "mandated_title": mandated.name,
        "company": company.id,
        "company_title": company.name,
    }


def _newest(env, field, login):
    partner = env["res.users"].search([("login", "=", login)]).partner_id
    domain = [(field, "=", partner.id)]
    return env["helpdesk.ticket"].search(domain, order="id desc", limit=1)
