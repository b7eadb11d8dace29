from odoo import models


class ComplaintLetter(models.Model):
    """Who wrote a letter, who may sign it, and who approves it."""

    _inherit = "complaint.letter"

    def _check_signature(self):
        """Raise unless the letter may leave under the name of who sends it."""
