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
