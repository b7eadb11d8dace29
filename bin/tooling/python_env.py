"""The virtual environments, filled from lock files."""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys

from . import apt, pip_settings
from .commands import run
from .console import phase, say
from .paths import LOCAL, LOCK_FILES, VENV

STAMP = "filled-from"


def ensure_odoo_env(core):
    """The environment that runs Odoo: requirements, OCA addons, a link to the core."""
    files = ("installer.txt", "requirements.txt", "oca.txt")
    ensure_env(VENV, "Python packages", files)
    site = next(VENV.glob("lib/python3.*/site-packages"))
    link = site / "odoo-core.pth"
    line = f"{core.python_path}\n"
    if not link.exists() or link.read_text() != line:
        link.write_text(line)


def ensure_env(folder, what, files):
    """Make or refill a virtual environment when its lock files have changed. The stamp
    is written last, so an interrupted fill is done again."""
    fingerprint = _fingerprint(files)
    stamp = folder / STAMP
    if stamp.is_file() and stamp.read_text() == fingerprint and _works(folder):
        return
    with phase(what):
        shutil.rmtree(folder, ignore_errors=True)
        LOCAL.mkdir(exist_ok=True)
        _ensure_venv_module()
        run(
            [sys.executable, "-m", "venv", folder],
            "a virtual environment could not be made",
        )
        locks = [LOCK_FILES / name for name in files if name != "installer.txt"]
        _install(folder / "bin" / "python", locks)
        stamp.write_text(fingerprint)


def _ensure_venv_module():
    """Debian keeps what venv needs in a package of its own."""
    if not importlib.util.find_spec("ensurepip"):
        apt.install(["python{}.{}-venv".format(*sys.version_info)])


def _works(folder):
    """Whether the interpreter that the environment was made from is still there."""
    return (folder / "bin" / "python").exists()


def _fingerprint(files):
    digest = hashlib.sha256()
    for name in files:
        digest.update((LOCK_FILES / name).read_bytes())
    return digest.hexdigest()


def _install(python, locks):
    """Install lock files without resolving: they name every package. uv is ten times
    as fast as pip; pip is asked when uv cannot be had or cannot read pip's settings."""
    requirements = [word for lock in locks for word in ("-r", lock)]
    if not _install_with_uv(python, requirements):
        say("installing with pip (about half a minute)")
        run(
            [python, "-m", "pip", "install", "-q", "--no-deps", *requirements],
            "pip could not install the Python packages (check the network, or pip's"
            " settings)",
        )


def _install_with_uv(python, requirements):
    settings = pip_settings.as_uv_environment(python)
    if settings is None:
        return False
    get = [python, "-m", "pip", "install", "-q", "--no-deps"]
    get += ["-r", LOCK_FILES / "installer.txt"]
    fill = [python, "-m", "uv", "pip", "install", "-q", "--no-deps", "--no-config"]
    fill += ["--python", python, *requirements]
    environment = {**os.environ, **settings}
    return all(
        subprocess.run(
            command, env=environment, capture_output=True, check=False
        ).returncode
        == 0
        for command in (get, fill)
    )
