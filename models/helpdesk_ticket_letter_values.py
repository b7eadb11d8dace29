from markupsafe import Markup, escape

from odoo import api, fields, models
from odoo.tools import format_date, formatLang, is_html_empty

from .complaint_html import plain, says, squeeze
from .complaint_terms import FILE_GROUPS, REPLY_CODES

# Effects of silence that are told to the complainant beforehand.
TOLD_EFFECTS = ("deemed_accepted", "deemed_rejected")


class HelpdeskTicket(models.Model):
    """What the letters say of a file: the words behind the words in braces."""

    _inherit = "helpdesk.ticket"

    complaint_open_facts = fields.Text(
        "Facts still to establish",
        copy=False,
        help="Told to the complainant in the holding letter: what is still unknown.",
        groups=FILE_GROUPS,
    )

    def _complaint_fill_template(self, template):
        """Subject and text of a template for this file, in the context's language.

        What the regimes ask to be stated is added where the text, or what was put
        into it, does not say it already.

        :return: ``(str, Markup)``
        """
        self.ensure_one()
        template = template.with_env(self.env)
        values = self._complaint_letter_values(template.code)
        statements = self._complaint_letter_demands(template.code).mapped("statement")
        if not any(statements):
            return template._render(values)
        said = plain(template._render(values)[1])
        missing = [text for text in statements if text and not says(said, text)]
        values["statements"] = self._complaint_paragraphs("\n".join(missing))
        return template._render(values)

    def _complaint_letter_values(self, code=None):
        """The facts of one file, by placeholder, in the language of the context.

        :param code: of the letter they are for: a reply recalls what delayed it
        :return: dict of text or ``Markup``; what the file does not know is empty
        """
        self.ensure_one()
        company = self.company_id.sudo()  # sudo: res.company - its public address
        received = self.complaint_received_at
        received_day = received and self._complaint_local_day(received)
        decision = self._complaint_decision()
        handler = self._complaint_handler_name()
        # sudo: mgmtsystem.action - what is promised to the complainant
        actions = self.sudo().complaint_action_ids
        granted = self._complaint_current_redress()
        return {
            "complainant": self._complaint_complainant_name(),
            "number": self.complaint_number or self.number,
            "subject": self.name,
            "about": self.complaint_subject_ref or "",
            "request": self.complaint_request or "",
            "sent_date": self._complaint_long_date(
                self.complaint_sent_date or received_day
            ),
            "received_date": self._complaint_long_date(received_day),
            "handler": handler,
            "team": self.team_id.name or company.name,
            "company": company.name,
            "company_contact": self._complaint_company_contact(),
            "signature": Markup("<br/>").join(
                filter(None, [handler, self.team_id.name, company.name])
            ),
            **self._complaint_promise_values(),
            "regimes": ", ".join(
                self.complaint_regime_ids.filtered(
                    lambda regime: not regime.is_overlay
                ).mapped("name")
            ),
            "reasons": self._complaint_paragraphs(decision.reasons),
            "points": self._complaint_points_block(),
            "cause": self._complaint_cause_words(),
            "outcome": decision.display_name or "",
            "redress": self._complaint_bullets(x._describe() for x in granted),
            **self._complaint_amount_values(),
            "actions": self._complaint_bullets(action.name for action in actions),
            "qualification": self._complaint_paragraphs(
                self.complaint_qualification_reason
            ),
            "delay_reasons": self._complaint_paragraphs(
                self._complaint_delay_reasons(code)
            ),
            "open_facts": self._complaint_paragraphs(self.complaint_open_facts),
            "progress": self._complaint_progress_words(),
            "next_stage": self._complaint_next_stage_words(),
            "recourse": self._complaint_recourse_block(),
            "window": self._complaint_window_words(),
            "statements": "",
            "complaint": self._complaint_printable(self.description)
            if not is_html_empty(self.description)
            else "",
        }

    # ------------------------------------------------------------------
    # People
    # ------------------------------------------------------------------

    def _complaint_handler_name(self):
        # sudo: res.users - who signs; without handler, who writes
        return self.user_id.sudo().name or self.env.user.name

    def _complaint_company_contact(self):
        """Where to reach the company, on one line."""
        company = self.company_id.sudo()  # sudo: res.company - its public address
        address = company.partner_id._display_address(without_company=True)
        contact = [line.strip() for line in address.splitlines()]
        # A telephone number is not broken over two lines.
        contact += [(company.phone or "").replace(" ", "\N{NO-BREAK SPACE}")]
        return ", ".join(filter(None, [*contact, company.email]))

    # ------------------------------------------------------------------
    # Promises
    # ------------------------------------------------------------------

    def _complaint_promise_values(self):
        """The day of the answer, what silence then means, from when one may go on.

        Only what can still be kept: a day that has passed, or that stands still, is
        promised to nobody.
        """
        # What is promised to the complainant, not what the house aims at.
        owed = self._complaint_current_deadlines("respond").filtered(
            lambda x: x.target == "legal" and x.state in ("running", "paused")
        )
        running = owed.filtered(lambda x: x.state == "running").sorted("due_at")
        day = running[:1] and (
            # Of an extension not announced yet, the day that this letter announces.
            running[0].extension_pending_to or running[0]._due_day()
        )
        now = fields.Datetime.now()
        opens = self.sudo().complaint_recourse_open_at  # sudo: same as the deadlines
        return {
            "respond_by": self._complaint_long_date(
                day and day >= self._complaint_local_day(now) and day
            ),
            "standstill": self.env._(
                "The time in which we owe you an answer stands still until we have "
                "heard from you."
            )
            if owed and not running
            else "",
            "silence": " ".join(
                self._complaint_silence_words(deadline)
                for deadline in running
                if deadline.policy_id.on_silence in TOLD_EFFECTS
                and deadline.due_at >= now
            ),
            "recourse_from": self._complaint_long_date(
                opens and opens >= now and self._complaint_local_day(opens)
            ),
        }

    def _complaint_silence_words(self, deadline):
        day = self._complaint_long_date(deadline._due_day())
        if deadline.policy_id.on_silence == "deemed_accepted":
            return self.env._(
                "If you have had no answer from us by %(day)s, your complaint counts "
                "as accepted.",
                day=day,
            )
        return self.env._(
            "If you have had no answer from us by %(day)s, our silence counts as a "
            "refusal of your complaint.",
            day=day,
        )

    def _complaint_delay_reasons(self, code=None):
        """Why it takes longer, as it may be told; in a reply, why it took longer."""
        kinds = ("extend",) if code in REPLY_CODES else ("extend", "pause")
        return self._complaint_current_events(*kinds)[-1:].note

    def _complaint_progress_words(self):
        """Where the file stands today, without what was found."""
        if self._complaint_decision():
            return self.env._("We have come to a decision, and are writing our answer.")
        # sudo: helpdesk.ticket - a day that the complainant may know
        ended = self.sudo().complaint_investigated_at
        if ended:
            return self.env._(
                "The facts were established on %(day)s; we are now weighing our answer "
                "to each of your points.",
                day=self._complaint_long_date(self._complaint_local_day(ended)),
            )
        return self.env._(
            "The file is still being looked into: we are checking the facts with the "
            "people concerned, so as to answer each of your points."
        )

    def _complaint_next_stage_words(self):
        if not self._complaint_has_next_stage():
            return ""
        return self.env._(
            "If this answer does not satisfy you, you may ask us to have your "
            "complaint handled again, by somebody who has not dealt with it. You need "
            "give no reason."
        )

    def _complaint_window_words(self):
        """The acceptance window as the regimes set it, in words."""
        policy = self.complaint_regime_ids.policy_ids.filtered(
            lambda policy: policy.step == "accept"
        )[:1]
        if not policy:
            return ""
        return self._complaint_length(policy.amount, policy.unit)

    @api.model
    def _complaint_length(self, amount, unit):
        return self.env["complaint.policy"]._length(amount, unit)

    def _complaint_long_date(self, day):
        return format_date(self.env, day, date_format="long") if day else ""

    # ------------------------------------------------------------------
    # Decision
    # ------------------------------------------------------------------

    def _complaint_cause_words(self):
        """The cause found, where the decision admits a fault and a regime asks it.

        Causes are words of the house: nobody else is told.
        """
        decision = self._complaint_decision()
        demands = self.complaint_regime_ids.letter_requirement_ids
        if not decision._needs_cause() or "cause" not in demands.mapped("element"):
            return ""
        # sudo: complaint.cause - of another company after a transfer
        cause = decision.cause_id or self.complaint_cause_id
        return cause.sudo().name or ""

    def _complaint_amount_values(self):
        """What is granted in all: in figures, and in words that nobody can alter."""
        total = self._complaint_redress_total()
        currency = self.company_id.currency_id
        if not total:
            return {"amount": "", "amount_words": ""}
        return {
            "amount": formatLang(self.env, total, currency_obj=currency),
            # Inside a sentence: core capitalises every word.
            "amount_words": currency.with_env(self.env).amount_to_text(total).lower(),
        }

    def _complaint_paragraphs(self, text):
        paragraphs = [part.strip() for part in (text or "").split("\n") if part.strip()]
        return Markup("").join(Markup("<p>%s</p>") % part for part in paragraphs)

    def _complaint_bullets(self, texts):
        items = Markup("").join(Markup("<li>%s</li>") % text for text in texts)
        return items and Markup("<ul>%s</ul>") % items

    # ------------------------------------------------------------------
    # Recourse
    # ------------------------------------------------------------------

    def _complaint_recourse_bodies(self):
        return self.complaint_regime_ids.recourse_body_ids

    def _complaint_recourse_block(self):
        """The recourse bodies as a list: name, how, where, until when, at what cost."""
        return self._complaint_bullets(
            self._complaint_recourse_line(body)
            for body in self._complaint_recourse_bodies()
        )

    def _complaint_recourse_line(self, body):
        parts = [
            body.address,
            body.website,
            body.email,
            body.phone,
        ]
        sentences = []
        if body.how_to:
            sentences.append(body.how_to)
        if body.limit_amount:
            sentences.append(body._words_of_limit())
        said, words = squeeze(body.how_to), body._words_of_cost()
        if words and not any(says(said, word) for word in words):
            sentences.append(words[0])
        sentences += body._words_of_terms()
        return Markup("<strong>%s</strong>%s. %s") % (
            body.name,
            "".join(f", {part}" for part in parts if part),
            escape(" ".join(sentences)),
        )

    # ------------------------------------------------------------------
    # What the regimes demand
    # ------------------------------------------------------------------

    def _complaint_letter_demands(self, code):
        """The ``complaint.letter.requirement`` records that a letter must satisfy."""
        return self.complaint_regime_ids.letter_requirement_ids._asked_of(
            code, bool(self._complaint_current_events("settle"))
        )
