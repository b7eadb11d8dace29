from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

NO_ACCESS = "."
CONTENT = {
    "raw",
    "datas",
    "db_datas",
    "store_fname",
    "checksum",
    "file_size",
    "mimetype",
    "name",
    "type",
    "url",
    "res_model",
    "res_field",
    "res_id",
    "company_id",
    "public",
}


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    complaint_message_ids = fields.Many2many(
        "mail.message",
        "message_attachment_rel",
        "attachment_id",
        "message_id",
        "Messages",
        copy=False,
        groups="base.group_system",
    )

    complaint_is_given = fields.Boolean(
        "Given by the complainant",
        groups=NO_ACCESS,
        help="He sees it again, by whichever way he comes.",
    )

    def generate_access_token(self):
        """No link to the file of an internal note from the page of a ticket.

        Whoever has a file's token reads the file, with or without an account.
        """
        if self.env.context.get("complaint_ticket_page"):
            on_tickets = self.filtered(lambda x: x.res_model == "helpdesk.ticket")
            self -= self.browse(
                self._complaint_hidden_from_customer([("id", "in", on_tickets.ids)])
            )
        return super().generate_access_token()

    def write(self, vals):
        if CONTENT.intersection(vals):
            self._refuse_complaint_letter_change()
            self._refuse_complaint_file_change()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_complaint_letter(self):
        self._refuse_complaint_letter_change()
        self._refuse_complaint_file_change()

    def _refuse_complaint_file_change(self):
        """The files of a complaint stay: a colleague removes no more than his own."""
        if self.env.uid == SUPERUSER_ID:
            return
        # sudo: ir.attachment, helpdesk.ticket - whose files, and on what
        files = self.sudo().filtered(lambda x: x.res_model == "helpdesk.ticket")
        tickets = self.env["helpdesk.ticket"].sudo().browse(set(files.mapped("res_id")))
        for ticket in tickets.exists().filtered("complaint_state"):
            foreign = files.filtered(lambda x, of=ticket: x.res_id == of.id)
            if ticket._complaint_evidence_may_change():
                foreign = foreign.filtered(lambda x: x.create_uid != self.env.user)
            if foreign:
                ticket._complaint_refuse_evidence_change()

    def _refuse_complaint_letter_change(self):
        """The files of a sent letter never change, whoever asks."""
        if not self.ids:
            return
        # sudo: complaint.letter - the guard holds for those who cannot read it
        letter = (
            self.env["complaint.letter"]
            .sudo()
            .search(
                Domain("state", "=", "sent")
                & (
                    Domain("attachment_id", "in", self.ids)
                    | Domain("enclosure_ids", "in", self.ids)
                ),
                limit=1,
            )
        )
        enclosed = letter.enclosure_ids.filtered(lambda x: x.id in self.ids)
        if enclosed:
            raise UserError(
                self.env._(
                    "%(file)s left with the letter %(letter)s: it cannot be changed or "
                    "deleted.",
                    file=enclosed[0].name,
                    letter=letter.display_name,
                )
            )
        if letter:
            raise UserError(
                self.env._(
                    "%(file)s is the letter %(letter)s as it was sent: it cannot be "
                    "changed or deleted.",
                    file=letter.attachment_id.name,
                    letter=letter.display_name,
                )
            )
        # sudo: complaint.letter.proof - same
        proof = self.env["complaint.letter.proof"].sudo()
        proof = proof.search([("attachment_id", "in", self.ids)], limit=1)
        if proof:
            raise UserError(proof._append_only_message())

    # ------------------------------------------------------------------
    # Files of internal notes
    # ------------------------------------------------------------------

    @api.model
    def _complaint_hidden_from_customer(self, domain):
        """Query of the files on tickets that a customer must not read.

        Core lets whoever reads a record read all its files. On a complaint a
        customer reads his own files and those of messages meant for him; on an
        ordinary ticket, which may become one, all but those of internal notes.

        :param domain: only among these files, so that the cost follows what is asked
            and not the number of complaints
        """
        # sudo: helpdesk.ticket, mail.message, ir.attachment - only subqueries
        complaints = (
            self.env["helpdesk.ticket"]
            .sudo()
            .with_context(active_test=False)
            ._search([("complaint_state", "!=", False)])
        )
        public = (
            self.env["mail.message"]
            .sudo()  # sudo: same
            ._search(
                [
                    ("model", "=", "helpdesk.ticket"),
                    ("is_internal", "=", False),
                    ("subtype_id.internal", "=", False),
                    ("subtype_id", "!=", False),
                ]
            )
        )
        files = self.sudo().with_context(skip_res_field_check=True)  # sudo: same
        return files._search(
            Domain(domain)
            & Domain("res_model", "=", "helpdesk.ticket")
            & (
                Domain("res_id", "in", complaints)
                | Domain("complaint_message_ids", "!=", False)
            )
            & Domain("create_uid", "!=", self.env.uid)
            & Domain("complaint_is_given", "=", False)
            & Domain("complaint_message_ids", "not in", public)
        )

    @api.model
    def _search(
        self,
        domain,
        offset=0,
        limit=None,
        order=None,
        *,
        active_test=True,
        bypass_access=False,
    ):
        query = super()._search(
            domain,
            offset,
            limit,
            order,
            active_test=active_test,
            bypass_access=bypass_access,
        )
        if self.env.su or bypass_access:
            return query
        self._complaint_leave_out_raw(query)
        if not self.env.user.share:
            return query
        hidden = self._complaint_hidden_from_customer(domain)
        query.add_where(
            SQL(
                "%s NOT IN %s",
                SQL.identifier(query.table, "id"),
                hidden.subselect(),
            )
        )
        return query

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if self.env.su or not any(self._ids):
            return result
        result = self._complaint_refuse_raw(result)
        if not self.env.user.share:
            return result
        files = self.sudo()  # sudo: ir.attachment - to know which are on tickets
        on_tickets = files.filtered(lambda x: x.res_model == "helpdesk.ticket")
        if not on_tickets:
            return result
        found = self._complaint_hidden_from_customer([("id", "in", on_tickets.ids)])
        hidden = self & self.browse(found)
        if not hidden:
            return result
        if result:
            return (result[0] | hidden, result[1])
        return hidden, lambda: AccessError(
            self.env._("This file belongs to an internal note of the ticket.")
        )

    # ------------------------------------------------------------------
    # Messages as received
    # ------------------------------------------------------------------

    def _complaint_leave_out_raw(self, query):
        """A message as received says more than its complaint: fewer people read it.

        Officers, auditors and the handler, who read its line of the journal.
        """
        lines = self.env["complaint.intake"]
        if lines._reads_all():
            return
        # sudo: complaint.intake - only a subquery
        mine = lines.sudo()._search([("ticket_id.user_id", "=", self.env.uid)])
        query.add_where(
            SQL(
                "(%s IS DISTINCT FROM %s OR %s IN %s)",
                SQL.identifier(query.table, "res_model"),
                lines._name,
                SQL.identifier(query.table, "res_id"),
                mine.subselect(),
            )
        )

    def _complaint_refuse_raw(self, result):
        """The same for files whose number somebody knows.

        :param result: what is refused already, as ``_check_access`` returns it
        """
        lines = self.env["complaint.intake"]
        files = self.sudo()  # sudo: ir.attachment, complaint.intake - whose they are
        raw = files.filtered(lambda x: x.res_model == lines._name)
        if not raw or lines._reads_all():
            return result
        mine = lines.sudo().browse(raw.mapped("res_id")).exists()  # sudo: same
        mine = mine.filtered(lambda line: line.ticket_id.user_id == self.env.user)
        hidden = self & raw.filtered(lambda x: x.res_id not in mine.ids).sudo(False)
        if not hidden:
            return result
        hidden |= result[0] if result else hidden
        return hidden, lambda: AccessError(
            self.env._(
                "A message as received is for compliance officers, auditors and the "
                "handler of the complaint."
            )
        )
