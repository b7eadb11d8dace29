from odoo import models


class HelpdeskTicket(models.Model):
    """Who may qualify, sign and grant, and who could instead of somebody who may not.

    An act is one of ``complaint_terms.ACTS``. Without anything named, the role is the
    authority: handlers sign and grant, managers qualify.
    """

    _inherit = "helpdesk.ticket"

    def _complaint_find_authority(self, act, user, code=None, amount=0.0):
        """The named authority under which a user may do an act on one complaint.

        :param str act: qualify, sign or grant
        :param user: the ``res.users``
        :param str code: of the letter to sign
        :param float amount: to be granted in all, in the company's currency
        :return: ``(allowed, complaint.authority, reason)``: allowed by role gives an
            empty authority; a refusal gives a sentence that says what is missing
        """
        self.ensure_one()
        return True, None, ""

    def _complaint_who_could(self, act, code=None, amount=0.0, but=None):
        """The users who could do an act on one complaint, but for some.

        :return: ``res.users``, those present first
        """
        self.ensure_one()
        return self.env["res.users"]

    def _complaint_check_authority(self, act, code=None, amount=0.0):
        """Raise unless the current user may do the act on each of these complaints.

        :raises UserError: naming the complaint, what is missing and who could
        """
