"""What time makes happen to votes."""

from datetime import UTC, datetime, timedelta

import time_machine
from sqlalchemy import select

from assoc_intranet.core.changes import Change
from assoc_intranet.core.db import db
from assoc_intranet.jobs.loop import EVERY, run_due
from assoc_intranet.polls import queries, rules
from assoc_intranet.polls.models import Poll
from tests.factories import make_poll

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def closures():
    """Who closed votes, in order; None is the clock."""
    return list(db.session.scalars(select(Change.actor_id).where(Change.kind == "poll.closed")))


def only_poll():
    """The rounds of jobs empty the session: the vote is read anew after them."""
    return db.session.scalars(select(Poll)).one()


def test_a_vote_is_known_to_be_closed_at_its_hour_and_once(amina):
    with time_machine.travel(NOON, tick=False):
        make_poll(amina, hours=1)
    with time_machine.travel(NOON + timedelta(hours=1, milliseconds=-1), tick=False):
        run_due()
        assert not closures()
    with time_machine.travel(NOON + timedelta(hours=1, seconds=EVERY), tick=False):
        run_due()
        run_due()
    assert closures() == [None]
    assert only_poll().closed_at == only_poll().closes_at == NOON + timedelta(hours=1)
    assert queries.story(only_poll())[-1].name is None


def test_a_vote_that_was_extended_meanwhile_stays_open(amina):
    """The job read that it was due; before it wrote, a coordinator gave it another hour."""
    with time_machine.travel(NOON, tick=False):
        poll = make_poll(amina, hours=1)
        rules.extend(poll, amina, NOON.date(), (NOON + timedelta(hours=4)).time())
        db.session.commit()
    with time_machine.travel(NOON + timedelta(hours=1), tick=False):
        rules.close_due(poll.id)
        db.session.commit()
        assert poll.is_open
    assert not closures()


def test_what_somebody_closed_is_not_closed_again(amina):
    with time_machine.travel(NOON, tick=False):
        poll = make_poll(amina, hours=1)
        rules.close(poll, amina, "Tout le monde a voté")
        db.session.commit()
    with time_machine.travel(NOON + timedelta(hours=2), tick=False):
        run_due()
    assert closures() == [only_poll().author_id]
    assert only_poll().ended_at == NOON
