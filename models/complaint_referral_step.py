from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from .complaint_referral import FAVOURS, OPEN, RESULTS


class ComplaintReferral(models.Model):
    """The steps of a referral: who may take which when. Each leaves its line."""

    _inherit = "complaint.referral"

    def refer_admit(self, is_admissible, date=None, reason=None, reference=None):
        """Note whether the body takes the case. One that it does not take is over.

        :param date: the day on which it said so; today by default
        :param str reason: why not
        :param str reference: the number that the body gave the case
        :raises UserError: when it has said so already, or for a day that cannot be
        """
        self._check_step(("open",))
        day = self._read_day(date, "date")
        if not is_admissible and not (reason or "").strip():
            raise UserError(
                self.env._(
                    "%(ticket)s: say why %(body)s does not take the case.",
                    ticket=self[:1].ticket_id.display_name,
                    body=self[:1].body_id.name,
                )
            )
        vals = {"date_admitted": day, "state": "admitted"}
        if not is_admissible:
            vals.update(
                state="inadmissible",
                inadmissible_reason=reason,
                result="inadmissible",
                date_end=day,
            )
        if reference:
            vals["reference"] = reference
        self._write_step(
            "refer_admit",
            vals,
            {"admissible": bool(is_admissible), "date": fields.Date.to_string(day)},
            note=reason,
        )
        if not is_admissible:
            self.ticket_id._complaint_referral_ended()
        return True

    def refer_opinion(self, favours, opinion, date=None, attachment_ids=()):
        """Note the opinion or judgement of the body.

        :param str favours: ``complainant``, ``partly``, ``company`` or ``settlement``
        :param str opinion: what it says
        :param date: its day; today by default
        :param attachment_ids: files that the user has just uploaded
        """
        self._check_step(("open", "admitted"))
        day = self._read_day(date, "date_admitted", "date")
        if favours not in dict(FAVOURS) or not (opinion or "").strip():
            raise UserError(
                self.env._(
                    "%(ticket)s: an opinion needs its text and in whose favour it is. "
                    "Known: %(known)s.",
                    ticket=self[:1].ticket_id.display_name,
                    known=", ".join(dict(FAVOURS)),
                )
            )
        files = self._take_files(attachment_ids)
        self._write_step(
            "refer_opinion",
            {
                "state": "opinion",
                "date_opinion": day,
                "opinion_favours": favours,
                "opinion": opinion,
                "attachment_ids": [fields.Command.link(file.id) for file in files],
            },
            {
                "favours": favours,
                "date": fields.Date.to_string(day),
                "files": files.mapped("checksum"),
            },
        )
        return True

    def refer_answer(self, follows, reason=None, date=None):
        """Say for the company whether it follows the opinion. A manager does.

        :param bool follows: whether it does
        :param str reason: why not
        :param date: the day on which the body was told; today by default
        """
        self._check_step(("opinion",), "group_complaint_manager")
        day = self._read_day(date, "date_opinion")
        if not follows and not (reason or "").strip():
            raise UserError(
                self.env._(
                    "%(ticket)s: say why the company does not follow the opinion of "
                    "%(body)s.",
                    ticket=self[:1].ticket_id.display_name,
                    body=self[:1].body_id.name,
                )
            )
        self._write_step(
            "refer_answer",
            {
                "company_answer": "follows" if follows else "declines",
                "company_answer_reason": reason or False,
                "date_company_answer": day,
                "company_answer_by_id": self.env.uid,
            },
            {
                "by": "company",
                "follows": bool(follows),
                "date": fields.Date.to_string(day),
            },
            note=reason,
        )
        return True

    def refer_accept(self, accepts, date=None):
        """Note whether the complainant accepts the opinion.

        :param bool accepts: whether he does
        :param date: the day on which he said so; today by default
        """
        self._check_step(("opinion",))
        day = self._read_day(date, "date_opinion")
        self._write_step(
            "refer_answer",
            {
                "complainant_answer": "accepts" if accepts else "declines",
                "date_complainant_answer": day,
            },
            {
                "by": "complainant",
                "follows": bool(accepts),
                "date": fields.Date.to_string(day),
            },
        )
        return True

    def refer_end(self, result=None, date=None):
        """The body no longer has the case: the file is free again. A manager says so.

        :param str result: how it ended; by default as the company answered
        :param date: the day; today by default
        :raises UserError: while an opinion against the company waits for its answer
        """
        self._check_step((*OPEN, "inadmissible"), "group_complaint_manager")
        if result and result not in dict(RESULTS):
            raise UserError(
                self.env._(
                    "%(ticket)s: a referral does not end with “%(result)s”. Known: "
                    "%(known)s.",
                    ticket=self[:1].ticket_id.display_name,
                    result=result,
                    known=", ".join(dict(RESULTS)),
                )
            )
        for referral in self:
            if referral._owes_answer():
                raise UserError(
                    self.env._(
                        "%(ticket)s: say first whether the company follows the opinion "
                        "of %(body)s.",
                        ticket=referral.ticket_id.display_name,
                        body=referral.body_id.name,
                    )
                )
        day = self._read_day(date, "date_opinion", "date_admitted", "date")
        for referral in self:
            found = result or referral._default_result()
            referral._write_step(
                "refer_end",
                {"state": "ended", "date_end": day, "result": found},
                {"result": found, "date": fields.Date.to_string(day)},
            )
        self.ticket_id._complaint_referral_ended()
        return True

    def action_end(self):
        """End these referrals today."""
        return self.refer_end()

    def action_mediator_file(self):
        """Open a draft of the file for this body, ready to send."""
        self.ensure_one()
        ticket = self.ticket_id.with_context(
            complaint_letter_code="mediator_file", complaint_referral_id=self.id
        )
        return ticket.action_complaint_letter()

    # ------------------------------------------------------------------
    # What the steps share
    # ------------------------------------------------------------------

    def _check_step(self, states, role="group_complaint_user"):
        """Raise unless the user may take a step now, from these states."""
        self.ticket_id._complaint_check_role(role)
        words = dict(self._fields["state"]._description_selection(self.env))
        for referral in self:
            if referral.state not in states:
                raise UserError(
                    self.env._(
                        "%(ticket)s: the referral to %(body)s is at “%(state)s”; this "
                        "step comes from %(states)s.",
                        ticket=referral.ticket_id.display_name,
                        body=referral.body_id.name,
                        state=words[referral.state],
                        states=", ".join(f"“{words[state]}”" for state in states),
                    )
                )

    def _read_day(self, value, *names):
        """The day of a step: not in the future, nor before what came before.

        :param names: fields of the day before, the first one filled counts
        """
        today = fields.Date.context_today(self)
        ticket = self[:1].ticket_id
        day = ticket._complaint_read_date(value, fields.Date.to_date) or today
        for referral in self:
            since = next(filter(None, (referral[name] for name in names)), None)
            if day > today or (since and day < since):
                raise UserError(
                    self.env._(
                        "%(ticket)s: the day of this step of the referral is between "
                        "%(since)s and today, not %(date)s. Correct it.",
                        ticket=referral.ticket_id.display_name,
                        since=format_date(self.env, since),
                        date=format_date(self.env, day),
                    )
                )
        return day

    def _write_step(self, event, vals, data, note=None):
        self.sudo().write(vals)  # sudo: complaint.referral - written by steps
        for referral in self:
            referral.ticket_id._complaint_log(
                event, note=note or None, data={"referral": referral.id, **data}
            )

    def _take_files(self, attachment_ids):
        """Keep files that the user has just uploaded with the referral.

        :raises UserError: for a file that is not his, or belongs elsewhere already
        """
        files = self.env["ir.attachment"].browse(attachment_ids or ())
        # sudo: ir.attachment - whose they are, and where they are
        known = files.sudo().exists()
        loose = known.filtered(
            lambda x: (
                x.create_uid == self.env.user
                and (not x.res_id or x.res_model == "complaint.referral.step")
                and not x.res_field
            )
        )
        if len(loose) != len(files) or (files and len(self) != 1):
            raise UserError(
                self.env._(
                    "%(ticket)s: only files that you upload here are kept with one "
                    "referral. Upload the opinion again.",
                    ticket=self[:1].ticket_id.display_name,
                )
            )
        loose.write({"res_model": self._name, "res_id": self.id, "public": False})
        return loose

    def _owes_answer(self):
        """Whether an opinion that asks something of the company has no answer yet.

        A court is not answered.
        """
        return (
            self.state == "opinion"
            and self.opinion_favours != "company"
            and not self.company_answer
            and self.body_kind != "court"
        )

    def _default_result(self):
        if self.state == "inadmissible":
            return "inadmissible"
        if self.opinion_favours == "settlement" and self.company_answer != "declines":
            return "settled"
        if self.company_answer:
            return "followed" if self.company_answer == "follows" else "not_followed"
        return "judged" if self.state == "opinion" else "other"
