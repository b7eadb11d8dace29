from odoo.tests import HttpCase, JsonRpcException, mute_logger, tagged

from .common import ComplaintFixture

LOGGED = ("odoo.http", "odoo.addons.base.models.ir_rule", "odoo.models")


@tagged("post_install", "-at_install")
class TestRpc(ComplaintFixture, HttpCase):
    """The walk as another program takes it, with the rights of its user."""

    def call(self, method, ids, *args, model="helpdesk.ticket", **kwargs):
        return self.make_jsonrpc_request(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": [ids, *args], "kwargs": kwargs},
        )

    def test_the_walk_over_rpc(self):
        ticket = self._new_ticket()
        ids = ticket.ids
        self.authenticate("t_manager", "t_manager")
        self.assertTrue(
            self.call(
                "complaint_report",
                ids,
                received_at="2026-10-09 08:00:00",
                sent_date="2026-10-07",
                medium="written",
            )
        )
        self.assertTrue(
            self.call("complaint_qualify", ids, True, "A fee.", self.acpr.ids)
        )
        [letter] = self.call("complaint_send_letter", ids, "acknowledge")
        [decision] = self.call("complaint_decide", ids, "upheld", "Yes.", self.cause.id)
        self.call("complaint_send_letter", ids, "favourable", channel="portal")
        self.authenticate("t_customer", "t_customer")
        self.assertTrue(self.call("complaint_accept", ids))
        self.authenticate("t_auditor", "t_auditor")
        self.assertEqual(self.call("complaint_verify_history", ids), [])
        self.env.invalidate_all()
        self.assertEqual(ticket.complaint_state, "closed")
        self.assertIn(letter, ticket.complaint_letter_ids.ids)
        self.assertEqual(ticket.complaint_decision_ids.ids, [decision])

    def test_what_is_private_stays_private(self):
        ticket = self._new_qualified()
        self.authenticate("t_officer", "t_officer")
        for method in (
            "_complaint_log",
            "_complaint_enter_state",
            "_complaint_close_now",
            "_complaint_archive",
            "_cron_complaint_retention",
        ):
            with (
                self.subTest(method),
                self.assertRaises(JsonRpcException),
                mute_logger(*LOGGED),
            ):
                self.call(method, ticket.ids)

    def test_a_refusal_says_what_to_do(self):
        ticket = self._new_qualified()
        self.authenticate("t_handler", "t_handler")
        with (
            self.assertRaisesRegex(JsonRpcException, "UserError"),
            mute_logger(*LOGGED),
        ):
            self.call("complaint_send_letter", ticket.ids, "favourable")
