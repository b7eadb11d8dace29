"""The databases that bin/bench measures in: with exactly the addons compared, and
stocks of complaints that are kept until the tables change."""

import hashlib
import json
import shutil
import time

from .commands import run
from .console import Stop, phase
from .locks import whole_folder, write_whole
from .odoo_config import configuration
from .odoo_process import run_odoo
from .paths import ADDON, CONF, LOCAL, LOCK_FILES, PYTHON, ROOT
from .sources import sources_hash

FOLDER = LOCAL / "bench"
ADDONS = FOLDER / "addons"
LOCK_FILE = LOCK_FILES / "bench.txt"
# What a database has: name, addon installed, whether the compared addons are in reach.
KINDS = {
    "plain": ("helpdesk_mgmt", False),
    "ours": (ADDON, False),
    "sla": ("helpdesk_mgmt_sla", True),
}
TRIES = 5
# All columns and indexes of the tables that a stock fills or that follow them.
TABLES_QUERY = """
SELECT string_agg(line, ' ' ORDER BY line) FROM (
    SELECT concat(attrelid::regclass, attname, atttypid::regtype, attnotnull)
      FROM pg_attribute WHERE attnum > 0 AND NOT attisdropped
       AND attrelid::regclass::text ~ '^(complaint_|helpdesk_|mail_)'
     UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
       AND tablename ~ '^(complaint_|helpdesk_|mail_)'
) AS lines(line)
"""


class BenchDatabases:
    """Makes and finds them; ``fill`` fills a database with a stock."""

    def __init__(self, workplace, databases):
        self.workplace = workplace
        self.databases = databases
        self.made = set()

    def configuration(self, kind):
        """The path of the configuration file for databases of a kind."""
        if not KINDS[kind][1]:
            return CONF
        core = self.workplace.core
        folders = [*core.addons_paths, CONF.parent / "addons", ADDONS / "odoo/addons"]
        path = FOLDER / f"odoo-{kind}.conf"
        text = configuration(
            core, self.workplace.server, addons_path=",".join(map(str, folders))
        )
        write_whole(path, text)
        return path

    def fresh(self, kind, suffix=""):
        """A new database with nothing but the addons of a kind."""
        name = self.workplace.server.name(f"bench_{kind}{suffix}")
        source = self._template(kind)
        self._drop(name)
        self.databases.copy(source, name)
        return name

    def stock(self, complaints, fill, anew=False):
        """A database with that many complaints, made by ``fill(name)``.

        It stays while the tables and what fills them are the same; when only the
        addon's other files have changed, it is updated.
        """
        name = self.workplace.server.name(f"bench_stock_{complaints}")
        if name in self.made:
            return name
        template = self._template("ours")
        tables = self.databases.execute(template, TABLES_QUERY)
        wanted = {"tables": _hash(tables, *_fillers()), "files": sources_hash()}
        note = json.loads(self.databases.note(name) or "{}")
        if anew or note.get("tables") != wanted["tables"]:
            with phase(f"stock of {complaints:,} complaints"):
                self._drop(name)
                self.databases.copy(template, name)
                fill(name)
                self.databases.execute(name, "VACUUM ANALYZE")
        elif note != wanted:
            with phase(f"update of the stock of {complaints:,} complaints"):
                run_odoo("bench-update.log", "-d", name, "-u", ADDON)
        self.databases.set_note(name, json.dumps(wanted))
        self.made.add(name)
        return name

    def copy(self, source, suffix):
        """A copy of a database, to be changed."""
        name = f"{source}_{suffix}"
        self._drop(name)
        self.databases.copy(source, name)
        return name

    def discard(self, name):
        """Remove a database that is not needed any more."""
        self._drop(name)

    def _template(self, kind):
        """A database to copy, made when there is none that fits."""
        addon, compared = KINDS[kind]
        if compared:
            _ensure_compared_addons()
        core = self.workplace.core
        made_of = [core.version, str(core.python_path), addon]
        made_of += [
            (LOCK_FILES / file).read_text() for file in ("oca.txt", "bench.txt")
        ]
        if addon == ADDON:
            made_of.append(sources_hash())
        name = self.workplace.server.name(f"bench_template_{kind}")
        if self.databases.note(name) != _hash(*made_of):
            with phase(f"database with {addon}"):
                self._make_template(kind, name, _hash(*made_of))
        return name

    def _make_template(self, kind, name, note):
        draft = f"{name}_draft"
        self._drop(draft)
        if kind != "plain":
            self.databases.copy(self._template("plain"), draft)
        conf = self.configuration(kind)
        run_odoo(f"bench-{kind}.log", "-c", conf, "-d", draft, "-i", KINDS[kind][0])
        self._drop(name)
        self.databases.set_note(draft, note)
        self.databases.rename(draft, name)

    def _drop(self, name):
        """Remove a database; the server's own housekeeping may be in it just now."""
        for attempt in range(TRIES):
            try:
                return self.databases.drop(name)
            except Stop:
                if attempt == TRIES - 1:
                    raise
                time.sleep(2)
        return None


def _ensure_compared_addons():
    """Install what is compared with in a place of its own."""
    stamp = ADDONS / "filled-from"
    if stamp.is_file() and stamp.read_text() == LOCK_FILE.read_text():
        return
    with phase("addons to compare with"), whole_folder(ADDONS) as folder:
        run(
            [PYTHON, "-m", "pip", "install", "-q", "--no-deps"]
            + ["--target", folder, "-r", LOCK_FILE],
            "pip could not install the addons to compare with (check the network, or"
            " pip's settings)",
        )
        shutil.copy(LOCK_FILE, folder / "filled-from")


def _fillers():
    """What decides on the content of a stock."""
    folder = ROOT / "benchmarks"
    names = ("people.py", "complainants.py", "stock.py")
    return [(folder / name).read_text() for name in names]


def _hash(*texts):
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()
