from odoo import api, fields, models


class ComplaintSeries(models.Model):
    """Several complaints with one cause: not an isolated case."""

    _name = "complaint.series"
    _description = "Complaint series"
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(required=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    cause_id = fields.Many2one("complaint.cause")
    note = fields.Text()
    active = fields.Boolean(default=True)
    ticket_ids = fields.One2many(
        "helpdesk.ticket",
        "complaint_series_id",
        "Complaints",
        context={"active_test": False},
    )
    ticket_count = fields.Integer(compute="_compute_ticket_count")

    @api.depends("ticket_ids")
    def _compute_ticket_count(self):
        counts = dict(
            self.env["helpdesk.ticket"]
            .with_context(active_test=False)
            ._read_group(
                [("complaint_series_id", "in", self.ids)],
                ["complaint_series_id"],
                ["__count"],
            )
        )
        for series in self:
            series.ticket_count = counts.get(series, 0)
