from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError

from .common import ComplaintCase, tagged


class ApprovalCase(ComplaintCase):
    """Drafts of a handler, whom a manager of the same company may approve."""

    def draft(self, code="inform", ticket=None, user=None, **vals):
        """A draft as a handler writes it."""
        ticket = ticket or self._new_qualified()
        ticket = self.as_user(user or self.handler, ticket)
        vals = dict(ticket._prepare_complaint_letter_vals(code), **vals)
        return ticket.env["complaint.letter"].create(vals)

    def decided(self, outcome="rejected", amount=0):
        ticket = self._new_qualified()
        self.as_user(self.handler, ticket).complaint_decide(outcome, "See article 7.")
        if amount:
            self.env["complaint.redress"].create(
                {"ticket_id": ticket.id, "kind": "refund", "amount": amount}
            )
        return ticket

    def events(self, letter, *names):
        return letter.ticket_id.complaint_event_ids.filtered(
            lambda x: x.event in names
        ).sorted("sequence")


@tagged("post_install", "-at_install")
class TestLetterApproval(ApprovalCase):
    # ------------------------------------------------------------------
    # The walk
    # ------------------------------------------------------------------

    def test_a_letter_is_submitted_approved_and_sent(self):
        letter = self.draft()
        self.assertTrue(letter.action_submit(user_ids=self.manager.ids))
        self.assertEqual(
            (letter.state, letter.submitted_by_id), ("submitted", self.handler)
        )
        asked = letter.ticket_id.activity_ids
        self.assertEqual(asked.user_id, self.manager)
        approving = self.as_user(self.manager, letter)
        self.assertTrue(approving.can_approve)
        approving.action_approve()
        self.assertEqual((letter.state, letter.approver_id), ("approved", self.manager))
        self.assertFalse(asked.active)
        told = letter.ticket_id.activity_ids
        self.assertEqual(told.user_id, self.handler)
        # any handler sends it; it leaves under the name of who approved it
        self.as_user(self.leader, letter).action_send()
        self.assertEqual(letter.state, "sent")
        self.assertEqual(letter.signed_by_id, self.manager)
        self.assertEqual(letter.sent_by_id, self.leader)
        self.assertFalse(told.active)
        names = self.events(letter, "letter_submit", "letter_approve", "inform")
        self.assertEqual(
            names.mapped("event"), ["letter_submit", "letter_approve", "inform"]
        )
        self.assertFalse(letter.ticket_id.complaint_verify_history())

    def test_who_sends_alone_signs(self):
        letter = self.draft()
        self.assertFalse(letter.needs_approval)
        self.assertFalse(letter.approval_help)
        letter.action_send()
        self.assertEqual(letter.signed_by_id, self.handler)
        self.assertEqual(letter.author_ids, self.handler)

    def test_approve_and_send_in_one_click(self):
        letter = self.draft()
        letter.action_submit()
        approving = self.as_user(self.manager, letter)
        done = approving.with_context(complaint_go_back=True).action_approve_and_send()
        self.assertEqual(done["tag"], "helpdesk_complaint.letter_done")
        self.assertEqual((letter.state, letter.signed_by_id), ("sent", self.manager))

    def test_a_batch_is_submitted_and_approved(self):
        letters = self.draft() | self.draft()
        letters.action_submit()
        self.as_user(self.manager, letters).action_approve()
        letters.action_send()
        self.assertEqual(set(letters.mapped("state")), {"sent"})

    def test_a_refusal_goes_back_with_its_reason(self):
        letter = self.draft()
        letter.action_submit(self.manager.ids)
        reading = self.as_user(self.manager, letter)
        with self.assertRaisesRegex(UserError, "reason"):
            reading.action_refuse(" ")
        wizard = reading.env["complaint.letter.refusal"].create(
            {"letter_ids": [(6, 0, letter.ids)], "reason": "Too harsh."}
        )
        wizard.action_confirm()
        self.assertEqual((letter.state, letter.refusal_reason), ("draft", "Too harsh."))
        told = letter.ticket_id.activity_ids
        self.assertEqual(told.user_id, self.handler)
        self.assertIn("Too harsh.", told.note)
        self.assertEqual(self.events(letter, "letter_refuse").note, "Too harsh.")
        letter.body = "<p>Milder.</p>"
        letter.action_submit()
        self.assertFalse(letter.refusal_reason)

    def test_back_to_draft_loses_the_approval(self):
        letter = self.draft()
        letter.action_submit()
        self.as_user(self.manager, letter).action_approve()
        letter.action_back_to_draft()
        self.assertEqual(letter.state, "draft")
        self.assertFalse(letter.approver_id or letter.approved_digest)
        letter.subject = "Another"
        self.assertEqual(len(self.events(letter, "letter_draft")), 1)

    def test_what_waits_is_found_by_who_could_approve_it(self):
        letter = self.draft()
        letter.action_submit()
        for user, found in ((self.manager, letter), (self.handler, letter.browse())):
            waiting = self.as_user(user, letter).search(
                [("can_approve", "=", True), ("ticket_id", "=", letter.ticket_id.id)]
            )
            self.assertEqual(waiting.ids, found.ids)

    # ------------------------------------------------------------------
    # Two people
    # ------------------------------------------------------------------

    def test_two_people_where_the_regime_asks(self):
        #        two people, letter, needs a second person
        rows = [
            ("never", "rejection", False),
            ("refusal", "inform", False),
            ("refusal", "rejection", True),
            ("reply", "inform", False),
            ("reply", "rejection", True),
            ("every", "inform", True),
        ]
        ticket = self.decided()
        for two_people, code, needed in rows:
            with self.subTest(two_people=two_people, code=code):
                self.acpr.two_people = two_people
                letter = self.draft(code, ticket)
                self.assertEqual(letter.needs_approval, needed)
                self.assertEqual(bool(letter.approval_help), needed)

    def test_two_people_from_an_amount_on(self):
        ticket = self.decided("upheld", amount=500)
        letter = self.draft("favourable", ticket)
        for amount, needed in ((0, False), (500.01, False), (500, True)):
            self.company.complaint_two_people_amount = amount
            letter.invalidate_recordset()
            self.assertEqual(letter.needs_approval, needed, amount)
        with self.assertRaisesRegex(UserError, "From .*500.00.* on"):
            letter.action_send()
        self.assertFalse(self.draft("inform", ticket).needs_approval)

    def test_a_settlement_of_that_amount_needs_two_people_too(self):
        self.company.complaint_two_people_amount = 100
        ticket = self.decided("upheld", amount=500)
        letter = self.draft("closure", ticket)
        self.assertFalse(letter.needs_approval)
        ticket._complaint_log("settle")
        letter.invalidate_recordset()
        self.assertTrue(letter.needs_approval)

    def test_a_letter_that_needs_two_people_is_refused_to_one(self):
        self.acpr.two_people = "refusal"
        ticket = self.decided()
        with (
            self.assertRaisesRegex(UserError, "asks for a second person: Refusals"),
            self.cr.savepoint(),
        ):
            self.as_user(self.handler, ticket).complaint_send_letter("rejection")
        ticket.invalidate_recordset()
        letter = self.draft("rejection", ticket)
        with self.assertRaisesRegex(UserError, "Submit for approval"):
            letter.action_send()
        with self.assertRaisesRegex(UserError, "Submit for approval"):
            letter.sudo().action_send()
        letter.action_submit()
        self.as_user(self.manager, letter).action_approve()
        letter.action_send()
        self.assertEqual(ticket.complaint_state, "answered")

    def test_who_may_not_sign_sends_what_somebody_who_may_has_approved(self):
        self.company.complaint_authority_required = True
        authority = self.env["complaint.authority"].create(
            {
                "user_id": self.manager.id,
                "act": "sign",
                "company_id": self.company.id,
                "date_from": "2026-01-01",
            }
        )
        letter = self.draft()
        self.assertTrue(letter.needs_approval)
        self.assertIn("Could approve it: t_manager", letter.approval_help)
        with self.assertRaisesRegex(UserError, "Could approve it: t_manager"):
            letter.action_send()
        with self.assertRaisesRegex(UserError, "cannot be approved by t_leader"):
            letter.action_submit(self.leader.ids)
        letter.action_submit()
        self.assertEqual(letter.ticket_id.activity_ids.user_id, self.manager)
        with self.assertRaisesRegex(UserError, "cannot be approved by t_leader"):
            self.as_user(self.leader, letter).action_approve()
        self.as_user(self.manager, letter).action_approve()
        # what was right when it was approved is not asked for again
        self.manager.active = False
        letter.action_send()
        self.assertEqual(letter.signed_by_id, self.manager)
        self.assertEqual(letter.sudo().authority_id, authority)

    # ------------------------------------------------------------------
    # Refusals
    # ------------------------------------------------------------------

    def test_nobody_approves_what_he_wrote(self):
        letter = self.draft()
        self.as_user(self.leader, letter).body = "<p>Rewritten.</p>"
        self.assertEqual(letter.author_ids, self.handler | self.leader)
        with self.assertRaisesRegex(UserError, "cannot approve it"):
            letter.action_submit(self.leader.ids)
        letter.action_submit()
        for user in (self.handler, self.leader):
            writer = self.as_user(user, letter)
            self.assertFalse(writer.can_approve)
            for act in (
                writer.action_approve,
                writer.action_approve_and_send,
                lambda writer=writer: writer.action_refuse("x"),
            ):
                with self.assertRaisesRegex(UserError, "cannot approve it"):
                    act()
        self.assertEqual(letter.state, "submitted")

    def test_without_a_role_nobody_takes_a_step(self):
        letter = self.draft()
        for user in (self.customer, self.agent, self.auditor):
            own = self.as_user(user, letter)
            for act in ("action_submit", "action_back_to_draft", "action_send"):
                with self.assertRaises(AccessError):
                    getattr(own, act)()
        letter.action_submit()
        for user in (self.customer, self.agent, self.auditor):
            own = self.as_user(user, letter)
            for act in (own.action_approve, lambda own=own: own.action_refuse("x")):
                with self.assertRaises(AccessError):
                    act()
        with self.assertRaisesRegex(UserError, "Only complaint handlers"):
            letter.sudo()._check_approver(self.agent)
        self.assertEqual(letter.state, "submitted")

    def test_steps_are_taken_in_their_order(self):
        letter = self.draft()
        approving = self.as_user(self.manager, letter)
        for act in (
            approving.action_approve,
            letter.action_back_to_draft,
            lambda: approving.action_refuse("x"),
        ):
            with self.assertRaisesRegex(UserError, "in the state “Draft”"):
                act()
        letter.action_submit()
        with self.assertRaisesRegex(UserError, "in the state “Submitted”"):
            letter.action_submit()
        with self.assertRaisesRegex(UserError, "waits for its approval"):
            letter.action_send()
        approving.action_approve_and_send()
        with self.assertRaisesRegex(UserError, "cannot change any more"):
            letter.action_back_to_draft()

    def test_what_could_not_be_sent_is_not_submitted(self):
        letter = self.draft(channel="registered", recipient_address=False)
        with self.assertRaisesRegex(UserError, "postal address"):
            letter.action_submit()
        letter = self.draft("acknowledge", body="<p>x</p>")
        letter.ticket_id.complaint_decide("withdrawn", "x")
        letter.ticket_id.complaint_close("x")
        with self.assertRaisesRegex(UserError, "not possible now"):
            letter.action_submit()

    def test_a_submitted_or_approved_letter_is_closed(self):
        letter = self.draft()
        letter.action_submit()
        approving = self.as_user(self.manager, letter)
        for user in (letter, approving, letter.sudo()):
            for name in ("subject", "body", "recipient_name", "recipient_email"):
                with self.assertRaisesRegex(UserError, "Back to draft"):
                    user[name] = "<p>x</p>"
        with self.assertRaisesRegex(UserError, "Back to draft"):
            letter.unlink()
        approving.action_approve()
        with self.assertRaisesRegex(UserError, "Back to draft"):
            letter.body = "<p>x</p>"
        # how it leaves is settled later
        letter.write({"channel": "hand", "posted_at": fields.Datetime.now()})
        letter.action_send()

    def test_approval_fields_are_closed_to_users(self):
        letter = self.draft()
        for vals in (
            {"state": "approved"},
            {"author_ids": [(5, 0, 0)]},
            {"approver_id": self.manager.id},
            {"approved_digest": "x"},
            {"signed_by_id": self.manager.id},
        ):
            with self.assertRaisesRegex(UserError, "when the letter is sent"):
                letter.write(vals)

    def test_a_change_behind_odoos_back_is_refused(self):
        letter = self.draft()
        letter.action_submit()
        self.as_user(self.manager, letter).action_approve()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE complaint_letter SET body = '<p>Other</p>' WHERE id = %s",
            (letter.id,),
        )
        letter.invalidate_recordset()
        with self.assertRaisesRegex(UserError, "no longer what t_manager"):
            letter.action_send()

    def test_what_is_granted_cannot_change_after_the_approval(self):
        ticket = self.decided("upheld", amount=500)
        letter = self.draft("favourable", ticket)
        letter.action_submit()
        self.as_user(self.manager, letter).action_approve()
        ticket.complaint_redress_ids.amount = 5000
        with self.assertRaisesRegex(UserError, "no longer what"):
            letter.action_send()
        ticket.complaint_redress_ids.amount = 500
        letter.action_send()

    def test_what_was_submitted_anew_is_read_anew(self):
        letter = self.draft()
        letter.action_submit()
        letter.action_back_to_draft()
        letter.action_submit()
        stale = self.as_user(self.manager, letter).with_context(complaint_submission=1)
        with self.assertRaisesRegex(UserError, "submitted again since you opened it"):
            stale.action_approve()
        stale.with_context(complaint_submission=2).action_approve()

    def test_a_language_that_is_not_installed_is_named(self):
        ticket = self.as_user(self.handler, self._new_qualified())
        with self.assertRaisesRegex(UserError, "Danish.*not installed"):
            ticket.complaint_send_letter("inform", lang="da_DK")
        letter = self.draft(ticket=ticket)
        with self.assertRaisesRegex(UserError, "xx_XX.*not installed"):
            letter.lang = "xx_XX"
        self.env["res.lang"]._activate_lang("da_DK")
        letter.lang = "da_DK"
        self.env["res.lang"].search([("code", "=", "da_DK")]).active = False
        letter.invalidate_recordset()
        with self.assertRaisesRegex(UserError, "Danish.*not installed"):
            letter.action_send()
        self.assertIn("Danish", letter.preview_pdf()["error"])

    # ------------------------------------------------------------------
    # Who is asked
    # ------------------------------------------------------------------

    def test_who_is_there_is_asked(self):
        users = self.manager | self.leader | self.officer
        now = fields.Datetime.now()
        away = {self.leader: now + timedelta(days=8)}
        self.patch(
            type(users),
            "_complaint_next_open",
            lambda user, moment: away.get(user, now),
        )
        letters = self.env["complaint.letter"]
        self.assertEqual(letters._who_is_there(users), self.manager | self.officer)
        self.assertEqual(letters._who_is_there(self.leader), self.leader)
        self.assertFalse(letters._who_is_there(users.browse()))

    def test_submitting_says_who_was_asked(self):
        letter = self.draft().with_context(complaint_go_back=True)
        said = letter.action_submit(self.manager.ids)["params"]["message"]
        self.assertIn("t_manager", said)
        letter = self.draft().with_context(complaint_go_back=True)
        self.assertTrue(letter.action_submit()["params"]["message"])


@tagged("post_install", "-at_install")
class TestLetterCorrection(ApprovalCase):
    def answered(self):
        ticket = self.decided()
        letter = self.as_user(self.handler, ticket).complaint_send_letter("rejection")
        return ticket, letter

    def correct(self, letter):
        return (
            self.env["complaint.letter"]
            .with_user(self.handler)
            .browse(self.as_user(self.handler, letter).action_correct()["res_id"])
        )

    def test_a_sent_reply_is_corrected_by_a_new_letter(self):
        ticket, wrong = self.answered()
        before = (
            ticket.complaint_state,
            ticket.complaint_answered_at,
            ticket.complaint_deadline_ids.mapped("state"),
            ticket._complaint_decision().letter_id,
        )
        letter = self.correct(wrong)
        self.assertEqual(self.correct(wrong), letter)
        self.assertIn(f"replaces our letter {wrong.name} of", letter.body)
        letter.action_send()
        self.assertEqual(letter.name, f"{ticket.complaint_number}-2")
        self.assertEqual(wrong.corrected_by_ids, letter)
        after = (
            ticket.complaint_state,
            ticket.complaint_answered_at,
            ticket.complaint_deadline_ids.mapped("state"),
            ticket._complaint_decision().letter_id,
        )
        self.assertEqual(after, before)
        event = self.events(letter, "correct")
        self.assertIn(f'"corrects":{wrong.id}', event.payload)
        portal = self.as_user(self.customer, ticket).sudo()
        self.assertEqual(portal._complaint_portal_letters(), letter | wrong)
        self.assertEqual(portal._complaint_portal_answer(), letter)
        milestones = [item["key"] for item in portal._complaint_portal_past()]
        self.assertEqual(len([key for key in milestones if "answered" in key]), 1)

    def test_a_corrected_refusal_still_names_the_recourse(self):
        _ticket, wrong = self.answered()
        letter = self.correct(wrong)
        letter.body = "<p>Nothing.</p>"
        with self.assertRaisesRegex(UserError, "does not name its recourse"):
            letter.action_send()

    def test_a_correction_needs_two_people_like_what_it_corrects(self):
        _ticket, wrong = self.answered()
        self.acpr.two_people = "reply"
        with self.assertRaisesRegex(UserError, "second person"):
            self.correct(wrong).action_send()

    def test_only_a_sent_letter_of_this_cycle_and_kind_is_corrected(self):
        ticket, wrong = self.answered()
        other = self.draft()
        with self.assertRaisesRegex(ValidationError, "corrects one of the same kind"):
            other.corrects_id = wrong.id
        unsent = self.draft(ticket=other.ticket_id)
        with self.assertRaisesRegex(ValidationError, "corrects one of the same kind"):
            other.corrects_id = unsent.id
        letter = self.correct(wrong)
        ticket.complaint_contest("No.")
        with self.assertRaisesRegex(ValidationError, "current cycle"):
            letter.action_send()
        with self.assertRaises(AccessError):
            self.as_user(self.auditor, wrong).action_correct()

    def test_a_corrected_holding_letter_extends_nothing_more(self):
        ticket = self._new_qualified()
        wrong = self.as_user(self.handler, ticket).complaint_send_letter("holding")
        deadline = ticket._complaint_current_deadlines("respond")[:1]
        self.correct(wrong).action_send()
        self.assertEqual(deadline._find_announcement(), wrong)
