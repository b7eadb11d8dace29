import doctest
import importlib
import io
import pkgutil
import unittest

from odoo.tests import BaseCase, tagged

from odoo.addons.helpdesk_complaint import engine


@tagged("post_install", "-at_install")
class TestEngine(BaseCase):
    """The engine's own tests, which Odoo's loader would skip without a word."""

    def test_tables_and_doctests_of_the_engine_pass(self):
        suite = unittest.TestSuite()
        loader = unittest.TestLoader()
        for info in pkgutil.walk_packages(engine.__path__, f"{engine.__name__}."):
            module = importlib.import_module(info.name)
            if ".tests.test_" in info.name:
                suite.addTests(loader.loadTestsFromModule(module))
            elif ".tests" not in info.name:
                suite.addTests(doctest.DocTestSuite(module))
        self.assertGreater(suite.countTestCases(), 100)
        stream = io.StringIO()
        result = unittest.TextTestRunner(stream=stream).run(suite)
        self.assertTrue(result.wasSuccessful(), stream.getvalue())
