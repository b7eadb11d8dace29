"""Work that is committed in rounds, whatever happens to one record of it.

PostgreSQL shows each transaction the database as it was when it began, and refuses
to change a row that somebody changed since. Odoo repeats requests that are refused
so, but not scheduled actions: here a round that lost such a race is rolled back and
taken again, with a fresh view.
"""

from psycopg2.errors import UniqueViolation

from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY as LOST_RACES

# Rounds in a row that may lose before the job leaves the rest to its next run.
PATIENCE = 10
# Two who write the same row: a race at first, an error if it comes back.
PATIENCE_WITH_TWINS = 3


def in_rounds(env, take, work, give_up):
    """Take records and work on them, round by round, until there are none.

    :param take: function that finds and locks the next records, but for those whose
        ids it is given as done: ``(records to work on, number found)``; zero found
        ends the job
    :param work: function of records; all of them, or nothing
    :param give_up: function of one record and the exception that it raises
    :return: whether all is done; False when the time of the job is over
    :raises LOST_RACES: when others change the same rows again and again
    """
    done, lost = set(), 0
    while True:
        races = LOST_RACES
        if lost < PATIENCE_WITH_TWINS:
            races += (UniqueViolation,)
        try:
            records, found = take(done)
            if not found:
                return True
            divided(env, records, work, give_up, races)
            time_left = env["ir.cron"]._commit_progress(found)
        except races:
            env.cr.rollback()
            lost += 1
            if lost > PATIENCE:
                raise
            continue
        done.update(records.ids)
        lost = 0
        if not time_left:
            return False


def divided(env, records, work, give_up, races=LOST_RACES):
    """Work on all records at once; if that fails on halves, down to the one at fault.

    :raises races: which end the whole round
    """
    if not records:
        return
    try:
        with env.cr.savepoint():
            work(records)
    except races:
        raise
    except Exception as error:
        if len(records) == 1:
            give_up(records, error)
            return
        half = len(records) // 2
        divided(env, records[:half], work, give_up, races)
        divided(env, records[half:], work, give_up, races)
