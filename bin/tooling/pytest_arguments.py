"""pytest-odoo knows the tests only by their path through the linked addon."""

from pathlib import Path

from .paths import LINKED_ADDON, ROOT

# Options of pytest whose value is the next word, so that it is not taken for a path.
WITH_VALUE = {"-k", "-m", "-p", "-o", "-c", "-W", "-r", "-n", "--tb", "--maxfail"}
WITH_VALUE |= {"--durations", "--ignore", "--deselect", "--junitxml", "--junit-xml"}
WITH_VALUE |= {"--color", "--capture", "--log-level", "--log-cli-level"}


def through_link(arguments):
    """The arguments with test paths (relative to here or to the root, also with
    ``::name``) led through the link; all tests when no path is among them."""
    result, paths, previous = [], 0, ""
    for argument in arguments:
        found = None
        if not argument.startswith("-") and previous not in WITH_VALUE:
            found = _linked(argument)
        paths += found is not None
        result.append(found or argument)
        previous = argument
    return result if paths else [*result, str(LINKED_ADDON / "tests")]


def _linked(argument):
    file, separator, rest = argument.partition("::")
    for base in (Path.cwd(), ROOT):
        path = (base / file).resolve()
        if path.exists() and path.is_relative_to(ROOT):
            return f"{LINKED_ADDON / path.relative_to(ROOT)}{separator}{rest}"
    return None
