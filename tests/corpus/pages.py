"""The pages of one complaint, by link and by account, and of a new link."""

import random

from .forms import CHOICES, EMAILS, SEED
from .sending import NOT_HERE, PAGE, TAKEN, Case, sent, turn
from .texts import NOT_TEXT, sent_texts

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
