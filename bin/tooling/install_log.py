"""Reading the log of the addon's installation: it must not warn."""

from .odoo_process import LOG_LINE, PROBLEMS
from .paths import ADDON

FIRST_OF_OURS = f"Loading module {ADDON} "


def problems_of_ours(log):
    """The lines from WARNING up once our addon is being loaded, and earlier ones that
    name it; what core says about others before is not ours to mend."""
    found, ours = [], False
    for line in log.splitlines():
        parts = LOG_LINE.match(line)
        if not parts:
            continue
        ours = ours or parts["message"].startswith(FIRST_OF_OURS)
        if parts["level"] in PROBLEMS and (ours or ADDON in parts["message"]):
            found.append(line)
    return found
