from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import format_date


class HelpdeskTicket(models.Model):
    """1. What a colleague says of two complaints: the same, of one series, or neither.

    Each stays a complaint of its own, with its own register number, deadlines and
    answer.
    """

    _inherit = "helpdesk.ticket"

    def complaint_similar_suggestions(self):
        """What the screens show of complaints and series that may be the same.

        :return: dict with ``tickets`` and ``series``, lists of dicts of words, and
            ``same_as``, the complaint that it was found to be the same as
        """
        self.ensure_one()
        self._complaint_check_reader_of_similar()
        return self._complaint_similar_values()

    def _complaint_similar_values(self):
        likely = self._complaint_likely()
        reasons = self._complaint_reason_words()
        states = dict(self._fields["complaint_state"]._description_selection(self.env))
        return {
            "tickets": [
                {
                    **ticket._complaint_similar_label(),
                    "complainant": ticket.complaint_complainant or "",
                    "received": format_date(
                        self.env,
                        ticket._complaint_local_day(ticket.complaint_received_at),
                    ),
                    "state": states[ticket.complaint_state],
                    "reasons": [reasons[code] for code in codes],
                    "score": score,
                }
                for ticket, codes, score in self._complaint_similar(likely=likely)
            ],
            "series": [
                {
                    "id": series.id,
                    "name": series.name,
                    "count": series.ticket_count,
                    "reasons": [reasons[code] for code in codes],
                }
                for series, codes, _score in self._complaint_similar_series(
                    likely=likely
                )
            ],
            "same_as": [
                ticket._complaint_similar_label()
                # sudo: helpdesk.ticket - only those that the user may read
                for ticket in self.sudo().duplicate_id.sudo(False)
                if ticket.has_access("read")
            ],
        }

    def _complaint_similar_label(self):
        return {
            "id": self.id,
            "reference": self.complaint_reference,
            "name": self.name,
        }

    @api.model
    def _complaint_reason_words(self):
        return {
            "person": self.env._("same person"),
            "contract": self.env._("same contract or product"),
            "text": self.env._("similar words"),
            "product": self.env._("same product family"),
            "reason": self.env._("same reason"),
            "cause": self.env._("same cause"),
        }

    # ------------------------------------------------------------------
    # What is said
    # ------------------------------------------------------------------

    def complaint_same_as(self, other_id):
        """Note that this is the same complaint as another one.

        Both stay: nothing is merged, closed or answered by it.

        :param int other_id: of a complaint that the user reads
        :return: True
        :raises UserError: for itself, or where one is hidden from people who see the
            other
        """
        self.ensure_one()
        self._complaint_check_judge()
        other = self._complaint_other(other_id)
        # sudo: helpdesk.ticket - of a chain the first, if the user may read it
        first = other.sudo().duplicate_id.sudo(False)._filtered_access("read") or other
        if first == self:
            raise UserError(
                self.env._(
                    "%(ticket)s cannot be the same as itself, nor as one that was "
                    "found to be the same as it. Choose another complaint.",
                    ticket=self.display_name,
                )
            )
        if self._complaint_hiding() != first._complaint_hiding():
            raise UserError(
                self.env._(
                    "%(ticket)s and %(other)s are not seen by the same people, and a "
                    "link would tell of one to those who may not see it. Make both "
                    "confidential first, or leave them apart.",
                    ticket=self.display_name,
                    other=first.display_name,
                )
            )
        self.duplicate_id = first
        self._complaint_log_pair("same", first)
        return True

    def complaint_not_same(self):
        """Note that it is a complaint of its own after all.

        :return: True
        """
        self.ensure_one()
        self._complaint_check_judge()
        # sudo: helpdesk.ticket - it may have been hidden since
        other = self.sudo().duplicate_id.sudo(False)
        if other:
            self.duplicate_id = False
            self._complaint_log_pair("not_same", other)
        return True

    def complaint_not_similar(self, other_id):
        """Remember that two complaints have nothing to do with each other.

        :param int other_id: of a complaint that the user reads
        :return: True
        """
        self.ensure_one()
        self._complaint_check_judge()
        other = self._complaint_other(other_id)
        # sudo: helpdesk.ticket - closed fields, and the other way round too
        self.sudo().complaint_unlike_ids = [Command.link(other.id)]
        other.sudo().complaint_unlike_ids = [Command.link(self.id)]
        return True

    def complaint_join_series(self, series_id):
        """Put the complaint into an open series.

        :return: True
        :raises UserError: for a closed series, or one of another company
        """
        self.ensure_one()
        self._complaint_check_role()
        series = self._complaint_series(series_id)
        if not series.active or series.company_id != self.company_id:
            raise UserError(
                self.env._(
                    "%(ticket)s: the series “%(series)s” is closed, or of another "
                    "company. Choose another, or open it again.",
                    ticket=self.display_name,
                    series=series.name,
                )
            )
        self.complaint_series_id = series
        return True

    def complaint_not_in_series(self, series_id):
        """Remember that the complaint is not of a series.

        :return: True
        """
        self.ensure_one()
        self._complaint_check_role()
        series = self._complaint_series(series_id)
        # sudo: helpdesk.ticket - a closed field
        self.sudo().complaint_unlike_series_ids = [Command.link(series.id)]
        return True

    # ------------------------------------------------------------------
    # Rights
    # ------------------------------------------------------------------

    def _complaint_check_judge(self):
        """Whoever reports judges until it is registered; then those with the role."""
        # sudo: helpdesk.ticket - whether it is registered
        if self.sudo().complaint_number:
            self._complaint_check_role()
        else:
            self._complaint_check_reporter()
        if not self.complaint_state:
            raise UserError(
                self.env._(
                    "%(ticket)s is no complaint. Report it as a complaint first.",
                    ticket=self.display_name,
                )
            )

    def _complaint_check_reader_of_similar(self):
        self.check_access("read")
        if self.env.user.share and not self.env.su:
            raise AccessError(
                self.env._("Only colleagues are told of complaints that are similar.")
            )

    def _complaint_other(self, other_id):
        """Another complaint that this user reads.

        :raises AccessError: for one that is not there, too: nothing is told of others
        """
        other = self.browse(other_id if type(other_id) is int else []).exists()
        if not other or not other.has_access("read") or not other.complaint_state:
            raise AccessError(
                self.env._(
                    "%(ticket)s: there is no complaint %(other)s that you may read.",
                    ticket=self.display_name,
                    other=other_id,
                )
            )
        return other

    def _complaint_series(self, series_id):
        series = self.env["complaint.series"]
        series = series.browse(series_id if type(series_id) is int else []).exists()
        if not series or not series.has_access("read"):
            raise AccessError(
                self.env._(
                    "%(ticket)s: there is no series %(series)s that you may read.",
                    ticket=self.display_name,
                    series=series_id,
                )
            )
        return series

    def _complaint_hiding(self):
        """From whom a complaint is hidden, to compare it with another."""
        ticket = self.sudo()  # sudo: helpdesk.ticket - only to compare
        return (
            ticket.complaint_is_confidential,
            set(ticket.complaint_concerned_user_ids.ids),
        )

    def _complaint_log_pair(self, event, other):
        """Write to the history of both that somebody judged them."""
        (self | other)._complaint_log(
            event,
            data={
                "by_ticket": {
                    self.id: {"other": other.id},
                    other.id: {"other": self.id},
                }
            },
        )
