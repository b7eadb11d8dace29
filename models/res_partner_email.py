from odoo import fields, models


class ResPartner(models.Model):
    """Whether an address is somebody's, or he only says so.

    Anybody may open an account with any address, or type another one into his own.
    What comes by e-mail from such an address is not taken for his.
    """

    _inherit = "res.partner"

    complaint_unproved_email = fields.Char(
        readonly=True,
        copy=False,
        groups="base.group_system",
        help="The address that the holder of the account typed himself.",
    )

    def _complaint_emails_typed_by_holder(self):
        """The addresses that the current user types for himself, before they change."""
        if self.env.user.share:
            return {partner: partner.email_normalized for partner in self}
        own = self & self.env.user.partner_id
        return {partner: partner.email_normalized for partner in own}

    def _complaint_doubt_emails(self, before):
        """Note which addresses their holders typed.

        :param dict before: addresses by person, as they were
        """
        for partner, email in before.items():
            if partner.email_normalized != email:
                # sudo: res.partner - closed to everybody else
                partner.sudo().complaint_unproved_email = partner.email_normalized

    def _complaint_email_is_doubtful(self):
        """Whether nobody but the account's holder says that this address is his."""
        partner = self.sudo().with_context(active_test=False)  # sudo: only whether
        typed = partner.complaint_unproved_email
        return bool(typed and partner.user_ids and typed == partner.email_normalized)

    def _complaint_trust_email(self, email):
        """He opened a link that was sent to this address: it is his."""
        for partner in self.sudo():  # sudo: res.partner - closed to everybody else
            if email and partner.complaint_unproved_email == email:
                partner.complaint_unproved_email = False
