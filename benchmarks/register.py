"""registering complaints, beside plain tickets and tickets with SLAs

Batches of 100 tickets made by an ordinary user, with mail tracking as users have it,
committed. In turns in three databases on one server: ``helpdesk_mgmt`` alone, with this
addon (each complaint has its regimes, four deadlines and its line of history), and with
``helpdesk_mgmt_sla`` (three SLAs of like lengths).
"""

from contextlib import ExitStack

from .people import HANDLER, MANAGER, PROMISES
from .place import Report, in_turns, median

SIZE = 100
SLA_DAYS = (10, 14, 30)
NAMES = {
    "plain": "plain ticket, helpdesk_mgmt alone",
    "ordinary": "plain ticket, this addon installed",
    "reported": f"complaint reported, {PROMISES} deadlines",
    "registered": "complaint reported, qualified, registered",
    "sla": "ticket with 3 SLAs, helpdesk_mgmt_sla",
}


def run(place):
    with ExitStack() as stack:
        plain, ours, sla = (
            stack.enter_context(place.worker(place.databases.fresh(kind), kind))
            for kind in ("plain", "ours", "sla")
        )
        of = {worker: _furnish(worker) for worker in (plain, ours, sla)}
        sla.call("register:offer_slas", teams=of[sla]["teams"])

        def batch(function, worker):
            return lambda: worker.measure(f"register:{function}", HANDLER, **of[worker])

        taken = in_turns(
            place.sized(10, 4),
            2,
            {
                "plain": batch("create_plain", plain),
                "ordinary": batch("create_plain", ours),
                "reported": batch("create_reported", ours),
                "registered": batch("create_registered", ours),
                "sla": batch("create_plain", sla),
            },
        )
        ours.call("register:check", tickets=taken["reported"][-1]["result"], number=0)
        ours.call("register:check", tickets=taken["registered"][-1]["result"], number=1)
    return _report(taken)


def _furnish(worker):
    people = worker.call("people:furnish")
    return {"teams": people["teams"], "partners": people["partners"]}


def _report(taken):
    report = Report(f"register: batches of {SIZE}, medians of turns")
    seconds = {name: median(costs) for name, costs in taken.items()}
    for name, costs in taken.items():
        report.figure(
            NAMES[name],
            seconds=seconds[name],
            a_second=SIZE / seconds[name],
            processor=median(costs, "processor"),
            queries=int(median(costs, "queries")),
            x_plain=seconds[name] / seconds["plain"],
        )
    for name in ("reported", "registered"):
        report.bar(f"{name} / plain", seconds[name] / seconds["plain"], 1.5)
    for name in ("reported", "registered"):
        faster = seconds["sla"] / seconds[name]
        report.bar(f"SLAs / {name}", faster, 4, at_least=True)
    return report


# ----------------------------------------------------------------------
# Inside Odoo
# ----------------------------------------------------------------------


def offer_slas(env, teams):
    """Three SLAs, reached in the last stage that is still open."""
    team = env["helpdesk.ticket.team"].browse(teams)
    team.use_sla = True
    stage = team._get_applicable_stages().filtered(lambda stage: not stage.closed)[-1]
    env["helpdesk.sla"].create(
        [
            {
                "name": f"Within {days} days",
                "days": days,
                "stage_id": stage.id,
                "team_ids": [(6, 0, team.ids)],
            }
            for days in SLA_DAYS
        ]
    )


def create_plain(env, teams, partners):
    return env["helpdesk.ticket"].create(_tickets(env, teams, partners)).ids


def create_reported(env, teams, partners):
    """Each was received at another moment, as it is in life."""
    from datetime import timedelta

    from odoo import fields

    vals_list = _tickets(env, teams, partners)
    for number, vals in enumerate(vals_list):
        received = fields.Datetime.now() - timedelta(minutes=1 + 7 * number)
        vals.update(
            complaint_state="to_qualify",
            complaint_received_at=received,
            complaint_sent_date=received.date() - timedelta(days=3),
            complaint_medium="written",
        )
    return env["helpdesk.ticket"].create(vals_list).ids


def create_registered(env, teams, partners):
    """The manager qualifies what the handler has reported."""
    tickets = create_reported(env, teams, partners)
    # sudo: res.users - whom to act as
    # sudo: res.users - who acts in the bench
    manager = env["res.users"].sudo().search([("login", "=", MANAGER)])
    tickets = env["helpdesk.ticket"].with_user(manager).browse(tickets)
    tickets.complaint_qualify(True, "A fee is contested.")
    return tickets.ids


def _tickets(env, teams, partners):
    return [
        {
            "name": f"Fees charged without notice ({number})",
            "description": "<p>You charged me 45 euros without a word.</p>",
            "partner_id": partners[number % len(partners)],
            "team_id": teams[0],
            "user_id": env.uid,
        }
        for number in range(SIZE)
    ]


def check(env, tickets, number):
    """Raise unless each has what it is measured for."""
    for ticket in env["helpdesk.ticket"].browse(tickets):
        found = len(ticket.complaint_deadline_ids), len(ticket.complaint_event_ids)
        if (
            found[0] < PROMISES
            or not found[1]
            or number > bool(ticket.complaint_number)
        ):
            raise AssertionError(
                f"{ticket.display_name} has {found[0]} deadlines and {found[1]} lines"
                f" of history, number {ticket.complaint_number}"
            )
