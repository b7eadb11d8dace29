import os
import signal
from contextlib import contextmanager
from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.fields import Command, Datetime
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import SQL

from .test_reminder_job import WITHOUT_NOISE, Process

CODE = "test_letter_run_job"
COMPLAINTS = 4
# Tables with what one complaint brings along, and how they know it.
PARTS = (
    ("complaint_event", "ticket_id IN %s"),
    ("complaint_letter_run_line", "ticket_id IN %s"),
    ("complaint_deadline", "ticket_id IN %s"),
    ("complaint_letter", "ticket_id IN %s"),
    ("mail_activity", "res_model = 'helpdesk.ticket' AND res_id IN %s"),
    ("mail_followers", "res_model = 'helpdesk.ticket' AND res_id IN %s"),
    ("mail_message", "model = 'helpdesk.ticket' AND res_id IN %s"),
    ("helpdesk_ticket", "id IN %s"),
)


@tagged("post_install", "-at_install")
class TestLetterRunJob(TransactionCase):
    """A run killed in the middle, and two workers on it: each letter once.

    Real processes and real commits, on complaints of their own; all of it is deleted
    again, whatever happens.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clean()  # what a killed run of these very tests left
        cls.addClassCleanup(cls.clean)

    @classmethod
    @contextmanager
    def really(cls):
        """An environment on a real cursor: what it does is committed."""
        with cls.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, WITHOUT_NOISE)

    def setUp(self):
        super().setUp()
        self.clean()
        with self.really() as env:
            user = new_test_user(
                env, CODE, "helpdesk_complaint.group_complaint_user", email="j@x.test"
            )
            team = env["helpdesk.ticket.team"].create(
                {"name": CODE, "user_ids": [Command.set(user.ids)]}
            )
            tickets = env["helpdesk.ticket"].create(
                [
                    {
                        "name": CODE,
                        "description": "x",
                        "team_id": team.id,
                        "user_id": user.id,
                        "partner_name": "Job",
                        "partner_email": "job@x.test",
                    }
                    for _number in range(COMPLAINTS)
                ]
            )
            env.flush_all()
            env.execute_query(
                SQL(
                    "UPDATE helpdesk_ticket SET complaint_state = 'in_progress', "
                    "complaint_received_at = %s WHERE id IN %s RETURNING id",
                    Datetime.now(),
                    tuple(tickets.ids),
                )
            )
            env.invalidate_all()
            tickets = tickets.with_user(user)
            run = env["complaint.letter.run"].with_user(user).create({"name": CODE})
            run._add_tickets(tickets)
            run.action_start()

    @classmethod
    def clean(cls):
        with cls.really() as env:
            run = env["complaint.letter.run"].search([("name", "=", CODE)])
            tickets = env["helpdesk.ticket"].search([("name", "=", CODE)])
            letters = env["complaint.letter"].search([("ticket_id", "in", tickets.ids)])
            files = letters.attachment_id.ids
            env.cr.execute("ALTER TABLE complaint_event DISABLE TRIGGER USER")
            for table, condition in PARTS:
                env.execute_query(
                    SQL(
                        f"DELETE FROM %s WHERE {condition} RETURNING id",
                        SQL.identifier(table),
                        tuple(tickets.ids) or (0,),
                    )
                )
            env.cr.execute("ALTER TABLE complaint_event ENABLE TRIGGER USER")
            env.invalidate_all()
            env["ir.attachment"].browse(files).unlink()
            env.cr.execute(
                "DELETE FROM complaint_letter_run WHERE id IN %s",
                [tuple(run.ids) or (0,)],
            )
            env.invalidate_all()
            env["helpdesk.ticket.team"].search([("name", "=", CODE)]).unlink()
            user = env["res.users"].search([("login", "=", CODE)])
            partner = user.partner_id
            user.unlink()
            partner.unlink()
            jobs = env.ref("helpdesk_complaint.ir_cron_complaint_letter_run")
            jobs |= env.ref("mail.ir_cron_mail_scheduler_action")
            env["ir.cron.trigger"].search([("cron_id", "in", jobs.ids)]).unlink()

    # ------------------------------------------------------------------
    # The job, here and in processes
    # ------------------------------------------------------------------

    def run_job(self, batch=1):
        with self.really() as env:
            env["complaint.letter.run"]._cron_run(batch=batch)

    def die_at(self, count):
        """The job, killed once the n-th letter is written and not committed."""
        model = self.registry["complaint.letter.run.line"]
        original, calls = model._send, []

        def dying(lines):
            original(lines)
            calls.append(lines)
            if len(calls) == count:
                lines.env.flush_all()
                os.kill(os.getpid(), signal.SIGKILL)

        def work():
            with patch.object(model, "_send", dying):
                self.run_job()

        return work

    def count_letters(self):
        """The job, and how many letters it wrote itself."""
        model = self.registry["complaint.letter.run.line"]
        original, calls = model._send, []

        def counting(lines):
            original(lines)
            calls.append(lines)

        with patch.object(model, "_send", counting):
            self.run_job()
        return len(calls)

    def in_processes(self, *works):
        processes = [Process(self.registry, work) for work in works]
        for process in processes:
            os.write(process.go, b"!")
        ends = [process.finish() for process in processes]
        with self.really() as env:
            # The server may need a moment to see that a process is gone.
            env.cr.execute(
                "SELECT line.id FROM complaint_letter_run_line AS line "
                "JOIN complaint_letter_run AS run ON run.id = line.run_id "
                "WHERE run.name = %s FOR UPDATE OF line",
                [CODE],
            )
        return ends

    def check_each_once(self):
        """Each complaint: one letter, one e-mail, one line of history."""
        with self.really() as env:
            run = env["complaint.letter.run"].search([("name", "=", CODE)])
            self.assertEqual(run.state, "done")
            self.assertEqual(run.line_ids.mapped("state"), ["done"] * COMPLAINTS)
            for line in run.line_ids:
                ticket = line.ticket_id
                self.assertEqual(ticket.complaint_letter_ids, line.letter_id)
                self.assertEqual(line.letter_id.sent_by_id.login, CODE)
                self.assertTrue(line.letter_id.verify_file())
                self.assertEqual(
                    ticket.complaint_event_ids.mapped("event"), ["acknowledge"]
                )
                mails = env["mail.mail"].search(
                    [("model", "=", "helpdesk.ticket"), ("res_id", "=", ticket.id)]
                )
                self.assertEqual(len(mails), 1)
                self.assertFalse(ticket.complaint_verify_history())

    # ------------------------------------------------------------------
    # The promises
    # ------------------------------------------------------------------

    def test_killed_in_the_middle_each_complaint_gets_one_letter(self):
        self.assertEqual(self.in_processes(self.die_at(3)), [("", -signal.SIGKILL)])
        with self.really() as env:
            letters = env["complaint.letter"].search([("ticket_id.name", "=", CODE)])
            self.assertEqual(len(letters), 2)
        self.run_job()
        self.check_each_once()

    def test_two_at_once_each_complaint_gets_one_letter(self):
        ends = self.in_processes(self.count_letters, self.count_letters)
        self.assertEqual([code for _said, code in ends], [0, 0])
        # A letter whose round lost a race is written again.
        self.assertGreaterEqual(sum(int(said) for said, _code in ends), COMPLAINTS)
        self.run_job()
        self.check_each_once()
