"""Many PDF files in one, written as it is read: no more than one is in memory."""

import io

from odoo.tools.pdf import ArrayObject, DictionaryObject, IndirectObject, generic, pypdf

# What a sheet of paper needs of a page. Links and the structure for reading aloud
# point to other pages, which may not be in the file.
PAGE_KEYS = ("/MediaBox", "/CropBox", "/Rotate", "/Resources", "/Contents", "/Group")


class PdfJoiner:
    """Joins files page by page; objects get new numbers and are not decoded."""

    def __init__(self, out):
        """:param out: binary file open for writing"""
        self.out = out
        self.size = 0
        self.offsets = {}
        self.count = 0
        self.pages = []
        self._write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
        self.catalog, self.tree = self._number(), self._number()

    def add(self, content, on_new_sheet=False):
        """Add the pages of one file.

        :param bytes content: a PDF
        :param bool on_new_sheet: begin on a page with an odd number, after an empty
            page if need be, so that no sheet printed on both sides has two letters
        """
        reader = pypdf.PdfReader(io.BytesIO(content), strict=False)
        known, waiting = {}, []
        for page in reader.pages:
            if on_new_sheet and len(self.pages) % 2:
                self._add_page({"/MediaBox": page.mediabox}, known, waiting)
            on_new_sheet = False
            kept = {key: page.raw_get(key) for key in PAGE_KEYS if key in page}
            self._add_page(kept, known, waiting)
        while waiting:
            number, reference = waiting.pop()
            self._write_object(number, reference.get_object(), known, waiting)

    def close(self):
        """Write the table of contents of the file, without which it is none."""
        kids = b" ".join(b"%d 0 R" % number for number in self.pages)
        self._begin(self.tree)
        self._write(
            b"<< /Type /Pages /Count %d /Kids [%s] >>\nendobj\n"
            % (len(self.pages), kids)
        )
        self._begin(self.catalog)
        self._write(b"<< /Type /Catalog /Pages %d 0 R >>\nendobj\n" % self.tree)
        start = self.size
        self._write(b"xref\n0 %d\n0000000000 65535 f \n" % (self.count + 1))
        for number in range(1, self.count + 1):
            self._write(b"%010d 00000 n \n" % self.offsets[number])
        self._write(
            b"trailer\n<< /Size %d /Root %d 0 R >>\nstartxref\n%d\n%%%%EOF\n"
            % (self.count + 1, self.catalog, start)
        )

    def _add_page(self, values, known, waiting):
        number = self._number()
        self.pages.append(number)
        self._begin(number)
        self._write(b"<< /Type /Page /Parent %d 0 R " % self.tree)
        for key, value in values.items():
            self._write(b"%s %s " % (key.encode(), self._text(value, known, waiting)))
        self._write(b">>\nendobj\n")

    def _write_object(self, number, value, known, waiting):
        text = self._text(value, known, waiting)
        self._begin(number)
        self._write(text)
        if isinstance(value, generic.StreamObject):
            self._write(b"\nstream\n%s\nendstream" % _bytes(value._data))
        self._write(b"\nendobj\n")

    def _text(self, value, known, waiting):
        """An object as it is written, with the numbers that it has in this file."""
        if isinstance(value, IndirectObject):
            key = (value.idnum, value.generation)
            if key not in known:
                known[key] = self._number()
                waiting.append((known[key], value))
            return b"%d 0 R" % known[key]
        if isinstance(value, DictionaryObject):
            items = dict(value.items())
            if isinstance(value, generic.StreamObject):
                items["/Length"] = generic.NumberObject(len(_bytes(value._data)))
            parts = (
                b"%s %s" % (_plain(generic.NameObject(key)), self._text(*rest))
                for key, rest in (
                    (key, (item, known, waiting)) for key, item in items.items()
                )
            )
            return b"<< %s >>" % b" ".join(parts)
        if isinstance(value, ArrayObject):
            parts = (self._text(item, known, waiting) for item in value)
            return b"[%s]" % b" ".join(parts)
        return _plain(value)

    def _number(self):
        self.count += 1
        return self.count

    def _begin(self, number):
        self.offsets[number] = self.size
        self._write(b"%d 0 obj\n" % number)

    def _write(self, text):
        self.out.write(text)
        self.size += len(text)


def _bytes(data):
    return data if isinstance(data, bytes) else data.encode("latin-1")


def _plain(value):
    out = io.BytesIO()
    value.write_to_stream(out, None)
    return out.getvalue()
