"""Import me first: the commands need a Python that Odoo 19 and the lock files support.

Written for any Python 3, so that an old one can say what is wrong. When ``python3`` is
another version but a right one is installed beside it, the command restarts in it.
"""

import os
import sys

OLDEST = (3, 11)
NEWEST = (3, 12)  # rl-renderpm has no wheel for newer ones
GUARD = "HELPDESK_COMPLAINT_RESTARTED"


def _restart_or_stop():
    for minor in range(OLDEST[1], NEWEST[1] + 1):
        name = f"python3.{minor}"
        for folder in os.environ.get("PATH", "").split(os.pathsep):
            candidate = os.path.join(folder, name)
            if os.access(candidate, os.X_OK) and GUARD not in os.environ:
                os.environ[GUARD] = "1"
                os.execv(candidate, [candidate] + sys.argv)
    command = os.path.basename(sys.argv[0])
    needed = " to ".join(f"{major}.{minor}" for major, minor in (OLDEST, NEWEST))
    here = "{}.{}".format(*sys.version_info)
    sys.exit(
        f"bin/{command}: Python {needed} is needed, this is {here}: install python3.11"
    )


if not OLDEST <= sys.version_info[:2] <= NEWEST:
    _restart_or_stop()
