from odoo.exceptions import AccessError, UserError

from .common import freeze_time
from .mail_case import NOW, MailCase, raw_mail

NEXT_DAY = "2026-11-10 03:00:00"


class TestReconciliation(MailCase):
    def setUp(self):
        super().setUp()
        # Of this company alone: nothing else came to it.
        self.records = self.env["complaint.reconciliation"]

    def run_job(self, at=NEXT_DAY):
        with freeze_time(at), self.enter_registry_test_mode():
            self.env.ref(
                "helpdesk_complaint.ir_cron_complaint_reconciliation"
            ).method_direct_trigger()
        self.env.invalidate_all()
        return self.days()

    def days(self):
        return self.records.search([("company_id", "=", self.company.id)], order="day")

    def todos(self, record):
        return record.activity_ids

    def test_a_day_says_what_entered_and_what_became_of_it(self):
        ticket = self.take(raw_mail())
        self.take(raw_mail(), "repeat")
        away = raw_mail(Message_Id="<away@x>", Auto_Submitted="auto-replied")
        self.take(away, "automatic")
        raw = raw_mail("More.", Message_Id="<m@x>", References="<first@example.org>")
        self.assertEqual(self.take(raw, "reply"), ticket)
        day = self.run_job()
        self.assertEqual(str(day.day), "2026-11-09")
        self.assertEqual(
            (day.entered_count, day.new_count, day.reply_count, day.no_file_count),
            (4, 1, 1, 2),
        )
        self.assertEqual((day.open_count, day.state), (0, "clean"))
        self.assertFalse(self.todos(day))

    def test_what_is_not_accounted_for_is_told_to_the_officers(self):
        self.take(raw_mail())
        failed = self.env["complaint.intake"]._note(
            "form",
            "new",
            self.env["helpdesk.ticket"],
            entered_at=NOW,
            company_id=self.company.id,
        )
        unknown = self._new_complaint(received="2026-11-09 12:00:00")
        self.env.flush_all()
        self.env.cr.execute(
            "DELETE FROM complaint_intake WHERE ticket_id = %s", [unknown.id]
        )
        self.env.invalidate_all()
        day = self.run_job()
        self.assertEqual(day.open_intake_ids, failed)
        self.assertEqual(day.open_ticket_ids, unknown)
        self.assertEqual((day.open_count, day.state), (2, "open"))
        self.assertEqual(self.todos(day).user_id, self.officer)
        again = self.run_job()
        self.assertEqual(again, day)
        self.assertEqual(len(self.todos(day)), 1)
        # What is found again is open no longer.
        self.env["complaint.intake"]._note("report", "new", unknown)
        failed.sudo().ticket_id = unknown
        self.run_job()
        self.assertEqual((day.open_count, day.state), (0, "clean"))
        self.assertFalse(self.todos(day))

    def test_days_are_local_and_those_missed_are_caught_up(self):
        self.take(raw_mail(), at="2026-11-05 22:30:00")
        self.take(raw_mail(Message_Id="<b@x>"), at="2026-11-05 23:30:00")
        zone = self.env["helpdesk.ticket"].new({"company_id": self.company.id})
        self.assertIn(zone._complaint_tz(), ("UTC", "Europe/Paris", "Europe/Brussels"))
        self.company.resource_calendar_id.tz = "Europe/Paris"
        days = self.run_job()
        self.assertEqual(
            [(str(x.day), x.entered_count) for x in days],
            [
                ("2026-11-05", 1),
                ("2026-11-06", 1),
                ("2026-11-07", 0),
                ("2026-11-08", 0),
                ("2026-11-09", 0),
            ],
        )
        self.assertEqual(self.run_job(), days)
        self.assertEqual(len(self.run_job("2026-11-12 03:00:00")), 7)

    def open_day(self):
        self.env["complaint.intake"]._note(
            "email",
            "failed",
            self.env["helpdesk.ticket"],
            entered_at=NOW,
            company_id=self.company.id,
        )
        return self.run_job()

    def test_an_officer_settles_with_an_explanation(self):
        day = self.as_user(self.officer, self.open_day())
        with self.assertRaisesRegex(UserError, "write what became"):
            day.action_settle()
        day.settled_note = "Advertising."
        day.action_settle()
        self.assertEqual((day.state, day.settled_by_id), ("settled", self.officer))
        self.assertFalse(self.todos(day))
        with self.assertRaisesRegex(UserError, "not edited"):
            day.settled_note = "Something else."
        self.run_job()
        self.assertEqual(day.state, "settled")

    def test_who_reads_and_who_changes_it(self):
        day = self.open_day()
        for user, reads, writes in (
            (self.officer, True, True),
            (self.auditor, True, False),
            (self.manager, False, False),
            (self.handler, False, False),
            (self.agent, False, False),
            (self.customer, False, False),
        ):
            seen = self.as_user(user, day)
            with self.subTest(user.login):
                self.assertEqual(seen.has_access("read"), reads)
                self.assertEqual(seen.has_access("write"), writes)
                if not writes:
                    for act in (seen.action_settle, seen.action_check_again):
                        self.assertRaises(AccessError, act)
                if not reads:
                    self.assertRaises(AccessError, seen.action_lines)
        with self.assertRaisesRegex(UserError, "reckoned, not edited"):
            self.as_user(self.officer, day).write({"open_count": 0})
        with self.assertRaises(AccessError):
            self.as_user(self.officer, day).create(
                {"company_id": self.company.id, "day": "2026-11-01"}
            )
        with self.assertRaises(AccessError):
            self.as_user(self.officer, day).unlink()

    def test_the_lines_of_a_day_are_one_click_away(self):
        self.take(raw_mail())
        day = self.run_job()
        action = self.as_user(self.officer, day).action_lines()
        lines = self.env["complaint.intake"].search(action["domain"])
        self.assertEqual(len(lines), 1)

    def test_another_company_sees_nothing(self):
        day = self.open_day()
        other = self.env["res.company"].create({"name": "Other"})
        self.officer.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        records = self.records.with_user(self.officer)
        self.assertFalse(records.search([("id", "=", day.id)]))
