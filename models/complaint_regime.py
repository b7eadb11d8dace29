from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.base.models.res_partner import _tz_get

from .complaint_terms import FORCES, KEEPING_UNITS, RECOURSE_RULES, TWO_PEOPLE


class ComplaintRegime(models.Model):
    """A law, a recommendation or a house procedure that promises deadlines.

    The figures are in its policies; how long a closed file is kept is here.
    """

    _name = "complaint.regime"
    _description = "Complaint regime"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    short_name = fields.Char(
        translate=True, help="For lists and cards; by default the name."
    )
    code = fields.Char(
        required=True,
        copy=False,
        help="Stable technical code, for imports and integrations.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", help="Leave empty to offer the regime to every company."
    )
    country_id = fields.Many2one("res.country")
    country_group_id = fields.Many2one(
        "res.country.group", help="Of a text that binds several countries."
    )
    force = fields.Selection(
        FORCES, required=True, default="house", string="Nature", tracking=True
    )
    authority = fields.Char(translate=True, help="Who supervises its application.")
    source = fields.Char(
        required=True, tracking=True, help="The text that sets the figures."
    )
    definition = fields.Text(
        translate=True,
        help="What is a complaint under this regime, and what is not: shown to the "
        "person who qualifies.",
    )
    valid_from = fields.Date(tracking=True)
    valid_to = fields.Date(tracking=True)
    tz = fields.Selection(
        _tz_get,
        "Time zone",
        required=True,
        default="Europe/Paris",
        help="Days begin and end in this time zone.",
    )
    policy_ids = fields.One2many("complaint.policy", "regime_id", "Policies")
    letter_requirement_ids = fields.One2many(
        "complaint.letter.requirement",
        "regime_id",
        "Letters",
        copy=True,
        help="What the regime wants its letters to say.",
    )
    forbids_pause = fields.Boolean(
        "The clock never stops",
        tracking=True,
        help="The text forbids that the time to answer stands still.",
    )
    invites_to_write = fields.Boolean(
        "Who complains orally is invited to write",
        tracking=True,
        help="A spoken complaint that is not settled at once: the complainant is "
        "invited to put it in writing.",
    )
    stage_count = fields.Integer(
        "Stages",
        default=1,
        tracking=True,
        help="Two: who is not satisfied with the first answer may have the complaint "
        "handled again by somebody else, with deadlines of its own.",
    )
    recourse_rule = fields.Selection(
        RECOURSE_RULES,
        "Time limits of the recourse",
        required=True,
        default="all",
        help="When the regime sets several limits for going to a recourse body.",
    )
    two_people = fields.Selection(
        TWO_PEOPLE,
        "Approved by a second person",
        required=True,
        default="never",
        tracking=True,
        help="Letters that somebody who did not write them approves before they leave.",
    )
    transfer_restarts_clock = fields.Boolean(
        "A transfer starts the clock again",
        help="A complaint forwarded to the body responsible is deemed made there on "
        "the day of the transfer. Otherwise the time already spent counts.",
    )
    overlay_ids = fields.Many2many(
        "complaint.regime",
        "complaint_regime_overlay_rel",
        "regime_id",
        "overlay_id",
        "Also applies",
        check_company=True,
        help="Regimes added to every complaint of this one, for instance an "
        "acceptance window.",
    )
    is_overlay = fields.Boolean(
        help="Only completes other regimes: a complaint cannot have it alone.",
    )
    recourse_body_ids = fields.Many2many(
        "complaint.recourse.body",
        string="Recourse bodies",
        check_company=True,
        help="Named, with their time limits, in every refusal, even partial.",
    )
    referral_bars_closing = fields.Boolean(
        "A referral keeps the complaint open",
        tracking=True,
        help="While a recourse body has the case the complaint is not closed, by hand "
        "or by itself. Archiving and erasing wait for it under every regime.",
    )
    archive_amount = fields.Integer(
        "Archive after",
        default=2,
        tracking=True,
        help="Time after closing at which the file leaves the active base.",
    )
    archive_unit = fields.Selection(KEEPING_UNITS, required=True, default="month")
    retention_amount = fields.Integer(
        "Keep for",
        default=5,
        tracking=True,
        help="Time after closing during which the file must be kept.",
    )
    retention_unit = fields.Selection(KEEPING_UNITS, required=True, default="year")

    _code_uniq = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))",
        "A regime with this code already exists. Give this one another code.",
    )

    @api.constrains("valid_from", "valid_to")
    def _check_validity(self):
        for regime in self:
            if regime.valid_to and (regime.valid_from or regime.valid_to) > (
                regime.valid_to
            ):
                raise ValidationError(
                    self.env._(
                        "The regime “%(regime)s” ends before it starts. Correct its "
                        "validity dates.",
                        regime=regime.name,
                    )
                )

    @api.constrains("stage_count")
    def _check_stages(self):
        for regime in self:
            if regime.stage_count not in (1, 2):
                raise ValidationError(
                    self.env._(
                        "The regime “%(regime)s” has %(count)s stages. A complaint is "
                        "handled in one stage or in two.",
                        regime=regime.name,
                        count=regime.stage_count,
                    )
                )

    @api.constrains("forbids_pause", "stage_count")
    def _check_policies(self):
        self.policy_ids._check_meaning()

    @api.constrains("archive_amount", "retention_amount")
    def _check_keeping(self):
        for regime in self:
            if regime.archive_amount < 0 or regime.retention_amount < 1:
                raise ValidationError(
                    self.env._(
                        "The regime “%(regime)s” needs an archiving delay of zero or "
                        "more and a keeping time of at least one %(unit)s.",
                        regime=regime.name,
                        unit=dict(
                            self._fields["retention_unit"]._description_selection(
                                self.env
                            )
                        )[regime.retention_unit],
                    )
                )

    def _is_valid_on(self, day):
        """Whether the text is in force for a complaint received on ``day``."""
        self.ensure_one()
        return (not self.valid_from or self.valid_from <= day) and (
            not self.valid_to or day <= self.valid_to
        )

    def _with_overlays(self):
        """These regimes and those they bring along, each once, in order."""
        return self | self.overlay_ids

    def _join_limits(self, deadlines):
        """The last instant to go to a recourse body, of several time limits.

        Two limits joined by “or, if later” count as one, the later. Then every limit
        must be kept, so that the earliest ends the recourse; or one is enough, so
        that the latest does.

        :param deadlines: the time limits of this regime on one complaint
        :return: naive UTC datetime
        """
        self.ensure_one()
        limits = {}
        for deadline in deadlines:
            policy = deadline.policy_id
            group = policy.alternative_to_id or policy
            limits[group] = max(limits.get(group, deadline.due_at), deadline.due_at)
        last = max if self.recourse_rule == "any" else min
        return last(limits.values())
