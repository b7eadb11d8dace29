from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged

from .test_authority import AuthorityCase

DOCUMENTS = ["res.partner", "ir.mail_server", "no.such"]


class RedressCase(AuthorityCase):
    def propose(self, ticket, amount=100, by=None, **vals):
        lines = self.as_user(by or self.handler, self.env["complaint.redress"])
        return lines.create({"ticket_id": ticket.id, "amount": amount, **vals})

    def granted(self, amount=100, **vals):
        """A line that the reply granted."""
        ticket = self.as_user(self.handler, self._new_qualified())
        line = self.propose(ticket, amount, **vals)
        ticket.complaint_decide("upheld", "Reasons.", self.cause.id)
        ticket.complaint_send_letter("favourable", channel="portal")
        return line

    def events(self, ticket, name):
        return ticket.complaint_event_ids.filtered(lambda x: x.event == name)


@tagged("post_install", "-at_install")
@freeze_time("2026-10-12 08:00:00")
class TestRedress(RedressCase):
    """What is granted: by whom, how much, and until it is paid."""

    # ------------------------------------------------------------------
    # Proposal
    # ------------------------------------------------------------------

    def test_money_needs_an_amount_and_an_apology_none(self):
        ticket = self._new_qualified()
        for kind in ("refund", "voucher", "fee_waiver", "compensation"):
            with (
                self.subTest(kind),
                self.assertRaisesRegex(ValidationError, "needs an amount"),
            ):
                self.propose(ticket, 0, kind=kind)
        for kind in ("apology", "replacement", "other"):
            self.propose(ticket, 0, kind=kind)
        for amount in (-1, float("nan"), float("inf"), 1e300, "nan"):
            with (
                self.subTest(amount),
                self.assertRaisesRegex(ValidationError, "cannot be granted"),
            ):
                self.propose(ticket, amount, kind="other")

    def test_a_line_in_another_currency_counts_in_the_companys(self):
        usd = self.env.ref("base.USD")
        usd.active = True
        self.env["res.currency.rate"].create(
            [
                {
                    "currency_id": usd.id,
                    "company_id": self.company.id,
                    "name": day,
                    "rate": rate,
                }
                for day, rate in (("2026-01-01", 2.0), ("2026-10-13", 4.0))
            ]
        )
        ticket = self.as_user(self.handler, self._new_qualified())
        line = self.propose(ticket, 100, currency_id=usd.id)
        self.assertEqual(line.amount_company, 50)
        self.assertEqual(ticket._complaint_redress_total(), 50)
        self.assertIn("$", line._describe())
        self.name(self.handler, amount_limit=30)
        with self.assertRaisesRegex(UserError, r"30\.00.*50\.00"):
            line.action_approve()
        with freeze_time("2026-10-13 08:00:00"):
            self.assertEqual(ticket._complaint_redress_total(), 25)
            ticket.complaint_decide("upheld", "Reasons.", self.cause.id)
            ticket.complaint_send_letter("favourable", channel="portal")
        with freeze_time("2026-10-20 08:00:00"):
            self.assertEqual(line.amount_company, 25)
            self.assertEqual(ticket.complaint_redress_total, 25)

    def test_a_new_line_has_the_companys_currency(self):
        line = self.propose(self._new_qualified())
        self.assertEqual(line.currency_id, self.company.currency_id)
        self.assertEqual(line.proposed_by_id, self.handler)

    # ------------------------------------------------------------------
    # Approval
    # ------------------------------------------------------------------

    def test_splitting_an_amount_gains_nothing(self):
        self.name(self.handler, amount_limit=200)
        ticket = self._new_qualified()
        first, second = self.propose(ticket, 150), self.propose(ticket, 150)
        for line in first | second:
            with self.assertRaisesRegex(UserError, r"200\.00.*300\.00.*Could: "):
                line.action_approve()
        self.assertFalse(first.can_approve)
        self.assertIn("Could: ", first.authority_help)
        second.action_cancel("One is enough.")
        first.action_approve()
        third = self.propose(ticket, 150)
        with self.assertRaisesRegex(UserError, r"200\.00.*300\.00"):
            third.action_approve()

    def test_approval_keeps_who_when_and_under_which_authority(self):
        line = self.name(self.handler, amount_limit=200)
        redress = self.propose(self._new_qualified(), 150)
        self.assertTrue(redress.can_approve)
        redress.action_approve()
        self.assertEqual(redress.state, "approved")
        self.assertEqual(redress.approved_by_id, self.handler)
        self.assertEqual(redress.sudo().authority_id, line)
        event = self.events(redress.ticket_id, "redress_approve")
        self.assertIn(f'"authority":{line.id}', event.payload)
        self.assertIn('"limit":"200.00"', event.payload)
        self.assertIn('"total":"150.00"', event.payload)
        with self.assertRaisesRegex(UserError, "in the state: Proposed"):
            redress.action_approve()

    def test_what_was_approved_and_changed_is_proposed_again(self):
        redress = self.propose(self._new_qualified(), 150)
        redress.action_approve()
        redress.name = "Fee of March"
        self.assertEqual(redress.state, "approved")
        self.as_user(self.leader, redress).amount = 160
        self.assertEqual(redress.state, "proposed")
        self.assertEqual(redress.proposed_by_id, self.leader)
        self.assertFalse(redress.approved_by_id)

    def test_two_people_decide_from_the_companys_amount_on(self):
        self.company.complaint_two_people_amount = 100
        ticket = self._new_qualified()
        small = self.propose(ticket, 99)
        small.action_approve()
        more = self.propose(ticket, 1)
        with self.assertRaisesRegex(UserError, "two people decide.*Could: .*t_leader"):
            more.action_approve()
        self.assertNotIn("t_handler", more.authority_help)
        self.as_user(self.leader, more).action_approve()
        self.assertEqual(more.approved_by_id, self.leader)

    def test_one_click_asks_those_who_could(self):
        self.company.complaint_two_people_amount = 100
        redress = self.propose(self._new_qualified(), 500)
        action = redress.action_submit()
        self.assertIn("t_leader", action["params"]["message"])
        self.assertNotIn("t_handler", action["params"]["message"])
        ticket = redress.ticket_id.sudo()
        kind = self.env.ref("helpdesk_complaint.mail_activity_authority")
        asked = ticket.activity_ids.filtered(lambda x: x.activity_type_id == kind)
        self.assertIn(self.leader, asked.user_id)
        self.assertIn("500.00", str(asked[0].note))
        self.as_user(self.leader, redress).action_approve()
        self.assertFalse(asked.exists().filtered("active"))

    # ------------------------------------------------------------------
    # The reply
    # ------------------------------------------------------------------

    def test_the_sender_approves_what_he_may_and_the_reply_grants_it(self):
        line = self.granted(100)
        ticket = line.ticket_id
        self.assertEqual(line.state, "granted")
        self.assertEqual(line.approved_by_id, self.handler)
        self.assertEqual(line.letter_id, ticket.complaint_letter_ids)
        self.assertEqual(line.granted_at, line.letter_id.sent_at)
        event = self.events(ticket, "grant")
        self.assertIn('"total":"100.00"', event.payload)
        self.assertFalse(ticket.complaint_verify_history())
        for vals in ({"amount": 1}, {"kind": "other"}, {"name": "x"}):
            for record in (line, line.sudo()):
                with self.assertRaisesRegex(UserError, "while the complaint is in"):
                    record.write(vals)

    def test_a_reply_above_the_senders_authority_does_not_leave(self):
        self.name(self.handler, amount_limit=200)
        ticket = self.as_user(self.handler, self._new_qualified())
        self.propose(ticket, 500)
        self.assertIn("Could: ", ticket.complaint_redress_help)
        ticket.complaint_decide("upheld", "Reasons.", self.cause.id)
        action = ticket.with_context(
            complaint_letter_code="reply"
        ).action_complaint_letter()
        draft = self.env["complaint.letter"].browse(action["res_id"])
        with self.assertRaisesRegex(UserError, r"200\.00.*500\.00.*Could: "):
            self.as_user(self.handler, draft).action_send()
        self.assertEqual(draft.state, "draft")

    def test_an_early_settlement_grants_what_was_agreed(self):
        regime = self._regime("uk_fca")
        ticket = self._new_qualified(regime=regime, received="2026-10-12 07:00:00")
        ticket = self.as_user(self.handler, ticket)
        line = self.propose(ticket, 20)
        ticket.complaint_decide("upheld", "Reasons.", self.cause.id)
        ticket.complaint_settle("Agreed by telephone.")
        self.assertEqual(line.state, "granted")

    # ------------------------------------------------------------------
    # The complainant, payments
    # ------------------------------------------------------------------

    def test_what_the_complainant_refuses_is_not_paid(self):
        line = self.granted()
        ticket = line.ticket_id
        with self.assertRaisesRegex(UserError, "accepted or refused"):
            line.action_note_reaction("perhaps")
        self.as_user(self.customer, line).action_note_reaction("refused")
        self.assertEqual(
            (line.reaction, str(line.reaction_date)), ("refused",) + ("2026-10-12",)
        )
        event = self.events(ticket, "redress_reaction")
        self.assertEqual(event.user_id, self.customer)
        with self.assertRaisesRegex(UserError, "refused by the complainant"):
            line.action_pay()
        with self.assertRaisesRegex(UserError, "refused by the complainant"):
            line.payment_ids = [
                (0, 0, {"amount": 5, "due_date": "2026-10-12", "paid_on": "2026-10-12"})
            ]
        self.assertEqual(ticket.complaint_redress_total, 0)
        line.action_accepted()
        line.action_pay()
        self.assertEqual(line.state, "paid")
        with self.assertRaisesRegex(UserError, "in the state"):
            line.action_refused()

    def test_instalments_are_paid_one_by_one_after_closing_too(self):
        line = self.granted(90)
        ticket = line.ticket_id
        line.payment_ids = [
            (0, 0, {"due_date": f"2026-{month}-12", "amount": 30})
            for month in (10, 11, 12)
        ]
        with (
            self.assertRaisesRegex(ValidationError, "more than was granted"),
            self.cr.savepoint(),
        ):
            line.payment_ids = [(0, 0, {"due_date": "2027-01-12", "amount": 0.01})]
        self.as_user(self.customer, ticket).complaint_accept()
        self.assertEqual(ticket.complaint_state, "closed")
        with freeze_time("2026-11-20 08:00:00"):
            line.invalidate_recordset()
            first, second, last = line.payment_ids
            first.paid_on = "2026-10-12"
            self.assertEqual((line.amount_paid, line.amount_left), (30, 60))
            self.assertEqual(str(line.next_due_date), "2026-11-12")
            self.assertTrue(line.is_overdue and second.is_overdue)
            self.assertFalse(first.is_overdue or last.is_overdue)
            for model, found in (
                ("complaint.redress", line),
                ("complaint.redress.payment", second),
            ):
                lines = self.env[model].search(
                    [("is_overdue", "=", True), ("ticket_id", "=", ticket.id)]
                )
                self.assertEqual(lines, found)
            with self.assertRaisesRegex(UserError, "does not change any more"):
                first.amount = 20
            with self.assertRaisesRegex(UserError, "does not change any more"):
                first.unlink()
            with (
                self.assertRaisesRegex(UserError, "received and today"),
                self.cr.savepoint(),
            ):
                second.paid_on = "2026-11-21"
            second.write({"paid_on": "2026-11-20", "reference": "VIR 12"})
            line.action_pay()
        self.assertEqual(line.state, "paid")
        self.assertEqual(last.paid_on and str(last.paid_on), "2026-11-20")
        self.assertEqual(len(self.events(ticket, "pay")), 3)
        self.assertFalse(ticket.complaint_verify_history())

    def test_the_rest_is_waived_by_agreement(self):
        line = self.granted(90)
        with self.assertRaisesRegex(UserError, "nothing was paid yet"):
            line.action_settle("Agreed.")
        line.payment_ids = [
            (0, 0, {"due_date": "2026-10-12", "amount": 60, "paid_on": "2026-10-12"})
        ]
        with self.assertRaisesRegex(UserError, "reason"):
            line.action_settle(" ")
        with self.assertRaisesRegex(UserError, "paid in part"):
            self.as_user(self.manager, line).action_cancel("x")
        wizard = self.as_user(self.handler, self.env["complaint.redress.reason"])
        wizard.create(
            {"act": "settle", "redress_id": line.id, "reason": "Agreed by letter."}
        ).action_confirm()
        self.assertEqual(
            (line.state, line.amount_paid, line.amount_left),
            (
                "paid",
                60,
                0,
            ),
        )
        self.assertTrue(line.is_partial_settlement)
        event = self.events(line.ticket_id, "redress_settle")
        self.assertIn('"waived":"30.00"', event.payload)

    def test_what_was_granted_is_cancelled_by_a_manager_with_a_reason(self):
        line = self.granted()
        with self.assertRaises(AccessError):
            line.action_cancel("x")
        manager = self.as_user(self.manager, line)
        with self.assertRaisesRegex(UserError, "reason"):
            manager.action_cancel("")
        wizard = self.as_user(self.manager, self.env["complaint.redress.reason"])
        wizard.create(
            {"act": "cancel", "redress_id": line.id, "reason": "Paid elsewhere."}
        ).action_confirm()
        self.assertEqual((line.state, line.reason), ("cancelled", "Paid elsewhere."))
        self.assertTrue(self.events(line.ticket_id, "redress_cancel").note)
        with self.assertRaisesRegex(UserError, "in the state"):
            line.action_pay()

    def test_an_apology_is_done_without_payment(self):
        line = self.granted(0, kind="apology")
        line.action_pay()
        self.assertEqual(line.state, "paid")
        self.assertFalse(line.payment_ids)

    # ------------------------------------------------------------------
    # Documents
    # ------------------------------------------------------------------

    def test_only_a_document_of_the_company_that_one_may_read_is_linked(self):
        lines = self.env.registry["complaint.redress"]
        self.patch(lines, "_document_models", lambda self: DOCUMENTS)
        line = self.propose(self._new_qualified())
        self.assertEqual(
            [name for name, _label in line._selection_document_ref()], DOCUMENTS[:2]
        )
        self.assertTrue(line.has_documents)
        partner = self.env["res.partner"].create(
            {"name": "Credit note", "company_id": self.company.id}
        )
        line.document_ref = partner
        self.assertEqual(line.document_ref, partner)
        other = self.env["res.company"].create({"name": "Elsewhere"})
        foreign = self.env["res.partner"].create(
            {"name": "Theirs", "company_id": other.id}
        )
        secret = self.env["ir.mail_server"].create({"name": "S", "smtp_host": "x"})
        with self.assertRaises(AccessError):
            line.document_ref = f"ir.mail_server,{secret.id}"
        with self.assertRaisesRegex(ValidationError, "another company"):
            line.document_ref = f"res.partner,{foreign.id}"
        with self.assertRaises(ValueError):
            line.document_ref = f"res.users,{self.officer.id}"
