"""A database with everything the addon depends on, kept to be copied."""

import ast
import hashlib

from .console import Stop, phase
from .locks import locked
from .odoo_process import run_odoo
from .paths import ADDON, LOCAL, LOCK_FILES, ROOT

NAME = f"{ADDON}_template"


def ensure_template(workplace, databases):
    """The template's name; it is made anew when Odoo, the OCA addons or the addon's
    dependencies are others than it was made with."""
    depends = ",".join(dependencies())
    oca = (LOCK_FILES / "oca.txt").read_bytes()
    made_of = f"{workplace.core.version} {workplace.core.python_path} {depends}"
    key = hashlib.sha256(made_of.encode() + oca).hexdigest()
    name = workplace.server.name(NAME)
    with locked(LOCAL / "template.lock", "another command that makes the template"):
        if databases.note(name) != key:
            with phase("template database"):
                draft = workplace.server.name(f"{NAME}_draft")
                databases.drop(draft)
                run_odoo("template.log", "-d", draft, "-i", depends, "--with-demo")
                databases.set_note(draft, key)
                databases.rename(draft, name)
    return name


def dependencies():
    """The addons that the manifest names."""
    manifest = ROOT / "__manifest__.py"
    try:
        return ast.literal_eval(manifest.read_text())["depends"]
    except FileNotFoundError:
        raise Stop(f"{manifest} is missing: the checkout is not complete") from None
    except (SyntaxError, ValueError, KeyError) as error:
        raise Stop(f"{manifest} cannot be read: {error}") from None
