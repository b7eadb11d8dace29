"""pip's settings of this user (files and PIP_ variables), said to uv."""

import ast
import subprocess

# pip's option: uv's variable, and what separates several values there.
TRANSLATED = {
    "index-url": ("UV_DEFAULT_INDEX", " "),
    "extra-index-url": ("UV_INDEX", " "),
    "find-links": ("UV_FIND_LINKS", ","),
    "trusted-host": ("UV_INSECURE_HOST", " "),
    "no-index": ("UV_NO_INDEX", " "),
    "cert": ("SSL_CERT_FILE", " "),
    "proxy": ("ALL_PROXY", " "),
    "default-timeout": ("UV_HTTP_TIMEOUT", " "),
    "timeout": ("UV_HTTP_TIMEOUT", " "),
}
HARMLESS = {
    "disable-pip-version-check",
    "no-cache-dir",
    "cache-dir",
    "root-user-action",
    "break-system-packages",
    "no-input",
    "no-color",
    "progress-bar",
    "quiet",
    "retries",
    "no-warn-script-location",
    "require-virtualenv",
    "python-version-warning",
}


def as_uv_environment(python):
    """Variables that make uv look where pip does; None when a setting has no like."""
    asked = [python, "-m", "pip", "config", "list"]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    if done.returncode:
        return None
    environment = {"UV_INDEX_STRATEGY": "unsafe-best-match", "UV_NO_PROGRESS": "1"}
    for option, value in _options(done.stdout):
        if option in TRANSLATED:
            variable, separator = TRANSLATED[option]
            environment[variable] = separator.join(value.split())
        elif option not in HARMLESS:
            return None
    return environment


def _options(listing):
    """(option, value) of pip's listing; later sections win, the environment last."""
    rank = {"global": 0, "install": 1, ":env:": 2}
    found = []
    for line in listing.splitlines():
        name, _, value = line.partition("=")
        section, _, option = name.partition(".")
        if section in rank:
            found.append((rank[section], option, str(ast.literal_eval(value))))
    return [(option, value) for _, option, value in sorted(found)]
