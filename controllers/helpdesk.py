"""The pages of ordinary tickets: complaints stay out of them."""

from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import request
from odoo.tools import consteq

from odoo.addons.helpdesk_mgmt.controllers.main import HelpdeskTicketController
from odoo.addons.helpdesk_mgmt.controllers.myaccount import CustomerPortalHelpdesk
from odoo.addons.portal.controllers.portal import CustomerPortal


class ComplaintTicketController(HelpdeskTicketController):
    @http.route(methods=["POST"], csrf=True)
    def support_ticket_close(self, ticket_id=None, stage_id=None, **kw):
        """Close an ordinary ticket that the user may read, by a stage meant for it.

        A complaint is not closed by a stage: its page says what can be done.
        """
        try:
            ticket_id, stage_id = int(ticket_id), int(stage_id)
        except (TypeError, ValueError):
            return request.redirect("/my")
        try:
            CustomerPortal()._document_check_access("helpdesk.ticket", ticket_id)
        except (AccessError, MissingError):
            return request.redirect("/my")
        # sudo: helpdesk.ticket - read above; customers may not write their tickets
        ticket = request.env["helpdesk.ticket"].browse(ticket_id).sudo()
        if ticket.complaint_state:
            return request.redirect(f"/my/complaints/{ticket.id}?note=open")
        stage = self._get_closing_stages(ticket).filtered(lambda x: x.id == stage_id)
        if stage:
            ticket.stage_id = stage
        return request.redirect(f"/my/ticket/{ticket.id}", code=302)

    def _get_closing_stages(self, ticket):
        """The stages whose button the page of this ticket shows."""
        values = CustomerPortalHelpdesk()._ticket_get_page_view_values(ticket, None)
        return values["closed_stages"]


class ComplaintTicketPortal(CustomerPortalHelpdesk):
    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if values.get("ticket_count"):
            values["ticket_count"] = (
                request.env["helpdesk.ticket"]
                .with_context(complaint_left_out=True)
                .search_count([])
            )
        return values

    @http.route()
    def portal_my_tickets(self, *args, **kw):
        request.update_context(complaint_left_out=True)
        return super().portal_my_tickets(*args, **kw)

    @http.route()
    def portal_my_ticket(self, ticket_id, access_token=None, **kw):
        """Send complaints to their own page, which asks for a login.

        To who may not read it, a complaint looks like any ticket he may not read.
        """
        ticket = request.env["helpdesk.ticket"].browse(ticket_id)
        # sudo: helpdesk.ticket - whether it is a complaint, and its token
        ticket_sudo = ticket.sudo().exists()
        if not ticket_sudo.complaint_state:
            return super().portal_my_ticket(ticket_id, access_token=access_token, **kw)
        token = ticket_sudo.access_token
        knows_it = access_token and token and consteq(token, access_token)
        if knows_it or ticket.has_access("read"):
            return request.redirect(f"/my/complaints/{ticket_id}")
        return request.redirect("/my")
