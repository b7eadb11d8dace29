from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .complaint_html import ODR_PLATFORM, PLACEHOLDER
from .complaint_terms import LETTER_CODES, REFUSAL_CODES, REPLY_CODES

# Which letter: one of the eleven, or several of them at once.
LETTERS = LETTER_CODES + [
    ("reply", "Every reply"),
    ("refusal", "Every refusal, even partial"),
    ("settlement", "Closing letter of an early settlement"),
]
ELEMENTS = [
    ("number", "Number of the complaint"),
    ("received_date", "Date of receipt"),
    ("complaint_copy", "Copy of the complaint"),
    ("handler", "Person in charge"),
    ("contact", "Where to reach the company"),
    ("phone", "Telephone number"),
    ("email", "E-mail address"),
    ("respond_by", "Date of the answer"),
    ("silence", "What silence will mean"),
    ("progress", "Where the file stands"),
    ("reasons", "Reasons of the decision"),
    ("points", "Answer to every point"),
    ("cause", "Cause found"),
    ("redress", "What is granted"),
    ("actions", "Corrective actions"),
    ("delay_reasons", "Reasons of the delay"),
    ("new_date", "New date of the answer"),
    ("open_facts", "Facts still to establish"),
    ("next_stage", "Right to a second handling"),
    ("recourse_name", "Recourse: name"),
    ("recourse_address", "Recourse: postal address"),
    ("recourse_website", "Recourse: website"),
    ("recourse_free", "Recourse: free of charge"),
    ("recourse_limit", "Recourse: time limit"),
    ("statement", "A statement in these words"),
]
# The word in braces that brings an element into a letter, when it has another name.
PLACEHOLDERS = {
    "complaint_copy": "complaint",
    "contact": "company_contact",
    "phone": "company_contact",
    "email": "company_contact",
    "new_date": "respond_by",
    "recourse_name": "recourse",
    "recourse_address": "recourse",
    "recourse_website": "recourse",
    "recourse_free": "recourse",
    "recourse_limit": "recourse",
    "statement": "statements",
}


class ComplaintLetterRequirement(models.Model):
    """What a regime wants a kind of letter to say.

    Checked before the letter leaves (``complaint_letter_check``) and, for what a
    template can carry, when a template is edited.
    """

    _name = "complaint.letter.requirement"
    _description = "What a regime demands of a letter"
    _order = "regime_id, sequence, id"

    regime_id = fields.Many2one(
        "complaint.regime", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="regime_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    letter = fields.Selection(LETTERS, required=True)
    element = fields.Selection(ELEMENTS, "Must hold", required=True)
    statement = fields.Text(
        translate=True,
        help="Printed in the letter in these words, where its text does not say "
        "them already.",
    )
    source = fields.Char(required=True, help="The text and article that asks for it.")

    _element_uniq = models.UniqueIndex(
        "(regime_id, letter, element) WHERE element != 'statement' AND active",
        "This regime asks the same of this letter already.",
    )

    @api.depends("letter", "element")
    @api.depends_context("lang")
    def _compute_display_name(self):
        letters = dict(self._fields["letter"]._description_selection(self.env))
        for demand in self:
            demand.display_name = f"{letters.get(demand.letter)}: {demand._label()}"

    @api.constrains("element", "statement")
    def _check_statement(self):
        for demand in self:
            text = (demand.statement or "").strip()
            if (demand.element == "statement") != bool(text):
                raise ValidationError(
                    self.env._(
                        "%(regime)s, %(demand)s: write the words to be printed for a "
                        "statement, and for nothing else.",
                        regime=demand.regime_id.name,
                        demand=demand.display_name,
                    )
                )
            if PLACEHOLDER.search(text) or ODR_PLATFORM in text.lower():
                raise ValidationError(
                    self.env._(
                        "%(regime)s, %(demand)s: a statement is printed as it is, "
                        "without words in braces, and never names the European "
                        "platform for online disputes, closed since 20 July 2025.",
                        regime=demand.regime_id.name,
                        demand=demand.display_name,
                    )
                )

    def _label(self):
        """The element in the words of the user's language."""
        labels = dict(self._fields["element"]._description_selection(self.env))
        return labels.get(self.element) or ""

    def _origin_words(self):
        """Which regime asks for it, and where: “ACPR, recommendation 2022-R-01”."""
        regime = self.regime_id.short_name or self.regime_id.name
        named = regime.casefold() in self.source.casefold()
        return self.source if named else f"{regime}, {self.source}"

    def _placeholder(self):
        """The word in braces that brings this element into a letter."""
        return PLACEHOLDERS.get(self.element, self.element)

    def _asked_of(self, code, is_settled=False):
        """Those of these that concern a letter.

        :param str code: a letter code
        :param bool is_settled: whether the complaint was settled early
        """
        kinds = {code}
        if code in REPLY_CODES:
            kinds.add("reply")
        if code in REFUSAL_CODES:
            kinds.add("refusal")
        if code == "closure" and is_settled:
            kinds.add("settlement")
        return self.filtered(lambda demand: demand.letter in kinds)
