from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

KEPT_DAYS = 7
SWEPT = 10_000  # at a time


class ComplaintSubmission(models.Model):
    """What a form has sent already: the same content again is the same complaint.

    Of two clicks at once, whichever workers get them, the second is refused by the
    database and taken again by Odoo, this time seeing the complaint of the first. A
    lock alone would not do: the second would wait, and still see the past.
    """

    _name = "complaint.submission"
    _description = "Content sent by a form"
    _log_access = False

    digest = fields.Char(required=True)
    at = fields.Datetime(required=True, index=True)
    ticket_id = fields.Many2one("helpdesk.ticket", ondelete="cascade")

    _digest_uniq = models.UniqueIndex("(digest)", "This content was sent already.")

    @api.model
    def _claim(self, digest, seconds):
        """Take a content for oneself, or find the complaint that it made.

        :param str digest: of the content and of who sends it
        :param int seconds: for how long the same content is the same complaint
        :return: the row, with the system's rights; its ``ticket_id`` is empty when
            the content is new
        """
        now = fields.Datetime.now()
        before = now - timedelta(seconds=seconds)
        # What is refused here is taken again: no error for the server's log.
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO complaint_submission AS row (digest, at)
                     VALUES (%(digest)s, %(now)s)
                ON CONFLICT (digest) DO UPDATE
                        SET ticket_id = CASE WHEN row.at < %(before)s
                                             THEN NULL ELSE row.ticket_id END,
                            at = CASE WHEN row.at < %(before)s
                                      THEN excluded.at ELSE row.at END
                  RETURNING row.id
                """,
                digest=digest,
                now=now,
                before=before,
            ),
            log_exceptions=False,
        )
        [(row_id,)] = self.env.cr.fetchall()
        row = self.sudo().browse(row_id)  # sudo: complaint.submission - code only
        row.invalidate_recordset(flush=False)
        return row

    @api.autovacuum
    def _gc_submissions(self):
        old = fields.Datetime.now() - timedelta(days=KEPT_DAYS)
        swept = self.search([("at", "<", old)], limit=SWEPT)
        swept.unlink()
        return len(swept), len(swept) == SWEPT
