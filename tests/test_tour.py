from odoo import fields
from odoo.tests import HttpCase, tagged
from odoo.tools.misc import file_path

from .common import ComplaintFixture

SELFIE = "mail/static/lib/selfie_segmentation/selfie_segmentation.js"


class TourCase(ComplaintFixture, HttpCase):
    """The fixture for tests in a real browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        try:
            file_path(SELFIE)
        except FileNotFoundError:
            # Some packages of Odoo leave this file out; its absence is a console
            # error on every page of the web client, which fails any tour.
            cls.env["ir.asset"].create(
                {
                    "name": "no selfie",
                    "bundle": "web.assets_backend",
                    "directive": "remove",
                    "path": SELFIE,
                }
            )


@tagged("post_install", "-at_install")
class TestTour(TourCase):
    """The walk as a person takes it, in a real browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team.write(
            {
                "name": "Walk desk",
                "complaint_regime_ids": [(6, 0, cls.notice.ids)],
                "user_ids": [(4, cls.manager.id)],
            }
        )
        cls.cause.name = "Walk cause"

    def test_a_manager_walks_one_complaint_through_the_web_client(self):
        self.start_tour(
            "/odoo/complaints", "complaint_walk", login="t_manager", timeout=240
        )
        ticket = self.env["helpdesk.ticket"].search(
            [("name", "=", "Called twice, nobody answered")]
        )
        self.assertEqual(ticket.complaint_state, "closed")
        self.assertEqual(ticket.complaint_cycle, 2)
        self.assertEqual(
            ticket.complaint_letter_ids.sorted("id").mapped("code"),
            ["acknowledge", "rejection", "acknowledge", "favourable"],
        )
        self.assertEqual(set(ticket.complaint_letter_ids.mapped("state")), {"sent"})
        self.assertFalse(ticket.complaint_verify_history())


@tagged("post_install", "-at_install")
class TestEntryTour(TourCase):
    """A colleague takes complaints down, in a real browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team.complaint_regime_ids = cls.acpr

    def test_a_call_is_taken_down_and_compared(self):
        before = self._new_complaint(
            received=fields.Datetime.now(),
            name="Called before",
            partner_id=False,
            complaint_phone="04 76 00 00 01",
        )
        self.start_tour(
            "/odoo/action-helpdesk_complaint.complaint_entry_action",
            "complaint_entry",
            login="t_agent",
            timeout=120,
        )
        ticket = self.Ticket.search([("partner_name", "=", "Ada Neuve")])
        self.assertEqual(ticket.complaint_state, "to_qualify")
        self.assertEqual(ticket.complaint_taken_down_by_id, self.agent)
        self.assertTrue(ticket.complaint_read_back_at)
        self.assertEqual(ticket.complaint_request, "My 45 euros back.")
        self.assertFalse(ticket.duplicate_id)
        self.assertEqual(
            ticket.complaint_event_ids.sorted("sequence").mapped("event"),
            ["report", "taken_down", "read_back", "same", "not_same"],
        )
        self.assertEqual(ticket.complaint_unlike_ids, before)

    def test_a_message_on_a_contact_is_reported(self):
        customer = self.customer.partner_id
        message = customer.message_post(
            body="Nobody answers me",
            author_id=customer.id,
            message_type="email",
            subtype_xmlid="mail.mt_comment",
            attachments=[("proof.txt", b"proof")],
        )
        self.start_tour(
            f"/odoo/res.partner/{customer.id}",
            "complaint_report_message",
            login="t_agent",
            timeout=120,
        )
        ticket = self.Ticket.search([("complaint_source_message_id", "=", message.id)])
        self.assertEqual(ticket.partner_id, customer)
        self.assertEqual(ticket.complaint_medium, "written")
        self.assertEqual(ticket._complaint_copy_files().mapped("name"), ["proof.txt"])
