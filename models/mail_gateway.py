import functools
import logging
import xmlrpc.client
from ast import literal_eval
from datetime import timedelta

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.tools import email_normalize, html2plaintext, plaintext2html

from ..engine.mail_reading import Kind
from .complaint_batch import LOST_RACES
from .complaint_mail import KEY, ComplaintMail

_logger = logging.getLogger(__name__)

HOSTS_PARAMETER = "helpdesk_complaint.mail_hosts"
TICKET = "helpdesk.ticket"
# Programs: what they send moves no complaint.
AUTOMATIC = (Kind.AUTO_REPLY, Kind.AUTOMATIC)


class MailThread(models.AbstractModel):
    """The way of an e-mail that is for a complaint desk, or answers a complaint.

    Odoo's gateway does the work; around it stands that nothing is lost. Each such
    message is kept with its bytes in the journal before anything is tried. What the
    gateway drops (a Message-Id it knows, too many from one sender) or cannot read
    becomes a complaint all the same; the same message twice does not.
    """

    _inherit = "mail.thread"

    @api.model
    def message_process(
        self,
        model,
        message,
        custom_values=None,
        save_original=False,
        strip_attachments=False,
        thread_id=None,
    ):
        self._complaint_check_caller(model, custom_values, thread_id)
        if ComplaintMail.of(self.env):
            mail = None
        else:
            mail = self._complaint_look_at(model, message, custom_values, thread_id)
        if not mail:
            return super().message_process(
                model,
                message,
                custom_values=custom_values,
                save_original=save_original,
                strip_attachments=strip_attachments,
                thread_id=thread_id,
            )
        # As Odoo does by asking for the aliases: not for portal users.
        self.env["mail.alias"].check_access("read")
        # The journal keeps it, files included: not once more, nor without them.
        process = functools.partial(
            super(MailThread, self.with_context(**{KEY: mail})).message_process,
            model,
            mail.raw,
            custom_values=custom_values,
        )
        return self._complaint_take_in(mail, process)

    @api.model
    def _complaint_check_caller(self, model, custom_values, thread_id):
        """Refuse a colleague who hands to the gateway what he may not write himself.

        It works with the system's rights, and whoever works here may call it.
        """
        if model != TICKET or self.env.su:
            return
        tickets = self.env[TICKET]
        if isinstance(custom_values, dict):
            tickets._complaint_refuse_step_fields(custom_values)
        if thread_id:
            tickets.browse(thread_id).check_access("write")

    @api.model
    def _complaint_read_again_id(self):
        """The line of the journal that the job reads again; no call may name one."""
        return self.env.su and self.env.context.get("complaint_mail_again")

    # ------------------------------------------------------------------
    # Whose it is
    # ------------------------------------------------------------------

    @api.model
    def _complaint_look_at(self, *message):
        """Recognise a message; what cannot even be looked at is left to Odoo."""
        try:
            return self._complaint_recognise(*message)
        except LOST_RACES:
            raise
        except Exception:
            _logger.exception("An e-mail could not be looked at")
            return None

    @api.model
    def _complaint_recognise(self, model, message, custom_values, thread_id):
        """Find out whether a message concerns complaints, and which.

        :return: ``ComplaintMail``, or None: then it is Odoo's alone
        """
        if isinstance(message, xmlrpc.client.Binary):
            message = bytes(message.data)
        raw = message.encode("utf-8") if isinstance(message, str) else message
        # sudo: ir.config_parameter - names of servers
        hosts = self.env["ir.config_parameter"].sudo().get_param(HOSTS_PARAMETER) or ""
        mail = ComplaintMail(
            raw=raw,
            now=fields.Datetime.now(),
            hosts=tuple(hosts.replace(",", " ").split()),
        )
        teams = self._complaint_find_desks(mail)
        if model == TICKET and not teams:
            values = custom_values if isinstance(custom_values, dict) else {}
            # sudo: helpdesk.ticket.team - configuration
            team = self.env["helpdesk.ticket.team"].sudo()
            teams = team.browse(values.get("team_id") or []).filtered(
                "complaint_intake"
            )
        tickets = self.env[TICKET]
        ticket = tickets.browse()
        if model == TICKET and thread_id:
            ticket = tickets.browse(thread_id)._complaint_only()
        ticket = (
            ticket
            or tickets._complaint_of_messages(mail.references)
            or tickets._complaint_of_tokens(mail.tokens)
        )
        if ticket.complaint_state == "erased":
            # Nothing is added to an erased file: what is written now is a new one.
            mail.erased_id = ticket.id
            teams, ticket = teams or ticket.team_id, tickets.browse()
        mail.ticket_id = ticket.id
        mail.desks = self._complaint_one_desk_a_company(teams, ticket)
        return mail if mail.desks or mail.ticket_id or mail.erased_id else None

    @api.model
    def _complaint_find_desks(self, mail):
        """The complaint desks among the recipients, in their order."""
        aliases = self._complaint_find_aliases(mail.recipients)
        # sudo: helpdesk.ticket.team - configuration
        teams = self.env["helpdesk.ticket.team"].sudo()
        desks = teams.browse()
        for alias in aliases:
            desks |= self._complaint_alias_desk(alias)
        mail.has_other_aliases = any(
            not self._complaint_alias_desk(alias) for alias in aliases
        )
        return desks

    @api.model
    def _complaint_find_aliases(self, addresses):
        """The aliases of these addresses, in their order."""
        # sudo: mail.alias - configuration
        aliases = self.env["mail.alias"].sudo()
        if not addresses:
            return aliases
        names = [address.partition("@")[0] for address in addresses]
        found = aliases.search(
            [
                "|",
                ("alias_full_name", "in", addresses),
                "&",
                ("alias_name", "in", names),
                ("alias_incoming_local", "=", True),
            ]
        )

        def place(alias):
            if alias.alias_full_name in addresses:
                return addresses.index(alias.alias_full_name)
            return names.index(alias.alias_name)

        return found.sorted(place)

    @api.model
    def _complaint_alias_desk(self, alias):
        """The complaint desk behind an alias, or none."""
        # sudo: helpdesk.ticket.team - configuration
        teams = self.env["helpdesk.ticket.team"].sudo()
        if alias.alias_model_id.model != TICKET:
            return teams
        try:
            values = literal_eval(alias.alias_defaults or "{}")
        except (SyntaxError, ValueError):
            values = {}
        team = teams.browse(values.get("team_id") or [])
        return team.exists().filtered("complaint_intake")

    @api.model
    def _complaint_one_desk_a_company(self, teams, ticket):
        """Two desks of one company have one complaint; the one answered is one too."""
        seen = set(ticket.company_id.ids)
        chosen = []
        for team in teams:
            company = (team.company_id or self.env.company).id
            if company not in seen:
                seen.add(company)
                chosen.append(team.id)
        return chosen

    # ------------------------------------------------------------------
    # Taking it in
    # ------------------------------------------------------------------

    @api.model
    def _complaint_take_in(self, mail, process):
        """Keep a message in the journal and let it become what it is.

        :param process: function that hands it to Odoo's gateway
        :return: the number of the ticket, as the gateway does; False for none
        """
        companies = self._complaint_companies_to_serve(mail)
        if companies is None:
            return False
        try:
            with self.env.cr.savepoint():
                return self._complaint_enter_mail(mail, companies, process)
        except UniqueViolation as error:
            if "complaint_intake" not in (error.diag.constraint_name or ""):
                return self._complaint_keep_unread(mail, companies, error)
            # Another worker takes the same message in at this moment.
            self._complaint_note_repeat(mail, self.env["complaint.intake"])
            return False
        except LOST_RACES as error:
            if not self.env.context.get("fetchmail_cron_running"):
                raise  # the call is made again
            # The job that fetches mail forgets what fails: read it again later.
            return self._complaint_park(mail, companies, error)
        except Exception as error:
            return self._complaint_keep_unread(mail, companies, error)

    @api.model
    def _complaint_companies_to_serve(self, mail):
        """The companies in which this message has not entered yet.

        :return: ``res.company``, or None where it is known in all of them
        """
        # sudo: helpdesk.ticket.team, helpdesk.ticket - whose desks they are
        teams = self.env["helpdesk.ticket.team"].sudo().browse(mail.desks)
        ticket = self.env[TICKET].sudo().browse(mail.ticket_id)  # sudo: same
        companies = ticket.company_id
        for team in teams:
            companies |= team.company_id or self.env.company
        if not companies:
            erased = self.env[TICKET].sudo().browse(mail.erased_id)  # sudo: same
            companies = erased.company_id
        journal = self.env["complaint.intake"]
        again = self._complaint_read_again_id()
        known = journal._find_mail(mail).filtered(lambda line: line.id != again)
        left = companies - known.company_id
        if known and not left:
            self._complaint_note_repeat(mail, known)
            return None
        if known.company_id:
            # The same message reached another company first.
            mail.desks = teams.filtered(
                lambda x: (x.company_id or self.env.company) in left
            ).ids
            if ticket.company_id not in left:
                mail.ticket_id = 0
        mail.new_id = f"<complaint.{mail.digest[:32]}.{left[:1].id}@localhost>"
        if not mail.message_id:
            return left
        # sudo: mail.message - whether its number is taken
        messages = self.env["mail.message"].sudo()
        taken = messages.search([("message_id", "=", mail.message_id)], limit=10)
        if not taken:
            mail.new_id = ""
            return left
        if not known and self._complaint_is_old_or_own(mail, taken, journal):
            return None
        return left

    @api.model
    def _complaint_is_old_or_own(self, mail, taken, journal):
        """Whether a message came before there was a journal, or is one of ours.

        What Odoo sent comes back where an address forwards to itself: that is no
        complaint, and no answer to it would ever end.
        """
        tickets = self.env[TICKET].browse(
            taken.filtered(lambda x: x.model == TICKET).mapped("res_id")
        )
        tickets = tickets._complaint_only()
        own = taken.filtered(lambda x: x.message_type != "email")
        if own and any(
            email_normalize(x.email_from or "") == mail.sender[1] for x in own
        ):
            journal._take_mail(
                mail, tickets.company_id[:1], "loop", ticket_id=tickets[:1].id
            )
            return True
        if tickets and not own:
            # sudo: complaint.intake - since when there is one
            lines = journal.sudo()
            if not lines.search_count(
                [("ticket_id", "in", tickets.ids), ("channel", "=", "email")], limit=1
            ):
                self._complaint_note_repeat(mail, lines, tickets[:1])
                return True
        return False

    @api.model
    def _complaint_note_repeat(self, mail, known, ticket=None):
        ticket = known.ticket_id[:1] if ticket is None else ticket
        self.env["complaint.intake"]._note(
            "email",
            "repeat",
            ticket,
            **self.env["complaint.intake"]._prepare_mail_vals(mail),
            company_id=(ticket.company_id or known.company_id[:1]).id,
        )

    @api.model
    def _complaint_enter_mail(self, mail, companies, process):
        """One message, one line a company, one complaint or one message on it."""
        journal = self.env["complaint.intake"]
        ticket = self.env[TICKET].browse(mail.ticket_id)
        outcome = self._complaint_without_file(mail, ticket)
        lines = self._complaint_open_lines(mail, companies, outcome or "waiting")
        if outcome:
            lines.write({"outcome": outcome, "ticket_id": ticket.id})
            if mail.kind == Kind.BOUNCE or mail.has_other_aliases:
                mail.desks, mail.ticket_id = [], 0
                self._complaint_pass_on(lines, process)
            return ticket.id
        self._complaint_know_sender(mail, ticket)
        result = self._complaint_run(mail, process)
        for ticket_id, is_new in mail.entered:
            taken = self.env[TICKET].with_context(**{KEY: mail}).browse(ticket_id)
            taken = taken.sudo()  # sudo: helpdesk.ticket - the gateway
            outcome, found = taken._complaint_settle_mail(mail, is_new)
            line = lines.filtered(
                lambda x, of=found: x.company_id == of.company_id and not x.ticket_id
            )[:1]
            if not line:
                line = journal._take_mail(mail, found.company_id, outcome)
            line.write(
                {
                    "ticket_id": found.id,
                    "outcome": outcome,
                    "note": found._complaint_mail_note(mail),
                }
            )
        if lines.filtered(lambda x: not x.ticket_id):
            raise ValueError("Odoo's gateway made nothing of this message")
        return result

    @api.model
    def _complaint_pass_on(self, lines, process):
        """What came back is for its letter to know, the rest for other aliases."""
        try:
            with self.env.cr.savepoint():
                process()
        except LOST_RACES:
            raise
        except Exception as error:
            _logger.info("What is no complaint cannot be read", exc_info=True)
            lines.note = str(error)[:1000]

    @api.model
    def _complaint_open_lines(self, mail, companies, outcome):
        """The lines of a message: new ones, or that of one that is read again."""
        journal = self.env["complaint.intake"].sudo()  # sudo: the gateway
        again = journal.browse(self._complaint_read_again_id() or [])
        again = again.exists().filtered(lambda x: x.outcome == "waiting")
        left = companies - again.company_id
        if left or not again:
            again |= journal._take_mail(mail, left, outcome)
        return again

    @api.model
    def _complaint_run(self, mail, process):
        """Hand it to Odoo's gateway; what else it is addressed to may not stop it."""
        if not mail.has_other_aliases:
            return process()
        try:
            with self.env.cr.savepoint():
                return process()
        except LOST_RACES:
            raise
        except Exception:
            _logger.exception("An e-mail to a complaint desk and to another alias")
            mail.has_other_aliases = False
            mail.entered.clear()
            return process()

    @api.model
    def _complaint_without_file(self, mail, ticket):
        """What enters and is no file, nor part of one; None for the rest."""
        if mail.kind == Kind.BOUNCE:
            return "bounce"
        if mail.kind == Kind.AUTO_REPLY and not ticket:
            return "automatic"
        if not mail.is_person:
            if any("-loop-detection-bounce-email@" in x for x in mail.references):
                return "loop"
            if ticket and self._complaint_is_flooded(mail, ticket):
                return "loop"
        return None

    @api.model
    def _complaint_is_flooded(self, mail, ticket):
        """Whether this sender wrote as often lately as Odoo takes for a loop."""
        # sudo: ir.config_parameter - the figures of Odoo's own guard
        parameters = self.env["ir.config_parameter"].sudo()
        minutes = int(parameters.get_param("mail.gateway.loop.minutes", 120))
        most = int(parameters.get_param("mail.gateway.loop.threshold", 20))
        domain = [
            ("channel", "=", "email"),
            ("sender", "=", mail.sender[1]),
            ("entered_at", ">=", mail.now - timedelta(minutes=minutes)),
            ("outcome", "not in", ("repeat", "loop", "waiting")),
        ]
        if ticket:
            domain.append(("ticket_id", "=", ticket.id))
        # sudo: complaint.intake - how many
        return self.env["complaint.intake"].sudo().search_count(domain) >= most

    @api.model
    def _complaint_know_sender(self, mail, ticket):
        """Who writes: the complainant, a colleague who forwards, somebody else."""
        address = mail.sender[1]
        mail.is_flood = self._complaint_is_flooded(mail, ticket)
        if ticket:
            mail.is_heard = mail.kind not in AUTOMATIC and (
                ticket._complaint_is_party(address)
            )
        # sudo: res.users - whether it is a colleague
        users = self.env["res.users"].sudo()
        colleague = users.browse()
        if address:
            colleague = users.search(
                [("share", "=", False), ("email_normalized", "=", address)], limit=1
            )
        mail.colleague = colleague.name or ""
        if not colleague or ticket:
            return
        for original in mail.originals():
            known = [("share", "=", False), ("email_normalized", "=", original.address)]
            if not users.search_count(known, limit=1) and not (
                self._complaint_is_own_address(original.address)
            ):
                mail.original = original
                break

    @api.model
    def _complaint_is_own_address(self, address):
        """Whether Odoo or a company writes from this address: no complainant does."""
        if self._complaint_find_aliases([address]):
            return True
        # sudo: res.company - their public addresses
        companies = self.env["res.company"].sudo().search([])
        return address in companies.partner_id.mapped("email_normalized")

    # ------------------------------------------------------------------
    # When something fails
    # ------------------------------------------------------------------

    @api.model
    def _complaint_keep_unread(self, mail, companies, error):
        """Odoo cannot read it: a complaint with what can be read, and its bytes."""
        _logger.warning("An e-mail for complaints could not be read", exc_info=error)
        mail.entered.clear()
        journal = self.env["complaint.intake"].sudo()  # sudo: the gateway
        note = f"{type(error).__name__}: {error}"[:1000].replace("\0", "")
        lines = self._complaint_open_lines(mail, companies, "failed")
        lines.write({"outcome": "failed", "note": note})
        found = self.env[TICKET]
        for line in lines:
            try:
                with self.env.cr.savepoint():
                    ticket = self.env[TICKET]._complaint_from_unread(
                        mail, line.company_id
                    )
                    line.ticket_id = ticket
                    found |= ticket
            except LOST_RACES:
                raise
            except Exception:
                # Kept by the journal: the reconciliation names it.
                _logger.exception("No complaint for line %s of the journal", line.id)
        journal.flush_model()
        return found[:1].id

    @api.model
    def _complaint_park(self, mail, companies, error):
        """Leave it in the journal for a moment, and have it read again."""
        _logger.info("An e-mail for complaints is read again later: %s", error)
        mail.entered.clear()
        self._complaint_open_lines(mail, companies, "waiting")
        job = self.env.ref("helpdesk_complaint.ir_cron_complaint_intake")
        job.sudo()._trigger()  # sudo: ir.cron - whoever fetches
        return False

    # ------------------------------------------------------------------
    # Inside Odoo's gateway
    # ------------------------------------------------------------------

    @api.model
    def message_parse(self, message, save_original=False):
        values = super().message_parse(message, save_original=save_original)
        mail = ComplaintMail.of(self.env)
        if not mail:
            return values
        values["message_id"] = mail.new_id or mail.message_id
        values["subject"] = mail.subject
        text, files = mail.hidden
        body = values.get("body") or ""
        if text and not _says_something(body):
            values["body"] = plaintext2html(text)
        attachments = [
            one._replace(fname="invitation.ics")
            if one.fname == "attachment"
            and isinstance(one.content, str)
            and one.content.lstrip().startswith("BEGIN:VCALENDAR")
            else one
            for one in values.get("attachments") or []
        ]
        attachments += [self._Attachment(name, raw, {}) for name, raw in files]
        values["attachments"] = attachments
        return values

    @api.model
    def _detect_is_bounce(self, message, message_dict):
        """A person who writes to the address for bounces as well is no bounce."""
        mail = ComplaintMail.of(self.env)
        if mail:
            return mail.kind == Kind.BOUNCE
        return super()._detect_is_bounce(message, message_dict)

    @api.model
    def _detect_loop_headers(self, msg_dict):
        """Judged before: a person who answers our refusal is heard."""
        return not ComplaintMail.of(self.env) and super()._detect_loop_headers(msg_dict)

    @api.model
    def _detect_loop_sender(self, message, message_dict, routes):
        """Judged before: the twenty-first mail of a furious person is no loop."""
        if ComplaintMail.of(self.env):
            return False
        return super()._detect_loop_sender(message, message_dict, routes)

    @api.model
    def message_route(
        self, message, message_dict, model=None, thread_id=None, custom_values=None
    ):
        mail = ComplaintMail.of(self.env)
        if not mail or message_dict.get("is_bounce"):
            return super().message_route(
                message, message_dict, model, thread_id, custom_values
            )
        others = []
        if mail.has_other_aliases:
            try:
                others = super().message_route(message, dict(message_dict), None)
            except ValueError:
                _logger.info("No other alias takes it: %s", mail.message_id)
        else:
            self._routing_reset_bounce(message, message_dict)
        own = self._complaint_routes(mail, custom_values)
        return own + [route for route in others if not self._complaint_is_ours(route)]

    @api.model
    def _complaint_routes(self, mail, custom_values):
        """To the complaint that it answers, and to a new one at each desk.

        Without the alias: its restrictions do not hold for complaints, and of what
        fails here nobody outside is told.
        """
        nowhere = self.env["mail.alias"]
        routes = []
        if mail.ticket_id:
            routes.append((TICKET, mail.ticket_id, None, self.env.uid, nowhere))
        given = custom_values if isinstance(custom_values, dict) else {}
        for team_id in mail.desks:
            values = {**given, "team_id": team_id}
            routes.append((TICKET, 0, values, self.env.uid, nowhere))
        return routes

    @api.model
    def _complaint_is_ours(self, route):
        """Whether a route of Odoo's leads where one of ours leads already."""
        model, thread_id, values = route[:3]
        if model != TICKET:
            return False
        if thread_id:
            return bool(self.env[TICKET].browse(thread_id)._complaint_only())
        # sudo: helpdesk.ticket.team - configuration
        teams = self.env["helpdesk.ticket.team"].sudo()
        return teams.browse((values or {}).get("team_id") or []).complaint_intake

    @api.model
    def _message_parse_post_process(self, message, message_dict, routes):
        """Who receives it elsewhere reads nothing here; a stranger is not shown.

        Whose message it answers is told nothing of it either, unless he works here.
        """
        values = super()._message_parse_post_process(message, message_dict, routes)
        mail = ComplaintMail.of(self.env)
        if mail:
            values["partner_ids"] = []
            is_answer = any(thread_id for _model, thread_id, *_rest in routes)
            message_dict["is_internal"] = (
                not mail.is_heard if is_answer else bool(mail.original)
            )
            # sudo: mail.message - who wrote it
            parent = self.env["mail.message"].sudo()
            parent = parent.browse(message_dict.get("parent_id") or [])
            if not mail.is_heard or parent.author_id.partner_share:
                message_dict.pop("parent_id", None)
        return values


def _says_something(html):
    return bool(html2plaintext(html).strip()) or "<img" in html
