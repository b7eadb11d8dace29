"""a new public holiday moves 100,000 open deadlines

All of them are counted in working days of one calendar. The holiday is saved as an
administrator does it, then the job runs to its end in a process of its own, whose
memory is watched.
"""

import threading
import time
from contextlib import contextmanager
from datetime import timedelta

from .place import BenchError, Report

SECONDS = 60  # for OPEN of them
OPEN = 100_000
GROWTH = 1.1  # of memory, second half of the work over first


def run(place):
    tickets = place.sized(OPEN, OPEN // 10) // 2  # two promises run on each
    source = place.stock(tickets + tickets // 5, tickets, place.reminders)
    database = place.databases.copy(source, "changed")
    try:
        with place.worker(database) as worker:
            saved = worker.measure("recompute:add_holiday")
            done = worker.measure("recompute:follow")
    finally:
        place.databases.discard(database)
    return _report(saved, done)


def _report(saved, done):
    found = done["result"]
    if found["looked at"] < found["open"]:
        raise BenchError(f"the job left something undone: {found}")
    report = Report(f"recompute: {found['open']:,} open deadlines after a new holiday")
    report.figure(
        "saving the holiday", seconds=saved["seconds"], queries=saved["queries"]
    )
    report.figure(
        "the job",
        seconds=done["seconds"],
        processor=done["processor"],
        a_second=found["looked at"] / done["seconds"],
        queries_each=done["queries"] / found["looked at"],
        commits=found["commits"],
    )
    report.figure(
        "deadlines",
        looked_at=found["looked at"],
        complaints_moved=found["moved"],
        failed=found["failed"],
    )
    report.figure(
        "memory in MB",
        before=found["before"],
        first_half=found["first half"],
        second_half=found["second half"],
    )
    share = found["open"] / OPEN
    what = "recompute" if share >= 1 else f"recompute, by {found['open']:,}"
    report.bar(f"{what} of {OPEN:,} deadlines", done["seconds"] / share, SECONDS, "s")
    growth = found["second half"] / found["first half"]
    report.bar("recompute, memory second half / first half", growth, GROWTH)
    report.bar("recompute, commits", found["commits"], 10, "", at_least=True)
    return report


# ----------------------------------------------------------------------
# Inside Odoo
# ----------------------------------------------------------------------


def add_holiday(env):
    """Close a day that every open promise of the stock still has before it."""
    from .stock import NOW, REGIME, clock

    day = NOW.replace(hour=0) + timedelta(days=1)
    regime = env["complaint.regime"].search([("code", "=", REGIME)])
    calendar = regime.policy_ids.calendar_id[:1]
    with clock():
        env["resource.calendar.leaves"].create(
            {
                "name": "New public holiday",
                "calendar_id": calendar.id,
                "resource_id": False,
                "company_id": False,
                "date_from": day - timedelta(hours=2),
                "date_to": day + timedelta(hours=22, seconds=-1),
            }
        )


def follow(env):
    """Run the job to its end."""
    from .stock import clock

    open_deadlines = env["complaint.deadline"].search_count(
        [("state", "in", ("running", "paused"))]
    )
    with clock(), _watched_memory() as sizes, _counted_commits(env.cr) as commits:
        env["complaint.recompute"]._cron_recompute()
    job = env["complaint.recompute"].search([], limit=1)
    if job.state != "done":
        raise AssertionError(f"the job ended in the state {job.state}: {job.error}")
    half = len(sizes) // 2
    return {
        "open": open_deadlines,
        "looked at": job.done_count,
        "moved": job.moved_count,
        "failed": job.failed_count,
        "commits": len(commits),
        "before": sizes[0],
        "first half": max(sizes[: half + 1]),
        "second half": max(sizes[half:]),
    }


@contextmanager
def _counted_commits(cr):
    """Note the commits of a cursor."""
    commits, real = [], cr.commit

    def commit():
        real()
        commits.append(time.monotonic())

    cr.commit = commit
    try:
        yield commits
    finally:
        del cr.commit


@contextmanager
def _watched_memory():
    """Note this process's memory in MB, ten times a second."""
    import psutil

    process, sizes, over = psutil.Process(), [], threading.Event()

    def watch():
        while True:
            sizes.append(process.memory_info().rss // 2**20)
            if over.wait(0.1):
                return

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield sizes
    finally:
        over.set()
        watcher.join()
