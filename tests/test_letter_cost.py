from .common import ComplaintCase, freeze_time, tagged


@tagged("post_install", "-at_install")
@freeze_time("2026-10-12 08:00:00")
class TestLetterCost(ComplaintCase):
    """Queries of sending letters, without the PDFs, that cost none."""

    def queries(self, tickets, **values):
        """How many queries the acknowledgement of these complaints makes."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        tickets.complaint_send_letter("acknowledge", **values)
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_one_more_letter_costs_a_handful_of_queries(self):
        # A real PDF is made elsewhere; here it would only take time.
        self.patch(
            type(self.env["complaint.letter"]), "_render_pdf", lambda letter: b"%PDF"
        )
        tickets = self.as_user(
            self.handler,
            self.Ticket.browse(self._new_qualified().id for _number in range(43)),
        )
        self.queries(tickets[:1])
        self.queries(tickets[1:2], channel="post")
        for channel, limit in (("email", 12), ("post", 8)):
            with self.subTest(channel):
                first = 2 if channel == "email" else 23
                few = self.queries(tickets[first : first + 1], channel=channel)
                many = self.queries(tickets[first + 1 : first + 20], channel=channel)
                self.assertLessEqual((many - few) / 18, limit)
