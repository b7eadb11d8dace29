from . import helpdesk, letter_run, portal
