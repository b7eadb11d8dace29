from odoo import fields, models

from .complaint_terms import OPEN_STATES


class ComplaintDeadline(models.Model):
    """A promise whose letter did not arrive: it is as if nothing had been sent."""

    _inherit = "complaint.deadline"

    extension_letter_id = fields.Many2one(
        "complaint.letter", "Extension announced by", readonly=True, ondelete="restrict"
    )
    extended_before = fields.Date(
        readonly=True, help="What the promise was extended to before that letter."
    )

    def _confirm_extension(self, letter):
        before = self.extended_to
        moved = super()._confirm_extension(letter)
        if moved:
            self.write({"extension_letter_id": letter.id, "extended_before": before})
        return moved

    def _withdraw_extension(self, letter):
        """An extension holds no longer once its announcement is known as lost."""
        for deadline in self.filtered(
            lambda x: x.extension_letter_id == letter and x.state in OPEN_STATES
        ):
            deadline.write(
                {
                    "extended_to": deadline.extended_before,
                    "extension_pending_to": deadline.extended_to,
                    "extension_count": deadline.extension_count - 1,
                    "extension_letter_id": False,
                    "extended_before": False,
                }
            )
            deadline._recompute_due()

    def _run_again(self):
        """Let promises that a lost letter ended run on, with their dates."""
        self._park_following()
        self.write(
            {
                "state": "running",
                "met_at": False,
                "letter_id": False,
                "explanation_data": False,
            }
        )
        self._recompute_due()
        self._join_pause()

    def _park_following(self):
        """Put away the next time of promises that come again: it is not due yet.

        What was told of it is kept, so it is not deleted; its number becomes free
        for the time when it is due.
        """
        for deadline in self.filtered("policy_id.is_recurring"):
            alike = deadline.ticket_id.complaint_deadline_ids.filtered(
                lambda x, mine=deadline: (
                    x.policy_id == mine.policy_id and x.cycle == mine.cycle
                )
            )
            for later in alike.filtered(
                lambda x, mine=deadline: (
                    x.occurrence > mine.occurrence
                    and x.state in OPEN_STATES
                    and x not in self
                )
            ):
                lowest = min(alike.mapped("occurrence"))
                later.write({"state": "cancelled", "occurrence": min(lowest, 0) - 1})
