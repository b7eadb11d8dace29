"""What the benchmarks share: processes of Odoo to measure in, turns, and the report."""

import json
import statistics
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tooling.odoo_process import odoo_environment
from tooling.paths import LOGS, PYTHON, ROOT

WORKER = Path(__file__).with_name("worker.py")
MILLION, TEN_THOUSAND = 1_000_000, 10_000
WIDTH = 150  # of a note on the screen; files have all of it


class BenchError(Exception):
    """A benchmark could not be run, or measured something else than it meant to."""


@dataclass(frozen=True)
class Place:
    """The databases, and how large the benchmarks are to be."""

    databases: object
    quick: bool
    anew: bool

    def sized(self, full, quick):
        """A size or a count, by whether this is only a quick look."""
        return quick if self.quick else full

    @contextmanager
    def worker(self, database, kind="ours"):
        """A process of Odoo on a database."""
        worker = Worker(database, self.databases.configuration(kind))
        try:
            yield worker
        finally:
            worker.stop()

    def stock(self, complaints, open_complaints, reminders):
        """A database with a stock of complaints, see ``benchmarks.stock``."""

        def fill(name):
            with self.worker(name) as worker:
                worker.call(
                    "stock:build",
                    complaints=complaints,
                    open_complaints=open_complaints,
                    reminders=reminders,
                )

        return self.databases.stock(complaints, fill, self.anew)

    def stocks(self):
        """``{name: database}`` of a small and a large stock, both with the same
        number of reminders due at ``stock.NOW``."""
        sizes = {
            "small": (TEN_THOUSAND, 2_000),
            "large": self.sized((MILLION, 50_000), (10 * TEN_THOUSAND, 5_000)),
        }
        return {name: self.stock(*size, self.reminders) for name, size in sizes.items()}

    @property
    def reminders(self):
        """How many reminders are due in each stock."""
        return 1_000


class Worker:
    """A process of Odoo that does what it is asked, one thing at a time."""

    def __init__(self, database, conf):
        LOGS.mkdir(parents=True, exist_ok=True)
        self.log = LOGS / f"bench-{database}.log"
        with open(self.log, "a") as log:
            self.process = subprocess.Popen(
                [str(PYTHON), "-P", str(WORKER), database, str(ROOT)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env={**odoo_environment(conf), "PYTHONDONTWRITEBYTECODE": "1"},
            )

    def call(self, function, login=None, **arguments):
        """Do ``module:function`` as a user and return its result."""
        return self.measure(function, login, **arguments)["result"]

    def measure(self, function, login=None, **arguments):
        """As ``call``, and what it cost: ``result``, ``seconds`` with the commit,
        ``processor`` (seconds of this process), ``queries``.

        :raises BenchError: with the last line of what went wrong
        """
        order = {"function": function, "login": login, "arguments": arguments}
        try:
            self.process.stdin.write(json.dumps(order) + "\n")
            self.process.stdin.flush()
            answer = json.loads(self.process.stdout.readline())
        except (BrokenPipeError, json.JSONDecodeError):
            raise BenchError(f"Odoo ended by itself; its log: {self.log}") from None
        if "error" in answer:
            with open(self.log, "a") as log:
                log.write(answer["error"])
            reason = answer["error"].strip().splitlines()[-1]
            raise BenchError(f"{function}: {reason} (see {self.log})")
        return answer

    def stop(self):
        """End it; it has nothing left to do."""
        self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def in_turns(rounds, warm_up, measures):
    """Take each measure once a round, one after the other, so that whatever else the
    machine does hits all of them alike.

    :param dict measures: functions that return what ``Worker.measure`` does, by name
    :return: lists of those, by name, without the rounds that warm up
    """
    taken = {name: [] for name in measures}
    for number in range(warm_up + rounds):
        for name, measure in measures.items():
            cost = measure()
            if number >= warm_up:
                taken[name].append(cost)
    return taken


def median(costs, key="seconds"):
    return statistics.median(cost[key] for cost in costs)


@dataclass(frozen=True)
class Bar:
    """A figure and the limit it has to keep."""

    what: str
    value: float
    limit: float
    unit: str = "x"
    at_least: bool = False
    must: bool = False  # whether missing it is a fault, not just slow

    @property
    def is_kept(self):
        if self.at_least:
            return self.value >= self.limit
        return self.value <= self.limit

    def line(self):
        bound = "at least" if self.at_least else "at most"
        said = (
            f"bar {self.what}: {self._say(self.value)}, {bound} {self._say(self.limit)}"
        )
        if self.is_kept:
            return f"{said}: kept"
        return f"{said}: MISSED by {self._say(abs(self.value - self.limit))}"

    def _say(self, value):
        shown = (
            f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.2f}"
        )
        return f"{shown} {self.unit}".strip()

    def as_json(self):
        return {
            "what": self.what,
            "value": round(self.value, 4),
            "limit": self.limit,
            "unit": self.unit,
            "is": "at least" if self.at_least else "at most",
            "kept": self.is_kept,
        }


@dataclass
class Report:
    """What a benchmark found, for people and for programs."""

    title: str
    bars: list = field(default_factory=list)
    figures: dict = field(default_factory=dict)
    notes: list = field(default_factory=list)

    def bar(self, *arguments, **options):
        self.bars.append(Bar(*arguments, **options))

    def figure(self, name, **values):
        self.figures[name] = {
            key: round(value, 4) if isinstance(value, float) else value
            for key, value in values.items()
        }

    def lines(self):
        yield f"\n{self.title}"
        for name, values in self.figures.items():
            told = [f"{key} {_short(value)}" for key, value in values.items()]
            yield f"  {name:<44} {', '.join(told)}"
        for note in self.notes:
            yield from (f"  {line[:WIDTH]}" for line in note.splitlines())
        yield from (f"  {bar.line()}" for bar in self.bars)

    def as_json(self):
        return {
            "title": self.title,
            "bars": [bar.as_json() for bar in self.bars],
            "figures": self.figures,
            "notes": self.notes,
        }


def _short(value):
    if isinstance(value, float):
        return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
    return f"{value:,}" if isinstance(value, int) else value
