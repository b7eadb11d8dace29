from odoo import fields, models
from odoo.tools import SQL


class ComplaintRegister(models.Model):
    """The counter behind register numbers: one row per company and year."""

    _name = "complaint.register"
    _description = "Complaint register counter"
    _order = "year desc, company_id"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="restrict"
    )
    year = fields.Integer(required=True, readonly=True)
    last_order = fields.Integer("Last number given", required=True, readonly=True)

    _company_year_uniq = models.Constraint(
        "UNIQUE(company_id, year)", "A company has one register a year."
    )

    def _take(self, company, year, count):
        """Reserve ``count`` consecutive order numbers and return the first.

        The row is updated inside the caller's transaction: a concurrent caller
        waits, and a rollback gives the numbers back, so there is neither a gap nor
        a duplicate.
        """
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO complaint_register AS register
                            (company_id, year, last_order)
                     VALUES (%(company)s, %(year)s, %(count)s)
                ON CONFLICT (company_id, year)
              DO UPDATE SET last_order = register.last_order + %(count)s
                  RETURNING last_order
                """,
                company=company.id,
                year=year,
                count=count,
            )
        )
        self.invalidate_model(["last_order"])
        return rows[0][0] - count + 1
