from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import clean_context


class ComplaintFileMixin(models.AbstractModel):
    """What belongs to a complaint file is seen by those who may see the complaint.

    The rule is written once here instead of once per model: a record is found and
    read only if its ticket is, with every record rule of ``helpdesk.ticket``
    (team, company, confidentiality, person complained about) applied by the
    database. Access rights of the model itself come on top.
    """

    _name = "complaint.file.mixin"
    _description = "Part of a complaint file"

    ticket_id = fields.Many2one(
        "helpdesk.ticket",
        "Complaint",
        required=True,
        index=True,
        readonly=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        related="ticket_id.company_id",
        store=True,
        index=True,
        string="Company",
    )

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
            domain = Domain(domain) & self._file_domain()
        return super()._search(
            domain,
            offset,
            limit,
            order,
            active_test=active_test,
            bypass_access=bypass_access,
        )

    @api.model
    def _file_domain(self):
        """What the user may find: the parts of complaints that he may see."""
        tickets = self.env["helpdesk.ticket"].with_context(active_test=False)
        complaints = tickets._search([("complaint_state", "!=", False)])
        return Domain("ticket_id", "in", complaints)

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if self.env.su or not any(self._ids):
            return result
        # sudo: complaint file - only to know which tickets to ask for
        tickets = self.sudo().ticket_id.sudo(False)
        # Who only reads a complaint, an auditor for one, adds nothing to its file.
        needed = "read" if operation == "read" else "write"
        visible = tickets._filtered_access(needed)
        if visible == tickets:
            return result
        # sudo: complaint file - which records belong to those tickets
        hidden = self.sudo().filtered(lambda rec: rec.ticket_id.sudo(False) - visible)
        hidden = hidden.sudo(False)
        if result:
            return (result[0] | hidden, result[1])
        return (
            hidden,
            lambda: self.env["ir.rule"]._make_access_error(operation, hidden),
        )

    @api.model_create_multi
    def create(self, vals_list):
        # A default of the context would fill what only steps write.
        parts = self.with_context(clean_context(self.env.context))
        records = super(ComplaintFileMixin, parts).create(vals_list)
        return records.with_env(self.env)

    def write(self, vals):
        result = super().write(vals)
        if "ticket_id" in vals:
            # Nobody moves a part into a file that is not his.
            self.check_access("write")
        return result
