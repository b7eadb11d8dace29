from collections import defaultdict

from odoo import api, fields, models

from .complaint_terms import FILE_GROUPS, LEVELS, LIVE_STATES

ORDER = [level for level, _label in LEVELS]


class HelpdeskTicket(models.Model):
    """Who is told of many complaints at once, and to whom they were escalated."""

    _inherit = "helpdesk.ticket"

    complaint_escalation_level = fields.Selection(
        LEVELS,
        "Escalated to",
        compute="_compute_complaint_escalation_level",
        store=True,
        copy=False,
        groups=FILE_GROUPS,
        help="The highest level that was told, in this cycle, of a promise in danger.",
    )

    @api.depends("complaint_state", "complaint_cycle")
    def _compute_complaint_escalation_level(self):
        """The highest level told in this cycle; the job raises it as it tells.

        None once the complaint is closed, and none yet in a new cycle.
        """
        live = self.filtered(lambda x: x.complaint_state in LIVE_STATES)
        (self - live).complaint_escalation_level = False
        if not live:
            return
        told = defaultdict(list)
        for ticket, cycle, level in self.env["complaint.reminder"]._read_group(
            [
                ("ticket_id", "in", live.ids),
                ("action", "=", "escalation"),
                ("state", "=", "given"),
            ],
            ["ticket_id", "deadline_id.cycle", "level"],
        ):
            told[ticket.id, cycle].append(level)
        for ticket in live:
            ticket.complaint_escalation_level = max(
                told[ticket.id, ticket.complaint_cycle], key=ORDER.index, default=False
            )

    @api.model
    def _complaint_escalate(self, facts):
        """Raise complaints to a level, never lower them, and say so in their history.

        :param facts: dict by ticket of pairs of a level and the id of its deadline
        """
        by_ticket, raised = {}, defaultdict(self.browse)
        for ticket, pairs in facts.items():
            level = max((level for level, _deadline in pairs), key=ORDER.index)
            by_ticket[ticket.id] = {
                "level": level,
                "deadlines": sorted(deadline for _level, deadline in pairs),
            }
            before = ticket.complaint_escalation_level
            if not before or ORDER.index(before) < ORDER.index(level):
                raised[level] |= ticket
        for level, tickets in raised.items():
            tickets.write({"complaint_escalation_level": level})
        self.browse(by_ticket)._complaint_log("escalate", data={"by_ticket": by_ticket})

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        """A reminder makes nobody a follower.

        Core subscribes whoever is given a to-do; a manager told of a late answer did
        not ask for every message of the file.
        """
        if self.env.su and self.env.context.get("complaint_reminding"):
            return True
        return super().message_subscribe(partner_ids, subtype_ids)

    # ------------------------------------------------------------------
    # Who is told
    # ------------------------------------------------------------------

    @api.model
    def _complaint_users_of_levels(self, pairs):
        """As ``_complaint_user_of_level``, for many complaints in few queries.

        All complaints are asked for their first choice together, then those whose
        first choice may not read the file for their second, and so on.

        :param pairs: set of pairs of a ticket and a level
        :return: dict of the user by pair
        """
        found = {}
        everything = {ticket.id for ticket, _level in pairs}
        choices = {
            (ticket, level): ticket._complaint_choices_of_level(level)
            for ticket, level in pairs
        }
        while choices:
            asked = defaultdict(list)
            for pair, users in choices.items():
                asked[next(users, None)].append(pair)
            found.update(dict.fromkeys(asked.pop(None, ()), self.env.user))
            for user, its_pairs in asked.items():
                tickets = self.browse({ticket.id for ticket, _level in its_pairs})
                # What the rules look at is read for all at the first question.
                tickets = tickets.with_prefetch(everything)
                readable = tickets._complaint_readable_by(user)
                for pair in its_pairs:
                    if pair[0] in readable:
                        found[pair] = user
            choices = {
                pair: users for pair, users in choices.items() if pair not in found
            }
        return found

    def _complaint_readable_by(self, user):
        """Those of these files that a user, a colleague who works here, may read."""
        if not user.active or user.share:
            return self.browse()
        tickets = self.with_user(user).with_context(
            allowed_company_ids=user.company_ids.ids
        )
        return tickets._filtered_access("read").with_env(self.env)
