from odoo import SUPERUSER_ID, api, models
from odoo.fields import Domain

# What a message says, to whom it shows, and where it belongs.
CONTENT = frozenset(
    {
        "body",
        "subject",
        "date",
        "author_id",
        "email_from",
        "model",
        "res_id",
        "subtype_id",
        "is_internal",
        "message_type",
        "attachment_ids",
    }
)


class MailMessage(models.Model):
    """What passed between a complainant and the company is kept as it was written."""

    _inherit = "mail.message"

    @api.model
    def _search(self, domain, *args, bypass_access=False, **kwargs):
        """A file that is hidden from him has no message for a colleague.

        Not even those that he wrote, or that were sent to him, before it was hidden.
        """
        if not bypass_access:
            shown = self.env["helpdesk.ticket"]._complaint_not_hidden_domain()
            domain = Domain(domain) & shown
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    def _get_forbidden_access(self, operation):
        """Keep what is internal to a ticket from customers, of whatever type.

        Odoo's search leaves internal messages out for them, but by its number they
        read one that came by e-mail, that ends an activity, or that code posted.
        """
        forbidden = super()._get_forbidden_access(operation)
        if self.env.user._is_internal():
            return forbidden | self._hidden_from_colleague()
        # sudo: mail.message - which are internal to a ticket, that is or may become
        # a complaint
        inside = (self - forbidden).sudo()
        inside = inside.filtered(
            lambda x: x.model == "helpdesk.ticket" and x._is_internal_to_company()
        )
        return forbidden | self.browse(inside.ids)

    def _hidden_from_colleague(self):
        """Of these, the messages of files that are hidden from the current user."""
        # sudo: mail.message - of which documents they are
        ours = self.sudo().filtered(lambda x: x.model == "helpdesk.ticket")
        if not ours:
            return self.browse()
        shown = self.env["helpdesk.ticket"]._complaint_not_hidden_domain()
        visible = ours.search(Domain("id", "in", ours.ids) & shown)
        return self.browse((ours - visible).ids)

    def _is_internal_to_company(self):
        return self.is_internal or not self.subtype_id or self.subtype_id.internal

    def write(self, vals):
        # With the system's rights an e-mail writes again what its message says.
        if CONTENT.intersection(vals) and not self.env.su:
            self._refuse_complaint_change()
        return super().write(vals)

    def unlink(self):
        if not self.env.su:
            self._refuse_complaint_change()
        return super().unlink()

    def _refuse_complaint_change(self):
        """A colleague corrects his own internal note; nothing else changes.

        :raises UserError: naming the complaint
        """
        if self.env.uid == SUPERUSER_ID:
            return
        messages = self.sudo()  # sudo: mail.message - who wrote what
        messages = messages.filtered(lambda x: x.model == "helpdesk.ticket")
        for ticket in messages._complaints():
            if ticket._complaint_evidence_may_change():
                mine = messages.filtered(lambda x: x._is_own_note())
            else:
                mine = messages.browse()
            if (messages - mine).filtered(lambda x, of=ticket: x.res_id == of.id):
                ticket._complaint_refuse_evidence_change()

    def _complaints(self):
        tickets = self.env["helpdesk.ticket"].browse(set(self.mapped("res_id")))
        return tickets.exists().filtered("complaint_state")

    def _is_own_note(self):
        return (
            self._is_internal_to_company()
            and self.author_id == self.env.user.partner_id
        )
