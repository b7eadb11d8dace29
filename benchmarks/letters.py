"""letters: the PDF of one, beside Odoo's own way, and a run of a thousand

The same acknowledgement without a logo is printed in turns by this addon and by
wkhtmltopdf as Odoo calls it: from the same HTML, without its pause
(``report.print_delay`` 0), beside a server that does nothing but send Odoo's styles.
Then one run sends acknowledgements by post, in one process and in committed rounds, and
binds them into the file to print; the memory of the process is looked at all the while.
"""

import datetime

from tooling.console import Stop
from tooling.wkhtmltopdf import ensure_wkhtmltopdf

from .people import HANDLER
from .place import Report, in_turns, median

EVERY = 0.1  # seconds between two looks at the memory
# Letters before the memory counts: styles and fonts are loaded with the first.
WARM = 20


def run(place):
    count = place.sized(1_000, 100)
    folder, missing = None, ""
    try:
        folder = ensure_wkhtmltopdf()
    except Stop as stop:
        missing = f"not compared with wkhtmltopdf: {stop}"
    with place.worker(place.databases.fresh("ours")) as worker:
        people = worker.call("people:furnish")
        worker.call("letters:dress", partners=people["partners"])
        tickets = []
        while len(tickets) < WARM + count:
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
        worker.call("letters:post", HANDLER, tickets=tickets[:WARM])
        worker.call("letters:work")
        worker.call("letters:post", HANDLER, tickets=tickets[WARM : WARM + count])
        sent = worker.measure("letters:work")
    return _report(printed, sent, missing)


def _report(printed, sent, missing):
    report = Report("letters: medians of turns, and a run of acknowledgements")
    for name, costs in printed.items():
        report.figure(
            f"one acknowledgement, {name}",
            seconds=median(costs),
            a_minute=60 / median(costs),
            kilobytes=median(costs, "bytes") / 1000,
        )
    letters, memory = sent["result"]["letters"], sent["result"]["memory"]
    half = len(memory) // 2
    first, second = max(memory[:half]) / 1e6, max(memory[half:]) / 1e6
    report.figure(
        f"a run of {letters:,}, with its file to print",
        a_minute=60 * letters / sent["seconds"],
        megabytes_start=memory[0] / 1e6,
        megabytes_first_half=first,
        megabytes_second_half=second,
        megabytes_binding=sent["result"]["binding"] / 1e6,
    )
    report.bar("one acknowledgement", median(printed["ours"]), 0.35, "s")
    report.bar("its file", median(printed["ours"], "bytes") / 1000, 60, "kB")
    if missing:
        report.notes.append(missing)
    else:
        faster = median(printed["odoo"]) / median(printed["ours"])
        report.bar("letters a minute, ours / Odoo's", faster, 2, at_least=True)
    report.bar("memory, second half / first", second / first, 1.05)
    return report


# ----------------------------------------------------------------------
# Inside Odoo
# ----------------------------------------------------------------------

LETTER = "helpdesk_complaint.report_complaint_letter"


def dress(env, partners):
    """A company as it writes letters, without a logo, to people who have an address."""
    env["res.partner"].browse(partners).write(
        {"street": "12 rue des Lilas", "zip": "38100", "city": "Grenoble"}
    )
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


def post(env, tickets):
    """Start a run of acknowledgements by post."""
    run = env["complaint.letter.run"].create(
        {
            "name": "Acknowledgements",
            "template_code": "acknowledge",
            "channel": "post",
        }
    )
    run._add_tickets(env["helpdesk.ticket"].browse(tickets))
    run.action_start()


def work(env):
    """Let the job work; return the memory of this process meanwhile, in bytes.

    :return: dict of ``letters`` sent, ``memory`` (list) while they were, and the most
        while the file to print was made (``binding``)
    """
    import threading
    import time

    import psutil

    process, looks, stop = psutil.Process(), [], threading.Event()

    def look():
        while not stop.wait(EVERY):
            looks.append((time.time(), process.memory_info().rss))

    run = env["complaint.letter.run"].search([("state", "=", "running")])
    threading.Thread(target=look, daemon=True).start()
    env["complaint.letter.run"]._cron_run()
    stop.set()
    if set(run.line_ids.mapped("state")) != {"done"} or not run.print_count:
        raise AssertionError("not every letter was sent")
    # Written when the last letter was, before they are bound.
    end = run.ended_at.replace(tzinfo=datetime.UTC).timestamp()
    return {
        "letters": len(run.line_ids),
        "memory": [memory for at, memory in looks if at < end],
        "binding": max(memory for at, memory in looks if at >= end - 1),
    }
