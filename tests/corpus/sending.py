"""A case, and how it is sent: bytes as no library would send them."""

from typing import NamedTuple
from urllib.parse import quote, quote_plus, urlencode

BOUNDARY = "corpus-6f1d"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"
URLENCODED = "application/x-www-form-urlencoded"
MB = 1024 * 1024

# What may become of a case.
REFUSED = "refused"  # nothing is made
TAKEN = "taken"  # one complaint, ticket or message is made, and what it stands for

OK = (200,)
NOT_HERE = (303, 404)
BAD = (400,)
PAGE = (200, 301, 303, 404)


class Case(NamedTuple):
    name: str
    path: str
    method: str = "POST"
    who: str = "visitor"
    body: bytes = b""
    headers: tuple = ()
    expects: tuple = OK
    outcome: str = REFUSED
    kept: tuple = ()  # pairs of field and text that stand in the form again
    errors: tuple = ()  # fields with a message beside them
    stored: tuple = ()  # pairs of field and text that the database has now
    stored_files: tuple = ()  # pairs of name and content that the database has now
    asks_length: int | None = None  # a Content-Length that is not the body's


def turn(items, number, every):
    """One in so many of the items, others with the next number."""
    return list(items)[number % every :: every]


def raw(value):
    return value if isinstance(value, bytes) else str(value).encode("utf-8")


def multipart(fields, files=()):
    """A body as browsers make it, which no library would let one break.

    :param fields: pairs of name and text
    :param files: tuples of field, file name, content and type
    """
    parts = []
    for name, value in fields:
        parts.append(
            b'Content-Disposition: form-data; name="%s"\r\n\r\n%s'
            % (raw(name), raw(value))
        )
    for field, name, content, kind in files:
        parts.append(
            b'Content-Disposition: form-data; name="%s"; filename="%s"\r\n'
            b"Content-Type: %s\r\n\r\n%s" % (raw(field), raw(name), raw(kind), content)
        )
    line = b"--" + BOUNDARY.encode()
    body = b"".join(line + b"\r\n" + part + b"\r\n" for part in parts)
    return body + line + b"--\r\n"


def urlencoded(fields):
    return (
        urlencode(
            [(raw(name), raw(value)) for name, value in fields], quote_via=quote_plus
        )
        .replace("%40csrf%40", "@csrf@")
        .encode()
    )


def sent(name, path, fields, files=(), **more):
    """A form sent by POST, with the token of its session."""
    fields = [("csrf_token", "@csrf@"), *fields]
    return Case(
        name,
        path,
        body=multipart(fields, files),
        headers=(("Content-Type", MULTIPART),),
        **more,
    )


def address(path):
    """A path as bytes for the first line of a request."""
    return quote(path, safe="/%?&=:@!$'()*+,;~[]{}<>").encode()
