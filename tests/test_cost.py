from odoo.tests import Form, warmup
from odoo.tools import SQL

from .common import ComplaintCase, freeze_time, tagged


@tagged("post_install", "-at_install")
@freeze_time("2026-10-12 08:00:00")
class TestCost(ComplaintCase):
    """Queries grow with the work asked for, and no faster; mail tracking included."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=False))
        cls.team.complaint_regime_ids = cls.acpr | cls.notice | cls.plan
        cls.Ticket = cls.Ticket.with_context(tracking_disable=False)

    def queries(self, function, *args):
        """How many queries a call makes, with nothing left to write."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        function(*args)
        self.env.flush_all()
        self.env.cr.precommit.run()
        return self.env.cr.sql_log_count - before

    def report(self, count):
        return self.Ticket.with_user(self.handler).create(
            [
                {
                    "name": f"Fees {number}",
                    "description": "<p>You charged me 45 euros.</p>",
                    "partner_id": self.customer.partner_id.id,
                    "team_id": self.team.id,
                    "company_id": self.company.id,
                    "complaint_state": "to_qualify",
                    "complaint_received_at": "2026-10-09 08:00:00",
                }
                for number in range(count)
            ]
        )

    @warmup
    def test_one_more_complaint_registered_costs_four_queries(self):
        self.report(2)
        few = self.queries(self.report, 5)
        many = self.queries(self.report, 25)
        # A number (two), followers, and the team's stage: core's own, one by one.
        self.assertLessEqual((many - few) / 20, 4)
        ticket = self.report(1)
        self.assertGreaterEqual(len(ticket.complaint_deadline_ids), 4)
        self.assertEqual(ticket.complaint_event_count, 1)

    @warmup
    def test_qualifying_many_costs_little_more_than_one(self):
        self.report(2).sudo().complaint_qualify(True, "A fee.")
        one = self.report(1).sudo()
        many = self.report(21).sudo()
        few = self.queries(one.complaint_qualify, True, "A fee.")
        more = self.queries(many.complaint_qualify, True, "A fee.")
        # The change of stage is tracked: a message and its value, each by core.
        self.assertLessEqual((more - few) / 20, 3)

    def move(self):
        """Close another day, which moves every promise that runs through it."""
        leaves = self.env["resource.calendar.leaves"]
        calendar = self.env.ref("helpdesk_complaint.calendar_fr_mon_fri")
        day = 13 + leaves.search_count([("name", "=", "Moved")])
        leave = leaves.create(
            {
                "name": "Moved",
                "calendar_id": calendar.id,
                "date_from": f"2026-10-{day} 00:00:00",
                "date_to": f"2026-10-{day} 20:00:00",
            }
        )
        leave.company_id = self.company

    def test_one_more_deadline_moved_costs_less_than_a_query(self):
        self.report(5)
        self.move()
        few = self.queries(self.move)
        self.report(40)
        many = self.queries(self.move)
        self.assertLess((many - few) / 40, 1)

    def test_a_form_costs_the_same_whatever_the_number_of_complaints(self):
        ticket = self.report(1)

        def read():
            Form(ticket.with_user(self.handler))

        read()
        few = self.queries(read)
        self.report(30)
        self.assertLessEqual(self.queries(read), few)

    def test_a_list_and_the_overdue_search_cost_the_same_for_one_and_for_many(self):
        self.report(2)
        tickets = self.env["helpdesk.ticket"].with_user(self.handler)
        fields = ["complaint_reference", "complaint_due_text", "complaint_urgency"]

        def search():
            tickets.search([("complaint_is_overdue", "=", True)], limit=80)
            tickets.search_read([("complaint_state", "!=", False)], fields, limit=80)

        with freeze_time("2027-10-12 08:00:00"):
            search()
            few = self.queries(search)
            self.report(30)
            self.assertLessEqual(self.queries(search), few)

    def test_the_indexes_that_lists_and_jobs_need_are_there(self):
        rows = self.env.execute_query(
            SQL(
                "SELECT indexname FROM pg_indexes WHERE tablename IN %s",
                ("helpdesk_ticket", "complaint_deadline"),
            )
        )
        names = {name for (name,) in rows}
        self.assertLessEqual(
            {
                "complaint_deadline_due_idx",
                "complaint_deadline_effect_idx",
                "complaint_deadline_open_policy_idx",
                "complaint_deadline_reminder_idx",
                "helpdesk_ticket_complaint_list_idx",
                "helpdesk_ticket__complaint_next_due_at_index",
            },
            names,
        )
