from . import complaint_follow, complaint_public, helpdesk, letter_run, portal
