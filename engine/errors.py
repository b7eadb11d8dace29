"""What the engine refuses, as values that a caller can translate.

Every error carries a stable ``code`` and the ``values`` its sentence names, so
that the records' side can say the same thing in the reader's language.
``str()`` gives the English sentence below.
"""

from typing import Any

#: One sentence per code. The names in braces are keys of ``values``.
SENTENCES = {
    # rules and days (RuleError)
    "bad_amount": "A length is a whole number above zero, not {amount!r}.",
    "unknown_unit": "{unit!r} is not a unit of time.",
    "unknown_roll": "{roll!r} is not a way to move a last day.",
    "inclusive_and_franc": "A period cannot both count its first day and be franc.",
    "hours_stand_alone": "Hours are elapsed time: not {option}.",
    "hours_have_no_day": "A rule in hours falls at an instant, not on a day.",
    "not_a_day": "{day!r} is not a day: pass a date without time.",
    "not_an_instant": "{moment!r} is not an instant: a time zone is missing.",
    "unknown_time_zone": "{tz!r} is not a time zone.",
    "day_out_of_range": "The period leaves the years {first} to {last}.",
    "extension_before_due": "{extension} is earlier than the day due, {due}.",
    "unknown_when": "{when!r} is not a side of a due date.",
    "not_a_retention_unit": "Records are not kept for a number of {unit}.",
    # calendars (CalendarError)
    "no_calendar": "This rule needs a calendar of working days.",
    "no_weekday": "The calendar {calendar} works on no day of the week.",
    "bad_weekday": "{weekday!r} is not a weekday (Monday 0 to Sunday 6).",
    "bad_holiday": "{day!r} is not a holiday's date.",
    "bad_count": "The calendar moves by one working day or more, not {count!r}.",
    "reversed_span": "The span from {after} to {until} ends before it starts.",
    "out_of_range": "{day} is outside the years {first} to {last}.",
    "no_working_day": "The calendar {calendar} has no working day left near {day}.",
    # pauses (ClockError)
    "reversed_pause": "The pause from {start} ends before it starts, on {end}.",
    # the life of a complaint (StepError)
    "unknown_event": "{event!r} is not a step of a complaint.",
    "unknown_state": "{state!r} is not a state of a complaint.",
    "unknown_fact": "{fact!r} is not a fact that a step asks for.",
    "step_refused": "{event} is not possible from {state}.",
    # the history (ChainError)
    "not_canonical": "{where}: {kind} has no canonical text.",
    "unknown_version": "There is no hash recipe of version {version!r}.",
    "empty_salt": "A digest of personal data needs a salt.",
}


class EngineError(ValueError):
    """A refusal: ``code`` (stable), ``values`` (what the sentence names).

    >>> error = RuleError("bad_amount", amount=0)
    >>> error.code, error.values
    ('bad_amount', {'amount': 0})
    >>> print(error)
    A length is a whole number above zero, not 0.
    """

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(SENTENCES[code].format(**values))
        self.code = code
        self.values = values


class RuleError(EngineError):
    """The rule makes no sense, or cannot be applied to what was given."""


class CalendarError(EngineError):
    """The calendar makes no sense, is missing, or has no answer."""


class ClockError(EngineError):
    """A pause makes no sense."""


class StepError(EngineError):
    """The table of steps was asked about something it does not hold."""


class ChainError(EngineError):
    """A history entry cannot be hashed."""
