# In the order of a complaint's life.
# words and lists that administrators keep
from . import complaint_file_mixin
from . import complaint_hanging_mixin
from . import complaint_audience_mixin
from . import resource_calendar
from . import resource_calendar_week
from . import resource_calendar_use
from . import resource_calendar_leaves
from . import resource_calendar_holidays
from . import resource_calendar_warning
from . import resource_calendar_worktime
from . import complaint_product
from . import complaint_regime
from . import complaint_policy
from . import complaint_policy_words
from . import complaint_policy_check
from . import complaint_policy_reminder
from . import complaint_reminder_rule
from . import complaint_regime_rule
from . import complaint_recourse_body
from . import complaint_cause
from . import complaint_letter_template
from . import complaint_letter_block
from . import complaint_letter_requirement
from . import complaint_letter_requirement_words
from . import complaint_authority
from . import complaint_authority_words
from . import complaint_substitution
from . import res_company
from . import helpdesk_ticket_team
from . import helpdesk_ticket_channel

# the ticket: state and guards, then one concern a file
from . import helpdesk_ticket
from . import helpdesk_ticket_step
from . import helpdesk_ticket_history
from . import helpdesk_ticket_intake
from . import helpdesk_ticket_form
from . import helpdesk_ticket_receipt
from . import helpdesk_ticket_people
from . import helpdesk_ticket_claim
from . import helpdesk_ticket_entry
from . import helpdesk_ticket_similar
from . import helpdesk_ticket_same
from . import helpdesk_ticket_mail
from . import helpdesk_ticket_qualification
from . import helpdesk_ticket_register
from . import helpdesk_ticket_clock
from . import helpdesk_ticket_deadline
from . import helpdesk_ticket_pause
from . import helpdesk_ticket_recourse
from . import helpdesk_ticket_settle
from . import helpdesk_ticket_reminder
from . import helpdesk_ticket_authority
from . import helpdesk_ticket_letter
from . import helpdesk_ticket_letter_values
from . import helpdesk_ticket_decision
from . import helpdesk_ticket_outcome
from . import helpdesk_ticket_referral
from . import helpdesk_ticket_undelivered
from . import helpdesk_ticket_redress
from . import helpdesk_ticket_action
from . import helpdesk_ticket_portal
from . import helpdesk_ticket_portal_access
from . import helpdesk_ticket_hidden
from . import helpdesk_ticket_follow
from . import helpdesk_ticket_retention
from . import helpdesk_ticket_broken
from . import helpdesk_ticket_hear

# the parts of a file
from . import complaint_intake
from . import complaint_event
from . import complaint_register
from . import complaint_deadline
from . import complaint_deadline_course
from . import complaint_deadline_sync
from . import complaint_deadline_reminder
from . import complaint_deadline_again
from . import complaint_recompute
from . import complaint_deadline_calendar
from . import complaint_reminder
from . import complaint_reminder_mail
from . import complaint_letter
from . import complaint_letter_check
from . import complaint_letter_correction
from . import complaint_letter_enclosure
from . import complaint_letter_approval
from . import complaint_letter_approval_activity
from . import complaint_letter_approval_help
from . import complaint_letter_preview
from . import complaint_letter_delivery
from . import complaint_letter_file
from . import complaint_letter_proof
from . import complaint_letter_undelivered
from . import complaint_letter_authority
from . import complaint_letter_content
from . import complaint_letter_pdf
from . import helpdesk_ticket_copy
from . import helpdesk_ticket_given
from . import complaint_decision
from . import complaint_point
from . import complaint_redress
from . import complaint_redress_payment
from . import complaint_redress_step
from . import complaint_redress_document
from . import complaint_series
from . import complaint_referral
from . import complaint_referral_step
from . import complaint_hold
from . import complaint_link

# what guards the public pages
from . import complaint_throttle
from . import complaint_submission
from . import ir_http

# what entered, day by day
from . import complaint_intake_job
from . import complaint_reconciliation

# letters to many
from . import complaint_letter_run
from . import complaint_letter_run_print
from . import complaint_letter_run_line

# what follows a change of policies or calendars
from . import complaint_policy_recompute
from . import complaint_policy_trial
from . import resource_calendar_recompute

# elsewhere
from . import res_users
from . import res_partner
from . import res_partner_readers
from . import res_partner_email
from . import rating_rating
from . import mail_message
from . import mail_message_report
from . import mail_mail
from . import mail_hanging
from . import mail_activity
from . import mail_thread
from . import mail_gateway
from . import mgmtsystem_action
from . import ir_attachment
from . import ir_actions_report
