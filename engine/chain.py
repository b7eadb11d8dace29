"""A history that shows when it was touched: each entry hashes the one before.

An entry holds its place in the chain (``seq``, from 1), the hash of the entry
before (``previous``, empty or false for the first), its own ``hash`` and the
``payload`` that is hashed. Hashes bear the version of the recipe that made them,
and every recipe ever used stays here: an old entry is verified as it was written.

The hash of the last entry, kept elsewhere, is what reveals a cut tail.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from .errors import ChainError

#: ``previous`` of the first entry.
GENESIS = ""

#: Recipe for new entries.
VERSION = 1

_STORED = re.compile(r"v([1-9][0-9]{0,3}):[0-9a-f]+")


@dataclass(frozen=True)
class Entry:
    """One entry as it was stored. Any object with these attributes will do."""

    seq: int
    previous: str
    hash: str
    payload: Mapping[str, Any]


@dataclass(frozen=True)
class Broken:
    """The first entry that is not as it was written.

    ``reason`` is one of ``sequence`` (an entry is missing, moved or doubled),
    ``previous`` (it does not follow the entry before), ``version`` (unknown
    recipe), ``payload`` (it holds what cannot be hashed), ``hash`` (its content
    was changed), ``head`` (the entry sealed elsewhere was another one) and
    ``truncated`` (the chain ends before the entry sealed elsewhere).
    """

    index: int
    """Place in the list given, from 0; its length when entries are missing."""
    reason: str


def canonical(payload: Mapping[str, Any]) -> str:
    """Return the one text of a payload: JSON, sorted keys, no spaces.

    Text, whole numbers, true, false, None, lists and dictionaries only, so that
    the same text is found after any trip through a database. Raises ChainError
    (``not_canonical``) for all else: floats and datetimes have several texts.

    >>> canonical({"step": "reply", "day": "2026-03-06", "ids": [7, 8]})
    '{"day":"2026-03-06","ids":[7,8],"step":"reply"}'
    """
    if not isinstance(payload, Mapping):
        raise _not_canonical(payload, "payload")
    plain = dict(payload)
    try:
        _check(plain, "payload")
    except RecursionError:
        raise _not_canonical(payload, "payload") from None
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _recipe_1(previous: str, payload: Mapping[str, Any]) -> str:
    """SHA-256 of the hash before, a line feed and the canonical text, in UTF-8."""
    text = f"{previous}\n{canonical(payload)}"
    return hashlib.sha256(text.encode()).hexdigest()


#: Version to recipe. Add, never change or remove.
RECIPES: Mapping[int, Callable[[str, Mapping[str, Any]], str]] = MappingProxyType(
    {1: _recipe_1}
)


def digest(version: int | None, previous: str, payload: Mapping[str, Any]) -> str:
    """Return the hash of an entry: ``v<version>:`` and hexadecimal digits.

    Raises ChainError (``unknown_version``, ``not_canonical``).

    >>> digest(1, GENESIS, {"event": "report"})[:12]
    'v1:348bb9a30'
    """
    if version not in RECIPES:
        raise ChainError("unknown_version", version=version)
    return f"v{version}:{RECIPES[version](previous, payload)}"


def first_broken(
    entries: Iterable[Entry], head: tuple[int, str] | None = None
) -> Broken | None:
    """Return the first entry that breaks the chain; None when all is intact.

    ``entries`` are in the order of the chain, from its first. ``head`` is the
    (seq, hash) of an entry sealed elsewhere: it must be there, and later entries
    may follow it. Reads the entries once, whatever their number; raises nothing.
    """
    previous, index = GENESIS, -1
    for index, entry in enumerate(entries):
        reason = _flaw(entry, index + 1, previous)
        if not reason and head and entry.seq == head[0] and entry.hash != head[1]:
            reason = "head"
        if reason:
            return Broken(index, reason)
        previous = entry.hash
    if head and head[0] > index + 1:
        return Broken(index + 1, "truncated")
    return None


def salted(value: str, salt: str) -> str:
    """Return a digest that stands for personal data: HMAC-SHA-256, hexadecimal.

    Two entries about one person can be matched; without the salt nobody can try
    out names, and once the salt is destroyed the person cannot be found again.
    Raises ChainError (``empty_salt``).
    """
    if not salt:
        raise ChainError("empty_salt")
    return hmac.new(salt.encode(), value.encode(), hashlib.sha256).hexdigest()


def _flaw(entry: Entry, seq: int, previous: str) -> str | None:
    """What is wrong with one entry, given its place and the hash before."""
    if entry.seq != seq:
        return "sequence"
    if (entry.previous or GENESIS) != previous:
        return "previous"
    try:
        expected = digest(_version(entry.hash), previous, entry.payload)
    except ChainError as error:
        return "version" if error.code == "unknown_version" else "payload"
    return None if expected == entry.hash else "hash"


def _version(stored: str) -> int | None:
    """Version a stored hash bears; None when it bears none."""
    found = isinstance(stored, str) and _STORED.fullmatch(stored)
    return int(found[1]) if found else None


def _check(value: Any, where: str) -> None:
    if isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str):
                raise _not_canonical(key, where)
            _check_text(key, where)
            _check(item, f"{where}.{key}")
    elif isinstance(value, list):
        for place, item in enumerate(value):
            _check(item, f"{where}[{place}]")
    elif isinstance(value, str):
        _check_text(value, where)
    elif value is not None and not isinstance(value, int):
        raise _not_canonical(value, where)


def _check_text(text: str, where: str) -> None:
    """A lone half of a surrogate pair has no UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise _not_canonical(text, where) from None


def _not_canonical(value: Any, where: str) -> ChainError:
    return ChainError("not_canonical", where=where, kind=type(value).__name__)
