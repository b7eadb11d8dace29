"""What an authority covers, to the day and to the cent."""

import math
import unittest
from datetime import date

from ..authority import (
    Absence,
    Act,
    Authority,
    Missing,
    absent_on,
    choose,
    missing,
    nearest,
    replaced_by,
)

DAY = date(2026, 6, 15)


class TestAuthority(unittest.TestCase):
    def test_what_is_missing(self):
        """(what the authority says, what is asked, what is missing)."""
        table = [
            ({}, {}, None),
            ({"limit": 200.0}, {"amount": 200.0}, None),
            ({"limit": 200.0}, {"amount": 200.01}, Missing.AMOUNT),
            ({"limit": 0.0}, {"amount": 0.0}, None),
            ({"limit": 0.0}, {"amount": 0.01}, Missing.AMOUNT),
            ({"limit": 200.0}, {"amount": math.nan}, Missing.AMOUNT),
            ({"limit": 200.0}, {"amount": math.inf}, Missing.AMOUNT),
            ({"codes": {"inform"}}, {"code": "inform"}, None),
            ({"codes": {"inform"}}, {"code": "rejection"}, Missing.LETTER),
            ({"codes": {"inform"}}, {}, None),
            ({"regimes": {1, 2}}, {"regimes": {1}}, None),
            ({"regimes": {1}}, {"regimes": {1, 2}}, Missing.REGIME),
            ({"regimes": {1}}, {}, None),
            ({"date_from": DAY}, {}, None),
            ({"date_from": date(2026, 6, 16)}, {}, Missing.TOO_EARLY),
            ({"date_to": DAY}, {}, None),
            ({"date_to": date(2026, 6, 14)}, {}, Missing.ENDED),
            ({"trained_until": DAY}, {}, None),
            ({"trained_until": date(2026, 6, 14)}, {}, Missing.TRAINING),
            ({"active": False}, {}, Missing.REVOKED),
        ]
        for says, asks, expected in table:
            with self.subTest(says=says, asks=asks):
                for values in (says, asks):
                    for name in ("codes", "regimes"):
                        if name in values:
                            values[name] = frozenset(values[name])
                found = missing(Authority(1, **says), Act(DAY, **asks))
                self.assertEqual(found, expected)

    def test_the_narrowest_authority_is_used(self):
        book = [Authority(1), Authority(2, limit=500.0), Authority(3, limit=100.0)]
        for amount, expected in ((50.0, 3), (100.5, 2), (900.0, 1)):
            self.assertEqual(choose(book, Act(DAY, amount=amount)).id, expected)
        self.assertIsNone(choose([], Act(DAY)))

    def test_the_refusal_speaks_of_the_nearest_authority(self):
        ended = Authority(1, date_to=date(2026, 1, 31))
        ended_later = Authority(2, date_to=date(2026, 3, 31))
        small = Authority(3, limit=10.0)
        act = Act(DAY, amount=50.0)
        self.assertEqual(nearest([ended, ended_later], act)[0], ended_later)
        self.assertEqual(nearest([ended, small], act), (small, Missing.AMOUNT))

    def test_a_substitute_stands_in_for_the_period_and_for_nobody_else(self):
        week = (date(2026, 6, 15), date(2026, 6, 21))
        absences = [Absence(1, 2, *week), Absence(2, 3, *week)]
        for user, day, expected in (
            (2, week[0], {1}),
            (2, week[1], {1}),
            (2, date(2026, 6, 14), set()),
            (2, date(2026, 6, 22), set()),
            (3, DAY, {2}),
            (1, DAY, set()),
        ):
            with self.subTest(user=user, day=day):
                self.assertEqual(replaced_by(absences, user, day), expected)
        self.assertEqual(absent_on(absences, DAY), {1, 2})
        self.assertEqual(absent_on(absences, date(2026, 7, 1)), set())
