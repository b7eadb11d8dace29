from odoo import api, models
from odoo.fields import Domain


class RatingRating(models.Model):
    """A rating of a complaint is seen by who sees the complaint, and never rewritten.

    Core lets each colleague read, write and create all ratings, and a rating bears
    the name of what was rated.
    """

    _inherit = "rating.rating"

    @api.model
    def _search(
        self,
        domain,
        offset=0,
        limit=None,
        order=None,
        *,
        active_test=True,
        bypass_access=False,
    ):
        if not (self.env.su or bypass_access):
            tickets = self.env["helpdesk.ticket"].with_context(active_test=False)
            domain = Domain(domain) & (
                Domain("res_model", "!=", "helpdesk.ticket")
                | Domain("res_id", "in", tickets._search([]))
            )
        return super()._search(
            domain,
            offset,
            limit,
            order,
            active_test=active_test,
            bypass_access=bypass_access,
        )

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if self.env.su or not any(self._ids):
            return result
        # sudo: rating.rating, helpdesk.ticket - which are of tickets, of complaints
        rated = self.sudo().filtered(lambda x: x.res_model == "helpdesk.ticket")
        tickets = self.env["helpdesk.ticket"].browse(set(rated.mapped("res_id")))
        tickets = tickets.sudo().exists().sudo(False)  # sudo: same
        allowed = tickets._filtered_access("read")
        if operation != "read":
            # sudo: helpdesk.ticket - which are complaints
            allowed = allowed.sudo().filtered(lambda x: not x.complaint_state)
        hidden = rated.filtered(lambda x: x.res_id not in allowed.ids).sudo(False)
        if not hidden:
            return result
        if result:
            return (result[0] | hidden, result[1])
        return (
            hidden,
            lambda: self.env["ir.rule"]._make_access_error(operation, hidden),
        )
