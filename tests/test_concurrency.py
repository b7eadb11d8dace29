from contextlib import contextmanager

from psycopg2.errors import LockNotAvailable, SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestConcurrency(TransactionCase):
    """Two transactions at once, with cursors of their own: the second waits.

    Nothing of what they do stays: each is rolled back, and the one ticket they need
    is deleted again.
    """

    @contextmanager
    def other(self):
        """An environment on a real cursor that waits for nobody and keeps nothing."""
        with self.registry.cursor() as cr:
            cr.execute("SET LOCAL lock_timeout = '200ms'")
            try:
                yield api.Environment(cr, SUPERUSER_ID, {})
            finally:
                cr.rollback()

    def take(self, env):
        return env["complaint.register"]._take(env.ref("base.main_company"), 2089, 1)

    def test_register_numbers_have_no_gap_and_no_duplicate(self):
        with self.other() as first:
            number = self.take(first)
            with self.other() as second, mute_logger("odoo.sql_db"):
                # Not the same number, nor the next one: it must wait for this one.
                with self.assertRaises(LockNotAvailable):
                    self.take(second)
            self.assertEqual(self.take(first), number + 1)
        with self.other() as third:
            self.assertEqual(self.take(third), number)

    def test_two_who_write_to_one_history_do_not_fork_it(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
            ticket = env["helpdesk.ticket"].create({"name": "x", "description": "x"})
            ticket_id = ticket.id
        self.addCleanup(self.delete, ticket_id)
        with self.other() as late:
            late.cr.execute("SELECT 1")  # what it sees is fixed from here on
            with self.other() as first:
                self.log(first, ticket_id)
                with self.other() as second, mute_logger("odoo.sql_db"):
                    with self.assertRaises(LockNotAvailable):
                        self.log(second, ticket_id)
            with self.registry.cursor() as cr:
                cr.execute(
                    "UPDATE helpdesk_ticket SET color = 1 WHERE id = %s",
                    [ticket_id],
                )
            with mute_logger("odoo.sql_db"), self.assertRaises(SerializationFailure):
                self.log(late, ticket_id)

    def log(self, env, ticket_id):
        return env["helpdesk.ticket"].browse(ticket_id)._complaint_log("change")

    def delete(self, ticket_id):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["helpdesk.ticket"].browse(ticket_id).unlink()
