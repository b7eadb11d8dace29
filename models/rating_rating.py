from odoo import models


class RatingRating(models.Model):
    """A rating of a complaint is seen by who sees the complaint, and never rewritten.

    Core lets each colleague read, write and create all ratings, and a rating bears
    the name of what was rated.
    """

    _name = "rating.rating"
    _inherit = ["rating.rating", "complaint.hanging.mixin"]

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if self.env.su or operation == "read" or not any(self._ids):
            return result
        # sudo: rating.rating, helpdesk.ticket - which are of complaints
        rated = self.sudo().filtered(lambda x: x.res_model == "helpdesk.ticket")
        tickets = self.env["helpdesk.ticket"].sudo().browse(rated.mapped("res_id"))
        complaints = tickets.exists().filtered("complaint_state").ids
        kept = rated.filtered(lambda x: x.res_id in complaints).sudo(False)
        if not kept:
            return result
        return (
            kept | result[0] if result else kept,
            lambda: self.env["ir.rule"]._make_access_error(operation, kept),
        )
