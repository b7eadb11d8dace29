from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date, ormcache

from ..engine import authority, money
from .complaint_terms import ACTS

# What an authority says: once it was used for an act, none of it changes any more.
EVIDENCE_FIELDS = frozenset(
    {
        "user_id",
        "group_id",
        "act",
        "template_ids",
        "regime_ids",
        "amount_limit",
        "is_unlimited",
        "company_id",
        "date_from",
    }
)
# Written by the first act done under the authority, or following other fields.
SYSTEM_FIELDS = frozenset({"used_at", "used_ticket_id", "letter_codes"})


class ComplaintAuthority(models.Model):
    """Who may qualify, sign or grant: one person or group, one act, within bounds.

    Whoever is named for an act in a company, by any line whatever its dates, acts
    only within the lines in force. Whoever is not named at all acts by his role,
    unless the company asks for a named authority.
    """

    _name = "complaint.authority"
    _description = "Complaint authority"
    _inherit = ["mail.thread"]
    _order = "act, company_id, amount_limit, id"
    _rec_names_search = ["user_id", "group_id"]
    _check_company_auto = True

    user_id = fields.Many2one(
        "res.users",
        "Person",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
    )
    group_id = fields.Many2one(
        "res.groups",
        "Everybody in the group",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        help="Whoever is in the group holds the authority; customers with an account "
        "never do.",
    )
    act = fields.Selection(
        ACTS, "May", required=True, default="grant", index=True, tracking=True
    )
    template_ids = fields.Many2many(
        "complaint.letter.template",
        "complaint_authority_template_rel",
        "authority_id",
        "template_id",
        "Letters",
        check_company=True,
        ondelete="restrict",
        tracking=True,
        help="The kinds of these letters; empty: every letter.",
    )
    letter_codes = fields.Char(
        compute="_compute_letter_codes",
        store=True,
        help="Kinds of letters as they were when the letters were chosen.",
    )
    regime_ids = fields.Many2many(
        "complaint.regime",
        "complaint_authority_regime_rel",
        "authority_id",
        "regime_id",
        "Regimes",
        domain="[('is_overlay', '=', False)]",
        check_company=True,
        ondelete="restrict",
        tracking=True,
        help="Each regime of the complaint must be among these; empty: every regime.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        tracking=True,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    is_unlimited = fields.Boolean(
        "Whatever the amount",
        compute="_compute_is_unlimited",
        store=True,
        readonly=False,
        tracking=True,
    )
    amount_limit = fields.Monetary(
        "Up to",
        aggregator=None,
        tracking=True,
        help="All that one reply grants, in the company's currency; this amount is "
        "still allowed. For signing: what the letter may announce.",
    )
    date_from = fields.Date(
        "From", required=True, default=fields.Date.context_today, tracking=True
    )
    date_to = fields.Date(
        "To", tracking=True, help="Last day, included. Empty: until it is ended."
    )
    training = fields.Char(
        tracking=True, help="The training on the strength of which it is given."
    )
    training_date = fields.Date("Trained on", tracking=True)
    training_valid_to = fields.Date(
        "Training valid until",
        tracking=True,
        help="Last day, included. The authority counts for nothing afterwards, until "
        "the training is renewed.",
    )
    training_file = fields.Binary("Proof", attachment=True)
    training_filename = fields.Char()
    note = fields.Text()
    active = fields.Boolean(
        default=True,
        tracking=True,
        help="Archived: counts for nothing. Whoever was named once does not fall back "
        "on his role.",
    )
    used_at = fields.Datetime("First used on", readonly=True, copy=False)
    used_ticket_id = fields.Many2one(
        "helpdesk.ticket",
        "First used for",
        readonly=True,
        copy=False,
        # A name is shown whoever may read the complaint: a group's line is read by all
        # of the group.
        groups="helpdesk_complaint.group_complaint_officer,"
        "helpdesk_complaint.group_complaint_auditor",
    )
    state = fields.Selection(
        [
            ("coming", "Not yet in force"),
            ("valid", "In force"),
            ("untrained", "Training expired"),
            ("ended", "Ended"),
        ],
        compute="_compute_state",
    )

    _one_holder = models.Constraint(
        "CHECK((user_id IS NULL) != (group_id IS NULL))",
        "An authority belongs to one person or to one group.",
    )
    _dates_in_order = models.Constraint(
        "CHECK(date_to IS NULL OR date_to >= date_from)",
        "An authority ends on the day it starts at the earliest.",
    )

    @api.depends("template_ids")
    def _compute_letter_codes(self):
        # Not on the codes themselves: whoever edits a template grants nothing by it.
        for record in self:
            codes = sorted(set(record.template_ids.mapped("code")))
            record.letter_codes = ",".join(codes) or False

    @api.depends("act")
    def _compute_is_unlimited(self):
        for record in self:
            record.is_unlimited = record.act == "sign"

    @api.depends("active", "date_from", "date_to", "training_valid_to")
    def _compute_state(self):
        today = fields.Date.context_today(self)
        for record in self:
            lack = authority.missing(record._as_value(), authority.Act(today))
            record.state = {
                None: "valid",
                authority.Missing.TOO_EARLY: "coming",
                authority.Missing.TRAINING: "untrained",
            }.get(lack, "ended")

    # ------------------------------------------------------------------
    # Checks
    # ------------------------------------------------------------------

    @api.constrains("act", "amount_limit", "is_unlimited")
    def _check_amount_limit(self):
        for record in self:
            if record.act == "grant" and not (
                record.is_unlimited or record.amount_limit
            ):
                raise ValidationError(
                    self.env._(
                        "%(authority)s: say up to which amount, or choose “Whatever "
                        "the amount”.",
                        authority=record.display_name,
                    )
                )

    @api.constrains("user_id", "group_id", "company_id")
    def _check_holder(self):
        outside = self.env.ref("base.group_portal") | self.env.ref("base.group_public")
        for record in self.sudo():  # sudo: res.users - companies of another user
            user = record.user_id
            if (user and (user.share or record.company_id not in user.company_ids)) or (
                record.group_id.all_implied_ids & outside
            ):
                raise ValidationError(
                    self.env._(
                        "%(authority)s: an authority belongs to colleagues of "
                        "%(company)s, not to customers or to other companies.",
                        authority=record.display_name,
                        company=record.company_id.name,
                    )
                )

    # ------------------------------------------------------------------
    # Create, write, unlink
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_system_fields(vals)
            # Said here, so that no default of the context says something else.
            vals.update(used_at=False, used_ticket_id=False)
            self._refuse_bad_limit(vals)
        records = super().create(vals_list)
        records._refuse_own()
        self.env.registry.clear_cache()
        return records

    def write(self, vals):
        self._refuse_system_fields(vals)
        self._refuse_bad_limit(vals)
        self._refuse_own()
        if EVIDENCE_FIELDS.intersection(vals):
            self._refuse_used(vals)
        result = super().write(vals)
        self._refuse_own()
        self.env.registry.clear_cache()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_used(self):
        self._refuse_own()
        self._refuse_used(EVIDENCE_FIELDS)

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    def _refuse_system_fields(self, vals):
        if SYSTEM_FIELDS.intersection(vals) and not self.env.su:
            raise UserError(
                self.env._(
                    "%(authority)s: its first use is noted by the act itself, not by "
                    "hand.",
                    authority=self[:1].display_name or self.env._("New authority"),
                )
            )

    def _refuse_bad_limit(self, vals):
        if "amount_limit" in vals and not money.is_amount(vals["amount_limit"] or 0):
            raise ValidationError(
                self.env._(
                    "%(authority)s: “%(amount)s” is no amount. Enter a number of zero "
                    "or more.",
                    authority=self[:1].display_name or self.env._("New authority"),
                    amount=vals["amount_limit"],
                )
            )

    def _refuse_own(self):
        """Nobody gives an authority to himself, nor loosens one of his own."""
        if self.env.su:
            return
        mine = set(self.env.user._get_group_ids())
        for record in self:
            if record.user_id == self.env.user or record.group_id.id in mine:
                raise UserError(
                    self.env._(
                        "%(authority)s: nobody gives an authority to himself, nor "
                        "changes his own. Ask another compliance officer.",
                        authority=record.display_name,
                    )
                )

    def _refuse_used(self, names):
        for record in self:
            if record.used_at:
                raise UserError(
                    self.env._(
                        "“%(authority)s” was used for %(ticket)s on %(date)s and is "
                        "evidence: only its end, its training and whether it is "
                        "archived may change. End it and enter another one. Not to "
                        "be changed: %(fields)s.",
                        authority=record.display_name,
                        # sudo: helpdesk.ticket - only its number
                        ticket=record.sudo().used_ticket_id.complaint_reference,
                        date=format_date(self.env, record.used_at),
                        fields=", ".join(
                            self._fields[name].string
                            for name in sorted(EVIDENCE_FIELDS.intersection(names))
                        ),
                    )
                )

    # ------------------------------------------------------------------
    # The book
    # ------------------------------------------------------------------

    def _as_value(self):
        bounded = self.act != "qualify" and not self.is_unlimited
        return authority.Authority(
            id=self.id,
            codes=frozenset(filter(None, (self.letter_codes or "").split(","))),
            regimes=frozenset(self.regime_ids.ids),
            limit=self.amount_limit if bounded else None,
            date_from=self.date_from or None,
            date_to=self.date_to or None,
            trained_until=self.training_valid_to or None,
            active=self.active,
        )

    @api.model
    @ormcache("company_id")
    def _book(self, company_id):
        """All lines of a company, archived ones too: ``(act, user, group, value)``.

        Few and asked for with every act: read once, until one of them changes.
        """
        # sudo: complaint.authority - who may what is decided for everybody
        book = self.sudo().with_context(active_test=False)
        return tuple(
            (record.act, record.user_id.id, record.group_id.id, record._as_value())
            for record in book.search([("company_id", "=", company_id)], order="id")
        )

    def _limit_text(self):
        """The limit as the history writes it; empty for none."""
        limit = self._as_value().limit
        places = self.currency_id.decimal_places
        return "" if limit is None else money.text(limit, places)

    def _note_use(self, ticket):
        """Mark as evidence; only the first act writes, so that none waits."""
        unused = self.sudo().filtered(lambda x: not x.used_at)  # sudo: system fields
        if unused:
            unused.with_context(tracking_disable=True).write(
                {"used_at": fields.Datetime.now(), "used_ticket_id": ticket.id}
            )
