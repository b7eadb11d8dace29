"""Plays the demo's cases on the days on which they happened.

Every case is a list of steps dated back from today. All of them are taken in the
order of time, each by its own user with that user's rights, while the clock is
stopped at that moment: register numbers, deadlines, letters and history are what
they would be had the companies used the addon for nine months. Files whose window
or archiving date passes meanwhile are closed and archived as the scheduled actions
do it.

No e-mail leaves: what the story puts into the mail queue is marked as sent.
"""

import heapq
import logging
from datetime import datetime, time, timedelta
from email.message import EmailMessage
from itertools import count
from unittest.mock import patch

import pytz
from freezegun.api import freeze_time
from markupsafe import Markup

from odoo import fields

from . import story_broker, story_care_home, story_shop

_logger = logging.getLogger(__name__)

MODULE = "helpdesk_complaint"
ZONE = pytz.timezone("Europe/Paris")
CASES = (*story_broker.CASES, *story_care_home.CASES, *story_shop.CASES)
STAFF = ("camille", "martin", "olga", "ana")
# People at the desks of these companies do not work at weekends.
CLOSED_AT_WEEKENDS = ("broker", "broker_clients", "shop", "shop_clients")
CHANNELS = {
    "email": "helpdesk_mgmt.helpdesk_ticket_channel_email",
    "web": "helpdesk_mgmt.helpdesk_ticket_channel_web",
    "form": "helpdesk_mgmt.helpdesk_ticket_channel_web",
    "phone": "helpdesk_mgmt.helpdesk_ticket_channel_phone",
    "letter": f"{MODULE}.helpdesk_ticket_channel_letter",
    "fax": f"{MODULE}.helpdesk_ticket_channel_fax",
    "counter": f"{MODULE}.helpdesk_ticket_channel_counter",
}
# What the web shop's French-speaking users read.
FRENCH_NAMES = {
    "helpdesk_team_shop_demo": "Service réclamations",
    "helpdesk_team_shop_clients_demo": "Service clients",
    "helpdesk_category_shop_product_demo": "Produit",
    "helpdesk_category_shop_defect_demo": "Article défectueux",
    "helpdesk_category_shop_unavailable_demo": "Article indisponible",
    "helpdesk_category_shop_delivery_demo": "Livraison",
    "helpdesk_category_shop_late_demo": "Colis en retard ou perdu",
    "helpdesk_category_shop_wrong_demo": "Erreur d'article",
    "helpdesk_category_shop_refund_demo": "Prix et remboursement",
}


def html(text):
    """Paragraphs of plain text as HTML."""
    parts = [" ".join(part.split()) for part in text.strip().split("\n\n")]
    return Markup("").join(Markup("<p>%s</p>") % part for part in parts)


class Story:
    """The cases, a clock, and who is on the stage."""

    def __init__(self, env):
        self.env = env(
            context={
                "mail_auto_subscribe_no_notify": True,
                "mail_notify_force_send": False,
                "mail_activity_quick_update": True,
            }
        )
        self.now = fields.Datetime.now()
        self.today = pytz.utc.localize(self.now).astimezone(ZONE).date()
        messages = self.env["mail.message"]
        self.last_message = messages.search([], order="id desc", limit=1).id or 0
        self.scenes = []
        self.order = count()
        self.tickets = {}

    def ref(self, name):
        return self.env.ref(f"{MODULE}.{name}")

    # ------------------------------------------------------------------
    # Telling
    # ------------------------------------------------------------------

    def tell(self):
        """Play every case from its first day to now; nothing the second time."""
        first = f"{MODULE}.helpdesk_ticket_{CASES[0].key}_demo"
        if self.env.ref(first, raise_if_not_found=False):
            return
        self.set_languages()
        for case in CASES:
            self.plan(case)
        # The log keeps the real time.
        with freeze_time(self.scenes[0][0], ignore=["logging"]) as clock:
            # What is created and changed bears the day of the story as well.
            with patch.object(self.env.cr, "now", lambda: clock()):
                self.play(clock)
        self.settle_messages()
        _logger.info("Complaint demo: %s cases told", len(CASES))

    def play(self, clock):
        while self.scenes:
            at, _order, case, actor, act, values = heapq.heappop(self.scenes)
            clock.move_to(at)
            ticket = self.tickets.get(case.key, self.env["helpdesk.ticket"])
            ticket = ticket.with_env(self.env_of(actor, case))
            getattr(self, f"_act_{act}")(case, ticket, **values)
            # Tracked changes are written at the end of a transaction: end it here.
            self.env.cr.flush()

    def settle_messages(self):
        """Everything has been sent and read: nothing leaves, no inbox is full."""
        of_story = [("mail_message_id", ">", self.last_message)]
        mails = self.env["mail.mail"].search([*of_story, ("state", "=", "outgoing")])
        mails.write({"state": "sent"})
        for letter in self.env["complaint.letter"].search(
            [("mail_id", "in", mails.ids)]
        ):
            letter._note_handed(letter.sent_at)
        notifications = self.env["mail.notification"].search(of_story)
        notifications.write({"is_read": True, "notification_status": "sent"})

    def set_languages(self):
        """French for those who speak it, where French is installed."""
        installed = dict(self.env["res.lang"].get_installed())
        if "fr_FR" in installed:
            # Texts of an addon are translated after its demo data are loaded.
            module = self.env["ir.module.module"]
            module._load_module_terms([MODULE], ["fr_FR"])
            for name, french in FRENCH_NAMES.items():
                self.ref(name).with_context(lang="fr_FR").name = french
        known = self.env["ir.model.data"].search(
            [
                ("module", "=", MODULE),
                ("model", "=", "res.partner"),
                ("name", "like", "res\\_partner\\_%\\_demo"),
            ]
        )
        partners = self.env["res.partner"].browse(known.mapped("res_id"))
        partners |= self.env["res.partner"].union(
            *(self.ref(f"res_users_{login}_demo").partner_id for login in STAFF),
            self.ref("res_company_broker_demo").partner_id,
            self.ref("res_company_care_home_demo").partner_id,
        )
        abroad = partners.filtered(lambda x: (x.country_id.code or "FR") != "FR")
        abroad |= self.ref("res_company_shop_demo").partner_id
        for lang, speakers in (("fr_FR", partners - abroad), ("en_US", abroad)):
            if lang in installed:
                speakers.lang = lang

    # ------------------------------------------------------------------
    # Time
    # ------------------------------------------------------------------

    def plan(self, case):
        """Date the steps of a case; none before the one before it."""
        entered = case.entered or case.received
        at = self.moment(case, *entered, is_staff=bool(case.entered))
        by_itself = case.channel in ("email", "web", "form")
        actor = "system" if by_itself else case.entered_by
        self.add(at, case, actor, f"enter_{case.channel}")
        for step in case.steps:
            is_staff = step.actor in STAFF and step.act != "answer"
            planned = self.moment(case, step.days, step.clock, is_staff)
            at = max(planned, at + timedelta(minutes=7))
            self.add(at, case, step.actor, step.act, step.values)

    def moment(self, case, days, clock, is_staff=False):
        """A naive UTC instant, moved off a weekend where the company is closed."""
        if not days:
            return self.now - timedelta(hours=int(clock.strip("-h")))
        day = self.today - timedelta(days=days)
        if is_staff and case.team in CLOSED_AT_WEEKENDS and day.weekday() > 4:
            monday = day + timedelta(days=7 - day.weekday())
            day = monday if monday < self.today else monday - timedelta(days=3)
        local = datetime.combine(day, time.fromisoformat(clock))
        return ZONE.localize(local).astimezone(pytz.utc).replace(tzinfo=None)

    def add(self, at, case, actor, act, values=()):
        if at < self.now:
            scene = (at, next(self.order), case, actor, act, dict(values))
            heapq.heappush(self.scenes, scene)

    # ------------------------------------------------------------------
    # People
    # ------------------------------------------------------------------

    def env_of(self, actor, case):
        """The environment of whoever acts, in the company of the case."""
        if actor == "system":
            return self.env
        user = self.ref(f"res_users_{actor}_demo")
        company = self.ref(f"helpdesk_team_{case.team}_demo").company_id
        context = dict(
            self.env.context,
            lang=user.lang,
            tz=user.tz,
            allowed_company_ids=company.ids,
        )
        return self.env(user=user, su=False, context=context)

    def partner_of(self, case):
        if case.partner:
            return self.ref(f"res_partner_{case.partner}_demo")
        return self.env["res.partner"]

    def address_of(self, case):
        partner = self.partner_of(case)
        if partner:
            return partner.email_formatted
        return '"{}" <{}>'.format(*case.sender)

    # ------------------------------------------------------------------
    # How a ticket comes in
    # ------------------------------------------------------------------

    def _act_enter_email(self, case, ticket):
        """Through the mail gateway, to the team's address."""
        team = self.ref(f"helpdesk_team_{case.team}_demo")
        mail = EmailMessage()
        mail["From"] = self.address_of(case)
        mail["To"] = team.alias_id.alias_full_name
        mail["Subject"] = case.subject
        mail["Message-Id"] = f"<{case.key}.{self.today}@mail.example.com>"
        mail["Date"] = pytz.utc.localize(fields.Datetime.now())
        mail.set_content(case.text)
        mail.add_alternative(html(case.text), subtype="html")
        gateway = self.env["mail.thread"].with_company(team.company_id)
        ticket_id = gateway.message_process(None, mail.as_bytes())
        self.remember(case, ticket.browse(ticket_id))

    def _act_enter_web(self, case, ticket):
        """As the form on the website does it."""
        company = self.ref(f"helpdesk_team_{case.team}_demo").company_id
        ticket = ticket.with_company(company).create(self.prepare_vals(case))
        if case.is_reported:
            ticket.complaint_report(fields.Datetime.now())
        self.remember(case, ticket)

    def _act_enter_form(self, case, ticket):
        """By the public page, without an account; with its receipt."""
        team = self.ref(f"helpdesk_team_{case.team}_demo")
        visitor = self.env.ref("base.public_user")
        name, address = case.sender
        who = {"partner_name": name, "partner_email": address}
        if case.represented:
            who = {
                "is_represented": True,
                "partner_name": case.represented[0],
                "partner_email": case.represented[1],
                "complaint_representative_name": name,
                "complaint_representative_email": address,
            }
        complaint, _is_new = (
            ticket.with_user(visitor)
            .with_context(lang=team.company_id.partner_id.lang or "en_US")
            ._complaint_submit(
                {
                    "name": case.subject,
                    "description": "\n\n".join(
                        " ".join(part.split()) for part in case.text.split("\n\n")
                    ),
                    "complaint_request": case.asked,
                    "complaint_subject_ref": case.about,
                    "complaint_reply_by": "email",
                    "complaint_consent": team.company_id._complaint_consent(),
                    **who,
                },
                [],
                team,
            )
        )
        complaint._complaint_send_receipt()
        self.remember(case, complaint.with_env(self.env))

    def _act_add(self, case, ticket, text):
        """Whoever has the link adds a message."""
        visitor = self.env.ref("base.public_user")
        # sudo: helpdesk.ticket - as the page of the link does it
        complaint = ticket.with_user(visitor).sudo()
        email, _role = complaint._complaint_party_email()
        complaint._complaint_receive_message(text, [], email=email)

    def _act_enter_by_hand(self, case, ticket):
        """A colleague notes what was said, or opens the post."""
        received = self.moment(case, *case.received)
        vals = dict(self.prepare_vals(case), **self.prepare_file_vals(case))
        if case.is_reported:
            vals.update(
                complaint_state="to_qualify",
                complaint_received_at=received,
                complaint_medium="oral"
                if case.channel in ("phone", "counter")
                else "written",
            )
            if case.sent:
                vals["complaint_sent_date"] = self.today - timedelta(days=case.sent)
        self.remember(case, ticket.create(vals))

    _act_enter_phone = _act_enter_by_hand
    _act_enter_letter = _act_enter_by_hand
    _act_enter_fax = _act_enter_by_hand
    _act_enter_counter = _act_enter_by_hand

    def prepare_vals(self, case):
        partner = self.partner_of(case)
        name, address = case.sender or (partner.name, partner.email)
        return {
            "name": case.subject,
            "description": html(case.text),
            "team_id": self.ref(f"helpdesk_team_{case.team}_demo").id,
            "channel_id": self.env.ref(CHANNELS[case.channel]).id,
            "partner_id": partner.id,
            "partner_name": name,
            "partner_email": address,
        }

    def prepare_file_vals(self, case):
        """What a colleague adds to the complainant's own words."""
        vals = {"user_id": self.ref(f"res_users_{case.handler}_demo").id}
        if case.reason:
            vals["category_id"] = self.ref(f"helpdesk_category_{case.reason}_demo").id
        if case.is_reported:
            vals.update(
                complaint_severity=case.severity,
                complaint_subject_ref=case.about,
                complaint_request=case.asked,
                complaint_others=case.others,
                complaint_is_confidential=case.is_confidential,
                complaint_concerned_user_ids=[
                    fields.Command.set(
                        [self.ref(f"res_users_{x}_demo").id for x in case.concerned]
                    )
                ],
            )
        return vals

    def remember(self, case, ticket):
        self.tickets[case.key] = ticket
        self.name_record(f"helpdesk_ticket_{case.key}_demo", ticket)

    def name_record(self, name, record):
        """Give an external id, as records of demo files have one."""
        self.env["ir.model.data"]._update_xmlids(
            [
                {
                    "xml_id": f"{MODULE}.{name}",
                    "record": record.with_env(self.env),
                    "noupdate": True,
                }
            ]
        )

    # ------------------------------------------------------------------
    # What people do
    # ------------------------------------------------------------------

    def _act_qualify(self, case, ticket, reason, yes=True):
        if case.channel in ("email", "web"):
            ticket.write(self.prepare_file_vals(case))
        ticket.complaint_qualify(yes, reason)

    def _act_assign(self, case, ticket):
        ticket.write(self.prepare_file_vals(case))

    def _act_letter(self, case, ticket, code, **values):
        ticket.complaint_send_letter(code, **values)
        mine = ticket.activity_ids.filtered(lambda x: x.user_id == ticket.env.user)
        mine.action_done()
        end = ticket.complaint_window_end
        if end:
            self.add(end + timedelta(hours=4), case, "system", "window_over")

    def _act_window_over(self, case, ticket):
        """What the scheduled action does once the window has passed in silence."""
        if ticket.filtered_domain(ticket._get_complaint_window_domain()):
            ticket._complaint_close_after_window()
            self.plan_archive(case, ticket)

    def plan_archive(self, case, ticket):
        # sudo: helpdesk.ticket - only the day its regime archives it
        day = ticket.sudo().complaint_archive_date
        if day:
            at = datetime.combine(day + timedelta(days=1), time(2, 30))
            self.add(at, case, "system", "archive")

    def _act_archive(self, case, ticket):
        """What the scheduled action does once the file leaves daily use."""
        if ticket.filtered_domain(ticket._get_complaint_archive_domain()):
            ticket._complaint_archive()

    def _act_note(self, case, ticket, text):
        ticket.message_post(body=html(text), subtype_xmlid="mail.mt_note")

    def _act_findings(self, case, ticket, text):
        ticket.complaint_findings = html(text)

    def _act_answer(self, case, ticket, text):
        """The complainant writes again."""
        partner = self.partner_of(case)
        ticket.with_env(self.env).message_post(
            body=html(text),
            author_id=partner.id,
            email_from=self.address_of(case),
            message_type="email",
            subtype_xmlid="mail.mt_comment",
        )

    def _act_remind(self, case, ticket, login, summary, days):
        ticket.activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=self.today + timedelta(days=days),
            summary=summary,
            user_id=self.ref(f"res_users_{login}_demo").id,
        )

    def _act_redress(self, case, ticket, kind, amount=0, name=""):
        """Proposed; the reply has it approved, and grants it."""
        ticket.env["complaint.redress"].create(
            {"ticket_id": ticket.id, "kind": kind, "amount": amount, "name": name}
        )

    def _act_instalments(self, case, ticket, parts):
        """Amounts with the days, from today, on which they fall due; first is paid."""
        granted = ticket.complaint_redress_ids.filtered(lambda x: x.state == "granted")
        granted.payment_ids = [
            fields.Command.create(
                {"amount": amount, "due_date": self.today + timedelta(days=days)}
            )
            for amount, days in parts
        ]
        granted.payment_ids.sorted("due_date")[0].write(
            {"paid_on": fields.Date.context_today(ticket), "reference": "VIR 0412"}
        )

    def _act_pay(self, case, ticket):
        granted = ticket.complaint_redress_ids.filtered(lambda x: x.state == "granted")
        granted.action_pay()

    def _act_decide(self, case, ticket, outcome, reasons, cause=None):
        cause_id = self.ref(f"cause_{cause}").id if cause else None
        ticket.complaint_decide(outcome, reasons, cause_id)

    def _act_accept(self, case, ticket):
        ticket.complaint_accept()
        self.plan_archive(case, ticket)

    def _act_contest(self, case, ticket, reason):
        ticket.complaint_contest(reason)

    def _act_close(self, case, ticket, reason):
        ticket.complaint_close(reason)
        self.plan_archive(case, ticket)

    def _act_reopen(self, case, ticket, reason):
        ticket.complaint_reopen(reason)

    def _act_extend(self, case, ticket, to_come, reason):
        ticket.complaint_extend("respond", self.today + timedelta(days=to_come), reason)

    def _act_refer(self, case, ticket, body):
        day = fields.Date.context_today(ticket)
        ticket.complaint_refer(self.ref(f"recourse_{body}").id, day)

    def _act_hold(self, case, ticket, reason):
        ticket.env["complaint.hold"].create({"ticket_id": ticket.id, "reason": reason})

    def _act_series(self, case, ticket, key, name, cause):
        xmlid = f"complaint_series_{key}_demo"
        series = self.env.ref(f"{MODULE}.{xmlid}", raise_if_not_found=False)
        if not series:
            series = ticket.env["complaint.series"].create(
                {
                    "name": name,
                    "company_id": ticket.company_id.id,
                    "cause_id": self.ref(f"cause_{cause}").id,
                }
            )
            self.name_record(xmlid, series)
        ticket.complaint_series_id = series.id

    def _act_plan_action(
        self, case, ticket, key, name, due, kind="correction", text=""
    ):
        """A corrective action; ``due`` in days from today, negative in the past."""
        action = ticket.env["mgmtsystem.action"].create(
            {
                "name": name,
                "type_action": kind,
                "description": html(text) if text else False,
                "company_id": ticket.company_id.id,
                "date_deadline": self.today + timedelta(days=due),
                "complaint_ids": [fields.Command.link(ticket.id)],
            }
        )
        self.name_record(f"mgmtsystem_action_{key}_demo", action)

    def _act_join_action(self, case, ticket, key):
        action = self.ref(f"mgmtsystem_action_{key}_demo")
        ticket.complaint_action_ids = [fields.Command.link(action.id)]

    def _act_move_action(self, case, ticket, key, stage):
        action = self.ref(f"mgmtsystem_action_{key}_demo").with_env(ticket.env)
        action.stage_id = self.env.ref(f"mgmtsystem_action.stage_{stage}").id
