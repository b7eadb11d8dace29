"""Who works in the databases of the benchmarks: a complaint desk made by the ORM.

The functions run inside Odoo, in databases with and without the addon, and give all of
them the same teams, users and customers.
"""

HANDLER, MANAGER = "bench_handler", "bench_manager"
HELPDESK_GROUPS = {
    HANDLER: "helpdesk_mgmt.group_helpdesk_user_team",
    MANAGER: "helpdesk_mgmt.group_helpdesk_user",
}
COMPLAINT_GROUPS = {
    HANDLER: "helpdesk_complaint.group_complaint_user",
    MANAGER: "helpdesk_complaint.group_complaint_manager",
}
REGIMES = ("fr_acpr", "fr_notice_14_30")
PROMISES = 4  # of these regimes at least, as soon as a complaint is reported


def furnish(env, teams=1, handlers=1, customers=100, regimes=REGIMES):
    """Make teams with handlers, one manager who leads them all, and customers.

    :param int handlers: of each team; the first one's login is ``HANDLER``
    :return: ids, by what they are
    """
    env.company.write({"country_id": env.ref("base.fr").id})
    [manager] = _users(env, [MANAGER], MANAGER)
    logins = [HANDLER]
    logins += [f"{HANDLER}_{number}" for number in range(2, teams * handlers + 1)]
    users = _users(env, logins, HANDLER)
    desks = env["helpdesk.ticket.team"].create(
        [
            {
                "name": f"Complaint desk {place + 1}",
                "user_id": manager.id,
                "user_ids": [(6, 0, users[place::teams].ids)],
            }
            for place in range(teams)
        ]
    )
    if _has(env, "helpdesk_complaint"):
        found = env["complaint.regime"].search([("code", "in", regimes)])
        if len(found) < len(regimes):
            raise AssertionError(f"the catalogue has not all of {regimes}")
        env.company.complaint_agency_code = "1001"
        desks.complaint_regime_ids = found
    partners = env["res.partner"].create(
        [
            {"name": f"Customer {number}", "email": f"c{number}@bench.example"}
            for number in range(1, customers + 1)
        ]
    )
    return {
        "teams": desks.ids,
        "handlers": users.ids,
        "manager": manager.id,
        "partners": partners.ids,
    }


def _users(env, logins, role):
    groups = [env.ref(HELPDESK_GROUPS[role]).id]
    if _has(env, "helpdesk_complaint"):
        groups.append(env.ref(COMPLAINT_GROUPS[role]).id)
    quiet = env["res.users"].with_context(no_reset_password=True)
    return quiet.create(
        [
            {
                "name": login.replace("_", " ").capitalize(),
                "login": login,
                "email": f"{login}@bench.example",
                "tz": "Europe/Paris",
                "group_ids": [(6, 0, groups)],
            }
            for login in logins
        ]
    )


def _has(env, addon):
    return addon in env.registry._init_modules
