from odoo import api, fields, models

from .complaint_terms import STATES


class HelpdeskTicketTeam(models.Model):
    _inherit = "helpdesk.ticket.team"

    complaint_intake = fields.Boolean(
        "Complaint desk",
        help="Every e-mail sent to this team's address is reported as a complaint, "
        "and the portal offers the team to complainants.",
    )
    complaint_public_url = fields.Char(
        "Public page", compute="_compute_complaint_public_url"
    )
    complaint_agency_code = fields.Char(
        "Agency code",
        help="Second part of the register number; by default the company's.",
    )
    complaint_regime_ids = fields.Many2many(
        "complaint.regime",
        "complaint_regime_team_rel",
        "team_id",
        "regime_id",
        "Complaint regimes",
        domain=[("is_overlay", "=", False)],
        help="Apply to the complaints of this team; by default the company's.",
    )

    @api.depends("complaint_intake", "show_in_portal")
    def _compute_complaint_public_url(self):
        for team in self:
            is_open = team.complaint_intake and team.show_in_portal and team._origin
            team.complaint_public_url = (
                is_open and f"{team.get_base_url()}/complaint?desk={team._origin.id}"
            )


class HelpdeskTicketStage(models.Model):
    _inherit = "helpdesk.ticket.stage"

    complaint_state = fields.Selection(
        STATES,
        "Follows the complaint state",
        help="A complaint that enters this state moves to this stage. The stage "
        "itself never changes the state.",
    )
