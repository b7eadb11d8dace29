"""One reminder of one promise, and what is on record of it."""

from collections import defaultdict
from datetime import datetime
from typing import NamedTuple

from odoo import models


class Call(NamedTuple):
    """One reminder of one promise: which rule speaks, and when."""

    deadline: models.BaseModel
    rule: models.BaseModel
    moment: datetime

    @property
    def key(self):
        return (self.deadline.id, self.rule.id, self.moment)


class Known:
    """What is on record of some promises, asked for once."""

    def __init__(self, rows):
        self.settled, self.failed, self.heard = set(), {}, defaultdict(list)
        for row in rows:
            key = (row.deadline_id.id, row.rule_id.id, row.moment)
            if row.state == "failed":
                self.failed[key] = row
                continue
            self.settled.add(key)
            if row.given_at:
                self.heard[row.deadline_id.id, row.level].append(row)

    def is_outlived(self, call, calls):
        """Whether that level heard, after this moment, what comes at it or later.

        A rule that is new or was changed does not bring back what is past, while a
        due date that moved brings its own reminders.
        """
        moments = {other.rule.id: other.moment for other in calls}
        return any(
            row.given_at >= call.moment
            and row.rule_id.id in moments
            and moments[row.rule_id.id] >= call.moment
            for row in self.heard[call.deadline.id, call.rule.level]
        )
