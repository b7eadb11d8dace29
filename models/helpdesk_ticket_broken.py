from odoo import fields, models
from odoo.fields import Domain


class HelpdeskTicket(models.Model):
    """A complaint that a scheduled job cannot handle: somebody is told, once."""

    _inherit = "helpdesk.ticket"

    complaint_job_error = fields.Char(
        "Scheduled job failed",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups="helpdesk_complaint.group_complaint_officer",
        help="Jobs leave this file alone until somebody lets them try again.",
    )

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

    def _complaint_mark_broken(self, job, error):
        """Leave these files out of the scheduled jobs, and tell an officer."""
        # sudo: helpdesk.ticket - an officer's field
        self.sudo().complaint_job_error = f"{job}: {error}"
        self._complaint_warn_broken(job, error)

    @staticmethod
    def _complaint_whole_domain(model):
        """Records of files that no job has failed on."""
        path = "" if model._name == "helpdesk.ticket" else "ticket_id."
        return Domain(f"{path}complaint_job_error", "=", False)

    def action_complaint_retry(self):
        """Let the scheduled jobs try again."""
        self._complaint_check_role("group_complaint_officer")
        self.sudo().complaint_job_error = False  # sudo: same
        self.activity_unlink(["helpdesk_complaint.mail_activity_broken"])
        return True
