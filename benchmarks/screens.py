"""form, list and search of overdue complaints, with few and with a million

The web client's own calls with the real views, as a handler and as their manager, so
the record rules apply. Counted are the queries; each is then asked for its plan, which
must not read a large table through. The count of a list ends at 10,001, and so does its
scan: that is told apart.
"""

import re
import time
from contextlib import ExitStack, contextmanager

from .people import HANDLER, MANAGER
from .place import Report
from .stock import BIG_TABLES

ROWS = 80
COUNT_LIMIT = 10_001  # the web client does not count further
PATIENCE = 120_000  # milliseconds for one query
LARGE = 50_000  # rows: smaller tables may be read through
ACTION = "helpdesk_complaint.helpdesk_ticket_action_complaint_all"
OVERDUE_ACTION = "helpdesk_complaint.helpdesk_ticket_action_complaint_overdue"
SCREENS = {
    "form": ("form", {"which": "open"}),
    "form, closed": ("form", {"which": "closed"}),
    "form, closed, 30 promises": ("form", {"which": "deep"}),
    "list": ("rows", {"action": ACTION}),
    "overdue list": ("rows", {"action": OVERDUE_ACTION}),
    "overdue search": ("search_overdue", {}),
    "overdue count": ("count_overdue", {}),
}


def run(place):
    looks = {}
    with ExitStack() as stack:
        for stock, database in place.stocks().items():
            worker = stack.enter_context(place.worker(database))
            for login in (HANDLER, MANAGER):
                for screen, (act, arguments) in SCREENS.items():
                    looks[login, screen, stock] = worker.call(
                        "screens:look", login, act=act, **arguments
                    )
    report = Report("screens: small / large stock")
    for login in (HANDLER, MANAGER):
        _tell(report, login, looks)
    plan = looks[HANDLER, "overdue search", "large"]["slowest"]
    report.notes.append(f"plan of the handler's overdue search, large stock:\n{plan}")
    return report


def _tell(report, login, looks):
    """One role's figures, and its bars over all screens."""
    role = login.removeprefix("bench_")
    growth, through = [], []
    for screen in SCREENS:
        small, large = (looks[login, screen, stock] for stock in ("small", "large"))
        report.figure(
            f"{role}, {screen}",
            queries=f"{small['queries']} / {large['queries']}",
            ms=f"{small['seconds'] * 1000:.0f} / {large['seconds'] * 1000:.0f}",
            rows=f"{small['rows']} / {large['rows']}",
        )
        growth.append(large["queries"] / small["queries"])
        for scan in large["scans"]:
            said = f"{role}, {screen}: {scan['table']} is read through"
            if scan["ends early"]:
                report.notes.append(f"{said} in part: the limit ends it")
            else:
                through.append(scan["table"])
                report.notes.append(f"{said}:\n{scan['plan']}")
    report.bar(f"{role}: queries, large / small stock, worst screen", max(growth), 1)
    report.bar(f"{role}: large tables read through", len(through), 0, "")
    few = looks[login, "form, closed", "large"]["queries"]
    many = looks[login, "form, closed, 30 promises", "large"]["queries"]
    report.bar(f"{role}: queries of the form, 30 / 3 promises", many / few, 1)


# ----------------------------------------------------------------------
# Inside Odoo
# ----------------------------------------------------------------------


def look(env, act, **arguments):
    """Do it twice, as in a server that has been running; watch the second time."""
    from .stock import clock

    act = globals()[act]
    if "which" in arguments:
        arguments = {"ticket": _find(env, arguments["which"])}
    env.cr.execute("SET LOCAL statement_timeout = %s", [PATIENCE])
    with clock():
        act(env, **arguments)
        env.invalidate_all()
        with _overheard(env.cr) as statements:
            begun = time.perf_counter()
            rows = act(env, **arguments)
            seconds = time.perf_counter() - begun
    plans = [_plan(env.cr, text) for text in statements if _is_select(text)]
    large = _large_tables(env.cr)
    return {
        "rows": rows,
        "seconds": seconds,
        "queries": len(statements),
        "scans": [scan for _ms, plan in plans for scan in _scans(plan, large)],
        "slowest": max(plans)[1],
    }


def form(env, ticket):
    arch, fields = _view(env, env.ref("helpdesk_mgmt.ticket_view_form").id, "form")
    record = env["helpdesk.ticket"].browse(ticket)
    specification = _specification(arch, record._name, fields)
    return len(record.web_read(specification))


def rows(env, action):
    from odoo.tools.safe_eval import safe_eval

    # sudo: ir.actions.act_window - handlers open it, they do not read it
    # sudo: ir.actions.act_window - what it opens
    action = env.ref(action).sudo()
    views = action.view_ids.filtered(lambda view: view.view_mode == "list")
    arch, fields = _view(env, views.view_id.id, "list")
    found = env["helpdesk.ticket"].web_search_read(
        safe_eval(action.domain, {"uid": env.uid}),
        _specification(arch, "helpdesk.ticket", fields),
        limit=ROWS,
        order=arch.get("default_order"),
        count_limit=COUNT_LIMIT,
    )
    return found["length"]


def search_overdue(env):
    overdue = [("complaint_is_overdue", "=", True)]
    return len(env["helpdesk.ticket"].search(overdue, limit=ROWS))


def count_overdue(env):
    return env["helpdesk.ticket"].search_count([("complaint_is_overdue", "=", True)])


def _find(env, which):
    """A complaint of the handler: an open one; a closed one that went its way through
    the ORM, so it has all its letters; or such a one with many promises."""
    # sudo: complaint.deadline, helpdesk.ticket - which complaint is measured
    # sudo: complaint.deadline - the subject of the bench
    deep = env["complaint.deadline"].sudo().search([("cycle", "=", 10)], limit=1)
    if which == "deep":
        return deep.ticket_id.id
    if which == "closed":
        closed = [("complaint_state", "=", "closed"), ("id", ">", deep.ticket_id.id)]
        # sudo: helpdesk.ticket - the subject of the bench
        return env["helpdesk.ticket"].sudo().search(closed, order="id", limit=1).id
    # sudo: res.users - whom to act as
    # sudo: res.users - who acts in the bench
    handler = env["res.users"].sudo().search([("login", "=", HANDLER)])
    tickets = env["helpdesk.ticket"].search(
        [("user_id", "=", handler.id), ("complaint_state", "=", "in_progress")],
        order="id desc",
        limit=1,
    )
    return tickets.id


def _view(env, view, kind):
    """The view's arch, and the fields of all models in it."""
    from lxml import etree

    views = env["helpdesk.ticket"].get_views([(view, kind)])
    fields = {model: found["fields"] for model, found in views["models"].items()}
    return etree.fromstring(views["views"][kind]["arch"]), fields


def _specification(node, model, fields):
    """What the web client asks for, from the fields in a view and its subviews."""
    depth = node.xpath("count(ancestor-or-self::field)")
    found = {}
    for child in node.xpath(f".//field[count(ancestor::field) = {depth}]"):
        name = child.get("name")
        field = fields[model][name]
        found[name] = {}
        if field["type"] == "many2one":
            found[name]["fields"] = {"display_name": {}}
        elif field["type"] in ("one2many", "many2many"):
            inner = {"display_name": {}} if child.get("widget") else {}
            if child.find("list") is not None or child.find("kanban") is not None:
                inner.update(_specification(child, field["relation"], fields))
            found[name].update(fields=inner, limit=40)
    return found


@contextmanager
def _overheard(cr):
    """The statements of a cursor, as the database gets them."""
    statements, kind, real = [], type(cr), type(cr).execute

    def execute(cursor, *arguments, **options):
        result = real(cursor, *arguments, **options)
        statements.append(cursor._obj.query.decode())
        return result

    kind.execute = execute
    try:
        yield statements
    finally:
        kind.execute = real


def _is_select(statement):
    return re.match(r"\s*(SELECT|WITH)\b", statement)


def _plan(cr, statement):
    """``(milliseconds, plan)`` of a statement."""
    cr.execute("EXPLAIN (ANALYZE, BUFFERS OFF) " + statement.replace("%", "%%"), [])
    plan = "\n".join(row[0] for row in cr.fetchall())
    return float(re.search(r"Execution Time: ([\d.]+)", plan)[1]), plan


def _large_tables(cr):
    cr.execute(
        "SELECT relname FROM pg_class WHERE relname IN %s AND reltuples >= %s",
        [tuple(BIG_TABLES), LARGE],
    )
    return {table for (table,) in cr.fetchall()}


def _scans(plan, large):
    """The sequential scans of large tables in a plan, and whether each was ended early
    by the limit of the web client's count."""
    limited = re.search(rf"Limit .*\(actual .*rows={COUNT_LIMIT}\b", plan)
    for table in re.findall(r"Seq Scan on (\w+)", plan):
        if table in large:
            yield {"table": table, "ends early": bool(limited), "plan": plan}
