from datetime import datetime
from zoneinfo import ZoneInfo

from odoo import fields

from .common import ComplaintCase, freeze_time

UTC = ZoneInfo("UTC")


def at(text, tz="Europe/Paris"):
    """The naive UTC instant of a local date and time."""
    local = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(tz))
    return local.astimezone(UTC).replace(tzinfo=None)


class ReminderCase(ComplaintCase):
    """A house procedure of ten days; a complaint due Thursday 22 October 2026.

    The company works Monday to Friday, 8 to 12 and 13 to 17, in Paris. All times of
    these tests are local to Paris.
    """

    rules = [
        {"when": "before", "amount": 2, "level": "handler"},
        {"when": "after", "amount": 0, "level": "handler"},
        {"when": "after", "amount": 1, "level": "leader"},
    ]

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.resource_calendar_id.tz = "Europe/Paris"
        cls.house = cls.env["complaint.regime"].create(
            {"name": "House", "code": "test_house", "source": "Test"}
        )
        cls.policy = cls._new_policy()
        with freeze_time(at("2026-10-12 10:00:00")):
            cls.ticket = cls._new_house_complaint()
        cls.deadline = cls.ticket.complaint_deadline_ids

    @classmethod
    def _new_policy(cls, rules=None, **vals):
        return cls.env["complaint.policy"].create(
            {
                "regime_id": cls.house.id,
                "step": "respond",
                "amount": 10,
                "unit": "day",
                "source": "Test",
                "extension": "free",
                "reminder_rule_ids": [
                    (0, 0, rule) for rule in (cls.rules if rules is None else rules)
                ],
                **vals,
            }
        )

    @classmethod
    def _new_house_complaint(cls, **vals):
        return cls._new_qualified(cls.house, received=fields.Datetime.now(), **vals)

    def set_rules(self, *rules):
        """Other reminders instead of those the policy has."""
        with freeze_time(at("2026-10-12 11:00:00")):
            self.policy.reminder_rule_ids = [(5, 0, 0)] + [
                (0, 0, rule) for rule in rules
            ]

    def remind(self, moment):
        """Run the job at a local moment, as the server does."""
        with freeze_time(at(moment)), self.enter_registry_test_mode():
            job = self.env.ref("helpdesk_complaint.ir_cron_complaint_reminder")
            self.assertIs(job.method_direct_trigger(), True)
        self.env.invalidate_all()

    def todos(self, *tickets):
        """The to-dos left by reminders, in the order in which they were made."""
        kind = self.env.ref("helpdesk_complaint.mail_activity_deadline")
        return self.env["mail.activity"].search(
            [
                ("res_model", "=", "helpdesk.ticket"),
                ("res_id", "in", [ticket.id for ticket in tickets or [self.ticket]]),
                ("activity_type_id", "=", kind.id),
            ],
            order="id",
        )

    def letters(self, user):
        """The e-mails made for a user, in the order in which they were made."""
        return self.env["mail.mail"].search(
            [("recipient_ids", "in", user.partner_id.ids)], order="id"
        )

    def states(self, *deadlines):
        """What is on record of these promises: (level, state), by moment."""
        rows = self.env["complaint.reminder"].search(
            [("deadline_id", "in", [deadline.id for deadline in deadlines])],
            order="moment, id",
        )
        return [(row.level, row.state) for row in rows]
