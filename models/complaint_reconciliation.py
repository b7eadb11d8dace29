import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .complaint_intake import WITHOUT_TICKET

_logger = logging.getLogger(__name__)

KIND = "helpdesk_complaint.mail_activity_reconciliation"
# Days that one run catches up for a company, at most.
MOST_DAYS = 100
# What each figure counts.
FIGURES = {
    "new_count": ("new", "linked"),
    "reply_count": ("reply", "contest", "thanks", "other"),
    "no_file_count": (*WITHOUT_TICKET, "refused"),
    "failed_count": ("failed", "waiting"),
}


class ComplaintReconciliation(models.Model):
    """One local day of one company: what entered, and what became of it.

    Open is what belongs to no complaint and should, what could not be read, and each
    complaint received that day of which the journal knows nothing.
    """

    _name = "complaint.reconciliation"
    _description = "Reconciliation of what entered"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "day desc, company_id"
    _rec_name = "day"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    day = fields.Date(required=True, readonly=True)
    entered_count = fields.Integer("Entered", readonly=True)
    new_count = fields.Integer("New complaints", readonly=True)
    reply_count = fields.Integer("On known complaints", readonly=True)
    no_file_count = fields.Integer("No file", readonly=True)
    failed_count = fields.Integer("Could not be read", readonly=True)
    open_count = fields.Integer("Not accounted for", readonly=True)
    open_intake_ids = fields.Many2many(
        "complaint.intake",
        "complaint_reconciliation_intake_rel",
        string="To be accounted for",
        readonly=True,
    )
    open_ticket_ids = fields.Many2many(
        "helpdesk.ticket",
        "complaint_reconciliation_ticket_rel",
        string="Complaints that the journal does not know",
        readonly=True,
    )
    settled_at = fields.Datetime("Settled on", readonly=True)
    settled_by_id = fields.Many2one("res.users", "Settled by", readonly=True)
    settled_note = fields.Text("Explanation", help="What became of what is open.")
    state = fields.Selection(
        [("clean", "Accounted for"), ("open", "Open"), ("settled", "Explained")],
        compute="_compute_state",
        store=True,
        index=True,
    )

    _day_uniq = models.UniqueIndex(
        "(company_id, day)", "This day is reconciled already."
    )

    @api.depends("open_count", "settled_at")
    def _compute_state(self):
        for record in self:
            if not record.open_count:
                record.state = "clean"
            else:
                record.state = "settled" if record.settled_at else "open"

    @api.depends("day", "company_id")
    def _compute_display_name(self):
        for record in self:
            record.display_name = f"{record.company_id.name}, {record.day}"

    # ------------------------------------------------------------------
    # The job
    # ------------------------------------------------------------------

    @api.model
    def _cron_reconcile(self):
        """Reckon each day that has ended and was not reckoned yet, by company.

        A day missed is caught up; one that is open is looked at again, because what
        was to be read again may have been read.
        """
        records = self.sudo()  # sudo: complaint.reconciliation - the job works for all
        cron = self.env["ir.cron"]
        todo = [
            (company, day)
            for company in records._companies()
            for day in records._missing_days(company)
        ]
        again = records.search([("state", "=", "open")])
        left = len(todo) + len(again)
        cron._commit_progress(remaining=left)
        for company, day in todo:
            records._guarded(
                lambda company=company, day=day: records._reckon_day(company, day)
            )
            if not cron._commit_progress(1):
                return
        for record in again:
            records._guarded(record._reckon)
            if not cron._commit_progress(1):
                return

    @api.model
    def _guarded(self, work):
        """One day that cannot be reckoned stops no other; it is missing tomorrow."""
        try:
            with self.env.cr.savepoint():
                work()
        except Exception:
            _logger.exception("A day of the journal could not be reconciled")

    @api.model
    def _companies(self):
        """The companies to which something came."""
        lines = self.env["complaint.intake"]
        # One look into the index for each: the journal only grows.
        return (
            self.env["res.company"]
            .search([])
            .filtered(
                lambda company: lines.search_count(
                    [("company_id", "=", company.id)], limit=1
                )
            )
        )

    @api.model
    def _missing_days(self, company):
        """The local days since the last one reckoned, the first of the journal else."""
        ticket = self.env["helpdesk.ticket"].new({"company_id": company.id})
        yesterday = ticket._complaint_local_day(fields.Datetime.now())
        yesterday -= timedelta(days=1)
        last = self.search([("company_id", "=", company.id)], order="day desc", limit=1)
        if last:
            first = last.day + timedelta(days=1)
        else:
            line = self.env["complaint.intake"].search(
                [("company_id", "=", company.id)], order="entered_at, id", limit=1
            )
            first = ticket._complaint_local_day(line.entered_at)
        count = min((yesterday - first).days + 1, MOST_DAYS)
        return [first + timedelta(days=number) for number in range(count)]

    @api.model
    def _reckon_day(self, company, day):
        """:return: the record of a day, made only once"""
        known = self.search([("company_id", "=", company.id), ("day", "=", day)])
        record = known or self.create({"company_id": company.id, "day": day})
        record._reckon()
        return record

    def _reckon(self):
        """Count a day, and name what is not accounted for."""
        self.ensure_one()
        lines = self.env["complaint.intake"].search(self._get_lines_domain())
        outcomes = lines.grouped("outcome")
        vals = {
            name: sum(len(outcomes.get(outcome, ())) for outcome in counted)
            for name, counted in FIGURES.items()
        }
        loose = lines.filtered(
            lambda x: (
                x.outcome in ("failed", "waiting")
                or (not x.ticket_id and x.outcome not in WITHOUT_TICKET)
            )
        )
        unknown = self._unknown_tickets()
        vals.update(
            entered_count=len(lines),
            open_intake_ids=[fields.Command.set(loose.ids)],
            open_ticket_ids=[fields.Command.set(unknown.ids)],
            open_count=len(loose) + len(unknown),
        )
        self.write(vals)
        self._tell_officers()

    def _bounds(self):
        """The first instants of this local day and of the next, naive UTC."""
        ticket = self.env["helpdesk.ticket"].new({"company_id": self.company_id.id})
        return (
            ticket._complaint_midnight(self.day),
            ticket._complaint_midnight(self.day + timedelta(days=1)),
        )

    def _get_lines_domain(self):
        first, end = self._bounds()
        return (
            Domain("company_id", "in", [self.company_id.id, False])
            & Domain("entered_at", ">=", first)
            & Domain("entered_at", "<", end)
        )

    def _unknown_tickets(self):
        """The complaints received on this day that have no line in the journal."""
        first, end = self._bounds()
        tickets = self.env["helpdesk.ticket"].with_context(active_test=False)
        received = tickets.search(
            Domain("complaint_state", "!=", False)
            & Domain("company_id", "=", self.company_id.id)
            & Domain("complaint_received_at", ">=", first)
            & Domain("complaint_received_at", "<", end)
        )
        lines = self.env["complaint.intake"].search([("ticket_id", "in", received.ids)])
        return received - lines.ticket_id

    def _tell_officers(self):
        """One to-do for each officer while the day is open; none once it is not."""
        known = self.activity_search([KIND])
        if self.state != "open":
            known.unlink()
            return
        ticket = self.env["helpdesk.ticket"].new({"company_id": self.company_id.id})
        for user in ticket._complaint_officers() - known.user_id:
            record = self.with_context(lang=user.lang)
            record.activity_schedule(
                KIND,
                summary=record.env._(
                    "%(count)s not accounted for on %(day)s",
                    count=self.open_count,
                    day=self.day,
                ),
                user_id=user.id,
            )

    # ------------------------------------------------------------------
    # By hand
    # ------------------------------------------------------------------

    def _check_officer(self):
        self.check_access("write")

    def action_check_again(self):
        """Reckon the day again."""
        self._check_officer()
        for record in self.sudo():  # sudo: complaint.reconciliation - read-only fields
            record._reckon()
        return True

    def action_settle(self):
        """Say that everything open was looked at; the explanation says how."""
        self._check_officer()
        for record in self:
            if record.state == "open" and not (record.settled_note or "").strip():
                raise UserError(
                    self.env._(
                        "%(day)s: write what became of what is open, then settle it.",
                        day=record.display_name,
                    )
                )
        # sudo: complaint.reconciliation - read-only fields, colleagues' activities
        found = self.sudo().filtered(lambda x: x.state == "open")
        found.write(
            {"settled_at": fields.Datetime.now(), "settled_by_id": self.env.uid}
        )
        for record in found:
            record._tell_officers()
        return True

    def action_lines(self):
        """Open what entered on this day."""
        self.check_access("read")
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": "complaint.intake",
            "view_mode": "list,form",
            "domain": list(self._get_lines_domain()),
        }

    def write(self, vals):
        """By hand only the explanation, and only while the day is open."""
        if not self.env.su and (
            set(vals) - {"settled_note"} or any(x.state == "settled" for x in self)
        ):
            raise UserError(
                self.env._(
                    "%(day)s: a reconciliation is reckoned, not edited. While it is "
                    "open its explanation can be written.",
                    day=self[:1].display_name,
                )
            )
        return super().write(vals)
