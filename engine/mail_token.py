"""The mark by which an answer finds its complaint: ``[C-1z-0f1e…]``.

It is the number of the file, and a part of a keyed hash that nobody can guess: a
number alone would let anybody write into anybody's file.
"""

import re

#: Letters of the keyed hash that are kept: 96 bits.
LENGTH = 24
#: A mail with more marks than that is not looked at further.
MOST = 10
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_TOKEN = re.compile(rf"\[\s*C-([0-9a-z]{{1,12}})-([0-9a-f]{{{LENGTH}}})\s*\]", re.I)


def written(number: int, mac: str) -> str:
    """Return the mark of a file.

    >>> written(71, "0123456789abcdef" * 4)
    '[C-1z-0123456789abcdef01234567]'
    """
    digits = ""
    while number or not digits:
        number, rest = divmod(number, 36)
        digits = _DIGITS[rest] + digits
    return f"[C-{digits}-{mac[:LENGTH].lower()}]"


def found(text: str) -> list[tuple[int, str]]:
    """Return the number of the file and the hash of each mark in a text.

    >>> found("Re: your letter [C-1z-0123456789abcdef01234567]")
    [(71, '0123456789abcdef01234567')]
    >>> found("Complaint 26.1001.014, [C-1z], [C-1z-short]")
    []
    """
    marks = [(int(one, 36), mac.lower()) for one, mac in _TOKEN.findall(text)]
    return list(dict.fromkeys(marks))[:MOST]
