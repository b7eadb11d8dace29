from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .complaint_terms import FILE_GROUPS

CHANNELS = [
    ("email", "E-mail"),
    ("form", "Public form"),
    ("portal", "Portal"),
    ("counter", "Counter or telephone"),
    ("report", "Reported by a colleague"),
]
OUTCOMES = [
    ("new", "New complaint"),
    ("reply", "Added to a complaint"),
    ("contest", "Objection to examine"),
    ("linked", "New complaint after a closed one"),
    ("thanks", "Thanks"),
    ("other", "Note by somebody else"),
    ("automatic", "Automatic reply"),
    ("bounce", "Undelivered mail"),
    ("loop", "Loop, not taken"),
    ("repeat", "Known already"),
    ("refused", "Refused"),
    ("failed", "Could not be read"),
    ("waiting", "To be read again"),
]
# What enters and is no file of its own; everything else belongs to a complaint.
WITHOUT_TICKET = ("automatic", "bounce", "loop", "repeat")
WHO_READS_ALL = (
    "helpdesk_complaint.group_complaint_officer",
    "helpdesk_complaint.group_complaint_auditor",
)


class ComplaintIntake(models.Model):
    """The journal of what entered, and of what became of it: one line each.

    A line about a complaint is seen by those who see the complaint; one about nothing
    by officers and auditors. The message as received is for them, and for the handler
    of the complaint.
    """

    _name = "complaint.intake"
    _description = "What entered"
    _inherit = ["complaint.file.mixin"]
    _order = "entered_at desc, id desc"
    _rec_name = "entered_at"

    ticket_id = fields.Many2one(required=False, index="btree_not_null")
    company_id = fields.Many2one(
        "res.company", "Company", related=None, store=True, readonly=True, index=True
    )
    channel = fields.Selection(CHANNELS, required=True, readonly=True)
    outcome = fields.Selection(
        OUTCOMES, "What became of it", required=True, readonly=True
    )
    entered_at = fields.Datetime("Entered on", required=True, readonly=True, index=True)
    received_at = fields.Datetime(
        "Received on",
        readonly=True,
        help="When the company's first mail server took it, as its header says.",
    )
    message_id = fields.Char("Message-ID", readonly=True, index="btree_not_null")
    digest = fields.Char(
        readonly=True,
        index="btree_not_null",
        help="Of what the sender wrote: the same mail delivered twice has the same.",
    )
    sender = fields.Char(readonly=True)
    subject = fields.Char(readonly=True)
    note = fields.Text(readonly=True)
    raw_attachment_id = fields.Many2one(
        "ir.attachment", "Message as received", readonly=True, ondelete="restrict"
    )
    has_raw = fields.Boolean(compute="_compute_has_raw", compute_sudo=True)
    can_read_raw = fields.Boolean(compute="_compute_has_raw", compute_sudo=True)

    # Two workers that fetch one mail at once: the second is told so.
    _mail_uniq = models.UniqueIndex(
        "(digest, COALESCE(message_id, ''), COALESCE(company_id, 0)) "
        "WHERE digest IS NOT NULL AND outcome != 'repeat'",
        "This message has entered already.",
    )
    _loose_idx = models.Index("(company_id, entered_at) WHERE ticket_id IS NULL")
    _waiting_idx = models.Index("(id) WHERE outcome = 'waiting'")
    _sender_idx = models.Index("(sender, entered_at) WHERE channel = 'email'")

    @api.depends("raw_attachment_id", "ticket_id.user_id")
    @api.depends_context("uid")
    def _compute_has_raw(self):
        reads_all = self._reads_all()
        for line in self:
            line.has_raw = bool(line.raw_attachment_id)
            line.can_read_raw = line.has_raw and (
                reads_all or line.ticket_id.user_id == self.env.user
            )

    @api.depends("channel", "outcome", "entered_at")
    def _compute_display_name(self):
        channels = dict(self._fields["channel"]._description_selection(self.env))
        outcomes = dict(self._fields["outcome"]._description_selection(self.env))
        for line in self:
            line.display_name = (
                f"{channels.get(line.channel, '')}: {outcomes.get(line.outcome, '')}"
            )

    # ------------------------------------------------------------------
    # Who reads it
    # ------------------------------------------------------------------

    @api.model
    def _reads_all(self):
        return any(self.env.user.has_group(group) for group in WHO_READS_ALL)

    @api.model
    def _file_domain(self):
        domain = super()._file_domain()
        if self._reads_all():
            domain |= Domain("ticket_id", "=", False)
        return domain

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if self.env.su or not any(self._ids) or self._reads_all():
            return result
        # sudo: complaint.intake - which belong to no complaint
        loose = self.sudo().filtered(lambda line: not line.ticket_id).sudo(False)
        if not loose:
            return result
        hidden = loose | result[0] if result else loose
        return hidden, lambda: self.env["ir.rule"]._make_access_error(operation, hidden)

    # ------------------------------------------------------------------
    # Written once
    # ------------------------------------------------------------------

    def write(self, vals):
        if not self.env.su:
            raise UserError(self._append_only_message())
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self._append_only_message())

    def _append_only_message(self):
        return self.env._(
            "The journal of what entered is append-only: its lines are never changed "
            "or removed (%(line)s).",
            line=self[:1].display_name or "/",
        )

    def _forget(self):
        """Erase what a person wrote and who it was; that something came stays."""
        # sudo: complaint.intake, ir.attachment - at the end of time
        lines = self.sudo()
        raw = lines.raw_attachment_id
        lines.write(
            {
                "sender": False,
                "subject": False,
                "note": False,
                "raw_attachment_id": False,
            }
        )
        raw.unlink()

    @api.model
    def _note(self, channel, outcome, tickets, **values):
        """Write what entered, one line a ticket, or one without.

        :param str channel: a code of ``CHANNELS``
        :param str outcome: a code of ``OUTCOMES``
        :param tickets: ``helpdesk.ticket``, none for what belongs to no complaint
        :param values: other fields, the same for all lines
        :return: the lines
        """
        journal = self.sudo()  # sudo: complaint.intake - nobody writes it by hand
        vals = {
            "channel": channel,
            "outcome": outcome,
            "entered_at": fields.Datetime.now(),
            **values,
        }
        vals_list = [
            {"company_id": ticket.company_id.id, **vals, "ticket_id": ticket.id}
            for ticket in tickets
        ]
        return journal.create(vals_list or [vals])

    def action_open_raw(self):
        """Download the message as it was received."""
        self.ensure_one()
        self.check_access("read")
        line = self.sudo()  # sudo: ir.attachment - checked by its own download
        if not line.can_read_raw:
            raise UserError(
                self.env._(
                    "%(line)s: the message as received is for compliance officers, "
                    "auditors and the handler of the complaint. Ask one of them.",
                    line=self.display_name,
                )
            )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{line.raw_attachment_id.id}?download=1",
            "target": "download",
        }

    # ------------------------------------------------------------------
    # E-mails
    # ------------------------------------------------------------------

    @api.model
    def _prepare_mail_vals(self, mail):
        """What the journal says of an e-mail, whatever becomes of it."""
        return {
            "entered_at": mail.now,
            "received_at": mail.received_at,
            "message_id": mail.message_id or False,
            "digest": mail.digest,
            "sender": mail.sender[1] or mail.sender[0] or False,
            "subject": mail.subject or False,
        }

    @api.model
    def _take_mail(self, mail, companies, outcome, **values):
        """Write an e-mail into the journal with its bytes, one line a company.

        :param companies: ``res.company``; none where nobody is addressed
        """
        journal = self.sudo()  # sudo: complaint.intake - the gateway
        vals = {
            **self._prepare_mail_vals(mail),
            "channel": "email",
            "outcome": outcome,
            **values,
        }
        lines = journal.create(
            [{**vals, "company_id": company.id} for company in companies] or [vals]
        )
        lines.flush_recordset()  # where somebody else was faster, it is known here
        for line in lines:
            # The file store keeps the same bytes once.
            line.raw_attachment_id = (
                self.env["ir.attachment"]
                .sudo()
                .create(  # sudo: same
                    {
                        "name": f"message-{line.id}.eml",
                        "raw": mail.raw,
                        "mimetype": "message/rfc822",
                        "res_model": self._name,
                        "res_id": line.id,
                    }
                )
            )
        return lines

    @api.model
    def _find_mail(self, mail):
        """The lines of this very message: the same words under the same number.

        What has no number is recognised by its words alone.
        """
        journal = self.sudo()  # sudo: complaint.intake - the gateway
        found = journal.search(
            [("digest", "=", mail.digest), ("outcome", "!=", "repeat")]
        )
        return found.filtered(
            lambda line: (
                not line.message_id
                or not mail.message_id
                or line.message_id == mail.message_id
            )
        )


class HelpdeskTicket(models.Model):
    _inherit = "helpdesk.ticket"

    complaint_intake_ids = fields.One2many(
        "complaint.intake",
        "ticket_id",
        "What entered",
        readonly=True,
        copy=False,
        groups=FILE_GROUPS,
    )

    _complaint_received_idx = models.Index(
        "(company_id, complaint_received_at) WHERE complaint_state IS NOT NULL"
    )
