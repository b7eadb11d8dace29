"""the job of reminders, with few and with a million complaints

A thousand promises call for a reminder in each of two stocks. The job runs on both in
turns, by the clock of the stocks (a Thursday morning); then both are put back as they
were.
"""

from contextlib import ExitStack

from .place import Report, in_turns, median


def run(place):
    stocks = place.stocks()
    with ExitStack() as stack:
        workers = {
            name: stack.enter_context(place.worker(database))
            for name, database in stocks.items()
        }
        for worker in workers.values():
            worker.call("reminder:remember")

        def job(worker):
            def measure():
                cost = worker.measure("reminder:remind")
                given = worker.call("reminder:count_given")
                cost["reminders"], cost["promises"] = given
                cost["queries each"] = cost["queries"] / max(cost["reminders"], 1)
                worker.call("reminder:restore")
                return cost

            return measure

        taken = in_turns(
            place.sized(3, 1),
            0,
            {name: job(worker) for name, worker in workers.items()},
        )
        counts = {
            name: worker.call("reminder:count") for name, worker in workers.items()
        }
        for worker in workers.values():
            worker.call("reminder:forget")
    return _report(place, taken, counts)


def _report(place, taken, counts):
    report = Report(
        f"reminder: {place.reminders:,} promises due for one, medians of turns"
    )
    for name, costs in taken.items():
        report.figure(
            f"{counts[name]:,} complaints",
            seconds=median(costs),
            reminders=int(median(costs, "reminders")),
            a_second=median(costs, "reminders") / median(costs),
            queries_each=median(costs, "queries each"),
        )
    small, large = taken["small"], taken["large"]
    for name, costs in taken.items():
        told = median(costs, "promises") / place.reminders
        report.bar(f"{name} stock: told of / due", told, 1, at_least=True)
    report.bar("reminders, large / small stock", median(large) / median(small), 1.3)
    each = median(large, "queries each") / median(small, "queries each")
    report.bar("queries a reminder, large / small stock", each, 1.01)
    return report


# ----------------------------------------------------------------------
# Inside Odoo
# ----------------------------------------------------------------------

# What the job changes: rows to keep of these tables ...
KEPT = {
    "complaint_deadline": "SELECT * FROM complaint_deadline WHERE ticket_id IN %s",
    "helpdesk_ticket": "SELECT * FROM helpdesk_ticket WHERE id IN %s",
    "mail_activity": "SELECT * FROM mail_activity WHERE res_model = 'helpdesk.ticket'"
    " AND res_id IN %s",
}
# ... and rows that it adds to these.
ADDED = ("complaint_reminder", "complaint_event", "mail_activity", "mail_message")


def remind(env):
    from .stock import clock

    with clock():
        env["complaint.deadline"]._cron_remind()


def count(env):
    return env["helpdesk.ticket"].search_count([("complaint_state", "!=", False)])


def count_given(env):
    """``[reminders, promises]``: what somebody was told, and of how many promises."""
    env.cr.execute(
        "SELECT count(*), count(DISTINCT deadline_id) FROM complaint_reminder"
        " WHERE state = 'given'"
        " AND id > (SELECT complaint_reminder FROM bench_kept_ids)"
    )
    return env.cr.fetchone()


def remember(env):
    """Keep what the job will change; a run that was killed is undone first."""
    from .stock import clock

    env.cr.execute("SELECT to_regclass('bench_kept_ids')")
    if env.cr.fetchone()[0]:
        restore(env)
        forget(env)
    with clock():
        due = env["complaint.deadline"].search(
            env["complaint.deadline"]._get_reminder_domain()
        )
    for table, query in KEPT.items():
        env.cr.execute(
            f"CREATE TABLE bench_kept_{table} AS {query}", [tuple(due.ticket_id.ids)]
        )
    last = [f"(SELECT coalesce(max(id), 0) FROM {table}) AS {table}" for table in ADDED]
    env.cr.execute(f"CREATE TABLE bench_kept_ids AS SELECT {', '.join(last)}")


def restore(env):
    """Put everything back, the append-only history too."""
    env.cr.execute("ALTER TABLE complaint_event DISABLE TRIGGER USER")
    for table in ADDED:
        env.cr.execute(
            f"DELETE FROM {table} WHERE id > (SELECT {table} FROM bench_kept_ids)"
        )
    env.cr.execute("ALTER TABLE complaint_event ENABLE TRIGGER USER")
    for table in KEPT:
        env.cr.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass"
            " AND attnum > 0 AND NOT attisdropped AND attname != 'id'",
            [table],
        )
        names = [f'"{name}"' for (name,) in env.cr.fetchall()]
        env.cr.execute(
            f"UPDATE {table} SET ({', '.join(names)}) ="
            f" ({', '.join(f'kept.{name}' for name in names)})"
            f" FROM bench_kept_{table} AS kept WHERE {table}.id = kept.id"
        )
        env.cr.execute(
            f"INSERT INTO {table} SELECT * FROM bench_kept_{table} AS kept"
            f" WHERE NOT EXISTS (SELECT 1 FROM {table} WHERE {table}.id = kept.id)"
        )


def forget(env):
    for table in (*KEPT, "ids"):
        env.cr.execute(f"DROP TABLE IF EXISTS bench_kept_{table}")
