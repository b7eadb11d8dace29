from itertools import islice

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..engine.workdays import FIRST_DAY, LAST_DAY
from . import holiday_library

MOST_YEARS = 30
OFFICER = "helpdesk_complaint.group_complaint_officer"
KEEPER_GROUPS = f"{OFFICER},base.group_system"


class ResourceCalendar(models.Model):
    """Public holidays of the calendars that deadlines are counted with.

    They come from the ``holidays`` library as leaves of the calendar that belong to
    everybody who uses it; a company's own closures are entered by hand beside them.
    """

    _inherit = "resource.calendar"

    complaint_closing_count = fields.Integer(
        "Closing days",
        compute="_compute_complaint_closing_count",
        groups=KEEPER_GROUPS,
    )

    @api.depends("leave_ids")
    def _compute_complaint_closing_count(self):
        counts = self.env["resource.calendar.leaves"]._read_group(
            [("calendar_id", "in", self.ids), ("resource_id", "=", False)],
            ["calendar_id"],
            ["__count"],
        )
        counts = {calendar.id: count for calendar, count in counts}
        for calendar in self:
            calendar.complaint_closing_count = counts.get(calendar.id, 0)

    # ------------------------------------------------------------------
    # Load
    # ------------------------------------------------------------------

    @api.model
    def _complaint_years(self):
        """The years for which public holidays are loaded at installation.

        The current one, the two that follow, and the one before, because a clock
        that runs today may have started then.
        """
        year = fields.Date.today().year
        return [year - 1, year, year + 1, year + 2]

    def complaint_load_public_holidays(
        self, country, years=None, subdivision=None, language=None
    ):
        """Write the public holidays of a country into these calendars.

        Days that are closed already for everybody who uses a calendar, under whatever
        name, are left alone, so it can be run again.

        :param str country: ISO 3166 code of two letters
        :param years: iterable of years; by default last year to the year after next
        :param str subdivision: a region with holidays of its own, by its code or name
        :param str language: of the names, as the ``holidays`` library knows it; by
            default the country's own
        :return: the leaves created
        :raises AccessError: unless compliance officer or administrator
        :raises UserError: when a calendar has no working day, or when the library
            does not know the country, region, language or years
        """
        self._complaint_check_keeper()
        days = self._complaint_public_holidays(country, years, subdivision, language)
        vals_list = [
            {
                "name": name,
                "calendar_id": calendar.id,
                "resource_id": False,
                "time_type": "leave",
                **calendar._complaint_span(day),
            }
            for calendar, new in self._complaint_new_days(days).items()
            for day, name in new.items()
        ]
        # sudo: resource.calendar.leaves - the role was checked; rules of leaves know
        # human resources only
        leaves = self.env["resource.calendar.leaves"].sudo()
        # One create: whatever follows a change of days follows once.
        leaves = leaves.with_context(complaint_days_of_all=True).create(vals_list)
        # Whose they are is computed here, where the context says so.
        leaves.flush_recordset(["company_id"])
        self._complaint_end_requests()
        return leaves.with_env(self.env)

    def _complaint_check_keeper(self):
        """Raise ``AccessError`` unless the user may change these calendars' days.

        Compliance officers and administrators may, in the companies they work in.
        """
        if self.env.su:
            return
        if not self.env.user.has_groups(KEEPER_GROUPS):
            raise AccessError(
                self.env._(
                    "Public holidays are loaded by compliance officers and "
                    "administrators. Ask one of them."
                )
            )
        self.check_access("read")
        for calendar in self:
            if not calendar._complaint_companies() & self.env.companies:
                raise AccessError(
                    self.env._(
                        "The calendar “%(calendar)s” belongs to the company "
                        "%(company)s. Work in that company to change its days.",
                        calendar=calendar.name,
                        # sudo: res.company - only its name
                        company=calendar.company_id.sudo().name,
                    )
                )

    def _complaint_public_holidays(
        self, country, years=None, subdivision=None, language=None
    ):
        """As ``complaint_load_public_holidays`` asks, without writing.

        :return: dict of name by date, in order
        :raises UserError: as there
        """
        for calendar in self:
            calendar._complaint_check_worked()
        years = self._complaint_check_years(years)
        if not holiday_library.find_country(country):
            raise UserError(
                self.env._(
                    "No public holidays are known for %(country)s. Enter the closing "
                    "days of %(calendars)s by hand.",
                    country=self._complaint_country_name(country),
                    calendars=self._complaint_names(),
                )
            )
        region = subdivision and holiday_library.find_region(country, subdivision)
        if subdivision and not region:
            raise UserError(
                self.env._(
                    "%(country)s has no region “%(region)s” with public holidays of "
                    "its own, so nothing was loaded into %(calendars)s. Choose one "
                    "of: %(regions)s.",
                    country=self._complaint_country_name(country),
                    region=subdivision,
                    calendars=self._complaint_names(),
                    regions="; ".join(holiday_library.list_regions(country).values())
                    or self.env._("none"),
                )
            )
        languages = holiday_library.list_languages(country)
        if language and language not in languages:
            raise UserError(
                self.env._(
                    "The public holidays of %(country)s have no names in the language "
                    "“%(language)s”. Choose one of: %(languages)s.",
                    country=self._complaint_country_name(country),
                    language=language,
                    languages=", ".join(languages) or self.env._("none"),
                )
            )
        days = holiday_library.name_days(country, years, region, language)
        unknown = sorted(set(years) - {day.year for day in days})
        if unknown:
            raise UserError(
                self.env._(
                    "No public holidays of %(country)s are known for %(years)s. "
                    "Choose other years, or enter the closing days of %(calendars)s "
                    "by hand.",
                    country=self._complaint_country_name(country),
                    years=", ".join(map(str, unknown)),
                    calendars=self._complaint_names(),
                )
            )
        return days

    def _complaint_check_years(self, years=None):
        """Return the years as sorted numbers, those of installation by default.

        :raises UserError: for none, for too many, or for one outside the engine's
        """
        if years is None:
            return self._complaint_years()
        try:
            # No further than what is refused anyway: the list may have no end.
            years = sorted({int(year) for year in islice(years, 10 * MOST_YEARS)})
        except (TypeError, ValueError) as error:
            raise UserError(
                self.env._(
                    "%(years)s is no list of years. Enter years such as 2027, 2028.",
                    years=years,
                )
            ) from error
        if not years:
            raise UserError(
                self.env._(
                    "No year is chosen for %(calendars)s. The first year must not "
                    "come after the last.",
                    calendars=self._complaint_names(),
                )
            )
        if years[0] < FIRST_DAY.year or years[-1] > LAST_DAY.year:
            raise UserError(
                self.env._(
                    "Days are counted from %(first)s to %(last)s. Choose years "
                    "between them for %(calendars)s.",
                    first=FIRST_DAY.year,
                    last=LAST_DAY.year,
                    calendars=self._complaint_names(),
                )
            )
        if len(years) > MOST_YEARS:
            raise UserError(
                self.env._(
                    "%(count)s years are too many for %(calendars)s. Load "
                    "%(most)s years at most at once.",
                    count=len(years),
                    calendars=self._complaint_names(),
                    most=MOST_YEARS,
                )
            )
        return years

    def _complaint_names(self):
        names = ", ".join(f"“{name}”" for name in self.mapped("name"))
        return names or self.env._("the calendar")

    @api.model
    def _complaint_country_name(self, code):
        country = self.env["res.country"].search([("code", "=", code)], limit=1)
        return country.name or code

    # ------------------------------------------------------------------
    # What is there already
    # ------------------------------------------------------------------

    def _complaint_new_days(self, days):
        """Those of these days that each calendar still works, with their names.

        :param dict days: name by date
        :return: dict by calendar of dicts of name by date
        """
        return {
            calendar: {day: name for day, name in days.items() if day not in closed}
            for calendar, closed in self._complaint_closed_for_all(days).items()
        }

    def _complaint_closed_for_all(self, days):
        """What is closed, around these days, for everybody who uses each calendar.

        That is what belongs to no company. One company's closure is not another's, so
        of the others only what all of them close counts.

        :param days: dates; closures from the first to the last are looked at
        :return: dict by calendar of dicts of name by date
        """
        if not days:
            return {calendar: {} for calendar in self}
        # sudo: resource.calendar.leaves - of all companies, to know what all close
        model = self.env["resource.calendar.leaves"].sudo()
        first = fields.Datetime.to_datetime(min(days))
        last = fields.Datetime.to_datetime(max(days))
        leaves = model.search(
            [
                ("resource_id", "=", False),
                ("time_type", "=", "leave"),
                ("calendar_id", "in", self.ids),
                ("date_to", ">=", fields.Datetime.subtract(first, days=1)),
                ("date_from", "<=", fields.Datetime.add(last, days=2)),
            ]
        )
        found = {}
        for calendar in self:
            own = leaves.filtered(lambda leave, own=calendar: leave.calendar_id == own)
            closed = {
                company.id: calendar._complaint_closed_days(theirs)
                for company, theirs in own.grouped("company_id").items()
            }
            found[calendar] = calendar._complaint_common(closed)
        return found

    def _complaint_common(self, found):
        """From what was found by company, what holds for all who use this calendar.

        :param dict found: dicts by company id, False for what holds for all
        :return: what all have, as one dict
        """
        self.ensure_one()
        each = [found.get(company.id, {}) for company in self._complaint_companies()]
        common = {
            key: value
            for key, value in each[0].items()
            if all(key in values for values in each)
        }
        return common | found.get(False, {})

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------

    def action_complaint_load_holidays(self):
        """Open the wizard for these calendars."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "helpdesk_complaint.complaint_holiday_load_action"
        )
        action["context"] = {"default_calendar_ids": self.ids}
        return action
