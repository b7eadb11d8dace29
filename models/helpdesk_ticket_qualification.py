from odoo import api, fields, models
from odoo.exceptions import UserError

from .complaint_terms import FILE_GROUPS, LIVE_STATES


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
        :raises UserError: without reason, or without regime for a complaint; without
            authority, naming who could
        """
        self._complaint_check_role()
        authorities = self._complaint_check_authority("qualify")
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
            # Under the regimes that it is qualified for, whatever they were before.
            authorities = self._complaint_check_authority("qualify")
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
                        **ticket._complaint_authority_evidence(
                            authorities.get(ticket.id)
                        ),
                    }
                    for ticket in self
                }
            },
        )
        self._complaint_drop_asked()
        self._complaint_sync_deadlines()
        self.sudo()._complaint_decide_by_silence()  # sudo: complaint.deadline - silent
        return True

    def complaint_change_regimes(self, regime_ids, reason):
        """Put complaints under other regimes; their promises follow, from the start.

        :param regime_ids: ids of the regimes, those they bring along excepted
        :param str reason: why, in a sentence that an auditor understands
        :return: True
        :raises UserError: without reason or regime, or once the file is closed
        """
        self._complaint_check_role()
        self._complaint_check_step("change_regimes")
        self._complaint_check_authority("qualify")
        self._complaint_check_reason(reason)
        before = {ticket.id: ticket.complaint_regime_ids for ticket in self}
        self._complaint_set_regimes(regime_ids or [0])
        authorities = self._complaint_check_authority("qualify")
        # sudo: helpdesk.ticket - step fields
        self.sudo().write({"complaint_regimes_by_hand": True})
        self._complaint_log_regimes(before, note=reason, authorities=authorities)
        self._complaint_sync_deadlines(log=True)
        return True

    def _complaint_log_regimes(self, before, note=None, authorities=None):
        self._complaint_log(
            "change_regimes",
            note=note,
            data={
                "by_ticket": {
                    ticket.id: {
                        "old": before[ticket.id].mapped("code"),
                        "new": ticket.complaint_regime_ids.mapped("code"),
                        **ticket._complaint_authority_evidence(
                            (authorities or {}).get(ticket.id)
                        ),
                    }
                    for ticket in self
                }
            },
        )

    def _complaint_find_regimes(self):
        """The regimes that the rules, the team or the company give each complaint.

        :return: dict by ticket of ``complaint.regime``, with those they bring along
        """
        # sudo: complaint.regime.rule, helpdesk.ticket - any agent reports
        rules = self.env["complaint.regime.rule"].sudo().search([])
        none = self.env["res.company"]
        found = {}
        for ticket in self.sudo():  # sudo: same
            regimes = rules._find_regimes(ticket)._with_overlays()
            found[ticket.id] = regimes.filtered(
                lambda regime, company=ticket.company_id: (
                    regime.company_id in (company, none)
                )
            )
        return found

    def _complaint_take_default_regimes(self):
        """Give the tickets that have no regime yet those that are found for them."""
        tickets = self.sudo()  # sudo: helpdesk.ticket - any agent reports
        tickets = tickets.filtered(lambda x: not x.complaint_regime_ids)
        groups = {}
        for ticket_id, regimes in tickets._complaint_find_regimes().items():
            groups.setdefault(regimes, []).append(ticket_id)
        for regimes, ids in groups.items():
            tickets.browse(ids).complaint_regime_ids = regimes

    def _complaint_find_regimes_again(self):
        """Follow the rules where what they look at has changed.

        Not where a manager chose the regimes, nor where the rules find none any more:
        what was promised is not taken back by an empty list.
        """
        # sudo: helpdesk.ticket - step fields
        tickets = self.sudo().filtered(
            lambda x: (
                x.complaint_state in LIVE_STATES and not x.complaint_regimes_by_hand
            )
        )
        before = {}
        for ticket_id, regimes in tickets._complaint_find_regimes().items():
            ticket = self.sudo().browse(ticket_id)  # sudo: same
            if regimes and regimes != ticket.complaint_regime_ids:
                before[ticket_id] = ticket.complaint_regime_ids
                ticket.complaint_regime_ids = regimes
        self.browse(before)._complaint_log_regimes(before)

    def _complaint_set_regimes(self, regime_ids):
        regimes = self.env["complaint.regime"].browse(regime_ids or [])
        if regimes:
            regimes = regimes.exists()
            found = self._complaint_find_regimes()
            by_hand = self.filtered(
                lambda x: found[x.id].filtered(lambda r: not r.is_overlay) != regimes
            )
            # sudo: helpdesk.ticket - the regimes are written by this step only
            chosen = fields.Command.set(regimes._with_overlays().ids)
            self.sudo().write({"complaint_regime_ids": [chosen]})  # sudo: same
            by_hand.sudo().write({"complaint_regimes_by_hand": True})  # sudo: same
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
