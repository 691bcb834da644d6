"""`backup`, `restore` and `move`: everything into one file, out of one, or from SQLite to PostgreSQL."""

from pathlib import Path

import click
from flask import current_app
from flask_babel import gettext as _

from assoc_intranet.core.db import db
from assoc_intranet.migrations import upgrade

from . import archive
from .archive import BadBackup, Manifest
from .move import CannotMove, check_idle
from .move import move as move_to
from .restore import NotEmpty
from .restore import restore as put_back
from .words import size_words


class Refused(click.ClickException):
    """Nothing was written; the message says why."""

    exit_code = 2


def add(group: click.Group) -> None:
    file = click.Argument(["file"], type=click.Path(path_type=Path))
    force = click.Option(["--force"], is_flag=True, help=_("Replace the file if there is one."))
    group.add_command(
        click.Command(
            "backup",
            callback=backup,
            params=[file, force],
            help=_("Copy the database and the files that were sent into one ZIP, while the server serves."),
        )
    )
    to = click.Option(["--to"], required=True, metavar="URL", help=_("The address of an empty PostgreSQL database."))
    group.add_command(
        click.Command(
            "move",
            callback=move,
            params=[to],
            help=_("Move from SQLite to PostgreSQL, the server being stopped; each row is compared on arrival."),
        )
    )
    group.add_command(
        click.Command(
            "restore",
            callback=restore,
            params=[file],
            help=_("Put a backup back into an empty DATA_DIR, or an empty PostgreSQL database."),
        )
    )


def backup(file: Path, force: bool) -> None:
    if file.exists() and not force:
        raise Refused(_("%(file)s is there already: choose another name, or say --force.", file=file))
    try:
        manifest = archive.write(_database(), _uploads(), file)
    except BadBackup as refused:
        raise Refused(str(refused)) from None
    except OSError as error:
        raise Refused(_("%(file)s cannot be written: %(reason)s.", file=file, reason=error.strerror)) from None
    click.echo(_("%(file)s is written: %(size)s.", file=file, size=size_words(file.stat().st_size)))
    _tell(manifest)


def restore(file: Path) -> None:
    try:
        manifest = put_back(file, _database(), _uploads())
    except (BadBackup, NotEmpty) as refused:
        raise Refused(_("%(reason)s Nothing was written.", reason=refused)) from None
    except OSError as error:
        sentence = _("%(file)s cannot be written: %(reason)s.", file=_uploads(), reason=error.strerror or error)
        raise Refused(_("%(reason)s Nothing was written.", reason=sentence)) from None
    _tell(manifest)
    click.echo(
        _("The backup of %(when)s is back. Everybody logs in again; start the server.", when=manifest.created_at)
    )


def move(to: str) -> None:
    if not _database().startswith("sqlite"):
        raise Refused(_("DATABASE_URL is set: what is here is on PostgreSQL already."))
    try:
        check_idle(_database())
    except CannotMove as refused:
        raise Refused(_("%(reason)s Nothing was written.", reason=refused)) from None
    upgrade(current_app._get_current_object())  # type: ignore[attr-defined]
    db.engine.dispose()
    try:
        moved = move_to(_database(), to)
    except (CannotMove, NotEmpty) as refused:
        raise Refused(_("%(reason)s Nothing was written.", reason=refused)) from None
    width = max(len(table.name) for table in moved)
    for table in sorted(moved, key=lambda table: table.name):
        click.echo(f"  {table.name:{width}} {table.rows:8}  {table.digest[:16]}")
    click.echo(_("Every row has arrived as it left. Now set DATABASE_URL to this address and start the server."))
    click.echo(
        _("The old database stays in DATA_DIR as it was: once all is well, delete it, for it still holds everything.")
    )


def _tell(manifest: Manifest) -> None:
    width = max(map(len, manifest.tables), default=0)
    for name, member in sorted(manifest.tables.items()):
        click.echo(f"  {name:{width}} {member.rows:8}")
    click.echo(f"  {'uploads/':{width}} {len(manifest.uploads):8}")


def _database() -> str:
    url: str = current_app.config["SQLALCHEMY_DATABASE_URI"]
    return url


def _uploads() -> Path:
    folder: Path = current_app.config["DATA_DIR"] / "uploads"
    return folder
