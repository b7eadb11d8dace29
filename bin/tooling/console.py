"""What the person at the terminal sees: progress, timings and one-line failures."""

import contextlib
import errno
import os
import signal
import sys
import time

NO_SPACE = "no space left on the disk: free about 3 GB and run it again"


class Stop(Exception):
    """A failure that ends the command; its text is one line: what, and what to do."""


def say(text):
    """Print progress on standard error: standard output belongs to the result."""
    print(text, file=sys.stderr, flush=True)


@contextlib.contextmanager
def phase(name):
    """Say how long a phase took, also when it failed."""
    start = time.monotonic()
    try:
        yield
    finally:
        say(f"-- {name}: {time.monotonic() - start:.1f} s")


def describe_os_error(error):
    """One line for an error of the operating system."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        where = f" (writing {error.filename})" if error.filename else ""
        return f"{NO_SPACE}{where}"
    where = f": {error.filename}" if error.filename else ""
    return f"{error.strerror or error}{where}"


def guarded(main):
    """Run main(arguments) as a command: its return value is the exit code, a Stop or
    an operating system's error becomes one line on standard error."""
    program = f"bin/{os.path.basename(sys.argv[0])}"
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda signum, _frame: sys.exit(128 + signum))
    try:
        code = main(sys.argv[1:])
    except Stop as stop:
        say(f"{program}: {stop}")
        code = 1
    except KeyboardInterrupt:
        say(f"{program}: interrupted")
        code = 130
    except OSError as error:
        say(f"{program}: {describe_os_error(error)}")
        code = 1
    sys.exit(code or 0)
