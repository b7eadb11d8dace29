"""The checkout as an addon on Odoo's path, and Odoo's configuration file."""

import os

from .locks import write_whole
from .paths import ADDONS, CONF, DATA, LINKED_ADDON, LOCAL, ROOT


def ensure_config(core, server):
    """Write what depends on where the checkout, Odoo and the database server are."""
    link_addon()
    write_whole(CONF, configuration(core, server))


def link_addon():
    """Odoo wants the addon under its own name, whatever the checkout is called.

    A folder of links to each entry, not one link to the checkout: the checkout holds
    this folder, and whoever walks the addon with links followed, as Odoo's export of
    translations does, would never come out. Hidden entries stay outside. The links
    are absolute: a moved checkout gets new ones.
    """
    if LINKED_ADDON.is_symlink():
        LINKED_ADDON.unlink()
    LINKED_ADDON.mkdir(parents=True, exist_ok=True)
    wanted = {
        entry.name: str(entry)
        for entry in ROOT.iterdir()
        if not entry.name.startswith((".", "__pycache__"))
    }
    for link in LINKED_ADDON.iterdir():
        if link.is_symlink() and wanted.get(link.name) != os.readlink(link):
            link.unlink()
    for name, target in wanted.items():
        if not (LINKED_ADDON / name).is_symlink():
            try:
                (LINKED_ADDON / name).symlink_to(target)
            except FileExistsError:  # another command of this checkout was faster
                continue


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
