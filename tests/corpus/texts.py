"""Hostile texts: what is sent, and what a database should keep of it."""

PLAIN = (
    "<script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onfocus=alert(1) autofocus x='",
    "<svg/onload=alert(1)>",
    "<!-- <?xml version='1.0'?> -->",
    "<![CDATA[ x ]]>",
    "&lt;b&gt;once&lt;/b&gt; &amp;amp; &#60;",
    "{{ 7 * 7 }} ${7*7} #{7*7} <%= 7*7 %>",
    "<t t-out=\"env['res.users'].search([])\"/>",
    "<t t-call='web.layout'/> <t t-esc='request.env'/>",
    "{reference} {complainant_name} {0} {__class__}",
    "%(ticket)s %s %d %n %%",
    "'; DROP TABLE helpdesk_ticket; --",
    '" OR ""=" \\\' OR 1=1 --',
    "1) UNION SELECT password FROM res_users --",
    "../../../../etc/passwd",
    "javascript:alert(document.cookie)",
    "=cmd|' /C calc'!A0",
    "$(touch /tmp/x) `touch /tmp/x` | touch x",
    "a, b; c <d@e.example>",
    "Grüße, Ñandú, Œuvre, Łódź",
    "日本語のテキスト",
    "مرحبا بالعالم",
    "👩‍👩‍👧‍👦 🏳️‍🌈 🇫🇷",
    "‮txt.exe‬ right to left",
    "zero\u200bwidth\u2060text\ufeff",
    "ﷺ" * 20,
    "Ṱ̺̺̕o͞ ̷i̲̬͇̪͙n̝̗͕v̟̜̘̦͟o̶̙̰̠kè͚̮̺̪̹̱̤",
    "NULL",
    "None",
    "undefined",
    "-1",
    "1e309",
    "NaN",
    "true",
    "[]",
    '{"a": 1}',
    "\\",
    "\\u0000 \\x00 \\n",
    "%00 %0d%0a %c0%ae",
    "http://evil.example/<script>",
    "mailto:a@b.example?bcc=c@d.example",
    "+ADw-script+AD4-",
    "data:text/html;base64,PHNjcmlwdD4=",
)
# What cannot be kept as it came.
CHANGED = (
    ("nul", "a\x00b", "ab"),
    ("controls", "c\x01\x02\x07\x08\x0b\x0c\x1b\x7fd", "cd"),
    ("c1 controls", "e\x80\x85\x9ff", "ef"),
    ("escape codes", "\x1b[31mred\x1b[0m", "[31mred[0m"),
    ("decomposed", "e\u0301te\u0301", "été"),
    ("noncharacters", "g\ufffe\uffff\ufdd0\U0001fffeh", "gh"),
    ("unassigned", "a\U000e01f0b", "a\U000e01f0b"),
    ("private use", "a\ue000b", "a\ue000b"),
    ("blanks around", "  \t a b \n ", "a b"),
    ("surrogates", b"a\xed\xa0\x80b", "a\ufffd\ufffd\ufffdb"),
    ("broken utf-8", b"a\xff\xfeb\xc3", "a\ufffd\ufffdb\ufffd"),
    ("overlong", b"a\xc0\xafb", "a\ufffd\ufffdb"),
    ("latin-1", "café".encode("latin-1"), "caf\ufffd"),
    ("nul only, then text", "\x00\x00x", "x"),
)
NOT_TEXT = (("nul only", "\x00"), ("blanks", " \t\r\n "), ("bom", b"\xc2\x85"))
LINES = (
    ("windows lines", "one\r\ntwo\r\nthree", "one\ntwo\nthree"),
    ("old mac lines", "one\rtwo", "one\ntwo"),
    ("header injection", "Hello\r\nBcc: x@y.example\r\n\r\nBody", None),
    ("separators", "one\u2028two\u2029three", "one\u2028two\u2029three"),
)


def sent_texts():
    """Every hostile text: a name, what is sent, what is kept of it."""
    for text in PLAIN:
        yield text[:40], text, text
    yield from CHANGED


def one_line(text):
    return " ".join(text.split())
