from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize, format_datetime, is_html_empty

from .complaint_html import ODR_PLATFORM, PLACEHOLDER, plain, says, squeeze
from .complaint_terms import REFUSAL_CODES


class ComplaintLetter(models.Model):
    """What a letter must hold before it may leave."""

    _inherit = "complaint.letter"

    missing_help = fields.Html(
        "Still missing",
        compute="_compute_missing_help",
        help="What the regimes demand of this letter and its text does not say.",
    )

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
        missing = self._missing_words()
        if missing:
            raise UserError(self._missing_message(missing))

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

    def _missing_message(self, missing):
        """All that a letter lacks, at once."""
        name = self.ticket_id.display_name
        if len(missing) == 1:
            return self.env._(
                "%(ticket)s: %(missing)s", ticket=name, missing=missing[0]
            )
        return self.env._(
            "%(ticket)s: the letter “%(letter)s” cannot be sent yet:\n%(missing)s",
            ticket=name,
            letter=self.display_name,
            missing="\n".join(f"- {line}" for line in missing),
        )

    # ------------------------------------------------------------------
    # What its text must hold
    # ------------------------------------------------------------------

    @api.depends("subject", "body", "lang", "template_id", "ticket_id", "state")
    @api.depends_context("lang")
    def _compute_missing_help(self):
        for letter in self:
            missing = []
            if letter.state != "sent" and letter.ticket_id and letter.template_id:
                missing = letter._missing_words()
            items = Markup("").join(Markup("<li>%s</li>") % line for line in missing)
            letter.missing_help = items and Markup("<ul class='mb-0'>%s</ul>") % items

    def _missing_words(self):
        """What the text lacks or may not hold, each in a sentence with its remedy.

        What the regimes demand of this letter is computed from the file as it is
        now, in the letter's language, and looked for in the text whatever its blanks
        and capitals.

        :return: list of str in the user's language; empty when it may leave
        """
        self.ensure_one()
        code = self.code or self.template_id.code
        ticket = self.ticket_id._origin.with_context(lang=self.lang)
        values = ticket._complaint_letter_values(code)
        text = f"{squeeze(self.subject)} {plain(self.body)}"
        missing = self._find_strangers(values, text)
        if code in REFUSAL_CODES:
            missing += self._find_missing_recourse(text)
        demands = ticket._complaint_letter_demands(code).with_env(self.env)
        return missing + demands._tell_missing(ticket, code, values, text)

    def _find_strangers(self, values, text):
        """Words in braces that nobody filled in, and the platform that is closed.

        What the complainant wrote himself may hold both.
        """
        own = " ".join(str(value) for value in values.values())
        html = f"{self.subject} {self.body}"
        strangers = []
        open_words = sorted(
            set(PLACEHOLDER.findall(html)) - set(PLACEHOLDER.findall(own))
        )
        if open_words:
            strangers.append(
                self.env._(
                    "Its text still has words in braces: %(words)s. Replace them by "
                    "what they stand for.",
                    words=", ".join(f"{{{word}}}" for word in open_words),
                )
            )
        if any(
            written.count(ODR_PLATFORM) > quoted.count(ODR_PLATFORM)
            for written, quoted in (
                (html.lower(), own.lower()),
                (text.lower(), plain(own).lower()),
            )
        ):
            strangers.append(
                self.env._(
                    "Its text names the European platform for online disputes "
                    "(%(address)s), which closed on 20 July 2025. Take it out.",
                    address=ODR_PLATFORM,
                )
            )
        return strangers

    def _find_missing_recourse(self, text):
        """A refusal, even partial, names every recourse body and its time limit."""
        ticket = self.ticket_id
        bodies = ticket._complaint_recourse_bodies()
        if not bodies:
            return [
                self.env._(
                    "A refusal must name the recourse, and the regimes %(regimes)s "
                    "name no recourse body. Add one in Helpdesk / Configuration / "
                    "Complaints / Regimes.",
                    regimes=", ".join(ticket.complaint_regime_ids.mapped("name")),
                )
            ]
        unnamed = bodies.with_context(lang=self.lang).filtered(
            lambda body: not all(says(text, x) for x in body._words_of_refusal())
        )
        if not unnamed:
            return []
        return [
            self.env._(
                "The refusal does not name its recourse: %(bodies)s. Put it back into "
                "the text.",
                bodies=", ".join(unnamed.mapped("name")),
            )
        ]
