"""A server for the demonstration, from its start until it is stopped."""

import contextlib
import subprocess
import time
import urllib.error
import urllib.request

from .console import Stop, say
from .odoo_process import odoo_command, odoo_environment
from .paths import LOGS
from .ports import HOST

PATIENCE = 180  # seconds until the first page must have answered
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class DemoServer:
    """A running Odoo server."""

    def __init__(self, process, log):
        self.process = process
        self.log = log

    def wait_until_answering(self, url):
        """Return once the page answers with 200; raise Stop when the server ends first
        or the page does not come."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise Stop(f"the server ended at its start; its log: {self.log}")
            try:
                with DIRECT.open(url, timeout=PATIENCE) as answer:
                    if answer.status == 200:
                        return
            except urllib.error.HTTPError as error:
                raise Stop(f"{url} answers {error.code}; the log: {self.log}") from None
            except OSError:
                time.sleep(0.3)
        raise Stop(f"{url} did not answer in {PATIENCE} s; the log: {self.log}")

    def wait_until_stopped(self):
        """Wait for Ctrl-C, which is the way to end it, or for the server's own end."""
        try:
            code = self.process.wait()
        except KeyboardInterrupt:
            say("\nstopping ...")
            return 0
        raise Stop(f"the server ended by itself (code {code}); its log: {self.log}")

    def stop(self):
        """End the server, gently first."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.terminate()
            self.process.wait(20)
        self.process.kill()
        self.process.wait()


@contextlib.contextmanager
def running_server(databases, name, port):
    """A DemoServer whose login page has answered; stopped at the end in any case."""
    # Links in letters and mails lead to the port of this run.
    databases.execute(
        name,
        f"UPDATE ir_config_parameter SET value = 'http://localhost:{port}'"
        " WHERE key = 'web.base.url'",
    )
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / "demo-server.log"
    arguments = ["server", "-d", name, "--db-filter", f"^{name}$", "--http-port", port]
    with open(log, "w") as output:
        process = subprocess.Popen(
            odoo_command(*arguments),
            env=odoo_environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    demo = DemoServer(process, log)
    try:
        say("starting the server ...")
        demo.wait_until_answering(f"http://{HOST}:{port}/web/login")
        yield demo
    finally:
        demo.stop()
