from odoo import api, fields, models
from odoo.fields import Command, Domain

from .complaint_batch import in_rounds
from .complaint_terms import LIVE_STATES

# More e-mails than this to one person in one run are put together.
MOST_LETTERS = 5
# Persons written to in one transaction.
READERS = 50
# No human answer is expected, and none by a machine.
HEADERS = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}


class ComplaintReminder(models.Model):
    """Reminders by e-mail: they wait until the job knows of all that are due."""

    _inherit = "complaint.reminder"

    @api.model
    def _get_waiting_domain(self):
        return Domain("state", "=", "waiting")

    @api.model
    def _send_in_rounds(self):
        """Write to everybody for whom something waits, each once in this run.

        :return: whether all is done; False when the time of the job is over
        """

        def take(done):
            groups = self._read_group(
                self._get_waiting_domain() & Domain("user_id", "not in", done),
                ["user_id"],
                order="moment:min, user_id",
                limit=READERS,
            )
            readers = self.env["res.users"].browse(user.id for (user,) in groups)
            return readers, len(readers)

        return in_rounds(
            self.env,
            take,
            lambda readers: self._send_to(readers),
            lambda reader, error: self._give_up_letters(reader, error),
        )

    @api.model
    def _send_to(self, readers):
        """Make the e-mails of those of these users who are at work now.

        They leave with the mail queue; here they are made, once, in the transaction
        that says so.
        """
        waiting = self._get_waiting(readers).try_lock_for_update(allow_referencing=True)
        needed = waiting.filtered(
            lambda x: (
                x.deadline_id.state == "running"
                and x.ticket_id.complaint_state in LIVE_STATES
            )
        )
        (waiting - needed).write({"state": "overtaken"})
        ready = needed._filter_readable()._filter_open()
        without_address = ready.filtered(lambda x: not x.user_id.email)
        self._leave_todos(
            self._word_todos((x.deadline_id, x.user_id, False) for x in without_address)
        )
        without_address.write({"action": "activity"})
        letters = []
        for reader, rows in (ready - without_address).grouped("user_id").items():
            letters += rows._prepare_letters(reader)
        ready.write({"state": "given", "given_at": fields.Datetime.now()})
        if letters:
            letters.sort(key=lambda letter: letter[0])
            self.env["mail.mail"].create([vals for _moment, vals in letters])
            self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()

    @api.model
    def _get_waiting(self, readers):
        return self.search(
            self._get_waiting_domain() & Domain("user_id", "in", readers.ids),
            order="moment, id",
        )

    def _filter_readable(self):
        """Leave out the files that their reader may no longer see.

        Somebody else of that level is to be told, and waits for the next run.
        """
        lost = self.browse()
        for reader, rows in self.grouped("user_id").items():
            hidden = rows.ticket_id - rows.ticket_id._complaint_readable_by(reader)
            lost |= rows.filtered(lambda x, hidden=hidden: x.ticket_id in hidden)
        users = lost.ticket_id._complaint_users_of_levels(
            {(row.ticket_id, row.level) for row in lost}
        )
        for row in lost:
            row.user_id = users[row.ticket_id, row.level]
        return self - lost

    def _filter_open(self):
        """Leave out who is not at work, and the second gathered e-mail of a day."""
        now = fields.Datetime.now()
        closed = self.user_id.filtered(lambda x: x._complaint_next_open(now) > now)
        served = self.filtered("is_digest").user_id._complaint_served_today()
        return self.filtered(
            lambda x: (
                (x.rule_id.any_time or x.user_id not in closed)
                and not (x.is_digest and x.user_id in served)
            )
        )

    def _prepare_letters(self, reader):
        """The e-mails that say these reminders to one reader: ``(moment, values)``."""
        gathered = self.filtered("is_digest")
        single = self - gathered
        if len(single) > MOST_LETTERS:
            gathered, single = self, self.browse()
        letters = [(row.moment, row._prepare_letter_vals(reader)) for row in single]
        if gathered:
            vals = gathered._prepare_digest_vals(reader)
            letters.append((min(gathered.mapped("moment")), vals))
        return letters

    def _prepare_letter_vals(self, reader):
        spoken = self.with_context(lang=reader.lang)
        [line] = spoken._prepare_lines()
        subject = spoken.env._(
            "Complaint %(number)s: %(words)s",
            number=line["number"],
            words=line["words"],
        )
        return spoken._prepare_mail_vals(reader, subject, "mail_reminder", line=line)

    def _prepare_digest_vals(self, reader):
        spoken = self.with_context(lang=reader.lang)
        lines = spoken.sorted(lambda x: (x.due_at, x.id))._prepare_lines()
        subject = spoken.env._("Complaints: what is due (%(count)s)", count=len(lines))
        return spoken._prepare_mail_vals(
            reader, subject, "mail_reminder_digest", lines=lines
        )

    def _prepare_lines(self):
        """What the e-mails say of each promise: no name, no title, a link."""
        base = self[:1].get_base_url()
        return [
            {
                "number": row.ticket_id.complaint_reference,
                "words": row.deadline_id._reminder_words(),
                "regime": row.deadline_id.regime_id.name,
                "url": f"{base}/mail/view?model=helpdesk.ticket"
                f"&res_id={row.ticket_id.id}",
            }
            for row in self
        ]

    def _prepare_mail_vals(self, reader, subject, template, **values):
        """:param template: name of the QWeb template of the text"""
        company = self.company_id if len(self.company_id) == 1 else reader.company_id
        body = self.env["ir.qweb"]._render(
            f"helpdesk_complaint.{template}", {"reader": reader, **values}
        )
        return {
            "subject": subject,
            "body_html": body,
            "email_from": company.email_formatted or self.env.user.email_formatted,
            "author_id": company.partner_id.id,
            "recipient_ids": [Command.link(reader.partner_id.id)],
            "message_type": "email_outgoing",
            "auto_delete": True,
            "headers": repr(HEADERS),
        }

    @api.model
    def _give_up_letters(self, reader, error):
        """Mark what could not be written to somebody, and go on with the others."""
        rows = self._get_waiting(reader)
        rows.write({"state": "failed"})
        rows.deadline_id._give_up_reminder(error)
