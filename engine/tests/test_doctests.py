"""The examples in the docstrings are run as tests."""

import doctest
from importlib import import_module
from pathlib import Path
from unittest import TestCase

ROOT = Path(__file__).parents[1]
#: The package of the engine, under whatever name it was imported.
PACKAGE = __package__.rpartition(".")[0]


class TestDoctests(TestCase):
    def test_examples(self):
        attempted = 0
        for path in sorted(ROOT.glob("[a-z]*.py")):
            with self.subTest(path.stem):
                result = doctest.testmod(import_module(f"{PACKAGE}.{path.stem}"))
                self.assertEqual(result.failed, 0)
                attempted += result.attempted
        self.assertGreater(attempted, 20)
