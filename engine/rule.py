"""One promise of a regime, as a lawyer states it: so long, counted so."""

from dataclasses import dataclass, field, replace
from enum import StrEnum

from .errors import RuleError
from .workdays import Roll


class Unit(StrEnum):
    """What a length is counted in."""

    HOUR = "hour"
    """Elapsed time: nights, holidays and clock changes included."""

    DAY = "day"
    """Calendar days, all of them."""

    BUSINESS_DAY = "business_day"
    """Days worked in the calendar given: its weekdays less its holidays."""

    WEEK = "week"
    """Seven calendar days."""

    MONTH = "month"
    """To the same day number, or the last day of a month too short for it."""

    YEAR = "year"
    """Twelve months."""


@dataclass(frozen=True)
class Rule:
    """A length and the way it is counted; refuses at once what has no meaning.

    The day of the event is day zero and is not counted (art. 641 of the French
    code of civil procedure; Reg. 1182/71 art. 3(1)), unless ``inclusive``. Plain
    strings are welcome for ``unit`` and ``roll``.

    >>> Rule(2, "month", roll="next", source="art. 641, 642").unit
    <Unit.MONTH: 'month'>

    Raises RuleError: ``bad_amount``, ``unknown_unit``, ``unknown_roll``,
    ``inclusive_and_franc``, ``hours_stand_alone``.
    """

    amount: int
    """How many units, 1 or more."""
    unit: Unit
    roll: Roll = Roll.NONE
    """What happens when the last day is not worked."""
    inclusive: bool = False
    """The day of the event is day one: "commencing on", "beginning with"."""
    franc: bool = False
    """*Jours francs*: neither day zero nor the last day counted is part of the
    period, so that the act is still in time on the day after the last one."""
    then: tuple[tuple[int, Unit], ...] = ()
    """Further lengths of one period: "1 month and 15 days". Whatever their order
    here, months are counted first and days last (art. 641)."""
    source: str = ""
    """The article the promise comes from."""

    months: int = field(init=False, repr=False, compare=False)
    """Months and years together, counted first."""
    days: int = field(init=False, repr=False, compare=False)
    """Calendar days and weeks together, counted next."""
    business_days: int = field(init=False, repr=False, compare=False)
    """Working days, counted last."""

    def __post_init__(self) -> None:
        lengths = tuple(
            (_amount(amount), _unit(unit))
            for amount, unit in ((self.amount, self.unit), *self.then)
        )
        total = dict.fromkeys(Unit, 0)
        for amount, unit in lengths:
            total[unit] += amount
        self._set(unit=lengths[0][1], roll=_roll(self.roll), then=lengths[1:])
        self._set(
            months=total[Unit.MONTH] + 12 * total[Unit.YEAR],
            days=total[Unit.DAY] + 7 * total[Unit.WEEK],
            business_days=total[Unit.BUSINESS_DAY],
        )
        if self.inclusive and self.franc:
            raise RuleError("inclusive_and_franc")
        if total[Unit.HOUR]:
            self._check_hours()
        if self.franc:
            last = "business_days" if self.business_days else "days"
            self._set(**{last: getattr(self, last) + 1})

    def times(self, n: int) -> "Rule":
        """Return the period of the n-th time a promise comes again, from its start.

        Twenty working days, then twenty more: forty from the same day zero, so that
        no rounding adds up. Raises RuleError (``bad_amount``).

        >>> Rule(1, "month", then=((15, "day"),)).times(2).then
        ((30, <Unit.DAY: 'day'>),)
        """
        if n == 1:
            return self
        count = _amount(n)
        then = tuple((amount * count, unit) for amount, unit in self.then)
        return replace(self, amount=self.amount * count, then=then)

    def _check_hours(self) -> None:
        for option in ("inclusive", "franc", "then"):
            if getattr(self, option):
                raise RuleError("hours_stand_alone", option=option)

    def _set(self, **values) -> None:
        for name, value in values.items():
            object.__setattr__(self, name, value)


def _amount(amount: int) -> int:
    if isinstance(amount, bool) or not isinstance(amount, int) or amount <= 0:
        raise RuleError("bad_amount", amount=amount)
    return amount


def _unit(unit: str) -> Unit:
    try:
        return Unit(unit)
    except ValueError:
        raise RuleError("unknown_unit", unit=unit) from None


def _roll(roll: str) -> Roll:
    try:
        return Roll(roll)
    except ValueError:
        raise RuleError("unknown_roll", roll=roll) from None
