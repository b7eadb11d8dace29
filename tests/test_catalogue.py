from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from odoo import fields
from odoo.tools.misc import groupby

from ..engine.clock import Pause
from ..engine.deadline import Rule, due_at
from ..engine.retention import keep_until
from .catalogue_facts import FACTS, RECOURSE, REGIMES
from .common import ComplaintCase, tagged

MODULE = "helpdesk_complaint"
CONFIDENCE = {"V": "verified", "S": "secondary", "U": "to_verify"}
UNIT = {
    **{"h": "hour", "d": "day", "bd": "business_day"},
    **{"w": "week", "m": "month", "y": "year"},
}
#: What a regime says when the table says nothing.
PLAIN_REGIME = {
    "force": "law",
    "valid_from": False,
    "valid_to": False,
    "stage_count": 1,
    "recourse_rule": "all",
    "forbids_pause": False,
    "transfer_restarts_clock": False,
    "is_overlay": False,
    "retention_amount": 5,
    "retention_unit": "year",
    "archive_amount": 2,
    "archive_unit": "month",
}


def read_length(text):
    digits = "".join(filter(str.isdigit, text))
    return int(digits), UNIT[text[len(digits) :]]


def read_fact(line):
    """A line of the table as ``(id, dict)``; see ``catalogue_facts``."""
    name, step, length, start, *words, confidence = line.split()
    fact = {word: True for word in words if "=" not in word}
    fact |= dict(word.split("=") for word in words if "=" in word)
    for key in ("products", "instead"):
        if key in fact:
            fact[key] = sorted(fact[key].split(","))
    fact |= {"step": step, "start": start, "length": read_length(length)}
    fact["confidence"] = CONFIDENCE[confidence]
    return name, fact


def read_facts(text):
    lines = []
    for line in filter(None, map(str.strip, text.splitlines())):
        if line.startswith("- "):
            lines[-1] += line[1:]
        else:
            lines.append(line)
    return dict(map(read_fact, lines))


@tagged("post_install", "-at_install")
class TestCatalogue(ComplaintCase):
    """The regimes of the catalogue say what the texts say."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.regimes = {code: cls._regime(code) for code in FACTS}
        cls.policies = cls.env["complaint.policy"].with_context(active_test=False)
        cls.policies = cls.policies.search(
            [
                ("regime_id.code", "in", list(FACTS)),
                ("regime_id.company_id", "=", False),
            ]
        )
        cls.ids = cls._names("complaint.policy", "complaint_policy_")
        cls.calendars = cls._names("resource.calendar", "calendar_")
        cls.bodies = cls._names("complaint.recourse.body", "recourse_")
        # The dates below are of 2026, whatever the year of the installation.
        for name, where in {
            "fr_mon_fri": ("FR",),
            "fr_mon_sat": ("FR",),
            "gb_eng_mon_fri": ("GB", "ENG"),
            "ie_mon_fri": ("IE",),
            "eu_target": ("XECB",),
        }.items():
            cls.env.ref(f"{MODULE}.calendar_{name}").complaint_load_public_holidays(
                where[0], [2025, 2026, 2027], *where[1:]
            )

    @classmethod
    def _names(cls, model, prefix):
        """What follows the prefix in the ids of this module, by record id."""
        data = cls.env["ir.model.data"].search(
            [("module", "=", MODULE), ("model", "=", model)]
        )
        return {x.res_id: x.name.removeprefix(prefix) for x in data}

    def policy(self, name):
        return self.env.ref(f"{MODULE}.complaint_policy_{name}")

    def fact(self, policy):
        """The policy in the words of the table, without what is the default."""
        code = policy.regime_id.code

        def own(policies):
            return sorted(self.ids[x.id].removeprefix(f"{code}_") for x in policies)

        extension = policy.extension if policy.extension != "none" else None
        said = {
            "cal": self.calendars.get(policy.calendar_id.id),
            "stage": str(policy.stage or ""),
            "roll": policy.roll if policy.roll != "none" else None,
            "type": policy.complainant_type,
            "products": sorted(x.code for x in policy.product_ids),
            "instead": own(policy.instead_of_ids),
            "alt": "".join(own(policy.alternative_to_id)),
            "ext": extension,
            "max": str(policy.extension_max or ""),
            "waived": policy.waived_by_step,
            "silence": policy.on_silence if policy.on_silence != "breach" else None,
            "from": fields.Date.to_string(policy.valid_from),
            "to": fields.Date.to_string(policy.valid_to),
            "severity": policy.severity,
            "medium": policy.medium,
            "domain": policy.ticket_domain,
            "roll_cal": policy.roll_calendar_id.name,
            "letter": policy.extension_needs_letter,
            "opens": policy.opens_right,
            "own": policy.is_company_set,
            "internal": policy.target == "internal",
            "manual": policy.is_manual,
            "inclusive": policy.is_inclusive,
            "recurring": policy.is_recurring,
            "pause": policy.can_pause,
            "off": not policy.active,
        }
        if policy.extension_amount:
            said["ext"] = (extension, policy.extension_amount, policy.extension_unit)
        if policy.settlement_amount:
            said["settle"] = (policy.settlement_amount, policy.settlement_unit)
        return {key: value for key, value in said.items() if value} | {
            "step": policy.step,
            "start": policy.count_from,
            "length": (policy.amount, policy.unit),
            "confidence": policy.confidence,
        }

    # ------------------------------------------------------------------
    # Figures
    # ------------------------------------------------------------------

    def test_every_promise_is_the_one_of_the_text(self):
        for code, text in FACTS.items():
            expected = read_facts(text)
            for fact in expected.values():
                if ":" in fact.get("ext", ""):
                    kind, length = fact["ext"].split(":")
                    fact["ext"] = (kind, *read_length(length))
                if "settle" in fact:
                    fact["settle"] = read_length(fact["settle"])
            seeded = {
                self.ids[policy.id].removeprefix(f"{code}_"): self.fact(policy)
                for policy in self.policies
                if policy.regime_id.code == code and policy.id in self.ids
            }
            with self.subTest(code):
                self.assertEqual(set(seeded), set(expected))
            for name, fact in expected.items():
                with self.subTest(f"{code} {name}"):
                    self.assertEqual(seeded.get(name), fact)

    def test_every_regime_is_the_one_of_the_text(self):
        for code, regime in self.regimes.items():
            expected = PLAIN_REGIME | REGIMES.get(code, {})
            seeded = {name: regime[name] for name in expected}
            for name in ("valid_from", "valid_to"):
                seeded[name] = fields.Date.to_string(regime[name]) or False
            with self.subTest(code):
                self.assertEqual(seeded, expected)

    def test_the_catalogue_is_all_there_is(self):
        """A regime that is seeded without a line in the table is not checked."""
        data = self._names("complaint.regime", "complaint_regime_")
        self.assertEqual(set(data.values()), set(FACTS))

    def test_everything_says_where_it_comes_from(self):
        for code, regime in self.regimes.items():
            with self.subTest(code):
                self.assertTrue(regime.source and regime.definition)
                self.assertTrue(regime.authority or regime.force == "house")
                self.assertLessEqual(len(regime.short_name), 22)
        for policy in self.policies:
            with self.subTest(policy.regime_id.code, policy=policy.name):
                self.assertTrue(policy.source and policy.confidence)

    def test_what_was_not_read_says_so(self):
        for policy in self.policies.filtered(lambda x: x.confidence == "to_verify"):
            with self.subTest(policy.regime_id.code, policy=policy.name):
                note = policy.with_context(lang="en_US").note
                self.assertTrue(note.startswith("To verify"))

    def test_regimes_without_figures_promise_nothing(self):
        """Prompt, without delay: no figure may be invented for a text that has none."""
        for code in ("iso_10002", "eu_jc_guidelines", "de_bafin_va", "ch_bank"):
            with self.subTest(code):
                policies = self.regimes[code].policy_ids
                self.assertLessEqual(set(policies.mapped("target")), {"internal"})

    def test_no_two_versions_hold_on_one_day(self):
        self.policies._check_overlap()
        versions = self.policies.filtered("active")
        for key, group in groupby(versions, lambda x: x._version_key()):
            by_day = sorted(x.valid_from or date.min for x in group)
            with self.subTest(str(key)):
                self.assertEqual(len(by_day), len(set(by_day)))

    # ------------------------------------------------------------------
    # Calendars, recourse
    # ------------------------------------------------------------------

    def test_every_calendar_knows_the_holidays_of_this_year(self):
        year = fields.Date.today().year
        for policy in self.policies:
            needs = policy.unit == "business_day" or policy.roll != "none"
            needs = needs or "business_day" in (
                policy.extension_unit,
                policy.settlement_unit,
            )
            if not needs:
                continue
            with self.subTest(policy.regime_id.code, policy=policy.name):
                calendar = policy.calendar_id
                self.assertFalse(calendar.company_id)
                leaves = calendar.leave_ids.filtered(lambda x: x.date_to.year == year)
                self.assertGreaterEqual(len(leaves), 5)

    def test_the_weekend_is_that_of_the_country(self):
        weeks = {"bh_sun_thu": {0, 1, 2, 3, 6}, "fr_mon_sat": {0, 1, 2, 3, 4, 5}}
        for calendar in self.policies.calendar_id:
            name = self.calendars[calendar.id]
            with self.subTest(name):
                week = calendar._complaint_work_calendar(self.company.id).weekdays
                self.assertEqual(set(week), weeks.get(name, {0, 1, 2, 3, 4}))

    def test_the_euro_calendar_closes_when_target_does(self):
        calendar = self.env.ref(f"{MODULE}.calendar_eu_target")
        days = calendar._complaint_work_calendar(self.company.id).holidays
        self.assertEqual(
            {day.isoformat() for day in days if day.year == 2026},
            {
                *("2026-01-01", "2026-04-03", "2026-04-06"),
                *("2026-05-01", "2026-12-25", "2026-12-26"),
            },
        )

    def test_a_refusal_names_the_bodies_of_the_text(self):
        units = {unit: short for short, unit in UNIT.items()}
        for code, expected in RECOURSE.items():
            with self.subTest(code):
                found = [
                    " ".join(
                        filter(
                            None,
                            [
                                self.bodies[body.id],
                                body.limit_amount
                                and f"{body.limit_amount}{units[body.limit_unit]}",
                            ],
                        )
                    )
                    for body in self.regimes[code].recourse_body_ids
                ]
                self.assertEqual(sorted(found), sorted(expected))
                for body in self.regimes[code].recourse_body_ids:
                    self.assertTrue(body.how_to and body.source)

    # ------------------------------------------------------------------
    # Dates
    # ------------------------------------------------------------------

    def due(self, policy, start, rule=None, **more):
        """The local due day (and hour, for hours) of a policy, from a local start."""
        zone = ZoneInfo(policy.regime_id.tz)
        moment = datetime.fromisoformat(start)
        if moment.time() == time.min:
            moment = moment.replace(hour=12)
        mine, kwargs = policy._to_rule(self.company)
        due = due_at(rule or mine, moment.replace(tzinfo=zone), **kwargs, **more)
        shape = "%Y-%m-%d %H:%M" if policy.unit == "hour" else "%Y-%m-%d"
        return due.astimezone(zone).strftime(shape)

    def longer(self, policy):
        """The rule of a policy that is extended as far as its text allows."""
        length = (policy.extension_amount, policy.extension_unit)
        if policy.extension == "add":
            return Rule(policy.amount, policy.unit, then=(length,))
        return policy._rule_of(*length)

    def test_dates_are_those_of_the_vectors(self):
        for vector, name, start, due in [
            ("T5", "fr_acpr_acknowledge", "2026-04-30", "2026-05-15"),
            ("T5", "fr_amf_acknowledge", "2026-04-30", "2026-05-15"),
            ("T6", "fr_acpr_acknowledge", "2026-04-20", "2026-05-02"),
            ("T7", "fr_acpr_acknowledge", "2026-03-06", "2026-03-18"),
            ("T7", "fr_acpr_respond", "2026-03-06", "2026-05-06"),
            ("T7", "fr_acpr_refer_opens", "2026-03-06", "2026-05-06"),
            ("T7", "fr_acpr_acknowledge_2012", "2026-03-10", "2026-03-21"),
            ("T7", "fr_acpr_respond_2012", "2026-03-10", "2026-05-10"),
            ("T8", "fr_notice_14_30_acknowledge", "2026-04-20", "2026-05-12"),
            ("T8", "fr_notice_14_30_respond", "2026-04-20", "2026-06-05"),
            ("T9", "fr_psp_l133_45_respond", "2026-04-02", "2026-04-24"),
            ("T9", "uk_fca_psd_respond", "2026-04-02", "2026-04-27"),
            (
                *("T11", "fr_essms_48h_10d_acknowledge"),
                *("2026-06-05 19:30", "2026-06-07 19:30"),
            ),
            (
                *("T12", "fr_essms_48h_10d_acknowledge"),
                *("2026-03-27 19:30", "2026-03-29 20:30"),
            ),
            (
                *("T12", "fr_essms_48h_10d_acknowledge"),
                *("2026-10-23 19:30", "2026-10-25 18:30"),
            ),
            ("T14", "uk_fca_respond", "2026-03-05", "2026-04-30"),
            ("T14", "uk_fca_refer_opens", "2026-03-05", "2026-04-30"),
            ("T14", "uk_fca_refer_answered", "2026-04-30", "2026-10-30"),
            ("T14", "uk_fca_refer_answered", "2026-08-31", "2027-02-28"),
            ("T15", "uk_nhs_respond", "2026-03-15", "2026-09-14"),
            ("T17", "uk_housing_acknowledge_s1", "2026-04-27", "2026-05-05"),
            ("T17", "uk_housing_respond_s1", "2026-04-30", "2026-05-15"),
            ("T18", "fr_close_8d_accept", "2026-07-03", "2026-07-13"),
            ("T18", "fr_close_8d_accept", "2026-07-06", "2026-07-15"),
            ("T19", "fr_conso_mediation_inform_outcome", "2025-12-01", "2026-03-02"),
            ("T19", "fr_conso_mediation_refer", "2026-03-06", "2027-03-08"),
            ("T19", "fr_conso_mediation_refer", "2028-02-29", "2029-02-28"),
            ("T20", "ie_cbi_acknowledge_2012", "2026-03-02", "2026-03-09"),
            ("T20", "ie_cbi_inform_2012", "2026-03-02", "2026-03-31"),
            ("T20", "ie_cbi_respond_2012", "2026-03-02", "2026-04-29"),
            ("T21", "pl_rf_respond", "2026-01-15", "2026-02-14"),
            ("T22", "uk_ico_dp_acknowledge", "2026-07-01", "2026-07-31"),
            ("T22", "uk_ico_dp_acknowledge", "2026-07-02", "2026-08-03"),
            ("T26", "ca_qc_acknowledge", "2026-03-02", "2026-03-12"),
            ("T26", "ca_qc_respond", "2026-03-02", "2026-05-01"),
        ]:
            with self.subTest(vector, policy=name, start=start):
                self.assertEqual(self.due(self.policy(name), start), due)

    def test_longest_dates_are_those_of_the_vectors(self):
        for vector, name, start, due in [
            ("T9", "fr_psp_l133_45_respond", "2026-04-02", "2026-05-28"),
            ("T9", "uk_fca_psd_respond", "2026-04-02", "2026-05-27"),
            ("T17", "uk_housing_respond_s1", "2026-04-30", "2026-06-01"),
            ("T21", "pl_rf_respond", "2026-01-15", "2026-03-16"),
            ("T26", "ca_qc_respond", "2026-03-02", "2026-05-31"),
        ]:
            policy = self.policy(name)
            with self.subTest(vector, policy=name, start=start):
                rule = self.longer(policy)
                self.assertEqual(self.due(policy, start, rule), due)

    def test_t13_settled_by_the_third_business_day(self):
        policy = self.policy("uk_fca_respond")
        rule = policy._rule_of(policy.settlement_amount, policy.settlement_unit)
        self.assertEqual(self.due(policy, "2026-04-02", rule), "2026-04-09")

    def test_t16_t20_a_complaint_keeps_the_version_of_its_day(self):
        for code, step, start, due in [
            ("uk_ofcom", "respond", "2026-04-07", "2026-06-02"),
            ("uk_ofcom", "respond", "2026-04-08", "2026-05-20"),
            ("uk_ofcom", "refer", "2026-04-07", "2026-06-02"),
            ("uk_ofcom", "refer", "2026-04-08", "2026-05-20"),
            ("ie_cbi", "acknowledge", "2026-03-02", "2026-03-09"),
            ("fr_acpr", "acknowledge", "2022-12-30", "2023-01-11"),
        ]:
            day = fields.Date.to_date(start)
            policy = self.regimes[code].policy_ids.filtered(
                lambda x, day=day, step=step: (
                    x.step == step
                    and x.count_from != "answered"
                    and x._is_valid_on(day)
                )
            )
            with self.subTest(code, step=step, start=start):
                self.assertEqual(len(policy), 1)
                if "2026" in start:
                    self.assertEqual(self.due(policy, start), due)

    def test_t23_a_pause_only_where_the_text_has_one(self):
        policy = self.policy("fr_public_respond")
        pause = Pause(
            datetime(2026, 3, 20, 10, tzinfo=UTC), datetime(2026, 4, 3, 16, tzinfo=UTC)
        )
        due = self.due(policy, "2026-03-06", pauses=[pause])
        self.assertEqual(due, "2026-05-20")
        allowed = self.policies.filtered("can_pause").regime_id.mapped("code")
        self.assertEqual(allowed, ["fr_public"])

    def test_t27_files_are_kept_from_closing(self):
        regime = self.regimes["fr_acpr"]
        for closed, last in (
            ("2026-08-31", "2031-08-31"),
            ("2028-02-29", "2033-02-28"),
        ):
            kept = keep_until(
                fields.Date.to_date(closed),
                regime.retention_amount,
                regime.retention_unit,
            )
            self.assertEqual(kept, fields.Date.to_date(last))

    # ------------------------------------------------------------------
    # For whom
    # ------------------------------------------------------------------

    def test_the_variant_that_fits_replaces_the_others(self):
        """One answer promised by each complaint, whoever complains of whatever."""
        for code, vals, names in [
            ("es_sac", {}, ["respond"]),
            ("es_sac", {"type": "consumer"}, ["respond"]),
            ("es_sac", {"type": "professional"}, ["respond_professional"]),
            ("es_sac", {"type": "association"}, ["respond_association"]),
            ("es_sac", {"product": "payment_services"}, ["respond_payments"]),
            (
                "es_sac",
                {"type": "public", "product": "payment_services"},
                ["respond_payments"],
            ),
            ("it_bank", {"product": "payment_services"}, ["respond_payments"]),
            ("it_bank", {"product": "credit"}, ["respond"]),
            ("au_asic", {"product": "credit"}, ["respond"]),
            ("au_asic", {"product": "superannuation"}, ["respond_super"]),
            ("au_asic", {"product": "hardship"}, ["respond_hardship"]),
            ("us_reg_e", {}, ["respond", "respond_result"]),
            (
                "us_reg_e",
                {"product": "eft_new_account"},
                ["respond_new_account", "respond_result"],
            ),
            (
                "us_reg_e",
                {"product": "eft_pos_foreign"},
                ["respond_pos_foreign", "respond_result"],
            ),
            ("fr_amf", {"product": "insurance"}, ["respond"]),
            ("fr_amf", {"product": "funds"}, ["respond_funds"]),
            ("uk_housing", {"stage": 1}, ["respond_s1"]),
            ("uk_housing", {"stage": 2}, ["respond_s2"]),
        ]:
            product = vals.get("product")
            ticket = self._new_ticket(
                complaint_complainant_type=vals.get("type"),
                complaint_product_id=product
                and self.env.ref(f"{MODULE}.complaint_product_{product}").id,
            )
            # sudo: helpdesk.ticket - the stage is written by steps only
            ticket.sudo().complaint_stage = vals.get("stage", 1)
            answers = self.regimes[code].policy_ids.filtered(
                lambda x: x.step == "respond"
            )
            with self.subTest(code, **vals):
                found = [self.ids[x.id] for x in answers._applying_to(ticket)]
                self.assertEqual(sorted(found), [f"{code}_{x}" for x in names])
