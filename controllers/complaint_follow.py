"""Follow a complaint by a link, without an account."""

from odoo import http
from odoo.http import request

from .complaint_form import MAX_TITLE, clean_text, read_address
from .complaint_pages import ComplaintPages, LinkDoor, private
from .files import MAX_FORM_BYTES

FOLLOW = "/complaint/follow/<string:token>"


def page_route(path="", **more):
    return http.route(
        f"{FOLLOW}{path}", type="http", auth="public", website=True, **more
    )


def step_route(path, **more):
    return page_route(path, methods=["POST"], csrf=True, **more)


def file_route(path):
    return page_route(path, methods=["GET"], multilang=False)


class ComplaintFollow(ComplaintPages, http.Controller):
    def _open(self, token):
        """The door of a link, or None when it opens nothing."""
        link = request.env["complaint.link"]._find(token)
        if not link._opens():
            return None
        return LinkDoor(link, token)

    def _closed(self):
        return request.redirect("/complaint/link?note=closed")

    @page_route()
    def complaint_follow(self, token, note=None, **kw):
        door = self._open(token)
        if not door:
            return self._closed()
        door.link._note_opening()
        return self._render_complaint(door, note=note)

    @step_route("/accept")
    def complaint_follow_accept(self, token, **post):
        door = self._open(token)
        return self._accept(door) if door else self._closed()

    @step_route("/contest")
    def complaint_follow_contest(self, token, **post):
        door = self._open(token)
        return self._contest(door, post) if door else self._closed()

    @step_route("/message", max_content_length=MAX_FORM_BYTES)
    def complaint_follow_message(self, token, **post):
        door = self._open(token)
        return self._write(door, post) if door else self._closed()

    @step_route("/recourse")
    def complaint_follow_recourse(self, token, **post):
        door = self._open(token)
        return self._ask_recourse(door) if door else self._closed()

    @step_route("/rate")
    def complaint_follow_rate(self, token, **post):
        door = self._open(token)
        return self._rate(door, post) if door else self._closed()

    @file_route("/copy")
    def complaint_follow_copy(self, token, **kw):
        door = self._open(token)
        return self._stream_copy(door) if door else request.not_found()

    @file_route("/file/<int:file_id>")
    def complaint_follow_file(self, token, file_id, **kw):
        door = self._open(token)
        return self._stream_file(door, file_id) if door else request.not_found()

    @file_route("/letter/<int:letter_id>")
    def complaint_follow_letter(self, token, letter_id, **kw):
        door = self._open(token)
        return self._stream_letter(door, letter_id) if door else request.not_found()

    @file_route("/letter/<int:letter_id>/enclosure/<int:file_id>")
    def complaint_follow_enclosure(self, token, letter_id, file_id, **kw):
        door = self._open(token)
        if not door:
            return request.not_found()
        return self._stream_enclosure(door, letter_id, file_id)

    # ------------------------------------------------------------------
    # A new link
    # ------------------------------------------------------------------

    @http.route(
        "/complaint/link",
        type="http",
        auth="public",
        website=True,
        methods=["GET", "POST"],
        csrf=True,
        max_content_length=64 * 1024,
    )
    def complaint_link(self, note=None, **post):
        """Ask for a new link: it goes to the address on file, and nowhere else.

        What is answered does not tell whether there is such a complaint.
        """
        values = {
            "note": note if note == "closed" else None,
            "email": clean_text(post.get("email")),
            "reference": clean_text(post.get("reference")),
            "errors": {},
        }
        if request.httprequest.method == "POST":
            values["note"] = None
            self._ask_link(values)
        response = request.render("helpdesk_complaint.complaint_link_page", values)
        response.status_code = values.get("status", 200)
        return private(response)

    def _ask_link(self, values):
        env, errors = request.env, values["errors"]
        email = read_address(values["email"])
        if not email or len(email) > MAX_TITLE:
            errors["email"] = env._(
                "This is no e-mail address. Please write it as name@example.com."
            )
        if not values["reference"] or len(values["reference"]) > MAX_TITLE:
            errors["reference"] = env._(
                "Please enter the number of your complaint: it is on our receipt and "
                "on each of our letters."
            )
        if errors:
            return
        throttle = env["complaint.throttle"]
        if not throttle._allow("link", request.httprequest.remote_addr):
            values["status"] = 429
            errors["form"] = env._(
                "Too many links were asked for from here. Please wait a little."
            )
            return
        values["note"] = "sent"
        env["helpdesk.ticket"]._complaint_renew_link(values["reference"], email)
