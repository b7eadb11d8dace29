"""How Odoo is called: the project's Python and configuration, from any folder."""

import os
import re
import subprocess

from .console import Stop
from .paths import CONF, LOGS, PYTHON

LOG_LINE = re.compile(
    r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+ \d+ (?P<level>[A-Z]+) (?P<database>\S+)"
    r" (?P<logger>[^:\s]+): (?P<message>.*)"
)
PROBLEMS = ("WARNING", "ERROR", "CRITICAL")


def odoo_command(*arguments):
    """The words that run Odoo. -P keeps the current folder off Python's path, where a
    folder named odoo would hide the real one."""
    return [str(PYTHON), "-P", "-m", "odoo", *map(str, arguments)]


def odoo_environment(conf=CONF):
    """Every Odoo command reads its configuration file, which also says where the
    database server is, from ODOO_RC."""
    environment = {**os.environ, "ODOO_RC": str(conf)}
    environment.pop("PGDATABASE", None)  # Odoo would take it for -d
    environment.setdefault("LC_ALL", "C.UTF-8")
    return environment


def become_odoo(arguments):
    """Turn this process into Odoo, so that input, output and exit code are its own."""
    os.execve(PYTHON, odoo_command(*arguments), odoo_environment())


def run_odoo(log_name, *arguments):
    """Run Odoo to its end without web server and jobs; return its log. Raise Stop with
    its last error when it fails."""
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / log_name
    quiet = ("--stop-after-init", "--no-http", "--max-cron-threads=0")
    with open(log, "w") as output:
        code = foreground(
            odoo_command(*arguments, *quiet),
            env=odoo_environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    text = log.read_text(errors="replace")
    if code:
        raise Stop(f"Odoo failed ({_last_problem(text)}); its log: {log}")
    return text


def foreground(command, **options):
    """Run a program that deals with Ctrl-C itself, and wait until it has."""
    with subprocess.Popen(command, **options) as child:
        while True:
            try:
                return child.wait()
            except KeyboardInterrupt:
                continue
            except SystemExit:
                child.terminate()
                child.wait()
                raise


def _last_problem(text):
    """The most telling line of a failed run: where a traceback ends, or an error."""
    problems = [
        found["message"]
        for found in map(LOG_LINE.match, text.splitlines())
        if found and found["level"] in ("ERROR", "CRITICAL")
    ]
    raised = re.findall(r"^[\w.]+(?:Error|Exception|Warning|Invalid)\b.*$", text, re.M)
    lines = raised or problems or text.strip().splitlines() or ["no output"]
    return lines[-1].strip()
