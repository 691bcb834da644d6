"""From SQLite to PostgreSQL: every row of every table, compared on arrival; the old database is left as it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import Connection, Table
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from assoc_intranet.config import BadSetting, database_address
from assoc_intranet.core.clock import now
from assoc_intranet.core.db import lone_engine
from assoc_intranet.jobs.models import Lease
from assoc_intranet.migrations import build

from . import tables
from .restore import check_database

# Who does the due work has to be found again there.
LEFT_BEHIND = frozenset({"lease"})


class CannotMove(Exception):
    """Nothing was moved: the message says why."""


@dataclass(frozen=True)
class Moved:
    """A table on arrival: its rows, their SHA-256, and the number the next row will get at least."""

    name: str
    rows: int
    digest: str
    last_id: int


def move(source: str, target: str) -> list[Moved]:
    """Copy the SQLite database at `source` into the empty PostgreSQL database at `target`: all of it, or nothing."""
    with _open(source, _("The database here")) as old, _open(_address(target), _("The new database")) as new:
        _check_that_nobody_serves(old)
        check_database(new)
        build(new, tables.revision_of(old) or "head")
        arrived = {table.name: table for table in tables.found_in(new)}
        leaving = [table for table in tables.found_in(old) if table.name not in LEFT_BEHIND]
        if missing := {table.name for table in leaving} - arrived.keys():
            raise CannotMove(_("The new database has no place for %(names)s.", names=", ".join(sorted(missing))))
        return [_move_table(old, new, table, arrived[table.name]) for table in leaving]


def check_idle(source: str) -> None:
    """Before anything is done to the database: its tables are not changed under a server that serves."""
    with _open(source, _("The database here")) as old:
        if tables.revision_of(old) is not None:
            _check_that_nobody_serves(old)


def _address(typed: str) -> str:
    try:
        url = database_address(typed)
        if make_url(url).get_backend_name() == "postgresql":
            return url
    except (BadSetting, ArgumentError):
        pass
    raise CannotMove(_("The new address must begin with postgresql://."))


@contextmanager
def _open(url: str, name: str) -> Iterator[Connection]:
    """One transaction that is alone to write. Only an end without an error keeps what was done."""
    engine = lone_engine(url, writes=True)
    try:
        with engine.begin() as connection:
            yield connection
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).partition("\n")[0][:200]
        raise CannotMove(_("%(which)s refuses: %(reason)s", which=name, reason=reason)) from error
    finally:
        engine.dispose()


def _check_that_nobody_serves(connection: Connection) -> None:
    """What is written while we copy would stay behind. A server that serves holds the lease of the due work."""
    lease = Lease.__table__
    if connection.execute(lease.select().where(lease.c.name == "due", lease.c.until > now())).first():
        raise CannotMove(_("The server is serving, or was killed just now: stop it, wait half a minute, try again."))


def _move_table(old: Connection, new: Connection, leaving: Table, arriving: Table) -> Moved:
    heading = tables.heading(old, leaving)
    if heading["columns"] != tables.heading(new, arriving)["columns"]:
        raise CannotMove(_("The columns of %(name)s are not the same there.", name=leaving.name))
    sent = tables.Measure()
    try:
        tables.fill(new, arriving, sent.through(tables.lines(old, leaving)))
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", error)).partition("\n")[0][:200]
        raise CannotMove(
            _("PostgreSQL refuses a row of %(name)s: %(reason)s", name=leaving.name, reason=reason)
        ) from error
    last = tables.go_on_counting(new, arriving, heading["last_id"])
    if tables.measure(new, arriving) != sent:
        raise CannotMove(_("The rows of %(name)s do not arrive as they left.", name=leaving.name))
    return Moved(leaving.name, sent.count, sent.digest, last)
