import io
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase
from odoo.tools import mute_logger
from odoo.tools.pdf import pypdf

from ..models.pdf_joiner import PdfJoiner
from .common import ComplaintCase, ComplaintFixture, tagged


class RunFixture:
    def tickets(self, count, **vals):
        return self.Ticket.browse(
            self._new_qualified(**vals).id for _number in range(count)
        )

    def prepare(self, tickets, user=None, **vals):
        """A draft run, as the user prepares it from the list."""
        action = self.as_user(
            user or self.handler, tickets
        ).action_complaint_letter_run()
        run = self.env[action["res_model"]].browse(action["res_id"])
        run = self.as_user(user or self.handler, run)
        if vals:
            run.write(vals)
        return run

    def run_job(self):
        with self.enter_registry_test_mode():
            job = self.env.ref("helpdesk_complaint.ir_cron_complaint_letter_run")
            job.method_direct_trigger()
        self.env.invalidate_all()

    def counts(self, run):
        return run.total_count, run.done_count, run.failed_count


class TestLetterRun(RunFixture, ComplaintCase):
    # ------------------------------------------------------------------
    # What it does
    # ------------------------------------------------------------------

    def test_each_complaint_gets_its_letter_in_the_name_of_who_started_it(self):
        tickets = self.tickets(3)
        run = self.prepare(tickets)
        self.assertEqual(self.counts(run), (3, 0, 0))
        self.run_job()
        self.assertFalse(tickets.complaint_letter_ids)  # nothing before the start
        run.action_start()
        self.run_job()
        self.assertEqual((run.state, *self.counts(run)), ("done", 3, 3, 0))
        self.assertEqual(run.progress, 100)
        for line in run.line_ids:
            letter = line.ticket_id.sudo().complaint_letter_ids
            self.assertEqual(len(letter), 1)
            self.assertEqual(line.letter_id, letter)
            self.assertEqual(letter.sent_by_id, self.handler)
            self.assertEqual(letter.delivery_state, "waiting")
        self.run_job()
        self.assertEqual(len(tickets.complaint_letter_ids), 3)
        job = self.env.ref("helpdesk_complaint.ir_cron_complaint_letter_run")
        self.assertEqual(job.failure_count, 0)

    def test_its_own_words_and_channel_replace_those_of_the_template(self):
        run = self.prepare(
            self.tickets(1),
            template_code="inform",
            channel="post",
            subject="Where we are",
            body="<p>The bank looks into all cases.</p>",
        )
        run.action_start()
        self.run_job()
        letter = run.line_ids.letter_id
        self.assertEqual((letter.channel, letter.subject), ("post", "Where we are"))
        self.assertIn("looks into all cases", letter.body)
        # An editor leaves an empty paragraph: that is no text.
        run = self.prepare(self.tickets(1), template_code="inform", body="<p><br></p>")
        run.action_start()
        self.run_job()
        self.assertEqual(run.done_count, 1)

    def test_one_that_cannot_be_sent_stops_no_other_and_is_tried_again(self):
        good = self.tickets(2)
        bad = self._new_qualified(partner_id=False, partner_email=False)
        run = self.prepare(good | bad, channel="email")
        run.action_start()
        self.run_job()
        self.assertEqual((run.state, *self.counts(run)), ("done", 3, 2, 1))
        line = run.line_ids.filtered(lambda x: x.state == "failed")
        self.assertEqual(line.ticket_id, bad)
        self.assertIn("no e-mail address", line.error)
        self.assertEqual(run.action_view_lines()["context"]["search_default_failed"], 1)
        self.assertEqual(line.action_open_complaint()["res_id"], bad.id)
        bad.partner_email = "found@example.org"
        run.action_retry()
        self.run_job()
        self.assertEqual((run.state, *self.counts(run)), ("done", 3, 3, 0))
        self.assertEqual(len((good | bad).complaint_letter_ids), 3)

    def test_an_error_of_the_program_is_on_its_line(self):
        run = self.prepare(self.tickets(1))
        run.action_start()
        with (
            patch.object(type(run.line_ids), "_send", lambda lines: 1 / 0),
            mute_logger("odoo.addons.helpdesk_complaint.models"),
        ):
            self.run_job()
        self.assertIn("ZeroDivisionError", run.line_ids.error)

    def test_a_stop_holds_until_it_goes_on(self):
        tickets = self.tickets(2)
        run = self.prepare(tickets)
        run.action_start()
        run.action_stop()
        self.run_job()
        self.assertEqual((run.state, *self.counts(run)), ("stopped", 2, 0, 0))
        run.action_start()
        self.run_job()
        self.assertEqual((run.state, *self.counts(run)), ("done", 2, 2, 0))

    def test_a_series_writes_to_its_open_complaints(self):
        tickets = self.tickets(2)
        tickets[1].complaint_decide("withdrawn", "x")
        tickets[1].complaint_close("x")
        series = self.env["complaint.series"].create(
            {"name": "Fees of June", "company_id": self.company.id}
        )
        tickets.complaint_series_id = series
        action = self.as_user(self.handler, series).action_complaint_letter_run()
        run = self.env["complaint.letter.run"].browse(action["res_id"])
        self.assertEqual(run.name, "Fees of June")
        self.assertEqual(run.sudo().line_ids.ticket_id, tickets[0])

    # ------------------------------------------------------------------
    # Rights
    # ------------------------------------------------------------------

    def test_rights_withdrawn_on_the_way_stop_the_rest(self):
        tickets = self.tickets(2)
        run = self.prepare(tickets)
        run.action_start()
        tickets[0].complaint_concerned_user_ids = self.handler
        self.run_job()
        # The one that he may not see any more is not told to him either.
        self.assertEqual(run.line_ids.ticket_id, tickets[1])
        self.env.invalidate_all()
        lines = run.sudo().line_ids
        self.assertEqual(lines.mapped("state"), ["failed", "done"])
        self.assertFalse(tickets[0].complaint_letter_ids)
        self.assertEqual(self.counts(run), (2, 1, 1))
        other = self.prepare(tickets[1])
        other.action_start()
        self.handler.active = False
        self.run_job()
        self.assertIn("has no access any more", other.sudo().line_ids.error)

    def test_a_run_is_sent_by_its_owner_alone(self):
        run = self.prepare(self.tickets(1))
        for user in (self.leader, self.agent, self.customer):
            self.assertFalse(self.as_user(user, run).has_access("read"))
        for user in (self.manager, self.auditor):
            self.assertTrue(self.as_user(user, run).has_access("read"))
        for user in (self.manager, self.auditor, self.leader, self.customer):
            for act in ("action_start", "action_stop", "action_retry"):
                with self.assertRaises(AccessError):
                    getattr(self.as_user(user, run), act)()
            with self.assertRaises(AccessError):
                self.as_user(user, run.line_ids).action_remove()
        for user in (self.agent, self.auditor, self.customer):
            with self.assertRaises(AccessError):
                self.as_user(user, run.line_ids.ticket_id).action_complaint_letter_run()

    def test_in_the_name_of_nobody_else(self):
        run = self.prepare(self.tickets(1))
        for vals in (
            {"user_id": self.officer.id},
            {"state": "running"},
            {"line_ids": [(5, 0, 0)]},
            {"print_count": 1},
        ):
            with self.assertRaisesRegex(UserError, "Use the buttons"):
                run.write(vals)
            with self.assertRaisesRegex(UserError, "Use the buttons"):
                run.create({"name": "x", **vals})
        line = run.line_ids
        with self.assertRaises(AccessError):
            line.write({"state": "done"})
        with self.assertRaises(AccessError):
            line.create({"run_id": run.id, "ticket_id": self.tickets(1).id})

    def test_what_has_started_is_not_changed(self):
        run = self.prepare(self.tickets(2))
        run.line_ids[0].action_remove()
        self.assertEqual(run.total_count, 1)
        run.action_start()
        for act in (
            lambda: run.write({"template_code": "inform"}),
            lambda: run.unlink(),
            lambda: run.action_start(),
            lambda: run.line_ids.unlink(),
            lambda: run._add_tickets(self.as_user(self.handler, self.tickets(1))),
        ):
            with self.assertRaisesRegex(UserError, "is in the state “Running”"):
                act()

    def test_a_run_without_complaints_does_not_start(self):
        run = self.prepare(self.tickets(1))
        run.line_ids.action_remove()
        with self.assertRaisesRegex(UserError, "has no complaint"):
            run.action_start()
        run.unlink()

    # ------------------------------------------------------------------
    # To print
    # ------------------------------------------------------------------

    def test_what_a_person_hands_over_is_in_one_file_each_on_a_new_sheet(self):
        tickets = self.tickets(3)
        run = self.prepare(tickets, channel="post")
        run.action_start()
        self.run_job()
        self.assertEqual(run.print_count, 3)
        pdf = pypdf.PdfReader(io.BytesIO(run._find_print_file().raw))
        texts = [page.extract_text() for page in pdf.pages]
        self.assertEqual(len(texts), 5)  # no empty page at the end
        for number, line in enumerate(run.line_ids.sorted("id")):
            self.assertIn(line.letter_id.name, texts[2 * number])
        for text in texts[1::2]:
            self.assertEqual(text, "")
        one_side = self.prepare(self.tickets(2), channel="post", is_duplex=False)
        one_side.action_start()
        self.run_job()
        pdf = pypdf.PdfReader(io.BytesIO(one_side._find_print_file().raw))
        self.assertEqual(len(pdf.pages), 2)

    def test_a_file_that_cannot_be_made_leaves_the_letters_sent(self):
        run = self.prepare(self.tickets(1), channel="post")
        run.action_start()
        with (
            patch.object(PdfJoiner, "close", lambda joiner: 1 / 0),
            mute_logger("odoo.addons.helpdesk_complaint.models.complaint_letter_run"),
        ):
            self.run_job()
        self.assertEqual((run.state, run.done_count, run.print_count), ("done", 1, 0))

    def test_what_odoo_sends_is_not_printed(self):
        run = self.prepare(self.tickets(1))
        run.action_start()
        self.run_job()
        self.assertFalse(run.print_count)
        with self.assertRaisesRegex(UserError, "no letter to print"):
            run.action_print()

    def test_the_file_is_for_who_may_read_every_complaint_in_it(self):
        tickets = self.tickets(2)
        run = self.prepare(tickets, channel="post")
        run.action_start()
        self.run_job()
        self.assertTrue(run.action_print()["url"])
        attachment = run._find_print_file()
        tickets[0].complaint_is_confidential = True
        tickets[0].user_id = self.leader
        with self.assertRaises(AccessError):
            run.action_print()
        with self.assertRaises(AccessError):
            self.as_user(self.manager, run).action_print()
        self.assertTrue(self.as_user(self.officer, run).action_print())
        for user in (self.handler, self.manager, self.officer, self.auditor):
            mine = self.as_user(user, attachment.sudo(False))
            with self.assertRaises(AccessError):
                mine.read(["raw"])
            with self.assertRaises(AccessError):
                self.as_user(user, run).read(["print_file"])

    def test_files_of_any_making_are_joined(self):
        """Pages that inherit what they need, and share objects with one another."""
        writer = pypdf.PdfWriter()
        for _page in range(2):
            writer.add_blank_page(200, 300)
        source = io.BytesIO()
        writer.write(source)
        out = io.BytesIO()
        joiner = PdfJoiner(out)
        for _time in range(3):
            joiner.add(source.getvalue(), on_new_sheet=True)
        joiner.close()
        pdf = pypdf.PdfReader(out, strict=True)
        sizes = {(float(x.mediabox[2]), float(x.mediabox[3])) for x in pdf.pages}
        self.assertEqual((len(pdf.pages), sizes), (6, {(200.0, 300.0)}))


@tagged("post_install", "-at_install")
class TestLetterPages(RunFixture, ComplaintFixture, HttpCase):
    """What is opened by its address."""

    def test_the_file_to_print_is_served_to_its_owner_only(self):
        run = self.prepare(self.tickets(1), channel="post")
        run.action_start()
        self.run_job()
        url = f"/helpdesk_complaint/run/{run.id}"
        for login, status in (("t_handler", 200), ("t_leader", 403)):
            self.authenticate(login, login)
            with mute_logger("odoo.http"):
                self.assertEqual(self.url_open(url).status_code, status)
        self.authenticate("t_handler", "t_handler")
        missing = self.url_open("/helpdesk_complaint/run/0")
        self.assertEqual(missing.status_code, 404)

    def test_the_complainant_opens_his_letter_and_that_is_noted(self):
        ticket = self._new_qualified()
        letter = ticket.complaint_send_letter("acknowledge", channel="portal")
        url = f"/my/complaints/{ticket.id}/letter/{letter.id}"
        self.authenticate("t_stranger", "t_stranger")
        self.url_open(url)
        self.env.invalidate_all()
        self.assertFalse(letter.read_at)
        self.authenticate("t_customer", "t_customer")
        self.url_open(url, method="HEAD")
        self.env.invalidate_all()
        self.assertFalse(letter.read_at)
        got = self.url_open(url)
        self.env.invalidate_all()
        self.assertEqual(got.content, letter.attachment_id.raw)
        self.assertTrue(letter.read_at)
