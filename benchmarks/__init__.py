"""What the addon costs, measured: run by bin/bench, one file a benchmark.

A benchmark's ``run`` is called in plain Python. Functions whose first argument is
``env`` are called by it inside a process of Odoo (``worker``), each in a transaction of
its own that is committed at the end.
"""
