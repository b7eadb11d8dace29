import base64
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.exceptions import AccessError, UserError
from odoo.tools import mute_logger

from .common import freeze_time, tagged
from .mail_case import DESK, NOW, SENDER, MailCase, multipart, raw_mail, tnef, winmail
from .mail_corpus import CORPUS, ICS

GATEWAY = "odoo.addons.helpdesk_complaint.models.mail_gateway"
NOTE = """\
FYI, a difficult one.

De : Zoé Forêt <zoe.foret@example.org>
Envoyé : jeudi 5 novembre 2026 18:02
À : Agent <t_agent@example.com>
Objet : Frais injustifiés

Vous m'avez pris 45 euros."""


class TestCorpus(MailCase):
    def test_the_corpus_is_large(self):
        self.assertGreater(len(CORPUS), 60)

    @mute_logger(GATEWAY, "odoo.addons.mail.models.mail_thread")
    def test_each_odd_message_has_its_outcome_and_none_is_lost(self):
        for index, (name, raw, outcome) in enumerate(CORPUS):
            raw = raw.replace(b"<first@", b"<odd-%d@" % index)
            if b"<odd-" not in raw:
                raw += b"\r\n%d" % index
            with self.subTest(name):
                lines, tickets = self.feed(raw)
                self.assertEqual(lines.mapped("outcome"), [outcome])
                self.assertEqual(lines.raw_attachment_id.raw, raw)
                self.assertEqual(lines.company_id, self.company)
                self.assertEqual(len(tickets), outcome in ("new", "failed"))
                self.assertEqual(lines.ticket_id, tickets)
                if tickets:
                    self.assertEqual(tickets.complaint_state, "to_qualify")
                    self.assertEqual(
                        str(tickets.complaint_received_at)[:4],
                        {"spoofed received": "2001"}.get(name, "2026"),
                    )
                    self.assertTrue(tickets.name)
                    self.assertTrue(tickets.description)
                again, none = self.feed(raw)
                self.assertEqual(again.mapped("outcome"), ["repeat"])
                self.assertFalse(none)

    def test_thirty_megabytes_are_one_complaint_kept_once(self):
        content = base64.encodebytes(b"proof " * 5_000_000)
        raw = multipart(
            ("text/plain", "See enclosed."),
            (
                'application/pdf; name="proof.pdf"',
                b"Content-Transfer-Encoding: base64\r\n"
                b"Content-Disposition: attachment\r\n\r\n" + content,
            ),
        )
        self.assertGreater(len(raw), 30_000_000)
        ticket = self.take(raw)
        self.assertEqual(len(self.files(ticket)), 1)
        self.assertEqual(
            ticket.complaint_intake_ids.raw_attachment_id.file_size, len(raw)
        )
        self.assertNotIn(
            ticket.complaint_intake_ids.raw_attachment_id,
            self.files(ticket),
        )


class TestMailIntake(MailCase):
    # ------------------------------------------------------------------
    # The same message, and one that is not
    # ------------------------------------------------------------------

    def test_a_known_number_with_other_words_is_another_complaint(self):
        first = self.take(raw_mail())
        second = self.take(raw_mail("Something else entirely."))
        self.assertNotEqual(first, second)
        self.take(raw_mail("Something else entirely."), "repeat")
        numbers = (first | second).complaint_intake_ids.mapped("message_id")
        self.assertEqual(set(numbers), {"<first@example.org>"})

    def test_two_copies_by_two_servers_are_one(self):
        ticket = self.take(raw_mail(drop=["Message-Id"], Delivered_To=DESK))
        copy = raw_mail(drop=["Message-Id"], Received="by b.example; x") + b"\r\n"
        self.assertEqual(self.take(copy, "repeat"), ticket)

    def test_the_same_words_under_another_number_are_another_complaint(self):
        first = self.take(raw_mail())
        self.assertNotEqual(first, self.take(raw_mail(Message_Id="<other@x.example>")))

    def test_what_reached_an_ordinary_alias_first_is_not_lost(self):
        self.env["mail.message"].create(
            {"message_id": "<first@example.org>", "body": "x", "message_type": "email"}
        )
        self.take(raw_mail())

    def test_a_complaint_from_before_the_journal_is_not_made_again(self):
        ticket = self.take(raw_mail())
        self.env.flush_all()
        self.env.cr.execute(
            "DELETE FROM complaint_intake WHERE ticket_id = %s", [ticket.id]
        )
        self.env.invalidate_all()
        self.assertEqual(self.take(raw_mail(), "repeat"), ticket)

    @mute_logger("odoo.sql_db")
    def test_two_workers_that_fetch_it_at_once_make_one_complaint(self):
        ticket = self.take(raw_mail())
        model = type(self.env["complaint.intake"])
        # The second does not see yet what the first has written.
        with patch.object(model, "_find_mail", lambda lines, mail: lines.browse()):
            self.env.cr.execute("UPDATE mail_message SET message_id = id::text")
            self.env.invalidate_all()
            self.take(raw_mail(), "repeat")
        self.assertEqual(ticket.complaint_intake_ids.outcome, "new")

    def test_what_is_erased_leaves_that_something_came(self):
        line = self.take(raw_mail()).complaint_intake_ids
        file = line.raw_attachment_id
        line._forget()
        self.assertFalse(line.sender or line.subject or line.raw_attachment_id)
        self.assertFalse(file.exists())
        self.take(raw_mail(), "repeat")

    def test_our_own_letter_that_comes_back_is_a_loop(self):
        ticket = self._new_qualified()
        letter = ticket.complaint_send_letter("acknowledge")
        raw = raw_mail(
            From=letter.sudo().mail_id.email_from, Message_Id=letter.mail_reference
        )
        self.assertEqual(self.take(raw, "loop"), ticket)

    # ------------------------------------------------------------------
    # Several recipients
    # ------------------------------------------------------------------

    def desk(self, name, company=None, **vals):
        company = company or self.company
        return self.env["helpdesk.ticket.team"].create(
            {
                "name": name,
                "alias_name": name,
                "alias_domain_id": self.domain.id,
                "company_id": company.id,
                "complaint_intake": True,
                **vals,
            }
        )

    def test_two_desks_of_a_company_have_one_complaint(self):
        self.desk("second")
        ticket = self.take(raw_mail(To=f"second@desk.example, {DESK}"))
        self.assertEqual(ticket.team_id.name, "second")
        self.take(raw_mail(To=f"second@desk.example, {DESK}"), "repeat")

    def test_two_companies_have_one_each_even_by_two_deliveries(self):
        other = self.env["res.company"].create({"name": "Other"})
        domain = self.domain.create({"name": "other.example"})
        other.alias_domain_id = domain
        self.desk("other", other, alias_domain_id=domain.id)
        both = f"other@other.example, {DESK}"
        lines, tickets = self.feed(raw_mail(To=both))
        self.assertEqual(tickets.company_id, self.company | other)
        self.assertEqual(lines.ticket_id, tickets)
        for line in lines:
            self.assertEqual(line.company_id, line.ticket_id.company_id)
        raw = raw_mail(To="x@example.org", Message_Id="<bcc@example.org>")
        for address, company in ((DESK, self.company), (both.split(",")[0], other)):
            ticket = self.take(b"Delivered-To: " + address.encode() + b"\r\n" + raw)
            self.assertEqual(ticket.company_id, company)

    def test_a_desk_and_an_ordinary_team(self):
        self.desk("support", complaint_intake=False)
        lines, tickets = self.feed(raw_mail(To=f"support@desk.example, {DESK}"))
        self.assertEqual(len(tickets), 2)
        self.assertEqual(lines.ticket_id, tickets.filtered("complaint_state"))

    def test_what_is_no_complaint_still_reaches_an_ordinary_team(self):
        self.desk("support", complaint_intake=False)
        raw = raw_mail(
            To=f"support@desk.example, {DESK}", Auto_Submitted="auto-replied"
        )
        lines, tickets = self.feed(raw)
        self.assertEqual(lines.outcome, "automatic")
        self.assertEqual(tickets.team_id.name, "support")
        self.assertFalse(tickets.complaint_state)

    @mute_logger(GATEWAY)
    def test_an_ordinary_alias_that_fails_takes_no_complaint_with_it(self):
        team = self.desk("support", complaint_intake=False)
        team.alias_id.alias_defaults = str({"team_id": team.id, "priority": "nonsense"})
        ticket = self.take(raw_mail(To=f"support@desk.example, {DESK}"))
        self.assertEqual(ticket.team_id, self.team)

    def test_a_desk_that_is_closed_to_strangers_is_open_to_complaints(self):
        self.team.alias_id.alias_contact = "followers"
        self.take(raw_mail())

    def test_an_ordinary_team_is_left_to_odoo(self):
        self.desk("support", complaint_intake=False)
        lines, tickets = self.feed(raw_mail(To="support@desk.example"))
        self.assertFalse(lines)
        self.assertFalse(tickets.complaint_state)

    def test_a_fetched_mailbox_may_name_the_desk(self):
        ticket = self.take(
            raw_mail(To="box@provider.example"),
            model="helpdesk.ticket",
            custom_values={"team_id": self.team.id},
        )
        self.assertEqual(ticket.team_id, self.team)

    # ------------------------------------------------------------------
    # When it was received
    # ------------------------------------------------------------------

    def test_received_is_what_the_first_own_server_says(self):
        self.env["ir.config_parameter"].set_param(
            "helpdesk_complaint.mail_hosts", "mx.desk.example, in.desk.example"
        )
        own = "from a by {}; Sat, 07 Nov 2026 {}:00:00 +0100"
        ticket = self.take(
            raw_mail(
                Received=[
                    own.format("in.desk.example", 12),
                    own.format("mx.desk.example", 11),
                    own.format("relay.example.org", 9),
                    own.format("mx.desk.example", 8),
                ]
            )
        )
        self.assertEqual(str(ticket.complaint_received_at), "2026-11-07 10:00:00")
        line = ticket.complaint_intake_ids
        self.assertEqual(line.received_at, ticket.complaint_received_at)
        self.assertEqual(str(line.entered_at), NOW)
        self.assertEqual(str(ticket.complaint_sent_date), "2026-11-06")

    def test_received_is_never_in_the_future(self):
        ticket = self.take(raw_mail(Received="by x; Sat, 07 Nov 2099 12:00:00 +0100"))
        self.assertEqual(str(ticket.complaint_received_at), NOW)

    # ------------------------------------------------------------------
    # What cannot be read
    # ------------------------------------------------------------------

    @mute_logger(GATEWAY)
    def test_what_odoo_cannot_read_is_a_complaint_whose_handler_is_told(self):
        raw = raw_mail("Je conteste 45 €.", Content_Type="text/plain; charset=x-none")
        ticket = self.take(raw, "failed")
        self.assertIn("Je conteste 45 €.", ticket.description)
        self.assertEqual(ticket.partner_email, SENDER)
        self.assertEqual(ticket.complaint_regime_ids, self.notice | self.window)
        self.assertIn("x-none", ticket.complaint_intake_ids.note)
        kind = self.env.ref("helpdesk_complaint.mail_activity_message")
        self.assertIn(kind, ticket.activity_ids.activity_type_id)

    @mute_logger(GATEWAY)
    def test_even_without_a_complaint_the_journal_keeps_it(self):
        model = type(self.env["helpdesk.ticket"])

        def fail(*_args, **_kwargs):
            raise UserError("No complaint today")

        with patch.object(model, "complaint_report", fail):
            lines, tickets = self.feed(raw_mail())
        self.assertFalse(tickets)
        self.assertEqual(lines.outcome, "failed")
        self.assertEqual(lines.raw_attachment_id.raw, raw_mail())

    def test_a_lost_race_is_read_again_from_the_bytes(self):
        model = type(self.env["helpdesk.ticket"])
        thread, before = self.env["mail.thread"], self.journal()

        def lose(*_args, **_kwargs):
            raise SerializationFailure("somebody else was faster")

        with patch.object(model, "message_new", lose):
            with self.assertRaises(SerializationFailure):
                thread.message_process(False, raw_mail())
            with freeze_time(NOW):
                thread.with_context(fetchmail_cron_running=True).message_process(
                    False, raw_mail()
                )
        line = self.journal() - before
        self.assertEqual((line.outcome, line.ticket_id.id), ("waiting", False))
        with self.enter_registry_test_mode():
            job = self.env.ref("helpdesk_complaint.ir_cron_complaint_intake")
            job.method_direct_trigger()
        line.invalidate_recordset()
        self.assertEqual(line.outcome, "new")
        self.assertEqual(line.ticket_id.complaint_state, "to_qualify")
        self.take(raw_mail(), "repeat")

    # ------------------------------------------------------------------
    # Hidden content
    # ------------------------------------------------------------------

    def test_text_and_files_of_a_winmail_dat(self):
        data = tnef("You owe me 45 euros.", [("proof.txt", b"bank statement")])
        ticket = self.take(winmail(data))
        self.assertIn("You owe me 45 euros.", ticket.description)
        files = self.files(ticket)
        self.assertEqual(set(files.mapped("name")), {"winmail.dat", "proof.txt"})
        proof = files.filtered(lambda x: x.name == "proof.txt")
        self.assertEqual(proof.raw, b"bank statement")

    def test_the_text_of_the_mail_comes_before_that_of_a_winmail_dat(self):
        raw = winmail(tnef("Hidden.", [("a.txt", b"x")]), text="Visible.")
        ticket = self.take(raw)
        self.assertIn("Visible.", ticket.description)
        self.assertNotIn("Hidden.", ticket.description)
        self.assertIn("a.txt", self.files(ticket).mapped("name"))

    def test_an_invitation_without_text_says_what_it_is_about(self):
        raw = multipart(("text/calendar; method=REQUEST", ICS), subtype="alternative")
        ticket = self.take(raw)
        self.assertIn("You owe me 45 euros.", ticket.description)
        self.assertEqual(self.files(ticket).name, "invitation.ics")

    # ------------------------------------------------------------------
    # Forwarded by a colleague
    # ------------------------------------------------------------------

    def receipts(self):
        """The complaints whose receipt is confirmed while the block runs."""
        sent = []
        model = type(self.env["helpdesk.ticket"])
        return patch.object(
            model, "_complaint_send_receipt", lambda ticket: sent.append(ticket.id)
        ), sent

    def test_a_colleague_forwards_and_the_first_sender_complains(self):
        patched, sent = self.receipts()
        with patched:
            ticket = self.take(raw_mail(NOTE, From=self.agent.email))
        self.assertEqual(ticket.partner_name, "Zoé Forêt")
        self.assertEqual(ticket.partner_email, "zoe.foret@example.org")
        self.assertFalse(ticket.partner_id)
        self.assertEqual(ticket.name, "Frais injustifiés")
        self.assertEqual(str(ticket.complaint_sent_date), "2026-11-05")
        self.assertNotIn("difficult", ticket.description)
        self.assertIn(self.agent.name, ticket.complaint_intake_ids.note)
        self.assertFalse(sent)
        self.assertNotIn(self.agent.partner_id, ticket.message_partner_ids)

    def test_what_the_colleague_says_is_not_for_the_complainant(self):
        body = NOTE.replace("zoe.foret@example.org", self.customer.email)
        ticket = self.take(raw_mail(body, From=self.agent.email))
        self.assertEqual(ticket.partner_id, self.customer.partner_id)
        said = ticket.message_ids.filtered(lambda x: "difficult" in (x.body or ""))
        self.assertTrue(said.subtype_id.internal)
        self.assertFalse(
            self.env["mail.message"]
            .with_user(self.customer)
            .search([("id", "in", said.ids)])
        )

    def test_a_chain_with_our_own_letter_on_top_leads_to_the_complainant(self):
        letter = NOTE.replace("Zoé Forêt <zoe.foret@example.org>", "{}")
        letter = letter.replace("Vous m'avez pris 45 euros.", "Notre réponse.")
        for own in (self.company.email, DESK, self.handler.email):
            chain = f"{letter.format(own)}\n\n{NOTE}"
            raw = raw_mail(chain, From=self.agent.email, Message_Id=f"<{own}>")
            ticket = self.take(raw)
            self.assertEqual(ticket.partner_email, "zoe.foret@example.org")

    def test_a_stranger_who_forwards_complains_himself(self):
        ticket = self.take(raw_mail(NOTE))
        self.assertEqual(ticket.partner_email, SENDER)

    # ------------------------------------------------------------------
    # Receipts and loops
    # ------------------------------------------------------------------

    def test_only_a_person_gets_a_receipt(self):
        for expected, headers in (
            (1, {}),
            (0, {"Auto_Submitted": "auto-generated"}),
            (0, {"List_Id": "<x.example.org>"}),
            (0, {"Return_Path": "<>"}),
            (0, {"From": ""}),
            (0, {"From": "someone@desk.example"}),
        ):
            patched, sent = self.receipts()
            with self.subTest(headers), patched:
                number = f"<receipt-{headers}@x>".replace(" ", "")
                if headers.get("From") == "someone@desk.example":
                    self.desk("someone")
                ticket = self.take(raw_mail(Message_Id=number, **headers))
                self.assertEqual(sent, ticket.ids[:expected])

    def test_the_hundredth_complaint_of_a_loop_is_kept_without_answer(self):
        patched, sent = self.receipts()
        with patched:
            for number in range(25):
                self.take(raw_mail(Message_Id=f"<{number}@x.example>"))
        self.assertEqual(len(sent), 20)

    @mute_logger(GATEWAY)
    def test_a_receipt_that_fails_loses_no_complaint(self):
        def fail(ticket):
            raise UserError("no mail server")

        model = type(self.env["helpdesk.ticket"])
        with patch.object(model, "_complaint_send_receipt", fail):
            ticket = self.take(raw_mail())
        self.assertIn("My parcel never came.", ticket.description)


@tagged("post_install", "-at_install")
class TestJournalAccess(MailCase):
    def setUp(self):
        super().setUp()
        self.ticket = self.take(raw_mail())
        self.ticket.user_id = self.handler
        self.line = self.ticket.complaint_intake_ids
        self.loose = self.journal()
        away = raw_mail(Auto_Submitted="auto-replied", Message_Id="<away@x.example>")
        self.take(away, "automatic")
        self.loose = self.journal() - self.loose

    def finds(self, user, line):
        lines = self.as_user(user, self.env["complaint.intake"])
        if not lines.has_access("read"):
            return False
        found = bool(lines.search([("id", "=", line.id)]))
        self.assertEqual(found, self.as_user(user, line).has_access("read"))
        return found

    def downloads(self, user, line):
        file = self.as_user(user, line.raw_attachment_id)
        found = file.has_access("read")
        self.assertEqual(found, bool(file.search([("id", "=", file.id)])))
        about = [("res_model", "=", "complaint.intake"), ("res_id", "=", line.id)]
        if self.as_user(user, self.env["complaint.intake"]).has_access("read"):
            self.assertEqual(found, bool(file.search(about)))
        else:
            self.assertRaises(AccessError, file.search, about)
        return found

    def test_who_reads_the_journal_and_the_messages_as_received(self):
        for user, line, raw, loose in (
            (self.handler, True, True, False),
            (self.leader, True, False, False),
            (self.manager, True, False, False),
            (self.officer, True, True, True),
            (self.auditor, True, True, True),
            (self.agent, False, False, False),
            (self.customer, False, False, False),
            (self.stranger, False, False, False),
        ):
            with self.subTest(user.login):
                self.assertEqual(self.finds(user, self.line), line)
                self.assertEqual(self.downloads(user, self.line), raw)
                self.assertEqual(self.finds(user, self.loose), loose)
                self.assertEqual(self.downloads(user, self.loose), loose)

    def test_a_confidential_file_hides_its_line(self):
        self.ticket.complaint_is_confidential = True
        for user, expected in (
            (self.handler, True),
            (self.leader, False),
            (self.manager, False),
            (self.officer, True),
        ):
            with self.subTest(user.login):
                self.assertEqual(self.finds(user, self.line), expected)

    def test_the_person_complained_about_sees_nothing(self):
        for user in (self.officer, self.auditor, self.handler):
            with self.subTest(user.login):
                self.ticket.sudo().complaint_concerned_user_ids = user
                self.assertFalse(self.finds(user, self.line))
                self.assertFalse(self.downloads(user, self.line))

    def test_another_company_sees_nothing(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.officer.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        lines = self.env["complaint.intake"].with_user(self.officer)
        self.assertFalse(lines.search([("id", "in", (self.line | self.loose).ids)]))

    def test_nobody_writes_the_journal(self):
        for user in (self.handler, self.manager, self.officer, self.auditor):
            line = self.as_user(user, self.line)
            with self.subTest(user.login):
                with self.assertRaises(UserError):
                    line.write({"outcome": "thanks"})
                with self.assertRaises(AccessError):
                    line.create({"channel": "email", "outcome": "new"})
                with self.assertRaises(AccessError):
                    line.unlink()
                with self.assertRaises(AccessError):
                    line.raw_attachment_id.write({"raw": b"x"})
                with self.assertRaises(AccessError):
                    line.raw_attachment_id.unlink()

    def test_the_button_says_who_may_have_the_message(self):
        self.assertIn(
            "/web/content/",
            self.as_user(self.handler, self.line).action_open_raw()["url"],
        )
        with self.assertRaisesRegex(UserError, "compliance officers"):
            self.as_user(self.leader, self.line).action_open_raw()

    def test_portal_users_feed_no_gateway(self):
        with self.assertRaises(AccessError):
            self.feed(raw_mail(Message_Id="<forged@x>"), user=self.customer)

    def test_a_forged_context_opens_nothing(self):
        thread = self.env["mail.thread"].with_context(complaint_mail={"desks": [1]})
        before = self.journal()
        with freeze_time(NOW):
            thread.message_process(False, raw_mail(Message_Id="<ctx@x>"))
        self.assertEqual((self.journal() - before).outcome, "new")


class TestOtherChannels(MailCase):
    def test_every_complaint_has_its_line(self):
        reported = self._new_complaint()
        self.assertEqual(reported.complaint_intake_ids.channel, "report")
        by_hand = self.Ticket.with_user(self.handler).create(
            {
                "name": "Call",
                "description": "He called.",
                "team_id": self.team.id,
                "complaint_state": "to_qualify",
            }
        )
        line = by_hand.sudo().complaint_intake_ids
        self.assertEqual((line.channel, line.outcome), ("report", "new"))
        self.assertEqual(line.company_id, self.company)

    def test_each_way_in_has_its_own_line(self):
        for asked, is_su, found in (
            ("form", True, "form"),
            ("portal", True, "portal"),
            ("counter", False, "counter"),
            ("form", False, "report"),
            ("email", True, "report"),
            (None, False, "report"),
        ):
            ticket = self._new_ticket().with_context(complaint_channel=asked)
            ticket = ticket.sudo() if is_su else self.as_channel(ticket, asked)
            ticket.complaint_report()
            line = ticket.sudo().complaint_intake_ids
            self.assertEqual((line.channel, line.outcome), (found, "new"), asked)

    def as_channel(self, ticket, channel):
        ticket = self.as_user(self.handler, ticket)
        return ticket.with_context(complaint_channel=channel)

    def test_a_hundred_reports_cost_no_more_queries_than_ten(self):
        def cost(number):
            tickets = self.Ticket.browse(self._new_ticket().id for _x in range(number))
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.env["complaint.intake"]._note("report", "new", tickets)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        self.assertLessEqual(cost(100), cost(10) + 2)
