import logging

from odoo import api, fields, models
from odoo.fields import Domain

from .complaint_batch import LOST_RACES, divided
from .complaint_terms import LIVE_STATES, OPEN_STATES

_logger = logging.getLogger(__name__)

# Up to so many promises follow in the very transaction of the change.
AT_ONCE = 200
BATCH = 1000
RETRIES = 5


class ComplaintRecompute(models.Model):
    """A change of a calendar or policy, and the open deadlines that follow it.

    A few follow at once, in the same transaction; many in a job that commits batch
    after batch and goes on where it stopped. What moved is in each complaint's
    history, with the reason; here is how many, and what could not be reckoned.
    """

    _name = "complaint.recompute"
    _description = "Deadlines reckoned again"
    _order = "id desc"

    reason = fields.Char(required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users",
        "Asked by",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
    )
    state = fields.Selection(
        [("queued", "Waiting"), ("running", "Running"), ("done", "Done")],
        required=True,
        readonly=True,
        default="queued",
        index=True,
    )
    deadline_domain = fields.Json(readonly=True, help="Which promises to reckon.")
    ticket_domain = fields.Json(
        readonly=True, help="Which complaints may have other promises now."
    )
    cursor = fields.Integer(readonly=True, help="Everything up to this id is done.")
    total = fields.Integer("Promises or complaints", readonly=True)
    done_count = fields.Integer("Looked at", readonly=True)
    moved_count = fields.Integer("Complaints whose dates moved", readonly=True)
    failed_count = fields.Integer("Could not be reckoned", readonly=True)
    error = fields.Text("Last error", readonly=True)
    done_at = fields.Datetime("Done on", readonly=True)

    # ------------------------------------------------------------------
    # Ask
    # ------------------------------------------------------------------

    @api.model
    def _ask_deadlines(self, reason, domain):
        """Have open promises reckoned again, because of a change.

        :param str reason: what changed, as it will stand in the histories
        :param domain: on ``complaint.deadline``; only open ones of open files count
        :return: the job, or nothing when no promise is concerned
        """
        model = self.env["complaint.deadline"]
        return self._ask(reason, model, Domain(domain) & self._open_domain())

    @api.model
    def _ask_tickets(self, reason, domain):
        """Have complaints looked at whose promises may be others now."""
        model = self.env["helpdesk.ticket"]
        live = Domain("complaint_state", "in", LIVE_STATES)
        return self._ask(reason, model, Domain(domain) & live)

    @api.model
    def _ask(self, reason, model, domain):
        # sudo: complaint.recompute - follows from a change that was allowed
        self = self.sudo()
        total = model.sudo().with_context(active_test=False).search_count(domain)
        if not total:
            return self.browse()
        by_deadline = model._name == "complaint.deadline"
        job = self.create(
            {
                "reason": reason,
                "total": total,
                "deadline_domain": list(domain) if by_deadline else False,
                "ticket_domain": False if by_deadline else list(domain),
            }
        )
        if total <= AT_ONCE:
            job._run_at_once()
        else:
            self.env.ref("helpdesk_complaint.ir_cron_complaint_recompute")._trigger()
        return job

    @api.model
    def _open_domain(self):
        """Promises that may still move: closed files and cycles never do."""
        return Domain("state", "in", OPEN_STATES) & Domain(
            "ticket_id.complaint_state", "in", LIVE_STATES
        )

    @api.model
    def _preview(self, domain):
        """How many promises and complaints a change would touch.

        :param domain: on ``complaint.deadline``
        :return: ``(promises, complaints)``
        """
        # sudo: complaint.deadline - how many, of every team
        model = self.env["complaint.deadline"].sudo()
        shown = self.env["helpdesk.ticket"]._complaint_countable_domain()
        ((count, tickets),) = model._read_group(
            Domain(domain) & self._open_domain() & Domain("ticket_id", "any", shown),
            aggregates=["__count", "ticket_id:count_distinct"],
        )
        return count, tickets

    # ------------------------------------------------------------------
    # Do
    # ------------------------------------------------------------------

    @api.model
    def _cron_recompute(self):
        """Do what is waiting, oldest first, in committed batches."""
        while True:
            job = self.search(
                [("state", "in", ("queued", "running"))], order="id", limit=1
            )
            if not job or not job._run():
                return

    def _run(self):
        """Do one job to its end; False when the time of this run is over."""
        self.ensure_one()
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=max(self.total - self.done_count, 1))
        while True:
            count = self._take_batch_safely()
            self.env.invalidate_all()
            if not count:
                self.write({"state": "done", "done_at": fields.Datetime.now()})
                return cron._commit_progress(1)
            if not cron._commit_progress(count):
                return False

    def _run_at_once(self):
        while self._take_batch():
            pass
        self.write({"state": "done", "done_at": fields.Datetime.now()})

    def _take_batch_safely(self):
        """Do a batch; when somebody else just wrote to one of its files, again."""
        for attempt in range(RETRIES):
            try:
                return self._take_batch()
            except LOST_RACES:
                self.env.cr.rollback()  # pylint: disable=invalid-commit
                self.env.invalidate_all()
                _logger.info("Recomputation %s: batch tried again", self.id)
                if attempt == RETRIES - 1:
                    raise
        return 0

    def _take_batch(self):
        """Reckon the next records, together but for one that fails.

        :return: how many were looked at; zero at the end
        """
        records = self._next_records()
        if records:
            divided(self.env, records, self._reckon, self._mark_broken)
            self.write(
                {
                    "state": "running",
                    "cursor": records[-1].id,
                    "done_count": self.done_count + len(records),
                }
            )
        return len(records)

    def _next_records(self):
        model, domain = self.env["complaint.deadline"], self.deadline_domain
        if not domain:
            model, domain = self.env["helpdesk.ticket"], self.ticket_domain
        return model.with_context(active_test=False).search(
            Domain(domain) & Domain("id", ">", self.cursor), limit=BATCH, order="id"
        )

    def _reckon(self, records):
        """Reckon records, and write to the history of their files what moved."""
        tickets = self.env["helpdesk.ticket"]
        if records._name == tickets._name:
            before = records.mapped("complaint_event_count")
            records._complaint_sync_deadlines(log=self.reason)
            after = records.mapped("complaint_event_count")
            moved = sum(old != new for old, new in zip(before, after, strict=True))
        else:
            changes = records._recompute_due()
            tickets.browse(changes)._complaint_log(
                "deadlines", note=self.reason, data={"by_ticket": changes}
            )
            moved = len(changes)
        self.moved_count += moved

    def _mark_broken(self, record, error):
        _logger.error("%s of %s cannot be reckoned: %s", record, self, error)
        self.write({"error": str(error), "failed_count": self.failed_count + 1})
        ticket = record if record._name == "helpdesk.ticket" else record.ticket_id
        ticket._complaint_warn_broken(self.reason, error)
