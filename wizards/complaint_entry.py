from odoo import api, fields, models
from odoo.tools import plaintext2html

from ..models.complaint_terms import COMPLAINANT_TYPES, MEDIA
from ..models.helpdesk_ticket_entry import CHOICES, DAYS, LINKS, WORDS
from ..models.helpdesk_ticket_given import COPY_WAYS


class ComplaintEntry(models.TransientModel):
    """Asks for a new complaint, as one hears it on the telephone, and takes it down.

    The rights and the rules are in the ticket's method.
    """

    _name = "complaint.entry"
    _description = "New complaint"

    channel_id = fields.Many2one(
        "helpdesk.ticket.channel",
        "How",
        default=lambda self: self._default_channel_id(),
    )
    complaint_medium = fields.Selection(
        MEDIA,
        "Medium",
        compute="_compute_complaint_medium",
        store=True,
        readonly=False,
        precompute=True,
    )
    team_ids = fields.Many2many(
        "helpdesk.ticket.team", compute="_compute_team_ids", string="Desks"
    )
    team_id = fields.Many2one(
        "helpdesk.ticket.team",
        "Desk",
        default=lambda self: self.env["helpdesk.ticket"]._complaint_chosen_team(False),
        domain="[('id', 'in', team_ids)]",
    )
    company_id = fields.Many2one("res.company", compute="_compute_company_id")
    # who
    partner_id = fields.Many2one("res.partner", "Known contact")
    partner_name = fields.Char(
        "Name", compute="_compute_partner", store=True, readonly=False
    )
    partner_email = fields.Char(
        "E-mail", compute="_compute_partner", store=True, readonly=False
    )
    complaint_phone = fields.Char(
        "Telephone", compute="_compute_partner", store=True, readonly=False
    )
    complaint_postal_address = fields.Text("Postal address")
    complaint_representative_name = fields.Char("Represented by")
    complaint_representative_email = fields.Char("Representative's e-mail")
    complaint_complainant_type = fields.Selection(COMPLAINANT_TYPES, "Type")
    complaint_lang = fields.Selection(
        lambda self: self.env["res.lang"].get_installed(),
        "Language",
        compute="_compute_partner",
        store=True,
        readonly=False,
    )
    is_anonymous = fields.Boolean("Anonymous", help="The complainant gives no name.")
    # what
    name = fields.Char("Subject")
    description = fields.Text("What happened")
    complaint_request = fields.Text("What is asked for")
    category_id = fields.Many2one(
        "helpdesk.ticket.category",
        "Reason",
        domain="[('company_id', 'in', [company_id, False])]",
    )
    complaint_product_id = fields.Many2one(
        "complaint.product",
        "Product family",
        domain="[('company_id', 'in', [company_id, False])]",
        groups="helpdesk_complaint.group_complaint_user",
    )
    complaint_subject_ref = fields.Char("Contract or product")
    complaint_fact_date = fields.Date("Date of the facts")
    complaint_known_date = fields.Date("Known since")
    complaint_sent_date = fields.Date("Sent on")
    complaint_received_at = fields.Datetime(
        "Received on", default=lambda self: fields.Datetime.now(), required=True
    )
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "complaint_entry_attachment_rel",
        "entry_id",
        "attachment_id",
        "Files",
    )
    # from where
    # A number: of a link to a message that is not his somebody would read the title.
    message_id = fields.Integer("Message", readonly=True)
    message_words = fields.Char(compute="_compute_message_words")
    # what is done at once
    is_read_back = fields.Boolean("Read back to the complainant")
    copy_given = fields.Selection(COPY_WAYS, "Copy")
    similar = fields.Json("Similar complaints", compute="_compute_similar")
    regime_names = fields.Char(
        "Regimes that ask for it", compute="_compute_regimes", compute_sudo=True
    )
    asks_to_write = fields.Boolean(compute="_compute_regimes", compute_sudo=True)
    may_invite = fields.Boolean(compute="_compute_may_invite")
    invite = fields.Boolean("Invite to write now")

    @api.model
    def _default_channel_id(self):
        return self.env["helpdesk.ticket"]._complaint_known_channel("phone")

    @api.model
    def default_get(self, fields_list):
        """Of a message only what this user may read of it, whatever is asked."""
        values = super().default_get(fields_list)
        message_id = values.get("message_id")
        if message_id:
            tickets = self.env["helpdesk.ticket"]
            message = tickets._complaint_source_message(message_id)
            values.update(message._complaint_entry_values())
        return values

    @api.depends("channel_id")
    def _compute_complaint_medium(self):
        for entry in self:
            entry.complaint_medium = entry.channel_id.complaint_medium or "written"

    def _compute_team_ids(self):
        for entry in self:
            entry.team_ids = self.env["helpdesk.ticket"]._complaint_desks()

    @api.depends("team_id")
    def _compute_company_id(self):
        for entry in self:
            entry.company_id = entry.team_id.company_id or self.env.company

    @api.depends("partner_id")
    def _compute_partner(self):
        installed = dict(self.env["res.lang"].get_installed())
        for entry in self:
            partner = entry.partner_id
            # What was typed stays until a contact is chosen.
            entry.partner_name = partner.name or entry.partner_name
            entry.partner_email = partner.email or entry.partner_email
            entry.complaint_phone = partner.phone or entry.complaint_phone
            entry.complaint_lang = (
                partner.lang if partner.lang in installed else entry.complaint_lang
            )

    @api.depends("message_id")
    def _compute_message_words(self):
        for entry in self:
            tickets = self.env["helpdesk.ticket"]
            message = tickets._complaint_source_message(entry.message_id)
            entry.message_words = bool(message) and self.env._(
                "From a message of %(author)s on “%(record)s”, files: %(count)s.",
                author=message.author_id.name or message.email_from,
                record=message.record_name or message.model,
                count=len(message.attachment_ids),
            )

    @api.depends(
        "complaint_medium",
        "team_id",
        "partner_id",
        "category_id",
        "complaint_product_id",
        "complaint_complainant_type",
        "complaint_received_at",
    )
    def _compute_regimes(self):
        """The regimes that it would have and that want a spoken complaint written."""
        for entry in self:
            ticket = self.env["helpdesk.ticket"].new(entry._as_ticket())
            asking = ticket._complaint_find_regimes()[ticket.id].filtered(
                "invites_to_write"
            )
            entry.regime_names = ", ".join(
                regime.short_name or regime.name for regime in asking
            )
            entry.asks_to_write = entry.complaint_medium == "oral" and bool(asking)

    @api.depends(
        "company_id",
        "partner_id",
        "partner_email",
        "complaint_phone",
        "name",
        "description",
        "complaint_subject_ref",
        "category_id",
        "complaint_received_at",
    )
    def _compute_similar(self):
        """What may be there already, of what the user may read."""
        for entry in self:
            vals = dict(entry._as_ticket(), name=entry.name or "")
            vals["description"] = plaintext2html(entry.description or "")
            ticket = self.env["helpdesk.ticket"].new(vals)
            entry.similar = ticket._complaint_similar_values()

    @api.depends_context("uid")
    def _compute_may_invite(self):
        may = self.env.user.has_group("helpdesk_complaint.group_complaint_user")
        self.may_invite = may

    def _as_ticket(self):
        """The values of a ticket that is not there yet, to ask what would apply."""
        entry = self.sudo()  # sudo: complaint.entry - fields that he leaves empty
        vals = {
            name: entry[name].id if name in LINKS else entry[name]
            for name in (*WORDS, *LINKS, *CHOICES, *DAYS, "complaint_received_at")
        }
        return dict(vals, company_id=entry.company_id.id, complaint_state="to_qualify")

    # ------------------------------------------------------------------
    # Confirm
    # ------------------------------------------------------------------

    def action_confirm(self):
        """Take the complaint down, and show it with what is to be printed."""
        self.ensure_one()
        ticket = self.env["helpdesk.ticket"].complaint_take_down(self._asked())
        show = {
            "type": "ir.actions.act_window",
            "res_model": "helpdesk.ticket",
            "res_id": ticket.id,
            "views": [(False, "form")],
            "target": "current",
        }
        if self.copy_given in ("handed", "post"):
            return ticket._complaint_show_copy(ticket._complaint_last_copy(), show)
        return show

    def _asked(self):
        """What was typed, as the ticket's method takes it."""
        entry = self.sudo()  # sudo: complaint.entry - fields that he leaves empty
        is_oral = entry.complaint_medium == "oral"
        asked = {
            **{name: entry[name] for name in (*WORDS, *CHOICES, *DAYS)},
            **{name: entry[name].id for name in LINKS},
            "complaint_received_at": entry.complaint_received_at,
            "attachment_ids": entry.attachment_ids.ids,
            "message_id": entry.message_id,
            "is_anonymous": entry.is_anonymous,
            "is_read_back": is_oral and entry.is_read_back,
            "copy_given": entry.copy_given,
            "invite": entry.asks_to_write and entry.invite,
        }
        return {name: value for name, value in asked.items() if value}
