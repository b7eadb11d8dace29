from datetime import date
from unittest import TestCase

from ..retention import blocked, erase_from, keep_until, retention_reached
from ..steps import FACTS


class TestRetention(TestCase):
    def test_keep_until(self):
        for closed, amount, unit, last in (
            ("2026-08-31", 5, "year", "2031-08-31"),
            ("2028-02-29", 5, "year", "2033-02-28"),
            ("2028-02-29", 4, "year", "2032-02-29"),
            ("2026-08-31", 6, "month", "2027-02-28"),
            ("2026-12-31", 1, "day", "2027-01-01"),
            ("2026-12-31", 2, "week", "2027-01-14"),
        ):
            with self.subTest(closed=closed, amount=amount, unit=unit):
                found = keep_until(date.fromisoformat(closed), amount, unit)
                self.assertEqual(found.isoformat(), last)

    def test_the_last_day_is_kept(self):
        last = date(2031, 8, 31)
        self.assertEqual(erase_from(last), date(2031, 9, 1))
        self.assertFalse(retention_reached(last, last))
        self.assertTrue(retention_reached(last, date(2031, 9, 1)))

    def test_blocked(self):
        for holds, referrals, reason in (
            (0, 0, None),
            (1, 0, "held"),
            (0, 1, "open_referral"),
            (2, 3, "held"),
        ):
            self.assertEqual(blocked(holds, referrals), reason)
            self.assertIn(reason, {None, *FACTS})
