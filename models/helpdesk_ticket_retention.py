import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..engine import retention
from ..engine.deadline import Unit
from .complaint_batch import in_rounds

_logger = logging.getLogger(__name__)


class HelpdeskTicket(models.Model):
    """7. Keeping: the window that closes by itself, archiving, how long to keep."""

    _inherit = "helpdesk.ticket"

    complaint_archive_date = fields.Date(
        "Archive on",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The file leaves the active base on this day.",
    )
    complaint_retention_date = fields.Date(
        "Keep until",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="Last day on which the file must be kept.",
    )

    def _complaint_keeping_dates(self, closed_at):
        """Archive and retention dates after closing: the longest of the regimes."""
        self.ensure_one()
        day = self._complaint_local_day(closed_at)
        regimes = self.sudo().complaint_regime_ids  # sudo: regime - configuration
        main = regimes.filtered(lambda regime: not regime.is_overlay) or regimes

        def last(name):
            return max(
                (
                    retention.keep_until(
                        day, regime[f"{name}_amount"], Unit(regime[f"{name}_unit"])
                    )
                    if regime[f"{name}_amount"]
                    else day
                    for regime in main
                ),
                default=retention.keep_until(day, 5, Unit.YEAR)
                if name == "retention"
                else day,
            )

        return {
            "complaint_archive_date": last("archive"),
            "complaint_retention_date": last("retention"),
        }

    # ------------------------------------------------------------------
    # Messages and files
    # ------------------------------------------------------------------

    def _complaint_evidence_may_change(self):
        """Whether a colleague may still correct his own notes and files here.

        Not while a hold keeps the file. What erases a file at the end of its time
        says so in the context, as every step does.
        """
        self.ensure_one()
        # sudo: complaint.hold - only whether there is one
        return not self.env.user.share and not self.sudo().complaint_hold_ids.filtered(
            "is_active"
        )

    def _complaint_refuse_evidence_change(self):
        if self.env.su and self.env.context.get("complaint_in_step"):
            return
        raise UserError(
            self.env._(
                "%(ticket)s: what was written or sent on a complaint is kept as it is. "
                "Write another message that corrects it.",
                ticket=self.display_name,
            )
        )

    # ------------------------------------------------------------------
    # Scheduled actions
    # ------------------------------------------------------------------

    @api.model
    def _complaint_in_batches(self, domain, method, batch=50, model=None):
        """Run a method on each record of a domain, once, whatever happens.

        Records are locked and committed batch by batch. One that fails is marked and
        named to an officer, and does not stop the others. One that another worker
        holds, or that the method leaves in the domain, is not taken again in this run.

        :param method: name of a method without arguments
        :param model: where to search, when it is not the tickets
        """
        model = self if model is None else model
        domain &= self._complaint_whole_domain(model)
        self.env["ir.cron"]._commit_progress(remaining=model.search_count(domain))
        passed = set()  # of another worker, or changed by it meanwhile

        def take(done):
            found = model.search(
                domain & Domain("id", "not in", done | passed), limit=batch, order="id"
            )
            locked = found.try_lock_for_update(allow_referencing=True)
            records = locked.filtered_domain(domain)
            passed.update((found - records).ids)
            return records, len(found)

        def work(records):
            for record in records:
                getattr(record, method)()

        def give_up(record, error):
            _logger.exception("%s failed for %s", method, record)
            ticket = record if model._name == self._name else record.ticket_id
            ticket._complaint_mark_broken(method.strip("_"), error)

        in_rounds(self.env, take, work, give_up)

    @api.model
    def _get_complaint_window_domain(self):
        now = fields.Datetime.now()
        window = Domain("step", "=", "accept") & Domain("state", "=", "running")
        return (
            Domain("complaint_state", "=", "answered")
            & Domain("complaint_contest_asked_at", "=", False)
            & Domain(
                "complaint_deadline_ids", "any", window & Domain("due_at", "<", now)
            )
            & Domain(
                "complaint_deadline_ids",
                "not any",
                window & Domain("due_at", ">=", now),
            )
            # Taken up when the referral ends, where it keeps the complaint open.
            & (
                Domain("complaint_referral_ids", "not any", [("is_open", "=", True)])
                | Domain(
                    "complaint_regime_ids",
                    "not any",
                    [("referral_bars_closing", "=", True)],
                )
            )
        )

    @api.model
    def _cron_complaint_acceptance(self):
        """Close the complaints whose complainant let the window pass.

        And whatever else passes by itself: rights that open or end, silence.
        """
        self._complaint_in_batches(
            self._get_complaint_window_domain(), "_complaint_close_after_window"
        )
        self._cron_complaint_effects()

    def _complaint_close_after_window(self):
        """Silence: the right to react has lapsed, the complaint is closed.

        A complaint whose fault is admitted waits for its cause: the handler is
        asked once.
        """
        self.ensure_one()
        if "cause_given" not in self._complaint_facts():
            self._complaint_ask_cause()
            return
        self._complaint_current_deadlines("accept").filtered(
            lambda x: x.state == "running"
        ).write({"state": "waived", "met_at": fields.Datetime.now()})
        ticket = self.with_context(lang=self.company_id.partner_id.lang)
        self.complaint_close(
            ticket.env._("The acceptance window is over and nothing was heard.")
        )

    @api.model
    def _get_complaint_archive_domain(self):
        return (
            Domain("complaint_state", "in", ("closed", "not_complaint"))
            & Domain("complaint_contest_asked_at", "=", False)
            & Domain("complaint_archive_date", "<", fields.Date.today())
        )

    @api.model
    def _cron_complaint_retention(self):
        """Move closed files to the archive once their regime's delay is over."""
        self._complaint_in_batches(
            self._get_complaint_archive_domain(), "_complaint_archive"
        )

    def _complaint_archive(self):
        """Archive one closed file, unless a hold or a referral keeps it."""
        self.ensure_one()
        if {"held", "open_referral"} & self._complaint_facts():
            # Asked again tomorrow, not in every run of today.
            self.sudo().complaint_archive_date = (  # sudo: helpdesk.ticket - step
                fields.Date.today() + timedelta(days=1)
            )
            return
        self._complaint_check_step("archive")
        self._complaint_enter_state("archive", active=False)
        self._complaint_log("archive")
