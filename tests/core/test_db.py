"""Who writes takes the lock first, who only reads waits for nobody, and nothing is lost between two writers."""

import contextvars
import sqlite3
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select, text

from assoc_intranet.association.models import Association
from assoc_intranet.core.db import commit, db, start_writing, writing
from assoc_intranet.core.errors import RuleBroken
from assoc_intranet.members.models import Member


@pytest.fixture
def only_on_sqlite(app):
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL locks rows, not the database")


def elsewhere(app, act, times=1):
    """`act` in other threads, with contexts of their own; what it raised is raised here."""

    def run():
        with app.app_context():
            act()

    with ThreadPoolExecutor(times) as threads:
        for done in [threads.submit(contextvars.Context().run, run) for _ in range(times)]:
            done.result(30)


@pytest.mark.parametrize(
    ("pragma", "value"), [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 10000)]
)
def test_sqlite_keeps_what_it_is_given(only_on_sqlite, pragma, value):
    assert db.session.scalar(text(f"PRAGMA {pragma}")) == value


def test_eight_writers_lose_nothing(app, association):
    def add_a_letter():
        for _ in range(10):
            with writing():
                found = db.session.get(Association, 1, with_for_update=True)
                found.name += "x"

    before = len(association.name)
    db.session.rollback()
    elsewhere(app, add_a_letter, times=8)
    db.session.expire_all()
    assert len(db.session.get(Association, 1).name) == before + 80


def test_who_read_before_writing_reads_again(only_on_sqlite, app, association):
    """SQLite refuses to promote a reader once somebody else has written: `writing` never asks it to."""
    assert association.name

    def rename():
        with writing():
            db.session.get(Association, 1).name = "Entre-temps"

    elsewhere(app, rename)
    with writing():
        assert association.name == "Entre-temps"
        association.name += ", et après"
    assert db.session.get(Association, 1).name == "Entre-temps, et après"


def test_a_writer_that_fails_leaves_nothing(app, association):
    def fail():
        with writing():
            association.name = "À moitié"
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert db.session.get(Association, 1).name == "La Bêche & le Tournevis"


def test_writing_inside_writing_is_one_piece_of_work(app, association):
    with writing():
        association.name = "Dehors"
        with writing():
            association.zone = "Europe/Paris"
    db.session.expire_all()
    assert (association.name, association.zone) == ("Dehors", "Europe/Paris")


def test_a_post_takes_the_lock_before_it_reads(only_on_sqlite, app, as_, bruno, door):
    seen = []

    def look():
        db.session.get(Member, 1)
        raw = db.session.connection().connection.dbapi_connection
        other = db.engine.raw_connection()
        other.execute("PRAGMA busy_timeout=0")
        try:
            other.execute("BEGIN IMMEDIATE")
            seen.append("free")
        except sqlite3.OperationalError as error:
            seen.append(str(error))
        finally:
            other.invalidate()
        return f"{raw.in_transaction}"

    browser = as_(bruno)
    browser.post(door(look, "POST"))
    browser.get(door(look))
    assert seen == ["database is locked", "free"]


def test_a_view_that_only_reads_locks_nobody_until_it_writes(only_on_sqlite, app, as_, bruno, door):
    def look():
        db.session.get(Member, bruno_id)
        elsewhere(app, rename)
        start_writing()
        found = db.session.get(Member, bruno_id)
        found.name += " Lambert"
        commit()
        return found.name

    def rename():
        with writing():
            db.session.get(Member, bruno_id).name = "B."

    bruno_id = bruno.id
    look.only_reads = True
    assert as_(bruno).post(door(look, "POST")).text == "B. Lambert"


def test_who_has_committed_lets_others_write_while_the_answer_is_drawn(only_on_sqlite, app, association):
    def rename():
        with writing():
            db.session.get(Association, 1).name = "Entre-temps"

    start_writing()
    association.name = "D’abord"
    commit()
    assert association.name == "D’abord"
    elsewhere(app, rename)
    db.session.rollback()
    assert association.name == "Entre-temps"


@pytest.fixture
def break_off(app):
    """Ends the connection of the session as a database that restarts does; SQLite has none."""
    if db.engine.dialect.name != "postgresql":
        pytest.skip("only a database server can go away")

    def kill():
        pid = db.session.scalar(text("SELECT pg_backend_pid()"))
        with db.engine.connect() as other:
            other.execute(text(f"SELECT pg_terminate_backend({pid}, 5000)"))

    return kill


def test_a_connection_that_breaks_after_the_commit_does_not_cost_the_answer(client, association, door, break_off):
    def view():
        association = db.session.scalars(select(Association)).one()
        association.name = "Gardé"
        commit()
        break_off()
        return "saved"

    answer = client.post(door(view, "POST"))
    assert (answer.status_code, answer.text) == (200, "saved")
    assert db.session.scalar(select(Association.name)) == "Gardé"


def test_a_refusal_is_told_even_when_the_connection_broke(client, association, door, break_off):
    def view():
        break_off()
        raise RuleBroken("Not today.")

    answer = client.post(door(view, "POST"))
    assert answer.status_code == 422
    assert "Not today." in answer.text
