"""A PostgreSQL cluster of this checkout's own, started when needed.

It listens on a Unix socket only and lets in nobody but the account that made it, as
role ``odoo`` (no superuser, may create databases). It gives up safety after a power cut
for speed, which suits tests and a demonstration, and nothing else.
"""

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .commands import explain, run
from .console import Stop, say
from .paths import ADDON, CHECKOUT_KEY, LOCAL, ROOT
from .postgres import Server, without_pg_variables
from .postgres_programs import require_programs

ROLE = "odoo"
PORT = 5432  # only part of the socket's name: no port is opened
START_SECONDS = 120

SETTINGS = f"""
listen_addresses = ''
port = {PORT}
max_connections = 100
shared_buffers = 128MB
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
max_wal_size = 2GB
checkpoint_timeout = 30min
max_parallel_workers_per_gather = 0
jit = off
"""


def ensure_cluster():
    """The running server, made and started when needed. Not for two at a time."""
    cluster = own_cluster()
    if not cluster.answers():
        if not cluster.is_whole():
            if cluster.is_roots():
                remove_abandoned(cluster)
            cluster.create()
        if not cluster.answers():
            cluster.start()
    return cluster.server(ROLE)


def own_cluster():
    """Where the cluster of this checkout is. Root runs it as user postgres, who may not
    be able to enter the checkout. A socket's path has a length limit (107), so sockets
    stay out of the checkout, too."""
    if os.geteuid() == 0:
        folder = Path("/var/lib") / ADDON / CHECKOUT_KEY
        return Cluster(folder, folder)
    name = f"{ADDON}-{os.geteuid()}-{CHECKOUT_KEY}"
    return Cluster(LOCAL / "postgres", Path("/tmp") / name)


@dataclass(frozen=True)
class Cluster:
    """A cluster's folder (data, log, and the note ``checkout`` that it is whole) and
    the folder of its socket."""

    folder: Path
    socket_folder: Path

    @property
    def data(self):
        return self.folder / "data"

    def server(self, role):
        """How to reach it."""
        return Server(str(self.socket_folder), str(PORT), role)

    def is_roots(self):
        """Whether it is outside its checkout."""
        return self.folder == self.socket_folder

    def answers(self):
        """Whether a server listens; a killed one leaves its socket behind."""
        with contextlib.closing(socket.socket(socket.AF_UNIX)) as probe:
            try:
                probe.connect(str(self.socket_folder / f".s.PGSQL.{PORT}"))
            except OSError:
                return False
        return True

    def is_whole(self):
        """Whether it was made to the end, and for this checkout: in a copied checkout
        lies a copy of a cluster that may be in use."""
        checkout = self.checkout()
        if checkout is None:
            return False
        return checkout == ROOT or not checkout.exists()

    def checkout(self):
        """The checkout that it was made for; None when it is not whole."""
        with contextlib.suppress(FileNotFoundError):
            return Path((self.folder / "checkout").read_text())
        return None

    def create(self):
        """Make it; the note comes last."""
        say("creating a PostgreSQL cluster for this checkout")
        if self.folder.exists():
            if self.checkout() in (None, ROOT):
                self.stop()
            shutil.rmtree(self.folder)
        self._make_folder(self.folder)
        self._initdb()
        self._write_settings()
        self.start()
        run(
            [self._program("psql"), "-XAtq", "-d", "postgres"]
            + ["-c", f"CREATE ROLE {ROLE} LOGIN CREATEDB NOSUPERUSER"],
            "the database role could not be created",
            env=self.server("postgres").environment(),
        )
        (self.folder / "checkout").write_text(str(ROOT))

    def _initdb(self):
        """UTF-8 with the letter cases of all languages where the system knows them."""
        command = [require_programs(server=True) / "initdb", "-D", self.data, "-N"]
        command += ["-U", "postgres", "-A", "peer", "--encoding=UTF8"]
        failure = "the database server's initdb failed"
        try:
            run([*command, "--locale=C.UTF-8"], failure, **_as_owner())
        except Stop:
            run([*command, "--locale=C"], failure, **_as_owner())

    def _write_settings(self):
        with open(self.data / "postgresql.conf", "a") as settings:
            settings.write(SETTINGS)
        (self.data / "pg_hba.conf").write_text("local all all peer map=checkout\n")
        account = pwd.getpwuid(os.geteuid()).pw_name
        (self.data / "pg_ident.conf").write_text(
            f'checkout "{account}" {ROLE}\ncheckout "{account}" postgres\n'
        )

    def start(self):
        """Start the server and wait until it answers."""
        self._make_folder(self.socket_folder)
        log = self.folder / "server.log"
        command = [self._program("pg_ctl"), "-D", self.data, "-s", "-l", log]
        command += ["-w", "-t", START_SECONDS, "-o", f"-k {self.socket_folder}"]
        command = [str(part) for part in [*command, "start"]]
        # No pipes: the server would inherit them and keep their readers waiting.
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            check=False,
            **_as_owner(),
        )
        if done.returncode:
            tail = log.read_text().splitlines()[-30:] if log.exists() else []
            reason = explain(command, "\n".join(tail))
            raise Stop(f"the database server does not start: {reason}")

    def stop(self):
        """Stop the server if it runs."""
        if (self.data / "postmaster.pid").exists():
            with contextlib.suppress(Stop):
                run(
                    [self._program("pg_ctl"), "-D", self.data, "-m", "fast", "stop"],
                    "the database server does not stop",
                    **_as_owner(),
                )

    def _program(self, name):
        """A program of the version that made the data."""
        major = int((self.data / "PG_VERSION").read_text())
        return require_programs(server=True, major=major) / name

    def _make_folder(self, folder):
        """A folder that belongs to the account that runs the server."""
        if folder.exists():
            if folder.stat().st_uid in (os.geteuid(), _owner().pw_uid):
                return
            raise Stop(f"{folder} belongs to another user: remove it and try again")
        folder.mkdir(parents=True, mode=0o755)
        folder.chmod(0o755)
        os.chown(folder, _owner().pw_uid, _owner().pw_gid)


def remove_abandoned(cluster):
    """Remove root's clusters whose checkout is gone: nobody else would."""
    for folder in cluster.folder.parent.glob("*"):
        other = Cluster(folder, folder)
        checkout = other.checkout()
        if checkout and not checkout.exists():
            with contextlib.suppress(OSError, Stop):
                other.stop()
                shutil.rmtree(folder)


def _owner():
    """The account that runs the server: PostgreSQL refuses to run as root."""
    try:
        return pwd.getpwnam("postgres") if os.geteuid() == 0 else _this_account()
    except KeyError:
        raise Stop(
            "no account to run the database server with (root may not, and there is no"
            " user postgres): set PGHOST to use a server of yours"
        ) from None


def _this_account():
    return pwd.getpwuid(os.geteuid())


def _as_owner():
    """Options for subprocess that run a program as that account."""
    options = {"cwd": "/", "env": {**without_pg_variables(), "LC_ALL": "C"}}
    if os.geteuid() == 0:
        owner = _owner()
        options.update(user=owner.pw_uid, group=owner.pw_gid, extra_groups=[])
    return options
