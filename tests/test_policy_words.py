from odoo.tests import TransactionCase, tagged

from .regime_case import RegimeFixture


@tagged("post_install", "-at_install")
class TestPolicyWords(RegimeFixture, TransactionCase):
    """A policy as people say it."""

    def setUp(self):
        super().setUp()
        self.house = self.regime("house", stage_count=2)

    def test_name(self):
        rows = (
            (
                {"step": "respond", "amount": 2, "unit": "month", "count_from": "sent"},
                "Answer: 2 months after the complaint was sent",
            ),
            (
                {
                    "step": "acknowledge",
                    "amount": 10,
                    "unit": "business_day",
                    "calendar_id": self.france,
                },
                "Acknowledge: 10 working days (France) after the complaint was "
                "received",
            ),
            (
                {
                    "step": "inform",
                    "amount": 1,
                    "unit": "business_day",
                    "calendar_id": self.france,
                    "roll": "previous",
                },
                "Keep informed: 1 working day (France) after the complaint was "
                "received, moved back to the previous working day",
            ),
            (
                {
                    "step": "accept",
                    "amount": 8,
                    "count_from": "answered",
                    "roll": "next",
                    "calendar_id": self.france,
                },
                "Acceptance window: 8 days after the reply was sent, moved to the next "
                "working day",
            ),
            (
                {
                    "step": "respond",
                    "amount": 1,
                    "unit": "week",
                    "stage": 2,
                    "label": "Review",
                },
                "Review, stage 2: 1 week after the complaint was received",
            ),
            (
                {"step": "act", "amount": 48, "unit": "hour", "count_from": "known"},
                "Corrective action: 48 hours after the complainant knew of it",
            ),
        )
        for vals, name in rows:
            with self.subTest(name):
                policy = self.policy(self.house, **vals)
                self.assertEqual(policy.name, name)
                self.assertEqual(policy.display_name, name)

    def test_sentence(self):
        credit = self.env["complaint.product"].create({"name": "Credit"})
        self.env.company.name = "Vercors"
        rows = (
            (
                {"step": "respond", "amount": 2, "unit": "month"},
                "Answer within 2 months after the complaint was received.",
            ),
            (
                {
                    "step": "acknowledge",
                    "amount": 10,
                    "unit": "business_day",
                    "calendar_id": self.france_six,
                    "count_from": "sent",
                    "waived_by_step": "respond",
                },
                "Acknowledge within 10 working days after the complaint was sent, in "
                "the days of “France, six days”, not needed after “Answer”.",
            ),
            (
                {
                    "step": "respond",
                    "amount": 15,
                    "unit": "business_day",
                    "calendar_id": self.france,
                    "extension": "ceiling",
                    "extension_amount": 35,
                    "extension_unit": "business_day",
                    "extension_needs_letter": True,
                    "extension_max": 1,
                    "label": "Payments",
                },
                "Payments within 15 working days after the complaint was received, in "
                "the days of “France”, extendable up to 35 working days from the same "
                "start, once, by letter.",
            ),
            (
                {
                    "step": "respond",
                    "amount": 10,
                    "unit": "business_day",
                    "calendar_id": self.england,
                    "stage": 1,
                    "count_from": "acknowledged",
                    "extension": "add",
                    "extension_amount": 10,
                    "extension_unit": "business_day",
                    "extension_max": 2,
                },
                "Answer, stage 1 within 10 working days after the acknowledgement was "
                "sent, in the days of “England”, extendable by 10 working days, at "
                "most 2 times.",
            ),
            (
                {
                    "step": "respond",
                    "amount": 6,
                    "unit": "month",
                    "is_inclusive": True,
                    "extension": "agreement",
                    "label": "Report",
                },
                "Report within 6 months after the complaint was received, that day "
                "being day one, extendable to a date agreed with the complainant "
                "before expiry.",
            ),
            (
                {
                    "step": "respond",
                    "amount": 8,
                    "unit": "week",
                    "settlement_amount": 3,
                    "settlement_unit": "day",
                    "on_silence": "recourse_opens",
                    "label": "Final response",
                },
                "Final response within 8 weeks after the complaint was received, not "
                "needed if settled within 3 days, after which, without an answer, the "
                "recourse opens.",
            ),
            (
                {
                    "step": "inform",
                    "amount": 20,
                    "unit": "business_day",
                    "calendar_id": self.france,
                    "is_recurring": True,
                    "can_pause": True,
                },
                "Keep informed every 20 working days after the complaint was received, "
                "in the days of “France”, the clock stopping while the file is paused.",
            ),
            (
                {
                    "step": "refer",
                    "amount": 2,
                    "unit": "month",
                    "count_from": "sent_written",
                    "opens_right": True,
                },
                "Recourse window: opens 2 months after the first written complaint was "
                "sent.",
            ),
            (
                {
                    "step": "respond",
                    "amount": 1,
                    "unit": "month",
                    "complainant_type": "professional",
                    "product_ids": [(6, 0, credit.ids)],
                    "severity": "3",
                    "medium": "oral",
                    "ticket_domain": "[('name', '!=', 'x')]",
                    "target": "internal",
                },
                "Answer within 1 month after the complaint was received, only for: "
                "Professional or company, Credit, Critical, Oral, under a further "
                "condition, an internal target that nobody outside is promised.",
            ),
            (
                {
                    "step": "respond",
                    "amount": 2,
                    "unit": "month",
                    "is_company_set": True,
                    "label": "Decision",
                },
                "Decision within 2 months after the complaint was received, or less if "
                "the company sets it so.",
            ),
            (
                {
                    "step": "respond",
                    "amount": 2,
                    "unit": "month",
                    "is_company_set": True,
                    "company_amount": 1,
                    "company_unit": "month",
                    "extension": "free",
                    "label": "Decision here",
                },
                "Decision here within 2 months after the complaint was received, "
                "Vercors having set 1 month, extendable to a new date that is "
                "promised.",
            ),
        )
        for vals, sentence in rows:
            with self.subTest(sentence):
                policy = self.policy(self.house, **vals)
                self.assertEqual(policy.sentence, sentence)

    def test_words_follow_the_company_that_reads(self):
        policy = self.policy(self.house, amount=20, is_company_set=True)
        other = self.env["res.company"].create({"name": "Elsewhere"})
        policy.with_company(other).write({"company_amount": 9, "company_unit": "day"})
        self.assertIn("or less if the company sets it so", policy.sentence)
        self.assertIn(
            "Elsewhere having set 9 days", policy.with_company(other).sentence
        )
