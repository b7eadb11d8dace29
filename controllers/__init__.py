from . import copy, helpdesk, letter_run, portal
