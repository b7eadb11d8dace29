"""Who complains in the stocks: people with accounts, and one long file.

The functions run inside Odoo. Every stock, whatever its size, has these people with
the same complaints, so that their pages can be compared.
"""

from datetime import timedelta

COMPLAINANT = "bench_complainant"
REPRESENTATIVE = "bench_representative"
READER = "bench_reader"  # follows the complaints of his company
EACH = {"closed": 20, "open": 5}  # complaints, of each of them
PASSWORD = "bench"
LONG_FILE = "The same fee, again and again"
CYCLES = 3
COMPANY = "Bench Works"


def furnish_complainants(env, people):
    """Accounts of the three, a colleague of the reader, and the long file."""
    env["helpdesk.ticket.team"].browse(people["teams"][0]).write(
        {"complaint_intake": True, "show_in_portal": True}
    )
    partners = env["res.partner"]
    company = partners.create({"name": COMPANY, "is_company": True})
    employee = {"parent_id": company.id, "email": "employee@bench.example"}
    partners.create({"name": f"{COMPANY}, employee", **employee})
    portal = env.ref("base.group_portal")
    quiet = env["res.users"].with_context(no_reset_password=True)
    for login in (COMPLAINANT, REPRESENTATIVE, READER):
        partner = partners.create(
            {
                "name": login.replace("_", " ").capitalize(),
                "email": f"{login}@bench.example",
                "parent_id": company.id if login == READER else False,
            }
        )
        quiet.create(
            {
                "login": login,
                "password": PASSWORD,
                "partner_id": partner.id,
                "group_ids": [(6, 0, portal.ids)],
            }
        )
        if login == READER:
            partner.write(
                {
                    "complaint_reader_state": "open",
                    "complaint_sees_company_id": company.id,
                }
            )
    return _make_long_file(env, people)


def _make_long_file(env, people):
    """A complaint that was answered three times: letters, messages and files of both
    sides, and notes that the complainant does not see."""
    from .people import MANAGER
    from .stock import NOW, clock

    complainant = _partner(env, COMPLAINANT)
    received = NOW - timedelta(days=120)
    with clock(received):
        ticket = env["helpdesk.ticket"].create(
            {
                "name": LONG_FILE,
                "description": "<p>You charged me 45 euros each month.</p>",
                "partner_id": complainant.id,
                "team_id": people["teams"][0],
                "user_id": people["handlers"][0],
                "complaint_state": "to_qualify",
                "complaint_received_at": received,
            }
        )
        manager = env["res.users"].search([("login", "=", MANAGER)])
        ticket = ticket.with_user(manager)
        ticket.complaint_qualify(True, "A fee is contested.")
    for cycle in range(CYCLES):
        begun = received + timedelta(days=30 * cycle)
        with clock(begun + timedelta(days=2)):
            _talk(ticket, complainant, f"{cycle + 1}")
            if not cycle:
                ticket.complaint_send_letter("acknowledge", channel="hand")
        with clock(begun + timedelta(days=20)):
            ticket.complaint_decide("rejected", "The fee is in the contract.")
            ticket.complaint_send_letter("rejection", channel="hand")
        with clock(begun + timedelta(days=25)):
            if cycle + 1 < CYCLES:
                ticket.complaint_contest("The fee is in no contract of mine.")
            else:
                ticket.complaint_accept()
                # sudo: helpdesk.ticket - as the page that takes it does
                ticket.sudo()._complaint_rate(2, "It took long.", complainant)
    return ticket


def _talk(ticket, complainant, number):
    """A message with a file of each side, and a note with a file among colleagues."""
    # sudo: helpdesk.ticket - as the page that takes it does
    messages = ticket.sudo()
    for author, subtype, name in (
        (complainant, "mail.mt_comment", f"statement {number}.txt"),
        (ticket.user_id.partner_id, "mail.mt_comment", f"contract {number}.txt"),
        (ticket.user_id.partner_id, "mail.mt_note", f"note {number}.txt"),
    ):
        message = messages.message_post(
            body=f"See {name}.",
            message_type="comment",
            subtype_xmlid=subtype,
            author_id=author.id,
            attachments=[(name, name.encode())],
        )
        message.attachment_ids.complaint_is_given = author == complainant


def give_complaints(env, closed, opened):
    """Give each of the three as many copies, from all over the stock.

    :param int closed: how many copies are closed; they come first
    :param int opened: how many are open
    """
    company = env["res.partner"].search([("name", "=", COMPANY)])
    employee = company.child_ids.filtered(lambda x: x.email.startswith("employee"))
    representative = _partner(env, REPRESENTATIVE)
    changes = {
        COMPLAINANT: {
            "partner_id": _partner(env, COMPLAINANT).id,
            "commercial_partner_id": _partner(env, COMPLAINANT).id,
        },
        REPRESENTATIVE: {
            "complaint_representative_id": representative.id,
            "complaint_mandate_state": "proved",
        },
        READER: {"partner_id": employee.id, "commercial_partner_id": company.id},
    }
    for place, values in enumerate(changes.values()):
        numbers = [
            *_spread(1, closed, EACH["closed"], place),
            *_spread(1 + closed, opened, EACH["open"], place),
        ]
        names = ", ".join(f"{name} = %s" for name in values)
        env.cr.execute(
            f"UPDATE helpdesk_ticket AS ticket SET {names} FROM copies"
            " WHERE copies.ticket = ticket.id AND copies.number = ANY(%s)",
            [*values.values(), numbers],
        )
        if env.cr.rowcount != sum(EACH.values()):
            raise AssertionError(f"{env.cr.rowcount} complaints were given away")


def _spread(first, count, wanted, place):
    """Numbers all over a range, others for each of the three places."""
    return [first + count * index // wanted + place for index in range(wanted)]


def _partner(env, login):
    return env["res.users"].search([("login", "=", login)]).partner_id
