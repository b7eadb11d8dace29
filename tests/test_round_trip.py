"""Out and in again: a real mail server, the gateway's own way in, a real answer."""

import re
from unittest.mock import patch

from odoo import fields, modules

from .common import tagged
from .mail_case import MailCase, raw_mail
from .smtp_server import SmtpServer


@tagged("post_install", "-at_install")
class TestRoundTrip(MailCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.mail_server"].search([]).action_archive()
        cls.env["mail.mail"].search([("state", "=", "outgoing")]).state = "cancel"

    def leave(self):
        """Let the mail queue send what waits, through a server that is really there."""
        with SmtpServer() as server:
            self.env["ir.mail_server"].create(
                {
                    "name": "Local",
                    "smtp_host": "127.0.0.1",
                    "smtp_port": server.port,
                    "smtp_encryption": "none",
                }
            )
            waiting = self.env["mail.mail"].search([("state", "=", "outgoing")])
            with patch.object(modules.module, "current_test", None):
                waiting.send()
            self.env["ir.mail_server"].search([]).unlink()
        return server.mails

    def test_a_stranger_writes_gets_a_receipt_and_answers_it(self):
        now = fields.Datetime.now()
        ticket = self.take(
            raw_mail("You charged me 45 euros.", From="Jean <jean@example.org>"), at=now
        )
        self.assertFalse(ticket.partner_id)
        [receipt] = [x for x in self.leave() if "jean@example.org" in x["To"]]
        self.assertEqual(receipt["Auto-Submitted"], "auto-replied")
        self.assertIn("reclamations@desk.example", receipt["Reply-To"])
        self.assertIn(ticket.complaint_reference, receipt["Subject"])
        [copy] = receipt.iter_attachments()
        self.assertTrue(copy.get_content().startswith(b"%PDF"))
        text = receipt.get_body().get_content()
        self.assertTrue(re.search(r"/complaint/follow/[\w-]{11}\.[\w-]{43}", text))
        self.assertIn(ticket._complaint_reply_token(), text)
        for number, headers in enumerate(
            (
                {"In_Reply_To": receipt["Message-Id"]},
                {"References": f"<other@x> {receipt['Message-Id']}"},
                {"Subject": f"Re: {ticket._complaint_reply_token()}"},
            )
        ):
            heard = self.take(
                raw_mail(
                    f"One more thing, number {number}.",
                    From="Jean <jean@example.org>",
                    Message_Id=f"<more-{number}@example.org>",
                    **headers,
                ),
                "reply",
                at=now,
            )
            self.assertEqual(heard, ticket, headers)
        messages = ticket._complaint_portal_messages()
        said = " ".join(str(row["message"].body) for row in messages)
        for number in range(3):
            self.assertIn(f"number {number}", said)

    def test_a_number_in_the_subject_finds_nothing(self):
        now = fields.Datetime.now()
        ticket = self.take(
            raw_mail("You charged me.", From="Jean <jean@example.org>"), at=now
        )
        other = self.take(
            raw_mail(
                "About my other complaint.",
                From="Jean <jean@example.org>",
                Subject=f"Re: {ticket.complaint_reference} {ticket.number}",
                Message_Id="<other-1@example.org>",
            ),
            at=now,
        )
        self.assertNotEqual(other, ticket)
