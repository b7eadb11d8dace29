"""Odoo's core: the user's own (ODOO_PATH) or Debian's package, in the shared cache.

The package is taken by name from Debian's unstable suite with a source list of our
own and unpacked beside the system, never installed: the system's apt is not changed.
"""

import os
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from . import apt_private, selfie
from .commands import run
from .console import Stop, phase, say
from .locks import locked, whole_folder
from .paths import cache_folder

SERIES = "19.0"
PACKAGE = "odoo-19"
# Packages that Odoo's fonts and libraries are links to. They come from a stable suite:
# newer ones have moved some of the files.
LINKED_PACKAGES = (
    "fonts-font-awesome",
    "fonts-inconsolata",
    "fonts-montserrat",
    "fonts-ocr-b",
    "fonts-roboto-unhinted",
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
)
DIST_PACKAGES = Path("usr/lib/python3/dist-packages")
NEEDED_SPACE = 2 * 1024**3
OTHERWISE = "or set ODOO_PATH to an Odoo 19 that you have"


@dataclass(frozen=True)
class Core:
    """An Odoo: the folder to put on Python's path, and its folders of addons."""

    python_path: Path
    version: str

    @property
    def addons_paths(self):
        """Both layouts: Debian's has everything in odoo/addons, a source checkout keeps
        most addons beside the package."""
        inside = self.python_path / "odoo" / "addons"
        beside = self.python_path / "addons"
        return [inside] if (inside / "web").is_dir() else [inside, beside]


def find_core():
    """The Odoo to use as far as it is there already, without network; else None."""
    if os.environ.get("ODOO_PATH"):
        return _users_core(Path(os.environ["ODOO_PATH"]).expanduser())
    found = sorted(cache_folder().glob("odoo-*/version"), key=os.path.getmtime)
    if not found:
        return None
    return Core(found[-1].parent / DIST_PACKAGES, found[-1].read_text().strip())


def ensure_core():
    """The Odoo to use, downloaded when there is none yet."""
    core = find_core()
    if core is None:
        cache = cache_folder()
        with locked(cache / "odoo.lock", "another download of Odoo"):
            core = find_core()
            if core is None:
                with phase("Odoo core"):
                    _download(cache)
                core = find_core()
    if not os.environ.get("ODOO_PATH"):
        selfie.ensure_selfie(core.python_path)
    return core


def _users_core(path):
    """Check the folder that the user names: a source checkout or a dist-packages."""
    release = path / "odoo" / "release.py"
    if not release.is_file():
        raise Stop(f"ODOO_PATH={path} has no odoo/release.py: name the folder above it")
    found = re.search(r"^version_info = \((\d+), (\d+)", release.read_text(), re.M)
    version = ".".join(found.groups()) if found else "unknown"
    if version != SERIES:
        raise Stop(f"ODOO_PATH={path} is Odoo {version}, but {SERIES} is needed")
    return Core(path.resolve(), version)


def _download(cache):
    """Fetch the packages and unpack them into one folder of the cache."""
    for tool in ("apt-get", "dpkg-deb"):
        if not shutil.which(tool):
            raise Stop(f"Debian's Odoo 19 needs {tool}: work on a Debian, {OTHERWISE}")
    cache.mkdir(parents=True, exist_ok=True)
    for leftover in cache.glob(".*-*"):
        shutil.rmtree(leftover)
    if shutil.disk_usage(cache).free < NEEDED_SPACE:
        raise Stop(f"less than 2 GB are free in {cache}: make room, {OTHERWISE}")
    with tempfile.TemporaryDirectory(prefix=".download-", dir=cache) as work:
        source = apt_private.PrivateApt(Path(work), OTHERWISE)
        source.update()
        say("downloading Odoo 19 from Debian's unstable suite (about 130 MB)")
        packages = source.download(
            [f"{PACKAGE}/{apt_private.UNSTABLE}"]
            + [f"{name}/{apt_private.STABLE}" for name in LINKED_PACKAGES]
        )
        core = next(path for path in packages if path.name.startswith(f"{PACKAGE}_"))
        version = core.name.split("_")[1].replace("%3a", ":")
        with whole_folder(cache / f"odoo-{version}") as prefix:
            for package in packages:
                run(["dpkg-deb", "-x", package, prefix], "unpacking Odoo failed")
            (prefix / "version").write_text(f"{version}\n")
