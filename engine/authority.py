"""Whether an authority covers an act on a day, and what is missing when none does.

A house names who may qualify, sign and grant, for which regimes and letters, up to
which amount, from when to when, and on the strength of which training. All last days
are included: what ends on the 31st is over on the 1st.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Missing(StrEnum):
    """Why an authority does not do, the nearest to being enough first."""

    AMOUNT = "amount"
    LETTER = "letter"
    REGIME = "regime"
    TRAINING = "training"
    ENDED = "ended"
    TOO_EARLY = "too_early"
    REVOKED = "revoked"


@dataclass(frozen=True)
class Authority:
    """One line of the house's book; empty sets cover everything."""

    id: int
    codes: frozenset = frozenset()
    regimes: frozenset = frozenset()
    limit: float | None = None
    """In the company's currency, itself included; None for no limit."""
    date_from: date | None = None
    date_to: date | None = None
    trained_until: date | None = None
    active: bool = True


@dataclass(frozen=True)
class Act:
    """What somebody wants to do."""

    day: date
    regimes: frozenset = frozenset()
    code: str | None = None
    amount: float = 0.0


def missing(authority: Authority, act: Act) -> Missing | None:
    """Return what an authority lacks for an act; None when it covers it.

    >>> missing(Authority(1, limit=200.0), Act(date(2026, 3, 1), amount=200.0))
    >>> missing(Authority(1, limit=200.0), Act(date(2026, 3, 1), amount=200.01)).value
    'amount'
    """
    if not authority.active:
        return Missing.REVOKED
    if authority.date_from and act.day < authority.date_from:
        return Missing.TOO_EARLY
    if authority.date_to and act.day > authority.date_to:
        return Missing.ENDED
    if authority.trained_until and act.day > authority.trained_until:
        return Missing.TRAINING
    if authority.regimes and not act.regimes <= authority.regimes:
        return Missing.REGIME
    if act.code and authority.codes and act.code not in authority.codes:
        return Missing.LETTER
    # Written so that an amount that is no number is refused.
    if authority.limit is not None and not act.amount <= authority.limit:
        return Missing.AMOUNT
    return None


def choose(authorities: Iterable[Authority], act: Act) -> Authority | None:
    """Return the authority under which an act is done: the narrowest that covers it.

    >>> choose([Authority(1), Authority(2, limit=50.0)], Act(date(2026, 3, 1))).id
    2
    """
    fitting = [item for item in authorities if not missing(item, act)]
    return min(fitting, key=_width, default=None)


def nearest(authorities: Iterable[Authority], act: Act) -> tuple[Authority, Missing]:
    """Return the authority that comes nearest to an act none covers, and its lack.

    >>> book = [Authority(1, limit=50.0), Authority(2, limit=99.0)]
    >>> found, lack = nearest(book, Act(date(2026, 3, 1), amount=100.0))
    >>> found.id, lack.value
    (2, 'amount')
    """
    order = list(Missing)
    lacks = [(item, missing(item, act)) for item in authorities]
    return min(
        ((item, lack) for item, lack in lacks if lack),
        key=lambda pair: (
            order.index(pair[1]),
            -(pair[0].limit or 0.0),
            -_last_day(pair[0]).toordinal(),
            pair[0].id,
        ),
    )


def _width(authority):
    unlimited = authority.limit is None
    return (unlimited, 0.0 if unlimited else authority.limit, authority.id)


def _last_day(authority):
    """The day on which an authority ends, or its training does."""
    return min(
        authority.date_to or date.max,
        authority.trained_until or date.max,
    )


@dataclass(frozen=True)
class Absence:
    """Somebody is away and somebody else stands in; both days included."""

    absent: int
    substitute: int
    date_from: date
    date_to: date

    def covers(self, day: date) -> bool:
        return self.date_from <= day <= self.date_to


def replaced_by(absences: Iterable[Absence], user: int, day: date) -> frozenset:
    """Return those whom a user stands in for on a day; nobody stands in at second hand.

    >>> march = date(2026, 3, 1), date(2026, 3, 31)
    >>> chain = [Absence(1, 2, *march), Absence(2, 3, *march)]
    >>> sorted(replaced_by(chain, 3, date(2026, 3, 31)))
    [2]
    """
    return frozenset(
        item.absent for item in absences if item.substitute == user and item.covers(day)
    )


def absent_on(absences: Iterable[Absence], day: date) -> frozenset:
    """Return those who are away on a day."""
    return frozenset(item.absent for item in absences if item.covers(day))
