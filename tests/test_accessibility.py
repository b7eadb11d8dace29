"""Everybody can use the pages: rules of axe, width of a phone, the keyboard."""

import json
import os
from pathlib import Path

from odoo.tools import hash_sign

from ..models.helpdesk_ticket_receipt import CLAIM_HOURS, CLAIM_SCOPE
from .browser import BrowserCase
from .common import tagged

AXE = os.environ.get("HELPDESK_COMPLAINT_AXE", "")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Whatever can be folded is open; of two reactions one at a time.
OPEN = "document.querySelectorAll('details').forEach((one) => { one.open = true; })"
OPEN_FIRST = f"{OPEN}; document.querySelector('details[name=reaction]').open = true"
# Of Odoo's own home page only our card is ours to mend.
CARD = ".o_portal_index_card:has(a[href='/my/complaints'])"
RUN = """
axe.run(%s, {runOnly: %s, resultTypes: ["violations"]}).then((found) =>
    found.violations.flatMap((rule) => rule.nodes.map((node) =>
        rule.id + " (" + rule.help + "): " + node.html.slice(0, 200)
        + " -- " + (node.any.concat(node.all, node.none)[0] || {}).message
    ))
)
"""
# What is wider than the window, and what is too small for a finger.
WIDE = """
document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll(
    "#wrap *")].filter((one) => one.getBoundingClientRect().right > innerWidth + 1
).map((one) => one.outerHTML.slice(0, 120)).slice(0, 5).concat(["the page is too wide"])
"""
SMALL = """
[...document.querySelectorAll(
    "#wrap a, #wrap button, #wrap input, #wrap select, #wrap textarea, #wrap summary"
)].filter((one) => {
    const box = one.getBoundingClientRect();
    const isText = getComputedStyle(one).display === "inline";
    const isShown = one.checkVisibility() && !one.closest(".visually-hidden");
    const label = one.labels && one.labels[0];
    const height = label
        ? Math.max(box.height, label.getBoundingClientRect().height) : box.height;
    return isShown && box.width && !isText && height < 24;
}).map((one) => one.outerHTML.slice(0, 120))
"""
SEND_WRONG = """
(texts) => {
    const form = document.querySelector("form[name=complaint]");
    for (const [name, text] of Object.entries(texts)) {
        form.querySelectorAll(`[name=${name}]`).forEach((one) => {
            one.disabled = true;
        });
        const field = document.createElement("input");
        Object.assign(field, {type: "hidden", name, value: text});
        form.append(field);
    }
    HTMLFormElement.prototype.submit.call(form);
}
"""


class PagesCase(BrowserCase):
    """Each page, in each of its states."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.phone = "+33 4 76 00 00 00"
        cls.company.complaint_public_text = "<p>Welcome to our desk.</p>"
        cls.env["helpdesk.ticket.category"].create(
            {"name": "Fees", "show_in_portal": True, "company_id": cls.company.id}
        )

    def answer(self, ticket):
        ticket.complaint_qualify(True, "A fee is contested.", self.acpr.ids)
        ticket.complaint_regime_ids |= self.window
        ticket.complaint_send_letter("acknowledge")
        ticket.complaint_decide("rejected", "The fee is in the contract.")
        ticket.complaint_send_letter("rejection")

    def visitor_pages(self):
        """Pairs of name and path, of every state of the tracking page and others."""
        form = f"/complaint?desk={self.desk}"
        pages = {"the form": form, "choice of a desk": "/complaint", "a new link": ""}
        pages["a new link"] = "/complaint/link"
        pages["a closed link"] = "/complaint/link?note=closed"
        states = {
            "received": {"email": "", "reply_by": "post", "address": "3 rue du Pont"},
            "asked": {},
            "answered": {},
            "closed": {},
            "represented": {"represented": "Zoé L'Hôte"},
        }
        for state, data in states.items():
            files = [("files", ("a very long name of a file.pdf", b"%PDF", "a/b"))]
            ticket, path = self.new_public_complaint(
                title=f"Charged twice, {state}",
                request="Pay me back.",
                about="Contract 4711",
                date="2026-03-02",
                files=files,
                **data,
            )
            pages[f"complaint {state}"] = path
            if state == "received":
                pages["receipt"] = path.replace("follow", "received")
                self.post(f"{path}/message", message="It happened twice.")
                pages["message sent"] = f"{path}?note=written"
            if state == "asked":
                ticket.complaint_qualify(True, "A fee is contested.", self.acpr.ids)
                ticket.complaint_send_letter("acknowledge")
                ticket.complaint_send_letter("request_information")
            if state in ("answered", "closed"):
                self.answer(ticket)
            if state == "answered":
                pages["complaint not moved"] = f"{path}?note=moved"
            if state == "closed":
                self.forget()
                self.post(f"{path}/accept")
            if state == "represented":
                ticket.complaint_qualify(True, "A fee is contested.", self.acpr.ids)
        return pages

    def customer_pages(self):
        ticket = self._new_complaint(complaint_request="Pay me back.")
        done = self.answered()
        claim = hash_sign(
            self.env(su=True),
            CLAIM_SCOPE,
            [self.customer.id, self.customer.email],
            expiration_hours=CLAIM_HOURS,
        )
        for number in range(2):
            self._new_complaint(name=f"A complaint with a rather long title {number}")
        return {
            "home": "/my",
            "list": "/my/complaints",
            "list, claimed": "/my/complaints?note=claimed",
            "list, claim over": "/my/complaints?note=claim_over",
            "new": "/my/complaints/new",
            "complaint received": f"/my/complaints/{ticket.id}?note=received",
            "complaint answered": f"/my/complaints/{done.id}",
            "claim": f"/my/complaints/claim/{claim}",
        }

    # Sent as it is, this form comes back with an error beside every field.
    ALL_WRONG = {
        "title": "",
        "description": "",
        "request": "x" * 20_001,
        "about": "x" * 201,
        "reason": "999999",
        "date": "yesterday",
        "name": "",
        "email": "nobody",
        "phone": "1" * 51,
        "address": "x" * 501,
        "reply_by": "pigeon",
        "represented_email": "nobody",
        "consent": "",
    }

    def show_errors(self, page):
        """Send the form on the page with errors that the browser does not see."""
        page.run(f"({SEND_WRONG})({json.dumps(self.ALL_WRONG)})")
        page.wait(
            "document.readyState === 'complete'"
            " && !!document.querySelector('#complaint_errors')"
        )


@tagged("post_install", "-at_install")
class TestAccessibility(PagesCase):
    def setUp(self):
        super().setUp()
        if not AXE or not Path(AXE).exists():
            self.skipTest(
                "axe-core is not there: bin/test fetches it, and the variable "
                "HELPDESK_COMPLAINT_AXE names its file"
            )
        self.found = []

    def check(self, page, name):
        """What axe finds on the page as it is now."""
        page.run(Path(AXE).read_text())
        place = json.dumps(CARD) if name.startswith("home") else "document"
        lines = page.run(RUN % (place, json.dumps(TAGS)))
        self.found += [f"{name}: {line}" for line in lines]

    def check_all(self, page, pages, lang):
        for width in (1280, 390):
            page.resize(width)
            for name, path in pages.items():
                page.open(path)
                where = f"{name}, {width} px, {lang}"
                self.assertEqual(page.run("document.documentElement.lang"), lang)
                page.run(OPEN)
                self.check(page, where)
                if page.run("!!document.querySelector('details[name=reaction]')"):
                    page.run(OPEN_FIRST)
                    self.check(page, f"{where}, first reaction open")
                if page.run("!!document.querySelector('form[name=complaint]')"):
                    self.show_errors(page)
                    page.run(OPEN)
                    self.check(page, f"{where}, with all errors")

    def test_no_page_of_a_visitor_breaks_a_rule(self):
        self.speak_french()
        pages = self.visitor_pages()
        with self.browser_page() as page:
            for lang in ("en-US", "fr-FR"):
                page.cookie("frontend_lang", lang.replace("-", "_"))
                self.check_all(page, pages, lang)
        self.tell()

    def test_no_page_of_an_account_breaks_a_rule(self):
        self.speak_french()
        pages = self.customer_pages()
        for lang in ("en-US", "fr-FR"):
            with self.browser_page(self.customer) as page:
                page.cookie("frontend_lang", lang.replace("-", "_"))
                self.check_all(page, pages, lang)
        with self.browser_page(self.stranger) as page:
            self.check_all(page, {"empty list": "/my/complaints"}, "en-US")
        self.tell()

    def tell(self):
        """Fail with each thing found once, and where it was seen first."""
        first = {}
        for line in self.found:
            where, _separator, what = line.partition(": ")
            first.setdefault(what, []).append(where)
        if first:
            self.fail(
                "\n".join(
                    f"{what} [{len(places)} times, first: {places[0]}]"
                    for what, places in first.items()
                )
            )


@tagged("post_install", "-at_install")
class TestPhone(PagesCase):
    def test_no_page_is_wider_than_a_small_phone(self):
        found = []
        visitor, customer = self.visitor_pages(), self.customer_pages()
        del customer["home"]  # it is Odoo's
        for user, pages in ((None, visitor), (self.customer, customer)):
            with self.browser_page(user) as page:
                page.resize(320, 640)
                for name, path in pages.items():
                    page.open(path)
                    page.run(OPEN)
                    found += [f"{name}: wide: {x}" for x in page.run(WIDE)]
                    found += [f"{name}: small: {x}" for x in page.run(SMALL)]
        if found:
            self.fail("\n".join(found))
