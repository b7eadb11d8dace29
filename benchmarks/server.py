"""A real server to measure, and visitors that come to it over HTTP.

Both are on this machine: the server listens to 127.0.0.1 alone, as the project's
configuration says, and visitors go nowhere else.
"""

import contextlib
import http.client
import itertools
import re
import secrets
import subprocess
import time
import urllib.parse
from dataclasses import dataclass
from pathlib import Path

from tooling.demo_server import DemoServer
from tooling.odoo_process import odoo_environment
from tooling.paths import LOGS, PYTHON
from tooling.ports import HOST, reserved_port

from .place import BenchError

SCRIPT = Path(__file__).with_name("serve.py")
PORTS = (19069, 19969)
PATIENCE = 120  # seconds for one answer
LOGGED = re.compile(
    r'werkzeug: .*"(?P<method>[A-Z]+) (?P<path>\S+) HTTP/[\d.]+" (?P<status>\d+) \S+'
    r" (?P<queries>\d+) (?P<database>[\d.]+) (?P<rest>[\d.]+)"
)
CSRF = re.compile(r'name="csrf_token"[^>]*\bvalue="([^"]+)"')


class Server(DemoServer):
    """A running Odoo."""

    def __init__(self, process, log, port):
        super().__init__(process, log)
        self.port = port

    def text(self):
        return self.log.read_text(errors="replace")

    def requests(self, count=0):
        """The requests that it logged, as dicts of strings; waits for so many."""
        for _attempt in range(50):
            found = [match.groupdict() for match in LOGGED.finditer(self.text())]
            if len(found) >= count:
                return found
            time.sleep(0.1)
        raise BenchError(f"{len(found)} requests of {count} are in {self.log}")


@contextlib.contextmanager
def serving(place, database, *options):
    """A server on a database, whose login page has answered."""
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / f"bench-server-{database}.log"
    with contextlib.ExitStack() as stack:
        port = stack.enter_context(reserved_port(*PORTS))
        command = [PYTHON, SCRIPT, "server", "-d", database]
        command += ["--db-filter", f"^{database}$", "--http-port", port, *options]
        environment = odoo_environment(place.databases.configuration("ours"))
        output = stack.enter_context(open(log, "w"))
        process = subprocess.Popen(
            list(map(str, command)),
            # Its folder stays off the path, in the processes that it starts, too.
            env={**environment, "PYTHONSAFEPATH": "1", "PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        server = Server(process, log, port)
        stack.callback(server.stop)
        server.wait_until_answering(f"http://{HOST}:{port}/web/login")
        yield server


@dataclass(frozen=True)
class Answer:
    status: int
    text: str
    location: str
    seconds: float


class Visitor:
    """Somebody with a browser: it keeps cookies, and reads each answer to its end.

    :param str address: where he says to come from, to a server behind a proxy
    """

    def __init__(self, port, address=None):
        self.port = port
        self.address = address
        self.cookies = {}
        self.connection = http.client.HTTPConnection(HOST, port, timeout=PATIENCE)

    def get(self, path):
        return self._ask("GET", path)

    def post(self, path, values, files=()):
        """Send a form.

        :param dict values: texts by name of the field
        :param files: triples of field, file name and bytes
        """
        if not files:
            body = urllib.parse.urlencode(values).encode()
            return self._ask("POST", path, body, "application/x-www-form-urlencoded")
        boundary = secrets.token_hex(16)
        body = _multipart(boundary, values, files)
        return self._ask(
            "POST", path, body, f"multipart/form-data; boundary={boundary}"
        )

    def post_json(self, path, text):
        return self._ask("POST", path, text.encode(), "application/json")

    def log_in(self, login, password):
        page = self.get("/web/login")
        values = {"login": login, "password": password}
        answer = self.post("/web/login", {**values, "csrf_token": csrf_token(page)})
        if answer.status != 303:
            raise BenchError(f"{login} could not log in: {answer.status}")
        return self

    def twin(self):
        """The same browser, on another connection."""
        twin = Visitor(self.port, self.address)
        twin.cookies = dict(self.cookies)
        return twin

    def _ask(self, method, path, body=None, kind=None):
        # As a proxy asks: a worker does not wait for what else a visitor may want.
        headers = {"Accept-Language": "en-US", "Connection": "close"}
        if kind:
            headers["Content-Type"] = kind
        if self.cookies:
            pairs = itertools.starmap("{}={}".format, self.cookies.items())
            headers["Cookie"] = "; ".join(pairs)
        if self.address:
            headers["X-Forwarded-For"] = self.address
            headers["X-Forwarded-Host"] = f"{HOST}:{self.port}"
            headers["X-Forwarded-Proto"] = "http"
        begun = time.perf_counter()
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        content = response.read()
        seconds = time.perf_counter() - begun
        for cookie in response.headers.get_all("Set-Cookie") or ():
            name, _equals, rest = cookie.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        return Answer(
            response.status,
            content.decode("utf-8", "replace"),
            response.headers.get("Location", ""),
            seconds,
        )


def csrf_token(page):
    found = CSRF.search(page.text)
    if not found:
        raise BenchError(f"a page without form came, status {page.status}")
    return found[1]


def _multipart(boundary, values, files):
    parts = []
    for name, value in values.items():
        head = f'Content-Disposition: form-data; name="{name}"'
        parts += [f"--{boundary}", head, "", value]
    body = "".join(f"{line}\r\n" for line in parts).encode()
    for field, name, content in files:
        head = f'Content-Disposition: form-data; name="{field}"; filename="{name}"'
        lines = (f"--{boundary}", head, "Content-Type: application/octet-stream", "")
        body += "".join(f"{line}\r\n" for line in lines).encode() + content + b"\r\n"
    return body + f"--{boundary}--\r\n".encode()
