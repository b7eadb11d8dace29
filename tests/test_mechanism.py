from .common import tagged
from .regime_case import RegimeCase


@tagged("post_install", "-at_install")
class TestMechanism(RegimeCase):
    """From when, how long, for whom, and how it becomes longer."""

    # ------------------------------------------------------------------
    # From when: every event from which a regime may count
    # ------------------------------------------------------------------

    def test_start_sent(self):
        """T7: posted on a Friday, received on Tuesday."""
        regime = self.regime()
        ack = self.policy(
            regime,
            "acknowledge",
            10,
            "business_day",
            count_from="sent",
            calendar_id=self.france_six,
        )
        reply = self.policy(regime, amount=2, unit="month", count_from="sent")
        ticket = self.complaint(regime, "2026-03-10 09:00:00", "2026-03-06")
        self.assertEqual(self.due(ticket, ack), "2026-03-18")
        self.assertEqual(self.due(ticket, reply), "2026-05-06")
        # Without its day the receipt counts, and the file says so.
        ticket.complaint_sent_date = False
        self.assertEqual(self.due(ticket, reply), "2026-05-10")
        self.assertIn("not known", self.promise(ticket, reply).explanation)

    def test_start_first_written_complaint(self):
        """Said by telephone, a complaint waits until it is written down."""
        regime = self.regime()
        oral = self.policy(regime, amount=2, unit="month", count_from="sent_written")
        ticket = self.complaint(regime, "2026-03-06 09:00:00", complaint_medium="oral")
        self.assertFalse(self.promise(ticket, oral))
        self.assertFalse(ticket.complaint_next_due_at)
        self.go("2026-03-12 09:00:00")
        ticket.complaint_written_date = "2026-03-10"
        self.assertEqual(self.due(ticket, oral), "2026-05-10")
        self.assertEqual(self.events(ticket)[-2:], ["change", "deadlines"])
        ticket.complaint_written_date = False
        self.assertEqual(self.state(ticket, oral), "cancelled")
        ticket.complaint_written_date = "2026-03-11"
        self.assertEqual(self.due(ticket, oral), "2026-05-11")
        self.assertEqual(self.state(ticket, oral), "running")
        written = self.complaint(regime, "2026-03-10 09:00:00", "2026-03-06")
        self.assertEqual(self.due(written, oral), "2026-05-06")

    def test_start_received(self):
        """The local day of the receipt is day zero, whatever day it is in UTC."""
        regime = self.regime()
        policy = self.policy(regime)
        for received, due in (
            ("2026-03-06 09:00:00", "2026-03-16"),
            ("2026-03-06 22:59:59", "2026-03-16"),
            ("2026-03-06 23:00:00", "2026-03-17"),
        ):
            with self.subTest(received):
                ticket = self.complaint(regime, received)
                self.assertEqual(self.due(ticket, policy), due)

    def test_start_registered(self):
        regime = self.regime()
        policy = self.policy(regime, count_from="registered")
        self.go("2026-03-06 09:00:00")
        ticket = self._new_complaint(received="2026-03-06 09:00:00")
        self.go("2026-03-10 09:00:00")
        ticket.complaint_qualify(True, "x", regime.ids)
        self.assertEqual(self.due(ticket, policy), "2026-03-20")

    def test_start_acknowledged(self):
        """T17: the first stage counts from the acknowledgement, the first one sent."""
        regime = self.regime(tz="Europe/London")
        days = {"unit": "business_day", "calendar_id": self.england}
        ack = self.policy(regime, "acknowledge", 5, **days)
        reply = self.policy(regime, amount=10, count_from="acknowledged", **days)
        ticket = self.complaint(regime, "2026-04-27 09:00:00")
        self.assertEqual(self.due(ticket, ack), "2026-05-05")
        self.assertFalse(self.promise(ticket, reply))
        self.go("2026-04-30 09:00:00")
        ticket.complaint_send_letter("acknowledge")
        self.assertEqual(self.state(ticket, ack), "met")
        self.assertEqual(self.due(ticket, reply), "2026-05-15")
        self.go("2026-05-12 09:00:00")
        ticket.complaint_send_letter("acknowledge")
        self.assertEqual(self.due(ticket, reply), "2026-05-15")
        self.assertEqual(str(ticket.complaint_acknowledged_at)[:10], "2026-04-30")

    def test_start_investigated(self):
        regime = self.regime()
        policy = self.policy(regime, count_from="investigated")
        ticket = self.complaint(regime)
        self.assertFalse(self.promise(ticket, policy))
        self.go("2026-03-20 09:00:00")
        ticket.complaint_investigated_at = "2026-03-19 15:00:00"
        self.assertEqual(self.due(ticket, policy), "2026-03-29")
        self.answer(ticket)
        ticket.complaint_contest("No.")
        self.assertFalse(self.promise(ticket, policy), "of the cycle before")
        self.go("2026-04-02 09:00:00")
        ticket.complaint_investigated_at = "2026-04-01 15:00:00"
        self.assertEqual(self.due(ticket, policy), "2026-04-11")

    def test_start_answered(self):
        """T18: the window counts from the reply, and moves off a closed day."""
        regime = self.regime()
        self.policy(regime)
        window = self.policy(
            regime,
            "accept",
            8,
            count_from="answered",
            roll="next",
            calendar_id=self.france,
        )
        for sent, due in (("2026-07-03", "2026-07-13"), ("2026-07-06", "2026-07-15")):
            with self.subTest(sent):
                ticket = self.complaint(regime, "2026-07-01 09:00:00")
                self.assertFalse(self.promise(ticket, window))
                self.go(f"{sent} 12:00:00")
                self.answer(ticket)
                self.assertEqual(self.due(ticket, window), due)

    def test_start_escalated(self):
        regime = self.regime(stage_count=2)
        policy = self.policy(regime, stage=2, count_from="escalated")
        ticket = self.complaint(regime)
        self.assertFalse(self.promise(ticket, policy))
        self.withdraw(ticket)
        self.go("2026-03-25 09:00:00")
        ticket.complaint_escalate("Not what was asked.")
        self.assertEqual(self.due(ticket, policy), "2026-04-04")

    def test_start_referred(self):
        """The mediator's time runs, on a closed file as on an open one."""
        regime = self.regime()
        self.policy(regime)
        outcome = self.policy(
            regime,
            "inform",
            90,
            label="Outcome of the mediation",
            count_from="referred",
            is_manual=True,
        )
        ticket = self.complaint(regime)
        self.go("2026-03-12 09:00:00")
        ticket.complaint_refer(self.body.id, "2026-03-10")
        self.assertEqual(self.due(ticket, outcome), "2026-06-08")
        closed = self.complaint(regime, "2026-03-12 09:00:00")
        self.answer(closed)
        closed.complaint_close("Nothing more was heard.")
        self.go("2026-03-20 09:00:00")
        closed.complaint_refer(self.body.id, "2026-03-20")
        promise = self.promise(closed, outcome)
        self.assertEqual(self.due(closed, outcome), "2026-06-18")
        self.go("2026-06-01 09:00:00")
        self.as_user(self.handler, promise).complaint_mark_done("The opinion came.")
        self.assertEqual(promise.state, "met")

    def test_start_silence(self):
        """Each regime's own silence starts its own window."""
        early = self.regime("early")
        self.policy(early, amount=10, on_silence="recourse_opens")
        late = self.regime("late")
        self.policy(late, amount=2, unit="month", on_silence="deemed_rejected")
        sue = self.policy(late, "refer", 2, "month", count_from="silence")
        ticket = self.complaint(early | late)
        self.run_jobs("2026-03-17 09:00:00")
        self.assertFalse(self.promise(ticket, sue))
        self.assertEqual(self.events(ticket)[-1], "silence")
        self.run_jobs("2026-05-07 09:00:00")
        self.assertEqual(self.due(ticket, sue), "2026-07-06")
        self.assertEqual(ticket.complaint_outcome, "deemed_rejected")

    def test_start_event_or_knowledge_is_the_time_to_complain(self):
        regime = self.regime()
        rows = (
            # counted from, day, received, in time
            ("event", "2025-03-06", "2026-03-06 09:00:00", "met"),
            ("event", "2025-03-05", "2026-03-06 09:00:00", "late"),
            ("known", "2025-03-06", "2026-03-06 09:00:00", "met"),
            ("known", "2025-03-01", "2026-03-06 09:00:00", "late"),
        )
        policies = {
            start: self.policy(
                regime, "complain", 12, "month", count_from=start, label=start
            )
            for start in ("event", "known")
        }
        self.policy(regime, amount=6, unit="month")
        days = {"event": "complaint_fact_date", "known": "complaint_known_date"}
        for start, day, received, state in rows:
            with self.subTest(start=start, day=day):
                ticket = self.complaint(regime, received, **{days[start]: day})
                self.assertEqual(self.state(ticket, policies[start]), state)
                self.assertFalse(ticket.complaint_is_overdue)

    def test_a_corrected_event_is_judged_anew(self):
        regime = self.regime()
        policy = self.policy(regime, "complain", 12, "month", count_from="event")
        ticket = self.complaint(regime, complaint_fact_date="2015-03-05")
        self.assertEqual(self.state(ticket, policy), "late")
        ticket.complaint_fact_date = "2025-05-05"
        self.assertEqual(self.state(ticket, policy), "met")
        self.assertEqual(self.due(ticket, policy), "2026-05-05")
        ticket.complaint_fact_date = False
        self.assertEqual(self.state(ticket, policy), "cancelled")
        ticket.complaint_fact_date = "2015-03-05"
        self.assertEqual(self.state(ticket, policy), "late")

    def test_a_day_is_the_same_day_under_every_regime(self):
        """Sent on the sixth is the sixth in Montréal as in Paris."""
        paris = self.regime("paris")
        montreal = self.regime("montreal", tz="America/Toronto")
        tokyo = self.regime("tokyo", tz="Asia/Tokyo")
        policies = [
            self.policy(regime, count_from="sent")
            for regime in (paris, montreal, tokyo)
        ]
        ticket = self.complaint(
            paris | montreal | tokyo, "2026-03-10 09:00:00", "2026-03-06"
        )
        for policy in policies:
            with self.subTest(policy.regime_id.tz):
                self.assertEqual(self.due(ticket, policy), "2026-03-16")
        montreal.tz = "Europe/London"
        self.assertEqual(self.due(ticket, policies[1]), "2026-03-16")

    def test_a_promise_made_late_is_judged_by_what_was_done(self):
        """A regime that comes after the acknowledgement asks for no other one."""
        first = self.regime("first")
        self.policy(first)
        second = self.regime("second")
        ack = self.policy(second, "acknowledge", 10)
        qualify = self.policy(second, "qualify", 5)
        ticket = self.complaint(first)
        self.go("2026-03-10 09:00:00")
        letter = ticket.complaint_send_letter("acknowledge")
        self.go("2026-03-12 09:00:00")
        boss = self.as_user(self.manager, ticket)
        boss.complaint_change_regimes(second.ids, "Another text applies.")
        self.assertEqual(self.state(ticket, ack), "met")
        self.assertEqual(self.promise(ticket, ack).met_at, letter.sent_at)
        self.assertEqual(self.state(ticket, qualify), "met")
        # Away and back again: what was done meanwhile stays done.
        boss.complaint_change_regimes(first.ids, "No.")
        boss.complaint_change_regimes(second.ids, "Yes.")
        self.assertEqual(self.state(ticket, ack), "met")

    def test_a_regime_added_after_the_answer_asks_for_no_second_one(self):
        first = self.regime("first")
        self.policy(first)
        second = self.regime("second")
        reply = self.policy(second, amount=3)
        unneeded = self.policy(second, "acknowledge", 8, waived_by_step="respond")
        broken = self.policy(
            second, "acknowledge", 4, label="Receipt", waived_by_step="respond"
        )
        ticket = self.complaint(first)
        self.go("2026-03-12 09:00:00")
        self.answer(ticket)
        boss = self.as_user(self.manager, ticket)
        boss.complaint_change_regimes((first | second).ids, "Both apply.")
        self.assertEqual(self.state(ticket, reply), "late")
        self.assertEqual(self.state(ticket, unneeded), "waived")
        self.assertEqual(self.state(ticket, broken), "late")
        self.assertFalse(ticket.complaint_next_due_at)

    def test_a_promise_that_comes_back_is_reckoned_anew(self):
        first = self.regime("first")
        self.policy(first)
        second = self.regime("second")
        policy = self.policy(second)
        ticket = self.complaint(first | second)
        boss = self.as_user(self.manager, ticket)
        boss.complaint_change_regimes(first.ids, "No.")
        policy.amount = 20
        boss.complaint_change_regimes((first | second).ids, "Yes.")
        self.assertEqual(self.due(ticket, policy), "2026-03-26")
        self.assertIn(
            "2026-03-26", ticket.sudo().complaint_event_ids.sorted()[-1].payload
        )

    def test_another_start_on_the_same_day_is_named(self):
        regime = self.regime()
        policy = self.policy(regime, count_from="sent")
        ticket = self.complaint(regime)
        policy.count_from = "received"
        self.assertEqual(self.promise(ticket, policy).start_event, "received")

    # ------------------------------------------------------------------
    # How long, and for whom
    # ------------------------------------------------------------------

    def test_inclusive_count(self):
        """T15: six months commencing on 15 March end on 14 September."""
        regime = self.regime(tz="Europe/London")
        inclusive = self.policy(regime, amount=6, unit="month", is_inclusive=True)
        exclusive = self.policy(regime, amount=6, unit="month", label="Other")
        ticket = self.complaint(regime, "2026-03-15 09:00:00")
        self.assertEqual(self.due(ticket, inclusive), "2026-09-14")
        self.assertEqual(self.due(ticket, exclusive), "2026-09-15")
        self.assertIn("first day counts", self.promise(ticket, inclusive).explanation)

    def test_length_by_type_product_severity_medium_and_condition(self):
        regime = self.regime()
        credit = self.env["complaint.product"].create({"name": "Credit"})
        phone = self.env.ref("helpdesk_mgmt.helpdesk_ticket_channel_phone")
        plain = self.policy(regime, amount=30)
        rows = (
            # length, only for, a complaint that is meant
            (
                11,
                {"complainant_type": "professional"},
                {"complaint_complainant_type": "professional"},
            ),
            (
                12,
                {"product_ids": [(6, 0, credit.ids)]},
                {"complaint_product_id": credit.id},
            ),
            (13, {"severity": "3"}, {"complaint_severity": "3"}),
            (14, {"medium": "oral"}, {"complaint_medium": "oral"}),
            (
                15,
                {"ticket_domain": f"[('channel_id', '=', {phone.id})]"},
                {"channel_id": phone.id},
            ),
        )
        for amount, audience, meant in rows:
            special = self.policy(
                regime, amount=amount, instead_of_ids=[(6, 0, plain.ids)], **audience
            )
            with self.subTest(**meant):
                ticket = self.complaint(regime, **meant)
                self.assertFalse(self.promise(ticket, plain))
                self.assertEqual(self.due(ticket, special), f"2026-03-{6 + amount}")
                other = self.complaint(regime)
                self.assertFalse(self.promise(other, special))
                self.assertEqual(self.due(other, plain), "2026-04-05")
            special.active = False

    def test_length_follows_a_corrected_type(self):
        regime = self.regime()
        plain = self.policy(regime, amount=30)
        special = self.policy(
            regime,
            amount=45,
            complainant_type="professional",
            instead_of_ids=[(6, 0, plain.ids)],
        )
        ticket = self.complaint(regime)
        ticket.complaint_complainant_type = "professional"
        self.assertEqual(self.state(ticket, plain), "cancelled")
        self.assertEqual(self.due(ticket, special), "2026-04-20")
        ticket.complaint_complainant_type = "consumer"
        self.assertEqual(self.due(ticket, plain), "2026-04-05")
        self.assertEqual(self.state(ticket, special), "cancelled")

    def test_length_follows_whatever_a_condition_looks_at(self):
        regime = self.regime()
        plain = self.policy(regime, amount=30)
        phone = self.env.ref("helpdesk_mgmt.helpdesk_ticket_channel_phone")
        special = self.policy(
            regime,
            amount=45,
            ticket_domain=f"[('channel_id', '=', {phone.id})]",
            instead_of_ids=[(6, 0, plain.ids)],
        )
        ticket = self.complaint(regime)
        self.assertEqual(self.due(ticket, plain), "2026-04-05")
        ticket.channel_id = phone
        self.assertEqual(self.due(ticket, special), "2026-04-20")
        self.assertEqual(self.state(ticket, plain), "cancelled")
        self.assertEqual(self.events(ticket)[-1], "deadlines")
        special.ticket_domain = "[('priority', '=', '3')]"
        self.assertEqual(self.due(ticket, plain), "2026-04-05")
        ticket.priority = "3"
        self.assertEqual(self.due(ticket, special), "2026-04-20")

    def test_length_follows_the_company_that_takes_the_file(self):
        regime = self.regime()
        policy = self.policy(regime, amount=30, is_company_set=True)
        other = self.env["res.company"].create({"name": "Elsewhere"})
        policy.with_company(other).write({"company_amount": 9, "company_unit": "day"})
        self.team.complaint_regime_ids = regime
        self.go("2026-03-06 09:00:00")
        ticket = self._new_complaint(received="2026-03-06 09:00:00")
        self.assertEqual(self.due(ticket, policy), "2026-04-05")
        desk = self.env["helpdesk.ticket.team"].create(
            {
                "name": "Desk elsewhere",
                "company_id": other.id,
                "complaint_regime_ids": [(6, 0, regime.ids)],
            }
        )
        ticket.write({"company_id": other.id, "team_id": desk.id, "user_id": False})
        self.assertEqual(self.due(ticket, policy), "2026-03-15")
        self.assertIn("another company", ticket.complaint_event_ids[-1].note)

    def test_length_set_by_company(self):
        """Each company its own, never beyond the length of the text."""
        regime = self.regime()
        policy = self.policy(
            regime,
            amount=2,
            unit="month",
            is_company_set=True,
            extension="free",
            calendar_id=self.france,
        )
        other = self.env["res.company"].create({"name": "Elsewhere"})
        team = self.team.copy({"company_id": other.id, "user_ids": [(5,)]})
        here = self.complaint(regime)
        self.assertEqual(self.due(here, policy), "2026-05-06")
        policy.with_company(self.company).write(
            {"company_amount": 15, "company_unit": "business_day"}
        )
        self.assertEqual(self.due(here, policy), "2026-03-27")
        self.assertIn("15 working days", self.promise(here, policy).explanation)
        there = self._new_ticket(company_id=other.id, team_id=team.id, user_id=False)
        there.complaint_report("2026-03-06 09:00:00")
        there.complaint_qualify(True, "x", regime.ids)
        self.assertEqual(self.due(there, policy), "2026-05-06")
        with self.refused("Vercors may not set 3 months"):
            policy.with_company(self.company).write(
                {"company_amount": 3, "company_unit": "month"}
            )
        # A date between the company's length and the longest can be promised.
        here.complaint_extend("respond", "2026-04-15", "An expert is heard.")
        self.assertEqual(self.due(here, policy), "2026-04-15")
        self.assertIn("Extended", self.promise(here, policy).explanation)

    # ------------------------------------------------------------------
    # Extension
    # ------------------------------------------------------------------

    def test_extension_with_a_ceiling(self):
        """T9: fifteen days, thirty-five in all, from the same start."""
        rows = (
            (self.france, "2026-04-24", "2026-05-28"),
            (self.target, "2026-04-27", "2026-05-26"),
            (self.france_six, "2026-04-21", "2026-05-18"),
            (self.england, "2026-04-27", "2026-05-27"),
        )
        for calendar, first, last in rows:
            with self.subTest(calendar.name):
                regime = self.regime(calendar.name)
                policy = self.policy(
                    regime,
                    amount=15,
                    unit="business_day",
                    calendar_id=calendar,
                    extension="ceiling",
                    extension_amount=35,
                    extension_unit="business_day",
                )
                ticket = self.complaint(regime, "2026-04-02 09:00:00")
                self.assertEqual(self.due(ticket, policy), first)
                with self.refused("Answer: 15 .* at most"):
                    ticket.complaint_extend("respond", "2026-06-30", "x")
                ticket.complaint_extend("respond", last, "An expert is heard.")
                self.assertEqual(self.due(ticket, policy), last)
                promise = self.promise(ticket, policy)
                self.assertEqual(
                    str(promise.original_due_at)[:10], first, "the first date stays"
                )
                with self.refused("Answer: 15 working days"):
                    ticket.complaint_extend("respond", "2026-06-01", "Again.")
                self.assertEqual(self.events(ticket)[-1], "extend")

    def test_extension_that_adds_a_length(self):
        """T17: ten working days more than Friday 15 May is Monday 1 June."""
        regime = self.regime(tz="Europe/London")
        days = {"unit": "business_day", "calendar_id": self.england}
        policy = self.policy(
            regime,
            amount=10,
            count_from="acknowledged",
            extension="add",
            extension_amount=10,
            extension_unit="business_day",
            extension_max=1,
            **days,
        )
        ticket = self.complaint(regime, "2026-04-27 09:00:00")
        self.go("2026-04-30 09:00:00")
        ticket.complaint_send_letter("acknowledge")
        with self.refused("until 06/01/2026 at most"):
            ticket.complaint_extend("respond", "2026-06-02", "x")
        ticket.complaint_extend("respond", "2026-06-01", "x")
        self.assertEqual(self.due(ticket, policy), "2026-06-01")
        with self.refused("extended 1 times already"):
            ticket.complaint_extend("respond", "2026-06-02", "x")

    def test_extension_added_to_an_inclusive_count(self):
        """The last day of the first length is not counted a second time."""
        regime = self.regime()
        policy = self.policy(
            regime,
            amount=6,
            unit="month",
            is_inclusive=True,
            extension="add",
            extension_amount=10,
            extension_unit="day",
        )
        ticket = self.complaint(regime, "2026-03-15 09:00:00")
        ticket.complaint_extend("respond", "2026-09-24", "x")
        self.assertEqual(self.due(ticket, policy), "2026-09-24")

    def test_extension_to_a_new_date_promised(self):
        regime = self.regime()
        policy = self.policy(regime, extension="free", extension_max=2)
        ticket = self.complaint(regime)
        for day in ("2026-06-01", "2027-06-01"):
            ticket.complaint_extend("respond", day, "An expert is heard.")
            self.assertEqual(self.due(ticket, policy), day)
        with self.refused("2 times already.*all the regime"):
            ticket.complaint_extend("respond", "2027-07-01", "x")
        for day in ("2027-06-01", "2026-03-01"):
            with self.refused("times already"):
                ticket.complaint_extend("respond", day, "x")

    def test_extension_by_agreement_before_expiry_only(self):
        regime = self.regime()
        policy = self.policy(regime, extension="agreement")
        ticket = self.complaint(regime)
        late = self.complaint(regime)
        self.go("2026-03-16 22:59:59")
        ticket.complaint_extend("respond", "2026-05-01", "He agreed by telephone.")
        self.assertEqual(self.due(ticket, policy), "2026-05-01")
        self.go("2026-03-16 23:00:00")
        with self.refused("time ran out on 03/16/2026"):
            late.complaint_extend("respond", "2026-05-01", "He agreed.")

    def letter_regime(self):
        regime = self.regime()
        return regime, self.policy(
            regime,
            extension="ceiling",
            extension_amount=30,
            extension_unit="day",
            extension_needs_letter=True,
        )

    def test_extension_holds_once_its_letter_has_left(self):
        regime, policy = self.letter_regime()
        ticket = self.complaint(regime)
        ticket.complaint_extend("respond", "2026-04-05", "An expert is heard.")
        promise = self.promise(ticket, policy)
        self.assertEqual(self.due(ticket, policy), "2026-03-16")
        self.assertEqual(str(promise.extension_pending_to), "2026-04-05")
        self.assertIn("holds once the holding letter", promise.explanation)
        self.go("2026-03-16 22:59:59")
        letter = ticket.complaint_send_letter("holding")
        self.assertIn("April 5, 2026", letter.body)
        self.assertEqual(self.due(ticket, policy), "2026-04-05")
        self.assertFalse(promise.extension_pending_to)
        self.assertEqual(self.events(ticket)[-2:], ["deadlines", "holding"])

    def test_extension_whose_letter_leaves_too_late_does_not_hold(self):
        regime, policy = self.letter_regime()
        ticket = self.complaint(regime)
        ticket.complaint_extend("respond", "2026-04-05", "An expert is heard.")
        self.go("2026-03-16 23:00:00")
        ticket.complaint_send_letter("holding")
        self.assertEqual(self.due(ticket, policy), "2026-03-16")
        self.assertTrue(ticket.complaint_is_overdue)
        self.go("2026-03-20 09:00:00")
        self.answer(ticket)
        self.assertEqual(self.state(ticket, policy), "late")
        posted = self.complaint(regime)
        posted.complaint_extend("respond", "2026-04-05", "An expert is heard.")
        self.go("2026-03-18 09:00:00")
        posted.complaint_send_letter(
            "holding", channel="post", posted_at="2026-03-15 15:00:00"
        )
        self.assertEqual(self.due(posted, policy), "2026-04-05")

    def test_extension_after_its_letter_holds_at_once(self):
        regime, policy = self.letter_regime()
        ticket = self.complaint(regime)
        ticket.complaint_send_letter("holding")
        self.assertEqual(self.due(ticket, policy), "2026-03-16")
        ticket.complaint_extend("respond", "2026-03-26", "An expert is heard.")
        self.assertEqual(self.due(ticket, policy), "2026-03-26")
        # One letter announces one date: the next needs another.
        ticket.complaint_extend("respond", "2026-04-05", "And another.")
        self.assertEqual(self.due(ticket, policy), "2026-03-26")
        ticket.complaint_send_letter("holding")
        self.assertEqual(self.due(ticket, policy), "2026-04-05")

    def test_extension_under_several_regimes_leaves_the_strictest_binding(self):
        strict = self.regime("strict")
        first = self.policy(strict, amount=20)
        lax = self.regime("lax")
        second = self.policy(lax, amount=15, extension="free")
        third = self.policy(lax, amount=60, extension="free", label="Full answer")
        ticket = self.complaint(strict | lax)
        self.assertTrue(self.promise(ticket, second).is_binding)
        self.assertEqual(
            ticket.complaint_next_due_at, self.promise(ticket, second).due_at
        )
        ticket.complaint_extend("respond", "2026-04-20", "An expert is heard.")
        self.assertEqual(self.due(ticket, first), "2026-03-26")
        self.assertEqual(self.due(ticket, second), "2026-04-20")
        self.assertEqual(self.due(ticket, third), "2026-05-05", "is later already")
        self.assertTrue(self.promise(ticket, first).is_binding)
        self.assertFalse(self.promise(ticket, second).is_binding)
        self.assertEqual(
            ticket.complaint_next_due_at, self.promise(ticket, first).due_at
        )

    def test_extension_that_is_overtaken_by_a_later_start_is_no_error(self):
        """A correction may carry the period beyond the date once promised."""
        regime = self.regime()
        policy = self.policy(regime, extension="free")
        ticket = self.complaint(regime)
        self.go("2026-04-10 09:00:00")
        ticket.complaint_extend("respond", "2026-04-12", "x")
        ticket.complaint_received_at = "2026-04-10 08:00:00"
        self.assertEqual(self.due(ticket, policy), "2026-04-20")
        self.assertIn("Due: Mon 20 Apr 2026", self.promise(ticket, policy).explanation)

    def test_extension_does_not_undo_what_silence_has_done(self):
        regime = self.regime()
        policy = self.policy(regime, extension="free", on_silence="deemed_accepted")
        ticket = self.complaint(regime)
        self.run_jobs("2026-03-17 09:00:00")
        with self.refused("silence took effect"):
            ticket.complaint_extend("respond", "2026-04-12", "x")
        self.assertEqual(self.due(ticket, policy), "2026-03-16")
