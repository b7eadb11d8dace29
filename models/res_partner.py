from odoo import api, models
from odoo.exceptions import UserError

from .res_partner_readers import READER_FIELDS


class ResPartner(models.Model):
    _inherit = "res.partner"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._complaint_refuse_reader_fields(vals)
        # Keys are taken away here, which keyword arguments cannot do.
        # pylint: disable=context-overridden
        partners = self.with_context(
            {
                key: value
                for key, value in self.env.context.items()
                if key[8:] not in READER_FIELDS
            }
        )
        created = super(ResPartner, partners).create(vals_list)
        created = created.with_env(self.env)
        if self.env.user.share:
            created._complaint_doubt_emails(dict.fromkeys(created, False))
        return created

    def write(self, vals):
        self._complaint_refuse_reader_fields(vals)
        if "email" not in vals:
            return super().write(vals)
        typed = self._complaint_emails_typed_by_holder()
        result = super().write(vals)
        self._complaint_doubt_emails(typed)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_complainant(self):
        """A complaint keeps its complainant as long as it is kept itself."""
        complaint = self._complaints(limit=1)
        if complaint:
            raise UserError(
                self.env._(
                    "%(partner)s is the complainant of %(ticket)s and cannot be "
                    "deleted while the complaint must be kept. Archive the contact.",
                    partner=complaint.partner_id.display_name,
                    ticket=complaint.complaint_reference,
                )
            )

    def _complaints(self, limit=None):
        """The complaints of these people, whoever asks, archived ones too."""
        # sudo: helpdesk.ticket - the guard holds for those who cannot read it
        model = self.env["helpdesk.ticket"].sudo().with_context(active_test=False)
        return model.search(
            [("partner_id", "in", self.ids), ("complaint_state", "!=", False)],
            limit=limit,
        )


class PartnerMerge(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Write to the history of complaints that their complainant was merged."""
        people = self.env["res.partner"].browse(partner_ids).exists()
        people._complaint_close_merged()
        before = {ticket: ticket.partner_id.id for ticket in people._complaints()}
        result = super()._merge(
            partner_ids, dst_partner=dst_partner, extra_checks=extra_checks
        )
        # sudo: helpdesk.ticket - the history says it, whoever merges
        tickets = self.env["helpdesk.ticket"].sudo().union(*before)
        tickets.invalidate_recordset(["partner_id"], flush=False)
        changes = {
            ticket.id: {"partner_id": [[before[ticket]], ticket.partner_id.ids]}
            for ticket in tickets
            if ticket.partner_id.id != before[ticket]
        }
        tickets.browse(changes)._complaint_log("change", data={"by_ticket": changes})
        return result
