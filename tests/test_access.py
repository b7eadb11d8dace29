from lxml import etree

from odoo import fields
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


# Every model of this addon has a row: what each role may do at all, read (r), write
# (w), create (c), unlink (u). Which records is told by the tests above and below.
ROLES = ("agent", "handler", "manager", "officer", "auditor", "administrator")
CLOSED = ("public", "customer", "stranger", "representative", "colleague", "employee")
MATRIX = {
    #                               agent   handler manager officer auditor admin.
    "complaint.authority":          ("-",    "r",    "r",    "rwcu", "r",    "-"),
    "complaint.cause":              ("-",    "r",    "rwcu", "rwcu", "r",    "-"),
    "complaint.company.reader":     ("-",    "-",    "rwcu", "rwcu", "-",    "-"),
    "complaint.deadline":           ("-",    "r",    "r",    "r",    "r",    "-"),
    "complaint.deadline.report":    ("-",    "r",    "r",    "r",    "r",    "-"),
    "complaint.decision":           ("-",    "r",    "r",    "r",    "r",    "-"),
    "complaint.entry":              ("rwcu", "rwcu", "rwcu", "rwcu", "-",    "-"),
    "complaint.event":              ("-",    "r",    "r",    "r",    "r",    "-"),
    "complaint.hold":               ("-",    "r",    "r",    "rwc",  "r",    "-"),
    "complaint.holiday.load":       ("-",    "-",    "-",    "rwcu", "-",    "rwcu"),
    "complaint.holiday.load.line":  ("-",    "-",    "-",    "rwcu", "-",    "rwcu"),
    "complaint.intake":             ("-",    "r",    "r",    "r",    "r",    "-"),
    "complaint.letter":             ("-",    "rwcu", "rwcu", "rwcu", "r",    "-"),
    "complaint.letter.block":       ("-",    "r",    "rwcu", "rwcu", "r",    "-"),
    "complaint.letter.proof":       ("-",    "rc",   "rc",   "rc",   "r",    "-"),
    "complaint.letter.refusal":     ("-",    "rwcu", "rwcu", "rwcu", "-",    "-"),
    "complaint.letter.requirement": ("-",    "r",    "r",    "rwcu", "r",    "-"),
    "complaint.letter.run":         ("-",    "rwcu", "rwcu", "rwcu", "r",    "-"),
    "complaint.letter.run.line":    ("-",    "ru",   "ru",   "ru",   "r",    "-"),
    "complaint.letter.template":    ("-",    "r",    "rwcu", "rwcu", "r",    "-"),
    "complaint.link":               ("-",    "r",    "r",    "r",    "r",    "-"),
    "complaint.mandate":            ("-",    "rwcu", "rwcu", "rwcu", "-",    "-"),
    "complaint.point":              ("-",    "rwcu", "rwcu", "rwcu", "r",    "-"),
    "complaint.policy":             ("-",    "r",    "r",    "rwcu", "r",    "-"),
    "complaint.product":            ("-",    "r",    "rwcu", "rwcu", "r",    "-"),
    "complaint.recompute":          ("-",    "-",    "-",    "r",    "r",    "-"),
    "complaint.reconciliation":     ("-",    "-",    "-",    "rw",   "r",    "-"),
    "complaint.recourse.body":      ("-",    "r",    "rwcu", "rwcu", "r",    "-"),
    "complaint.redress":            ("-",    "rwcu", "rwcu", "rwcu", "r",    "-"),
    "complaint.redress.payment":    ("-",    "rwcu", "rwcu", "rwcu", "r",    "-"),
    "complaint.redress.reason":     ("-",    "rwcu", "rwcu", "rwcu", "-",    "-"),
    "complaint.referral":           ("-",    "r",    "r",    "r",    "r",    "-"),
    "complaint.referral.step":      ("-",    "rwcu", "rwcu", "rwcu", "-",    "-"),
    "complaint.regime":             ("-",    "r",    "r",    "rwcu", "r",    "-"),
    "complaint.regime.rule":        ("-",    "r",    "r",    "rwcu", "r",    "-"),
    "complaint.register":           ("-",    "-",    "-",    "r",    "r",    "-"),
    "complaint.reminder":           ("-",    "r",    "r",    "r",    "r",    "-"),
    "complaint.reminder.rule":      ("-",    "r",    "r",    "rwcu", "r",    "-"),
    "complaint.report":             ("-",    "r",    "r",    "r",    "r",    "-"),
    "complaint.series":             ("-",    "rwc",  "rwcu", "rwcu", "r",    "-"),
    "complaint.step":               ("rwcu", "rwcu", "rwcu", "rwcu", "-",    "-"),
    "complaint.step.point":         ("-",    "rwcu", "rwcu", "rwcu", "-",    "-"),
    "complaint.submission":         ("-",    "-",    "-",    "-",    "-",    "r"),
    "complaint.substitution":       ("-",    "rwcu", "rwcu", "rwcu", "r",    "-"),
    "complaint.throttle":           ("-",    "-",    "-",    "-",    "-",    "r"),
    # of others
    "helpdesk.ticket":              ("rwc",  "rwc",  "rwc",  "rwcu", "r",    "r"),
    "helpdesk.ticket.category":     ("r",    "r",    "r",    "rwcu", "r",    "r"),
    "helpdesk.ticket.stage":        ("r",    "r",    "r",    "rwcu", "r",    "r"),
    "helpdesk.ticket.team":         ("r",    "r",    "r",    "rwcu", "r",    "r"),
    "mgmtsystem.action":            ("-",    "rwc",  "rwc",  "rwc",  "r",    "-"),
}  # fmt: skip
# What people outside may do; every other model is closed to them.
OUTSIDE = {
    "helpdesk.ticket": "r",
    "helpdesk.ticket.category": "r",
    "helpdesk.ticket.stage": "r",
    "helpdesk.ticket.team": "r",
}
LETTERS = {"read": "r", "write": "w", "create": "c", "unlink": "u"}


@tagged("post_install", "-at_install")
class TestMatrix(ComplaintCase):
    """Role by model by operation, over every model that the addon has."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        firm = cls.env["res.partner"].create({"name": "Firm", "is_company": True})
        cls.people = {
            name: getattr(cls, name, None)
            for name in ("agent", "handler", "manager", "officer", "auditor")
        }
        cls.people.update(
            customer=cls.customer,
            stranger=cls.stranger,
            public=cls.env.ref("base.public_user"),
            administrator=cls._new_user("t_admin", "base.group_system"),
            employee=cls._new_user("t_employee", "base.group_user"),
            representative=cls._new_user("t_lawyer", "base.group_portal"),
            colleague=cls._new_user("t_colleague", "base.group_portal"),
            concerned=cls._new_user(
                "t_concerned", "helpdesk_complaint.group_complaint_officer"
            ),
        )
        colleague = cls.people["colleague"].partner_id
        (cls.customer.partner_id | colleague).parent_id = firm
        cls.ticket = cls._new_qualified(
            complaint_representative_id=cls.people["representative"].partner_id.id,
            complaint_concerned_user_ids=cls.people["concerned"].ids,
        )
        cls.ticket.complaint_prove_mandate()
        colleague.sudo().write(
            {"complaint_reader_state": "open", "complaint_sees_company_id": firm.id}
        )
        cls._fill(cls.ticket)

    @classmethod
    def _fill(cls, ticket):
        """Every part that a file may have."""
        part = {"ticket_id": ticket.id}
        cls.env["complaint.point"].create(
            {**part, "name": "x", "verdict": "rejected", "answer": "x"}
        )
        cls.env["complaint.redress"].create({**part, "amount": 5, "name": "x"})
        cls.env["complaint.hold"].create({**part, "reason": "x"})
        cls.env["complaint.link"]._give(ticket, "complainant", "a@b.example")
        ticket.complaint_send_letter("acknowledge")
        ticket.complaint_decide("rejected", "x")
        ticket.complaint_send_letter("rejection")
        body = cls.env["complaint.recourse.body"].search([], limit=1)
        ticket.complaint_refer(body.id, fields.Date.today())
        cls.env.flush_all()

    def operations(self, user, name):
        model = self.env[name].with_user(user)
        return "".join(
            letter for name, letter in LETTERS.items() if model.has_access(name)
        )

    def test_every_model_has_its_row(self):
        ours = {
            name
            for name, model in self.env.registry.items()
            if name.startswith("complaint.") and not model._abstract
        }
        self.assertEqual(ours - MATRIX.keys(), set(), "models without a row")
        rows = {name for name in MATRIX if name.startswith("complaint.")}
        self.assertEqual(rows - ours, set(), "rows without a model")

    def test_what_each_role_may_do(self):
        for name, row in MATRIX.items():
            for role, expected in zip(ROLES, row, strict=True):
                with self.subTest(name, role=role):
                    found = self.operations(self.people[role], name)
                    self.assertEqual(found or "-", expected)

    def test_what_is_closed_to_people_outside(self):
        for name in MATRIX:
            for role in CLOSED:
                if not name.startswith("complaint."):
                    continue
                with self.subTest(name, role=role):
                    self.assertFalse(self.operations(self.people[role], name))
        for role in ("customer", "stranger", "representative", "colleague"):
            for name, expected in OUTSIDE.items():
                with self.subTest(name, role=role):
                    found = self.operations(self.people[role], name)
                    self.assertEqual(found, expected)
        for name in ("helpdesk.ticket", "helpdesk.ticket.team"):
            self.assertFalse(self.operations(self.people["public"], name))

    # Who sees the complaint, and who the parts of its file. All of them or none.
    SEEN = {
        "customer": (True, False),
        "representative": (True, False),
        "colleague": (True, False),
        "stranger": (False, False),
        "employee": (False, False),
        "administrator": (False, False),
        "agent": (True, False),
        "handler": (True, True),
        "manager": (True, True),
        "officer": (True, True),
        "auditor": (True, True),
        "concerned": (False, False),
    }

    def test_whose_records(self):
        """Over every model whose records are parts of a file, views included."""
        parts = [
            name
            for name in MATRIX
            if "ticket_id" in self.env[name]._fields
            and isinstance(self.env[name], self.env.registry["complaint.file.mixin"])
        ]
        self.assertIn("complaint.deadline.report", parts)
        self.assertIn("complaint.link", parts)
        filled = set()
        for name in ("helpdesk.ticket", *parts):
            path = "id" if name == "helpdesk.ticket" else "ticket_id"
            domain = [(path, "=", self.ticket.id)]
            every = self.env[name].sudo().search(domain)
            if every:
                filled.add(name)
            for role, (sees_ticket, sees_parts) in self.SEEN.items():
                expected = sees_ticket if path == "id" else sees_parts
                with self.subTest(name, role=role):
                    self.assert_sees(self.people[role], every, domain, expected)
        self.assertLessEqual(
            set(parts) - filled,
            {
                "complaint.letter.proof",
                "complaint.letter.run.line",
                "complaint.redress.payment",
                "complaint.reminder",
            },
            "a part that no test has seen",
        )

    def assert_sees(self, user, every, domain, expected):
        self.env.invalidate_all()
        model = self.as_user(user, every.browse())
        if not model.has_access("read"):
            self.assertFalse(expected)
            with self.assertRaises(AccessError):
                model.search(domain)
            return
        seen = model.search(domain)
        self.assertEqual(set(seen.ids), set(every.ids) if expected else set())
        self.assertEqual(model.search_count(domain), len(seen))
        [group] = model.formatted_read_group(domain, [], ["__count"])
        self.assertEqual(group["__count"], len(seen))
        for record in every[:1]:
            for operation in LETTERS:
                if not expected:
                    one = model.browse(record.id)
                    self.assertFalse(one.has_access(operation), operation)
            if not expected:
                with self.assertRaises(AccessError):
                    model.browse(record.id).read(["display_name"])
