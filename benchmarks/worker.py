"""Odoo on one database, doing what its parent asks: one line of JSON each way.

Started as ``python worker.py DATABASE FOLDER`` with the checkout's folder. An order
names a function (``module:function``), the login it is done as, and its arguments. The
answer has the result and what it cost, the commit included.
"""

import importlib
import json
import os
import sys
import time
import traceback


def main(database, folder):
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever else is printed belongs to the log
    sys.path += [folder, os.path.join(folder, "bin")]
    registry = _load(database)
    for line in sys.stdin:
        order = json.loads(line)
        try:
            answer = _carry_out(registry, **order)
        except Exception:
            answer = {"error": traceback.format_exc()}
        print(json.dumps(answer), file=answers, flush=True)


def _load(database):
    from odoo.modules.registry import Registry
    from odoo.tools import config

    config.parse_config(["-d", database], setup_logging=True)
    return Registry(database)


def _carry_out(registry, function, login, arguments):
    from odoo import api, sql_db

    module, name = function.split(":")
    function = getattr(importlib.import_module(f"benchmarks.{module}"), name)
    queries = sql_db.sql_counter
    processor = time.process_time()
    start = time.perf_counter()
    with registry.cursor() as cr:
        env = api.Environment(cr, api.SUPERUSER_ID, {})
        if login:
            user = env["res.users"].search([("login", "=", login)])
            env = api.Environment(cr, user.id, _context(user))
            queries, start = sql_db.sql_counter, time.perf_counter()
        result = function(env, **arguments)
    return {
        "result": result,
        "seconds": time.perf_counter() - start,
        "processor": time.process_time() - processor,
        "queries": sql_db.sql_counter - queries,
    }


def _context(user):
    """What the web client sends with every call of this user."""
    context = user.with_user(user).context_get()
    return {**context, "allowed_company_ids": user.company_ids.ids}


if __name__ == "__main__":
    main(*sys.argv[1:])
