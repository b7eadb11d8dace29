import logging
from datetime import datetime, timedelta

import pytz

from odoo import api, fields, models, tools
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.helpdesk_mgmt.models.helpdesk_ticket import (
    HelpdeskTicket as CoreTicket,
)

from ..engine.workdays import FIRST_DAY, LAST_DAY
from .complaint_terms import COMPLAINANT_TYPES, MEDIA

_logger = logging.getLogger(__name__)

# From these a clock may count; that the receipt has been is checked with its sending.
PAST_FIELDS = (
    "complaint_written_date",
    "complaint_fact_date",
    "complaint_known_date",
    "complaint_investigated_at",
)


class HelpdeskTicket(models.Model):
    """1. Intake: by e-mail, by hand, or by reporting an ordinary ticket.

    Three dates are kept apart: when the complaint was sent, when it was received,
    and when it was registered. The date on which the ticket was created starts no
    clock.
    """

    _inherit = "helpdesk.ticket"

    complaint_sent_date = fields.Date(
        "Sent on",
        copy=False,
        tracking=True,
        help="Date of the letter's postmark, of the e-mail, of the call. Some regimes "
        "count from it.",
    )
    complaint_complainant = fields.Char(
        "Complainant", compute="_compute_complaint_complainant"
    )
    complaint_received_at = fields.Datetime(
        "Received on",
        default=lambda self: self._default_complaint_received_at(),
        copy=False,
        tracking=True,
        help="When it first reached the company, whichever desk received it.",
    )
    complaint_registered_at = fields.Datetime(
        "Registered on", readonly=True, copy=False
    )
    complaint_medium = fields.Selection(
        MEDIA,
        "Medium",
        copy=False,
        help="Some regimes start the clock with the first written complaint only.",
    )
    complaint_written_date = fields.Date(
        "First written complaint sent on",
        copy=False,
        help="Of a complaint that began orally: when it was put in writing. Some "
        "regimes count from it.",
    )
    complaint_known_date = fields.Date(
        "Known since", copy=False, help="When the complainant came to know of it."
    )
    complaint_complainant_type = fields.Selection(
        COMPLAINANT_TYPES,
        "Type of complainant",
        copy=False,
        help="Some regimes promise other times to consumers than to companies.",
    )
    complaint_product_id = fields.Many2one(
        "complaint.product",
        "Product family",
        copy=False,
        check_company=True,
        ondelete="restrict",
        index="btree_not_null",
        help="Some regimes promise other times for certain products.",
    )
    complaint_request = fields.Text(
        "What is asked for",
        copy=False,
        help="The remedy the complainant expects, in his words.",
    )
    complaint_subject_ref = fields.Char(
        "Contract, product or service", copy=False, help="What the complaint is about."
    )
    complaint_others = fields.Char(
        "Other parties involved",
        copy=False,
        help="Insurer, carrier, subcontractor: other than the company itself.",
    )

    @api.model
    def _default_complaint_received_at(self):
        """Now, on the form of a new complaint; nothing on an ordinary ticket."""
        if self.env.context.get("default_complaint_state"):
            return fields.Datetime.now()
        return False

    @api.depends("partner_id.name", "partner_name", "partner_email")
    def _compute_complaint_complainant(self):
        for ticket in self:
            ticket.complaint_complainant = (
                ticket.partner_id.name or ticket.partner_name or ticket.partner_email
            )

    @api.constrains("complaint_sent_date", "complaint_received_at", *PAST_FIELDS)
    def _check_complaint_past(self):
        """Clocks count from these days: each has been, and not in another age."""
        now = fields.Datetime.now()
        # Who complains may be further east, where it is tomorrow.
        today = (now + timedelta(hours=14)).date()
        for ticket in self.sudo():  # sudo: helpdesk.ticket - dates of the file
            for name in ("complaint_sent_date", "complaint_received_at", *PAST_FIELDS):
                value, field = ticket[name], self._fields[name]
                if not value:
                    continue
                last = today if field.type == "date" else now
                if value.year > FIRST_DAY.year and (
                    name not in PAST_FIELDS or value <= last
                ):
                    continue
                raise ValidationError(
                    self.env._(
                        "%(ticket)s: “%(field)s” is a day between %(first)s and today, "
                        "not %(value)s. Correct it.",
                        ticket=ticket.display_name,
                        field=field._description_string(self.env),
                        first=FIRST_DAY.year + 1,
                        value=field.to_string(value),
                    )
                )

    @api.constrains("complaint_sent_date", "complaint_received_at", "complaint_state")
    def _check_complaint_dates(self):
        now = fields.Datetime.now()
        for ticket in self:
            received = ticket.complaint_received_at
            if ticket.complaint_state and not received:
                raise ValidationError(
                    self.env._(
                        "%(ticket)s: a complaint needs the date it was received, "
                        "because clocks start there. Enter it.",
                        ticket=ticket.display_name,
                    )
                )
            if received and received > now:
                raise ValidationError(
                    self.env._(
                        "%(ticket)s: the complaint cannot have been received in the "
                        "future (%(date)s). Correct the date received.",
                        ticket=ticket.display_name,
                        date=tools.format_datetime(self.env, received),
                    )
                )
            sent = ticket.complaint_sent_date
            if sent and received and sent > ticket._complaint_local_day(received):
                raise ValidationError(
                    self.env._(
                        "%(ticket)s: the complaint was sent on %(sent)s, after it was "
                        "received on %(received)s. Correct one of the two dates.",
                        ticket=ticket.display_name,
                        sent=tools.format_date(self.env, sent),
                        received=tools.format_datetime(self.env, received),
                    )
                )

    # ------------------------------------------------------------------
    # Steps
    # ------------------------------------------------------------------

    def complaint_report(self, received_at=None, sent_date=None, medium=None):
        """Turn tickets into complaints to qualify.

        Any helpdesk user may report; whether it is a complaint is decided later,
        but the clock does not wait.

        :param received_at: naive UTC datetime (or string) of receipt; by default the
            creation of the ticket
        :param sent_date: date (or string) on which it was sent; by default unknown
        :param medium: ``"oral"`` or ``"written"``; by default as the channel is
        :return: True
        :raises UserError: when a ticket is a complaint already
        :raises ValidationError: when the dates contradict each other
        """
        self._complaint_check_reporter()
        self._complaint_check_step("report")
        if medium and medium not in dict(MEDIA):
            raise UserError(
                self.env._(
                    "%(ticket)s: the medium is “oral” or “written”, not “%(medium)s”.",
                    ticket=self[:1].display_name,
                    medium=medium,
                )
            )
        received = self._complaint_read_date(received_at, fields.Datetime.to_datetime)
        sent = self._complaint_read_date(sent_date, fields.Date.to_date)
        intakes = self.grouped(
            lambda ticket: (
                received
                or ticket.complaint_received_at
                or ticket.create_date.replace(microsecond=0),
                sent or ticket.complaint_sent_date,
                medium
                or ticket.complaint_medium
                or self._complaint_medium_of(ticket.channel_id.id),
            )
        )
        for (received_at, sent_date, how), tickets in intakes.items():
            tickets.sudo().write(  # sudo: helpdesk.ticket - step fields
                {
                    "complaint_received_at": received_at,
                    "complaint_sent_date": sent_date,
                    "complaint_medium": how,
                }
            )
        self._complaint_enter_state("report", complaint_cycle=1)
        self._complaint_begin()
        return True

    def _complaint_begin(self):
        """What a report brings: regimes, the first line of history, running clocks.

        And what an ordinary ticket gave away is taken back.
        """
        self._complaint_take_default_regimes()
        self._complaint_log("report", data={"by_ticket": self._complaint_intake_data()})
        self._complaint_start_clocks()
        self._complaint_withdraw_followers()
        self._complaint_withdraw_hidden()
        self._complaint_withdraw_links()
        self._complaint_note_entry()

    @api.model
    def _complaint_prepare_reported(self, vals_list):
        """Give tickets created as complaints the values that a report would write."""
        if not vals_list:
            return
        now = fields.Datetime.now()
        stages = {}
        self._complaint_take_ticket_numbers(vals_list)
        for vals in vals_list:
            vals["complaint_state"] = "to_qualify"
            if not vals.get("complaint_received_at"):
                default = self.env.context.get("default_complaint_received_at")
                vals["complaint_received_at"] = default or now
            if not vals.get("complaint_medium"):
                channel_id = vals.get("channel_id")
                vals["complaint_medium"] = self._complaint_medium_of(channel_id)
            team_id = vals.get("team_id")
            if team_id and "stage_id" not in vals:
                if team_id not in stages:
                    stages[team_id] = self._complaint_first_stage(team_id)
                vals["stage_id"] = stages[team_id].id

    @api.model
    def _complaint_take_ticket_numbers(self, vals_list):
        """Number the tickets as core does, the sequence being looked up once.

        Not where another addon numbers them in its own way.
        """
        method = "_prepare_ticket_number"
        if getattr(type(self), method) is not getattr(CoreTicket, method):
            return
        sequences = {}
        for vals in vals_list:
            if vals.get("number", "/") != "/":
                continue
            company = self.env["res.company"].browse(vals.get("company_id") or [])
            company = company or self.env.company
            if company not in sequences:
                model = self.env["ir.sequence"].with_company(company)
                sequences[company] = model.search(
                    [
                        ("code", "=", "helpdesk.ticket.sequence"),
                        ("company_id", "in", [company.id, False]),
                    ],
                    order="company_id",
                    limit=1,
                )
            if sequences[company]:
                vals["number"] = sequences[company].next_by_id()

    @api.model
    def _complaint_first_stage(self, team_id):
        """The team's stage for complaints to qualify, else its first."""
        # sudo: helpdesk.ticket.team, helpdesk.ticket.stage - configuration
        team = self.env["helpdesk.ticket.team"].sudo().browse(team_id)
        applicable = team._get_applicable_stages()
        mapped = applicable.filtered(lambda x: x.complaint_state == "to_qualify")
        return (mapped or applicable)[:1]

    def _complaint_start_clocks(self):
        """Make the first promises; one that cannot be reckoned loses no complaint.

        Whoever reports, a mail gateway or a customer, cannot repair a regime. The
        one who qualifies is told which policy it is.
        """
        try:
            with self.env.cr.savepoint():
                self._complaint_sync_deadlines()
        except UserError as error:
            if len(self) == 1:
                _logger.warning("No deadline yet on complaint %s: %s", self.id, error)
                return
            for ticket in self:
                ticket._complaint_start_clocks()

    def _complaint_read_date(self, value, convert):
        """Read a date given from outside: Odoo's own format, or ISO 8601.

        :param convert: Odoo's conversion, ``to_date`` or ``to_datetime``
        :raises UserError: when it is no date, or one that nothing is counted from
        """
        try:
            moment = convert(value)
        except (TypeError, ValueError):
            try:
                moment = datetime.fromisoformat(value)
            except (TypeError, ValueError):
                raise UserError(
                    self.env._(
                        "%(ticket)s: “%(value)s” is no date. Write it as 2026-12-31, "
                        "with the time as 2026-12-31 23:59:00.",
                        ticket=self[:1].display_name,
                        value=value,
                    )
                ) from None
            if moment.tzinfo:
                moment = moment.astimezone(pytz.utc).replace(tzinfo=None)
            moment = convert(moment)
        if moment and not FIRST_DAY.year < moment.year < LAST_DAY.year:
            raise UserError(
                self.env._(
                    "%(ticket)s: “%(value)s” is too far away: dates are counted from "
                    "%(first)s to %(last)s. Correct the year.",
                    ticket=self[:1].display_name,
                    value=value,
                    first=FIRST_DAY.year + 1,
                    last=LAST_DAY.year - 1,
                )
            )
        return moment

    def _complaint_enter(self):
        """Report tickets that were created as complaints."""
        if self:
            self._complaint_check_reporter()
            self._complaint_move_stage("to_qualify")
            self._complaint_begin()

    def _complaint_check_reporter(self):
        if self.env.su:
            return
        groups = (
            "helpdesk_mgmt.group_helpdesk_user_own",
            "helpdesk_complaint.group_complaint_user",
        )
        if not any(self.env.user.has_group(group) for group in groups):
            raise AccessError(
                self.env._(
                    "%(ticket)s: only helpdesk users report a complaint. Customers "
                    "use the form of their portal.",
                    ticket=self[:1].display_name or self.env._("New complaint"),
                )
            )
        self.check_access("write")

    def _complaint_intake_data(self):
        names = ("complaint_sent_date", "complaint_received_at", "complaint_medium")
        return {
            ticket.id: {name: ticket._complaint_plain(name) for name in names}
            for ticket in self
        }

    # ------------------------------------------------------------------
    # Time zone
    # ------------------------------------------------------------------

    def _complaint_tz(self):
        """The time zone in which this company's days begin and end."""
        company = self.company_id.sudo()  # sudo: res.company - only its time zone
        return (
            # sudo: complaint.regime - a time zone
            self.sudo().complaint_regime_ids[:1].tz
            or company.resource_calendar_id.tz
            or company.partner_id.tz
            or "UTC"
        )

    def _complaint_local_day(self, instant, tz=None):
        """The local day of a naive UTC instant."""
        zone = pytz.timezone(tz or self._complaint_tz())
        return pytz.utc.localize(instant).astimezone(zone).date()

    # ------------------------------------------------------------------
    # What Odoo sends by itself
    # ------------------------------------------------------------------

    def _track_template(self, tracking):
        """A complainant gets the letters of his complaint, not a stage's template."""
        result = super()._track_template(tracking)
        if self[:1].complaint_state:
            result.pop("stage_id", None)
        return result

    def _notify_get_recipients_groups(self, message, model_description, msg_vals=False):
        """Leave out of mails the link that opens a file to whoever has the mail."""
        groups = super()._notify_get_recipients_groups(
            message, model_description, msg_vals=msg_vals
        )
        if self and self.complaint_state:
            for name, _function, data in groups:
                if name in ("portal_customer", "portal", "follower", "customer"):
                    data["has_button_access"] = False
                    data["active"] = data.get("active", True) and name not in (
                        "portal_customer",
                    )
        return groups
