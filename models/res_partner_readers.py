from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .complaint_terms import FILE_GROUPS

# Written by opening and closing, never by a form or a call.
READER_FIELDS = frozenset(
    {
        "complaint_reader_state",
        "complaint_sees_company_id",
        "complaint_sees_company",
        "complaint_reader_ids",
        "complaint_told_partner_id",
        "complaint_told_mail_id",
        "complaint_told_at",
        "complaint_unproved_email",
    }
)
MANAGER = "helpdesk_complaint.group_complaint_manager"


class ResPartner(models.Model):
    """Contacts who follow the complaints of their company.

    A contact does so once the company's administrator was told by e-mail who will
    see what from when: it opens when that e-mail has left, and a manager ends it.
    He reads; he neither writes, accepts nor contests. Confidential complaints are
    never his to read.
    """

    _inherit = "res.partner"

    complaint_reader_state = fields.Selection(
        [("asked", "The administrator is being told"), ("open", "Open")],
        "Company's complaints",
        readonly=True,
        copy=False,
        groups=FILE_GROUPS,
    )
    complaint_sees_company_id = fields.Many2one(
        "res.partner",
        "Follows the complaints of",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups=FILE_GROUPS,
    )
    complaint_sees_company = fields.Boolean(
        "Follows his company's complaints",
        compute="_compute_complaint_sees_company",
        store=True,
        groups=FILE_GROUPS,
        help="He reads what his company's contacts complained about, except what is "
        "confidential. Ends by itself when he leaves the company.",
    )
    complaint_told_partner_id = fields.Many2one(
        "res.partner",
        "Administrator told",
        readonly=True,
        copy=False,
        groups=FILE_GROUPS,
    )
    complaint_told_mail_id = fields.Many2one(
        "mail.mail",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups="base.group_system",
    )
    complaint_told_at = fields.Datetime(
        "Told on", readonly=True, copy=False, groups=FILE_GROUPS
    )
    complaint_reader_ids = fields.One2many(
        "res.partner",
        "complaint_sees_company_id",
        "Contacts who follow its complaints",
        domain=[("complaint_sees_company", "=", True)],
        readonly=True,
        copy=False,
        groups=FILE_GROUPS,
    )

    @api.depends(
        "complaint_reader_state", "complaint_sees_company_id", "commercial_partner_id"
    )
    def _compute_complaint_sees_company(self):
        for partner in self:
            partner.complaint_sees_company = (
                partner.complaint_reader_state == "open"
                and partner.complaint_sees_company_id == partner.commercial_partner_id
                and partner.complaint_sees_company_id != partner
            )

    # ------------------------------------------------------------------
    # Opening and closing
    # ------------------------------------------------------------------

    def complaint_open_company(self, administrator_id):
        """Let these contacts follow their company's complaints, its administrator told.

        It opens once the e-mail to the administrator has left.

        :param int administrator_id: the contact who answers for the company
        :return: True
        :raises UserError: when they are no contacts of one company, or the
            administrator is none of it or cannot be written to
        """
        self._complaint_check_reader_manager()
        administrator = self.browse(administrator_id).exists()
        company = self.commercial_partner_id
        self._complaint_check_readers(company, administrator)
        # sudo: mail.mail - managers may not create mails
        mail = (
            self.env["mail.mail"]
            .sudo()
            .create(self._prepare_complaint_readers_mail_vals(company, administrator))
        )
        self.sudo().write(  # sudo: res.partner - closed to everybody else
            {
                "complaint_reader_state": "asked",
                "complaint_sees_company_id": company.id,
                "complaint_told_partner_id": administrator.id,
                "complaint_told_mail_id": mail.id,
                "complaint_told_at": False,
            }
        )
        self._complaint_note_readers(
            self.env._(
                "%(administrator)s is told by e-mail that this contact will follow the "
                "complaints of %(company)s.",
                administrator=administrator.name,
                company=company.name,
            )
        )
        # sudo: ir.cron - whoever opens may not manage jobs
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()
        return True

    def complaint_close_company(self):
        """End it: from now on these contacts see their own complaints only."""
        self._complaint_check_reader_manager()
        self._complaint_close_readers(
            self.env._("This contact no longer follows his company's complaints.")
        )
        return True

    def action_complaint_readers(self):
        """Ask who may follow this company's complaints."""
        self.ensure_one()
        self._complaint_check_reader_manager()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Who may follow this company's complaints"),
            "res_model": "complaint.company.reader",
            "view_mode": "form",
            "target": "new",
            "context": {"default_company_id": self.commercial_partner_id.id},
        }

    def _complaint_open_told(self):
        """The administrator was told: open what waited for it."""
        asked = self.filtered(lambda x: x.complaint_reader_state == "asked")
        if asked:
            asked.write(
                {
                    "complaint_reader_state": "open",
                    "complaint_told_at": fields.Datetime.now(),
                }
            )
            asked._complaint_note_readers(
                self.env._("This contact now follows his company's complaints.")
            )

    def _complaint_close_readers(self, why):
        # sudo: res.partner - closed to everybody else
        readers = self.sudo().filtered("complaint_reader_state")
        readers._complaint_note_readers(why)
        readers.write(
            {
                "complaint_reader_state": False,
                "complaint_sees_company_id": False,
                "complaint_told_mail_id": False,
            }
        )

    def _complaint_close_merged(self):
        """Who is merged is another person, or another company: it is asked again."""
        # sudo: res.partner - closed to everybody else
        affected = self.sudo() | self.sudo().search(
            [("complaint_sees_company_id", "in", self.ids)]
        )
        affected._complaint_close_readers(
            self.env._(
                "Contacts were merged: this one no longer follows his company's "
                "complaints. Open it again if he should."
            )
        )

    def _complaint_note_readers(self, text):
        for partner in self.sudo():  # sudo: mail.message - a note on the contact
            partner.message_post(body=text, subtype_xmlid="mail.mt_note")

    def _complaint_check_reader_manager(self):
        if self.env.su:
            return
        if not self.env.user.has_group(MANAGER):
            raise AccessError(
                self.env._(
                    "%(partner)s: who follows a company's complaints is decided by "
                    "complaint managers. Ask one.",
                    partner=self[:1].display_name,
                )
            )
        self.check_access("read")

    def _complaint_check_readers(self, company, administrator):
        contacts = self.filtered(lambda x: x != x.commercial_partner_id)
        if not self or len(company) != 1 or contacts != self or not company.is_company:
            raise UserError(
                self.env._(
                    "%(partners)s: choose contacts of one company. Enter first of "
                    "which company they are.",
                    partners=", ".join(self.mapped("display_name")) or "/",
                )
            )
        if administrator.commercial_partner_id != company or administrator == company:
            raise UserError(
                self.env._(
                    "%(company)s: its administrator is a contact of this company. "
                    "Choose or add one.",
                    company=company.display_name,
                )
            )
        if not administrator.email_normalized:
            raise UserError(
                self.env._(
                    "%(administrator)s has no e-mail address and cannot be told. Enter "
                    "it on the contact.",
                    administrator=administrator.display_name,
                )
            )

    def _prepare_complaint_readers_mail_vals(self, company, administrator):
        """The e-mail that says who will see what from when."""
        lang = administrator.lang or self.env.lang
        spoken = self.with_context(lang=lang)
        body = (
            self.env["ir.qweb"]
            .with_context(lang=lang)
            ._render(
                "helpdesk_complaint.mail_company_readers",
                {
                    "administrator": administrator,
                    "company": company,
                    "readers": self,
                    "us": self.env.company,
                },
                lang=lang,
            )
        )
        return {
            "subject": spoken.env._(
                "%(us)s: who follows the complaints of %(company)s",
                us=self.env.company.name,
                company=company.name,
            ),
            "body_html": body,
            "recipient_ids": [fields.Command.link(administrator.id)],
            "email_from": self.env.company.email_formatted
            or self.env.user.email_formatted,
            "model": "res.partner",
            "res_id": company.id,
            "is_notification": True,
            # what was told is kept on the company
            "auto_delete": False,
        }

    def _complaint_refuse_reader_fields(self, vals):
        """The test is on superuser mode, which no call from outside can obtain."""
        if READER_FIELDS.intersection(vals) and not self.env.su:
            raise UserError(
                self.env._(
                    "%(partner)s: who follows a company's complaints is not written by "
                    "hand. Use “Who may follow this company's complaints”.",
                    partner=self[:1].display_name or vals.get("name") or "/",
                )
            )
