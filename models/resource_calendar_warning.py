import logging
from datetime import date, timedelta

import pytz

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import ormcache

from ..engine.workdays import LAST_DAY
from .complaint_terms import OPEN_STATES
from .resource_calendar_holidays import OFFICER

_logger = logging.getLogger(__name__)

# Next year's public holidays are asked for from this month on, deadlines or not.
ASK_FROM_MONTH = 10
# Days given to load them.
ASK_DAYS = 7


class ResourceCalendar(models.Model):
    """Years in which a deadline falls and no public holiday is known: said in time."""

    _inherit = "resource.calendar"

    complaint_missing_years = fields.Char(
        "Years without public holidays",
        compute="_compute_complaint_missing_years",
        compute_sudo=True,
        help="From this year to the next, or to the last one in which an open deadline "
        "falls.",
    )
    complaint_told_years = fields.Json(
        copy=False,
        readonly=True,
        groups="base.group_system",
        help="Activity that asks for the public holidays, by year.",
    )

    @api.depends("complaint_is_used", "company_id", "tz", "leave_ids.date_from")
    def _compute_complaint_missing_years(self):
        wanted = self._complaint_wanted_years()
        for calendar in self:
            years = calendar._complaint_missing(wanted[calendar])
            calendar.complaint_missing_years = ", ".join(map(str, years))

    def _complaint_missing(self, years):
        """Those of the years without any public holiday that holds for all."""
        loaded = self._complaint_common(
            {
                company: dict.fromkeys(loaded)
                for company, loaded in self._complaint_loaded_years().items()
            }
        )
        return [year for year in years if year not in loaded]

    def _complaint_missing_for(self, company, years):
        """Those of the years without any public holiday that holds for a company."""
        found = self._complaint_loaded_years()
        loaded = found.get(False, frozenset()) | found.get(company.id, frozenset())
        return [year for year in years if year not in loaded]

    @ormcache("self.id")
    def _complaint_loaded_years(self):
        """Years of the closures of this calendar itself, by company id, False for all.

        A closure of a whole company is in no calendar and is no public holiday. One
        that lasts over New Year counts for the year in which it begins.
        """
        zone = pytz.timezone(self.tz)
        # sudo: resource.calendar.leaves - their years only
        leaves = self.env["resource.calendar.leaves"].sudo()
        leaves = leaves.search_fetch(
            [
                ("resource_id", "=", False),
                ("time_type", "=", "leave"),
                ("calendar_id", "=", self.id),
            ],
            ["date_from", "company_id"],
        )
        return {
            company.id: frozenset(
                pytz.utc.localize(moment).astimezone(zone).year
                for moment in theirs.mapped("date_from")
            )
            for company, theirs in leaves.grouped("company_id").items()
        }

    def _complaint_wanted_years(self):
        """The years whose public holidays each calendar should have, none if unused.

        :return: dict by calendar of ranges
        """
        year = fields.Date.today().year
        last = self._complaint_last_due_years()
        return {
            calendar: range(
                year, min(max(year + 1, last.get(calendar, 0)), LAST_DAY.year) + 1
            )
            if calendar.complaint_is_used
            else range(0)
            for calendar in self
        }

    def _complaint_last_due_years(self):
        """The year of the furthest open deadline of each calendar that has one."""
        policies = self.env["complaint.policy"].with_context(active_test=False)
        # sudo: complaint.deadline - only the year of the last one
        policies = policies.sudo().search(
            Domain("calendar_id", "in", self.ids)
            | Domain("roll_calendar_id", "in", self.ids)
        )
        furthest = self.env["complaint.deadline"].sudo()  # sudo: same
        furthest = furthest._read_group(
            [("state", "in", OPEN_STATES), ("policy_id", "in", policies.ids)],
            ["policy_id"],
            ["due_at:max"],
        )
        years = {}
        for policy, due in furthest:
            for calendar in self & (policy.calendar_id | policy.roll_calendar_id):
                zone = pytz.timezone(calendar.tz)
                year = pytz.utc.localize(due).astimezone(zone).year
                years[calendar] = max(years.get(calendar, 0), year)
        return years

    # ------------------------------------------------------------------
    # Who is told
    # ------------------------------------------------------------------

    @api.model
    def _cron_complaint_calendar(self):
        """Ask an officer, once a calendar and year, for the public holidays missing.

        Next year's are asked for from October on, or as soon as an open deadline
        falls in it. Which years were asked for is on the calendar; once they are
        loaded the request is done, and would be made again if they vanished.
        """
        cron = self.env["ir.cron"]
        calendars = self.with_context(active_test=False).search(
            Domain("complaint_is_used", "=", True)
            | Domain("complaint_told_years", "!=", False)
        )
        cron._commit_progress(remaining=len(calendars))
        for calendar in calendars:
            try:
                with self.env.cr.savepoint():
                    calendar._complaint_ask_years()
            except Exception:
                _logger.exception("Public holidays of calendar %s", calendar.id)
            if not cron._commit_progress(1):
                return

    def _complaint_ask_years(self):
        """Leave one request for each year now missing, end those that are answered."""
        self.ensure_one()
        missing = self._complaint_missing(self._complaint_wanted_years()[self])
        self._complaint_end_requests(missing)
        today = fields.Date.today()
        urgent = self._complaint_last_due_years().get(self, today.year)
        if today.month >= ASK_FROM_MONTH:
            urgent = max(urgent, today.year + 1)
        told = dict(self.complaint_told_years or {})
        for year in missing:
            if year <= urgent and str(year) not in told:
                activity = self._complaint_ask(year)
                if activity:
                    told[str(year)] = activity.id
        if told != (self.complaint_told_years or {}):
            self.complaint_told_years = told

    def _complaint_end_requests(self, missing=None):
        """Mark as done the requests for years that are no longer missing."""
        for calendar in self.sudo():  # sudo: mail.activity - whoever was asked
            told = calendar.complaint_told_years or {}
            if not told:
                continue
            if missing is None:
                years = calendar._complaint_missing(map(int, told))
            else:
                years = missing
            done = {key: told[key] for key in told if int(key) not in years}
            if not done:
                continue
            activities = self.env["mail.activity"].sudo()  # sudo: same
            activities.browse(done.values()).exists().filtered("active").action_done()
            calendar.complaint_told_years = {
                key: told[key] for key in told if key not in done
            } or False

    def _complaint_ask(self, year):
        """Leave the request for one year on a regime that uses this calendar.

        A calendar has no activities of its own.

        :return: the activity, none if there is nobody to ask
        """
        regime = self._complaint_policies().regime_id.sorted(
            lambda regime: (regime.company_id != self.company_id, regime.sequence)
        )[:1]
        user = self._complaint_keeper(self.company_id or regime.company_id)
        if not user:
            _logger.warning(
                "Nobody to ask for the public holidays of calendar %s", self.id
            )
            return None
        regime = regime.with_context(lang=user.lang)
        days = [date(year, 1, 1) + timedelta(days=number) for number in range(366)]
        count = self.env["complaint.deadline"].search_count(
            self._complaint_open_deadlines(days)
        )
        return regime.activity_schedule(
            "helpdesk_complaint.mail_activity_calendar",
            date_deadline=fields.Date.add(fields.Date.today(), days=ASK_DAYS),
            summary=regime.env._(
                "Public holidays of %(year)s are missing: %(calendar)s",
                year=year,
                calendar=self.name,
            ),
            note=regime.env._(
                "Open deadlines whose date may move: %(count)s. Open Helpdesk / "
                "Configuration / Complaints / Working calendars, choose the calendar "
                "and load its public holidays.",
                count=count,
            ),
            user_id=user.id,
        )

    @api.model
    def _complaint_keeper(self, company):
        """The first compliance officer, of a company if given; administrators last."""
        group = self.env.ref(OFFICER)
        # sudo: res.groups - its members
        officers = group.sudo().all_user_ids.filtered(
            lambda user: (
                user.active
                and not user.share
                and (not company or company in user.company_ids)
            )
        )
        return officers.sorted(lambda user: (user._is_system(), user.id))[:1]
