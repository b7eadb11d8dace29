"""How requests are made: methods, tokens, bodies and headers, for every route."""

from .pages import LINK, OWN, STEPS
from .sending import (
    BAD,
    BOUNDARY,
    MB,
    MULTIPART,
    OK,
    PAGE,
    URLENCODED,
    Case,
    multipart,
    turn,
    urlencoded,
)

POSTED = (
    ("visitor", "/complaint", "title"),
    ("visitor", "/complaint/link", "email"),
    *(("visitor", f"{LINK}/{step}", "message") for step in STEPS),
    ("customer", "/my/complaints/new", "title"),
    *(("customer", f"{OWN}/{step}", "message") for step in STEPS),
    ("customer", "/my/complaints/claim", "x"),
    ("customer", "/my/complaints/claim/@claim@", "x"),
    ("customer", "/submitted/ticket", "subject"),
    ("customer", "/ticket/close", "ticket_id"),
)
PAGES = (
    ("visitor", "/complaint"),
    ("visitor", "/complaint/link"),
    ("visitor", "/complaint/received/@token@"),
    ("visitor", LINK),
    ("customer", "/my/complaints"),
    ("customer", "/my/complaints/new"),
    ("customer", OWN),
    ("customer", "/my/complaints/claim/@claim@"),
)
BAD_TOKENS = (
    "",
    "x",
    "x" * 60,
    "éo" + "9" * 10,
    "\x00",
    "ao9" + "9" * 5000,
    "@other_csrf@",
)
BAD_TOKENS += ("@csrf@x", "o", "@csrf@ ", "<script>")


def csrf_cases():
    """A token that is missing, forged, of another session, or no text at all."""
    for number, (who, path, field) in enumerate(POSTED):
        body = [(field, "x")]

        def case(name, fields, files=(), who=who, path=path):
            return Case(
                f"{path} csrf {name}",
                path,
                who=who,
                body=multipart(fields, files),
                headers=(("Content-Type", MULTIPART),),
                expects=BAD,
            )

        yield case("missing", body)
        for token in turn(BAD_TOKENS, number, 3):
            yield case(repr(token[:20]), [("csrf_token", token), *body])
        yield case("repeated", [("csrf_token", "x"), ("csrf_token", "@csrf@"), *body])
        yield case("array", [("csrf_token[]", "@csrf@"), *body])
        yield case("file", body, [("csrf_token", "t.txt", b"@csrf@", "text/plain")])
        yield case("in a header", [("x", "@csrf@"), *body])


def method_cases():
    methods = ("PUT", "DELETE", "PATCH", "TRACE", "PROPFIND", "X")
    for number, (who, path, _field) in enumerate(POSTED):
        for method in ("OPTIONS", *turn(methods, number, 3)):
            yield Case(
                f"{method} {path}",
                path,
                method,
                who=who,
                expects=(200, 204, 400, 404, 405),
            )
    for who, path in PAGES:
        yield Case(f"HEAD {path}", path, "HEAD", who=who, expects=OK)
    for who, path, _field in POSTED:
        if (who, path) not in PAGES:
            for method in ("GET", "HEAD"):
                yield Case(
                    f"{method} {path}",
                    f"{path}?csrf_token=@csrf@&message=x&reason=x&rating=5",
                    method,
                    who=who,
                    expects=(404, 405),
                )


FORM = multipart([("csrf_token", "@csrf@"), ("title", "Kept")])
HALF = FORM[: len(FORM) // 2]
LINE = b"--" + BOUNDARY.encode()
NOISE = bytes(range(256)) * 4
MANY_PARTS = multipart([("csrf_token", "@csrf@"), *[("a", "x")] * 1100])
MANY_PAIRS = urlencoded([(f"a{n}", "x") for n in range(3000)])
LONG_HEADER = multipart([("x" * 70_000, "x")])
TOO_LARGE = (400, 413)
# Name, body, type, what is expected; then a length that is not the body's.
BODIES = (
    ("without type", FORM, None, BAD),
    ("of no type", FORM, "", BAD),
    ("of an odd type", FORM, "\x01/\x02;;;=", BAD),
    ("JSON", b'{"title": "x"}', "application/json", BAD),
    ("JSON-RPC", b'{"params": {}}', "application/json-rpc", BAD),
    ("XML", b"<a>&b;</a>", "text/xml", BAD),
    ("text", b"title=x", "text/plain", BAD),
    ("no boundary", FORM, "multipart/form-data", BAD),
    ("an empty boundary", FORM, "multipart/form-data; boundary=", BAD),
    ("another boundary", FORM, "multipart/form-data; boundary=zzz", BAD),
    ("an odd boundary", FORM, 'multipart/form-data; boundary="\\"; x=\xe9"', BAD),
    ("cut off", HALF, MULTIPART, BAD),
    ("too short", HALF, MULTIPART, BAD, len(FORM) + 100),
    ("without header", LINE + b"\r\n\r\nx", MULTIPART, BAD),
    ("empty", b"", MULTIPART, BAD),
    ("only a boundary", LINE + b"--", MULTIPART, BAD),
    ("noise", NOISE, MULTIPART, BAD),
    ("noise, urlencoded", NOISE, URLENCODED, BAD),
    ("percent", b"%%%&=&%zz=%f&title=%", URLENCODED, BAD),
    ("utf-16", "title=x".encode("utf-16"), f"{URLENCODED}; charset=utf-16", BAD),
    ("a wrong charset", b"title=\xe9", f"{URLENCODED}; charset=klingon", BAD),
    ("too large", b"", MULTIPART, (413,), 500 * MB),
    ("of too many parts", MANY_PARTS, MULTIPART, (413,)),
    ("of many pairs", MANY_PAIRS, URLENCODED, TOO_LARGE),
    ("of negative length", b"", MULTIPART, TOO_LARGE, -1),
    ("with a long name", LONG_HEADER, MULTIPART, TOO_LARGE),
    ("that says it is compressed", b"\x1f\x8b\x08\x00\x00", URLENCODED, BAD),
)


def body_cases():
    """Bodies that are not what their header says, or too large."""
    for number, (who, path, _field) in enumerate(POSTED):
        is_form = path in ("/complaint", "/my/complaints/new", "/submitted/ticket")
        for name, body, kind, expects, *length in (
            BODIES if is_form else turn(BODIES, number, 4)
        ):
            yield Case(
                f"{path} body {name}",
                path,
                who=who,
                body=body,
                headers=(("Content-Type", kind),) if kind is not None else (),
                expects=expects,
                asks_length=length[0] if length else None,
            )
    yield Case(
        "/complaint body of one text of 11 MB",
        "/complaint",
        body=multipart([("title", "x" * 11 * MB)]),
        headers=(("Content-Type", MULTIPART),),
        expects=(413,),
    )


QUERIES = (
    "note=%3Cscript%3Ealert(1)%3C/script%3E",
    "note=received&note=closed",
    "note[]=received",
    "note=",
    "note=%00",
    "note=%FF",
    "note=sent",
    "self=1&cls=2&endpoint=3&kw=4&post=5&request=6",
    "token=x",
    "complaint_id=@canary@",
    "desk=%00",
    "desk=-1",
    "desk=99999999999999999999",
    "desk=%D9%A3",
    "desk=1&desk=2",
    "desk[]=1",
    "lang=xx_XX",
    "debug=assets",
    "debug=%00",
    "access_token=%C3%A9",
    "context=%7B%7D",
    "title=Typed&description=Typed&csrf_token=@csrf@",
    "%00=%00",
    "%FF=%FF",
    "=&=&&&===",
    "a=" + "x" * 8000,
    "&".join(f"a{n}=1" for n in range(300)),
)


HEADERS = (
    ("Accept-Language", "\xff\xfe"),
    ("Accept-Language", "xx-XX;q=9e9, *;q=-1, fr;q=abc"),
    ("Accept-Language", ",".join(f"a{n}" for n in range(500))),
    ("Accept", "\x01"),
    ("Referer", "javascript:alert(1)"),
    ("User-Agent", "<script>" + "x" * 3000),
    ("X-Forwarded-For", "' OR 1=1"),
    ("X-Forwarded-Host", "evil.example"),
    ("Range", "bytes=9-1"),
    ("If-None-Match", '"'),
    ("If-Modified-Since", "0000"),
    ("Authorization", "Basic ====="),
    ("Cookie", 'frontend_lang="; x=\xe9; tz=<script>'),
)


def query_cases():
    for number, (who, path) in enumerate(PAGES):
        for query in QUERIES if path == LINK else turn(QUERIES, number, 3):
            yield Case(
                f"{path}?{query[:60]}", f"{path}?{query}", "GET", who=who, expects=PAGE
            )
        yield Case(f"{path}?self", f"{path}?self=1", "GET", who=who, expects=OK)
        for name, value in turn(HEADERS, number, 4):
            yield Case(
                f"{path} with {name}: {value[:20]!r}",
                path,
                "GET",
                who=who,
                headers=((name, value),),
                expects=PAGE,
            )
