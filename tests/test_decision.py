from odoo.exceptions import AccessError, UserError
from odoo.tests import Form

from .common import ComplaintCase, tagged


@tagged("post_install", "-at_install")
class TestDecision(ComplaintCase):
    """What was decided, point by point, and that it stays as the reply told it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ticket = cls._new_qualified()
        cls.mine = cls.ticket.with_user(cls.handler).with_context(
            allowed_company_ids=cls.company.ids
        )

    def raise_points(self, *points):
        """Points raised: ``(name, verdict, answer or why not)``."""
        model = self.env["complaint.point"].with_user(self.handler)
        return model.create(
            [
                {
                    "ticket_id": self.ticket.id,
                    "sequence": rank,
                    "name": name,
                    "verdict": verdict,
                    "why_not" if verdict == "not_answered" else "answer": text,
                }
                for rank, (name, verdict, text) in enumerate(points)
            ]
        )

    # ------------------------------------------------------------------
    # Justified
    # ------------------------------------------------------------------

    def test_whether_it_is_justified_follows_the_outcome_or_is_said(self):
        rows = [
            ("upheld", None, True),
            ("partly_upheld", None, True),
            ("rejected", None, False),
            ("goodwill_without_admission", None, False),
            ("goodwill_without_admission", True, True),
            ("upheld", False, False),
        ]
        for outcome, said, expected in rows:
            with self.subTest(outcome, said=said):
                decision = self.mine.complaint_decide(
                    outcome, "Reasons.", is_justified=said
                )
                self.assertEqual(decision.is_justified, expected)
                self.assertEqual(self.ticket.complaint_is_justified, expected)
                row = self.env["complaint.report"].browse(self.ticket.id)
                row.invalidate_recordset()
                self.assertEqual(row.is_justified, expected)

    def test_a_fault_admitted_by_a_gesture_needs_its_cause_too(self):
        self.mine.complaint_decide("goodwill_without_admission", "To please.")
        self.assertIn("cause_given", self.ticket._complaint_facts())
        self.mine.complaint_decide(
            "goodwill_without_admission", "To please.", is_justified=True
        )
        self.assertNotIn("cause_given", self.ticket._complaint_facts())

    # ------------------------------------------------------------------
    # Frozen
    # ------------------------------------------------------------------

    def test_what_the_reply_told_never_changes(self):
        self.mine.complaint_decide("upheld", "Reasons.", self.cause.id)
        letter = self.mine.complaint_send_letter("favourable")
        decision = self.ticket.complaint_decision_ids.sudo()
        for vals in (
            {"reasons": "x"},
            {"outcome": "rejected"},
            {"is_justified": False},
            {"is_current": False},
            {"cause_id": False},
            {"letter_id": False, "reasons": "x"},
        ):
            with self.subTest(**vals), self.assertRaisesRegex(UserError, "was told by"):
                decision.write(vals)
        with self.assertRaisesRegex(UserError, "was told by"):
            decision.unlink()
        self.assertEqual(decision.letter_id, letter.sudo())
        # A reply that could not be delivered gives it back.
        decision.letter_id = False
        decision.reasons = "Other reasons."

    def test_nobody_writes_a_decision_by_hand(self):
        decision = self.mine.complaint_decide("upheld", "Reasons.", self.cause.id)
        for user in (self.handler, self.officer, self.agent, self.customer):
            with self.subTest(user.login), self.assertRaises(AccessError):
                decision.with_user(user).reasons = "x"

    # ------------------------------------------------------------------
    # Points
    # ------------------------------------------------------------------

    def test_without_points_the_reasons_answer_the_whole(self):
        self.mine.complaint_decide("rejected", "Reasons.")
        self.assertEqual(self.mine._complaint_points_block(), "")
        self.mine.complaint_send_letter("rejection")
        self.assertEqual(self.ticket.complaint_state, "answered")

    def test_a_reply_leaves_no_point_without_its_answer(self):
        points = self.raise_points(
            ("The fee of March", "accepted", "Refunded."),
            ("The tone of the call", False, False),
            ("The advice of 2019", "not_answered", " "),
            ("The form", "rejected", False),
        )
        self.mine.complaint_decide("partly_upheld", "Reasons.", self.cause.id)
        with self.assertRaisesRegex(UserError, "without an answer") as caught:
            self.mine.complaint_send_letter("partial")
        for point in points[1:]:
            self.assertIn(point.name, str(caught.exception))
        self.assertNotIn(points[0].name, str(caught.exception))
        points[1].write({"verdict": "partly", "answer": "We are sorry."})
        points[2].why_not = "it is before a court."
        points[3].answer = "The law wants it."
        self.mine.complaint_send_letter("partial")

    def test_the_answers_and_the_outcome_agree(self):
        rows = [
            (("rejected", "rejected"), "upheld", "no point raised is accepted"),
            (("rejected", "not_answered"), "partly_upheld", "no point raised is"),
            (("accepted", "accepted"), "rejected", "every point raised is accepted"),
            (("accepted", "accepted"), "not_admissible", "every point raised is"),
            (("accepted", "rejected"), "partly_upheld", None),
            (("accepted", "rejected"), "rejected", None),
            (("rejected", "rejected"), "goodwill_without_admission", None),
            (("not_answered", "not_answered"), "not_admissible", None),
        ]
        points = self.raise_points(("One", False, False), ("Two", False, False))
        points.write({"answer": "So it is.", "why_not": "so it is."})
        for verdicts, outcome, message in rows:
            for point, verdict in zip(points, verdicts, strict=True):
                point.verdict = verdict
            with self.subTest(outcome, verdicts=verdicts):
                if not message:
                    self.mine.complaint_decide(outcome, "Reasons.")
                    continue
                with self.assertRaisesRegex(UserError, message):
                    self.mine.complaint_decide(outcome, "Reasons.")
        # Points answered after the decision are held against it by the reply.
        points.verdict = False
        self.mine.complaint_decide("upheld", "Reasons.", self.cause.id)
        points.verdict = "rejected"
        with self.assertRaisesRegex(UserError, "no point raised is accepted"):
            self.mine.complaint_send_letter("favourable")

    def test_the_block_of_points_is_text(self):
        self.raise_points(
            ("<b>Fee</b>", "accepted", "First line.\nSecond <i>line</i>."),
            ("Advice", "not_answered", "it is before a court."),
        )
        block = self.mine._complaint_points_block()
        self.assertEqual(
            block,
            "<ol><li><strong>&lt;b&gt;Fee&lt;/b&gt;</strong>: First line.<br/>Second "
            "&lt;i&gt;line&lt;/i&gt;.</li><li><strong>Advice</strong>: not answered "
            "here, because it is before a court.</li></ol>",
        )

    def test_the_reply_freezes_the_points_and_a_new_cycle_takes_the_open_ones(self):
        points = self.raise_points(
            ("Fee", "accepted", "Refunded."),
            ("Tone", "rejected", "It was polite."),
            ("Advice", "not_answered", "it is before a court."),
        )
        self.mine.complaint_decide("partly_upheld", "Reasons.", self.cause.id)
        self.mine.complaint_send_letter("partial")
        tries = [
            lambda: points[1].write({"answer": "x"}),
            lambda: points[1].sudo().write({"verdict": "accepted"}),
            lambda: points[1].sudo().unlink(),
            lambda: self.raise_points(("New", False, False)),
        ]
        for number, attempt in enumerate(tries):
            with (
                self.subTest(number),
                self.assertRaisesRegex(UserError, "while the complaint is examined"),
                self.cr.savepoint(),
            ):
                attempt()
        self.as_user(self.customer, self.ticket).complaint_contest("No.")
        again = self.ticket._complaint_current_points()
        self.assertEqual(again.mapped("name"), ["Tone", "Advice"])
        self.assertEqual(again.previous_id, points[1:].sudo())
        self.assertFalse(any(again.mapped("verdict") + again.mapped("answer")))
        again[0].with_user(self.handler).answer = "On reflection, it was not."
        with self.assertRaisesRegex(UserError, "while the complaint is examined"):
            points[1].answer = "x"

    def test_points_stay_where_they_were_raised_and_are_seen_by_handlers_only(self):
        point = self.raise_points(("Fee", False, False))
        other = self._new_qualified()
        for vals in ({"ticket_id": other.id}, {"cycle": 7}, {"previous_id": point.id}):
            with self.subTest(**vals), self.assertRaisesRegex(UserError, "stays in"):
                point.write(vals)
        for user in (self.agent, self.customer, self.stranger):
            with self.subTest(user.login), self.assertRaises(AccessError):
                point.with_user(user).read(["name"])
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.env["complaint.point"].with_user(user).create(
                    {"ticket_id": self.ticket.id, "name": "x"}
                )
        self.assertEqual(point.with_user(self.auditor).name, "Fee")
        with self.assertRaises(AccessError):
            point.with_user(self.auditor).name = "x"
        forged = self.env["complaint.point"].with_user(self.handler)
        forged = forged.create(
            {
                "ticket_id": self.ticket.id,
                "name": "Forged",
                "cycle": 3,
                "previous_id": point.id,
            }
        )
        self.assertEqual((forged.cycle, forged.previous_id.id), (1, False))

    # ------------------------------------------------------------------
    # The dialog
    # ------------------------------------------------------------------

    def dialog(self, tickets):
        return Form(
            self.env["complaint.step"]
            .with_user(self.handler)
            .with_context(
                default_event="decide",
                active_model="helpdesk.ticket",
                active_ids=tickets.ids,
                allowed_company_ids=self.company.ids,
            )
        )

    def test_one_dialog_answers_the_points_and_decides(self):
        point = self.raise_points(("Fee", False, False))
        dialog = self.dialog(self.ticket)
        dialog.outcome = "partly_upheld"
        self.assertEqual(dialog.is_justified, "yes")
        dialog.is_justified = "no"
        dialog.reason = "Reasons."
        dialog.cause_id = self.cause
        with dialog.point_ids.edit(0) as line:
            self.assertEqual(line.name, "Fee")
            line.verdict = "accepted"
            line.answer = "Refunded."
        with dialog.point_ids.new() as line:
            line.name = "Tone"
            line.verdict = "not_answered"
            line.why_not = "nobody recorded the call."
        dialog.save().action_confirm()
        self.assertEqual((point.verdict, point.answer), ("accepted", "Refunded."))
        points = self.ticket._complaint_current_points()
        self.assertEqual(points.mapped("name"), ["Fee", "Tone"])
        decision = self.ticket._complaint_decision()
        self.assertEqual(
            (decision.outcome, decision.is_justified), ("partly_upheld", False)
        )

    def test_several_are_decided_at_once_without_points(self):
        self.raise_points(("Fee", False, False))
        both = self.ticket | self._new_qualified()
        dialog = self.dialog(both)
        self.assertFalse(dialog.has_points)
        dialog.outcome = "withdrawn"
        dialog.reason = "Called off."
        dialog.save().action_confirm()
        self.assertEqual(both.mapped("complaint_outcome"), ["withdrawn"] * 2)
