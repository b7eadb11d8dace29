"""The database server: the user's (PGHOST) or a cluster of this checkout's own."""

import getpass
import os
from dataclasses import dataclass

from .commands import run
from .console import Stop
from .paths import CHECKOUT_KEY
from .postgres_programs import require_programs


@dataclass(frozen=True)
class Server:
    """How to reach a running server; empty values are left to libpq's own defaults."""

    host: str
    port: str
    user: str

    def name(self, database):
        """A database's name on this server: with the checkout's key where other
        checkouts may use the same server."""
        return f"{database}_{CHECKOUT_KEY}" if is_users_server() else database

    def environment(self):
        """The variables that lead PostgreSQL's programs to this server. The user's own
        (a password, a service) only matter to the user's own server."""
        base = dict(os.environ) if is_users_server() else without_pg_variables()
        pairs = {"PGHOST": self.host, "PGPORT": self.port, "PGUSER": self.user}
        return {**base, **{key: value for key, value in pairs.items() if value}}


def is_users_server():
    """Whether the user named a server of theirs."""
    return bool(os.environ.get("PGHOST"))


def users_server():
    """The server that the user named."""
    server = Server(
        os.environ["PGHOST"],
        os.environ.get("PGPORT", ""),
        os.environ.get("PGUSER") or getpass.getuser(),
    )
    if server.user == "postgres":
        raise Stop(
            "Odoo refuses the database user postgres: set PGUSER to a role that may"
            " create databases"
        )
    return server


def check_users_server(server):
    """Raise Stop when the user's own server lets us not in or create no databases."""
    psql = require_programs(server=False) / "psql"
    may_create = run(
        [psql, "-XAtq", "-w", "-d", "postgres"]
        + ["-c", "SELECT rolcreatedb FROM pg_roles WHERE rolname = current_user"],
        f"the database server at PGHOST={server.host} cannot be used as {server.user}"
        " (mend it, or unset PGHOST for one of the project's own)",
        env=server.environment(),
    )
    if may_create.strip() != "t":
        raise Stop(
            f"the role {server.user} at PGHOST={server.host} may not create databases:"
            " grant it CREATEDB, or unset PGHOST for a server of the project's own"
        )


def without_pg_variables():
    """The environment without what would lead PostgreSQL's programs elsewhere."""
    return {key: value for key, value in os.environ.items() if key[:2] != "PG"}
