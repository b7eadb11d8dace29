from datetime import date, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time

from .common import ComplaintCase, tagged


@tagged("post_install", "-at_install")
class TestMandate(ComplaintCase):
    """Who speaks for the complainant, from when and until when."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lawyer = cls._new_user("t_lawyer", "base.group_portal")
        cls.ticket = cls._new_qualified()
        cls.ticket.complaint_representative_id = cls.lawyer.partner_id

    def may_act(self, user):
        return self.ticket._complaint_may_act(user.partner_id)

    def prove(self, **values):
        self.as_user(self.handler, self.ticket).complaint_prove_mandate(**values)

    def test_who_says_that_he_represents_has_proved_nothing(self):
        self.assertEqual(self.ticket.complaint_mandate_state, "claimed")
        self.assertFalse(self.may_act(self.lawyer))
        self.assertTrue(self.may_act(self.customer))
        self.assertFalse(self.may_act(self.stranger))
        nobody = self.env["res.partner"]
        self.assertFalse(self.ticket._complaint_may_act(nobody))
        self.ticket.partner_id = False
        self.assertFalse(self.ticket._complaint_may_act(nobody))

    def test_a_new_complaint_says_it_too(self):
        ticket = self._new_complaint(complaint_representative_name="Maître Roux")
        self.assertEqual(ticket.complaint_mandate_state, "claimed")
        self.assertFalse(self._new_complaint().complaint_mandate_state)

    def test_seen_until_its_last_day(self):
        with freeze_time("2026-11-10 09:00:00"):
            self.prove(until="2026-11-20")
            self.assertTrue(self.may_act(self.lawyer))
        # Grenoble's midnight, not Greenwich's
        for now, acts in (("2026-11-20 22:30", True), ("2026-11-20 23:30", False)):
            with freeze_time(now):
                self.assertEqual(self.may_act(self.lawyer), acts, now)
        event = self.ticket.complaint_event_ids[-1]
        self.assertEqual(event.event, "mandate_prove")
        self.assertIn("2026-11-20", event.payload)
        self.assertNotIn(self.lawyer.name, event.payload)

    def test_refused_after_it_was_seen(self):
        self.prove()
        self.assertIn(self.lawyer.partner_id, self.ticket.message_partner_ids)
        ticket = self.as_user(self.handler, self.ticket)
        ticket.complaint_refuse_mandate("Withdrawn by the complainant.")
        self.assertFalse(self.may_act(self.lawyer))
        self.assertNotIn(self.lawyer.partner_id, self.ticket.message_partner_ids)
        event = self.ticket.complaint_event_ids[-1]
        self.assertEqual(event.event, "mandate_refuse")
        self.assertEqual(event.note, "Withdrawn by the complainant.")

    def test_another_person_proves_again(self):
        other = self.stranger.partner_id
        for name, value in (
            ("complaint_representative_id", other.id),
            ("complaint_representative_name", "Somebody else"),
            ("complaint_representative_email", "else@example.com"),
            ("partner_id", other.id),
        ):
            with self.subTest(name):
                self.prove(until=date.today() + timedelta(9))
                self.ticket.write({name: value})
                self.assertEqual(self.ticket.complaint_mandate_state, "claimed")
                self.assertFalse(self.ticket.complaint_mandate_until)
                self.ticket.complaint_representative_id = self.lawyer.partner_id
        self.prove()
        self.ticket.write(
            {
                "complaint_representative_id": self.lawyer.partner_id.id,
                "complaint_reply_by": "post",
            }
        )
        self.assertEqual(self.ticket.complaint_mandate_state, "proved")
        self.ticket.write(
            {
                "complaint_representative_id": False,
                "complaint_representative_name": False,
                "complaint_representative_email": False,
            }
        )
        self.assertFalse(self.ticket.complaint_mandate_state)
        self.assertNotIn(self.lawyer.partner_id, self.ticket.message_partner_ids)

    def test_nobody_gives_himself_a_mandate(self):
        for vals in (
            {"complaint_mandate_state": "proved"},
            {"complaint_mandate_until": "2099-01-01"},
        ):
            with self.assertRaisesRegex(UserError, "written by the steps"):
                self.as_user(self.officer, self.ticket).write(vals)
            with self.assertRaisesRegex(UserError, "written by the steps"):
                self._as_new(self.officer, vals)
        ticket = self.Ticket.with_user(self.officer).with_context(
            default_complaint_mandate_state="proved",
            default_complaint_representative_id=self.lawyer.partner_id.id,
        )
        ticket = ticket.create(
            {"name": "x", "description": "x", "team_id": self.team.id}
        )
        self.assertEqual(ticket.complaint_mandate_state, "claimed")
        for user in self.agent | self.auditor | self.lawyer | self.customer:
            with self.subTest(user.login):
                with self.assertRaises(AccessError):
                    self.as_user(user, self.ticket).complaint_prove_mandate()
                with self.assertRaises(AccessError):
                    self.as_user(user, self.ticket).complaint_refuse_mandate("x")

    def _as_new(self, user, vals):
        return self.Ticket.with_user(user).create(
            {"name": "x", "description": "x", "team_id": self.team.id, **vals}
        )

    def test_an_agent_changes_no_representative_of_a_registered_complaint(self):
        with self.assertRaisesRegex(AccessError, "role"):
            self.as_user(
                self.agent, self.ticket
            ).complaint_representative_id = self.stranger.partner_id

    def test_what_makes_no_sense_is_refused(self):
        ordinary = self._new_ticket(complaint_representative_name="x")
        alone = self._new_complaint()
        for ticket, args, words in (
            (ordinary, [], "is no complaint"),
            (alone, [], "nobody represents"),
            (self.ticket, ["2020-01-01"], "is over"),
            (self.ticket, ["tomorrow or so"], "is no date"),
        ):
            with self.subTest(words), self.assertRaisesRegex(UserError, words):
                ticket.complaint_prove_mandate(*args)
        with self.assertRaises(UserError):
            self.ticket.complaint_refuse_mandate("  ")

    def test_the_wizard_asks_and_takes_the_step(self):
        wizard = self.env["complaint.mandate"].with_user(self.handler)
        wizard = wizard.with_context(
            active_id=self.ticket.id, allowed_company_ids=self.company.ids
        )
        form = Form(wizard)
        form.until = date.today() + timedelta(30)
        form.save().action_confirm()
        self.assertEqual(self.ticket.complaint_mandate_state, "proved")
        self.assertEqual(
            self.ticket.complaint_mandate_until, date.today() + timedelta(30)
        )
        form = Form(wizard)
        form.is_accepted = "no"
        form.reason = "Forged."
        form.save().action_confirm()
        self.assertEqual(self.ticket.complaint_mandate_state, "refused")

    def test_the_representative_accepts_and_contests(self):
        self.ticket.complaint_send_letter("acknowledge")
        self.ticket.complaint_decide("upheld", "x", self.cause.id)
        self.ticket.complaint_send_letter("favourable")
        ticket = self.as_user(self.lawyer, self.ticket)
        with self.assertRaises(AccessError):
            ticket.complaint_contest("Not enough.")
        self.prove()
        self.env.invalidate_all()
        ticket.complaint_contest("Not enough.")
        self.assertEqual(self.ticket.complaint_cycle, 2)
