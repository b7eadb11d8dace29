from odoo import api, models
from odoo.fields import Command, Domain

# What a customer may read of his own complaint, by page or by a call from outside.
# Findings, cause, severity, decisions not sent yet and the like are not his to read.
PORTAL_FIELDS = frozenset(
    {
        "complaint_state",
        "complaint_number",
        "complaint_reference",
        "complaint_complainant",
        "complaint_sent_date",
        "complaint_received_at",
        "complaint_registered_at",
        "complaint_acknowledged_at",
        "complaint_answered_at",
        "complaint_closed_at",
        "complaint_cycle",
        "complaint_medium",
        "complaint_request",
        "complaint_subject_ref",
        "complaint_fact_date",
    }
)

AUDITOR = "helpdesk_complaint.group_complaint_auditor"
# What a customer says when he posts. Odoo takes more from whoever calls it: addresses
# to write to in our name, to whom answers go, a date.
SAID = frozenset({"body", "attachments", "attachment_ids"})
# In the context of the chatter's own route, which posts with the system's rights.
CHATTER = "message_post_store"


class HelpdeskTicket(models.Model):
    """8. What a customer may reach of a complaint: by right, and never by a link."""

    _inherit = "helpdesk.ticket"

    # His pages of ordinary tickets read these, and not a million complaints.
    _complaint_ordinary_idx = models.Index("(partner_id) WHERE complaint_state IS NULL")

    def _has_field_access(self, field, operation):
        allowed = super()._has_field_access(field, operation)
        if not allowed or self.env.su or not self.env.user.share:
            return allowed
        return not field.name.startswith("complaint_") or field.name in PORTAL_FIELDS

    @api.model
    def _search(
        self,
        domain,
        offset=0,
        limit=None,
        order=None,
        *,
        active_test=True,
        bypass_access=False,
    ):
        """Leave complaints out where the context asks: the pages of plain tickets.

        Those pages repeat the record rules in their domain, also on fields that the
        user may not read. Of such a condition nothing is left to say there, and the
        rules themselves apply as always.
        """
        if self.env.context.get("complaint_left_out"):
            domain = Domain(domain).map_conditions(
                lambda condition: (
                    Domain.TRUE
                    if condition.field_expr.startswith("complaint_")
                    else condition
                )
            ) & Domain("complaint_state", "=", False)
        return super()._search(
            domain,
            offset,
            limit,
            order,
            active_test=active_test,
            bypass_access=bypass_access,
        )

    def _compute_access_url(self):
        result = super()._compute_access_url()
        for ticket in self:
            # sudo: helpdesk.ticket - only whether it is a complaint
            if ticket.sudo().complaint_state:
                ticket.access_url = f"/my/complaints/{ticket.id}"
        return result

    def _portal_ensure_token(self):
        """No token for a complaint: a link alone must not open it."""
        if self and self._complaint_is_one():
            return ""
        return super()._portal_ensure_token()

    def _get_share_url(
        self, redirect=False, signup_partner=False, pid=None, share_token=True
    ):
        if self._complaint_is_one():
            pid, share_token = None, False
        return super()._get_share_url(
            redirect=redirect,
            signup_partner=signup_partner,
            pid=pid,
            share_token=share_token,
        )

    @api.model
    def _get_thread_with_access(
        self, thread_id, *, hash=None, pid=None, token=None, **kwargs
    ):
        """Read and write messages of a complaint by right, never by link."""
        if self.browse(thread_id)._complaint_is_one():
            hash = pid = token = None
        return super()._get_thread_with_access(
            thread_id, hash=hash, pid=pid, token=token, **kwargs
        )

    def message_post(self, **kwargs):
        """Let nobody write into a complaint that is not his.

        Odoo lets followers post on what they do not see. Mail that they send still
        enters: the gateway acts with the system's rights.
        """
        user = self.env.user
        is_by_party = False
        is_by_call = not self.env.su or CHATTER in self.env.context
        if is_by_call and (user.share or user.has_group(AUDITOR)):
            if self._complaint_is_one():
                own = self.sudo(False)
                if user.share:
                    own._complaint_check_party()
                    is_by_party = True
                    kwargs = {name: kwargs[name] for name in SAID.intersection(kwargs)}
                    kwargs["message_type"] = "comment"
                    kwargs["subtype_xmlid"] = "mail.mt_comment"
                else:
                    own.check_access("write")
        if kwargs.get("partner_ids") and self._complaint_is_hidden():
            # Who is named in a message reads it, whatever it is about.
            kwargs["partner_ids"] = [
                partner_id
                for partner_id in kwargs["partner_ids"]
                if not self.sudo()._complaint_is_hidden_from(partner_id)
            ]
        message = super().message_post(**kwargs)
        if is_by_party:
            # By whichever route he writes, it has the same effect.
            self._complaint_hear(message)
        return message

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        """Who only reads a complaint makes himself no follower of it.

        Odoo lets everybody follow what he reads. He would be told of it by mail when
        it is no longer opened to him.
        """
        if self.env.user.share and not self.env.su:
            # sudo: helpdesk.ticket - which are complaints
            complaints = self.sudo().filtered("complaint_state").sudo(False)
            if complaints:
                complaints._complaint_check_party()
        return super().message_subscribe(partner_ids, subtype_ids)

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        """Who only reads a complaint writes no message into it either."""
        operations = super()._mail_get_operation_for_mail_message_operation(
            message_operation
        )
        user = self.env.user
        if message_operation == "create" and (user.share or user.has_group(AUDITOR)):
            # sudo: helpdesk.ticket - only which are complaints
            for ticket in self.sudo().filtered("complaint_state").sudo(False):
                if not user.share or not ticket._complaint_may_act(user.partner_id):
                    operations[ticket] = "write"
        return operations

    def _check_can_update_message_content(self, messages):
        """The chatter rewrites and empties messages with the system's rights."""
        result = super()._check_can_update_message_content(messages)
        messages._refuse_complaint_change()
        return result

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        """Send nothing to those from whom the file is hidden.

        Who follows it from before, or is named in a message by mistake, would get
        in his mail what he may not open.
        """
        recipients = super()._notify_get_recipients(message, msg_vals, **kwargs)
        ticket = self.sudo()  # sudo: helpdesk.ticket - from whom it is hidden
        if ticket.complaint_mandate_state and not ticket._complaint_mandate_holds():
            over = ticket.complaint_representative_id - ticket.partner_id
            recipients = [x for x in recipients if x["id"] not in over.ids]
        if not self or not self._complaint_is_hidden():
            return recipients
        return [
            recipient
            for recipient in recipients
            if not ticket._complaint_is_hidden_from(recipient["id"])
        ]

    def _complaint_is_hidden(self):
        """Whether some colleagues are kept from this file."""
        ticket = self.sudo()  # sudo: helpdesk.ticket - only whether
        return bool(
            ticket.complaint_is_confidential or ticket.complaint_concerned_user_ids
        )

    def _complaint_is_hidden_from(self, partner_id):
        """Whether a colleague is kept from a confidential file, or complained about."""
        users = self.env["res.users"].search([("partner_id", "=", partner_id)])
        if users & self.complaint_concerned_user_ids:
            return True
        colleagues = users.filtered(lambda user: not user.share)
        return (
            bool(colleagues)
            and self.complaint_is_confidential
            and not any(self._complaint_may_be_told(user) for user in colleagues)
        )

    def _complaint_is_one(self):
        # sudo: helpdesk.ticket - only whether it is a complaint
        return bool(self.sudo().exists().complaint_state)

    def _complaint_withdraw_followers(self):
        """Tell nobody outside but the complainant what is written from now on.

        Others may have come to follow the ordinary ticket without anybody wanting it:
        a known address in copy of an e-mail is enough.
        """
        # sudo: mail.followers - who reports may not manage followers
        for ticket in self.sudo():
            others = ticket.message_partner_ids.filtered("partner_share")
            ticket.message_unsubscribe((others - ticket.partner_id).ids)

    def _complaint_withdraw_hidden(self):
        """Take the file out of the hands of those from whom it is hidden now.

        They handle it no longer, follow it no longer, and messages that were sent to
        them are closed to them: who receives a message reads it for ever.
        """
        # sudo: mail.message, mail.activity - of others
        for ticket in self.sudo():
            users = ticket._complaint_users_kept_out()
            if not users:
                continue
            partners = users.partner_id
            ticket.message_unsubscribe(partners.ids)
            messages = ticket.message_ids
            messages.filtered(lambda x, gone=partners: x.partner_ids & gone).write(
                {"partner_ids": [Command.unlink(partner.id) for partner in partners]}
            )
            messages.notification_ids.filtered(
                lambda x, gone=partners: x.res_partner_id in gone
            ).unlink()
            if ticket.user_id in users:
                ticket.user_id = False
            ticket.activity_ids.filtered(lambda x, gone=users: x.user_id in gone).write(
                {"user_id": ticket._complaint_user_of_level("handler").id}
            )

    def _complaint_users_kept_out(self):
        """Those complained about, and who had to do with what is confidential now."""
        users = self.complaint_concerned_user_ids
        if self.complaint_is_confidential:
            people = self.message_partner_ids | self.message_ids.partner_ids
            people |= self.message_ids.notification_ids.res_partner_id
            known = people.user_ids | self.activity_ids.user_id
            users |= known.filtered(
                lambda user: not user.share and not self._complaint_may_be_told(user)
            )
        return users

    def _complaint_withdraw_links(self):
        """Take back the links given out while it was an ordinary ticket.

        The page of ordinary tickets gives every file of the ticket a token, those of
        internal notes too, and the ticket itself one that opens it without login.
        """
        tickets = self.sudo()  # sudo: helpdesk.ticket, ir.attachment - only tokens
        tickets.filtered("access_token").write({"access_token": False})
        files = tickets.env["ir.attachment"].search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("access_token", "!=", False),
            ]
        )
        files.write({"access_token": False})
