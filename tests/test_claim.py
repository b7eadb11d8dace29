from .common import ComplaintCase, tagged

ADDRESS = "zoe.martin@example.org"
MAIL = """From: {email}
To: desk@complaints.example
Subject: My fees
Message-Id: <{id}@example.org>
Date: Fri, 09 Oct 2026 10:00:00 +0200
Content-Type: text/plain; charset="utf-8"

You charged me 45 euros.
"""


@tagged("post_install", "-at_install")
class TestClaim(ComplaintCase):
    """Complaints sent before there was an account, and how they become its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contact = cls.env["res.partner"].create(
            {"name": "Zoé", "email": "Zoe <Zoe.Martin@Example.org>"}
        )
        sender = {"partner_id": False, "partner_name": "Zoé", "partner_email": ADDRESS}
        cls.unknown = cls._new_complaint(**sender)
        cls.known = cls._new_complaint(**dict(sender, partner_id=cls.contact.id))
        cls.ordinary = cls._new_ticket(**sender)
        cls.of_another = cls._new_complaint(partner_email=ADDRESS)
        cls.elsewhere = cls._new_complaint(**dict(sender, partner_email="a@b.example"))
        cls.account = cls._new_user("t_zoe", "base.group_portal")
        cls.account.partner_id.email = ADDRESS

    def claim(self, email=ADDRESS):
        return self.Ticket._complaint_claim(self.account, email)

    def seen(self, user=None):
        self.env.invalidate_all()
        model = self.as_user(user or self.account, self.env["helpdesk.ticket"])
        found = model.search([]).with_env(self.env)
        self.assertEqual(len(found), model.search_count([]))
        return found

    def test_the_address_alone_gives_nothing(self):
        self.assertFalse(self.seen())
        listed = self.as_user(self.account, self.env["helpdesk.ticket"])
        self.assertFalse(listed.search(listed._complaint_portal_domain()))

    def test_a_proved_address_gives_its_complaints_in_one_go(self):
        mine = self.unknown | self.known
        self.assertEqual(self.Ticket._complaint_claimable(f"Z <{ADDRESS}>"), mine)
        self.assertEqual(self.claim(ADDRESS.upper()), mine)
        self.assertEqual(mine.partner_id, self.account.partner_id)
        self.assertEqual(self.seen(), mine)
        for ticket in mine:
            event = ticket.complaint_event_ids[-1]
            self.assertEqual(event.event, "claim")
            self.assertEqual(event.user_id, self.account)
            self.assertNotIn("example.org", event.payload)
            self.assertFalse(ticket.complaint_verify_history())
        self.assertFalse(self.claim(), "nothing is left to claim")
        self.assertFalse(self.Ticket._complaint_claimable(""))
        self.assertFalse(self.Ticket._complaint_claimable("nonsense"))

    def test_what_belongs_to_an_account_is_not_given_away(self):
        self.env["res.users"].with_context(no_reset_password=True).create(
            {
                "name": "Zoé",
                "login": "zoe-gone",
                "partner_id": self.contact.id,
                "active": False,
            }
        )
        self.assertEqual(self.Ticket._complaint_claimable(ADDRESS), self.unknown)

    def test_a_contact_with_another_address_keeps_it(self):
        self.contact.email = "other@example.org"
        self.assertEqual(self.Ticket._complaint_claimable(ADDRESS), self.unknown)

    def test_a_mandate_stays(self):
        self.unknown.complaint_representative_id = self.stranger.partner_id
        self.unknown.complaint_prove_mandate()
        self.claim()
        self.assertEqual(self.unknown.complaint_mandate_state, "proved")

    def test_not_by_a_call(self):
        for name in ("_complaint_claim", "_complaint_claimable"):
            self.assertTrue(name.startswith("_"))
        model = self.as_user(self.account, self.env["helpdesk.ticket"])
        self.assertNotIn("complaint_email_normalized", model.fields_get())

    def test_free_signup_with_the_address_of_somebody_else(self):
        """Neither what he sent before, nor what he sends from now on."""
        self.env["ir.config_parameter"].set_param("auth_signup.invitation_scope", "b2c")
        public = self.env.ref("base.public_user")
        self.env["res.users"].with_user(public).sudo().signup(
            {"name": "Thief", "login": ADDRESS, "password": "thief-thief"}
        )
        thief = self.env["res.users"].search([("login", "=", ADDRESS)])
        thief.company_ids |= self.company
        self.assertEqual(thief.email, ADDRESS)
        self.assertFalse(self.seen(thief))
        ticket = self.receive(1)
        self.assertFalse(self.seen(thief))
        self.assertNotEqual(ticket.message_ids.author_id, thief.partner_id)
        messages = self.env["mail.message"].with_user(thief)
        self.assertFalse(messages.search([("model", "=", "helpdesk.ticket")]))

    def test_a_portal_user_who_types_the_address_of_somebody_else(self):
        thief = self.stranger
        partner = thief.partner_id.with_user(thief).sudo()
        partner.write({"email": ADDRESS.upper()})
        self.account.partner_id.email = "gone@example.org"
        self.contact.active = False
        ticket = self.receive(2)
        self.assertFalse(ticket.partner_id)
        self.assertFalse(self.seen(thief))
        # An employee types into his preferences.
        partner.email = "t_stranger@example.com"
        self.agent.with_user(self.agent).write({"email": ADDRESS})
        self.assertFalse(self.receive(3).partner_id)

    def test_who_showed_that_the_address_is_his_is_known_again(self):
        partner = self.account.partner_id.with_user(self.account).sudo()
        partner.write({"email": "zoe@new.example"})
        self.assertFalse(self.receive(4, "zoe@new.example").partner_id)
        first = self.Ticket._complaint_claim(self.account, "zoe@new.example")
        self.assertEqual(len(first), 1)
        ticket = self.receive(5, "zoe@new.example")
        self.assertEqual(ticket.partner_id, self.account.partner_id)

    def receive(self, number, email=ADDRESS):
        """A complaint by e-mail."""
        domain = self.env["mail.alias.domain"].search(
            [("name", "=", "complaints.example")]
        ) or self.env["mail.alias.domain"].create({"name": "complaints.example"})
        self.team.alias_id.write({"alias_name": "desk", "alias_domain_id": domain.id})
        ticket_id = self.env["mail.thread"].message_process(
            "helpdesk.ticket", MAIL.format(email=email, id=number)
        )
        ticket = self.env["helpdesk.ticket"].browse(ticket_id)
        self.assertEqual(ticket.complaint_state, "to_qualify")
        self.assertEqual(ticket.partner_email, email)
        return ticket
