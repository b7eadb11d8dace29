from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize, format_datetime, html2plaintext, is_html_empty

from .complaint_terms import REFUSAL_CODES


class ComplaintLetter(models.Model):
    """What a letter must hold before it may leave."""

    _inherit = "complaint.letter"

    def _check_complete(self):
        """Raise for what a letter lacks to be sent."""
        self.ensure_one()
        self._check_language(self.lang, self.ticket_id)
        name = self.ticket_id.display_name
        if not (self.subject or "").strip() or is_html_empty(self.body):
            raise UserError(
                self.env._(
                    "%(ticket)s: a letter needs a subject and a text. Write them.",
                    ticket=name,
                )
            )
        if self.channel == "email" and not self.recipient_email:
            raise UserError(
                self.env._(
                    "%(ticket)s: the complainant has no e-mail address. Enter one, or "
                    "send the letter by post.",
                    ticket=name,
                )
            )
        if self.channel == "email" and not email_normalize(self.recipient_email):
            raise UserError(
                self.env._(
                    "%(ticket)s: “%(email)s” is no e-mail address. Correct it on the "
                    "letter.",
                    ticket=name,
                    email=self.recipient_email,
                )
            )
        if (
            self.channel in ("post", "registered")
            and not (self.recipient_address or "").strip()
        ):
            raise UserError(
                self.env._(
                    "%(ticket)s: a letter sent by post needs the complainant's postal "
                    "address. Enter it on the letter.",
                    ticket=name,
                )
            )
        if self.posted_at and self.posted_at > fields.Datetime.now():
            raise UserError(
                self.env._(
                    "%(ticket)s: a letter cannot have been handed over in the future. "
                    "Correct the date.",
                    ticket=name,
                )
            )
        ticket = self.ticket_id
        since = ticket.complaint_received_at
        if ticket.complaint_cycle > 1:
            since = ticket.complaint_cycle_started_at
        if self._left_at() < since:
            raise UserError(
                self.env._(
                    "%(ticket)s: a letter cannot have been handed over before "
                    "%(date)s, when the complaint was received or opened again. "
                    "Correct the date.",
                    ticket=name,
                    date=format_datetime(self.env, since),
                )
            )
        if self.code in REFUSAL_CODES:
            self._check_recourse()

    @api.model
    def _check_language(self, lang, ticket=None):
        """Raise for a language that is not installed, or no longer.

        :param str lang: code; none is not checked
        :param ticket: the complaint, to name it
        """
        installed = dict(self.env["res.lang"].get_installed())
        if not lang or lang in installed:
            return
        known = (
            self.env["res.lang"]
            .with_context(active_test=False)
            .search([("code", "=", lang)], limit=1)
        )
        raise UserError(
            self.env._(
                "%(ticket)s: the letter is to be written in “%(lang)s”, which is not "
                "installed. Choose another language (%(installed)s), or let an "
                "administrator add it in Settings / Translations / Languages.",
                ticket=ticket and ticket.display_name or self.env._("Letter"),
                lang=known.name or lang,
                installed=", ".join(installed.values()),
            )
        )

    def _check_recourse(self):
        """A refusal, even partial, names every recourse body of its regimes."""
        ticket = self.ticket_id
        bodies = ticket._complaint_recourse_bodies()
        if not bodies:
            raise UserError(
                self.env._(
                    "%(ticket)s: a refusal must name the recourse, and the regimes "
                    "%(regimes)s name no recourse body. Add one in Helpdesk / "
                    "Configuration / Complaints / Regimes.",
                    ticket=ticket.display_name,
                    regimes=", ".join(ticket.complaint_regime_ids.mapped("name")),
                )
            )
        text = " ".join(html2plaintext(self.body).split())
        missing = bodies.with_context(lang=self.lang).filtered(
            lambda body: not all(words in text for words in body._words_of_refusal())
        )
        if missing:
            raise UserError(
                self.env._(
                    "%(ticket)s: the refusal does not name its recourse: "
                    "%(bodies)s. Put it back into the text.",
                    ticket=ticket.display_name,
                    bodies=", ".join(missing.mapped("name")),
                )
            )
