from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form

from ..models.complaint_html import plain, squeeze
from .common import ComplaintCase, freeze_time, tagged

LANGS = ("en_US", "fr_FR")
REASONS = "The fee is in article 7.\nIt was not told on the telephone."
# Element, letter, what the text without it still says.
ROWS = [
    ("number", "acknowledge"),
    ("received_date", "acknowledge"),
    ("complaint_copy", "acknowledge"),
    ("handler", "acknowledge"),
    ("contact", "invite_to_write"),
    ("phone", "acknowledge"),
    ("email", "acknowledge"),
    ("respond_by", "acknowledge"),
    ("silence", "acknowledge"),
    ("statement", "acknowledge"),
    ("statement", "invite_to_write"),
    ("statement", "inform"),
    ("statement", "request_information"),
    ("delay_reasons", "holding"),
    ("new_date", "holding"),
    ("open_facts", "holding"),
    ("recourse_name", "holding"),
    ("recourse_website", "holding"),
    ("reasons", "favourable"),
    ("delay_reasons", "favourable"),
    ("points", "favourable"),
    ("points", "partial"),
    ("cause", "partial"),
    ("redress", "partial"),
    ("actions", "partial"),
    ("next_stage", "partial"),
    ("recourse_name", "favourable"),
    ("recourse_address", "partial"),
    ("recourse_website", "partial"),
    ("recourse_free", "partial"),
    ("recourse_limit", "partial"),
    ("statement", "rejection"),
    ("statement", "closure"),
]
# Element, letter, what the file loses, where the message says to enter it.
LOSSES = [
    ("phone", "acknowledge", "company", {"phone": False}, "Settings / Companies"),
    ("email", "acknowledge", "company", {"email": False}, "Settings / Companies"),
    (
        "complaint_copy",
        "acknowledge",
        "ticket",
        {"description": "<p><br></p>"},
        "write the",
    ),
    ("open_facts", "holding", "ticket", {"complaint_open_facts": False}, "Investigat"),
    ("recourse_address", "partial", "body", {"street": False}, "Recourse bodies"),
    ("recourse_website", "partial", "body", {"website": False}, "Recourse bodies"),
    ("recourse_limit", "partial", "body", {"how_to": False}, "Recourse bodies"),
]


@tagged("post_install", "-at_install")
class TestLetterRequirement(ComplaintCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.env["ir.module.module"].search(
            [("name", "=", "helpdesk_complaint")]
        )._update_translations("fr_FR")
        cls.company.phone = "04 76 00 00 00"
        cls.body = cls.env["complaint.recourse.body"].create(
            {
                "name": "The Mediator",
                "street": "1 rue Haute",
                "zip": "38000",
                "city": "Grenoble",
                "website": "mediator.example",
                "how_to": "Write within six months of this letter.",
            }
        )
        cls.house = cls._new_regime("t_house")

    @classmethod
    def _new_regime(cls, code):
        regime = cls.env["complaint.regime"].create(
            {
                "name": f"House {code}",
                "code": code,
                "source": "House rules",
                "stage_count": 2,
                "recourse_body_ids": [(6, 0, cls.body.ids)],
            }
        )
        cls.env["complaint.policy"].create(
            {
                "regime_id": regime.id,
                "step": "respond",
                "amount": 2,
                "unit": "month",
                "count_from": "received",
                "extension": "free",
                "can_pause": True,
                "on_silence": "deemed_rejected",
                "source": "House rules",
            }
        )
        return regime

    def setUp(self):
        super().setUp()
        frozen = freeze_time("2026-10-12 09:00:00")
        frozen.start()
        self.addCleanup(frozen.stop)

    def demand(self, element, letter, regime=None, **vals):
        if element == "statement":
            vals.setdefault("statement", "We keep our word.")
        return self.env["complaint.letter.requirement"].create(
            {
                "regime_id": (regime or self.house).id,
                "letter": letter,
                "element": element,
                "source": "House rules, art. 3",
                **vals,
            }
        )

    def complete(self, regime=None, **vals):
        """A complaint whose file holds all that a letter may have to say."""
        ticket = self._new_qualified(regime or self.house, **vals)
        # What the regime lets extend differs; what is told of it does not.
        ticket._complaint_log("extend", note="The expert is on leave.")
        self.env["complaint.point"].create(
            {
                "ticket_id": ticket.id,
                "name": "The fee <45 euros>",
                "verdict": "partly",
                "answer": "It stood in the contract.\nIt was not said.",
            }
        )
        ticket.complaint_decide("partly_upheld", REASONS, self.cause.id)
        ticket.complaint_open_facts = "Who took the call."
        self.env["complaint.redress"].create(
            {"ticket_id": ticket.id, "kind": "refund", "amount": 45, "name": "fees"}
        )
        action = self.env["mgmtsystem.action"].search([], limit=1) or self.env[
            "mgmtsystem.action"
        ].create({"name": "Announce fees", "type_action": "correction"})
        ticket.complaint_action_ids = action
        return ticket

    def letter(self, ticket, code, lang="en_US", **vals):
        ticket.complaint_lang = lang
        return self.env["complaint.letter"].create(
            dict(ticket._prepare_complaint_letter_vals(code), **vals)
        )

    # ------------------------------------------------------------------
    # Each element
    # ------------------------------------------------------------------

    def test_what_the_template_says_is_found_and_what_is_dropped_is_named(self):
        ticket = self.complete()
        self.demand("cause", "refusal")
        for element, code in ROWS:
            demand = self.house.letter_requirement_ids.filtered(
                lambda x, element=element: x.element == element
            )
            demand.unlink()
            demand = self.demand(element, code)
            for lang in LANGS:
                with self.subTest(element=element, letter=code, lang=lang):
                    letter = self.letter(ticket, code, lang)
                    self.assertEqual(letter._missing_words(), [])
                    letter.write({"subject": "x", "body": "<p>The Mediator.</p>"})
                    told = "\n".join(letter._missing_words())
                    if element != "recourse_name":
                        self.assertIn(demand._label(), told)
                        self.assertIn("House rules, art. 3", told)
                    letter.body = "<p>Nothing.</p>"
                    told = "\n".join(letter._missing_words())
                    self.assertIn(demand._label(), told)
                    self.assertIn("put it back", told)
            demand.active = False

    def test_what_the_file_lacks_is_told_with_the_place_to_enter_it(self):
        ticket = self.complete()
        records = {"company": self.company, "ticket": ticket, "body": self.body}
        for element, code, owner, loss, place in LOSSES:
            self.demand(element, code)
            record = records[owner]
            before = {name: record[name] for name in loss}
            record.write(loss)
            with self.subTest(element=element):
                told = self.letter(ticket, code)._missing_words()
                self.assertEqual(len(told), 1, told)
                self.assertIn(place, told[0])
            record.write(before)
            self.house.letter_requirement_ids.unlink()

    def test_what_is_not_decided_or_promised_is_asked_for(self):
        ticket = self._new_qualified(self.house)
        for element, code, told in (
            ("reasons", "closure", "decide the complaint"),
            ("delay_reasons", "holding", "extend the deadline first"),
        ):
            self.demand(element, code)
            with self.subTest(element=element):
                lines = self.letter(ticket, code)._missing_words()
                self.assertIn(told, lines[0])
        ticket.complaint_decide("upheld", "You are right.")
        self.demand("cause", "reply")
        self.assertIn("cause", self.letter(ticket, "favourable")._missing_words()[0])
        with freeze_time("2027-02-01 09:00:00"):
            self.demand("new_date", "inform")
            lines = self.letter(ticket, "inform")._missing_words()
            self.assertIn("no date can be promised", lines[0])

    def test_a_regime_without_body_asks_for_one_in_every_letter_that_names_it(self):
        self.house.recourse_body_ids = False
        self.demand("recourse_name", "holding")
        lines = self.letter(self.complete(), "holding")._missing_words()
        self.assertIn("add a recourse body", lines[0])

    def test_what_the_file_has_not_is_not_asked_for(self):
        ticket = self._new_qualified(self.house)
        ticket.complaint_decide("rejected", "No.")
        for element in ("points", "redress", "actions", "cause", "delay_reasons"):
            self.demand(element, "reply")
        self.assertEqual(self.letter(ticket, "rejection")._missing_words(), [])

    def test_where_the_file_stands_is_said_in_the_writers_own_words(self):
        self.demand("progress", "inform")
        letter = self.letter(self.complete(), "inform")
        letter.body = "<p>The engineer comes on Monday.</p>"
        self.assertEqual(letter._missing_words(), [])

    def test_blanks_and_capitals_do_not_hide_words(self):
        self.demand("phone", "inform")
        self.demand("email", "inform")
        letter = self.letter(self.complete(), "inform")
        letter.body = "<p>04&nbsp;76 00\n00\u202f00, CONTACT@<b>vercors</b>.example</p>"
        self.assertEqual(letter._missing_words(), [])

    def test_a_longer_number_is_not_the_number_asked_for(self):
        self.body.write({"limit_amount": 1, "limit_unit": "year", "how_to": False})
        self.demand("recourse_limit", "holding")
        letter = self.letter(self.complete(), "holding")
        letter.body = "<p>Within 11 year</p>"
        self.assertEqual(len(letter._missing_words()), 1)
        letter.body = "<p>Within 1 year</p>"
        self.assertEqual(letter._missing_words(), [])

    # ------------------------------------------------------------------
    # Telling
    # ------------------------------------------------------------------

    def test_all_that_is_missing_is_told_at_once_and_nothing_is_sent(self):
        for element in ("reasons", "redress", "actions"):
            self.demand(element, "reply")
        ticket = self.complete()
        with self.assertRaises(UserError) as caught:
            ticket.complaint_send_letter("partial", body="<p>No.</p>")
        told = str(caught.exception)
        for part in (
            "cannot be sent yet",
            "does not name its recourse: The Mediator",
            "Reasons of the decision",
            "article 7",
            "Refund",
            "Corrective actions",
        ):
            self.assertIn(part, told)
        self.assertFalse(ticket.complaint_answered_at)

    def test_two_regimes_that_ask_the_same_are_named_in_one_line(self):
        other = self._new_regime("t_other")
        for regime in (self.house, other):
            self.demand("number", "inform", regime)
        ticket = self.complete(self.house | other)
        lines = self.letter(ticket, "inform", body="<p>x</p>", subject="x")
        lines = lines._missing_words()
        self.assertEqual(len(lines), 1)
        self.assertIn("House t_house", lines[0])
        self.assertIn("House t_other", lines[0])

    def test_the_draft_shows_what_is_missing_until_it_is_there(self):
        self.demand("phone", "acknowledge")
        letter = self.letter(self.complete(), "acknowledge")
        self.assertFalse(letter.missing_help)
        body = letter.body
        letter.body = "<p>Thank you.</p>"
        self.assertIn("Telephone number", letter.missing_help)
        letter.body = body
        self.assertFalse(letter.missing_help)
        with Form(self.as_user(self.handler, letter)) as form:
            form.body = "<p>Thank you.</p>"
            self.assertIn("Telephone number", form.missing_help)
            form.body = body

    def test_each_user_is_told_in_his_own_language(self):
        self.demand("number", "acknowledge")
        letter = self.letter(self.complete(), "acknowledge", "fr_FR")
        letter.write({"subject": "x", "body": "<p>x</p>"})
        self.assertIn("Number of the complaint", letter._missing_words()[0])

    def test_an_early_settlement_asks_of_its_closing_letter_alone(self):
        self.demand("statement", "settlement")
        ticket = self.complete()
        self.assertFalse(ticket._complaint_letter_demands("closure"))
        ticket._complaint_log("settle", note="Agreed by telephone.")
        self.assertIn("We keep our word.", self.letter(ticket, "closure").body)
        self.assertFalse(ticket._complaint_letter_demands("acknowledge"))

    # ------------------------------------------------------------------
    # Statements
    # ------------------------------------------------------------------

    def test_what_the_letter_says_already_is_not_printed_twice(self):
        words = "Handling it costs you nothing."
        self.demand("statement", "acknowledge", statement=words)
        self.demand("statement", "acknowledge", statement="Only here.")
        body = self.letter(self.complete(), "acknowledge").body
        self.assertEqual(body.count(words), 1)
        self.assertEqual(body.count("Only here."), 1)

    def test_a_statement_is_text_not_markup(self):
        self.demand("statement", "inform", statement="Less than 3 < 4 <b>days</b>.")
        letter = self.letter(self.complete(), "inform")
        self.assertIn("3 &lt; 4 &lt;b&gt;days", letter.body)

    def test_a_demand_that_makes_no_sense_is_refused(self):
        rows = [
            ("statement", {"statement": False}),
            ("statement", {"statement": "Answer by {respond_by}."}),
            ("statement", {"statement": "See https://ec.europa.eu/consumers/odr"}),
            ("number", {"statement": "The number."}),
        ]
        for element, vals in rows:
            with self.subTest(element=element, **vals):
                with self.assertRaises(ValidationError):
                    self.demand(element, "inform", **vals)

    def test_officers_keep_the_demands_and_nobody_else(self):
        demand = self.demand("number", "inform")
        self.as_user(self.officer, demand).source = "House rules, art. 4"
        for user in (self.handler, self.manager, self.auditor):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.as_user(user, demand).source = "x"
        for user in (self.customer, self.agent):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.as_user(user, demand).read(["source"])

    # ------------------------------------------------------------------
    # The catalogue
    # ------------------------------------------------------------------

    def test_the_standard_letters_satisfy_every_regime_in_both_languages(self):
        overlays = self.env["complaint.regime"].search([("is_overlay", "=", True)])
        regimes = self.env["complaint.regime"].search([("code", "not like", "t_%")])
        self.assertGreater(len(regimes), 40)
        seen = 0
        for regime in regimes:
            demands = regime.letter_requirement_ids
            if not demands:
                continue
            if not regime.recourse_body_ids and regime not in overlays:
                regime.recourse_body_ids = self.body
            host = regime if regime not in overlays else regime | self.house
            ticket = self.complete(host, received="2026-10-12 08:00:00")
            # Some answers are counted from the acknowledgement.
            ticket.complaint_acknowledged_at = "2026-10-12 08:30:00"
            ticket._complaint_sync_deadlines()
            settled = "settlement" in demands.mapped("letter")
            if settled:
                ticket._complaint_log("settle", note="Agreed.")
            for code in dict(self.env["complaint.letter"]._fields["code"].selection):
                if not demands._asked_of(code, settled):
                    continue
                for lang in LANGS:
                    with self.subTest(regime=regime.code, letter=code, lang=lang):
                        letter = self.letter(ticket, code, lang)
                        self.assertEqual(letter._missing_words(), [])
                        text = plain(letter.body)
                        for demand in ticket._complaint_letter_demands(code):
                            said = demand.with_context(lang=lang).statement
                            words = squeeze(said) or text
                            self.assertEqual(text.count(words), 1, words)
                        seen += 1
        self.assertGreater(seen, 100)

    def test_the_templates_can_say_all_that_the_catalogue_demands(self):
        for template in self.env["complaint.letter.template"].search([]):
            with self.subTest(template.code):
                self.assertFalse(template.coverage_help)

    def test_a_template_says_which_demand_it_cannot_carry(self):
        template = self.env.ref("helpdesk_complaint.letter_template_holding")
        template.body = "<p>It takes longer.</p>"
        for part in ("{respond_by}", "New date of the answer", "CSSF"):
            self.assertIn(part, template.coverage_help)

    def test_many_letters_are_checked_with_as_many_queries_as_few(self):
        self.demand("number", "inform")
        tickets = self.Ticket.browse(
            self._new_qualified(self.house).id for _index in range(8)
        )
        letters = self.env["complaint.letter"].create(
            [ticket._prepare_complaint_letter_vals("inform") for ticket in tickets]
        )

        def queries(few):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            for letter in few:
                letter._missing_words()
            return self.cr.sql_log_count - before

        queries(letters[:1])
        few, many = queries(letters[:2]), queries(letters)
        self.assertLessEqual(many, few + 6, "a query a letter")
