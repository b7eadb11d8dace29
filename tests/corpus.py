"""A corpus of bad input: what robots, broken browsers and hostile people send.

Plain data without Odoo: :func:`cases` gives, always in the same order, what is sent and
what may come of it. Words between ``@`` are filled in when a case is sent: numbers,
tokens and the session's CSRF token exist only then.
"""

import random
from typing import NamedTuple
from urllib.parse import quote, quote_plus, urlencode

SEED = 19
BOUNDARY = "corpus-6f1d"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"
URLENCODED = "application/x-www-form-urlencoded"
MB = 1024 * 1024

# What may become of a case.
REFUSED = "refused"  # nothing is made
TAKEN = "taken"  # one complaint, ticket or message is made, and what it stands for

OK = (200,)
MOVED = (301, 302, 303)
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


# ----------------------------------------------------------------------
# Texts: what is sent, and what a database should keep of it
# ----------------------------------------------------------------------

PLAIN = (
    "<script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onfocus=alert(1) autofocus x='",
    "<svg/onload=alert(1)>",
    "<!-- <?xml version='1.0'?> -->",
    "<![CDATA[ x ]]>",
    "&lt;b&gt;once&lt;/b&gt; &amp;amp; &#60;",
    "{{ 7 * 7 }} ${7*7} #{7*7} <%= 7*7 %>",
    "<t t-out=\"env['res.users'].search([])\"/>",
    "<t t-call='web.layout'/> <t t-esc='request.env'/>",
    "{reference} {complainant_name} {0} {__class__}",
    "%(ticket)s %s %d %n %%",
    "'; DROP TABLE helpdesk_ticket; --",
    '" OR ""=" \\\' OR 1=1 --',
    "1) UNION SELECT password FROM res_users --",
    "../../../../etc/passwd",
    "javascript:alert(document.cookie)",
    "=cmd|' /C calc'!A0",
    "$(touch /tmp/x) `touch /tmp/x` | touch x",
    "a, b; c <d@e.example>",
    "Grüße, Ñandú, Œuvre, Łódź",
    "日本語のテキスト",
    "مرحبا بالعالم",
    "👩‍👩‍👧‍👦 🏳️‍🌈 🇫🇷",
    "‮txt.exe‬ right to left",
    "zero\u200bwidth\u2060text\ufeff",
    "ﷺ" * 20,
    "Ṱ̺̺̕o͞ ̷i̲̬͇̪͙n̝̗͕v̟̜̘̦͟o̶̙̰̠kè͚̮̺̪̹̱̤",
    "NULL",
    "None",
    "undefined",
    "-1",
    "1e309",
    "NaN",
    "true",
    "[]",
    '{"a": 1}',
    "\\",
    "\\u0000 \\x00 \\n",
    "%00 %0d%0a %c0%ae",
    "http://evil.example/<script>",
    "mailto:a@b.example?bcc=c@d.example",
    "+ADw-script+AD4-",
    "data:text/html;base64,PHNjcmlwdD4=",
)
# What cannot be kept as it came.
CHANGED = (
    ("nul", "a\x00b", "ab"),
    ("controls", "a\x01\x02\x07\x08\x0b\x0c\x1b\x7fb", "ab"),
    ("c1 controls", "a\x80\x85\x9fb", "ab"),
    ("escape codes", "\x1b[31mred\x1b[0m", "[31mred[0m"),
    ("decomposed", "e\u0301te\u0301", "été"),
    ("noncharacters", "a\ufffe\uffff\ufdd0\U0001fffeb", "ab"),
    ("unassigned", "a\U000e01f0b", "a\U000e01f0b"),
    ("private use", "a\ue000b", "a\ue000b"),
    ("blanks around", "  \t a b \n ", "a b"),
    ("surrogates", b"a\xed\xa0\x80b", "a\ufffd\ufffd\ufffdb"),
    ("broken utf-8", b"a\xff\xfeb\xc3", "a\ufffd\ufffdb\ufffd"),
    ("overlong", b"a\xc0\xafb", "a\ufffd\ufffdb"),
    ("latin-1", "café".encode("latin-1"), "caf\ufffd"),
    ("nul only, then text", "\x00\x00x", "x"),
)
NOT_TEXT = (("nul only", "\x00"), ("blanks", " \t\r\n "), ("bom", b"\xc2\x85"))
LINES = (
    ("windows lines", "one\r\ntwo\r\nthree", "one\ntwo\nthree"),
    ("old mac lines", "one\rtwo", "one\ntwo"),
    ("header injection", "Hello\r\nBcc: x@y.example\r\n\r\nBody", None),
    ("separators", "one\u2028two\u2029three", "one\u2028two\u2029three"),
)


def sent_texts():
    """Every hostile text: a name, what is sent, what is kept of it."""
    for text in PLAIN:
        yield text[:40], text, text
    yield from CHANGED


def one_line(text):
    return " ".join(text.split())


# ----------------------------------------------------------------------
# How it is sent
# ----------------------------------------------------------------------


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
    return urlencode(
        [(raw(name), raw(value)) for name, value in fields], quote_via=quote_plus
    ).replace("%40csrf%40", "@csrf@").encode()


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


# ----------------------------------------------------------------------
# The form of a complaint
# ----------------------------------------------------------------------

VISITOR = {
    "desk": "@desk@",
    "title": "Charged twice",
    "description": "I was charged twice.",
    "request": "Pay me back.",
    "about": "Contract 4711",
    "name": "Jean Dupont",
    "reply_by": "post",
    "address": "3 rue du Pont\n38000 Grenoble",
    "consent": "1",
}
ACCOUNT = {"desk": "@desk@", "title": "Charged twice", "description": "Twice."}
TEXT_FIELDS = ("title", "description", "request", "about", "name", "phone", "address")
TEXT_FIELDS += ("represented",)
OTHER_FIELDS = tuple(name for name in TEXT_FIELDS if name != "description")
MAIL_FIELDS = ("email", "represented_email")
LINE_FIELDS = ("title", "name", "phone", "represented")
LIMITS = {"title": 200, "description": 20_000, "request": 20_000, "about": 200}
LIMITS |= {"name": 200, "email": 200, "phone": 50, "address": 500, "represented": 200}
LIMITS |= {"represented_email": 200}
# Where the database has what a field of the form held.
PLACES = {
    "title": "name",
    "description": "description",
    "request": "complaint_request",
    "about": "complaint_subject_ref",
    "name": "partner_name",
    "phone": "complaint_phone",
    "address": "complaint_postal_address",
}
SHOWN = (*TEXT_FIELDS, *MAIL_FIELDS, "date")


def typed(base, changes):
    """The pairs of a form, some changed: None leaves one out, a list repeats it."""
    pairs = []
    for name, value in {**base, **changes}.items():
        values = value if isinstance(value, list) else [value]
        pairs += [(name, text) for text in values if text is not None]
    return pairs


def kept_of(base, changes, kept=None):
    """What stands in the form again: what was typed, and of ``kept`` what it says."""
    texts = {**base, **changes, **(kept or {})}
    return tuple(
        (name, text)
        for name, text in texts.items()
        if name in SHOWN and isinstance(text, str) and "@" not in text[:1]
    )


def refused(name, changes, errors, kept=None, files=(), base=VISITOR, **more):
    """A form of a complaint that comes back, with what was typed."""
    path = "/complaint" if base is VISITOR else "/my/complaints/new"
    more.setdefault("who", "visitor" if base is VISITOR else "customer")
    return sent(
        f"form {name}",
        path,
        typed(base, changes),
        files,
        errors=tuple(errors),
        kept=kept_of(base, changes, kept),
        **more,
    )


def taken(name, changes, stored, files=(), kept_files=(), base=VISITOR, **more):
    """A form of a complaint that becomes one."""
    path = "/complaint" if base is VISITOR else "/my/complaints/new"
    more.setdefault("who", "visitor" if base is VISITOR else "customer")
    if "title" not in changes:
        changes = {**changes, "title": f"Charged: {one_line(name)}"[:200]}
        stored = {"name": changes["title"], **stored}
    return sent(
        f"form taken {name}",
        path,
        typed(base, changes),
        files,
        expects=(303,),
        outcome=TAKEN,
        stored=tuple(stored.items()),
        stored_files=tuple(kept_files),
        **more,
    )


def turn(items, number, every):
    """One in so many of the items, others with the next number."""
    return list(items)[number % every :: every]


def form_texts():
    """Hostile texts in all fields by turns, refused for another reason: all is kept."""
    for number, (name, text, kept) in enumerate(sent_texts()):
        for field in ("description", *turn(OTHER_FIELDS, number, 4)):
            errors = {"consent"}
            if field == "phone" and len(kept) > LIMITS[field]:
                errors.add(field)
            yield refused(
                f"{field}: {name}",
                {field: text, "consent": None},
                errors,
                {field: kept},
            )
    for field in ("description", "request", "address"):
        for name, text, kept in LINES:
            if kept is None:
                kept = text.replace("\r\n", "\n")
            yield refused(
                f"{field}: {name}",
                {field: text, "consent": None},
                {"consent"},
                {field: kept},
            )
    for field in ("title", "description", "name"):
        for name, text in NOT_TEXT:
            yield refused(f"{field}: {name}", {field: text}, {field}, {field: ""})


def form_taken():
    """Hostile texts in a form that is all right: stored as they are, less what no
    database keeps."""
    for name, text, kept in [*turn([(x, x, x) for x in PLAIN], 0, 3), *CHANGED]:
        line = one_line(kept)
        yield taken(
            name,
            {
                "title": text,
                "description": text,
                "request": text,
                "about": text,
                "name": text,
                "address": text,
            },
            {
                "name": line,
                "description": kept,
                "complaint_request": kept,
                "complaint_subject_ref": kept,
                "partner_name": line,
                "complaint_postal_address": kept,
            },
        )
    for name, text, kept in LINES:
        kept = kept or text.replace("\r\n", "\n")
        yield taken(
            name,
            {"title": f"x {text}", "description": text},
            {"name": one_line(f"x {kept}"), "description": kept},
        )
    for field, limit in LIMITS.items():
        if field in PLACES:
            text = "x" * limit
            yield taken(f"longest {field}", {field: text}, {PLACES[field]: text})
    yield taken(
        "without what is optional",
        {"request": None, "about": None},
        {"complaint_request": "", "complaint_subject_ref": ""},
    )
    yield taken(
        "first of two",
        {"title": ["First", "Second"], "description": ["One", "Two"]},
        {"name": "First", "description": "One"},
    )
    yield taken(
        "unknown fields",
        {
            "stage_id": "1",
            "user_id": "2",
            "partner_id": "@stranger@",
            "complaint_state": "closed",
            "company_id": "1",
            "id": "1",
            "default_user_id": "2",
            "create_uid": "2",
        },
        {"complaint_state": "to_qualify", "user_id": ""},
    )
    yield taken(
        "arguments of Python",
        {"self": "x", "post": "x", "kw": "x", "args": "x", "endpoint": "x"},
        {},
    )
    yield taken("leap day", {"date": "2024-02-29"}, {"complaint_fact_date": "2024-02-29"})


EMAILS = (
    "nobody",
    "@example.org",
    "a@",
    "a@b",
    "a@@b.example",
    "a b@c.example, d@e.example",
    "a@b.example\r\nBcc: c@d.example",
    "a@b.example\nSubject: x",
    "a@b.example%0aBcc:c@d.example",
    '"a@b.example" <c@d.example>, e@f.example',
    "a@b.example;c@d.example",
    "用户@例子.example",
    "a@münchen.example",
    "jörg@example.org",
    "<script>@b.example>",
    "javascript:alert(1)",
    "a@b..example",
    "a@.example",
    "a@-b-.example ; x",
    "root@localhost",
    "a@[127.0.0.1",
    "a@" + "b" * 150 + "." + "c" * 60,
    "x" * 300 + "@example.org",
)


def form_mails():
    for text in EMAILS:
        cleaned = text.replace("\r\n", "\n").strip()
        for field in MAIL_FIELDS:
            changes = {"reply_by": "email", "email": "jean@example.org", field: text}
            if field == "represented_email":
                changes["represented"] = "Zoé"
            yield refused(f"{field}: {text[:40]}", changes, {field}, {field: cleaned})
    for name, text in NOT_TEXT:
        yield refused(
            f"email: {name}",
            {"reply_by": "email", "email": text},
            {"email"},
            {"email": ""},
        )


DATES = ("0000-00-00", "9999-12-31", "2023-02-29", "2026-13-01", "2026-00-10")
DATES += ("2026-02-31", "٢٠٢٦-٠١-٠١", "2026-01-01T00:00", "01/02/2026", "1", "-1")
DATES += ("1e3-01-01", "20260101", "yesterday", "0001-01-01", "99999-01-01")
DATES += ("2026-01-01; DROP TABLE x", "<script>", "2026-01-01 25:00:00", "１２３４-０１-０１")
CHOICES = ("-1", "0", "999999999", "9" * 40, "1.5", "x", "1,2", "[1]", "1 OR 1=1", "٣")
CHOICES += ("True", "0x1", "1e1", "<script>")


def form_choices():
    """Dates, lists and radio buttons with what they never offered."""
    for text in DATES:
        yield refused(f"date {text}", {"date": text}, {"date"})
    for text in CHOICES:
        yield refused(f"reason {text}", {"reason": text}, {"reason"})
        yield refused(f"reply_by {text}", {"reply_by": text}, {"reply_by"})
        yield refused(f"consent {text}", {"consent": text}, {"consent"})
        yield refused(f"desk {text}", {"desk": text}, {"desk"})


def form_types():
    """Files where texts are expected and the reverse, arrays, what is missing."""
    needed = ("title", "description", "name", "consent")
    for field in needed:
        yield refused(f"without {field}", {field: None}, {field}, {field: ""})
        yield refused(f"array {field}", {field: None, f"{field}[]": "x"}, {field})
        yield refused(f"index {field}", {field: None, f"{field}[0]": "x"}, {field})
    for field in (*TEXT_FIELDS, *MAIL_FIELDS, "date", "reason", "reply_by", "consent"):
        errors = {field} if field in needed else {"consent"}
        yield refused(
            f"file as {field}",
            {field: None, **({} if field == "consent" else {"consent": None})},
            errors | {"consent"},
            {field: ""},
            files=[(field, "x.txt", b"canary?", "text/plain")],
        )
    yield refused(
        "nothing at all",
        dict.fromkeys(VISITOR) | {"desk": "@desk@"},
        {"title", "description", "name", "email", "consent"},
    )
    for field in ("address", "phone"):
        way = "post" if field == "address" else "phone"
        yield refused(f"no {field}", {"reply_by": way, field: ""}, {field})
    yield refused("trap", {"fax_confirmation": "x"}, {"form"}, expects=BAD)
    for key in ("x", "k" * 500, "<script>", "../" * 10, "k\x00" * 22):
        yield refused(
            f"key {key[:9]!r}", {"form_key": key, "title": ""}, {"title"}, {"title": ""}
        )
    for field, limit in LIMITS.items():
        text = "x" * (limit + 1)
        if field in MAIL_FIELDS:
            text = "x" * limit + "@example.org"
        errors = {field, "represented"} - {"represented"}
        changes = {field: text}
        if field == "represented_email":
            changes["represented"] = "Zoé"
        yield refused(f"too long {field}", changes, errors)
    yield refused("a very long text", {"description": "ä" * 400_000}, {"description"})


# ----------------------------------------------------------------------
# Files
# ----------------------------------------------------------------------

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20
ZIP = b"PK\x03\x04" + b"\x00" * 2000
BAD_FILES = (
    ("picture.png", b"MZ\x90\x00" + b"\x00" * 60),
    ("picture.jpg", b"\x7fELF\x02\x01\x01" + b"\x00" * 60),
    ("letter.pdf", b"#!/bin/sh\nrm -rf /"),
    ("letter.pdf", b"<!DOCTYPE html><html><script>alert(1)</script></html>"),
    ("letter.txt", b"<html><body onload=alert(1)></body></html>"),
    ("photo.png", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
    ("photo.gif", b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>"),
    ("java.txt", b"\xca\xfe\xba\xbe\x00\x00"),
    ("mac.txt", b"\xcf\xfa\xed\xfe\x00\x00"),
    ("run.exe", b"text"),
    ("run.EXE", b"text"),
    ("invoice.pdf.exe", b"%PDF-1.4"),
    ("invoice.exe ", b"text"),
    ("invoice.exe.", b"text"),
    ("invoice.exe\x00.pdf", b"text"),
    ("photo\u202egnp.exe", b"text"),
    ("page.html", b"text"),
    ("page.SVG", b"text"),
    ("page.xhtml", b"text"),
    ("macro.docm", b"text"),
    ("run.js", b"text"),
    ("C:\\fakepath\\run.bat", b"text"),
    ("../../run.sh", b"text"),
    ("shortcut.lnk", b"text"),
)
GOOD_FILES = (
    ("empty.txt", b"", "empty.txt"),
    ("noname", b"x", "noname"),
    ("../../etc/passwd", b"root", "passwd"),
    ("..\\..\\boot.ini", b"x", "boot.ini"),
    ("/etc/shadow.txt", b"x", "shadow.txt"),
    ("C:\\fakepath\\scan.pdf", b"%PDF-1.4", "scan.pdf"),
    (".htaccess", b"x", "htaccess"),
    ("...", b"x", "file"),
    ("re\x01po\x1brt.txt", b"x", "report.txt"),
    ("\u202efdp.txt", b"x", "fdp.txt"),
    ("<script>alert(1).txt", b"x", "<script>alert(1).txt"),
    ("{{ 7*7 }}.txt", b"x", "{{ 7*7 }}.txt"),
    ("a' OR 1=1 --.txt", b"x", "a' OR 1=1 --.txt"),
    ("größe 日本 👩.txt", b"x", "größe 日本 👩.txt"),
    (b"latin-\xe9.txt", b"x", "latin-\ufffd.txt"),
    ("x" * 3000 + ".txt", b"x", "x" * 146 + ".txt"),
    ("bomb.zip", ZIP, "bomb.zip"),
    ("photo.png", PNG, "photo.png"),
    ("CON.txt", b"x", "CON.txt"),
    ("a;b,c=d.txt", b"x", "a;b,c=d.txt"),
    ("tab\there.txt", b"x", "tabhere.txt"),
)


def form_files():
    for name, content in BAD_FILES:
        yield refused(
            f"file {name!r}",
            {},
            {"files"},
            files=[("files", name, content, "image/png")],
        )
    for name, content, kept in GOOD_FILES:
        yield taken(
            f"file {name[:30]!r}",
            {},
            {},
            files=[("files", name, content, "application/octet-stream")],
            kept_files=[(kept, content)],
        )
    many = [("files", f"{n}.txt", b"x", "text/plain") for n in range(11)]
    yield refused("eleven files", {}, {"files"}, files=many)
    yield taken(
        "ten files of one name",
        {},
        {},
        files=[("files", "a.txt", b"%d" % n, "text/plain") for n in range(10)],
        kept_files=[("a.txt", b"%d" % n) for n in range(10)],
    )
    large = [("files", "large.bin", b"x" * (10 * MB + 1), "text/plain")]
    yield refused("a file too large", {}, {"files"}, files=large)
    yield refused(
        "files and an error",
        {"title": ""},
        {"title", "files"},
        files=[("files", "a.txt", b"x", "text/plain")],
    )
    yield taken("text as files", {"files": "x"}, {})
    yield taken(
        "files of other fields",
        {},
        {},
        files=[
            ("files[]", "a.txt", b"x", "text/plain"),
            ("attachment", "b.txt", b"x", "text/plain"),
        ],
    )
    yield taken(
        "files without name",
        {},
        {},
        files=[("files", "", b"", "application/octet-stream")],
    )
    for kind in ("", "x", "text/html", "image/svg+xml", "a/b; charset=\x01", "é/é"):
        yield taken(
            f"a type that lies: {kind!r}",
            {},
            {},
            files=[("files", "a.txt", b"x", kind)],
            kept_files=[("a.txt", b"x")],
        )


# ----------------------------------------------------------------------
# The form of an account, and that of ordinary tickets
# ----------------------------------------------------------------------


def account_form():
    for name, text, kept in turn(sent_texts(), 0, 3):
        yield refused(
            f"account: {name}",
            {"description": text, "title": ""},
            {"title"},
            {"description": kept},
            base=ACCOUNT,
        )
    for field in ("title", "description"):
        for name, text in NOT_TEXT:
            yield refused(
                f"account {field}: {name}",
                {field: text},
                {field},
                {field: ""},
                base=ACCOUNT,
            )
    yield taken(
        "account: forged identity",
        {"name": "Other", "email": "other@example.org", "partner_id": "@stranger@"},
        {"partner_email": "t_customer@example.com"},
        base=ACCOUNT,
    )
    yield taken(
        "account: for another",
        {"represented": "Zoé <b>", "represented_email": "zoe@example.org"},
        {"partner_name": "Zoé <b>", "partner_email": "zoe@example.org"},
        base=ACCOUNT,
    )
    for name, content in BAD_FILES[:6]:
        yield refused(
            f"account: file {name}",
            {},
            {"files"},
            files=[("files", name, content, "image/png")],
            base=ACCOUNT,
        )


def ticket_form():
    """The form of ordinary tickets."""
    path, who = "/submitted/ticket", "customer"
    for name, text, kept in turn(sent_texts(), 1, 3):
        yield sent(
            f"ticket: {name}",
            path,
            [("subject", ""), ("description", text)],
            who=who,
            kept=(("description", kept),),
        )
    for field in ("team", "category"):
        for text in CHOICES:
            yield sent(
                f"ticket {field} {text}",
                path,
                [("subject", "Hello"), ("description", "x"), (field, text)],
                who=who,
                kept=(("subject", "Hello"),),
            )
    for field in ("subject", "description", "team", "category"):
        fields = [("subject", "Hello"), ("description", "x")]
        yield sent(
            f"ticket: file as {field}",
            path,
            [pair for pair in fields if pair[0] != field],
            [(field, "x.txt", b"x", "text/plain")],
            who=who,
            expects=(200, 303),
            outcome=REFUSED if field in ("subject", "description") else TAKEN,
        )
    for name, content in BAD_FILES[:8]:
        yield sent(
            f"ticket: file {name}",
            path,
            [("subject", "Hello"), ("description", "x")],
            [("attachment", name, content, "image/png")],
            who=who,
            kept=(("subject", "Hello"),),
        )
    yield sent(
        "ticket: too long",
        path,
        [("subject", "x" * 201), ("description", "y" * 20_001)],
        who=who,
        kept=(("subject", "x" * 201), ("description", "y" * 20_001)),
    )
    yield sent(
        "ticket taken",
        path,
        [
            ("subject", "<b>Hello</b>\r\nx"),
            ("description", "{{ 7*7 }} <b>"),
            ("user_id", "2"),
            ("complaint_state", "closed"),
        ],
        who=who,
        expects=(303,),
        outcome=TAKEN,
        stored=(
            ("name", "<b>Hello</b> x"),
            ("description", "{{ 7*7 }} <b>"),
            ("complaint_state", ""),
        ),
    )


# ----------------------------------------------------------------------
# The pages of one complaint
# ----------------------------------------------------------------------

LINK = "/complaint/follow/@token@"
OWN = "/my/complaints/@id@"
STEPS = ("accept", "contest", "message", "recourse", "rate")
STREAMS = ("copy", "file/1", "letter/1", "letter/1/enclosure/1")
NUMBERS = ("0", "-1", "1.5", "1e3", "0x1", "%D9%A3", "99999999999999999999", "9" * 60)
NUMBERS += ("2147483648", "%00", "1%00", "1;2", "..%2f1", "1%20OR%201=1", "x", "%FF")
TOKENS = (
    "x",
    "%00",
    "%FF%FE",
    "%C3%A9" * 55,
    "..%2f..%2fetc%2fpasswd",
    "%ED%A0%80",
    "A" * 11 + "." + "B" * 43,
    "A" * 11 + "." + "B" * 43 + "%0A",
    "A" * 4000,
    "{{7*7}}",
    "%3Cscript%3E",
    "'%20OR%20''='",
    "%0d%0aSet-Cookie:x=1",
    "@token@x",
    "%20@token@",
    "@token@%00",
    "a+b",
    "a%2Bb",
    "a b".replace(" ", "%20"),
    "%25%30%30",
    "null",
)


def page_messages():
    """Messages by link and by account."""
    for door, who in ((LINK, "visitor"), (OWN, "customer")):
        texts = turn(sent_texts(), who == "visitor", 2)
        for name, text, kept in texts:
            yield sent(
                f"message {who}: {name}",
                f"{door}/message",
                [("message", text)],
                [("files", "run.exe", b"MZ", "image/png")],
                who=who,
                kept=(("message", kept),),
            )
        for name, text in NOT_TEXT:
            yield sent(
                f"message {who}: {name}",
                f"{door}/message",
                [("message", text)],
                who=who,
                kept=(("message", ""),),
            )
        yield sent(
            f"message {who}: too long",
            f"{door}/message",
            [("message", "x" * 20_001)],
            who=who,
            kept=(("message", "x" * 20_001),),
        )
        yield sent(
            f"message {who}: a file as text",
            f"{door}/message",
            [],
            [("message", "a.txt", b"x", "text/plain")],
            who=who,
        )
        for name, text, kept in random.Random(SEED).sample(list(sent_texts()), 6):
            yield sent(
                f"message taken {who}: {name}",
                f"{door}/message",
                [("message", text), ("author_id", "2"), ("subtype_id", "1")],
                [("files", "größe <b>.txt", b"", "text/plain")],
                who=who,
                expects=(303,),
                outcome=TAKEN,
                stored=(("body", kept),),
                stored_files=(("größe <b>.txt", b""),),
            )


def page_steps():
    """Reactions with what cannot be taken; none of them moves the complaint."""
    for door, who in ((LINK, "visitor"), (OWN, "customer")):
        for name, text in (*NOT_TEXT, ("too long", "x" * 20_001)):
            kept = text if name == "too long" else ""
            yield sent(
                f"contest {who}: {name}",
                f"{door}/contest",
                [("reason", text)],
                who=who,
            )
            yield sent(
                f"rate {who}: feedback {name}",
                f"{door}/rate",
                [("rating", "9"), ("feedback", text or kept)],
                who=who,
            )
        for text in (*CHOICES[::3], "6", "5.0", "", "\x00"):
            yield sent(
                f"rate {who}: {text!r}",
                f"{door}/rate",
                [("rating", text), ("feedback", "Kept words")],
                who=who,
                expects=(200, 303),
            )
        yield sent(
            f"contest {who}: a file",
            f"{door}/contest",
            [],
            [("reason", "a.txt", b"x", "text/plain")],
            who=who,
        )
        yield sent(
            f"rate {who}: a file",
            f"{door}/rate",
            [],
            [("rating", "a.txt", b"x", "text/plain")],
            who=who,
            expects=(200, 303),
        )
        for step in ("accept", "contest", "rate"):
            yield sent(
                f"{step} {who}: too early",
                f"{door}/{step}",
                [("reason", "x"), ("rating", "5")],
                who=who,
                expects=(303,),
            )


def page_numbers():
    """Numbers of complaints, files and letters that are none, or somebody else's."""
    streams = ("", *(f"/{x}" for x in STREAMS))
    for place, number in enumerate((*NUMBERS, "@canary@", "@plain@")):
        is_real = number.startswith("@")
        for path in streams if is_real else turn(streams, place, 3):
            yield Case(
                f"get complaint {number[:24]}{path}",
                f"/my/complaints/{number}{path}",
                "GET",
                who="customer",
                expects=PAGE,
            )
        for step in STEPS if is_real else turn(STEPS, place, 5):
            yield sent(
                f"{step} complaint {number[:24]}",
                f"/my/complaints/{number}/{step}",
                [("message", "x"), ("reason", "x"), ("rating", "5")],
                who="customer",
                expects=(301, 303, 404),
            )
        yield sent(
            f"close {number[:24]}",
            "/ticket/close",
            [("ticket_id", number), ("stage_id", number)],
            who="customer",
            expects=(303,),
        )
    for number in (*NUMBERS, "@canary_file@", "@canary_letter@"):
        for door, who in ((LINK, "visitor"), (OWN, "customer")):
            for path in ("file/{0}", "letter/{0}", "letter/{0}/enclosure/{0}"):
                yield Case(
                    f"get {who} {path.format(number[:24])}",
                    f"{door}/{path.format(number)}",
                    "GET",
                    who=who,
                    expects=NOT_HERE,
                )
    for number in (*NUMBERS, "@canary_letter@"):
        yield Case(
            f"get the file of letter {number[:24]}",
            f"/helpdesk_complaint/letter/{number}",
            "GET",
            who="customer",
            expects=(404,),
        )
        yield Case(
            f"get the print of run {number[:24]}",
            f"/helpdesk_complaint/run/{number}",
            "GET",
            who="customer",
            expects=(403, 404),
        )
        yield Case(
            f"get page {number[:24]}",
            f"/my/complaints/page/{number}",
            "GET",
            who="customer",
            expects=PAGE,
        )
        yield Case(
            f"get list ?page={number[:24]}",
            f"/my/complaints?page={number}",
            "GET",
            who="customer",
            expects=PAGE,
        )
        yield Case(
            f"get ticket {number[:24]}",
            f"/my/ticket/{number}?access_token=%C3%A9",
            "GET",
            who="customer",
            expects=PAGE,
        )
    for path in ("", "/copy", "/file/1", "/letter/1"):
        yield Case(
            f"get the other's complaint{path} with a token",
            f"/my/complaints/@canary@{path}?access_token=%C3%A9",
            "GET",
            who="customer",
            expects=NOT_HERE,
        )


def page_tokens():
    for place, token in enumerate(TOKENS):
        for path in ("", *turn(("/copy", "/file/1", "/letter/1"), place, 3)):
            yield Case(
                f"get token {token[:24]!r}{path}",
                f"/complaint/follow/{token}{path}",
                "GET",
                expects=(301, 303, 404),
            )
        yield Case(
            f"receipt {token[:24]!r}",
            f"/complaint/received/{token}",
            "GET",
            expects=(301, 303, 404),
        )
        yield sent(
            f"message token {token[:24]!r}",
            f"/complaint/follow/{token}/message",
            [("message", "x")],
            expects=(303, 404),
        )
        for method in ("GET", "POST"):
            yield sent(
                f"claim {method} {token[:24]!r}",
                f"/my/complaints/claim/{token}",
                [],
                who="customer",
                expects=(301, 303, 404),
            )._replace(method=method)


def link_page():
    for name, text, kept in turn(sent_texts(), 2, 3):
        yield sent(
            f"link: {name}",
            "/complaint/link",
            [("email", text), ("reference", text)],
            kept=(("email", kept), ("reference", kept)),
            errors=("email",),
        )
    for text in EMAILS:
        yield sent(
            f"link: {text[:40]}",
            "/complaint/link",
            [("email", text), ("reference", "")],
            errors=("reference",),
        )
    for field in ("email", "reference"):
        yield sent(
            f"link: file as {field}",
            "/complaint/link",
            [],
            [(field, "x.txt", b"x", "text/plain")],
            errors=("email", "reference"),
        )
    yield sent(
        "link: unknown",
        "/complaint/link",
        [("email", "a@b.example"), ("reference", "%' OR 1=1 --\x00")],
    )


# ----------------------------------------------------------------------
# How requests are made: for every route
# ----------------------------------------------------------------------

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
BAD_TOKENS = ("", "x", "x" * 60, "éo" + "9" * 10, "\x00", "ao9" + "9" * 5000, "@other_csrf@")
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


def random_forms():
    """Forms put together by chance from all of the above; seeded, so always the same.

    One thing needed is always missing.
    """
    chance = random.Random(SEED)
    texts = [text for _name, text, _kept in sent_texts()]
    texts += [*EMAILS, *DATES, *CHOICES]
    names = [*SHOWN, "reason", "reply_by", "desk", "form_key"]
    for number in range(50):
        changes = {name: chance.choice(texts) for name in chance.sample(names, 8)}
        files = [
            ("files", name, content, "x/y")
            for name, content in chance.sample(BAD_FILES, chance.randrange(3))
        ]
        changes["desk"] = "@desk@"
        missing = chance.choice(("description", "consent"))
        fields = typed(VISITOR, {**changes, missing: None})
        chance.shuffle(fields)
        yield sent(f"by chance {number}", "/complaint", fields, files, errors=(missing,))


GROUPS = (
    form_texts,
    form_mails,
    form_choices,
    form_types,
    form_files,
    form_taken,
    random_forms,
    link_page,
    page_tokens,
    page_messages,
    page_steps,
    page_numbers,
    account_form,
    ticket_form,
    csrf_cases,
    method_cases,
    body_cases,
    query_cases,
)


def cases(who=None):
    """Every case, or those of one session: ``visitor`` or ``customer``."""
    for group in GROUPS:
        for case in group():
            if who in (None, case.who):
                yield case


def address(path):
    """A path as bytes for the first line of a request."""
    return quote(path, safe="/%?&=:@!$'()*+,;~[]{}<>").encode()
