from odoo import models

from ..engine import steps
from .complaint_terms import LIVE_STATES, OPEN_STATES, REPLY_CODES, REPLY_OUTCOMES
from .helpdesk_ticket_letter import LETTER_EVENTS

KIND = "helpdesk_complaint.mail_activity_letter_undelivered"


class HelpdeskTicket(models.Model):
    """4. Letters that did not arrive: what they did is not done."""

    _inherit = "helpdesk.ticket"

    def _complaint_letter_lost(self, letter):
        """Take back what a letter did, unless the file has moved on since.

        The promises that it ended run again, with their dates; whether they are kept
        is judged by the next letter.

        :return: the promises that run again
        """
        self.ensure_one()
        ticket = self.sudo()  # sudo: helpdesk.ticket, complaint.deadline - step fields
        none = ticket.env["complaint.deadline"]
        if not ticket._complaint_waits_for(letter) or any(
            x.corrects_id == letter and x._has_left()
            for x in ticket.complaint_letter_ids
        ):
            return none
        decision = ticket._complaint_decision()
        if decision.letter_id == letter:
            refusal = steps.refusal(
                "undelivered", ticket.complaint_state, {"reply_lost"}
            )
            if refusal or ticket._complaint_is_accepted():
                return none
            decision.letter_id = False
            ticket._complaint_withdraw_grant(letter)
            ticket._complaint_enter_state("undelivered", complaint_answered_at=False)
        elif letter.code == "acknowledge":
            ticket.complaint_acknowledged_at = ticket._complaint_first_acknowledged()
        ended = ticket._complaint_ended_by(letter)
        ended._run_again()
        ticket._complaint_current_deadlines()._withdraw_extension(letter)
        ticket._complaint_end_what_was_done(ended)
        ticket._complaint_sync_deadlines()
        return ended.filtered(lambda x: x.state in OPEN_STATES)

    def _complaint_waits_for(self, letter):
        """Whether what a letter does matters now: a step of the cycle that runs.

        A letter that corrects another took no step.
        """
        return (
            letter.cycle == self.complaint_cycle
            and self.complaint_state in LIVE_STATES
            and not letter.corrects_id
        )

    def _complaint_withdraw_grant(self, letter):
        """What the lost reply announced is approved still, and not granted yet."""
        self.complaint_redress_ids.filtered(
            lambda x: x.letter_id == letter and x.state == "granted"
        ).write({"state": "approved", "granted_at": False, "letter_id": False})

    def _complaint_ended_by(self, letter):
        """The promises of this cycle that a letter kept or made needless."""
        step = LETTER_EVENTS[letter.code][1]
        return self._complaint_current_deadlines().filtered(
            lambda x: (
                x.letter_id == letter
                or (
                    x.state == "waived"
                    and x.met_at == letter.sent_at
                    and x.policy_id.waived_by_step == step
                )
            )
        )

    def _complaint_first_acknowledged(self):
        """When the first acknowledgement of this cycle left that arrived."""
        letters = self.complaint_letter_ids.filtered(
            lambda x: (
                x.code == "acknowledge"
                and x.cycle == self.complaint_cycle
                and not x.corrects_id
                and x._has_left()
            )
        )
        return min((letter._sent_on() for letter in letters), default=False)

    def _complaint_letter_found(self, letter):
        """Let a letter that arrived late do what it was sent for, if that is open.

        :return: whether it did: not when the file went another way meanwhile
        """
        self.ensure_one()
        ticket = self.sudo()  # sudo: helpdesk.ticket, complaint.deadline - step fields
        event, at = LETTER_EVENTS[letter.code][0], letter._sent_on()
        if not ticket._complaint_waits_for(letter):
            return False
        if letter.code in REPLY_CODES:
            decision = ticket._complaint_decision()
            if (
                steps.refusal(event, ticket.complaint_state, ticket._complaint_facts())
                or decision.outcome not in REPLY_OUTCOMES[letter.code]
                or decision.decided_at > letter.sent_at
            ):
                return False
            decision.letter_id = letter
            ticket._complaint_grant_redress(letter)
            ticket._complaint_enter_state(event, complaint_answered_at=at)
        elif letter.code == "acknowledge":
            ticket.complaint_acknowledged_at = ticket._complaint_first_acknowledged()
        elif letter.code == "holding":
            ticket._complaint_confirm_extensions(letter)
        ticket._complaint_end_by_letter(letter)
        ticket._complaint_sync_deadlines()
        return True

    # ------------------------------------------------------------------
    # Who is told
    # ------------------------------------------------------------------

    def _complaint_tell_undelivered(self, letter, again):
        """Tell the handler what failed, and what to do about it.

        :param again: the promises that run again
        """
        ticket = self.sudo()  # sudo: mail.activity - a colleague's
        user = ticket._complaint_user_of_level("handler")
        ticket = ticket.with_context(lang=user.lang)
        letter = letter.with_context(lang=user.lang)
        words = [
            ticket.env._(
                "Correct the address and send it again, or send it by post: button "
                "“Send again” on the letter."
            ),
            *(promise._reminder_words() for promise in again.with_env(ticket.env)),
            letter.delivery_note,
        ]
        ticket.activity_schedule(
            KIND,
            summary=ticket.env._(
                "Letter not delivered: %(letter)s", letter=letter.display_name
            ),
            note=ticket.env["ir.qweb"]._render(
                "helpdesk_complaint.activity_undelivered", {"lines": words}
            ),
            user_id=user.id,
        )

    def _complaint_forget_undelivered(self):
        """Nothing is left to send again: the to-dos about it are done."""
        ticket = self.sudo()  # sudo: mail.activity, complaint.letter - a colleague's
        if all(
            letter._has_left() or any(x.state == "sent" for x in letter.resent_ids)
            for letter in ticket.complaint_letter_ids
            if letter.state == "sent"
        ):
            ticket.activity_unlink([KIND])
