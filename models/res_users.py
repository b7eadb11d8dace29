from datetime import UTC, timedelta

from odoo import fields, models

from ..engine import worktime


class ResUsers(models.Model):
    """When a reminder may reach its reader."""

    _inherit = "res.users"

    def _init_store_data(self, store):
        """Whether the chatter offers to report messages; the model checks again."""
        result = super()._init_store_data(store)
        store.add_global_values(
            mayReportComplaint=self.env.user.has_group(
                "helpdesk_mgmt.group_helpdesk_user_own"
            )
        )
        return result

    def _complaint_next_open(self, moment):
        """When this user is at work next, from a moment on (both naive UTC).

        His own working hours if he has any, else those of his company, in his time
        zone. Without hours, at any time: the moment itself.
        """
        return self._complaint_ask_work_time(worktime.next_open, moment)

    def _complaint_next_day_start(self, moment):
        """When this user's next working day begins, from a moment on (naive UTC)."""
        return self._complaint_ask_work_time(worktime.next_day_start, moment)

    def _complaint_day_start(self, moment):
        """The local midnight before a moment (naive UTC)."""
        start = worktime.day_start(moment.replace(tzinfo=UTC), self._complaint_tz())
        return start.replace(tzinfo=None)

    def _complaint_ask_work_time(self, ask, moment):
        spans, closed = self._complaint_work_time()
        at = ask(moment.replace(tzinfo=UTC), self._complaint_tz(), spans, closed)
        return at.replace(tzinfo=None) if at else moment

    def _complaint_tz(self):
        return self.tz or self._complaint_calendar().tz or "UTC"

    def _complaint_calendar(self):
        user = self.sudo()  # sudo: res.users - working hours are no secret
        return user.resource_calendar_id or user.company_id.resource_calendar_id

    def _complaint_work_time(self):
        calendar = self._complaint_calendar()
        if not calendar:
            return {}, frozenset()
        return calendar._complaint_work_time(self.company_id.id)

    def _complaint_served_today(self):
        """Those of these users who got their gathered e-mail on this day of theirs."""
        if not self:
            return self
        now = fields.Datetime.now()
        last = dict(
            self.env["complaint.reminder"]._read_group(
                [
                    ("user_id", "in", self.ids),
                    ("is_digest", "=", True),
                    ("given_at", ">=", now - timedelta(days=2)),
                ],
                ["user_id"],
                ["given_at:max"],
            )
        )
        return self.filtered(
            lambda user: user in last and last[user] >= user._complaint_day_start(now)
        )
