from datetime import date

from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from .common import ComplaintCase

USER = "helpdesk_complaint.group_complaint_user"


class AuthorityCase(ComplaintCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.currency_id = cls.env.ref("base.EUR")
        cls.second_officer = cls._new_user(
            "t_officer2", "helpdesk_complaint.group_complaint_officer"
        )

    def name(self, user, act="grant", **vals):
        """An officer names somebody."""
        if act == "grant" and "is_unlimited" not in vals:
            vals.setdefault("amount_limit", 200)
        return self.as_user(self.officer, self.env["complaint.authority"]).create(
            {
                "user_id": user.id if user else False,
                "act": act,
                "company_id": self.company.id,
                "date_from": "2026-01-01",
                **vals,
            }
        )

    def stand_in(self, absent, substitute, start, end, by=None):
        return self.as_user(by or absent, self.env["complaint.substitution"]).create(
            {
                "absent_id": absent.id,
                "substitute_id": substitute.id,
                "date_from": start,
                "date_to": end,
                "company_id": self.company.id,
            }
        )

    def may(self, ticket, user, act="grant", **kwargs):
        return ticket._complaint_find_authority(act, user, **kwargs)[0]


@tagged("post_install", "-at_install")
@freeze_time("2026-10-12 08:00:00")
class TestAuthority(AuthorityCase):
    """Who may qualify, sign and grant, who could instead, and who names them."""

    # ------------------------------------------------------------------
    # The rule
    # ------------------------------------------------------------------

    def test_without_any_name_the_role_is_the_authority(self):
        ticket = self._new_qualified()
        for user, act, expected in (
            (self.handler, "sign", True),
            (self.handler, "grant", True),
            (self.handler, "qualify", False),
            (self.manager, "qualify", True),
            (self.auditor, "sign", False),
            (self.agent, "grant", False),
            (self.customer, "sign", False),
        ):
            with self.subTest(user=user.login, act=act):
                self.assertEqual(self.may(ticket, user, act, amount=9999), expected)

    def test_the_company_may_ask_for_a_name(self):
        ticket = self._new_qualified()
        self.company.complaint_authority_required = True
        self.name(self.leader, "qualify")
        for user, act, expected in (
            (self.handler, "sign", False),
            (self.manager, "qualify", False),
            (self.leader, "qualify", True),
        ):
            with self.subTest(user=user.login, act=act):
                self.assertEqual(self.may(ticket, user, act), expected)

    def test_whoever_is_named_acts_within_the_lines_in_force(self):
        """(what the line says, what is asked, allowed)."""
        reply = self.env["complaint.letter.template"]._find("favourable", self.company)
        table = [
            ("grant", {"amount_limit": 200}, {"amount": 200}, True),
            ("grant", {"amount_limit": 200}, {"amount": 200.01}, False),
            ("grant", {"amount_limit": 200}, {"amount": float("nan")}, False),
            ("grant", {"is_unlimited": True}, {"amount": 10**6}, True),
            ("grant", {"date_from": "2026-10-13"}, {}, False),
            ("grant", {"date_to": "2026-10-11"}, {}, False),
            ("grant", {"date_to": "2026-10-12"}, {}, True),
            ("grant", {"training_valid_to": "2026-10-11"}, {}, False),
            ("grant", {"active": False}, {}, False),
            ("grant", {"regime_ids": self.acpr.ids}, {}, True),
            ("grant", {"regime_ids": (self.acpr | self.plan).ids}, {}, True),
            ("grant", {"regime_ids": self.plan.ids}, {}, False),
            ("sign", {"template_ids": reply.ids}, {"code": "favourable"}, True),
            ("sign", {"template_ids": reply.ids}, {"code": "rejection"}, False),
            ("sign", {}, {"code": "rejection", "amount": 999}, True),
            (
                "sign",
                {"is_unlimited": False, "amount_limit": 5},
                {"code": "favourable", "amount": 6},
                False,
            ),
        ]
        ticket = self._new_qualified()
        for act, says, asks, expected in table:
            with self.subTest(says=says, asks=asks):
                line = self.name(self.handler, act, **says)
                allowed, found, reason = ticket._complaint_find_authority(
                    act, self.handler, **asks
                )
                self.assertEqual(allowed, expected)
                self.assertEqual(found, line if expected else found.browse())
                self.assertEqual(bool(reason), not expected)
                line.unlink()

    def test_an_authority_of_a_group_is_everybodys_in_it_but_no_customers(self):
        ticket = self._new_qualified()
        group = self.env["res.groups"].create({"name": "Senior handlers"})
        self.name(None, group_id=group.id, amount_limit=50)
        for user in self.handler | self.customer:
            user.group_ids += group
        self.assertTrue(self.may(ticket, self.handler, amount=50))
        self.assertFalse(self.may(ticket, self.handler, amount=51))
        self.assertFalse(self.may(ticket, self.customer, amount=1))
        self.assertTrue(self.may(ticket, self.leader, amount=51), "not named: his role")

    def test_an_authority_ends_at_midnight_of_the_complaint(self):
        ticket = self._new_qualified()
        self.name(self.handler, date_to="2026-10-12")
        for now, expected in (
            ("2026-10-12 21:59:00", True),
            ("2026-10-12 22:01:00", False),
        ):
            with self.subTest(now), freeze_time(now):
                self.assertEqual(self.may(ticket, self.handler), expected)

    def test_another_company_has_a_book_of_its_own(self):
        ticket = self._new_qualified()
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.handler.company_ids += other
        self.env["complaint.authority"].create(
            {
                "user_id": self.handler.id,
                "act": "grant",
                "amount_limit": 1,
                "company_id": other.id,
            }
        )
        self.assertTrue(self.may(ticket, self.handler, amount=500))

    # ------------------------------------------------------------------
    # Qualification
    # ------------------------------------------------------------------

    def test_a_handler_named_for_it_qualifies_and_the_history_says_so(self):
        line = self.name(self.handler, "qualify", regime_ids=self.acpr.ids)
        ticket = self.as_user(self.handler, self._new_complaint())
        with self.assertRaisesRegex(UserError, "does not cover"):
            ticket.complaint_qualify(True, "A fee.", self.plan.ids)
        ticket = self.as_user(self.handler, self._new_complaint())
        ticket.complaint_qualify(True, "A fee.", self.acpr.ids)
        event = ticket.complaint_event_ids.filtered(lambda x: x.event == "qualify_yes")
        self.assertIn(f'"authority":{line.id}', event.payload)
        self.assertIn('"substitute_for":0', event.payload)
        with self.assertRaisesRegex(UserError, "does not cover"):
            ticket.complaint_change_regimes(self.plan.ids, "Another law.")

    def test_a_manager_whose_authority_expired_does_not_qualify(self):
        self.name(self.manager, "qualify", training_valid_to="2026-10-01")
        ticket = self.as_user(self.manager, self._new_complaint())
        self.assertNotIn(",qualify_yes,", ticket.complaint_allowed_steps)
        with self.assertRaisesRegex(UserError, "training .* expired on 10/01/2026"):
            ticket.complaint_qualify(False, "No.")

    def test_nobody_qualifies_without_role_or_authority(self):
        ticket = self.as_user(self.handler, self._new_complaint())
        with self.assertRaisesRegex(AccessError, "Could: .*t_manager"):
            ticket.complaint_qualify(True, "x", self.acpr.ids)
        refused = self.as_user(self.manager, self._new_complaint())
        refused.complaint_qualify(False, "No.")
        refused.complaint_close("Told so.")
        with self.assertRaises(AccessError):
            self.as_user(self.handler, refused).complaint_reopen("It is one.")

    def test_the_form_asks_those_who_could_once(self):
        ticket = self.as_user(self.handler, self._new_complaint())
        self.assertIn("t_manager", ticket.complaint_authority_help)
        self.assertFalse(self.as_user(self.manager, ticket).complaint_authority_help)
        for _time in range(2):
            action = ticket.action_complaint_ask_authority()
            self.assertIn("t_manager", action["params"]["message"])
        kind = self.env.ref("helpdesk_complaint.mail_activity_authority")
        asked = ticket.sudo().activity_ids.filtered(
            lambda x: x.activity_type_id == kind
        )
        self.assertIn(self.manager, asked.user_id)
        self.assertEqual(len(asked), len(asked.user_id))
        self.as_user(self.manager, ticket).complaint_qualify(
            True, "A fee.", self.acpr.ids
        )
        self.assertFalse(asked.exists().filtered("active"))
        with self.assertRaisesRegex(UserError, "not possible now"):
            ticket.action_complaint_ask_authority()

    def test_a_hundred_complaints_cost_no_query_of_authority_each(self):
        tickets = self.as_user(
            self.handler,
            self.env["helpdesk.ticket"].union(
                *(self._new_qualified() for _number in range(12))
            ),
        )
        self.name(self.handler, amount_limit=100)

        def ask(records):
            self.env.flush_all()
            self.env.invalidate_all()
            self.env.registry.clear_cache()
            before = self.env.cr.sql_log_count
            records._complaint_check_authority("grant", amount=50)
            return self.env.cr.sql_log_count - before

        ask(tickets)
        self.assertLessEqual(ask(tickets), ask(tickets[:1]))

    # ------------------------------------------------------------------
    # Who could
    # ------------------------------------------------------------------

    def test_a_refusal_says_what_is_missing_and_who_could(self):
        ticket = self.as_user(self.handler, self._new_qualified())
        self.name(self.handler, amount_limit=200)
        with self.assertRaisesRegex(
            UserError, r"up to 200\.00.€ and 500\.00.€ .* Could: .*t_leader"
        ):
            ticket._complaint_check_authority("grant", amount=500)
        for user in self.leader | self.manager | self.officer | self.second_officer:
            line = self.env["complaint.authority"]
            line.create(
                {
                    "user_id": user.id,
                    "act": "grant",
                    "amount_limit": 1,
                    "company_id": self.company.id,
                    "date_from": "2026-01-01",
                }
            )
        with self.assertRaisesRegex(UserError, "Nobody else could either"):
            ticket._complaint_check_authority("grant", amount=500)

    def test_those_who_may_not_see_the_file_are_not_named(self):
        ticket = self._new_qualified(
            complaint_concerned_user_ids=[(6, 0, self.officer.ids)]
        )
        could = ticket._complaint_who_could("sign", but=self.handler)
        self.assertIn(self.leader, could)
        self.assertNotIn(self.officer, could)
        self.assertNotIn(self.handler, could)
        ticket.complaint_is_confidential = True
        could = ticket._complaint_who_could("sign", but=self.handler)
        self.assertEqual(could, self.second_officer)

    def test_the_absent_are_named_last(self):
        ticket = self._new_qualified()
        self.stand_in(self.leader, self.manager, "2026-10-12", "2026-10-16")
        self.assertEqual(ticket._complaint_who_could("sign")[-1], self.leader)

    # ------------------------------------------------------------------
    # Substitution
    # ------------------------------------------------------------------

    def test_a_substitute_holds_what_names_the_absent_person_in_that_time(self):
        line = self.name(self.leader, amount_limit=500)
        own = self.name(self.handler, amount_limit=50)
        ticket = self._new_qualified()
        self.stand_in(self.leader, self.handler, "2026-10-12", "2026-10-16")
        for now, amount, expected in (
            ("2026-10-12 08:00:00", 50, own),
            ("2026-10-12 08:00:00", 500, line),
            ("2026-10-16 21:59:00", 500, line),
            ("2026-10-16 22:01:00", 500, None),
            ("2026-10-12 08:00:00", 501, None),
        ):
            with self.subTest(now=now, amount=amount), freeze_time(now):
                allowed, found, _reason = ticket._complaint_find_authority(
                    "grant", self.handler, amount=amount
                )
                self.assertEqual(allowed, bool(expected))
                self.assertEqual(found, expected or found.browse())
        evidence = self.as_user(self.handler, ticket)._complaint_authority_evidence(
            line
        )
        self.assertEqual(
            evidence,
            {
                "authority": line.id,
                "limit": "500.00",
                "substitute_for": self.leader.id,
            },
        )

    def test_a_substitution_is_not_passed_on(self):
        third = self._new_user("t_third", USER)
        for user in self.handler | third:
            self.name(user, amount_limit=50)
        self.name(self.leader, amount_limit=500)
        ticket = self._new_qualified()
        self.stand_in(self.leader, self.handler, "2026-10-12", "2026-10-16")
        self.stand_in(self.handler, third, "2026-10-12", "2026-10-16")
        self.assertTrue(self.may(ticket, self.handler, amount=500))
        self.assertFalse(self.may(ticket, third, amount=500))

    def test_substitutions_that_make_no_sense_are_refused(self):
        self.stand_in(self.leader, self.handler, "2026-10-20", "2026-10-24")
        for absent, substitute, start, end in (
            (self.leader, self.manager, "2026-10-24", "2026-10-30"),
            (self.manager, self.leader, "2026-10-22", "2026-10-22"),
            (self.leader, self.agent, "2026-11-20", "2026-11-24"),
            (self.leader, self.auditor, "2026-11-20", "2026-11-24"),
            (self.leader, self.customer, "2026-11-20", "2026-11-24"),
        ):
            with (
                self.subTest(substitute=substitute.login),
                self.assertRaises(ValidationError),
            ):
                self.stand_in(absent, substitute, start, end)
        for values in (
            (self.leader, self.leader, "2026-12-01", "2026-12-02"),
            (self.leader, self.handler, "2026-12-02", "2026-12-01"),
        ):
            with (
                self.subTest(values),
                self.assertRaises(CheckViolation),
                mute_logger("odoo.sql_db"),
                self.cr.savepoint(),
            ):
                self.stand_in(*values)

    def test_one_enters_ones_own_absence_and_an_officer_anybodys(self):
        days = ("2026-10-20", "2026-10-24")
        with (
            self.assertRaisesRegex(AccessError, "your own absence only"),
            self.cr.savepoint(),
        ):
            self.stand_in(self.leader, self.manager, *days, by=self.handler)
        with (
            self.assertRaisesRegex(UserError, "makes himself the substitute"),
            self.cr.savepoint(),
        ):
            self.stand_in(self.leader, self.officer, *days, by=self.officer)
        line = self.stand_in(self.leader, self.handler, *days, by=self.officer)
        with self.assertRaises(AccessError):
            line.with_user(self.handler).date_to = "2027-10-24"
        with self.assertRaises(UserError):
            line.with_user(self.officer).substitute_id = self.officer
        line.with_user(self.leader).date_to = "2026-10-23"
        self.assertEqual(line.state, "coming")
        with freeze_time("2026-10-21 08:00:00"):
            line.invalidate_recordset()
            self.assertEqual(line.state, "running")
            with self.assertRaisesRegex(UserError, "has begun"):
                line.with_user(self.leader).substitute_id = self.manager
            with self.assertRaisesRegex(UserError, "has begun"):
                line.with_user(self.officer).unlink()
            line.with_user(self.leader).date_to = "2026-10-21"
        with freeze_time("2026-10-22 08:00:00"):
            line.invalidate_recordset()
            self.assertEqual(line.state, "over")

    # ------------------------------------------------------------------
    # Who names
    # ------------------------------------------------------------------

    def test_officers_alone_name_and_nobody_himself(self):
        vals = {
            "user_id": self.leader.id,
            "act": "grant",
            "amount_limit": 5,
            "company_id": self.company.id,
        }
        lines = self.env["complaint.authority"]
        for user in self.handler | self.manager | self.auditor | self.customer:
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.as_user(user, lines).create(dict(vals))
        group = self.env["res.groups"].create(
            {"name": "Board", "user_ids": [(6, 0, self.officer.ids)]}
        )
        for holder in (
            {"user_id": self.officer.id},
            {"user_id": False, "group_id": group.id},
        ):
            with self.subTest(holder), self.assertRaisesRegex(UserError, "to himself"):
                self.as_user(self.officer, lines).create(dict(vals, **holder))
        line = self.as_user(self.second_officer, lines).create(
            dict(vals, user_id=self.officer.id)
        )
        mine = self.as_user(self.officer, line)
        for values in ({"amount_limit": 999}, {"user_id": self.leader.id}):
            with self.subTest(values), self.assertRaisesRegex(UserError, "to himself"):
                mine.write(values)
        with self.assertRaisesRegex(UserError, "to himself"):
            mine.unlink()
        other = self.name(self.leader)
        with self.assertRaisesRegex(UserError, "to himself"):
            other.user_id = self.officer

    def test_handlers_read_their_own_and_managers_all(self):
        mine, other = self.name(self.handler), self.name(self.leader)
        lines = self.env["complaint.authority"]
        for user, expected in (
            (self.handler, mine),
            (self.manager, mine | other),
            (self.auditor, mine | other),
            (self._far_officer(), lines),
        ):
            with self.subTest(user.login):
                found = lines.with_user(user).with_context(
                    allowed_company_ids=user.company_ids.ids
                )
                found = found.search([("id", "in", (mine | other).ids)])
                self.assertEqual(found, expected)
        for user in self.agent | self.customer:
            with self.subTest(user.login), self.assertRaises(AccessError):
                lines.with_user(user).search([])

    def _far_officer(self):
        other = self.env["res.company"].create({"name": "Far"})
        user = self._new_user("t_far", "helpdesk_complaint.group_complaint_officer")
        user.write({"company_id": other.id, "company_ids": [(6, 0, other.ids)]})
        return user

    def test_a_line_that_makes_no_sense_is_refused(self):
        portal = self.env.ref("base.group_portal")
        for values in (
            {"amount_limit": 0},
            {"amount_limit": -1},
            {"amount_limit": float("nan")},
            {"amount_limit": 1e300},
            {"user_id": self.customer.id},
            {"user_id": False, "group_id": portal.id},
            {"user_id": self._far_officer().id},
        ):
            with self.subTest(values), self.assertRaises(ValidationError):
                self.name(self.handler, **values)
        for values in (
            {"group_id": self.env.ref(USER).id},
            {"user_id": False},
            {"date_to": "2025-12-31"},
        ):
            with (
                self.subTest(values),
                self.assertRaises(CheckViolation),
                mute_logger("odoo.sql_db"),
                self.cr.savepoint(),
            ):
                self.name(self.second_officer, **values)

    def test_a_template_that_changes_gives_nobody_another_letter(self):
        template = self.env["complaint.letter.template"].create(
            {"name": "T", "code": "inform", "subject": "S", "body": "<p>B</p>"}
        )
        self.name(self.handler, "sign", template_ids=template.ids).flush_recordset()
        template.code = "rejection"
        ticket = self._new_qualified()
        self.assertTrue(self.may(ticket, self.handler, "sign", code="inform"))
        self.assertFalse(self.may(ticket, self.handler, "sign", code="rejection"))

    def test_what_was_used_is_evidence(self):
        line = self.name(self.handler, "qualify", is_unlimited=False)
        ticket = self.as_user(self.handler, self._new_complaint())
        ticket.complaint_qualify(True, "A fee.", self.acpr.ids)
        self.assertEqual(line.used_ticket_id, ticket)
        for values in (
            {"regime_ids": [(6, 0, self.plan.ids)]},
            {"user_id": self.leader.id},
            {"act": "sign"},
            {"date_from": "2026-02-01"},
        ):
            with (
                self.subTest(values),
                self.assertRaisesRegex(UserError, ticket.complaint_number),
            ):
                line.write(values)
        with self.assertRaisesRegex(UserError, "is evidence"):
            line.unlink()
        with self.assertRaisesRegex(UserError, "noted by the act itself"):
            line.used_at = False
        line.write({"date_to": "2026-12-31", "training_valid_to": "2026-12-31"})
        line.active = False
        self.assertEqual(line.state, "ended")
        self.assertFalse(self.may(ticket, self.handler, "qualify"))

    def test_a_signed_letter_keeps_its_authority(self):
        line = self.name(self.leader, "sign")
        self.name(
            self.handler,
            "sign",
            template_ids=self.env["complaint.letter.template"]
            ._find("acknowledge", self.company)
            .ids,
        )
        self.stand_in(self.leader, self.handler, "2026-10-12", "2026-10-16")
        ticket = self.as_user(self.handler, self._new_qualified())
        letter = ticket.complaint_send_letter("inform")
        self.assertEqual(letter.sudo().authority_id, line)
        self.assertEqual(letter.authority_for_id, self.leader)
        event = ticket.complaint_event_ids.filtered(lambda x: x.event == "inform")
        self.assertIn(f'"authority":{line.id}', event.payload)
        self.assertIn(f'"substitute_for":{self.leader.id}', event.payload)
        self.assertFalse(ticket.complaint_verify_history())

    # ------------------------------------------------------------------
    # Screens
    # ------------------------------------------------------------------

    def test_an_authority_reads_as_a_sentence(self):
        reply = self.env["complaint.letter.template"]._find("favourable", self.company)
        table = [
            (
                {"act": "grant", "amount_limit": 500, "regime_ids": self.acpr.ids},
                r"^t_handler.* may grant redress up to 500\.00.€, under .*, "
                r"from 01/01/2026$",
            ),
            ({"act": "grant", "is_unlimited": True}, "of any amount"),
            ({"act": "qualify", "date_to": "2026-12-31"}, "to 12/31/2026$"),
            ({"act": "sign"}, "may sign: every letter"),
            (
                {
                    "act": "sign",
                    "template_ids": reply.ids,
                    "is_unlimited": False,
                    "amount_limit": 9,
                },
                r"may sign: Favourable reply, granting up to 9\.00.€",
            ),
        ]
        for values, expected in table:
            with self.subTest(values):
                self.assertRegex(
                    self.name(self.handler, **values).display_name, expected
                )

    def test_the_form_of_an_authority(self):
        lines = self.as_user(self.officer, self.env["complaint.authority"])
        with Form(lines) as form:
            form.user_id = self.leader
            form.act = "grant"
            form.amount_limit = 300
            form.date_to = date(2026, 12, 31)
        line = form.save()
        self.assertFalse(line.is_unlimited)
        self.assertEqual(line.company_id, self.company)
        self.assertEqual(line.state, "valid")
        line.date_from = "2026-11-01"
        self.assertEqual(line.state, "coming")
        line.write({"date_from": "2026-01-01", "training_valid_to": "2026-10-01"})
        self.assertEqual(line.state, "untrained")
