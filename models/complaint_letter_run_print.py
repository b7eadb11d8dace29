import tempfile

from odoo import fields, models
from odoo.exceptions import UserError

from .complaint_letter_delivery import HANDED_CHANNELS
from .pdf_joiner import PdfJoiner


class ComplaintLetterRun(models.Model):
    """The letters of a run that a person hands over, in one file."""

    _inherit = "complaint.letter.run"

    print_file = fields.Binary(
        readonly=True,
        copy=False,
        groups=fields.NO_ACCESS,
        help="Never read but by its page.",
    )
    print_count = fields.Integer("Letters to print", readonly=True, copy=False)

    def _build_print_file(self):
        """One file of the letters that a person hands over, in the order of the lines.

        Read and written one letter at a time.
        """
        self.ensure_one()
        letters = self.line_ids.sorted("id").letter_id.filtered(
            lambda x: x.state == "sent" and x.channel in HANDED_CHANNELS
        )
        attachments = self.env["ir.attachment"]
        own = [("res_model", "=", self._name), ("res_id", "=", self.id)]
        attachments.search([*own, ("res_field", "=", "print_file")]).unlink()
        self.print_count = len(letters)
        if not letters:
            return
        with tempfile.TemporaryFile() as out:
            joiner = PdfJoiner(out)
            for letter_id in letters.ids:
                letter = letters.browse(letter_id)
                joiner.add(letter.attachment_id.raw, self.is_duplex)
                letter.attachment_id.invalidate_recordset(["raw"])
            joiner.close()
            out.seek(0)
            attachments.create(
                {
                    "name": f"{self.name}.pdf",
                    "raw": out.read(),
                    "mimetype": "application/pdf",
                    "res_model": self._name,
                    "res_id": self.id,
                    "res_field": "print_file",
                }
            )

    def _find_print_file(self):
        """The file to print, for who may read every complaint that is in it.

        :return: ``ir.attachment`` with the system's rights, or none
        :raises AccessError: when one of them is not his to read
        """
        self.ensure_one()
        self.check_access("read")
        # sudo: complaint.letter.run.line - all of them, then with the user's rights
        tickets = self.sudo().line_ids.ticket_id.sudo(False)
        tickets = tickets.with_context(active_test=False)
        tickets._complaint_check_reader()
        # sudo: ir.attachment - checked above
        return (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "=", self.id),
                    ("res_field", "=", "print_file"),
                ],
                limit=1,
            )
        )

    def action_print(self):
        """Open the file to print."""
        if not self._find_print_file():
            raise UserError(
                self.env._("%(run)s has no letter to print.", run=self.name)
            )
        return {
            "type": "ir.actions.act_url",
            "url": f"/helpdesk_complaint/run/{self.id}",
            "target": "new",
        }
