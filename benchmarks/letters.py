"""letters: the PDF of one, beside Odoo's own way, and a thousand sent in a row

The same acknowledgement without a logo is printed in turns by this addon and by
wkhtmltopdf as Odoo calls it: from the same HTML, without its pause
(``report.print_delay`` 0), beside a server that does nothing but send Odoo's styles.
Then acknowledgements are sent, in one process and in committed batches, by the handler;
its memory is looked at after each batch.
"""

from tooling.console import Stop
from tooling.wkhtmltopdf import ensure_wkhtmltopdf

from .people import HANDLER
from .place import Report, in_turns, median

BATCH = 50


def run(place):
    count = place.sized(1_000, 100)
    folder, missing = None, ""
    try:
        folder = ensure_wkhtmltopdf()
    except Stop as stop:
        missing = f"not compared with wkhtmltopdf: {stop}"
    with place.worker(place.databases.fresh("ours")) as worker:
        people = worker.call("people:furnish")
        worker.call("letters:dress")
        tickets = []
        while len(tickets) < count:
            tickets += worker.call(
                "register:create_registered",
                HANDLER,
                teams=people["teams"],
                partners=people["partners"],
            )
        [letter] = worker.call("letters:draft", HANDLER, ticket=tickets[0])
        ways = {"ours": lambda: worker.call("letters:print_ours", letter=letter)}
        if folder:
            ways["odoo"] = lambda: worker.call(
                "letters:print_odoo", letter=letter, folder=folder
            )
        printed = in_turns(place.sized(20, 5), 1, ways)
        sent = [
            worker.measure(
                "letters:send", HANDLER, tickets=tickets[place_ : place_ + BATCH]
            )
            for place_ in range(0, count, BATCH)
        ]
    return _report(printed, sent, missing)


def _report(printed, sent, missing):
    report = Report("letters: medians of turns, and acknowledgements in a row")
    for name, costs in printed.items():
        report.figure(
            f"one acknowledgement, {name}",
            seconds=median(costs),
            a_minute=60 / median(costs),
            kilobytes=median(costs, "bytes") / 1000,
        )
    seconds = sum(cost["seconds"] for cost in sent)
    memory = [cost["result"] / 1e6 for cost in sent]
    report.figure(
        f"{BATCH * len(sent):,} sent, with their e-mails, deadlines, history",
        a_minute=60 * BATCH * len(sent) / seconds,
        megabytes_first=memory[0],
        megabytes_half=memory[len(memory) // 2 - 1],
        megabytes_last=memory[-1],
    )
    report.bar("one acknowledgement", median(printed["ours"]), 0.35, "s")
    report.bar("its file", median(printed["ours"], "bytes") / 1000, 60, "kB")
    if missing:
        report.notes.append(missing)
    else:
        faster = median(printed["odoo"]) / median(printed["ours"])
        report.bar("letters a minute, ours / Odoo's", faster, 2, at_least=True)
    half = len(memory) // 2
    report.bar(
        "memory, second half / first", max(memory[half:]) / max(memory[:half]), 1.05
    )
    return report


# ----------------------------------------------------------------------
# Inside Odoo
# ----------------------------------------------------------------------

LETTER = "helpdesk_complaint.report_complaint_letter"


def dress(env):
    """A company as it writes letters, without a logo; mails wait in the queue."""
    env.company.write(
        {
            "logo": False,
            "street": "4 place du Tilleul",
            "zip": "38000",
            "city": "Grenoble",
            "email": "contact@bench.example",
            "report_footer": "<p>Registered at Grenoble</p>",
        }
    )
    env["ir.config_parameter"].set_param("report.print_delay", "0")
    env["ir.cron"].search([]).active = False


def draft(env, ticket):
    ticket = env["helpdesk.ticket"].browse(ticket)
    vals = ticket._prepare_complaint_letter_vals("acknowledge")
    return env["complaint.letter"].create(vals).ids


def print_ours(env, letter):
    report = env["ir.actions.report"]
    return _timed(lambda: report._complaint_render_pdf(LETTER, [letter]))


def print_odoo(env, letter, folder):
    """What Odoo does with a report; for letters its own method is overridden."""
    import os

    if folder not in os.environ["PATH"]:
        os.environ["PATH"] = f"{folder}:{os.environ['PATH']}"
    env["ir.config_parameter"].set_param("report.url", _serve(env))
    report = env["ir.actions.report"]._get_report(LETTER)

    def print_it():
        html, _kind = report._render_qweb_html(
            LETTER, [letter], data={"report_type": "pdf"}
        )
        bodies, _ids, header, footer, paper = report._prepare_html(
            html, report_model=report.model
        )
        return report._run_wkhtmltopdf(
            bodies,
            report_ref=LETTER,
            header=header,
            footer=footer,
            specific_paperformat_args=paper,
        )

    return _timed(print_it)


_addresses = []


def _serve(env):
    """The address of a server, in this process, with Odoo's styles and fonts: the
    program asks for them each time, and without them it would print another letter.
    """
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
    from threading import Thread

    from odoo import SUPERUSER_ID, api
    from odoo.tools import file_open

    if _addresses:
        return _addresses[0]
    registry = env.registry

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            content = self.find(self.path.split("?")[0])
            kind = "text/css" if ".css" in self.path else "application/octet-stream"
            self.send_response(200 if content else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def find(self, path):
            if "/static/" in path:
                with file_open(path.lstrip("/"), "rb") as file:
                    return file.read()
            with registry.cursor() as cr:
                files = api.Environment(cr, SUPERUSER_ID, {})["ir.attachment"]
                return files.search([("url", "=", path)], limit=1).raw or b""

        def log_message(self, *args):
            """Not to the log: there are many."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    _addresses.append(f"http://127.0.0.1:{server.server_port}")
    return _addresses[0]


def _timed(print_it):
    import time

    start = time.perf_counter()
    pdf = print_it()
    seconds = time.perf_counter() - start
    if not pdf.startswith(b"%PDF"):
        raise AssertionError("this is no PDF")
    return {"seconds": seconds, "bytes": len(pdf)}


def send(env, tickets):
    """Acknowledge complaints; return the memory of this process, in bytes."""
    import psutil

    tickets = env["helpdesk.ticket"].browse(tickets)
    letters = tickets.complaint_send_letter("acknowledge")
    if set(letters.mapped("state")) != {"sent"} or len(letters) != len(tickets):
        raise AssertionError("not every letter was sent")
    return psutil.Process().memory_info().rss
