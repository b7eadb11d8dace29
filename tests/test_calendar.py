from datetime import date, timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form

from odoo.addons.helpdesk_complaint.models import holiday_library

from .common import ComplaintCase, freeze_time, tagged

WEEK = range(5)


class CalendarCase(ComplaintCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.week = cls.env.ref("helpdesk_complaint.calendar_fr_mon_fri")
        cls.house = cls.env["complaint.regime"].create(
            {"name": "House", "code": "test_calendar", "source": "Test"}
        )

    @classmethod
    def _calendar(cls, name="Empty", days=WEEK, **vals):
        """A calendar shared by all companies, without any closing day."""
        hours = [
            fields.Command.create(
                {
                    "name": str(day),
                    "dayofweek": str(day),
                    "hour_from": 9,
                    "hour_to": 17,
                    "day_period": "full_day",
                }
            )
            for day in days
        ]
        return cls.env["resource.calendar"].create(
            {
                "name": name,
                "company_id": False,
                "tz": "Europe/Paris",
                "attendance_ids": [fields.Command.clear(), *hours],
                **vals,
            }
        )

    @classmethod
    def _policy(cls, calendar, **vals):
        return cls.env["complaint.policy"].create(
            {
                "regime_id": cls.house.id,
                "step": "respond",
                "label": calendar.name,
                "amount": 10,
                "unit": "business_day",
                "calendar_id": calendar.id,
                "source": "Test",
                **vals,
            }
        )

    @classmethod
    def _close(cls, calendar, first, last=None, name="Closed", company=None):
        """A closure of whole local days, as an administrator enters it by hand."""
        first, last = (fields.Date.to_date(day) for day in (first, last or first))
        leave = cls.env["resource.calendar.leaves"].create(
            {
                "name": name,
                "calendar_id": calendar.id,
                **calendar._complaint_span(first, last),
            }
        )
        leave.company_id = company
        return leave

    def work(self, calendar, company=None):
        return calendar._complaint_work_calendar((company or self.company).id)

    def closed(self, calendar, year, company=None):
        days = self.work(calendar, company).holidays
        return {day.strftime("%m-%d") for day in days if day.year == year}

    def due(self, policy, start):
        due = self.env["complaint.deadline"]._reckon(
            policy, self.company, fields.Datetime.to_datetime(start)
        )
        return str(fields.Datetime.context_timestamp(policy, due).date())


@tagged("post_install", "-at_install")
class TestHolidays(CalendarCase):
    """What is loaded, and that it is loaded once."""

    def test_regions_have_days_of_their_own(self):
        rows = [
            # country, region, of 2026: closed, open
            ("FR", None, {"04-06", "05-01", "07-14"}, {"04-03", "12-26"}),
            ("FR", "57", {"04-03", "12-26", "07-14"}, {"12-24"}),
            ("FR", "Alsace-Moselle", {"04-03", "12-26"}, {"12-24"}),
            ("FR", "alsace", {"04-03", "12-26"}, {"12-24"}),
            ("FR", "Guadeloupe", {"05-27"}, {"12-26"}),
            ("GB", "SCT", {"01-01", "01-02", "08-03"}, {"04-06", "08-31"}),
            ("GB", "Scotland", {"01-02"}, {"04-06"}),
            ("GB", "ENG", {"04-06", "08-31"}, {"01-02"}),
            ("GB", "NIR", {"03-17", "07-13"}, {"01-02"}),
            ("GB", "WLS", {"04-06"}, {"03-17"}),
            ("CA", "QC", {"06-24", "05-18"}, {"04-06"}),
            ("CA", "quebec", {"06-24"}, {"04-06"}),
            ("BE", None, {"07-21"}, {"07-14"}),
        ]
        for country, region, closed, worked in rows:
            with self.subTest(country=country, region=region):
                calendar = self._calendar(f"{country} {region}")
                calendar.complaint_load_public_holidays(country, [2026], region)
                found = self.closed(calendar, 2026)
                self.assertLessEqual(closed, found)
                self.assertFalse(worked & found)

    def test_a_period_runs_over_the_days_of_its_region(self):
        alsace = self._calendar("Alsace")
        alsace.complaint_load_public_holidays("FR", [2026], "57")
        policy = self._policy(alsace, amount=2)
        self.assertEqual(self.due(policy, "2026-04-01 10:00"), "2026-04-07")
        self.assertEqual(
            self.due(self._policy(self.week, amount=2), "2026-04-01 10:00"),
            "2026-04-03",
        )

    def test_a_second_run_adds_nothing(self):
        calendar = self._calendar()
        first = calendar.complaint_load_public_holidays("FR", [2026, 2027])
        self.assertEqual(len(first), 22)
        self.assertFalse(first.company_id)
        self.assertFalse(calendar.complaint_load_public_holidays("FR", [2027, 2026]))
        self.assertEqual(
            len(calendar.complaint_load_public_holidays("FR", range(2026, 2029))), 11
        )

    def test_another_language_is_no_other_day(self):
        calendar = self._calendar()
        loaded = calendar.complaint_load_public_holidays("FR", [2026], language="en_US")
        self.assertIn("Ascension Day", loaded.mapped("name"))
        self.assertFalse(calendar.complaint_load_public_holidays("FR", [2026]))

    def test_a_second_region_adds_only_its_own_days(self):
        calendar = self._calendar()
        calendar.complaint_load_public_holidays("FR", [2026])
        added = calendar.complaint_load_public_holidays("FR", [2026], "6AE")
        self.assertEqual(
            [str(self.local_day(calendar, leave)) for leave in added],
            ["2026-04-03", "2026-12-26"],
        )

    def local_day(self, calendar, leave):
        return fields.Datetime.context_timestamp(
            leave.with_context(tz=calendar.tz), leave.date_from
        ).date()

    def test_a_closure_that_covers_the_day_is_enough(self):
        calendar = self._calendar()
        self._close(calendar, "2026-12-21", "2027-01-03", "Winter")
        names = calendar.complaint_load_public_holidays("FR", [2026]).mapped("name")
        self.assertEqual(len(names), 10)
        self.assertNotIn("Noël", names)

    def test_an_afternoon_off_is_not_enough(self):
        calendar = self._calendar()
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Christmas party",
                "calendar_id": calendar.id,
                "date_from": "2026-12-25 13:00:00",
                "date_to": "2026-12-25 22:59:59",
            }
        ).company_id = False
        self.assertEqual(len(calendar.complaint_load_public_holidays("FR", [2026])), 11)

    def test_a_closure_of_one_company_is_not_a_holiday_of_all(self):
        """It moves no date of another company, and the day is loaded for that one."""
        other = self.env["res.company"].create({"name": "Elsewhere"})
        calendar = self._calendar()
        self._close(calendar, "2026-07-14", "2026-07-15", company=other)
        self.assertEqual(self.closed(calendar, 2026), set())
        self.assertEqual(self.closed(calendar, 2026, other), {"07-14", "07-15"})
        self.assertEqual(len(calendar.complaint_load_public_holidays("FR", [2026])), 11)
        self.assertIn("07-14", self.closed(calendar, 2026))
        self.assertNotIn("07-15", self.closed(calendar, 2026))

    def test_a_closure_of_all_companies_is_a_holiday_of_all(self):
        calendar = self._calendar()
        for company in self.env["res.company"].search([]):
            self._close(calendar, "2026-07-14", company=company)
        self.assertEqual(len(calendar.complaint_load_public_holidays("FR", [2026])), 10)

    def test_public_holidays_belong_to_no_company(self):
        """A calendar that a company took as its own still counts for the others."""
        other = self.env["res.company"].create({"name": "Elsewhere"})
        calendar = self._calendar()
        self.company.resource_calendar_id = calendar
        calendar.company_id = self.company
        leaves = calendar.complaint_load_public_holidays("FR", [2026])
        self.assertFalse(leaves.company_id)
        self.assertIn("07-14", self.closed(calendar, 2026, other))
        self.assertFalse(calendar.complaint_load_public_holidays("FR", [2026]))

    def test_in_a_calendar_of_one_company_its_own_closures_are_enough(self):
        calendar = self._calendar(company_id=self.company.id)
        self._close(calendar, "2026-07-14", company=self.company)
        self.house.company_id = self.company
        self._policy(calendar)
        first = calendar.complaint_load_public_holidays("FR", [2026])
        self.assertEqual(len(first), 10)
        self.house.company_id = False
        again = calendar.complaint_load_public_holidays("FR", [2026])
        self.assertEqual(again.mapped("name"), ["Fête nationale"])

    def test_days_of_many_years_forget_the_calendars_once(self):
        calendars = self._calendar("One") | self._calendar("Two")
        registry = type(self.env.registry)
        with patch.object(registry, "clear_cache", autospec=True) as clear:
            calendars.complaint_load_public_holidays("FR", range(2024, 2030))
        self.assertEqual(clear.call_count, 1)

    def test_refusals_name_the_calendar_and_say_what_to_do(self):
        calendar = self._calendar("Branch in Metz")
        never = self._calendar("Never", days=[])
        rows = [
            (calendar, {"country": "ZZ"}, "for ZZ.*“Branch in Metz” by hand"),
            (calendar, {"country": "date"}, "for date"),
            (calendar, {"country": None}, "No public holidays"),
            (
                calendar,
                {"country": "FR", "subdivision": "Zone A"},
                "no region “Zone A”.*“Branch in Metz”.*Alsace-Moselle",
            ),
            (calendar, {"country": "LU", "subdivision": "x"}, "Choose one of: none"),
            (calendar, {"country": "FR", "language": "lb"}, "“lb”.*en_US, fr"),
            (calendar, {"country": "FR", "years": [1899]}, "1900 to 2100.*Metz"),
            (calendar, {"country": "FR", "years": [2101]}, "1900 to 2100.*Metz"),
            (calendar, {"country": "FR", "years": range(1, 10**9)}, "1900 to 2100"),
            (calendar, {"country": "FR", "years": range(2000, 2031)}, "31 years.*Metz"),
            (calendar, {"country": "FR", "years": []}, "No year.*Metz"),
            (calendar, {"country": "FR", "years": ["soon"]}, "no list of years"),
            (calendar, {"country": "DE", "years": [1950]}, "known for 1950.*Metz"),
            (never, {"country": "FR"}, "“Never” has no working day.*Add working"),
            (calendar | never, {"country": "FR"}, "“Never” has no working day"),
        ]
        for calendars, asked, message in rows:
            with self.subTest(**asked), self.assertRaisesRegex(UserError, message):
                calendars.complaint_load_public_holidays(**asked)
        self.assertFalse((calendar | never).leave_ids)

    def test_every_country_of_the_library_has_readable_choices(self):
        for country in holiday_library.list_countries():
            with self.subTest(country):
                known = holiday_library.find_country(country)
                languages = holiday_library.list_languages(country)
                self.assertIn(known.default_language, languages or [None])
                regions = holiday_library.list_regions(country)
                self.assertEqual(len(regions), len(set(regions.values())))
                for region, label in regions.items():
                    found = holiday_library.find_region(country, region)
                    self.assertEqual(found, region, label)

    def test_names_of_regions(self):
        france = holiday_library.list_regions("FR")
        self.assertEqual(france["57"], "Alsace-Moselle, Moselle (57)")
        self.assertEqual(france["6AE"], "Alsace-Moselle, Alsace (6AE)")
        self.assertNotIn("Zone A", france)
        self.assertEqual(holiday_library.list_regions("CA")["QC"], "Québec (QC)")
        self.assertEqual(holiday_library.list_regions("GB")["SCT"], "Scotland (SCT)")
        self.assertEqual(holiday_library.list_regions("LU"), {})
        self.assertEqual(holiday_library.list_regions("ZZ"), {})
        self.assertIsNone(holiday_library.find_region("FR", "Québec"))


@tagged("post_install", "-at_install")
class TestKeepers(CalendarCase):
    """Who may change the days that deadlines are counted with."""

    def test_officers_and_administrators_load(self):
        admin = self._new_user("t_admin", "base.group_system")
        for user in (self.officer, admin):
            calendar = self.as_user(user, self._calendar(user.login))
            with self.subTest(user.login):
                self.assertEqual(
                    len(calendar.complaint_load_public_holidays("FR", [2026])), 11
                )
                wizard = calendar.env["complaint.holiday.load"].create(
                    {
                        "calendar_ids": calendar.ids,
                        "country_id": self.env.ref("base.fr").id,
                        "year_from": 2027,
                        "year_to": 2027,
                    }
                )
                wizard.action_confirm()
                self.assertEqual(len(calendar.leave_ids), 22)
                self.assertTrue(calendar.complaint_closing_count)

    def test_nobody_else_does(self):
        calendar = self._calendar()
        for user in (self.handler, self.manager, self.auditor, self.agent):
            with self.subTest(user.login):
                mine = self.as_user(user, calendar)
                with self.assertRaisesRegex(AccessError, "compliance officers"):
                    mine.complaint_load_public_holidays("FR", [2026])
                with self.assertRaises(AccessError):
                    mine.env["complaint.holiday.load"].create(
                        {"calendar_ids": calendar.ids}
                    )
        with self.assertRaises(AccessError):
            self.as_user(self.customer, calendar).complaint_load_public_holidays("FR")
        self.assertFalse(calendar.leave_ids)

    def test_a_calendar_of_another_company_is_left_alone(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        calendar = self._calendar("Theirs", company_id=other.id)
        mine = self.as_user(self.officer, calendar)
        with self.assertRaisesRegex(AccessError, "“Theirs” belongs to.*Elsewhere"):
            mine.complaint_load_public_holidays("FR")
        self._policy(calendar)
        self.assertTrue(mine.complaint_load_public_holidays("FR"))

    def test_officers_close_complaint_calendars_by_hand_and_no_other(self):
        used, unused = self._calendar("Used"), self._calendar("Unused")
        self._policy(used)
        leaves = self.as_user(self.officer, self.env["resource.calendar.leaves"])
        values = {
            "name": "Inventory",
            "date_from": "2026-05-03 22:00:00",
            "date_to": "2026-05-04 21:59:59",
        }
        leave = leaves.create({**values, "calendar_id": used.id})
        self.assertEqual(leave.company_id, self.company)
        self.assertEqual(leave.complaint_days, "Mon 4 May 2026")
        self.assertEqual(self.closed(used, 2026), {"05-04"})
        leave.date_to = "2026-05-05 21:59:59"
        self.assertEqual(leave.complaint_days, "Mon 4 May 2026 – Tue 5 May 2026")
        leave.name = "Stocktaking"
        leave.unlink()
        self.assertEqual(self.closed(used, 2026), set())
        with self.assertRaises(AccessError):
            leaves.create({**values, "calendar_id": unused.id})
        with self.assertRaises(AccessError):
            self.as_user(self.manager, leaves).create(
                {**values, "calendar_id": used.id}
            )

    def test_calendars_of_policies_are_found(self):
        counts, ends, unused = (self._calendar(name) for name in ("A", "B", "C"))
        policy = self._policy(counts, roll="next", roll_calendar_id=ends.id)
        mine = self.as_user(self.officer, self.env["resource.calendar"])

        def found():
            calendars = (counts | ends | unused).ids
            return mine.search(
                [("complaint_is_used", "=", True), ("id", "in", calendars)]
            )

        self.assertEqual(found(), counts | ends)
        self.assertEqual(
            (counts | ends | unused).filtered("complaint_is_used"), counts | ends
        )
        policy.active = False
        self.assertFalse(found())
        self.assertFalse(counts.complaint_is_used)
        policy.active = True
        self.house.active = False
        self.assertFalse(found())


@tagged("post_install", "-at_install")
class TestHolidayWizard(CalendarCase):
    def form(self, calendars, **context):
        wizard = self.as_user(self.officer, self.env["complaint.holiday.load"])
        return Form(
            wizard.with_context(
                active_model="resource.calendar", active_ids=calendars.ids, **context
            )
        )

    def test_the_preview_shows_what_is_new_before_it_is_written(self):
        calendar = self._calendar("Metz")
        self._close(calendar, "2026-05-01", name="First of May")
        with freeze_time("2026-01-15"), self.form(calendar) as form:
            self.assertEqual(form.country_id, self.env.ref("base.fr"))
            self.assertEqual((form.year_from, form.year_to), (2026, 2028))
            self.assertEqual(form.language, "fr")
            self.assertTrue(form.has_regions)
            self.assertIn("FR/57", form.region_choices)
            self.assertNotIn("GB/SCT", form.region_choices)
            form.year_to = 2026
            self.assertEqual(form.new_count, 10)
            form.region = "FR/57"
            self.assertEqual(form.new_count, 12)
            self.assertFalse(form.problem)
            lines = {line["name"]: line for line in form.line_ids._records}
        self.assertEqual(len(lines), 13)
        self.assertEqual(lines["Vendredi saint"]["state"], "new")
        self.assertEqual(lines["Vendredi saint"]["day_text"], "Friday 3 April 2026")
        self.assertEqual(lines["Assomption"]["state"], "rest")
        self.assertEqual(lines["Fête du Travail"]["state"], "known")
        self.assertEqual(lines["Fête du Travail"]["note"], "As “First of May”")
        self.assertEqual(len(calendar.leave_ids), 1)

    def test_confirming_writes_it_once(self):
        calendar = self._calendar("Metz")
        wizard = self.form(calendar)
        wizard.year_from = wizard.year_to = 2026
        wizard.region = "FR/57"
        action = wizard.save().action_confirm()
        self.assertIn("13 days added to Metz", action["params"]["message"])
        self.assertEqual(len(calendar.leave_ids), 13)
        again = self.form(calendar)
        again.year_from = again.year_to = 2026
        again.region = "FR/57"
        self.assertEqual(again.new_count, 0)
        again.save().action_confirm()
        self.assertEqual(len(calendar.leave_ids), 13)

    def test_several_calendars_say_where_a_day_is_new(self):
        one, two = self._calendar("One"), self._calendar("Two")
        one.complaint_load_public_holidays("FR", [2026])
        form = self.form(one | two)
        form.year_from = form.year_to = 2026
        self.assertEqual(form.new_count, 11)
        notes = {line["note"] for line in form.line_ids._records}
        self.assertEqual(notes, {"New in Two"})

    def test_another_country_brings_its_own_choices(self):
        form = self.form(self._calendar())
        form.region = "FR/57"
        form.country_id = self.env.ref("base.uk")
        self.assertFalse(form.region)
        self.assertEqual(form.language, "en_GB")
        self.assertIn("GB/SCT", form.region_choices)
        form.country_id = self.env.ref("base.lu")
        self.assertFalse(form.has_regions)
        self.assertTrue(form.has_languages)
        form.country_id = self.env.ref("base.za")
        self.assertFalse(form.has_languages)
        self.assertFalse(form.language)
        self.assertTrue(form.new_count)

    def test_the_country_is_that_of_the_regimes(self):
        calendar = self._calendar()
        self._policy(calendar)
        self.house.country_id = self.env.ref("base.ca")
        self.assertEqual(self.form(calendar).country_id.code, "CA")

    def test_a_problem_is_said_in_the_form_and_refused_after_it(self):
        nowhere = self.env["res.country"].create({"name": "Nowhere", "code": "QQ"})
        rows = [
            ({"year_from": 2027, "year_to": 2026}, "first year must not"),
            ({"year_from": 1899, "year_to": 1901}, "1900 to 2100"),
            ({"year_from": 2000, "year_to": 2040}, "41 years"),
            ({"country_id": nowhere}, "known for Nowhere"),
        ]
        for values, message in rows:
            with self.subTest(**values):
                form = self.form(self._calendar())
                for name, value in values.items():
                    form[name] = value
                self.assertRegex(form.problem, message)
                self.assertEqual(form.new_count, 0)
                with self.assertRaisesRegex(UserError, message):
                    form.save().action_confirm()

    def test_without_a_calendar_nothing_is_loaded(self):
        wizard = self.as_user(self.officer, self.env["complaint.holiday.load"])
        wizard = wizard.create(
            {
                "country_id": self.env.ref("base.fr").id,
                "year_from": 2026,
                "year_to": 2026,
            }
        )
        with self.assertRaisesRegex(UserError, "Choose the calendars"):
            wizard.action_confirm()

    def test_the_deadlines_that_may_move_are_counted(self):
        calendar = self._calendar()
        self._policy(calendar)
        with freeze_time("2026-04-27 10:00:00"):
            self._new_qualified(self.house, received="2026-04-27 08:00:00")
            form = self.form(calendar)
            form.year_from = form.year_to = 2026
            self.assertEqual(form.deadline_count, 1)
            form.year_from = form.year_to = 2028
            self.assertEqual(form.deadline_count, 0)


@tagged("post_install", "-at_install")
class TestTouchedDeadlines(CalendarCase):
    def test_the_open_deadlines_that_a_day_may_move(self):
        """Ten working days from 27 April 2026 without holidays: due on 11 May."""
        calendar = self._calendar()
        policy = self._policy(calendar, can_pause=True)
        with freeze_time("2026-04-27 10:00:00"):
            ticket = self._new_qualified(self.house, received="2026-04-27 08:00:00")
        deadline = ticket.complaint_deadline_ids
        rows = [
            (["2026-05-01"], True),
            (["2026-04-27"], True),
            (["2026-06-11"], True),
            (["2026-04-20"], False),
            (["2026-06-14"], False),
            (["2025-12-25", "2026-01-01", "2026-12-25"], False),
            (["2026-12-25", "2026-05-08", "2026-04-06"], True),
            (["2026-04-06", "2026-07-14"], False),
            ([], False),
        ]

        def touched(days, calendars=calendar):
            days = [fields.Date.to_date(day) for day in days]
            domain = calendars._complaint_open_deadlines(days)
            return bool(self.env["complaint.deadline"].search(domain) & deadline)

        for days, expected in rows:
            with self.subTest(days):
                self.assertEqual(touched(days), expected)
        day = ["2026-05-01"]
        self.assertFalse(touched(day, self.week))
        self.assertFalse(touched(day, self.env["resource.calendar"]))
        policy.write({"roll": "next", "roll_calendar_id": self.week.id})
        self.assertTrue(touched(day, self.week))
        with freeze_time("2026-04-28 10:00:00"):
            ticket.complaint_pause("A document is awaited.")
        self.assertTrue(touched(["2027-12-25"]))
        self.assertFalse(touched(["2025-12-25"]))
        deadline.state = "met"
        self.assertFalse(touched(day))

    def test_runs_of_days_are_as_good_as_each_day(self):
        """Against the plain definition, on a grid of deadlines and days."""
        calendar = self._calendar()
        self._policy(calendar, amount=1)
        with freeze_time("2026-01-05 10:00:00"):
            ticket = self._new_qualified(self.house, received="2026-01-05 08:00:00")
        deadline = ticket.complaint_deadline_ids
        days = [date(2026, 3, 2), date(2026, 4, 1), date(2026, 5, 3), date(2026, 9, 1)]
        domain = calendar._complaint_open_deadlines(days)
        for offset in range(0, 300, 3):
            start = date(2026, 1, 1) + timedelta(days=offset)
            for length in (0, 1, 40):
                end = start + timedelta(days=length)
                deadline.write(
                    {"start_at": f"{start} 12:00:00", "due_at": f"{end} 12:00:00"}
                )
                near = [
                    (start - day).days <= 0 and (end - day).days >= -31 for day in days
                ]
                far = [(start - day).days > 2 or (end - day).days < -33 for day in days]
                found = bool(deadline.filtered_domain(domain))
                if any(near):
                    self.assertTrue(found, (start, end))
                if all(far):
                    self.assertFalse(found, (start, end))


@tagged("post_install", "-at_install")
class TestMissingYears(CalendarCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calendar = cls._calendar("Metz")
        cls.policy = cls._policy(cls.calendar)

    def cron(self, moment):
        with freeze_time(moment), self.enter_registry_test_mode():
            self.env.ref(
                "helpdesk_complaint.ir_cron_complaint_calendar"
            ).method_direct_trigger()
        return self.asked()

    def asked(self):
        """The requests for this calendar: those open, and those done."""
        kind = self.env.ref("helpdesk_complaint.mail_activity_calendar")
        activities = self.env["mail.activity"].with_context(active_test=False)
        return activities.search(
            [("activity_type_id", "=", kind.id), ("summary", "like", "Metz")]
        )

    def missing(self, moment="2026-03-01"):
        with freeze_time(moment):
            self.calendar.invalidate_recordset()
            return self.calendar.complaint_missing_years

    def test_years_without_any_holiday_are_named(self):
        self.assertEqual(self.missing(), "2026, 2027")
        self.calendar.complaint_load_public_holidays("FR", [2026])
        self.assertEqual(self.missing(), "2027")
        self.calendar.complaint_load_public_holidays("FR", [2027])
        self.assertFalse(self.missing())
        self.assertEqual(self.missing("2027-01-01"), "2028")

    def test_an_unused_calendar_misses_nothing(self):
        self.policy.active = False
        self.assertFalse(self.missing())

    def test_the_furthest_open_deadline_says_how_far(self):
        self.calendar.complaint_load_public_holidays("FR", [2026, 2027])
        with freeze_time("2026-03-01 10:00:00"):
            ticket = self._new_qualified(self.house, received="2026-03-01 08:00:00")
        deadline = ticket.complaint_deadline_ids
        deadline.due_at = "2029-12-31 22:30:00"
        self.assertEqual(self.missing(), "2028, 2029")
        deadline.due_at = "2029-12-31 23:30:00"
        self.assertEqual(self.missing(), "2028, 2029, 2030")
        deadline.state = "met"
        self.assertFalse(self.missing())

    def test_a_closure_of_a_company_is_no_public_holiday(self):
        values = {
            "name": "Bridge",
            "date_from": "2026-05-14 22:00:00",
            "date_to": "2026-05-15 21:59:59",
        }
        self.env["resource.calendar.leaves"].create(values).company_id = self.company
        self._close(self.calendar, "2026-05-15", company=self.company)
        self.assertEqual(self.missing(), "2026, 2027")
        self._close(self.calendar, "2026-05-25")
        self.assertEqual(self.missing(), "2027")

    def test_a_closure_over_new_year_counts_for_the_year_it_begins_in(self):
        self._close(self.calendar, "2026-12-24", "2027-01-03")
        self.assertEqual(self.missing(), "2027")

    def test_the_deadline_says_that_it_may_move(self):
        with freeze_time("2026-03-01 10:00:00"):
            ticket = self._new_qualified(self.house, received="2026-03-01 08:00:00")
        deadline = ticket.complaint_deadline_ids
        self.assertEqual(
            deadline.calendar_warning,
            "The calendar “Metz” has no public holidays for 2026: the date may move.",
        )
        mine = self.as_user(self.handler, deadline)
        self.assertIn("Metz", mine.calendar_warning)
        deadline.due_at = "2027-01-04 22:59:59"
        self.assertIn("for 2026, 2027:", deadline.calendar_warning)
        self._close(self.calendar, "2026-05-25", company=self.company)
        # reckoned again with the closing day, and set apart again
        deadline.due_at = "2027-01-04 22:59:59"
        deadline.invalidate_recordset()
        self.assertIn("for 2027:", deadline.calendar_warning)
        self.calendar.complaint_load_public_holidays("FR", [2026, 2027])
        deadline.invalidate_recordset()
        self.assertFalse(deadline.calendar_warning)

    def test_only_calendars_that_count_are_warned_of(self):
        ends = self._calendar("Ends")
        rows = [
            ({"unit": "day"}, ""),
            ({"unit": "day", "roll": "next"}, "Metz"),
            ({"unit": "day", "roll": "next", "roll_calendar_id": ends.id}, "Ends"),
            (
                {"unit": "business_day", "roll": "next", "roll_calendar_id": ends.id},
                "Metz Ends",
            ),
            (
                {
                    "unit": "day",
                    "extension": "add",
                    "extension_amount": 5,
                    "extension_unit": "business_day",
                },
                "Metz",
            ),
            (
                {
                    "unit": "month",
                    "is_company_set": True,
                    "company_amount": 3,
                    "company_unit": "business_day",
                },
                "Metz",
            ),
        ]
        for number, (vals, expected) in enumerate(rows):
            with self.subTest(**vals):
                vals = {"label": str(number), **vals}
                policy = self._policy(self.calendar, **vals)
                policy = policy.with_company(self.company)
                if "company_unit" in vals:
                    policy.write(
                        {key: vals[key] for key in ("company_amount", "company_unit")}
                    )
                found = policy._counting_calendars(self.company)
                self.assertEqual(" ".join(found.mapped("name")), expected)

    def test_what_has_ended_is_not_warned_of(self):
        with freeze_time("2026-03-01 10:00:00"):
            ticket = self._new_qualified(self.house, received="2026-03-01 08:00:00")
        deadline = ticket.complaint_deadline_ids
        deadline.state = "met"
        self.assertFalse(deadline.calendar_warning)

    def test_one_request_a_calendar_and_year_not_one_a_week(self):
        [request] = self.cron("2026-03-02 06:00:00")
        self.assertEqual(request.summary, "Public holidays of 2026 are missing: Metz")
        self.assertEqual(request.res_model, "complaint.regime")
        self.assertEqual(request.res_id, self.house.id)
        self.assertTrue(
            request.user_id.has_group("helpdesk_complaint.group_complaint_officer")
        )
        self.assertFalse(request.user_id._is_system())
        self.assertEqual(self.cron("2026-03-09 06:00:00"), request)
        request.action_done()
        self.assertEqual(self.cron("2026-03-16 06:00:00"), request)

    def test_next_year_is_asked_for_in_october(self):
        self.calendar.complaint_load_public_holidays("FR", [2026])
        self.assertFalse(self.cron("2026-09-28 06:00:00"))
        [request] = self.cron("2026-10-05 06:00:00")
        self.assertIn("2027", request.summary)

    def test_next_year_is_asked_for_at_once_when_a_deadline_falls_in_it(self):
        self.calendar.complaint_load_public_holidays("FR", [2026])
        with freeze_time("2026-03-01 10:00:00"):
            ticket = self._new_qualified(self.house, received="2026-03-01 08:00:00")
        ticket.complaint_deadline_ids.due_at = "2027-01-04 22:59:59"
        [request] = self.cron("2026-03-02 06:00:00")
        self.assertIn("2027", request.summary)
        self.assertIn("may move: 1.", request.note)

    def test_loading_ends_the_request_and_losing_them_asks_again(self):
        [request] = self.cron("2026-03-02 06:00:00")
        self.assertTrue(request.active)
        mine = self.as_user(self.officer, self.calendar)
        leaves = mine.complaint_load_public_holidays("FR", [2026])
        self.assertFalse(request.active)
        self.assertFalse(self.calendar.complaint_told_years)
        leaves.sudo().unlink()
        self.assertEqual(len(self.cron("2026-03-09 06:00:00")), 2)

    def test_days_entered_by_hand_end_the_request_too(self):
        [request] = self.cron("2026-03-02 06:00:00")
        self._close(self.calendar, "2026-05-01")
        self.cron("2026-03-09 06:00:00")
        self.assertFalse(request.active)

    def test_a_calendar_no_longer_used_asks_nothing_more(self):
        [request] = self.cron("2026-03-02 06:00:00")
        self.policy.active = False
        self.cron("2026-03-09 06:00:00")
        self.assertFalse(request.active)

    def test_the_officer_of_the_company_is_asked(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.calendar.company_id = self.company
        [request] = self.cron("2026-03-02 06:00:00")
        self.assertIn(self.company, request.user_id.company_ids)
        keeper = self.env["resource.calendar"]._complaint_keeper(self.company)
        self.assertEqual(keeper, self.officer)
        self.assertFalse(
            self.env["resource.calendar"]._complaint_keeper(other) & self.officer
        )

    def test_with_nobody_to_ask_it_is_asked_next_week(self):
        group = self.env.ref("helpdesk_complaint.group_complaint_officer")
        members = group.user_ids
        group.user_ids = False
        with self.assertLogs(
            "odoo.addons.helpdesk_complaint.models.resource_calendar_warning"
        ):
            self.assertFalse(self.cron("2026-03-02 06:00:00"))
        group.user_ids = members
        self.assertTrue(self.cron("2026-03-09 06:00:00"))


@tagged("post_install", "-at_install")
class TestWeeks(CalendarCase):
    """How a calendar's hours become days."""

    def two_weeks(self, first, second, name="Alternating"):
        calendar = self._calendar(name, days=[])
        calendar.two_weeks_calendar = True
        for number, days in enumerate((first, second)):
            for day in days:
                self.env["resource.calendar.attendance"].create(
                    {
                        "calendar_id": calendar.id,
                        "name": str(day),
                        "week_type": str(number),
                        "dayofweek": str(day),
                        "hour_from": 9,
                        "hour_to": 17,
                        "day_period": "full_day",
                    }
                )
        return calendar

    def test_alternating_weeks_work_the_days_of_their_own_week(self):
        """As core counts them, over many years, those of 53 weeks included."""
        calendar = self.two_weeks([0, 1, 2, 3, 4], [0, 1, 2, 3, 5])
        work = self.work(calendar)
        number = self.env["resource.calendar.attendance"].get_week_type
        for day in (date(2026, 1, 1) + timedelta(days=n) for n in range(3000)):
            expected = day.weekday() in ((0, 1, 2, 3, 4), (0, 1, 2, 3, 5))[number(day)]
            self.assertEqual(work.is_working(day), expected, day)

    def test_a_day_off_of_the_other_week_is_a_rest_day_not_a_holiday(self):
        calendar = self.two_weeks([0, 1, 2, 3, 4], [0, 1, 2, 3])
        policy = self._policy(calendar, amount=10)
        deadlines = self.env["complaint.deadline"]
        start = fields.Datetime.to_datetime("2026-09-07 08:00:00")
        due = deadlines._reckon(policy, self.company, start)
        self.assertEqual(str(due.date()), "2026-09-22")
        why = policy._try_deadline(start.date())._explain_data()
        self.assertEqual(why["skipped_holidays"], [])
        self.assertEqual(why["skipped_rest_days"], 5)

    def test_a_holiday_closes_an_alternating_day_too(self):
        calendar = self.two_weeks(WEEK, [0, 1, 2, 3])
        calendar.complaint_load_public_holidays("FR", [2026, 2027])
        self.assertIn("07-14", self.closed(calendar, 2026))
        self.assertEqual(
            self.work(calendar).why_closed(date(2026, 5, 1)).holiday, "Fête du Travail"
        )

    def test_two_equal_weeks_are_one(self):
        self.assertFalse(self.work(self.two_weeks(WEEK, WEEK)).holidays)

    def test_hours_given_as_durations_are_days_too(self):
        calendar = self._calendar("Durations", days=[], duration_based=True)
        for day in WEEK:
            self.env["resource.calendar.attendance"].create(
                {
                    "calendar_id": calendar.id,
                    "name": str(day),
                    "dayofweek": str(day),
                    "day_period": "full_day",
                    "duration_hours": 26 if day == 2 else 7 if day < 4 else 0,
                }
            )
        calendar.complaint_load_public_holidays("FR", [2026])
        self.assertEqual(self.work(calendar).weekdays, {0, 1, 2, 3})
        self.assertIn("07-14", self.closed(calendar, 2026))

    def test_breaks_and_lines_without_length_are_no_work(self):
        calendar = self._calendar(days=[0, 1])
        calendar.attendance_ids[0].day_period = "lunch"
        calendar.attendance_ids[1].write({"hour_from": 0, "hour_to": 0})
        with self.assertRaisesRegex(UserError, "no working day"):
            self.work(calendar)

    def test_a_flexible_calendar_is_refused_with_what_to_do(self):
        calendar = self._calendar("Free", schedule_type="flexible")
        message = "“Free” is flexible.*fully fixed, or choose another"
        with self.assertRaisesRegex(UserError, message):
            self.work(calendar)
        with self.assertRaisesRegex(UserError, message):
            calendar.complaint_load_public_holidays("FR")
        with self.assertRaisesRegex(UserError, message):
            self._policy(calendar)

    def test_a_holiday_is_a_date_whatever_the_zones(self):
        """Counted in Réunion with the calendar of Paris: the 14th is the 14th."""
        self.house.tz = "Indian/Reunion"
        far = self._calendar("Auckland", tz="Pacific/Auckland")
        paris = self._calendar("Paris")
        for calendar in (far, paris):
            calendar.complaint_load_public_holidays("FR", [2026])
            self.assertIn("07-14", self.closed(calendar, 2026))
            policy = self._policy(calendar, amount=1)
            start = fields.Datetime.to_datetime("2026-07-13 06:00:00")
            due = self.env["complaint.deadline"]._reckon(policy, self.company, start)
            why = policy._try_deadline(start.date())._explain_data()
            self.assertEqual(why["due_day"], "2026-07-15")
            self.assertEqual(str(due), "2026-07-15 19:59:59")

    def test_a_calendar_closed_for_ever_is_an_error_not_a_loop(self):
        calendar = self._calendar("Shut")
        policy = self._policy(calendar)
        leave = self._close(calendar, "2026-01-01", "2100-12-31")
        message = "The policy “Shut: 10 .*: The calendar Shut has no working day left"
        with self.assertRaisesRegex(UserError, message):
            self.due(policy, "2026-04-29 10:00")
        leave.write({"date_from": "1700-01-01", "date_to": "9000-01-01"})
        with self.assertRaisesRegex(UserError, message):
            self.due(policy, "2026-04-29 10:00")

    # ------------------------------------------------------------------
    # What is read again
    # ------------------------------------------------------------------

    def test_whatever_changes_a_calendar_is_seen_at_once(self):
        calendar = self._calendar("Before")
        closure = self._close(calendar, "2026-07-14")
        self.work(calendar)
        calendar.name = "After"
        self.assertEqual(self.work(calendar).name, "After")
        saturday = self.env["resource.calendar.attendance"].create(
            {
                "calendar_id": calendar.id,
                "name": "5",
                "dayofweek": "5",
                "hour_from": 9,
                "hour_to": 12,
            }
        )
        self.assertIn(5, self.work(calendar).weekdays)
        saturday.dayofweek = "6"
        self.assertIn(6, self.work(calendar).weekdays)
        saturday.unlink()
        self.assertEqual(self.work(calendar).weekdays, {0, 1, 2, 3, 4})
        closure.write(calendar._complaint_span(date(2026, 7, 15)))
        self.assertEqual(self.closed(calendar, 2026), {"07-15"})
        closure.company_id = self.env["res.company"].create({"name": "Elsewhere"})
        self.assertEqual(self.closed(calendar, 2026), set())
        closure.company_id = self.company
        self.assertEqual(self.closed(calendar, 2026), {"07-15"})
        closure.unlink()
        self.assertEqual(self.closed(calendar, 2026), set())
        calendar.two_weeks_calendar = True
        monday = date(2026, 9, 7)
        number = calendar.attendance_ids.get_week_type(monday)
        for line in calendar.attendance_ids:
            line.week_type = str(1 - number)
        self.assertFalse(self.work(calendar).is_working(monday))
        calendar.schedule_type = "flexible"
        with self.assertRaisesRegex(UserError, "flexible"):
            self.work(calendar)
        calendar.flexible_hours = False
        self.assertTrue(self.work(calendar))

    def test_another_time_zone_keeps_the_dates(self):
        calendar = self._calendar("Moving")
        self._policy(calendar)
        other = self.env["res.company"].create({"name": "Elsewhere"})
        calendar.complaint_load_public_holidays("FR", [2026])
        self._close(calendar, "2026-08-03", "2026-08-14", company=other)
        half = self.env["resource.calendar.leaves"].create(
            {
                "name": "Afternoon",
                "calendar_id": calendar.id,
                "date_from": "2026-12-24 12:00:00",
                "date_to": "2026-12-24 22:59:59",
            }
        )
        days = self.closed(calendar, 2026)
        theirs = self.closed(calendar, 2026, other)
        for zone in ("Pacific/Auckland", "America/Toronto", "Europe/Paris"):
            calendar.tz = zone
            with self.subTest(zone):
                self.assertEqual(self.closed(calendar, 2026), days)
                self.assertEqual(self.closed(calendar, 2026, other), theirs)
        self.assertEqual(str(half.date_from), "2026-12-24 12:00:00")
