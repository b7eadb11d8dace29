"""Until when a closed file is kept, and from when it is erased.

GDPR art. 5(1)(e) fixes no length: the controller chooses one and justifies it,
counted from the closing. Reopening and referral move the closing, so the caller
asks again then.
"""

from datetime import date

from .daytime import add_days, check_day
from .deadline import Rule, Unit, due_day
from .errors import RuleError

_UNITS = (Unit.DAY, Unit.WEEK, Unit.MONTH, Unit.YEAR)


def keep_until(closed: date, amount: int, unit: Unit) -> date:
    """Return the last day, included, on which the file must still be kept.

    Counted from the closing day like any period (art. 641 of the French code of
    civil procedure), and never moved by weekends or holidays.

    Raises RuleError (``bad_amount``, ``unknown_unit``, ``not_a_day``,
    ``day_out_of_range``, and ``not_a_retention_unit`` for hours and working days).

    >>> keep_until(date(2028, 2, 29), 5, "year")
    datetime.date(2033, 2, 28)
    """
    rule = Rule(amount, unit)
    if rule.unit not in _UNITS:
        raise RuleError("not_a_retention_unit", unit=rule.unit.value)
    return due_day(rule, closed, None)


def erase_from(until: date) -> date:
    """Return the first day on which the file may be erased: the day after.

    >>> erase_from(date(2031, 8, 31))
    datetime.date(2031, 9, 1)
    """
    return add_days(check_day(until), 1)


def retention_reached(until: date, today: date) -> bool:
    """Tell whether the last day of keeping is past on the day given."""
    return check_day(today) >= erase_from(until)


def blocked(holds: int, open_referrals: int) -> str | None:
    """Return the fact that forbids to archive or erase; None when none does.

    Takes how many holds are open, and how many referrals; answers with a name of
    ``steps.FACTS``. A dispute that goes on needs its evidence (GDPR art. 17(3)(e)).

    >>> blocked(0, 2)
    'open_referral'
    """
    if holds:
        return "held"
    return "open_referral" if open_referrals else None
