from . import complaint_follow, complaint_public, copy, helpdesk, letter_run, portal
