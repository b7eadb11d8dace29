from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize

MANDATE_STATES = [
    ("claimed", "Said, not seen"),
    ("proved", "Seen"),
    ("refused", "Refused"),
]
REPLY_WAYS = [
    ("email", "E-mail"),
    ("post", "Post"),
    ("portal", "Portal"),
    ("phone", "Telephone"),
]
# A mandate is given by one person to another: with either of them it begins anew.
MANDATE_FIELDS = (
    "partner_id",
    "complaint_representative_id",
    "complaint_representative_name",
    "complaint_representative_email",
)


class HelpdeskTicket(models.Model):
    """1. Who complains, who speaks for him, and how they want to be answered."""

    _inherit = "helpdesk.ticket"

    # Both are asked for by every page and call of a customer; helpdesk_mgmt has
    # no index on them.
    partner_id = fields.Many2one(index="btree_not_null")
    commercial_partner_id = fields.Many2one(index="btree_not_null")
    complaint_representative_id = fields.Many2one(
        "res.partner",
        "Represented by",
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        help="Lawyer, association, guardian or relative who complains for somebody. He "
        "follows the complaint once his mandate was seen.",
    )
    complaint_representative_name = fields.Char("Representative's name", copy=False)
    complaint_representative_email = fields.Char("Representative's e-mail", copy=False)
    complaint_mandate_state = fields.Selection(
        MANDATE_STATES,
        "Mandate",
        readonly=True,
        copy=False,
        tracking=True,
        help="Until the mandate was seen, the representative is told nothing.",
    )
    complaint_mandate_until = fields.Date(
        "Mandate until",
        readonly=True,
        copy=False,
        help="Last day of the mandate; empty when it has no end.",
    )
    complaint_reply_by = fields.Selection(
        REPLY_WAYS,
        "Wishes the reply by",
        copy=False,
        help="How the complainant asked to be answered.",
    )
    complaint_phone = fields.Char("Telephone", copy=False)
    complaint_postal_address = fields.Text(
        "Postal address",
        copy=False,
        help="As the complainant gave it, where the contact has none or another.",
    )

    # ------------------------------------------------------------------
    # The mandate
    # ------------------------------------------------------------------

    def complaint_prove_mandate(self, until=None):
        """Note that the mandate was seen: the representative may follow and act.

        The mandate itself is kept among the files of the ticket.

        :param until: last day of the mandate, a date; none when it has no end
        :return: True
        :raises UserError: when nobody represents the complainant, or the mandate is
            over already
        """
        self._complaint_check_role()
        until = self._complaint_read_date(until, fields.Date.to_date) or False
        for ticket in self:
            ticket._complaint_check_represented()
            if until and until < ticket._complaint_today():
                raise UserError(
                    self.env._(
                        "%(ticket)s: a mandate until %(until)s is over. Ask for a new "
                        "one, or correct the date.",
                        ticket=ticket.display_name,
                        until=fields.Date.to_string(until),
                    )
                )
        self.sudo().write(  # sudo: helpdesk.ticket - step fields
            {"complaint_mandate_state": "proved", "complaint_mandate_until": until}
        )
        self._complaint_log("mandate_prove", data=self._complaint_mandate_data())
        for ticket in self.sudo():  # sudo: mail.followers - a handler may not
            ticket.message_subscribe(ticket.complaint_representative_id.ids)
        return True

    def complaint_refuse_mandate(self, reason):
        """Note that the mandate is not accepted, or no longer: he follows it no more.

        :param str reason: why, for the history
        :return: True
        """
        self._complaint_check_role()
        self._complaint_check_reason(reason)
        for ticket in self:
            ticket._complaint_check_represented()
        self.sudo().write(  # sudo: helpdesk.ticket - step fields
            {"complaint_mandate_state": "refused", "complaint_mandate_until": False}
        )
        self._complaint_log(
            "mandate_refuse", note=reason, data=self._complaint_mandate_data()
        )
        self._complaint_withdraw_representative()
        return True

    def action_complaint_prove_mandate(self):
        """The button: seen, without an end."""
        return self.complaint_prove_mandate()

    def _complaint_check_represented(self):
        if not self.complaint_state:
            raise UserError(
                self.env._(
                    "%(ticket)s is no complaint. Report it as one first.",
                    ticket=self.display_name,
                )
            )
        if not self._complaint_is_represented():
            raise UserError(
                self.env._(
                    "%(ticket)s: nobody represents the complainant. Enter the "
                    "representative first.",
                    ticket=self.display_name,
                )
            )

    def _complaint_is_represented(self):
        return bool(
            self.complaint_representative_id
            or self.complaint_representative_name
            or self.complaint_representative_email
        )

    def _complaint_representative_addresses(self):
        """The addresses of who writes for the complainant, unless he may not."""
        if self.complaint_mandate_state == "refused":
            return set()
        return {
            self.complaint_representative_id.email_normalized,
            email_normalize(self.complaint_representative_email or ""),
        }

    def _complaint_mandate_data(self):
        return {
            "by_ticket": {
                ticket.id: {
                    "representative": ticket.complaint_representative_id.ids,
                    "until": fields.Date.to_string(ticket.complaint_mandate_until)
                    or "",
                }
                for ticket in self
            }
        }

    def _complaint_mandates(self):
        """Who represents whom, by ticket: compared before and after a change."""
        # sudo: helpdesk.ticket - compared, told to nobody
        return {
            ticket: [ticket[name] or False for name in MANDATE_FIELDS]
            for ticket in self.sudo()
        }

    def _complaint_mandates_before(self, vals):
        """The same, before a write that may change it; nothing before others.

        A step that gives the complainant his account leaves his mandates alone.
        """
        if self.env.su and self.env.context.get("complaint_in_step"):
            return {}
        return self._complaint_mandates() if set(MANDATE_FIELDS) & set(vals) else {}

    def _complaint_follow_mandates(self, before):
        """A mandate that was seen says nothing of another person.

        :param before: what :meth:`_complaint_mandates` gave before the change
        """
        # sudo: helpdesk.ticket - step fields
        tickets = self.sudo().browse(ticket.id for ticket in before)
        after = tickets._complaint_mandates()
        changed = tickets.filtered(lambda x: after[x] != before[x])
        for state, tickets in changed.grouped(
            lambda x: x._complaint_is_represented() and "claimed"
        ).items():
            tickets.filtered(lambda x, to=state: x.complaint_mandate_state != to).write(
                {"complaint_mandate_state": state, "complaint_mandate_until": False}
            )
        replaced = changed.filtered(lambda x: after[x][1:] != before[x][1:])
        self.env["complaint.link"]._end_representatives(replaced)
        for ticket in changed:
            person = before[ticket][1]
            if person and person != ticket.partner_id:
                ticket.message_unsubscribe(person.ids)

    def _complaint_note_mandates(self):
        """Of new tickets: who says that he represents somebody has proved nothing."""
        claimed = self.sudo().filtered(  # sudo: helpdesk.ticket - step fields
            lambda ticket: ticket._complaint_is_represented()
        )
        if claimed:
            claimed.write({"complaint_mandate_state": "claimed"})

    def _complaint_withdraw_representative(self):
        for ticket in self.sudo():  # sudo: mail.followers - a handler may not
            person = ticket.complaint_representative_id - ticket.partner_id
            ticket.message_unsubscribe(person.ids)

    def _complaint_today(self):
        return self._complaint_local_day(fields.Datetime.now())

    # ------------------------------------------------------------------
    # Who may act, who may follow
    # ------------------------------------------------------------------

    def _complaint_mandate_holds(self):
        """Whether the mandate was seen and is not over; its last day is included."""
        self.ensure_one()
        ticket = self.sudo()  # sudo: helpdesk.ticket - only whether
        until = ticket.complaint_mandate_until
        return ticket.complaint_mandate_state == "proved" and (
            not until or until >= ticket._complaint_today()
        )

    def _complaint_may_have_link(self, role):
        """Whether a link to follow it is for this role: not for a refused mandate.

        :param str role: ``"complainant"`` or ``"representative"``
        """
        return role == "complainant" or self.complaint_mandate_state != "refused"

    def _complaint_may_act(self, partner):
        """Whether this person accepts and contests: complainant or representative.

        :param partner: a ``res.partner``; an empty one may do nothing
        """
        self.ensure_one()
        if not partner:
            return False
        ticket = self.sudo()  # sudo: helpdesk.ticket - only whether
        return partner == ticket.partner_id or (
            partner == ticket.complaint_representative_id
            and ticket._complaint_mandate_holds()
        )

    def _complaint_may_follow(self, partner):
        """Whether this person, a customer, reads it: who may act, and colleagues.

        Colleagues are the contacts of the complainant's company that were opened to
        its complaints; never for a confidential one. They read and do not write.
        """
        self.ensure_one()
        if self._complaint_may_act(partner):
            return True
        # sudo: helpdesk.ticket, res.partner - only whether
        ticket, partner = self.sudo(), partner.sudo()
        return bool(
            partner.complaint_sees_company
            and not ticket.complaint_is_confidential
            and ticket.commercial_partner_id == partner.complaint_sees_company_id
        )
