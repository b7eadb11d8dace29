from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .complaint_terms import OPEN_STATES

# What of a policy moves the dates of the promises made under it.
DATE_FIELDS = frozenset(
    {
        "amount",
        "unit",
        "is_company_set",
        "company_amount",
        "company_unit",
        "calendar_id",
        "roll",
        "roll_calendar_id",
        "is_inclusive",
        "settlement_amount",
        "settlement_unit",
    }
)
# What says to which complaints it makes a promise at all, and from when.
SCOPE_FIELDS = frozenset(
    {
        "active",
        "regime_id",
        "count_from",
        "stage",
        "step",
        "complainant_type",
        "product_ids",
        "severity",
        "medium",
        "ticket_domain",
        "instead_of_ids",
        "valid_from",
        "valid_to",
    }
)
# What happens by itself when the day comes.
EFFECT_FIELDS = frozenset({"on_silence", "opens_right"})
# What a promise is.
KIND_FIELDS = frozenset({"step", "target", "regime_id"})


class ComplaintPolicy(models.Model):
    """Open deadlines follow the policies; the files in which they closed do not."""

    _inherit = "complaint.policy"

    @api.model_create_multi
    def create(self, vals_list):
        policies = super().create(vals_list)
        policies._complaint_scope_changed(policies.regime_id)
        return policies

    def write(self, vals):
        regimes = self.regime_id
        if KIND_FIELDS.intersection(vals):
            self._refuse_other_kind()
        result = super().write(vals)
        self.env.registry.clear_cache()
        if DATE_FIELDS.intersection(vals):
            self.env.flush_all()
            for policy in self:
                self.env["complaint.recompute"]._ask_deadlines(
                    policy._changed_words(), Domain("policy_id", "=", policy.id)
                )
        if EFFECT_FIELDS.intersection(vals):
            self._complaint_effect_changed()
        if SCOPE_FIELDS.intersection(vals):
            self._complaint_scope_changed(regimes | self.regime_id)
        return result

    def _refuse_other_kind(self):
        """A promise that was made stays the promise it was."""
        # sudo: complaint.deadline - only whether there is one
        made = self.env["complaint.deadline"].sudo()
        for policy in self:
            if made.search_count([("policy_id", "=", policy.id)], limit=1):
                raise UserError(
                    self.env._(
                        "The policy “%(policy)s” of the regime “%(regime)s” was "
                        "promised to complainants: its step, target and regime stay. "
                        "End its validity and add another policy.",
                        policy=policy.name,
                        regime=policy.regime_id.name,
                    )
                )

    def _complaint_scope_changed(self, regimes):
        for policy in self[:1]:
            self.env["complaint.recompute"]._ask_tickets(
                policy._changed_words(),
                Domain("complaint_regime_ids", "in", regimes.ids),
            )

    def _complaint_effect_changed(self):
        """Promises that run have the effects that their policies name now."""
        # sudo: complaint.deadline - follows from a change that was allowed
        deadlines = self.env["complaint.deadline"].sudo()
        running = deadlines.search(
            Domain("policy_id", "in", self.ids) & Domain("state", "in", OPEN_STATES)
        )
        self.env.add_to_compute(deadlines._fields["effect_at"], running)

    def _changed_words(self):
        return self.env._(
            "The policy “%(policy)s” of the regime “%(regime)s” changed.",
            policy=self.name,
            regime=self.regime_id.name,
        )


class ComplaintRegime(models.Model):
    _inherit = "complaint.regime"

    def write(self, vals):
        result = super().write(vals)
        if "tz" in vals:
            self.env.registry.clear_cache()
            reason = self.env._(
                "The time zone of the regime “%(regime)s” changed.",
                regime=self[:1].name,
            )
            recompute = self.env["complaint.recompute"]
            # Days known without their hour begin elsewhere now.
            recompute._ask_tickets(
                reason, Domain("complaint_regime_ids", "in", self.ids)
            )
            recompute._ask_deadlines(reason, Domain("regime_id", "in", self.ids))
        return result
