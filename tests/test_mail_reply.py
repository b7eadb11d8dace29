from odoo import fields
from odoo.exceptions import AccessError, UserError

from ..engine.mail_token import found
from .common import freeze_time
from .mail_case import DESK, NOW, MailCase, multipart, raw_mail

IN_WINDOW = "2026-10-14 08:00:00"
AFTER = "2026-11-09 10:00:00"
CONTEST = "helpdesk_complaint.mail_activity_contest_asked"


class TestReply(MailCase):
    def events(self, ticket, event):
        return ticket.sudo().complaint_event_ids.filtered(lambda x: x.event == event)

    def todos(self, ticket, kind=CONTEST):
        return ticket.sudo().activity_ids.filtered(
            lambda x: x.activity_type_id == self.env.ref(kind)
        )

    def last_message(self, ticket):
        return ticket.sudo().message_ids.sorted("id")[-1:]

    def shown_to_customer(self, ticket, word):
        messages = self.env["mail.message"].with_user(self.customer)
        return bool(
            messages.search(
                [
                    ("model", "=", "helpdesk.ticket"),
                    ("res_id", "=", ticket.id),
                    ("body", "ilike", word),
                ]
            )
        )

    # ------------------------------------------------------------------
    # Which complaint
    # ------------------------------------------------------------------

    def test_an_answer_finds_its_complaint_by_reference_or_token(self):
        ticket = self._new_qualified()
        ticket.complaint_send_letter("inform")
        raws = [
            self.answer(ticket, "By reference."),
            self.answer(ticket, "By token.", token=True),
            self.answer(
                ticket,
                "By subject.",
                References="",
                Subject=f"Re: {ticket._complaint_reply_token()}",
            ),
            self.answer(ticket, "Elsewhere.", token=True, To="contact@x.example"),
        ]
        for raw in raws:
            self.assertEqual(self.take(raw, "reply"), ticket)
            self.assertTrue(self.shown_to_customer(ticket, "By|else".split("|")[0]))
        # His own first message is one to refer to as well.
        first = self.take(raw_mail(From=self.customer.email))
        raw = raw_mail(
            "More.",
            From=self.customer.email,
            Message_Id="<more@x>",
            References="<first@example.org>",
        )
        self.assertEqual(self.take(raw, "reply"), first)

    def test_a_number_in_the_subject_finds_nothing(self):
        ticket = self._new_qualified()
        for index, text in enumerate(
            (
                ticket.complaint_number,
                ticket.number,
                f"[C-{ticket.id}]",
                f"[C-{ticket.id}-{'0' * 24}]",
                ticket._complaint_reply_token()[:-2] + "0]",
            )
        ):
            with self.subTest(text):
                raw = raw_mail(
                    Subject=f"Re: {text}",
                    From=self.customer.email,
                    Message_Id=f"<number-{index}@x>",
                )
                self.assertNotEqual(self.take(raw), ticket)

    def test_the_token_of_one_file_opens_no_other(self):
        one, other = self._new_qualified(), self._new_qualified()
        (number, mac) = found(one._complaint_reply_token())[0]
        self.assertEqual(number, one.id)
        tickets = self.env["helpdesk.ticket"]
        self.assertEqual(tickets._complaint_of_tokens([(one.id, mac)]), one)
        self.assertFalse(tickets._complaint_of_tokens([(other.id, mac)]))
        self.assertFalse(tickets._complaint_of_tokens([(2**40, mac), (0, mac)]))

    def test_letters_carry_the_token(self):
        ticket = self._new_qualified()
        for values in ({}, {"channel": "portal"}):
            letter = ticket.complaint_send_letter("inform", **values)
            self.assertIn(
                ticket._complaint_reply_token(), letter.sudo().mail_id.body_html
            )

    def test_a_token_among_two_desks_makes_no_new_complaint(self):
        ticket = self._new_qualified()
        raw = self.answer(ticket, token=True, To=f"{DESK}, other@x.example")
        self.assertEqual(self.take(raw, "reply"), ticket)

    # ------------------------------------------------------------------
    # Whose message
    # ------------------------------------------------------------------

    def test_somebody_else_enters_as_an_internal_note_and_moves_nothing(self):
        ticket = self.answered()
        for index, sender in enumerate(
            (self.stranger.email, "nobody@example.org", self.agent.email)
        ):
            raw = self.answer(
                ticket,
                f"Secret {index}. I contest.",
                From=sender,
                Message_Id=f"<else-{index}@x>",
            )
            with self.subTest(sender):
                self.assertEqual(self.take(raw, "other", at=IN_WINDOW), ticket)
                message = self.last_message(ticket)
                self.assertTrue(message.is_internal and message.subtype_id.internal)
                self.assertFalse(message.partner_ids)
                self.assertFalse(self.shown_to_customer(ticket, "Secret"))
                self.assertNotIn(self.stranger.partner_id, ticket.message_partner_ids)
        self.assertEqual(ticket.complaint_state, "answered")
        self.assertFalse(ticket.complaint_contest_asked_at)
        kind = "helpdesk_complaint.mail_activity_message"
        self.assertEqual(len(self.todos(ticket, kind)), 1)

    def test_who_answers_the_complainants_own_mail_tells_him_nothing(self):
        ticket = self.take(raw_mail(From=self.customer.email))
        raw = raw_mail(
            "Secret.",
            From=self.stranger.email,
            Message_Id="<gossip@x>",
            References="<first@example.org>",
        )
        self.assertEqual(self.take(raw, "other"), ticket)
        self.assertFalse(
            self.last_message(ticket).notified_partner_ids.filtered("partner_share")
        )

    def test_programs_that_answer_are_noted_and_move_nothing(self):
        ticket = self.answered()
        for index, headers in enumerate(
            (
                {"Auto_Submitted": "auto-replied"},
                {"Subject": "Out of office", "X_Autoreply": "yes"},
                {"Auto_Submitted": "auto-generated"},
            )
        ):
            raw = self.answer(
                ticket, "Away, not here.", Message_Id=f"<away-{index}@x>", **headers
            )
            self.assertEqual(self.take(raw, "automatic", at=IN_WINDOW), ticket)
            self.assertTrue(self.last_message(ticket).is_internal)
        self.assertFalse(ticket.complaint_contest_asked_at)

    def test_a_report_of_a_mail_server_finds_its_letter(self):
        ticket = self._new_qualified()
        letter = ticket.complaint_send_letter("inform")
        raw = multipart(
            ("text/plain", "Sorry"),
            ("message/delivery-status", "A: b\r\n\r\nAction: failed\r\nStatus: 5.1.1"),
            ("text/rfc822-headers", f"Message-ID: {letter.mail_reference}\r\n"),
            Content_Type="multipart/report; report-type=delivery-status; boundary=cut",
            From="MAILER-DAEMON@x.example",
            To="bounce@x.example",
        )
        self.assertEqual(self.take(raw, "bounce"), ticket)
        self.assertEqual(letter.delivery_state, "bounced")

    def test_a_furious_person_is_heard_and_a_program_in_a_loop_is_not(self):
        ticket = self._new_qualified()
        for number in range(25):
            raw = self.answer(
                ticket, f"Answer me! {number}", True, Message_Id=f"<fury-{number}@x>"
            )
            self.assertEqual(self.take(raw, "reply"), ticket)
        messages = ticket.message_ids.filtered(lambda x: x.message_type == "email")
        self.assertEqual(len(messages), 25)
        notes = ticket.complaint_intake_ids.filtered("note")
        self.assertEqual(len(notes), 5)
        raw = self.answer(
            ticket, "Loop", True, Message_Id="<loop@x>", Auto_Submitted="auto-replied"
        )
        count = len(ticket.message_ids)
        self.assertEqual(self.take(raw, "loop"), ticket)
        self.assertEqual(len(ticket.message_ids), count)

    # ------------------------------------------------------------------
    # What follows
    # ------------------------------------------------------------------

    def paused(self):
        regime = self.acpr
        regime.policy_ids.can_pause = True
        ticket = self._new_qualified(received="2026-11-06 08:00:00", regime=regime)
        return ticket

    def test_a_clock_that_waits_for_him_runs_on(self):
        with freeze_time("2026-11-08 08:00:00"):
            ticket = self.paused()
            ticket.complaint_pause("The contract is awaited.")
        self.assertTrue(ticket._complaint_is_paused())
        self.take(self.answer(ticket, "Thank you.", True, Message_Id="<t@x>"), "thanks")
        self.assertTrue(ticket._complaint_is_paused())
        self.take(self.answer(ticket, "Here it is.", True), "reply")
        self.assertFalse(ticket._complaint_is_paused())
        event = self.events(ticket, "resume")
        self.assertEqual(len(event), 1)
        self.assertEqual(event.user_id, self.env.ref("base.user_root"))
        self.assertFalse(ticket.sudo().complaint_verify_history())

    def test_after_the_answer_it_is_an_objection_to_examine(self):
        ticket = self.answered()
        self.assertEqual(
            self.take(self.answer(ticket), "contest", at=IN_WINDOW), ticket
        )
        self.assertEqual(str(ticket.complaint_contest_asked_at), IN_WINDOW)
        self.assertEqual(ticket.complaint_state, "answered")
        self.assertEqual(self.todos(ticket).user_id, self.handler)
        raw = self.answer(ticket, "And another thing.")
        self.take(raw, "contest", at=IN_WINDOW)
        self.assertEqual(len(self.todos(ticket)), 1)
        self.assertEqual(len(self.events(ticket, "contest_ask")), 2)

    def test_silence_closes_no_file_with_an_objection(self):
        ticket, other = self.answered(), self.answered()
        for one in ticket | other:
            one.complaint_cause_id = self.cause
        self.take(self.answer(ticket), "contest", at=IN_WINDOW)
        with freeze_time(AFTER), self.enter_registry_test_mode():
            job = self.env.ref("helpdesk_complaint.ir_cron_complaint_acceptance")
            job.method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(ticket.complaint_state, "answered")
        self.assertEqual(other.complaint_state, "closed")
        with freeze_time(AFTER):
            with self.assertRaisesRegex(UserError, "nobody has examined"):
                self.as_user(self.handler, ticket).complaint_close("Too late.")
            self.as_user(self.handler, ticket).complaint_contest_dismiss("He asks.")
            self.as_user(self.handler, ticket).complaint_close("Nothing else.")
        self.assertEqual(ticket.complaint_state, "closed")

    def test_whoever_examines_it_ends_it(self):
        def contest(ticket):
            ticket.complaint_contest("He contests.")

        def reopen(ticket):
            ticket.complaint_reopen("New facts.")

        def dismiss(ticket):
            ticket.complaint_contest_dismiss("He only asks for a copy.")

        def accept(ticket):
            ticket.complaint_accept()

        for act in (contest, reopen, dismiss, accept):
            with self.subTest(act.__name__):
                ticket = self.answered()
                ticket.complaint_cause_id = self.cause
                self.take(self.answer(ticket), "contest", at=IN_WINDOW)
                with freeze_time(IN_WINDOW):
                    act(self.as_user(self.handler, ticket))
                self.assertFalse(ticket.complaint_contest_asked_at)
                self.assertFalse(self.todos(ticket))
                self.assertFalse(ticket.sudo().complaint_verify_history())

    def test_a_wizard_dismisses_with_a_reason(self):
        ticket = self.answered()
        self.take(self.answer(ticket), "contest", at=IN_WINDOW)
        wizard = self.env["complaint.step"].with_user(self.handler)
        wizard = wizard.create(
            {
                "event": "contest_dismiss",
                "ticket_ids": [fields.Command.set(ticket.ids)],
                "reason": "He only asks.",
            }
        )
        wizard.action_confirm()
        self.assertEqual(self.events(ticket, "contest_dismiss").note, "He only asks.")

    def test_who_may_dismiss_and_what(self):
        ticket = self.answered()
        with self.assertRaisesRegex(UserError, "no objection"):
            self.as_user(self.handler, ticket).complaint_contest_dismiss("x")
        self.take(self.answer(ticket), "contest", at=IN_WINDOW)
        with self.assertRaisesRegex(UserError, "needs its reason"):
            self.as_user(self.handler, ticket).complaint_contest_dismiss(" ")
        for user in (self.customer, self.stranger, self.agent, self.auditor):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.as_user(user, ticket).complaint_contest_dismiss("x")
        for values in (
            {"complaint_contest_asked_at": False},
            {"complaint_previous_id": False},
        ):
            with self.assertRaisesRegex(UserError, "not by hand"):
                self.as_user(self.officer, ticket).write(values)

    def test_the_qualification_is_challenged(self):
        ticket = self._new_complaint()
        ticket.complaint_qualify(False, "He asks for a copy.")
        self.take(self.answer(ticket, token=True), "contest")
        self.assertTrue(ticket.complaint_contest_asked_at)
        ticket.complaint_archive_date = "2026-11-01"
        with freeze_time(AFTER), self.enter_registry_test_mode():
            self.env.ref(
                "helpdesk_complaint.ir_cron_complaint_retention"
            ).method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(ticket.complaint_state, "not_complaint")
        ticket.complaint_qualify(True, "It is one.", self.acpr.ids)
        self.assertFalse(ticket.complaint_contest_asked_at)

    def test_thanks_move_nothing_and_thanks_with_a_file_do(self):
        ticket = self.answered()
        quoted = "Merci beaucoup.\n\nLe 12 oct. 2026, Vercors a écrit :\n> Mais non ?"
        self.take(self.answer(ticket, quoted), "thanks", at=IN_WINDOW)
        self.assertFalse(ticket.complaint_contest_asked_at)
        self.assertTrue(self.shown_to_customer(ticket, "Merci"))
        raw = multipart(
            ("text/plain", "Merci."),
            ('text/plain; name="a.txt"', "Content-Disposition: attachment\r\n\r\nx"),
            From=ticket.partner_email,
            Message_Id="<file@x>",
            References=ticket.complaint_letter_ids.mail_reference,
        )
        self.take(raw, "contest", at=IN_WINDOW)
        self.assertTrue(ticket.complaint_contest_asked_at)

    def test_received_in_time_and_fetched_late_is_in_time(self):
        ticket = self.answered()
        raw = self.answer(ticket, Received="by mx.x; Wed, 14 Oct 2026 10:00:00 +0200")
        self.take(raw, "contest", at=AFTER)

    # ------------------------------------------------------------------
    # After the end
    # ------------------------------------------------------------------

    def closed(self, **vals):
        ticket = self.answered(**vals)
        ticket.complaint_cause_id = self.cause
        with freeze_time(IN_WINDOW):
            ticket.sudo().complaint_accept()
        return ticket

    def test_after_the_window_it_is_a_new_complaint_that_follows(self):
        ticket = self.answered()
        raw = multipart(
            ("text/plain", "You promised, and did nothing."),
            ('text/plain; name="a.txt"', "Content-Disposition: attachment\r\n\r\nx"),
            From=ticket.partner_email,
            Subject="Re: your letter",
            References=ticket.complaint_letter_ids.mail_reference,
            Received="by x; Sun, 08 Nov 2026 10:00:00 +0100",
            Date="Sat, 07 Nov 2026 10:00:00 +0100",
        )
        new = self.take(raw, "linked", at=AFTER)
        self.assertEqual(new.complaint_previous_id, ticket)
        self.assertEqual(new.complaint_state, "to_qualify")
        self.assertIn("did nothing", new.description)
        self.assertEqual(str(new.complaint_received_at), "2026-11-08 09:00:00")
        self.assertEqual(str(new.complaint_sent_date), "2026-11-07")
        self.assertEqual(new.partner_id, ticket.partner_id)
        self.assertEqual(self.files(new).raw, b"x")
        self.assertEqual(
            len(self.files(ticket).filtered(lambda x: x.name == "a.txt")),
            1,
        )
        self.assertTrue(self.shown_to_customer(new, "did nothing"))
        self.assertEqual(len(self.events(ticket, "linked")), 1)
        self.assertEqual(ticket.complaint_state, "answered")

    def test_each_state_in_which_a_file_is_over(self):
        for state in ("closed", "archived", "erased"):
            with self.subTest(state):
                ticket = self.closed()
                ticket.sudo().write(
                    {"complaint_state": state, "active": state == "closed"}
                )
                messages = ticket.message_ids
                raw = self.answer(ticket, f"Again {state}.")
                outcome = "new" if state == "erased" else "linked"
                new = self.take(raw, outcome)
                self.assertEqual(new.complaint_previous_id, ticket)
                self.assertEqual(new.complaint_state, "to_qualify")
                self.assertEqual(ticket.complaint_state, state)
                if state == "erased":
                    self.assertEqual(ticket.message_ids, messages)

    def test_a_program_that_answers_an_erased_file_opens_none(self):
        ticket = self.closed()
        ticket.sudo().write({"complaint_state": "erased"})
        raw = self.answer(ticket, "Away.", Auto_Submitted="auto-replied")
        self.assertFalse(self.take(raw, "automatic"))

    def test_thanks_open_no_file_again(self):
        ticket = self.closed()
        self.take(self.answer(ticket, "Thank you!"), "thanks")
        self.assertEqual(ticket.complaint_state, "closed")

    def test_what_he_adds_goes_to_the_complaint_that_follows(self):
        ticket = self.closed()
        new = self.take(self.answer(ticket, "It happens again."), "linked")
        raw = self.answer(ticket, "I forgot to say why.")
        self.assertEqual(self.take(raw, "reply"), new)
        self.assertTrue(self.shown_to_customer(new, "forgot"))

    def test_a_confidential_file_is_followed_by_a_confidential_one(self):
        ticket = self.closed()
        ticket.sudo().write(
            {
                "complaint_is_confidential": True,
                "complaint_concerned_user_ids": [(6, 0, self.manager.ids)],
            }
        )
        new = self.take(self.answer(ticket), "linked")
        self.assertTrue(new.complaint_is_confidential)
        self.assertEqual(new.sudo().complaint_concerned_user_ids, self.manager)

    # ------------------------------------------------------------------
    # From the page of the complaint
    # ------------------------------------------------------------------

    def test_a_message_is_heard_once(self):
        ticket = self.closed()
        message = ticket.message_post(
            body="Again!",
            author_id=self.customer.partner_id.id,
            subtype_xmlid="mail.mt_comment",
        )
        with freeze_time(NOW):
            new = ticket._complaint_hear(message)
            self.assertEqual(ticket._complaint_hear(message), new)
        self.assertEqual(new.complaint_previous_id, ticket)
        line = new.sudo().complaint_intake_ids
        self.assertEqual((line.channel, line.outcome), ("report", "new"))

    def test_the_form_shows_the_objection_and_the_complaint_before(self):
        ticket = self.closed()
        new = self.take(self.answer(ticket), "linked")
        arch = new.with_user(self.handler).get_view(
            self.env.ref("helpdesk_mgmt.ticket_view_form").id, "form"
        )["arch"]
        for name in ("complaint_previous_id", "complaint_contest_asked_at"):
            self.assertIn(f'name="{name}"', arch)
