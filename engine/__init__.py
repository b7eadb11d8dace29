"""The arithmetic of the law on complaints: plain Python, no Odoo, no clock.

- ``workdays``: a calendar of working days; move and count among them.
- ``daytime``: instants, local days, months.
- ``clock``: pauses, and what they freeze.
- ``rule``: one promise: a length, its unit, how it is counted.
- ``deadline``: rule + start + pauses + calendar = due, and why.
- ``compare``: which of two lengths is the longer.
- ``steps``: the life of a complaint: which step is possible, or why not.
- ``reminder``: when a reminder of a due date speaks, and which one still does.
- ``worktime``: when somebody is at work.
- ``retention``: until when a closed file is kept, and from when it is erased.
- ``chain``: the hash of a history entry, and the first broken link.
- ``likeness``: what of a text is kept to find others that resemble it.
- ``mail_reading``: of an e-mail: its text, its moment of receipt, who or what sent it.
- ``mail_forward``: what a colleague forwards: the first sender, his day, his words.
- ``mail_thanks``: whether a text is nothing but thanks.
- ``mail_token``: the mark by which an answer finds its complaint.
- ``errors``: what all of these refuse.

Nothing here knows today's date: the caller passes every day and instant.
"""
