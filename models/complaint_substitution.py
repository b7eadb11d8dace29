from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_date, ormcache

from ..engine import authority


class ComplaintSubstitution(models.Model):
    """Somebody is away: a colleague holds his authorities in that time.

    Only those that name the absent person himself, neither those of his groups nor
    those that he holds for somebody else.
    """

    _name = "complaint.substitution"
    _description = "Complaint substitution"
    _inherit = ["mail.thread"]
    _order = "date_from desc, id desc"
    _rec_names_search = ["absent_id", "substitute_id"]

    absent_id = fields.Many2one(
        "res.users",
        "Absent",
        required=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        index=True,
        ondelete="restrict",
        tracking=True,
    )
    substitute_id = fields.Many2one(
        "res.users",
        "Substitute",
        required=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id), "
        "('id', '!=', absent_id)]",
        index=True,
        ondelete="restrict",
        tracking=True,
    )
    date_from = fields.Date(
        "From", required=True, default=fields.Date.context_today, tracking=True
    )
    date_to = fields.Date("To", required=True, tracking=True, help="Included.")
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        tracking=True,
    )
    reason = fields.Char(tracking=True)
    state = fields.Selection(
        [("coming", "To come"), ("running", "Now"), ("over", "Over")],
        compute="_compute_state",
    )

    _dates_in_order = models.Constraint(
        "CHECK(date_to >= date_from)", "An absence ends after it has started."
    )
    _two_people = models.Constraint(
        "CHECK(absent_id != substitute_id)", "Nobody stands in for himself."
    )

    @api.depends("date_from", "date_to")
    def _compute_state(self):
        today = fields.Date.context_today(self)
        for record in self:
            if not record.date_from or record.date_from > today:
                record.state = "coming"
            else:
                over = record.date_to and record.date_to < today
                record.state = "over" if over else "running"

    @api.depends("absent_id", "substitute_id", "date_from", "date_to")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for record in self:
            record.display_name = self.env._(
                "%(substitute)s for %(absent)s, from %(start)s to %(end)s",
                # sudo: res.users - only their names
                substitute=record.substitute_id.sudo().name or "…",
                absent=record.absent_id.sudo().name or "…",
                start=format_date(self.env, record.date_from) or "…",
                end=format_date(self.env, record.date_to) or "…",
            )

    @api.constrains("absent_id", "substitute_id", "date_from", "date_to", "company_id")
    def _check_people(self):
        for record in self.sudo():  # sudo: res.users - roles of a colleague
            user = record.substitute_id
            if (
                user.share
                or not user.active
                or record.company_id not in user.company_ids
                or not user.has_group("helpdesk_complaint.group_complaint_user")
            ):
                raise ValidationError(
                    self.env._(
                        "%(name)s handles no complaints of %(company)s and cannot "
                        "stand in. Choose a complaint handler.",
                        name=user.name,
                        company=record.company_id.name,
                    )
                )
            same_time = [
                ("id", "!=", record.id),
                ("company_id", "=", record.company_id.id),
                ("date_from", "<=", record.date_to),
                ("date_to", ">=", record.date_from),
            ]
            other = record.search([*same_time, ("absent_id", "=", record.absent_id.id)])
            other = other or record.search([*same_time, ("absent_id", "=", user.id)])
            if other:
                raise ValidationError(
                    self.env._(
                        "“%(new)s” meets “%(other)s”: one person stands in at a time, "
                        "and not while absent himself. Change the dates or choose "
                        "somebody else.",
                        new=record.display_name,
                        other=other[:1].display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._check_author()
        self.env.registry.clear_cache()
        return records

    def write(self, vals):
        self._check_author()
        self._refuse_past(vals)
        result = super().write(vals)
        self._check_author()
        self.env.registry.clear_cache()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_before_it_starts(self):
        self._check_author()
        self._refuse_past({"date_from"})

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    def _check_author(self):
        """The absent person enters his own absence, an officer anybody's.

        Nobody makes himself the substitute: that would be an authority for himself.
        """
        if self.env.su:
            return
        is_officer = self.env.user.has_group(
            "helpdesk_complaint.group_complaint_officer"
        )
        for record in self:
            if record.absent_id != self.env.user and not is_officer:
                raise AccessError(
                    self.env._(
                        "%(name)s: you enter your own absence only. Ask a compliance "
                        "officer for that of a colleague.",
                        name=record.display_name,
                    )
                )
            if record.substitute_id == self.env.user:
                raise UserError(
                    self.env._(
                        "%(name)s: nobody makes himself the substitute. Ask the "
                        "absent person or another compliance officer.",
                        name=record.display_name,
                    )
                )

    def _refuse_past(self, vals):
        """What may have been done in somebody's place stays explained: it has begun.

        The end alone may still move.
        """
        if {"date_to", "reason"}.issuperset(vals):
            return
        today = fields.Date.context_today(self)
        for record in self:
            if record.date_from <= today:
                raise UserError(
                    self.env._(
                        "“%(name)s” has begun and is evidence: only its end and its "
                        "reason may change. End it and enter another one.",
                        name=record.display_name,
                    )
                )

    @api.model
    @ormcache("company_id")
    def _book(self, company_id):
        """The absences of a company, as values: read once, until one changes."""
        # sudo: complaint.substitution - who stands in is decided for everybody
        return tuple(
            authority.Absence(
                record.absent_id.id,
                record.substitute_id.id,
                record.date_from,
                record.date_to,
            )
            for record in self.sudo().search([("company_id", "=", company_id)])
        )
