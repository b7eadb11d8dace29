from odoo import api, fields, models, tools
from odoo.fields import Domain


class HelpdeskTicket(models.Model):
    """8. Complaints sent before their complainant had an account.

    They become his by an address that he has shown to be his: whoever opened the link
    that was sent to it. An account that only bears the address gets nothing.
    """

    _inherit = "helpdesk.ticket"

    complaint_email_normalized = fields.Char(
        compute="_compute_complaint_email_normalized",
        store=True,
        index="btree_not_null",
        help="The complainant's address, as addresses are compared.",
    )

    @api.depends("partner_email")
    def _compute_complaint_email_normalized(self):
        for ticket in self:
            ticket.complaint_email_normalized = tools.email_normalize(
                ticket.partner_email
            )

    @api.model
    def _complaint_claimable(self, email):
        """The complaints from this address that are nobody's account yet.

        :param str email: an address that was proved, in any writing
        :return: complaints, archived ones too, with the system's rights: those
            without contact, or of a contact of this address that never had a user
        """
        # sudo: helpdesk.ticket, res.partner - nobody may read them yet
        model = self.sudo().with_context(active_test=False)
        email = tools.email_normalize(email)
        if not email:
            return model.browse()
        found = model.search(
            Domain("complaint_email_normalized", "=", email)
            & Domain("complaint_state", "not in", (False, "erased")),
            order="id",
        )
        return found.filtered(
            lambda x: (
                not x.partner_id
                or (
                    x.partner_id.email_normalized == email
                    and not x.partner_id.user_ids
                    and not x.partner_id.is_company
                )
            )
        )

    @api.model
    def _complaint_claim(self, user, email):
        """Make the complaints from a proved address those of an account.

        Called by code alone, after the link that was sent to the address was opened.

        :param user: the account, a ``res.users``
        :param str email: the address that was proved
        :return: the complaints that became his, with the system's rights
        """
        user.ensure_one()
        partner = user.sudo().partner_id  # sudo: res.users - the contact of anybody
        partner._complaint_trust_email(tools.email_normalize(email))
        tickets = self._complaint_claimable(email)
        tickets = tickets.filtered(lambda x: x.partner_id != partner)
        if not tickets:
            return tickets
        changes = {
            ticket.id: {"partner_id": [ticket.partner_id.ids, partner.ids]}
            for ticket in tickets
        }
        # The same person, now with an account: mandates given by him stay.
        tickets.with_context(complaint_in_step=True).write({"partner_id": partner.id})
        tickets.with_user(user).sudo()._complaint_log(
            "claim", data={"by_ticket": changes}
        )
        for ticket in tickets:
            ticket.message_unsubscribe(changes[ticket.id]["partner_id"][0])
        tickets.message_subscribe(partner.ids)
        tickets._complaint_follow_change(changes)
        return tickets
