import lxml.html
from markupsafe import Markup, escape

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .complaint_html import ODR_PLATFORM, PLACEHOLDER, forbidden_parts, plain, says
from .complaint_terms import LETTER_CODES


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
    coverage_help = fields.Html(
        "What the regimes miss",
        compute="_compute_coverage_help",
        help="What a regime demands of this letter and this text cannot say.",
    )

    @api.depends_context("lang")
    def _compute_placeholder_help(self):
        rows = Markup("").join(
            Markup("<tr><td><code>{%s}</code></td><td>%s</td></tr>") % pair
            for pair in self._placeholders().items()
        )
        self.placeholder_help = (
            Markup("<table class='table table-sm'>%s</table>") % rows
        )

    @api.depends("code", "company_id", "subject", "body")
    @api.depends_context("lang")
    def _compute_coverage_help(self):
        for template in self:
            lines = template._uncovered()
            items = Markup("").join(Markup("<li>%s</li>") % line for line in lines)
            template.coverage_help = items and Markup("<ul class='mb-0'>%s</ul>") % (
                items
            )

    def _uncovered(self):
        """What active regimes demand of this letter and its words cannot carry."""
        self.ensure_one()
        present = set(PLACEHOLDER.findall(f"{self.subject} {self.body}"))
        text = plain(self.body)
        demands = self.env["complaint.letter.requirement"].search(
            [
                ("regime_id.active", "=", True),
                ("company_id", "in", [False, self.company_id.id]),
            ]
        )
        demands = demands._asked_of(self.code, is_settled=True).filtered(
            lambda demand: (
                demand._placeholder() not in present
                and not (demand.statement and says(text, demand.statement))
            )
        )
        return [
            self.env._(
                "%(element)s: no word %(word)s in this template. Asked for by "
                "%(regimes)s.",
                element=same[0]._label(),
                word=f"{{{same[0]._placeholder()}}}",
                regimes=", ".join(
                    regime.short_name or regime.name for regime in same.regime_id
                ),
            )
            for same in demands.grouped("element").values()
        ]

    @api.model
    def _placeholders(self):
        """The words a template may use, each with its meaning."""
        return {
            "complainant": self.env._("Name of the complainant"),
            "number": self.env._("Register number, or ticket number before that"),
            "subject": self.env._("Title of the complaint"),
            "about": self.env._("Contract, product or service"),
            "request": self.env._("What the complainant asks for, in his words"),
            "sent_date": self.env._("Date of sending, or of receipt when unknown"),
            "received_date": self.env._("Date of receipt"),
            "handler": self.env._("Name of the person in charge"),
            "team": self.env._("Name of the team"),
            "company": self.env._("Name of the company"),
            "company_contact": self.env._("Address, telephone and e-mail"),
            "signature": self.env._("Person in charge, team and company, line by line"),
            "respond_by": self.env._(
                "Date by which the answer is due; empty once it has passed"
            ),
            "standstill": self.env._("That the time to answer stands still, if so"),
            "silence": self.env._("What silence will mean, and from which day"),
            "progress": self.env._("Where the file stands today"),
            "regimes": self.env._("Names of the regimes that apply"),
            "reasons": self.env._("Reasons of the decision"),
            "points": self.env._("The points complained of, each with its answer"),
            "cause": self.env._(
                "Cause found, where the complaint is upheld and a regime asks for it"
            ),
            "outcome": self.env._("Outcome of the decision"),
            "redress": self.env._("What is granted, as a list"),
            "amount": self.env._("Amount granted in all, in figures"),
            "amount_words": self.env._("Amount granted in all, in words"),
            "actions": self.env._("Corrective actions, as a list"),
            "qualification": self.env._("Reason of the qualification"),
            "delay_reasons": self.env._("Reason of the last extension or pause"),
            "open_facts": self.env._("Facts still to establish"),
            "next_stage": self.env._(
                "That the complaint may be handled again, where a regime has two stages"
            ),
            "recourse": self.env._("Recourse bodies with their time limits"),
            "recourse_from": self.env._(
                "Date from which the recourse is open without an answer; empty once it "
                "has passed"
            ),
            "statements": self.env._("Statements that the regimes demand"),
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

    @api.constrains("subject", "body")
    def _check_platform(self):
        for template in self:
            html = f"{template.subject} {template.body}"
            if ODR_PLATFORM in html.lower() or ODR_PLATFORM in plain(html).lower():
                raise ValidationError(
                    self.env._(
                        "The letter template “%(template)s” names the European "
                        "platform for online disputes (%(address)s), which closed on "
                        "20 July 2025. Take it out.",
                        template=template.name,
                        address=ODR_PLATFORM,
                    )
                )

    # ------------------------------------------------------------------
    # Create, write
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_forbidden_parts(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._refuse_forbidden_parts(vals)
        return super().write(vals)

    def _refuse_forbidden_parts(self, vals):
        """Say what cleaning would take out, rather than take it out in silence."""
        found = forbidden_parts(vals.get("body"))
        if found:
            raise ValidationError(
                self.env._(
                    "The letter template “%(template)s” holds what no letter may hold: "
                    "%(parts)s. Code, forms and remote pictures are not printed: take "
                    "them out, or insert the picture itself.",
                    template=vals.get("name") or self[:1].name or "",
                    parts=", ".join(found),
                )
            )

    # ------------------------------------------------------------------
    # Use
    # ------------------------------------------------------------------

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
