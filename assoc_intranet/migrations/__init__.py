"""Bringing the database up to date at start, in a child process: what it imports would weigh on the server for ever."""

import logging
import subprocess
import sys
from gettext import gettext as _
from pathlib import Path
from typing import cast

from flask import Flask
from sqlalchemy import Connection, inspect, text

from assoc_intranet.core.db import db

HERE = Path(__file__).resolve().parent
ABOVE = HERE.parents[1]


class MigrationFailed(RuntimeError):
    """The schema could not be brought up to date; the message is for the administrator."""


def revisions() -> set[str]:
    """All that there are: files are named after theirs, in order."""
    return {path.stem.partition("_")[0] for path in (HERE / "versions").glob("[0-9]*.py")}


def head() -> str:
    """The newest revision."""
    return max(revisions())


def current() -> str | None:
    """The revision of the database, None for an empty one."""
    if not inspect(db.engine).has_table("alembic_version"):
        return None
    with db.engine.connect() as connection:
        return cast("str | None", connection.scalar(text("SELECT version_num FROM alembic_version")))


def upgrade(app: Flask) -> None:
    """Migrate when the schema is behind, after those who registered for it have copied what is there."""
    with app.app_context():
        now_at, wanted = current(), head()
        if now_at == wanted:
            return
        if now_at is not None and now_at > wanted:
            raise MigrationFailed(
                _("The database is at %(found)s, newer than this version (%(wanted)s). Install the newer one again.")
                % {"found": now_at, "wanted": wanted}
            )
        if now_at is not None:
            for copy in app.extensions.get("before_migration", ()):
                copy(now_at)
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
        sentence = _("Bringing the database up to date failed; nothing was changed. Start again, or report this:")
        raise MigrationFailed(f"{sentence}\n{child.stderr[-2000:]}")


def build(connection: Connection, revision: str = "head") -> None:
    """Make the tables of a revision, or bring them on to it, in the transaction of `connection`: for commands only."""
    logging.getLogger("alembic").setLevel(logging.WARNING)
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
