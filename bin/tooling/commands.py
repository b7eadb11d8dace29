"""Running other programs so that a failure is told in one line."""

import subprocess

from .console import NO_SPACE, Stop
from .paths import LOGS

# How the programs that we run begin the line with the reason.
MARKS = ("E:", "ERROR", "FATAL", "error", "psql: error")


def telling_line(output):
    """The line of a program's output that most likely says why it failed."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    if not lines:
        return "no message"
    marked = [line for line in lines if line.startswith(MARKS)]
    return marked[0] if marked else lines[-1]


def run(command, failure, **options):
    """Run a program quietly and return its output; raise Stop(failure + reason) when it
    fails. ``failure`` says what was being done; the output is kept in .local/log."""
    command = [str(part) for part in command]
    options.setdefault("stdin", subprocess.DEVNULL)
    try:
        done = subprocess.run(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
            **options,
        )
    except FileNotFoundError as error:
        raise Stop(f"{failure}: the program {command[0]} is missing") from error
    if "No space left on device" in done.stdout and done.returncode:
        raise Stop(NO_SPACE)
    if done.returncode:
        raise Stop(f"{failure}: {explain(command, done.stdout)}")
    return done.stdout


def explain(command, output):
    """Keep a failed program's output and give its reason in one line."""
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / "last-failure.log"
    log.write_text(f"$ {' '.join(command)}\n{output}")
    return f"{telling_line(output)} (full output: {log})"
