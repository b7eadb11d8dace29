"""A real browser that goes from page to page, for what HTTP alone does not show."""

import json
from contextlib import contextmanager
from urllib.parse import urljoin

from odoo.tests.common import HOST, ChromeBrowser

from .test_public import PublicCase

# Text of a key, and the number that browsers give it.
KEYS = {"Tab": ("", 9), "Enter": ("\r", 13), " ": (" ", 32)}


class Page:
    """The one tab of a browser."""

    def __init__(self, browser, base):
        self.browser, self.base = browser, base

    def _call(self, method, timeout=30.0, **params):
        return self.browser._websocket_request(method, params=params, timeout=timeout)

    def open(self, path):
        self._call("Page.navigate", url=urljoin(self.base, path))
        self.wait("document.readyState === 'complete'")

    def wait(self, condition):
        if not self.browser._wait_ready(condition):
            raise AssertionError(f"{self.run('location.href')}: never {condition}")

    def run(self, code):
        """The value of an expression, awaited when it is a promise."""
        answer = self._call(
            "Runtime.evaluate", expression=code, awaitPromise=True, returnByValue=True
        )
        if "exceptionDetails" in answer:
            raise AssertionError(json.dumps(answer["exceptionDetails"])[:2000])
        return answer["result"].get("value")

    def resize(self, width, height=900):
        self._call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 600,
        )

    def press(self, key, shift=False):
        text, code = KEYS[key]
        event = {"key": key, "code": key, "windowsVirtualKeyCode": code}
        event["modifiers"] = 8 if shift else 0
        more = {"text": text} if text else {}
        self._call("Input.dispatchKeyEvent", type="keyDown", **event, **more)
        self._call("Input.dispatchKeyEvent", type="keyUp", **event)

    def type(self, text):
        self._call("Input.insertText", text=text)

    def cookie(self, name, value):
        self.browser.set_cookie(name, value, "/", HOST)

    def without_scripts(self, disabled=True):
        self._call("Emulation.setScriptExecutionDisabled", value=disabled)


class BrowserCase(PublicCase):
    """Pages in a browser; what they show is made before it opens."""

    @contextmanager
    def browser_page(self, user=None):
        """A browser in the session of a user, or of a visitor.

        As long as it is open the database is the server's.
        """
        self.forget()
        browser = ChromeBrowser(self)
        with self.allow_requests(browser=browser):
            try:
                login = user and user.login
                self.authenticate(login, login, browser=browser)
                self.cr.flush()
                self.cr.clear()
                yield Page(browser, self.base_url())
            finally:
                browser.stop()
                self._wait_remaining_requests()

    def speak_french(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        modules = self.env["ir.module.module"].search(
            [("name", "in", ("portal", "helpdesk_complaint")), ("state", "!=", "x")]
        )
        modules._update_translations("fr_FR")
