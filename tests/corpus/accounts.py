"""The form of an account, and that of ordinary tickets."""

from .files import BAD_FILES
from .filled import ACCOUNT, refused, taken
from .forms import CHOICES
from .sending import REFUSED, TAKEN, sent, turn
from .texts import NOT_TEXT, sent_texts


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
