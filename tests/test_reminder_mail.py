from unittest.mock import patch

from odoo.tools import mute_logger

from .common import freeze_time, tagged
from .reminder_common import ReminderCase, at

LOGGER = "odoo.addons.helpdesk_complaint.models.complaint_deadline_reminder"


@tagged("post_install", "-at_install")
class TestReminderMail(ReminderCase):
    """Reminders by e-mail: one each, a few at most, or one a day."""

    rules = [{"when": "before", "amount": 2, "action": "email"}]

    def more(self, count, **vals):
        with freeze_time(at("2026-10-12 10:00:00")):
            tickets = self.Ticket
            for _number in range(count):
                tickets |= self._new_house_complaint(**vals)
        return tickets

    def test_it_says_number_step_date_and_where(self):
        self.remind("2026-10-20 10:00:00")
        letter = self.letters(self.handler)
        self.assertEqual(len(letter), 1)
        self.assertEqual(
            letter.subject,
            f"Complaint {self.ticket.complaint_number}: Answer by Thu 22 Oct 2026",
        )
        self.assertEqual(letter.state, "outgoing")
        self.assertEqual(letter.recipient_ids, self.handler.partner_id)
        self.assertIn(self.company.email, letter.email_from)
        self.assertIn(
            f"/mail/view?model=helpdesk.ticket&amp;res_id={self.ticket.id}",
            letter.body_html,
        )
        self.assertIn("House", letter.body_html)
        self.assertFalse(self.todos())
        self.assertEqual(self.states(self.deadline), [("handler", "given")])
        self.remind("2026-10-20 11:00:00")
        self.assertEqual(len(self.letters(self.handler)), 1)

    def test_it_names_no_complainant(self):
        self.remind("2026-10-20 10:00:00")
        letter = self.letters(self.handler)
        for text in (letter.subject, letter.body_html):
            for secret in (self.ticket.partner_name, self.ticket.name, "Hôte"):
                self.assertNotIn(secret, text)

    def test_it_is_in_the_language_of_the_reader(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.handler.lang = "fr_FR"
        self.remind("2026-10-20 10:00:00")
        self.assertIn("oct.", self.letters(self.handler).subject)

    def test_it_leaves_with_the_queue_soon(self):
        queue = self.env.ref("mail.ir_cron_mail_scheduler_action")
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", queue.id)])
        self.remind("2026-10-20 10:00:00")
        new = self.env["ir.cron.trigger"].search([("cron_id", "=", queue.id)])
        self.assertEqual(len(new - triggers), 1)
        self.remind("2026-10-20 10:15:00")
        again = self.env["ir.cron.trigger"].search([("cron_id", "=", queue.id)])
        self.assertEqual(again, new)

    def test_of_a_confidential_file_it_goes_to_one_who_sees_it(self):
        self.ticket.complaint_is_confidential = True
        self.ticket.user_id = False
        self.remind("2026-10-20 10:00:00")
        self.assertFalse(self.letters(self.leader))
        user = self.ticket._complaint_user_of_level("handler")
        self.assertEqual(len(self.letters(user)), 1)
        self.assertTrue(self.ticket.with_user(user).has_access("read"))

    def test_who_has_no_address_finds_a_to_do(self):
        self.handler.email = False
        self.remind("2026-10-20 10:00:00")
        self.assertEqual(self.todos().user_id, self.handler)
        reminder = self.deadline.reminder_ids
        self.assertEqual((reminder.action, reminder.state), ("activity", "given"))

    def test_a_to_do_and_an_e_mail_at_one_moment_both_come(self):
        self.set_rules(
            {"when": "before", "amount": 2}, {"amount": 2, "action": "email"}
        )
        self.remind("2026-10-20 10:00:00")
        self.assertEqual(len(self.todos()), 1)
        self.assertEqual(len(self.letters(self.handler)), 1)

    def test_up_to_five_come_each_alone(self):
        self.more(4)
        self.remind("2026-10-20 10:00:00")
        self.assertEqual(len(self.letters(self.handler)), 5)

    def test_more_than_five_in_one_run_are_put_together(self):
        tickets = self.more(5) | self.ticket
        self.remind("2026-10-20 10:00:00")
        letter = self.letters(self.handler)
        self.assertEqual(len(letter), 1)
        for ticket in tickets:
            self.assertEqual(letter.body_html.count(ticket.complaint_number), 1)
            self.assertEqual(
                self.states(ticket.complaint_deadline_ids), [("handler", "given")]
            )

    def test_they_are_put_together_whatever_the_batches(self):
        self.more(7)
        deadlines = self.env["complaint.deadline"]
        with freeze_time(at("2026-10-20 10:00:00")):
            with self.enter_registry_test_mode(), self.registry.cursor() as cr:
                deadlines.with_env(self.env(cr=cr))._cron_remind(batch=3)
        self.env.invalidate_all()
        self.assertEqual(len(self.letters(self.handler)), 1)

    def test_they_are_made_in_the_order_of_their_moments(self):
        with freeze_time(at("2026-10-11 10:00:00")):
            earlier = self._new_house_complaint(user_id=self.leader.id)
        self.remind("2026-10-20 10:00:00")
        letters = self.letters(self.leader) | self.letters(self.handler)
        first = letters.sorted("id")[0]
        self.assertIn(earlier.complaint_number, first.subject)

    # ------------------------------------------------------------------
    # One e-mail a day
    # ------------------------------------------------------------------

    def gather(self):
        self.set_rules({"amount": 2, "action": "email", "is_digest": True})

    def test_what_is_gathered_comes_once_a_day_at_its_start(self):
        self.gather()
        other = self.more(1)
        with freeze_time(at("2026-10-13 10:00:00")):
            tomorrow = self._new_house_complaint()
        self.remind("2026-10-20 00:15:00")
        self.assertFalse(self.letters(self.handler))
        self.assertEqual(self.deadline.next_reminder_at, at("2026-10-20 08:00:00"))
        self.remind("2026-10-20 08:05:00")
        letter = self.letters(self.handler)
        self.assertEqual(len(letter), 1)
        self.assertIn("(2)", letter.subject)
        for ticket in (self.ticket, other):
            self.assertIn(ticket.complaint_number, letter.body_html)
            self.assertIn(f"res_id={ticket.id}", letter.body_html)
        self.assertIn("Answer by Thu 22 Oct 2026", letter.body_html)
        self.assertNotIn(tomorrow.complaint_number, letter.body_html)
        self.remind("2026-10-20 10:00:00")
        self.assertEqual(len(self.letters(self.handler)), 1)
        self.remind("2026-10-21 08:05:00")
        self.assertEqual(len(self.letters(self.handler)), 2)

    def test_a_moment_in_the_course_of_a_day_waits_for_the_next(self):
        self.set_rules(
            {"amount": 36, "unit": "hour", "action": "email", "is_digest": True}
        )
        self.remind("2026-10-21 12:30:00")
        self.assertEqual(self.deadline.next_reminder_at, at("2026-10-22 08:00:00"))
        self.remind("2026-10-22 08:00:00")
        self.assertEqual(len(self.letters(self.handler)), 1)

    def test_after_an_outage_it_comes_in_the_course_of_the_day_once(self):
        self.gather()
        self.remind("2026-10-20 15:00:00")
        self.assertEqual(len(self.letters(self.handler)), 1)
        with freeze_time(at("2026-10-20 15:10:00")):
            late = self._new_qualified(self.house, received=at("2026-10-11 10:00:00"))
        self.remind("2026-10-20 15:15:00")
        self.assertEqual(len(self.letters(self.handler)), 1)
        self.assertEqual(
            self.states(late.complaint_deadline_ids), [("handler", "waiting")]
        )
        self.remind("2026-10-21 08:00:00")
        self.assertEqual(len(self.letters(self.handler)), 2)

    def test_a_promise_kept_before_the_e_mail_leaves_is_left_out(self):
        self.gather()
        self.remind("2026-10-20 09:00:00")
        with freeze_time(at("2026-10-20 09:30:00")):
            late = self._new_qualified(self.house, received=at("2026-10-11 10:00:00"))
        self.remind("2026-10-20 10:00:00")
        with freeze_time(at("2026-10-20 11:00:00")):
            late.complaint_decide("upheld", "x", self.cause.id)
            late.complaint_send_letter("favourable")
        self.remind("2026-10-21 08:00:00")
        self.assertEqual(len(self.letters(self.handler)), 1)
        self.assertEqual(
            self.states(late.complaint_deadline_ids), [("handler", "overtaken")]
        )

    def test_who_may_no_longer_read_the_file_is_not_told(self):
        self.gather()
        self.remind("2026-10-20 09:00:00")
        with freeze_time(at("2026-10-20 09:30:00")):
            late = self._new_qualified(self.house, received=at("2026-10-11 10:00:00"))
        self.remind("2026-10-20 10:00:00")
        late.complaint_concerned_user_ids = self.handler
        self.remind("2026-10-21 08:00:00")
        self.remind("2026-10-21 08:15:00")
        self.assertEqual(len(self.letters(self.handler)), 1)
        self.assertIn(late.complaint_number, self.letters(self.leader).body_html)

    def test_what_waits_when_the_job_is_killed_waits_for_working_time(self):
        self.env["complaint.reminder"].create(
            {
                "ticket_id": self.ticket.id,
                "deadline_id": self.deadline.id,
                "rule_id": self.policy.reminder_rule_ids.id,
                "level": "handler",
                "action": "email",
                "moment": at("2026-10-20 00:00:00"),
                "user_id": self.handler.id,
                "state": "waiting",
            }
        )
        self.remind("2026-10-20 20:00:00")
        self.assertFalse(self.letters(self.handler))
        self.remind("2026-10-21 08:00:00")
        self.assertEqual(len(self.letters(self.handler)), 1)

    # ------------------------------------------------------------------
    # What goes wrong
    # ------------------------------------------------------------------

    def test_one_e_mail_that_fails_stops_no_other(self):
        other = self.more(1, user_id=self.leader.id)
        model = type(self.env["complaint.reminder"])
        prepare = model._prepare_letters

        def fail(rows, reader):
            if reader == self.handler:
                raise ValueError("No words left")
            return prepare(rows, reader)

        with patch.object(model, "_prepare_letters", fail), mute_logger(LOGGER):
            self.remind("2026-10-20 10:00:00")
            self.remind("2026-10-20 10:15:00")
        self.assertEqual(len(self.letters(self.leader)), 1)
        self.assertFalse(self.letters(self.handler))
        self.assertEqual(self.states(self.deadline), [("handler", "failed")])
        self.assertIn("No words left", self.deadline.reminder_error)
        officer = self.ticket._complaint_user_of_level("officer")
        self.assertEqual(self.todos().user_id, officer)
        self.assertEqual(len(self.todos()), 1)
        with freeze_time(at("2026-10-20 10:20:00")):
            self.as_user(self.handler, self.deadline).action_retry_reminder()
        self.remind("2026-10-20 10:30:00")
        self.assertEqual(len(self.letters(self.handler)), 1)
        self.assertEqual(self.states(self.deadline), [("handler", "given")])
        self.assertEqual(
            self.states(other.complaint_deadline_ids), [("handler", "given")]
        )
