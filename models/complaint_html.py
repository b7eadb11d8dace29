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
# What acts instead of being read.
ACTIVE_TAGS = frozenset(
    {"script", "iframe", "frame", "frameset", "object", "embed", "applet", "base"}
    | {"form"}
)
# What a template has no use for besides; a complainant's quoted mail may hold it.
IDLE_TAGS = frozenset({"input", "select", "textarea", "audio", "video", "source"})
ADDRESSES = ("href", "src", "srcset", "action", "formaction", "background", "poster")
PICTURE_ADDRESSES = ("src", "srcset", "background", "poster")
RUNNING_SCHEMES = ("javascript:", "vbscript:", "data:text/html")
# Pictures that a text carries itself, or that Odoo has.
OWN = re.compile(r"\s*(data:image/|cid:|/web/image/\d|/\w+/static/)", re.IGNORECASE)
STYLE_URL = re.compile(r"""url\(\s*["']?([^"')]+)""", re.IGNORECASE)
BLOCKS = frozenset(
    {"address", "article", "blockquote", "br", "dd", "div", "dl", "dt", "footer"}
    | {"h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "ol", "p", "pre"}
    | {"section", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"}
)
# Of no width: what editors leave around links and in long words.
INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))


def parse(html):
    """The body that holds this HTML, whatever it is: nothing makes it fail."""
    inside = str(html or "").encode("utf-8", "replace")
    parser = lxml.html.HTMLParser(encoding="utf-8", huge_tree=True)
    page = b"<html><body>" + inside + b"</body></html>"
    return lxml.html.document_fromstring(page, parser=parser).body


def forbidden_parts(html):
    """What of this HTML may not be in a template: code, forms, remote pictures.

    :return: what to name to the author, each once: ``<script>``, ``onclick``, or the
        address; empty when the HTML is harmless
    """
    found = active_parts(html, ACTIVE_TAGS | IDLE_TAGS) + remote_addresses(html)
    return list(dict.fromkeys(found))


def active_parts(html, tags=ACTIVE_TAGS):
    """What of this HTML would run: tags, event attributes, addresses that are code.

    :return: list of str, in the order of the text
    """
    found = []
    for element in _elements(html):
        if element.tag in tags:
            found.append(f"<{element.tag}>")
        for name, value in element.attrib.items():
            # Browsers ignore blanks and control characters in an address.
            address = re.sub(r"[\x00-\x20]+", "", value).lower()
            if name.startswith("on"):
                found.append(name)
            elif name in ADDRESSES and address.startswith(RUNNING_SCHEMES):
                found.append(address[:60])
    return found


def remote_addresses(html):
    """The addresses elsewhere of what this HTML would show.

    :return: list of str, in the order of the text
    """
    return [address for element in _elements(html) for address in shown_from(element)]


def shown_from(element):
    """The addresses elsewhere of what one element would show."""
    addresses = [element.get(name) or "" for name in PICTURE_ADDRESSES]
    addresses += STYLE_URL.findall(element.get("style") or "")
    return [
        address.strip()
        for address in addresses
        if address.strip() and not OWN.match(address)
    ]


def _elements(html):
    return (e for e in parse(html).iterdescendants() if isinstance(e.tag, str))


def plain(html):
    """The words of an HTML text, without tags and odd blanks."""
    root, parts = parse(html), []
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
    root = parse(html)
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
