"""The checkout as an addon on Odoo's path, and Odoo's configuration file."""

import os

from .locks import write_whole
from .paths import ADDONS, CONF, DATA, LINKED_ADDON, LOCAL, ROOT


def ensure_config(core, server):
    """Write what depends on where the checkout, Odoo and the database server are."""
    link_addon()
    write_whole(CONF, configuration(core, server))


def link_addon():
    """Odoo wants the addon under its own name, whatever the checkout is called. The
    link is absolute: a moved checkout gets a new one."""
    ADDONS.mkdir(parents=True, exist_ok=True)
    if LINKED_ADDON.is_symlink() and os.readlink(LINKED_ADDON) == str(ROOT):
        return
    draft = ADDONS / f".link-{os.getpid()}"
    draft.symlink_to(ROOT)
    draft.replace(LINKED_ADDON)


def configuration(core, server, **more):
    """The text of the configuration file; ``more`` adds or replaces options."""
    options = {
        "addons_path": ",".join(map(str, [*core.addons_paths, ADDONS])),
        "data_dir": DATA,
        "db_host": server.host,
        "db_port": server.port or False,
        "db_user": server.user or False,
        "db_template": "template0",
        "http_interface": "127.0.0.1",
        "list_db": True,
        "screenshots": LOCAL / "screenshots",
        **more,
    }
    lines = [f"{key} = {value}\n" for key, value in options.items()]
    return "".join(["[options]\n", *lines])
