from odoo.exceptions import AccessError, UserError
from odoo.tests import Form

from .common import ComplaintCase, freeze_time, tagged


@tagged("post_install", "-at_install")
class TestQualification(ComplaintCase):
    def test_a_yes_says_who_when_why_and_gives_a_number(self):
        ticket = self.as_user(self.manager, self._new_complaint())
        ticket.complaint_qualify(True, "A fee is contested.", self.acpr.ids)
        self.assertEqual(ticket.complaint_state, "in_progress")
        self.assertEqual(ticket.complaint_qualified_by_id, self.manager)
        self.assertTrue(ticket.complaint_qualified_at)
        self.assertEqual(ticket.complaint_qualification_reason, "A fee is contested.")
        self.assertTrue(ticket.complaint_number)
        self.assertTrue(ticket.complaint_registered_at)

    def test_a_no_keeps_the_ticket_without_number_or_deadline(self):
        self.team.complaint_regime_ids = self.notice
        ticket = self._new_complaint()
        self.assertTrue(ticket.complaint_next_due_at)
        self.as_user(self.manager, ticket).complaint_qualify(False, "A question.")
        self.assertEqual(ticket.complaint_state, "not_complaint")
        self.assertFalse(ticket.complaint_number)
        self.assertFalse(ticket.complaint_next_due_at)
        self.assertEqual(
            set(ticket.complaint_deadline_ids.mapped("state")), {"cancelled"}
        )

    def test_a_no_can_be_challenged(self):
        self.team.complaint_regime_ids = self.notice
        ticket = self.as_user(self.manager, self._new_complaint())
        ticket.complaint_qualify(False, "A question.")
        ticket.complaint_qualify(True, "On reflection he is dissatisfied.")
        self.assertEqual(ticket.complaint_state, "in_progress")
        self.assertTrue(ticket.complaint_number)
        self.assertTrue(ticket.complaint_next_due_at)

    def test_the_overlay_of_a_regime_comes_with_it(self):
        ticket = self._new_qualified(self.plan)
        self.assertEqual(ticket.complaint_regime_ids, self.plan | self.window)

    def test_handlers_do_not_qualify(self):
        ticket = self.as_user(self.handler, self._new_complaint())
        with self.assertRaisesRegex(AccessError, "Manager"):
            ticket.complaint_qualify(True, "I say so.", self.acpr.ids)
        self.assertEqual(ticket.complaint_state, "to_qualify")

    def test_auditors_do_not_qualify(self):
        ticket = self.as_user(self.auditor, self._new_complaint())
        with self.assertRaises(AccessError):
            ticket.complaint_qualify(True, "I say so.", self.acpr.ids)

    def test_no_reason_is_refused(self):
        with self.assertRaisesRegex(UserError, "needs its reason"):
            self._new_complaint().complaint_qualify(True, " ", self.acpr.ids)

    def test_no_regime_is_refused_and_nothing_is_written(self):
        ticket = self._new_complaint()
        with (
            self.assertRaisesRegex(UserError, "no regime applies"),
            self.cr.savepoint(),
        ):
            ticket.complaint_qualify(True, "A fee is contested.")
        ticket.invalidate_recordset()
        self.assertEqual(ticket.complaint_state, "to_qualify")
        self.assertFalse(ticket.complaint_number)
        self.assertEqual(len(ticket.complaint_event_ids), 1)

    def test_an_overlay_alone_is_refused(self):
        with self.assertRaisesRegex(UserError, "no regime applies"):
            self._new_complaint().complaint_qualify(True, "x", self.window.ids)

    def test_qualifying_twice_is_refused(self):
        ticket = self._new_qualified()
        with self.assertRaisesRegex(UserError, "not possible now"):
            ticket.complaint_qualify(True, "Again.", self.acpr.ids)

    def test_a_regime_of_another_company_is_refused(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        regime = self.acpr.copy({"code": "elsewhere", "company_id": other.id})
        with self.assertRaises(UserError):
            self._new_complaint().complaint_qualify(True, "x", regime.ids)

    def test_a_calendar_that_lost_its_days_is_refused_by_name(self):
        calendar = self.env["resource.calendar"].create(
            {"name": "Empty some day", "company_id": False}
        )
        regime = self.notice.copy({"code": "without_calendar"})
        self.env["complaint.policy"].create(
            {
                "regime_id": regime.id,
                "step": "respond",
                "amount": 10,
                "unit": "business_day",
                "calendar_id": calendar.id,
                "source": "House rule",
            }
        )
        calendar.attendance_ids.unlink()
        with self.assertRaisesRegex(UserError, "Empty some day.*has no working day"):
            self._new_complaint().complaint_qualify(True, "x", regime.ids)

    def test_wizard_qualifies_with_severity_and_category(self):
        category = self.env["helpdesk.ticket.category"].create(
            {"name": "Fees", "company_id": self.company.id}
        )
        ticket = self._new_complaint()
        wizard = Form(
            self.env["complaint.step"]
            .with_user(self.manager)
            .with_context(
                default_event="qualify",
                active_model="helpdesk.ticket",
                active_id=ticket.id,
                active_ids=ticket.ids,
                allowed_company_ids=self.company.ids,
            )
        )
        wizard.reason = "A fee is contested."
        wizard.regime_ids.add(self.acpr)
        wizard.severity = "2"
        wizard.category_id = category
        wizard.save().action_confirm()
        self.assertEqual(ticket.complaint_state, "in_progress")
        self.assertEqual(ticket.complaint_severity, "2")
        self.assertEqual(ticket.category_id, category)

    # ------------------------------------------------------------------
    # Register
    # ------------------------------------------------------------------

    def test_numbers_follow_each_other_without_gaps(self):
        tickets = self.Ticket.browse(self._new_complaint().id for _index in range(5))
        with freeze_time("2026-10-12 09:00:00"):
            tickets.complaint_qualify(True, "x", self.acpr.ids)
        self.assertEqual(
            tickets.sorted("id").mapped("complaint_number"),
            [f"26.1001.{order:03d}" for order in range(1, 6)],
        )

    def test_a_refused_batch_gives_its_numbers_back(self):
        good, bad = self._new_complaint(), self._new_qualified()
        taken = bad.complaint_number
        with self.assertRaises(UserError), self.cr.savepoint():
            (good | bad).complaint_qualify(True, "x", self.acpr.ids)
        good.complaint_qualify(True, "x", self.acpr.ids)
        self.assertEqual(int(good.complaint_number[-3:]), int(taken[-3:]) + 1)

    def test_order_restarts_each_year_and_company(self):
        first = self._new_complaint()
        second = self._new_complaint()
        with freeze_time("2026-12-31 09:00:00"):
            first.complaint_qualify(True, "x", self.acpr.ids)
        with freeze_time("2027-01-04 09:00:00"):
            second.complaint_qualify(True, "x", self.acpr.ids)
        self.assertEqual(first.complaint_number, "26.1001.001")
        self.assertEqual(second.complaint_number, "27.1001.001")

    def test_new_year_begins_at_local_midnight(self):
        ticket = self._new_complaint()
        with freeze_time("2026-12-31 23:30:00"):
            ticket.complaint_qualify(True, "x", self.acpr.ids)
        self.assertEqual(ticket.complaint_number, "27.1001.001")

    def test_agency_code_of_the_team_comes_first(self):
        self.team.complaint_agency_code = "2002"
        self.assertIn(".2002.", self._new_qualified().complaint_number)

    def test_no_agency_code_is_refused_with_the_way_out(self):
        self.company.complaint_agency_code = False
        with self.assertRaisesRegex(UserError, "agency"):
            self._new_qualified()

    def test_a_challenged_no_registers_once(self):
        ticket = self._new_qualified()
        number = ticket.complaint_number
        ticket.complaint_decide("withdrawn", "x")
        ticket.complaint_close("x")
        ticket.complaint_reopen("x")
        self.assertEqual(ticket.complaint_number, number)
