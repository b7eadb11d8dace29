from psycopg2.errors import SerializationFailure, UniqueViolation

from odoo.tests import TransactionCase, tagged

from ..models.complaint_batch import (
    PATIENCE,
    PATIENCE_WITH_TWINS,
    divided,
    in_rounds,
)


@tagged("post_install", "-at_install")
class TestBatch(TransactionCase):
    """Rounds that are committed one by one, whatever happens to one record."""

    def setUp(self):
        super().setUp()
        self.names = self.env["res.partner.category"].create(
            [{"name": str(number), "color": 0} for number in range(8)]
        )
        self.given_up = []

    def give_up(self, record, error):
        self.given_up.append((record.name, str(error)))

    def mark(self, records):
        """Work that fails on the marked ones, after it changed what comes before."""
        for record in records:
            record.color = 5
            if record.name in self.broken:
                raise ValueError(record.name)

    def rounds(self, work, batch=3):
        """Run on all records, on a cursor that can commit and roll back."""
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            env = self.env(cr=cr)
            names = self.names.with_env(env)

            def take(done):
                found = names.filtered(lambda x: x.id not in done)[:batch]
                return found, len(found)

            is_done = in_rounds(env, take, work, self.give_up)
        self.env.invalidate_all()
        return is_done

    def test_one_that_fails_is_given_up_and_undone_alone(self):
        self.broken = {"2", "5"}
        divided(self.env, self.names, self.mark, self.give_up)
        self.assertEqual(self.given_up, [("2", "2"), ("5", "5")])
        self.assertEqual(
            [record.name for record in self.names if record.color != 5], ["2", "5"]
        )

    def test_nothing_to_do_is_done(self):
        divided(self.env, self.names.browse(), None, None)

    def test_rounds_go_on_until_all_is_done(self):
        self.broken = {"4"}
        self.assertTrue(self.rounds(self.mark))
        self.assertEqual(self.given_up, [("4", "4")])
        self.assertEqual(self.names.mapped("color").count(5), 7)

    def test_a_lost_race_is_run_again(self):
        for error, patience in (
            (SerializationFailure, PATIENCE),
            (UniqueViolation, PATIENCE_WITH_TWINS),
        ):
            with self.subTest(error):
                self.names.color = 0
                self.broken, self.given_up, left = set(), [], [error] * patience

                def race(records, left=left):
                    self.mark(records)
                    if left:
                        raise left.pop()

                self.assertTrue(self.rounds(race))
                self.assertEqual(set(self.names.mapped("color")), {5})
                self.assertFalse(self.given_up)

    def test_a_race_that_is_never_won_ends_the_run(self):
        def lose(records):
            raise SerializationFailure

        with self.assertRaises(SerializationFailure):
            self.rounds(lose)
        self.assertFalse(self.given_up)

    def test_a_twin_that_stays_is_an_error_of_its_record(self):
        def clash(records):
            if any(record.name == "3" for record in records):
                raise UniqueViolation("twice")

        self.assertTrue(self.rounds(clash))
        self.assertEqual(self.given_up, [("3", "twice")])

    def test_the_end_of_its_time_ends_the_run(self):
        self.patch(
            self.registry["ir.cron"], "_commit_progress", lambda *_args, **_kwargs: 0
        )
        self.broken = set()
        self.assertFalse(self.rounds(self.mark))
        self.assertEqual(self.names.mapped("color").count(5), 3)
