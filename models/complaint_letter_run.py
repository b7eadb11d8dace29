import logging

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .complaint_batch import in_rounds
from .complaint_terms import LETTER_CODES

_logger = logging.getLogger(__name__)

# Letters written and committed together.
BATCH = 10
# What a person writes of a run that has not started.
DRAFT_FIELDS = frozenset(
    {"name", "template_code", "channel", "subject", "body", "is_duplex"}
)


class ComplaintLetterRun(models.Model):
    """One letter to many complainants, written by a job in the name of a person.

    Each letter and its line are committed together: killed anywhere, run by two
    workers or started again, each complaint gets its letter once. The run itself
    tells no more than how many; which complaints is in its lines, that follow the
    rights on each.
    """

    _name = "complaint.letter.run"
    _description = "Letters to many"
    _order = "id desc"

    name = fields.Char(required=True)
    user_id = fields.Many2one(
        "res.users",
        "In the name of",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
        help="Letters are sent with the rights of this person, and of no other.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
    )
    template_code = fields.Selection(
        LETTER_CODES, "Letter", required=True, default="acknowledge"
    )
    channel = fields.Selection(
        lambda self: self.env["complaint.letter"]._fields["channel"].selection,
        help="Empty: e-mail to whoever has an address, post to the others.",
    )
    subject = fields.Char("Other subject", help="Instead of the template's.")
    body = fields.Html("Other text", help="Instead of the template's, for everybody.")
    is_duplex = fields.Boolean(
        "Printed on both sides",
        default=True,
        help="In the file to print each letter begins on a new sheet.",
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("running", "Running"),
            ("stopped", "Stopped"),
            ("done", "Done"),
        ],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
    )
    started_at = fields.Datetime("Started on", readonly=True, copy=False)
    ended_at = fields.Datetime("Ended on", readonly=True, copy=False)
    line_ids = fields.One2many(
        "complaint.letter.run.line", "run_id", "Complaints", readonly=True
    )
    total_count = fields.Integer("Letters", compute="_compute_counts")
    done_count = fields.Integer("Sent", compute="_compute_counts")
    failed_count = fields.Integer("Failed", compute="_compute_counts")
    progress = fields.Float(
        compute="_compute_counts", help="Per cent of the letters sent or failed."
    )

    _running_idx = models.Index("(id) WHERE state = 'running'")

    @api.depends_context("uid")
    @api.depends("line_ids.state")
    def _compute_counts(self):
        """All letters for who started the run; for others, those that they may see."""
        counts = {}
        lines = self.env["complaint.letter.run.line"]
        own = self.filtered(lambda run: run.user_id == self.env.user)
        # sudo: complaint.letter.run.line - his own, also of what is hidden since
        for runs, model in ((own, lines.sudo()), (self - own, lines)):
            for run, state, count in model._read_group(
                [("run_id", "in", runs.ids)], ["run_id", "state"], ["__count"]
            ):
                counts.setdefault(run.id, {})[state] = count
        for run in self:
            found = counts.get(run.id, {})
            run.total_count = sum(found.values())
            run.done_count = found.get("done", 0)
            run.failed_count = found.get("failed", 0)
            ended = run.done_count + run.failed_count
            run.progress = 100 * ended / run.total_count if run.total_count else 0

    # ------------------------------------------------------------------
    # Create, write, unlink
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_fields(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._refuse_fields(vals)
        if not self.env.su:
            self._check_owner()
            self._refuse_unless("draft")
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_drafts(self):
        self._refuse_unless("draft")

    def _refuse_fields(self, vals):
        if self.env.su or DRAFT_FIELDS.issuperset(vals):
            return
        raise UserError(
            self.env._(
                "Letters to many: “%(fields)s” is written by the run itself. Use the "
                "buttons.",
                fields=", ".join(
                    self._fields[name].string
                    for name in sorted(set(vals) - DRAFT_FIELDS)
                    if name in self._fields
                ),
            )
        )

    def _refuse_unless(self, *states):
        words = dict(self._fields["state"]._description_selection(self.env))
        for run in self:
            if run.state not in states:
                raise UserError(
                    self.env._(
                        "%(run)s is in the state “%(state)s”: this is possible in "
                        "%(states)s only.",
                        run=run.name,
                        state=words[run.state],
                        states=", ".join(words[state] for state in states),
                    )
                )

    def _check_owner(self):
        """Only the person in whose name it is sent has a say in it."""
        self.check_access("write")
        for run in self:
            if run.user_id != self.env.user and not self.env.su:
                raise AccessError(
                    self.env._(
                        "%(run)s is sent in the name of %(user)s, who alone starts "
                        "and changes it. Prepare one of your own.",
                        run=run.name,
                        user=run.user_id.name,
                    )
                )

    # ------------------------------------------------------------------
    # Prepare
    # ------------------------------------------------------------------

    def _add_tickets(self, tickets):
        """Put complaints on the list that the user may write to, each once."""
        self.ensure_one()
        self._check_owner()
        self._refuse_unless("draft")
        tickets._complaint_check_role()
        lines = self.line_ids.sudo()  # sudo: complaint.letter.run.line - no hand-made
        wanted = (tickets - lines.ticket_id).filtered("complaint_state")
        lines.create([{"run_id": self.id, "ticket_id": ticket.id} for ticket in wanted])

    @api.model
    def _prepare_for(self, tickets, name):
        """Open a draft run on these complaints."""
        tickets._complaint_check_role()
        run = self.create({"name": name})
        run._add_tickets(tickets)
        return {
            "type": "ir.actions.act_window",
            "name": run.name,
            "res_model": self._name,
            "res_id": run.id,
            "view_mode": "form",
        }

    # ------------------------------------------------------------------
    # Start, stop
    # ------------------------------------------------------------------

    def action_start(self):
        """Start, or go on after a stop.

        :return: True
        """
        self._check_owner()
        self._refuse_unless("draft", "stopped")
        for run in self:
            if not run.total_count:
                raise UserError(
                    self.env._(
                        "%(run)s has no complaint. Choose some in the list of "
                        "complaints, and “Send letters” in its menu.",
                        run=run.name,
                    )
                )
        self._go()
        return True

    def action_stop(self):
        """Stop after the letters that are being written.

        :return: True
        """
        self._check_owner()
        self._refuse_unless("running")
        self.sudo().state = "stopped"  # sudo: complaint.letter.run - by buttons only
        return True

    def action_retry(self):
        """Try the letters that failed once more.

        :return: True
        """
        self._check_owner()
        self._refuse_unless("stopped", "done", "running")
        # sudo: complaint.letter.run.line - by buttons only
        failed = self.sudo().line_ids.filtered(lambda x: x.state == "failed")
        failed.write({"state": "todo", "error": False})
        self._go()
        return True

    def _go(self):
        runs = self.sudo()  # sudo: complaint.letter.run - by buttons only
        runs.write({"state": "running", "ended_at": False})
        for run in runs:
            run.started_at = run.started_at or fields.Datetime.now()
        job = self.env.ref("helpdesk_complaint.ir_cron_complaint_letter_run")
        job.sudo()._trigger()  # sudo: ir.cron - whoever starts may not manage jobs

    def action_refresh(self):
        """Show the form anew: it is the button that reads it again."""
        return True

    def action_view_lines(self):
        """Open the complaints of the run, those that failed first."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "complaint.letter.run.line",
            "view_mode": "list",
            "domain": [("run_id", "=", self.id)],
            "context": {"search_default_failed": bool(self.failed_count)},
        }

    # ------------------------------------------------------------------
    # The job
    # ------------------------------------------------------------------

    @api.model
    def _cron_run(self, batch=BATCH):
        """Write the letters of the runs that were started, round by round."""
        runs = self.sudo()  # sudo: complaint.letter.run - the job sees every run
        lines = runs.env["complaint.letter.run.line"]
        cron = runs.env["ir.cron"]
        busy = set()  # of another worker: not again in this run

        def take(_done):
            # Nothing of one round stays in memory for the next.
            lines.env.invalidate_all()
            due = lines._find_due(busy, batch)
            free = due.try_lock_for_update(allow_referencing=True)
            busy.update((due - free).ids)
            return free, len(due)

        cron._commit_progress(remaining=lines.search_count(lines._get_due_domain()))
        is_done = in_rounds(
            runs.env,
            take,
            lambda found: found._send(),
            lambda line, error: line._give_up(error),
        )
        runs._finish_in_rounds()
        cron._commit_progress(remaining=0 if is_done else 1)

    def _finish_in_rounds(self):
        """End the runs that have no letter left to write, one after the other."""

        def take(done):
            found = self.search(
                [
                    ("state", "=", "running"),
                    ("line_ids", "not any", [("state", "=", "todo")]),
                    ("id", "not in", list(done)),
                ],
                limit=1,
                order="id",
            )
            free = found.try_lock_for_update(allow_referencing=True)
            return free, len(free)

        in_rounds(
            self.env,
            take,
            lambda run: run._finish(),
            lambda run, error: run._end_unprinted(error),
        )

    def _end_unprinted(self, error):
        """The letters are sent, whatever became of the file to print."""
        _logger.error("Letters of run %s not printed", self.ids, exc_info=error)
        self.write({"state": "done", "ended_at": fields.Datetime.now()})

    def _finish(self):
        self.write({"state": "done", "ended_at": fields.Datetime.now()})
        self._build_print_file()
