"""Read the form of a complaint: what a stranger typed becomes values, or messages."""

import re
import unicodedata
from datetime import date

from odoo import fields
from odoo.http import request
from odoo.tools import email_normalize

from ..engine.workdays import FIRST_DAY

MAX_TITLE = 200
MAX_TEXT = 20_000
MAX_ADDRESS = 500
# The longest text of each field; what is not named here is not read.
LENGTHS = {
    "title": MAX_TITLE,
    "description": MAX_TEXT,
    "request": MAX_TEXT,
    "about": MAX_TITLE,
    "reason": 20,
    "date": 20,
    "name": MAX_TITLE,
    "email": MAX_TITLE,
    "phone": 50,
    "address": MAX_ADDRESS,
    "reply_by": 20,
    "represented": MAX_TITLE,
    "represented_email": MAX_TITLE,
    "consent": 5,
}
# As they stand on the page; what is not named here stands first.
ORDER = (
    "title description request about reason date files name email reply_by phone "
    "address represented represented_email consent"
).split()
REPLY_WAYS = ("email", "post", "phone")
# A person leaves it alone: it is out of sight, and says so to who cannot see.
TRAP = "fax_confirmation"
KEY = re.compile(r"[A-Za-z0-9_-]{22,64}")
DATE = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
ADDRESS = rf"[\w.!#$%&'*+/=?^`{{|}}~-]{{1,64}}@{LABEL}(?:\.{LABEL})+"
# An address alone, or with a name before it.
MAILBOX = re.compile(rf"(?:[^<>@,;\n]*<({ADDRESS})>|({ADDRESS}))", re.ASCII)


def clean_text(value):
    """A text as a database may keep it: no file, no control characters, one form.

    :param value: whatever a form or an address brought
    :return: str, without blanks around it
    """
    if not isinstance(value, str):
        return ""
    value = value.encode("utf-8", "replace").decode()
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    value = "".join(
        char
        for char in value
        if char in "\n\t"
        or not (unicodedata.category(char) in ("Cc", "Cs") or _is_noncharacter(char))
    )
    return unicodedata.normalize("NFC", value).strip()


def _is_noncharacter(char):
    """Whether it is one of those that never mean anything, and XML refuses."""
    return 0xFDD0 <= ord(char) <= 0xFDEF or ord(char) & 0xFFFE == 0xFFFE


def read_address(text):
    """The one e-mail address that a text is, normalised, or None."""
    match = MAILBOX.fullmatch(text)
    return match and (email_normalize(match[1] or match[2]) or None)


class ComplaintForm:
    """One form that was sent, or the empty one.

    :param dict post: as it came
    :param reasons: the ``helpdesk.ticket.category`` records that may be chosen
    :param bool is_visitor: whether who sends it must say who he is
    :param consent: the text to agree to, or empty
    """

    def __init__(self, post, reasons, is_visitor, consent=""):
        self.text = {name: clean_text(post.get(name)) for name in LENGTHS}
        self.key = clean_text(post.get("form_key"))
        self.is_trapped = bool(clean_text(post.get(TRAP)))
        self.reasons = reasons
        self.is_visitor = is_visitor
        self.consent = consent
        self.errors = {}

    def read(self):
        """What a complainant may give, and nothing else.

        :return: the values for ``_complaint_submit``; messages by field in error are
            in ``errors``
        """
        env, text = request.env, self.text
        self._require("title", env._("Please give your complaint a short title."))
        self._require("description", env._("Please tell us what happened."))
        values = {
            "name": " ".join(text["title"].split()),
            "description": text["description"],
            "complaint_request": text["request"],
            "complaint_subject_ref": text["about"],
            "complaint_fact_date": self._read_date(),
            "category_id": self._read_reason(),
        }
        values.update(self._read_represented())
        if self.is_visitor:
            values.update(self._read_visitor(values))
        self._read_consent(values)
        for name, limit in LENGTHS.items():
            if len(text[name]) > limit:
                self.errors[name] = env._(
                    "This is too long: please keep it under %(limit)s characters, or "
                    "attach the text as a file.",
                    limit=limit,
                )
        return values

    def _require(self, name, message):
        if not self.text[name]:
            self.errors[name] = message

    def _read_represented(self):
        """For whom somebody else writes; empty when he writes for himself."""
        text = self.text
        if not (text["represented"] or text["represented_email"]):
            return {}
        self._require(
            "represented", request.env._("Please tell us for whom you complain.")
        )
        return {
            "is_represented": True,
            "partner_name": " ".join(text["represented"].split()),
            "partner_email": self._read_email("represented_email"),
        }

    def _read_visitor(self, values):
        """Who sends it, and how he wishes to be answered."""
        env, text = request.env, self.text
        self._require("name", env._("Please tell us your name."))
        way = text["reply_by"]
        if way and way not in REPLY_WAYS:
            self.errors["reply_by"] = env._("Please choose one of these ways.")
        if way == "post":
            self._require("address", env._("Please tell us where to write to you."))
        if way == "phone":
            self._require("phone", env._("Please tell us your telephone number."))
        name = " ".join(text["name"].split())
        email = self._read_email("email", needed=way not in ("post", "phone"))
        prefix = "partner"
        if values.get("is_represented"):
            prefix = "complaint_representative"
        return {
            f"{prefix}_name": name,
            f"{prefix}_email": email,
            "complaint_reply_by": way or "email",
            "complaint_phone": " ".join(text["phone"].split()),
            "complaint_postal_address": text["address"],
        }

    def _read_email(self, name, needed=False):
        text = self.text[name]
        if not text:
            if needed:
                self.errors[name] = request.env._(
                    "Please give us your e-mail address, so that we can answer you, "
                    "or choose another way below."
                )
            return False
        email = read_address(text)
        if not email:
            self.errors[name] = request.env._(
                "This is no e-mail address. Please write it as name@example.com."
            )
            return False
        return email

    def _read_consent(self, values):
        if not self.consent:
            return
        if self.text["consent"] != "1":
            self.errors["consent"] = request.env._(
                "We need your agreement to handle your complaint. Please tick the box, "
                "or send it to us by another way."
            )
        values["complaint_consent"] = self.consent

    def _read_date(self):
        text = self.text["date"]
        if not text:
            return False
        match = DATE.fullmatch(text)
        try:
            day = date(*map(int, match.groups())) if match else FIRST_DAY
        except ValueError:
            day = FIRST_DAY
        if day.year <= FIRST_DAY.year:
            self.errors["date"] = request.env._(
                "We cannot read this date. Please enter it as year-month-day."
            )
            return False
        if day > fields.Date.context_today(request.env["helpdesk.ticket"]):
            self.errors["date"] = request.env._("This date is in the future.")
        return day

    def _read_reason(self):
        text = self.text["reason"]
        if not text or not self.reasons:
            return False
        if text not in map(str, self.reasons.ids):
            self.errors["reason"] = request.env._(
                "Please choose a reason from the list."
            )
            return False
        return int(text)

    def errors_in_order(self):
        """The messages by field, as one meets the fields on the page."""
        ranks = {name: rank for rank, name in enumerate(ORDER)}
        names = sorted(self.errors, key=lambda name: ranks.get(name, -1))
        return {name: self.errors[name] for name in names}

    def has_key(self):
        """Whether it carries a key of ours: then sent twice, it is one complaint."""
        return bool(KEY.fullmatch(self.key))
