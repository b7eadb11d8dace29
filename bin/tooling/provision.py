"""Everything that bin/setup sets up, in order; quick when it is all there."""

from dataclasses import dataclass

from .cluster import ensure_cluster
from .locks import locked
from .odoo_config import ensure_config
from .odoo_core import Core, ensure_core
from .paths import LOCAL
from .postgres import Server, check_users_server, is_users_server, users_server
from .python_env import ensure_odoo_env
from .system import ensure_system


@dataclass(frozen=True)
class Workplace:
    """What the commands work with once all is set up."""

    core: Core
    server: Server


def provision():
    """Install, make and start what is missing; say nothing when nothing is."""
    with locked(LOCAL / "setup.lock", "another command that sets this checkout up"):
        ensure_system()
        core = ensure_core()
        ensure_odoo_env(core)
        server = users_server() if is_users_server() else ensure_cluster()
        ensure_config(core, server)
    return Workplace(core, server)


def provision_and_check():
    """As provision, and ask the user's own database server whether it lets us in."""
    workplace = provision()
    if is_users_server():
        check_users_server(workplace.server)
    return workplace
