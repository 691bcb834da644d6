"""Bringing the database up to date at start, in a child process: what it imports would weigh on the server for ever."""

import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import cast

from flask import Flask
from sqlalchemy import inspect, text

from assoc_intranet.core.clock import now
from assoc_intranet.core.db import db

HERE = Path(__file__).resolve().parent
ABOVE = HERE.parents[1]
KEPT = 5


class MigrationFailed(RuntimeError):
    """The schema could not be brought up to date; the message is for the administrator."""


def head() -> str:
    """The newest revision: files are named after theirs, in order."""
    return max(path.stem.partition("_")[0] for path in (HERE / "versions").glob("[0-9]*.py"))


def current() -> str | None:
    """The revision of the database, None for an empty one."""
    if not inspect(db.engine).has_table("alembic_version"):
        return None
    with db.engine.connect() as connection:
        return cast("str | None", connection.scalar(text("SELECT version_num FROM alembic_version")))


def upgrade(app: Flask) -> None:
    """Migrate when the schema is behind, after a copy of the database was written."""
    with app.app_context():
        now_at, wanted = current(), head()
        if now_at == wanted:
            return
        if now_at is not None and now_at > wanted:
            raise MigrationFailed(f"The database is at {now_at}, newer than this version ({wanted}). Upgrade instead.")
        if now_at is not None:
            copy_before(app, now_at)
        db.engine.dispose()
    command = [sys.executable, "-m", __name__, str(HERE)]
    child = subprocess.run(  # noqa: S603 (our own interpreter and module)
        command,
        input=app.config["SQLALCHEMY_DATABASE_URI"],
        text=True,
        capture_output=True,
        check=False,
        cwd=ABOVE,
    )
    if child.returncode:
        raise MigrationFailed(f"Migrating the database failed; nothing was changed.\n{child.stderr[-2000:]}")


def copy_before(app: Flask, revision: str) -> Path | None:
    """Copy an SQLite database into `backups/`, keeping the newest few; on PostgreSQL that is the server's own task."""
    source = db.engine.url.database
    if db.engine.dialect.name != "sqlite" or not source:
        return None
    folder = app.config["DATA_DIR"] / "backups"
    folder.mkdir(exist_ok=True, mode=0o750)
    target: Path = folder / f"before-{revision}-{now():%Y%m%dT%H%M%S%f}.sqlite"
    with closing(sqlite3.connect(source)) as database, closing(sqlite3.connect(target)) as copy:
        database.backup(copy)
    target.chmod(0o640)
    for old in sorted(folder.glob("before-*.sqlite"), key=lambda path: re.sub(r"^before-\d+-", "", path.name))[:-KEPT]:
        old.unlink()
    return target
