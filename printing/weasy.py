"""WeasyPrint as letters use it; importing this module needs its library Pango."""

import io
import logging
import mimetypes
import threading
from urllib.parse import urlsplit
from xml.etree.ElementTree import fromstring, register_namespace, tostring

import pydyf
import weasyprint
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from odoo.tools import file_open, file_path

# Every line of Odoo's style sheet that a printer has no use for is a warning.
logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
logging.getLogger("weasyprint.progress").setLevel(logging.CRITICAL)
logging.getLogger("fontTools").setLevel(logging.WARNING)

# Where relative addresses of a letter point to: nowhere on the network.
ORIGIN = "http://letter.invalid/"
# Archived and read aloud: ISO 19005-3 level A, tagged as ISO 14289-1 asks.
VARIANT = "pdf/a-3a"

# That the file also keeps ISO 14289-1, and what that word of the metadata means:
# ISO 19005 wants every word described that it does not know itself.
UA_METADATA = """
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"
    xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
    xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
    xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<rdf:Description rdf:about=""><pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about=""><pdfaExtension:schemas><rdf:Bag>
<rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
</rdf:RDF>
"""

# ISO 19005 fixes these prefixes, too.
for _prefix, _rest in {"Extension": "extension/", "Schema": "schema#"}.items():
    register_namespace(f"pdfa{_prefix}", f"http://www.aiim.org/pdfa/ns/{_rest}")
register_namespace("pdfaProperty", "http://www.aiim.org/pdfa/ns/property#")

# WeasyPrint's font configuration is not made for threads.
_lock = threading.Lock()
_styles = {}


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


def write(html, sheets, version, get_css, attachments=()):
    """Print a page.

    :param str html: the whole page
    :param sheets: names of our own style sheets, beside this file
    :param version: of Odoo's style sheet; it is parsed once a version
    :param get_css: called without arguments for its text when it is new
    :param attachments: ``(name, description, text, datetime)`` of files to embed
    :return: the PDF as bytes
    """
    with _lock:
        styles, fonts = _parsed(version, get_css)
        document = weasyprint.HTML(
            string=html, base_url=ORIGIN, url_fetcher=FETCHER
        ).render(
            stylesheets=[styles[""], *(styles[sheet] for sheet in sheets)],
            font_config=fonts,
            pdf_variant=VARIANT,
        )
        _declare_accessible(document.metadata)
        return document.write_pdf(
            pdf_variant=VARIANT,
            finisher=_complete,
            attachments=[_attachment(*attachment) for attachment in attachments],
        )


def _parsed(version, get_css):
    """Style sheets by name, Odoo's own under the empty one, and their fonts.

    Parsing is the slow part, so it is done once a process and version.
    """
    if version not in _styles:
        _styles.clear()
        fonts = FontConfiguration()
        texts = {"": get_css(), **{name: _read(name) for name in SHEETS}}
        _styles[version] = (
            {
                name: weasyprint.CSS(
                    string=text,
                    base_url=ORIGIN,
                    url_fetcher=FETCHER,
                    font_config=fonts,
                )
                for name, text in texts.items()
            },
            fonts,
        )
    return _styles[version]


SHEETS = ("page", "letter", "window_right", "window_left")


def _read(name):
    with file_open(f"helpdesk_complaint/printing/{name}.css") as file:
        return file.read()


def _attachment(name, description, text, at):
    return weasyprint.Attachment(
        file_obj=io.BytesIO(text.encode()),
        name=name,
        description=description,
        created=at,
        modified=at,
        relationship="Data",
    )


def _declare_accessible(metadata):
    """Add to the document's metadata that it keeps ISO 14289-1.

    WeasyPrint declares one standard at a time, and what its option ``xmp_metadata``
    takes stands outside the only block that readers of metadata look at.
    """
    generate = metadata.generate_rdf_metadata

    def with_accessibility(*args):
        rdf = fromstring(generate(*args))
        rdf.extend(fromstring(UA_METADATA))
        return tostring(rdf, encoding="utf-8")

    metadata.generate_rdf_metadata = with_accessibility


def _complete(document, pdf):
    """Say what WeasyPrint leaves out or says twice: what a heading of a table is the
    heading of, and which files the document has."""
    elements = {
        element.reference: element
        for element in pdf.objects
        if isinstance(element, dict) and element.get("Type") == "/StructElem"
    }
    for element in elements.values():
        if element["S"] == "/TH":
            row = elements.get(element["P"], {})
            group = elements.get(row.get("P"), {})
            is_column = group.get("S") == "/THead"
            element["A"]["Scope"] = "/Column" if is_column else "/Row"
    if "AF" in pdf.catalog:
        pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(pdf.catalog["AF"]))
