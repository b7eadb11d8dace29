import math

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date, formatLang

from ..engine import authority, money
from .complaint_terms import FILE_GROUPS

HANDLER = "helpdesk_complaint.group_complaint_user"
# Whose role is the authority, where nobody is named and the company asks for none.
ROLES = {
    "qualify": "helpdesk_complaint.group_complaint_manager",
    "sign": HANDLER,
    "grant": HANDLER,
}
ASKED = "helpdesk_complaint.mail_activity_authority"
# As many are looked for, named in a refusal or asked: enough to find one.
NAMES_MAX = 5


class HelpdeskTicket(models.Model):
    """Who may qualify, sign and grant, and who could instead of somebody who may not.

    An act is one of ``complaint_terms.ACTS``. Without anything named, the role is the
    authority: handlers sign and grant, managers qualify.
    """

    _inherit = "helpdesk.ticket"

    complaint_can_qualify = fields.Boolean(
        compute="_compute_complaint_can_qualify", compute_sudo=True
    )
    complaint_authority_help = fields.Char(
        "Who may qualify",
        compute="_compute_complaint_authority_help",
        compute_sudo=True,
        groups=FILE_GROUPS,
    )

    @api.depends_context("uid")
    @api.depends("complaint_state", "complaint_regime_ids", "company_id")
    def _compute_complaint_can_qualify(self):
        user = self.env.user
        for ticket in self:
            ticket.complaint_can_qualify = (
                ticket.complaint_state
                and ticket._complaint_find_authority("qualify", user)[0]
            )

    @api.depends_context("uid", "lang")
    @api.depends("complaint_can_qualify")
    def _compute_complaint_authority_help(self):
        is_handler = self.env.user.has_group(HANDLER)
        for ticket in self:
            ticket.complaint_authority_help = (
                is_handler
                and ticket.complaint_state == "to_qualify"
                and not ticket.complaint_can_qualify
                and ticket._complaint_refusal_of_authority("qualify", is_short=True)
            )

    # ------------------------------------------------------------------
    # Questions
    # ------------------------------------------------------------------

    def _complaint_find_authority(self, act, user, code=None, amount=0.0):
        """The named authority under which a user may do an act on one complaint.

        :param str act: qualify, sign or grant
        :param user: the ``res.users``
        :param str code: of the letter to sign
        :param float amount: to be granted in all, in the company's currency
        :return: ``(allowed, complaint.authority, reason)``: allowed by role gives an
            empty authority; a refusal gives a sentence that says what is missing
        """
        self.ensure_one()
        user = user.sudo()  # sudo: res.users - companies and groups of a colleague
        lines = self.env["complaint.authority"]
        if user._is_superuser():
            return True, lines, ""
        company = self.company_id.sudo()  # sudo: res.company - a setting
        if (
            user.share
            or not user.active
            or company not in user.company_ids
            or not user.has_group(HANDLER)
        ):
            return False, lines, self._complaint_say_no_role("handler")
        wanted = self._complaint_wanted_act(code, amount)
        book = [line for line in lines._book(company.id) if line[0] == act]
        groups = set(user._get_group_ids())
        own = [
            value
            for _act, holder, group, value in book
            if holder == user.id or group in groups
        ]
        found = authority.choose(own, wanted)
        has_role = user.has_group(ROLES[act])
        if not own and has_role and not company.complaint_authority_required:
            return True, lines, ""
        if not found:
            absences = self.env["complaint.substitution"]._book(company.id)
            replaced = authority.replaced_by(absences, user.id, wanted.day)
            lent = [value for _act, holder, _group, value in book if holder in replaced]
            found = authority.choose(lent, wanted)
            own += lent
        if found:
            return True, lines.browse(found.id), ""
        if own:
            nearest = authority.nearest(own, wanted)
            return False, lines, self._complaint_say_missing(wanted, *nearest)
        return False, lines, self._complaint_say_no_role("none" if has_role else act)

    def _complaint_wanted_act(self, code, amount):
        """What somebody wants to do today, as the engine reads it."""
        # sudo: complaint.regime - ids, and which only come along with others
        regimes = self.sudo().complaint_regime_ids.filtered(lambda r: not r.is_overlay)
        currency = self.company_id.sudo().currency_id  # sudo: res.company - same
        return authority.Act(
            day=self._complaint_local_day(fields.Datetime.now()),
            regimes=frozenset(regimes.ids),
            code=code,
            amount=currency.round(amount) if money.is_amount(amount) else math.inf,
        )

    def _complaint_who_could(self, act, code=None, amount=0.0, but=None):
        """The users who could do an act on one complaint, but for some.

        Those alone who may change the file: whoever is complained about, or has no
        business with a confidential file, is not named. A few of them are enough.

        :return: ``res.users``, those present first
        """
        self.ensure_one()
        # sudo: res.users, complaint.authority - names of those to turn to
        ticket = self.sudo()
        users = ticket.env["res.users"].search(
            [
                ("share", "=", False),
                ("company_ids", "in", ticket.company_id.ids),
                ("all_group_ids", "in", ticket.env.ref(HANDLER).ids),
            ],
            order="name, id",
        )
        absences = ticket.env["complaint.substitution"]._book(ticket.company_id.id)
        day = ticket._complaint_local_day(fields.Datetime.now())
        away = authority.absent_on(absences, day)
        could = []
        for user in users - (but or users.browse()):
            allowed, line, _reason = ticket._complaint_find_authority(
                act, user, code=code, amount=amount
            )
            if allowed:
                could.append((user.id in away, not line, user))
        chosen = users.browse()
        for _away, _by_role, user in sorted(could, key=lambda item: item[:2]):
            own = self.with_user(user).with_context(
                allowed_company_ids=ticket.company_id.ids
            )
            if own.has_access("write"):
                chosen |= user
            if len(chosen) == NAMES_MAX:
                break
        return chosen.with_env(self.env)

    # ------------------------------------------------------------------
    # Refusals
    # ------------------------------------------------------------------

    def _complaint_check_authority(self, act, code=None, amount=0.0):
        """Raise unless the current user may do the act on each of these complaints.

        :return: dict by ticket id of the ``complaint.authority`` used, empty by role
        :raises UserError: naming the complaint, what is missing and who could
        :raises AccessError: the same, when the user has not even the role for it
        """
        found = {}
        if self.env.su:
            return found
        user = self.env.user
        for ticket in self:
            allowed, line, reason = ticket._complaint_find_authority(
                act, user, code=code, amount=amount
            )
            if not allowed:
                error = UserError if user.has_group(ROLES[act]) else AccessError
                raise error(
                    ticket._complaint_refusal_of_authority(act, code, amount, reason)
                )
            found[ticket.id] = line
        return found

    def _complaint_refusal_of_authority(
        self, act, code=None, amount=0.0, reason=None, but=None, is_short=False
    ):
        """What is missing, who could, and the button that asks them.

        :param bool is_short: for the complaint's own screen, beside that button
        """
        if reason is None:
            reason = self._complaint_find_authority(
                act, self.env.user, code=code, amount=amount
            )[2]
        who = self._complaint_who_could(
            act, code=code, amount=amount, but=but or self.env.user
        )
        name = self.display_name
        # sudo: res.users - only their names
        names = ", ".join(who.sudo().mapped("name"))
        if who and is_short:
            return self.env._(
                "%(reason)s Could: %(who)s.",
                reason=reason[:1].upper() + reason[1:],
                who=names,
            )
        if not who:
            return self.env._(
                "%(ticket)s: %(reason)s Nobody else could either: a compliance "
                "officer names somebody in Helpdesk / Configuration / Complaints / "
                "Authorities.",
                ticket=name,
                reason=reason,
            )
        hint = {
            "qualify": self.env._("Use “Ask for the qualification”."),
            "sign": self.env._("Submit the letter for approval."),
            "grant": self.env._("Use “Ask for approval” on the redress."),
        }[act]
        return self.env._(
            "%(ticket)s: %(reason)s Could: %(who)s. %(hint)s",
            ticket=name,
            reason=reason,
            who=names,
            hint=hint,
        )

    def _complaint_say_no_role(self, kind):
        return {
            "handler": self.env._("only complaint handlers of its company do this."),
            "none": self.env._(
                "the company asks for a named authority, and none was given."
            ),
            "qualify": self.env._(
                "qualifying belongs to the role “Complaints: Manager”, or to whoever "
                "was given the authority for it."
            ),
        }[kind]

    def _complaint_say_missing(self, wanted, value, lack):
        """What the nearest authority lacks, as a sentence."""
        currency = self.company_id.sudo().currency_id  # sudo: res.company - same
        if lack == authority.Missing.AMOUNT:
            return self.env._(
                "the authority goes up to %(limit)s and %(amount)s would be granted in "
                "all.",
                limit=formatLang(self.env, value.limit, currency_obj=currency),
                amount=formatLang(self.env, wanted.amount, currency_obj=currency)
                if math.isfinite(wanted.amount)
                else "∞",
            )
        if lack == authority.Missing.LETTER:
            words = dict(
                self.env["complaint.letter"]
                ._fields["code"]
                ._description_selection(self.env)
            )
            return self.env._(
                "the authority does not cover the letter “%(letter)s”.",
                letter=words.get(wanted.code, wanted.code),
            )
        if lack == authority.Missing.REGIME:
            # sudo: complaint.regime - only names
            regimes = self.env["complaint.regime"].sudo()
            names = regimes.browse(wanted.regimes - value.regimes).mapped("name")
            return self.env._(
                "the authority does not cover %(regimes)s.", regimes=", ".join(names)
            )
        if lack == authority.Missing.TRAINING:
            return self.env._(
                "the training that supports the authority expired on %(date)s.",
                date=format_date(self.env, value.trained_until),
            )
        if lack == authority.Missing.ENDED:
            return self.env._(
                "the authority ended on %(date)s.",
                date=format_date(self.env, value.date_to),
            )
        if lack == authority.Missing.TOO_EARLY:
            return self.env._(
                "the authority starts on %(date)s.",
                date=format_date(self.env, value.date_from),
            )
        return self.env._("the authority was withdrawn.")

    # ------------------------------------------------------------------
    # Evidence
    # ------------------------------------------------------------------

    def _complaint_authority_evidence(self, line, user=None):
        """Note that an authority is used for this complaint; the facts for history.

        :param line: the ``complaint.authority`` found, empty when the role was enough
        :return: dict for the data of an event: authority, limit in the company's
            currency (empty for none), substitute_for
        """
        self.ensure_one()
        if not line:
            return {}
        line = line.sudo()  # sudo: complaint.authority - its limit and holder
        line._note_use(self)
        user = user or self.env.user
        is_lent = line.user_id and line.user_id != user
        return {
            "authority": line.id,
            "limit": line._limit_text(),
            "substitute_for": line.user_id.id if is_lent else 0,
        }

    # ------------------------------------------------------------------
    # Asking somebody who may
    # ------------------------------------------------------------------

    def action_complaint_ask_authority(self):
        """Ask those who may to qualify these complaints."""
        self._complaint_check_role()
        self._complaint_check_step("qualify_yes")
        asked = self.env["res.users"]
        for ticket in self:
            asked |= ticket._complaint_ask("qualify", self.env.user)
        return self._complaint_tell_asked(asked)

    def _complaint_ask(self, act, but, amount=0.0, note=None):
        """Give an activity to those who could do an act; once to each of them.

        :param but: the ``res.users`` who may not, whatever their authority
        :return: the ``res.users`` asked
        :raises UserError: when nobody could
        """
        self.ensure_one()
        who = self._complaint_who_could(act, amount=amount, but=but)
        if not who:
            raise UserError(
                self._complaint_refusal_of_authority(act, amount=amount, but=but)
            )
        ticket = self.sudo()  # sudo: mail.activity - given to colleagues
        known = ticket.activity_search([ASKED]).user_id
        for user in who - known:
            told = ticket.with_context(lang=user.lang)
            words = {
                "qualify": told.env._("Please qualify this complaint"),
                "grant": told.env._("Please approve the redress"),
            }
            told.activity_schedule(
                ASKED, summary=words[act], note=note, user_id=user.id
            )
        return who

    def _complaint_drop_asked(self):
        """Done by one of those who were asked: nothing is left for the others."""
        # sudo: mail.activity - they belong to whoever was asked
        self.sudo().activity_unlink([ASKED])

    def _complaint_tell_asked(self, users):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "Asked: %(who)s.",
                    # sudo: res.users - only their names
                    who=", ".join(users.sudo().mapped("name")),
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
