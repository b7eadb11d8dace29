import logging
import mimetypes
import threading
from urllib.parse import urlsplit

import lxml.html
import weasyprint
from lxml.html.builder import E
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import file_path
from odoo.tools.pdf import merge_pdf

_logger = logging.getLogger(__name__)

# Every line of Odoo's style sheet that a printer has no use for is a warning.
logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
logging.getLogger("fontTools").setLevel(logging.WARNING)

# Where relative addresses of a letter point to: nowhere on the network.
ORIGIN = "http://letter.invalid/"
LETTER = "helpdesk_complaint.report_complaint_letter"

# Running header and footer, page numbers: what wkhtmltopdf does with separate files.
PAGE_CSS = """
@page {
    size: A4;
    margin: 42mm 20mm 28mm 20mm;
    @top-left { content: element(header); width: 100%; vertical-align: top;
                padding-top: 10mm; }
    @bottom-left { content: element(footer); width: 100%; vertical-align: top;
                   padding-top: 7mm; }
}
html { font-size: 10pt; }
body, main, #wrapwrap, .article { display: block !important; margin: 0 !important;
                                  padding: 0 !important; max-width: none !important;
                                  width: auto !important; }
body { overflow-wrap: anywhere; line-height: 1.38; }
.complaint_text > p:nth-last-of-type(-n+3) { break-after: avoid; }
.header { position: running(header); width: 170mm; display: table;
          font-size: 8.5pt; line-height: 1.3; }
.header > div { display: table-cell; vertical-align: top; width: 50%; }
.header > div + div { text-align: right; }
.header > div > * { width: 100%; max-width: none; padding: 0; }
.header > div > img { width: auto; max-width: 70mm; }
.header ul, .header p { margin: 0; }
.header svg, .footer svg { display: none; }
.footer { position: running(footer); width: 170mm; font-size: 8pt; }
.page::after { content: counter(page); }
.topage::after { content: counter(pages); }
.header img { max-height: 18mm; max-width: 70mm; }
.address.row { display: block; margin: 0 0 8mm 0; }
.address [name="address"] { width: 75mm; margin-left: 95mm; padding: 0; }
h2, h3, h4 { font-size: 11pt; font-weight: bold; margin: 4mm 0 1.5mm 0; }
table { width: 100%; }
img { max-width: 100%; }
thead { display: table-header-group; }
p, li { orphans: 3; widows: 3; }
.complaint_seal { position: fixed; bottom: -5mm; left: 0; font-size: 6pt; }
.complaint_draft { position: fixed; top: 90mm; left: 25mm; font-size: 90pt;
                   color: #e9e9e9; transform: rotate(-35deg); z-index: -1; }
"""


class LetterFetcher(URLFetcher):
    """Serves data addresses and the addons' static files; nothing else.

    A refused address leaves its image out; a letter never calls the network.
    """

    def __init__(self):
        super().__init__(allowed_protocols=("data",))

    def fetch(self, url, headers=None):
        """Return the content of an address of the page.

        :raises ValueError: for anything that is not part of the letter
        """
        parts = urlsplit(url)
        if f"{parts.scheme}://{parts.netloc}/" != ORIGIN:
            return super().fetch(url, headers)
        path = parts.path.lstrip("/")
        if path.startswith("web/assets/"):
            return URLFetcherResponse(url, b"", {"Content-Type": "text/css"})
        if "/static/" not in path:
            raise ValueError(f"{path[:80]} is not part of the letter")
        with open(file_path(path), "rb") as file:
            kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
            return URLFetcherResponse(url, file.read(), {"Content-Type": kind})


FETCHER = LetterFetcher()

# WeasyPrint's font configuration is not made for threads.
_lock = threading.Lock()
_styles = {}


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    def _render_qweb_pdf(self, report_ref, res_ids=None, data=None):
        """Print letters with WeasyPrint, and a sent letter as it was sent."""
        report = self._get_report(report_ref)
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

    def _complaint_render_pdf(self, report_ref, res_ids):
        """Render a report through the company's layout with WeasyPrint.

        Nothing is fetched from the network: styles come from the database, images
        are in the page, and any other address is refused.

        :return: the PDF as bytes
        :raises UserError: when the PDF cannot be made; nothing was sent then
        """
        html, _kind = self._render_qweb_html(
            report_ref, res_ids, data={"report_type": "pdf"}
        )
        if isinstance(html, bytes):
            html = html.decode()
        try:
            with _lock:
                styles, fonts = self._complaint_styles()
                return weasyprint.HTML(
                    string=_arrange(html), base_url=ORIGIN, url_fetcher=FETCHER
                ).write_pdf(stylesheets=styles, font_config=fonts)
        except Exception as error:
            _logger.exception("Letter could not be printed")
            raise UserError(
                self.env._(
                    "The PDF could not be made, so nothing was sent: %(reason)s",
                    reason=error,
                )
            ) from error

    def _complaint_styles(self):
        """Parse Odoo's report styles once a process and version: it is the slow part.

        :return: ``(stylesheets, font configuration)``
        """
        bundle = self.env["ir.qweb"]._get_asset_bundle(
            "web.report_assets_common", css=True, js=False, autoprefix=True
        )
        version = (self.env.cr.dbname, bundle.get_version("css"))
        if version not in _styles:
            _styles.clear()
            # sudo: ir.attachment - the generated style sheet
            css = "".join(bundle.css().sudo().mapped(lambda x: x.raw.decode()))
            fonts = FontConfiguration()
            _styles[version] = (
                [
                    weasyprint.CSS(
                        string=css,
                        base_url=ORIGIN,
                        url_fetcher=FETCHER,
                        font_config=fonts,
                    ),
                    weasyprint.CSS(string=PAGE_CSS, font_config=fonts),
                ],
                fonts,
            )
        return _styles[version]


def _arrange(html):
    """Put the company's layout into the order that a paged medium needs.

    Odoo's layouts place the footer after the text, where only the last page would
    have it, and the header's logo above the address, which would leave no room for
    the letter. The logo goes left, the address right, the footer first.
    """
    root = lxml.html.document_fromstring(html)
    for header in root.find_class("header"):
        footer = next(
            (
                sibling
                for sibling in header.itersiblings()
                if "footer" in (sibling.get("class") or "").split()
            ),
            None,
        )
        if footer is not None:
            header.addnext(footer)
        logo, address = E.DIV(*header.xpath(".//img")[:1]), E.DIV()
        address.extend(header.xpath(".//*[@name='company_address']"))
        address.extend(header.find_class("o_company_tagline"))
        if len(logo) or len(address):
            for child in list(header):
                header.remove(child)
            header.extend([logo, address])
    return lxml.html.tostring(root, encoding="unicode", doctype="<!DOCTYPE html>")
