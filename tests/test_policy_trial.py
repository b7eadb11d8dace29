from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import Form

from .common import ComplaintCase, freeze_time, tagged


@tagged("post_install", "-at_install")
@freeze_time("2026-10-12 08:00:00")
class TestPolicyTrial(ComplaintCase):
    """An administrator sees what a policy gives and moves before he saves it."""

    def form(self, policy=None, **values):
        policies = self.env["complaint.policy"].with_user(self.officer)
        form = Form(policy.with_user(self.officer) if policy else policies)
        for name, value in values.items():
            setattr(form, name, value)
        return form

    def test_the_form_says_the_policy_in_words_while_it_is_typed(self):
        form = self.form(regime_id=self.plan, step="inform", amount=3, unit="week")
        self.assertIn("Keep informed within 3 weeks after", form.sentence)
        form.extension = "add"
        form.extension_amount = 2
        form.extension_unit = "week"
        self.assertIn("extendable by 2 weeks", form.sentence)

    def test_the_form_tries_a_policy_that_is_not_saved(self):
        week = self.env.ref("helpdesk_complaint.calendar_fr_mon_fri")
        form = self.form(
            regime_id=self.plan,
            step="inform",
            amount=10,
            unit="business_day",
            calendar_id=week,
            source="House rule",
            try_date="2026-04-29",
        )
        self.assertIn("Due: Mon 18 May 2026", form.try_result)
        self.assertIn("Public holidays not counted", form.try_result)
        self.assertIn("Source: House rule", form.try_result)

    def test_a_policy_that_gives_no_date_says_why(self):
        form = self.form(regime_id=self.plan, step="inform", unit="business_day")
        self.assertIn("needs a calendar of working days", form.try_result)

    def test_a_preview_counts_what_saving_would_move(self):
        tickets = self._new_qualified(self.notice) | self._new_qualified(self.notice)
        policy = tickets._complaint_current_deadlines("acknowledge").policy_id
        form = self.form(policy)
        before = int(form.impact.split()[0])
        self.assertGreaterEqual(before, 2)
        self.assertIn("moves none of them", form.impact)
        form.amount = 1
        self.assertIn("would be late", form.impact)
        # nothing was written by looking
        self.assertEqual(self.due_day(tickets[0], "acknowledge"), "2026-10-29")
        form.save()
        self.assertEqual(self.due_day(tickets[0], "acknowledge"), "2026-10-12")

    def test_a_preview_of_a_policy_nobody_uses_says_so(self):
        policy = self.essms.policy_ids[:1].copy(
            {"label": "Next year's", "valid_from": "2027-01-01"}
        )
        self.assertIn("No open complaint", self.form(policy).impact)

    def test_a_regime_reads_as_a_page_of_sentences_with_their_dates(self):
        form = Form(self.acpr.with_user(self.officer))
        form.try_date = "2026-03-06"
        page = str(form.try_result)
        self.assertIn("Acknowledge within 10 working days", page)
        self.assertIn("Wed 18 Mar 2026", page)
        self.assertIn("Wed 6 May 2026", page)

    def test_a_new_version_starts_today_and_ends_the_old_yesterday(self):
        ticket = self._new_qualified(self.plan)
        old = ticket._complaint_current_deadlines("respond").policy_id
        action = old.with_user(self.officer).action_new_version()
        new = self.env["complaint.policy"].browse(action["res_id"])
        self.assertEqual(old.valid_to, fields.Date.to_date("2026-10-11"))
        self.assertEqual(new.valid_from, fields.Date.to_date("2026-10-12"))
        self.assertEqual(len(new.reminder_rule_ids), len(old.reminder_rule_ids))
        self.assertEqual(ticket._complaint_current_deadlines("respond").policy_id, old)
        with self.assertRaisesRegex(UserError, "change it as it is"):
            new.action_new_version()
        with freeze_time("2026-12-01 08:00:00"):
            with self.assertRaisesRegex(UserError, "ended on"):
                old.action_new_version()

    def test_figures_to_verify_are_counted_on_the_regime(self):
        policy = self.plan.policy_ids[:1]
        before = self.plan.to_verify_count
        policy.confidence = "to_verify"
        self.assertEqual(self.plan.to_verify_count, before + 1)
