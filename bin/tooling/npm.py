"""Single files out of npm packages, for what no other place has."""

import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

from .console import say
from .paths import cache_folder

FAILURES = (
    subprocess.SubprocessError,
    OSError,
    StopIteration,
    KeyError,
    tarfile.TarError,
)


def ensure_file(target, package, member):
    """Put one file of a package at its place; go on without it, and say so, when it
    cannot be had.

    :param Path target: where it belongs; nothing is done when it is there
    :param str package: name and exact version
    :param str member: the file's path in the package
    """
    if target.exists():
        return
    if not shutil.which("npm"):
        say(f"note: no npm to fetch {target.name} with; going on without it")
        return
    cache_folder().mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache_folder()) as folder:
        source = _fetch(Path(folder), package, member)
        if source is None:
            say(f"note: npm could not fetch {target.name}; going on without it")
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        source.replace(target)


def _fetch(folder, package, member):
    """Download and unpack the npm package; the file's path, or None."""
    command = ["npm", "pack", "--silent", "--fetch-retries=1", "--fetch-timeout=30000"]
    try:
        subprocess.run(
            [*command, package],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=120,
            check=True,
        )
        archive = next(folder.glob("*.tgz"))
        with tarfile.open(archive) as content:
            raw = content.extractfile(f"package/{member}").read()
    except FAILURES:
        return None
    file = folder / Path(member).name
    file.write_bytes(raw)
    file.chmod(0o644)
    return file
