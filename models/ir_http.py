from werkzeug.exceptions import BadRequest, abort

from odoo import models
from odoo.http import SAFE_HTTP_METHODS, Response, request

ADDON = __name__.rpartition(".models.")[0]


class IrHttp(models.AbstractModel):
    """Requests that no browser makes: refused, where Odoo would fail or go on."""

    _inherit = "ir.http"

    @classmethod
    def _pre_dispatch(cls, rule, args):
        super()._pre_dispatch(rule, args)
        routing = rule.endpoint.routing
        if not _is_ours(rule.endpoint) or routing["type"] != "http":
            return
        method = request.httprequest.method
        if method == "OPTIONS":
            # Odoo would run the step that is asked about, and without a token.
            methods = ", ".join(routing["methods"] or ("GET", "HEAD", "POST"))
            abort(Response(status=204, headers={"Allow": f"{methods}, OPTIONS"}))
        if method not in SAFE_HTTP_METHODS and routing.get("csrf", True):
            token = request.get_http_params().get("csrf_token", "")
            if not (isinstance(token, str) and token.isascii()):
                raise BadRequest("Session expired (invalid CSRF token)")

    @classmethod
    def _dispatch(cls, endpoint):
        if _is_ours(endpoint):
            # It would be the first argument of the method twice.
            request.params.pop("self", None)
        return super()._dispatch(endpoint)

    @classmethod
    def _serve_fallback(cls):
        # No file has such an address, and the database cannot be asked for it.
        if "\0" in request.httprequest.path:
            return None
        return super()._serve_fallback()


def _is_ours(endpoint):
    """Whether this addon has a hand in a route, also when others override it."""
    method = endpoint.func
    return any(
        parent.__module__.startswith(ADDON) and method.__name__ in vars(parent)
        for parent in type(method.__self__).__mro__
    )
