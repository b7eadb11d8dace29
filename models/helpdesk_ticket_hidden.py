from odoo import SUPERUSER_ID, api, models
from odoo.fields import Domain

SEE_ALL = (
    "helpdesk_complaint.group_complaint_officer",
    "helpdesk_complaint.group_complaint_auditor",
)


class HelpdeskTicket(models.Model):
    """Files that are hidden from a colleague: no name, and no place in a figure.

    Record rules hide the file itself and its parts. Two things go round rules: the
    name of a linked record, which Odoo reads with the system's rights, and figures
    that are counted over everybody's complaints.
    """

    _inherit = "helpdesk.ticket"

    # Looked up with every search of messages and activities: there are few. Said as
    # Odoo asks it, or PostgreSQL before 17 does not know it again.
    _complaint_confidential_idx = models.Index(
        "(id) WHERE complaint_is_confidential IS TRUE"
    )

    @api.depends_context("uid")
    def _compute_display_name(self):
        result = super()._compute_display_name()
        for ticket in self._complaint_hidden_names():
            ticket.display_name = self.env._("Another complaint")
        return result

    def _complaint_hidden_names(self):
        """Of these, the complaints whose name the user must not read in a link."""
        user = self.env.user
        if not self.env.su or self.env.uid == SUPERUSER_ID or user._is_public():
            return self.browse()
        known = self.filtered("id")
        if user.share:
            others = known.filtered("complaint_state")
        else:
            others = known.filtered(
                lambda x: (
                    x.complaint_is_confidential
                    or user.id in x.complaint_concerned_user_ids.ids
                )
            )
        if not others:
            return others
        seen = others.sudo(False)._filtered_access("read")
        return others.filtered(lambda x: x.id not in seen.ids)

    @api.model
    def _complaint_not_hidden_domain(self, model_field="model", id_field="res_id"):
        """What hangs on a ticket that is not hidden from this colleague.

        Odoo lets authors and recipients read their messages, and people their
        activities, whatever became of the document.
        """
        user = self.env.user
        if self.env.su or user.share:
            return Domain.TRUE
        # sudo: helpdesk.ticket - only subqueries
        model = self.sudo().with_context(active_test=False)
        hidden = [Domain("complaint_concerned_user_ids", "in", user.ids)]
        if not any(user.has_group(group) for group in SEE_ALL):
            mine = Domain("user_id", "=", user.id) | Domain(
                "partner_id", "=", user.partner_id.id
            )
            mine |= Domain("complaint_representative_id", "=", user.partner_id.id)
            hidden.append(Domain("complaint_is_confidential", "=", True) & ~mine)
        elsewhere = Domain(model_field, "!=", self._name)
        return elsewhere | Domain.AND(
            Domain(id_field, "not in", model._search(one)) for one in hidden
        )

    @api.model
    def _complaint_countable_domain(self):
        """Complaints that may count in a figure over all teams, for this user.

        Without those that are hidden from him, or he would know by counting.
        """
        user = self.env.user
        domain = Domain("complaint_concerned_user_ids", "not in", user.ids)
        if not any(user.has_group(group) for group in SEE_ALL):
            domain &= Domain("complaint_is_confidential", "=", False) | Domain(
                "user_id", "=", user.id
            )
        return domain
