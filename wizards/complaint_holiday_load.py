from babel import Locale, UnknownLocaleError

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ..models import holiday_library

# What no country has: a list for the client must not be empty.
NOTHING = [False]


class ComplaintHolidayLoad(models.TransientModel):
    """Asks which public holidays go into which calendars, and shows them first.

    The rights and the rules are in the calendar's method.
    """

    _name = "complaint.holiday.load"
    _description = "Load public holidays"

    calendar_ids = fields.Many2many(
        "resource.calendar", string="Calendars", required=True
    )
    country_id = fields.Many2one("res.country", required=True)
    region = fields.Selection(
        "_select_region",
        help="Only regions with public holidays of their own are listed.",
    )
    region_choices = fields.Json(compute="_compute_choices")
    has_regions = fields.Boolean(compute="_compute_choices")
    language = fields.Selection(
        "_select_language",
        "Names in",
        compute="_compute_language",
        store=True,
        readonly=False,
        help="By default the country's own language.",
    )
    language_choices = fields.Json(compute="_compute_choices")
    has_languages = fields.Boolean(compute="_compute_choices")
    year_from = fields.Integer("From", required=True)
    year_to = fields.Integer("To", required=True)
    line_ids = fields.One2many(
        "complaint.holiday.load.line", "wizard_id", compute="_compute_line_ids"
    )
    problem = fields.Text(compute="_compute_line_ids")
    new_count = fields.Integer(compute="_compute_line_ids")
    deadline_count = fields.Integer(
        compute="_compute_line_ids",
        help="Open deadlines, of all companies, that may move.",
    )

    # ------------------------------------------------------------------
    # Choices
    # ------------------------------------------------------------------

    @api.model
    def _select_region(self):
        return [
            (f"{country}/{region}", label)
            for country in holiday_library.list_countries()
            for region, label in holiday_library.list_regions(country).items()
        ]

    @api.model
    def _select_language(self):
        codes = {
            language
            for country in holiday_library.list_countries()
            for language in holiday_library.list_languages(country)
        }
        names = {code: _language_name(code, self.env.lang) for code in codes}
        return sorted(names.items(), key=lambda pair: pair[1])

    @api.depends("country_id")
    def _compute_choices(self):
        for wizard in self:
            code = wizard.country_id.code
            regions = holiday_library.list_regions(code)
            wizard.has_regions = bool(regions)
            wizard.region_choices = [f"{code}/{region}" for region in regions] or (
                NOTHING
            )
            languages = holiday_library.list_languages(code)
            wizard.has_languages = bool(languages)
            wizard.language_choices = languages or NOTHING

    @api.depends("country_id")
    def _compute_language(self):
        for wizard in self:
            known = holiday_library.find_country(wizard.country_id.code)
            wizard.language = known.default_language if known else False

    @api.onchange("country_id")
    def _onchange_country_id(self):
        if self.region and self.region not in self.region_choices:
            self.region = False

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        calendars = self.env["resource.calendar"]
        if "default_calendar_ids" in self.env.context:
            calendars = calendars.browse(self.env.context["default_calendar_ids"])
        elif self.env.context.get("active_model") == "resource.calendar":
            calendars = calendars.browse(self.env.context.get("active_ids"))
            values["calendar_ids"] = [fields.Command.set(calendars.ids)]
        year = fields.Date.today().year
        last = calendars.sudo()._complaint_last_due_years()  # sudo: one year
        values.setdefault("year_from", year)
        values.setdefault("year_to", max([year + 2, *last.values()]))
        values.setdefault("country_id", self._guess_country(calendars).id)
        return values

    def _guess_country(self, calendars):
        """The country of the regimes that use the calendars, else the company's."""
        regimes = calendars.sudo()._complaint_policies().regime_id  # sudo: a country
        return (
            regimes.country_id[:1]
            or calendars.company_id.country_id[:1]
            or self.env.company.country_id
        )

    # ------------------------------------------------------------------
    # Preview
    # ------------------------------------------------------------------

    @api.depends(
        "calendar_ids", "country_id", "region", "language", "year_from", "year_to"
    )
    def _compute_line_ids(self):
        for wizard in self:
            wizard.line_ids = [fields.Command.clear()]
            wizard.new_count = wizard.deadline_count = 0
            wizard.problem = False
            calendars = wizard.calendar_ids._origin
            if not (calendars and wizard.country_id):
                continue
            try:
                calendars._complaint_check_keeper()
                days = calendars._complaint_public_holidays(**wizard._asked())
            except UserError as error:
                wizard.problem = error.args[0]
                continue
            new = calendars._complaint_new_days(days)
            wizard.line_ids = [
                fields.Command.create(vals)
                for vals in wizard._prepare_line_vals(days, new)
            ]
            wizard.new_count = sum(map(len, new.values()))
            wizard.deadline_count = wizard._count_deadlines(new)

    def _asked(self):
        """What the wizard asks for, as the calendar's method takes it."""
        self.ensure_one()
        region = self.region and self.region.partition("/")[2]
        return {
            "country": self.country_id.code,
            "years": range(self.year_from, self.year_to + 1),
            "subdivision": region,
            "language": self.language,
        }

    def _prepare_line_vals(self, days, new):
        calendars = self.calendar_ids._origin
        closed = calendars._complaint_closed_for_all(days)
        for day, name in days.items():
            missing = calendars.filtered(lambda cal, day=day: day in new[cal])
            others = {closed[cal][day] for cal in calendars - missing} - {name, ""}
            works = any(
                day.weekday() in calendar._complaint_check_worked()
                for calendar in missing
            )
            yield {
                "day": day,
                "day_text": format_date(self.env, day, date_format="EEEE d MMMM y"),
                "name": name,
                "state": self._state(missing, works),
                "note": self._note(missing, others),
            }

    def _state(self, missing, works):
        if not missing:
            return "known"
        return "new" if works else "rest"

    def _note(self, missing, others):
        """Where a day is new, if not everywhere, and what it is called there now."""
        if missing and missing != self.calendar_ids._origin:
            return self.env._(
                "New in %(calendars)s", calendars=", ".join(missing.mapped("name"))
            )
        if others:
            return self.env._("As “%(names)s”", names="”, “".join(sorted(others)))
        return False

    def _count_deadlines(self, new):
        """How many open deadlines the new days may move, those of rest days none."""
        domain = Domain.OR(
            calendar._complaint_open_deadlines(
                [day for day in days if day.weekday() in worked]
            )
            for calendar, days in new.items()
            for worked in [calendar._complaint_check_worked()]
        )
        shown = self.env["helpdesk.ticket"]._complaint_countable_domain()
        domain &= Domain("ticket_id", "any", shown)
        # sudo: complaint.deadline - a number only
        return self.env["complaint.deadline"].sudo().search_count(domain)

    # ------------------------------------------------------------------
    # Confirm
    # ------------------------------------------------------------------

    def action_confirm(self):
        """Write the days that are new, and say how many there were."""
        self.ensure_one()
        if not self.calendar_ids:
            raise UserError(
                self.env._("Choose the calendars that public holidays are loaded into.")
            )
        leaves = self.calendar_ids.complaint_load_public_holidays(**self._asked())
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "title": self.env._("Public holidays"),
                "message": self.env._(
                    "%(count)s days added to %(calendars)s.",
                    count=len(leaves),
                    calendars=", ".join(self.calendar_ids.mapped("name")),
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }


class ComplaintHolidayLoadLine(models.TransientModel):
    """One day of the preview. Never stored."""

    _name = "complaint.holiday.load.line"
    _description = "Public holiday to load"
    _order = "day"

    wizard_id = fields.Many2one("complaint.holiday.load", ondelete="cascade")
    day = fields.Date("Date", readonly=True)
    day_text = fields.Char("Day", readonly=True)
    name = fields.Char(readonly=True)
    state = fields.Selection(
        [
            ("new", "New"),
            ("rest", "New, on a rest day"),
            ("known", "There already"),
        ],
        "In the calendar",
        readonly=True,
    )
    note = fields.Char(readonly=True)


def _language_name(code, lang):
    """The name of a language of the library, in the reader's; its code if unknown."""
    try:
        locale = Locale.parse(code)
        return locale.get_display_name(lang or "en_US") or code
    except (UnknownLocaleError, ValueError):
        return code
