from . import portal, complaint_public, complaint_follow, helpdesk, letter_run
