"""Installations of their own: empty, or with something of every kind in it."""

import re
from contextlib import contextmanager

import pytest
from sqlalchemy import select

from assoc_intranet import create_app
from assoc_intranet.cli import commands
from assoc_intranet.core.db import Model, db
from assoc_intranet.core.i18n import in_language
from assoc_intranet.members import rules as members
from assoc_intranet.members.models import Member
from assoc_intranet.migrations import upgrade
from tests import engines
from tests.house.examples import furnish


class Installation:
    """A folder, a database, and the application on them."""

    def __init__(self, folder, url):
        folder.mkdir()
        self.folder, self.uploads = folder, folder / "uploads"
        self.environ = {"DATA_DIR": str(folder), "DATABASE_URL": url}
        self.app = create_app({"TESTING": True, "RATELIMIT_ENABLED": False}, self.environ)
        self.app.extensions["keeper"].wake = lambda _kind: None
        self.url = self.app.config["SQLALCHEMY_DATABASE_URI"]

    def run(self, *arguments):
        """The exit code of a command, and all that it said."""
        with self.inside(), in_language("en"):
            done = self.app.test_cli_runner().invoke(commands(self.app), arguments, catch_exceptions=False)
        return done.exit_code, done.output

    @contextmanager
    def inside(self):
        with self.app.app_context():
            try:
                yield self
            finally:
                db.session.remove()
                db.engine.dispose()

    def rows(self, *without):
        with self.inside(), db.engine.connect() as connection:
            return {
                table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
                for table in Model.metadata.sorted_tables
                if table.name not in without
            }

    def furnish(self):
        upgrade(self.app)
        with self.inside(), self.app.test_request_context():
            furnish()
            bruno = db.session.scalar(select(Member).where(Member.email == "bruno@exemple.org"))
            members.open_session(bruno, "Firefox, Linux")
            db.session.commit()
        self.uploads.mkdir(exist_ok=True)
        (self.uploads / "0123456789abcdef0123456789abcdef.png").write_bytes(b"\x89PNG drawn")
        return self


@pytest.fixture(scope="session")
def other_engine(stage):
    """The address of a server of the other kind than the one under test, or a reason to skip."""
    if not stage.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
        yield None
        return
    if reason := engines.missing():
        pytest.skip(reason)
    with engines.postgres_server() as base:
        yield base


@pytest.fixture
def make_installation(stage, tmp_path):
    """`make_installation("here")` is an empty one on the engine under test, or on the server that is named."""
    made = []

    def make(name, server=None):
        made.append(_make(stage, tmp_path / name, server))
        return made[-1]

    yield make
    for installation in made:
        with installation.inside():
            pass  # Leaving it closes what threads have left open.


def _make(stage, folder, server=None):
    own = stage.config["SQLALCHEMY_DATABASE_URI"]
    if server is None and own.startswith("sqlite"):
        return Installation(folder, "")
    base = server or re.sub(r"@/\w+\?", "@/?", own)
    return Installation(folder, engines.create_database(base, f"backups_{folder.name}"))


@pytest.fixture(scope="session")
def good(stage, tmp_path_factory):
    """A backup of something of every kind, for tests that only read it."""
    folder = tmp_path_factory.mktemp("backups")
    file = folder / "good.zip"
    assert _make(stage, folder / "good").furnish().run("backup", str(file))[0] == 0
    return file


@pytest.fixture
def here(make_installation):
    return make_installation("here").furnish()


@pytest.fixture
def there(make_installation):
    return make_installation("there")
