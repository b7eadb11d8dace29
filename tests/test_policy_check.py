from psycopg2.errors import CheckViolation

from odoo import fields
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from .regime_case import RegimeFixture


@tagged("post_install", "-at_install")
class TestPolicyCheck(RegimeFixture, TransactionCase):
    """What a policy may not say, and that the refusal says which policy it is."""

    def setUp(self):
        super().setUp()
        self.house = self.regime("house", name="House", stage_count=2)

    def refuse(self, rows, **common):
        """Expect each row to be refused: step, values, and what is said."""
        for step, vals, message in rows:
            vals = dict({"amount": 10, "unit": "day"}, **common, **vals)
            with self.subTest(step, **vals):
                with self.refused(f"policy “.+” of the regime “House”.*{message}"):
                    self.policy(self.house, step, **vals)

    def allow(self, rows, **common):
        for step, vals in rows:
            vals = dict({"amount": 10, "unit": "day"}, **common, **vals)
            with self.subTest(step, **vals):
                self.policy(self.house, step, **vals).active = False

    # ------------------------------------------------------------------
    # Lengths
    # ------------------------------------------------------------------

    def test_a_length_is_one_or_more(self):
        policy = self.policy(self.house)
        for amount in (0, -1):
            with self.subTest(amount), self.refused(f"its length is {amount}. Enter"):
                policy.amount = amount
            with self.subTest(amount), mute_logger("odoo.sql_db"):
                with self.assertRaises(CheckViolation):
                    self.policy(self.house, amount=amount)

    def test_lengths_beside_the_first_are_whole(self):
        ceiling = {"extension": "ceiling"}
        add = {"extension": "add"}
        settlement = "early settlement needs a length"
        self.refuse(
            (
                ("respond", ceiling, "extension needs a length"),
                ("respond", {**ceiling, "extension_amount": 20}, "needs a length"),
                ("respond", {**ceiling, "extension_unit": "day"}, "needs a length"),
                (
                    "respond",
                    {**add, "extension_amount": -1, "extension_unit": "day"},
                    "needs a length",
                ),
                (
                    "respond",
                    {"extension": "free", "extension_max": -1},
                    "fewer than zero",
                ),
                ("respond", {"settlement_amount": 3}, settlement),
                (
                    "respond",
                    {"settlement_amount": -3, "settlement_unit": "day"},
                    settlement,
                ),
                (
                    "respond",
                    {"is_company_set": True, "company_amount": 3},
                    "company's own length needs",
                ),
                (
                    "respond",
                    {
                        "is_company_set": True,
                        "company_amount": -3,
                        "company_unit": "day",
                    },
                    "company's own length needs",
                ),
            )
        )

    def test_a_longer_length_does_not_end_before_the_shorter(self):
        """In different units too, as the calendar compares them on a whole year."""
        business = {"unit": "business_day", "calendar_id": self.france}

        def ceiling(amount, unit):
            return {
                "extension": "ceiling",
                "extension_amount": amount,
                "extension_unit": unit,
            }

        def settlement(amount, unit):
            return {"settlement_amount": amount, "settlement_unit": unit}

        def company(amount, unit):
            return {
                "is_company_set": True,
                "company_amount": amount,
                "company_unit": unit,
            }

        short = "would end before its own"
        self.refuse(
            (
                ("respond", ceiling(9, "day"), short),
                ("respond", ceiling(1, "week"), short),
                (
                    "respond",
                    {"amount": 1, "unit": "month", **ceiling(30, "day")},
                    short,
                ),
                ("respond", {"amount": 20, **business, **ceiling(28, "day")}, short),
                (
                    "respond",
                    {"amount": 30, "calendar_id": self.france}
                    | ceiling(20, "business_day"),
                    short,
                ),
                ("respond", settlement(11, "day"), "longer than the promise"),
                ("respond", settlement(2, "week"), "longer than the promise"),
                ("respond", company(11, "day"), "may not set 11 days.*10 days at most"),
                (
                    "respond",
                    {"amount": 2, "unit": "month"} | company(62, "day"),
                    "may not set 62 days",
                ),
            )
        )
        self.allow(
            (
                ("respond", ceiling(10, "day")),
                ("respond", {"amount": 1, "unit": "month", **ceiling(31, "day")}),
                ("respond", {"amount": 20, **business, **ceiling(2, "month")}),
                ("respond", settlement(1, "week")),
                ("respond", {"amount": 2, "unit": "month"} | company(59, "day")),
            )
        )

    def test_a_date_is_found_on_every_day_of_the_year(self):
        never = self._new_calendar("Never", days=0)
        shut = self._new_calendar("Shut")
        self.env["resource.calendar.leaves"].create(
            {
                "name": "For good",
                "calendar_id": shut.id,
                "date_from": "2020-01-01 00:00:00",
                "date_to": "2100-12-31 23:59:59",
            }
        ).company_id = False
        working = {"unit": "business_day"}
        add = {
            "extension": "add",
            "extension_amount": 10,
            "extension_unit": "business_day",
        }
        needs = "needs a calendar of working days"
        self.refuse(
            (
                ("respond", working, needs),
                ("respond", {"roll": "next"}, needs),
                ("respond", add, needs),
                (
                    "respond",
                    {"settlement_amount": 3, "settlement_unit": "business_day"},
                    needs,
                ),
                (
                    "respond",
                    {
                        "is_company_set": True,
                        "company_amount": 3,
                        "company_unit": "business_day",
                    },
                    needs,
                ),
                ("respond", {**working, "calendar_id": shut}, "gives no date.*Shut"),
                (
                    "respond",
                    {"roll": "next", "calendar_id": self.france}
                    | {"roll_calendar_id": shut},
                    "gives no date.*Shut",
                ),
                ("respond", {"amount": 900, "unit": "year"}, "gives no date.*1900"),
                ("respond", {"amount": 10**6, "unit": "week"}, "gives no date.*1900"),
                ("respond", {"amount": 10**7, "unit": "hour"}, "gives no date.*1900"),
            )
        )
        with self.refused("The calendar “Never” has no working day"):
            self.policy(self.house, unit="business_day", calendar_id=never)
        with self.refused("Answer: 10 hours.* cannot be applied: Hours are elapsed"):
            self.policy(self.house, unit="hour", is_inclusive=True)

    # ------------------------------------------------------------------
    # Meaning
    # ------------------------------------------------------------------

    def test_parts_that_exclude_each_other(self):
        self.refuse(
            (
                ("acknowledge", {"count_from": "acknowledged"}, "from its own end"),
                ("respond", {"count_from": "answered"}, "from its own end"),
                ("acknowledge", {"waived_by_step": "acknowledge"}, "its own step"),
                ("respond", {"is_recurring": True}, "happens once"),
                ("complain", {"is_recurring": True}, "happens once"),
                ("accept", {"is_recurring": True}, "happens once"),
                ("refer", {"is_recurring": True}, "happens once"),
                ("respond", {"opens_right": True}, "only a recourse is a right"),
                ("acknowledge", {"on_silence": "deemed_accepted"}, "silence has an"),
                ("refer", {"on_silence": "recourse_opens"}, "silence has an"),
                ("respond", {"stage": -1}, "its stage is -1 and the regime has 2"),
                ("respond", {"stage": 3}, "its stage is 3 and the regime has 2"),
                ("respond", {"extension_needs_letter": True}, "extends nothing"),
            )
        )

    def test_a_regime_that_forbids_the_pause(self):
        self.house.forbids_pause = True
        self.refuse((("respond", {"can_pause": True}, "forbids that the clock stops"),))
        self.allow((("respond", {"can_pause": True, "target": "internal"}),))
        self.house.forbids_pause = False
        policy = self.policy(self.house, can_pause=True)
        with self.refused("forbids that the clock stops"):
            self.house.forbids_pause = True
        with self.refused("forbids that the clock stops"):
            strict = self.regime("strict", name="House", forbids_pause=True)
            policy.regime_id = strict

    def test_a_regime_keeps_the_stages_of_its_policies(self):
        for count in (0, 3):
            with self.subTest(count), self.refused(f"“House” has {count} stages"):
                self.house.stage_count = count
        self.policy(self.house, stage=2)
        with self.refused("its stage is 2 and the regime has 1"):
            self.house.stage_count = 1

    def test_a_limit_or_if_later_joins_two(self):
        other = self.regime("other")
        far = self.policy(other, "refer", count_from="event")
        event = self.policy(self.house, "refer", count_from="event")
        known = self.policy(
            self.house, "refer", count_from="known", alternative_to_id=event
        )
        reply = self.policy(self.house)
        right = self.policy(self.house, "refer", opens_right=True, count_from="sent")
        joins = "joins two limits"
        self.refuse(
            (
                ("respond", {"alternative_to_id": event, "label": "x"}, joins),
                ("refer", {"alternative_to_id": reply}, joins),
                ("refer", {"alternative_to_id": right}, joins),
                ("refer", {"alternative_to_id": known}, joins),
                ("refer", {"alternative_to_id": far}, joins),
                ("refer", {"alternative_to_id": event, "opens_right": True}, joins),
            )
        )
        for policy, alternative in ((event, event), (event, far), (event, known)):
            with self.subTest(alternative.name), self.refused(joins):
                policy.alternative_to_id = alternative
        third = self.policy(self.house, "refer", count_from="registered")
        with self.refused(joins):
            event.alternative_to_id = third

    def test_policies_replace_those_of_their_regime_and_not_each_other(self):
        far = self.policy(self.regime("other"))
        plain = self.policy(self.house)
        special = self.policy(
            self.house, severity="3", instead_of_ids=[(6, 0, plain.ids)]
        )
        self.refuse(
            (("respond", {"instead_of_ids": [(6, 0, far.ids)]}, "its own regime"),),
            severity="2",
        )
        for policy, other in ((plain, plain), (plain, special)):
            with self.subTest(other.name), self.refused("nor what replaces it"):
                policy.instead_of_ids = other

    # ------------------------------------------------------------------
    # Versions
    # ------------------------------------------------------------------

    def test_validity_within_the_years_that_are_counted(self):
        self.refuse(
            (
                (
                    "respond",
                    {"valid_from": "2026-02-01", "valid_to": "2026-01-31"},
                    "ends before it starts",
                ),
                ("respond", {"valid_from": "1899-12-31"}, "outside the years 1900"),
                ("respond", {"valid_to": "2101-01-01"}, "1900 to 2100"),
            )
        )
        self.allow(
            (
                ("respond", {"valid_from": "2026-02-01", "valid_to": "2026-02-01"}),
                ("respond", {"valid_from": "1900-01-01", "valid_to": "2100-12-31"}),
            )
        )

    def test_versions_do_not_overlap(self):
        self.policy(self.house, valid_from="2026-01-01", valid_to="2026-06-30")
        self.policy(self.house, "refer", count_from="event")
        same = "promises the same and is valid at the same time"
        self.refuse(
            (
                ("respond", {}, same),
                ("respond", {"valid_from": "2026-06-30"}, same),
                ("respond", {"valid_to": "2026-01-01"}, same),
                ("respond", {"count_from": "sent"}, same),
                ("refer", {"count_from": "event"}, same),
            )
        )
        self.allow(
            (
                ("respond", {"valid_from": "2026-07-01"}),
                ("respond", {"valid_to": "2025-12-31"}),
                ("respond", {"label": "Full answer"}),
                ("respond", {"target": "internal"}),
                ("respond", {"stage": 2}),
                ("respond", {"severity": "3"}),
                ("respond", {"medium": "oral"}),
                ("respond", {"complainant_type": "consumer"}),
                ("respond", {"ticket_domain": "[('name', '=', 'x')]"}),
                ("refer", {"count_from": "known"}),
                ("refer", {"count_from": "event", "opens_right": True}),
                ("respond", {"active": False}),
            )
        )
        archived = self.policy(self.house, active=False)
        with self.refused(same):
            archived.active = True

    def test_what_was_promised_stays_the_promise_it_is(self):
        policy = self.policy(self.house)
        ticket = self.env["helpdesk.ticket"].create(
            {"name": "x", "description": "x", "complaint_state": "to_qualify"}
        )
        ticket.complaint_qualify(True, "x", self.house.ids)
        other = self.regime("other")
        for vals in (
            {"step": "inform"},
            {"target": "internal"},
            {"regime_id": other.id},
        ):
            with self.subTest(**vals), self.refused("was promised to complainants"):
                policy.write(vals)

    # ------------------------------------------------------------------
    # Conditions
    # ------------------------------------------------------------------

    def test_a_condition_that_cannot_be_read(self):
        wrong = (
            "nonsense",
            "[",
            "[('name', '=')]",
            "[('no_such_field', '=', 1)]",
            "[('name', 'resembles', 'x')]",
            "[('user_id', '=', uid)]",
            "__import__('os').getcwd()",
            "{}",
            "42",
        )
        rule = {"name": "Rule", "regime_ids": [(6, 0, self.house.ids)]}
        for condition in wrong:
            with self.subTest(condition):
                with self.refused("condition of “Answer: 10 days.*cannot be read"):
                    self.policy(self.house, ticket_domain=condition)
                with self.refused("condition of “Rule” cannot be read"):
                    self.env["complaint.regime.rule"].create(
                        {"ticket_domain": condition, **rule}
                    )
        for condition in ("", "[]", "[('partner_id.country_id.code', '=', 'FR')]"):
            with self.subTest(condition):
                self.policy(
                    self.house, ticket_domain=condition, label=condition or "none"
                )

    def test_a_rule_that_names_no_regime(self):
        with self.refused("“Empty” names no regime"):
            self.env["complaint.regime.rule"].create({"name": "Empty"})

    def test_a_company_that_set_its_length_keeps_within_a_shorter_one(self):
        """Where the text becomes stricter the longest it allows binds at once."""
        policy = self.policy(
            self.house,
            amount=20,
            is_company_set=True,
            company_amount=15,
            company_unit="day",
        )
        other = self.env["res.company"].create({"name": "Elsewhere"})
        policy.with_company(other).write({"company_amount": 12, "company_unit": "day"})
        with self.refused("may not set 15 days"):
            policy.amount = 10
        policy.company_amount = 9
        policy.amount = 10
        start = fields.Datetime.to_datetime("2026-03-06 09:00:00")
        for company, due in ((self.env.company, "03-15"), (other, "03-16")):
            with self.subTest(company.name):
                found = self.env["complaint.deadline"]._reckon(policy, company, start)
                self.assertEqual(str(found)[:10], f"2026-{due}")
