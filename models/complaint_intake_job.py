import logging

from odoo import api, models

from .complaint_batch import in_rounds

_logger = logging.getLogger(__name__)

BATCH = 20


class ComplaintIntake(models.Model):
    """Messages that two workers fought for: read again, from the bytes kept."""

    _inherit = "complaint.intake"

    @api.model
    def _cron_read_again(self):
        """Take in what was left for later; what fails again becomes a complaint."""
        journal = self.sudo()  # sudo: complaint.intake - the job works for all

        def take(done):
            found = journal.search(
                [("outcome", "=", "waiting"), ("id", "not in", list(done))],
                limit=BATCH,
                order="id",
            )
            return found.try_lock_for_update(), len(found)

        waiting = journal.search_count([("outcome", "=", "waiting")])
        self.env["ir.cron"]._commit_progress(remaining=waiting)
        in_rounds(
            self.env,
            take,
            lambda lines: [line._read_again() for line in lines],
            lambda line, error: _logger.error(
                "Line %s of the journal is still to be read", line.id, exc_info=error
            ),
        )

    def _read_again(self):
        self.ensure_one()
        self.env["mail.thread"].with_context(
            complaint_mail_again=self.id
        ).message_process(False, self.raw_attachment_id.raw)
