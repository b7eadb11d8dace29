import json

from odoo import api, fields, models
from odoo.exceptions import UserError

EVENTS = [
    ("report", "Reported as a complaint"),
    ("receipt", "Receipt sent"),
    ("link", "New link to follow it sent"),
    ("link_end", "Link to follow it ended"),
    ("taken_down", "Taken down by a colleague"),
    ("read_back", "Read back to the complainant"),
    ("copy_given", "Copy given to the complainant"),
    ("same", "Found to be the same as another complaint"),
    ("not_same", "Found to be another complaint after all"),
    ("qualify_yes", "Qualified: a complaint"),
    ("qualify_no", "Qualified: not a complaint"),
    ("acknowledge", "Acknowledged"),
    ("invite_to_write", "Invited to write"),
    ("request_information", "Information requested"),
    ("inform", "Complainant informed"),
    ("holding", "Delay announced"),
    ("decide", "Decision taken"),
    ("reply", "Final reply sent"),
    ("undelivered", "Letter did not arrive"),
    ("delivered", "Letter arrived after all"),
    ("letter_read", "Letter opened in the portal"),
    ("proof", "Proof of delivery added"),
    ("not_complaint", "Told that it is not a complaint"),
    ("closure", "Told that the file is closed"),
    ("mediator_file", "File sent to the recourse body"),
    ("letter_submit", "Letter submitted for approval"),
    ("letter_approve", "Letter approved"),
    ("letter_refuse", "Approval of a letter refused"),
    ("letter_draft", "Letter taken back to draft"),
    ("correct", "Letter corrected by a new one"),
    ("mandate_prove", "Mandate seen"),
    ("mandate_refuse", "Mandate refused"),
    ("claim", "Taken over by the complainant's account"),
    ("accept", "Answer accepted"),
    ("contest_ask", "Objection received, to examine"),
    ("contest_dismiss", "Objection examined: not contested"),
    ("contest", "Answer contested"),
    ("recourse_asked", "Details of the recourse sent on request"),
    ("rate", "Handling rated by the complainant"),
    ("escalate_stage", "Escalated to the next stage"),
    ("settle", "Settled early"),
    ("transfer", "Transferred"),
    ("close", "Closed"),
    ("reopen", "Reopened"),
    ("linked", "Written again: new complaint"),
    ("pause", "Paused"),
    ("resume", "Resumed"),
    ("extend", "Deadline extended"),
    ("done", "Promise kept"),
    ("deadlines", "Deadlines recomputed"),
    ("change_regimes", "Regimes changed"),
    ("silence", "Silence took effect"),
    ("recourse_opens", "Recourse open"),
    ("recourse_ends", "Recourse no longer possible"),
    ("escalate", "Escalated"),
    ("change", "File corrected"),
    ("refer", "Referred to a recourse body"),
    ("refer_admit", "Admissibility of the referral"),
    ("refer_opinion", "Opinion of the recourse body"),
    ("refer_answer", "Answer to the opinion"),
    ("refer_end", "Referral ended"),
    ("redress_approve", "Redress approved"),
    ("grant", "Redress granted"),
    ("redress_reaction", "Redress accepted or refused"),
    ("pay", "Redress paid"),
    ("redress_settle", "Rest of the redress waived by agreement"),
    ("redress_cancel", "Redress cancelled"),
    ("hold", "Hold placed"),
    ("release", "Hold lifted"),
    ("archive", "Archived"),
    ("erase", "Erased"),
]


class ComplaintEvent(models.Model):
    """One line of a complaint's history: written once, never changed, chained.

    The hashed part (``payload``) holds identifiers, dates and salted digests, so
    that erasing a person does not break the chain. What people wrote is in
    ``note``, which is not hashed but whose digest is.
    """

    _name = "complaint.event"
    _description = "Complaint history"
    _inherit = ["complaint.file.mixin"]
    _order = "ticket_id, sequence"
    _log_access = False

    sequence = fields.Integer("No.", required=True, readonly=True)
    event = fields.Selection(EVENTS, required=True, readonly=True)
    date = fields.Datetime(required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users", "By", required=True, readonly=True, ondelete="restrict"
    )
    cycle = fields.Integer(required=True, readonly=True)
    note = fields.Text(readonly=True)
    payload = fields.Text(required=True, readonly=True, help="What is hashed.")
    previous_hash = fields.Char(readonly=True)
    hash = fields.Char(required=True, readonly=True, index=True)

    _chain_uniq = models.UniqueIndex(
        "(ticket_id, sequence)", "The history of a complaint has one line per number."
    )

    def init(self):
        """Refuse changes of the history in the database itself.

        Only the free text may be emptied, at the end of the retention time.
        """
        self.env.cr.execute(
            """
            CREATE OR REPLACE FUNCTION complaint_event_append_only()
            RETURNS trigger AS $$
            BEGIN
                IF TG_OP = 'UPDATE'
                   AND (NEW.note IS NULL OR NEW.note IS NOT DISTINCT FROM OLD.note)
                   AND (NEW.id, NEW.ticket_id, NEW.sequence, NEW.event, NEW.date,
                        NEW.user_id, NEW.cycle, NEW.payload, NEW.previous_hash,
                        NEW.hash)
                       IS NOT DISTINCT FROM
                       (OLD.id, OLD.ticket_id, OLD.sequence, OLD.event, OLD.date,
                        OLD.user_id, OLD.cycle, OLD.payload, OLD.previous_hash,
                        OLD.hash)
                THEN
                    RETURN NEW;
                END IF;
                RAISE EXCEPTION
                    'The history of complaints is append-only (event %)', OLD.id;
            END
            $$ LANGUAGE plpgsql;
            DROP TRIGGER IF EXISTS complaint_event_append_only ON complaint_event;
            CREATE TRIGGER complaint_event_append_only
                BEFORE UPDATE OR DELETE ON complaint_event
                FOR EACH ROW EXECUTE FUNCTION complaint_event_append_only();
            """
        )

    @api.depends("event", "sequence")
    def _compute_display_name(self):
        words = dict(self._fields["event"]._description_selection(self.env))
        for event in self:
            event.display_name = f"{event.sequence}. {words.get(event.event, '')}"

    def _data(self):
        """The facts of one line, as they were hashed."""
        self.ensure_one()
        return json.loads(self.payload).get("data") or {}

    def write(self, vals):
        # company_id is a stored copy of the ticket's company, kept for record rules
        if set(vals) <= {"company_id"} and self.env.su:
            return super().write(vals)
        raise UserError(self._append_only_message())

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self._append_only_message())

    def _append_only_message(self):
        return self.env._(
            "The history of complaint %(ticket)s is append-only: a line is never "
            "changed or removed. Write a new step instead.",
            ticket=", ".join(self.ticket_id.mapped("display_name")) or "/",
        )
