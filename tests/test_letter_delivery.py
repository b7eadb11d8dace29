from contextlib import contextmanager
from unittest.mock import patch

from odoo import fields, modules
from odoo.exceptions import AccessError, UserError
from odoo.tools import mute_logger

from .common import ComplaintCase, freeze_time
from .smtp_server import SmtpServer

KIND = "helpdesk_complaint.mail_activity_letter_undelivered"
# Received on Friday 9 October 2026.
MONDAY, TUESDAY, NEXT_WEEK = (
    "2026-10-12 08:00:00",
    "2026-10-13 09:30:00",
    "2026-10-20 08:00:00",
)
BOUNCE = """\
From: MAILER-DAEMON@mx.example.org (Mail Delivery System)
To: {to}
Subject: Undelivered Mail Returned to Sender
Message-ID: <dsn-{key}@mx.example.org>
Date: Mon, 12 Oct 2026 10:05:00 +0200
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="cut"

--cut
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--cut
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org
Arrival-Date: Mon, 12 Oct 2026 10:04:55 +0200

Final-Recipient: rfc822; {address}
Action: {action}
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <{address}>: user unknown

--cut
Content-Type: text/rfc822-headers

Return-Path: <bounce@vercors.example>
Message-ID: {number}
From: contact@vercors.example
To: {address}
Subject: Your complaint

--cut--
"""
AWAY = """\
From: {address}
To: {to}
Subject: I am on holidays
Message-ID: <away-{key}@example.org>
In-Reply-To: {number}
References: {number}
Auto-Submitted: auto-replied
Content-Type: text/plain

Back in two weeks.
"""


class DeliveryCase(ComplaintCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.domain = cls.env["mail.alias.domain"].create(
            {"name": "vercors.example", "bounce_alias": "bounce-test"}
        )
        cls.company.alias_domain_id = cls.domain
        cls.env["ir.mail_server"].search([]).action_archive()

    @contextmanager
    def at(self, moment):
        """What happens at an instant, the database's own clock included."""
        now = fields.Datetime.to_datetime(moment)
        with freeze_time(moment), patch.object(self.env.cr, "now", lambda: now):
            yield

    def send(self, mail, port):
        """Let Odoo send through a mail server that is really there."""
        server = self.env["ir.mail_server"].create(
            {
                "name": "Local",
                "smtp_host": "127.0.0.1",
                "smtp_port": port,
                "smtp_encryption": "none",
            }
        )
        with patch.object(modules.module, "current_test", None):
            mail.send()
        server.unlink()

    def run_job(self):
        with self.enter_registry_test_mode():
            job = self.env.ref("helpdesk_complaint.ir_cron_complaint_letter_delivery")
            job.method_direct_trigger()
        self.env.invalidate_all()

    def lose(self, letter, reason="550 no such mailbox"):
        """The mail queue gives up the e-mail of a letter."""
        letter.sudo().mail_id.write(
            {"state": "exception", "failure_type": "unknown", "failure_reason": reason}
        )
        self.run_job()

    def acknowledged(self, **values):
        ticket = self.as_user(self.handler, self._new_qualified())
        return ticket.complaint_send_letter("acknowledge", **values)

    def answered(self, ticket=None, outcome="rejected", code="rejection", **values):
        ticket = self.as_user(self.handler, ticket or self._new_qualified())
        ticket.complaint_decide(outcome, "The fee is in article 7.")
        return ticket.complaint_send_letter(code, **values)

    def promise(self, letter, step):
        return letter.ticket_id.sudo()._complaint_current_deadlines(step)

    def states(self, ticket):
        return {x.id: x.state for x in ticket.sudo().complaint_deadline_ids}

    def undelivered_events(self, letter):
        events = letter.ticket_id.sudo().complaint_event_ids
        return events.filtered(lambda x: x.event == "undelivered")

    def todos(self, letter):
        return letter.ticket_id.sudo().activity_search([KIND])


class TestMailServer(DeliveryCase):
    """A mail server that is really there takes letters, or refuses them."""

    def test_the_acknowledgement_leaves_once_with_its_pdf_byte_for_byte(self):
        with self.at(MONDAY):
            letter = self.acknowledged()
        mail = letter.sudo().mail_id
        self.assertEqual(letter.delivery_state, "waiting")
        with SmtpServer() as server, self.at(TUESDAY):
            self.send(mail, server.port)
            self.send(mail, server.port)
            self.run_job()
        self.assertEqual(len(server.mails), 1)
        [got] = server.mails
        self.assertEqual(got["Message-Id"], letter.mail_reference)
        self.assertIn(self.customer.email, got["To"])
        [pdf] = got.iter_attachments()
        self.assertEqual(pdf.get_filename(), f"{letter.name}.pdf")
        self.assertEqual(pdf.get_content(), letter.sudo().attachment_id.raw)
        self.assertEqual(letter.delivery_state, "handed")
        self.assertEqual(str(letter.handed_at), TUESDAY)
        # It left into the queue on Monday, and nothing happened since.
        self.assertEqual(str(self.promise(letter, "acknowledge").met_at), MONDAY)

    @mute_logger("odoo.addons.mail.models.mail_mail")
    def test_a_refused_recipient_is_not_acknowledged_until_it_really_leaves(self):
        with self.at(MONDAY):
            letter = self.acknowledged(recipient_email="refused@example.org")
        mail = letter.sudo().mail_id
        with SmtpServer() as server, self.at(TUESDAY):
            self.send(mail, server.port)
            self.run_job()
            self.assertEqual(server.mails, [])
        self.assertEqual(letter.delivery_state, "failed")
        self.assertIn("no such mailbox", letter.delivery_note)
        self.assertEqual(self.promise(letter, "acknowledge").state, "running")
        # The administrator corrects the address in the queue and tries again.
        mail.write({"email_to": "there@example.org", "state": "outgoing"})
        with SmtpServer() as server, self.at(NEXT_WEEK):
            self.send(mail, server.port)
            self.run_job()
        self.assertEqual(len(server.mails), 1)
        self.assertEqual(letter.delivery_state, "handed")
        promise = self.promise(letter, "acknowledge")
        self.assertEqual((promise.state, str(promise.met_at)), ("met", NEXT_WEEK))
        ticket = letter.ticket_id
        self.assertEqual(str(ticket.complaint_acknowledged_at), NEXT_WEEK)
        self.assertEqual(str(letter.sent_at), MONDAY)
        self.assertFalse(self.todos(letter))
        self.assertFalse(ticket.sudo().complaint_verify_history())

    def test_a_mail_server_that_is_away_is_a_failure_that_is_told(self):
        with SmtpServer() as server:
            port = server.port
        letter = self.acknowledged()
        self.send(letter.sudo().mail_id, port)
        self.run_job()
        self.assertEqual(letter.delivery_state, "failed")
        self.assertEqual(len(self.todos(letter)), 1)


class TestLetterDelivery(DeliveryCase):
    # ------------------------------------------------------------------
    # The queue
    # ------------------------------------------------------------------

    def test_a_failed_acknowledgement_leaves_the_promise_to_keep(self):
        with self.at(MONDAY):
            letter = self.acknowledged()
        ticket, promise = letter.ticket_id, self.promise(letter, "acknowledge")
        due, text, checksum = promise.due_at, letter.body, letter.checksum
        self.assertEqual(promise.state, "met")
        with self.at(TUESDAY):
            self.lose(letter)
        self.assertEqual((promise.state, promise.due_at), ("running", due))
        self.assertFalse(promise.met_at or promise.letter_id)
        self.assertFalse(ticket.complaint_acknowledged_at)
        self.assertEqual(letter.state, "sent")
        self.assertEqual((letter.body, letter.checksum), (text, checksum))
        [todo] = self.todos(letter)
        self.assertEqual(todo.user_id, self.handler)
        self.assertIn(letter.name, todo.summary)
        self.assertIn("no such mailbox", todo.note)
        [event] = self.undelivered_events(letter)
        self.assertIn("no such mailbox", event.note)
        self.assertNotIn("no such mailbox", event.payload)
        # The job that runs again finds nothing more to do.
        self.run_job()
        self.assertEqual(len(self.undelivered_events(letter)), 1)
        # The next letter judges it.
        with self.at("2026-11-10 08:00:00"):
            ticket.complaint_send_letter("acknowledge")
        self.assertEqual(promise.state, "late")

    def test_every_way_of_losing_an_e_mail_is_seen(self):
        def delete(mail):
            self.env.flush_all()
            self.env.cr.execute("DELETE FROM mail_mail WHERE id = %s", (mail.id,))

        rows = [
            (lambda mail: mail.cancel(), "cancelled"),
            (delete, "deleted"),
            (lambda mail: mail.write({"state": "exception"}), "unknown"),
        ]
        for lose, words in rows:
            with self.subTest(words):
                letter = self.acknowledged()
                lose(letter.sudo().mail_id)
                self.env.invalidate_all()
                self.run_job()
                self.assertEqual(letter.delivery_state, "failed")
                self.assertIn(words, letter.delivery_note.lower())
                self.assertEqual(self.promise(letter, "acknowledge").state, "running")

    def test_the_job_is_called_when_the_queue_has_an_answer(self):
        job = self.env.ref("helpdesk_complaint.ir_cron_complaint_letter_delivery")
        mail = self.acknowledged().sudo().mail_id
        triggers = self.env["ir.cron.trigger"]
        domain = [("cron_id", "=", job.id)]
        before = triggers.search_count(domain)
        mail.write({"state": "exception"})
        mail.write({"state": "sent"})
        self.assertEqual(triggers.search_count(domain), before)
        self.env.cr.precommit.run()
        self.assertEqual(triggers.search_count(domain), before + 1)
        # An e-mail of something else calls nobody.
        self.env["mail.mail"].create({"email_to": "x@example.org"}).cancel()
        self.env.cr.precommit.run()
        self.assertEqual(triggers.search_count(domain), before + 1)

    def test_the_e_mail_of_a_waiting_letter_is_not_deleted(self):
        letter = self.acknowledged()
        mail = letter.sudo().mail_id
        with self.assertRaisesRegex(UserError, "has not left yet"):
            mail.unlink()
        mail.write({"state": "sent"})
        self.run_job()
        mail.unlink()
        self.assertEqual(letter.delivery_state, "handed")

    def test_a_file_that_refuses_the_news_stops_no_other(self):
        one, two = self.acknowledged(), self.acknowledged()
        cls = type(self.env["helpdesk.ticket"])
        original = cls._complaint_letter_lost

        def lost(ticket, letter):
            if letter == one:
                raise UserError("This file is broken.")
            return original(ticket, letter)

        (one | two).sudo().mail_id.write({"state": "cancel"})
        with (
            patch.object(cls, "_complaint_letter_lost", lost),
            mute_logger("odoo.addons.helpdesk_complaint.models"),
        ):
            self.run_job()
        self.assertEqual(set((one | two).mapped("delivery_state")), {"failed"})
        self.assertEqual(self.promise(two, "acknowledge").state, "running")
        broken = "helpdesk_complaint.mail_activity_broken"
        self.assertTrue(one.ticket_id.sudo().activity_search([broken]))

    def test_a_file_that_refuses_late_news_is_still_readable(self):
        letter = self.acknowledged()
        self.lose(letter)
        letter.sudo().mail_id.state = "sent"
        with (
            patch.object(
                type(self.env["helpdesk.ticket"]),
                "_complaint_letter_found",
                side_effect=UserError("This file is broken."),
            ),
            mute_logger("odoo.addons.helpdesk_complaint.models"),
        ):
            self.run_job()
        self.assertEqual((letter.delivery_state, letter.handed_at), ("handed", False))
        self.assertEqual(letter._sent_on(), letter.sent_at)

    # ------------------------------------------------------------------
    # What is taken back
    # ------------------------------------------------------------------

    def test_a_lost_reply_is_no_reply(self):
        with self.at(MONDAY):
            letter = self.answered()
        ticket = letter.ticket_id
        decision = ticket.sudo()._complaint_decision()
        respond = self.promise(letter, "respond")
        windows = self.promise(letter, "accept") | self.promise(letter, "refer")
        ends = {window: window.due_at for window in windows}
        with self.at(TUESDAY):
            self.lose(letter)
        self.assertEqual(ticket.complaint_state, "in_progress")
        self.assertFalse(ticket.complaint_answered_at or decision.letter_id)
        self.assertEqual(set(respond.mapped("state")), {"running"})
        answered = windows.filtered(lambda x: x.start_event == "answered")
        self.assertLessEqual(set(answered.mapped("state")), {"cancelled"})
        self.assertFalse(ticket.sudo()._complaint_portal_answer())
        # By post it is the answer again, and the windows count from then.
        with self.at(NEXT_WEEK):
            again = letter.action_send_again("post")
        self.assertEqual(ticket.complaint_state, "answered")
        self.assertEqual(decision.letter_id, again)
        self.assertEqual(again.resends_id, letter)
        self.assertEqual((again.subject, again.body), (letter.subject, letter.body))
        self.assertNotEqual(again.name, letter.name)
        self.assertEqual(set(respond.mapped("letter_id")), {again})
        for window in answered:
            self.assertGreater(window.due_at, ends[window])
        self.assertFalse(self.todos(letter))
        self.assertFalse(ticket.sudo().complaint_verify_history())

    def test_what_a_lost_reply_granted_waits_for_the_next(self):
        ticket = self._new_qualified()
        redress = self.env["complaint.redress"].create(
            {"ticket_id": ticket.id, "kind": "refund", "amount": 45}
        )
        ticket.complaint_decide("upheld", "We were wrong.", self.cause.id)
        letter = ticket.complaint_send_letter("favourable")
        self.assertEqual((redress.state, redress.letter_id), ("granted", letter))
        self.lose(letter)
        self.assertEqual(redress.state, "approved")
        self.assertFalse(redress.letter_id or redress.granted_at)
        again = letter.action_send_again("post")
        self.assertEqual((redress.state, redress.letter_id), ("granted", again))

    def test_a_lost_letter_that_was_corrected_or_corrects_moves_nothing(self):
        letter = self.answered()
        action = letter.action_correct()
        correction = letter.browse(action["res_id"])
        correction.action_send()
        for lost in (letter, correction):
            self.lose(lost)
            self.assertEqual(lost.delivery_state, "failed")
            self.assertEqual(letter.ticket_id.complaint_state, "answered")
            self.assertEqual(len(self.undelivered_events(letter)), 1 + (lost != letter))

    def test_an_acknowledgement_that_another_letter_covers_stays_given(self):
        with self.at(MONDAY):
            letter = self.acknowledged()
        with self.at(TUESDAY):
            self.answered(letter.ticket_id)
            self.lose(letter)
        promise = self.promise(letter, "acknowledge")
        self.assertIn(promise.state, ("met", "waived"))
        self.assertEqual(str(promise.met_at), TUESDAY)
        self.assertEqual(letter.ticket_id.complaint_state, "answered")

    def test_nothing_moves_once_the_file_has_moved_on(self):
        def contest(ticket):
            ticket.sudo().complaint_contest("No.")

        def reopen(ticket):
            ticket.complaint_reopen("New facts.")

        def accept(ticket):
            ticket.sudo().complaint_cause_id = self.cause
            ticket.sudo().complaint_accept()

        for move in (contest, reopen, accept):
            with self.subTest(move.__name__):
                letter = self.answered()
                ticket = letter.ticket_id
                move(ticket)
                before = ticket.complaint_state, ticket.complaint_answered_at
                states = self.states(ticket)
                self.lose(letter)
                after = ticket.complaint_state, ticket.complaint_answered_at
                self.assertEqual(after, before)
                self.assertEqual(self.states(ticket), states)
                self.assertEqual(len(self.todos(letter)), 1)
                self.assertEqual(len(self.undelivered_events(letter)), 1)

    def test_a_reply_found_again_does_not_overrule_another_decision(self):
        letter = self.answered()
        ticket = letter.ticket_id
        self.lose(letter)
        with self.at("2036-10-12 08:00:00"):
            ticket.complaint_decide("upheld", "We were wrong.", self.cause.id)
        letter.sudo().mail_id.write({"state": "sent"})
        self.run_job()
        self.assertEqual(letter.delivery_state, "handed")
        self.assertEqual(ticket.complaint_state, "in_progress")
        self.assertFalse(ticket.sudo()._complaint_decision().letter_id)

    def test_an_extension_falls_with_the_letter_that_announced_it(self):
        regime = self._regime("fr_psp_l133_45")
        with self.at(MONDAY):
            ticket = self.as_user(self.handler, self._new_qualified(regime=regime))
            promise = ticket.sudo()._complaint_current_deadlines("respond")
            due = promise.due_at
            ticket.complaint_extend("respond", "2026-11-20", "Beyond our control.")
            letter = ticket.complaint_send_letter("holding")
        self.assertGreater(promise.due_at, due)
        with self.at(TUESDAY):
            self.lose(letter)
        self.assertEqual(promise.due_at, due)
        self.assertEqual(str(promise.extension_pending_to), "2026-11-20")
        self.assertEqual(promise.extension_count, 0)
        with self.at(NEXT_WEEK):
            letter.action_send_again("post")
        self.assertEqual(str(promise.extended_to), "2026-11-20")
        self.assertGreater(promise.due_at, due)

    def test_a_report_that_comes_again_is_due_once_more(self):
        regime = self._regime("ie_cbi")
        ticket = self._new_qualified(regime=regime)
        ticket = self.as_user(self.handler, ticket)

        def open_numbers():
            promises = ticket.sudo()._complaint_current_deadlines("inform")
            promises = promises.filtered(lambda x: x.policy_id.is_recurring)
            return promises.filtered(lambda x: x.state == "running").mapped(
                "occurrence"
            )

        self.assertEqual(open_numbers(), [1])
        for _twice in range(2):
            letter = ticket.complaint_send_letter("inform")
            self.assertEqual(open_numbers(), [2])
            self.lose(letter)
            self.assertEqual(open_numbers(), [1])
        ticket.complaint_send_letter("inform")
        self.assertEqual(open_numbers(), [2])

    # ------------------------------------------------------------------
    # Mail that comes back
    # ------------------------------------------------------------------

    def bounce(self, letter, template=BOUNCE, key=1, **values):
        values = {
            "to": "bounce-test@vercors.example",
            "address": self.customer.email,
            "number": letter.mail_reference,
            "action": "failed",
            "key": key,
            **values,
        }
        self.env["mail.thread"].message_process(
            "helpdesk.ticket", template.format(**values)
        )

    def test_an_e_mail_that_comes_back_is_undelivered(self):
        letter, other = self.acknowledged(), self.acknowledged()
        letter.sudo().mail_id.write({"state": "sent"})
        self.run_job()
        self.bounce(letter)
        self.assertEqual(letter.delivery_state, "bounced")
        self.assertIn("user unknown", letter.delivery_note)
        self.assertEqual(self.promise(letter, "acknowledge").state, "running")
        # The same address; another letter.
        self.assertEqual(other.delivery_state, "waiting")
        self.assertNotEqual(self.promise(other, "acknowledge").state, "running")
        self.bounce(letter, key=2)
        self.assertEqual(len(self.undelivered_events(letter)), 1)

    def test_what_says_no_failure_is_none(self):
        letter = self.acknowledged()
        letter.sudo().mail_id.write({"state": "sent"})
        self.run_job()
        for action in ("delayed", "delivered", "relayed"):
            self.bounce(letter, key=action, action=action)
        self.bounce(letter, AWAY)
        self.bounce(letter, key="other", number="<unknown@vercors.example>")
        self.assertEqual(letter.delivery_state, "handed")
        self.assertFalse(self.undelivered_events(letter))

    def test_an_e_mail_that_comes_back_is_known_after_its_mail_is_gone(self):
        letter = self.acknowledged()
        letter.sudo().mail_id.write({"state": "sent"})
        self.run_job()
        letter.sudo().mail_id.unlink()
        self.bounce(letter)
        self.assertEqual(letter.delivery_state, "bounced")

    # ------------------------------------------------------------------
    # Portal
    # ------------------------------------------------------------------

    def test_a_letter_waits_in_the_portal_and_its_notice_says_nothing(self):
        letter = self.acknowledged(channel="portal")
        mail = letter.sudo().mail_id
        self.assertEqual(mail.email_to, self.customer.email)
        self.assertFalse(mail.attachment_ids)
        self.assertIn(f"/my/complaints/{letter.ticket_id.id}", mail.body_html)
        for word in (letter.subject, letter.ticket_id.name):
            self.assertNotIn(word, mail.body_html + mail.subject)

    def test_who_has_no_portal_gets_no_letter_there(self):
        partner = self.env["res.partner"].create(
            {"name": "Nora Sans", "email": "nora@example.org"}
        )
        ticket = self.as_user(
            self.handler,
            self._new_qualified(partner_id=partner.id, partner_email=partner.email),
        )
        with self.assertRaisesRegex(UserError, "no portal account"):
            ticket.complaint_send_letter("acknowledge", channel="portal")
        ticket = self.answered().ticket_id
        ticket.complaint_refer(self.acpr.recourse_body_ids[:1].id, "2026-10-10")
        with self.assertRaisesRegex(UserError, "not for the complainant"):
            ticket.complaint_send_letter("mediator_file", channel="portal")

    def test_a_portal_account_without_address_is_told_nothing_so_refused(self):
        self.customer.partner_id.email = False
        ticket = self._new_qualified(partner_email=False)
        with self.assertRaisesRegex(UserError, "nobody can tell"):
            ticket.complaint_send_letter("inform", channel="portal")

    def read(self, letter, user):
        letter.with_user(user).sudo()._note_reading()

    def test_opening_it_is_evidence_once_and_only_by_him(self):
        with self.at(MONDAY):
            letter = self.acknowledged(channel="portal")
        self.read(letter, self.handler)
        self.assertFalse(letter.read_at)
        with self.at(TUESDAY):
            self.read(letter, self.customer)
        with self.at(NEXT_WEEK):
            self.read(letter, self.customer)
        self.assertEqual(str(letter.read_at), TUESDAY)
        events = letter.ticket_id.sudo().complaint_event_ids
        self.assertEqual(
            events.filtered(lambda x: x.event == "letter_read").user_id, self.customer
        )
        # Read: whatever becomes of the notice, it has arrived.
        self.lose(letter)
        self.assertEqual(self.promise(letter, "acknowledge").state, "met")
        self.assertFalse(self.undelivered_events(letter) or self.todos(letter))

    def test_a_lost_letter_that_he_finds_in_the_portal_counts_from_then(self):
        with self.at(MONDAY):
            letter = self.answered(channel="portal")
        with self.at(TUESDAY):
            self.lose(letter)
        with self.at(NEXT_WEEK):
            self.read(letter, self.customer)
        self.assertEqual(letter.ticket_id.complaint_state, "answered")
        self.assertEqual(str(letter.ticket_id.complaint_answered_at), NEXT_WEEK)
        self.assertEqual(
            {str(x.met_at) for x in self.promise(letter, "respond")}, {NEXT_WEEK}
        )

    # ------------------------------------------------------------------
    # Again, and who may
    # ------------------------------------------------------------------

    def test_sending_again_keeps_the_words_and_asks_what_it_must(self):
        letter = self.acknowledged()
        with self.assertRaisesRegex(UserError, "“body” cannot be given"):
            letter.action_send_again("post", body="<p>Other</p>")
        draft = letter.browse(letter.action_draft_again()["res_id"])
        self.assertEqual((draft.channel, draft.resends_id), ("post", letter))
        with self.assertRaisesRegex(UserError, "has not been sent yet"):
            draft.action_send_again("post")
        other = letter.action_send_again(
            "email", recipient_email="new.address@example.org"
        )
        self.assertEqual(other.sudo().mail_id.email_to, "new.address@example.org")
        self.assertIn(
            f'"resends":{letter.id}',
            letter.ticket_id.sudo().complaint_event_ids[-1].payload.replace(" ", ""),
        )
        closed = self.answered(outcome="upheld", code="favourable")
        closed.ticket_id.sudo().complaint_cause_id = self.cause
        closed.ticket_id.sudo().complaint_accept()
        with self.assertRaisesRegex(UserError, "not possible now"):
            closed.action_send_again("post")

    def test_what_became_of_a_letter_is_nobodys_to_write(self):
        letter = self.acknowledged()
        for vals in (
            {"delivery_state": "handed"},
            {"read_at": MONDAY},
            {"undelivered_at": False},
            {"resends_id": letter.id},
        ):
            with self.assertRaisesRegex(UserError, "when the letter is sent"):
                self.as_user(self.handler, letter).write(vals)
        for user in (self.customer, self.agent, self.auditor):
            for act in ("action_send_again", "action_draft_again"):
                with self.assertRaises(AccessError):
                    getattr(self.as_user(user, letter), act)()
