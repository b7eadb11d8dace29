"""The form of a complaint, filled in: one that comes back, one that is taken."""

from .sending import TAKEN, sent
from .texts import one_line

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
