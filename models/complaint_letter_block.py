from odoo import api, fields, models


class ComplaintLetterBlock(models.Model):
    """A paragraph that handlers put into letters: facts, apology, recourse, …

    Words in braces are replaced by the file's facts, as in letter templates.
    """

    _name = "complaint.letter.block"
    _description = "Block of complaint letters"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    code = fields.Char(copy=False, help="Stable technical code, for integrations.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", help="Leave empty to offer the block to every company."
    )
    template_ids = fields.Many2many(
        "complaint.letter.template",
        string="For the letters",
        help="Offered in letters of these kinds; none: in every letter.",
    )
    body = fields.Html(
        required=True,
        translate=True,
        sanitize=True,
        sanitize_attributes=True,
        sanitize_form=True,
    )
    placeholder_help = fields.Html(compute="_compute_placeholder_help")

    _code_uniq = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))",
        "A block with this code already exists. Give this one another code.",
    )

    @api.depends_context("lang")
    def _compute_placeholder_help(self):
        template = self.env["complaint.letter.template"].new({})
        for block in self:
            block.placeholder_help = template.placeholder_help

    @api.constrains("body")
    def _check_placeholders(self):
        for block in self:
            block._as_template()._check_placeholders()

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_forbidden_parts(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._refuse_forbidden_parts(vals)
        return super().write(vals)

    def _refuse_forbidden_parts(self, vals):
        template = self.env["complaint.letter.template"].new({"name": self[:1].name})
        template._refuse_forbidden_parts(vals)

    def _as_template(self):
        """Its text as a template's, which knows the words in braces."""
        return self.env["complaint.letter.template"].new(
            {"name": self.name, "subject": "", "body": self.body}
        )

    def _render(self, values):
        """The text of the block with the facts of a file, as ``Markup``.

        :param dict values: text or ``Markup`` by placeholder
        """
        self.ensure_one()
        return self._as_template()._render(values)[1]
