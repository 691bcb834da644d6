"""The database: one session per request, SQLite tuned for many readers and one writer that takes its lock at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib import import_module
from typing import Any, ClassVar, TypeVar

from flask import Flask, g, has_app_context, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, DateTime, Dialect, Engine, MetaData, NullPool, String, create_engine, event, select
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from sqlalchemy.types import TypeDecorator

F = TypeVar("F")
M = TypeVar("M", bound="Model")
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
SQLITE_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000", "foreign_keys=ON")


class Moment(TypeDecorator[datetime]):
    """An instant: aware and in UTC in Python, stored as UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Model(DeclarativeBase):
    """The base of every table: named after its class, with an integer `id` unless it says otherwise."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar = {datetime: Moment, str: String, dict[str, Any]: JSON}

    id: Mapped[int] = mapped_column(primary_key=True, sort_order=-1)

    @declared_attr.directive
    def __tablename__(cls) -> str:  # noqa: N805 (SQLAlchemy hands over the class)
        name = cls.__name__
        return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")


# A failure is logged with its statement, never with what was typed, voted or hashed.
db = SQLAlchemy(engine_options={"pool_pre_ping": False, "hide_parameters": True})


def init_app(app: Flask) -> None:
    db.init_app(app)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            _tune_sqlite(db.engine)

    @app.teardown_appcontext
    def let_go(_error: BaseException | None) -> None:
        """Before the extension does so: a connection that broke after the commit must not cost the answer."""
        _undo()
        db.session.remove()

    @app.before_request
    def choose_lock() -> None:
        """Before anything reads: a writer that starts as a reader cannot be promoted when another one is faster."""
        view = app.view_functions.get(request.endpoint or "")
        g.writing = request.method not in SAFE_METHODS and not getattr(view, "only_reads", False)


@contextmanager
def writing() -> Iterator[None]:
    """A write transaction outside a request (jobs, commands): committed at the end, rolled back on any error."""
    before = g.get("writing", False)
    if not before:
        start_writing()
    try:
        yield
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise
    finally:
        g.writing = before


def only_reads(view: F) -> F:
    """Marks a POST that changes nothing (a text too long for an address), so that it takes no write lock."""
    view.only_reads = True  # type: ignore[attr-defined]
    return view


def start_writing() -> None:
    """From here on, the next statement takes the write lock: what was slow is behind it, what was read is read again.

    A transaction that began by reading is ended first: SQLite refuses to promote it once somebody else has written.
    """
    db.session.rollback()
    g.writing = True


def give_up() -> None:
    """Forget what was begun, and only read from here on: the page that says so must not wait for a lock."""
    _undo()
    g.writing = False


def _undo() -> None:
    """Roll back. On a connection that broke there is nothing left to undo: it is thrown away."""
    try:
        db.session.rollback()
    except DBAPIError:
        db.session().invalidate()


def upsert(table: type[Model]) -> Any:
    """An INSERT that knows ON CONFLICT, as this database says it; the other database's is not even imported."""
    return import_module(f"sqlalchemy.dialects.{db.engine.dialect.name}").insert(table)


def made_of(table: type[M], op_id: str | None) -> M | None:
    """What was already made of the form that carries this `op_id`."""
    return db.session.scalar(select(table).filter_by(op_id=op_id)) if op_id else None


def add_once(row: M, op_id: str | None) -> M:
    """Add the row and give it back, or else the one that the same form, sent at the same moment, made first."""
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        if made := made_of(type(row), op_id):
            return made
        raise
    return row


def commit() -> None:
    """Keep what was written, and only read from here on: the answer is drawn while others may write."""
    db.session.commit()
    g.writing = False


def lone_engine(url: str, writes: bool = False) -> Engine:
    """For work on a whole database, outside of any application: each connection is one transaction.

    Foreign keys are looked at by who asks for it: tables are made anew, and filled in whatever order.
    """
    engine = create_engine(url, poolclass=NullPool)
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def configure(connection: Any, _record: Any) -> None:
            connection.isolation_level = None
            connection.execute("PRAGMA busy_timeout=10000")

        @event.listens_for(engine, "begin")
        def begin(connection: Any) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _tune_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in SQLITE_PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        writes = has_app_context() and g.get("writing", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
