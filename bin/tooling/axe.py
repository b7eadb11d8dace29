"""axe-core, which finds what keeps people from using a page: only the tests use it, in
their browser (MPL-2.0; no part of the addon)."""

from .npm import ensure_file
from .paths import cache_folder

VERSION = "4.14.1"
NAME = "axe.min.js"
# Where the tests read the file's path.
VARIABLE = "HELPDESK_COMPLAINT_AXE"


def axe_path():
    return cache_folder() / f"axe-core-{VERSION}" / NAME


def ensure_axe():
    """Keep the file in the cache; without it the tests that want it are skipped."""
    ensure_file(axe_path(), f"axe-core@{VERSION}", NAME)
