"""The complainant's pages: my complaints, a new one, and what becomes of it."""

from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

from .complaint_pages import AccountDoor, ComplaintPages, private
from .complaint_public import ComplaintForms
from .files import MAX_FORM_BYTES

ONE = "/my/complaints/<int:complaint_id>"


def page_route(path="", **more):
    return http.route(f"{ONE}{path}", type="http", auth="user", website=True, **more)


def step_route(path, **more):
    return page_route(path, methods=["POST"], csrf=True, **more)


def file_route(path):
    return page_route(path, multilang=False)


class ComplaintPortal(ComplaintForms, ComplaintPages, CustomerPortal):
    # ------------------------------------------------------------------
    # My complaints
    # ------------------------------------------------------------------

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "complaint_count" in counters:
            values["complaint_count"] = self._complaint_count()
        return values

    def _complaint_model(self):
        """Complaints as the user may read them, kept ones that are archived too."""
        return request.env["helpdesk.ticket"].with_context(active_test=False)

    def _complaint_count(self):
        model = self._complaint_model()
        return model.search_count(model._complaint_portal_domain())

    @http.route(
        ["/my/complaints", "/my/complaints/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
    )
    def portal_my_complaints(self, page=1, note=None, **kw):
        """The user's complaints, the newest first."""
        model = self._complaint_model()
        domain = model._complaint_portal_domain()
        pager = portal_pager(
            url="/my/complaints",
            total=model.search_count(domain),
            page=page,
            step=self._items_per_page,
        )
        complaints = model.search(
            domain,
            order="complaint_received_at desc, id desc",
            limit=self._items_per_page,
            offset=pager["offset"],
        )
        values = self._prepare_portal_layout_values()
        values.update(
            {
                "page_name": "complaint",
                "note": note,
                "default_url": "/my/complaints",
                "pager": pager,
                "rows": [self._prepare_complaint_row(x) for x in complaints],
            }
        )
        return private(
            request.render("helpdesk_complaint.portal_my_complaints", values)
        )

    def _prepare_complaint_row(self, complaint):
        complaint = complaint.sudo()  # sudo: helpdesk.ticket - dates and public words
        words, style = complaint._complaint_portal_state()
        return {
            "complaint": complaint,
            "state": words,
            "style": style,
            "received": self._complaint_day(complaint, complaint.complaint_received_at),
            "answered": self._complaint_day(complaint, complaint.complaint_answered_at),
            "due": complaint._complaint_long_date(
                complaint._complaint_portal_due("respond")
            ),
        }

    # ------------------------------------------------------------------
    # A new complaint
    # ------------------------------------------------------------------

    @http.route(
        "/my/complaints/new",
        type="http",
        auth="user",
        website=True,
        methods=["GET", "POST"],
        # checked with the form, so that what was typed is not lost
        csrf=False,
        max_content_length=MAX_FORM_BYTES,
    )
    def portal_complaint_new(self, **post):
        """The form of a new complaint; sent, it becomes one."""
        response, made = self._handle_form(
            post, "/my/complaints/new", "portal_complaint_new"
        )
        if response:
            return response
        complaint, is_new = made
        if is_new:
            complaint._complaint_send_receipt()
        if not complaint.sudo(False)._filtered_access("read"):
            # Who writes for somebody else sees it here once his mandate was seen.
            _email, role = complaint._complaint_party_email()
            token, _link = request.env["complaint.link"]._give(complaint, role)
            return private(request.redirect(f"/complaint/received/{token}"))
        return request.redirect(f"/my/complaints/{complaint.id}?note=received")

    # ------------------------------------------------------------------
    # Complaints sent before there was an account
    # ------------------------------------------------------------------

    @http.route(
        "/my/complaints/claim", type="http", auth="user", website=True, methods=["POST"]
    )
    def portal_complaint_ask_claim(self, **post):
        """Send a link to the user's address: opening it proves that it is his."""
        user = request.env.user
        throttle = request.env["complaint.throttle"]
        if throttle._allow("link", request.httprequest.remote_addr):
            request.env["helpdesk.ticket"]._complaint_send_claim(user)
        return request.redirect("/my/complaints?note=claim_sent")

    @http.route(
        "/my/complaints/claim/<string:token>",
        type="http",
        auth="user",
        website=True,
        methods=["GET", "POST"],
        csrf=True,
    )
    def portal_complaint_claim(self, token, **post):
        """Ask for a yes, then give the user the complaints of this address."""
        model = request.env["helpdesk.ticket"]
        email = model._complaint_read_claim(token, request.env.user)
        if not email:
            return request.redirect("/my/complaints?note=claim_over")
        if request.httprequest.method == "POST":
            claimed = model._complaint_claim(request.env.user, email)
            note = "claimed" if claimed else "claim_none"
            return request.redirect(f"/my/complaints?note={note}")
        values = self._prepare_portal_layout_values()
        values.update({"page_name": "complaint_claim", "email": email})
        return private(
            request.render("helpdesk_complaint.portal_complaint_claim", values)
        )

    # ------------------------------------------------------------------
    # One complaint
    # ------------------------------------------------------------------

    def _open(self, complaint_id):
        """The user's door to a complaint, or None when he may not read it.

        No token opens a complaint.
        """
        try:
            self._document_check_access("helpdesk.ticket", complaint_id)
        except (AccessError, MissingError):
            return None
        complaint = request.env["helpdesk.ticket"].browse(complaint_id)
        # sudo: helpdesk.ticket - whose it is
        is_his = complaint.sudo().partner_id == request.env.user.partner_id
        if not (is_his or request.env.user.share):
            # A colleague may see the ticket and not the inside of the file.
            try:
                complaint._complaint_check_reader()
            except AccessError:
                return None
        return AccountDoor(complaint) if complaint.complaint_state else None

    def _closed(self):
        return request.redirect("/my")

    def _prepare_complaint_values(self, door):
        return {
            **self._prepare_portal_layout_values(),
            **super()._prepare_complaint_values(door),
        }

    @page_route()
    def portal_my_complaint(self, complaint_id, note=None, **kw):
        door = self._open(complaint_id)
        return self._render_complaint(door, note=note) if door else self._closed()

    @step_route("/accept")
    def portal_complaint_accept(self, complaint_id, **post):
        door = self._open(complaint_id)
        return self._accept(door) if door else self._closed()

    @step_route("/contest")
    def portal_complaint_contest(self, complaint_id, **post):
        door = self._open(complaint_id)
        return self._contest(door, post) if door else self._closed()

    @step_route("/message", max_content_length=MAX_FORM_BYTES)
    def portal_complaint_message(self, complaint_id, **post):
        door = self._open(complaint_id)
        return self._write(door, post) if door else self._closed()

    @step_route("/recourse")
    def portal_complaint_recourse(self, complaint_id, **post):
        door = self._open(complaint_id)
        return self._ask_recourse(door) if door else self._closed()

    @step_route("/rate")
    def portal_complaint_rate(self, complaint_id, **post):
        door = self._open(complaint_id)
        return self._rate(door, post) if door else self._closed()

    @file_route("/copy")
    def portal_complaint_copy(self, complaint_id, **kw):
        door = self._open(complaint_id)
        return self._stream_copy(door) if door else self._closed()

    @file_route("/file/<int:file_id>")
    def portal_complaint_file(self, complaint_id, file_id, **kw):
        """A file of the complaint that its page shows."""
        door = self._open(complaint_id)
        return self._stream_file(door, file_id) if door else self._closed()

    @file_route("/letter/<int:letter_id>")
    def portal_complaint_letter(self, complaint_id, letter_id, **kw):
        """A letter that was sent to the complainant, as it was sent."""
        door = self._open(complaint_id)
        return self._stream_letter(door, letter_id) if door else self._closed()

    @file_route("/letter/<int:letter_id>/enclosure/<int:file_id>")
    def portal_complaint_enclosure(self, complaint_id, letter_id, file_id, **kw):
        """A file that left with a letter to the complainant."""
        door = self._open(complaint_id)
        if not door:
            return self._closed()
        return self._stream_enclosure(door, letter_id, file_id)

    @http.route("/helpdesk_complaint/letter/<int:letter_id>", type="http", auth="user")
    def complaint_letter(self, letter_id, **kw):
        """The frozen PDF of a letter, for those who may read the letter itself."""
        letter = request.env["complaint.letter"].browse(letter_id)
        if not letter.exists() or not letter.has_access("read"):
            return request.not_found()
        # sudo: ir.attachment - the letter is read above
        return self._stream(letter.sudo().attachment_id, as_attachment=False)
