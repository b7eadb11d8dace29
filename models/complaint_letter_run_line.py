import logging

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import is_html_empty

from .complaint_terms import LIVE_STATES

_logger = logging.getLogger(__name__)


class ComplaintLetterRunLine(models.Model):
    """One complaint of a run: still to do, its letter, or why it has none."""

    _name = "complaint.letter.run.line"
    _description = "Letter to one of many"
    _inherit = ["complaint.file.mixin"]
    _order = "run_id desc, id"
    _rec_name = "ticket_id"

    run_id = fields.Many2one(
        "complaint.letter.run",
        "Letters to many",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    state = fields.Selection(
        [("todo", "To do"), ("done", "Sent"), ("failed", "Failed")],
        required=True,
        readonly=True,
        default="todo",
    )
    letter_id = fields.Many2one(
        "complaint.letter",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    error = fields.Text("Why not", readonly=True)

    _once = models.UniqueIndex("(run_id, ticket_id)", "A complaint is in a run once.")
    _due_idx = models.Index("(run_id, id) WHERE state = 'todo'")

    @api.ondelete(at_uninstall=False)
    def _unlink_from_drafts(self):
        self.run_id._check_owner()
        self.run_id._refuse_unless("draft")

    def action_remove(self):
        """Take a complaint off the list before the run starts."""
        self.unlink()
        return True

    def action_open_complaint(self):
        """Open the complaint."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.ticket_id.display_name,
            "res_model": "helpdesk.ticket",
            "res_id": self.ticket_id.id,
            "view_mode": "form",
        }

    # ------------------------------------------------------------------
    # The job
    # ------------------------------------------------------------------

    @api.model
    def _get_due_domain(self):
        return Domain("state", "=", "todo") & Domain("run_id.state", "=", "running")

    @api.model
    def _find_due(self, busy, limit):
        """The next letters to write, of one run, in the order of its list."""
        domain = self._get_due_domain() & Domain("id", "not in", list(busy))
        first = self.search(domain, limit=1, order="run_id, id")
        return self.search(
            domain & Domain("run_id", "=", first.run_id.id), limit=limit, order="id"
        )

    def _send(self):
        """Write and send the letters of these lines of one run, all or none.

        With the rights that the person who started it has now, whatever they were.
        """
        run, user = self.run_id, self.run_id.user_id
        if not user.active:
            raise UserError(
                self.env._(
                    "%(user)s, in whose name the letters are sent, has no access any "
                    "more. Prepare the letters anew in your name.",
                    user=user.name,
                )
            )
        companies = run.company_id & user.company_ids | user.company_ids
        tickets = self.ticket_id.with_user(user).with_context(
            allowed_company_ids=companies.ids, lang=user.lang, tz=user.tz
        )
        values = {name: run[name] for name in ("channel", "subject") if run[name]}
        if not is_html_empty(run.body):
            values["body"] = run.body
        letters = tickets.complaint_send_letter(run.template_code, **values)
        by_ticket = {letter.ticket_id.id: letter.id for letter in letters}
        for line in self:
            line.write({"state": "done", "letter_id": by_ticket[line.ticket_id.id]})

    def _give_up(self, error):
        """Note why a complaint has no letter, and leave it to a person."""
        if isinstance(error, UserError | AccessError):
            words = str(error)
        else:
            _logger.error("Letter of run line %s failed", self.ids, exc_info=error)
            words = self.env._(
                "Unexpected error: %(error)s", error=f"{type(error).__name__}: {error}"
            )
        self.write({"state": "failed", "error": words})


class HelpdeskTicket(models.Model):
    """Letters to many complainants, from the list of complaints."""

    _inherit = "helpdesk.ticket"

    def action_complaint_letter_run(self):
        """Prepare the same letter to the complainants of all these."""
        self._complaint_check_role()
        name = self.env._(
            "Letters of %(day)s",
            day=self._complaint_long_date(fields.Date.context_today(self)),
        )
        return self.env["complaint.letter.run"]._prepare_for(self, name)


class ComplaintSeries(models.Model):
    """Letters to the complainants of a series."""

    _inherit = "complaint.series"

    def action_complaint_letter_run(self):
        """Prepare the same letter to the complainants of the open ones."""
        self.ensure_one()
        tickets = self.ticket_ids.filtered(lambda x: x.complaint_state in LIVE_STATES)
        return self.env["complaint.letter.run"]._prepare_for(tickets, self.name)
