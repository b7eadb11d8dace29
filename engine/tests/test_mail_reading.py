from datetime import UTC, datetime
from email import message_from_bytes, message_from_string, policy
from unittest import TestCase

from ..mail_reading import (
    Kind,
    addresses,
    digest,
    failed_references,
    header,
    kind,
    received_at,
    references,
    text,
)

NOW = datetime(2026, 11, 9, 10, tzinfo=UTC)
OWN = ("mx1.company.example", "imap.company.example", ".cloud.example")


def mail(*lines):
    return message_from_string("\n".join(lines), policy=policy.SMTP)


def at(*lines, hosts=OWN):
    found = received_at(mail(*(f"Received: {line}" for line in lines)), hosts, NOW)
    return found and found.strftime("%d %H:%M")


class TestReceipt(TestCase):
    def test_the_first_own_server_counts_and_nothing_below_a_foreign_one(self):
        own = "from a by mx1.company.example with SMTP; Fri, 06 Nov 2026 09:15:00 +0100"
        inner = "from mx1 by imap.company.example; Sat, 07 Nov 2026 09:00:00 +0000"
        cloud = "from x by eu1.cloud.example; Fri, 06 Nov 2026 08:20:00 +0000"
        foreign = "from b by relay.example.org; Tue, 03 Nov 2026 12:00:00 +0000"
        forged = "from c by mx1.company.example; Mon, 02 Nov 2026 12:00:00 +0000"
        for expected, lines in (
            ("06 08:15", [own]),
            ("06 08:15", [inner, own, foreign]),
            ("06 08:15", [inner, own, foreign, forged]),
            ("06 08:20", [cloud, foreign]),
            (None, [foreign, forged]),
            (None, []),
        ):
            with self.subTest(lines=lines):
                self.assertEqual(at(*lines), expected)

    def test_without_known_servers_only_the_topmost_counts(self):
        top = "by any.example; Sat, 07 Nov 2026 09:00:00 +0000"
        below = "by other.example; Fri, 06 Nov 2026 09:00:00 +0000"
        self.assertEqual(at(top, below, hosts=()), "07 09:00")

    def test_nonsense_the_future_and_other_zones(self):
        by = "by mx1.company.example"
        for expected, date in (
            ("09 10:00", "Fri, 06 Nov 2099 09:15:00 +0100"),
            ("06 14:15", "Fri, 06 Nov 2026 09:15:00 -0500"),
            ("05 21:45", "Fri, 06 Nov 2026 03:15:00 +0530"),
            ("06 09:15", "Fri, 06 Nov 2026 09:15:00"),
            (None, "Thu, 01 Jan 1970 00:00:00 +0000"),
            (None, "Fri, 99 Nov 2026 09:15:00 +0100"),
            (None, "Fri, 06 Nov 2026 09:15:00 +9900000000000"),
            (None, "yesterday"),
            (None, ""),
        ):
            with self.subTest(date):
                self.assertEqual(at(f"from a {by} (Postfix); {date}"), expected)
        self.assertIsNone(at("no date at all", hosts=()))


KINDS = [
    (Kind.PERSON, {}),
    (Kind.PERSON, {"Auto-Submitted": "no"}),
    (Kind.PERSON, {"X-Auto-Response-Suppress": "All"}),
    (Kind.PERSON, {"Subject": "Out of the blue you charged me"}),
    (Kind.PERSON, {"Precedence": "first-class"}),
    (Kind.AUTO_REPLY, {"Auto-Submitted": "auto-replied (vacation)"}),
    (Kind.AUTO_REPLY, {"X-Autoreply": "yes"}),
    (Kind.AUTO_REPLY, {"X-Autorespond": "1"}),
    (Kind.AUTO_REPLY, {"Precedence": "auto_reply"}),
    (
        Kind.AUTO_REPLY,
        {"Subject": "Réponse automatique : absente", "In-Reply-To": "<a@b>"},
    ),
    (
        Kind.AUTO_REPLY,
        {"Subject": "Automatic reply: x", "Auto-Submitted": "auto-generated"},
    ),
    (
        Kind.AUTO_REPLY,
        {
            "Content-Type": "multipart/report; boundary=x; "
            "report-type=disposition-notification"
        },
    ),
    (Kind.AUTOMATIC, {"Subject": "Automatic reply: you never answer"}),
    (Kind.AUTOMATIC, {"Auto-Submitted": "auto-generated"}),
    (Kind.AUTOMATIC, {"Return-Path": "<>"}),
    (Kind.AUTOMATIC, {"From": "No Reply <no-reply@shop.example>"}),
    (Kind.AUTOMATIC, {"Content-Type": "multipart/report; report-type=tlsrpt"}),
    (Kind.LIST, {"List-Id": "<members.example.org>"}),
    (Kind.LIST, {"List-Unsubscribe": "<mailto:off@example.org>"}),
    (Kind.LIST, {"Precedence": "bulk"}),
    (Kind.BOUNCE, {"From": "MAILER-DAEMON@mx.example.org"}),
    (Kind.BOUNCE, {"From": "Postmaster <postmaster@x.example>"}),
    (Kind.BOUNCE, {"X-Failed-Recipients": "ada@example.org"}),
    (
        Kind.BOUNCE,
        {"Content-Type": "multipart/report; report-type=delivery-status; boundary=x"},
    ),
    (
        Kind.BOUNCE,
        {"Content-Type": 'multipart/report; boundary=x; report-type="delivery-status"'},
    ),
]


class TestKind(TestCase):
    def test_table(self):
        for expected, changes in KINDS:
            values = {"From": "Ada <ada@example.org>", "Subject": "Delay", **changes}
            message = mail(*(f"{key}: {text}" for key, text in values.items()), "", "x")
            with self.subTest(changes):
                self.assertEqual(kind(message), expected)

    def test_of_a_bounce_the_message_it_is_about(self):
        message = mail(
            "Content-Type: multipart/report; report-type=delivery-status; boundary=cut",
            "",
            "--cut",
            "Content-Type: text/rfc822-headers",
            "",
            "Message-ID: <letter@company.example>",
            "Subject: x",
            "",
            "--cut--",
        )
        self.assertEqual(failed_references(message), ["<letter@company.example>"])


class TestHeaders(TestCase):
    def test_any_charset_and_none_at_all(self):
        for expected, raw in (
            ("Réclamation", b"Subject: =?iso-8859-1?q?R=E9clamation?="),
            ("Réclamation", b"Subject: =?utf-8?b?UsOpY2xhbWF0aW9u?="),
            ("Réclamation", b"Subject: R\xc3\xa9clamation"),
            ("Réclamation", b"Subject: R\xe9clamation"),
            ("Réclamation", b"Subject: =?x-nothing?q?R=C3=A9clamation?="),
            ("=?utf-8?b?x", b"Subject: =?utf-8?b?x"),
            ("two lines", b"Subject: two\r\n lines"),
            ("ab", b"Subject: a\0b"),
            ("", b"X: y"),
        ):
            with self.subTest(raw):
                message = message_from_bytes(raw + b"\n\n", policy=policy.SMTP)
                self.assertEqual(header(message, "subject"), expected)

    def test_addresses(self):
        for expected, value in (
            ([("Ada Neuve", "ada@example.org")], "Ada Neuve <Ada@Example.org>"),
            ([("", "ada@example.org")], "ada@example.org"),
            ([("L'Hôte, Zoé", "z@x.example")], '"L\'Hôte, Zoé" <z@x.example>'),
            ([("", "a@x.example"), ("", "b@x.example")], "a@x.example, b@x.example"),
            ([], "undisclosed-recipients:;"),
            ([], ""),
        ):
            with self.subTest(value):
                self.assertEqual(addresses(mail(f"To: {value}"), "to"), expected)
        found = addresses(mail("To: <<ada@example.org"), "to")
        self.assertEqual([one for _name, one in found], ["ada@example.org"])

    def test_references_the_nearest_first_each_once(self):
        message = mail("References: <1@x> <2@x>", " <3@x>", "In-Reply-To: <3@x>")
        self.assertEqual(references(message), ["<3@x>", "<2@x>", "<1@x>"])


class TestContent(TestCase):
    def test_text_of_broken_mails(self):
        for expected, raw in (
            ("été", b"Content-Type: text/plain; charset=x-none\n\n\xc3\xa9t\xc3\xa9"),
            ("été", b"Content-Type: text/plain\n\n\xe9t\xe9"),
            ("ab", b"Content-Type: text/plain\n\na\0b"),
            ("", b""),
            ("HTML", b"Content-Type: text/html\n\n<p>x</p>"),
            (
                "cut",
                b"Content-Type: multipart/mixed; boundary=q\n\n--q\n"
                b"Content-Type: text/plain\n\ncut",
            ),
            (
                "plain",
                b"Content-Type: multipart/alternative; boundary=q\n\n--q\n"
                b"Content-Type: text/plain\n\nplain\n--q\n"
                b"Content-Type: text/html\n\n<p>rich</p>\n--q--",
            ),
            ("", b"Content-Type: multipart/mixed\n\nno boundary"),
            ("", b"Content-Type: text/plain\nContent-Transfer-Encoding: uuencode\n\n"),
        ):
            with self.subTest(raw):
                message = message_from_bytes(raw, policy=policy.SMTP)
                found = text(message, lambda html: "HTML")
                self.assertEqual(found.strip(), expected)

    def test_what_servers_add_does_not_make_another_mail(self):
        raw = b"From: a@x\r\nSubject: Delay\r\n\r\nMy parcel.\r\n"
        other = b"Received: by b; x\nDelivered-To: c@y\n" + raw.replace(b"\r", b"")

        def of(data):
            return digest(data, message_from_bytes(data, policy=policy.SMTP))

        self.assertEqual(of(raw), of(other + b"\n\n"))
        for change in (
            (b"parcel", b"parcels"),
            (b"Delay", b"Delays"),
            (b"a@x", b"b@x"),
        ):
            self.assertNotEqual(of(raw), of(raw.replace(*change)))
