"""Locks between processes, and folders that appear whole or not at all."""

import contextlib
import fcntl
import os
import shutil
import tempfile
import time
from pathlib import Path

from .console import say

SHORT_WAIT = 2  # seconds


@contextlib.contextmanager
def locked(path, waiting_for):
    """Hold an exclusive lock on a file; tell once when another process has it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "a") as handle:
        if not _taken_within(handle, SHORT_WAIT):
            say(f"waiting for {waiting_for} ...")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _taken_within(handle, seconds):
    """Whether the lock was free in that time: a shorter wait is not worth a word."""
    end = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            if time.monotonic() > end:
                return False
            time.sleep(0.05)


def try_lock(path):
    """An open file that holds the lock until closed, or None when another has it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = open(path, "a")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        handle.close()
        return None
    return handle


@contextlib.contextmanager
def whole_folder(target):
    """Fill a temporary folder that takes the name ``target`` when all went well."""
    target.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        yield work
        work.chmod(0o755)
        if target.exists():
            shutil.rmtree(target)
        os.rename(work, target)
    finally:
        if work.exists():
            shutil.rmtree(work, ignore_errors=True)


def write_whole(path, text):
    """Write a file by replacing it at once; leave it alone when nothing changes."""
    if path.is_file() and path.read_text() == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_text(text)
    draft.replace(path)
