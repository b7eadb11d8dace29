"""The public page: what a complaint is, the form, and the receipt."""

import secrets

from odoo import fields, http
from odoo.exceptions import UserError, ValidationError
from odoo.http import request

from .complaint_form import (
    LENGTHS,
    TRAP,
    ComplaintForm,
    read_address,
)
from .complaint_pages import ComplaintPages, LinkDoor, private
from .files import MAX_FILE_BYTES, MAX_FILES, MAX_FORM_BYTES, read_files

CAPTCHA = "complaint"


class ComplaintForms:
    """A form shown, read, and made a complaint: for visitors and for accounts."""

    def _handle_form(self, post, url, template):
        """The form as it is asked for, or what follows from sending it.

        When something is wrong it comes back with what was typed. Nothing is made
        before everything is right.

        :return: a response, or the new complaint and how it is followed
        """
        desk = self._find_desk(post)
        form = self._read_form(post if self._is_sent() else {}, desk)
        if not self._is_sent():
            return self._render_form(form, desk, url, template), None
        status = 200
        files, file_error = read_files()
        values = form.read()
        if not desk:
            # It took complaints when the form was opened.
            form.errors["desk"] = request.env._("Please choose who shall answer you.")
        if file_error:
            form.errors["files"] = file_error
        elif files and form.errors:
            form.errors["files"] = request.env._("Please choose your files again.")
        stop = self._find_stop(form, post)
        if stop:
            status, form.errors["form"] = stop
        if form.errors:
            response = self._render_form(form, desk, url, template)
            response.status_code = status
            return response, None
        return None, request.env["helpdesk.ticket"]._complaint_submit(
            values, files, desk, form.key if form.has_key() else ""
        )

    def _is_sent(self):
        return request.httprequest.method == "POST"

    def _find_desk(self, post):
        text = post.get("desk")
        is_number = isinstance(text, str) and text.isascii() and text.isdigit()
        desk_id = int(text) if is_number and len(text) < 10 else None
        return request.env["helpdesk.ticket"]._complaint_portal_desk(desk_id)

    def _read_form(self, post, desk):
        company = self._find_company(desk)
        is_visitor = request.env.user._is_public()
        return ComplaintForm(
            post,
            self._get_complaint_reasons(company),
            is_visitor=is_visitor,
            consent=is_visitor and desk and company._complaint_consent(),
        )

    def _find_company(self, desk):
        # sudo: res.company - its public address
        return (desk.company_id or request.env.company).sudo()

    def _find_stop(self, form, post):
        """What bars a form that may be all right: a robot, or too many of them.

        :return: a status and a message, or None
        """
        env = request.env
        token = post.get("csrf_token")
        is_text = isinstance(token, str) and token.isascii()
        if not is_text or not request.validate_csrf(token):
            return 400, env._(
                "This page was open for too long. Please send it again; what you "
                "typed is still there."
            )
        if form.is_trapped:
            return 400, env._(
                "A field that people do not see was filled in. Please send it again."
            )
        try:
            env["ir.http"]._verify_request_recaptcha_token(CAPTCHA)
        except (UserError, ValidationError) as error:
            return 400, str(error)
        return self._find_throttle(form)

    def _find_throttle(self, form):
        throttle = request.env["complaint.throttle"]
        address = request.httprequest.remote_addr
        email = read_address(form.text["email"])
        kinds = [("post", address)]
        if not form.errors:
            kinds.append(("address", address))
            if email and form.is_visitor:
                kinds.append(("mail", email))
        if all(throttle._allow(kind, who) for kind, who in kinds):
            return None
        return 429, request.env._(
            "Too many complaints came from here in the last hour. Please wait a little "
            "and send it again, or send it to us by another way."
        )

    def _render_form(self, form, desk, url, template):
        model = request.env["helpdesk.ticket"]
        company = self._find_company(desk)
        public = model.sudo()  # sudo: figures and recourse bodies, public ones
        values = {
            "page_name": "complaint_new",
            "form_url": url,
            "desk": desk,
            "desks": not desk and form.is_visitor and model._complaint_portal_desks(),
            "company": company,
            "reasons": form.reasons,
            "is_visitor": form.is_visitor,
            "consent": form.consent,
            "post": form.text,
            "form_key": form.key if form.has_key() else secrets.token_urlsafe(16),
            "trap": TRAP,
            "errors": form.errors_in_order(),
            "promises": public._complaint_portal_promises(desk),
            "recourse": public._complaint_portal_recourse(desk),
            "max_files": MAX_FILES,
            "max_file_size": MAX_FILE_BYTES // 1024 // 1024,
            "lengths": LENGTHS,
            "today": fields.Date.context_today(model),
        }
        return request.render(f"helpdesk_complaint.{template}", values)

    def _get_complaint_reasons(self, company):
        # sudo: helpdesk.ticket.category - those meant for the portal
        return (
            request.env["helpdesk.ticket.category"]
            .sudo()
            .search(
                [
                    ("show_in_portal", "=", True),
                    ("company_id", "in", [company.id, False]),
                ]
            )
            .sorted("complete_name")
        )


class ComplaintPublic(ComplaintForms, ComplaintPages, http.Controller):
    @http.route(
        "/complaint",
        type="http",
        auth="public",
        website=True,
        methods=["GET", "POST"],
        # checked below, so that what was typed is not lost when it has expired
        csrf=False,
        max_content_length=MAX_FORM_BYTES,
        sitemap=True,
    )
    def complaint_public(self, **post):
        """The public page; its form, sent, becomes a complaint and gives a receipt."""
        response, made = self._handle_form(post, "/complaint", "complaint_public_page")
        if response:
            return response
        complaint, is_new = made
        if is_new:
            complaint._complaint_send_receipt()
        _email, role = complaint._complaint_party_email()
        token, _link = request.env["complaint.link"]._give(complaint, role)
        return private(request.redirect(f"/complaint/received/{token}"))

    @http.route(
        "/complaint/received/<string:token>", type="http", auth="public", website=True
    )
    def complaint_received(self, token, **kw):
        """The receipt: number, date, what follows, the copy."""
        link = request.env["complaint.link"]._find(token)
        if not link._opens():
            return request.redirect("/complaint/link")
        door = LinkDoor(link, token)
        complaint = door.complaint
        email = complaint._complaint_party_email()[0]
        # sudo: complaint.link - whether a receipt was sent
        mailed = (
            request.env["complaint.link"]
            .sudo()
            .search_count(
                [("ticket_id", "=", complaint.id), ("email", "=", email or "")], limit=1
            )
        )
        values = {
            "door": door,
            "complaint": complaint,
            "company": complaint.company_id,
            "email": mailed and email,
            "recourse": complaint._complaint_portal_recourse(),
            **complaint._prepare_complaint_receipt_values(),
        }
        return private(
            request.render("helpdesk_complaint.complaint_received_page", values)
        )
