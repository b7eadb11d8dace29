"""How Odoo is called: the project's Python and configuration, from any folder."""

import os
import re
import subprocess

from . import axe
from .console import Stop
from .paths import CONF, LOGS, PYTHON

LOG_LINE = re.compile(
    r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+ \d+ (?P<level>[A-Z]+) (?P<database>\S+)"
    r" (?P<logger>[^:\s]+): (?P<message>.*)"
)
SECONDS_TO_TIDY_UP = 10
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
    if axe.axe_path().exists():
        environment.setdefault(axe.VARIABLE, str(axe.axe_path()))
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
    """Run a program to its end and return its exit code. Ctrl-C reaches it, too: it
    gets a while to tidy up, then we stop as well."""
    with subprocess.Popen(command, **options) as child:
        try:
            return child.wait()
        except (KeyboardInterrupt, SystemExit) as end:
            if isinstance(end, SystemExit):
                child.terminate()
            try:
                child.wait(SECONDS_TO_TIDY_UP)
            except subprocess.TimeoutExpired:
                child.kill()
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
