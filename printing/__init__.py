"""Paper: HTML of a report in, PDF out. Plain Python, no records."""
