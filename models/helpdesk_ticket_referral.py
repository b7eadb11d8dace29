from odoo import fields, models
from odoo.exceptions import UserError

from .complaint_terms import FILE_GROUPS


class HelpdeskTicket(models.Model):
    """6. Recourse: the complaint is before a mediator, an authority or a court."""

    _inherit = "helpdesk.ticket"

    complaint_referral_ids = fields.One2many(
        "complaint.referral",
        "ticket_id",
        "Referrals",
        readonly=True,
        copy=False,
        groups=FILE_GROUPS,
    )

    def _complaint_open_referrals(self):
        return self.complaint_referral_ids.filtered("is_open")

    def _complaint_referral_bars_closing(self):
        """Whether a regime keeps the file open while a recourse body has it."""
        self.ensure_one()
        return bool(
            self.complaint_regime_ids.filtered("referral_bars_closing")
            and self._complaint_open_referrals()
        )

    def complaint_refer(self, body_id, date, reference=None, date_notified=None):
        """Note that the complainant turned to a recourse body.

        :param int body_id: the ``complaint.recourse.body``
        :param date: the day of the referral (date or string)
        :param str reference: the number that the body gave the case
        :param date_notified: the day on which the company was told of it
        :return: the ``complaint.referral`` records
        """
        self._complaint_check_role()
        self._complaint_check_step("refer")
        day = self._complaint_read_date(date, fields.Date.to_date)
        told = self._complaint_read_date(date_notified, fields.Date.to_date)
        today = fields.Date.context_today(self)
        body = self.env["complaint.recourse.body"].browse(body_id or []).exists()
        if len(body) != 1 or not day or day > today:
            raise UserError(
                self.env._(
                    "%(ticket)s: a referral needs a recourse body that exists and the "
                    "day of the referral, not a later one than today.",
                    ticket=self[:1].display_name,
                )
            )
        if told and not day <= told <= today:
            raise UserError(
                self.env._(
                    "%(ticket)s: the company was told of the referral between the day "
                    "of the referral and today. Correct the date.",
                    ticket=self[:1].display_name,
                )
            )
        for ticket in self:
            if body in ticket._complaint_open_referrals().body_id:
                raise UserError(
                    self.env._(
                        "%(ticket)s: %(body)s has the case already. End that referral "
                        "before you note another one.",
                        ticket=ticket.display_name,
                        body=body.name,
                    )
                )
        # sudo: complaint.referral - written by this step only
        referrals = (
            self.env["complaint.referral"]
            .sudo()
            .create(
                [
                    {
                        "ticket_id": ticket.id,
                        "body_id": body.id,
                        "date": day,
                        "reference": reference or False,
                        "date_notified": told,
                    }
                    for ticket in self
                ]
            )
        )
        self._complaint_log(
            "refer", data={"body": body.id, "date": fields.Date.to_string(day)}
        )
        for ticket in self:
            ticket._complaint_end_step("refer", ticket._complaint_midnight(day))
        self._complaint_sync_deadlines()
        return referrals.with_env(self.env)

    def _prepare_complaint_mediator_vals(self):
        """To whom the file for the mediator goes: the body that has the case."""
        self.ensure_one()
        referrals = self._complaint_open_referrals()
        asked = self.env.context.get("complaint_referral_id")
        referral = referrals.filtered(lambda x: x.id == asked) or referrals[:1]
        body = referral.body_id
        return {
            "referral_id": referral.id,
            "recipient_name": body.name,
            "recipient_address": (body.address or "").replace(", ", "\n"),
            "recipient_email": body.email,
        }

    def _complaint_referral_ended(self):
        """Close what was accepted meanwhile and only waited for the recourse body."""
        for ticket in self:
            if ticket.complaint_state != "answered":
                continue
            facts = ticket._complaint_facts()
            if (
                ticket._complaint_is_accepted()
                and "cause_given" in facts
                and "referral_bars_closing" not in facts
            ):
                ticket._complaint_close_now(note=None)
