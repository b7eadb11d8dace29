import hashlib

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import human_size

# Most mail servers refuse a message above 25 MB once it is encoded.
MOST_BYTES = 20 * 1024 * 1024


class ComplaintLetter(models.Model):
    """The files sent with a letter: copied, hashed and frozen when it leaves."""

    _inherit = "complaint.letter"

    enclosure_ids = fields.Many2many(
        "ir.attachment",
        "complaint_letter_enclosure_rel",
        "letter_id",
        "attachment_id",
        "Enclosures",
        copy=False,
        help="Listed at the end of the letter and sent with it. 20 MB in all.",
    )
    enclosure_checksums = fields.Json(
        "SHA-256 of the enclosures", readonly=True, copy=False
    )

    @api.constrains("enclosure_ids", "ticket_id")
    def _check_enclosures(self):
        for letter in self:
            if letter.enclosure_ids and letter.state == "draft":
                letter._check_enclosures_may_leave()

    def _check_enclosures_may_leave(self):
        """Raise for a file that is not the sender's to send, or too much of them."""
        # sudo: ir.attachment - what it is, to say why it is refused
        files = self.sudo().enclosure_ids
        mine = files.sudo(self.env.su)._filtered_access("read").sudo()  # sudo: same
        for file in files:
            if file not in mine or not self._is_own_file(file):
                raise ValidationError(
                    self.env._(
                        "%(ticket)s: “%(file)s” cannot be enclosed. Enclose files that "
                        "you may read and that belong to no other complaint.",
                        ticket=self.ticket_id.display_name,
                        file=file.name if file in mine else self.env._("This file"),
                    )
                )
            if file.type != "binary" or not file.file_size:
                raise ValidationError(
                    self.env._(
                        "%(ticket)s: “%(file)s” has no content of its own. Enclose a "
                        "file, not a link.",
                        ticket=self.ticket_id.display_name,
                        file=file.name,
                    )
                )
        total, most = sum(files.mapped("file_size")), self._most_enclosed_bytes()
        if total > most:
            raise ValidationError(
                self.env._(
                    "%(ticket)s: the enclosures weigh %(size)s, and mail servers "
                    "refuse more than %(most)s. Remove or reduce some of them.",
                    ticket=self.ticket_id.display_name,
                    size=human_size(total),
                    most=human_size(most),
                )
            )

    @api.model
    def _most_enclosed_bytes(self):
        return MOST_BYTES

    def _is_own_file(self, file):
        """Whether a file belongs to this complaint, or to none."""
        if not (file.res_model and file.res_id):
            return True
        owner = self.env.get(file.res_model)
        if owner is None:
            return False
        owner = owner.browse(file.res_id)
        if file.res_model == "helpdesk.ticket":
            return owner == self.ticket_id
        part = owner._fields.get("ticket_id")
        if part is None or part.comodel_name != "helpdesk.ticket":
            return True
        # sudo: a part of a complaint - only to know of which
        return owner.sudo().exists().ticket_id == self.ticket_id

    def _adopt_enclosures(self):
        """Files uploaded for a letter are read by whoever reads the letter."""
        for letter in self:
            # sudo: ir.attachment - checked to be the user's own
            loose = letter.sudo().enclosure_ids.filtered(
                lambda x: not x.res_id and x.create_uid == self.env.user
            )
            if loose:
                loose.write({"res_model": self._name, "res_id": letter.id})

    # ------------------------------------------------------------------
    # Sending
    # ------------------------------------------------------------------

    def _check_complete(self):
        super()._check_complete()
        self._check_enclosures_may_leave()

    def _prepare_enclosure_vals(self):
        """Copy the enclosures, so that they belong to the letter alone."""
        copies = self.env["ir.attachment"].concat(
            *(
                file.copy(
                    {"name": file.name, "res_model": self._name, "res_id": self.id}
                )
                for file in self.enclosure_ids
            )
        )
        return {
            "enclosure_ids": [fields.Command.set(copies.ids)],
            "enclosure_checksums": {
                str(file.id): digest
                for file, digest in zip(copies, _digests(copies), strict=True)
            },
        }

    def _enclosure_names(self):
        """What the end of the letter lists."""
        # sudo: ir.attachment - the names, in the letter itself
        return self.sudo().enclosure_ids.sorted("id").mapped("name")

    def _enclosure_digests(self):
        files = self.sudo().enclosure_ids.sorted("id")  # sudo: as _digest
        return [
            [file.name, digest]
            for file, digest in zip(files, _digests(files), strict=True)
        ]

    def _enclosures_are_unchanged(self):
        files = self.sudo().enclosure_ids  # sudo: ir.attachment - as verify_file
        now = dict(zip(map(str, files.ids), _digests(files), strict=True))
        return now == (self.enclosure_checksums or {})


def _digests(files):
    return [hashlib.sha256(file.raw or b"").hexdigest() for file in files]
