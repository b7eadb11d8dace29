import base64
import binascii
import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError

from .complaint_letter_delivery import HANDED_CHANNELS, PROVEN_CHANNELS

PROOF_KINDS = [
    ("posting", "Proof of posting"),
    ("receipt", "Proof of receipt"),
    ("returned", "Came back by post"),
    ("number", "Carrier number"),
]


class ComplaintLetterProof(models.Model):
    """What shows that a letter was posted, handed over or received.

    Added to once the letter is sent, which it does not change; never taken back: a
    mistake is corrected by a new one.
    """

    _name = "complaint.letter.proof"
    _description = "Proof of delivery"
    _inherit = ["complaint.file.mixin"]
    _order = "id"

    letter_id = fields.Many2one(
        "complaint.letter", required=True, index=True, ondelete="restrict"
    )
    kind = fields.Selection(PROOF_KINDS, required=True, default="posting")
    date = fields.Date(help="The day that the proof says.")
    tracking_number = fields.Char("Carrier number")
    file = fields.Binary(store=False, compute="_compute_file", readonly=False)
    file_name = fields.Char()
    attachment_id = fields.Many2one(
        "ir.attachment",
        "File kept",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    checksum = fields.Char("SHA-256 of the file", readonly=True, help="Hexadecimal.")

    def _compute_file(self):
        """Only a way in: what was given is in the attachment."""
        self.file = False

    @api.depends("kind")
    @api.depends_context("lang")
    def _compute_display_name(self):
        words = dict(self._fields["kind"]._description_selection(self.env))
        for proof in self:
            proof.display_name = words.get(proof.kind, "")

    @api.model_create_multi
    def create(self, vals_list):
        files = [vals.pop("file", None) for vals in vals_list]
        for vals, content in zip(vals_list, files, strict=True):
            letter = self.env["complaint.letter"].browse(vals.get("letter_id"))
            letter.ticket_id._complaint_check_role()
            self._check_proof(letter, vals, content)
            vals["ticket_id"] = letter.ticket_id.id
            vals.pop("attachment_id", None)
            vals.pop("checksum", None)
        proofs = super().create(vals_list)
        for proof, content in zip(proofs, files, strict=True):
            if content:
                proof._keep_file(content)
            proof._tell()
        return proofs

    def write(self, vals):
        if {"company_id", "ticket_id"}.issuperset(vals) and self.env.su:
            return super().write(vals)
        raise UserError(self._append_only_message())

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self._append_only_message())

    def _append_only_message(self):
        return self.env._(
            "Letter %(letter)s: a proof is kept as it was given. Add another one that "
            "corrects it.",
            letter=", ".join(self.letter_id.mapped("display_name")) or "/",
        )

    def _check_proof(self, letter, vals, content):
        """Raise for a proof that proves nothing."""
        if letter.state != "sent" or letter.channel not in HANDED_CHANNELS:
            raise UserError(
                self.env._(
                    "Letter %(letter)s: proofs belong to letters that were sent by "
                    "post or by hand.",
                    letter=letter.display_name,
                )
            )
        number = (vals.get("tracking_number") or "").strip()
        if not number and not content:
            raise UserError(
                self.env._(
                    "Letter %(letter)s: give the file of the proof, or the carrier's "
                    "number.",
                    letter=letter.display_name,
                )
            )
        day = fields.Date.to_date(vals.get("date"))
        if day and day > fields.Date.context_today(self):
            raise UserError(
                self.env._(
                    "Letter %(letter)s: a proof cannot be dated in the future.",
                    letter=letter.display_name,
                )
            )

    def _keep_file(self, content):
        try:
            raw = base64.b64decode(content, validate=True)
        except (binascii.Error, ValueError) as error:
            raise UserError(
                self.env._(
                    "Letter %(letter)s: the file of the proof cannot be read. Choose "
                    "it again.",
                    letter=self.letter_id.display_name,
                )
            ) from error
        proof = self.sudo()  # sudo: complaint.letter.proof - append-only to users
        attachment = proof.env["ir.attachment"].create(
            {
                "name": proof.file_name or proof.display_name,
                "raw": raw,
                "res_model": proof._name,
                "res_id": proof.id,
            }
        )
        super(ComplaintLetterProof, proof).write(
            {
                "attachment_id": attachment.id,
                "checksum": hashlib.sha256(raw).hexdigest(),
            }
        )

    def _tell(self):
        """Let the letter know its latest number, and the history the proof."""
        letter = self.letter_id.sudo()  # sudo: complaint.letter - fields after sending
        if self.tracking_number and letter.tracking_number != self.tracking_number:
            letter.tracking_number = self.tracking_number
        letter.ticket_id._complaint_log(
            "proof",
            data={
                "letter": letter.id,
                "number": letter.name,
                "proof": self.id,
                "kind": self.kind,
                "date": fields.Date.to_string(self.date) if self.date else "",
                "checksum": self.checksum or "",
            },
        )
        if self.kind == "returned":
            letter.delivery_note = self.display_name
            none = self.env["complaint.deadline"]
            letter.ticket_id._complaint_tell_undelivered(letter, none)


class ComplaintLetter(models.Model):
    """A letter and the proofs of its delivery."""

    _inherit = "complaint.letter"

    tracking_number = fields.Char(
        "Carrier number", copy=False, help="Of registered post. The latest one given."
    )
    proof_ids = fields.One2many(
        "complaint.letter.proof", "letter_id", "Proofs", readonly=True
    )
    is_proof_missing = fields.Boolean(
        "Proof missing",
        compute="_compute_is_proof_missing",
        store=True,
        help="Registered post or by hand, and no file shows it yet.",
    )

    _proof_idx = models.Index("(sent_at) WHERE is_proof_missing")

    @api.depends("state", "channel", "proof_ids.attachment_id")
    def _compute_is_proof_missing(self):
        for letter in self:
            letter.is_proof_missing = (
                letter.state == "sent"
                and letter.channel in PROVEN_CHANNELS
                and not letter.proof_ids.attachment_id
            )

    def _keep_tracking_number(self):
        """The number known when the letter leaves, the first of the proofs."""
        self.env["complaint.letter.proof"].create(
            {
                "letter_id": self.id,
                "kind": "number",
                "tracking_number": self.tracking_number,
            }
        )

    def action_add_proof(self):
        """Ask for a proof of delivery."""
        self.ensure_one()
        self.ticket_id._complaint_check_role()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Add a proof"),
            "res_model": "complaint.letter.proof",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_letter_id": self.id,
                "default_kind": "receipt" if self.channel == "hand" else "posting",
            },
        }
