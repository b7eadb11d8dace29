from contextlib import contextmanager
from datetime import datetime, time

import pytz

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import freeze_time

from .common import ComplaintCase

# Days of 2026 and of the turn of the year that are closed, by calendar.
FRANCE = """2026-01-01 2026-04-06 2026-05-01 2026-05-08 2026-05-14 2026-05-25
2026-07-14 2026-08-15 2026-11-01 2026-11-11 2026-12-25 2027-01-01""".split()
ENGLAND = """2026-01-01 2026-04-03 2026-04-06 2026-05-04 2026-05-25 2026-08-31
2026-12-25 2026-12-28 2027-01-01""".split()
TARGET_DAYS = """2026-01-01 2026-04-03 2026-04-06 2026-05-01 2026-12-25
2027-01-01""".split()


class RegimeFixture:
    """Small regimes made for one promise each, and calendars that no year outdates."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.france = cls._new_calendar("France", FRANCE)
        cls.france_six = cls._new_calendar("France, six days", FRANCE, days=6)
        cls.england = cls._new_calendar("England", ENGLAND, tz="Europe/London")
        cls.target = cls._new_calendar("TARGET", TARGET_DAYS)
        cls.body = cls.env["complaint.recourse.body"].create({"name": "The Mediator"})

    # ------------------------------------------------------------------
    # What is promised
    # ------------------------------------------------------------------

    @classmethod
    def _new_calendar(cls, name, closed=(), days=5, tz="Europe/Paris"):
        """A calendar of all companies that works the first days of the week."""
        calendar = cls.env["resource.calendar"].create(
            {
                "name": name,
                "tz": tz,
                "company_id": False,
                "attendance_ids": [
                    (
                        0,
                        0,
                        {
                            "name": str(day),
                            "dayofweek": str(day),
                            "hour_from": 9,
                            "hour_to": 17,
                            "day_period": "morning",
                        },
                    )
                    for day in range(days)
                ],
            }
        )
        zone = pytz.timezone(tz)
        leaves = cls.env["resource.calendar.leaves"].create(
            [
                {
                    "name": f"Closed {day}",
                    "calendar_id": calendar.id,
                    "date_from": cls._local(zone, day, time.min),
                    "date_to": cls._local(zone, day, time(23, 59, 59)),
                }
                for day in closed
            ]
        )
        leaves.write({"company_id": False})
        return calendar

    @staticmethod
    def _local(zone, day, at):
        local = zone.localize(datetime.combine(fields.Date.to_date(day), at))
        return local.astimezone(pytz.utc).replace(tzinfo=None)

    def regime(self, code="test", **vals):
        return self.env["complaint.regime"].create(
            {
                "name": f"Regime {code}",
                "code": code,
                "source": "Test",
                "recourse_body_ids": [(6, 0, self.body.ids)],
                **vals,
            }
        )

    def policy(self, regime, step="respond", amount=10, unit="day", **vals):
        """A policy; calendars may be given as records."""
        for name in ("calendar_id", "roll_calendar_id", "alternative_to_id"):
            if name in vals:
                vals[name] = vals[name].id
        return self.env["complaint.policy"].create(
            {
                "regime_id": regime.id,
                "step": step,
                "amount": amount,
                "unit": unit,
                "source": "Test",
                **vals,
            }
        )

    @contextmanager
    def refused(self, message, error=UserError):
        """Expect a refusal that says so, and take back what was begun."""
        with self.assertRaisesRegex(error, message), self.cr.savepoint():
            yield


class RegimeCase(RegimeFixture, ComplaintCase):
    """Complaints under small regimes, and a clock that the test moves."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clock = cls.enterClassContext(freeze_time("2026-01-05 09:00:00"))

    # ------------------------------------------------------------------
    # What happens
    # ------------------------------------------------------------------

    def go(self, moment):
        """Let it be that moment (UTC), and everything be read anew."""
        self.env.flush_all()
        self.clock.move_to(moment)
        self.env.invalidate_all()

    def complaint(self, regimes, received="2026-03-06 09:00:00", sent=None, **vals):
        """A complaint under these regimes, qualified at once by a manager.

        Returned as the handler sees it.
        """
        self.go(received)
        ticket = self._new_ticket(**vals)
        ticket.complaint_report(
            received, sent, medium=vals.get("complaint_medium", "written")
        )
        self.as_user(self.manager, ticket).complaint_qualify(
            True, "He is dissatisfied.", regimes.ids
        )
        return self.as_user(self.handler, ticket)

    def answer(self, ticket, outcome="rejected", code="rejection"):
        """Decide and reply, as the handler."""
        ticket.complaint_decide(outcome, "For these reasons.", self.cause.id)
        return ticket.complaint_send_letter(code)

    def withdraw(self, ticket):
        """Close without an answer, as the handler."""
        ticket.complaint_decide("withdrawn", "He gave up.")
        ticket.complaint_close("Withdrawn.")

    def run_jobs(self, moment):
        """Run the job by which passes what passes by itself."""
        self.go(moment)
        with (
            self.enter_registry_test_mode(),
            self.assertNoLogs("odoo.addons.helpdesk_complaint", "ERROR"),
        ):
            self.env.ref(
                "helpdesk_complaint.ir_cron_complaint_acceptance"
            ).method_direct_trigger()
        self.env.invalidate_all()

    # ------------------------------------------------------------------
    # What is seen
    # ------------------------------------------------------------------

    def promise(self, ticket, policy, occurrence=1):
        """What a policy promised in the current cycle; may be nothing."""
        return ticket.sudo().complaint_deadline_ids.filtered(
            lambda x: (
                x.policy_id == policy
                and x.cycle == ticket.complaint_cycle
                and x.occurrence == occurrence
            )
        )

    def due(self, ticket, policy, occurrence=1):
        """The local due day of a promise that was made and holds."""
        deadline = self.promise(ticket, policy, occurrence)
        self.assertEqual(len(deadline), 1, policy.name)
        self.assertNotEqual(deadline.state, "cancelled", policy.name)
        return str(deadline._due_day())

    def state(self, ticket, policy, occurrence=1):
        return self.promise(ticket, policy, occurrence).state

    def events(self, ticket):
        """The history of the file, in the words of its steps."""
        return ticket.sudo().complaint_event_ids.sorted("sequence").mapped("event")
