from datetime import timedelta
from unittest.mock import patch

from odoo import fields, modules
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, new_test_user
from odoo.tools import mute_logger

from .common import ComplaintCase, tagged
from .smtp_server import SmtpServer


class VisibilityCase(ComplaintCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.firm = cls.env["res.partner"].create(
            {"name": "Scierie du Vercors", "is_company": True}
        )
        cls.colleague = cls._new_user("t_colleague", "base.group_portal")
        cls.boss = cls._new_user("t_boss", "base.group_portal")
        people = cls.customer | cls.colleague | cls.boss
        people.partner_id.parent_id = cls.firm
        cls.lawyer = cls._new_user("t_lawyer", "base.group_portal")
        cls.lawyer.partner_id.parent_id = cls.env["res.partner"].create(
            {"name": "Cabinet Roux", "is_company": True}
        )
        cls.ticket = cls._new_qualified()

    def sees(self, user, ticket=None):
        """Whether a customer reads a complaint; every way to ask says the same."""
        ticket = ticket or self.ticket
        self.env.invalidate_all()
        model = self.as_user(user, self.env["helpdesk.ticket"])
        found = model.search([("id", "=", ticket.id)])
        listed = model.search(model._complaint_portal_domain())
        self.assertEqual(found, model.search([]) & found)
        self.assertEqual(bool(found), ticket in listed.with_env(ticket.env))
        self.assertEqual(
            bool(found), model.browse(ticket.id).has_access("read"), user.login
        )
        self.assertEqual(len(found), model.search_count([("id", "=", ticket.id)]))
        self.assertEqual(bool(found), ticket._complaint_may_follow(user.partner_id))
        for operation in ("write", "unlink"):
            self.assertFalse(model.browse(ticket.id).has_access(operation))
        return bool(found)

    def open(self, users, administrator=None):
        self.as_user(self.manager, users.partner_id).complaint_open_company(
            (administrator or self.boss).partner_id.id
        )
        return self.env["mail.mail"].search([], order="id desc", limit=1)

    def tell(self, mail):
        """Let the e-mail leave through a mail server that is really there."""
        self.env["ir.mail_server"].search([]).action_archive()
        with SmtpServer() as smtp:
            self.env["ir.mail_server"].create(
                {
                    "name": "Local",
                    "smtp_host": "127.0.0.1",
                    "smtp_port": smtp.port,
                    "smtp_encryption": "none",
                }
            )
            with patch.object(modules.module, "current_test", None):
                mail.send()
        return smtp.mails


@tagged("post_install", "-at_install")
class TestRepresentative(VisibilityCase):
    def test_from_the_moment_the_mandate_is_seen_until_its_end(self):
        self.ticket.complaint_representative_id = self.lawyer.partner_id
        self.assertFalse(self.sees(self.lawyer))
        with self.assertRaises(AccessError):
            self.as_user(self.lawyer, self.ticket).read(["name"])
        now = fields.Datetime.now().replace(hour=12)
        today = fields.Date.to_string(now)
        with freeze_time(now):
            self.ticket.complaint_prove_mandate(until=today)
            self.assertTrue(self.sees(self.lawyer))
            self.as_user(self.lawyer, self.ticket).read(["name", "complaint_number"])
        with freeze_time(now + timedelta(days=1)):
            self.assertFalse(self.sees(self.lawyer))

    def test_nobody_else_of_his_firm(self):
        partner = self._new_user("t_partner", "base.group_portal")
        partner.partner_id.parent_id = self.lawyer.partner_id.parent_id
        self.ticket.complaint_representative_id = self.lawyer.partner_id
        self.ticket.complaint_prove_mandate()
        self.assertTrue(self.sees(self.lawyer))
        self.assertFalse(self.sees(partner))

    def test_a_confidential_one_too(self):
        self.ticket.complaint_representative_id = self.lawyer.partner_id
        self.ticket.complaint_is_confidential = True
        self.ticket.complaint_prove_mandate()
        self.assertTrue(self.sees(self.lawyer))
        self.ticket.complaint_refuse_mandate("Forged.")
        self.assertFalse(self.sees(self.lawyer))

    def test_an_employee_may_represent_somebody(self):
        clerk = self._new_user("t_clerk", "base.group_user")
        self.ticket.complaint_representative_id = clerk.partner_id
        self.ticket.complaint_is_confidential = True
        ticket = self.as_user(clerk, self.ticket)
        self.assertFalse(ticket.has_access("read"))
        self.ticket.complaint_prove_mandate()
        self.env.invalidate_all()
        self.assertTrue(ticket.has_access("read"))
        self.assertFalse(ticket.has_access("write"))

    def test_an_ordinary_ticket_is_not_opened(self):
        ordinary = self._new_ticket(
            complaint_representative_id=self.lawyer.partner_id.id
        )
        self.assertFalse(self.as_user(self.lawyer, ordinary).has_access("read"))

    def test_whose_mandate_is_over_gets_no_mail(self):
        self.ticket.complaint_representative_id = self.lawyer.partner_id
        self.ticket.message_subscribe(self.customer.partner_id.ids)
        today = fields.Date.today()
        self.ticket.complaint_prove_mandate(until=today + timedelta(days=1))
        for days, is_told in ((0, True), (3, False)):
            with freeze_time(fields.Datetime.now() + timedelta(days=days)):
                message = self.ticket.message_post(
                    body="x", subtype_xmlid="mail.mt_comment"
                )
            told = message.sudo().notification_ids.res_partner_id
            self.assertEqual(self.lawyer.partner_id in told, is_told)
            self.assertIn(self.customer.partner_id, told)


@tagged("post_install", "-at_install")
class TestCompanyReaders(VisibilityCase):
    def test_opens_when_the_administrator_was_told(self):
        self.assertFalse(self.sees(self.colleague))
        mail = self.open(self.colleague)
        self.assertFalse(self.sees(self.colleague))
        self.assertEqual(mail.recipient_ids, self.boss.partner_id)
        for words in (self.colleague.name, self.firm.name, "confidential"):
            self.assertIn(words, mail.body_html)
        [got] = self.tell(mail)
        self.assertIn(self.boss.email, got["To"])
        self.assertTrue(self.colleague.partner_id.complaint_told_at)
        self.assertTrue(self.sees(self.colleague))
        self.assertFalse(self.sees(self.stranger))
        # The administrator was told, and reads no more than before.
        self.assertFalse(self.sees(self.boss))
        notes = str(self.colleague.partner_id.message_ids.mapped("body"))
        self.assertIn("now follows", notes)
        self.assertIn(self.boss.name, notes)

    def test_an_e_mail_that_fails_opens_nothing(self):
        self.boss.partner_id.email = "refused@example.org"
        mail = self.open(self.colleague)
        with mute_logger("odoo.addons.mail.models.mail_mail"):
            self.assertFalse(self.tell(mail))
        self.assertEqual(mail.state, "exception")
        self.assertFalse(self.sees(self.colleague))
        mail.unlink()
        self.assertFalse(self.sees(self.colleague))

    def test_never_a_confidential_one(self):
        self.tell(self.open(self.colleague))
        self.assertTrue(self.sees(self.colleague))
        self.ticket.complaint_is_confidential = True
        self.assertFalse(self.sees(self.colleague))

    def test_ended_by_a_manager(self):
        self.tell(self.open(self.colleague))
        self.as_user(self.manager, self.colleague.partner_id).complaint_close_company()
        self.assertFalse(self.sees(self.colleague))
        notes = str(self.colleague.partner_id.message_ids.mapped("body"))
        self.assertIn("no longer follows", notes)

    def test_ends_when_he_leaves_the_company(self):
        self.tell(self.open(self.colleague))
        self.assertTrue(self.sees(self.colleague))
        self.colleague.partner_id.parent_id = self.lawyer.partner_id.parent_id
        self.assertFalse(self.sees(self.colleague))

    def test_ends_when_contacts_are_merged(self):
        self.tell(self.open(self.colleague))
        twin = self.env["res.partner"].create(
            {"name": "Twin", "parent_id": self.firm.id}
        )
        merge = self.env["base.partner.merge.automatic.wizard"]
        merge._merge((twin | self.stranger.partner_id).ids, extra_checks=False)
        self.assertTrue(self.sees(self.colleague))
        other = self.env["res.partner"].create({"name": "Firm 2", "is_company": True})
        merge._merge((self.firm | other).ids, self.firm, extra_checks=False)
        self.assertFalse(self.sees(self.colleague))

    def test_he_reads_and_does_not_write(self):
        self.ticket.complaint_send_letter("acknowledge")
        self.ticket.complaint_decide("upheld", "x", self.cause.id)
        self.ticket.complaint_send_letter("favourable")
        self.tell(self.open(self.colleague))
        self.assertTrue(self.sees(self.colleague))
        ticket = self.as_user(self.colleague, self.ticket)
        for act in (
            lambda: ticket.complaint_accept(),
            lambda: ticket.complaint_contest("x"),
            lambda: ticket.message_post(body="x"),
            lambda: ticket.write({"name": "x"}),
            lambda: ticket.read(["complaint_phone"]),
            lambda: ticket.read(["complaint_representative_id"]),
        ):
            with self.assertRaises(AccessError):
                act()
        self.as_user(self.customer, self.ticket).message_post(
            body="I wait.", subtype_xmlid="mail.mt_comment"
        )

    def test_managers_alone_decide(self):
        contact = self.colleague.partner_id
        for user in (
            self.handler | self.agent | self.auditor | self.colleague | self.boss
        ):
            with self.subTest(user.login):
                with self.assertRaises(AccessError):
                    self.as_user(user, contact).complaint_open_company(
                        self.boss.partner_id.id
                    )
                with self.assertRaises(AccessError):
                    self.as_user(user, contact).complaint_close_company()
                with self.assertRaises(AccessError):
                    self.as_user(user, self.firm).action_complaint_readers()

    def test_nobody_writes_it_by_hand(self):
        admin = new_test_user(
            self.env,
            "t_contacts",
            "base.group_partner_manager,base.group_system,"
            "helpdesk_complaint.group_complaint_officer",
            email="t_contacts@example.com",
        )
        contact = self.colleague.partner_id.with_user(admin)
        for vals in (
            {"complaint_reader_state": "open"},
            {"complaint_sees_company_id": self.firm.id},
            {"complaint_sees_company": True},
            {"complaint_told_at": "2026-01-01"},
            {"complaint_unproved_email": False},
        ):
            with self.subTest(vals), self.assertRaisesRegex(UserError, "by hand"):
                contact.write(vals)
            with self.subTest(vals), self.assertRaisesRegex(UserError, "by hand"):
                contact.create({"name": "x", **vals})
        with self.assertRaisesRegex(UserError, "by hand"):
            self.firm.with_user(admin).complaint_reader_ids = contact
        forged = contact.with_context(
            default_complaint_reader_state="open",
            default_complaint_sees_company_id=self.firm.id,
            default_complaint_sees_company=True,
        ).create({"name": "x", "parent_id": self.firm.id})
        self.assertFalse(forged.sudo().complaint_reader_state)
        self.assertFalse(forged.sudo().complaint_sees_company)

    def test_what_makes_no_sense_is_refused(self):
        elsewhere = self.lawyer.partner_id
        silent = self.env["res.partner"].create(
            {"name": "Without e-mail", "parent_id": self.firm.id}
        )
        for contacts, administrator, words in (
            (self.stranger.partner_id, self.boss.partner_id, "contacts of one company"),
            (self.firm, self.boss.partner_id, "contacts of one company"),
            (self.env["res.partner"], self.boss.partner_id, "contacts of one company"),
            (
                self.colleague.partner_id | elsewhere,
                self.boss.partner_id,
                "contacts of one company",
            ),
            (self.colleague.partner_id, elsewhere, "its administrator"),
            (self.colleague.partner_id, self.firm, "its administrator"),
            (self.colleague.partner_id, self.env["res.partner"], "its administrator"),
            (self.colleague.partner_id, silent, "no e-mail address"),
        ):
            with self.subTest(words), self.assertRaisesRegex(UserError, words):
                contacts.complaint_open_company(administrator.id)

    def test_the_wizard_asks_and_opens(self):
        firm = self.as_user(self.manager, self.firm)
        action = firm.action_complaint_readers()
        wizard = self.as_user(self.manager, self.env[action["res_model"]])
        form = Form(wizard.with_context(**action["context"]))
        form.contact_ids.add(self.colleague.partner_id)
        form.administrator_id = self.boss.partner_id
        form.save().action_confirm()
        self.assertEqual(self.colleague.partner_id.complaint_reader_state, "asked")
        form = Form(wizard.with_context(**action["context"]))
        self.assertEqual(form.reader_ids[:], self.colleague.partner_id)

    def test_followers_get_nothing_by_following(self):
        self.ticket.message_subscribe((self.firm | self.colleague.partner_id).ids)
        self.assertFalse(self.sees(self.colleague))
        self.assertFalse(self.sees(self.boss))
        ordinary = self._new_ticket()
        ordinary.message_subscribe(self.stranger.partner_id.ids)
        self.assertTrue(self.as_user(self.stranger, ordinary).has_access("read"))
        ordinary.complaint_report()
        self.env.invalidate_all()
        self.assertFalse(self.as_user(self.stranger, ordinary).has_access("read"))
