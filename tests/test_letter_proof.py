import base64
import hashlib

from odoo.exceptions import AccessError, UserError

from .common import ComplaintCase, freeze_time

SCAN = b"%PDF-1.4 a scanned receipt"


@freeze_time("2026-10-20 08:00:00")
class TestLetterProof(ComplaintCase):
    """Proofs of posting and receipt are added, and never taken back."""

    def sent(self, channel="registered", **values):
        ticket = self.as_user(self.handler, self._new_qualified())
        return ticket.complaint_send_letter("acknowledge", channel=channel, **values)

    def prove(self, letter, **values):
        values = {"kind": "receipt", "file_name": "ar.pdf", **values}
        return (
            self.env["complaint.letter.proof"]
            .with_user(self.handler)
            .create({"letter_id": letter.id, **values})
        )

    def test_registered_post_counts_from_the_day_of_posting(self):
        letter = self.sent(posted_at="2026-10-19 15:00:00", tracking_number="1A 234")
        self.assertEqual(str(letter.sent_at), "2026-10-19 15:00:00")
        self.assertFalse(letter.delivery_state)
        [number] = letter.proof_ids
        self.assertEqual((number.kind, number.tracking_number), ("number", "1A 234"))
        self.assertTrue(letter.is_proof_missing)

    def test_a_proof_is_kept_with_its_hash_and_told(self):
        letter = self.sent()
        pdf = letter.checksum
        proof = self.prove(
            letter, file=base64.b64encode(SCAN), tracking_number="1A 235"
        )
        self.assertEqual(proof.sudo().attachment_id.raw, SCAN)
        self.assertEqual(proof.checksum, hashlib.sha256(SCAN).hexdigest())
        self.assertEqual(letter.tracking_number, "1A 235")
        self.assertFalse(letter.is_proof_missing)
        self.assertTrue(letter.verify_file())
        self.assertEqual(letter.checksum, pdf)
        event = letter.ticket_id.sudo().complaint_event_ids[-1]
        self.assertEqual(event.event, "proof")
        self.assertIn(proof.checksum, event.payload)
        self.assertNotIn("1A 235", event.payload)

    def test_a_proof_never_changes(self):
        letter = self.sent("hand")
        proof = self.prove(letter, file=base64.b64encode(SCAN))
        for act in (
            lambda: proof.write({"tracking_number": "x"}),
            lambda: proof.sudo().write({"attachment_id": False}),
            lambda: proof.sudo().unlink(),
            lambda: proof.sudo().attachment_id.write({"raw": b"other"}),
            lambda: proof.sudo().attachment_id.unlink(),
        ):
            with self.assertRaisesRegex(UserError, "kept as it was given"):
                act()
        # A mistake is corrected by another one.
        self.prove(letter, kind="number", tracking_number="1A 236")
        self.prove(letter, kind="number", tracking_number="1A 237")
        self.assertEqual(letter.tracking_number, "1A 237")
        self.assertEqual(len(letter.proof_ids), 3)

    def test_proofs_that_prove_nothing_are_refused(self):
        post, mail = self.sent("post"), self.sent("email")
        rows = [
            (mail, {"tracking_number": "1"}, "by post or by hand"),
            (post, {}, "give the file"),
            (post, {"tracking_number": "1", "date": "2026-10-25"}, "in the future"),
            (post, {"file": "*"}, "cannot be read"),
        ]
        for letter, values, words in rows:
            with self.assertRaisesRegex(UserError, words), self.cr.savepoint():
                self.prove(letter, **values)
        draft = letter.browse(post.action_draft_again()["res_id"])
        with self.assertRaisesRegex(UserError, "by post or by hand"):
            self.prove(draft, tracking_number="1")

    def test_a_letter_that_the_post_brings_back_is_told_and_stays_sent(self):
        letter = self.sent("post")
        self.prove(letter, kind="returned", file=base64.b64encode(SCAN))
        promise = letter.ticket_id.sudo()._complaint_current_deadlines("acknowledge")
        self.assertEqual(promise.state, "met")
        kind = "helpdesk_complaint.mail_activity_letter_undelivered"
        self.assertTrue(letter.ticket_id.sudo().activity_search([kind]))

    def test_proofs_belong_to_those_who_handle_the_file(self):
        letter = self.sent()
        secret = self.sent()
        secret.ticket_id.sudo().complaint_concerned_user_ids = self.leader
        for user, of in (
            (self.customer, letter),
            (self.agent, letter),
            (self.auditor, letter),
            (self.leader, secret),
        ):
            with self.assertRaises(AccessError):
                self.env["complaint.letter.proof"].with_user(user).create(
                    {"letter_id": of.id, "tracking_number": "1"}
                )
            with self.assertRaises(AccessError):
                self.as_user(user, of).action_add_proof()
        proof = self.prove(secret, tracking_number="1")
        self.assertFalse(proof.with_user(self.leader).has_access("read"))
        self.assertTrue(proof.with_user(self.auditor).has_access("read"))
