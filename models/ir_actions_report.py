import logging

from odoo import models
from odoo.exceptions import UserError
from odoo.tools.pdf import merge_pdf

from ..printing import images, layout
from .helpdesk_ticket_copy import COPY

_logger = logging.getLogger(__name__)

LETTER = "helpdesk_complaint.report_complaint_letter"


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    def _render_qweb_pdf(self, report_ref, res_ids=None, data=None):
        """Print letters with WeasyPrint, and a sent letter as it was sent."""
        report = self._get_report(report_ref)
        if report.report_name == COPY:
            tickets = self.env["helpdesk.ticket"].browse(res_ids or [])
            tickets.check_access("read")
            files = [ticket._complaint_copy_pdf() for ticket in tickets]
            return (files[0] if len(files) == 1 else merge_pdf(files)), "pdf"
        if report.report_name != LETTER:
            return super()._render_qweb_pdf(report_ref, res_ids=res_ids, data=data)
        letters = self.env["complaint.letter"].browse(res_ids or [])
        letters.check_access("read")
        files = [
            # sudo: ir.attachment - the letter itself may be read
            letter.sudo().attachment_id.raw or letter._render_pdf()
            for letter in letters
        ]
        return (files[0] if len(files) == 1 else merge_pdf(files)), "pdf"

    def _complaint_render_pdf(self, report_ref, res_ids, company=None, title=None):
        """Render a report through the company's layout with WeasyPrint.

        Nothing is fetched from the network: styles come from the database, images
        are in the page, and any other address is refused. The file is made to be
        archived (PDF/A-3, level A) and to be read aloud (PDF/UA). A letter has its
        address in the window of the envelope and, once sent, the facts of its file
        as an attachment.

        :param company: of a document that is posted like a letter, with its address
            in the window; that of a letter is known
        :param str title: of the document; that of a letter is known
        :return: the PDF as bytes
        :raises UserError: when the PDF cannot be made; nothing was sent then
        """
        letters = self.env["complaint.letter"]
        if self._get_report(report_ref).report_name == LETTER:
            letters = letters.browse(res_ids)
        # sudo: res.company - where the window of its envelopes is
        company = (company or letters[:1].company_id).sudo()
        html, _kind = self._render_qweb_html(
            report_ref, res_ids, data={"report_type": "pdf"}
        )
        if isinstance(html, bytes):
            html = html.decode()
        side = company._complaint_window_side() if company else None
        bundle = self.env["ir.qweb"]._get_asset_bundle(
            "web.report_assets_common", css=True, js=False, autoprefix=True
        )
        try:
            page = layout.arrange(
                letters._with_pictures(html),
                side=side,
                picture=self.env._("Picture"),
                title=title or letters[:1]._pdf_title(),
            )
            return self._complaint_printer().write(
                page,
                ("page", "letter", f"window_{side}") if side else ("page",),
                version=(self.env.cr.dbname, bundle.get_version("css")),
                # sudo: ir.attachment - the generated style sheet
                get_css=lambda: "".join(
                    file.raw.decode() for file in bundle.css().sudo()
                ),
                attachments=letters._pdf_attachments(),
            )
        except images.PictureError as error:
            raise UserError(self._complaint_picture_words(error, company)) from error
        except UserError:
            raise
        except Exception as error:
            _logger.exception("Letter could not be printed")
            raise UserError(
                self.env._(
                    "The PDF could not be made, so nothing was sent: %(reason)s",
                    reason=error,
                )
            ) from error

    def _complaint_printer(self):
        """The module that prints, loaded by the first letter.

        Odoo starts, and everything but letters works, where it cannot be.

        :raises UserError: naming what to install
        """
        try:
            from ..printing import weasy
        except (ImportError, OSError) as error:
            _logger.exception("WeasyPrint cannot be loaded")
            raise UserError(
                self.env._(
                    "The PDF could not be made, so nothing was sent: WeasyPrint "
                    "cannot be loaded on the server (%(reason)s). Install the Python "
                    "package “weasyprint” and the system library Pango (Debian: "
                    "libpango-1.0-0 and libpangoft2-1.0-0), then restart Odoo.",
                    reason=error,
                )
            ) from error
        return weasy

    def _complaint_picture_words(self, error, company):
        if error.is_logo:
            return self.env._(
                "The PDF could not be made, so nothing was sent: the logo of "
                "%(company)s cannot be printed (%(reason)s). Replace it in Settings / "
                "Users & Companies / Companies by a PNG or JPEG file under 9 MB.",
                company=company.name,
                reason=error,
            )
        return self.env._(
            "The PDF could not be made, so nothing was sent: a picture in the text "
            "cannot be printed (%(reason)s). Replace it by a PNG or JPEG file under "
            "9 MB, or take it out.",
            reason=error,
        )
