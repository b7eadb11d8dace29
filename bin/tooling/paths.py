"""Where things are. Everything a command makes is in .local/ or in the shared cache."""

import hashlib
import os
from pathlib import Path

ADDON = "helpdesk_complaint"

ROOT = Path(__file__).resolve().parents[2]
LOCK_FILES = ROOT / "bin" / "lock"

LOCAL = ROOT / ".local"
LOGS = LOCAL / "log"
VENV = LOCAL / "venv"
PYTHON = VENV / "bin" / "python"
LINT_VENV = LOCAL / "lint"
ADDONS = LOCAL / "addons"
LINKED_ADDON = ADDONS / ADDON
CONF = LOCAL / "odoo.conf"
DATA = LOCAL / "data"

# Two checkouts on one machine differ by this key wherever they share something.
CHECKOUT_KEY = hashlib.sha256(str(ROOT).encode()).hexdigest()[:10]


def cache_folder():
    """The folder shared by all checkouts of this user (XDG base directories)."""
    base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return Path(base) / ADDON
