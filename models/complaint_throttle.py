import ipaddress
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import hmac

# Attempts allowed, and the hours in which they are counted; the system parameter
# ``helpdesk_complaint.limit_<kind>`` sets another number.
LIMITS = {
    # forms sent from one address, whatever became of them
    "post": (120, 1),
    # complaints from one address, and in the name of one e-mail address
    "address": (20, 1),
    "mail": (5, 1),
    # e-mails that strangers make us send to one e-mail address
    "receipt": (5, 24),
    # new links asked for from one address
    "link": (20, 1),
}
KEPT_HOURS = 48
SWEPT = 10_000  # at a time; there are some for each form that is sent


class ComplaintThrottle(models.Model):
    """How often somebody tried lately, so that a robot does not try for ever.

    Kept in the database: it counts for all workers and hosts. Who it was is a keyed
    digest: addresses are not kept in clear. Two requests at the same moment do not
    see each other, so a limit may be passed by the number of workers.
    """

    _name = "complaint.throttle"
    _description = "Attempts at the public pages"
    _log_access = False

    digest = fields.Char(required=True)
    at = fields.Datetime(required=True, index=True)

    _digest_idx = models.Index("(digest, at)")

    @api.model
    def _allow(self, kind, who):
        """Count an attempt and say whether it is within its limit.

        What is refused is not counted: nobody is shut out for longer by insisting.

        :param str kind: a key of ``LIMITS``
        :param str who: a network address for ``post``, ``address`` and ``link``, else
            a normalised e-mail address
        :return: bool
        """
        limit, hours = LIMITS[kind]
        # sudo: ir.config_parameter, complaint.throttle - visitors read neither
        params = self.env["ir.config_parameter"].sudo()
        asked = params.get_param(f"helpdesk_complaint.limit_{kind}", "")
        limit = int(asked) if asked.isdigit() else limit
        model = self.sudo()  # sudo: same
        digest = model._digest(kind, who)
        now = fields.Datetime.now()
        count = model.search_count(
            [("digest", "=", digest), ("at", ">", now - timedelta(hours=hours))],
            limit=limit,
        )
        if count >= limit:
            return False
        model.create({"digest": digest, "at": now})
        return True

    @api.model
    def _digest(self, kind, who):
        is_mail = kind in ("mail", "receipt")
        who = self._mailbox(who) if is_mail else self._network(who)
        return hmac(self.env, "helpdesk_complaint.throttle", f"{kind}:{who}")

    @api.model
    def _mailbox(self, address):
        """One mailbox has an address for every tag: name+tag@example.com."""
        name, at, domain = address.casefold().rpartition("@")
        return f"{name.partition('+')[0] or name}{at}{domain}"

    @api.model
    def _network(self, address):
        """One household has one IPv4 address, and 2 to the 64 of IPv6."""
        try:
            parsed = ipaddress.ip_address(address or "")
        except ValueError:
            return address or ""
        if parsed.version == 6:
            parsed = parsed.ipv4_mapped or parsed
        if parsed.version == 6:
            return str(ipaddress.ip_network((parsed, 64), strict=False))
        return str(parsed)

    @api.autovacuum
    def _gc_attempts(self):
        old = fields.Datetime.now() - timedelta(hours=KEPT_HOURS)
        swept = self.search([("at", "<", old)], limit=SWEPT)
        swept.unlink()
        return len(swept), len(swept) == SWEPT
