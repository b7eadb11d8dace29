from odoo import api, models


class ComplaintDemo(models.AbstractModel):
    """The door through which demo data are told.

    A demo file can only load records or call a model's method; the demo complaints
    take their real steps one after the other instead (see ``story.py``). Abstract:
    no table, no access rights, and nothing to call from outside.
    """

    _name = "complaint.demo"
    _description = "Complaint demo"

    @api.model
    def _tell(self):
        """Play the story, once a database."""
        # Not at the top: a database without demo data needs none of this.
        from .story import Story

        Story(self.env).tell()
