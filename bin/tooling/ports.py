"""Free ports on this machine, kept from other checkouts while they are in use."""

import contextlib
import errno
import socket

from .console import Stop
from .locks import try_lock
from .paths import cache_folder

HOST = "127.0.0.1"


@contextlib.contextmanager
def reserved_port(first, last):
    """A free port from the range. Its lock keeps other commands of this project from
    choosing the same one before the server listens on it."""
    for port in range(first, last + 1):
        lock = try_lock(cache_folder() / "ports" / str(port))
        if lock is None:
            continue
        with lock:
            if is_free(port):
                yield port
                return
    if first == last:
        raise Stop(f"port {first} is taken: name another, or leave --port out")
    raise Stop(f"no free port from {first} to {last} on {HOST}: stop a server there")


def is_free(port):
    """Whether a server can listen there."""
    with contextlib.closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            if error.errno == errno.EACCES:
                raise Stop(f"port {port} is not allowed here: name a higher") from None
            return False
    return True
