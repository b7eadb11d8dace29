from odoo.exceptions import AccessError, UserError
from odoo.tools import mute_logger

from .common import tagged
from .regime_case import RegimeCase


@tagged("post_install", "-at_install")
class TestMechanismAttack(RegimeCase):
    """The steps, called by who may not, with what makes no sense, too late, twice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.elsewhere = cls._new_user(
            "t_elsewhere", "helpdesk_complaint.group_complaint_user"
        )
        cls.env["helpdesk.ticket.team"].create(
            {
                "name": "Other desk",
                "company_id": cls.company.id,
                "user_ids": [(6, 0, cls.elsewhere.ids)],
            }
        )

    def setUp(self):
        super().setUp()
        self.rules = self.regime(stage_count=2)
        self.reply = self.policy(
            self.rules,
            amount=30,
            can_pause=True,
            extension="free",
            settlement_amount=10,
            settlement_unit="day",
        )
        self.call = self.policy(self.rules, "inform", 20, is_manual=True, label="Call")

    def steps(self):
        """Every step that a call from outside may name, with good arguments."""
        return {
            "complaint_pause": ("x",),
            "complaint_resume": (),
            "complaint_extend": ("respond", "2026-05-01", "x"),
            "complaint_decide": ("rejected", "x"),
            "complaint_settle": ("x",),
            "complaint_escalate": ("x",),
            "complaint_transfer": ("x",),
            "complaint_refer": (self.body.id, "2026-03-06"),
            "complaint_change_regimes": (self.rules.ids, "x"),
            "complaint_qualify": (True, "x", self.rules.ids),
            "complaint_send_letter": ("acknowledge",),
            "complaint_accept": (),
            "complaint_contest": ("x",),
            "complaint_close": ("x",),
            "complaint_reopen": ("x",),
        }

    def picture(self, ticket):
        """All that a step could have changed."""
        self.env.flush_all()
        self.env.invalidate_all()
        ticket = ticket.sudo()
        return (
            ticket.complaint_state,
            ticket.complaint_cycle,
            ticket.complaint_stage,
            ticket.complaint_event_count,
            ticket.complaint_regime_ids.ids,
            [(x.state, x.due_at, x.pauses) for x in ticket.complaint_deadline_ids],
            len(ticket.complaint_letter_ids),
            len(ticket.complaint_referral_ids),
            len(ticket.complaint_decision_ids),
        )

    # ------------------------------------------------------------------
    # Who may not
    # ------------------------------------------------------------------

    def test_who_may_not_handle_the_file_takes_none_of_its_steps(self):
        ticket = self.complaint(self.rules)
        before = self.picture(ticket)
        nobody = (self.agent, self.stranger, self.auditor, self.elsewhere)
        for user in nobody:
            for name, args in self.steps().items():
                with self.subTest(user.login, step=name):
                    with self.assertRaises(AccessError):
                        getattr(self.as_user(user, ticket), name)(*args)
        own = {"complaint_accept", "complaint_contest"}
        for name in self.steps().keys() - own:
            with self.subTest("complainant", step=name):
                with self.assertRaises(AccessError):
                    getattr(self.as_user(self.customer, ticket), name)(
                        *self.steps()[name]
                    )
        promise = self.promise(ticket, self.call)
        for user in (*nobody, self.customer):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.as_user(user, promise).complaint_mark_done("x")
        self.assertEqual(self.picture(ticket), before)

    def test_a_hidden_file_is_touched_by_no_step(self):
        ticket = self.complaint(self.rules, user_id=self.leader.id)
        ticket.sudo().complaint_concerned_user_ids = self.handler
        before = self.picture(ticket)
        for name, args in self.steps().items():
            with self.subTest(name), self.assertRaises(AccessError):
                getattr(ticket, name)(*args)
        self.assertEqual(self.picture(ticket), before)

    def test_promises_and_policies_are_not_written_from_outside(self):
        ticket = self.complaint(self.rules)
        promise = self.promise(ticket, self.reply)
        rows = (
            (promise, {"due_at": "2030-01-01 00:00:00"}),
            (promise, {"state": "met"}),
            (promise, {"pauses": []}),
            (self.reply, {"amount": 90}),
            (self.rules, {"forbids_pause": True}),
        )
        for user in (self.handler, self.manager, self.agent, self.customer):
            for record, vals in rows:
                with self.subTest(user.login, **vals), self.assertRaises(AccessError):
                    self.as_user(user, record).write(vals)
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.as_user(user, promise).unlink()
            with self.subTest(user.login), self.assertRaises(AccessError):
                ticket.with_user(user).write(
                    {"complaint_deadline_ids": [(1, promise.id, {"state": "met"})]}
                )

    def test_the_first_handler_is_not_forgotten_by_hand(self):
        ticket = self.complaint(self.rules)
        self.withdraw(ticket)
        ticket.complaint_escalate("No.")
        self.assertEqual(ticket.complaint_first_handler_id, self.handler)
        for vals in (
            {"complaint_first_handler_id": False},
            {"complaint_stage": 1},
        ):
            with self.subTest(**vals), self.refused("written by the steps"):
                ticket.write(vals)

    # ------------------------------------------------------------------
    # What makes no sense
    # ------------------------------------------------------------------

    def test_arguments_that_make_no_sense_are_refused_in_words(self):
        ticket = self.complaint(self.rules)
        boss = self.as_user(self.manager, ticket)
        promise = self.as_user(self.handler, self.promise(ticket, self.call))
        other = self.env["res.company"].create({"name": "Elsewhere"})
        foreign = self.regime("foreign", company_id=other.id)
        overlay = self.regime("overlay", is_overlay=True)
        gone = self.regime("gone")
        gone_ids = gone.ids
        gone.unlink()
        rows = [
            (ticket.complaint_extend, ("nonsense", "2026-06-01", "x")),
            (ticket.complaint_extend, (None, "2026-06-01", "x")),
            (ticket.complaint_extend, ("inform", "2026-06-01", "x")),
            (ticket.complaint_extend, ("respond", "2026-06-01", None)),
            (ticket.complaint_extend, ("respond", "2026-06-01", "  ")),
            (ticket.complaint_pause, (None,)),
            (ticket.complaint_decide, ("nonsense", "x")),
            (ticket.complaint_decide, ("rejected", "")),
            (ticket.complaint_decide, ("rejected", "x", 0x7FFFFFFF)),
            (ticket.complaint_settle, ("x",)),
            (boss.complaint_transfer, ("",)),
            (boss.complaint_transfer, ("x", self.company.id)),
            (boss.complaint_transfer, ("x", 0x7FFFFFFF)),
            (boss.complaint_transfer, ("x", [other.id, self.env.company.id])),
            (boss.complaint_change_regimes, (None, "x")),
            (boss.complaint_change_regimes, ([], "x")),
            (boss.complaint_change_regimes, (gone_ids, "x")),
            (boss.complaint_change_regimes, (overlay.ids, "x")),
            (boss.complaint_change_regimes, (foreign.ids, "x")),
            (boss.complaint_change_regimes, (self.rules.ids, "")),
            (ticket.complaint_refer, (None, "2026-03-06")),
            (ticket.complaint_refer, (self.body.id, None)),
            (ticket.complaint_refer, (self.body.id, "2026-03-07")),
            (ticket.complaint_escalate, ("x",)),
            (promise.complaint_mark_done, ("",)),
            (promise.complaint_mark_done, ("x", "2026-03-06 09:00:01")),
            (promise.complaint_mark_done, ("x", "2026-03-06 08:59:59")),
        ]
        dates = ("tomorrow", "2026-02-30", "9999-12-31", "0001-01-01", 7, [], {"a": 1})
        for date in dates:
            rows += [
                (ticket.complaint_extend, ("respond", date, "x")),
                (ticket.complaint_refer, (self.body.id, date)),
            ]
            if date:
                rows.append((promise.complaint_mark_done, ("x", date)))
        before = self.picture(ticket)
        for step, args in rows:
            with self.subTest(step.__name__, args=args), self.refused("."):
                step(*args)
        self.assertEqual(self.picture(ticket), before)

    def test_dates_of_another_age_are_refused_or_left_out(self):
        for date in ("0001-01-01", "1899-12-31", "9999-12-31"):
            ticket = self._new_ticket()
            with self.subTest(date), self.refused("too far|future"):
                ticket.complaint_report(f"{date} 12:00:00")
            with self.subTest(date), self.refused("too far|future"):
                ticket.complaint_report("2026-01-05 08:00:00", date)
            ticket = self.complaint(self.rules)
            for name in (
                "complaint_sent_date",
                "complaint_written_date",
                "complaint_fact_date",
                "complaint_known_date",
            ):
                with self.subTest(date, field=name), self.refused("day between|after"):
                    ticket.write({name: date})
            for name in ("complaint_received_at", "complaint_investigated_at"):
                with self.subTest(date, field=name), self.refused("day between|future"):
                    ticket.write({name: f"{date} 12:00:00"})

    def test_the_future_starts_no_clock(self):
        ticket = self.complaint(self.rules)
        for name, value in (
            ("complaint_written_date", "2026-03-07"),
            ("complaint_fact_date", "2026-03-07"),
            ("complaint_known_date", "2026-03-07"),
            ("complaint_investigated_at", "2026-03-06 09:00:01"),
        ):
            with self.subTest(name), self.refused("day between 1901 and today"):
                ticket.write({name: value})
        ticket.complaint_written_date = "2026-03-06"

    # ------------------------------------------------------------------
    # When it is too late
    # ------------------------------------------------------------------

    def test_a_closed_file_takes_no_step_of_an_open_one(self):
        ticket = self.complaint(self.rules)
        self.withdraw(ticket)
        before = self.picture(ticket)
        boss = self.as_user(self.manager, ticket)
        possible = {"complaint_escalate", "complaint_refer", "complaint_reopen"}
        for name in self.steps().keys() - possible:
            with self.subTest(name), self.refused("is not possible now"):
                getattr(boss, name)(*self.steps()[name])
        promise = self.as_user(self.handler, self.promise(ticket, self.call))
        with self.refused("not ended by hand, or has ended"):
            promise.complaint_mark_done("x")
        for name in ("written", "fact", "known"):
            with self.subTest(name), self.refused("registered or closed"):
                ticket.write({f"complaint_{name}_date": "2026-03-01"})
        self.assertEqual(self.picture(ticket), before)

    def test_a_promise_of_an_earlier_cycle_is_not_kept_afterwards(self):
        ticket = self.complaint(self.rules)
        promise = self.as_user(self.handler, self.promise(ticket, self.call))
        self.withdraw(ticket)
        ticket.complaint_reopen("New facts.")
        with self.refused("not ended by hand, or has ended"):
            promise.complaint_mark_done("x")

    def test_a_step_taken_twice_is_refused_or_changes_nothing(self):
        twice = {
            "complaint_settle": ("x",),
            "complaint_pause": ("x",),
            "complaint_transfer": ("x",),
            "complaint_refer": (self.body.id, "2026-03-06"),
        }
        for name, args in twice.items():
            ticket = self.complaint(self.rules)
            ticket.complaint_decide("upheld", "We were wrong.", self.cause.id)
            boss = self.as_user(self.manager, ticket)
            getattr(boss, name)(*args)
            before = self.picture(ticket)
            with self.subTest(name), self.refused("."):
                getattr(boss, name)(*args)
            self.assertEqual(self.picture(ticket), before)

    def test_a_regime_changed_to_itself_moves_nothing(self):
        ticket = self.complaint(self.rules)
        ticket.complaint_pause("A document is awaited.")
        before = self.picture(ticket)[5]
        boss = self.as_user(self.manager, ticket)
        boss.complaint_change_regimes(self.rules.ids, "The same.")
        boss.complaint_change_regimes(self.rules.ids, "The same.")
        self.assertEqual(self.picture(ticket)[5], before)

    # ------------------------------------------------------------------
    # Many at once
    # ------------------------------------------------------------------

    def test_of_many_files_one_that_refuses_leaves_nothing_half_done(self):
        good = self.complaint(self.rules) | self.complaint(self.rules)
        other = self.regime("other")
        self.policy(other)
        bad = self.complaint(other)
        everybody = good | bad
        everybody.complaint_decide("upheld", "We were wrong.", self.cause.id)
        before = [self.picture(ticket) for ticket in everybody]
        company = self.env["res.company"].create({"name": "Elsewhere"})
        bad_there = self.complaint(other, user_id=self.leader.id)
        bad_there.sudo().complaint_concerned_user_ids = self.handler
        for name in ("complaint_pause", "complaint_extend", "complaint_settle"):
            with self.subTest(name), self.refused(bad.complaint_number):
                getattr(everybody, name)(*self.steps()[name])
        with self.assertRaises(AccessError):
            (good | bad_there).complaint_pause("x")
        with self.refused("another company"):
            self.as_user(self.manager, everybody).complaint_transfer(
                "x", everybody.company_id.id
            )
        promises = self.promise(good[0], self.call) | self.promise(bad, self.call)
        promises |= self.promise(good[1], self.reply)
        with self.refused("not ended by hand"):
            self.as_user(self.handler, promises).complaint_mark_done("x")
        self.assertEqual([self.picture(ticket) for ticket in everybody], before)
        good.complaint_pause("x")
        there = self.as_user(self.manager, good).complaint_transfer("x", company.id)
        self.assertEqual(len(there), 2)
        for ticket in everybody:
            self.assertFalse(ticket.complaint_verify_history())

    def test_steps_on_no_file_do_nothing(self):
        none = self.as_user(self.manager, self.Ticket)
        for name in ("complaint_pause", "complaint_extend", "complaint_settle"):
            with self.subTest(name):
                self.assertTrue(getattr(none, name)(*self.steps()[name]))
        self.assertFalse(none.complaint_transfer("x"))

    # ------------------------------------------------------------------
    # Broken underneath
    # ------------------------------------------------------------------

    def test_a_calendar_that_lost_its_days_stops_neither_reading_nor_answering(self):
        regime = self.regime("fragile")
        calendar = self._new_calendar("Fragile")
        policy = self.policy(
            regime, unit="business_day", calendar_id=calendar, on_silence="breach"
        )
        ticket = self.complaint(regime)
        self.env.flush_all()
        with mute_logger("odoo.addons.helpdesk_complaint"):
            calendar.attendance_ids.unlink()
        self.env.invalidate_all()
        self.assertIn("Fragile", ticket.complaint_why)
        self.assertIn("Fragile", self.promise(ticket, policy).explanation)
        with mute_logger("odoo.addons.helpdesk_complaint"):
            self.answer(ticket)
        self.assertEqual(self.state(ticket, policy), "met")

    def test_a_rule_that_cannot_be_read_loses_no_complaint(self):
        rule = self.env["complaint.regime.rule"].create(
            {
                "name": "Fragile",
                "regime_ids": [(6, 0, self.rules.ids)],
                "ticket_domain": "[('name', '!=', 'x')]",
            }
        )
        policy = self.policy(
            self.rules, "acknowledge", ticket_domain="[('name', '!=', 'x')]"
        )
        self.env.flush_all()
        for record in (rule, policy):
            self.env.cr.execute(
                f"UPDATE {record._table} SET ticket_domain = %s WHERE id = %s",
                ["[('gone_field', '=', 1)]", record.id],
            )
        self.env.invalidate_all()
        self.go("2026-03-06 09:00:00")
        with mute_logger("odoo.addons.helpdesk_complaint"):
            ticket = self._new_complaint(received="2026-03-06 09:00:00")
        self.assertEqual(ticket.complaint_state, "to_qualify")
        with self.refused("condition of “Fragile” cannot be read", UserError):
            rule._read_ticket_domain()
