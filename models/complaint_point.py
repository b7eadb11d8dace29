from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

# States in which the points of the current cycle may still change.
WORKING_STATES = ("to_qualify", "in_progress")


class ComplaintPoint(models.Model):
    """One point that the complainant raises, and what is answered to it.

    Noted while the complaint is examined, answered by the decision, frozen by the
    reply.
    """

    _name = "complaint.point"
    _description = "Point raised by a complaint"
    _inherit = ["complaint.file.mixin"]
    _order = "ticket_id, cycle, sequence, id"

    ticket_id = fields.Many2one(readonly=False)
    cycle = fields.Integer(readonly=True, copy=False)
    sequence = fields.Integer(default=10)
    name = fields.Char(
        "Point", required=True, help="In a few words: the complainant reads them."
    )
    verdict = fields.Selection(
        [
            ("accepted", "Accepted"),
            ("partly", "Partly accepted"),
            ("rejected", "Rejected"),
            ("not_answered", "Not answered here"),
        ],
    )
    answer = fields.Text(help="As the complainant will read it.")
    why_not = fields.Text(
        "Why not answered here",
        help="Out of scope, settled already, before a court… The complainant reads it.",
    )
    previous_id = fields.Many2one(
        "complaint.point",
        "Raised before as",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The same point in the cycle before, where it was not settled.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            ticket = self.env["helpdesk.ticket"].browse(vals.get("ticket_id"))
            # sudo: helpdesk.ticket - its cycle; the right to add is checked below
            vals["cycle"] = ticket.sudo().complaint_cycle
            if not self.env.su:
                vals.pop("previous_id", None)
        points = super().create(vals_list)
        points._refuse_frozen()
        return points

    def write(self, vals):
        if {"company_id"}.issuperset(vals):
            return super().write(vals)
        self._refuse_frozen()
        for name in ("ticket_id", "cycle", "previous_id"):
            if name in vals:
                raise UserError(
                    self.env._(
                        "The point “%(point)s” stays in the complaint and cycle in "
                        "which it was raised. Delete it and note it where it belongs.",
                        point=self[:1].name,
                    )
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_while_examined(self):
        self._refuse_frozen()

    def _refuse_frozen(self):
        """Raise for points that a reply has answered, or that an old cycle holds."""
        for point in self:
            ticket = point.ticket_id
            if point.cycle != ticket.complaint_cycle or (
                ticket.complaint_state not in WORKING_STATES
            ):
                raise UserError(
                    self.env._(
                        "%(ticket)s: the points raised are noted and answered while "
                        "the complaint is examined. Reopen the complaint to answer "
                        "them anew.",
                        ticket=ticket.display_name,
                    )
                )

    def _that_wait(self):
        """The points that are neither answered nor marked why they are not."""
        return self.filtered(
            lambda x: (
                not x.verdict
                or not (
                    (x.why_not if x.verdict == "not_answered" else x.answer) or ""
                ).strip()
            )
        )

    def _raise_again(self):
        """Copy these points, not answered yet, into the cycle that begins."""
        return self.create(
            [
                {
                    "ticket_id": point.ticket_id.id,
                    "sequence": point.sequence,
                    "name": point.name,
                    "previous_id": point.id,
                }
                for point in self
            ]
        )

    def _describe(self):
        """The point and its answer in one item of a letter, as ``Markup``."""
        self.ensure_one()
        point = Markup("<strong>%s</strong>") % self.name
        if self.verdict == "not_answered":
            return self.env._(
                "%(point)s: not answered here, because %(why)s",
                point=point,
                why=_with_breaks(self.why_not),
            )
        return self.env._(
            "%(point)s: %(answer)s", point=point, answer=_with_breaks(self.answer)
        )


def _with_breaks(text):
    """A text of several lines as HTML."""
    lines = [line.strip() for line in (text or "").splitlines() if line.strip()]
    return Markup("<br/>").join(lines)
