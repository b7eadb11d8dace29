import hashlib

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

COPY_WAYS = [
    ("handed", "Handed over"),
    ("email", "By e-mail"),
    ("post", "By post"),
]


class HelpdeskTicket(models.Model):
    """1. What the complainant gets of what was written down: read back, and a copy."""

    _inherit = "helpdesk.ticket"

    complaint_read_back_at = fields.Datetime(
        "Read back on",
        readonly=True,
        copy=False,
        help="When it was read back to the complainant, who agreed to the words.",
    )
    complaint_read_back_by_id = fields.Many2one(
        "res.users", "Read back by", readonly=True, copy=False
    )
    complaint_copy_given = fields.Selection(
        COPY_WAYS,
        "Copy given",
        readonly=True,
        copy=False,
        help="How the complainant got a copy of his complaint.",
    )
    complaint_copy_given_at = fields.Datetime(
        "Copy given on", readonly=True, copy=False
    )

    def complaint_read_back(self):
        """Note that what was written down was read back, and that it is right.

        :return: True
        :raises UserError: for what the complainant wrote himself
        """
        self._complaint_check_reporter()
        self._complaint_check_open_copy()
        for ticket in self:
            if ticket.complaint_medium != "oral":
                raise UserError(
                    self.env._(
                        "%(ticket)s: the complainant wrote it himself, so there is "
                        "nothing to read back. Correct the medium if it was spoken.",
                        ticket=ticket.display_name,
                    )
                )
        self.sudo().write(  # sudo: helpdesk.ticket - step fields
            {
                "complaint_read_back_at": fields.Datetime.now(),
                "complaint_read_back_by_id": self.env.uid,
            }
        )
        self._complaint_log("read_back")
        return True

    def complaint_give_copy(self, way):
        """Give the complainant a copy of his complaint, and keep the same file.

        By e-mail it is sent; handed over or posted by whoever prints it.

        :param str way: ``"handed"``, ``"email"`` or ``"post"``
        :return: the ``ir.attachment`` records: the copies as they were given
        :raises UserError: for another way, or an e-mail without address
        """
        self._complaint_check_reporter()
        self._complaint_check_open_copy()
        if way not in dict(COPY_WAYS):
            raise UserError(
                self.env._(
                    "%(ticket)s: a copy is given “handed”, “email” or “post”, not "
                    "“%(way)s”.",
                    ticket=self[:1].display_name,
                    way=way,
                )
            )
        files = self.env["ir.attachment"]
        for ticket in self:
            if way == "email" and not ticket._complaint_copy_address():
                raise UserError(
                    self.env._(
                        "%(ticket)s: there is no e-mail address to send the copy to. "
                        "Enter one, or hand the copy over.",
                        ticket=ticket.display_name,
                    )
                )
            file = ticket._complaint_keep_copy()
            if way == "email":
                ticket._complaint_mail_copy(file)
            files |= file
        self.sudo().write(  # sudo: helpdesk.ticket - step fields
            {
                "complaint_copy_given": way,
                "complaint_copy_given_at": fields.Datetime.now(),
            }
        )
        self._complaint_log(
            "copy_given",
            data={
                "by_ticket": {
                    file.res_id: {
                        "way": way,
                        "file": file.id,
                        "checksum": hashlib.sha256(file.raw).hexdigest(),
                    }
                    for file in files.sudo()  # sudo: ir.attachment - its digest
                }
            },
        )
        return files

    def _complaint_check_open_copy(self):
        """Raise for what is no complaint, or is one no longer."""
        for ticket in self:
            if ticket.complaint_state in (False, "archived", "erased"):
                raise UserError(
                    self.env._(
                        "%(ticket)s is no complaint, or was archived: nothing is read "
                        "back or copied. Report it as a complaint, or reopen it, "
                        "first.",
                        ticket=ticket.display_name,
                    )
                )

    def _complaint_copy_address(self):
        return self.partner_email or self.partner_id.email

    def _complaint_keep_copy(self):
        """The copy as it is given, among the files of the ticket."""
        # sudo: ir.attachment - an agent may be allowed to add none
        return (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": self._complaint_copy_name(),
                    "raw": self._complaint_copy_pdf(),
                    "mimetype": "application/pdf",
                    "res_model": self._name,
                    "res_id": self.id,
                }
            )
            .sudo(False)
        )

    def _complaint_mail_copy(self, file):
        """Send the copy in an e-mail of its own, which no blacklist stops."""
        # sudo: helpdesk.ticket, mail.mail - an agent may not create mails
        ticket = self.sudo()
        spoken = ticket._complaint_in_language()
        ticket._complaint_queue_mail(
            self._complaint_copy_address(),
            "mail_complaint_copy",
            subject=spoken.env._(
                "Copy of your complaint %(number)s", number=spoken.complaint_reference
            ),
            author_id=self.env.user.partner_id.id,
            attachment_ids=[Command.link(file.id)],
            # a colleague sends it, and it is kept as it left
            headers=False,
            auto_delete=False,
            is_notification=False,
        )

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------

    def action_complaint_copy(self):
        """Open the copy as it is today."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/helpdesk_complaint/copy/{self.id}",
            "target": "new",
        }

    def action_complaint_give_copy(self):
        """Give a copy in the way that the context names, and open what is printed."""
        self.ensure_one()
        way = self.env.context.get("complaint_copy_way")
        file = self.complaint_give_copy(way)
        return self._complaint_show_copy(file) if way != "email" else True

    def _complaint_last_copy(self):
        """The copy that was given last, as it was kept."""
        # sudo: complaint.event - which file that was
        events = self.sudo().complaint_event_ids.sorted("sequence")
        given = events.filtered(lambda event: event.event == "copy_given")[-1:]
        ids = [given._data()["file"]] if given else []
        return self.env["ir.attachment"].browse(ids).exists()

    def _complaint_show_copy(self, file, then=None):
        """Open a copy that was kept, then something else, the same page by default."""
        return {
            "type": "ir.actions.client",
            "tag": "helpdesk_complaint.open_file",
            "params": {
                "url": f"/web/content/{file.id}",
                "next": then or {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
