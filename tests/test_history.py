import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.tools import mute_logger

from .common import ComplaintCase, tagged


@tagged("post_install", "-at_install")
class TestHistory(ComplaintCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ticket = cls._new_qualified()
        cls.ticket.complaint_send_letter("acknowledge")
        cls.ticket.complaint_decide("rejected", "Zoé is mistaken.")

    def sql(self, query, *params):
        """Do what an administrator with the database's password could do."""
        self.env.flush_all()
        self.env.cr.execute("ALTER TABLE complaint_event DISABLE TRIGGER USER")
        self.env.cr.execute(query, params)
        self.env.cr.execute("ALTER TABLE complaint_event ENABLE TRIGGER USER")
        self.env.invalidate_all()

    def line(self, event):
        return self.ticket.complaint_event_ids.filtered(lambda x: x.event == event)

    def test_every_step_is_one_line_and_the_chain_holds(self):
        self.assertEqual(
            self.ticket.complaint_event_ids.sorted("sequence").mapped("event"),
            ["report", "qualify_yes", "acknowledge", "decide"],
        )
        self.assertFalse(self.ticket.complaint_verify_history())
        self.assertEqual(
            self.ticket.action_complaint_verify_history()["params"]["type"], "success"
        )

    def test_the_hashed_text_holds_no_personal_data(self):
        for event in self.ticket.complaint_event_ids:
            for word in ("Zoé", "L'Hôte", "t_customer", "mistaken"):
                self.assertNotIn(word, event.payload)

    def test_erasing_the_free_text_does_not_break_the_chain(self):
        self.env.cr.execute(
            "UPDATE complaint_event SET note = NULL WHERE ticket_id = %s",
            (self.ticket.id,),
        )
        self.env.cr.execute(
            "UPDATE helpdesk_ticket SET complaint_salt = NULL, "
            "complaint_state = 'erased' WHERE id = %s",
            (self.ticket.id,),
        )
        self.env.invalidate_all()
        self.assertFalse(self.ticket.complaint_verify_history())

    def test_every_kind_of_tampering_is_found_and_named(self):
        decide, acknowledge = self.line("decide"), self.line("acknowledge")
        one = "WHERE id = %s"
        rows = [
            ("note", f"UPDATE complaint_event SET note = 'x' {one}", decide),
            ("user", f"UPDATE complaint_event SET user_id = 1 {one}", acknowledge),
            (
                "date",
                f"UPDATE complaint_event SET date = date - interval '1 day' {one}",
                acknowledge,
            ),
            (
                "event",
                f"UPDATE complaint_event SET event = 'inform' {one}",
                acknowledge,
            ),
            ("hash", f"UPDATE complaint_event SET hash = 'v1:00' {one}", acknowledge),
            (
                "payload",
                "UPDATE complaint_event SET payload = replace(payload, 'email', 'hand')"
                f" {one}",
                acknowledge,
            ),
            ("junk", f"UPDATE complaint_event SET payload = 'junk' {one}", acknowledge),
        ]
        manager = next(iter(self.manager.ids))
        for name, query, event in rows:
            with self.subTest(name), self.cr.savepoint() as savepoint:
                if name == "user":
                    query = query.replace("user_id = 1", f"user_id = {manager}")
                self.sql(query, event.id)
                self.assertEqual(self.ticket.complaint_verify_history(), event)
                savepoint.rollback()
            self.env.invalidate_all()

    def test_a_removed_line_is_found(self):
        acknowledge, decide = self.line("acknowledge"), self.line("decide")
        self.sql("DELETE FROM complaint_event WHERE id = %s", acknowledge.id)
        self.assertEqual(self.ticket.complaint_verify_history(), decide)
        self.assertEqual(
            self.ticket.action_complaint_verify_history()["params"]["type"], "danger"
        )

    def test_removed_last_lines_are_found(self):
        acknowledge, decide = self.line("acknowledge"), self.line("decide")
        self.sql("DELETE FROM complaint_event WHERE id = %s", decide.id)
        self.assertEqual(self.ticket.complaint_verify_history(), acknowledge)

    def test_a_history_that_is_gone_is_an_error(self):
        self.sql("DELETE FROM complaint_event WHERE ticket_id = %s", self.ticket.id)
        with self.assertRaisesRegex(UserError, "lost its whole history"):
            self.ticket.complaint_verify_history()

    def test_an_ordinary_ticket_has_no_history(self):
        self.assertFalse(self._new_ticket().complaint_verify_history())

    def test_the_database_itself_refuses_changes(self):
        event = self.line("decide")
        for query in (
            "UPDATE complaint_event SET note = 'x' WHERE id = %s",
            "UPDATE complaint_event SET cycle = 9 WHERE id = %s",
            "DELETE FROM complaint_event WHERE id = %s",
        ):
            with (
                self.assertRaisesRegex(psycopg2.Error, "append-only"),
                mute_logger("odoo.sql_db"),
                self.cr.savepoint(),
            ):
                self.env.cr.execute(query, (event.id,))

    def test_nobody_changes_a_line_through_odoo(self):
        event = self.line("decide")
        for record in (event, event.sudo()):
            with self.assertRaisesRegex(UserError, "append-only"):
                record.write({"note": "x"})
            with self.assertRaisesRegex(UserError, "append-only"):
                record.unlink()
        for user in (self.handler, self.officer, self.auditor):
            with self.assertRaises(AccessError):
                self.env["complaint.event"].with_user(user).create(
                    {"ticket_id": self.ticket.id}
                )

    def test_auditors_verify_and_customers_do_not(self):
        self.assertFalse(
            self.as_user(self.auditor, self.ticket).complaint_verify_history()
        )
        for user in (self.customer, self.agent):
            with self.assertRaises(AccessError):
                self.as_user(user, self.ticket).complaint_verify_history()
