from odoo import api, models


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def _message_route_process(self, message, message_dict, routes):
        """Take no ticket for that of an account that only says it has its address.

        Core finds the author of an e-mail by the address of accounts, and whoever is
        the author of a message reads it for ever.
        """
        author = self.env["res.partner"].browse(message_dict.get("author_id") or [])
        if author._complaint_email_is_doubtful() and any(
            route[0] == "helpdesk.ticket" for route in routes or ()
        ):
            message_dict["author_id"] = False
        return super()._message_route_process(message, message_dict, routes)

    @api.model
    def _routing_handle_bounce(self, email_message, message_dict):
        """Core notes what came back on contacts; a letter must know it as well."""
        result = super()._routing_handle_bounce(email_message, message_dict)
        # sudo: complaint.letter - the gateway tells of it
        letters = self.env["complaint.letter"].sudo()
        letters._receive_bounce(email_message, message_dict)
        return result
