from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..engine import likeness
from .complaint_html import plain

# Letters of HTML that are looked at, and of plain text that are compared.
READ, COMPARED = 20_000, 240
FINGERED = 1_500
# Of each way of finding candidates the newest: that bounds the cost.
NEWEST = 40
# What each thing in common counts for. A person or a contract is enough to be shown,
# a product or a reason never is.
PERSON, CONTRACT, PRODUCT, REASON, CAUSE, NEAR = 0.5, 0.45, 0.1, 0.1, 0.1, 0.05
TEXT, LEAST_TEXT = 0.6, 0.35
SHOWN, IN_SERIES = 0.4, 0.3
NEAR_DAYS = 7
COMPARED_FIELDS = (
    "complaint_search_text",
    "commercial_partner_id",
    "complaint_email_key",
    "complaint_phone_key",
    "complaint_subject_key",
    "complaint_product_id",
    "category_id",
    "complaint_cause_id",
    "complaint_received_at",
    "duplicate_id",
    "complaint_unlike_ids",
)
# What is looked at of a complaint, in one query.
OWN_FIELDS = (*COMPARED_FIELDS[:-1], "complaint_fingerprints", "company_id")


class HelpdeskTicket(models.Model):
    """1. Complaints that may be the same, or have the same cause, as another.

    They are proposed, with what they have in common. Nothing is merged, closed or put
    into a series by itself.

    Cost: candidates are the newest of those that an index finds (same person, same
    contract, same product, same reason, nearly the same words), at most a few hundred
    of them; only these are compared letter by letter (pg_trgm). An index on trigrams
    would do for titles alone: most trigrams of a text are in most other texts, so that
    its cost grows with their number.
    """

    _inherit = "helpdesk.ticket"

    # Asked for by every form; helpdesk_mgmt has no index on it.
    duplicate_id = fields.Many2one(index="btree_not_null")
    complaint_email_key = fields.Char(
        compute="_compute_complaint_person_keys",
        store=True,
        copy=False,
        prefetch=False,
        groups="base.group_system",
    )
    complaint_phone_key = fields.Char(
        compute="_compute_complaint_person_keys",
        store=True,
        copy=False,
        prefetch=False,
        groups="base.group_system",
    )
    complaint_subject_key = fields.Char(
        compute="_compute_complaint_text_keys",
        store=True,
        copy=False,
        prefetch=False,
        groups="base.group_system",
    )
    complaint_search_text = fields.Text(
        compute="_compute_complaint_text_keys",
        store=True,
        copy=False,
        prefetch=False,
        groups="base.group_system",
        help="Title and text without accents and signs, shortened: what is compared.",
    )
    complaint_fingerprints = fields.Char(
        compute="_compute_complaint_text_keys",
        store=True,
        copy=False,
        prefetch=False,
        groups="base.group_system",
        help="Texts that have most words in common share one of these.",
    )
    complaint_unlike_ids = fields.Many2many(
        "helpdesk.ticket",
        "complaint_unlike_rel",
        "ticket_id",
        "other_id",
        "Not similar",
        copy=False,
        groups="base.group_system",
        help="Somebody looked and found that these have nothing to do with it.",
    )
    complaint_unlike_series_ids = fields.Many2many(
        "complaint.series",
        "complaint_unlike_series_rel",
        "ticket_id",
        "series_id",
        "Not of the series",
        copy=False,
        groups="base.group_system",
    )

    _complaint_person_idx = models.Index(
        "(commercial_partner_id, complaint_received_at) "
        "WHERE complaint_state IS NOT NULL AND commercial_partner_id IS NOT NULL"
    )
    _complaint_email_idx = models.Index(
        "(complaint_email_key, complaint_received_at) "
        "WHERE complaint_email_key IS NOT NULL"
    )
    _complaint_phone_idx = models.Index(
        "(complaint_phone_key, complaint_received_at) "
        "WHERE complaint_phone_key IS NOT NULL"
    )
    _complaint_subject_idx = models.Index(
        "(complaint_subject_key, company_id, complaint_received_at) "
        "WHERE complaint_subject_key IS NOT NULL"
    )
    _complaint_product_idx = models.Index(
        "(complaint_product_id, company_id, complaint_received_at) "
        "WHERE complaint_product_id IS NOT NULL AND complaint_state IS NOT NULL"
    )
    _complaint_reason_idx = models.Index(
        "(category_id, company_id, complaint_received_at) "
        "WHERE category_id IS NOT NULL AND complaint_state IS NOT NULL"
    )
    _complaint_fingerprints_idx = models.Index(
        # what waits to be put into the index would be looked through each time
        "USING gin (string_to_array(complaint_fingerprints, ' ')) "
        "WITH (fastupdate = off) "
        "WHERE complaint_fingerprints IS NOT NULL"
    )

    # ------------------------------------------------------------------
    # What is kept to find them
    # ------------------------------------------------------------------

    @api.depends("complaint_state", "partner_email", "complaint_phone", "partner_id")
    def _compute_complaint_person_keys(self):
        """By which a person is known again, whoever typed it; nothing once erased."""
        for ticket in self:
            email = phone = False
            if ticket.complaint_state not in (False, "erased"):
                partner = ticket.partner_id
                email = (ticket.partner_email or partner.email or "").strip().casefold()
                phone = likeness.phone_key(
                    ticket.complaint_phone or partner.phone or ""
                )
            ticket.complaint_email_key = email or False
            ticket.complaint_phone_key = phone or False

    @api.depends("complaint_state", "name", "description", "complaint_subject_ref")
    def _compute_complaint_text_keys(self):
        for ticket in self:
            subject = words = False
            if ticket.complaint_state not in (False, "erased"):
                subject = likeness.number_key(ticket.complaint_subject_ref or "")
                text = plain(str(ticket.description or "")[:READ])
                words = likeness.normal(f"{ticket.name} {text}", FINGERED)
            ticket.complaint_subject_key = subject or False
            ticket.complaint_search_text = words and words[:COMPARED] or False
            ticket.complaint_fingerprints = (
                " ".join(likeness.fingerprints(words or "")) or False
            )

    # ------------------------------------------------------------------
    # Finding them
    # ------------------------------------------------------------------

    def _complaint_similar(self, limit=8, likely=None):
        """The complaints that may be the same as this one, the likeliest first.

        Only those that the user may read: others change neither the list nor a score.

        :param likely: what ``_complaint_likely`` gave, where it was asked already
        :return: list of ``(ticket, reasons, score)``; reasons are codes (``person``,
            ``contract``, ``product``, ``reason``, ``cause``, ``text``), the score is
            between 0 and 1
        """
        self.ensure_one()
        if likely is None:
            likely = self._complaint_likely()
        return [row for row in likely if row[2] >= SHOWN][:limit]

    def _complaint_similar_series(self, limit=3, likely=None):
        """The open series that this complaint may belong to.

        Those with members that resemble it, and those of the cause that was found.

        :param likely: what ``_complaint_likely`` gave, where it was asked already
        :return: list of ``(series, reasons, score)``
        """
        self.ensure_one()
        model = self.env["complaint.series"]
        ticket = self.sudo()  # sudo: helpdesk.ticket - closed fields of this one
        if ticket.complaint_series_id or not model.has_access("read"):
            return []
        if likely is None:
            likely = self._complaint_likely()
        found = {}
        if ticket.complaint_cause_id:
            for series in model.search(
                [
                    ("cause_id", "=", ticket.complaint_cause_id.id),
                    ("company_id", "=", ticket.company_id.id),
                ],
                limit=NEWEST,
            ):
                found[series] = ({"cause": True}, SHOWN)
        for other, reasons, score in likely:
            series = other.complaint_series_id
            # One person's complaints are no series.
            if not series.active or score < IN_SERIES or "person" in reasons:
                continue
            known, best = found.get(series, ({}, 0))
            found[series] = (known | dict.fromkeys(reasons, True), max(best, score))
        hidden = ticket.complaint_unlike_series_ids
        rows = [
            (series, list(reasons), score)
            for series, (reasons, score) in found.items()
            if series not in hidden and series.company_id == ticket.company_id
        ]
        rows.sort(key=lambda row: (row[2], row[0].id), reverse=True)
        return rows[:limit]

    def _complaint_likely(self):
        """The candidates with what they have in common, the likeliest first."""
        # sudo: helpdesk.ticket - closed fields of this one
        me = self.sudo()
        if self._origin:
            me.fetch(OWN_FIELDS)
        queries = self._complaint_candidates()
        if not queries:
            return []
        text = me.complaint_search_text or ""
        self.flush_model(COMPARED_FIELDS)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT ticket.id, %s, ticket.commercial_partner_id,
                       ticket.complaint_email_key, ticket.complaint_phone_key,
                       ticket.complaint_subject_key, ticket.complaint_product_id,
                       ticket.category_id, ticket.complaint_cause_id,
                       ticket.duplicate_id, ticket.complaint_received_at
                  FROM helpdesk_ticket AS ticket
                  JOIN (%s) AS candidate ON candidate.id = ticket.id
                 WHERE ticket.id != %s
                   AND NOT EXISTS (SELECT 1 FROM complaint_unlike_rel
                                    WHERE ticket_id = %s AND other_id = ticket.id)
                """,
                self._complaint_likeness_sql(text),
                SQL(" UNION ").join(SQL("(%s)", query) for query in queries),
                self._origin.id or 0,
                self._origin.id or 0,
            )
        )
        pair = {self._origin.id, me.duplicate_id.id} - {False}
        scored = []
        for row in rows:
            if row[0] in pair or row[-2] in pair:
                continue  # found to be the same
            reasons, score = me._complaint_score(row)
            scored.append((score, row[-1], row[0], reasons))
        scored.sort(key=lambda row: row[:3], reverse=True)
        tickets = self.browse(row[2] for row in scored)
        return [
            (ticket, row[3], row[0])
            for ticket, row in zip(tickets, scored, strict=True)
        ]

    @api.model
    def _complaint_likeness_sql(self, text):
        if not (text and self.env.registry.has_trigram):
            return SQL("0.0")
        return SQL("similarity(COALESCE(ticket.complaint_search_text, ''), %s)", text)

    def _complaint_score(self, row):
        """What a candidate has in common with this complaint, and how much it is."""
        text, partner, email, phone, subject, product, reason, cause, _twin, at = row[
            1:
        ]
        is_person = (
            (partner and partner == self.commercial_partner_id.id)
            or (email and email == self.complaint_email_key)
            or (phone and phone == self.complaint_phone_key)
        )
        in_common = {
            "person": PERSON * bool(is_person),
            "contract": CONTRACT
            * bool(subject and subject == self.complaint_subject_key),
            "text": TEXT * text if text >= LEAST_TEXT else 0,
            "product": PRODUCT
            * bool(product and product == self.complaint_product_id.id),
            "reason": REASON * bool(reason and reason == self.category_id.id),
            "cause": CAUSE * bool(cause and cause == self.complaint_cause_id.id),
        }
        score = sum(in_common.values())
        received = self.complaint_received_at or fields.Datetime.now()
        if score and abs((received - at).days) <= NEAR_DAYS:
            score += NEAR
        return [name for name, part in in_common.items() if part], min(
            round(score, 2), 1.0
        )

    def _complaint_candidates(self):
        """The queries of the candidates that the user may read, each bounded.

        :return: list of ``SQL``; empty where suggestions are switched off
        """
        # sudo: helpdesk.ticket - closed fields of this one
        me = self.sudo()
        months = me.company_id.complaint_similar_months
        if not months:
            return []
        received = me.complaint_received_at or fields.Datetime.now()
        span = relativedelta(months=months)
        base = (
            Domain("company_id", "=", me.company_id.id)
            & Domain("complaint_state", "not in", (False, "erased"))
            & Domain("complaint_received_at", ">=", received - span)
            & Domain("complaint_received_at", "<=", received + span)
        )
        ways = [
            ("commercial_partner_id", me.commercial_partner_id.id),
            ("complaint_email_key", me.complaint_email_key),
            ("complaint_phone_key", me.complaint_phone_key),
            ("complaint_subject_key", me.complaint_subject_key),
            ("complaint_product_id", me.complaint_product_id.id),
            ("category_id", me.category_id.id),
        ]
        conditions = [
            SQL("%s = %s", SQL.identifier(self._table, name), value)
            for name, value in ways
            if value
        ]
        alike = me._complaint_alike_ids()
        if alike:
            conditions.append(
                SQL("%s IN %s", SQL.identifier(self._table, "id"), tuple(alike))
            )
        # The rules of the user once, for all: keys that are closed to him come on top.
        query = self.with_context(active_test=False)._search(base)
        return [
            SQL(
                "SELECT %s FROM %s WHERE %s AND %s ORDER BY %s DESC LIMIT %s",
                SQL.identifier(self._table, "id"),
                query.from_clause,
                query.where_clause,
                condition,
                SQL.identifier(self._table, "complaint_received_at"),
                NEWEST,
            )
            for condition in conditions
        ]

    def _complaint_alike_ids(self):
        """The complaints with nearly the same words, whoever may read them."""
        marks = (self.complaint_fingerprints or "").split()
        if not marks:
            return []
        self.flush_model(["complaint_fingerprints"])
        rows = self.env.execute_query(
            SQL(
                # Read as a whole before it is sorted: else the newest are looked
                # through one by one until enough of them are alike.
                """
                WITH alike AS MATERIALIZED (
                    SELECT id, complaint_received_at
                      FROM helpdesk_ticket
                     WHERE complaint_fingerprints IS NOT NULL
                       AND string_to_array(complaint_fingerprints, ' ') && %s::text[]
                )
                SELECT id FROM alike ORDER BY complaint_received_at DESC LIMIT %s
                """,
                marks,
                NEWEST * 5,
            )
        )
        return [row[0] for row in rows]
