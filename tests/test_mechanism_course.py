from odoo import fields
from odoo.exceptions import AccessError

from .common import tagged
from .regime_case import RegimeCase


@tagged("post_install", "-at_install")
class TestMechanismCourse(RegimeCase):
    """On the way and at the end: waived, again, opened, passed, stopped, moved."""

    # ------------------------------------------------------------------
    # Not needed
    # ------------------------------------------------------------------

    def test_waived_by_another_step(self):
        """No acknowledgement once the answer went out in its time; late is late."""
        regime = self.regime()
        ack = self.policy(regime, "acknowledge", 10, waived_by_step="respond")
        plain = self.policy(regime, "acknowledge", 10, label="Receipt")
        reply = self.policy(regime, amount=60)
        rows = (
            # answered on, state of the waivable one, of the plain one
            ("2026-03-16 22:59:59", "waived", "met"),
            ("2026-03-16 23:00:00", "late", "late"),
        )
        for moment, waivable, other in rows:
            with self.subTest(moment):
                ticket = self.complaint(regime)
                self.go(moment)
                self.answer(ticket)
                self.assertEqual(self.state(ticket, ack), waivable)
                self.assertEqual(self.state(ticket, plain), other)
                self.assertEqual(self.state(ticket, reply), "met")

    def test_waived_by_early_settlement(self):
        """T13: close of the third business day after receipt, and not later."""
        regime = self.regime(tz="Europe/London")
        reply = self.policy(
            regime,
            amount=8,
            unit="week",
            settlement_amount=3,
            settlement_unit="business_day",
            calendar_id=self.england,
        )
        target = self.policy(regime, amount=2, target="internal", label="House target")
        recourse = self.policy(
            regime, "refer", 6, "month", count_from="answered", label="Ombudsman"
        )
        ticket = self.complaint(regime, "2026-04-02 09:00:00")
        promise = self.promise(ticket, reply)
        self.assertEqual(str(promise.settle_until), "2026-04-09 22:59:59")
        self.assertIn("Not needed if settled by", promise.explanation)
        with self.refused("No decision"):
            ticket.complaint_settle("A refund, he said yes by telephone.")
        late = self.complaint(regime, "2026-04-02 09:00:00")
        (ticket | late).complaint_decide("upheld", "We were wrong.", self.cause.id)
        self.go("2026-04-09 22:59:59")
        with self.refused("needs its reason"):
            ticket.complaint_settle(" ")
        ticket.complaint_settle("A refund, he said yes by telephone.")
        self.assertEqual(ticket.complaint_state, "closed")
        self.assertEqual(self.state(ticket, reply), "waived")
        self.assertEqual(self.state(ticket, target), "late", "was broken before")
        self.assertEqual(self.events(ticket)[-1], "settle")
        self.go("2026-04-10 10:00:00")
        ticket.complaint_send_letter("closure")
        self.assertEqual(self.due(ticket, recourse), "2026-10-10")
        self.assertEqual(self.state(ticket, recourse), "running")
        with self.refused("early settlement"):
            late.complaint_settle("A refund.")
        self.assertEqual(self.state(late, reply), "running")

    def test_no_early_settlement_where_another_regime_knows_none(self):
        knows = self.regime("knows")
        self.policy(knows, amount=56, settlement_amount=3, settlement_unit="day")
        other = self.regime("other")
        self.policy(other, amount=60)
        ticket = self.complaint(knows | other)
        ticket.complaint_decide("upheld", "We were wrong.", self.cause.id)
        with self.refused("early settlement"):
            ticket.complaint_settle("A refund.")

    # ------------------------------------------------------------------
    # Again
    # ------------------------------------------------------------------

    def recurring(self, **vals):
        regime = self.regime()
        self.policy(regime, amount=100, unit="day")
        return regime, self.policy(
            regime,
            "inform",
            20,
            "business_day",
            calendar_id=self.france,
            is_recurring=True,
            **vals,
        )

    def test_recurring_counts_from_the_same_start(self):
        regime, policy = self.recurring()
        ticket = self.complaint(regime)
        self.assertEqual(self.due(ticket, policy), "2026-04-03")
        self.go("2026-03-20 09:00:00")
        ticket.complaint_send_letter("inform")
        self.assertEqual(self.state(ticket, policy), "met")
        # Forty working days from the receipt, over Easter Monday and 1 May.
        self.assertEqual(self.due(ticket, policy, 2), "2026-05-05")
        self.assertIn("no. 2", self.promise(ticket, policy, 2).label)
        self.go("2026-05-05 09:00:00")
        ticket.complaint_send_letter("holding")
        self.assertEqual(self.state(ticket, policy, 2), "met")
        self.assertEqual(self.state(ticket, policy, 3), "running")

    def test_recurring_records_what_was_missed(self):
        regime, policy = self.recurring()
        ticket = self.complaint(regime)
        self.go("2026-05-10 09:00:00")
        ticket.complaint_send_letter("inform")
        states = [self.state(ticket, policy, number) for number in (1, 2, 3, 4)]
        self.assertEqual(states, ["late", "late", "running", False])

    def test_recurring_ends_with_the_answer(self):
        regime, policy = self.recurring()
        ticket = self.complaint(regime)
        silent = self.complaint(regime)
        withdrawn = self.complaint(regime)
        self.go("2026-03-20 09:00:00")
        self.answer(ticket)
        self.assertEqual(self.state(ticket, policy), "met")
        self.assertFalse(self.promise(ticket, policy, 2))
        # What was missed before the answer stays missed.
        self.go("2026-05-10 09:00:00")
        self.answer(silent)
        self.withdraw(withdrawn)
        for late in (silent, withdrawn):
            states = [self.state(late, policy, number) for number in (1, 2, 3)]
            self.assertEqual(states, ["late", "late", False])

    def test_recurring_keeps_its_pauses(self):
        regime, policy = self.recurring(can_pause=True)
        ticket = self.complaint(regime)
        self.go("2026-03-10 09:00:00")
        ticket.complaint_pause("A document is awaited.")
        self.go("2026-03-17 09:00:00")
        ticket.complaint_resume()
        self.assertEqual(self.due(ticket, policy), "2026-04-13")
        ticket.complaint_send_letter("inform")
        self.assertEqual(self.due(ticket, policy, 2), "2026-05-13")

    def test_recurring_by_hand(self):
        regime, policy = self.recurring(is_manual=True, label="Call")
        ticket = self.complaint(regime)
        ticket.complaint_send_letter("inform")
        promise = self.as_user(self.handler, self.promise(ticket, policy))
        self.assertEqual(promise.state, "running", "no letter ends it")
        self.go("2026-03-20 09:00:00")
        promise.complaint_mark_done("Called him.", "2026-03-19 15:00:00")
        self.assertEqual(str(promise.met_at), "2026-03-19 15:00:00")
        self.assertEqual(self.state(ticket, policy, 2), "running")
        self.assertEqual(self.events(ticket)[-1], "done")
        with self.refused("not ended by hand, or has ended"):
            promise.complaint_mark_done("Called him again.")

    def test_a_regime_taken_away_and_given_back_recurs_where_it_was(self):
        regime, policy = self.recurring()
        other = self.regime("other")
        self.policy(other)
        ticket = self.complaint(regime | other)
        ticket.complaint_send_letter("inform")
        boss = self.as_user(self.manager, ticket)
        boss.complaint_change_regimes(other.ids, "No.")
        self.assertEqual(self.state(ticket, policy, 2), "cancelled")
        boss.complaint_change_regimes((regime | other).ids, "Yes.")
        self.assertEqual(self.state(ticket, policy), "met")
        self.assertEqual(self.state(ticket, policy, 2), "running")

    # ------------------------------------------------------------------
    # A right of the complainant
    # ------------------------------------------------------------------

    def test_a_date_that_opens_a_right(self):
        """Two months after the first written complaint, answered or not."""
        regime = self.regime()
        self.policy(regime, amount=60)
        opens = self.policy(
            regime, "refer", 2, "month", count_from="sent_written", opens_right=True
        )
        ticket = self.complaint(regime, "2026-03-10 09:00:00", "2026-03-06")
        self.assertEqual(self.due(ticket, opens), "2026-05-06")
        self.assertEqual(
            ticket.complaint_recourse_open_at, self.promise(ticket, opens).due_at
        )
        self.go("2026-04-01 09:00:00")
        self.answer(ticket)
        self.assertEqual(self.state(ticket, opens), "running")
        self.run_jobs("2026-05-07 09:00:00")
        self.assertEqual(self.state(ticket, opens), "met")
        self.assertFalse(ticket.complaint_is_overdue)
        self.assertEqual(self.events(ticket)[-1], "recourse_opens")
        count = len(self.events(ticket))
        self.run_jobs("2026-05-08 09:00:00")
        self.assertEqual(len(self.events(ticket)), count)

    def test_recourse_window_all_any_earliest(self):
        """Limits that must all be kept, of which one is enough, or the earliest."""
        rows = (
            # rule, recourse possible until, days on which the end is told
            ("all", "2026-04-05", "2026-04-06"),
            ("any", "2026-06-04", "2026-06-05"),
            ("earliest", "2026-04-05", "2026-04-06"),
        )
        for rule, until, told in rows:
            with self.subTest(rule):
                regime = self.regime(rule, recourse_rule=rule)
                self.policy(regime)
                self.policy(regime, "refer", 90, count_from="received")
                self.policy(regime, "refer", 30, count_from="sent")
                ticket = self.complaint(regime)
                self.assertEqual(str(ticket.complaint_recourse_until)[:10], until, rule)
                for day in ("2026-04-06", "2026-06-05"):
                    before = self.events(ticket).count("recourse_ends")
                    self.run_jobs(f"{day} 09:00:00")
                    said = self.events(ticket).count("recourse_ends") - before
                    self.assertEqual(said, day == told, day)

    def test_recourse_window_or_if_later(self):
        """Six years from the event, or if later three from knowledge; and 6 months."""
        regime = self.regime(recourse_rule="all")
        self.policy(regime)
        event = self.policy(regime, "refer", 6, "year", count_from="event")
        self.policy(
            regime,
            "refer",
            3,
            "year",
            count_from="known",
            alternative_to_id=event,
        )
        self.policy(regime, "refer", 6, "month", count_from="answered")
        rows = (
            # event, known, answered, until
            ("2024-01-10", "2024-02-01", False, "2030-01-10"),
            ("2020-04-10", "2025-02-01", False, "2028-02-01"),
            ("2020-04-10", "2025-02-01", "2026-04-01", "2026-10-01"),
            ("2020-04-10", "2020-05-01", "2026-04-01", "2026-04-10"),
            (False, "2025-02-01", False, "2028-02-01"),
        )
        for happened, known, answered, until in rows:
            with self.subTest(until, answered=answered):
                ticket = self.complaint(
                    regime,
                    complaint_fact_date=happened,
                    complaint_known_date=known,
                )
                if answered:
                    self.go(f"{answered} 09:00:00")
                    self.answer(ticket)
                self.assertEqual(
                    str(ticket._complaint_local_day(ticket.complaint_recourse_until)),
                    until,
                )

    def test_recourse_window_outlives_the_file_and_lapses_by_the_job(self):
        regime = self.regime()
        self.policy(regime)
        limit = self.policy(regime, "refer", 1, "month", count_from="answered")
        ticket = self.complaint(regime)
        self.answer(ticket)
        ticket.complaint_close("Nothing more was heard.")
        self.assertEqual(self.state(ticket, limit), "running")
        ticket.complaint_send_letter("closure")
        self.assertEqual(self.state(ticket, limit), "running")
        self.assertFalse(ticket.complaint_next_due_at, "nobody in the company owes it")
        self.run_jobs("2026-04-07 09:00:00")
        self.assertEqual(self.state(ticket, limit), "waived")
        self.assertEqual(self.events(ticket)[-1], "recourse_ends")
        self.assertTrue(ticket.complaint_recourse_until)

    def test_recourse_window_ends_with_the_referral(self):
        regime = self.regime()
        self.policy(regime)
        limit = self.policy(regime, "refer", 1, "month", count_from="answered")
        ticket = self.complaint(regime)
        self.answer(ticket)
        self.go("2026-03-20 09:00:00")
        ticket.complaint_refer(self.body.id, "2026-03-19")
        self.assertEqual(self.state(ticket, limit), "met")
        with self.refused("The Mediator has the case already"):
            ticket.complaint_refer(self.body.id, "2026-03-20")

    def test_the_longest_of_two_acceptance_windows_counts(self):
        regime = self.regime()
        self.policy(regime)
        short = self.policy(regime, "accept", 8, count_from="answered")
        long = self.policy(regime, "accept", 15, count_from="answered", label="More")
        ticket = self.complaint(regime)
        self.answer(ticket)
        self.assertEqual(ticket.complaint_window_end, self.promise(ticket, long).due_at)
        self.run_jobs("2026-03-15 09:00:00")
        self.assertEqual(ticket.complaint_state, "answered")
        with self.refused("may still react"):
            ticket.complaint_close("Nothing was heard.")
        self.run_jobs("2026-03-22 09:00:00")
        self.assertEqual(ticket.complaint_state, "closed")
        self.assertEqual(self.state(ticket, short), "waived")

    # ------------------------------------------------------------------
    # Silence
    # ------------------------------------------------------------------

    def test_effect_of_silence(self):
        rows = (
            # effect, outcome, last event
            ("breach", False, "qualify_yes"),
            ("recourse_opens", False, "silence"),
            ("deemed_accepted", "deemed_accepted", "decide"),
            ("deemed_rejected", "deemed_rejected", "decide"),
        )
        for effect, outcome, event in rows:
            with self.subTest(effect):
                regime = self.regime(effect)
                policy = self.policy(regime, on_silence=effect)
                ticket = self.complaint(regime)
                self.assertEqual(
                    bool(ticket.complaint_recourse_open_at), effect == "recourse_opens"
                )
                self.run_jobs("2026-03-17 09:00:00")
                self.assertEqual(ticket.complaint_outcome, outcome)
                self.assertEqual(self.events(ticket)[-1], event)
                self.assertEqual(self.state(ticket, policy), "running")
                self.assertTrue(ticket.complaint_is_overdue, "still owed")
                told = ticket.sudo().activity_ids.filtered(
                    lambda x: "No answer in time" in (x.summary or "")
                )
                self.assertEqual(len(told), effect != "breach")
                before = self.events(ticket)
                self.run_jobs("2026-03-18 09:00:00")
                self.assertEqual(self.events(ticket), before, "once")
                if outcome:
                    code = "rejection" if "rejected" in outcome else "favourable"
                    ticket.complaint_send_letter(code)
                    self.assertEqual(self.state(ticket, policy), "late")

    def test_effect_of_silence_leaves_a_decision_taken_in_time(self):
        regime = self.regime()
        self.policy(regime, on_silence="deemed_rejected")
        ticket = self.complaint(regime)
        ticket.complaint_decide("upheld", "We were wrong.", self.cause.id)
        self.run_jobs("2026-03-17 09:00:00")
        self.assertEqual(ticket.complaint_outcome, "upheld")

    def test_effect_of_silence_does_not_wait_for_the_qualification(self):
        regime = self.regime()
        policy = self.policy(regime, on_silence="deemed_accepted")
        self.team.complaint_regime_ids = regime
        self.go("2026-03-06 09:00:00")
        ticket = self._new_complaint(received="2026-03-06 09:00:00")
        self.run_jobs("2026-03-17 09:00:00")
        self.assertIn("silence", self.events(ticket))
        self.assertFalse(ticket.complaint_outcome)
        self.as_user(self.manager, ticket).complaint_qualify(True, "It is one.")
        self.assertEqual(ticket.complaint_outcome, "deemed_accepted")
        decision = ticket._complaint_decision()
        self.assertEqual(decision.decided_by_id, self.env.ref("base.user_root"))
        self.assertTrue(self.promise(ticket, policy).is_effect_done)

    def test_effect_of_silence_follows_a_changed_policy(self):
        regime = self.regime()
        policy = self.policy(regime)
        ticket = self.complaint(regime)
        policy.on_silence = "deemed_rejected"
        self.run_jobs("2026-03-17 09:00:00")
        self.assertEqual(ticket.complaint_outcome, "deemed_rejected")

    def test_silence_that_was_answered_has_no_effect(self):
        regime = self.regime()
        self.policy(regime, on_silence="recourse_opens")
        ticket = self.complaint(regime)
        self.answer(ticket)
        self.assertFalse(ticket.complaint_recourse_open_at)
        self.run_jobs("2026-03-17 09:00:00")
        self.assertNotIn("silence", self.events(ticket))

    # ------------------------------------------------------------------
    # Pause
    # ------------------------------------------------------------------

    def test_pause_moves_the_date_by_what_stood_still(self):
        """T23 and what surrounds it: weekends, holidays, clock change, year's end."""
        business = {"unit": "business_day", "calendar_id": self.france}
        rows = (
            # received, policy, paused, resumed, first due, due
            (
                "2026-03-06 09:00",
                {"amount": 2, "unit": "month"},
                "2026-03-20 10:00",
                "2026-04-03 10:00",
                "2026-05-06 23:59",
                "2026-05-20 23:59",
            ),
            # over a weekend: calendar days stand still, working days do not
            (
                "2026-03-06 09:00",
                {"amount": 10},
                "2026-03-13 16:00",
                "2026-03-16 08:00",
                "2026-03-16 23:59",
                "2026-03-19 23:59",
            ),
            (
                "2026-03-06 09:00",
                {"amount": 10, **business},
                "2026-03-13 16:00",
                "2026-03-16 08:00",
                "2026-03-20 23:59",
                "2026-03-23 23:59",
            ),
            (
                "2026-03-06 09:00",
                {"amount": 10, **business},
                "2026-03-14 10:00",
                "2026-03-15 20:00",
                "2026-03-20 23:59",
                "2026-03-20 23:59",
            ),
            # over Easter Monday
            (
                "2026-03-27 09:00",
                {"amount": 10, **business},
                "2026-04-03 10:00",
                "2026-04-07 10:00",
                "2026-04-13 23:59",
                "2026-04-14 23:59",
            ),
            # within one day: nothing
            (
                "2026-03-06 09:00",
                {"amount": 10},
                "2026-03-10 08:00",
                "2026-03-10 16:00",
                "2026-03-16 23:59",
                "2026-03-16 23:59",
            ),
            # hours, over the change to summer time: elapsed time
            (
                "2026-03-27 18:30",
                {"amount": 48, "unit": "hour"},
                "2026-03-28 18:30",
                "2026-03-29 18:30",
                "2026-03-29 20:30",
                "2026-03-30 20:30",
            ),
            # days, over the change to winter time
            (
                "2026-10-20 09:00",
                {"amount": 10},
                "2026-10-24 09:00",
                "2026-10-26 09:00",
                "2026-10-30 23:59",
                "2026-11-01 23:59",
            ),
            # over the end of the year, with Christmas and New Year's Day closed
            (
                "2026-12-18 09:00",
                {"amount": 10, **business},
                "2026-12-24 10:00",
                "2027-01-04 10:00",
                "2027-01-05 23:59",
                "2027-01-12 23:59",
            ),
            # on the last day
            (
                "2026-03-06 09:00",
                {"amount": 10},
                "2026-03-16 22:00",
                "2026-03-20 08:00",
                "2026-03-16 23:59",
                "2026-03-20 23:59",
            ),
        )
        for number, (received, vals, paused, resumed, first, last) in enumerate(rows):
            with self.subTest(paused=paused, **vals):
                regime = self.regime(f"r{number}")
                policy = self.policy(
                    regime, can_pause=True, **dict({"unit": "day"}, **vals)
                )
                ticket = self.complaint(regime, f"{received}:00")
                promise = self.promise(ticket, policy)
                self.assertEqual(self.paris(promise.due_at), first)
                self.go(f"{paused}:00")
                ticket.complaint_pause("A document is awaited.")
                self.assertEqual(promise.state, "paused")
                self.assertFalse(ticket.complaint_next_due_at)
                self.assertFalse(ticket.complaint_is_overdue)
                self.go(f"{resumed}:00")
                ticket.complaint_resume()
                self.assertEqual(self.paris(promise.due_at), last)
                self.assertEqual(self.paris(promise.original_due_at), first)
                self.assertEqual(promise.state, "running")
                self.assertEqual(self.events(ticket)[-2:], ["pause", "resume"])

    def paris(self, instant):
        """The local time of Paris, to the minute."""
        here = self.env.user.with_context(tz="Europe/Paris")
        local = fields.Datetime.context_timestamp(here, instant)
        return local.strftime("%Y-%m-%d %H:%M")

    def test_pause_twice_adds_up_and_keeps_the_first_date(self):
        regime = self.regime()
        policy = self.policy(regime, amount=20, can_pause=True)
        ticket = self.complaint(regime)
        for stopped, resumed in (("10", "12"), ("20", "23")):
            self.go(f"2026-03-{stopped} 09:00:00")
            ticket.complaint_pause("A document is awaited.")
            with self.refused("paused already"):
                ticket.complaint_pause("Twice.")
            self.go(f"2026-03-{resumed} 09:00:00")
            ticket.complaint_resume()
            with self.refused("not paused"):
                ticket.complaint_resume()
        self.assertEqual(self.due(ticket, policy), "2026-03-31")
        promise = self.promise(ticket, policy)
        self.assertEqual(str(promise.original_due_at)[:10], "2026-03-26")
        self.assertEqual(promise.explanation.count("Paused from"), 2)

    def test_pause_forbidden_stops_the_internal_target_alone(self):
        regime = self.regime(forbids_pause=True)
        legal = self.policy(regime, amount=56)
        with self.refused("forbids that the clock stops"):
            self.policy(regime, "inform", can_pause=True)
        ticket = self.complaint(regime)
        with self.refused(
            "“Regime test” forbids that the clock stops.*Answer: 56 days"
        ):
            ticket.complaint_pause("A document is awaited.")
        house = self.policy(
            regime, amount=30, target="internal", can_pause=True, label="House"
        )
        self.assertEqual(self.state(ticket, house), "running")
        self.go("2026-03-10 09:00:00")
        ticket.complaint_pause("A document is awaited.")
        self.assertEqual(self.state(ticket, legal), "running")
        self.assertEqual(self.state(ticket, house), "paused")
        self.assertEqual(
            ticket.complaint_next_due_at, self.promise(ticket, legal).due_at
        )
        self.go("2026-03-20 09:00:00")
        ticket.complaint_resume()
        self.assertEqual(self.due(ticket, legal), "2026-05-01")
        self.assertEqual(self.due(ticket, house), "2026-04-15")

    def test_pause_hides_no_lateness(self):
        regime = self.regime()
        policy = self.policy(regime, can_pause=True)
        ticket = self.complaint(regime)
        self.go("2026-03-16 23:00:00")
        with self.refused("time is over.*Answer: 10 days"):
            ticket.complaint_pause("A document is awaited.")
        self.assertTrue(ticket.complaint_is_overdue)
        self.assertEqual(self.state(ticket, policy), "running")

    def test_pause_takes_along_what_starts_meanwhile(self):
        regime = self.regime()
        self.policy(regime, can_pause=True)
        later = self.policy(
            regime, "inform", 10, count_from="acknowledged", can_pause=True
        )
        ticket = self.complaint(regime)
        ticket.complaint_pause("A document is awaited.")
        self.go("2026-03-10 09:00:00")
        ticket.complaint_send_letter("acknowledge")
        self.assertEqual(self.state(ticket, later), "paused")
        self.go("2026-03-12 09:00:00")
        ticket.complaint_resume()
        self.assertEqual(self.due(ticket, later), "2026-03-22")

    # ------------------------------------------------------------------
    # Stages
    # ------------------------------------------------------------------

    def test_two_stages_with_different_handlers(self):
        regime = self.regime(stage_count=2, tz="Europe/London")
        days = {"unit": "business_day", "calendar_id": self.england}
        one = self.policy(regime, amount=10, stage=1, count_from="acknowledged", **days)
        two = self.policy(regime, amount=20, stage=2, count_from="acknowledged", **days)
        ticket = self.complaint(regime, "2026-04-27 09:00:00")
        ticket.complaint_send_letter("acknowledge")
        self.assertEqual(self.due(ticket, one), "2026-05-12")
        self.assertFalse(self.promise(ticket, two))
        self.answer(ticket)
        self.go("2026-06-01 09:00:00")
        self.as_user(self.customer, ticket).complaint_contest("Not what I asked.")
        self.assertEqual((ticket.complaint_stage, ticket.complaint_cycle), (2, 2))
        self.assertEqual(ticket.complaint_first_handler_id, self.handler)
        self.assertEqual(ticket.user_id, self.leader)
        with self.refused("handled the first stage"):
            ticket.user_id = self.handler
        with self.refused("somebody else decides the second"):
            ticket.complaint_decide("rejected", "Again.")
        ticket.complaint_send_letter("acknowledge")
        self.assertFalse(self.promise(ticket, one))
        self.assertEqual(self.due(ticket, two), "2026-06-29")
        second = self.as_user(self.leader, ticket)
        self.answer(second)
        self.assertEqual(self.state(ticket, two), "met")
        with self.refused("no further stage"):
            second.complaint_escalate("Once more.")

    def test_two_stages_a_reopening_stays_in_its_own(self):
        regime = self.regime(stage_count=2)
        policy = self.policy(regime, stage=1)
        ticket = self.complaint(regime)
        self.withdraw(ticket)
        self.go("2026-03-20 09:00:00")
        ticket.complaint_reopen("We were mistaken.")
        self.assertEqual((ticket.complaint_stage, ticket.complaint_cycle), (1, 2))
        self.assertEqual(ticket.user_id, self.handler)
        self.assertEqual(self.due(ticket, policy), "2026-03-30")

    def test_one_stage_is_not_escalated(self):
        regime = self.regime()
        self.policy(regime)
        ticket = self.complaint(regime)
        self.answer(ticket)
        with self.refused("no further stage"):
            ticket.complaint_escalate("Not satisfied.")
        ticket.complaint_contest("Not satisfied.")
        self.assertEqual(ticket.complaint_stage, 1)

    def test_what_is_judged_once_is_not_asked_again(self):
        regime = self.regime()
        self.policy(regime)
        once = [
            self.policy(regime, "qualify", 5),
            self.policy(regime, "complain", 12, "month", count_from="event"),
        ]
        ticket = self.complaint(regime, complaint_fact_date="2026-01-01")
        for policy in once:
            self.assertEqual(self.state(ticket, policy), "met")
        self.withdraw(ticket)
        ticket.complaint_reopen("New facts.")
        for policy in once:
            self.assertFalse(self.promise(ticket, policy))

    # ------------------------------------------------------------------
    # Transfer
    # ------------------------------------------------------------------

    def elsewhere(self, **regime_vals):
        """Another company, its desk and its regime."""
        company = self.env["res.company"].create({"name": "Elsewhere"})
        regime = self.regime("elsewhere", **regime_vals)
        self.env["helpdesk.ticket.team"].create(
            {
                "name": "Desk elsewhere",
                "company_id": company.id,
                "complaint_intake": True,
                "complaint_regime_ids": [(6, 0, regime.ids)],
            }
        )
        return company, regime

    def test_transfer_to_another_body_keeps_the_time_spent(self):
        company, theirs = self.elsewhere()
        policy = self.policy(theirs, count_from="sent", amount=20)
        written = self.policy(
            theirs, "acknowledge", count_from="sent_written", amount=20
        )
        limit = self.policy(theirs, "complain", 12, "month", count_from="event")
        regime = self.regime()
        own = self.policy(regime)
        ticket = self.complaint(
            regime,
            sent="2026-03-04",
            complaint_medium="oral",
            complaint_written_date="2026-03-05",
            complaint_fact_date="2026-01-05",
            complaint_severity="3",
        )
        ticket.sudo().complaint_concerned_user_ids = self.leader
        self.go("2026-03-10 09:00:00")
        boss = self.as_user(self.manager, ticket)
        there = boss.complaint_transfer("It is their contract.", company.id).sudo()
        self.assertEqual(ticket.complaint_state, "closed")
        self.assertEqual(self.state(ticket, own), "cancelled")
        self.assertEqual(self.events(ticket)[-1], "transfer")
        self.assertEqual(there.company_id, company)
        self.assertEqual(there.complaint_state, "to_qualify")
        self.assertEqual(there.complaint_transferred_from_id, ticket)
        self.assertEqual(self.due(there, policy), "2026-03-24")
        self.assertEqual(self.due(there, written), "2026-03-25")
        self.assertEqual(self.state(there, limit), "met")
        self.assertEqual(there.complaint_severity, "3")
        self.assertEqual(there.complaint_concerned_user_ids, self.leader)
        self.assertNotIn(self.manager.partner_id, there.message_partner_ids)
        with self.refused("not possible now"):
            boss.complaint_transfer("Again.", company.id)

    def test_transfer_deemed_made_there(self):
        company, theirs = self.elsewhere(transfer_restarts_clock=True)
        policy = self.policy(theirs, count_from="sent_written", amount=20)
        regime = self.regime()
        self.policy(regime)
        ticket = self.complaint(
            regime,
            sent="2026-03-04",
            complaint_medium="oral",
            complaint_written_date="2026-03-05",
        )
        self.go("2026-03-10 09:00:00")
        boss = self.as_user(self.manager, ticket)
        there = boss.complaint_transfer("It is their contract.", company.id).sudo()
        self.assertEqual(self.due(there, policy), "2026-03-30")
        self.assertEqual(str(there.complaint_received_at), "2026-03-10 09:00:00")

    def test_transfer_to_a_body_outside(self):
        regime = self.regime()
        policy = self.policy(regime)
        ticket = self.complaint(regime)
        self.go("2026-03-17 09:00:00")
        with self.assertRaises(AccessError):
            ticket.complaint_transfer("To the town hall.")
        boss = self.as_user(self.manager, ticket)
        self.assertFalse(boss.complaint_transfer("To the town hall."))
        self.assertEqual(ticket.complaint_state, "closed")
        self.assertEqual(self.state(ticket, policy), "late", "was broken before")

    # ------------------------------------------------------------------
    # Met
    # ------------------------------------------------------------------

    def test_met_when_sent_not_when_read(self):
        regime = self.regime()
        policy = self.policy(regime)
        window = self.policy(regime, "accept", 8, count_from="answered")
        address = {"recipient_address": "12 rue des Lilas\n38100 Grenoble"}
        rows = (
            # sent, by, handed over, state, window until
            ("2026-03-16 22:59:59", {"channel": "email"}, "met", "2026-03-24"),
            ("2026-03-16 23:00:00", {"channel": "email"}, "late", "2026-03-25"),
            # entered on the 20th, posted on the 16th
            (
                "2026-03-20 09:00:00",
                {"channel": "post", "posted_at": "2026-03-16 16:00:00", **address},
                "met",
                "2026-03-24",
            ),
            # an e-mail leaves when it leaves
            (
                "2026-03-20 09:00:00",
                {"channel": "email", "posted_at": "2026-03-16 16:00:00"},
                "late",
                "2026-03-28",
            ),
        )
        for moment, values, state, until in rows:
            with self.subTest(moment, **values):
                ticket = self.complaint(regime)
                self.go(moment)
                ticket.complaint_decide("rejected", "For these reasons.")
                ticket.complaint_send_letter("rejection", **values)
                self.assertEqual(self.state(ticket, policy), state)
                self.assertEqual(self.due(ticket, window), until)

    # ------------------------------------------------------------------
    # Versions
    # ------------------------------------------------------------------

    def test_rule_change_at_a_date(self):
        """T16: eight weeks for what was received on 7 April, six from the 8th on."""
        regime = self.regime(tz="Europe/London")
        eight = self.policy(regime, amount=8, unit="week", valid_to="2026-04-07")
        six = self.policy(regime, amount=6, unit="week", valid_from="2026-04-08")
        rows = (
            ("2026-04-07 22:59:59", eight, "2026-06-02", six),
            ("2026-04-07 23:00:00", six, "2026-05-20", eight),
        )
        for received, policy, due, other in rows:
            with self.subTest(received):
                ticket = self.complaint(regime, received)
                self.assertEqual(self.due(ticket, policy), due)
                self.assertFalse(self.promise(ticket, other))
        # A complaint keeps its version; what begins anew begins under the new one.
        old = self.complaint(regime, "2026-04-07 09:00:00")
        self.go("2026-05-20 09:00:00")
        old.complaint_severity = "3"
        self.assertEqual(self.due(old, eight), "2026-06-02")
        self.answer(old)
        old.complaint_contest("No.")
        self.assertEqual(self.due(old, six), "2026-07-01")

    def test_rule_change_of_its_start_loses_no_complaint(self):
        """From receipt before, from sending since: judged on the day of receipt."""
        regime = self.regime()
        old = self.policy(regime, amount=2, unit="month", valid_to="2026-03-07")
        new = self.policy(
            regime,
            amount=2,
            unit="month",
            count_from="sent",
            valid_from="2026-03-08",
        )
        before = self.complaint(regime, "2026-03-07 09:00:00", "2026-03-02")
        after = self.complaint(regime, "2026-03-10 09:00:00", "2026-03-02")
        self.assertEqual(self.due(before, old), "2026-05-07")
        self.assertEqual(self.due(after, new), "2026-05-02")
