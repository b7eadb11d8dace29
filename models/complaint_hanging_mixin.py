from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL


class ComplaintHangingMixin(models.AbstractModel):
    """What hangs on a ticket by its model and number is seen by who sees the ticket.

    For models of Odoo that anybody of a role may read whatever document they are of:
    who follows it, which mails left for it.
    """

    _name = "complaint.hanging.mixin"
    _description = "Hangs on a ticket"

    _complaint_model_field = "res_model"
    _complaint_id_field = "res_id"

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
            domain = Domain(domain) & self._complaint_hanging_domain()
        return super()._search(
            domain,
            offset,
            limit,
            order,
            active_test=active_test,
            bypass_access=bypass_access,
        )

    @api.model
    def _complaint_hanging_domain(self):
        tickets = self.env["helpdesk.ticket"]
        elsewhere = Domain(self._complaint_model_field, "!=", tickets._name)
        if tickets.has_access("read"):
            elsewhere |= Domain.custom(to_sql=self._complaint_seen_sql)
        return elsewhere

    @api.model
    def _complaint_seen_sql(self, model, alias, query):
        """Whether the ticket of a row is seen, asked of this ticket alone.

        As a set of tickets, all that the user may see would be gathered before the
        first row is read: a million, to show one rating.
        """
        *path, name = self._complaint_id_field.split(".")
        for step in path:
            model, alias = model._fields[step].join(model, alias, query)
        tickets = self.env["helpdesk.ticket"].with_context(active_test=False)
        seen = tickets._search([])
        its_id = model._field_to_sql(alias, name, query)
        seen.add_where(SQL("%s = %s", SQL.identifier(seen.table, "id"), its_id))
        return SQL("EXISTS (%s)", seen.select(SQL("1")))

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if self.env.su or not any(self._ids):
            return result
        # sudo: of what document these are
        hanging = self.sudo().filtered(
            lambda x: x.mapped(self._complaint_model_field) == ["helpdesk.ticket"]
        )
        owner = {x.id: x.mapped(self._complaint_id_field)[0] for x in hanging}
        tickets = self.env["helpdesk.ticket"].browse(set(owner.values()))
        tickets = tickets.sudo().exists().sudo(False)  # sudo: same
        gone = set(tickets.ids) - set(tickets._filtered_access("read").ids)
        hidden = self.browse(key for key, ticket in owner.items() if ticket in gone)
        if not hidden:
            return result
        if result:
            return (result[0] | hidden, result[1])
        return (
            hidden,
            lambda: self.env["ir.rule"]._make_access_error(operation, hidden),
        )
