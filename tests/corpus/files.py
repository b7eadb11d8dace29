"""Hostile files, with the form of a complaint."""

from .filled import VISITOR, refused, taken, typed
from .sending import BAD, MB, sent

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20
ZIP = b"PK\x03\x04" + b"\x00" * 2000
BAD_FILES = (
    ("picture.png", b"MZ\x90\x00" + b"\x00" * 60),
    ("picture.jpg", b"\x7fELF\x02\x01\x01" + b"\x00" * 60),
    ("letter.pdf", b"#!/bin/sh\nrm -rf /"),
    ("letter.pdf", b"<!DOCTYPE html><html><script>alert(1)</script></html>"),
    ("letter.txt", b"<html><body onload=alert(1)></body></html>"),
    ("photo.png", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
    ("photo.gif", b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>"),
    ("java.txt", b"\xca\xfe\xba\xbe\x00\x00"),
    ("mac.txt", b"\xcf\xfa\xed\xfe\x00\x00"),
    ("run.exe", b"text"),
    ("run.EXE", b"text"),
    ("invoice.pdf.exe", b"%PDF-1.4"),
    ("invoice.exe ", b"text"),
    ("invoice.exe.", b"text"),
    ("photo\u202egnp.exe", b"text"),
    ("page.html", b"text"),
    ("page.SVG", b"text"),
    ("page.xhtml", b"text"),
    ("macro.docm", b"text"),
    ("run.js", b"text"),
    ("C:\\fakepath\\run.bat", b"text"),
    ("../../run.sh", b"text"),
    ("shortcut.lnk", b"text"),
)
GOOD_FILES = (
    ("empty.txt", b"", "empty.txt"),
    ("noname", b"x", "noname"),
    ("../../etc/passwd", b"root", "passwd"),
    ("..\\..\\boot.ini", b"x", "boot.ini"),
    ("/etc/shadow.txt", b"x", "shadow.txt"),
    ("invoice.exe\x00.pdf", b"text", "invoice.exe.pdf"),
    # a backslash says that the next character is meant as it is
    ("C:\\\\fakepath\\\\scan.pdf", b"%PDF-1.4", "scan.pdf"),
    ("C:\\fakepath\\scan.pdf", b"%PDF-1.4", "C:fakepathscan.pdf"),
    (".htaccess", b"x", "htaccess"),
    ("...", b"x", "file"),
    ("re\x01po\x1brt.txt", b"x", "report.txt"),
    ("\u202efdp.txt", b"x", "fdp.txt"),
    ("<script>alert(1).txt", b"x", "<script>alert(1).txt"),
    ("{{ 7*7 }}.txt", b"x", "{{ 7*7 }}.txt"),
    ("a' OR 1=1 --.txt", b"x", "a' OR 1=1 --.txt"),
    ("größe 日本 👩.txt", b"x", "größe 日本 👩.txt"),
    ("x" * 3000 + ".txt", b"x", "x" * 146 + ".txt"),
    ("bomb.zip", ZIP, "bomb.zip"),
    ("photo.png", PNG, "photo.png"),
    ("CON.txt", b"x", "CON.txt"),
    ("a;b,c=d.txt", b"x", "a;b,c=d.txt"),
    ("tab\there.txt", b"x", "tabhere.txt"),
)


def form_files():
    for name, content in BAD_FILES:
        yield refused(
            f"file {name!r}",
            {},
            {"files"},
            files=[("files", name, content, "image/png")],
        )
    for name, content, kept in GOOD_FILES:
        yield taken(
            f"file {name[:30]!r}",
            {},
            {},
            files=[("files", name, content, "application/octet-stream")],
            kept_files=[(kept, content)],
        )
    yield sent(
        "form file name that is no UTF-8",
        "/complaint",
        typed(VISITOR, {}),
        [("files", b"latin-\xe9.txt", b"x", "text/plain")],
        expects=BAD,
    )
    many = [("files", f"{n}.txt", b"x", "text/plain") for n in range(11)]
    yield refused("eleven files", {}, {"files"}, files=many)
    yield taken(
        "ten files of one name",
        {},
        {},
        files=[("files", "a.txt", b"%d" % n, "text/plain") for n in range(10)],
        kept_files=[("a.txt", b"%d" % n) for n in range(10)],
    )
    large = [("files", "large.bin", b"x" * (10 * MB + 1), "text/plain")]
    yield refused("a file too large", {}, {"files"}, files=large)
    yield refused(
        "files and an error",
        {"title": ""},
        {"title", "files"},
        files=[("files", "a.txt", b"x", "text/plain")],
    )
    yield taken("text as files", {"files": "x"}, {})
    yield taken(
        "files of other fields",
        {},
        {},
        files=[
            ("files[]", "a.txt", b"x", "text/plain"),
            ("attachment", "b.txt", b"x", "text/plain"),
        ],
    )
    yield taken(
        "files without name",
        {},
        {},
        files=[("files", "", b"", "application/octet-stream")],
    )
    for kind in ("", "x", "text/html", "image/svg+xml", "a/b; charset=\x01", "é/é"):
        yield taken(
            f"a type that lies: {kind!r}",
            {},
            {},
            files=[("files", "a.txt", b"x", kind)],
            kept_files=[("a.txt", b"x")],
        )
