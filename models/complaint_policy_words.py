from babel.units import format_unit

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import babel_locale_parse


class ComplaintPolicy(models.Model):
    """A policy as people say it: a short name, and a whole sentence."""

    _inherit = "complaint.policy"

    name = fields.Char(compute="_compute_name", string="In short")
    sentence = fields.Text(compute="_compute_sentence", string="In words")

    @api.depends(
        "step",
        "label",
        "stage",
        "amount",
        "unit",
        "count_from",
        "roll",
        "calendar_id.name",
    )
    @api.depends_context("lang")
    def _compute_name(self):
        for policy in self:
            parts = {
                "step": policy._step_words(),
                "length": policy._length(policy.amount, policy.unit),
                "event": policy._word("count_from"),
                "calendar": policy.calendar_id.name or "",
                "roll": policy._word("roll"),
            }
            if policy.unit == "business_day":
                name = self.env._(
                    "%(step)s: %(length)s (%(calendar)s) after %(event)s",
                    **parts,
                )
            else:
                name = self.env._("%(step)s: %(length)s after %(event)s", **parts)
            if policy.roll and policy.roll != "none":
                name = self.env._("%(policy)s, %(roll)s", policy=name, **parts)
            policy.name = name

    @api.depends("name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for policy in self:
            policy.display_name = policy.name

    def _step_words(self):
        name = self.label or self._word("step")
        if self.stage:
            return self.env._("%(step)s, stage %(stage)s", step=name, stage=self.stage)
        return name

    def _word(self, name):
        """The label of a selection's value, in the context's language."""
        words = dict(self._fields[name]._description_selection(self.env))
        return words.get(self[name], "")

    @api.model
    def _length(self, amount, unit):
        """A length of time in the words of the context's language: “1 year”."""
        if unit == "business_day":
            if amount == 1:
                return self.env._("1 working day")
            return self.env._("%(amount)s working days", amount=amount)
        if not unit:
            return str(amount)
        locale = babel_locale_parse(self.env.lang or "en_US")
        return format_unit(amount, f"duration-{unit}", locale=locale)

    def _strictest_lengths(self, company):
        """The shortest length that these policies promise now, in words, by step."""
        now = fields.Datetime.now()
        deadlines = self.env["complaint.deadline"]
        shortest = {}
        for policy in self:
            try:
                due_at = deadlines._reckon(policy, company, now)
            except UserError:
                # Who complains cannot mend a calendar, and need not hear of it.
                continue
            if policy.step not in shortest or due_at < shortest[policy.step][0]:
                shortest[policy.step] = (due_at, policy._company_length(company))
        return {step: words for step, (_due_at, words) in shortest.items()}

    def _company_length(self, company):
        """The length in words: the company's own where it sets one."""
        own = self.with_company(company)
        if self.is_company_set and own.company_amount and own.company_unit:
            return self._length(own.company_amount, own.company_unit)
        return self._length(self.amount, self.unit)

    @api.depends(
        "name",
        "target",
        "is_inclusive",
        "is_recurring",
        "is_company_set",
        "company_amount",
        "company_unit",
        "complainant_type",
        "product_ids.name",
        "severity",
        "medium",
        "ticket_domain",
        "can_pause",
        "extension",
        "extension_amount",
        "extension_unit",
        "extension_needs_letter",
        "extension_max",
        "waived_by_step",
        "settlement_amount",
        "settlement_unit",
        "opens_right",
        "on_silence",
    )
    @api.depends_context("lang", "company")
    def _compute_sentence(self):
        for policy in self:
            policy.sentence = ", ".join(policy._clauses()) + "."

    def _clauses(self):
        """The parts of the sentence, in the order in which they are said."""
        parts = {
            "step": self._step_words(),
            "length": self._length(self.amount, self.unit),
            "event": self._word("count_from"),
        }
        if self.opens_right:
            yield self.env._("%(step)s: opens %(length)s after %(event)s", **parts)
        elif self.is_recurring:
            yield self.env._("%(step)s every %(length)s after %(event)s", **parts)
        else:
            yield self.env._("%(step)s within %(length)s after %(event)s", **parts)
        if self.unit == "business_day" and self.calendar_id:
            yield self.env._(
                "in the days of “%(calendar)s”", calendar=self.calendar_id.name
            )
        if self.is_inclusive:
            yield self.env._("that day being day one")
        if self.roll and self.roll != "none":
            yield self._word("roll")
        if self.is_company_set:
            yield self._company_clause()
        yield from self._audience_clauses()
        yield from self._relief_clauses()
        if self.on_silence and self.on_silence != "breach":
            yield self.env._(
                "after which, without an answer, %(effect)s",
                effect=self._word("on_silence"),
            )
        if self.target == "internal":
            yield self.env._("an internal target that nobody outside is promised")

    def _company_clause(self):
        company = self.env.company
        own = self.with_company(company)
        if own.company_amount and own.company_unit:
            return self.env._(
                "%(company)s having set %(length)s",
                company=company.name,
                length=self._company_length(company),
            )
        return self.env._("or less if the company sets it so")

    def _audience_clauses(self):
        """For whom, where not for everybody."""
        only = [
            self.complainant_type and self._word("complainant_type"),
            ", ".join(self.product_ids.mapped(lambda product: product.name or "")),
            self.severity and self._word("severity"),
            self.medium and self._word("medium"),
        ]
        only = [words for words in only if words]
        if only:
            yield self.env._("only for: %(audience)s", audience=", ".join(only))
        if self.ticket_domain and self.ticket_domain != "[]":
            yield self.env._("under a further condition")

    def _relief_clauses(self):
        """What makes it longer, stops it, or makes it needless."""
        if self.extension and self.extension != "none":
            yield self._extension_clause()
        if self.can_pause:
            yield self.env._("the clock stopping while the file is paused")
        if self.waived_by_step:
            yield self.env._(
                "not needed after “%(step)s”", step=self._word("waived_by_step")
            )
        if self.settlement_amount and self.settlement_unit:
            yield self.env._(
                "not needed if settled within %(length)s",
                length=self._length(self.settlement_amount, self.settlement_unit),
            )

    def _extension_clause(self):
        length = self._length(self.extension_amount, self.extension_unit)
        clause = {
            "free": self.env._("extendable to a new date that is promised"),
            "ceiling": self.env._(
                "extendable up to %(length)s from the same start", length=length
            ),
            "add": self.env._("extendable by %(length)s", length=length),
            "agreement": self.env._(
                "extendable to a date agreed with the complainant before expiry"
            ),
        }[self.extension]
        if self.extension_max == 1:
            clause = self.env._("%(extension)s, once", extension=clause)
        elif self.extension_max:
            clause = self.env._(
                "%(extension)s, at most %(count)s times",
                extension=clause,
                count=self.extension_max,
            )
        if self.extension_needs_letter:
            clause = self.env._("%(extension)s, by letter", extension=clause)
        return clause
