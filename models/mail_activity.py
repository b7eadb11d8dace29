from odoo import api, models
from odoo.fields import Domain


class MailActivity(models.Model):
    """Who may not see a file has nothing to do in it.

    Odoo shows everybody the activities that are his, whatever document they are of.
    """

    _inherit = "mail.activity"

    @api.model
    def _search(self, domain, *args, bypass_access=False, **kwargs):
        if not bypass_access:
            domain = Domain(domain) & self._complaint_shown_domain()
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if self.env.su or not any(self._ids):
            return result
        # sudo: mail.activity - of which documents they are
        ours = self.sudo().filtered(lambda x: x.res_model == "helpdesk.ticket")
        if not ours:
            return result
        shown = self._complaint_shown_domain()
        ours = ours.with_context(active_test=False)
        visible = ours.search(Domain("id", "in", ours.ids) & shown)
        hidden = self.browse((ours - visible).ids)
        if not hidden:
            return result
        if result:
            return (result[0] | hidden, result[1])
        return (
            hidden,
            lambda: self.env["ir.rule"]._make_access_error(operation, hidden),
        )

    def _complaint_shown_domain(self):
        return self.env["helpdesk.ticket"]._complaint_not_hidden_domain("res_model")
