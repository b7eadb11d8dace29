import json
import secrets

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..engine import chain
from .complaint_terms import FILE_GROUPS


class HelpdeskTicket(models.Model):
    """The history of a complaint: every step leaves one line, chained to the last."""

    _inherit = "helpdesk.ticket"

    complaint_event_ids = fields.One2many(
        "complaint.event",
        "ticket_id",
        "History",
        readonly=True,
        copy=False,
        groups=FILE_GROUPS,
    )
    complaint_event_count = fields.Integer(
        "Number of events", readonly=True, copy=False
    )
    complaint_event_head = fields.Char(
        "Last hash", readonly=True, copy=False, groups="base.group_no_one"
    )
    complaint_salt = fields.Char(readonly=True, copy=False, groups="base.group_no_one")

    def _complaint_current_events(self, *names):
        """The events of these kinds in the current cycle, oldest first."""
        return self.complaint_event_ids.filtered(
            lambda x: x.cycle == x.ticket_id.complaint_cycle and x.event in names
        ).sorted("sequence")

    def _complaint_log(self, event, note=None, data=None):
        """Append one line of history to each ticket, in one batch.

        The chain's head row is locked before anything is read from it, and changed in
        the end: of two transactions that write to one file, the second waits, is then
        refused by the database and retried by Odoo, so the chain never forks.

        :param str event: a code of ``complaint.event``
        :param note: free text, a string for all or a dict by ticket id
        :param data: facts without personal data, JSON values; a dict for all, or a
            dict of dicts by ticket id under the key ``"by_ticket"``
        :return: the ``complaint.event`` records
        """
        if not self:
            return self.env["complaint.event"]
        tickets = self.sudo()  # sudo: complaint.event - nobody else may write it
        tickets.flush_recordset()
        heads = {
            ticket_id: (count + 1, head, salt or secrets.token_hex(16))
            for ticket_id, count, head, salt in self.env.execute_query(
                SQL(
                    """
                    SELECT id, COALESCE(complaint_event_count, 0),
                           complaint_event_head, complaint_salt
                      FROM helpdesk_ticket
                     WHERE id IN %s
                       FOR NO KEY UPDATE
                    """,
                    tuple(self.ids),
                )
            )
        }
        now = fields.Datetime.now()
        notes = note if isinstance(note, dict) else dict.fromkeys(self.ids, note)
        by_ticket = (data or {}).get("by_ticket")
        vals_list = []
        new_heads = []
        for ticket in tickets:
            sequence, previous, salt = heads[ticket.id]
            text = notes.get(ticket.id) or ""
            payload = {
                "ticket": ticket.id,
                "sequence": sequence,
                "event": event,
                "date": fields.Datetime.to_string(now),
                "user": self.env.uid,
                "cycle": ticket.complaint_cycle,
                "state": ticket.complaint_state or "",
                "note": chain.salted(text, salt) if text else "",
                "data": by_ticket.get(ticket.id, {}) if by_ticket else data or {},
            }
            digest = chain.digest(chain.VERSION, previous or "", payload)
            vals_list.append(
                {
                    "ticket_id": ticket.id,
                    "company_id": ticket.company_id.id,
                    "sequence": sequence,
                    "event": event,
                    "date": now,
                    "user_id": self.env.uid,
                    "cycle": ticket.complaint_cycle,
                    "note": text or False,
                    "payload": chain.canonical(payload),
                    "previous_hash": previous or "",
                    "hash": digest,
                }
            )
            new_heads.append((ticket.id, sequence, digest, salt))
        events = tickets.env["complaint.event"].create(vals_list)
        self.env.execute_query(
            SQL(
                """
                UPDATE helpdesk_ticket AS ticket
                   SET complaint_event_count = head.sequence,
                       complaint_event_head = head.hash,
                       complaint_salt = head.salt
                  FROM (VALUES %s) AS head(id, sequence, hash, salt)
                 WHERE ticket.id = head.id
             RETURNING ticket.id
                """,
                SQL(", ").join(SQL("%s", head) for head in new_heads),
            )
        )
        tickets.invalidate_recordset(
            ["complaint_event_count", "complaint_event_head", "complaint_salt"],
            flush=False,
        )
        return events.with_env(self.env)

    def complaint_verify_history(self):
        """Check the chain of one complaint against what the database holds.

        Every stored column is compared with the hashed text, every hash is
        computed again, and the last one must be the head kept on the ticket: an
        edited, removed, swapped or added line is found.

        :return: the first broken ``complaint.event``, or an empty recordset. When
            the last lines are missing, the last one left.
        :raises UserError: when the whole history is missing
        """
        self.ensure_one()
        self._complaint_check_reader()
        ticket = self.sudo()  # sudo: complaint.event - salt and head are hidden
        ticket.invalidate_recordset(["complaint_event_ids"])
        events = ticket.complaint_event_ids.sorted("sequence")
        events.invalidate_recordset(flush=False)
        if not events:
            if ticket.complaint_event_count or ticket.complaint_state:
                raise UserError(
                    self.env._(
                        "Complaint %(ticket)s has lost its whole history: restore it "
                        "from a backup.",
                        ticket=self.display_name,
                    )
                )
            return events.with_env(self.env)
        for event in events:
            if not ticket._complaint_event_is_faithful(event):
                return event.with_env(self.env)
        broken = chain.first_broken(
            [
                chain.Entry(
                    event.sequence,
                    event.previous_hash or "",
                    event.hash,
                    json.loads(event.payload),
                )
                for event in events
            ],
            head=(ticket.complaint_event_count, ticket.complaint_event_head),
        )
        if broken:
            return events[min(broken.index, len(events) - 1)].with_env(self.env)
        return events.browse().with_env(self.env)

    def _complaint_event_is_faithful(self, event):
        """Whether the columns people read say what the hashed text says."""
        try:
            payload = json.loads(event.payload)
        except ValueError:
            return False
        salt = self.complaint_salt
        if event.note:
            note_is_right = salt and payload.get("note") == chain.salted(
                event.note, salt
            )
        else:
            # Texts are emptied by erasing the file, and at no other time.
            note_is_right = not payload.get("note") or self.complaint_state == "erased"
        return note_is_right and (
            event.ticket_id.id,
            event.sequence,
            event.event,
            fields.Datetime.to_string(event.date),
            event.user_id.id,
            event.cycle,
        ) == tuple(
            payload.get(key)
            for key in ("ticket", "sequence", "event", "date", "user", "cycle")
        )

    def action_complaint_verify_history(self):
        """Say on the screen whether the history is whole."""
        broken = self.complaint_verify_history()
        if broken:
            message = self.env._(
                "The history of %(ticket)s is broken at line %(line)s.",
                ticket=self.display_name,
                line=broken.display_name,
            )
        else:
            message = self.env._(
                "The history of %(ticket)s is whole: %(count)s lines checked.",
                ticket=self.display_name,
                count=self.complaint_event_count,
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "danger" if broken else "success",
                "message": message,
                "sticky": bool(broken),
            },
        }
