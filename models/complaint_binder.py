"""Bind several PDF files into one, with page numbers over the whole.

The pages stay as they are: what they show is untouched, and a number is laid over
them. The result says that it is an archivable file (PDF/A-3b) only if every part does.
"""

import hashlib
import io
from dataclasses import dataclass
from xml.sax.saxutils import escape

from odoo.tools.pdf import (
    ArrayObject,
    BooleanObject,
    ByteStringObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    PdfReaderBase,
    PdfWriter,
    generic,
)

PRODUCER = "Odoo, Helpdesk Complaint"
STAMP = "/ComplaintPageNumber"
XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
 xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<pdf:Producer>{producer}</pdf:Producer>{archive}
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""
ARCHIVE = """
<pdfaid:part>3</pdfaid:part>
<pdfaid:conformance>B</pdfaid:conformance>"""


@dataclass(frozen=True)
class Part:
    """One file of those that are bound, and what it is called in the bookmarks."""

    title: str
    pdf: bytes


def count_pages(pdf):
    """The number of pages of a file given as bytes."""
    return len(_read(pdf).pages)


def bind(parts, numbers, title, lang):
    """Bind files into one.

    :param parts: ``Part`` in their order
    :param bytes numbers: a file of as many pages as all parts together, which holds
        nothing but what is laid over each of them
    :param str title: of the whole
    :param str lang: code of its language
    :return: the file as bytes
    """
    writer = PdfWriter()
    writer.pdf_header = b"%PDF-1.7"
    readers = [_read(part.pdf) for part in parts]
    stamps = list(_read(numbers).pages)
    position = 0
    for part, reader in zip(parts, readers, strict=True):
        first = position
        for page in reader.pages:
            added = writer.add_page(page) or writer.pages[-1]
            _lay_over(writer, added, stamps[position])
            position += 1
        writer.add_outline_item(part.title, first)
    writer.pdf_header = b"%PDF-1.7"
    _describe(writer, readers, title, lang)
    digest = hashlib.sha256(b"".join(part.pdf for part in parts)).digest()[:16]
    writer._ID = ArrayObject([ByteStringObject(digest), ByteStringObject(digest)])
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()


def _read(pdf):
    return PdfReaderBase(io.BytesIO(pdf), strict=False)


def _lay_over(writer, page, stamp):
    """Lay one page over another; the streams of both stay byte for byte."""
    # Belongs to the tree of tags of the file that the page comes from.
    page.pop("/StructParents", None)
    resources = page.get("/Resources", DictionaryObject()).get_object()
    resources = DictionaryObject(resources)
    forms = DictionaryObject(resources.get("/XObject", DictionaryObject()).get_object())
    forms[NameObject(STAMP)] = writer._add_object(_as_form(stamp))
    resources[NameObject("/XObject")] = forms
    page[NameObject("/Resources")] = resources
    streams = []
    if "/Contents" in page:  # not on an empty page
        contents = page.raw_get("/Contents")
        old = contents.get_object()
        streams = list(old) if isinstance(old, ArrayObject) else [contents]
    page[NameObject("/Contents")] = ArrayObject(
        [
            _stream(writer, b"q\n"),
            *streams,
            _stream(writer, b"\nQ\nq %s Do Q\n" % STAMP.encode()),
        ]
    )


def _as_form(page):
    """A page as something that another page can show."""
    contents = page["/Contents"].get_object()
    form = DecodedStreamObject()
    if isinstance(contents, ArrayObject):
        form.set_data(b"\n".join(part.get_object().get_data() for part in contents))
    elif isinstance(contents, generic.EncodedStreamObject):
        form.set_data(contents.get_data())
    else:
        form.set_data(contents._data)
    form = form.flate_encode()
    form[NameObject("/Type")] = NameObject("/XObject")
    form[NameObject("/Subtype")] = NameObject("/Form")
    form[NameObject("/BBox")] = page["/MediaBox"]
    form[NameObject("/Resources")] = page["/Resources"].get_object()
    return form


def _stream(writer, data):
    stream = DecodedStreamObject()
    stream.set_data(data)
    return writer._add_object(stream)


def _describe(writer, readers, title, lang):
    """Title, language, and whether it is an archivable file."""
    root = writer._root_object
    intents = readers[0].trailer["/Root"].get("/OutputIntents")
    is_archive = bool(intents) and all(map(_is_archive, readers))
    xmp = DecodedStreamObject()
    xmp.set_data(
        XMP.format(
            title=escape(title),
            producer=escape(PRODUCER),
            archive=ARCHIVE if is_archive else "",
        ).encode()
    )
    xmp[NameObject("/Type")] = NameObject("/Metadata")
    xmp[NameObject("/Subtype")] = NameObject("/XML")
    root[NameObject("/Metadata")] = writer._add_object(xmp)
    root[NameObject("/Lang")] = generic.TextStringObject(lang.replace("_", "-"))
    root[NameObject("/ViewerPreferences")] = DictionaryObject(
        {NameObject("/DisplayDocTitle"): BooleanObject(True)}
    )
    if is_archive:
        root[NameObject("/OutputIntents")] = intents
    writer.add_metadata({"/Title": title, "/Producer": PRODUCER})


def _is_archive(reader):
    """Whether a file says of itself that it is made to be archived."""
    metadata = reader.trailer["/Root"].get("/Metadata")
    return bool(metadata) and b"pdfaid:part" in metadata.get_object().get_data()
