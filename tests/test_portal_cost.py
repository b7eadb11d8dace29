from unittest.mock import patch

from odoo import sql_db
from odoo.tools import SQL

from .common import tagged
from .test_portal import PortalCase

LOOKED_UP = (
    # whichever index it takes: there are several with some of these columns
    "Index Cond: (partner_id =",
    "Index Cond: (complaint_representative_id =",
    "Index Cond: (commercial_partner_id =",
)


@tagged("post_install", "-at_install")
class TestPortalCost(PortalCase):
    """The complainants' pages cost what is on them, whatever else is in the stock."""

    def explain(self, statement):
        """How the database would find it among many: by an index where there is one."""
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        self.env.cr.execute("EXPLAIN " + statement.replace("%", "%%"))
        plan = "\n".join(row for (row,) in self.env.cr.fetchall())
        self.env.cr.execute("SET LOCAL enable_seqscan = on")
        if "Seq Scan on helpdesk_ticket" in plan and self.is_too_new():
            self.skipTest("a transaction of this server is older than an index")
        return plan

    def is_too_new(self):
        """Whether some index is left alone until older transactions have ended, those
        of other databases included."""
        return self.env.execute_query(
            SQL(
                "SELECT 1 FROM pg_index"
                " WHERE indrelid = 'helpdesk_ticket'::regclass AND indcheckxmin"
            )
        )

    def statements(self, function, *args):
        """What a call asks the database about tickets."""
        kind = type(self.env.cr)
        heard, real = [], kind.execute

        def execute(cursor, query, *arguments, **options):
            result = real(cursor, query, *arguments, **options)
            text = cursor._obj.query.decode()
            if 'FROM "helpdesk_ticket"' in text:
                heard.append(text)
            return result

        with patch.object(kind, "execute", execute):
            function(*args)
        return heard

    def requests(self, path):
        """How many queries a page makes, with nothing in the cache."""
        self.forget()
        before = sql_db.sql_counter
        response = self.get(path)
        self.assertEqual(response.status_code, 200, path)
        return sql_db.sql_counter - before

    def test_the_list_names_his_complaints_to_the_record_rules(self):
        """A subquery would be turned round: every complaint read, then compared."""
        mine = self._new_complaint() | self._new_complaint()
        self._new_complaint(partner_id=self.stranger.partner_id.id)
        model = self.env["helpdesk.ticket"].with_user(self.customer)
        domain = model._complaint_portal_domain()
        [condition] = domain.iter_conditions()
        self.assertEqual(condition.field_expr, "id")
        self.assertEqual(set(condition.value), set(mine.ids))
        self.assertEqual(model.search(domain), mine.sorted())

    def test_his_complaints_are_looked_up_by_indexes(self):
        partner = self.customer.partner_id
        company = partner.create({"name": "Works", "is_company": True})
        partner.parent_id = company
        partner.write(
            {"complaint_reader_state": "open", "complaint_sees_company_id": company.id}
        )
        model = self.env["helpdesk.ticket"].with_user(self.customer)
        self.env.flush_all()
        [lookup] = self.statements(model._complaint_portal_domain)
        plan = self.explain(lookup)
        for way in LOOKED_UP:
            self.assertIn(way, plan)
        self.assertNotIn("Seq Scan on helpdesk_ticket", plan)

    def test_what_hangs_on_a_ticket_is_asked_of_this_ticket_alone(self):
        """Ratings, followers, notifications: not of all tickets that a user may see."""
        ticket = self.answered()
        for name, domain in (
            ("rating.rating", [("res_id", "=", ticket.id)]),
            ("mail.followers", [("res_id", "=", ticket.id)]),
            ("mail.notification", [("mail_message_id.res_id", "=", ticket.id)]),
        ):
            with self.subTest(name):
                model = self.env[name].with_user(self.handler)
                statements = self.statements(model.search, domain)
                rows = f'FROM "{model._table}"'
                asked = [text for text in statements if rows in text]
                self.assertEqual(len(asked), 1)
                self.assertIn("EXISTS (SELECT 1 FROM", asked[0])
                self.assertNotIn('IN (SELECT "helpdesk_ticket"."id"', asked[0])

    def test_few_confidential_complaints_are_found_by_their_index(self):
        model = self.env["helpdesk.ticket"].sudo()
        found = [("complaint_is_confidential", "=", True)]
        [lookup] = self.statements(lambda: model._search(found).get_result_ids())
        rows = self.env.execute_query(
            SQL(
                "SELECT indexdef FROM pg_indexes"
                " WHERE indexname = 'helpdesk_ticket_complaint_confidential_idx'"
            )
        )
        condition = "complaint_is_confidential IS TRUE"
        self.assertIn(condition, rows[0][0])
        self.assertIn(
            condition, lookup.replace('"', "").replace("helpdesk_ticket.", "")
        )

    def test_a_number_is_looked_up_by_indexes(self):
        model = self.env["helpdesk.ticket"].with_context(active_test=False)
        domain = model._complaint_reference_domain("26.1001.042")
        [lookup] = self.statements(lambda: model.search(domain, limit=10).ids)
        plan = self.explain(lookup)
        self.assertIn("helpdesk_ticket__number_index", plan)
        self.assertIn("complaint_number_uniq", plan)

    def test_ordinary_tickets_have_an_index_of_their_own(self):
        """Their pages, and their counter at home, pass a million complaints by."""
        rows = self.env.execute_query(
            SQL(
                "SELECT indexdef FROM pg_indexes"
                " WHERE indexname = 'helpdesk_ticket_complaint_ordinary_idx'"
            )
        )
        self.assertIn("(complaint_state IS NULL)", rows[0][0])

    def test_pages_make_the_same_queries_for_few_complaints_and_for_many(self):
        ticket = self.answered()
        pages = ("/my/complaints", f"/my/complaints/{ticket.id}", "/complaint")
        self._new_complaint()
        for page in pages:
            self.requests(page)
        few = {page: self.requests(page) for page in pages}
        for _number in range(10):
            self._new_complaint()
        many = {page: self.requests(page) for page in pages}
        self.assertEqual(many, few)
