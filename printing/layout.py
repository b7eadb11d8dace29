"""The page of a report as Odoo's layouts make it, put in order for paper."""

import math
import unicodedata

import lxml.html
from lxml.html.builder import DIV

from . import images

# Millimetres that a line of the head and of the foot takes, and what there is.
HEAD_LINE, HEAD_ROOM = 3.9, 27
FOOT_LINE, FOOT_ROOM = 3.45, 14
# Of the recipient's address, by window.
WINDOW_ROOM = {"right": 24, "left": 27}
WINDOW_LINES = 6
# In the margin, for folding and punching.
MARKS = {"right": (), "left": ("fold1", "hole", "fold2")}
# Letters on a line before it breaks.
HEAD_WIDTH, FOOT_WIDTH, WINDOW_WIDTH = 55, 130, 42
BLOCKS = ("p", "li", "td", "th", "div", "h1", "h2", "h3", "h4", "h5", "h6")
BREAKS = frozenset({*BLOCKS, "br", "ul", "ol", "tr"})


def arrange(html, side=None, picture="", title=""):
    """Put the company's layout into the order that a paged medium needs.

    Odoo's layouts place the footer after the text, where only the last page would
    have it, and the address where each of them likes. Here the logo goes left and
    the company's address right, the footer comes first, and of a letter the address
    of the recipient stands in the window of the envelope.

    Head, foot and address have the room they have: what needs more is set smaller.

    :param str side: where a letter's window is, ``"right"`` or ``"left"``
    :param str picture: read aloud for a picture that has no words of its own
    :param str title: of the document, for those who cannot see it
    :return: the HTML of the page
    :raises images.PictureError: for a picture that cannot be printed
    """
    # pictures are in the page: attributes may be longer than 10 MB
    parser = lxml.html.HTMLParser(huge_tree=True)
    root = lxml.html.document_fromstring(html, parser=parser)
    for script in root.xpath("//script | //link"):
        script.drop_tree()
    for found in root.xpath("//title"):
        found.text = title or found.text
    for header in root.find_class("header"):
        article = _next(header, "article")
        footer = _next(header, "footer")
        if footer is not None:
            header.addnext(footer)
            _arrange_foot(footer, article)
        _arrange_head(header)
        if article is not None and side:
            _arrange_address(article, side)
    for text in root.find_class("complaint_text"):
        _order_headings(text)
    for table in root.iter("table"):
        _name_columns(table)
    for image in root.iter("img"):
        images.prepare(image, picture)
    _set_directions(root)
    return lxml.html.tostring(root, encoding="unicode", doctype="<!DOCTYPE html>")


def _next(element, name):
    return next(
        (
            sibling
            for sibling in element.itersiblings()
            if name in (sibling.get("class") or "").split()
        ),
        None,
    )


def _arrange_head(header):
    logo, address = DIV(*header.xpath(".//img")[:1]), DIV()
    address.extend(header.xpath(".//*[@name='company_address']"))
    address.extend(header.find_class("o_company_tagline"))
    if len(logo) or len(address):
        for block in address.iter("div", "ul"):
            block.attrib.pop("class", None)  # columns of the layout
        for child in list(header):
            header.remove(child)
        header.extend([logo, address])
        _fit(address, 8.5, HEAD_LINE, HEAD_ROOM, HEAD_WIDTH)


def _arrange_foot(footer, article):
    """The seal and the number of the page, and what the company writes below them."""
    number = next(iter(footer.find_class("page")), None)
    folio = DIV({"class": "complaint_folio"})
    if number is not None:
        folio.append(number.getparent())
    seal = DIV({"class": "complaint_sealed"})
    if article is not None:
        seal.extend(article.find_class("complaint_seal"))
    house = DIV({"class": "complaint_house"})
    house.text = footer.text
    house.extend(list(footer))
    for shape in house.xpath(".//svg"):
        shape.drop_tree()
    for element in house.iterdescendants():
        element.attrib.pop("class", None)  # columns and rules of the layout
    footer.text = None
    footer.append(DIV(seal, folio, {"class": "complaint_foot"}))
    if house.text_content().strip() or house.xpath(".//img"):
        footer.append(house)
        _fit(house, 7.5, FOOT_LINE, FOOT_ROOM, FOOT_WIDTH)


def _arrange_address(article, side):
    """The recipient's address first, whatever the layout has put around it."""
    parts = [
        part
        for name in ("complaint_window", "page_body")
        for part in article.find_class(name)[:1]
    ]
    for child in list(article):
        article.remove(child)
    for mark in MARKS[side]:
        article.append(DIV({"class": f"complaint_mark complaint_mark_{mark}"}))
    article.extend(parts)
    for window in article.find_class("complaint_window"):
        blocks = window.find_class("complaint_to")
        count = sum(_count_lines(block, WINDOW_WIDTH) for block in blocks)
        if count > WINDOW_LINES:
            line = WINDOW_ROOM[side] / count
            size = min(9.5, 2.2 * line)
            for block in blocks:
                block.set(
                    "style", f"font-size: {size:.2f}pt; line-height: {line:.2f}mm"
                )


def _fit(block, size, line, room, width):
    """Set a block smaller until its lines fit, in points and millimetres."""
    count = _count_lines(block, width)
    if count * line > room:
        small = max(3.5, size * room / (count * line))
        block.set("style", f"font-size: {small:.2f}pt")


def _count_lines(block, width):
    """About how many lines a block takes, at so many letters a line."""
    parts = [block.text or ""]
    for element in block.iterdescendants():
        if element.tag in BREAKS:
            parts.append("\n")
        parts += [element.text or "" if isinstance(element.tag, str) else ""]
        if element.tag in BREAKS and element.tag != "br":
            parts.append("\n")
        parts.append(element.tail or "")
    lines = [line.strip() for line in "".join(parts).splitlines()]
    return sum(math.ceil(len(line) / width) for line in lines if line)


def _order_headings(text):
    """Headings follow the subject, which is the first, without leaving out a level."""
    levels = [1]
    given = [0]
    for heading in text.iter("h1", "h2", "h3", "h4", "h5", "h6"):
        wanted = int(heading.tag[1])
        while len(given) > 1 and given[-1] >= wanted:
            given.pop()
            levels.pop()
        given.append(wanted)
        levels.append(min(levels[-1] + 1, 6))
        heading.tag = f"h{levels[-1]}"


def _name_columns(table):
    """A first row of headings is repeated on each page and named as such."""
    head = next(table.iterchildren("thead"), None)
    if head is None:
        row = next(table.iter("tr"), None)
        cells = [] if row is None else list(row.iterchildren("td", "th"))
        if not cells or any(cell.tag != "th" for cell in cells):
            return
        head = table.makeelement("thead")
        head.append(row)
        table.insert(0, head)
    for cell in head.iter("td", "th"):
        cell.tag = "th"
        cell.set("scope", "col")


def _set_directions(root):
    """Text whose first strong letter runs from right to left does so as a whole."""
    for block in root.iter(*BLOCKS):
        if block.get("dir") or any(child.tag in BLOCKS for child in block):
            continue
        strong = next(
            (
                kind
                for kind in map(unicodedata.bidirectional, block.text_content())
                if kind in ("L", "R", "AL")
            ),
            None,
        )
        if strong in ("R", "AL"):
            block.set("dir", "rtl")
