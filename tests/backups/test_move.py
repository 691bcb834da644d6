"""From SQLite to PostgreSQL in one command: nothing is lost on the way, and nothing is half there."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from assoc_intranet.backups import archive, commands
from assoc_intranet.core.clock import now
from assoc_intranet.core.db import db
from assoc_intranet.jobs.loop import take
from tests.factories import make_member

from .conftest import Installation


@pytest.fixture
def to_postgres(here, other_engine, make_installation):
    """Where `here`, which is on SQLite, may go."""
    if other_engine is None:
        pytest.skip("What is here is on PostgreSQL already")
    return make_installation("moved", other_engine)


def test_every_row_arrives(here, to_postgres):
    code, said = here.run("move", "--to", to_postgres.url)
    assert code == 0, said
    before, after = here.rows("lease"), to_postgres.rows("lease")
    assert after == before
    assert before["session"]
    assert len(before["change"]) == int(said.split("change ")[1].split()[0])


def test_new_rows_get_numbers_of_their_own(here, to_postgres):
    with here.inside():
        last = make_member("Zoé Dernière").id
        db.session.execute(text("DELETE FROM change WHERE id = (SELECT max(id) FROM change)"))
        db.session.commit()
        seen = db.session.scalar(text("SELECT seq FROM sqlite_sequence WHERE name = 'change'"))
    here.run("move", "--to", to_postgres.url)
    with to_postgres.inside():
        assert make_member("Yves Nouveau").id == last + 1
        assert db.session.scalar(text("SELECT nextval(pg_get_serial_sequence('change', 'id'))")) == seen + 1


def test_a_round_trip_by_backups_changes_nothing(here, to_postgres, make_installation, tmp_path):
    files = [tmp_path / f"{number}.zip" for number in range(3)]
    back = Installation(tmp_path / "back", "")
    here.run("backup", str(files[0]))
    assert to_postgres.run("restore", str(files[0]))[0] == 0
    to_postgres.run("backup", str(files[1]))
    assert back.run("restore", str(files[1]))[0] == 0
    back.run("backup", str(files[2]))
    assert back.rows() == here.rows() | {name: [] for name in archive.PASSING_TABLES}
    assert lines(files[0]) == lines(files[1]) == lines(files[2])


def lines(file):
    with archive.opened(file) as found:
        return {name: rows_of(found, name) for name in found.manifest.tables}


def rows_of(found, name):
    with found.table(name) as (_heading, rows):
        return list(rows)


def test_a_database_that_is_not_empty_is_left_alone(here, to_postgres):
    here.run("move", "--to", to_postgres.url)
    before = to_postgres.rows()
    code, said = here.run("move", "--to", to_postgres.url)
    assert code == 2
    assert "There is a database here already" in said
    assert to_postgres.rows() == before


def test_nothing_moves_while_the_server_serves(here, to_postgres):
    with here.inside():
        assert take("due", "a server", timedelta(seconds=30))
    code, said = here.run("move", "--to", to_postgres.url)
    assert (code, "stop it" in said) == (2, True)
    assert_empty(to_postgres)


def test_no_table_changes_under_a_server_that_serves(here, to_postgres, monkeypatch):
    monkeypatch.setattr(commands, "upgrade", pytest.fail)
    with here.inside():
        assert take("due", "a server", timedelta(seconds=30))
    code, said = here.run("move", "--to", to_postgres.url)
    assert (code, "stop it" in said) == (2, True)


def test_what_postgresql_cannot_hold_stops_everything(here, to_postgres):
    with here.inside():
        db.session.execute(text("UPDATE post SET text = 'a' || char(0) || 'b' WHERE id = 1"))
        db.session.commit()
    code, said = here.run("move", "--to", to_postgres.url)
    assert code == 2
    assert "a row of post" in said
    assert_empty(to_postgres)


def assert_empty(installation):
    with installation.inside():
        assert not db.inspect(db.engine).get_table_names()


@pytest.mark.parametrize(
    "address", ["mysql://there/it", "sqlite:///other.sqlite", "nowhere", "postgresql://127.0.0.1:1/x"]
)
def test_only_a_postgresql_that_answers_will_do(stage, tmp_path, address):
    installation = Installation(tmp_path / "here", "")
    code, said = installation.run("move", "--to", address)
    assert code == 2, said
    assert "Nothing was written" in said


def test_the_moment_of_a_move_is_kept_to_the_microsecond(here, to_postgres):
    with here.inside():
        exact = now().replace(microsecond=123456)
        member = make_member("Ondine Instant", joined_at=exact)
        number = member.id
    here.run("move", "--to", to_postgres.url)
    with to_postgres.inside():
        query = text("SELECT joined_at FROM member WHERE id = :id")
        assert db.session.scalar(query, {"id": number}).astimezone(exact.tzinfo) == exact
