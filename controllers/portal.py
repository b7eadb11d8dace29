"""The complainant's pages: my complaints, a new one, and what becomes of it."""

import os

from odoo import fields, http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

from ..engine.workdays import FIRST_DAY

MAX_FILES = 10
MAX_FILE_BYTES = 10 * 1024 * 1024
# Ten files of the largest size, and the rest of the form.
MAX_FORM_BYTES = (MAX_FILES + 1) * MAX_FILE_BYTES
MAX_TITLE = 200
MAX_TEXT = 20_000
# What runs when it is opened.
REFUSED_EXTENSIONS = frozenset(
    "apk app appimage bat chm cmd com command cpl deb dll dmg docm exe gadget hta htm "
    "html inf iso jar js jse ksh lnk msc msi msp mst pif pkg pptm ps1 psm1 py reg rpm "
    "run scf scr sh shtml svg sys vb vbe vbs vhd ws wsc wsf wsh xhtml xlsm".split()
)


class ComplaintPortal(CustomerPortal):
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
    def portal_my_complaints(self, page=1, **kw):
        """The user's complaints, the newest first."""
        model = self._complaint_model()
        pager = portal_pager(
            url="/my/complaints",
            total=self._complaint_count(),
            page=page,
            step=self._items_per_page,
        )
        complaints = model.search(
            model._complaint_portal_domain(),
            order="complaint_received_at desc, id desc",
            limit=self._items_per_page,
            offset=pager["offset"],
        )
        values = self._prepare_portal_layout_values()
        values.update(
            {
                "page_name": "complaint",
                "default_url": "/my/complaints",
                "pager": pager,
                "rows": [self._prepare_complaint_row(x) for x in complaints],
            }
        )
        return request.render("helpdesk_complaint.portal_my_complaints", values)

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

    def _complaint_day(self, complaint, instant):
        day = instant and complaint._complaint_local_day(instant)
        return complaint._complaint_long_date(day)

    # ------------------------------------------------------------------
    # A new complaint
    # ------------------------------------------------------------------

    @http.route(
        "/my/complaints/new",
        type="http",
        auth="user",
        website=True,
        methods=["GET", "POST"],
        csrf=True,
        max_content_length=MAX_FORM_BYTES,
    )
    def portal_complaint_new(self, **post):
        """The form of a new complaint; sent, it becomes one.

        When something is wrong it comes back with what was typed.
        """
        model = request.env["helpdesk.ticket"]
        if request.httprequest.method != "POST" or not model._complaint_portal_desk():
            return self._render_complaint_form({}, {})
        files, file_error = self._read_complaint_files()
        values, errors = self._read_complaint_form(post)
        if file_error:
            errors["files"] = file_error
        if errors:
            errors.setdefault(
                "files",
                files and request.env._("Please choose your files again."),
            )
            return self._render_complaint_form(post, errors)
        complaint = model._complaint_submit(values, files)
        return request.redirect(f"/my/complaints/{complaint.id}?note=received")

    def _render_complaint_form(self, post, errors):
        model = request.env["helpdesk.ticket"]
        desk = model._complaint_portal_desk()
        # sudo: res.company - its public address
        company = (desk.company_id or request.env.company).sudo()
        values = self._prepare_portal_layout_values()
        values.update(
            {
                "page_name": "complaint_new",
                "desk": desk,
                "company": company,
                "reasons": self._get_complaint_reasons(company),
                "post": post,
                "errors": {name: text for name, text in errors.items() if text},
                "promises": model.sudo()._complaint_portal_promises(),  # sudo: figures
                "recourse": model.sudo()._complaint_portal_recourse(),  # sudo: public
                "max_files": MAX_FILES,
                "max_file_size": MAX_FILE_BYTES // 1024 // 1024,
                "max_title": MAX_TITLE,
                "max_text": MAX_TEXT,
                "today": fields.Date.context_today(model),
            }
        )
        return request.render("helpdesk_complaint.portal_complaint_new", values)

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

    def _read_complaint_form(self, post):
        """Take from a form what a complainant may give, and nothing else.

        :return: the values of the complaint, and messages by field in error
        """
        text = {
            name: (post.get(name) or "").strip()
            for name in ("title", "description", "request", "about", "reason", "date")
        }
        errors = {}
        if not text["title"]:
            errors["title"] = request.env._("Please give your complaint a short title.")
        if not text["description"]:
            errors["description"] = request.env._("Please tell us what happened.")
        for name, limit in (
            ("title", MAX_TITLE),
            ("about", MAX_TITLE),
            ("description", MAX_TEXT),
            ("request", MAX_TEXT),
        ):
            if len(text[name]) > limit:
                errors[name] = request.env._(
                    "This is too long: please keep it under %(limit)s characters, or "
                    "attach the text as a file.",
                    limit=limit,
                )
        day = self._read_complaint_date(text["date"], errors)
        reason = self._read_complaint_reason(text["reason"], errors)
        values = {
            "name": text["title"],
            "description": text["description"],
            "complaint_request": text["request"],
            "complaint_subject_ref": text["about"],
            "complaint_fact_date": day,
            "category_id": reason,
        }
        return values, errors

    def _read_complaint_date(self, text, errors):
        try:
            day = fields.Date.to_date(text) if text else False
        except ValueError:
            day = FIRST_DAY
        if day and day.year <= FIRST_DAY.year:
            errors["date"] = request.env._(
                "We cannot read this date. Please enter it as year-month-day."
            )
            return False
        if day and day > fields.Date.context_today(request.env["helpdesk.ticket"]):
            errors["date"] = request.env._("This date is in the future.")
        return day

    def _read_complaint_reason(self, text, errors):
        desk = request.env["helpdesk.ticket"]._complaint_portal_desk()
        reasons = self._get_complaint_reasons(desk.company_id or request.env.company)
        if not text or not reasons:
            return False
        if text not in map(str, reasons.ids):
            errors["reason"] = request.env._("Please choose a reason from the list.")
            return False
        return int(text)

    def _read_complaint_files(self):
        """The files sent with the form.

        :return: pairs of name and bytes, and a message when one cannot be taken
        """
        sent = [x for x in request.httprequest.files.getlist("files") if x.filename]
        if len(sent) > MAX_FILES:
            return [], request.env._(
                "You chose %(count)s files. Please send %(limit)s at most; you can add "
                "others afterwards, by message.",
                count=len(sent),
                limit=MAX_FILES,
            )
        files = []
        for upload in sent:
            name = self._clean_file_name(upload.filename)
            if os.path.splitext(name)[1].lower().lstrip(".") in REFUSED_EXTENSIONS:
                return [], request.env._(
                    "“%(file)s” is a kind of file that we cannot accept. Please send "
                    "a document or a picture.",
                    file=name,
                )
            content = upload.read(MAX_FILE_BYTES + 1)
            if len(content) > MAX_FILE_BYTES:
                return [], request.env._(
                    "“%(file)s” is larger than %(limit)s MB. Please send a smaller "
                    "file.",
                    file=name,
                    limit=MAX_FILE_BYTES // 1024 // 1024,
                )
            files.append((name, content))
        return files, None

    def _clean_file_name(self, name):
        """The last part of a file name, without what hides its extension."""
        name = name.replace("\\", "/").rsplit("/", 1)[-1]
        return "".join(x for x in name if x.isprintable()).strip(" .") or "file"

    # ------------------------------------------------------------------
    # One complaint
    # ------------------------------------------------------------------

    def _get_complaint(self, complaint_id):
        """The complaint, with the user's own rights; empty when he may not read it.

        No token opens a complaint.
        """
        try:
            self._document_check_access("helpdesk.ticket", complaint_id)
        except (AccessError, MissingError):
            return request.env["helpdesk.ticket"]
        complaint = request.env["helpdesk.ticket"].browse(complaint_id)
        if complaint.partner_id != request.env.user.partner_id:
            # A colleague may see the ticket and not the inside of the file.
            try:
                complaint._complaint_check_reader()
            except AccessError:
                return request.env["helpdesk.ticket"]
        return complaint.filtered("complaint_state")

    @http.route(
        "/my/complaints/<int:complaint_id>", type="http", auth="user", website=True
    )
    def portal_my_complaint(self, complaint_id, note=None, **kw):
        complaint = self._get_complaint(complaint_id)
        if not complaint:
            return request.redirect("/my")
        return self._render_complaint(complaint, note=note)

    def _render_complaint(self, complaint, **more):
        values = self._prepare_complaint_values(complaint)
        values.update(more)
        return request.render("helpdesk_complaint.portal_complaint_page", values)

    def _prepare_complaint_values(self, complaint):
        user = request.env.user
        is_his = complaint.partner_id == user.partner_id
        # sudo: helpdesk.ticket - what the page shows of it
        complaint = complaint.sudo()
        words, style = complaint._complaint_portal_state()
        window = complaint._complaint_portal_due("accept")
        due = complaint._complaint_portal_due("respond")
        return {
            **self._prepare_portal_layout_values(),
            "page_name": "complaint",
            "complaint": complaint,
            "object": complaint,
            "state": words,
            "style": style,
            "due": complaint._complaint_long_date(due),
            "is_late": due and due < fields.Date.context_today(complaint),
            "sent": complaint._complaint_long_date(complaint.complaint_sent_date),
            "received": self._complaint_day(complaint, complaint.complaint_received_at),
            "fact_date": complaint._complaint_long_date(complaint.complaint_fact_date),
            "timeline": complaint._complaint_portal_timeline(),
            "answer": complaint._complaint_portal_answer(),
            "letters": [
                (letter, self._complaint_day(complaint, letter.sent_at))
                for letter in complaint._complaint_portal_letters()
            ],
            "files": complaint._complaint_portal_files(),
            "recourse": complaint._complaint_portal_recourse(),
            "can_react": is_his
            and complaint.complaint_state == "answered"
            and not complaint._complaint_is_accepted(),
            "window": complaint._complaint_long_date(window),
        }

    @http.route(
        "/my/complaints/<int:complaint_id>/accept",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
        csrf=True,
    )
    def portal_complaint_accept(self, complaint_id, **post):
        return self._react(complaint_id, "accepted", lambda x: x.complaint_accept())

    @http.route(
        "/my/complaints/<int:complaint_id>/contest",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
        csrf=True,
    )
    def portal_complaint_contest(self, complaint_id, reason="", **post):
        complaint = self._get_complaint(complaint_id)
        reason = reason.strip()
        error = None
        if not reason:
            error = request.env._("Please tell us why you contest our answer.")
        elif len(reason) > MAX_TEXT:
            error = request.env._(
                "This is too long: please keep it under %(limit)s characters, or send "
                "the text as a file, by message.",
                limit=MAX_TEXT,
            )
        if complaint and error:
            return self._render_complaint(
                complaint, contest_error=error, contest_reason=reason
            )
        return self._react(
            complaint_id, "contested", lambda x: x.complaint_contest(reason)
        )

    def _react(self, complaint_id, note, act):
        """Take the complainant's reaction with his own rights; say what came of it."""
        complaint = self._get_complaint(complaint_id)
        if not complaint:
            return request.redirect("/my")
        # sudo: complaint.event - whether he has accepted already
        if complaint.sudo()._complaint_is_accepted():
            return request.redirect(f"/my/complaints/{complaint_id}?note=moved")
        try:
            with request.env.cr.savepoint():
                act(complaint)
        except AccessError:
            note = "not_yours"
        except UserError:
            note = "moved"
        return request.redirect(f"/my/complaints/{complaint_id}?note={note}")

    # ------------------------------------------------------------------
    # Letters and files
    # ------------------------------------------------------------------

    @http.route(
        "/my/complaints/<int:complaint_id>/file/<int:file_id>",
        type="http",
        auth="user",
        website=True,
        multilang=False,
    )
    def portal_complaint_file(self, complaint_id, file_id, **kw):
        """A file of the complaint that its page shows."""
        complaint = self._get_complaint(complaint_id)
        if not complaint:
            return request.redirect("/my")
        # sudo: ir.attachment - files of a complaint that the user may read
        files = complaint.sudo()._complaint_portal_files()
        return self._stream(files.filtered(lambda x: x.id == file_id))

    @http.route(
        "/my/complaints/<int:complaint_id>/letter/<int:letter_id>",
        type="http",
        auth="user",
        website=True,
        multilang=False,
    )
    def portal_complaint_letter(self, complaint_id, letter_id, **kw):
        """A letter that was sent to the complainant, as it was sent."""
        complaint = self._get_complaint(complaint_id)
        if not complaint:
            return request.redirect("/my")
        # sudo: complaint.letter - letters of a complaint that the user may read
        letters = complaint.sudo()._complaint_portal_letters()
        letter = letters.filtered(lambda x: x.id == letter_id)
        if request.httprequest.method == "GET":
            letter._note_reading()
        return self._stream(letter.attachment_id)

    @http.route(
        "/my/complaints/<int:complaint_id>/letter/<int:letter_id>/enclosure/<int:file_id>",
        type="http",
        auth="user",
        website=True,
        multilang=False,
    )
    def portal_complaint_enclosure(self, complaint_id, letter_id, file_id, **kw):
        """A file that left with a letter to the complainant."""
        complaint = self._get_complaint(complaint_id)
        if not complaint:
            return request.redirect("/my")
        # sudo: complaint.letter - letters of a complaint that the user may read
        letters = complaint.sudo()._complaint_portal_letters()
        letter = letters.filtered(lambda x: x.id == letter_id)
        return self._stream(letter.enclosure_ids.filtered(lambda x: x.id == file_id))

    @http.route("/helpdesk_complaint/letter/<int:letter_id>", type="http", auth="user")
    def complaint_letter(self, letter_id, **kw):
        """The frozen PDF of a letter, for those who may read the letter itself."""
        letter = request.env["complaint.letter"].browse(letter_id)
        if not letter.exists() or not letter.has_access("read"):
            return request.not_found()
        # sudo: ir.attachment - the letter is read above
        return self._stream(letter.sudo().attachment_id, as_attachment=False)

    def _stream(self, attachment, as_attachment=True):
        """The bytes of a file that the caller has checked, or “not found”."""
        if not attachment:
            return request.not_found()
        stream = request.env["ir.binary"]._get_stream_from(attachment, "raw")
        return stream.get_response(as_attachment=as_attachment)
