from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged

from .test_redress import RedressCase


@tagged("post_install", "-at_install")
@freeze_time("2026-10-12 08:00:00")
class TestRedressAttack(RedressCase):
    """What a colleague or a customer tries over a call from outside."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.elsewhere = cls._new_user(
            "t_elsewhere", "helpdesk_complaint.group_complaint_user"
        )
        cls.other_team = cls.env["helpdesk.ticket.team"].create(
            {
                "name": "Other desk",
                "company_id": cls.company.id,
                "user_ids": [(6, 0, cls.elsewhere.ids)],
            }
        )

    def test_what_steps_write_is_not_written_by_hand(self):
        line = self.propose(self._new_qualified())
        for vals in (
            {"state": "granted"},
            {"state": "paid"},
            {"approved_by_id": self.leader.id},
            {"proposed_by_id": self.leader.id},
            {"amount_company": 1},
            {"amount_paid": 100},
            {"granted_at": "2026-10-01 08:00:00"},
            {"reaction": "accepted"},
            {"is_partial_settlement": True},
            {"cycle": 2},
            {"company_id": self.env.company.id},
        ):
            with self.subTest(vals):
                with self.assertRaisesRegex(UserError, "not by hand"):
                    line.write(vals)
                with self.assertRaisesRegex(UserError, "not by hand"):
                    self.propose(line.ticket_id, **vals)

    def test_no_default_of_the_context_takes_a_step(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        defaults = {
            "default_state": "granted",
            "default_cycle": 7,
            "default_approved_by_id": self.leader.id,
            "default_proposed_by_id": self.leader.id,
            "default_company_id": other.id,
            "default_reaction": "accepted",
            "default_is_partial_settlement": True,
        }
        lines = self.as_user(self.handler, self.env["complaint.redress"])
        line = lines.with_context(**defaults).create(
            {"ticket_id": self._new_qualified().id, "amount": 100}
        )
        self.assertEqual((line.state, line.cycle), ("proposed", 1))
        self.assertEqual(line.proposed_by_id, self.handler)
        self.assertEqual(line.company_id, self.company)
        self.assertFalse(line.approved_by_id or line.reaction)
        self.assertFalse(line.is_partial_settlement)

    def test_who_has_no_business_with_the_file_takes_no_step(self):
        line = self.propose(self._new_qualified())
        for user in (
            self.customer,
            self.stranger,
            self.agent,
            self.auditor,
            self.elsewhere,
        ):
            mine = self.as_user(user, line)
            for step in (
                lambda x: x.action_approve(),
                lambda x: x.action_submit(),
                lambda x: x.action_pay(),
                lambda x: x.action_cancel("x"),
                lambda x: x.action_settle("x"),
                lambda x: x.write({"amount": 5}),
            ):
                with self.subTest(user.login), self.assertRaises(AccessError):
                    step(mine)
        granted = self.granted()
        for user in (self.stranger, self.agent, self.auditor, self.elsewhere):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.as_user(user, granted).action_note_reaction("refused")
        for user in (self.customer, self.stranger, self.agent):
            for model in ("complaint.redress", "complaint.redress.payment"):
                with self.assertRaises(AccessError):
                    self.as_user(user, self.env[model]).search([])

    def test_an_instalment_stays_in_its_file(self):
        mine, own_file = self.propose(self._new_qualified()), self._new_qualified()
        theirs = self.propose(
            self._new_qualified(team_id=self.other_team.id, user_id=self.elsewhere.id),
            by=self.elsewhere,
        )
        payments = self.as_user(self.handler, self.env["complaint.redress.payment"])
        vals = {"due_date": "2026-10-20", "amount": 10}
        with self.assertRaises(AccessError):
            payments.create(dict(vals, redress_id=theirs.id))
        for wrong in ({"ticket_id": own_file.id}, {"company_id": 1}):
            with self.subTest(wrong), self.assertRaises(UserError):
                payments.create(dict(vals, redress_id=mine.id, **wrong))
        payment = payments.with_context(
            default_ticket_id=own_file.id, default_paid_on="2026-10-12"
        ).create(dict(vals, redress_id=mine.id))
        self.assertEqual(payment.ticket_id, mine.ticket_id)
        self.assertFalse(payment.paid_on)
        for wrong in ({"redress_id": theirs.id}, {"ticket_id": own_file.id}):
            with self.subTest(wrong), self.assertRaises(UserError):
                payment.write(wrong)
        for amount in (-5, float("nan"), 1e300):
            with self.subTest(amount), self.assertRaises(ValidationError):
                payment.amount = amount
        with self.assertRaises(ValidationError):
            payment.amount = 101
        with self.assertRaises(UserError):
            payment.paid_on = "2026-10-12"
        payment.unlink()

    def test_a_line_is_lowered_neither_below_its_plan_nor_deleted_once_approved(self):
        line = self.propose(self._new_qualified(), 100)
        line.payment_ids = [(0, 0, {"due_date": "2026-10-20", "amount": 80})]
        with self.assertRaisesRegex(ValidationError, "more than was granted"):
            line.amount = 70
        line.action_approve()
        with self.assertRaisesRegex(UserError, "in the state"):
            line.unlink()
        other = self.propose(line.ticket_id, 5)
        other.unlink()

    def test_what_was_paid_stays_when_the_reply_is_lost(self):
        line = self.granted()
        line.payment_ids = [
            (0, 0, {"due_date": "2026-10-12", "amount": 40, "paid_on": "2026-10-12"})
        ]
        line.sudo().letter_id._note_undelivered("bounced", "Unknown user")
        self.assertEqual((line.state, line.amount_paid), ("approved", 40))
        line.amount += 10
        self.assertEqual(line.state, "proposed")
        for wrong in (
            lambda: line.unlink(),
            lambda: line.write({"currency_id": self.env.ref("base.CHF").id}),
            lambda: line.write({"ticket_id": self._new_qualified().id}),
        ):
            with self.assertRaisesRegex(UserError, "does not change any more"):
                wrong()

    def test_an_authority_is_no_way_round_the_role(self):
        """A named handler of another team does not reach the file."""
        self.name(self.elsewhere, "qualify")
        self.name(self.elsewhere, "grant", is_unlimited=True)
        ticket = self._new_complaint()
        with self.assertRaises(AccessError):
            self.as_user(self.elsewhere, ticket).complaint_qualify(True, "x")
        line = self.propose(self._new_qualified())
        with self.assertRaises(AccessError):
            self.as_user(self.elsewhere, line).action_approve()
