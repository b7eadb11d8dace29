from odoo import http
from odoo.http import request


class LetterRun(http.Controller):
    @http.route("/helpdesk_complaint/run/<int:run_id>", type="http", auth="user")
    def letter_run_print(self, run_id, **kw):
        """The letters of a run in one file, for who may read all its complaints."""
        run = request.env["complaint.letter.run"].browse(run_id).exists()
        attachment = run and run._find_print_file()
        if not attachment:
            return request.not_found()
        stream = request.env["ir.binary"]._get_stream_from(attachment, "raw")
        return stream.get_response(as_attachment=False)
