"""What the addon adds to a public page: few bytes, no requests of its own."""

import re
from glob import glob
from pathlib import Path

from lxml import html

from odoo.modules import get_module_path
from odoo.modules.module import Manifest

from .common import tagged
from .test_public import PAGE, PublicCase

ADDON = "helpdesk_complaint"
BUNDLE = "web.assets_frontend"
BUDGET = 150 * 1024
# So that what grows is seen long before the budget is spent.
EXPECTED = {"sources": 20 * 1024, "styles": 20 * 1024, "pictures": 10 * 1024}


@tagged("post_install", "-at_install")
class TestBudget(PublicCase):
    def own_files(self):
        """The files that the manifest puts into public pages, and our pictures."""
        folder = Path(get_module_path(ADDON))
        sources = [
            Path(path)
            for pattern in Manifest.for_addon(ADDON)["assets"][BUNDLE]
            for path in glob(str(folder.parent / pattern), recursive=True)
        ]
        pictures = [path for path in folder.glob("static/src/img/*") if path.is_file()]
        self.assertTrue(sources)
        return {"sources": sources, "pictures": pictures}

    def styles(self):
        """The bytes of the compiled style sheet that come from this addon."""
        sheet = self.env["ir.qweb"]._get_asset_bundle(BUNDLE, js=False)
        compiled = sheet.css().raw.decode()
        rules = re.findall(r"[^{}]*\bo_complaint[^{}]*\{[^{}]*\}", compiled)
        self.assertTrue(rules)
        return sum(len(rule.encode()) for rule in rules)

    def page_bytes(self, path):
        """What stands between the head and the foot of a page."""
        [wrap] = self.page(path).xpath("//*[@id='wrap']")
        return len(html.tostring(wrap, encoding="utf-8"))

    def test_the_public_pages_stay_within_the_budget(self):
        _ticket, path = self.new_public_complaint()
        common = {
            name: sum(path.stat().st_size for path in paths)
            for name, paths in self.own_files().items()
        }
        common["styles"] = self.styles()
        for name, most in EXPECTED.items():
            self.assertLess(common[name], most, name)
        sources = common.pop("sources")
        for address in (f"{PAGE}?desk={self.desk}", path, "/complaint/link"):
            total = sum(common.values()) + self.page_bytes(address)
            self.assertLess(total, BUDGET, address)
            # Even if nothing of the sources were minified.
            self.assertLess(total + sources, BUDGET, address)

    def test_a_public_page_makes_no_request_of_our_own(self):
        """Style and script come with Odoo's own bundles; no picture is ours."""
        _ticket, path = self.new_public_complaint()
        for address in (f"{PAGE}?desk={self.desk}", path):
            tree = self.page(address)
            asked = tree.xpath("//@src | //link/@href")
            self.assertTrue(asked)
            self.assertFalse([x for x in asked if ADDON in x])
            [wrap] = tree.xpath("//*[@id='wrap']")
            self.assertFalse(wrap.xpath(".//script | .//img | .//iframe | .//style"))

    def test_no_script_of_ours_is_in_public_pages(self):
        kinds = {path.suffix for path in self.own_files()["sources"]}
        self.assertEqual(kinds, {".scss"})
