"""Each refusal of the engine is seen once, with its code and its sentence."""

import json
import re
from datetime import UTC, date, datetime
from pathlib import Path
from unittest import TestCase

from .. import errors
from ..chain import canonical, digest, salted
from ..clock import Pause
from ..daytime import add_days, add_months, instant, zone
from ..deadline import Rule, due_at, due_day, explain
from ..reminder import moment
from ..retention import erase_from, keep_until
from ..steps import allowed, refusal, target
from ..workdays import WorkCalendar
from ..worktime import day_start, next_day_start, next_open
from .calendars import FIVE, NEVER, PLAIN

DAY = date(2026, 3, 6)
AT = datetime(2026, 3, 6, 12, tzinfo=UTC)
NAIVE = datetime(2026, 3, 6, 12)  # noqa: DTZ001
LATE = date(2100, 12, 31)
TEN = Rule(10, "day")
WORKED = Rule(10, "business_day")

#: class: code: calls that must be refused so
REFUSED = {
    errors.RuleError: {
        "bad_amount": [
            lambda: Rule(0, "day"),
            lambda: Rule(-1, "day"),
            lambda: Rule(True, "day"),
            lambda: Rule(1.5, "day"),
            lambda: Rule("1", "day"),
            lambda: Rule(1, "month", then=((0, "day"),)),
            lambda: keep_until(DAY, 0, "year"),
            lambda: moment(AT, "before", 0, "day", "UTC"),
            lambda: moment(AT, "before", -1, "day", "UTC"),
            lambda: moment(AT, "after", -1, "hour", "UTC"),
            lambda: moment(AT, "after", True, "day", "UTC"),
            lambda: moment(AT, "after", 1.5, "day", "UTC"),
        ],
        "unknown_unit": [
            lambda: Rule(1, "fortnight"),
            lambda: Rule(1, None),
            lambda: Rule(1, "month", then=((1, "moon"),)),
            lambda: moment(AT, "before", 1, "fortnight", "UTC"),
        ],
        "unknown_when": [
            lambda: moment(AT, "during", 1, "day", "UTC"),
            lambda: moment(AT, None, 1, "day", "UTC"),
        ],
        "unknown_roll": [lambda: Rule(1, "day", roll="sideways")],
        "inclusive_and_franc": [lambda: Rule(1, "day", inclusive=True, franc=True)],
        "hours_stand_alone": [
            lambda: Rule(1, "hour", inclusive=True),
            lambda: Rule(1, "hour", franc=True),
            lambda: Rule(1, "hour", then=((1, "day"),)),
            lambda: Rule(1, "day", then=((1, "hour"),)),
        ],
        "hours_have_no_day": [lambda: due_day(Rule(48, "hour"), DAY, PLAIN)],
        "not_a_day": [
            lambda: due_day(TEN, AT, None),
            lambda: due_day(TEN, "2026-03-06", None),
            lambda: due_at(TEN, AT, "UTC", None, extension=AT),
            lambda: keep_until(AT, 5, "year"),
            lambda: erase_from(AT),
        ],
        "not_an_instant": [
            lambda: due_at(TEN, NAIVE, "UTC", None),
            lambda: due_at(TEN, DAY, "UTC", None),
            lambda: explain(TEN, NAIVE, "UTC", None),
            lambda: Pause(NAIVE),
            lambda: Pause(AT, NAIVE),
            lambda: due_at(TEN, AT, "UTC", None, [Pause(AT)], until=NAIVE),
            lambda: instant(None),
            lambda: moment(NAIVE, "at", 0, "day", "UTC"),
            lambda: next_open(NAIVE, "UTC", {0: ((9, 17),)}),
            lambda: next_day_start(NAIVE, "UTC", {0: ((9, 17),)}),
            lambda: day_start(NAIVE, "UTC"),
        ],
        "unknown_time_zone": [
            lambda: zone("Europe/Atlantis"),
            lambda: zone(""),
            lambda: zone("../etc/passwd"),
            lambda: zone("Europe"),
            lambda: zone(None),
            lambda: zone(UTC),
            lambda: due_at(TEN, AT, "Mars", None),
            lambda: moment(AT, "at", 0, "day", "Mars"),
            lambda: next_open(AT, "Mars", {}),
        ],
        "day_out_of_range": [
            lambda: due_day(TEN, LATE, None),
            lambda: due_day(Rule(1, "month"), LATE, None),
            lambda: due_day(Rule(10**12, "year"), DAY, None),
            lambda: due_day(Rule(10**12, "day"), DAY, None),
            lambda: due_at(Rule(10**12, "hour"), AT, "UTC", None),
            lambda: due_at(Rule(24 * 366 * 80, "hour"), AT, "UTC", None),
            lambda: add_days(date(1900, 1, 1), -1),
            lambda: add_months(date(1900, 1, 1), -1),
            lambda: erase_from(LATE),
            lambda: moment(AT, "after", 10**12, "hour", "UTC"),
            lambda: moment(AT, "before", 24 * 366 * 200, "hour", "UTC"),
            lambda: moment(AT, "before", 10**6, "day", "UTC"),
            lambda: moment(AT, "after", 200, "year", "UTC"),
            lambda: next_open(
                datetime(2100, 12, 31, 12, tzinfo=UTC), "UTC", {0: ((9, 17),)}
            ),
        ],
        "extension_before_due": [
            lambda: due_at(TEN, AT, "UTC", None, extension=date(2026, 3, 15)),
            lambda: explain(TEN, AT, "UTC", None, extension=date(2026, 3, 15)),
            lambda: due_at(Rule(48, "hour"), AT, "UTC", None, extension=DAY),
        ],
        "not_a_retention_unit": [
            lambda: keep_until(DAY, 5, "hour"),
            lambda: keep_until(DAY, 5, "business_day"),
        ],
    },
    errors.CalendarError: {
        "no_calendar": [
            lambda: due_day(WORKED, DAY, None),
            lambda: due_day(Rule(10, "day", roll="next"), DAY, None),
            lambda: due_at(WORKED, AT, "UTC", None),
            lambda: due_at(WORKED, AT, "UTC", None, [Pause(AT, AT)]),
            lambda: due_at(Rule(48, "hour", roll="next"), AT, "UTC", None),
            lambda: explain(WORKED, AT, "UTC", None),
            lambda: moment(AT, "before", 1, "business_day", "UTC"),
        ],
        "no_weekday": [lambda: WorkCalendar("Empty", frozenset(), {})],
        "bad_weekday": [
            lambda: WorkCalendar("Eight", frozenset({7}), {}),
            lambda: WorkCalendar("Odoo", frozenset({"0"}), {}),
        ],
        "bad_holiday": [
            lambda: WorkCalendar("Instant", FIVE, {AT: "noon"}),
            lambda: WorkCalendar("Text", FIVE, {"2026-01-01": "New Year"}),
        ],
        "bad_count": [
            lambda: PLAIN.add(DAY, 0),
            lambda: PLAIN.add(DAY, -1),
            lambda: PLAIN.before(DAY, 0),
        ],
        "reversed_span": [
            lambda: PLAIN.count(DAY, date(2026, 3, 5)),
            lambda: PLAIN.closed_days(DAY, date(2026, 3, 5)),
        ],
        "out_of_range": [
            lambda: PLAIN.add(date(1899, 12, 31), 1),
            lambda: PLAIN.before(date(1899, 12, 31), 1),
        ],
        "no_working_day": [
            lambda: due_day(WORKED, DAY, NEVER),
            lambda: due_day(Rule(10, "day", roll="next"), DAY, NEVER),
            lambda: moment(AT, "before", 1, "business_day", "UTC", NEVER),
        ],
    },
    errors.ClockError: {
        "reversed_pause": [lambda: Pause(AT, datetime(2026, 3, 5, tzinfo=UTC))],
    },
    errors.StepError: {
        "unknown_event": [
            lambda: refusal("explode", None),
            lambda: target("explode", None),
        ],
        "unknown_state": [
            lambda: refusal("report", "limbo"),
            lambda: refusal("report", False),
            lambda: target("report", "limbo"),
            lambda: allowed("limbo"),
        ],
        "unknown_fact": [
            lambda: refusal("reply", "in_progress", {"decidd": True}),
            lambda: allowed("in_progress", {"decidd"}),
        ],
        "step_refused": [lambda: target("erase", "closed")],
    },
    errors.ChainError: {
        "not_canonical": [
            lambda: canonical({"amount": 1.0}),
            lambda: canonical({"day": DAY}),
            lambda: canonical({"at": [AT]}),
            lambda: canonical({"deep": {"set": {1}}}),
            lambda: canonical({"tuple": (1, 2)}),
            lambda: canonical({"bytes": b"x"}),
            lambda: canonical({1: "key"}),
            lambda: canonical({"half": "\ud800"}),
            lambda: canonical({"\ud800": "half"}),
            lambda: canonical("text"),
            lambda: digest(1, "", {"amount": 1.0}),
        ],
        "unknown_version": [lambda: digest(2, "", {}), lambda: digest(None, "", {})],
        "empty_salt": [lambda: salted("Zoé", "")],
    },
}


class TestErrors(TestCase):
    def test_each_is_raised(self):
        for kind, codes in REFUSED.items():
            for code, calls in codes.items():
                for place, call in enumerate(calls):
                    with self.subTest(code, call=place):
                        with self.assertRaises(errors.EngineError) as caught:
                            call()
                        self.assertIs(type(caught.exception), kind)
                        self.assertEqual(caught.exception.code, code)
                        self.check_sentence(caught.exception)

    def check_sentence(self, error):
        sentence = errors.SENTENCES[error.code]
        self.assertEqual(str(error), sentence.format(**error.values))
        self.assertEqual(
            set(re.findall(r"{(\w+)", sentence)), set(error.values), "unused values"
        )

    def test_each_sentence_is_used_and_seen(self):
        seen = [code for codes in REFUSED.values() for code in codes]
        self.assertEqual(sorted(seen), sorted(errors.SENTENCES))

    def test_no_code_without_sentence(self):
        text = "".join(
            path.read_text() for path in Path(errors.__file__).parent.glob("*.py")
        )
        used = set(re.findall(r'Error\(\s*"(\w+)"', text))
        self.assertEqual(used, set(errors.SENTENCES))

    def test_they_are_value_errors(self):
        self.assertTrue(issubclass(errors.EngineError, ValueError))
        for kind in REFUSED:
            self.assertTrue(issubclass(kind, errors.EngineError))

    def test_where_in_a_payload(self):
        with self.assertRaises(errors.ChainError) as caught:
            canonical(json.loads('{"a": [{"b": 0.5}]}'))
        self.assertEqual(
            str(caught.exception), "payload.a[0].b: float has no canonical text."
        )
