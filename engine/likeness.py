"""Texts that resemble each other: what of a text is kept to find them again.

A text is compared word for word only with few others. Which ones, among millions, is
found by fingerprints: two texts that have most of their words in common share at
least one, two others hardly ever do, however many there are. (MinHash in bands:
Broder, "On the resemblance and containment of documents", 1997; Leskovec, Rajaraman,
Ullman, "Mining of Massive Datasets", 3.4.)
"""

import re
import unicodedata
from hashlib import blake2b
from zlib import crc32

WORD = re.compile(r"\w+")
#: Letters from which on a word says something.
SAYS = 4
#: Of a text with fewer different words nothing can be said.
FEWEST, MOST = 6, 120
#: Each fingerprint stands for that many words in agreement.
BANDS, ROWS = 12, 4
_PRIME = (1 << 61) - 1


def _coefficients(count: int) -> list[tuple[int, int]]:
    """Numbers that look random and are the same everywhere, for ever."""

    def number(text: str) -> int:
        return int.from_bytes(blake2b(text.encode(), digest_size=8).digest()) % _PRIME

    return [(number(f"a{i}") or 1, number(f"b{i}")) for i in range(count)]


_ORDERS = _coefficients(BANDS * ROWS)


def normal(text: str, limit: int | None = None) -> str:
    """A text without capitals, accents and signs, its words one blank apart.

    >>> normal("Frais  prélevés — SANS préavis !")
    'frais preleves sans preavis'
    >>> normal("Straße n° 12", 9)
    'strasse n'

    :param limit: letters that are kept at most
    """
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return " ".join(WORD.findall(plain))[:limit].rstrip()


def number_key(text: str) -> str:
    """What two ways of writing one contract, order or product have in common.

    Its numbers where it has some to speak of, else its words.

    >>> number_key("Contrat n° 47-11 B"), number_key("contract 4711b")
    ('4711', '4711')
    >>> number_key("Assurance Habitation")
    'assurance habitation'
    >>> number_key("")
    ''
    """
    digits = "".join(re.findall(r"\d", text))
    return digits if len(digits) >= 4 else normal(text)


def phone_key(text: str) -> str:
    """The last digits of a telephone number, which every way of writing it shares.

    >>> phone_key("+33 4 76 00 00 01") == phone_key("04.76.00.00.01")
    True
    >>> phone_key("12")
    ''
    """
    digits = "".join(re.findall(r"\d", text))
    return digits[-9:] if len(digits) >= 6 else ""


def fingerprints(text: str) -> list[str]:
    """The fingerprints of a text, as ``normal`` gives it; of too short a text none.

    >>> letter = "vous avez preleve des frais sur mon compte sans aucun preavis"
    >>> same = letter.replace("aucun preavis", "prevenir")
    >>> other = "votre livreur a casse la porte de mon immeuble hier matin"
    >>> bool(set(fingerprints(letter)) & set(fingerprints(same)))
    True
    >>> bool(set(fingerprints(letter)) & set(fingerprints(other)))
    False
    >>> fingerprints("remboursez moi")
    []
    """
    words = dict.fromkeys(word for word in text.split() if len(word) >= SAYS)
    numbers = [crc32(word.encode()) for word in list(words)[:MOST]]
    if len(numbers) < FEWEST:
        return []
    least = [min((a * n + b) % _PRIME for n in numbers) for a, b in _ORDERS]
    return [
        blake2b(
            repr((band, least[band * ROWS : (band + 1) * ROWS])).encode(),
            digest_size=6,
        ).hexdigest()
        for band in range(BANDS)
    ]
