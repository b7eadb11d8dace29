from odoo import http
from odoo.http import content_disposition, request


class ComplaintCopy(http.Controller):
    @http.route(
        "/helpdesk_complaint/copy/<int:ticket_id>",
        type="http",
        auth="user",
        methods=["GET"],
    )
    def complaint_copy(self, ticket_id, **kw):
        """The copy of a complaint as PDF, for who may read the complaint."""
        ticket = request.env["helpdesk.ticket"].browse(ticket_id).exists()
        if not ticket or not ticket.has_access("read") or not ticket.complaint_state:
            return request.not_found()
        headers = [
            ("Content-Type", "application/pdf"),
            (
                "Content-Disposition",
                content_disposition(ticket._complaint_copy_name(), "inline"),
            ),
            ("Cache-Control", "no-store"),
        ]
        return request.make_response(ticket._complaint_copy_pdf(), headers)
