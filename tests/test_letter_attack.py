import base64

from markupsafe import Markup

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged

from .test_authority import AuthorityCase

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAA"
    "AABJRU5ErkJggg=="
)


@tagged("post_install", "-at_install")
@freeze_time("2026-10-12 08:00:00")
class TestLetterAttack(AuthorityCase):
    """What a colleague tries with letters over a call from outside."""

    def draft(self, code="inform", ticket=None, user=None, context=(), **vals):
        ticket = ticket or self._new_qualified()
        ticket = self.as_user(user or self.handler, ticket)
        vals = dict(ticket._prepare_complaint_letter_vals(code), **vals)
        letters = ticket.env["complaint.letter"].with_context(**dict(context))
        return letters.create(vals)

    def file(self, **vals):
        """A file that no handler may read."""
        return self.env["ir.attachment"].create(
            {"name": "secret", "raw": b"secret", **vals}
        )

    def granted_upheld(self, *amounts, regime=None):
        ticket = self._new_qualified(regime, received="2026-10-12 07:00:00")
        self.as_user(self.handler, ticket).complaint_decide(
            "upheld", "Article 7.", self.cause.id
        )
        for amount in amounts:
            self.as_user(self.handler, self.env["complaint.redress"]).create(
                {"ticket_id": ticket.id, "amount": amount}
            )
        return ticket

    # ------------------------------------------------------------------
    # Defaults of the context
    # ------------------------------------------------------------------

    def test_no_default_of_the_context_approves_or_sends_a_letter(self):
        letter = self.draft(
            context={
                "default_state": "approved",
                "default_approver_id": self.manager.id,
                "default_approved_digest": "x",
                "default_name": "26.1001.001-9",
                "default_sent_at": "2026-10-01 08:00:00",
                "default_read_at": "2026-10-01 08:00:00",
                "default_delivery_state": "handed",
                "default_undelivered_at": "2026-10-01 08:00:00",
            }
        )
        self.assertEqual(letter.state, "draft")
        for name in (
            "approver_id",
            "approved_digest",
            "name",
            "sent_at",
            "read_at",
            "delivery_state",
            "undelivered_at",
        ):
            with self.subTest(name):
                self.assertFalse(letter[name])

    def test_no_default_of_the_context_opens_the_file_of_another(self):
        file = self.file()
        letter = self.draft(
            context={"default_attachment_id": file.id, "default_mail_id": 1},
            channel="post",
        )
        self.assertFalse(letter.sudo().attachment_id or letter.sudo().mail_id)
        letter.action_send()
        proofs = letter.env["complaint.letter.proof"].with_context(
            default_attachment_id=file.id, default_checksum="abc"
        )
        proof = proofs.create({"letter_id": letter.id, "tracking_number": "1"})
        self.assertFalse(proof.sudo().attachment_id or proof.checksum)
        points = letter.env["complaint.point"].with_context(
            default_previous_id=self.env["complaint.point"]
            .create({"ticket_id": self._new_qualified().id, "name": "Other"})
            .id
        )
        point = points.create({"ticket_id": letter.ticket_id.id, "name": "Fees"})
        self.assertFalse(point.previous_id)

    def test_no_default_of_the_context_holds_the_email_back(self):
        letter = self.draft()
        letter.with_context(
            default_scheduled_date="2099-01-01 00:00:00",
            default_email_cc="other@example.com",
        ).action_send()
        mail = letter.sudo().mail_id
        self.assertFalse(mail.scheduled_date or mail.email_cc)

    def test_choosing_a_letter_or_referral_of_another_file_tells_nothing_of_it(self):
        hidden = self._new_qualified(
            complaint_is_confidential=True, user_id=self.manager.id
        )
        body = self.env["complaint.recourse.body"].search([], limit=1)
        referral = hidden.complaint_refer(body.id, "2026-10-10", reference="M-7")
        other = self.draft(ticket=hidden, user=self.manager, subject="Harassment")
        letter = self.draft()
        for name, record in (("corrects_id", other), ("referral_id", referral)):
            with self.subTest(name), self.assertRaises(ValidationError) as caught:
                letter[name] = record.id
            self.assertNotIn(record.display_name, str(caught.exception))

    # ------------------------------------------------------------------
    # Two people
    # ------------------------------------------------------------------

    def test_a_picture_does_not_change_after_the_approval(self):
        letter = self.draft()
        picture = letter.env["ir.attachment"].create(
            {
                "name": "p.png",
                "raw": PNG,
                "res_model": letter._name,
                "res_id": letter.id,
            }
        )
        letter.body += Markup("<img src='/web/image/%s-ab/p.png'/>") % picture.id
        letter.action_submit()
        self.as_user(self.manager, letter).action_approve()
        picture.raw = PNG + b" "
        with self.assertRaisesRegex(UserError, "no longer what t_manager"):
            letter.action_send()
        picture.raw = PNG
        letter.action_send()

    def test_who_says_where_a_letter_goes_does_not_approve_it(self):
        self.acpr.two_people = "every"
        for name in ("recipient_email", "recipient_name", "recipient_address"):
            with self.subTest(name):
                letter = self.draft()
                mine = self.as_user(self.manager, letter)
                mine[name] = "me@example.com"
                mine.action_submit()
                with self.assertRaisesRegex(UserError, "was written by"):
                    mine.action_approve()

    def test_an_amount_for_two_people_is_not_missed_by_a_rounding(self):
        self.company.complaint_two_people_amount = 0.8
        ticket = self.granted_upheld(0.7, 0.1)
        self.assertLess(ticket._complaint_redress_total(), 0.8)
        letter = self.draft("favourable", ticket)
        self.assertIn("second person", letter._why_two_people())
        self.company.complaint_two_people_amount = 0
        self.assertFalse(letter._why_two_people())

    # ------------------------------------------------------------------
    # Authority
    # ------------------------------------------------------------------

    def test_the_letter_of_a_settlement_is_bounded_as_a_reply_is(self):
        self.name(self.handler, "sign", is_unlimited=False, amount_limit=50)
        self.name(self.handler, "grant", amount_limit=500)
        ticket = self.granted_upheld(100, regime=self._regime("uk_fca"))
        self.assertEqual(self.draft("closure", ticket)._granted_amount(), 0)
        self.as_user(self.handler, ticket).complaint_settle("Agreed by telephone.")
        letter = self.draft("closure", ticket)
        with self.assertRaisesRegex(UserError, "up to .*50"):
            letter.action_send()

    def test_the_complaint_of_an_authority_is_told_to_officers_only(self):
        group = self.env["res.groups"].create(
            {"name": "Desk", "user_ids": [(6, 0, self.handler.ids)]}
        )
        line = self.name(None, group_id=group.id)
        self.as_user(self.handler, line).read(["used_at"])
        with self.assertRaises(AccessError):
            self.as_user(self.handler, line).read(["used_ticket_id"])
