"""What a complaint desk may be sent, and what becomes of it."""

from .mail_case import DESK, multipart, raw_mail, tnef, winmail

ICS = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//x//y//EN
METHOD:REQUEST
BEGIN:VEVENT
UID:1@example.org
DTSTAMP:20261106T080000Z
DTSTART:20261110T090000Z
SUMMARY:Meeting about my complaint
DESCRIPTION:You owe me 45 euros.
END:VEVENT
END:VCALENDAR
"""
DSN = "multipart/report; report-type=delivery-status; boundary=cut"
# What a desk may be sent, and what becomes of it: name, bytes, outcome.
CORPUS = [
    # as people write
    ("plain", raw_mail(), "new"),
    ("empty body", raw_mail(""), "new"),
    ("only spaces", raw_mail("  \r\n \r\n"), "new"),
    ("no subject", raw_mail(drop=["Subject"]), "new"),
    ("empty subject", raw_mail(Subject=""), "new"),
    ("very long subject", raw_mail(Subject="x" * 5000), "new"),
    ("no date", raw_mail(drop=["Date"]), "new"),
    ("date of no calendar", raw_mail(Date="31 Feb 2026 99:99"), "new"),
    ("date of 1970", raw_mail(Date="Thu, 01 Jan 1970 00:00:00 +0000"), "new"),
    ("date with a mad zone", raw_mail(Date="Fri, 06 Nov 2026 09:15 +9999"), "new"),
    ("no message-id", raw_mail(drop=["Message-Id"]), "new"),
    ("empty message-id", raw_mail(Message_Id=""), "new"),
    ("message-id without brackets", raw_mail(Message_Id="abc"), "new"),
    ("very long message-id", raw_mail(Message_Id=f"<{'a' * 900}@x.example>"), "new"),
    ("no sender", raw_mail(drop=["From"]), "new"),
    ("empty sender", raw_mail(From=""), "new"),
    ("sender without address", raw_mail(From="Ada"), "new"),
    ("sender in broken brackets", raw_mail(From="Ada <<ada@example.org"), "new"),
    ("two senders", raw_mail(From="a@example.org, b@example.org"), "new"),
    ("name with a comma", raw_mail(From='"Neuve, Ada" <ada@example.org>'), "new"),
    ("encoded name", raw_mail(From="=?utf-8?q?Zo=C3=A9?= <z@example.org>"), "new"),
    ("no mime version", raw_mail(drop=["MIME-Version"]), "new"),
    ("no content type", raw_mail(drop=["Content-Type"]), "new"),
    ("html", raw_mail("<p>No!</p>", Content_Type="text/html"), "new"),
    (
        "html with a script",
        raw_mail("<script>x</script>", Content_Type="text/html"),
        "new",
    ),
    (
        "xhtml",
        raw_mail('<?xml version="1.0"?><p>No</p>', Content_Type="text/html"),
        "new",
    ),
    ("broken html", raw_mail("<p><b<>&#0;</", Content_Type="text/html"), "new"),
    ("html comment only", raw_mail("<!-- x -->", Content_Type="text/html"), "new"),
    # charsets
    (
        "latin-1",
        raw_mail("été".encode("latin-1"), Content_Type="text/plain; charset=latin-1"),
        "new",
    ),
    (
        "utf-16",
        raw_mail("été".encode("utf-16"), Content_Type="text/plain; charset=utf-16"),
        "new",
    ),
    (
        "japanese",
        raw_mail(
            "苦情".encode("iso-2022-jp"), Content_Type="text/plain; charset=iso-2022-jp"
        ),
        "new",
    ),
    (
        "wrong charset",
        raw_mail(b"\xe9t\xe9", Content_Type="text/plain; charset=utf-8"),
        "new",
    ),
    ("8-bit subject", raw_mail(Subject="Réclamation".encode()), "new"),
    (
        "8-bit subject in latin-1",
        raw_mail(Subject="Réclamation".encode("latin-1")),
        "new",
    ),
    ("unknown charset in subject", raw_mail(Subject="=?x-none?q?abc?="), "new"),
    ("cut encoded word", raw_mail(Subject="=?utf-8?b?w6l0w"), "new"),
    ("arabic name", raw_mail(From="زوي <z@example.org>".encode()), "new"),
    # what Odoo cannot read
    (
        "unknown charset",
        raw_mail("x", Content_Type="text/plain; charset=x-none"),
        "failed",
    ),
    ("null byte", raw_mail("a\0b"), "new"),
    ("null byte in the subject", raw_mail(Subject="a\0b"), "new"),
    # structures
    (
        "alternative",
        multipart(
            ("text/plain", "No"), ("text/html", "<p>No</p>"), subtype="alternative"
        ),
        "new",
    ),
    ("boundary never closed", multipart(("text/plain", "No"))[:-9], "new"),
    (
        "boundary never opened",
        raw_mail("x", Content_Type="multipart/mixed; boundary=q"),
        "new",
    ),
    ("no boundary", raw_mail("x", Content_Type="multipart/mixed"), "new"),
    ("content type of nothing", raw_mail("x", Content_Type="nonsense"), "new"),
    ("odd content type", raw_mail("x", Content_Type="application/octet-stream"), "new"),
    (
        "binary/octet-stream",
        multipart(("text/plain", "No"), ("binary/octet-stream", "x")),
        "new",
    ),
    (
        "broken base64",
        multipart(("text/plain", "Content-Transfer-Encoding: base64\r\n\r\n%%%")),
        "new",
    ),
    (
        "unknown encoding",
        multipart(("text/plain", "Content-Transfer-Encoding: x-zip\r\n\r\nabc")),
        "new",
    ),
    (
        "enclosed message",
        multipart(("text/plain", "See"), ("message/rfc822", raw_mail("inner"))),
        "new",
    ),
    ("enclosed nonsense", multipart(("message/rfc822", "no headers")), "new"),
    (
        "deep",
        multipart(("multipart/mixed; boundary=a", b"--a\r\n\r\nx\r\n--a--")),
        "new",
    ),
    (
        "part without type",
        raw_mail(
            "--cut\r\n\r\nNo\r\n--cut--", Content_Type="multipart/mixed; boundary=cut"
        ),
        "new",
    ),
    (
        "picture of a cid",
        multipart(
            ("text/html", '<img src="cid:a">'),
            ('image/png; name="a.png"', "Content-Id: <a>\r\n\r\nx"),
        ),
        "new",
    ),
    (
        "file with a path as name",
        multipart(
            ("text/plain", "x"),
            (
                'text/plain; name="../../etc/passwd"',
                "Content-Disposition: attachment\r\n\r\nx",
            ),
        ),
        "new",
    ),
    (
        "invitation",
        multipart(("text/calendar; method=REQUEST", ICS), subtype="alternative"),
        "new",
    ),
    (
        "broken invitation",
        multipart(("text/calendar", "BEGIN:VCALENDAR\r\nBEGIN:X")),
        "new",
    ),
    ("winmail.dat", winmail(tnef("You owe me.", [("a.txt", b"x")])), "new"),
    ("broken winmail.dat", winmail(b"\x78\x9f\x3e\x22 nothing"), "new"),
    (
        "encrypted",
        multipart(
            ("application/pgp-encrypted", "Version: 1"),
            ("application/octet-stream", "xxx"),
            subtype="encrypted",
        ),
        "new",
    ),
    (
        "signed",
        multipart(
            ("text/plain", "No"),
            ("application/pkcs7-signature; name=smime.p7s", "x"),
            subtype="signed",
        ),
        "new",
    ),
    ("headers only", raw_mail("").rstrip(), "new"),
    ("unix line ends", raw_mail().replace(b"\r\n", b"\n"), "new"),
    ("mac line ends in the body", raw_mail(b"a\rb\rc"), "new"),
    ("a thousand headers", raw_mail(**{f"X-{n}": "y" for n in range(1000)}), "new"),
    # recipients
    ("in copy", raw_mail(To="x@example.org", Cc=DESK), "new"),
    ("blind copy", raw_mail(To="x@example.org", Delivered_To=DESK), "new"),
    ("undisclosed", raw_mail(To="undisclosed-recipients:;", X_Original_To=DESK), "new"),
    ("capitals", raw_mail(To="RECLAMATIONS@Desk.Example"), "new"),
    (
        "many recipients",
        raw_mail(To=", ".join([f"a{n}@example.org" for n in range(500)] + [DESK])),
        "new",
    ),
    ("to the desk twice", raw_mail(To=f"{DESK}, {DESK}", Cc=DESK), "new"),
    (
        "to the address of bounces too",
        raw_mail(To=f"{DESK}, bounce@desk.example"),
        "new",
    ),
    # programs and lists
    ("auto-generated", raw_mail(Auto_Submitted="auto-generated"), "new"),
    ("mailing list", raw_mail(List_Id="<x.example.org>"), "new"),
    ("bulk", raw_mail(Precedence="bulk"), "new"),
    ("null sender", raw_mail(Return_Path="<>"), "new"),
    (
        "subject of an absence",
        raw_mail(Subject="Out of office: you are never there"),
        "new",
    ),
    ("out of office", raw_mail(Auto_Submitted="auto-replied"), "automatic"),
    ("vacation", raw_mail(X_Autoreply="yes"), "automatic"),
    (
        "absence that answers",
        raw_mail(Subject="Absence du bureau", In_Reply_To="<x@y>"),
        "automatic",
    ),
    (
        "read receipt",
        multipart(
            ("text/plain", "Read"),
            Content_Type="multipart/report; boundary=cut; "
            "report-type=disposition-notification",
        ),
        "automatic",
    ),
    (
        "bounce",
        multipart(
            ("text/plain", "x"),
            ("message/delivery-status", "A: b\r\n\r\nAction: failed"),
            Content_Type=DSN,
        ),
        "bounce",
    ),
    ("broken bounce", raw_mail("x", Content_Type=DSN), "bounce"),
    ("mailer-daemon", raw_mail(From="MAILER-DAEMON@example.org"), "bounce"),
    (
        "person who answers a refusal of loops",
        raw_mail(References="<1-loop-detection-bounce-email@x>"),
        "new",
    ),
    (
        "program that answers a refusal of loops",
        raw_mail(
            References="<1-loop-detection-bounce-email@x>",
            Auto_Submitted="auto-generated",
        ),
        "loop",
    ),
    (
        "spoofed received",
        raw_mail(Received="by evil.example; Mon, 01 Jan 2001 00:00:00 +0000"),
        "new",
    ),
    (
        "received of nonsense",
        raw_mail(Received=["x", ";", "by", "by ; yesterday"]),
        "new",
    ),
    ("references of nonsense", raw_mail(References="nothing <> < > <<>>"), "new"),
    (
        "thousands of references",
        raw_mail(References=" ".join(f"<{n}@x>" for n in range(3000))),
        "new",
    ),
]
