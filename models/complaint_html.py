"""What a text of a letter holds: its words, its blocks, what may not be in it.

Pure functions on strings, for templates, drafts and what is typed on a screen.
"""

import re

import lxml.etree
import lxml.html

# A word in braces that stands for a fact of the file.
PLACEHOLDER = re.compile(r"\{([^\W\d]\w*)\}")
# The European platform for online disputes is closed since 20 July 2025.
ODR_PLATFORM = "ec.europa.eu/consumers/odr"
# Code, other pages and forms have no place in a letter.
FORBIDDEN_TAGS = frozenset(
    {"script", "iframe", "frame", "frameset", "object", "embed", "applet", "base"}
    | {"form", "input", "select", "textarea", "audio", "video", "source"}
)
ADDRESSES = ("href", "src", "srcset", "action", "formaction", "background", "poster")
RUNNING_SCHEMES = ("javascript:", "vbscript:", "data:text/html")
REMOTE = re.compile(r"(?:\w+:)?//", re.ASCII)
STYLE_URL = re.compile(r"url\(\s*['\"]?\s*((?:\w+:)?//[^'\")\s]+)", re.ASCII)
BLOCKS = frozenset(
    {"address", "article", "blockquote", "br", "dd", "div", "dl", "dt", "footer"}
    | {"h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "ol", "p", "pre"}
    | {"section", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"}
)
# Of no width: what editors leave around links and in long words.
INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))


def _parse(html):
    """The body that holds this HTML, whatever it is: nothing makes it fail."""
    inside = str(html or "").encode("utf-8", "replace")
    parser = lxml.html.HTMLParser(encoding="utf-8")
    page = b"<html><body>" + inside + b"</body></html>"
    return lxml.html.document_fromstring(page, parser=parser).body


def forbidden_parts(html):
    """What of this HTML may not be in a letter: code, other pages, remote pictures.

    :return: what to name to the author, each once: ``<script>``, ``onclick``, or the
        address; empty when the HTML is harmless
    """
    found = []
    for element in _parse(html).iterdescendants():
        if not isinstance(element.tag, str):
            continue
        if element.tag in FORBIDDEN_TAGS:
            found.append(f"<{element.tag}>")
        for name, value in element.attrib.items():
            # Browsers ignore blanks and control characters in an address.
            address = re.sub(r"[\x00-\x20]+", "", value).lower()
            if name.startswith("on"):
                found.append(name)
            elif name == "style":
                found += STYLE_URL.findall(value)
            elif name in ADDRESSES and address.startswith(RUNNING_SCHEMES):
                found.append(address[:60])
            elif name in ADDRESSES and name != "href" and REMOTE.match(address):
                found.append(address[:60])
    return list(dict.fromkeys(found))


def plain(html):
    """The words of an HTML text, without tags and odd blanks."""
    root, parts = _parse(html), []
    for event, element in lxml.etree.iterwalk(root, ("start", "end", "comment")):
        if event != "comment" and element.tag in BLOCKS:
            parts.append(" ")
        if event == "start":
            parts.append(element.text or "")
        else:
            parts.append(element.tail or "")
    return squeeze("".join(parts))


def blocks(html):
    """The lines of a list or the paragraphs of a text, each as ``plain`` gives it."""
    root = _parse(html)
    inner = [
        element
        for element in root.iterdescendants("p", "li")
        if next(element.iterdescendants("p", "li"), None) is None
    ]
    texts = [plain(lxml.html.tostring(e, encoding="unicode")) for e in inner]
    return [text for text in texts or [plain(html)] if text]


def squeeze(text):
    """Plain text in which blanks of every kind count as one."""
    return " ".join(str(text or "").translate(INVISIBLE).split())


def says(text, words):
    """Whether a text holds these words, in capitals or not.

    “1 year” is not in “11 years”.

    :param str text: as ``plain`` gives it
    """
    words = squeeze(words).casefold()
    before = r"(?<!\d)" if words[:1].isdigit() else ""
    after = r"(?!\d)" if words[-1:].isdigit() else ""
    return bool(re.search(before + re.escape(words) + after, text.casefold()))
