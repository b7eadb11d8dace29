from odoo.exceptions import AccessError, UserError
from odoo.tests import Form

from .common import ComplaintCase, tagged

LETTER = (
    "The bank charged me a fee of forty five euros on the last day of September "
    "without telling anybody beforehand, although article seven of the contract "
    "promises notice two months ahead. Please refund everything and explain."
)
OTHER = (
    "Your driver broke the glass door of our building yesterday morning and left "
    "without a word; the neighbours saw his van and noted its number."
)


class SimilarCase(ComplaintCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reason = cls.env["helpdesk.ticket.category"].create(
            {"name": "Fees and prices", "company_id": cls.company.id}
        )
        cls.product = cls.env["complaint.product"].create(
            {"name": "Current account", "company_id": cls.company.id}
        )
        cls.series = cls.env["complaint.series"].create(
            {"name": "Fees of September", "company_id": cls.company.id}
        )

    @classmethod
    def complaint(cls, text=OTHER, received="2026-10-09 08:00:00", **vals):
        """A complaint of somebody whom nobody knows."""
        ticket = cls._new_complaint(
            received=received,
            **{
                "name": "Complaint",
                "description": f"<p>{text}</p>",
                "partner_id": False,
                "partner_name": "Somebody",
                "partner_email": False,
                **vals,
            },
        )
        return ticket

    def similar(self, ticket, user=None, **kwargs):
        ticket = self.as_user(user or self.handler, ticket)
        return ticket._complaint_similar(**kwargs)

    def found(self, ticket, user=None):
        return [row[0].sudo() for row in self.similar(ticket, user)]


@tagged("post_install", "-at_install")
class TestSimilar(SimilarCase):
    """What may be the same is proposed to who may see it; a person decides."""

    # ------------------------------------------------------------------
    # What is found
    # ------------------------------------------------------------------

    def test_what_two_complaints_have_in_common(self):
        zoe = self.customer.partner_id
        firm = self.env["res.partner"].create({"name": "Firm", "is_company": True})
        pair = self.env["res.partner"].create(
            [{"name": "A", "parent_id": firm.id}, {"name": "B", "parent_id": firm.id}]
        )
        for one, other, reasons in (
            ({"partner_id": zoe.id}, {"partner_id": zoe.id}, ["person"]),
            ({"partner_id": pair[0].id}, {"partner_id": pair[1].id}, ["person"]),
            (
                {"partner_email": "Ada@Example.org "},
                {"partner_email": "ada@example.org"},
                ["person"],
            ),
            (
                {"complaint_phone": "+33 4 76 00 00 01"},
                {"complaint_phone": "04.76.00.00.01"},
                ["person"],
            ),
            (
                {"complaint_subject_ref": "Contrat n° 47-11"},
                {"complaint_subject_ref": "contract 4711"},
                ["contract"],
            ),
            ({"text": LETTER}, {"text": LETTER.upper()}, ["text"]),
            (
                {"text": LETTER, "complaint_product_id": self.product.id},
                {
                    "text": LETTER.replace("forty five euros", "fifty euros"),
                    "complaint_product_id": self.product.id,
                },
                ["text", "product"],
            ),
            (
                {"text": LETTER, "category_id": self.reason.id},
                {"text": LETTER[:180], "category_id": self.reason.id},
                ["text", "reason"],
            ),
            # These alone are no reason to think so.
            ({"category_id": self.reason.id}, {"category_id": self.reason.id}, None),
            (
                {"complaint_product_id": self.product.id},
                {"complaint_product_id": self.product.id},
                None,
            ),
            ({"partner_name": "Ada"}, {"partner_name": "Ada"}, None),
            ({"complaint_subject_ref": "A"}, {"complaint_subject_ref": "B"}, None),
        ):
            with self.subTest(one), self.env.cr.savepoint() as savepoint:
                texts = {"text": "It rains in here every day and nobody comes."}
                mine = self.complaint(**{**texts, **one})
                theirs = self.complaint(**other)
                rows = self.similar(mine)
                if reasons is None:
                    self.assertFalse(rows)
                else:
                    [(ticket, codes, score)] = rows
                    self.assertEqual(ticket.sudo(), theirs)
                    self.assertEqual(codes, reasons)
                    self.assertTrue(0.4 <= score <= 1, score)
                savepoint.rollback()

    def test_the_likeliest_comes_first_and_no_more_than_asked(self):
        mine = self.complaint(
            LETTER, partner_email="ada@example.org", complaint_subject_ref="4711"
        )
        email = self.complaint(partner_email="ada@example.org")
        both = self.complaint(
            LETTER, partner_email="ada@example.org", complaint_subject_ref="4711"
        )
        words = self.complaint(LETTER)
        self.assertEqual(self.found(mine), [both, words, email])
        self.assertEqual(len(self.similar(mine, limit=2)), 2)

    def test_only_the_period_that_the_company_looks_at(self):
        mine = self.complaint(partner_email="a@b.example", received="2026-10-09 08:00")
        near = self.complaint(partner_email="a@b.example", received="2025-11-09 08:00")
        self.complaint(partner_email="a@b.example", received="2025-09-09 08:00")
        self.assertEqual(self.found(mine), [near])
        self.company.complaint_similar_months = 24
        self.assertEqual(len(self.found(mine)), 2)
        self.company.complaint_similar_months = 0
        self.assertFalse(self.found(mine))

    def test_ordinary_tickets_and_erased_files_are_not_proposed(self):
        mine = self.complaint(LETTER, partner_email="ada@example.org")
        plain = self._new_ticket(
            partner_id=False,
            partner_email="ada@example.org",
            description=f"<p>{LETTER}</p>",
        )
        self.assertFalse(self.found(mine))
        self.assertFalse(plain.complaint_search_text or plain.complaint_email_key)
        plain.complaint_report(received_at="2026-10-09 08:00:00")
        self.assertEqual(self.found(mine), [plain])
        plain.sudo().complaint_state = "erased"
        self.assertFalse(self.found(mine))
        for name in (
            "complaint_search_text",
            "complaint_email_key",
            "complaint_phone_key",
            "complaint_fingerprints",
        ):
            self.assertFalse(plain[name], name)

    def test_archived_complaints_are_proposed_still(self):
        mine = self.complaint(partner_email="ada@example.org")
        old = self.complaint(partner_email="ada@example.org")
        old.sudo().active = False
        self.assertEqual(self.found(mine), [old])

    def test_a_corrected_text_is_compared_as_it_is_now(self):
        mine, other = self.complaint(LETTER), self.complaint(OTHER)
        self.assertFalse(self.found(mine))
        other.description = f"<p>{LETTER}</p>"
        self.assertEqual(self.found(mine), [other])

    def test_nothing_in_a_text_stops_the_search(self):
        for text in ("", "😀" * 400, "<b>" * 300, "%_\\'\"" * 50, "中文" * 300):
            ticket = self.complaint(
                text or "x", name="%s%%(x)s", complaint_subject_ref="%"
            )
            self.similar(ticket)

    # ------------------------------------------------------------------
    # Who sees them
    # ------------------------------------------------------------------

    def test_what_one_may_not_see_is_not_proposed(self):
        values = {"partner_email": "ada@example.org", "complaint_subject_ref": "4711"}
        mine = self.complaint(LETTER, **values)
        secret = self.complaint(
            LETTER, user_id=self.officer.id, complaint_is_confidential=True, **values
        )
        about = self.complaint(LETTER, **values)
        about.complaint_concerned_user_ids = self.handler
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.complaint(LETTER, company_id=other.id, team_id=False, **values)
        seen = {
            self.handler: set(),
            self.leader: {about},
            self.officer: {about, secret},
            self.auditor: {about, secret},
            self.agent: {about},
        }
        for user, expected in seen.items():
            with self.subTest(user.login):
                self.env.invalidate_all()
                self.assertEqual(set(self.found(mine, user)), expected)
                told = self.as_user(user, mine).complaint_similar_suggestions()
                self.assertEqual(
                    {row["id"] for row in told["tickets"]},
                    {ticket.id for ticket in expected},
                )

    def test_what_one_may_not_see_changes_no_score_and_no_place(self):
        """However many there are: they take nobody's place among the newest."""
        mine = self.complaint(LETTER, partner_email="ada@example.org")
        seen = self.complaint(
            LETTER, partner_email="ada@example.org", received="2026-09-01 08:00:00"
        )
        before = self.similar(mine)
        for _index in range(45):
            self.complaint(
                LETTER,
                partner_email="ada@example.org",
                user_id=self.officer.id,
                complaint_is_confidential=True,
            )
        self.env.invalidate_all()
        self.assertEqual(self.similar(mine), before)
        self.assertEqual(self.found(mine), [seen])

    def test_customers_and_strangers_are_told_nothing(self):
        ticket = self.complaint(partner_id=self.customer.partner_id.id)
        self.complaint(partner_id=self.customer.partner_id.id)
        for user in (self.customer, self.stranger):
            with self.assertRaises(AccessError):
                self.as_user(user, ticket).complaint_similar_suggestions()
            for name in ("complaint_search_text", "complaint_email_key"):
                with self.assertRaises(AccessError):
                    self.as_user(user, ticket).read([name])

    def test_keys_are_closed_to_colleagues(self):
        ticket = self.complaint(partner_email="ada@example.org")
        model = self.as_user(self.agent, self.env["helpdesk.ticket"])
        for name in ("complaint_search_text", "complaint_email_key"):
            with self.assertRaises(AccessError):
                self.as_user(self.agent, ticket).read([name])
            with self.assertRaises(AccessError):
                model.search([(name, "ilike", "ada")])

    # ------------------------------------------------------------------
    # What is said of them
    # ------------------------------------------------------------------

    def test_the_same_complaint_is_linked_and_nothing_else(self):
        mine = self.complaint(partner_email="ada@example.org")
        other = self.complaint(partner_email="ada@example.org")
        state = (other.complaint_state, mine.complaint_state, mine.stage_id)
        self.as_user(self.handler, mine).complaint_same_as(other.id)
        self.assertEqual(mine.duplicate_id, other)
        self.assertEqual(
            (other.complaint_state, mine.complaint_state, mine.stage_id), state
        )
        self.assertTrue(mine.active and other.active)
        for ticket, peer in ((mine, other), (other, mine)):
            event = ticket.complaint_event_ids.sorted("sequence")[-1]
            self.assertEqual(event.event, "same")
            self.assertEqual(event._data(), {"other": peer.id})
            self.assertFalse(ticket.complaint_verify_history())
            self.assertFalse(self.found(ticket))
        told = self.as_user(self.handler, mine).complaint_similar_suggestions()
        self.assertEqual([row["id"] for row in told["same_as"]], other.ids)
        self.as_user(self.handler, mine).complaint_not_same()
        self.assertFalse(mine.duplicate_id)
        self.assertEqual(self.found(mine), [other])

    def test_of_a_chain_the_first_is_meant(self):
        first, second, third = (self.complaint(LETTER) for _index in range(3))
        self.as_user(self.handler, second).complaint_same_as(first.id)
        self.as_user(self.handler, third).complaint_same_as(second.id)
        self.assertEqual(third.duplicate_id, first)
        for ticket, other in ((first, first), (first, second)):
            with self.assertRaisesRegex(UserError, "the same as itself"):
                self.as_user(self.handler, ticket).complaint_same_as(other.id)

    def test_what_is_not_similar_is_not_proposed_again(self):
        mine = self.complaint(partner_email="ada@example.org")
        other = self.complaint(partner_email="ada@example.org")
        self.as_user(self.handler, mine).complaint_not_similar(other.id)
        self.assertFalse(self.found(mine) or self.found(other))

    def test_a_link_tells_nobody_of_what_he_may_not_see(self):
        mine = self.complaint()
        secret = self.complaint(complaint_is_confidential=True)
        for ticket, other in ((mine, secret), (secret, mine)):
            with self.assertRaisesRegex(UserError, "not seen by the same people"):
                self.as_user(self.officer, ticket).complaint_same_as(other.id)
        for method in ("complaint_same_as", "complaint_not_similar"):
            for forged in (secret.id, 10**8, "1", False, self._new_ticket().id):
                with self.assertRaisesRegex(AccessError, "no complaint"):
                    getattr(self.as_user(self.agent, mine), method)(forged)

    def test_who_judges(self):
        mine, other = self.complaint(), self.complaint()
        self.as_user(self.agent, mine).complaint_not_similar(other.id)
        for user in (self.customer, self.auditor):
            for method in ("complaint_same_as", "complaint_not_similar"):
                with self.assertRaises(AccessError):
                    getattr(self.as_user(user, mine), method)(other.id)
            with self.assertRaises(AccessError):
                self.as_user(user, mine).complaint_not_same()
        mine.complaint_qualify(True, "A fee is contested.", self.acpr.ids)
        with self.assertRaisesRegex(AccessError, "belongs to the role"):
            self.as_user(self.agent, mine).complaint_same_as(other.id)
        ordinary = self.as_user(self.handler, self._new_ticket())
        with self.assertRaisesRegex(UserError, "is no complaint"):
            ordinary.complaint_same_as(other.id)

    # ------------------------------------------------------------------
    # Series
    # ------------------------------------------------------------------

    def proposed(self, ticket, user=None):
        ticket = self.as_user(user or self.handler, ticket)
        return [row[0].sudo() for row in ticket._complaint_similar_series()]

    def test_a_series_whose_members_are_alike_is_proposed(self):
        mine = self.complaint(LETTER, complaint_product_id=self.product.id)
        for _index in range(3):
            self.complaint(
                LETTER,
                complaint_product_id=self.product.id,
                complaint_series_id=self.series.id,
            )
        self.assertEqual(self.proposed(mine), [self.series])
        told = self.as_user(self.handler, mine).complaint_similar_suggestions()
        self.assertEqual(told["series"][0]["count"], 3)
        self.as_user(self.handler, mine).complaint_join_series(self.series.id)
        self.assertEqual(mine.complaint_series_id, self.series)
        self.assertIn("change", mine.complaint_event_ids.mapped("event"))
        self.assertFalse(self.proposed(mine))

    def test_a_series_of_the_cause_that_was_found_is_proposed(self):
        self.series.cause_id = self.cause
        mine = self.complaint()
        self.assertFalse(self.proposed(mine))
        mine.complaint_cause_id = self.cause
        self.assertEqual(self.proposed(mine), [self.series])

    def test_one_persons_complaints_are_no_series(self):
        mine = self.complaint(LETTER, partner_email="ada@example.org")
        self.complaint(
            LETTER,
            partner_email="ada@example.org",
            complaint_series_id=self.series.id,
        )
        self.assertFalse(self.proposed(mine))

    def test_series_that_are_closed_refused_or_unreadable_are_not_proposed(self):
        mine = self.complaint(LETTER)
        self.complaint(LETTER, complaint_series_id=self.series.id)
        self.assertEqual(self.proposed(mine), [self.series])
        self.assertFalse(self.proposed(mine, self.agent))
        self.as_user(self.handler, mine).complaint_not_in_series(self.series.id)
        self.assertFalse(self.proposed(mine))
        mine.sudo().complaint_unlike_series_ids = False
        self.series.active = False
        self.assertFalse(self.proposed(mine))
        with self.assertRaisesRegex(UserError, "is closed, or of another company"):
            self.as_user(self.handler, mine).complaint_join_series(self.series.id)
        for method in ("complaint_join_series", "complaint_not_in_series"):
            with self.assertRaisesRegex(AccessError, "no series"):
                getattr(self.as_user(self.handler, mine), method)(10**8)
            for user in (self.agent, self.auditor, self.customer):
                with self.assertRaises(AccessError):
                    getattr(self.as_user(user, mine), method)(self.series.id)

    # ------------------------------------------------------------------
    # Screens and cost
    # ------------------------------------------------------------------

    def test_the_form_of_a_new_complaint_proposes_while_it_is_typed(self):
        known = self.complaint(LETTER, partner_email="ada@example.org")
        secret = self.complaint(
            LETTER, user_id=self.officer.id, complaint_is_confidential=True
        )
        model = self.as_user(self.agent, self.env["complaint.entry"])
        form = Form(model)
        self.assertFalse(form.similar["tickets"])
        form.complaint_received_at = "2026-10-09 08:00:00"
        form.description = LETTER
        [row] = form.similar["tickets"]
        self.assertEqual((row["id"], row["reasons"]), (known.id, ["similar words"]))
        form.partner_email = "ADA@example.org"
        [row] = form.similar["tickets"]
        self.assertEqual(row["reasons"], ["same person", "similar words"])
        self.assertNotIn(secret.id, [row["id"] for row in form.similar["tickets"]])

    def test_queries_do_not_grow_with_what_is_found(self):
        mine = self.complaint(
            LETTER,
            partner_email="ada@example.org",
            complaint_subject_ref="4711",
            category_id=self.reason.id,
        )
        costs = []
        for count in (1, 12):
            for _index in range(count):
                self.complaint(
                    LETTER,
                    partner_email="ada@example.org",
                    complaint_subject_ref="4711",
                    category_id=self.reason.id,
                )
            self.env.flush_all()
            self.env.invalidate_all()
            ticket = self.as_user(self.handler, mine)
            before = self.env.cr.sql_log_count
            ticket.complaint_similar_suggestions()
            costs.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(costs[1], costs[0])
        self.assertLessEqual(costs[1], 30)
