"""One JavaScript file that Debian leaves out of Odoo; without it every page of the back
office logs an error in the browser. The npm package has it."""

import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

from .console import say
from .paths import cache_folder

PACKAGE = "@mediapipe/selfie_segmentation@0.1.1675465747"
NAME = "selfie_segmentation.js"
FAILURES = (
    subprocess.SubprocessError,
    OSError,
    StopIteration,
    KeyError,
    tarfile.TarError,
)
PLACE = Path("odoo/addons/mail/static/lib/selfie_segmentation") / NAME


def ensure_selfie(python_path):
    """Put the file into Debian's Odoo; go on without it when it cannot be had: the
    tests then take it out of the page."""
    target = python_path / PLACE
    if target.exists():
        return
    if not shutil.which("npm"):
        say(f"note: no npm to fetch {NAME} with; going on without it")
        return
    with tempfile.TemporaryDirectory(dir=cache_folder()) as folder:
        source = _fetch(Path(folder))
        if source is None:
            say(f"note: npm could not fetch {NAME}; going on without it")
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        source.replace(target)


def _fetch(folder):
    """Download and unpack the npm package; the file's path, or None."""
    command = ["npm", "pack", "--silent", "--fetch-retries=1", "--fetch-timeout=30000"]
    try:
        subprocess.run(
            [*command, PACKAGE],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=120,
            check=True,
        )
        archive = next(folder.glob("*.tgz"))
        with tarfile.open(archive) as package:
            content = package.extractfile(f"package/{NAME}").read()
    except FAILURES:
        return None
    file = folder / NAME
    file.write_bytes(content)
    file.chmod(0o644)
    return file
