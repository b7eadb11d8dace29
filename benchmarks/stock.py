"""A stock of complaints, up to a million, made in minutes.

A few complaints go their way through the ORM as users take them: some are closed, the
others are open at ``NOW``. Each is then copied many times by SQL, because a million by
the ORM take hours. A column that is not named here is copied from the original, with
dates moved into the past for the closed ones, so a column that is added to the models
needs nothing here. What differs from a real stock: a copy's history is its first line
only, under the original's hash; each copy has a link, each closed one its reply as a
letter with a short text, and of its messages, files and ratings only a part is there
(see ``PARTS``), so that a million take 7 GB and not 20. The files of copies are one.
"""

import time
from contextlib import contextmanager
from datetime import datetime, timedelta

from .complainants import furnish_complainants, give_complaints
from .people import MANAGER, furnish

NOW = datetime(2026, 10, 8, 8, 0)  # UTC; a Thursday, in working time in Paris
REMINDED = timedelta(days=2)  # before NOW: reminders due by then were given
OPEN_DAYS = range(4, 26)  # since the open originals were received
CLOSED_DAYS = (90, 150, 240, 330)
TEAMS, HANDLERS_OF_A_TEAM = 10, 10
REGIME = "fr_notice_14_30"  # all its promises are in working days

TICKETS = "helpdesk_ticket"
# The original's handler becomes the copy's; others, the manager for one, stay.
WHOSE = (
    "CASE WHEN original.user_id = copies.original_handler THEN copies.handler"
    " ELSE original.user_id END"
)
SHORT = "'<p>We looked into the fee; the contract has it.</p>'"
# One complaint in two has a message, one in four a file, one in five a rating.
PARTS = {
    # table: its column with the ticket, which rows of an original are copied, and what
    # changes besides
    "complaint_deadline": ("ticket_id", "TRUE", {}),
    "complaint_regime_ticket_rel": ("ticket_id", "TRUE", {}),
    "complaint_event": ("ticket_id", "original.sequence = 1", {}),
    "mail_followers": (
        "res_id",
        "original.res_model = 'helpdesk.ticket'"
        " AND original.partner_id = copies.original_follower",
        {"partner_id": "copies.follower"},
    ),
    "mail_activity": (
        "res_id",
        "original.res_model = 'helpdesk.ticket' AND original.active",
        {"user_id": WHOSE},
    ),
    "complaint_reminder": (
        "ticket_id",
        "TRUE JOIN complaint_deadline AS theirs ON theirs.id = original.deadline_id"
        " JOIN complaint_deadline AS deadline ON deadline.ticket_id = copies.ticket"
        " AND deadline.policy_id = theirs.policy_id AND deadline.cycle = theirs.cycle"
        " AND deadline.occurrence = theirs.occurrence",
        {"deadline_id": "deadline.id", "user_id": WHOSE},
    ),
    "complaint_intake": ("ticket_id", "TRUE", {"digest": "NULL"}),
    "complaint_link": ("ticket_id", "TRUE", {"selector": "'bench-' || copies.number"}),
    "complaint_letter": (
        "ticket_id",
        "original.code = 'rejection'",
        {"body": SHORT, "mail_id": "NULL"},
    ),
    "mail_message": (
        "res_id",
        "original.model = 'helpdesk.ticket' AND original.message_type = 'comment'"
        " AND copies.number % 2 = 0",
        {
            "message_id": "'<' || copies.number || '@bench.example>'",
            "author_id": "copies.customer",
        },
    ),
    "ir_attachment": (
        "res_id",
        "original.res_model = 'helpdesk.ticket' AND original.complaint_is_given"
        " AND copies.number % 4 = 0",
        {},
    ),
    "rating_rating": (
        "res_id",
        "original.res_model = 'helpdesk.ticket' AND copies.number % 5 = 0",
        {"partner_id": "copies.customer"},
    ),
}
RELATION = "message_attachment_rel"
BIG_TABLES = [TICKETS, *PARTS, RELATION]


def build(env, complaints, open_complaints, reminders):
    """Fill a fresh database.

    :param int complaints: how many are added
    :param int open_complaints: how many of them are not closed; two promises run on
        each of them
    :param int reminders: how many of these promises call for a reminder at ``NOW``
    :return: figures of what was made
    """
    started = time.perf_counter()
    originals = _make_originals(env)
    env.flush_all()
    by_orm = time.perf_counter() - started
    with _without_indexes(env.cr):
        _list_copies(
            env,
            originals["people"],
            (originals["closed"], complaints - open_complaints),
            (originals["open"], open_complaints - reminders),
            (originals["due"], reminders - originals["reminders"]),
        )
        _copy_tickets(env.cr)
        for table, (column, condition, changed) in PARTS.items():
            _copy_parts(env.cr, table, column, condition, changed)
        _attach_files(env.cr)
        _deepen(env.cr, originals["closed"][0])
        give_complaints(env, complaints - open_complaints, open_complaints)
    env.invalidate_all()
    return {
        "complaints": complaints,
        "seconds by the ORM": round(by_orm, 1),
        "seconds by SQL": round(time.perf_counter() - started - by_orm, 1),
    }


@contextmanager
def clock(now=NOW):
    """Let the addon believe that it is another time: it asks nobody but the fields."""
    from odoo import fields

    real = fields.Datetime.now, fields.Date.today
    fields.Datetime.now = staticmethod(lambda *_arguments: now)
    fields.Date.today = staticmethod(lambda *_arguments: now.date())
    try:
        yield
    finally:
        fields.Datetime.now, fields.Date.today = map(staticmethod, real)


# ----------------------------------------------------------------------
# Originals, by the ORM
# ----------------------------------------------------------------------


def _make_originals(env):
    """Ids of the complaints to copy, by what they are at ``NOW``."""
    people = furnish(env, TEAMS, HANDLERS_OF_A_TEAM, customers=1000, regimes=[REGIME])
    furnish_complainants(env, people)
    closed = [_close(_enter(env, people, days)) for days in CLOSED_DAYS]
    with clock(NOW - REMINDED):
        entered = [_enter(env, people, days) for days in OPEN_DAYS]
        env["complaint.deadline"]._cron_remind()
    with clock():
        due = env["complaint.deadline"].search(
            env["complaint.deadline"]._get_reminder_domain()
        )
    once = [
        ticket
        for ticket, found in due.grouped("ticket_id").items()
        if found[1:] == found.browse()
    ]
    quiet = [ticket for ticket in entered if ticket.id not in due.ticket_id.ids]
    if not once or not quiet:
        raise AssertionError(
            f"of {len(entered)} open complaints {len(once)} have a reminder due and"
            f" {len(quiet)} none: choose other OPEN_DAYS"
        )
    return {
        "closed": [ticket.id for ticket in closed],
        "open": [ticket.id for ticket in quiet],
        "due": [ticket.id for ticket in once],
        "reminders": len(due),
        "people": people,
    }


def _enter(env, people, days):
    """A complaint received that many days before ``NOW``, registered the same day."""
    received = NOW - timedelta(days=days)
    handler = env["res.users"].browse(people["handlers"][0])
    manager = env["res.users"].search([("login", "=", MANAGER)])
    with clock(received + timedelta(hours=1)):
        ticket = (
            env["helpdesk.ticket"]
            .with_user(handler)
            .create(
                {
                    "name": f"Fees charged without notice ({days})",
                    "description": "<p>You charged me 45 euros without a word.</p>",
                    "partner_id": people["partners"][days],
                    "team_id": people["teams"][0],
                    "user_id": handler.id,
                    "complaint_state": "to_qualify",
                    "complaint_received_at": received,
                    "complaint_sent_date": received.date() - timedelta(days=2),
                }
            )
        )
        _write_in(ticket)
        ticket = ticket.with_user(manager)
        ticket.complaint_qualify(True, "A fee is contested.")
    return ticket


def _write_in(ticket):
    """What the complainant wrote and sent besides, and a link to follow it by."""
    complainant = ticket.partner_id
    # sudo: helpdesk.ticket - as the page that takes it does
    message = ticket.sudo().message_post(
        body="I add the statement of my account.",
        message_type="comment",
        subtype_xmlid="mail.mt_comment",
        author_id=complainant.id,
        attachments=[("statement.txt", b"A fee of 45 euros.")],
    )
    message.attachment_ids.complaint_is_given = True
    ticket.env["complaint.link"]._give(ticket, "complainant", complainant.email)


def _close(ticket):
    """Three promises kept: acknowledged, answered, and the answer accepted."""
    received = ticket.complaint_received_at
    with clock(received + timedelta(days=3)):
        ticket.complaint_send_letter("acknowledge", channel="hand")
    with clock(received + timedelta(days=20)):
        ticket.complaint_decide("rejected", "The fee is in the contract.")
        ticket.complaint_send_letter("rejection", channel="hand")
    with clock(received + timedelta(days=23)):
        ticket.complaint_accept()
        # sudo: helpdesk.ticket - as the page that takes it does
        ticket.sudo()._complaint_rate(4, "", ticket.partner_id)
    return ticket


# ----------------------------------------------------------------------
# Copies, by SQL
# ----------------------------------------------------------------------


def _list_copies(env, people, *groups):
    """A table of what is copied: the new ticket's id, its original, how far its dates
    move into the past, and whose it is."""
    env.cr.execute("SELECT max(id) FROM helpdesk_ticket")
    values = {"last": env.cr.fetchone()[0], "number": 0, "days": 1000}
    handlers = env["res.users"].browse(people["handlers"])
    desks = env["helpdesk.ticket.team"].browse(people["teams"])
    desk_of = {user: desk.id for desk in desks for user in desk.user_ids}
    values |= {
        "handlers": handlers.ids,
        "followers": handlers.partner_id.ids,
        "teams": [desk_of[user] for user in handlers],
        "customers": people["partners"],
    }
    env.cr.execute(
        "CREATE TEMPORARY TABLE copies"
        " (number integer, ticket integer, original integer, shift interval,"
        " handler integer, follower integer, team integer, customer integer,"
        " original_handler integer, original_follower integer)"
    )
    for originals, count in groups:
        env.cr.execute(
            """
            INSERT INTO copies
                 SELECT %(number)s + n, %(last)s + %(number)s + n,
                        (%(originals)s)[1 + n %% array_length(%(originals)s, 1)],
                        n %% %(days)s * interval '1 day',
                        (%(handlers)s)[1 + n %% array_length(%(handlers)s, 1)],
                        (%(followers)s)[1 + n %% array_length(%(followers)s, 1)],
                        (%(teams)s)[1 + n %% array_length(%(teams)s, 1)],
                        (%(customers)s)[1 + n %% array_length(%(customers)s, 1)],
                        (%(handlers)s)[1], (%(followers)s)[1]
                   FROM generate_series(1, %(count)s) AS n
            """,
            {**values, "originals": originals, "count": count},
        )
        values["number"] += count
        values["days"] = 1  # only the first group's dates, the closed ones', move
    env.cr.execute("ANALYZE copies")


def _copy_tickets(cr):
    _insert(
        cr,
        TICKETS,
        "JOIN copies ON copies.original = original.id",
        {
            "id": "copies.ticket",
            "number": "'HT' || lpad(copies.ticket::text, 8, '0')",
            "complaint_number": "'20.1001.' || copies.number",
            "user_id": "copies.handler",
            "team_id": "copies.team",
            "partner_id": "copies.customer",
            "commercial_partner_id": "copies.customer",
        },
    )
    cr.execute(
        "SELECT setval('helpdesk_ticket_id_seq', (SELECT max(id) FROM helpdesk_ticket))"
    )


def _copy_parts(cr, table, column, condition, changed):
    _insert(
        cr,
        table,
        f"JOIN copies ON copies.original = original.{column} AND {condition}",
        {column: "copies.ticket", **changed},
    )


def _attach_files(cr):
    """Each file that was copied came with the message of its complaint."""
    cr.execute("ANALYZE mail_message")
    cr.execute("ANALYZE ir_attachment")
    cr.execute(
        f"""
        INSERT INTO {RELATION} (message_id, attachment_id)
             SELECT message.id, file.id
               FROM ir_attachment AS file
               JOIN copies ON copies.ticket = file.res_id
               JOIN mail_message AS message
                 ON message.model = 'helpdesk.ticket'
                AND message.res_id = file.res_id
              WHERE file.res_model = 'helpdesk.ticket' AND file.res_field IS NULL
        """
    )


def _deepen(cr, original):
    """Give a closed complaint a long past: ten cycles of its promises."""
    _insert(
        cr,
        "complaint_deadline",
        "JOIN (SELECT cycle, cycle AS number, interval '0' AS shift"
        " FROM generate_series(2, 10) AS cycle) AS copies"
        f" ON original.ticket_id = {original}",
        {"cycle": "copies.cycle"},
    )


def _insert(cr, table, join, changed):
    """Copy rows of a table: a column has the expression given, or the original's value,
    moved if it is a date. The database gives ids that are not given."""
    columns = _columns(cr, table)
    unknown = sorted(set(changed) - set(columns))
    if unknown:
        raise AssertionError(
            f"the table {table} has no column {', '.join(unknown)} any more: the SQL of"
            " benchmarks/stock.py must follow"
        )
    values = {}
    for name, kind in columns.items():
        values[name] = f'original."{name}"'
        if kind.startswith(("timestamp", "date")):
            values[name] = f"({values[name]} - copies.shift)::{kind}"
    values.pop("id", None)
    values.update(changed)
    names = ", ".join(f'"{name}"' for name in values)
    cr.execute(
        f"INSERT INTO {table} ({names}) SELECT {', '.join(values.values())}"
        f" FROM {table} AS original {join} ORDER BY copies.number"
    )


def _columns(cr, table):
    cr.execute(
        "SELECT attname, format_type(atttypid, NULL) FROM pg_attribute"
        " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
        " ORDER BY attnum",
        [table],
    )
    return dict(cr.fetchall())


@contextmanager
def _without_indexes(cr):
    """Take indexes and foreign keys off the big tables while they are filled."""
    tables = tuple(BIG_TABLES)
    cr.execute(
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)"
        " FROM pg_constraint WHERE contype = 'f'"
        " AND conrelid::regclass::text IN %s",
        [tables],
    )
    keys = cr.fetchall()
    cr.execute(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid)"
        " FROM pg_index WHERE indrelid::regclass::text IN %s"
        " AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)",
        [tables],
    )
    indexes = cr.fetchall()
    for table, name, _definition in keys:
        cr.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    for name, _definition in indexes:
        cr.execute(f"DROP INDEX {name}")
    yield
    cr.execute("SET LOCAL maintenance_work_mem = '512MB'")
    for _name, definition in indexes:
        cr.execute(definition)
    for table, name, definition in keys:
        cr.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')
    for table in tables:
        cr.execute(f"ANALYZE {table}")
