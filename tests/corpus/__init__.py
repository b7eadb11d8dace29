"""A corpus of bad input: what robots, broken browsers and hostile people send.

Plain data without Odoo: :func:`cases` gives, always in the same order, what is sent and
what may come of it. Words between ``@`` are filled in when a case is sent: numbers,
tokens and the session's CSRF token exist only then.
"""

from .accounts import account_form, ticket_form
from .files import form_files
from .forms import (
    form_choices,
    form_mails,
    form_taken,
    form_texts,
    form_types,
    random_forms,
)
from .pages import link_page, page_messages, page_numbers, page_steps, page_tokens
from .protocol import body_cases, csrf_cases, method_cases, query_cases

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
