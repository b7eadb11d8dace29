"""Bad input in the fields of the form of a complaint."""

import random

from .files import BAD_FILES
from .filled import (
    LIMITS,
    MAIL_FIELDS,
    OTHER_FIELDS,
    PLACES,
    SHOWN,
    TEXT_FIELDS,
    VISITOR,
    refused,
    taken,
    typed,
)
from .sending import BAD, sent, turn
from .texts import CHANGED, LINES, NOT_TEXT, PLAIN, one_line, sent_texts

SEED = 19


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
    yield taken(
        "leap day", {"date": "2024-02-29"}, {"complaint_fact_date": "2024-02-29"}
    )


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
DATES += (
    "2026-01-01; DROP TABLE x",
    "<script>",
    "2026-01-01 25:00:00",
    "１２３４-０１-０１",
)
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
        yield sent(
            f"by chance {number}", "/complaint", fields, files, errors=(missing,)
        )
