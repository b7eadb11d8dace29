import hashlib
import json

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import email_normalize, plaintext2html

# For how long the same content from the same person is the same complaint: on the
# portal, where nothing else tells two clicks from two complaints, and on a page whose
# own key tells them.
TWIN_SECONDS = 60
KEYED_SECONDS = 7 * 24 * 3600
# What a form may fill, besides what it says of the people.
FORM_FIELDS = (
    "complaint_request",
    "complaint_subject_ref",
    "complaint_fact_date",
    "category_id",
    "complaint_reply_by",
    "complaint_phone",
    "complaint_postal_address",
    "complaint_consent",
)
PEOPLE_FIELDS = (
    "partner_name",
    "partner_email",
    "complaint_representative_name",
    "complaint_representative_email",
)


class HelpdeskTicket(models.Model):
    """1. Intake by a form: that of the public page, and that of the portal."""

    _inherit = "helpdesk.ticket"

    complaint_fact_date = fields.Date(
        "Date of the facts",
        copy=False,
        help="When it happened, as the complainant says.",
    )
    complaint_consent = fields.Text(
        "Agreed to",
        readonly=True,
        copy=False,
        help="The text that the complainant agreed to when he sent the form.",
    )

    @api.model
    def _complaint_portal_desk(self, desk_id=None):
        """The team that takes the complaints of the portal, or none.

        That of the user's company, else of another company of his, else a team
        without company.

        :param desk_id: a team asked for by its number, of any company
        """
        # sudo: helpdesk.ticket.team - a customer reads no configuration
        model = self.env["helpdesk.ticket.team"].sudo()
        open_to_all = Domain("complaint_intake", "=", True) & Domain(
            "show_in_portal", "=", True
        )
        if desk_id:
            asked = model.search(open_to_all & Domain("id", "=", desk_id))
            if asked:
                return asked
        companies = self.env.company | self.env.user.company_ids
        teams = model.search(
            open_to_all & Domain("company_id", "in", [*companies.ids, False])
        )
        ranks = {company.id: rank for rank, company in enumerate(companies)}
        teams = teams.sorted(lambda team: ranks.get(team.company_id.id, len(ranks)))
        if not teams and self.env.user._is_public():
            # A visitor belongs to no company: where there is one desk, it is his.
            teams = model.search(open_to_all)
            return teams if len(teams) == 1 else teams.browse()
        return teams[:1]

    @api.model
    def _complaint_portal_desks(self):
        """The desks among which a visitor chooses when none is meant by itself."""
        # sudo: helpdesk.ticket.team - a visitor reads no configuration
        return (
            self.env["helpdesk.ticket.team"]
            .sudo()
            .search([("complaint_intake", "=", True), ("show_in_portal", "=", True)])
        )

    @api.model
    def _complaint_submit(self, values, files, desk=None, form_key=""):
        """Take a complaint from a form, in the name of the current user or visitor.

        The same content sent again gives the same complaint: within a minute, or
        whenever the same form is sent twice.

        :param dict values: ``name``, ``description`` (plain text) and, if given, the
            fields of ``FORM_FIELDS``; of a visitor, or of somebody who writes for
            another person (``is_represented``), those of ``PEOPLE_FIELDS``; other
            keys are ignored
        :param list files: pairs of file name and bytes
        :param desk: the team that takes it, by default that of the portal
        :param str form_key: a random text that the form carries
        :return: the complaint, with the system's rights, and whether it is new
        """
        desk = desk or self._complaint_portal_desk()
        vals = self._prepare_complaint_form_vals(values, desk)
        claim = self.env["complaint.submission"]._claim(
            self._complaint_content_digest(vals, files, form_key),
            KEYED_SECONDS if form_key else TWIN_SECONDS,
        )
        if claim.ticket_id:
            return claim.ticket_id, False
        company = self.env["res.company"].browse(vals["company_id"])
        channel = "form" if self.env.user._is_public() else "portal"
        # sudo: helpdesk.ticket - a customer creates tickets by this form only
        model = self.sudo().with_context(complaint_channel=channel)
        complaint = model.with_company(company).create(vals)
        claim.ticket_id = complaint
        complaint._complaint_keep_files(files)
        if complaint.partner_id:
            complaint.message_subscribe(complaint.partner_id.ids)
        complaint.complaint_report(
            sent_date=complaint._complaint_local_day(complaint.create_date),
            medium="written",
        )
        return complaint.with_env(self.env).sudo(), True  # sudo: same

    def _complaint_content_digest(self, vals, files, form_key=""):
        """What makes two submissions the same: who, what, and which files."""
        who = "" if self.env.user._is_public() else self.env.uid
        sums = sorted((name, hashlib.sha256(raw).hexdigest()) for name, raw in files)
        content = [form_key, who, sorted(vals.items()), sums]
        text = json.dumps(content, default=str, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def _prepare_complaint_form_vals(self, values, desk):
        channel = self.env.ref(
            "helpdesk_mgmt.helpdesk_ticket_channel_web", raise_if_not_found=False
        )
        return {
            "name": values["name"],
            "description": plaintext2html(values["description"]),
            **{name: values.get(name) or False for name in FORM_FIELDS},
            **self._prepare_complaint_people_vals(values),
            "channel_id": channel.id if channel else False,
            "company_id": (desk.company_id or self.env.company).id,
            "team_id": desk.id,
            "user_id": False,
        }

    def _prepare_complaint_people_vals(self, values):
        """Who complains, and who writes for him.

        A visitor is who he says he is, so no contact is looked up: whoever has that
        address will claim the complaint by a link that is sent there.
        """
        user = self.env.user
        given = {name: values.get(name) or False for name in PEOPLE_FIELDS}
        if user._is_public():
            lang = self.env["res.lang"]._get_data(code=self.env.lang).code
            return {**given, "partner_id": False, "complaint_lang": lang}
        sender = {"name": user.partner_id.name, "email": user.partner_id.email}
        if values.get("is_represented"):
            return {
                **given,
                "partner_id": False,
                "complaint_representative_id": user.partner_id.id,
                "complaint_representative_name": sender["name"],
                "complaint_representative_email": sender["email"],
            }
        return {
            "partner_id": user.partner_id.id,
            "partner_name": sender["name"],
            "partner_email": sender["email"],
        }

    def _complaint_keep_files(self, files):
        """Keep files that the complainant gave: he sees them whoever he is here."""
        # sudo: ir.attachment - customers create none by themselves
        return (
            self.env["ir.attachment"]
            .sudo()
            .create(
                [
                    {
                        "name": name,
                        "raw": content,
                        "res_model": self._name,
                        "res_id": self.id,
                        "complaint_is_given": True,
                    }
                    for name, content in files
                ]
            )
        )

    def _complaint_party_email(self):
        """The normalised address of who wrote it: the representative if there is one.

        :return: a pair: the address or False, and the role it stands for
        """
        self.ensure_one()
        if self.complaint_representative_email:
            return email_normalize(self.complaint_representative_email), (
                "representative"
            )
        email = self.partner_email or self.partner_id.email
        return email_normalize(email or ""), "complainant"
