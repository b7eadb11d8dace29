from datetime import timedelta

from markupsafe import Markup

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form

from .common import ComplaintCase, freeze_time, tagged
from .test_letter_pdf import run

NOTE, COMMENT = "mail.mt_note", "mail.mt_comment"


class EntryCase(ComplaintCase):
    """A counter and a telephone: what one needs to take complaints down."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reason = cls.env["helpdesk.ticket.category"].create(
            {"name": "Fees and prices", "company_id": cls.company.id}
        )
        channel = "helpdesk_mgmt.helpdesk_ticket_channel_"
        cls.phone = cls.env.ref(f"{channel}phone")
        cls.mail = cls.env.ref(f"{channel}email")
        cls.counter = cls.env.ref("helpdesk_complaint.helpdesk_ticket_channel_counter")
        cls.letter = cls.env.ref("helpdesk_complaint.helpdesk_ticket_channel_letter")
        cls.team.complaint_regime_ids = cls.acpr
        cls.own = cls._new_user("t_own", "helpdesk_mgmt.group_helpdesk_user_own")
        cls.plain = cls._new_user("t_plain", "base.group_user")

    def take(self, user=None, **values):
        """Take a complaint down by the method, as a user."""
        model = self.as_user(user or self.handler, self.env["helpdesk.ticket"])
        return model.complaint_take_down(
            {
                "description": "You charged me 45 euros.\nNobody told me why.",
                "partner_name": "Ada Neuve",
                "channel_id": self.phone.id,
                "team_id": self.team.id,
                **values,
            }
        )

    def upload(self, user, name="scan.pdf", raw=b"scan", **vals):
        return (
            self.env["ir.attachment"]
            .with_user(user)
            .create({"name": name, "raw": raw, "res_model": "complaint.entry", **vals})
        )

    def form(self, user=None, **context):
        model = self.as_user(user or self.handler, self.env["complaint.entry"])
        return Form(model.with_context(**context))


@tagged("post_install", "-at_install")
class TestEntry(EntryCase):
    """What a colleague takes down is a complaint like any other, and dated."""

    # ------------------------------------------------------------------
    # Taking down
    # ------------------------------------------------------------------

    def test_a_call_is_a_complaint_with_all_that_was_said(self):
        with freeze_time("2026-10-09 08:00:00"):
            ticket = self.take(
                complaint_request="My money back.",
                complaint_subject_ref="Contract 4711",
                complaint_fact_date="2026-09-30",
                complaint_phone="+33 4 76 00 00 00",
                complaint_postal_address="3 rue du Pont\n38000 Grenoble",
                category_id=self.reason.id,
                complaint_complainant_type="consumer",
            )
        self.assertEqual(ticket.complaint_state, "to_qualify")
        self.assertEqual(ticket.complaint_medium, "oral")
        self.assertEqual(ticket.name, "You charged me 45 euros. Nobody told me why.")
        self.assertIn("You charged me 45 euros.<br>", ticket.description)
        self.assertEqual(str(ticket.complaint_received_at), "2026-10-09 08:00:00")
        self.assertEqual(str(ticket.complaint_sent_date), "2026-10-09")
        self.assertEqual(str(ticket.complaint_fact_date), "2026-09-30")
        self.assertEqual(ticket.partner_name, "Ada Neuve")
        self.assertEqual(ticket.complaint_phone, "+33 4 76 00 00 00")
        self.assertEqual(ticket.category_id, self.reason)
        self.assertEqual(ticket.team_id, self.team)
        self.assertFalse(ticket.user_id)
        self.assertEqual(ticket.complaint_taken_down_by_id, self.handler)
        self.assertEqual(str(ticket.complaint_taken_down_at), "2026-10-09 08:00:00")
        self.assertEqual(
            ticket.complaint_event_ids.sorted("sequence").mapped("event"),
            ["report", "taken_down"],
        )
        self.assertFalse(ticket.sudo().complaint_verify_history())

    def test_history_names_nobody(self):
        ticket = self.take(partner_email="ada@example.org", is_read_back=True)
        told = " ".join(ticket.sudo().complaint_event_ids.mapped("payload"))
        for secret in ("Ada", "example.org", "45 euros"):
            self.assertNotIn(secret, told)

    def test_what_is_spoken_and_what_is_written_follows_from_the_channel(self):
        for channel, medium in (
            (self.phone, "oral"),
            (self.counter, "oral"),
            (self.letter, "written"),
            (self.mail, "written"),
            (self.env["helpdesk.ticket.channel"], "written"),
        ):
            ticket = self.take(channel_id=channel.id)
            self.assertEqual(ticket.complaint_medium, medium, channel.name)
            self.assertEqual(bool(ticket.complaint_taken_down_at), medium == "oral")
            reported = self._new_ticket(channel_id=channel.id)
            reported.complaint_report()
            self.assertEqual(reported.complaint_medium, medium, channel.name)
        self.assertEqual(
            self.take(complaint_medium="written").complaint_medium, "written"
        )

    def test_a_letter_has_the_day_of_its_postmark(self):
        ticket = self.take(
            channel_id=self.letter.id,
            complaint_sent_date="2026-10-07",
            complaint_received_at="2026-10-09 08:00:00",
        )
        self.assertEqual(str(ticket.complaint_sent_date), "2026-10-07")
        self.assertFalse(self.take(channel_id=self.letter.id).complaint_sent_date)

    def test_the_clock_runs_from_the_call(self):
        self.team.complaint_regime_ids = self.plan
        ticket = self.take(self.agent, complaint_received_at="2026-10-09 08:00:00")
        self.assertEqual(ticket.sudo().complaint_regime_ids, self.plan | self.window)
        self.assertEqual(self.due_day(ticket.sudo(), "respond"), "2026-12-09")

    def test_a_complainant_is_named_somehow_or_anonymous(self):
        for who in (
            {"partner_name": "", "partner_email": "ada@example.org"},
            {"partner_name": "", "complaint_phone": "12"},
            {"partner_name": "", "partner_id": self.customer.partner_id.id},
            {"partner_name": "", "is_anonymous": True},
        ):
            self.assertTrue(self.take(**who), who)

    # ------------------------------------------------------------------
    # Who may
    # ------------------------------------------------------------------

    def test_every_helpdesk_user_takes_complaints_down(self):
        self.team.user_ids |= self.own
        for user in (self.agent, self.own, self.handler, self.manager, self.officer):
            ticket = self.take(user)
            self.assertEqual(ticket.sudo().complaint_event_ids[:1].user_id, user)
            self.assertEqual(ticket.with_user(user).name, ticket.sudo().name)

    def test_nobody_else_does(self):
        for user in (self.customer, self.stranger, self.plain, self.auditor):
            with self.assertRaisesRegex(AccessError, "only helpdesk users"):
                self.take(user)
            with self.assertRaises(AccessError):
                self.as_user(user, self.env["complaint.entry"]).create({})
        self.assertFalse(self.Ticket.search([("partner_name", "=", "Ada Neuve")]))

    def test_a_desk_is_offered_to_who_may_use_it(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        foreign = self.team.copy({"company_id": other.id, "alias_name": False})
        plain = self.team.copy({"complaint_intake": False, "alias_name": False})
        plain.user_ids = self.own
        desks = {
            self.handler: self.team,
            self.agent: self.team,
            # Who has no desk reports in his own team.
            self.own: plain,
        }
        for user, teams in desks.items():
            model = self.as_user(user, self.env["helpdesk.ticket"])
            mine = model._complaint_desks().filtered(
                lambda team: team.company_id == self.company
            )
            self.assertEqual(mine, teams, user.login)
            with self.assertRaisesRegex(UserError, "no complaints down for the team"):
                self.take(user, team_id=foreign.id)
        with self.assertRaisesRegex(UserError, "no complaints down for the team"):
            self.take(self.own, team_id=self.team.id)

    def test_without_team_it_belongs_to_who_takes_it_down(self):
        lonely = self._new_user("t_lonely", "helpdesk_mgmt.group_helpdesk_user_own")
        ticket = self.take(lonely, team_id=False)
        self.assertFalse(ticket.team_id)
        self.assertEqual(ticket.user_id, lonely)
        self.assertEqual(ticket.company_id, self.company)

    # ------------------------------------------------------------------
    # Refusals
    # ------------------------------------------------------------------

    def test_what_is_missing_unknown_or_not_his_is_said(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        foreign = self.env["helpdesk.ticket.category"].create(
            {"name": "Theirs", "company_id": other.id}
        )
        tomorrow = fields.Datetime.now() + timedelta(days=1)
        for values, error, words in (
            ({"description": " ", "name": ""}, UserError, "no text yet"),
            ({"partner_name": ""}, UserError, "who complains"),
            ({"complaint_state": "closed"}, UserError, "no value .complaint_state"),
            ({"complaint_number": "1"}, UserError, "no value .complaint_number"),
            ({"user_id": 2}, UserError, "no value .user_id"),
            ({"company_id": 1}, UserError, "no value .company_id"),
            ({"name": ["x"]}, UserError, "no value of"),
            ({"complaint_medium": "telepathy"}, UserError, "telepathy.*oral"),
            ({"complaint_complainant_type": "cat"}, UserError, "cat.*consumer"),
            ({"complaint_lang": "xx_XX"}, UserError, "xx_XX"),
            ({"category_id": foreign.id}, UserError, "does not exist, or is not for"),
            ({"category_id": 10**8}, UserError, "does not exist, or is not for"),
            ({"category_id": "1"}, UserError, "does not exist, or is not for"),
            ({"partner_id": [1]}, UserError, "does not exist, or is not for"),
            ({"team_id": 10**8}, UserError, "no complaints down for the team"),
            ({"complaint_sent_date": "soon"}, UserError, "is no date"),
            (
                {"complaint_fact_date": "2099-01-01"},
                ValidationError,
                "is a day between",
            ),
            ({"complaint_received_at": tomorrow}, ValidationError, "future"),
            ({"attachment_ids": [10**8]}, UserError, "not yours"),
            ({"message_id": 10**8}, AccessError, "not there, or you may not"),
            ({"message_id": "1"}, AccessError, "not there, or you may not"),
            ({"copy_given": "pigeon"}, UserError, "pigeon"),
            ({"copy_given": "email"}, UserError, "no e-mail address"),
            (
                {"channel_id": self.letter.id, "is_read_back": True},
                UserError,
                "nothing to read back",
            ),
        ):
            with self.subTest(values), self.assertRaisesRegex(error, words):
                with self.env.cr.savepoint():
                    self.take(**values)

    def test_a_context_sets_nothing(self):
        model = self.as_user(self.handler, self.env["helpdesk.ticket"]).with_context(
            default_user_id=self.manager.id,
            default_complaint_number="26.1001.999",
            default_complaint_is_confidential=True,
            default_complaint_state="closed",
        )
        ticket = model.complaint_take_down(
            {"name": "x", "partner_name": "y", "team_id": self.team.id}
        )
        self.assertEqual(ticket.complaint_state, "to_qualify")
        self.assertFalse(ticket.user_id or ticket.complaint_number)
        self.assertFalse(ticket.complaint_is_confidential)

    def test_what_was_taken_down_is_written_by_the_steps_alone(self):
        ticket = self.take()
        for name, value in (
            ("complaint_taken_down_by_id", self.manager.id),
            ("complaint_taken_down_at", "2020-01-01"),
            ("complaint_read_back_at", "2020-01-01"),
            ("complaint_copy_given", "post"),
            ("complaint_source_res_id", 1),
        ):
            with self.assertRaisesRegex(UserError, "written by the steps"):
                self.as_user(self.officer, ticket).write({name: value})

    # ------------------------------------------------------------------
    # Files
    # ------------------------------------------------------------------

    def test_files_go_to_the_ticket_and_into_the_copy(self):
        file = self.upload(self.agent)
        ticket = self.take(self.agent, attachment_ids=file.ids)
        self.assertEqual((file.res_model, file.res_id), (ticket._name, ticket.id))
        self.assertEqual(ticket.sudo()._complaint_copy_files(), file)

    def test_files_of_others_are_not_taken(self):
        other = self._new_ticket()
        for file in (
            self.upload(self.manager),
            self.upload(self.handler, res_model=other._name, res_id=other.id),
            self.env["ir.attachment"].create({"name": "x", "raw": b"x"}),
            self.env["ir.attachment"].search([("res_field", "!=", False)], limit=1),
        ):
            owner = (file.res_model, file.res_id)
            with self.assertRaisesRegex(UserError, "not yours"):
                self.take(self.handler, attachment_ids=file.ids)
            self.assertEqual((file.res_model, file.res_id), owner)

    # ------------------------------------------------------------------
    # Read back, copy, invitation
    # ------------------------------------------------------------------

    def test_reading_back_has_its_moment_and_its_reader(self):
        with freeze_time("2026-10-09 08:11:00"):
            ticket = self.take(self.agent, is_read_back=True)
        self.assertEqual(str(ticket.complaint_read_back_at), "2026-10-09 08:11:00")
        self.assertEqual(ticket.complaint_read_back_by_id, self.agent)
        self.assertIn("read_back", ticket.sudo().complaint_event_ids.mapped("event"))

    def test_a_copy_that_is_handed_over_is_kept_as_it_was(self):
        ticket = self.take(self.agent, copy_given="handed")
        self.assertEqual(ticket.complaint_copy_given, "handed")
        self.assertTrue(ticket.complaint_copy_given_at)
        file = ticket._complaint_last_copy()
        self.assertIn("45 euros", run(file.sudo().raw, "pdftotext"))
        self.assertNotIn(file, ticket.sudo()._complaint_copy_files())
        with self.assertRaisesRegex(UserError, "complaint"):
            self.as_user(self.manager, file).write({"raw": b"other"})

    def test_a_copy_by_email_leaves_with_the_file(self):
        ticket = self.take(
            self.agent, copy_given="email", partner_email="ada@example.org"
        )
        mail = self.env["mail.mail"].search([("email_to", "=", "ada@example.org")])
        self.assertEqual(mail.attachment_ids, ticket._complaint_last_copy())
        self.assertIn(ticket.number, mail.subject)
        self.assertEqual((mail.model, mail.res_id), (ticket._name, ticket.id))
        self.assertNotIn(self.agent.name, mail.body_html)

    def test_a_copy_is_given_again_later(self):
        ticket = self.take()
        for way in ("post", "handed"):
            action = (
                self.as_user(self.handler, ticket)
                .with_context(complaint_copy_way=way)
                .action_complaint_give_copy()
            )
            self.assertIn("/web/content/", action["params"]["url"])
            self.assertEqual(ticket.complaint_copy_given, way)
        events = ticket.sudo().complaint_event_ids.filtered(
            lambda event: event.event == "copy_given"
        )
        self.assertEqual([event._data()["way"] for event in events], ["post", "handed"])

    def test_what_is_no_complaint_has_nothing_to_read_back_or_copy(self):
        ticket = self.as_user(self.handler, self._new_ticket())
        with self.assertRaisesRegex(UserError, "is no complaint"):
            ticket.complaint_read_back()
        with self.assertRaisesRegex(UserError, "is no complaint"):
            ticket.complaint_give_copy("handed")

    def test_nobody_gives_copies_of_files_that_are_not_his(self):
        ticket = self.take()
        ticket.sudo().complaint_is_confidential = True
        for user in (self.agent, self.auditor, self.customer, self.plain):
            mine = self.as_user(user, ticket)
            with self.subTest(user.login), self.assertRaises(AccessError):
                mine.complaint_read_back()
            with self.subTest(user.login), self.assertRaises(AccessError):
                mine.complaint_give_copy("handed")
        for user in (self.agent, self.customer, self.plain):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.as_user(user, ticket).action_complaint_copy()
        # An auditor reads everything, and changes nothing by it.
        self.assertTrue(self.as_user(self.auditor, ticket).action_complaint_copy())

    def test_a_regime_asks_to_invite_who_complains_orally(self):
        ticket = self.take(partner_email="ada@example.org")
        self.assertTrue(ticket.complaint_asks_to_write)
        self.assertFalse(self.take(channel_id=self.letter.id).complaint_asks_to_write)
        self.team.complaint_regime_ids = self.plan
        self.assertFalse(self.take().complaint_asks_to_write)
        for code in ("fr_acpr", "fr_health", "uk_wales_ss"):
            self.assertTrue(self._regime(code).invites_to_write, code)

    def test_the_invitation_leaves_at_once(self):
        ticket = self.take(partner_email="ada@example.org", invite=True)
        letter = ticket.sudo().complaint_letter_ids
        self.assertEqual((letter.code, letter.state), ("invite_to_write", "sent"))
        self.assertFalse(ticket.complaint_asks_to_write)

    def test_who_may_send_no_letters_asks_somebody_who_may(self):
        ticket = self.take(self.agent, invite=True)
        self.assertFalse(ticket.sudo().complaint_letter_ids)
        self.assertEqual(ticket.sudo().activity_ids.user_id, self.leader)
        self.assertIn("Invite", ticket.sudo().activity_ids.summary)

    # ------------------------------------------------------------------
    # The form
    # ------------------------------------------------------------------

    def test_the_form_asks_and_takes_down(self):
        form = self.form(self.agent)
        self.assertEqual(form.channel_id, self.phone)
        self.assertEqual(form.complaint_medium, "oral")
        self.assertEqual(form.team_id, self.team)
        self.assertTrue(form.asks_to_write)
        self.assertEqual(form.regime_names, "ACPR")
        form.partner_id = self.customer.partner_id
        self.assertEqual(form.partner_name, "Zoé L'Hôte")
        self.assertEqual(form.partner_email, "t_customer@example.com")
        form.description = "You charged me 45 euros."
        form.category_id = self.reason
        form.is_read_back = True
        form.copy_given = "handed"
        entry = form.save()
        action = entry.action_confirm()
        self.assertEqual(action["tag"], "helpdesk_complaint.open_file")
        ticket = self.Ticket.browse(action["params"]["next"]["res_id"])
        self.assertEqual(ticket.partner_id, self.customer.partner_id)
        self.assertEqual(ticket.complaint_copy_given, "handed")
        self.assertTrue(ticket.complaint_read_back_at)
        self.assertEqual(ticket.complaint_lang, "en_US")

    def test_the_medium_follows_the_channel_in_the_form(self):
        form = self.form()
        form.channel_id = self.letter
        self.assertEqual(form.complaint_medium, "written")
        self.assertFalse(form.asks_to_write)

    def test_what_was_typed_stays_without_a_contact(self):
        form = self.form()
        form.partner_name = "Ada Neuve"
        form.description = "x"
        self.assertEqual(form.partner_name, "Ada Neuve")
        entry = form.save()
        self.assertEqual(entry.partner_name, "Ada Neuve")
        self.assertEqual(entry.action_confirm()["res_model"], "helpdesk.ticket")

    def test_many_tickets_are_reported_each_on_its_own_day(self):
        tickets = self._new_ticket(channel_id=self.phone.id)
        tickets |= self._new_ticket(channel_id=self.phone.id)
        model = self.as_user(self.agent, self.env["complaint.step"]).with_context(
            active_model=tickets._name,
            active_ids=tickets.ids,
            default_event="report",
        )
        form = Form(model)
        self.assertTrue(form.are_many)
        self.assertEqual(form.medium, "oral")
        form.save().action_confirm()
        for ticket in tickets:
            self.assertEqual(ticket.complaint_state, "to_qualify")
            self.assertEqual(
                ticket.complaint_received_at, ticket.create_date.replace(microsecond=0)
            )
        with self.assertRaisesRegex(UserError, "To qualify"):
            form.save().action_confirm()

    def test_taking_down_costs_the_same_with_many_complaints(self):
        self.take()
        costs = []
        for _turn in range(2):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.take()
            self.env.flush_all()
            costs.append(self.env.cr.sql_log_count - before)
            self.Ticket.browse(self.take().id for _index in range(10))
        self.assertLessEqual(costs[1], costs[0])


@tagged("post_install", "-at_install")
class TestReportMessage(EntryCase):
    """A message in any chatter is reported with what it says."""

    def message(self, record=None, author=None, kind="email", note=COMMENT, **vals):
        record = record or self.customer.partner_id
        return record.message_post(
            body=Markup("<p>You charged me <b>45 euros</b>.</p>"),
            subject="Fees",
            author_id=self.customer.partner_id.id if author is None else author,
            message_type=kind,
            subtype_xmlid=note,
            **vals,
        )

    def report(self, message, user=None):
        model = self.as_user(user or self.handler, self.env["helpdesk.ticket"])
        message_id = message if isinstance(message, int) else message.id
        return model.complaint_report_message(message_id)

    def entry(self, message, user=None):
        action = self.report(message, user)
        self.assertEqual(action["res_model"], "complaint.entry")
        return self.form(user, **action["context"])

    def test_a_message_on_a_contact_fills_the_form(self):
        message = self.message(attachments=[("bill.txt", b"45")])
        message.date = message.create_date - timedelta(days=2)
        form = self.entry(message)
        self.assertEqual(form.name, "Fees")
        self.assertIn("You charged me *45 euros*", form.description)
        self.assertEqual(form.partner_id, self.customer.partner_id)
        self.assertEqual(form.complaint_medium, "written")
        self.assertEqual(form.channel_id, self.mail)
        self.assertIn("Zoé L'Hôte", form.message_words)
        self.assertEqual(form.complaint_sent_date, message.date.date())
        action = form.save().action_confirm()
        ticket = self.Ticket.browse(action["res_id"])
        self.assertEqual(ticket.complaint_source_message_id, message)
        self.assertEqual(
            ticket.sudo()._complaint_copy_files().mapped("name"), ["bill.txt"]
        )
        self.assertNotEqual(
            ticket.sudo()._complaint_copy_files(), message.attachment_ids
        )
        source = self.as_user(self.handler, ticket).action_complaint_source()
        self.assertEqual(source["res_model"], "res.partner")
        self.assertEqual(source["res_id"], self.customer.partner_id.id)

    def test_a_channel_of_another_company_is_left_out(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        (self.mail | self.phone).company_id = other
        self.assertFalse(self.entry(self.message()).channel_id)
        self.assertFalse(self.form().channel_id)

    def test_a_sender_whom_nobody_knows_is_named(self):
        message = self.message(author=False, email_from='"Ada N" <ada@example.org>')
        form = self.entry(message)
        self.assertFalse(form.partner_id)
        self.assertEqual(form.partner_name, "Ada N")
        self.assertEqual(form.partner_email, "ada@example.org")

    def test_a_message_is_reported_once(self):
        message = self.message()
        action = self.entry(message).save().action_confirm()
        again = self.report(message)
        self.assertEqual(again["res_model"], "helpdesk.ticket")
        self.assertEqual(again["res_id"], action["res_id"])
        # Who may not see that complaint is not told of it.
        self.Ticket.browse(action["res_id"]).sudo().complaint_is_confidential = True
        self.assertEqual(self.report(message)["res_model"], "complaint.entry")

    def test_on_an_ordinary_ticket_the_ticket_is_reported(self):
        ticket = self._new_ticket()
        message = self.message(ticket)
        message.date = message.create_date - timedelta(days=3)
        action = self.report(message, self.agent)
        self.assertEqual(action["res_model"], "complaint.step")
        model = self.as_user(self.agent, self.env["complaint.step"])
        with Form(model.with_context(**action["context"])) as form:
            self.assertEqual(form.medium, "written")
        form.record.action_confirm()
        self.assertEqual(ticket.complaint_state, "to_qualify")
        self.assertEqual(ticket.complaint_sent_date, message.date.date())
        self.assertEqual(self.report(message)["res_model"], "complaint.entry")

    def test_only_what_somebody_outside_wrote_is_reported(self):
        for message in (
            self.message(author=self.handler.partner_id.id, kind="comment"),
            self.message(kind="comment", note=NOTE),
            self.message(kind="notification"),
        ):
            with self.assertRaisesRegex(UserError, "somebody outside wrote"):
                self.report(message)
            with self.assertRaisesRegex(UserError, "somebody outside wrote"):
                self.take(message_id=message.id)
        self.assertTrue(self.report(self.message(kind="comment")))

    def test_a_message_that_is_not_his_tells_nothing(self):
        secret = self._new_complaint(name="Secret", complaint_is_confidential=True)
        secret.user_id = False
        message = self.message(secret)
        for call in (
            lambda: self.report(message, self.agent),
            lambda: self.take(self.agent, message_id=message.id),
            lambda: self.form(self.agent, default_message_id=message.id),
            lambda: self.report(10**8, self.agent),
        ):
            with self.assertRaises(AccessError) as caught, self.env.cr.savepoint():
                call()
            self.assertNotIn("Secret", str(caught.exception))
        entry = self.as_user(self.agent, self.env["complaint.entry"]).create(
            {"description": "x"}
        )
        entry.message_id = message.id
        with self.assertRaises(AccessError):
            entry.read(["message_words"])

    def test_nobody_but_helpdesk_users_reports_messages(self):
        message = self.message()
        for user in (self.plain, self.customer, self.auditor):
            with self.assertRaisesRegex(AccessError, "only helpdesk users"):
                self.report(message, user)
        with self.assertRaisesRegex(UserError, "Choose the message"):
            self.report(0)

    def test_a_source_that_is_gone_is_said(self):
        message = self.message()
        action = self.entry(message).save().action_confirm()
        ticket = self.as_user(self.handler, self.Ticket.browse(action["res_id"]))
        ticket.sudo().complaint_source_res_id = 10**8
        with self.assertRaisesRegex(UserError, "not there any more"):
            ticket.action_complaint_source()

    def test_the_chatter_offers_it_to_helpdesk_users_alone(self):
        from odoo.addons.mail.tools.discuss import Store

        for user, offered in ((self.agent, True), (self.plain, False)):
            store = Store()
            self.env["res.users"].with_user(user)._init_store_data(store)
            result = store.get_result()["Store"]
            self.assertEqual(result["mayReportComplaint"], offered, user.login)
