"""How often something may be tried, for everybody at once, and whatever becomes of the request."""

import contextvars
from concurrent.futures import ThreadPoolExecutor

import time_machine

from assoc_intranet.core.db import db
from assoc_intranet.core.limits import Attempt, DatabaseStorage, forget_old_attempts


def test_tries_are_counted_until_they_are_forgotten(app):
    storage = DatabaseStorage("database://")
    with time_machine.travel("2026-11-28T09:00:00Z", tick=False) as clock:
        assert [storage.incr("login amina", 900) for _ in range(3)] == [1, 2, 3]
        assert storage.get("login amina") == 3
        assert storage.get("login bruno") == 0
        clock.shift(899)
        assert storage.incr("login amina", 900) == 4
        clock.shift(1)
        assert storage.get("login amina") == 0
        assert storage.incr("login amina", 900) == 1


def test_a_count_survives_a_refusal(app):
    DatabaseStorage("database://").incr("login amina", 900)
    db.session.rollback()
    assert db.session.query(Attempt.count).scalar() == 1


def test_tries_at_the_same_moment_all_count(app):
    storage = DatabaseStorage("database://")

    def try_once():
        with app.app_context():
            return storage.incr("login amina", 900)

    with ThreadPoolExecutor(8) as threads:
        tries = [threads.submit(contextvars.Context().run, try_once) for _ in range(16)]
        assert sorted(done.result(20) for done in tries) == list(range(1, 17))


def test_what_no_longer_counts_is_removed(app):
    storage = DatabaseStorage("database://")
    with time_machine.travel("2026-11-28T09:00:00Z", tick=False):
        storage.incr("old", 10)
    with time_machine.travel("2026-11-28T09:00:05Z", tick=False):
        storage.incr("new", 10)
    with time_machine.travel("2026-11-28T09:00:12Z", tick=False):
        forget_old_attempts()
    db.session.commit()
    assert db.session.query(Attempt.key).scalar() == "new"
