import os
import signal
import time
import traceback
from contextlib import contextmanager
from unittest.mock import patch

from odoo import SUPERUSER_ID, api, sql_db
from odoo.fields import Domain
from odoo.tests import TransactionCase, freeze_time, new_test_user, tagged
from odoo.tools import SQL, mute_logger

CODE = "test_reminder_job"
# Five e-mails to one person come each alone.
PROMISES = 5
# Tuesday 20 October 2026, 10:00 in Paris; all is due on Thursday.
TUESDAY, FRIDAY, NEXT_WEEK = "2026-10-20 08:00", "2026-10-23 08:00", "2026-10-27 09:00"
DUE = "2026-10-22 21:59:59"
WITHOUT_NOISE = {"tracking_disable": True, "mail_create_nosubscribe": True}


class Process:
    """A function in a real process of its own, with connections of its own.

    A fork: it has the registry at once, where a new interpreter needs seconds to load
    it. It must not touch the connections that it shares with its parent.
    """

    def __init__(self, registry, work):
        self.may_go, go = os.pipe()
        self.go = go
        self.said, say = os.pipe()
        self.pid = os.fork()
        if not self.pid:
            self.live(registry, work, say)
        os.close(self.may_go)
        os.close(say)

    def live(self, registry, work, say):
        code = 1
        try:
            sql_db._Pool = sql_db._Pool_readonly = None
            registry._db = sql_db.db_connect(registry.db_name)
            os.read(self.may_go, 1)
            os.write(say, str(work()).encode())
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)

    def finish(self):
        """Wait for its end: what it said, and how it ended (minus the signal)."""
        _pid, status = os.waitpid(self.pid, 0)
        said = os.read(self.said, 100).decode()
        os.close(self.said)
        os.close(self.go)
        return said, os.waitstatus_to_exitcode(status)


@tagged("post_install", "-at_install")
class TestReminderJob(TransactionCase):
    """The job killed, late, run twice, and beside another: each reminder once.

    Real processes and real commits, on promises of their own; all of it is deleted
    again, whatever happens.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clean()  # what a killed run of these very tests left
        cls.addClassCleanup(cls.clean)
        with cls.really() as env:
            cls.build(env)

    @classmethod
    @contextmanager
    def really(cls):
        """An environment on a real cursor: what it does is committed."""
        with cls.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, WITHOUT_NOISE)

    @classmethod
    def build(cls, env):
        user = new_test_user(
            env, CODE, "helpdesk_complaint.group_complaint_user", email="job@x.example"
        )
        regime = env["complaint.regime"].create(
            {"name": "Job", "code": CODE, "source": "Test"}
        )
        rules = [
            {"when": "before", "amount": 2, "any_time": True},
            {"when": "before", "amount": 2, "action": "email", "any_time": True},
            {"when": "after", "amount": 0, "any_time": True},
            {"when": "after", "amount": 1, "any_time": True},
        ]
        policy = env["complaint.policy"].create(
            {
                "regime_id": regime.id,
                "step": "respond",
                "amount": 10,
                "source": "Test",
                "reminder_rule_ids": [(0, 0, rule) for rule in rules],
            }
        )
        tickets = env["helpdesk.ticket"].create(
            [
                {"name": CODE, "description": "x", "user_id": user.id}
                for _number in range(PROMISES)
            ]
        )
        # No history: it is append-only, and nothing of this may stay.
        env.flush_all()
        env.cr.execute(
            "UPDATE helpdesk_ticket SET complaint_state = 'in_progress' WHERE id IN %s",
            [tuple(tickets.ids)],
        )
        env.invalidate_all()
        with freeze_time("2026-10-12 08:00"):
            env["complaint.deadline"].create(
                [
                    {
                        "ticket_id": ticket.id,
                        "policy_id": policy.id,
                        "step": policy.step,
                        "target": policy.target,
                        "cycle": 1,
                        "start_at": "2026-10-12 08:00",
                        "due_at": DUE,
                        "original_due_at": DUE,
                    }
                    for ticket in tickets
                ]
            )

    @classmethod
    def clean(cls):
        with cls.really() as env:
            regime = env["complaint.regime"].search([("code", "=", CODE)])
            cls.forget(env)
            env["complaint.deadline"].search([("regime_id", "=", regime.id)]).unlink()
            tickets = env["helpdesk.ticket"].search([("name", "=", CODE)])
            env.cr.execute(
                "UPDATE helpdesk_ticket SET complaint_state = NULL WHERE id IN %s",
                [tuple(tickets.ids) or (0,)],
            )
            env.invalidate_all()
            tickets.unlink()
            regime.policy_ids.unlink()
            regime.unlink()
            user = env["res.users"].search([("login", "=", CODE)])
            partner = user.partner_id
            channel = f'%"res.partner",{partner.id or 0}]'
            user.unlink()
            partner.unlink()
        with cls.really() as env:  # what the web client is told, once it is committed
            env["bus.bus"].search([("channel", "=like", channel)]).unlink()

    @classmethod
    def forget(cls, env):
        """Delete what the job did."""
        deadlines = env["complaint.deadline"].search([("regime_id.code", "=", CODE)])
        deadlines.reminder_ids.unlink()
        deadlines.ticket_id.activity_ids.unlink()
        cls.letters(env).unlink()
        queue = env.ref("mail.ir_cron_mail_scheduler_action")
        env["ir.cron.trigger"].search(
            [
                ("cron_id", "=", queue.id),
                ("call_at", "in", [TUESDAY, FRIDAY, NEXT_WEEK]),
            ]
        ).unlink()
        return deadlines

    def setUp(self):
        super().setUp()
        with self.really() as env:
            deadlines = self.forget(env)
            env.add_to_compute(deadlines._fields["next_reminder_at"], deadlines)

    @classmethod
    def letters(cls, env):
        return env["mail.mail"].search([("recipient_ids.user_ids.login", "=", CODE)])

    # ------------------------------------------------------------------
    # The job, here and in processes
    # ------------------------------------------------------------------

    def run_job(self, now=TUESDAY, batch=2):
        """Run the job with real commits, on these promises and no other."""
        with self.really() as env, freeze_time(now):
            deadlines, reminders = env["complaint.deadline"], env["complaint.reminder"]
            with (
                self.narrow(deadlines, "_get_reminder_domain", "regime_id.code"),
                self.narrow(
                    reminders, "_get_waiting_domain", "deadline_id.regime_id.code"
                ),
            ):
                deadlines._cron_remind(batch=batch)

    def narrow(self, model, name, path):
        original = getattr(type(model), name)
        return patch.object(
            type(model), name, lambda rec: original(rec) & Domain(path, "=", CODE)
        )

    def die_in(self, name, count):
        """The job, killed at the end of the n-th call of a method.

        Everything is sent to the database by then, and nothing of it committed.
        """
        model = self.registry["complaint.reminder"]
        original, calls = getattr(model, name), []

        def dying(records, *args):
            original(records, *args)
            calls.append(name)
            if len(calls) == count:
                records.env.flush_all()
                os.kill(os.getpid(), signal.SIGKILL)

        def work():
            with patch.object(model, name, dying):
                self.run_job()

        return work

    def count_rounds(self):
        """The job, one promise a round and a while for each; how many it had."""
        cron = self.registry["ir.cron"]
        original, rounds = cron._commit_progress, []

        def slow(records, processed=0, **kwargs):
            rounds.append(bool(processed))
            time.sleep(0.1)
            return original(records, processed, **kwargs)

        with patch.object(cron, "_commit_progress", slow):
            self.run_job(batch=1)
        return sum(rounds)

    def in_processes(self, *works):
        """Run functions in processes, at the same time: ``[(said, exit code)]``."""
        processes = [Process(self.registry, work) for work in works]
        for process in processes:
            os.write(process.go, b"!")
        ends = [process.finish() for process in processes]
        with self.really() as env:
            # The server may need a moment to see that a process is gone.
            for model in ("complaint.deadline", "complaint.reminder"):
                records = env[model].search([("ticket_id.name", "=", CODE)])
                env.cr.execute(
                    SQL(
                        "SELECT id FROM %s WHERE id IN %s FOR UPDATE",
                        SQL.identifier(records._table),
                        tuple(records.ids) or (0,),
                    )
                )
        return ends

    def check_each_once(self):
        """Each promise: one to-do, one e-mail, and one line of record for each."""
        with self.really() as env:
            deadlines = env["complaint.deadline"].search(
                [("regime_id.code", "=", CODE)]
            )
            self.assertEqual(len(deadlines), PROMISES)
            for deadline in deadlines:
                self.assertEqual(len(deadline.ticket_id.activity_ids), 1)
                self.assertEqual(
                    sorted(row.action for row in deadline.reminder_ids),
                    ["activity", "email"],
                )
                self.assertEqual(set(deadline.reminder_ids.mapped("state")), {"given"})
                self.assertEqual(str(deadline.next_reminder_at), DUE)
            letters = self.letters(env)
            self.assertEqual(len(letters), PROMISES)
            numbers = deadlines.ticket_id.mapped("complaint_reference")
            subjects = letters.mapped("subject")
            for number in numbers:
                self.assertEqual(sum(number in subject for subject in subjects), 1)

    def count(self):
        """How many to-dos and e-mails are in the database."""
        with self.really() as env:
            deadlines = env["complaint.deadline"].search(
                [("regime_id.code", "=", CODE)]
            )
            return len(deadlines.ticket_id.activity_ids), len(self.letters(env))

    # ------------------------------------------------------------------
    # The promises
    # ------------------------------------------------------------------

    def test_killed_in_the_middle_each_reminder_comes_once(self):
        killed = [("", -signal.SIGKILL)]
        self.assertEqual(self.in_processes(self.die_in("_leave_todos", 2)), killed)
        self.assertEqual(self.count(), (2, 0))  # the first round, and that whole
        self.assertEqual(self.in_processes(self.die_in("_send_to", 1)), killed)
        self.assertEqual(self.count(), (PROMISES, 0))
        self.run_job()
        self.check_each_once()

    def test_two_at_once_each_reminder_comes_once(self):
        said = self.in_processes(self.count_rounds, self.count_rounds)
        self.assertEqual([code for _text, code in said], [0, 0])
        # Both found something to do.
        self.assertTrue(all(int(text) > 1 for text, _code in said), said)
        self.check_each_once()

    def test_a_promise_that_somebody_changes_meanwhile_is_not_lost(self):
        """The database refuses the round, which is taken again."""
        model = self.registry["complaint.deadline"]
        original, changed = model.try_lock_for_update, []

        def change_first(records, **kwargs):
            if not changed:
                with self.really() as env:
                    changed.append(records[0].id)
                    env["complaint.deadline"].browse(changed).write({"cycle": 1})
            return original(records, **kwargs)

        with (
            patch.object(model, "try_lock_for_update", change_first),
            mute_logger("odoo.sql_db"),
        ):
            self.run_job()
        self.assertTrue(changed)
        self.check_each_once()

    def test_run_twice_each_reminder_comes_once(self):
        self.run_job()
        self.run_job()
        self.check_each_once()

    def test_skipped_for_three_days_each_person_hears_once(self):
        self.run_job(FRIDAY)
        self.run_job(NEXT_WEEK)
        self.assertEqual(self.count(), (PROMISES, 0))
        with self.really() as env:
            for deadline in env["complaint.deadline"].search(
                [("regime_id.code", "=", CODE)]
            ):
                self.assertEqual(
                    sorted(deadline.reminder_ids.mapped("state")),
                    ["given", "overtaken", "overtaken", "overtaken"],
                )
                self.assertFalse(deadline.next_reminder_at)
