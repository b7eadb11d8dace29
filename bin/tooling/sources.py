"""Whether the addon's files have changed."""

import hashlib
import os
from pathlib import Path

from .paths import ROOT

# Not loaded into a database.
LEFT_OUT = {"__pycache__", "bin", "benchmarks", "build", "dist", "tests"}


def sources_hash():
    """One value for the names and contents of all files that make up the addon."""
    digest = hashlib.sha256()
    for path in sorted(_files()):
        digest.update(f"{path.relative_to(ROOT)}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _files():
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [f for f in folders if f not in LEFT_OUT and f[0] != "."]
        yield from (Path(folder, name) for name in names if name[0] != ".")
