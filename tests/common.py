from odoo import fields
from odoo.tests import TransactionCase, freeze_time, new_test_user, tagged


class ComplaintFixture:
    """A company of its own, a team, one user a role, one customer with a portal."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(
            context=dict(cls.env.context, tracking_disable=True, lang="en_US")
        )
        cls.env["res.lang"]._activate_lang("en_US")
        cls.company = cls.env["res.company"].create(
            {
                "name": "Cabinet Vercors",
                "street": "4 place Grenette",
                "zip": "38000",
                "city": "Grenoble",
                "country_id": cls.env.ref("base.fr").id,
                "email": "contact@vercors.example",
                "complaint_agency_code": "1001",
            }
        )
        cls.company.partner_id.lang = "en_US"
        helpdesk = "helpdesk_complaint.group_complaint_"
        cls.handler = cls._new_user("t_handler", f"{helpdesk}user")
        cls.leader = cls._new_user("t_leader", f"{helpdesk}user")
        cls.manager = cls._new_user("t_manager", f"{helpdesk}manager")
        cls.officer = cls._new_user("t_officer", f"{helpdesk}officer")
        cls.auditor = cls._new_user("t_auditor", f"{helpdesk}auditor")
        cls.agent = cls._new_user("t_agent", "helpdesk_mgmt.group_helpdesk_user")
        cls.customer = cls._new_user("t_customer", "base.group_portal")
        cls.stranger = cls._new_user("t_stranger", "base.group_portal")
        cls.customer.partner_id.write(
            {
                "name": "Zoé L'Hôte",
                "street": "12 rue des Lilas",
                "zip": "38100",
                "city": "Grenoble",
                "lang": "en_US",
            }
        )
        cls.team = cls.env["helpdesk.ticket.team"].create(
            {
                "name": "Complaints desk",
                "company_id": cls.company.id,
                "user_ids": [(6, 0, (cls.handler | cls.leader).ids)],
                "user_id": cls.leader.id,
                "complaint_intake": True,
            }
        )
        cls.cause = cls.env["complaint.cause"].create({"name": "Wrong tariff"})
        cls.acpr = cls._regime("fr_acpr")
        cls.notice = cls._regime("fr_notice_14_30")
        cls.plan = cls._regime("fr_plan_10d_2m")
        cls.essms = cls._regime("fr_essms_48h_10d")
        cls.window = cls._regime("fr_close_8d")
        cls.Ticket = cls.env["helpdesk.ticket"].with_company(cls.company)

    @classmethod
    def _new_user(cls, login, groups):
        return new_test_user(
            cls.env,
            login,
            groups,
            email=f"{login}@example.com",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
            tz="Europe/Paris",
            lang="en_US",
        )

    @classmethod
    def _regime(cls, code):
        return cls.env["complaint.regime"].search([("code", "=", code)]).ensure_one()

    @classmethod
    def _new_ticket(cls, **vals):
        return cls.Ticket.create(
            {
                "name": "Fees charged without notice",
                "description": "<p>You charged me 45 euros without a word.</p>",
                "partner_id": cls.customer.partner_id.id,
                "partner_name": cls.customer.partner_id.name,
                "partner_email": cls.customer.email,
                "team_id": cls.team.id,
                "user_id": cls.handler.id,
                "company_id": cls.company.id,
                **vals,
            }
        )

    @classmethod
    def _new_complaint(cls, received="2026-10-09 08:00:00", sent=None, **vals):
        """A ticket reported as a complaint, not qualified yet."""
        ticket = cls._new_ticket(**vals)
        ticket.complaint_report(received_at=received, sent_date=sent)
        return ticket

    @classmethod
    def _new_qualified(cls, regime=None, **vals):
        """A registered complaint under a regime, the ACPR's by default."""
        ticket = cls._new_complaint(**vals)
        regime = regime or cls.acpr
        ticket.complaint_qualify(True, "A fee is contested.", regime.ids)
        return ticket

    def as_user(self, user, record):
        """The record as a user sees it, in his own language and companies."""
        return record.with_user(user).with_context(
            allowed_company_ids=self.company.ids, tracking_disable=True
        )

    def due_day(self, ticket, step):
        """Local due day of a step in the current cycle."""
        deadline = ticket._complaint_current_deadlines(step)
        self.assertEqual(len(deadline), 1, step)
        return fields.Date.to_string(ticket._complaint_local_day(deadline.due_at))


@tagged("post_install", "-at_install")
class ComplaintCase(ComplaintFixture, TransactionCase):
    """The fixture for tests of models."""


__all__ = ["ComplaintCase", "ComplaintFixture", "freeze_time", "tagged"]
