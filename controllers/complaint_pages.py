"""What the pages of a complaint have in common, whichever door one came by.

A door is how somebody reached a complaint: his account, or a link. It says what he
may do; the pages and what can be done on them are the same.
"""

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.http import content_disposition, request
from odoo.tools import email_normalize

from .complaint_form import MAX_TEXT, clean_text
from .files import MAX_FILE_BYTES, MAX_FILES, read_files


class AccountDoor:
    """Somebody with an account, who may read the complaint.

    :param complaint: the record, with the user's own rights
    """

    def __init__(self, complaint):
        self.own = complaint
        # sudo: helpdesk.ticket - what the page shows; the door says what it may do
        self.complaint = complaint.sudo()
        self.url = f"/my/complaints/{complaint.id}"
        self.partner = request.env.user.partner_id
        # one address, as they are counted: a contact may bear a list of them
        self.email = email_normalize(self.partner.email or "")
        self.may_act = self.complaint._complaint_may_act(self.partner)
        self.may_write = self.may_act
        self.is_full = True

    def take_step(self, method, *args):
        return getattr(self.own, method)(*args)

    def check_write(self):
        self.own._complaint_check_party()

    check_act = check_write

    def note_reading(self, letter):
        letter._note_reading()


class LinkDoor:
    """Somebody with a link that opens the complaint.

    :param link: a ``complaint.link`` that was found by its token, and opens
    """

    def __init__(self, link, token):
        self.link = link
        self.complaint = link.ticket_id
        self.url = f"/complaint/follow/{token}"
        self.partner = None
        self.email = link.email or self.complaint._complaint_party_email()[0]
        self.may_act = self.is_full = link._is_full()
        self.may_write = True

    def take_step(self, method, *args):
        return self.link._take_step(method, *args)

    def check_write(self):
        self.link._check_holder(full=False)

    def check_act(self):
        self.link._check_holder()

    def note_reading(self, letter):
        letter._note_reading_by_link(self.link)


class ComplaintPages:
    """The page of one complaint, and what can be done there."""

    def _render_complaint(self, door, **more):
        values = {**self._prepare_complaint_values(door), **more}
        values["text_limit"] = MAX_TEXT
        template = "portal_complaint_page" if door.partner else "complaint_follow_page"
        return private(request.render(f"helpdesk_complaint.{template}", values))

    def _prepare_complaint_values(self, door):
        complaint = door.complaint
        words, style = complaint._complaint_portal_state()
        window = complaint._complaint_portal_due("accept")
        due = complaint._complaint_portal_due("respond")
        full = door.is_full
        return {
            "page_name": "complaint",
            "door": door,
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
            "answer": full and complaint._complaint_portal_answer(),
            "letters": [
                (letter, self._complaint_day(complaint, letter.sent_at))
                for letter in complaint._complaint_portal_letters()
                if full
            ],
            "files": full and complaint._complaint_portal_files(),
            "messages": complaint._complaint_portal_messages() if full else [],
            "recourse": complaint._complaint_portal_recourse(),
            "can_react": door.may_act
            and complaint.complaint_state == "answered"
            and not complaint._complaint_is_accepted(),
            "can_rate": door.may_act and complaint._complaint_may_be_rated(),
            "rating": full and complaint.complaint_rating_ids[:1],
            "is_asked": bool(
                complaint._complaint_is_paused()
                and complaint._complaint_current_events("request_information")
            ),
            "window": complaint._complaint_long_date(window),
            "max_files": MAX_FILES,
            "max_file_size": MAX_FILE_BYTES // 1024 // 1024,
        }

    def _complaint_day(self, complaint, instant):
        day = instant and complaint._complaint_local_day(instant)
        return complaint._complaint_long_date(day)

    # ------------------------------------------------------------------
    # What can be done
    # ------------------------------------------------------------------

    def _accept(self, door):
        return self._react(door, "accepted", "complaint_accept")

    def _contest(self, door, post):
        reason = clean_text(post.get("reason"))
        error = None
        if not reason:
            error = request.env._("Please tell us why you contest our answer.")
        elif len(reason) > MAX_TEXT:
            error = self._too_long()
        if error:
            return self._render_complaint(
                door, contest_error=error, contest_reason=reason
            )
        return self._react(door, "contested", "complaint_contest", reason)

    def _react(self, door, note, method, *args):
        """Take the complainant's reaction with his own rights; say what came of it."""
        if door.complaint._complaint_is_accepted():
            return self._back(door, "moved")
        try:
            with request.env.cr.savepoint():
                door.take_step(method, *args)
        except AccessError:
            note = "not_yours"
        except UserError:
            note = "moved"
        return self._back(door, note)

    def _write(self, door, post):
        """Take a message, with files, into the complaint."""
        try:
            door.check_write()
        except AccessError:
            return self._back(door, "not_yours")
        text = clean_text(post.get("message"))
        files, error = read_files()
        if not error and not (text or files):
            error = request.env._("Please write something, or choose a file.")
        elif len(text) > MAX_TEXT:
            error = self._too_long()
        elif not error and not self._may_write(door):
            error = request.env._(
                "You wrote to us many times in the last hour. Please wait a little "
                "before you write again."
            )
        if error:
            return self._render_complaint(door, message_error=error, message_text=text)
        complaint = door.complaint._complaint_receive_message(
            text, files, door.partner, door.email
        )
        note = "written" if complaint == door.complaint else "linked"
        return self._back(door, note)

    def _may_write(self, door):
        throttle = request.env["complaint.throttle"]
        return throttle._allow("post", request.httprequest.remote_addr)

    def _ask_recourse(self, door):
        try:
            door.check_write()
        except AccessError:
            return self._back(door, "not_yours")
        throttle = request.env["complaint.throttle"]
        if not door.email or not throttle._allow("receipt", door.email):
            return self._back(door, "recourse_here")
        try:
            with request.env.cr.savepoint():
                door.complaint._complaint_ask_recourse(door.email)
        except UserError:
            return self._back(door, "recourse_here")
        return self._back(door, "recourse_sent")

    def _rate(self, door, post):
        try:
            door.check_act()
        except AccessError:
            return self._back(door, "not_yours")
        value = clean_text(post.get("rating"))
        feedback = clean_text(post.get("feedback"))
        error = None
        if value not in ("1", "2", "3", "4", "5"):
            error = request.env._("Please choose one of the five answers.")
        elif len(feedback) > MAX_TEXT:
            error = self._too_long()
        if error:
            return self._render_complaint(
                door, rating_error=error, rating_feedback=feedback
            )
        try:
            with request.env.cr.savepoint():
                door.complaint._complaint_rate(int(value), feedback, door.partner)
        except UserError:
            return self._back(door, "moved")
        return self._back(door, "rated")

    def _too_long(self):
        return request.env._(
            "This is too long: please keep it under %(limit)s characters, or send "
            "the text as a file, by message.",
            limit=MAX_TEXT,
        )

    def _back(self, door, note):
        return private(request.redirect(f"{door.url}?note={note}"))

    # ------------------------------------------------------------------
    # Letters and files
    # ------------------------------------------------------------------

    def _stream_file(self, door, file_id):
        if not door.is_full:
            return request.not_found()
        return self._stream(door.complaint._complaint_portal_file(file_id))

    def _stream_letter(self, door, letter_id):
        letter = self._find_letter(door, letter_id)
        if letter and request.httprequest.method == "GET":
            door.note_reading(letter)
        return self._stream(letter.attachment_id)

    def _stream_enclosure(self, door, letter_id, file_id):
        letter = self._find_letter(door, letter_id)
        return self._stream(letter.enclosure_ids.filtered(lambda x: x.id == file_id))

    def _find_letter(self, door, letter_id):
        letters = door.complaint._complaint_portal_letters()
        if not door.is_full:
            return letters.browse()
        return letters.filtered(lambda x: x.id == letter_id)

    def _stream_copy(self, door):
        """The complaint as it was sent, as PDF; made each time, so not too often."""
        if not self._may_write(door):
            return request.make_response("", status=429)
        lang = door.complaint.complaint_lang or request.env.lang
        complaint = door.complaint.with_context(lang=lang)
        content = complaint._complaint_copy_pdf(is_full=door.is_full)
        name = door.complaint._complaint_copy_name()
        return private(
            request.make_response(
                content,
                headers=[
                    ("Content-Type", "application/pdf"),
                    ("Content-Length", len(content)),
                    ("Content-Disposition", content_disposition(name)),
                    ("X-Content-Type-Options", "nosniff"),
                ],
            )
        )

    def _stream(self, attachment, as_attachment=True):
        """The bytes of a file that the caller has checked, or “not found”."""
        if not attachment:
            return request.not_found()
        stream = request.env["ir.binary"]._get_stream_from(attachment, "raw")
        return private(stream.get_response(as_attachment=as_attachment))


def private(response):
    """Keep a page about a person out of caches, other sites' logs and engines.

    Pictures and sounds of other servers are not loaded: they would tell them who reads
    what.
    """
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers.setdefault(
        "Content-Security-Policy", "img-src 'self' data:; media-src 'self'"
    )
    return response
