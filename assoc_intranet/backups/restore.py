"""Putting a backup back: into an empty place only, all or nothing, and every row compared with what was written."""

import shutil
from pathlib import Path

from flask_babel import gettext as _
from sqlalchemy import Connection, Table, text
from sqlalchemy.exc import SQLAlchemyError

from assoc_intranet.core.db import lone_engine
from assoc_intranet.migrations import build, head, revisions

from . import archive, tables
from .archive import Archive, BadBackup, Manifest


class NotEmpty(Exception):
    """There is something here that would be lost or mixed: the message says what."""


def restore(file: Path, url: str, uploads: Path) -> Manifest:
    """Put back the rows and the files, or nothing at all."""
    check_uploads(uploads)
    room = shutil.disk_usage(uploads.parent).free
    with archive.opened(file, room) as found:
        if found.manifest.schema > head():
            raise archive.newer(found.manifest.application)
        if found.manifest.schema not in revisions():
            raise BadBackup(_("This backup is of a version that never was."))
        engine = lone_engine(url, writes=True)
        try:
            with engine.begin() as connection:
                check_database(connection)
                try:
                    _load(connection, found)
                    _unpack(found, uploads)
                except BaseException:
                    shutil.rmtree(uploads, ignore_errors=True)
                    raise
        finally:
            engine.dispose()
        return found.manifest


def check_uploads(uploads: Path) -> None:
    if uploads.is_dir() and any(uploads.iterdir()):
        raise NotEmpty(_("There are files in %(folder)s: choose an empty DATA_DIR.", folder=uploads))


def check_database(connection: Connection) -> None:
    if tables.revision_of(connection) is not None or tables.found_in(connection):
        raise NotEmpty(
            _("There is a database here already: choose an empty DATA_DIR, or an empty database for DATABASE_URL.")
        )


def _load(connection: Connection, found: Archive) -> None:
    """The tables as they were when the backup was made; once they are full, brought on to today's."""
    try:
        build(connection, found.manifest.schema)
        there = tables.found_in(connection)
        if foreign := found.manifest.tables.keys() ^ {table.name for table in there} - archive.PASSING_TABLES:
            names = ", ".join(sorted(foreign))
            raise BadBackup(_("The tables of this backup are not those of its version: %(names)s.", names=names))
        for table in there:
            if table.name in found.manifest.tables:
                _load_table(connection, found, table)
        check_links(connection)
        build(connection)
    except (SQLAlchemyError, tables.Unreadable, OverflowError, UnicodeError) as error:
        reason = str(getattr(error, "orig", error)).partition("\n")[0][:200]
        raise BadBackup(_("The rows of this backup are refused by the database: %(reason)s", reason=reason)) from error


def _load_table(connection: Connection, found: Archive, table: Table) -> None:
    name = table.name
    with found.table(name) as (heading, rows):
        columns = tables.heading(connection, table)["columns"]
        if not isinstance(heading, dict) or heading.get("columns") != columns:
            raise BadBackup(_("In this backup, the columns of %(name)s are not those of its version.", name=name))
        written = tables.Measure()
        tables.fill(connection, table, written.through(rows))
        last_id = heading.get("last_id")
        tables.go_on_counting(connection, table, last_id if type(last_id) is int else 0)
    if written.count != found.manifest.tables[name].rows or tables.measure(connection, table) != written:
        raise BadBackup(_("The rows of %(name)s do not come back as they were written.", name=name))


def check_links(connection: Connection) -> None:
    """SQLite was told to look at foreign keys when all is there; PostgreSQL looked at each row."""
    if connection.dialect.name == "sqlite":
        broken = {row[0] for row in connection.execute(text("PRAGMA foreign_key_check"))}
        if broken:
            names = ", ".join(sorted(broken))
            raise BadBackup(_("Rows of %(names)s refer to rows that are not there.", names=names))


def _unpack(found: Archive, uploads: Path) -> None:
    for name in found.manifest.uploads:
        found.extract(name, uploads.parent / name)
