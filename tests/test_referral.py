from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form

from .common import ComplaintCase, freeze_time, tagged


@tagged("post_install", "-at_install")
class TestReferral(ComplaintCase):
    """A referral is followed from the day a body has it to its end."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.body = cls.acpr.recourse_body_ids[:1]
        cls.today = fields.Date.today()
        cls.ticket = cls._new_qualified(received="2026-06-30 08:00:00")
        cls.ticket = cls.ticket.with_context(allowed_company_ids=cls.company.ids)

    def day(self, ago):
        return self.today - timedelta(days=ago)

    def referred(self, ago=30, user=None, **vals):
        ticket = self.as_user(user or self.handler, self.ticket)
        return ticket.complaint_refer(self.body.id, self.day(ago), **vals)

    def managed(self, referral):
        return self.as_user(self.manager, referral)

    def events(self):
        return self.ticket.complaint_event_ids.sorted("sequence").mapped("event")

    # ------------------------------------------------------------------
    # The steps
    # ------------------------------------------------------------------

    def test_from_the_referral_to_the_end(self):
        referral = self.referred(reference="MED-77", date_notified=self.day(25))
        self.assertEqual((referral.state, referral.is_open), ("open", True))
        self.assertEqual(referral.date_notified, self.day(25))
        referral.refer_admit(True, self.day(20), reference="MED-78")
        self.assertEqual((referral.state, referral.reference), ("admitted", "MED-78"))
        file = self.env["ir.attachment"].with_user(self.handler)
        file = file.create({"name": "opinion.pdf", "raw": b"%PDF-1.4"})
        referral.refer_opinion("partly", "Pay half.", self.day(10), file.ids)
        self.assertEqual(referral.state, "opinion")
        self.assertEqual(referral.attachment_ids, file)
        self.assertEqual(
            (file.sudo().res_model, file.sudo().res_id),
            ("complaint.referral", referral.id),
        )
        with self.assertRaisesRegex(UserError, "say first whether the company follows"):
            self.managed(referral).action_end()
        self.managed(referral).refer_answer(True, date=self.day(5))
        self.assertEqual(referral.company_answer_by_id, self.manager)
        referral.refer_accept(True, self.day(4))
        self.managed(referral).action_end()
        self.assertEqual(
            (referral.state, referral.is_open, referral.result, referral.date_end),
            ("ended", False, "followed", self.today),
        )
        self.assertEqual(
            self.events()[-6:],
            [
                *("refer", "refer_admit", "refer_opinion"),
                *("refer_answer", "refer_answer", "refer_end"),
            ],
        )
        self.assertFalse(self.ticket.complaint_verify_history())
        with self.assertRaises(AccessError):
            file.with_user(self.handler).unlink()

    def test_how_it_ends_by_itself(self):
        rows = [
            # favours, follows, result
            ("complainant", True, "followed"),
            ("complainant", False, "not_followed"),
            ("company", None, "judged"),
            ("settlement", True, "settled"),
            (None, None, "other"),
        ]
        for favours, follows, result in rows:
            referral = self.managed(self.referred())
            if favours:
                referral.refer_opinion(favours, "So it is.")
            if follows is not None:
                referral.refer_answer(follows, "Because.")
            referral.action_end()
            with self.subTest(favours, follows=follows):
                self.assertEqual(referral.result, result)
        referral = self.managed(self.referred())
        referral.refer_end("withdrawn", self.day(1))
        self.assertEqual(
            (referral.result, referral.date_end), ("withdrawn", self.day(1))
        )

    def test_a_case_not_taken_is_over(self):
        referral = self.referred()
        with self.assertRaisesRegex(UserError, "say why"):
            referral.refer_admit(False)
        referral.refer_admit(False, self.day(2), "Too late.")
        self.assertEqual(
            (referral.state, referral.is_open, referral.result, referral.date_end),
            ("inadmissible", False, "inadmissible", self.day(2)),
        )
        self.assertNotIn("open_referral", self.ticket._complaint_facts())
        # The body may be asked again, in due form.
        again = self.referred(1)
        self.assertTrue(again.is_open)

    def test_a_court_is_not_answered(self):
        self.body = self.env["complaint.recourse.body"].create(
            {"name": "Tribunal", "kind": "court"}
        )
        referral = self.managed(self.referred())
        referral.refer_opinion("complainant", "Condemned to pay.")
        referral.action_end()
        self.assertEqual(referral.result, "judged")

    def test_steps_out_of_order_are_refused(self):
        opened, ended = self.managed(self.referred()), self.env["complaint.referral"]
        tries = [
            (opened.refer_answer, (True,), "at “Open”"),
            (opened.refer_accept, (True,), "at “Open”"),
            (opened.refer_end, ("nonsense",), "does not end with"),
            (opened.refer_opinion, ("nobody", "x"), "in whose favour"),
            (opened.refer_opinion, ("company", " "), "needs its text"),
        ]
        for method, args, message in tries:
            with (
                self.subTest(method.__name__, args=args),
                self.assertRaisesRegex(UserError, message),
            ):
                method(*args)
        opened.refer_opinion("complainant", "Pay.")
        with self.assertRaisesRegex(UserError, "does not follow the opinion"):
            opened.refer_answer(False, " ")
        with self.assertRaisesRegex(UserError, "at “Opinion given”"):
            opened.refer_admit(True)
        opened.refer_answer(False, "It ignores article 7.")
        opened.action_end()
        ended = opened
        for method, args in (
            (ended.refer_admit, (True,)),
            (ended.refer_opinion, ("company", "x")),
            (ended.refer_answer, (True,)),
            (ended.refer_end, ()),
        ):
            with self.assertRaisesRegex(UserError, "at “Ended”"):
                method(*args)

    def test_days_before_the_step_before_or_after_today_are_refused(self):
        referral = self.managed(self.referred(10))
        for day in (self.day(11), self.day(-1)):
            for method, args in (
                (referral.refer_admit, (True, day)),
                (referral.refer_opinion, ("company", "x", day)),
                (referral.refer_end, (None, day)),
            ):
                with (
                    self.subTest(method.__name__, day=day),
                    self.assertRaisesRegex(UserError, "and today"),
                ):
                    method(*args)
        referral.refer_opinion("complainant", "Pay.", self.day(5))
        with self.assertRaisesRegex(UserError, "and today"):
            referral.refer_answer(True, date=self.day(6))
        with self.assertRaisesRegex(UserError, "is no date"):
            referral.refer_answer(True, date="yesterday")
        self.ticket.complaint_referral_ids.sudo().write({"state": "ended"})
        for told in (self.day(31), self.day(-1)):
            with self.assertRaisesRegex(UserError, "was told of the referral"):
                self.referred(date_notified=told)

    # ------------------------------------------------------------------
    # Who
    # ------------------------------------------------------------------

    def test_a_handler_notes_and_a_manager_answers(self):
        referral = self.referred()
        referral.refer_opinion("complainant", "Pay.")
        with self.assertRaisesRegex(AccessError, "Manager"):
            referral.refer_answer(True)
        with self.assertRaisesRegex(AccessError, "Manager"):
            referral.action_end()
        for user in (self.agent, self.auditor, self.customer, self.stranger):
            theirs = self.as_user(user, referral)
            for method, args in (
                (theirs.refer_admit, (True,)),
                (theirs.refer_opinion, ("company", "x")),
                (theirs.refer_accept, (True,)),
                (theirs.refer_answer, (True,)),
                (theirs.action_mediator_file, ()),
            ):
                with (
                    self.subTest(user.login, method=method.__name__),
                    self.assertRaises(AccessError),
                ):
                    method(*args)
            with self.subTest(user.login), self.assertRaises(AccessError):
                theirs.write({"state": "ended"})
        with self.assertRaises(AccessError):
            referral.write({"opinion": "x"})

    def test_files_of_others_are_not_taken(self):
        referral = self.referred()
        secret = self.env["ir.attachment"].create({"name": "s", "raw": b"secret"})
        mine = self.env["ir.attachment"].with_user(self.handler)
        kept = mine.create(
            {
                "name": "k",
                "raw": b"k",
                "res_model": "helpdesk.ticket",
                "res_id": self.ticket.id,
            }
        )
        for files in (secret.ids, kept.ids, [987654321]):
            with (
                self.subTest(files),
                self.assertRaisesRegex(UserError, "Upload the opinion again"),
            ):
                referral.refer_opinion("company", "x", attachment_ids=files)
        self.assertEqual(kept.res_model, "helpdesk.ticket")

    # ------------------------------------------------------------------
    # Closing, archiving
    # ------------------------------------------------------------------

    def answered(self, bars=True):
        self.acpr.referral_bars_closing = bars
        with freeze_time("2026-07-06 09:00:00"):
            ticket = self.as_user(self.handler, self.ticket)
            ticket.complaint_decide("upheld", "Reasons.", self.cause.id)
            ticket.complaint_send_letter("favourable")
            return ticket.complaint_refer(self.body.id, "2026-07-06")

    def run_cron(self, moment):
        with freeze_time(moment), self.enter_registry_test_mode():
            self.env.ref(
                "helpdesk_complaint.ir_cron_complaint_acceptance"
            ).method_direct_trigger()

    def test_where_the_regime_says_so_a_referral_keeps_the_complaint_open(self):
        referral = self.answered()
        domain = self.env["helpdesk.ticket"]._get_complaint_window_domain
        with freeze_time("2026-08-01 09:00:00"):
            # The job does not even take such a file up.
            self.assertNotIn(self.ticket, self.ticket.search(domain()))
            with self.assertRaisesRegex(UserError, "the regime keeps it open"):
                self.ticket.complaint_close("x")
        events = self.events()
        self.run_cron("2026-08-01 09:00:00")
        self.assertEqual(self.ticket.complaint_state, "answered")
        self.assertFalse(self.ticket.complaint_job_error)
        self.assertEqual(self.events(), events)
        with freeze_time("2026-08-02 09:00:00"):
            self.managed(referral).action_end()
        self.run_cron("2026-08-02 10:00:00")
        self.assertEqual(self.ticket.complaint_state, "closed")

    def test_elsewhere_it_does_not(self):
        self.answered(bars=False)
        self.run_cron("2026-08-01 09:00:00")
        self.assertEqual(self.ticket.complaint_state, "closed")

    def test_what_was_accepted_meanwhile_closes_when_the_referral_ends(self):
        referral = self.answered()
        with freeze_time("2026-07-07 09:00:00"):
            self.as_user(self.customer, self.ticket).complaint_accept()
            self.assertEqual(self.ticket.complaint_state, "answered")
            self.assertIn("accept", self.events())
            self.managed(referral).refer_end("withdrawn")
        self.assertEqual(self.ticket.complaint_state, "closed")
        self.assertEqual(self.events().count("accept"), 1)

    # ------------------------------------------------------------------
    # The dialogs
    # ------------------------------------------------------------------

    def take(self, event, user=None, **values):
        referral = self.ticket.complaint_referral_ids[:1]
        wizard = self.env["complaint.referral.step"].with_user(user or self.handler)
        form = Form(
            wizard.with_context(
                default_event=event,
                active_model="complaint.referral",
                active_id=referral.id,
                allowed_company_ids=self.company.ids,
            )
        )
        for name, value in values.items():
            form[name] = value
        form.save().action_confirm()

    def test_the_dialogs_take_the_steps(self):
        referral = self.referred()
        self.take("admit", reference="M-1", date=self.day(9))
        self.take("opinion", favours="complainant", opinion="Pay.", date=self.day(8))
        self.take("answer", self.manager, follows="no", reason="Article 7.")
        self.take("accept", accepts="yes")
        self.take("end", self.manager)
        self.assertEqual(
            (referral.reference, referral.date_opinion, referral.result),
            ("M-1", self.day(8), "not_followed"),
        )
        self.assertEqual(referral.complainant_answer, "accepts")

    def test_the_dialog_of_a_referral_asks_for_its_number(self):
        form = Form(
            self.env["complaint.step"]
            .with_user(self.handler)
            .with_context(
                default_event="refer",
                active_model="helpdesk.ticket",
                active_ids=self.ticket.ids,
                allowed_company_ids=self.company.ids,
            )
        )
        form.body_id = self.body
        form.date = self.day(3)
        form.date_notified = self.day(2)
        form.reference = "X 12"
        form.save().action_confirm()
        referral = self.ticket.complaint_referral_ids
        self.assertEqual(referral.display_name, f"{self.body.name}, X 12")
        self.assertEqual(referral.date_notified, self.day(2))

    # ------------------------------------------------------------------
    # Recourse bodies
    # ------------------------------------------------------------------

    def test_a_refusal_says_from_when_the_time_limit_counts(self):
        rows = [
            ("complaint", "Within 6 months of your written complaint."),
            ("answer", "Within 6 months of our final answer."),
            ("event", "Within 6 months of the facts that you complain of."),
            ("opening", "Within 6 months of the day on which you could first turn"),
        ]
        self.body.write({"limit_amount": 6, "limit_unit": "month"})
        for limit_from, words in rows:
            self.body.limit_from = limit_from
            with self.subTest(limit_from):
                line = self.ticket._complaint_recourse_line(self.body)
                self.assertIn(words, line)
        self.assertNotIn("choice of one is final", line)
        self.body.write(
            {"is_free": False, "cost": "It costs 20 euros.", "choice_is_final": True}
        )
        line = self.ticket._complaint_recourse_line(self.body)
        self.assertIn("It costs 20 euros.", line)
        self.assertIn("choice of one is final", line)
        self.assertNotIn("free of charge", line)
        self.body.limit_amount = 0
        self.assertNotIn("Within", self.ticket._complaint_recourse_line(self.body))

    def test_an_archived_body_keeps_its_open_cases(self):
        before = self.body.open_referral_count
        referral = self.referred()
        self.body.with_user(self.manager).action_archive()
        self.body.invalidate_recordset()
        self.assertEqual(self.body.open_referral_count, before + 1)
        self.managed(referral).action_end()
        self.body.invalidate_recordset()
        self.assertEqual(self.body.open_referral_count, before)
