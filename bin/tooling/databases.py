"""Databases together with their file stores: one without the other is broken."""

import os
import shutil

from .commands import run
from .paths import DATA
from .postgres_programs import require_programs

FILESTORES = DATA / "filestore"


class Databases:
    """The databases of one server. Each can carry a note, kept as PostgreSQL's comment
    on it, so that it is there exactly as long as the database is."""

    def __init__(self, server):
        self.server = server
        self.psql = require_programs(server=False) / "psql"

    def exists(self, name):
        """Whether there is such a database."""
        return bool(
            self._ask(f"SELECT 1 FROM pg_database WHERE datname = {_text(name)}")
        )

    def note(self, name):
        """The note on a database; empty when there is no note or no database."""
        return self._ask(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database"
            f" WHERE datname = {_text(name)}"
        )

    def set_note(self, name, note):
        """Replace the note on a database."""
        self._ask(f"COMMENT ON DATABASE {_name(name)} IS {_text(note)}")

    def drop(self, name):
        """Remove a database and its file store if they are there, whoever uses them.

        Not by WITH (FORCE): it asks for rights on the server's own vacuum, too, which
        a plain DROP ends by itself.
        """
        self._ask(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            f" WHERE datname = {_text(name)} AND usename = current_user"
        )
        self._ask(f"DROP DATABASE IF EXISTS {_name(name)}")
        shutil.rmtree(FILESTORES / name, ignore_errors=True)

    def copy(self, source, target):
        """Make ``target`` a fresh copy of ``source``."""
        self.drop(target)
        self._ask(f"CREATE DATABASE {_name(target)} TEMPLATE {_name(source)}")
        if (FILESTORES / source).is_dir():
            shutil.copytree(
                FILESTORES / source, FILESTORES / target, copy_function=_link_or_copy
            )

    def rename(self, old, new):
        """Give a database its final name, in the place of what had it. The file store
        goes first: interrupted between the two, ``new`` does not exist yet."""
        self.drop(new)
        if (FILESTORES / old).is_dir():
            (FILESTORES / old).rename(FILESTORES / new)
        self._ask(f"ALTER DATABASE {_name(old)} RENAME TO {_name(new)}")

    def execute(self, name, statement):
        """Run one statement in a database and return its output."""
        return self._ask(statement, name)

    def _ask(self, statement, database="postgres"):
        quiet = {"PGOPTIONS": "-c client_min_messages=error"}
        command = [self.psql, "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", database]
        output = run(
            [*command, "-c", statement],
            "the database server refused",
            env={**self.server.environment(), **quiet},
        )
        return output.strip()


def _name(identifier):
    return '"' + identifier.replace('"', '""') + '"'


def _text(value):
    return "'" + value.replace("'", "''") + "'"


def _link_or_copy(source, target):
    """Files of a file store are never changed in place, so copies may share them."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
