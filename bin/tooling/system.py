"""What the project needs from the operating system, and the packages that bring it."""

import ctypes
import shutil
from pathlib import Path

from . import apt
from .console import Stop, say
from .paths import LOCAL
from .postgres import is_users_server
from .postgres_programs import find_programs

# The names under which Odoo's test runner looks for a browser.
BROWSERS = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")
DEJAVU = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
# Letters quote complainants, who write what DejaVu cannot (Arabic and Hebrew it can).
FONTS = {
    "fonts-droid-fallback": "DroidSansFallbackFull.ttf",  # Chinese ..., 4 MB
    "fonts-noto-color-emoji": "NotoColorEmoji.ttf",  # 10 MB
    # Without an Arial, Chromium takes the digits of Odoo's pages from the emoji font.
    "fonts-liberation": "LiberationSans-Regular.ttf",  # 2 MB
}
FONTS_TRIED = LOCAL / "fonts-tried"


def ensure_system():
    """Install the system packages that are missing; costs milliseconds when none is."""
    packages = missing_packages()
    if packages:
        apt.install(packages)
        left = missing_packages()
        if left:
            raise Stop(f"still missing after their installation: {' '.join(left)}")
    if not FONTS_TRIED.exists():
        _try_fonts()


def missing_packages():
    """Debian packages to install, judged by what works, not by what dpkg lists."""
    postgresql = "postgresql-client" if is_users_server() else "postgresql"
    wanted = {
        postgresql: lambda: find_programs(server=not is_users_server()),
        "chromium": lambda: any(map(shutil.which, BROWSERS)),
        "libpango-1.0-0": lambda: _has_library("libpango-1.0.so.0"),
        "libpangoft2-1.0-0": lambda: _has_library("libpangoft2-1.0.so.0"),
        "libmagic1": lambda: _has_library("libmagic.so.1"),
        "fonts-dejavu-core": _has_dejavu,
        "poppler-utils": lambda: shutil.which("pdftotext"),
        "gettext": lambda: shutil.which("msgfmt"),
    }
    return [package for package, is_there in wanted.items() if not is_there()]


def _try_fonts():
    """Install the fonts that nothing needs but good looks; tried once a checkout."""
    packages = [package for package, file in FONTS.items() if not _has_font(file)]
    try:
        if packages:
            apt.install(packages)
    except Stop as error:
        say(f"letters will show boxes for emoji and Chinese, nothing worse: {error}")
    LOCAL.mkdir(parents=True, exist_ok=True)
    FONTS_TRIED.touch()


def _has_library(name):
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def _has_dejavu():
    return DEJAVU.exists() or _has_font(DEJAVU.name)


def _has_font(name):
    folders = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
    return any(next(folder.rglob(name), None) for folder in folders)
