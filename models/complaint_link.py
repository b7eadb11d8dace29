import hashlib
import re
import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import consteq

NO_ACCESS = "."
TOKEN = re.compile(r"([A-Za-z0-9_-]{11})\.([A-Za-z0-9_-]{43})")
ROLES = [("complainant", "Complainant"), ("representative", "Representative")]
# What the holder of a link may do besides writing, by method of the ticket.
HOLDER_STEPS = frozenset({"complaint_accept", "complaint_contest"})


class ComplaintLink(models.Model):
    """A link by which somebody without account follows one complaint.

    Whoever has the link has what it opens, so: it is random, it ends, only its digest
    is kept, and an e-mail that carries it is kept without it. A new one ends the
    older ones that went to the same address.
    """

    _name = "complaint.link"
    _description = "Link to follow a complaint"
    _inherit = ["complaint.file.mixin"]
    _order = "id desc"

    role = fields.Selection(ROLES, required=True, readonly=True)
    email = fields.Char("Given to", readonly=True)
    expires_at = fields.Datetime("Valid until", required=True, readonly=True)
    opened_at = fields.Datetime("First opened on", readonly=True)
    ended_at = fields.Datetime("Ended on", readonly=True)
    selector = fields.Char(required=True, groups=NO_ACCESS)
    digest = fields.Char(required=True, groups=NO_ACCESS)

    _selector_uniq = models.UniqueIndex("(selector)", "This link exists already.")

    @api.depends("email", "create_date")
    def _compute_display_name(self):
        for link in self:
            link.display_name = link.email or self.env._("Receipt page")

    @api.model
    def _give(self, ticket, role, email=False):
        """Give out a link.

        :param email: the address it will be sent to; empty for the page on which the
            receipt is shown
        :return: the token, which is kept nowhere, and the link
        """
        selector, secret = secrets.token_urlsafe(8), secrets.token_urlsafe(32)
        company = ticket.company_id.sudo()  # sudo: res.company - its setting
        now = fields.Datetime.now()
        links = self.sudo()  # sudo: complaint.link - given out by code only
        if email:
            links.search(
                [
                    ("ticket_id", "=", ticket.id),
                    ("email", "=", email),
                    ("ended_at", "=", False),
                ]
            ).ended_at = now
        link = links.create(
            {
                "ticket_id": ticket.id,
                "role": role,
                "email": email,
                "expires_at": now + timedelta(days=company.complaint_link_days),
                "selector": selector,
                "digest": self._digest(secret),
            }
        )
        return f"{selector}.{secret}", link

    @api.model
    def _digest(self, secret):
        return hashlib.sha256(secret.encode()).hexdigest()

    @api.model
    def _find(self, token):
        """The link of a token, still valid or not; empty when there is none.

        :return: at most one link, with the system's rights
        """
        links = self.sudo()  # sudo: complaint.link - whoever has the token
        match = TOKEN.fullmatch(token or "")
        if not match:
            return links.browse()
        link = links.search([("selector", "=", match[1])], limit=1)
        known = link.digest or self._digest("")
        return link if consteq(self._digest(match[2]), known) else links.browse()

    def _opens(self):
        """Whether the link opens its complaint now."""
        return bool(
            self
            and not self.ended_at
            and self.expires_at > fields.Datetime.now()
            and self.ticket_id.complaint_state not in (False, "erased")
            and self.ticket_id._complaint_may_have_link(self.role)
        )

    def _note_opening(self):
        for link in self.filtered(lambda x: not x.opened_at):
            link.opened_at = fields.Datetime.now()

    def _is_full(self):
        """Whether its holder sees letters and messages, and may react to the answer.

        A representative does once somebody has seen his mandate.
        """
        ticket = self.ticket_id
        return self.role == "complainant" or ticket._complaint_mandate_holds()

    def _check_holder(self, full=True):
        """Raise unless the link opens its complaint now.

        :param bool full: whether more is asked than reading one's own words
        """
        if not self._opens() or (full and not self._is_full()):
            raise AccessError(self.env._("This link does not allow that."))

    def _take_step(self, method, *args):
        """Do what the holder of the link may do.

        :param str method: of ``HOLDER_STEPS``
        :raises AccessError: when the link does not give that
        """
        self._check_holder()
        if method not in HOLDER_STEPS:
            raise AccessError(self.env._("This link does not allow that."))
        return getattr(self.ticket_id, method)(*args)

    @api.model
    def _end_representatives(self, tickets):
        """Somebody else represents now: his mandate is not for the links of others.

        :param tickets: ``helpdesk.ticket`` whose representative changed
        """
        # sudo: complaint.link - whoever may change the representative
        links = self.sudo().search(
            [
                ("ticket_id", "in", tickets.ids),
                ("role", "=", "representative"),
                ("ended_at", "=", False),
            ]
        )
        links.ended_at = fields.Datetime.now()

    def action_end(self):
        """Take a link back, for instance because it went to a wrong address."""
        self.ticket_id._complaint_check_role()
        self.check_access("read")
        links = self.sudo().filtered(lambda x: not x.ended_at)  # sudo: checked above
        links.ended_at = fields.Datetime.now()
        for ticket in links.ticket_id.sudo(False):
            ended = links.filtered(lambda x, of=ticket: x.ticket_id.id == of.id)
            ticket._complaint_log("link_end", data={"links": ended.ids})
        return True
