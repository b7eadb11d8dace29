from odoo import fields, models

from .complaint_terms import REPLY_CODES


class ComplaintLetter(models.Model):
    """Under which authority a letter is signed, and who approves what it grants."""

    _inherit = "complaint.letter"

    authority_id = fields.Many2one(
        "complaint.authority",
        "Signed under",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="Empty: by the role.",
    )
    authority_for_id = fields.Many2one(
        "res.users",
        "Signed in place of",
        readonly=True,
        copy=False,
        help="Whose substitute signed.",
    )

    def _note_authority(self, authority):
        """Keep the authority under which the current user signs, as evidence.

        Whoever approves a reply approves what it grants, as far as he may.
        """
        for letter in self:
            ticket = letter.ticket_id
            evidence = ticket._complaint_authority_evidence(authority)
            # sudo: complaint.letter - sending fields
            letter.sudo().write(
                {
                    "authority_id": evidence.get("authority", False),
                    "authority_for_id": evidence.get("substitute_for") or False,
                }
            )
            if letter.state == "approved" and letter.code in REPLY_CODES:
                ticket._complaint_approve_what_he_may()

    def _authority_data(self):
        """What the history says of it; nothing when the role was enough."""
        letter = self.sudo()  # sudo: complaint.authority - its limit
        if not letter.authority_id:
            return {}
        return {
            "authority": letter.authority_id.id,
            "limit": letter.authority_id._limit_text(),
            "substitute_for": letter.authority_for_id.id or 0,
        }

    def _take_authority(self):
        """Have approved what a reply grants before it leaves, by its sender if need be.

        Not when a draft is opened or submitted: whoever may not grant still writes.
        """
        for letter in self.filtered(lambda x: x.state in ("draft", "approved")):
            ticket = letter.ticket_id
            ticket._complaint_check_role()
            if letter.code in REPLY_CODES:
                ticket._complaint_check_redress()
            if letter.state == "draft":
                letter._note_authority(letter._find_signing(self.env.user)[1])
