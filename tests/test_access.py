from lxml import etree

from odoo.exceptions import AccessError
from odoo.tests import Form

from .common import ComplaintCase, tagged

PARTS = (
    "complaint.event",
    "complaint.deadline",
    "complaint.letter",
    "complaint.decision",
    "complaint.redress",
    "complaint.report",
    "complaint.deadline.report",
)


@tagged("post_install", "-at_install")
class TestAccess(ComplaintCase):
    """Who sees what: the ticket, and with it every part of its file."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ticket = cls._new_qualified()
        cls.ticket.complaint_send_letter("acknowledge")
        cls.ticket.complaint_decide("upheld", "x", cls.cause.id)
        cls.env["complaint.redress"].create({"ticket_id": cls.ticket.id, "amount": 5})
        cls.other_team = cls.env["helpdesk.ticket.team"].create(
            {
                "name": "Other desk",
                "company_id": cls.company.id,
                "user_ids": [
                    (
                        6,
                        0,
                        cls._new_user(
                            "t_elsewhere", "helpdesk_complaint.group_complaint_user"
                        ).ids,
                    )
                ],
            }
        )
        cls.elsewhere = cls.other_team.user_ids

    def sees(self, user, model, ticket=None):
        """Whether a user finds something of the complaint in a model."""
        ticket = ticket or self.ticket
        field = "id" if model == "helpdesk.ticket" else "ticket_id"
        records = self.env[model].with_user(user)
        records = records.with_context(allowed_company_ids=user.company_ids.ids)
        try:
            found = records.search([(field, "=", ticket.id)])
            count = records.search_count([(field, "=", ticket.id)])
            groups = records.formatted_read_group(
                [(field, "=", ticket.id)], [], ["__count"]
            )
        except AccessError:
            return False
        self.assertEqual(len(found), count)
        self.assertEqual(groups[0]["__count"], count)
        hidden = self.env[model].sudo().search([(field, "=", ticket.id)]) - found.sudo()
        for record in hidden[:1]:
            with self.assertRaises(AccessError):
                record.with_user(user).check_access("read")
            with self.assertRaises(AccessError):
                record.with_user(user).read(["display_name"])
        return bool(found)

    def check(self, expected, ticket=None):
        for user, visible in expected.items():
            for model in ("helpdesk.ticket", *PARTS):
                with self.subTest(user=user.login, model=model):
                    if model != "helpdesk.ticket" and user in (
                        self.agent | self.customer | self.stranger
                    ):
                        self.assertFalse(self.sees(user, model, ticket))
                    else:
                        self.assertEqual(self.sees(user, model, ticket), visible)

    def test_a_file_is_seen_by_its_team_managers_and_auditors(self):
        self.check(
            {
                self.handler: True,
                self.leader: True,
                self.manager: True,
                self.officer: True,
                self.auditor: True,
                self.agent: True,
                self.customer: True,
                self.elsewhere: False,
                self.stranger: False,
            }
        )

    def test_a_confidential_file_is_seen_by_few(self):
        self.ticket.complaint_is_confidential = True
        self.check(
            {
                self.handler: True,
                self.leader: False,
                self.manager: False,
                self.officer: True,
                self.auditor: True,
                self.agent: False,
                self.customer: True,
                self.elsewhere: False,
                self.stranger: False,
            }
        )

    def test_the_person_complained_about_never_sees_it(self):
        self.ticket.complaint_concerned_user_ids = self.officer | self.leader
        self.check(
            {
                self.officer: False,
                self.leader: False,
                self.handler: True,
                self.manager: True,
            }
        )

    def test_another_company_sees_nothing(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        officer = self._new_user("t_far", "helpdesk_complaint.group_complaint_officer")
        officer.write({"company_id": other.id, "company_ids": [(6, 0, other.ids)]})
        self.check({officer: False})

    def test_followers_and_colleagues_of_the_customer_see_nothing(self):
        firm = self.env["res.partner"].create({"name": "Firm", "is_company": True})
        (self.customer | self.stranger).partner_id.parent_id = firm
        self.ticket.message_subscribe(self.stranger.partner_id.ids)
        self.check({self.stranger: False, self.customer: True})

    def test_auditors_change_nothing(self):
        ticket = self.as_user(self.auditor, self.ticket)
        with self.assertRaises(AccessError):
            ticket.name = "x"
        for step, args in (
            ("complaint_send_letter", ["inform"]),
            ("complaint_decide", ["rejected", "x"]),
            ("complaint_close", ["x"]),
            ("complaint_reopen", ["x"]),
            ("complaint_pause", ["x"]),
            ("complaint_resume", []),
            ("complaint_extend", ["respond", "2027-01-01", "x"]),
            ("complaint_refer", [1, "2027-01-01"]),
            ("complaint_qualify", [True, "x"]),
            ("complaint_accept", []),
            ("complaint_contest", ["x"]),
        ):
            with self.subTest(step), self.assertRaises(AccessError):
                getattr(ticket, step)(*args)
        for model in (
            "complaint.regime",
            "complaint.cause",
            "complaint.letter.template",
        ):
            record = self.env[model].search([], limit=1).with_user(self.auditor)
            with self.subTest(model), self.assertRaises(AccessError):
                record.name = "x"

    def test_handlers_do_not_write_what_steps_write(self):
        for record in (
            self.ticket.complaint_deadline_ids[:1],
            self.ticket.complaint_decision_ids[:1],
            self.ticket.complaint_event_ids[:1],
        ):
            with self.subTest(record._name), self.assertRaises(AccessError):
                self.as_user(self.officer, record).check_access("write")

    def test_a_handler_of_another_team_takes_no_step(self):
        ticket = self.as_user(self.elsewhere, self.ticket)
        with self.assertRaises(AccessError):
            ticket.complaint_send_letter("inform")
        with self.assertRaises(AccessError):
            self.env["complaint.letter"].with_user(self.elsewhere).create(
                self.ticket._prepare_complaint_letter_vals("inform")
            )
        with self.assertRaises(AccessError):
            self.env["complaint.redress"].with_user(self.elsewhere).create(
                {"ticket_id": self.ticket.id, "amount": 1}
            )

    def test_the_public_does_not_write_stages(self):
        stage = self.env["helpdesk.ticket.stage"].search([], limit=1)
        with self.assertRaises(AccessError):
            stage.with_user(self.env.ref("base.public_user")).write({"name": "x"})

    def test_a_cause_or_series_of_another_company_is_refused(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        cause = self.env["complaint.cause"].create(
            {"name": "x", "company_id": other.id}
        )
        series = self.env["complaint.series"].create(
            {"name": "x", "company_id": other.id}
        )
        with self.assertRaisesRegex(Exception, "company|société"):
            self.ticket.complaint_cause_id = cause
        with self.assertRaisesRegex(Exception, "company|société"):
            self.ticket.complaint_series_id = series

    def test_every_role_opens_the_form_of_what_it_sees(self):
        ordinary = self._new_ticket(user_id=self.handler.id)
        users = self.handler | self.manager | self.officer | self.agent
        for user in users:
            for ticket in (ordinary, self.ticket):
                with self.subTest(user=user.login, state=ticket.complaint_state):
                    form = Form(self.as_user(user, ticket))
                    self.assertEqual(form.name, ticket.name)
        for user in users | self.auditor:
            spec = self.view_fields(user)
            self.as_user(user, self.ticket).web_read(spec)

    def view_fields(self, user):
        """What the web client asks for when this user opens the form."""
        views = self.env["helpdesk.ticket"].with_user(user).get_views([(False, "form")])
        arch = etree.fromstring(views["views"]["form"]["arch"])
        names = set(arch.xpath("//field[not(ancestor::field)]/@name"))
        relational = views["models"]["helpdesk.ticket"]["fields"]
        return {
            name: {"fields": {"display_name": {}}}
            if relational[name]["type"] in ("one2many", "many2many", "many2one")
            else {}
            for name in names
        }

    def test_a_plain_agent_reports_with_the_wizard(self):
        ticket = self.as_user(self.agent, self._new_ticket())
        wizard = Form(
            self.env["complaint.step"]
            .with_user(self.agent)
            .with_context(
                default_event="report",
                active_model="helpdesk.ticket",
                active_id=ticket.id,
                active_ids=ticket.ids,
                allowed_company_ids=self.company.ids,
            )
        )
        wizard.save().action_confirm()
        self.assertEqual(ticket.complaint_state, "to_qualify")
        self.assertTrue(ticket.complaint_received_at)

    def test_buttons_follow_the_role(self):
        fresh = self._new_complaint()
        self.assertEqual(
            self.as_user(self.manager, fresh).complaint_primary_step, "qualify"
        )
        self.assertFalse(self.as_user(self.handler, fresh).complaint_primary_step)
        self.assertFalse(self.as_user(self.auditor, fresh).complaint_primary_step)
        ordinary = self._new_ticket()
        self.assertEqual(
            self.as_user(self.agent, ordinary).complaint_allowed_steps, ",report,"
        )

    def test_no_button_that_the_regime_would_refuse(self):
        allowed = self.as_user(self.handler, self.ticket).complaint_allowed_steps
        self.assertNotIn(",pause,", allowed)
        self.assertIn(",extend,", allowed)
        plan = self.as_user(self.handler, self._new_qualified(self.plan))
        self.assertNotIn(",extend,", plan.complaint_allowed_steps)

    def test_the_primary_button_follows_the_law(self):
        ticket = self.as_user(self.handler, self._new_qualified())
        for expected, take in (
            ("acknowledge", lambda: ticket.complaint_send_letter("acknowledge")),
            ("decide", lambda: ticket.complaint_decide("upheld", "x", self.cause.id)),
            ("reply", lambda: ticket.complaint_send_letter("favourable")),
            (False, lambda: ticket.complaint_accept()),
            (False, lambda: None),
        ):
            ticket.invalidate_recordset()
            self.assertEqual(ticket.complaint_primary_step, expected)
            take()
