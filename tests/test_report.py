import json
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user
from odoo.tools import config, file_open
from odoo.tools.translate import extract_spreadsheet_terms

from odoo.addons.spreadsheet.utils.validate_data import odoo_charts

from .common import ComplaintCase, freeze_time, tagged

DASHBOARDS = ("complaint_dashboard.json", "complaint_sample_dashboard.json")
RECEIVED = "2026-10-01 08:00:00"
# Under the ACPR's recommendation: acknowledge by 13 October, answer by 1 December.
ACKNOWLEDGE_DUE, RESPOND_DUE = "2026-10-13", "2026-12-01"


class ReportCase(ComplaintCase):
    """Complaints in every stage, without the cost of real PDF files."""

    def setUp(self):
        super().setUp()
        self.patch(
            type(self.env["ir.actions.report"]),
            "_complaint_render_pdf",
            lambda report, *args, **kwargs: b"%PDF-1.7 letter",
        )
        self.dashboard = self.env.ref(
            "helpdesk_complaint.spreadsheet_dashboard_complaint"
        )

    def complaint(self, **vals):
        with freeze_time("2026-10-01 10:00:00"):
            return self._new_qualified(received=RECEIVED, **vals)

    def answer(self, ticket, on, outcome="rejected", letter="rejection"):
        with freeze_time(f"{on} 09:00:00"):
            ticket.complaint_decide(outcome, "See the contract.", self.cause.id)
            ticket.complaint_send_letter(letter)

    def row(self, ticket, on="2026-10-02"):
        """The complaint's row, read on a day."""
        with freeze_time(f"{on} 12:00:00"):
            report = self.env["complaint.report"].with_context(active_test=False)
            report.invalidate_model()
            row = report.search([("ticket_id", "=", ticket.id)])
            row.ensure_one().fetch()
        return row

    def average(self, model, field, ticket, on="2026-10-02", domain=()):
        """An average, or None when nothing is decided."""
        with freeze_time(f"{on} 12:00:00"):
            [(value,)] = self.env[model]._read_group(
                [("ticket_id", "in", ticket.ids), *domain], [], [f"{field}:avg"]
            )
        return None if value is False else value

    def promises(self, ticket, on="2026-10-02"):
        """Step, cycle and timing of the promises that count, read on a day."""
        with freeze_time(f"{on} 12:00:00"):
            report = self.env["complaint.deadline.report"]
            report.invalidate_model()
            rows = report.search([("ticket_id", "=", ticket.id)], order="cycle, step")
            return [(row.step, row.cycle, row.timing) for row in rows]


@tagged("post_install", "-at_install")
class TestComplaintReport(ReportCase):
    """What is counted in time, late, or not yet."""

    def test_due_dates(self):
        """The dates on which the cases below rest."""
        ticket = self.complaint()
        self.assertEqual(self.due_day(ticket, "acknowledge"), ACKNOWLEDGE_DUE)
        self.assertEqual(self.due_day(ticket, "respond"), RESPOND_DUE)

    def test_nothing_is_decided_before_its_date(self):
        ticket = self.complaint()
        row = self.row(ticket)
        self.assertEqual((row.open_count, row.overdue_count), (1, 0))
        self.assertFalse(row.is_overdue)
        self.assertFalse(row.answer_timing)
        for field in ("acknowledged_in_time", "answered_in_time"):
            self.assertIsNone(self.average("complaint.report", field, ticket))
        self.assertEqual(
            self.promises(ticket), [("acknowledge", 1, False), ("respond", 1, False)]
        )

    def test_acknowledged_in_time(self):
        ticket = self.complaint()
        with freeze_time(f"{ACKNOWLEDGE_DUE} 21:00:00"):
            ticket.complaint_send_letter("acknowledge")
        row = self.row(ticket, "2026-10-14")
        self.assertEqual(row.acknowledged_in_time, 100)
        self.assertAlmostEqual(row.acknowledge_days, 12 + 13 / 24, places=3)
        self.assertIsNone(
            self.average("complaint.report", "answered_in_time", ticket, "2026-10-14")
        )

    def test_acknowledged_late(self):
        ticket = self.complaint()
        with freeze_time("2026-10-14 09:00:00"):
            ticket.complaint_send_letter("acknowledge")
        self.assertEqual(self.row(ticket, "2026-10-15").acknowledged_in_time, 0)
        self.assertEqual(
            self.average(
                "complaint.report", "acknowledged_in_time", ticket, "2026-10-15"
            ),
            0,
        )
        self.assertIn(("acknowledge", 1, "late"), self.promises(ticket, "2026-10-15"))

    def test_a_running_promise_is_late_from_its_date(self):
        """Without waiting for a job: the reminder's cron has not run here."""
        ticket = self.complaint()
        row = self.row(ticket, "2026-10-14")
        self.assertTrue(row.is_overdue)
        self.assertEqual(row.overdue_count, 1)
        self.assertEqual(
            self.promises(ticket, "2026-10-14"),
            [("acknowledge", 1, "late"), ("respond", 1, False)],
        )
        with freeze_time("2026-10-14 12:00:00"):
            overdue = self.env["complaint.report"].search([("is_overdue", "=", True)])
            self.assertIn(ticket, overdue.ticket_id)
            self.assertTrue(ticket.complaint_is_overdue)

    def test_an_acknowledgement_that_was_not_needed_is_left_out(self):
        """The answer went out within the time of the acknowledgement."""
        ticket = self.complaint()
        self.answer(ticket, "2026-10-05")
        self.assertEqual(
            ticket._complaint_current_deadlines("acknowledge").state, "waived"
        )
        self.assertIsNone(
            self.average("complaint.report", "acknowledged_in_time", ticket)
        )
        self.assertEqual(
            self.promises(ticket, "2026-10-06"), [("respond", 1, "in_time")]
        )

    def test_a_late_answer_does_not_excuse_a_missing_acknowledgement(self):
        """The answer tells that it was received, but that had been due long before."""
        ticket = self.complaint()
        self.answer(ticket, "2026-10-30")
        self.assertEqual(
            self.average("complaint.report", "acknowledged_in_time", ticket), 0
        )
        self.assertEqual(
            self.promises(ticket, "2026-10-31"),
            [("acknowledge", 1, "late"), ("respond", 1, "in_time")],
        )
        days = self.average(
            "complaint.deadline.report",
            "days",
            ticket,
            domain=[("timing", "=", "late")],
        )
        self.assertAlmostEqual(days, 29, 0, "until the answer told so")

    def test_each_cycle_counts(self):
        """In time at first, late once reopened: the complaint was not in time."""
        ticket = self.complaint()
        self.answer(ticket, "2026-10-05")
        self.assertEqual(self.row(ticket, "2026-10-06").answer_timing, "in_time")
        with freeze_time("2026-10-12 09:00:00"):
            ticket.complaint_reopen("New facts.")
        self.assertEqual(self.row(ticket, "2026-10-13").answer_timing, "in_time")
        self.answer(ticket, "2026-12-20", "upheld", "favourable")
        row = self.row(ticket, "2026-12-21")
        self.assertEqual((row.cycles, row.answer_timing), (2, "late"))
        self.assertEqual(row.outcome, "upheld")
        self.assertIn(("respond", 1, "in_time"), self.promises(ticket, "2026-12-21"))
        self.assertIn(("respond", 2, "late"), self.promises(ticket, "2026-12-21"))
        share = self.average(
            "complaint.deadline.report",
            "in_time",
            ticket,
            "2026-12-21",
            [("step", "=", "respond")],
        )
        self.assertEqual(share, 50)

    def test_internal_targets_do_not_make_a_complaint_late(self):
        self.acpr.policy_ids.filtered(lambda x: x.step == "respond").copy(
            {"target": "internal", "amount": 3, "unit": "day"}
        )
        ticket = self.complaint()
        self.assertEqual(len(self.promises(ticket)), 3)
        row = self.row(ticket, "2026-10-10")
        self.assertFalse(row.answer_timing)
        self.assertIn(("respond", 1, "late"), self.promises(ticket, "2026-10-10"))

    def test_redress_counts_once_granted(self):
        ticket = self.complaint()
        self.env["complaint.redress"].create(
            [
                {"ticket_id": ticket.id, "amount": amount, "state": state}
                for amount, state in ((100, "proposed"), (30, "granted"), (12, "paid"))
            ]
        )
        self.assertEqual(self.row(ticket).redress_amount, 42)
        self.assertEqual(self.row(ticket).currency_id, self.company.currency_id)
        self.assertEqual(self.row(self.complaint()).redress_amount, 0)

    def test_what_is_no_complaint_promises_nothing(self):
        with freeze_time("2026-10-01 10:00:00"):
            ticket = self._new_complaint(received=RECEIVED)
            ticket.complaint_qualify(False, "A question about opening hours.")
        row = self.row(ticket, "2027-01-01")
        self.assertEqual((row.state, row.open_count), ("not_complaint", 0))
        self.assertFalse(row.answer_timing)
        self.assertFalse(self.promises(ticket, "2027-01-01"))

    def test_main_regime_is_not_an_overlay(self):
        self.window.sequence = -1
        ticket = self.complaint(regime=self.acpr | self.window)
        self.assertEqual(self.row(ticket).regime_id, self.acpr)

    def test_ordinary_tickets_are_not_counted(self):
        ticket = self._new_ticket()
        report = self.env["complaint.report"]
        self.assertFalse(report.search([("ticket_id", "=", ticket.id)]))

    def test_pending_changes_are_counted(self):
        """Unsaved changes reach the database before the report reads it."""
        ticket = self.complaint()
        ticket.category_id = self.env["helpdesk.ticket.category"].create(
            {"name": "Fees"}
        )
        self.assertEqual(self.row(ticket).category_id.name, "Fees")

    def test_a_row_opens_its_complaint(self):
        ticket = self.complaint()
        action = self.row(ticket).action_view_complaint()
        self.assertEqual(
            (action["res_model"], action["res_id"]), ("helpdesk.ticket", ticket.id)
        )
        promise = self.env["complaint.deadline.report"].search(
            [("ticket_id", "=", ticket.id)], limit=1
        )
        self.assertEqual(promise.action_view_complaint()["res_id"], ticket.id)


@tagged("post_install", "-at_install")
class TestComplaintReportAccess(ReportCase):
    """A report shows the complaints that its reader may see, and no other."""

    MODELS = ("complaint.report", "complaint.deadline.report")

    def counted(self, user, model, ticket, companies=None):
        """Rows of a complaint: by search, by count, by group."""
        companies = companies or user.company_ids
        report = self.env[model].with_user(user)
        report = report.with_context(allowed_company_ids=companies.ids)
        domain = [("ticket_id", "=", ticket.id)]
        groups = report.formatted_read_group(domain, ["company_id"], ["__count"])
        counts = {
            len(report.search(domain)),
            report.search_count(domain),
            sum(group["__count"] for group in groups),
        }
        self.assertEqual(len(counts), 1, counts)
        return counts.pop()

    def test_confidential_complaints(self):
        ticket = self.complaint(complaint_is_confidential=True)
        ticket.user_id = self.leader
        for model in self.MODELS:
            for user, seen in (
                (self.manager, False),
                (self.handler, False),
                (self.leader, True),
                (self.officer, True),
                (self.auditor, True),
            ):
                with self.subTest(model=model, user=user.login):
                    self.assertEqual(bool(self.counted(user, model, ticket)), seen)

    def test_the_person_complained_about(self):
        ticket = self.complaint()
        ticket.complaint_concerned_user_ids = self.manager
        for model in self.MODELS:
            self.assertFalse(self.counted(self.manager, model, ticket))
            self.assertTrue(self.counted(self.officer, model, ticket))

    def test_other_companies(self):
        ticket = self.complaint()
        other = self.env["res.company"].create({"name": "Assurances du Vercors"})
        rival = new_test_user(
            self.env,
            "t_rival",
            "helpdesk_complaint.group_complaint_officer",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        both = new_test_user(
            self.env,
            "t_both",
            "helpdesk_complaint.group_complaint_manager",
            company_id=other.id,
            company_ids=[(6, 0, (other | self.company).ids)],
        )
        for model in self.MODELS:
            with self.subTest(model=model):
                self.assertFalse(self.counted(rival, model, ticket))
                self.assertFalse(self.counted(both, model, ticket, other))
                self.assertTrue(self.counted(both, model, ticket, self.company))
                rows = self.env[model].search([("ticket_id", "=", ticket.id)])
                with self.assertRaises(AccessError):
                    rows.with_user(rival).read(["state"])

    def test_who_may_not_read_reports(self):
        self.complaint()
        internal = new_test_user(self.env, "t_internal", "base.group_user")
        for user in (self.customer, internal, self.agent):
            for model in self.MODELS:
                with self.subTest(model=model, user=user.login):
                    report = self.env[model].with_user(user)
                    with self.assertRaises(AccessError):
                        report.search([])
                    with self.assertRaises(AccessError):
                        report.formatted_read_group([], ["state"], ["__count"])

    def test_who_opens_the_dashboard(self):
        for user, seen in (
            (self.manager, True),
            (self.officer, True),
            (self.auditor, True),
            (self.handler, False),
            (self.agent, False),
        ):
            with self.subTest(user=user.login):
                found = self.env["spreadsheet.dashboard"].with_user(user).search([])
                self.assertEqual(self.dashboard in found, seen)

    def test_sample_until_the_first_complaint(self):
        """The figures of a company without complaints are marked as a sample."""
        company = self.env["res.company"].create({"name": "Mutuelle neuve"})
        dashboard = self.dashboard.with_user(
            new_test_user(
                self.env,
                "t_new",
                "helpdesk_complaint.group_complaint_manager",
                company_id=company.id,
                company_ids=[(6, 0, company.ids)],
            )
        )
        self.assertTrue(dashboard._dashboard_is_empty())
        self.assertIn(
            "Sample", dashboard._get_sample_dashboard()["sheets"][0]["cells"]["A1"]
        )
        self.complaint()
        self.assertFalse(
            self.as_user(self.manager, self.dashboard)._dashboard_is_empty()
        )

    def test_readers_of_the_dashboard_get_every_figure(self):
        """Each pivot, chart and list runs with the rights of manager and auditor."""
        ticket = self.complaint()
        self.env["mgmtsystem.action"].create(
            {
                "name": "Rewrite the leaflet",
                "type_action": "correction",
                "company_id": self.company.id,
                "complaint_ids": [(6, 0, ticket.ids)],
                "date_deadline": fields.Date.to_date("2020-01-01"),
            }
        )
        data = json.loads(self.dashboard.spreadsheet_data)
        for user in (self.manager, self.auditor):
            for pivot in data["pivots"].values():
                with self.subTest(user=user.login, pivot=pivot["name"]):
                    model = self.as_user(user, self.env[pivot["model"]])
                    axes = pivot["rows"] + pivot["columns"]
                    model.formatted_read_group(
                        pivot["domain"],
                        [axis["fieldName"] for axis in axes],
                        [measure["id"] for measure in pivot["measures"]],
                    )
            for chart in odoo_charts(data):
                with self.subTest(user=user.login, chart=chart["id"]):
                    meta = chart["metaData"]
                    model = self.as_user(user, self.env[meta["resModel"]])
                    model.formatted_read_group(
                        chart["searchParams"]["domain"], meta["groupBy"], ["__count"]
                    )
            for source in [*data["pivots"].values(), *data["lists"].values()]:
                chains = [match["chain"] for match in source["fieldMatching"].values()]
                domain = [(chain, "!=", False) for chain in chains]
                self.as_user(user, self.env[source["model"]]).search_count(domain)
            late = self.as_user(user, self.env["mgmtsystem.action"]).search(
                data["pivots"]["13"]["domain"]
            )
            self.assertIn("Rewrite the leaflet", late.mapped("name"))


@tagged("post_install", "-at_install")
class TestDashboardFile(ReportCase):
    """The hand-made spreadsheets are complete, translatable and tidy."""

    def files(self):
        for name in DASHBOARDS:
            with file_open(f"helpdesk_complaint/data/files/{name}") as file:
                yield name, json.load(file)

    def test_fields_and_menus_exist(self):
        with patch.dict(config.options, {"test_enable": True}):
            self.dashboard._check_spreadsheet_data()

    def test_every_figure_follows_the_filters(self):
        data = json.loads(self.dashboard.spreadsheet_data)
        self.assertEqual(
            [item["id"] for item in data["globalFilters"]], ["period", "regime", "team"]
        )
        sources = [
            *data["pivots"].values(),
            *data["lists"].values(),
            *odoo_charts(data),
        ]
        for source in sources:
            self.assertLessEqual({"regime", "team"}, set(source["fieldMatching"]))

    def test_texts_are_translatable(self):
        """A text is given to ``_t``; nothing else is written in a cell but numbers."""
        for name, data in self.files():
            for sheet in data["sheets"]:
                self.assertTrue(sheet["cells"], name)
                self.assertIn("figures", sheet)
                for cell, content in sheet["cells"].items():
                    with self.subTest(file=name, cell=cell):
                        self.assertRegex(content, r"^(=.*|-?[\d.]+)$")

    def test_texts_are_exported(self):
        for name in DASHBOARDS:
            with file_open(f"helpdesk_complaint/data/files/{name}") as file:
                terms = {
                    term
                    for _, _, term, _ in extract_spreadsheet_terms(file, [], [], {})
                }
            self.assertLessEqual(
                {"Answered in time", "previously", "of the open ones", "By reason"},
                terms,
            )

    def test_nothing_overlaps(self):
        """Figures stay beside each other and inside the width of the grid."""
        for name, data in self.files():
            sheet = data["sheets"][0]
            width = sum(col["size"] for col in sheet["cols"].values())
            self.assertLessEqual(width, 1040, "fits beside the side bar on 1280 pixels")
            tops = [0]
            for row in range(sheet["rowNumber"]):
                tops.append(tops[-1] + sheet["rows"].get(str(row), {}).get("size", 23))
            boxes = []
            for figure in sheet["figures"]:
                left = figure["offset"]["x"]
                top = tops[figure["row"]] + figure["offset"]["y"]
                box = (left, top, left + figure["width"], top + figure["height"])
                self.assertLessEqual(box[2], width, name)
                for other in boxes:
                    self.assertTrue(
                        box[2] <= other[0]
                        or other[2] <= box[0]
                        or box[3] <= other[1]
                        or other[3] <= box[1],
                        f"{name}: {figure['id']}",
                    )
                boxes.append(box)
