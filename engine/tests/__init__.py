"""Tests of the engine: plain unittest, no Odoo, no database.

From the root: ``python -m unittest discover -s engine -t .``
"""
