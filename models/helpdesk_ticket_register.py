from odoo import fields, models
from odoo.exceptions import UserError


class HelpdeskTicket(models.Model):
    """The register number: ``aa.agency.order``, given once, at registration."""

    _inherit = "helpdesk.ticket"

    complaint_number = fields.Char(
        "Register number", readonly=True, copy=False, index="trigram"
    )

    # What is named before there is a register number; helpdesk_mgmt has no index on it.
    number = fields.Char(index=True)

    _complaint_number_uniq = models.UniqueIndex(
        # the number first: it is what people name
        "(complaint_number, company_id) WHERE complaint_number IS NOT NULL",
        "This register number is already given.",
    )

    def _complaint_register(self, now):
        """Give the tickets that have none their date and number of registration.

        The order restarts each year in each company; the agency is the team's code,
        else the company's.
        """
        waiting = self.filtered(lambda ticket: not ticket.complaint_number)
        groups = waiting.grouped(
            lambda ticket: (ticket.company_id, ticket._complaint_local_day(now).year)
        )
        # sudo: complaint.register - nobody may write the counter
        register = self.env["complaint.register"].sudo()
        for (company, year), tickets in groups.items():
            order = register._take(company, year, len(tickets))
            for ticket in tickets.sorted("id"):
                # sudo: helpdesk.ticket - step fields
                ticket.sudo().write(
                    {
                        "complaint_number": ticket._complaint_format_number(
                            year, order
                        ),
                        "complaint_registered_at": now,
                    }
                )
                order += 1

    def _complaint_format_number(self, year, order):
        # sudo: res.company - the agency code is configuration
        agency = self.team_id.sudo().complaint_agency_code or (
            self.company_id.sudo().complaint_agency_code
        )
        if not agency:
            raise UserError(
                self.env._(
                    "%(ticket)s cannot be registered: the company “%(company)s” has no "
                    "agency code for its register numbers. Set it in Helpdesk / "
                    "Configuration / Settings, or on the team.",
                    ticket=self.display_name,
                    company=self.company_id.name,
                )
            )
        return f"{year % 100:02d}.{agency}.{order:03d}"

    def _compute_display_name(self):
        """Show the register number, which letters carry, before the ticket's own."""
        result = super()._compute_display_name()
        for ticket in self:
            if ticket.complaint_number:
                ticket.display_name = f"{ticket.complaint_number} - {ticket.name}"
        return result
