from odoo import fields, models

# Where the custom is a window on the left, as in DIN 5008; elsewhere it is on the
# right, as in France and as Odoo's own layouts have it.
LEFT_WINDOW_COUNTRIES = frozenset({"AT", "CH", "DE", "GB", "IE", "LI", "NL"})


class ResCompany(models.Model):
    _inherit = "res.company"

    def _default_complaint_consent_text(self):
        return self.env._(
            "I agree that what I enter here is used to handle my complaint, by the "
            "people in charge of it, and kept as long as the law asks. I may see it "
            "and have it corrected."
        )

    complaint_agency_code = fields.Char(
        "Agency code",
        default="0001",
        help="Second part of the register numbers of complaints (aa.agency.order).",
    )
    complaint_regime_ids = fields.Many2many(
        "complaint.regime",
        "complaint_regime_company_rel",
        "company_id",
        "regime_id",
        "Complaint regimes",
        help="Apply to complaints of teams that have none of their own.",
    )
    complaint_authority_required = fields.Boolean(
        "Only named people qualify, sign and grant",
        help="Off: whoever is not named acts by his role.",
    )
    complaint_two_people_amount = fields.Monetary(
        "Two people from this amount on",
        currency_field="currency_id",
        help="A final reply that grants as much or more is approved by somebody who "
        "did not write it. Zero: never for its amount.",
    )
    complaint_similar_months = fields.Integer(
        "Similar complaints of the last (months)",
        default=12,
        help="Complaints received this long before or after another are proposed as "
        "similar to it. Zero: none are.",
    )
    complaint_window = fields.Selection(
        [
            ("country", "As in its country"),
            ("right", "Right (France)"),
            ("left", "Left (DIN 5008)"),
        ],
        "Envelope window",
        default="country",
        required=True,
        help="Where the address of a letter stands, so that it shows in the window of "
        "a DL envelope.",
    )

    complaint_link_days = fields.Integer(
        "Links to follow a complaint are valid for (days)",
        default=180,
        help="Whoever complains without an account follows his complaint by such a "
        "link. A new one is sent to his address whenever he asks.",
    )
    complaint_public_text = fields.Html(
        "Welcome on the public page",
        translate=True,
        help="Stands above the form for everybody, below the title.",
    )
    complaint_consent_text = fields.Text(
        "Who complains agrees to",
        translate=True,
        default=lambda self: self._default_complaint_consent_text(),
        help="Stands beside a box to tick in the form; what was agreed to is kept with "
        "the complaint. Empty: no box. Have it checked by who looks after data "
        "protection.",
    )

    _complaint_link_days_positive = models.Constraint(
        "CHECK(complaint_link_days > 0)",
        "A link to follow a complaint is valid for at least one day.",
    )

    def _complaint_consent(self):
        """What who complains agrees to, in the language of the context.

        The text that a company starts with was written in one language, before others
        were added: as long as nobody has changed it, the addon's own words count.
        """
        self.ensure_one()
        starts = {
            self.with_context(lang=code)._default_complaint_consent_text()
            for code, _name in self.env["res.lang"].get_installed()
        }
        if self.complaint_consent_text in starts:
            return self._default_complaint_consent_text()
        return self.complaint_consent_text

    def _complaint_window_side(self):
        """``"right"`` or ``"left"``: where letters have the address."""
        if self.complaint_window in ("right", "left"):
            return self.complaint_window
        is_left = self.country_id.code in LEFT_WINDOW_COUNTRIES
        return "left" if is_left else "right"

    def _complaint_sender_line(self):
        """The company's own address, in a line above the recipient's."""
        place = " ".join(filter(None, [self.zip, self.city]))
        return list(filter(None, [self.name, self.street, place]))


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    complaint_agency_code = fields.Char(
        related="company_id.complaint_agency_code", readonly=False
    )
    complaint_regime_ids = fields.Many2many(
        related="company_id.complaint_regime_ids", readonly=False
    )
    complaint_two_people_amount = fields.Monetary(
        related="company_id.complaint_two_people_amount",
        currency_field="complaint_currency_id",
        readonly=False,
    )
    complaint_currency_id = fields.Many2one(related="company_id.currency_id")
    complaint_authority_required = fields.Boolean(
        related="company_id.complaint_authority_required", readonly=False
    )
    complaint_similar_months = fields.Integer(
        related="company_id.complaint_similar_months", readonly=False
    )
    complaint_window = fields.Selection(
        related="company_id.complaint_window", readonly=False, required=True
    )
    complaint_link_days = fields.Integer(
        related="company_id.complaint_link_days", readonly=False
    )
    complaint_public_text = fields.Html(
        related="company_id.complaint_public_text", readonly=False
    )
    complaint_consent_text = fields.Text(
        related="company_id.complaint_consent_text", readonly=False
    )
