from odoo import models


class HelpdeskTicket(models.Model):
    """A complaint that a scheduled job cannot handle: somebody is told, once."""

    _inherit = "helpdesk.ticket"

    def _complaint_warn_broken(self, job, error):
        """Tell a compliance officer what failed; not again while he has not seen it.

        :param str job: what was to be done
        :param error: why it was not
        """
        kind = "helpdesk_complaint.mail_activity_broken"
        for ticket in self.sudo():  # sudo: mail.activity - the officer's, not mine
            if ticket.activity_search([kind]):
                continue
            user = ticket._complaint_user_of_level("officer")
            ticket = ticket.with_context(lang=user.lang)
            ticket.activity_schedule(
                kind,
                summary=ticket.env._("A scheduled job failed: %(job)s", job=job),
                note=str(error),
                user_id=user.id,
            )
