import textwrap

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import clean_context, plaintext2html

from .complaint_terms import LIVE_STATES, MEDIA

# What is taken down, as the fields of the ticket that keep it.
WORDS = (
    "name",
    "description",
    "complaint_request",
    "complaint_subject_ref",
    "partner_name",
    "partner_email",
    "complaint_phone",
    "complaint_postal_address",
    "complaint_representative_name",
    "complaint_representative_email",
)
LINKS = ("partner_id", "category_id", "complaint_product_id", "channel_id", "team_id")
CHOICES = ("complaint_medium", "complaint_complainant_type", "complaint_lang")
DAYS = ("complaint_sent_date", "complaint_fact_date", "complaint_known_date")
# What is done on top of it.
ACTS = (
    "complaint_received_at",
    "attachment_ids",
    "message_id",
    "is_anonymous",
    "is_read_back",
    "copy_given",
    "invite",
)
VALUES = frozenset({*WORDS, *LINKS, *CHOICES, *DAYS, *ACTS})
WHO = ("partner_id", "partner_name", "partner_email", "complaint_phone")
TITLE = 80  # letters of a title that is taken from the text


class HelpdeskTicket(models.Model):
    """1. What a colleague takes down: a call, a visit, a letter on his desk."""

    _inherit = "helpdesk.ticket"

    complaint_taken_down_at = fields.Datetime(
        "Written down on",
        readonly=True,
        copy=False,
        help="When a colleague wrote down what the complainant said.",
    )
    complaint_taken_down_by_id = fields.Many2one(
        "res.users", "Written down by", readonly=True, copy=False
    )

    @api.model
    def complaint_take_down(self, values):
        """Take a complaint down for who complains; the only way in for the desk.

        Any helpdesk user may, in the teams that he may use. A spoken complaint is
        written down; reading back, the copy and the invitation to write follow at
        once where they are asked for.

        :param dict values: ``name`` (by default the first words), ``description``
            (plain text); of the complainant ``partner_id``, ``partner_name``,
            ``partner_email``, ``complaint_phone``, ``complaint_postal_address``; of
            who writes for him ``complaint_representative_name`` and ``_email``;
            ``complaint_complainant_type``, ``complaint_lang`` or ``is_anonymous``;
            ``team_id``, ``channel_id``, ``complaint_medium`` (by default the
            channel's), ``category_id``, ``complaint_product_id``,
            ``complaint_subject_ref``, ``complaint_fact_date``,
            ``complaint_known_date``, ``complaint_sent_date``,
            ``complaint_received_at`` (by default now), ``complaint_request``;
            ``attachment_ids`` of files that the user has just uploaded,
            ``message_id`` of the message it comes from; ``is_read_back``,
            ``copy_given`` (``handed``, ``email``, ``post``), ``invite``
        :return: the complaint, to qualify
        :raises AccessError: for who is no helpdesk user
        :raises UserError: naming what is missing, unknown or not his
        """
        self._complaint_check_reporter()
        vals = self._prepare_taken_down_vals(values)
        files = self._complaint_uploaded_files(values.get("attachment_ids"))
        message = self._complaint_source_message(values.get("message_id"))
        company = self.env["res.company"].browse(vals["company_id"])
        clean = self.browse().with_context(
            clean_context(self.env.context), complaint_channel="counter"
        )
        ticket = clean.with_company(company).create(vals).with_env(self.env)
        files = ticket._complaint_take_files(files, message)
        ticket._complaint_note_source(message)
        ticket._complaint_note_taken_down(files, message)
        if values.get("is_read_back"):
            ticket.complaint_read_back()
        if values.get("copy_given"):
            ticket.complaint_give_copy(values["copy_given"])
        if values.get("invite"):
            ticket._complaint_invite()
        return ticket

    def _complaint_note_taken_down(self, files, message):
        if self.complaint_medium == "oral":
            self.sudo().write(  # sudo: helpdesk.ticket - step fields
                {
                    "complaint_taken_down_at": fields.Datetime.now(),
                    "complaint_taken_down_by_id": self.env.uid,
                }
            )
        self._complaint_log(
            "taken_down",
            data={
                "channel": self.channel_id.id,
                "medium": self.complaint_medium,
                "files": files.ids,
                "message": message.id,
            },
        )

    # ------------------------------------------------------------------
    # What is asked for
    # ------------------------------------------------------------------

    @api.model
    def _prepare_taken_down_vals(self, values):
        """The values of a new complaint, each of them allowed to this user.

        :raises UserError: naming what is missing, unknown or not his
        """
        self._complaint_check_taken_down(values)
        words = {name: (values.get(name) or "").strip() for name in WORDS}
        words["name"] = words["name"] or textwrap.shorten(
            words["description"], TITLE, placeholder=" …"
        )
        words["description"] = plaintext2html(words["description"] or words["name"])
        team = self._complaint_chosen_team(values.get("team_id"))
        company = team.company_id or self.env.company
        links = {
            name: self._complaint_chosen_record(name, values.get(name), company).id
            for name in LINKS
            if name != "team_id"
        }
        received = self._complaint_read_date(
            values.get("complaint_received_at"), fields.Datetime.to_datetime
        )
        days = {
            name: self._complaint_read_date(values.get(name), fields.Date.to_date)
            for name in DAYS
        }
        vals = {
            **words,
            **links,
            **{name: day for name, day in days.items() if day},
            **{name: values[name] for name in CHOICES if values.get(name)},
            "company_id": company.id,
            "team_id": team.id,
            # Nobody is in charge yet; of a ticket without team only he sees it.
            "user_id": False if team else self.env.uid,
            "complaint_state": "to_qualify",
            "complaint_received_at": received or fields.Datetime.now(),
        }
        vals.setdefault(
            "complaint_medium", self._complaint_medium_of(vals["channel_id"])
        )
        if vals["complaint_medium"] == "oral" and not days["complaint_sent_date"]:
            # What is said is said on the day it is heard.
            vals["complaint_sent_date"] = self.new(vals)._complaint_local_day(
                vals["complaint_received_at"]
            )
        return {name: value for name, value in vals.items() if value != ""}

    @api.model
    def _complaint_check_taken_down(self, values):
        unknown = sorted(set(values or ()) - VALUES)
        if unknown:
            raise UserError(
                self.env._(
                    "A new complaint has no value “%(unknown)s”. Known values: "
                    "%(known)s.",
                    unknown=", ".join(unknown),
                    known=", ".join(sorted(VALUES)),
                )
            )
        title = next(
            (
                line.strip()
                for name in ("name", "description")
                for line in str(values.get(name) or "").splitlines()
                if line.strip()
            ),
            "",
        )
        if not title:
            raise UserError(
                self.env._("The new complaint has no text yet. Write what happened.")
            )
        if not (values.get("is_anonymous") or any(values.get(name) for name in WHO)):
            raise UserError(
                self.env._(
                    "%(ticket)s: who complains? Enter a name, an e-mail address or a "
                    "telephone number, or say that the complaint is anonymous.",
                    ticket=title[:TITLE],
                )
            )
        for name in WORDS:
            if values.get(name) and not isinstance(values[name], str):
                self._complaint_refuse_value(name, values[name])
        for name in CHOICES:
            choices = dict(self._fields[name]._description_selection(self.env))
            if values.get(name) and values[name] not in choices:
                self._complaint_refuse_value(name, values[name], choices)

    def _complaint_refuse_value(self, name, value, choices=()):
        raise UserError(
            self.env._(
                "New complaint: “%(value)s” is no value of “%(field)s”. %(choices)s",
                value=value,
                field=self._fields[name]._description_string(self.env),
                choices=self.env._("Possible: %(choices)s.", choices=", ".join(choices))
                if choices
                else self.env._("Enter text."),
            )
        )

    @api.model
    def _complaint_chosen_record(self, name, value, company):
        """A record that a value names, if this user may read and this company use it.

        :raises UserError: also for a record that does not exist: of others nothing is
            told
        """
        field = self._fields[name]
        records = self.env[field.comodel_name]
        if not value:
            return records
        if type(value) is int:
            record = records.browse(value).exists()
            if record and record.has_access("read"):
                # sudo: any - whose it is
                owner = record.sudo().company_id
                if not owner or owner == company or name == "partner_id":
                    return record
        raise UserError(
            self.env._(
                "New complaint: “%(field)s” %(value)s does not exist, or is not for "
                "%(company)s. Choose another.",
                field=field._description_string(self.env),
                value=value,
                company=company.name,
            )
        )

    @api.model
    def _complaint_desks(self):
        """The teams for which this user may take complaints down.

        Complaint desks if he may use one, else his other teams: a complaint may be
        reported anywhere.
        """
        teams = self.env["helpdesk.ticket.team"].search(
            [("company_id", "in", [*self.env.companies.ids, False])]
        )
        if not self.env.user.has_group("helpdesk_mgmt.group_helpdesk_user"):
            teams = teams.filtered(lambda team: self.env.user in team.user_ids)
        return teams.filtered("complaint_intake") or teams

    @api.model
    def _complaint_chosen_team(self, value):
        desks = self._complaint_desks()
        if not value:
            mine = desks.filtered(lambda team: self.env.user in team.user_ids)
            return (mine or desks)[:1]
        team = desks.filtered(lambda team: team.id == value)
        if not team:
            raise UserError(
                self.env._(
                    "New complaint: you take no complaints down for the team "
                    "%(team)s. Choose one of: %(teams)s.",
                    team=value,
                    teams=", ".join(desks.mapped("name")) or self.env._("no team"),
                )
            )
        return team

    @api.model
    def _complaint_medium_of(self, channel_id):
        """Whether what comes by a channel is spoken or written."""
        channel = self.env["helpdesk.ticket.channel"].browse(channel_id or [])
        # sudo: helpdesk.ticket.channel - its kind
        return channel.sudo().complaint_medium or MEDIA[1][0]

    @api.model
    def _complaint_known_channel(self, name):
        """One of the helpdesk's own channels, if it is there for this user."""
        channel = self.env.ref(
            f"helpdesk_mgmt.helpdesk_ticket_channel_{name}", raise_if_not_found=False
        )
        channels = self.env["helpdesk.ticket.channel"]
        return channel if channel and channel.has_access("read") else channels

    # ------------------------------------------------------------------
    # Files
    # ------------------------------------------------------------------

    @api.model
    def _complaint_uploaded_files(self, ids):
        """The files that this user has just uploaded and that belong to nothing yet.

        :raises UserError: for any other: a number proves nothing
        """
        # sudo: ir.attachment - whose they are
        files = self.env["ir.attachment"].sudo().browse(ids or []).exists()
        own = files.filtered(
            lambda file: (
                file.create_uid == self.env.user
                and not file.res_id
                and not file.res_field
                and file.res_model in (False, "complaint.entry")
            )
        )
        if len(own) != len(set(ids or [])):
            raise UserError(
                self.env._(
                    "New complaint: some of its files are not yours, or belong to "
                    "something else. Upload them again."
                )
            )
        return own

    def _complaint_take_files(self, files, message):
        """Put the uploaded files, and copies of those of a message, on the ticket."""
        place = {"res_model": self._name, "res_id": self.id}
        files.write(place)
        # sudo: ir.attachment - of a message that the user reads
        for file in message.sudo().attachment_ids:
            files += file.copy(dict(place, access_token=False))
        return files

    def _complaint_taken_down_file_ids(self):
        """The ids of the files that came with what was taken down."""
        ids = []
        # sudo: complaint.event - which files those were
        for event in self.sudo().complaint_event_ids:
            if event.event == "taken_down":
                ids += event._data().get("files", ())
        return ids

    # ------------------------------------------------------------------
    # Invitation to write
    # ------------------------------------------------------------------

    complaint_asks_to_write = fields.Boolean(
        compute="_compute_complaint_asks_to_write",
        compute_sudo=True,
        help="Spoken, not put in writing yet, and a regime wants the complainant "
        "invited to write.",
    )

    @api.depends(
        "complaint_medium",
        "complaint_state",
        "complaint_written_date",
        "complaint_regime_ids.invites_to_write",
        "complaint_event_ids",
    )
    def _compute_complaint_asks_to_write(self):
        for ticket in self:
            ticket.complaint_asks_to_write = bool(
                ticket.complaint_medium == "oral"
                and ticket.complaint_state in LIVE_STATES
                and not ticket.complaint_written_date
                and any(ticket.complaint_regime_ids.mapped("invites_to_write"))
                and not ticket._complaint_current_events("invite_to_write")
            )

    def _complaint_invite(self):
        """Invite the complainant to write, or have somebody do it who may."""
        if self.env.user.has_group("helpdesk_complaint.group_complaint_user"):
            self.complaint_send_letter("invite_to_write")
            return
        for ticket in self:
            user = ticket._complaint_user_of_level("leader")
            told = ticket.with_context(lang=user.lang)
            # sudo: mail.activity - an agent asks who is in charge
            told.sudo().activity_schedule(
                "mail.mail_activity_data_todo",
                summary=told.env._("Invite the complainant to write"),
                user_id=user.id,
            )
