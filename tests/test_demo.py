import hashlib

from odoo.tests import TransactionCase, tagged

from ..models.complaint_terms import STATES


@tagged("post_install", "-at_install")
class TestDemo(TransactionCase):
    """The demo story: what a tester is told to find is there, and it holds water."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        companies = cls.env["res.company"]
        for name in ("broker", "care_home", "shop"):
            xmlid = f"helpdesk_complaint.res_company_{name}_demo"
            companies |= cls.env.ref(xmlid, raise_if_not_found=False) or companies
        cls.companies = companies
        tickets = cls.env["helpdesk.ticket"].with_context(active_test=False)
        cls.tickets = tickets.search([("company_id", "in", companies.ids)])
        cls.complaints = cls.tickets.filtered("complaint_state")

    def setUp(self):
        super().setUp()
        if not self.env.ref(
            "helpdesk_complaint.helpdesk_ticket_broker_file_fee_demo",
            raise_if_not_found=False,
        ):
            self.skipTest("the database was made without demo data (--with-demo)")

    def demo(self, name):
        return self.env.ref(f"helpdesk_complaint.{name}_demo")

    def test_every_state_but_erased(self):
        """Nothing in the demo is old enough to be erased."""
        states = {state for state, _label in STATES} - {"erased"}
        self.assertEqual(set(self.complaints.mapped("complaint_state")), states)
        self.assertGreaterEqual(len(self.complaints), 30)

    def test_three_companies_with_ordinary_tickets_beside(self):
        self.assertEqual(len(self.complaints.company_id), 3)
        self.assertEqual(self.complaints.team_id.mapped("complaint_intake"), [True] * 3)
        self.assertGreaterEqual(len(self.tickets - self.complaints), 3)
        for company in self.companies:
            self.assertTrue(company.logo and company.email and company.website)

    def test_situations(self):
        """The files that a tester looks for."""
        self.assertTrue(self.complaints.filtered("complaint_is_overdue"))
        self.assertEqual(set(self.complaints.mapped("complaint_cycle")), {1, 2})
        self.assertTrue(self.complaints.filtered("complaint_is_confidential"))
        self.assertTrue(self.complaints.complaint_hold_ids.filtered("is_active"))
        self.assertIn("open", self.complaints.complaint_referral_ids.mapped("state"))
        self.assertEqual(
            max(self.complaints.complaint_series_id.mapped("ticket_count")), 3
        )
        actions = self.complaints.complaint_action_ids
        self.assertGreater(len(actions.stage_id), 2)
        self.assertGreater(max(len(action.complaint_ids) for action in actions), 1)
        self.assertEqual(
            set(self.complaints.complaint_redress_ids.mapped("state")),
            {"proposed", "granted", "paid"},
        )
        self.assertGreaterEqual(len(self.complaints.channel_id), 6)
        months = {day.strftime("%Y-%m") for day in self.received_days()}
        self.assertGreaterEqual(len(months), 8)

    def received_days(self):
        return self.complaints.mapped("complaint_received_at")

    def test_waits_for_its_cause(self):
        """Answered, the window over: only the missing cause keeps it open."""
        ticket = self.demo("helpdesk_ticket_broker_certificate")
        self.assertEqual(ticket.complaint_state, "answered")
        self.assertFalse(ticket._complaint_window_is_open())
        self.assertFalse(ticket.complaint_cause_id)
        self.assertTrue(
            ticket.activity_search(["helpdesk_complaint.mail_activity_cause"])
        )

    def test_histories_are_whole(self):
        for ticket in self.complaints:
            with self.subTest(ticket=ticket.display_name):
                self.assertFalse(ticket.complaint_verify_history())
                dates = ticket.complaint_event_ids.sorted("sequence").mapped("date")
                self.assertEqual(dates, sorted(dates))

    def test_steps_were_taken_by_people(self):
        events = self.complaints.complaint_event_ids
        by_event = {
            event: set(lines.user_id.mapped("login"))
            for event, lines in events.grouped("event").items()
        }
        self.assertEqual(by_event["qualify_yes"], {"martin", "olga"})
        self.assertEqual(by_event["hold"], {"olga"})
        self.assertIn("zoe", by_event["accept"])
        self.assertEqual(by_event["contest"], {"camille", "zoe"})
        self.assertEqual(by_event["archive"], {"__system__"})

    def test_register_has_no_gap(self):
        registered = self.complaints.filtered("complaint_number")
        self.assertGreater(len(registered), 25)
        series = registered.grouped(
            lambda x: (x.company_id, x.complaint_number.rpartition(".")[0])
        )
        for (company, prefix), tickets in series.items():
            numbers = tickets.mapped("complaint_number")
            orders = sorted(int(number.rpartition(".")[2]) for number in numbers)
            with self.subTest(company=company.name, prefix=prefix):
                self.assertEqual(orders, list(range(1, len(orders) + 1)))

    def test_letters_are_what_was_sent(self):
        letters = self.complaints.complaint_letter_ids
        self.assertEqual(set(letters.mapped("state")), {"sent"})
        for letter in letters:
            with self.subTest(letter=letter.display_name):
                raw = letter.attachment_id.raw
                self.assertTrue(raw.startswith(b"%PDF"))
                self.assertEqual(hashlib.sha256(raw).hexdigest(), letter.checksum)
                self.assertTrue(letter.verify_file())
                self.assertLessEqual(letter.sent_at, letter.attachment_id.create_date)

    def test_no_mail_waits_to_leave(self):
        mails = self.env["mail.mail"].search(
            [
                ("state", "=", "outgoing"),
                ("model", "=", "helpdesk.ticket"),
                ("res_id", "in", self.tickets.ids),
            ]
        )
        self.assertFalse(mails)

    def test_both_languages(self):
        texts = " ".join(self.complaints.mapped(lambda x: str(x.description)))
        self.assertIn("Je demande", texts)
        self.assertIn("I want", texts)
        installed = {code for code, _name in self.env["res.lang"].get_installed()}
        spoken = {"fr_FR", "en_US"} & installed
        self.assertEqual(set(self.complaints.mapped("complaint_lang")), spoken)

    def test_roles(self):
        """Each login sees its part: the person complained about, least of all."""
        tickets = {
            login: self.tickets.with_user(self.demo(f"res_users_{login}"))
            .with_context(allowed_company_ids=self.companies.ids)
            ._filtered_access("read")
            for login in ("camille", "martin", "olga", "ana")
        }
        about_camille = self.demo("helpdesk_ticket_broker_call")
        confidential = self.demo("helpdesk_ticket_care_rough_handling")
        self.assertNotIn(about_camille.id, tickets["camille"].ids)
        self.assertIn(about_camille.id, tickets["martin"].ids)
        self.assertNotIn(confidential.id, tickets["martin"].ids)
        self.assertIn(confidential.id, tickets["olga"].ids)
        self.assertEqual(set(tickets["ana"].ids), set(self.complaints.ids))
        zoe = self.demo("res_users_zoe")
        own = self.env["helpdesk.ticket"].with_user(zoe).search([])
        self.assertEqual(own.partner_id, zoe.partner_id)

    def test_told_once(self):
        """Loading the demo again tells nothing twice."""
        before = self.env["helpdesk.ticket"].search_count([])
        self.env["complaint.demo"]._tell()
        self.assertEqual(self.env["helpdesk.ticket"].search_count([]), before)

    def test_report_the_obvious_one(self):
        """The ticket that testers are asked to report can be reported."""
        camille = self.demo("res_users_camille")
        ticket = self.demo("helpdesk_ticket_broker_third_reminder").with_user(camille)
        self.assertTrue(ticket.activity_ids)
        ticket.complaint_report()
        self.assertEqual(ticket.complaint_state, "to_qualify")
        self.assertTrue(ticket.complaint_deadline_ids)
