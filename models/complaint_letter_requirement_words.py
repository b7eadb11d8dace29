from markupsafe import Markup

from odoo import models

from .complaint_html import blocks, plain, says, squeeze
from .complaint_terms import REFUSAL_CODES, REPLY_CODES

# What a letter says only where the file has it: no redress, nothing to announce.
WHERE_KNOWN = ("respond_by", "silence", "points", "redress", "actions", "next_stage")


class ComplaintLetterRequirement(models.Model):
    """Which words of a file satisfy a demand, and what to do when they are missing."""

    _inherit = "complaint.letter.requirement"

    def _words_wanted(self, ticket, code, values):
        """What a letter must say for this demand, in the language of the ticket.

        :param dict values: as ``_complaint_letter_values`` gives them
        :return: list of ``(recourse body, alternatives)``, each to be found: one of
            the alternatives is enough. Without alternatives the file lacks the fact.
        """
        self.ensure_one()
        none = self.env["complaint.recourse.body"]
        if self.element.startswith("recourse_"):
            return self._recourse_wanted(ticket, code)
        wanted = self._file_words(ticket, code, values)
        if wanted is None:
            return [(none, ())]
        return [(none, tuple(words)) for words in wanted]

    def _file_words(self, ticket, code, values):
        """Lists of alternatives, or nothing when the file lacks what it must have."""
        # sudo: res.company - its public address
        company = ticket.company_id.sudo()
        reach = {"phone": [company.phone], "email": [company.email]}
        reach["contact"] = reach["phone"] + reach["email"]
        if self.element in reach:
            known = list(filter(None, reach[self.element]))
            return [known] if known else None
        if self.element == "statement":
            return [[self.statement]]
        if self.element == "progress":
            # Who writes says it in his own words.
            return []
        if self.element == "complaint_copy":
            if not values["complaint"]:
                return None
            text = plain(values["complaint"])
            # A complaint may consist of pictures.
            return [[text]] if text else []
        if self.element == "cause" and not ticket._complaint_decision()._needs_cause():
            return []
        value = values[self._placeholder()]
        if not value:
            optional = self.element in WHERE_KNOWN or (
                self.element == "delay_reasons" and code in REPLY_CODES
            )
            return [] if optional else None
        lines = blocks(value) if isinstance(value, Markup) else [squeeze(value)]
        return [[line] for line in lines]

    def _recourse_wanted(self, ticket, code):
        """Of each recourse body what the demand names of it."""
        bodies = self._recourse_bodies(ticket)
        if not bodies:
            return [(bodies, ())]
        wanted = []
        for body in bodies:
            limited = self.element == "recourse_limit" and body.limit_amount
            if code in REFUSAL_CODES and (self.element == "recourse_name" or limited):
                # Every refusal says this, whatever its regime demands.
                continue
            wanted += [(body, tuple(words)) for words in self._body_words(body)]
        return wanted

    def _recourse_bodies(self, ticket):
        """The regime's own bodies, or those of the regimes that bring it along."""
        regime = self.regime_id
        hosts = ticket.complaint_regime_ids.filtered(lambda x: regime in x.overlay_ids)
        return (
            regime.recourse_body_ids
            or hosts.recourse_body_ids
            or ticket._complaint_recourse_bodies()
        )

    def _body_words(self, body):
        """Lists of alternatives: what a letter must say of one recourse body."""
        if self.element == "recourse_free":
            return [body._words_of_cost()] if body.is_free else []
        if self.element == "recourse_limit":
            # Where the limit is no length from the complaint, it is told in words.
            limits = body._words_of_refusal()[1:] or [body.how_to]
            return [list(filter(None, limits))]
        if self.element == "recourse_address":
            town = " ".join(filter(None, [body.zip, body.city]))
            lines = [line for line in (body.street, town) if line]
            return [[line] for line in lines] if body.street and town else [[]]
        value = body.website if self.element == "recourse_website" else body.name
        return [[value] if value else []]

    # ------------------------------------------------------------------
    # Telling
    # ------------------------------------------------------------------

    def _tell_missing(self, ticket, code, values, text):
        """What a text does not say, who asks for it, and how to bring it in.

        What several regimes ask for is told once.

        :param ticket: the complaint, in the letter's language
        :param dict values: as ``_complaint_letter_values`` gives them
        :param str text: as ``plain`` gives it
        :return: list of str in the user's language
        """
        lacking = {}
        for demand in self:
            there = demand.with_env(ticket.env)
            for body, words in there._words_wanted(ticket, code, values):
                if not any(says(text, word) for word in words):
                    key = demand.element, body, words
                    lacking[key] = lacking.get(key, demand.browse()) | demand
        lines = {}
        for (element, body, words), demands in lacking.items():
            # Of what was dropped, all in one line; of what is unknown, a line each.
            key = element, demands, body if not words else None
            lines.setdefault(key, []).extend(words[:1])
        return [
            demands._tell(ticket, body, words)
            for (_element, demands, body), words in lines.items()
        ]

    def _tell(self, ticket, body, words):
        """One line: what is missing, for whom, and its remedy."""
        if words:
            remedy = self.env._(
                "put it back into the text: %(words)s.",
                words=", ".join(
                    self.env._("“%(words)s”", words=word[:100]) for word in words
                ),
            )
        else:
            remedy = self[0]._help_missing(ticket, body.with_env(self.env))
        return self.env._(
            "%(element)s (%(origin)s): %(remedy)s",
            element=self[0]._label(),
            origin="; ".join(demand._origin_words() for demand in self),
            remedy=remedy,
        )

    def _help_missing(self, ticket, body):
        """Where to enter what the file lacks."""
        if self.element.startswith("recourse_"):
            if body:
                return self.env._(
                    "enter it for “%(body)s” in Helpdesk / Configuration / "
                    "Complaints / Recourse bodies.",
                    body=body.name,
                )
            return self.env._(
                "add a recourse body to the regime in Helpdesk / Configuration / "
                "Complaints / Regimes."
            )
        if self.element in ("phone", "email", "contact"):
            return self.env._(
                "enter it for %(company)s in Settings / Companies.",
                # sudo: res.company - only its name
                company=ticket.company_id.sudo().name,
            )
        ways = {
            "complaint_copy": self.env._("write the complaint down on the ticket."),
            "reasons": self.env._("decide the complaint, with its reasons."),
            "cause": self.env._("give the cause found, on the ticket."),
            "delay_reasons": self.env._(
                "extend the deadline first, with the reason as the complainant may "
                "read it."
            ),
            "new_date": self.env._(
                "no date can be promised: it has passed or stands still. Extend the "
                "deadline, or resume it, first."
            ),
            "open_facts": self.env._(
                "write on the ticket, under Investigation, what is still to be "
                "established."
            ),
        }
        return ways.get(self.element) or self.env._("enter it on the ticket.")
