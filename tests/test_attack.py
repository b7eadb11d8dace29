import io
from datetime import timedelta

from psycopg2.errors import ForeignKeyViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tools import mute_logger
from odoo.tools.pdf import PdfFileReader

from .common import ComplaintCase, freeze_time, tagged

MAIL = """\
Return-Path: <ada.neuve@example.org>
To: attacked@desk.example
From: {sender}
Subject: {subject}
Message-Id: {msgid}
Date: {date}
MIME-Version: 1.0
Content-Type: text/html; charset=utf-8

{body}
"""


@tagged("post_install", "-at_install")
class TestAttack(ComplaintCase):
    """What somebody might try, by a call rather than by a form."""

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

    def _answered(self, **vals):
        ticket = self._new_qualified(**vals)
        ticket.complaint_decide("upheld", "We were wrong.", self.cause.id)
        ticket.complaint_send_letter("favourable")
        return ticket

    # ------------------------------------------------------------------
    # Nothing hidden is seen
    # ------------------------------------------------------------------

    def test_the_wizard_of_steps_shows_no_ticket_that_is_hidden(self):
        secret = self._new_complaint(complaint_is_confidential=True)
        secret.category_id = self.env["helpdesk.ticket.category"].create({"name": "x"})
        for user in (self.agent, self.elsewhere, self.manager):
            model = self.as_user(user, self.env["complaint.step"])
            spec = {
                name: {}
                for name in ("description", "definition", "severity", "category_id")
            }
            with self.subTest(user.login), self.assertRaises(AccessError):
                wizard = model.create(
                    {"event": "close", "ticket_ids": [(6, 0, secret.ids)]}
                )
                wizard.invalidate_recordset()
                wizard.read(list(spec))
            with self.subTest(user.login), self.assertRaises(AccessError):
                model.onchange(
                    {"event": "close", "ticket_ids": [(6, 0, secret.ids)]},
                    ["ticket_ids"],
                    dict(spec, ticket_ids={}),
                )
            with self.subTest(user.login):
                found = model.with_context(
                    active_model="helpdesk.ticket",
                    active_ids=secret.ids,
                    default_event="report",
                )
                try:
                    values = found.onchange({}, [], dict(spec, ticket_ids={}))["value"]
                except AccessError:
                    continue
                self.assertFalse(values["description"] or values["category_id"])

    def test_a_copy_is_as_confidential_as_its_original(self):
        secret = self._new_complaint(complaint_is_confidential=True)
        secret.complaint_concerned_user_ids = self.leader
        copy = self.as_user(self.handler, secret).copy()
        self.assertTrue(copy.complaint_is_confidential)
        self.assertEqual(copy.sudo().complaint_concerned_user_ids, self.leader)
        self.assertFalse(copy.complaint_state)

    def test_a_copy_by_an_agent_stays_hidden_from_the_person_complained_about(self):
        ticket = self._new_complaint()
        ticket.complaint_concerned_user_ids = self.leader
        copy = self.as_user(self.agent, ticket).copy()
        self.assertEqual(copy.sudo().complaint_concerned_user_ids, self.leader)

    def test_no_mail_reaches_the_person_complained_about(self):
        ticket = self._new_complaint()
        ticket.message_subscribe(self.leader.partner_id.ids)
        ticket.complaint_concerned_user_ids = self.leader
        message = ticket.message_post(
            body="He was rude.",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.leader.partner_id.ids,
        )
        self.assertNotIn(self.leader.partner_id, message.notified_partner_ids)
        self.assertFalse(
            self.as_user(self.leader, self.env["mail.message"]).search(
                [("id", "=", message.id)]
            )
        )

    def test_the_person_complained_about_loses_the_file(self):
        ticket = self._new_complaint(user_id=self.leader.id)
        ticket.activity_schedule("mail.mail_activity_data_todo", user_id=self.leader.id)
        message = ticket.message_post(
            body="Before.",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.leader.partner_id.ids,
        )
        ticket.complaint_concerned_user_ids = self.leader
        self.assertFalse(ticket.user_id)
        self.assertNotIn(self.leader.partner_id, ticket.message_partner_ids)
        self.assertNotIn(self.leader, ticket.activity_ids.user_id)
        self.assertFalse(
            self.as_user(self.leader, self.env["mail.message"]).search(
                [("id", "=", message.id)]
            )
        )
        self.assertFalse(
            self.as_user(self.leader, self.env["mail.activity"]).search(
                [("res_model", "=", ticket._name), ("res_id", "=", ticket.id)]
            )
        )

    def test_no_mail_reaches_those_who_may_not_read_a_confidential_file(self):
        ticket = self._new_complaint()
        ticket.message_subscribe((self.manager | self.officer).partner_id.ids)
        ticket.complaint_is_confidential = True
        message = ticket.message_post(body="x", subtype_xmlid="mail.mt_comment")
        self.assertNotIn(self.manager.partner_id, message.notified_partner_ids)
        self.assertIn(self.officer.partner_id, message.notified_partner_ids)

    def test_a_corrected_complainant_hears_no_more(self):
        ticket = self._new_complaint()
        ticket.message_subscribe(self.customer.partner_id.ids)
        ticket.partner_id = self.stranger.partner_id
        self.assertNotIn(self.customer.partner_id, ticket.message_partner_ids)

    def test_no_kind_of_internal_message_is_read_by_its_number(self):
        ticket = self._new_qualified()
        ticket.message_subscribe(self.customer.partner_id.ids)
        as_handler = self.as_user(self.handler, ticket)
        activity = as_handler.activity_schedule("mail.mail_activity_data_todo")
        for kind in ("comment", "email", "notification", "email_outgoing"):
            as_handler.message_post(body="Inside.", message_type=kind)
        as_handler.message_post(
            body="Outside.", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        activity.action_feedback(feedback="Inside: he is lying.")
        self.env.flush_all()
        self.env.invalidate_all()
        readable = ""
        for message in ticket.message_ids:
            try:
                readable += str(self.as_user(self.customer, message).read(["body"]))
            except AccessError:
                continue
        self.assertIn("Outside", readable)
        self.assertNotIn("Inside", readable)

    def test_an_agent_does_not_open_the_inside_by_the_portals_report(self):
        ticket = self._answered()
        letter = ticket.complaint_letter_ids
        for user in (self.agent, self.customer, self.stranger, self.elsewhere):
            report = self.as_user(user, self.env["ir.actions.report"])
            for render in (report._render_qweb_html, report._render_qweb_pdf):
                with self.subTest(user.login), self.assertRaises(AccessError):
                    render("helpdesk_complaint.report_complaint_letter", letter.ids)

    # ------------------------------------------------------------------
    # Reminders always have a reader who may read
    # ------------------------------------------------------------------

    def test_a_reminder_never_goes_to_the_person_complained_about(self):
        ticket = self._new_qualified()
        ticket.complaint_concerned_user_ids = self.leader
        for level in ("handler", "leader", "manager", "officer"):
            self.assertNotEqual(
                ticket._complaint_user_of_level(level), self.leader, level
            )

    def test_a_reminder_of_a_confidential_file_goes_to_one_who_sees_it(self):
        ticket = self._new_qualified()
        ticket.complaint_is_confidential = True
        ticket.complaint_qualified_by_id = self.manager
        for level in ("handler", "leader", "manager", "officer"):
            user = ticket._complaint_user_of_level(level)
            self.assertTrue(ticket.with_user(user).has_access("read"), level)

    def test_a_file_that_nobody_holds_still_has_a_reader(self):
        self.team.write({"user_ids": [(5,)], "user_id": False})
        ticket = self._new_complaint(user_id=False)
        robot = self.env.ref("base.user_root")
        for level in ("handler", "leader", "manager", "officer"):
            user = ticket.with_user(robot)._complaint_user_of_level(level)
            self.assertTrue(user.active, level)

    def test_contesting_works_when_everybody_left(self):
        ticket = self._answered()
        (self.handler | self.leader).active = False
        self.as_user(self.customer, ticket).complaint_contest("No.")
        self.assertEqual(ticket.complaint_state, "in_progress")
        self.assertFalse(ticket.activity_ids.user_id.filtered("share"))

    # ------------------------------------------------------------------
    # What steps write is written by steps
    # ------------------------------------------------------------------

    def test_the_outcome_is_written_by_the_decision(self):
        ticket = self._answered()
        for name, value in (
            ("complaint_outcome", "rejected"),
            ("complaint_is_justified", False),
        ):
            with self.subTest(name), self.assertRaisesRegex(UserError, "steps"):
                self.as_user(self.handler, ticket).write({name: value})
        self.assertEqual(ticket.complaint_outcome, "upheld")
        fresh = self.as_user(self.handler, self.Ticket).with_context(
            default_complaint_outcome="rejected"
        )
        self.assertFalse(
            fresh.create(
                {"name": "x", "description": "x", "team_id": self.team.id}
            ).complaint_outcome
        )

    def test_a_complaint_is_not_archived_by_hand(self):
        ticket = self._new_qualified()
        for user in (self.handler, self.agent, self.officer):
            with self.subTest(user.login), self.assertRaises(UserError):
                self.as_user(user, ticket).action_archive()
        self.assertTrue(ticket.active)

    def test_a_no_that_was_closed_is_not_reopened_without_number(self):
        ticket = self._new_complaint()
        ticket.complaint_qualify(False, "A question.")
        ticket.complaint_close("Answered.")
        with self.assertRaises(UserError):
            self.as_user(self.handler, ticket).complaint_reopen("It is one.")
        self.assertEqual(ticket.complaint_state, "closed")

    def test_a_manager_challenges_a_no_that_was_closed(self):
        self.team.complaint_regime_ids = self.acpr
        ticket = self._new_complaint()
        ticket.complaint_qualify(False, "A question.")
        ticket.complaint_close("Answered.")
        self.as_user(self.manager, ticket).complaint_reopen("It is one.")
        self.assertTrue(ticket.complaint_number)
        self.assertTrue(ticket.complaint_registered_at)

    def test_an_agent_without_role_moves_no_registered_clock(self):
        ticket = self._new_qualified()
        for name, value in (
            ("complaint_received_at", "2026-10-20 08:00:00"),
            ("complaint_sent_date", "2026-10-01"),
            ("complaint_severity", "3"),
            ("complaint_is_confidential", True),
        ):
            with self.subTest(name), self.assertRaises(AccessError):
                self.as_user(self.agent, ticket).write({name: value})
        self.as_user(self.agent, self._new_complaint()).complaint_severity = "3"

    def test_a_referral_goes_to_a_body_of_ours_and_not_tomorrow(self):
        ticket = self._new_qualified()
        far = self.env["complaint.recourse.body"].create(
            {
                "name": "Far",
                "company_id": self.env["res.company"].create({"name": "Far"}).id,
            }
        )
        ours = self.acpr.recourse_body_ids
        today = fields.Date.today()
        for body, day in (
            (far.id, today),
            (ours[:1].id, today + timedelta(days=9)),
            ((ours | far).ids, today),
        ):
            with self.subTest(body=body, day=day), self.assertRaises(UserError):
                self.as_user(self.handler, ticket).complaint_refer(body, day)

    def test_accepting_twice_is_told_once(self):
        ticket = self._new_qualified()
        ticket.complaint_decide("upheld", "We were wrong.")
        ticket.complaint_send_letter("favourable")
        for _time in range(2):
            self.as_user(self.customer, ticket).complaint_accept()
        self.assertEqual(len(ticket._complaint_current_events("accept")), 1)

    def test_an_auditor_writes_no_message(self):
        ticket = self._new_qualified()
        with self.assertRaises(AccessError):
            self.as_user(self.auditor, ticket).message_post(
                body="x", subtype_xmlid="mail.mt_comment"
            )
        with self.assertRaises(AccessError):
            self.as_user(self.auditor, self.env["ir.attachment"]).create(
                {
                    "name": "x",
                    "raw": b"x",
                    "res_model": "helpdesk.ticket",
                    "res_id": ticket.id,
                }
            )

    def test_an_auditor_who_also_handles_writes_in_his_own_files_only(self):
        ticket = self._new_qualified(user_id=self.handler.id)
        self.elsewhere.group_ids += self.env.ref(
            "helpdesk_complaint.group_complaint_auditor"
        )
        self.assertTrue(self.as_user(self.elsewhere, ticket).has_access("read"))
        self.assertFalse(self.as_user(self.elsewhere, ticket).has_access("write"))
        with self.assertRaises(AccessError):
            self.as_user(self.elsewhere, self.env["complaint.redress"]).create(
                {"ticket_id": ticket.id, "amount": 5}
            )
        with self.assertRaises(AccessError):
            self.as_user(self.elsewhere, self.env["complaint.letter"]).create(
                ticket._prepare_complaint_letter_vals("inform")
            )

    # ------------------------------------------------------------------
    # Closed cycles and sent letters
    # ------------------------------------------------------------------

    def test_redress_moves_to_no_other_file_or_cycle(self):
        done, open_ = self._answered(), self._new_qualified()
        redress = self.as_user(self.handler, self.env["complaint.redress"]).create(
            {"ticket_id": open_.id, "amount": 5}
        )
        foreign = self._new_qualified(
            team_id=self.other_team.id, user_id=self.elsewhere.id
        )
        for vals in (
            {"ticket_id": done.id},
            {"ticket_id": foreign.id},
            {"cycle": 7},
        ):
            with self.subTest(vals), self.assertRaises(UserError):
                redress.write(vals)

    def test_a_draft_moves_to_no_foreign_file(self):
        foreign = self._new_qualified(
            team_id=self.other_team.id, user_id=self.elsewhere.id
        )
        draft = self.as_user(self.handler, self.env["complaint.letter"]).create(
            self._new_qualified()._prepare_complaint_letter_vals("inform")
        )
        with self.assertRaises(UserError):
            draft.ticket_id = foreign.id

    def test_a_letter_is_not_backdated(self):
        ticket = self._new_qualified()
        with self.assertRaises(UserError):
            ticket.complaint_send_letter(
                "acknowledge", channel="post", posted_at="2020-01-01 08:00:00"
            )

    def test_an_email_leaves_now_whatever_is_asked(self):
        ticket = self._new_qualified()
        before = fields.Datetime.now() - timedelta(seconds=1)
        letter = ticket.complaint_send_letter(
            "acknowledge", channel="email", posted_at="2026-10-10 08:00:00"
        )
        self.assertGreaterEqual(letter.sent_at, before)

    def test_a_refusal_keeps_the_time_limit_of_its_recourse(self):
        ticket = self._new_qualified()
        ticket.complaint_decide("rejected", "No.")
        bodies = ticket._complaint_recourse_bodies()
        self.assertTrue(any(bodies.mapped("limit_amount")))
        text = "".join(f"<p>{name}</p>" for name in bodies.mapped("name"))
        with self.assertRaisesRegex(UserError, "recourse"):
            ticket.complaint_send_letter("rejection", body=text)

    def test_a_letter_without_text_is_not_sent(self):
        ticket = self._new_qualified()
        for values in ({"body": "<p><br></p>"}, {"subject": " "}):
            with self.subTest(values), self.assertRaisesRegex(UserError, "text"):
                ticket.complaint_send_letter("acknowledge", **values)

    def test_of_two_replies_sent_at_once_one_is_refused(self):
        ticket = self._new_qualified()
        ticket.complaint_decide("goodwill_without_admission", "To please you.")
        letters = self.env["complaint.letter"].create(
            [
                ticket._prepare_complaint_letter_vals(code)
                for code in ("favourable", "partial")
            ]
        )
        with self.assertRaisesRegex(UserError, "not possible now"):
            letters.action_send()

    def test_letters_printed_together_are_printed_as_they_were_sent(self):
        ticket = self._new_qualified()
        letters = ticket.complaint_send_letter("acknowledge")
        letters += ticket.complaint_send_letter("inform")
        self.company.name = "A new name"
        pdf, _kind = self.env["ir.actions.report"]._render_qweb_pdf(
            "helpdesk_complaint.report_complaint_letter", letters.ids
        )
        text = "".join(
            page.extract_text() for page in PdfFileReader(io.BytesIO(pdf)).pages
        )
        self.assertIn("Vercors", text)
        self.assertNotIn("A new name", text)

    def test_a_title_on_two_lines_does_not_stop_the_mail(self):
        ticket = self._new_qualified(name="Fees\r\nBcc: all@example.com")
        letter = ticket.complaint_send_letter(
            "acknowledge", subject="Your complaint\nBcc: all@example.com"
        )
        for text in (ticket.name, letter.sudo().mail_id.subject):
            self.assertNotIn("\n", text)

    # ------------------------------------------------------------------
    # Clocks
    # ------------------------------------------------------------------

    def test_an_answer_while_the_clock_stands_still_is_in_time(self):
        regime = self.env["complaint.regime"].create(
            {"name": "House", "code": "t_attack", "source": "House rules"}
        )
        self.env["complaint.policy"].create(
            {
                "regime_id": regime.id,
                "step": "respond",
                "amount": 10,
                "can_pause": True,
                "source": "House rules",
            }
        )
        with freeze_time("2026-03-02 10:00:00"):
            ticket = self._new_complaint(received="2026-03-02 08:00:00")
            ticket.complaint_qualify(True, "x", regime.ids)
        with freeze_time("2026-03-04 10:00:00"):
            ticket.complaint_pause("A document is awaited.")
        with freeze_time("2026-04-10 10:00:00"):
            ticket.complaint_decide("upheld", "x", self.cause.id)
            ticket.complaint_send_letter("favourable")
        deadline = ticket.complaint_deadline_ids
        self.assertEqual(deadline.state, "met")
        self.assertGreater(deadline.due_at, deadline.met_at)
        self.assertTrue(all(resumed for _stopped, resumed in deadline.pauses))

    # ------------------------------------------------------------------
    # History
    # ------------------------------------------------------------------

    def test_a_note_emptied_by_sql_is_found(self):
        ticket = self._new_qualified()
        event = ticket.complaint_event_ids.filtered("note")[:1]
        self.env.cr.execute(
            "UPDATE complaint_event SET note = NULL WHERE id = %s", [event.id]
        )
        self.assertEqual(ticket.complaint_verify_history(), event)

    def test_who_was_named_and_who_lost_the_file_is_in_the_history(self):
        ticket = self._new_qualified()
        before = len(ticket.complaint_event_ids)
        ticket.complaint_concerned_user_ids = self.leader
        self.assertEqual(len(ticket.complaint_event_ids), before + 1)
        ticket.team_id = self.other_team
        self.assertFalse(ticket.user_id)
        self.assertIn("user_id", ticket.complaint_event_ids[-1:].payload)

    def test_a_rewritten_complaint_is_in_the_history_without_its_words(self):
        ticket = self._new_qualified()
        self.as_user(self.handler, ticket).description = "<p>All is well.</p>"
        event = ticket.complaint_event_ids[-1:]
        self.assertEqual(event.event, "change")
        self.assertIn("description", event.payload)
        self.assertNotIn("well", event.payload)
        self.assertFalse(ticket.complaint_verify_history())

    def test_what_the_complainant_wrote_and_sent_stays(self):
        ticket = self._new_qualified()
        ticket.message_subscribe(self.customer.partner_id.ids)
        message = self.as_user(self.customer, ticket).message_post(
            body="My words.", subtype_xmlid="mail.mt_comment"
        )
        proof = (
            self.as_user(self.customer, self.env["ir.attachment"])
            .sudo()
            .create(
                {
                    "name": "proof.txt",
                    "raw": b"proof",
                    "res_model": ticket._name,
                    "res_id": ticket.id,
                }
            )
        )
        letter = ticket.complaint_send_letter("acknowledge").sudo().mail_id
        for user in (self.customer, self.agent, self.handler, self.officer):
            for record in (message, letter.mail_message_id):
                with self.subTest(user=user.login), self.assertRaises(UserError):
                    self.as_user(user, record).write({"body": "Other words."})
                with self.subTest(user=user.login), self.assertRaises(UserError):
                    self.as_user(user, record).unlink()
            with self.subTest(user=user.login), self.assertRaises(UserError):
                self.as_user(user, ticket)._message_update_content(
                    self.as_user(user, message), body=""
                )
            with self.subTest(user=user.login), self.assertRaises(UserError):
                self.as_user(user, proof).write({"raw": b"other"})
            with self.subTest(user=user.login), self.assertRaises(UserError):
                self.as_user(user, proof).unlink()

    def test_a_colleague_corrects_his_own_note_unless_a_hold_keeps_the_file(self):
        ticket = self._new_qualified()
        as_handler = self.as_user(self.handler, ticket)
        note = as_handler.message_post(body="Wrong.", attachments=[("a.txt", b"a")])
        note.body = "Right."
        for user in (self.leader, self.officer):
            with self.subTest(user.login), self.assertRaises(UserError):
                self.as_user(user, note).body = "Left."
        self.env["complaint.hold"].create({"ticket_id": ticket.id, "reason": "Court"})
        with self.assertRaisesRegex(UserError, "kept as it is"):
            note.body = "Gone."
        with self.assertRaisesRegex(UserError, "kept as it is"):
            note.attachment_ids.unlink()

    def test_a_merged_complainant_is_in_the_history(self):
        ticket = self._new_qualified()
        old, new = ticket.partner_id, self.env["res.partner"].create({"name": "Zoé"})
        self.customer.partner_id = self.env["res.partner"].create({"name": "x"})
        self.env["base.partner.merge.automatic.wizard"]._merge([old.id, new.id], new)
        self.assertEqual(ticket.partner_id, new)
        self.assertIn("partner_id", ticket.complaint_event_ids[-1:].payload)
        self.assertFalse(ticket.complaint_verify_history())

    # ------------------------------------------------------------------
    # What a file stands on is not deleted under it
    # ------------------------------------------------------------------

    def test_what_a_complaint_refers_to_is_not_deleted(self):
        cause = self.env["complaint.cause"].create({"name": "Other"})
        series = self.env["complaint.series"].create(
            {"name": "x", "company_id": self.company.id}
        )
        regime = self.env["complaint.regime"].create(
            {"name": "House", "code": "t_attack", "source": "House rules"}
        )
        partner = self.env["res.partner"].create({"name": "Gone"})
        ticket = self._new_complaint(partner_id=partner.id)
        ticket.complaint_qualify(True, "x", regime.ids)
        ticket.write({"complaint_cause_id": cause.id, "complaint_series_id": series.id})
        self.env.flush_all()
        for record, error in (
            (cause, ForeignKeyViolation),
            (series, ForeignKeyViolation),
            (regime, ForeignKeyViolation),
            (partner, UserError),
        ):
            with self.subTest(record._name), self.assertRaises(error):
                with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                    record.unlink()
        self.assertEqual(ticket.partner_id, partner)


@tagged("post_install", "-at_install")
class TestHostileMail(ComplaintCase):
    """Whatever reaches the complaint desk becomes a complaint."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.domain = cls.env["mail.alias.domain"].create(
            {"name": "desk.example", "company_ids": [(6, 0, cls.company.ids)]}
        )
        cls.company.alias_domain_id = cls.domain
        cls.team.write(
            {
                "alias_name": "attacked",
                "alias_domain_id": cls.domain.id,
                "complaint_regime_ids": [(6, 0, cls.acpr.ids)],
            }
        )

    def receive(self, **kwargs):
        values = {
            "sender": "Ada <ada.neuve@example.org>",
            "subject": "Unacceptable delay",
            "msgid": "<first@example.org>",
            "date": "Fri, 06 Nov 2026 09:15:00 +0100",
            "body": "<p>My parcel never came.</p>",
            **kwargs,
        }
        before = self.Ticket.search([])
        self.env["mail.thread"].message_process(
            "helpdesk.ticket", MAIL.format(**values)
        )
        ticket = self.Ticket.search([]) - before
        self.assertEqual(len(ticket), 1)
        self.assertEqual(ticket.complaint_state, "to_qualify")
        return ticket

    def test_impossible_dates(self):
        for index, date in enumerate(
            (
                "Mon, 01 Jan 0001 00:00:00 +0000",
                "Mon, 01 Jan 0001 00:00:00 +1400",
                "Thu, 01 Jan 1970 00:00:00 +0000",
                "Fri, 31 Dec 9999 23:59:59 -1200",
                "Fri, 06 Nov 2026 09:15:00 +9999",
                "",
                "0",
            )
        ):
            with self.subTest(date):
                self.receive(date=date, msgid=f"<{index}@example.org>")

    def test_odd_bodies(self):
        for index, body in enumerate(
            (
                "<style>a{background:url(<img>)}</style>",
                "<!-- <img -->",
                "<script>'<img'</script>",
                "<p><br></p>",
                "\x00",
                "<a " * 1000,
            )
        ):
            with self.subTest(body[:30]):
                self.receive(body=body, msgid=f"<b{index}@example.org>")

    def test_odd_senders_and_subjects(self):
        partner = self.env["res.partner"].create(
            {
                "name": "Elsewhere",
                "email": "far@example.org",
                "company_id": self.env["res.company"].create({"name": "Far"}).id,
            }
        )
        self.assertTrue(partner)
        for index, values in enumerate(
            (
                {"sender": ""},
                {"sender": "nobody"},
                {"sender": '"<script>" <a@b>'},
                {"sender": "far@example.org"},
                {"sender": self.handler.email},
                {"subject": ""},
                {"subject": "x" * 5000},
                {"subject": "=?utf-8?q?a=0Ab?="},
            )
        ):
            with self.subTest(values):
                self.receive(msgid=f"<s{index}@example.org>", **values)

    def test_a_regime_that_cannot_be_counted_loses_no_complaint(self):
        self.acpr.policy_ids.calendar_id.attendance_ids.unlink()
        ticket = self.receive()
        with self.assertRaises(UserError):
            ticket.complaint_qualify(True, "x")

    def test_a_regime_of_another_company_loses_no_complaint(self):
        self.team.complaint_regime_ids = self.env["complaint.regime"].create(
            {
                "name": "Far",
                "code": "t_far",
                "source": "x",
                "company_id": self.env["res.company"].create({"name": "Far"}).id,
            }
        )
        self.receive()
