from email import message_from_string, policy
from unittest import TestCase

from ..mail_forward import day_of, in_text, originals

BODY = "My parcel never came.\nI want my money back."
FORWARDS = {
    "Outlook": """\
See below, angry customer.

From: Ada Neuve <ada.neuve@example.org>
Sent: Friday, November 6, 2026 9:15 AM
To: Paul Colleague <paul@company.example>
Subject: Unacceptable delay

{body}""",
    "Outlook, French": """\
Pour suite à donner.

________________________________
De : Ada Neuve <ada.neuve@example.org>
Envoyé : vendredi 6 novembre 2026 09:15
À : Paul Collègue <paul@company.example>
Cc : quelquun@company.example
Objet : Unacceptable delay

{body}""",
    "Outlook, stars of HTML": """\
*De :* Ada Neuve <ada.neuve@example.org> [1]
*Envoyé :* 06/11/2026 09:15
*À :* Paul <paul@company.example>
*Objet :* Unacceptable delay

{body}""",
    "Gmail": """\
---------- Forwarded message ---------
From: Ada Neuve <ada.neuve@example.org>
Date: Fri, Nov 6, 2026 at 9:15 AM
Subject: Unacceptable delay
To: <paul@company.example>


{body}""",
    "Gmail, French": """\
---------- Forwarded message ---------
De : Ada Neuve <ada.neuve@example.org>
Date: ven. 6 nov. 2026 à 09:15
Subject: Unacceptable delay
To: <paul@company.example>

{body}""",
    "Apple": """\
Begin forwarded message:

> From: Ada Neuve <ada.neuve@example.org>
> Subject: Unacceptable delay
> Date: 6 November 2026 at 09:15:00 CET
> To: paul@company.example
>
{quoted}""",
    "Apple, French": """\
Début du message transféré :

De: Ada Neuve <ada.neuve@example.org>
Objet: Unacceptable delay
Date: 6 novembre 2026 à 09:15:00 UTC+1
À: paul@company.example

{body}""",
    "Thunderbird": """\
-------- Message transféré --------
Sujet : Unacceptable delay
Date : Fri, 6 Nov 2026 09:15:00 +0100
De : Ada Neuve <ada.neuve@example.org>
Pour : paul@company.example

{body}""",
}


def plain(html):
    return html


class TestForward(TestCase):
    def test_the_programs_that_people_use(self):
        quoted = "\n".join(f"> {line}" for line in BODY.splitlines())
        for program, text in FORWARDS.items():
            with self.subTest(program):
                found = list(in_text(text.format(body=BODY, quoted=quoted)))
                self.assertEqual(len(found), 1)
                self.assertEqual(found[0].name, "Ada Neuve")
                self.assertEqual(found[0].address, "ada.neuve@example.org")
                self.assertEqual(str(found[0].sent), "2026-11-06")
                self.assertEqual(found[0].subject, "Unacceptable delay")
                self.assertEqual(found[0].body, BODY)

    def test_a_chain_is_given_from_the_outside(self):
        inner = FORWARDS["Gmail"].format(body=BODY)
        outer = inner.replace("Ada Neuve", "Paul").replace("ada.neuve", "paul")
        found = list(in_text(outer.replace(BODY, inner)))
        self.assertEqual(
            [x.address for x in found], ["paul@example.org", "ada.neuve@example.org"]
        )

    def test_an_enclosed_message(self):
        message = message_from_string(
            "From: paul@company.example\nContent-Type: multipart/mixed; boundary=q\n\n"
            "--q\nContent-Type: text/plain\n\nSee enclosed\n--q\n"
            "Content-Type: message/rfc822\n\n"
            "From: Ada Neuve <ada.neuve@example.org>\nSubject: Unacceptable delay\n"
            "Date: Fri, 06 Nov 2026 09:15:00 +0100\n\nMy parcel never came.\n--q--\n",
            policy=policy.SMTP,
        )
        found = next(originals(message, plain))
        self.assertEqual(found.address, "ada.neuve@example.org")
        self.assertEqual(str(found.sent), "2026-11-06")
        self.assertEqual(found.body, "My parcel never came.")

    def test_what_forwards_nothing(self):
        for text in (
            "",
            "From: Ada",
            "From: ada@example.org",
            "From: ada@example.org\nand nothing else",
            "Date: yesterday\nSubject: x\nTo: y",
            "I am writing\nFrom: my heart\nTo: you\nSubject: us",
        ):
            with self.subTest(text):
                self.assertFalse(list(in_text(text)))

    def test_days(self):
        for expected, text, day_first in (
            ("2026-11-06", "Friday, November 6, 2026 9:15 AM", False),
            ("2026-11-06", "11/6/2026 9:15 AM", False),
            ("2026-03-03", "mardi 3 mars 2026 09:15", True),
            ("2026-08-15", "sam. 15 août 2026 à 09:15", True),
            ("2026-12-06", "dimanche 6 décembre 2026", True),
            ("None", "demain", True),
            ("None", "", False),
        ):
            with self.subTest(text):
                self.assertEqual(str(day_of(text, day_first)), expected)
