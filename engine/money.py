"""What may be an amount of money."""

import math

#: Beyond this something was mistyped: no complaint is made good with a billion.
AMOUNT_MAX = 1_000_000_000.0


def is_amount(value: object) -> bool:
    """Tell whether a value is a finite number, not negative and below the ceiling.

    >>> [is_amount(value) for value in (0, 12.5, -1, float("nan"), 1e308, "x", None)]
    [True, True, False, False, False, False, False]
    """
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return False
    return math.isfinite(number) and 0 <= number < AMOUNT_MAX


def text(amount: float, places: int = 2) -> str:
    """Return an amount as the history writes it: no float has a canonical text.

    >>> text(0.1 + 0.2), text(1500, 0)
    ('0.30', '1500')
    """
    return f"{amount:.{places}f}"
