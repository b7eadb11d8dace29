"""Pictures of a letter: words for those who cannot see them, and not too many dots."""

import base64
import re
from hashlib import sha256

from odoo.exceptions import UserError
from odoo.tools.image import image_process

DATA = re.compile(r"data:image/(?P<kind>[\w.+-]+);base64,(?P<data>.*)", re.DOTALL)
# Dots across and down: 165 mm and 75 mm of paper at a good 250 dots an inch.
PICTURE, LOGO = (1650, 2200), (750, 300)
SMALL = 40_000  # bytes that need no look
# Bytes, encoded, beyond which nothing is decoded: a file of some 9 megabytes.
LIMIT = 12_000_000
HEAVY = 200_000  # bytes beyond which a photograph becomes a JPEG
KEPT = 16  # logos
_logos = {}


class PictureError(Exception):
    """A picture that cannot be printed; says which and why.

    :ivar is_logo: whether it is the company's
    """

    def __init__(self, reason, is_logo):
        super().__init__(reason)
        self.is_logo = is_logo


def prepare(image, words):
    """Give a picture words, and the dots that paper shows.

    :raises PictureError: when it is too large or no picture
    """
    is_logo = any(
        "header" in (around.get("class") or "").split()
        for around in image.iterancestors("div")
    )
    if not (image.get("alt") or "").strip():
        image.set("alt", words or "-")
    source = "".join((image.get("src") or "").split())
    if len(source) < SMALL or not source.startswith("data:"):
        return
    if len(source) > LIMIT:
        raise PictureError(f"{len(source) * 3 // 4 // 1_000_000} MB", is_logo)
    image.set("src", _smaller(source, is_logo))


def _smaller(source, is_logo):
    if not is_logo:
        return _shrink(source, PICTURE, is_logo)
    # Every letter of a company has its logo.
    key = sha256(source.encode()).digest()
    if key not in _logos:
        if len(_logos) >= KEPT:
            _logos.pop(next(iter(_logos)))
        _logos[key] = _shrink(source, LOGO, is_logo)
    return _logos[key]


def _shrink(source, size, is_logo):
    match = DATA.match(source)
    if not match or match["kind"].startswith("svg"):
        return source
    try:
        raw = base64.b64decode(match["data"])
        small = image_process(raw, size=size, verify_resolution=True)
        if len(small) > HEAVY and b"tRNS" not in small and not _has_alpha(small):
            small = image_process(small, output_format="JPEG", quality=85)
    except (UserError, OSError, ValueError, SyntaxError) as error:
        raise PictureError(str(error), is_logo) from error
    kind = "jpeg" if small.startswith(b"\xff\xd8") else match["kind"]
    return f"data:image/{kind};base64,{base64.b64encode(small).decode()}"


def _has_alpha(png):
    """Whether a PNG lets its background shine through: types 4 and 6 of its header."""
    return png.startswith(b"\x89PNG") and png[25] in (4, 6)
