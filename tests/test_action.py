from odoo.exceptions import AccessError, ValidationError

from .common import ComplaintCase, tagged


@tagged("post_install", "-at_install")
class TestAction(ComplaintCase):
    def test_an_action_answers_many_complaints_and_each_shows_it(self):
        tickets = self._new_qualified() | self._new_qualified()
        context = self.as_user(self.handler, tickets).action_complaint_actions()
        action = (
            self.env["mgmtsystem.action"]
            .with_user(self.handler)
            .with_context(**context["context"])
            .create({"name": "Rewrite the tariff sheet", "date_deadline": "2026-12-01"})
        )
        self.assertEqual(action.complaint_ids, tickets)
        self.assertEqual(action.type_action, "correction")
        self.assertEqual(action.company_id, self.company)
        for ticket in tickets:
            self.assertEqual(ticket.complaint_action_ids, action)
            self.assertEqual(ticket.complaint_action_count, 1)
        self.assertEqual(action.complaint_count, 2)
        self.assertEqual(
            self.env["helpdesk.ticket"].search(
                action.action_view_complaints()["domain"]
            ),
            tickets,
        )
        action.case_open()
        self.assertTrue(action.date_open)

    def test_the_mail_of_an_action_waits_for_the_commit(self):
        ticket = self._new_qualified()
        action = self.env["mgmtsystem.action"].create(
            {
                "name": "Train the desk",
                "type_action": "prevention",
                "user_id": self.handler.id,
                "company_id": self.company.id,
                "complaint_ids": [(6, 0, ticket.ids)],
            }
        )
        mails = self.env["mail.mail"].search(
            [("model", "=", "mgmtsystem.action"), ("res_id", "=", action.id)]
        )
        self.assertTrue(mails)
        self.assertEqual(set(mails.mapped("state")), {"outgoing"})

    def test_a_new_action_without_type_does_not_break_the_list(self):
        self.assertEqual(self.env["mgmtsystem.action"].new({}).color, 0)
        typed = self.env["mgmtsystem.action"].new({"type_action": "correction"})
        self.assertEqual(typed.color, 2)

    def test_an_action_of_another_company_is_refused(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        with self.assertRaisesRegex(ValidationError, "another company"):
            self.env["mgmtsystem.action"].create(
                {
                    "name": "x",
                    "type_action": "correction",
                    "company_id": other.id,
                    "complaint_ids": [(6, 0, self._new_qualified().ids)],
                }
            )

    def test_the_letter_tells_what_will_be_done(self):
        ticket = self.as_user(self.handler, self._new_qualified())
        ticket.write(
            {
                "complaint_action_ids": [
                    (0, 0, {"name": "New tariff sheet", "type_action": "correction"})
                ]
            }
        )
        ticket.complaint_decide("upheld", "x", self.cause.id)
        letter = ticket.complaint_send_letter("favourable")
        self.assertIn("New tariff sheet", letter.body)

    def test_customers_do_not_reach_actions(self):
        with self.assertRaises(AccessError):
            self.as_user(
                self.customer, self._new_qualified()
            ).action_complaint_actions()
