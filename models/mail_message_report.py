from odoo import api, fields, models, tools
from odoo.exceptions import AccessError, UserError
from odoo.tools import html2plaintext

# Kinds of messages that somebody wrote to us.
WRITTEN_TYPES = ("email", "comment")


class MailMessage(models.Model):
    """A message on any record may be a complaint: what the desk takes from it."""

    _inherit = "mail.message"

    def _complaint_is_from_outside(self):
        """Whether somebody outside wrote it to the company."""
        # sudo: mail.message, res.partner - who wrote it
        message = self.sudo()
        return (
            message.message_type in WRITTEN_TYPES
            and not message._is_internal_to_company()
            and (not message.author_id or message.author_id.partner_share)
            and message.model != "discuss.channel"
        )

    def _complaint_entry_values(self):
        """What the form of a new complaint takes from this message."""
        self.ensure_one()
        name, email = tools.parse_contact_from_email(self.email_from or "")
        author = self.author_id
        if self.message_type == "email" and author._complaint_email_is_doubtful():
            author = author.browse()
        kind = "email" if self.message_type == "email" else "web"
        channel = self.env["helpdesk.ticket"]._complaint_known_channel(kind)
        received, sent = self._complaint_dates()
        return {
            "channel_id": channel.id,
            "complaint_medium": "written",
            "partner_id": author.id,
            "partner_name": author.name or name or email,
            "partner_email": author.email or email,
            "name": " ".join((self.subject or "").split()),
            "description": html2plaintext(self.body or "").strip(),
            "complaint_received_at": received,
            "complaint_sent_date": sent,
        }

    def _complaint_dates(self):
        """When a message was received, and the local day on which it was sent.

        The date of an e-mail is its sender's; the message was made when it came.
        """
        received = self.create_date.replace(microsecond=0)
        sent = min(self.date or received, received)
        ticket = self.env["helpdesk.ticket"].new({"company_id": self.env.company.id})
        return received, ticket._complaint_local_day(sent)


class HelpdeskTicket(models.Model):
    """1. Reporting a message: of a ticket, an order, a contact, whatever it is on."""

    _inherit = "helpdesk.ticket"

    complaint_source_message_id = fields.Many2one(
        "mail.message",
        "Message it comes from",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        groups="base.group_system",
    )
    complaint_source_model = fields.Char(readonly=True, copy=False)
    complaint_source_res_id = fields.Many2oneReference(
        "Record it comes from",
        model_field="complaint_source_model",
        readonly=True,
        copy=False,
    )

    @api.model
    def complaint_report_message(self, message_id):
        """Start a complaint from a message in a chatter.

        On an ordinary ticket the ticket itself is reported; on anything else a new
        complaint is taken down, with what the message says. What was reported
        already is shown.

        :param int message_id: of a message that the user reads
        :return: the action that opens what is to be filled in
        :raises AccessError: for who is no helpdesk user, or may not read the message
        :raises UserError: for what nobody outside has written
        """
        self._complaint_check_reporter()
        message = self._complaint_source_message(message_id)
        if not message:
            raise UserError(
                self.env._("Choose the message that is to be reported as a complaint.")
            )
        known = self._complaint_from_message(message)
        if known:
            return self._complaint_open(known)
        if message.model == self._name:
            ticket = self.browse(message.res_id)
            if not ticket.complaint_state:
                return ticket._complaint_open_report(message)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "helpdesk_complaint.complaint_entry_action"
        )
        return dict(
            action,
            context={"dialog_size": "extra-large", "default_message_id": message.id},
        )

    def _complaint_open_report(self, message):
        received, sent = message._complaint_dates()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "helpdesk_complaint.complaint_step_action_report"
        )
        return dict(
            action,
            context={
                "active_model": self._name,
                "active_id": self.id,
                "active_ids": self.ids,
                "default_event": "report",
                "default_received_at": fields.Datetime.to_string(received),
                "default_sent_date": fields.Date.to_string(sent),
                "default_medium": "written",
            },
        )

    @api.model
    def _complaint_open(self, ticket):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": ticket.id,
            "views": [(False, "form")],
            "target": "current",
        }

    @api.model
    def _complaint_from_message(self, message):
        """The complaint that a message was made into, if this user sees it."""
        # sudo: helpdesk.ticket - by a field that is closed to users
        found = self.sudo().with_context(active_test=False)
        found = found.search([("complaint_source_message_id", "=", message.id)])
        return found.sudo(False)._filtered_access("read")[:1]

    @api.model
    def _complaint_source_message(self, message_id):
        """The message that a complaint is made from, if this user may read it.

        :raises AccessError: for one that is not there, too: nothing is told of others
        :raises UserError: when nobody outside wrote it
        """
        messages = self.env["mail.message"]
        if not message_id:
            return messages
        message = messages.browse(message_id if type(message_id) is int else [])
        message = message.exists()
        if not message or not message.has_access("read"):
            raise AccessError(
                self.env._(
                    "Message %(message)s is not there, or you may not read it, so you "
                    "cannot report it as a complaint.",
                    message=message_id,
                )
            )
        if not message._complaint_is_from_outside():
            raise UserError(
                self.env._(
                    "“%(record)s”: only what somebody outside wrote is reported as a "
                    "complaint, not a note or a message of a colleague. For what you "
                    "were told, take down a new complaint.",
                    record=message.record_name or message.model or message.id,
                )
            )
        return message

    def _complaint_note_source(self, message):
        if message:
            self.sudo().write(  # sudo: helpdesk.ticket - step fields
                {
                    "complaint_source_message_id": message.id,
                    "complaint_source_model": message.model,
                    "complaint_source_res_id": message.res_id,
                }
            )

    def action_complaint_source(self):
        """Open the record that the complaint comes from, for who may read it."""
        self.ensure_one()
        self.check_access("read")
        model, res_id = self.complaint_source_model, self.complaint_source_res_id
        record = self.env[model].browse(res_id).exists() if model in self.env else None
        if not record or not record.has_access("read"):
            raise UserError(
                self.env._(
                    "%(ticket)s: the record that it comes from is not there any more, "
                    "or is not yours to read. Ask who keeps it.",
                    ticket=self.display_name,
                )
            )
        return {
            "type": "ir.actions.act_window",
            "res_model": model,
            "res_id": res_id,
            "views": [(False, "form")],
            "target": "current",
        }
