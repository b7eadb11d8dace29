"""The pages of ordinary tickets: complaints stay out of them, and so do strangers."""

from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request
from odoo.tools import consteq

from odoo.addons.helpdesk_mgmt.controllers.main import HelpdeskTicketController
from odoo.addons.helpdesk_mgmt.controllers.myaccount import CustomerPortalHelpdesk
from odoo.addons.portal.controllers.portal import CustomerPortal

from .complaint_form import MAX_TEXT, MAX_TITLE, clean_text
from .files import MAX_FORM_BYTES, read_files


class ComplaintTicketController(HelpdeskTicketController):
    @http.route(methods=["POST"], csrf=True)
    def support_ticket_close(self, ticket_id=None, stage_id=None, **kw):
        """Close an ordinary ticket that the user may read, by a stage meant for it.

        A complaint is not closed by a stage: its page says what can be done.
        """
        try:
            ticket_id, stage_id = int(ticket_id), int(stage_id)
        except (TypeError, ValueError):
            return request.redirect("/my")
        try:
            CustomerPortal()._document_check_access("helpdesk.ticket", ticket_id)
        except (AccessError, MissingError):
            return request.redirect("/my")
        # sudo: helpdesk.ticket - read above; customers may not write their tickets
        ticket = request.env["helpdesk.ticket"].browse(ticket_id).sudo()
        if ticket.complaint_state:
            return request.redirect(f"/my/complaints/{ticket.id}?note=open")
        stage = self._get_closing_stages(ticket).filtered(lambda x: x.id == stage_id)
        if stage:
            ticket.stage_id = stage
        return request.redirect(f"/my/ticket/{ticket.id}", code=302)

    @http.route(methods=["POST"], csrf=True, max_content_length=MAX_FORM_BYTES)
    def submit_ticket(self, **kw):
        """Make a ticket of what the form may hold; else give the form back.

        Nothing is made until all of it can be taken, the files too.
        """
        post, errors = self._read_ticket_form(kw)
        files, file_error = read_files("attachment")
        if file_error:
            errors.append(file_error)
        if errors:
            return self._render_ticket_form(post, errors)
        try:
            with request.env.cr.savepoint():
                ticket = self._make_ticket({**self._read_others(kw), **post}, files)
        except UserError as error:
            return self._render_ticket_form(post, [str(error)])
        except (TypeError, ValueError, OverflowError):
            # What another addon reads of its own field.
            return self._render_ticket_form(post, [self._not_in_lists()])
        return request.redirect(f"/my/ticket/{ticket.id}")

    def _make_ticket(self, post, files):
        vals = self._prepare_submit_ticket_vals(**post)
        team = request.env["helpdesk.ticket.team"].browse(vals.get("team_id") or [])
        # sudo: helpdesk.ticket.team - of which company it is
        if team and team.sudo().company_id.id not in (False, vals["company_id"]):
            raise UserError(
                request.env._(
                    "This team does not handle this category. Please choose another."
                )
            )
        # sudo: helpdesk.ticket - a customer creates tickets by this form only
        ticket = request.env["helpdesk.ticket"].sudo().create(vals)
        ticket.message_subscribe(partner_ids=request.env.user.partner_id.ids)
        # sudo: ir.attachment - same; he stays their author
        request.env["ir.attachment"].sudo().create(
            [
                {
                    "name": name,
                    "raw": content,
                    "res_model": ticket._name,
                    "res_id": ticket.id,
                }
                for name, content in files
            ]
        )
        return ticket

    def _read_others(self, post):
        """The fields that other addons put on the form; they check them themselves."""
        known = self._get_ticket_form_fields()
        return {
            name: clean_text(value)[:MAX_TITLE]
            for name, value in post.items()
            if name not in known and isinstance(value, str)
        }

    def _not_in_lists(self):
        return request.env._("Please choose team and category from the lists.")

    def _get_ticket_form_fields(self):
        """The fields of the form, by name.

        :return: for each, the records that may be chosen, or None for a text
        """
        fields = {"subject": None, "description": None}
        offered = self._get_create_new_ticket_values()
        fields["category"] = offered["categories"]
        fields["team"] = offered["teams"] or request.env["helpdesk.ticket.team"]
        return fields

    def _read_ticket_form(self, post):
        """Take what the form may hold, and nothing else.

        :return: the values by field, and messages for what cannot be taken
        """
        values, errors = {}, []
        for name, choices in self._get_ticket_form_fields().items():
            text = clean_text(post.get(name))
            values[name] = text
            if choices is None or not text:
                continue
            if text not in map(str, choices.ids):
                values[name] = ""
                errors.append(self._not_in_lists())
        values["subject"] = " ".join(values["subject"].split())
        company = request.env.company.sudo()  # sudo: res.company - its settings
        missing = [name for name in ("subject", "description") if not values[name]]
        if values["team"] == "" and company.helpdesk_mgmt_portal_team_id_required:
            missing += ["team"] if self._get_teams() else []
        if values["category"] == "" and (
            company.helpdesk_mgmt_portal_category_id_required
        ):
            missing += ["category"] if self._get_categories() else []
        if missing and not errors:
            errors.append(request.env._("Please fill in every field that is required."))
        for name, limit in (("subject", MAX_TITLE), ("description", MAX_TEXT)):
            if len(values[name]) > limit:
                errors.append(
                    request.env._(
                        "This is too long: please keep it under %(limit)s characters, "
                        "or attach the text as a file.",
                        limit=limit,
                    )
                )
        return values, errors

    def _render_ticket_form(self, post, errors):
        """The form again, with what was typed; files must be chosen again."""
        values = self._get_create_new_ticket_values()
        if any(x.filename for x in request.httprequest.files.getlist("attachment")):
            errors = [*errors, request.env._("Please choose your files again.")]
        values.update({"post": post, "ticket_errors": errors})
        return request.render("helpdesk_mgmt.portal_create_ticket", values)

    def _get_closing_stages(self, ticket):
        """The stages whose button the page of this ticket shows."""
        values = CustomerPortalHelpdesk()._ticket_get_page_view_values(ticket, None)
        return values["closed_stages"]


class ComplaintTicketPortal(CustomerPortalHelpdesk):
    def _prepare_home_portal_values(self, counters):
        """Count the tickets that are no complaints, and not all before them."""
        others = [name for name in counters if name != "ticket_count"]
        values = super()._prepare_home_portal_values(others)
        if "ticket_count" in counters:
            model = request.env["helpdesk.ticket"].with_context(complaint_left_out=True)
            may_read = model.has_access("read")
            values["ticket_count"] = model.search_count([]) if may_read else 0
        return values

    @http.route()
    def portal_my_tickets(self, *args, **kw):
        request.update_context(complaint_left_out=True)
        return super().portal_my_tickets(*args, **kw)

    @http.route()
    def portal_my_ticket(self, ticket_id, access_token=None, **kw):
        """Send complaints to their own page, which asks for a login.

        To who may not read it, a complaint looks like any ticket he may not read.
        """
        ticket = request.env["helpdesk.ticket"].browse(ticket_id)
        # sudo: helpdesk.ticket - whether it is a complaint, and its token
        ticket_sudo = ticket.sudo().exists()
        if not ticket_sudo.complaint_state:
            request.update_context(complaint_ticket_page=True)
            return super().portal_my_ticket(ticket_id, access_token=access_token, **kw)
        token = ticket_sudo.access_token
        knows_it = access_token and token and consteq(token, access_token)
        if knows_it or ticket.has_access("read"):
            return request.redirect(f"/my/complaints/{ticket_id}")
        return request.redirect("/my")

    def _ticket_get_page_view_values(self, ticket, access_token, **kwargs):
        """Its page shows the files of the ticket, but not those of internal notes."""
        values = super()._ticket_get_page_view_values(ticket, access_token, **kwargs)
        files = ticket.sudo().attachment_ids  # sudo: ir.attachment - filtered next
        hidden = request.env["ir.attachment"]._complaint_hidden_from_customer(
            [("id", "in", files.ids)]
        )
        values["ticket_files"] = files - files.browse(hidden)
        return values
