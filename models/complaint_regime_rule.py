import logging

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

_logger = logging.getLogger(__name__)


class ComplaintRegimeRule(models.Model):
    """Which regimes apply to which complaints, found when a complaint comes in.

    Every rule that fits adds its regimes to those of the team, or of the company
    where the team has none; a rule may also take the place of these.
    """

    _name = "complaint.regime.rule"
    _description = "Rule that finds regimes"
    _inherit = ["complaint.audience.mixin"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", help="Leave empty for a rule of every company."
    )
    team_ids = fields.Many2many(
        "helpdesk.ticket.team", string="Teams", check_company=True
    )
    category_ids = fields.Many2many(
        "helpdesk.ticket.category",
        string="Categories",
        check_company=True,
        help="And the categories below them.",
    )
    country_ids = fields.Many2many(
        "res.country", string="Countries", help="In which the complainant lives."
    )
    regime_ids = fields.Many2many(
        "complaint.regime",
        string="Regimes",
        required=True,
        check_company=True,
        domain=[("is_overlay", "=", False)],
    )
    is_instead = fields.Boolean(
        "Instead of the team's or company's",
        help="The regimes of this rule replace those of the team or company, instead "
        "of being added to them.",
    )

    # The name too: a rule is created with it, and may be without the regimes.
    @api.constrains("name", "regime_ids")
    def _check_regimes(self):
        for rule in self:
            if not rule.regime_ids:
                raise ValidationError(
                    self.env._(
                        "The rule “%(rule)s” names no regime, so it would find "
                        "nothing. Choose one or more.",
                        rule=rule.name,
                    )
                )

    def _concerns(self, ticket):
        if self.company_id and self.company_id != ticket.company_id:
            return False
        if self.team_ids and ticket.team_id not in self.team_ids:
            return False
        if self.country_ids and ticket.partner_id.country_id not in self.country_ids:
            return False
        if self.category_ids and not self._holds_category(ticket.category_id):
            return False
        return super()._concerns(ticket)

    def _holds_category(self, category):
        while category:
            if category in self.category_ids:
                return True
            category = category.parent_id
        return False

    def _fits(self, ticket):
        """Whether this concerns a complaint; a rule that cannot be read fits none.

        A condition on a field that is gone is no reason to lose a complaint.
        """
        try:
            return self._concerns(ticket)
        except UserError as error:
            _logger.warning("Rule %s finds no regime: %s", self.id, error)
            return False

    def _find_regimes(self, ticket):
        """The regimes that apply to a complaint, without what they bring along.

        :return: ``complaint.regime`` records in force on the day of receipt
        """
        fitting = self.filtered(lambda rule: rule._fits(ticket))
        regimes = fitting.regime_ids
        if not fitting.filtered("is_instead"):
            regimes |= (
                ticket.team_id.complaint_regime_ids
                or ticket.company_id.complaint_regime_ids
            )
        received = ticket.complaint_received_at or fields.Datetime.now()
        day = ticket._complaint_local_day(received)
        # A regime set on the wrong company's team is no reason to lose a complaint.
        return regimes.filtered(
            lambda regime: (
                regime.active
                and regime._is_valid_on(day)
                and regime.company_id in (ticket.company_id, regime.company_id.browse())
            )
        )
