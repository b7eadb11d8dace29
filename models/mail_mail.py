from odoo import api, models
from odoo.exceptions import UserError

KEY = "helpdesk_complaint.mail"
QUEUE = "helpdesk_complaint.queue"


class MailMail(models.Model):
    """The e-mail of a letter is followed to its end, whichever way it takes."""

    _name = "mail.mail"
    _inherit = ["mail.mail", "complaint.hanging.mixin"]
    _complaint_model_field = "model"

    def write(self, vals):
        result = super().write(vals)
        if vals.get("state", "outgoing") != "outgoing":
            self._complaint_follow()
        if vals.get("state") == "sent":
            # sudo: res.partner - whoever runs the mail queue
            partners = self.env["res.partner"].sudo()
            partners.search(
                [("complaint_told_mail_id", "in", self.ids)]
            )._complaint_open_told()
        return result

    @api.model
    def _complaint_leave_with_commit(self):
        """Have the mail queue called with the commit, once for many e-mails.

        What is rolled back leaves nobody with an e-mail about it.
        """
        hooks = self.env.cr.precommit
        if not hooks.data.get(QUEUE):
            hooks.data[QUEUE] = True
            hooks.add(self._complaint_call_queue)

    @api.model
    def _complaint_call_queue(self):
        self.env.cr.precommit.data.pop(QUEUE, None)
        # sudo: ir.cron - whoever sends may not manage jobs
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()

    def _complaint_follow(self):
        """Let the job see to the letters of these e-mails after the commit.

        Core marks each e-mail as failed before it tries to send it: only what is
        committed counts.
        """
        hooks = self.env.cr.precommit
        pending = hooks.data.setdefault(KEY, set())
        if not pending:
            hooks.add(self._complaint_call_job)
        pending.update(self.ids)

    def _complaint_call_job(self):
        ids = self.env.cr.precommit.data.pop(KEY, set())
        # sudo: complaint.letter, ir.cron - whoever runs the mail queue
        letters = self.env["complaint.letter"].sudo()
        if letters.search_count(
            [
                ("mail_id", "in", list(ids)),
                ("delivery_state", "in", ("waiting", "failed")),
            ],
            limit=1,
        ):
            job = self.env.ref("helpdesk_complaint.ir_cron_complaint_letter_delivery")
            job.sudo()._trigger()  # sudo: same

    @api.ondelete(at_uninstall=False)
    def _unlink_except_waiting_letter(self):
        # sudo: complaint.letter - the guard holds for those who cannot read it
        letter = (
            self.env["complaint.letter"]
            .sudo()
            .search(
                [("mail_id", "in", self.ids), ("delivery_state", "=", "waiting")],
                limit=1,
            )
        )
        if letter:
            raise UserError(
                self.env._(
                    "This e-mail carries the letter %(letter)s and has not left yet: "
                    "it cannot be deleted. Cancel it instead; the handler is told.",
                    letter=letter.display_name,
                )
            )
