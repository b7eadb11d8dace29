from odoo import models


class MailFollowers(models.Model):
    """Who follows a ticket is told to who sees the ticket."""

    _name = "mail.followers"
    _inherit = ["mail.followers", "complaint.hanging.mixin"]


class MailTrackingValue(models.Model):
    """What changed on a ticket, which administrators read by itself."""

    _name = "mail.tracking.value"
    _inherit = ["mail.tracking.value", "complaint.hanging.mixin"]
    _complaint_model_field = "mail_message_id.model"
    _complaint_id_field = "mail_message_id.res_id"


class MailNotification(models.Model):
    """Who was told of a message on a ticket."""

    _name = "mail.notification"
    _inherit = ["mail.notification", "complaint.hanging.mixin"]
    _complaint_model_field = "mail_message_id.model"
    _complaint_id_field = "mail_message_id.res_id"
