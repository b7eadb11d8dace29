"""Finding PostgreSQL's programs: Debian keeps the server's out of PATH."""

import re
import shutil
from pathlib import Path

from .console import Stop

OLDEST = 13
DEBIAN_FOLDER = Path("/usr/lib/postgresql")


def find_programs(server, major=None):
    """The folder with psql (and initdb, pg_ctl when ``server``), newest version first;
    None when there is none. ``major`` asks for one version."""
    for folder, version in _candidates():
        if version is not None and version < OLDEST:
            continue
        if major and version not in (major, None):
            continue
        needed = ("psql", "initdb", "pg_ctl", "postgres") if server else ("psql",)
        if all((folder / name).exists() for name in needed):
            return folder
    return None


def require_programs(server, major=None):
    """Like find_programs, but raises Stop when there is none."""
    folder = find_programs(server, major)
    if folder is None:
        version = f" {major}" if major else f" {OLDEST} or newer"
        raise Stop(
            f"PostgreSQL{version} is missing: install the package postgresql,"
            " or set PGHOST to use a server of yours"
        )
    return folder


def _candidates():
    folders = []
    for home in DEBIAN_FOLDER.glob("[0-9]*"):
        if re.fullmatch(r"\d+", home.name):
            folders.append((home / "bin", int(home.name)))
    folders.sort(key=lambda item: item[1], reverse=True)
    for name in ("postgres", "psql"):
        found = shutil.which(name)
        if found:
            folders.append((Path(found).resolve().parent, None))
            folders.append((Path(found).parent, None))
    return folders
