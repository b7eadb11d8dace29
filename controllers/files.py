"""What strangers may send: how many files, how large, of which kind."""

import os

from odoo.http import request
from odoo.tools.mimetypes import guess_mimetype

MAX_FILES = 10
MAX_FILE_BYTES = 10 * 1024 * 1024
# Ten files of the largest size, and the rest of the form.
MAX_FORM_BYTES = (MAX_FILES + 1) * MAX_FILE_BYTES
MAX_NAME = 150
CHUNK = 64 * 1024
# What runs when it is opened.
REFUSED_EXTENSIONS = frozenset(
    "apk app appimage bat chm cmd com command cpl deb dll dmg docm exe gadget hta htm "
    "html inf iso jar js jse ksh lnk mht mhtml msc msi msp mst pif pkg pptm ps1 psm1 "
    "py reg rpm run scf scr sh shtml svg sys url vb vbe vbs vhd ws wsc wsf wsh xhtml "
    "xht xlsm xml xsl".split()
)
REFUSED_TYPES = frozenset(
    {
        "application/javascript",
        "application/x-dosexec",
        "application/x-executable",
        "application/x-msdownload",
        "application/x-sharedlib",
        "application/xhtml+xml",
        "image/svg+xml",
        "text/html",
        "text/javascript",
        "text/xml",
        "application/xml",
    }
)
# The first bytes of programs, whatever their name says.
REFUSED_STARTS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe")


def read_files(field="files"):
    """The files sent with a form, read piece by piece up to what is allowed.

    :param str field: name of the field
    :return: a list of pairs of name and bytes, and a message when one cannot be taken
    """
    sent = [x for x in request.httprequest.files.getlist(field) if x.filename]
    if len(sent) > MAX_FILES:
        return [], request.env._(
            "You chose %(count)s files. Please send %(limit)s at most; you can add "
            "others afterwards, by message.",
            count=len(sent),
            limit=MAX_FILES,
        )
    files = []
    for upload in sent:
        name = clean_file_name(upload.filename)
        content = _read_up_to(upload, MAX_FILE_BYTES)
        if content is None:
            return [], request.env._(
                "“%(file)s” is larger than %(limit)s MB. Please send a smaller file.",
                file=name,
                limit=MAX_FILE_BYTES // 1024 // 1024,
            )
        if not _is_acceptable(name, content):
            return [], request.env._(
                "“%(file)s” is a kind of file that we cannot accept. Please send "
                "a document or a picture.",
                file=name,
            )
        files.append((name, content))
    return files, None


def clean_file_name(name):
    """The last part of a file name, without what hides its extension."""
    name = name.encode("utf-8", "replace").decode()
    name = name.replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(x for x in name if x.isprintable()).strip(" .") or "file"
    stem, extension = os.path.splitext(name)
    return stem[: MAX_NAME - len(extension[:20])] + extension[:20]


def _read_up_to(upload, limit):
    """The bytes of an upload, or None as soon as there are more than allowed.

    From its start: of a request that is taken again, after another transaction was
    in its way, Odoo winds back the first file of a field only.
    """
    upload.seek(0)
    content = bytearray()
    while piece := upload.read(CHUNK):
        content += piece
        if len(content) > limit:
            return None
    return bytes(content)


def _is_acceptable(name, content):
    extension = os.path.splitext(name)[1].lower().lstrip(".")
    return not (
        extension in REFUSED_EXTENSIONS
        or content.startswith(REFUSED_STARTS)
        or guess_mimetype(content) in REFUSED_TYPES
    )
