from odoo import api, fields, models


class ComplaintLetter(models.Model):
    """Who is told that a letter waits for him, and what follows a step in a form."""

    _inherit = "complaint.letter"

    approval_activity_ids = fields.Many2many(
        "mail.activity",
        "complaint_letter_activity_rel",
        "letter_id",
        "activity_id",
        readonly=True,
        copy=False,
        groups="base.group_system",
    )

    def _ask_approval(self, users):
        """Give those who are to approve the letter a to-do.

        :param users: those asked for; when none, those who could and are there
        :return: the users told
        """
        users = users or self._who_is_there(self._who_could_approve())
        readers = users.filtered(self.ticket_id._complaint_may_be_told)
        for user in readers:
            self._schedule(
                user,
                lambda env: env._("To approve: %(letter)s", letter=self.subject),
            )
        return readers

    @api.model
    def _who_is_there(self, users):
        """Those who work no later than a day after the first of them; else the first.

        Whoever is away for longer would leave the letter waiting.
        """
        now = fields.Datetime.now()
        users = users[:10]
        opens = {user: user._complaint_next_open(now) for user in users}
        first = min(opens.values(), default=now)
        there = users.filtered(lambda user: (opens[user] - first).days < 1)
        return there[:5] or users[:1]

    def _tell_author(self, summary, note=None):
        """Give who submitted the letter a to-do, unless he took the step himself."""
        user = self.submitted_by_id
        if user != self.env.user and self.ticket_id._complaint_may_be_told(user):
            self._schedule(user, summary, note)

    def _schedule(self, user, summary, note=None):
        """A to-do about this letter on its complaint, done when its state changes.

        :param summary: function of an environment, in the language of the reader
        """
        # sudo: mail.activity - a colleague's; nobody follows the file for it
        ticket = self.ticket_id.sudo().with_context(
            lang=user.lang, complaint_reminding=True
        )
        activity = ticket.activity_schedule(
            "helpdesk_complaint.mail_activity_letter_approval",
            summary=summary(ticket.env),
            note=note,
            user_id=user.id,
        )
        # sudo: complaint.letter - written by steps only
        self.sudo().approval_activity_ids |= activity

    def _end_approval_activities(self):
        # sudo: mail.activity - those of colleagues too
        activities = self.sudo().approval_activity_ids.exists().filtered("active")
        if activities:
            activities.action_feedback()

    def _go_back(self, message):
        """From a form, say what was done and return to where one came from."""
        if not self.env.context.get("complaint_go_back"):
            return True
        return {
            "type": "ir.actions.client",
            "tag": "helpdesk_complaint.letter_done",
            "params": {"message": message},
        }
