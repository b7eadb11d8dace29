from odoo import api, fields, models
from odoo.fields import Domain

# Milestones of the timeline by the letter, or the line of history, that makes them.
LETTER_MILESTONES = {
    "acknowledge": "acknowledged",
    "invite_to_write": "invited",
    "request_information": "asked",
    "inform": "informed",
    "holding": "delayed",
    "favourable": "answered",
    "partial": "answered",
    "rejection": "answered",
    "not_complaint": "explained",
    "closure": "confirmed",
}
EVENT_MILESTONES = {
    "qualify_no": "request",
    "accept": "accepted",
    "contest": "contested",
    "reopen": "reopened",
    "close": "closed",
}


class HelpdeskTicket(models.Model):
    """8. What the complainant sees of his file, in plain words."""

    _inherit = "helpdesk.ticket"

    @api.model
    def _complaint_portal_domain(self):
        """The complaints that the current user follows: what the record rules say.

        Each way to one has an index, and they are looked up before the rules are
        asked. A subquery would leave the order to the database, which does not know
        how few they are and reads a million complaints to find them.
        """
        # sudo: res.partner - whether he follows those of his company
        partner = self.env.user.partner_id.sudo()
        own = Domain("partner_id", "=", partner.id) | Domain(
            "complaint_representative_id", "=", partner.id
        )
        if partner.complaint_sees_company:
            company = partner.complaint_sees_company_id
            own |= Domain("commercial_partner_id", "=", company.id)
        # sudo: helpdesk.ticket - only ids; the rules apply to what it finds
        model = self.sudo().with_context(active_test=False)
        followed = model._search(
            Domain("complaint_state", "not in", (False, "erased")) & own
        )
        return Domain("id", "in", list(followed.get_result_ids()))

    # ------------------------------------------------------------------
    # What he sees
    # ------------------------------------------------------------------

    def _complaint_portal_state(self):
        """Where the complaint stands, in public words.

        :return: a pair: the words, and the style of a Bootstrap badge
        """
        self.ensure_one()
        if self.complaint_state == "in_progress":
            if self._complaint_examined_at(self.complaint_cycle):
                return self.env._("Being examined"), "primary"
            return self.env._("Registered"), "primary"
        if self.complaint_state == "answered" and self._complaint_is_accepted():
            return self.env._("Answered and accepted"), "success"
        return {
            "to_qualify": (self.env._("Received"), "secondary"),
            "not_complaint": (self.env._("Handled as a request"), "secondary"),
            "answered": (self.env._("Answered"), "success"),
            "closed": (self.env._("Closed"), "dark"),
            "archived": (self.env._("Closed"), "dark"),
            "erased": (self.env._("Erased"), "dark"),
        }[self.complaint_state]

    def _complaint_is_accepted(self):
        return bool(self._complaint_current_events("accept"))

    def _complaint_portal_due(self, step):
        """The local day until which this step is promised to the complainant.

        Targets that the company sets itself are not his business.
        """
        self.ensure_one()
        promised = self._complaint_current_deadlines(step).filtered(
            lambda x: x.state in ("running", "paused") and x.target == "legal"
        )
        if not promised:
            return False
        return min(deadline._due_day() for deadline in promised)

    def _complaint_portal_letters(self):
        """The letters sent to the complainant, the newest first."""
        return self.complaint_letter_ids.filtered(
            lambda x: x.state == "sent" and x.code in LETTER_MILESTONES
        ).sorted(lambda x: (x.sent_at, x.id), reverse=True)

    def _complaint_portal_answer(self):
        """The answer that the complainant may accept or contest now."""
        return self._complaint_portal_letters().filtered(
            lambda x: (
                x._has_left()
                and x.cycle == self.complaint_cycle
                and LETTER_MILESTONES[x.code] == "answered"
            )
        )[:1]

    def _complaint_portal_files(self):
        """The files that the current user may see and that no message shows him."""
        self.ensure_one()
        model = self.env["ir.attachment"]
        own = Domain("res_model", "=", self._name) & Domain("res_id", "=", self.id)
        hidden = model._complaint_hidden_from_customer(own)
        # sudo: ir.attachment - customers read none directly; hidden ones are left out
        files = model.sudo().search(own & Domain("id", "not in", hidden), order="id")
        comment = self.env.ref("mail.mt_comment")
        return files.filtered(
            lambda x: comment not in x.complaint_message_ids.subtype_id
        )

    def _complaint_portal_promises(self, desk=None):
        """In how long the regimes promise to acknowledge and to answer, in words.

        Of several regimes the strictest counts; what only concerns others, a second
        stage or certain products, is not promised to everybody.

        :param desk: the team that would take the complaint, before there is one
        :return: a dict of words by step
        """
        team = self.team_id or desk or self._complaint_portal_desk()
        # sudo: res.company - its regimes
        company = (self.company_id or team.company_id or self.env.company).sudo()
        regimes = self.complaint_regime_ids or (
            team.complaint_regime_ids or company.complaint_regime_ids
        )
        today = fields.Date.context_today(self)
        policies = regimes.policy_ids.filtered(
            lambda policy: (
                policy.active
                and policy.target == "legal"
                and not policy.is_manual
                and policy._is_valid_on(today)
            )
        )
        first_stage = self or self.new({"company_id": company.id, "complaint_stage": 1})
        return policies._applying_to(first_stage)._strictest_lengths(company)

    def _complaint_portal_recourse(self, desk=None):
        """The recourse bodies of the complaint, or of the desk before there is one."""
        if self:
            return self._complaint_recourse_bodies()
        team = desk or self._complaint_portal_desk()
        company = (team.company_id or self.env.company).sudo()  # sudo: its regimes
        regimes = team.complaint_regime_ids or company.complaint_regime_ids
        return regimes._with_overlays().recourse_body_ids

    def _complaint_portal_timeline(self):
        """The public milestones of a complaint, past ones first, then those ahead.

        Every cycle is in it. No colleague and no internal step is named.

        :return: a list of dicts: ``key``, ``label``, ``when`` (words), ``date`` (the
            local day or False), ``cycle``, ``status`` (``done``, ``current``, ``next``)
        """
        self.ensure_one()
        ticket = self.sudo()  # sudo: parts of the file - only dates and words leave
        words = ticket._complaint_milestone_words()
        past = ticket._complaint_portal_past()
        if ticket.complaint_state == "in_progress" and past:
            last = max(
                (item for item in past if item["key"].startswith("examined")),
                key=lambda item: item["cycle"],
                default=None,
            )
            if last and last["cycle"] == ticket.complaint_cycle:
                past.remove(last)
                label = words["examine" if last["cycle"] == 1 else "examine_again"]
                past.append(dict(last, label=label, status="current"))
        ahead = ticket._complaint_portal_ahead()
        if ahead and not any(item["status"] == "current" for item in past):
            ahead[0]["status"] = "current"
        for item in past + ahead:
            item["when"] = ticket._complaint_portal_when(item)
        return past + ahead

    def _complaint_milestone_words(self):
        """Milestones in words; those of one instant stand in this order."""
        number = self.complaint_number or ""
        return {
            "received": self.env._("We received your complaint"),
            "registered": self.env._(
                "We registered your complaint under number %(number)s", number=number
            ),
            "contested": self.env._("You contested our answer"),
            "reopened": self.env._("We opened your complaint again"),
            "examined_again": self.env._("We started to examine it again"),
            "request": self.env._("We handle it as a request, not as a complaint"),
            "explained": self.env._("We explained why to you"),
            "invited": self.env._("We invited you to write to us"),
            "acknowledged": self.env._("We acknowledged your complaint"),
            "examined": self.env._("We started to examine your complaint"),
            "asked": self.env._("We asked you for information"),
            "informed": self.env._("We told you how far we are"),
            "delayed": self.env._("We told you that our answer takes longer"),
            "answered": self.env._("We answered you"),
            "corrected": self.env._("We corrected a letter"),
            "accepted": self.env._("You accepted our answer"),
            "referred": self.env._("The case went to a recourse body"),
            "closed": self.env._("Your complaint is closed"),
            "confirmed": self.env._("We confirmed to you that it is closed"),
            # ahead
            "register": self.env._("We check and register your complaint"),
            "acknowledge": self.env._("We acknowledge your complaint"),
            "examine": self.env._("We examine your complaint"),
            "examine_again": self.env._("We examine your complaint again"),
            "answer": self.env._("We answer you"),
            "react": self.env._("You accept or contest our answer"),
            "close": self.env._("We close your complaint"),
        }

    def _complaint_portal_past(self):
        moments = [
            ("received", self.complaint_received_at, 1),
            ("registered", self.complaint_registered_at, 1),
        ]
        moments += [
            (
                "corrected" if letter.corrects_id else LETTER_MILESTONES[letter.code],
                letter._sent_on(),
                letter.cycle,
            )
            for letter in self._complaint_portal_letters()
            if letter._has_left()
        ]
        moments += [
            (EVENT_MILESTONES[event.event], event.date, event.cycle)
            for event in self.complaint_event_ids
            if event.event in EVENT_MILESTONES
        ]
        moments += [
            ("referred", self._complaint_midnight(referral.date), self.complaint_cycle)
            for referral in self.complaint_referral_ids
        ]
        moments += [
            (
                "examined" if cycle == 1 else "examined_again",
                self._complaint_examined_at(cycle),
                cycle,
            )
            for cycle in range(1, self.complaint_cycle + 1)
        ]
        words = self._complaint_milestone_words()
        ranks = {key: rank for rank, key in enumerate(words)}
        return [
            {
                "key": key,
                "label": words[key],
                "date": self._complaint_local_day(instant),
                "cycle": cycle,
                "status": "done",
            }
            for key, instant, cycle in sorted(
                (moment for moment in moments if moment[1]),
                key=lambda moment: (moment[1], moment[2], ranks[moment[0]]),
            )
        ]

    def _complaint_examined_at(self, cycle):
        """When the examination of a cycle began, or False.

        The first time once the acknowledgement is out, or at registration where none
        was due; later when the answer was contested or the file opened again.
        """
        if cycle > 1:
            return self.complaint_event_ids.filtered(
                lambda x: x.cycle == cycle and x.event in ("contest", "reopen")
            )[:1].date
        if not self.complaint_registered_at:
            return False
        sent = self.complaint_letter_ids.filtered(
            lambda x: x._has_left() and x.cycle == 1 and x.code == "acknowledge"
        ).mapped("sent_at")
        if sent:
            return max(min(sent), self.complaint_registered_at)
        is_waiting = self.complaint_state == "in_progress" and self.complaint_cycle == 1
        if is_waiting and self._complaint_portal_due("acknowledge"):
            return False
        return self.complaint_registered_at

    def _complaint_portal_ahead(self):
        state = self.complaint_state
        steps = []
        if state == "to_qualify":
            steps.append(("register", False))
        if state in ("to_qualify", "in_progress"):
            acknowledge = self._complaint_portal_due("acknowledge")
            if acknowledge:
                steps.append(("acknowledge", acknowledge))
            if not self._complaint_examined_at(self.complaint_cycle):
                steps.append(("examine", False))
            steps.append(("answer", self._complaint_portal_due("respond")))
        elif state == "answered":
            if self._complaint_is_accepted():
                steps.append(("close", False))
            else:
                steps.append(("react", self._complaint_portal_due("accept")))
        words = self._complaint_milestone_words()
        return [
            {
                "key": key,
                "label": words[key],
                "date": day,
                "cycle": self.complaint_cycle,
                "status": "next",
            }
            for key, day in steps
        ]

    def _complaint_portal_when(self, item):
        """The date of a milestone, in words that fit its place in time."""
        if not item["date"]:
            return ""
        day = self._complaint_long_date(item["date"])
        if item["key"] == "react":
            return self.env._("until %(date)s", date=day)
        if item["key"].startswith("examined") and item["status"] == "current":
            return self.env._("since %(date)s", date=day)
        if item["status"] == "done":
            return day
        if item["date"] < self._complaint_local_day(fields.Datetime.now()):
            return self.env._("was due by %(date)s", date=day)
        return self.env._("by %(date)s", date=day)
