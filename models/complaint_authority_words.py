from odoo import api, fields, models
from odoo.tools import format_date, formatLang


class ComplaintAuthority(models.Model):
    """An authority as a sentence: who may do what, within which bounds."""

    _inherit = "complaint.authority"

    holder = fields.Char(compute="_compute_holder")
    sentence = fields.Char(compute="_compute_sentence")

    @api.depends("user_id", "group_id")
    @api.depends_context("lang")
    def _compute_holder(self):
        for record in self:
            # sudo: res.users, res.groups - only the name of who is named
            user, group = record.user_id.sudo(), record.group_id.sudo()
            record.holder = user.name or group.full_name or "…"

    @api.depends(
        "holder",
        "act",
        "letter_codes",
        "regime_ids",
        "is_unlimited",
        "amount_limit",
        "date_from",
        "date_to",
    )
    @api.depends_context("lang")
    def _compute_sentence(self):
        for record in self:
            parts = [record._say_act(), *record._say_bounds()]
            record.sentence = ", ".join(parts)

    @api.depends("sentence")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for record in self:
            record.display_name = record.sentence

    def _say_act(self):
        who = self.holder
        if self.act == "qualify":
            return self.env._("%(who)s may qualify complaints", who=who)
        amount = formatLang(
            self.env, self.amount_limit, currency_obj=self.currency_id or None
        )
        if self.act == "grant":
            if self.is_unlimited:
                return self.env._("%(who)s may grant redress of any amount", who=who)
            return self.env._(
                "%(who)s may grant redress up to %(amount)s", who=who, amount=amount
            )
        words = dict(
            self.env["complaint.letter"]
            ._fields["code"]
            ._description_selection(self.env)
        )
        codes = (self.letter_codes or "").split(",")
        letters = ", ".join(words[code] for code in codes if code in words)
        letters = letters or self.env._("every letter")
        if self.is_unlimited:
            return self.env._("%(who)s may sign: %(letters)s", who=who, letters=letters)
        return self.env._(
            "%(who)s may sign: %(letters)s, granting up to %(amount)s",
            who=who,
            letters=letters,
            amount=amount,
        )

    def _say_bounds(self):
        bounds = []
        if self.regime_ids:
            # sudo: complaint.regime - only its name
            regimes = self.sudo().regime_ids.mapped(lambda r: r.short_name or r.name)
            bounds.append(self.env._("under %(regimes)s", regimes=", ".join(regimes)))
        start, end = (
            day and format_date(self.env, day) for day in (self.date_from, self.date_to)
        )
        if start and end:
            bounds.append(self.env._("from %(start)s to %(end)s", start=start, end=end))
        elif start:
            bounds.append(self.env._("from %(start)s", start=start))
        return bounds
