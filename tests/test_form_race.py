"""The public form when two workers have it at once, with cursors of their own."""

import threading
from contextlib import contextmanager
from datetime import timedelta

from psycopg2.errors import LockNotAvailable

from odoo import SUPERUSER_ID, api, fields
from odoo.service.model import retrying
from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL, mute_logger

from ..models.complaint_throttle import LIMITS

TITLE = "Charged twice, clicked twice"
EMAIL = "race@visitor.example"
VALUES = {
    "name": TITLE,
    "description": "I was charged twice.",
    "partner_name": "Jean Dupont",
    "partner_email": EMAIL,
}
FILES = [("1.txt", b"one"), ("2.txt", b"two")]
PATIENCE = 60  # seconds; what waits longer is stuck


class RaceCase(TransactionCase):
    def setUp(self):
        super().setUp()
        self.public = self.env.ref("base.public_user").id

    @contextmanager
    def worker(self):
        """What one worker has: a transaction of its own, as a visitor."""
        with self.registry.cursor() as cr:
            cr.execute("SET LOCAL lock_timeout = '200ms'")
            try:
                yield api.Environment(cr, self.public, {})
            finally:
                cr.rollback()

    def submit(self, env, key="a" * 22):
        complaint, is_new = env["helpdesk.ticket"]._complaint_submit(
            dict(VALUES), list(FILES), form_key=key
        )
        env.flush_all()
        return complaint.id, is_new


@tagged("post_install", "-at_install")
class TestFormRace(RaceCase):
    def setUp(self):
        super().setUp()
        self.addCleanup(self.clean)

    def clean(self):
        """Take away what really was committed, which no step of ours does."""
        with self.registry.cursor() as cr:
            cr.execute("SELECT id FROM helpdesk_ticket WHERE name = %s", [TITLE])
            ids = [row[0] for row in cr.fetchall()]
            cr.execute(
                "SELECT conrelid::regclass::text, attname FROM pg_constraint"
                " JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]"
                " WHERE contype = 'f' AND confrelid = 'helpdesk_ticket'::regclass"
            )
            keys = [(SQL.identifier(t), SQL.identifier(c)) for t, c in cr.fetchall()]
            cr.execute("ALTER TABLE complaint_event DISABLE TRIGGER USER")
            for table, column in keys:
                cr.execute(SQL("DELETE FROM %s WHERE %s = ANY(%s)", table, column, ids))
            cr.execute("ALTER TABLE complaint_event ENABLE TRIGGER USER")
            for table, column in (
                ("mail_message", "model"),
                ("mail_followers", "res_model"),
                ("ir_attachment", "res_model"),
            ):
                cr.execute(
                    SQL(
                        "DELETE FROM %s WHERE %s = %s AND res_id = ANY(%s)",
                        SQL.identifier(table),
                        SQL.identifier(column),
                        "helpdesk.ticket",
                        ids,
                    )
                )
            cr.execute("DELETE FROM helpdesk_ticket WHERE id = ANY(%s)", [ids])

    def test_two_clicks_at_once_are_one_complaint(self):
        both_see_nothing = threading.Barrier(2)
        made, tries = [], []

        def click():
            with self.registry.cursor() as cr:
                env = api.Environment(cr, self.public, {})

                def once():
                    cr.execute("SELECT 1")  # what it sees is fixed from here on
                    tries.append(threading.get_ident())
                    if tries.count(threading.get_ident()) == 1:
                        both_see_nothing.wait(PATIENCE)
                    return self.submit(env)

                made.append(retrying(once, env))

        clicks = [threading.Thread(target=click) for _number in range(2)]
        with mute_logger("odoo.service.model"):
            for thread in clicks:
                thread.start()
            for thread in clicks:
                thread.join(PATIENCE)
        self.assertEqual(len(made), 2)
        self.assertEqual(len({ticket for ticket, _new in made}), 1)
        self.assertEqual(sorted(new for _ticket, new in made), [False, True])
        self.assertGreaterEqual(len(tries), 3, "nobody was in the other's way")
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            complaint = env["helpdesk.ticket"].search([("name", "=", TITLE)])
            self.assertEqual(len(complaint), 1)
            self.assertEqual(complaint.complaint_state, "to_qualify")
            self.assertEqual(
                complaint.complaint_event_ids.mapped("event").count("report"), 1
            )
            files = env["ir.attachment"].search(
                [("res_model", "=", complaint._name), ("res_id", "=", complaint.id)]
            )
            self.assertEqual(
                sorted((file.name, file.raw) for file in files), sorted(FILES)
            )

    def test_when_the_first_click_fails_the_second_is_taken(self):
        with self.worker() as first:
            self.assertTrue(self.submit(first)[1])
            with self.worker() as second, mute_logger("odoo.sql_db"):
                # Neither refused nor a second complaint: it must wait for the first.
                with self.assertRaises(LockNotAvailable):
                    self.submit(second)
        with self.worker() as second:
            self.assertTrue(self.submit(second)[1])

    def test_two_visitors_do_not_wait_for_each_other(self):
        with self.worker() as first, self.worker() as second:
            one, _new = self.submit(first, "a" * 22)
            other, _new = self.submit(second, "b" * 22)
            self.assertNotEqual(one, other)
            numbers = [
                env["helpdesk.ticket"].sudo().browse(ticket_id).number
                for env, ticket_id in ((first, one), (second, other))
            ]
            self.assertNotEqual(*numbers)


@tagged("post_install", "-at_install")
class TestThrottleRace(RaceCase):
    """Limits hold for all workers: attempts are rows, not the memory of one."""

    def setUp(self):
        super().setUp()
        self.addCleanup(self.clean)

    def clean(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            digest = env["complaint.throttle"]._digest("mail", EMAIL)
            env["complaint.throttle"].search([("digest", "=", digest)]).unlink()

    def attempt(self, env):
        return env["complaint.throttle"]._allow("mail", EMAIL)

    def attempt_and_commit(self):
        with self.registry.cursor() as cr:
            return self.attempt(api.Environment(cr, self.public, {}))

    def test_what_one_worker_counted_bars_the_next(self):
        limit, hours = LIMITS["mail"]
        for _number in range(limit):
            self.assertTrue(self.attempt_and_commit())
        self.assertFalse(self.attempt_and_commit())
        with self.worker() as env:
            self.assertFalse(self.attempt(env))
            throttle = env["complaint.throttle"].sudo()
            digest = throttle._digest("mail", EMAIL)
            rows = throttle.search([("digest", "=", digest)])
            self.assertEqual(len(rows), limit)
            rows.at = fields.Datetime.now() - timedelta(hours=hours, minutes=1)
            self.assertTrue(self.attempt(env))

    def test_at_one_moment_it_is_passed_by_the_other_workers_alone(self):
        limit, _hours = LIMITS["mail"]
        for _number in range(limit - 1):
            self.assertTrue(self.attempt_and_commit())
        with self.worker() as first, self.worker() as second:
            # Neither waits for the other nor fails: both see one place left.
            self.assertTrue(self.attempt(first))
            self.assertTrue(self.attempt(second))
            self.assertFalse(self.attempt(first))
            self.assertFalse(self.attempt(second))
            first.cr.commit()
            second.cr.commit()
        self.assertFalse(self.attempt_and_commit())
