"""Downloading Debian packages with a source list of our own, without being root and
without a trace in the system's apt."""

import subprocess
from pathlib import Path

from .commands import run
from .console import Stop

UNSTABLE = "sid"
STABLE = "trixie"
KEYRINGS = (
    "/usr/share/keyrings/debian-archive-keyring.gpg",
    "/usr/share/keyrings/debian-archive-keyring.pgp",
)


class PrivateApt:
    """An apt with its lists and cache in ``folder``; ``otherwise`` ends its errors."""

    def __init__(self, folder, otherwise):
        self.folder = folder
        self.otherwise = otherwise
        for name in ("lists/partial", "cache/archives/partial", "packages"):
            (folder / name).mkdir(parents=True)
        keyring = next(filter(lambda path: Path(path).exists(), KEYRINGS), None)
        if keyring is None:
            raise Stop(
                "Debian's unstable suite cannot be verified: install the package"
                f" debian-archive-keyring, {otherwise}"
            )
        mirror = self._mirror()
        (folder / "sources.list").write_text(
            "".join(
                f"deb [signed-by={keyring}] {mirror} {suite} main\n"
                for suite in (UNSTABLE, STABLE)
            )
        )

    def update(self):
        """Fetch the suites' lists of packages."""
        run(
            self._apt_get("-o", "APT::Update::Error-Mode=any", "update"),
            "Debian's unstable suite cannot be reached: check the network,"
            f" {self.otherwise}",
        )

    def download(self, packages):
        """Download packages given as name/suite and return their files."""
        target = self.folder / "packages"
        run(
            self._apt_get("download", *packages),
            "Odoo 19 cannot be had from Debian's unstable suite now: try again later,"
            f" {self.otherwise}",
            cwd=target,
        )
        return sorted(target.glob("*.deb"))

    def _apt_get(self, *order):
        options = {
            "Dir::Etc::sourcelist": self.folder / "sources.list",
            "Dir::Etc::sourceparts": "/dev/null",
            "Dir::Etc::preferences": "/dev/null",
            "Dir::Etc::preferencesparts": "/dev/null",
            "Dir::State::Lists": self.folder / "lists",
            "Dir::Cache": self.folder / "cache",
            "Acquire::Languages": "none",
            "Acquire::Retries": "2",
            "APT::Sandbox::User": "root",
        }
        words = ["env", "LC_ALL=C.UTF-8", "apt-get", "-q"]
        for key, value in options.items():
            words += ["-o", f"{key}={value}"]
        return [*words, *order]

    def _mirror(self):
        """The mirror from which this machine's own apt takes Debian itself, found by
        the label of what was fetched, or by its address when nothing was yet."""
        for label, uri in _index_targets("$(LABEL)"):
            if label == "Debian":
                return uri
        for component, uri in _index_targets("$(COMPONENT)", "--no-release-info"):
            if component == "main" and uri.rstrip("/").endswith("/debian"):
                return uri
        raise Stop(
            "Debian's unstable suite cannot be reached: apt has no mirror of Debian"
            f" here: add one, {self.otherwise}"
        )


def _index_targets(field, *options):
    """(field, address) of each source that the system's apt knows."""
    asked = ["apt-get", "indextargets", *options]
    asked += ["--format", f"{field}|$(REPO_URI)", "Created-By: Packages"]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    return [tuple(line.split("|", 1)) for line in done.stdout.splitlines()]
