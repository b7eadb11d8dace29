from itertools import product
from unittest import TestCase

from ..errors import StepError
from ..steps import FACTS, STATES, STEPS, allowed, refusal, target

#: Everything a step may need, and nothing that bars one.
BARS = {
    "paused",
    "held",
    "open_referral",
    "referral_bars_closing",
    "contest_asked",
}
FINE = frozenset(FACTS) - BARS


class TestTable(TestCase):
    def test_only_known_states_and_facts(self):
        for step in STEPS.values():
            with self.subTest(step.event):
                self.assertLessEqual(step.sources, set(STATES))
                self.assertIn(step.target, STATES)
                self.assertLessEqual(set(step.needs_from), step.sources)
                asked = {fact for facts in step.needs_from.values() for fact in facts}
                asked.update(step.needs, step.forbids)
                self.assertLessEqual(asked, set(FACTS))
                self.assertTrue(step.why.endswith("."))

    def test_every_fact_is_asked_for(self):
        asked = set()
        for step in STEPS.values():
            asked.update(step.needs, step.forbids, *step.needs_from.values())
        self.assertEqual(asked, set(FACTS))

    def test_every_state_can_be_reached(self):
        reached = {None}
        for _length in STATES:
            reached |= {
                target(event, state)
                for event, state in product(STEPS, reached)
                if state in STEPS[event].sources
            }
        self.assertEqual(reached, set(STATES))

    def test_no_way_back_from_the_archive(self):
        self.assertEqual(allowed("archived", FACTS.keys() - {"held"}), ())
        self.assertEqual(allowed("archived", FINE), ("erase",))
        self.assertEqual(allowed("erased", FINE), ())

    def test_new_cycles(self):
        events = {step.event for step in STEPS.values() if step.new_cycle}
        self.assertEqual(events, {"contest", "escalate_stage", "reopen"})

    def test_a_letter_is_corrected_wherever_one_is_sent_and_moves_nothing(self):
        for step in STEPS.values():
            if step.event in ("acknowledge", "reply", "not_complaint", "closure"):
                self.assertLessEqual(step.sources, STEPS["correct"].sources)
        for state in STEPS["correct"].sources:
            self.assertEqual(target("correct", state), state)
        for state in (None, "archived", "erased"):
            self.assertEqual(refusal("correct", state, FINE).code, "state")


class TestWalk(TestCase):
    def walk(self, *events, facts=FINE):
        state = None
        for event in events:
            true = facts | ({"open_referral"} if event == "mediator_file" else set())
            self.assertIsNone(refusal(event, state, true), (event, state))
            state = target(event, state)
        return state

    def test_from_ticket_to_erased(self):
        state = self.walk(
            "report",
            "inform",
            "qualify_yes",
            "acknowledge",
            "extend",
            "decide",
            "reply",
            "contest",
            "decide",
            "reply",
            "accept",
            "refer",
            "mediator_file",
            "reopen",
            "reply",
            "close",
            "closure",
            "archive",
            "erase",
        )
        self.assertEqual(state, "erased")

    def test_a_no_that_is_challenged(self):
        state = self.walk("report", "qualify_no", "not_complaint", "qualify_yes")
        self.assertEqual(state, "in_progress")

    def test_a_no_that_stays(self):
        state = self.walk("report", "qualify_no", "archive", "erase")
        self.assertEqual(state, "erased")


class TestRefusal(TestCase):
    CASES = (
        # event, state, true facts, code
        ("report", "to_qualify", (), "state"),
        ("acknowledge", "to_qualify", (), "state"),
        ("qualify_no", "in_progress", (), "state"),
        ("qualify_yes", "not_complaint", (), None),
        ("pause", "in_progress", (), None),
        ("pause", "in_progress", ("paused",), "forbids:paused"),
        ("resume", "in_progress", (), "needs:paused"),
        ("resume", "in_progress", ("paused",), None),
        ("resume", "answered", ("paused",), "state"),
        ("reply", "in_progress", ("recourse_body",), "needs:decided"),
        ("reply", "in_progress", ("decided",), "needs:recourse_body"),
        ("reply", "in_progress", ("decided", "recourse_body"), None),
        ("reply", "answered", ("decided", "recourse_body"), "state"),
        ("accept", "answered", (), None),
        ("accept", "in_progress", (), "state"),
        ("close", "not_complaint", (), None),
        ("close", "in_progress", ("decided",), "needs:ended_without_reply"),
        ("close", "in_progress", ("ended_without_reply",), None),
        ("close", "answered", ("cause_given",), "needs:window_over"),
        ("close", "answered", ("window_over",), "needs:cause_given"),
        ("close", "answered", ("window_over", "cause_given"), None),
        ("close", "to_qualify", (), "state"),
        ("reopen", "closed", (), None),
        ("reopen", "archived", (), "state"),
        ("refer", "to_qualify", (), "state"),
        ("refer", "closed", ("open_referral",), None),
        ("mediator_file", "closed", (), "needs:open_referral"),
        ("mediator_file", "closed", ("open_referral",), None),
        ("close", "answered", ("window_over", "cause_given", "open_referral"), None),
        (
            "close",
            "answered",
            ("window_over", "cause_given", "referral_bars_closing"),
            "forbids:referral_bars_closing",
        ),
        ("accept", "answered", ("referral_bars_closing",), None),
        (
            "close",
            "answered",
            ("window_over", "cause_given", "contest_asked"),
            "forbids:contest_asked",
        ),
        ("contest", "answered", ("contest_asked",), None),
        ("accept", "answered", ("contest_asked",), None),
        ("archive", "closed", ("held",), "forbids:held"),
        ("archive", "closed", ("open_referral",), "forbids:open_referral"),
        ("archive", "answered", (), "state"),
        ("erase", "archived", (), "needs:retention_reached"),
        ("erase", "archived", ("retention_reached", "held"), "forbids:held"),
        (
            "erase",
            "archived",
            ("retention_reached", "open_referral"),
            "forbids:open_referral",
        ),
        ("erase", "archived", ("retention_reached",), None),
        ("erase", "closed", ("retention_reached",), "state"),
    )

    def test_cases(self):
        for event, state, true, code in self.CASES:
            with self.subTest(event, state=state, true=true):
                facts = {fact: fact in true for fact in FACTS}
                for given in (facts, set(true), tuple(true)):
                    found = refusal(event, state, given)
                    self.assertEqual(found and found.code, code)

    def test_detail_is_a_sentence(self):
        self.assertEqual(
            refusal("accept", None).detail,
            "accept starts from answered, not from ordinary ticket.",
        )
        self.assertEqual(
            refusal("erase", "archived").detail,
            "erase asks that the last day of keeping is past.",
        )
        self.assertEqual(
            refusal("archive", "closed", {"held"}).detail,
            "archive is barred while a hold is open.",
        )

    def test_target_agrees_with_refusal(self):
        everything = [FINE, FINE | {"paused"}, FINE | {"open_referral"}]
        for event, state in product(STEPS, STATES):
            if state in STEPS[event].sources:
                self.assertIn(target(event, state), STATES)
                self.assertTrue(any(event in allowed(state, f) for f in everything))
            else:
                with self.assertRaises(StepError):
                    target(event, state)
                self.assertEqual(refusal(event, state, FINE).code, "state")

    def test_a_settlement_is_decided_and_in_time(self):
        facts = {"decided", "cause_given", "settled_in_time"}
        self.assertIsNone(refusal("settle", "in_progress", facts))
        for fact in facts:
            found = refusal("settle", "in_progress", facts - {fact})
            self.assertEqual(found.code, f"needs:{fact}")

    def test_only_a_regime_in_stages_escalates(self):
        self.assertIsNone(refusal("escalate_stage", "closed", {"next_stage"}))
        found = refusal("escalate_stage", "closed")
        self.assertEqual(found.code, "needs:next_stage")

    def test_only_a_reply_that_is_lost_is_taken_back(self):
        self.assertIsNone(refusal("undelivered", "answered", {"reply_lost"}))
        found = refusal("undelivered", "answered")
        self.assertEqual(found.code, "needs:reply_lost")
        for state in ("in_progress", "closed", "archived"):
            found = refusal("undelivered", state, {"reply_lost"})
            self.assertEqual(found.code, "state")
        self.assertEqual(target("undelivered", "answered"), "in_progress")

    def test_allowed_is_in_the_order_of_life(self):
        self.assertEqual(
            allowed("answered", FINE),
            (
                "change_regimes",
                "undelivered",
                "accept",
                "contest",
                "escalate_stage",
                "close",
                "reopen",
                "refer",
                "correct",
            ),
        )
