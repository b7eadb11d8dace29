from odoo import sql_db
from odoo.tools import SQL

from .common import tagged
from .test_portal import PortalCase

LOOKED_UP = (
    "helpdesk_ticket__partner_id_index",
    "helpdesk_ticket__complaint_representative_id_index",
    "helpdesk_ticket__commercial_partner_id_index",
)


@tagged("post_install", "-at_install")
class TestPortalCost(PortalCase):
    """The complainants' pages cost what is on them, whatever else is in the stock."""

    def plan(self, model, domain, **options):
        """How the database finds it; it reads few rows through unless barred."""
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        query = model._search(domain, **options)
        rows = self.env.execute_query(SQL("EXPLAIN %s", query.select()))
        self.env.cr.execute("SET LOCAL enable_seqscan = on")
        return "\n".join(row for (row,) in rows)

    def statements(self, function, *args):
        """What a call asks the database."""
        kind = type(self.env.cr)
        heard, real = [], kind.execute

        def execute(cursor, query, *arguments, **options):
            result = real(cursor, query, *arguments, **options)
            heard.append(cursor._obj.query.decode())
            return result

        self.patch(kind, "execute", execute)
        function(*args)
        self.patch(kind, "execute", real)
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
        self._new_complaint(partner_id=self.other_customer.partner_id.id)
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
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        first, *_others = (
            text
            for text in self.statements(model._complaint_portal_domain)
            if 'FROM "helpdesk_ticket"' in text
        )
        self.env.cr.execute("EXPLAIN " + first.replace("%", "%%"))
        plan = "\n".join(row for (row,) in self.env.cr.fetchall())
        for index in LOOKED_UP:
            self.assertIn(index, plan)
        self.assertNotIn("Seq Scan on helpdesk_ticket", plan)

    def test_a_number_is_looked_up_by_indexes(self):
        model = self.env["helpdesk.ticket"].with_context(active_test=False)
        domain = model._complaint_reference_domain("26.1001.042")
        plan = self.plan(model, domain, limit=10)
        self.assertIn("helpdesk_ticket__number_index", plan)
        self.assertIn("complaint_number_uniq", plan)

    def test_the_pages_of_ordinary_tickets_read_no_complaints(self):
        model = self.env["helpdesk.ticket"].with_user(self.customer)
        self.env.flush_all()
        plan = self.plan(model.with_context(complaint_left_out=True), [])
        self.assertIn("helpdesk_ticket_complaint_ordinary_idx", plan)

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
