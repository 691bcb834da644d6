"""The stage: one application for all tests, an empty database for each, and clients that are somebody."""

import contextvars
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from assoc_intranet import create_app
from assoc_intranet.core.changes import forget
from assoc_intranet.core.db import Model, db
from assoc_intranet.core.limits import limiter
from assoc_intranet.members import rules as members
from assoc_intranet.members.models import Member

from . import engines
from .factories import make_association, make_member
from .live.listening import Listeners

SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


class Client(FlaskClient):
    """A browser: it sends what browsers send, and shares nothing with the test but the database."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        db.session.rollback()
        forget()
        headers = {**SAME_ORIGIN, **dict(kwargs.pop("headers", None) or {})}
        kwargs["headers"] = {name: value for name, value in headers.items() if value is not None}
        opened = contextvars.Context().run(super().open, *args, **kwargs)
        db.session.expire_all()
        return opened

    def htmx(self, url: str, **kwargs: Any) -> Any:
        """A POST as htmx sends it."""
        return self.post(url, headers={"HX-Request": "true", **kwargs.pop("headers", {})}, **kwargs)


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application, on SQLite or, with TEST_ENGINE=postgres, on a PostgreSQL started for this run."""
    with _database() as url:
        environ = {"DATA_DIR": str(tmp_path_factory.mktemp("data")), "DATABASE_URL": url}
        app = create_app({"TESTING": True, "RATELIMIT_ENABLED": True}, environ)
        app.test_client_class = Client
        # A copy of the data is a thread and a process of its own: made where a test asks for it.
        app.extensions["keeper"].wake = lambda _kind: None
        with app.app_context():
            Model.metadata.create_all(db.engine)
        yield app
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def app(stage: Flask) -> Iterator[Flask]:
    """The application with an empty database, and its context for what the test does by hand."""
    limiter.enabled = False
    with stage.app_context():
        yield stage
        db.session.remove()
        _empty()
        forget()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Diego, who is outside."""
    return app.test_client()


@pytest.fixture
def association(app: Flask) -> Any:
    return make_association()


@pytest.fixture
def amina(association: Any) -> Member:
    """Amina coordinates and administers."""
    return make_member("Amina Benali", role="coordinator", is_admin=True)


@pytest.fixture
def bruno(association: Any) -> Member:
    """Bruno is a member."""
    return make_member("Bruno Lambert")


@pytest.fixture
def chloe(association: Any) -> Member:
    """Chloé observes."""
    return make_member("Chloé Marchal", role="observer", may_vote=False)


@pytest.fixture
def as_(app: Flask) -> Callable[[Member], Client]:
    """`as_(amina)` is a browser in which Amina is logged in."""

    def logged_in(member: Member) -> Client:
        browser = app.test_client()
        token = members.open_session(member, "Firefox, Linux")
        db.session.commit()
        with browser.session_transaction() as session:
            session["_user_id"], session["_fresh"] = token, True
        return browser  # type: ignore[return-value]

    return logged_in


def _empty() -> None:
    with db.engine.begin() as connection:
        tables = [f'"{table.name}"' for table in reversed(Model.metadata.sorted_tables)]
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY CASCADE"))
            return
        for table in tables:
            connection.execute(text(f"DELETE FROM {table}"))  # noqa: S608 (names of our tables)
        connection.execute(text("DELETE FROM sqlite_sequence"))


@contextmanager
def _database() -> Iterator[str]:
    if os.environ.get("TEST_ENGINE") != "postgres":
        yield ""
        return
    if reason := engines.missing():
        pytest.skip(reason)
    with engines.postgres_server() as base:
        yield engines.create_database(base, "tests")


@pytest.fixture
def listeners(app: Flask) -> Listeners:
    return Listeners(app)
