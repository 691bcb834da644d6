"""The database follows the models: up, down, and up again; what fails leaves it as it was."""

import re
import shutil
import subprocess
import sys

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect, text

from assoc_intranet import create_app, migrations
from assoc_intranet.core.db import Model, db
from assoc_intranet.migrations import MigrationFailed, upgrade
from tests import engines

PLANTED = '''
"""A migration that begins well."""

import os

import sqlalchemy as sa
from alembic import op

revision, down_revision = "9000", "{head}"


def upgrade():
    op.create_table("half", sa.Column("id", sa.Integer, primary_key=True))
    op.execute("UPDATE association SET name = 'Half'")
    {harm}
'''
HARMS = {
    "fails": 'op.execute("INSERT INTO nowhere VALUES (1)")',
    "is killed": "os.kill(os.getpid(), 9)",
}


@pytest.fixture
def make_url(stage, tmp_path):
    """`make_url(name)` is the address of a new, empty database of the kind under test."""
    url = stage.config["SQLALCHEMY_DATABASE_URI"]

    def make(name):
        if url.startswith("sqlite"):
            return f"sqlite:///{tmp_path}/{name}.sqlite"
        return engines.create_database(re.sub(r"@/\w+\?", "@/?", url), f"migrations_{name}")

    return make


@pytest.fixture
def installation(make_url, tmp_path):
    """An application on a database of its own, without tables."""
    url = make_url("assoc")
    if not url.startswith("sqlite"):
        (tmp_path / "data").mkdir()
    app = create_app(
        {"TESTING": True, "RATELIMIT_ENABLED": False}, {"DATA_DIR": str(tmp_path / "data"), "DATABASE_URL": url}
    )
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def alembic(url, folder=migrations.HERE):
    config = Config()
    config.set_main_option("script_location", str(folder))
    config.attributes["url"] = url
    return config


def picture(url):
    """All that the database says of its tables."""
    engine = create_engine(url)
    try:
        looking = inspect(engine)
        return {
            table: {
                "columns": [
                    (c["name"], str(c["type"]), c["nullable"], c["default"]) for c in looking.get_columns(table)
                ],
                "key": looking.get_pk_constraint(table)["constrained_columns"],
                "foreign": sorted(
                    (k["constrained_columns"], k["referred_table"], sorted(k["options"].items()))
                    for k in looking.get_foreign_keys(table)
                ),
                "unique": sorted(u["column_names"] for u in looking.get_unique_constraints(table)),
                "checks": sorted(c["sqltext"].replace(" ", "") for c in looking.get_check_constraints(table)),
                "indexes": sorted((i["column_names"], i["unique"]) for i in looking.get_indexes(table)),
            }
            for table in looking.get_table_names()
            if table != "alembic_version"
        }
    finally:
        engine.dispose()


def differences(url):
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return compare_metadata(MigrationContext.configure(connection, {"compare_type": True}), Model.metadata)
    finally:
        engine.dispose()


def test_migrations_lead_to_the_models(app, make_url):
    url, drawn = make_url("up"), make_url("drawn")
    command.upgrade(alembic(url), "head")
    found = differences(url)
    assert not found, f"The models changed and no migration says so: {found}."
    engine = create_engine(drawn)
    Model.metadata.create_all(engine)
    engine.dispose()
    migrated, expected = picture(url), picture(drawn)
    assert migrated.keys() == expected.keys()
    for table in expected:
        assert migrated[table] == expected[table], f"The migration and the model of {table} differ."


def test_a_planted_column_is_noticed(app, make_url):
    url = make_url("planted")
    command.upgrade(alembic(url), "head")
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE member ADD COLUMN shoe_size INTEGER"))
    engine.dispose()
    assert differences(url)


def test_down_and_up_again(app, make_url):
    url = make_url("round")
    command.upgrade(alembic(url), "head")
    before = picture(url)
    command.downgrade(alembic(url), "base")
    assert picture(url) == {}
    command.upgrade(alembic(url), "head")
    assert picture(url) == before


def test_the_first_start_makes_the_tables_and_the_next_changes_nothing(installation, monkeypatch):
    upgrade(installation)
    assert migrations.current() == migrations.head()
    monkeypatch.setattr(subprocess, "run", lambda *_arguments, **_named: pytest.fail("There was nothing to do."))
    upgrade(installation)


def test_two_servers_that_start_at_once_migrate_once(installation):
    url = installation.config["SQLALCHEMY_DATABASE_URI"]
    arguments = [sys.executable, "-m", migrations.__name__, str(migrations.HERE)]
    starting = [subprocess.Popen(arguments, stdin=subprocess.PIPE, cwd=migrations.ABOVE, text=True) for _ in range(2)]
    for child in starting:
        child.stdin.write(url)
        child.stdin.close()
    assert [child.wait(30) for child in starting] == [0, 0]
    assert migrations.current() == migrations.head()


def test_who_asked_for_it_is_told_before_anything_changes(installation, monkeypatch):
    upgrade(installation)
    told = []
    monkeypatch.setitem(installation.extensions, "before_migration", [told.append])
    monkeypatch.setattr(migrations, "head", lambda: "9000")
    upgrade(installation)
    assert told == [migrations.current()]


def test_a_database_from_the_future_is_left_alone(installation):
    upgrade(installation)
    db.session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    db.session.commit()
    with pytest.raises(MigrationFailed, match="newer"):
        upgrade(installation)


@pytest.mark.parametrize("harm", HARMS)
def test_a_migration_that(harm, installation, tmp_path, monkeypatch):
    """Changes nothing, and the next start begins anew."""
    upgrade(installation)
    url = installation.config["SQLALCHEMY_DATABASE_URI"]
    before, at = picture(url), migrations.current()
    folder = tmp_path / "migrations"
    shutil.copytree(migrations.HERE, folder, ignore=shutil.ignore_patterns("__pycache__"))
    planted, below = folder / "versions/9000_planted.py", migrations.head()
    planted.write_text(PLANTED.format(head=below, harm=HARMS[harm]))
    monkeypatch.setattr(migrations, "HERE", folder)
    with pytest.raises(MigrationFailed, match="nothing was changed"):
        upgrade(installation)
    assert picture(url) == before
    assert migrations.current() == at
    planted.write_text(PLANTED.format(head=below, harm=""))
    upgrade(installation)
    assert picture(url).keys() - before.keys() == {"half"}
    assert migrations.current() == "9000"
