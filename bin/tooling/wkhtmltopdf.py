"""Odoo's own program for PDF files, to compare with: only bin/bench wants it."""

import os
import shutil
import subprocess

from .commands import run
from .console import Stop, say
from .locks import whole_folder
from .paths import LOCAL

NAME = "wkhtmltopdf"
FOLDER = LOCAL / "bench" / NAME
# Finds its libraries beside it, and needs no screen.
PROGRAM = """#!/bin/sh
here=$(dirname "$(dirname "$(readlink -f "$0")")")
for folder in "$here"/files/usr/lib/*-linux-gnu*; do
    LD_LIBRARY_PATH=$folder:$LD_LIBRARY_PATH
    QT_PLUGIN_PATH=$folder/qt5/plugins:$QT_PLUGIN_PATH
done
export LD_LIBRARY_PATH QT_PLUGIN_PATH QT_QPA_PLATFORM=offscreen
exec "$here/files/usr/bin/wkhtmltopdf" "$@"
"""


def ensure_wkhtmltopdf():
    """Return the folder that has the program: the system's, or one of our own where
    Debian's package was unpacked, without a trace in the system.

    :raises Stop: when it cannot be had
    """
    found = shutil.which(NAME)
    if found:
        return os.path.dirname(found)
    program = FOLDER / "bin" / NAME
    if not program.exists():
        say(f"downloading Debian's {NAME} for the comparison")
        with whole_folder(FOLDER) as folder:
            _unpack(folder)
    return str(program.parent)


def _unpack(folder):
    for name in ("packages", "files", "bin"):
        (folder / name).mkdir()
    run(
        ["apt-get", "-q", "download", *_missing_packages()],
        f"Debian's {NAME} cannot be downloaded",
        cwd=folder / "packages",
    )
    for package in (folder / "packages").glob("*.deb"):
        run(["dpkg-deb", "-x", package, folder / "files"], f"{package.name} is broken")
    shutil.rmtree(folder / "packages")
    program = folder / "bin" / NAME
    program.write_text(PROGRAM)
    program.chmod(0o755)


def _missing_packages():
    """The package and those it needs that this machine has not."""
    asked = ["apt-get", "install", "--simulate", "--no-install-recommends", NAME]
    if not shutil.which(asked[0]):
        raise Stop(f"there is no apt-get here to have {NAME} from")
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    names = [
        line.split()[1] for line in done.stdout.splitlines() if line.startswith("Inst ")
    ]
    if not names:
        raise Stop(f"apt-get knows no {NAME}: run apt-get update")
    return names
