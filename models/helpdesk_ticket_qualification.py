from odoo import api, fields, models
from odoo.exceptions import UserError

from .complaint_terms import FILE_GROUPS


class HelpdeskTicket(models.Model):
    """2. Qualification: complaint or not, by whom, why, under which regimes."""

    _inherit = "helpdesk.ticket"

    complaint_regime_ids = fields.Many2many(
        "complaint.regime",
        "complaint_regime_ticket_rel",
        "ticket_id",
        "regime_id",
        "Regimes",
        readonly=True,
        copy=False,
        check_company=True,
        ondelete="restrict",
        help="Laws, recommendations and house procedures that apply.",
        groups=FILE_GROUPS,
    )
    complaint_regime_names = fields.Char(
        "Regimes in short", compute="_compute_complaint_regime_names", compute_sudo=True
    )
    complaint_regimes_by_hand = fields.Boolean(
        "Regimes chosen by hand", readonly=True, copy=False, groups=FILE_GROUPS
    )
    complaint_qualified_by_id = fields.Many2one(
        "res.users", "Qualified by", readonly=True, copy=False, groups=FILE_GROUPS
    )
    complaint_qualified_at = fields.Datetime(
        "Qualified on", readonly=True, copy=False, groups=FILE_GROUPS
    )
    complaint_qualification_reason = fields.Text(
        "Reason of the qualification", readonly=True, copy=False, groups=FILE_GROUPS
    )

    @api.depends("complaint_regime_ids.short_name", "complaint_regime_ids.name")
    @api.depends_context("lang")
    def _compute_complaint_regime_names(self):
        for ticket in self:
            regimes = ticket.complaint_regime_ids.filtered(lambda r: not r.is_overlay)
            ticket.complaint_regime_names = ", ".join(
                regime.short_name or regime.name for regime in regimes
            )

    def complaint_qualify(self, is_complaint, reason, regime_ids=None):
        """Decide whether these tickets are complaints; a “no” can be challenged.

        A “yes” gives the register number and fixes the regimes. Deadlines count
        from the day the regime names, not from today.

        :param bool is_complaint: the decision
        :param str reason: why, in a sentence that an auditor understands
        :param regime_ids: ids of the regimes; by default those found at intake
        :return: True
        :raises UserError: without reason, or without regime for a complaint
        """
        self._complaint_check_role("group_complaint_manager")
        event = "qualify_yes" if is_complaint else "qualify_no"
        self._complaint_check_step(event)
        if not (reason or "").strip():
            raise UserError(
                self.env._(
                    "%(ticket)s: a qualification needs its reason. Write why it is, "
                    "or is not, a complaint.",
                    ticket=self[:1].display_name,
                )
            )
        now = fields.Datetime.now()
        values = {
            "complaint_qualified_by_id": self.env.uid,
            "complaint_qualified_at": now,
            "complaint_qualification_reason": reason,
        }
        if is_complaint:
            self._complaint_set_regimes(regime_ids)
            self._complaint_register(now)
        self._complaint_enter_state(event, **values)
        self._complaint_end_step("qualify", now)
        self._complaint_log(
            event,
            note=reason,
            data={
                "by_ticket": {
                    ticket.id: {
                        "number": ticket.complaint_number or "",
                        "regimes": ticket.complaint_regime_ids.mapped("code"),
                    }
                    for ticket in self
                }
            },
        )
        self._complaint_sync_deadlines()
        return True

    def _complaint_take_default_regimes(self):
        """Give each ticket the regimes of its team, else those of its company."""
        none = self.env["res.company"]
        # sudo: helpdesk.ticket, its team and company - any agent reports
        for ticket in self.sudo().filtered(lambda x: not x.complaint_regime_ids):
            team, company = ticket.team_id, ticket.company_id
            regimes = team.complaint_regime_ids or company.complaint_regime_ids
            # A regime set on the wrong company's team is no reason to lose a complaint.
            ticket.complaint_regime_ids = regimes._with_overlays().filtered(
                lambda regime, company=company: regime.company_id in (company, none)
            )

    def _complaint_set_regimes(self, regime_ids):
        regimes = self.env["complaint.regime"].browse(regime_ids or [])
        if regimes:
            regimes = regimes.exists()
            # sudo: helpdesk.ticket - the regimes are written by this step only
            self.sudo().write({"complaint_regime_ids": regimes._with_overlays().ids})
        for ticket in self:
            if not ticket.complaint_regime_ids.filtered(lambda r: not r.is_overlay):
                raise UserError(
                    self.env._(
                        "%(ticket)s: no regime applies yet, so nothing would be "
                        "promised. Choose one, or set one on the team “%(team)s”.",
                        ticket=ticket.display_name,
                        team=ticket.team_id.name or self.env._("(no team)"),
                    )
                )
