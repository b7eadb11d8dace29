"""One JavaScript file that Debian leaves out of Odoo; without it every page of the back
office logs an error in the browser. The npm package has it."""

from pathlib import Path

from .npm import ensure_file

PACKAGE = "@mediapipe/selfie_segmentation@0.1.1675465747"
NAME = "selfie_segmentation.js"
PLACE = Path("odoo/addons/mail/static/lib/selfie_segmentation") / NAME


def ensure_selfie(python_path):
    """Put the file into Debian's Odoo; without it the tests take it out of the page."""
    ensure_file(python_path / PLACE, PACKAGE, NAME)
