"""Installing Debian packages on the system: as root, or by sudo without password."""

import os
import shutil
import subprocess
import time

from .commands import explain
from .console import Stop, say

LOCK_WAIT = 300  # seconds another apt or dpkg may keep its lock before we give up
LOCK_MESSAGES = ("Could not get lock", "Unable to lock", "is another process using it")


def install(packages):
    """Install packages with apt-get; refresh apt's lists only when the first try fails,
    so that a broken third-party source does not stand in the way."""
    manual = f"apt-get update && apt-get install {' '.join(packages)}"
    if not shutil.which("apt-get"):
        raise Stop(
            f"these Debian packages or their like are missing: {' '.join(packages)};"
            " there is no apt-get here: install them with this system's own tool"
        )
    prefix = _privilege()
    if prefix is None:
        raise Stop(f"system packages are missing; run this as root: {manual}")
    say(f"installing system packages: {' '.join(packages)}")
    order = ["install", "-y", "--no-install-recommends", *packages]
    if _apt_get(prefix, order).returncode:
        _apt_get(prefix, ["update"])
        done = _apt_get(prefix, order)
        if done.returncode:
            reason = explain(done.args, done.stdout)
            raise Stop(f"apt-get could not install {' '.join(packages)}: {reason}")


def _privilege():
    """The words before apt-get that make it root: none, sudo, or None when neither."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo"):
        asked = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False)
        if asked.returncode == 0:
            return ["sudo", "-n"]
    return None


def _apt_get(prefix, order):
    """Run apt-get without questions, again while another process holds its lock."""
    quiet = ["env", "DEBIAN_FRONTEND=noninteractive", "LC_ALL=C.UTF-8", "apt-get"]
    quiet += ["-q", "-o", f"DPkg::Lock::Timeout={LOCK_WAIT}"]
    end = time.monotonic() + LOCK_WAIT
    told = False
    while True:
        done = subprocess.run(
            [*prefix, *quiet, *order],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
        busy = any(message in done.stdout for message in LOCK_MESSAGES)
        if not done.returncode or not busy or time.monotonic() > end:
            return done
        if not told:
            say("waiting for another apt or dpkg to finish ...")
            told = True
        time.sleep(3)
