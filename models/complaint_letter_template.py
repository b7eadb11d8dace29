import re

import lxml.html
from markupsafe import Markup, escape

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .complaint_terms import LETTER_CODES

PLACEHOLDER = re.compile(r"\{(\w+)\}")


class ComplaintLetterTemplate(models.Model):
    """The text of a kind of letter, with words in braces replaced by the file's facts.

    Plain words instead of code: whoever may edit a template cannot run anything.
    """

    _name = "complaint.letter.template"
    _description = "Complaint letter template"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Selection(LETTER_CODES, required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", help="A company's own template comes before the common one."
    )
    subject = fields.Char(required=True, translate=True)
    body = fields.Html(
        required=True,
        translate=True,
        sanitize=True,
        sanitize_attributes=True,
        sanitize_form=True,
    )
    placeholder_help = fields.Html(compute="_compute_placeholder_help")

    @api.depends_context("lang")
    def _compute_placeholder_help(self):
        rows = Markup("").join(
            Markup("<tr><td><code>{%s}</code></td><td>%s</td></tr>") % pair
            for pair in self._placeholders().items()
        )
        self.placeholder_help = (
            Markup("<table class='table table-sm'>%s</table>") % rows
        )

    @api.model
    def _placeholders(self):
        """The words a template may use, each with its meaning."""
        return {
            "complainant": self.env._("Name of the complainant"),
            "number": self.env._("Register number, or ticket number before that"),
            "subject": self.env._("Title of the complaint"),
            "about": self.env._("Contract, product or service"),
            "sent_date": self.env._("Date of sending, or of receipt when unknown"),
            "received_date": self.env._("Date of receipt"),
            "handler": self.env._("Name of the person in charge"),
            "team": self.env._("Name of the team"),
            "company": self.env._("Name of the company"),
            "company_contact": self.env._("Address, telephone and e-mail"),
            "respond_by": self.env._("Date by which the answer is due"),
            "regimes": self.env._("Names of the regimes that apply"),
            "reasons": self.env._("Reasons of the decision"),
            "outcome": self.env._("Outcome of the decision"),
            "redress": self.env._("What is granted, as a list"),
            "actions": self.env._("Corrective actions, as a list"),
            "qualification": self.env._("Reason of the qualification"),
            "delay_reasons": self.env._("Reason of the last extension or pause"),
            "recourse": self.env._("Recourse bodies with their time limits"),
            "window": self.env._("How long the complainant may react to the answer"),
            "complaint": self.env._("Text of the complaint"),
        }

    @api.constrains("subject", "body")
    def _check_placeholders(self):
        known = self._placeholders()
        for template in self:
            text = f"{template.subject} {template.body}"
            unknown = sorted(set(PLACEHOLDER.findall(text)) - set(known))
            if unknown:
                raise ValidationError(
                    self.env._(
                        "The letter template “%(template)s” uses words that do not "
                        "exist: %(unknown)s. Known words: %(known)s.",
                        template=template.name,
                        unknown=", ".join(f"{{{name}}}" for name in unknown),
                        known=", ".join(f"{{{name}}}" for name in known),
                    )
                )

    @api.model
    def _find(self, code, company):
        """The template of a code, a company's own before the common one.

        :raises UserError: when the code has no template
        """
        template = self.search(
            [("code", "=", code), ("company_id", "in", [False, company.id])],
            order="company_id NULLS LAST, sequence, id",
            limit=1,
        )
        if not template:
            raise UserError(
                self.env._(
                    "There is no letter template “%(code)s” for %(company)s. Add one "
                    "in Helpdesk / Configuration / Complaints / Letter templates.",
                    code=dict(LETTER_CODES).get(code, code),
                    company=company.name,
                )
            )
        return template

    def _render(self, values):
        """Fill subject and body.

        :param dict values: text or ``Markup`` by placeholder
        :return: ``(str, Markup)``
        """
        self.ensure_one()

        def plain(match):
            value = values.get(match[1], "")
            return value.striptags() if isinstance(value, Markup) else str(value)

        def rich(match):
            return escape(values.get(match[1], ""))

        subject = PLACEHOLDER.sub(plain, self.subject or "")
        body = self._without_empty_blocks(self.body or "", values)
        return subject, Markup(PLACEHOLDER.sub(rich, body))

    @api.model
    def _without_empty_blocks(self, body, values):
        """Leave out the blocks all of whose words are empty, with their headings."""
        root = lxml.html.fragment_fromstring(str(body), create_parent="div")
        for block in list(root.iterdescendants("div", "p", "li", "tr")):
            names = PLACEHOLDER.findall(block.text_content())
            if names and not any(values.get(name) for name in names):
                block.drop_tree()
        inner = [lxml.html.tostring(child, encoding="unicode") for child in root]
        return str(escape(root.text or "")) + "".join(inner)
