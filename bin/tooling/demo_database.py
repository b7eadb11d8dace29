"""The demonstration's database: made once, updated when the addon's files change."""

from .console import phase, say
from .odoo_process import run_odoo
from .paths import ADDON
from .sources import sources_hash
from .template import ensure_template

NAME = f"{ADDON}_demo"
LANGUAGES = "en_US,fr_FR"  # naming one alone would leave English out


def ensure_demo_database(workplace, databases, reset=False):
    """The name of a whole database that fits the addon's files. Its note is the files'
    hash; it is made under another name, so that a half one never gets this name."""
    name = workplace.server.name(NAME)
    files = sources_hash()
    if reset:
        databases.drop(name)
    note = databases.note(name)
    if note == files:
        return name
    if note:
        say("the addon's files have changed: updating the demonstration's database")
        with phase("update"):
            run_odoo("demo-update.log", "-d", name, "-u", ADDON)
        databases.set_note(name, files)
    else:
        _create(workplace, databases, name, files)
    return name


def _create(workplace, databases, name, files):
    say("making the demonstration's database (about a minute, only this once)")
    draft = workplace.server.name(f"{NAME}_draft")
    template = ensure_template(workplace, databases)
    with phase("demonstration data"):
        databases.copy(template, draft)
        run_odoo(
            "demo-install.log",
            *("-d", draft, "-i", ADDON, "--with-demo", f"--load-language={LANGUAGES}"),
        )
        databases.set_note(draft, files)
        databases.rename(draft, name)
