"""Tables as lines of plain values, whatever the database and its version: read in the order of their keys, put back.

A line is a JSON array. What a column holds is read off the database itself, so that a copy made before a migration, or
put back after one, needs no model of ours.
"""

import base64
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, time
from itertools import islice
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Time,
    func,
    insert,
    select,
    text,
)

AT_ONCE = 2000
WRITE = json.JSONEncoder(separators=(",", ":")).encode
VERSION_TABLE = "alembic_version"


class Unreadable(ValueError):
    """A line that is not one of ours."""


def _as_moment(value: datetime) -> str:
    return (value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)).isoformat()


def _from_moment(value: str) -> datetime:
    found = datetime.fromisoformat(value)
    if found.tzinfo is None:
        raise ValueError(value)
    return found


def _plain(*types: type) -> Callable[[Any], Any]:
    def check(value: Any) -> Any:
        if type(value) not in types:
            raise TypeError(value)
        return value

    return check


# What a column may hold: its name in the file, the types that hold it, how to write and how to read a value.
KINDS: tuple[tuple[str, type[Any], Callable[[Any], Any] | None, Callable[[Any], Any] | None], ...] = (
    ("yes or no", Boolean, None, _plain(bool)),
    ("whole number", Integer, None, _plain(int)),
    ("number", Float, float, _plain(int, float)),
    ("moment", DateTime, _as_moment, _from_moment),
    ("day", Date, date.isoformat, date.fromisoformat),
    ("hour", Time, time.isoformat, time.fromisoformat),
    ("json", JSON, None, None),
    ("text", String, None, _plain(str)),
    ("bytes", LargeBinary, lambda value: base64.b64encode(value).decode(), base64.b64decode),
)


def kind_of(column: Column[Any]) -> tuple[str, Callable[[Any], Any] | None, Callable[[Any], Any] | None]:
    for name, sort, write, read in KINDS:
        if isinstance(column.type, sort):
            return name, write, read
    raise TypeError(f"{column} holds {column.type}, which no backup knows how to write")


def found_in(connection: Connection) -> list[Table]:
    """The tables that are there, each after those it refers to."""
    metadata = MetaData()
    metadata.reflect(connection)
    for table in metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, JSON):
                # What was NULL stays so, instead of becoming the JSON word for it.
                column.type.none_as_null = bool(column.nullable)
    return [table for table in metadata.sorted_tables if table.name != VERSION_TABLE]


def revision_of(connection: Connection) -> str | None:
    if not connection.dialect.has_table(connection, VERSION_TABLE):
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision


def heading(connection: Connection, table: Table) -> dict[str, Any]:
    """What the first line of a table says: its columns, and the last number that was given to a row."""
    return {
        "columns": [[column.name, kind_of(column)[0]] for column in table.columns],
        "last_id": _last_id(connection, table),
    }


def lines(connection: Connection, table: Table) -> Iterator[bytes]:
    """The rows in the order of their key, so that two databases with the same rows give the same lines."""
    writers = [kind_of(column)[1] for column in table.columns]
    changed = [(number, write) for number, write in enumerate(writers) if write]
    query = select(table).order_by(*(_in_order(connection, column) for column in table.primary_key))
    for row in connection.execute(query, execution_options={"yield_per": AT_ONCE}):
        values = list(row)
        for number, write in changed:
            if values[number] is not None:
                values[number] = write(values[number])
        yield WRITE(values).encode() + b"\n"


class Measure:
    """How many lines went through, and their SHA-256."""

    def __init__(self) -> None:
        self.count, self._seen = 0, hashlib.sha256()

    def through(self, given: Iterable[bytes]) -> Iterator[bytes]:
        for line in given:
            self.count += 1
            self._seen.update(line)
            yield line

    @property
    def digest(self) -> str:
        return self._seen.hexdigest()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Measure) and (self.count, self.digest) == (other.count, other.digest)

    __hash__ = None  # type: ignore[assignment]


def measure(connection: Connection, table: Table) -> Measure:
    """All the rows of a table."""
    measured = Measure()
    for _line in measured.through(lines(connection, table)):
        pass
    return measured


def fill(connection: Connection, table: Table, given: Iterable[bytes]) -> None:
    """Write lines as rows of a table that is empty."""
    names = [column.name for column in table.columns]
    readers = [kind_of(column)[2] for column in table.columns]
    waiting = iter(given)
    while batch := list(islice(waiting, AT_ONCE)):
        rows = [dict(zip(names, _values(line, readers), strict=True)) for line in batch]
        connection.execute(insert(table), rows)


def go_on_counting(connection: Connection, table: Table, last_id: int) -> int:
    """The next row gets a number that no row ever had, as where the rows come from. The last one that was given."""
    if "id" not in table.columns:
        return 0
    last = max(last_id, _highest(connection, table))
    if connection.dialect.name == "sqlite":
        if _counts_for_ever(connection, table):
            connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), {"name": table.name})
            counted = {"name": table.name, "last": last}
            connection.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)"), counted)
    elif sequence := _sequence(connection, table):
        connection.execute(select(func.setval(sequence, max(last, 1), last > 0)))
    return last


def _values(line: bytes, readers: list[Callable[[Any], Any] | None]) -> list[Any]:
    try:
        values = json.loads(line)
        if not isinstance(values, list):
            raise Unreadable(line[:80])
        return [
            value if value is None or read is None else read(value) for value, read in zip(values, readers, strict=True)
        ]
    except (ValueError, TypeError, RecursionError):
        raise Unreadable(line[:80]) from None


def _in_order(connection: Connection, column: Column[Any]) -> Any:
    """PostgreSQL sorts texts as a language does; SQLite, and the file, as their letters are numbered."""
    is_text = connection.dialect.name == "postgresql" and isinstance(column.type, String)
    return column.collate("C") if is_text else column


def _last_id(connection: Connection, table: Table) -> int:
    if connection.dialect.name == "sqlite":
        if not _counts_for_ever(connection, table):
            return 0
        query = text("SELECT seq FROM sqlite_sequence WHERE name = :name")
        return connection.scalar(query, {"name": table.name}) or 0
    sequence = _sequence(connection, table)
    if not sequence:
        return 0
    return connection.scalar(text("SELECT pg_sequence_last_value(CAST(:name AS regclass))"), {"name": sequence}) or 0


def _counts_for_ever(connection: Connection, table: Table) -> bool:
    query = text("SELECT sql LIKE '%AUTOINCREMENT%' FROM sqlite_master WHERE type = 'table' AND name = :name")
    return bool(connection.scalar(query, {"name": table.name}))


def _sequence(connection: Connection, table: Table) -> str | None:
    if "id" not in table.columns:
        return None
    query = text("SELECT pg_get_serial_sequence(:name, 'id')")
    sequence: str | None = connection.scalar(query, {"name": f'"{table.name}"'})
    return sequence


def _highest(connection: Connection, table: Table) -> int:
    return connection.scalar(select(func.max(table.columns.id))) or 0
