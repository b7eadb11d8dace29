"""The life of a complaint: a table of steps, and who may take which when.

Read ``STEPS`` first: it is the whole law of this module. The rest only asks it.
A complaint is in one state at a time; None stands for an ordinary ticket. The
caller says which ``FACTS`` are true and is told yes, or why not.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from .errors import StepError

State = str | None

TO_QUALIFY = "to_qualify"
NOT_COMPLAINT = "not_complaint"
IN_PROGRESS = "in_progress"
ANSWERED = "answered"
CLOSED = "closed"
ARCHIVED = "archived"
ERASED = "erased"

#: Every state, in the order of life.
STATES: tuple[State, ...] = (
    None,
    TO_QUALIFY,
    NOT_COMPLAINT,
    IN_PROGRESS,
    ANSWERED,
    CLOSED,
    ARCHIVED,
    ERASED,
)

#: What a step may ask for or be barred by. A fact not given is not true.
FACTS: Mapping[str, str] = MappingProxyType(
    {
        "paused": "the clock of the complaint stands still",
        "decided": "this cycle has a decision",
        "recourse_body": "the reply names the recourse bodies and their time "
        "limits, or refuses nothing",
        "ended_without_reply": "withdrawn, transferred or not admissible: nothing "
        "is left to answer",
        "window_over": "the time the complainant had to contest has run out",
        "cause_given": "the cause is on record, or nothing was granted",
        "settled_in_time": "every answer owed allows an early settlement, and its "
        "time still runs",
        "next_stage": "a regime has a further stage of handling",
        "reply_lost": "the letter that answered did not arrive",
        "held": "a hold is open",
        "open_referral": "a mediator, ombudsman or court still has the case",
        "referral_bars_closing": "a recourse body has the case, and a regime keeps the "
        "complaint open until then",
        "contest_asked": "what the complainant wrote after the answer is still to be "
        "examined",
        "retention_reached": "the last day of keeping is past",
    }
)


@dataclass(frozen=True)
class Step:
    """One row: from where, to where, and what must be true."""

    event: str
    sources: frozenset[State]
    target: State
    """State after the step; None leaves the state as it is."""
    why: str
    """The step in one sentence."""
    needs: tuple[str, ...] = ()
    """Facts that must be true."""
    forbids: tuple[str, ...] = ()
    """Facts that must not be true."""
    needs_from: Mapping[State, tuple[str, ...]] = field(default_factory=dict)
    """Facts that must be true as well when the step starts from that state."""
    new_cycle: bool = False
    """The case is examined anew: what the last cycle holds is frozen."""


@dataclass(frozen=True)
class Refusal:
    """Why a step may not be taken."""

    code: str
    """``state``, ``needs:<fact>`` or ``forbids:<fact>``."""
    event: str
    state: State
    detail: str
    """The same as an English sentence."""


_OPEN = {TO_QUALIFY, IN_PROGRESS}
_KNOWN = {IN_PROGRESS, ANSWERED, CLOSED}
_RELEASED = ("held", "open_referral")


def _row(event: str, sources: Iterable[State], target: State, why: str, **more) -> Step:
    return Step(event, frozenset(sources), target, why, **more)


#: The table, in the order of life. The first refusal found is the one told.
STEPS: Mapping[str, Step] = MappingProxyType(
    {
        step.event: step
        for step in (
            # Is it a complaint?
            _row(
                "report",
                {None},
                TO_QUALIFY,
                "Someone says that a ticket is a complaint; the clock runs already.",
            ),
            _row(
                "qualify_yes",
                {TO_QUALIFY, NOT_COMPLAINT},
                IN_PROGRESS,
                "It is one. A first no can be challenged and turned into a yes.",
            ),
            _row(
                "qualify_no",
                {TO_QUALIFY},
                NOT_COMPLAINT,
                "It is a request for service, information or an opinion.",
            ),
            _row(
                "not_complaint",
                {NOT_COMPLAINT},
                None,
                "A letter says why it is not one.",
            ),
            # Letters on the way
            _row(
                "acknowledge",
                {IN_PROGRESS},
                None,
                "A letter confirms the complaint, its reference and its date.",
            ),
            _row(
                "invite_to_write",
                _OPEN,
                None,
                "A letter asks who complained orally to do so in writing.",
            ),
            _row(
                "request_information",
                _OPEN,
                None,
                "A letter asks for what is missing. Alone it stops no clock.",
            ),
            _row("inform", _OPEN, None, "A letter tells how far the file is."),
            _row(
                "holding",
                _OPEN,
                None,
                "A letter says why the answer is late and when it will come.",
            ),
            _row(
                "change_regimes",
                {TO_QUALIFY, IN_PROGRESS, ANSWERED},
                None,
                "Other regimes apply: the promises follow.",
            ),
            # The clock
            _row(
                "pause",
                {IN_PROGRESS},
                None,
                "The clock stops, where the regime allows it.",
                forbids=("paused",),
            ),
            _row(
                "resume",
                {IN_PROGRESS},
                None,
                "The clock runs again.",
                needs=("paused",),
            ),
            _row(
                "extend",
                {IN_PROGRESS},
                None,
                "A later date is promised, where the regime allows it.",
            ),
            # The answer
            _row(
                "decide",
                {IN_PROGRESS},
                None,
                "Someone with the authority decides; a later decision replaces it.",
            ),
            _row(
                "reply",
                {IN_PROGRESS},
                ANSWERED,
                "The final letter is sent. No refusal leaves without its recourse.",
                needs=("decided", "recourse_body"),
            ),
            _row(
                "undelivered",
                {ANSWERED},
                IN_PROGRESS,
                "The reply did not arrive: it is as if it had not been sent.",
                needs=("reply_lost",),
            ),
            _row(
                "accept",
                {ANSWERED},
                CLOSED,
                "The complainant accepts the answer.",
            ),
            _row(
                "contest",
                {ANSWERED},
                IN_PROGRESS,
                "The complainant does not accept the answer.",
                new_cycle=True,
            ),
            _row(
                "settle",
                {IN_PROGRESS},
                CLOSED,
                "Settled to the complainant's satisfaction before a long answer is "
                "owed.",
                needs=("decided", "cause_given", "settled_in_time"),
                forbids=("referral_bars_closing",),
            ),
            _row(
                "escalate_stage",
                {ANSWERED, CLOSED},
                IN_PROGRESS,
                "Not satisfied: somebody else handles it, in the next stage.",
                needs=("next_stage",),
                new_cycle=True,
            ),
            _row(
                "transfer",
                _OPEN,
                CLOSED,
                "Another body is responsible: the complaint is forwarded to it.",
            ),
            # The end
            _row(
                "close",
                {NOT_COMPLAINT, IN_PROGRESS, ANSWERED},
                CLOSED,
                "Nothing is left to do: never before the answer, unless none is due.",
                needs_from={
                    IN_PROGRESS: ("ended_without_reply",),
                    ANSWERED: ("window_over", "cause_given"),
                },
                forbids=("referral_bars_closing", "contest_asked"),
            ),
            _row(
                "closure",
                {CLOSED},
                None,
                "A letter says that the file is closed.",
            ),
            _row(
                "reopen",
                {ANSWERED, CLOSED},
                IN_PROGRESS,
                "New facts, or a mistake. Never from the archive.",
                new_cycle=True,
            ),
            _row(
                "refer",
                _KNOWN,
                None,
                "The case goes to a mediator, an ombudsman or a court.",
            ),
            _row(
                "mediator_file",
                _KNOWN,
                None,
                "A letter sends the file to the body that has the case.",
                needs=("open_referral",),
            ),
            _row(
                "correct",
                _KNOWN | {TO_QUALIFY, NOT_COMPLAINT},
                None,
                "A new letter corrects one that was sent; no date moves with it.",
            ),
            # After the end
            _row(
                "archive",
                {NOT_COMPLAINT, CLOSED},
                ARCHIVED,
                "The file leaves daily use, not while a hold or referral is open.",
                forbids=_RELEASED,
            ),
            _row(
                "erase",
                {ARCHIVED},
                ERASED,
                "The person is erased; figures and history stay.",
                needs=("retention_reached",),
                forbids=_RELEASED,
            ),
        )
    }
)


def refusal(
    event: str, state: State, facts: Mapping[str, bool] | Iterable[str] = ()
) -> Refusal | None:
    """Return why the step may not be taken now; None when it may.

    ``facts`` maps the names of ``FACTS`` to their truth, or lists the true ones.
    Raises StepError (``unknown_event``, ``unknown_state``, ``unknown_fact``): a
    misspelt question must not be answered with yes.

    >>> refusal("reply", "in_progress", {"decided": True}).code
    'needs:recourse_body'
    >>> refusal("erase", "closed").code
    'state'
    >>> refusal("accept", "answered") is None
    True
    """
    step, true = _step(event), _true(facts)
    if _state(state) not in step.sources:
        places = " or ".join(_name(place) for place in STATES if place in step.sources)
        detail = f"{event} starts from {places}, not from {_name(state)}."
        return Refusal("state", event, state, detail)
    for fact in (*step.needs_from.get(state, ()), *step.needs):
        if fact not in true:
            detail = f"{event} asks that {FACTS[fact]}."
            return Refusal(f"needs:{fact}", event, state, detail)
    for fact in step.forbids:
        if fact in true:
            detail = f"{event} is barred while {FACTS[fact]}."
            return Refusal(f"forbids:{fact}", event, state, detail)
    return None


def target(event: str, state: State) -> State:
    """Return the state after the step, whatever the facts.

    Raises StepError (``step_refused``) when the step does not start from there,
    and as ``refusal`` does.

    >>> target("contest", "answered"), target("refer", "closed")
    ('in_progress', 'closed')
    """
    step = _step(event)
    if _state(state) not in step.sources:
        raise StepError("step_refused", event=event, state=_name(state))
    return state if step.target is None else step.target


def allowed(
    state: State, facts: Mapping[str, bool] | Iterable[str] = ()
) -> tuple[str, ...]:
    """Return the steps that may be taken now, in the order of life.

    Raises as ``refusal`` does.

    >>> allowed(None), allowed("erased")
    (('report',), ())
    """
    true = _true(facts)
    return tuple(event for event in STEPS if refusal(event, state, true) is None)


def _step(event: str) -> Step:
    if event not in STEPS:
        raise StepError("unknown_event", event=event)
    return STEPS[event]


def _state(state: State) -> State:
    if state not in STATES:
        raise StepError("unknown_state", state=state)
    return state


def _true(facts: Mapping[str, bool] | Iterable[str]) -> frozenset[str]:
    for fact in facts:
        if fact not in FACTS:
            raise StepError("unknown_fact", fact=fact)
    if isinstance(facts, Mapping):
        return frozenset(fact for fact, is_true in facts.items() if is_true)
    return frozenset(facts)


def _name(state: State) -> str:
    return state or "ordinary ticket"
