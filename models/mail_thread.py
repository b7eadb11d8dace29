from odoo import api, models


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def _routing_handle_bounce(self, email_message, message_dict):
        """Core notes what came back on contacts; a letter must know it as well."""
        result = super()._routing_handle_bounce(email_message, message_dict)
        # sudo: complaint.letter - the gateway tells of it
        letters = self.env["complaint.letter"].sudo()
        letters._receive_bounce(email_message, message_dict)
        return result
