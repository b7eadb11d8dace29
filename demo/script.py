"""The words in which the demo's cases are written down."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Step:
    """One thing that somebody did, on a day counted back from today."""

    days: int
    clock: str
    """Local time of the company, “09:30”."""
    actor: str
    """A demo login, or ``system`` for a scheduled action."""
    act: str
    """The part of the name after ``_act_`` of the method in ``Story``."""
    values: dict = field(default_factory=dict)


def step(days, clock, actor, act, /, **values):
    """Write a ``Step`` as one line of a case."""
    return Step(days, clock, actor, act, values)


@dataclass(frozen=True, kw_only=True)
class Case:
    """One ticket, how it came in and what was done about it."""

    key: str
    """``helpdesk_ticket_<key>_demo`` is its external id."""
    team: str
    """``helpdesk_team_<team>_demo``."""
    subject: str
    text: str
    """Paragraphs, with an empty line between them."""
    received: tuple
    """Days ago and local time; on the day itself (0) hours ago: ``(0, "-3h")``."""
    channel: str = "email"
    """``email`` and ``web`` come in by themselves, the rest is noted by a colleague."""
    partner: str = ""
    """``res_partner_<partner>_demo``."""
    sender: tuple = ()
    """Name and address of a sender whom nobody knows."""
    represented: tuple = ()
    """Name and address of the person for whom the sender writes."""
    sent: int | None = None
    """Days ago that it was posted, when that is another day."""
    entered: tuple | None = None
    """Days ago and local time that it was noted, when it was not at once."""
    entered_by: str = "camille"
    is_reported: bool = True
    """False: an ordinary ticket that nobody has reported as a complaint."""
    handler: str = "camille"
    reason: str = ""
    """``helpdesk_category_<reason>_demo``."""
    severity: str = "1"
    about: str = ""
    asked: str = ""
    others: str = ""
    is_confidential: bool = False
    concerned: tuple = ()
    """Logins of the colleagues complained about."""
    steps: tuple = ()
