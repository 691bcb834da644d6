"""The command line: `assoc-intranet serve`, and the commands that features add. Help is in French or English."""

import sys
from collections.abc import Sequence

import click
from flask import Flask, current_app
from flask_babel import gettext as _
from sqlalchemy.exc import DBAPIError

from . import create_app, doctor, terminal
from .config import BadSetting
from .core.i18n import in_language
from .migrations import MigrationFailed, upgrade


def main(arguments: Sequence[str] | None = None) -> None:
    """Entry point of the `assoc-intranet` command."""
    terminal.speak()
    try:
        app = create_app()
        with app.app_context(), in_language(terminal.language()):
            run(app, arguments)
    except (BadSetting, MigrationFailed) as error:
        stop(str(error))


def run(app: Flask, arguments: Sequence[str] | None) -> None:
    """One command; a database that cannot be used is a sentence, whatever the command wanted of it."""
    try:
        commands(app).main(args=arguments, prog_name="assoc-intranet")
    except DBAPIError as error:
        reason = doctor.database.reason(error)
        stop(_("The database cannot be used: %(reason)s. “assoc-intranet doctor” says more.", reason=reason))


def stop(sentence: str) -> None:
    click.echo(sentence, err=True)
    sys.exit(2)


def commands(app: Flask) -> click.Group:
    """The group of all commands, its texts in the language of this moment."""
    group = click.Group(help=_("The intranet of your association."))
    group.add_command(click.Command("serve", callback=serve, help=_("Bring the database up to date and serve.")))
    for add in (doctor.add, *app.extensions.get("commands", ())):
        add(group)
    return group


def serve() -> None:
    from .members.setup import print_setup_link
    from .server.serve import check_address, check_debugging
    from .server.serve import serve as serve_until_told

    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    host, port = app.config["HOST"], app.config["PORT"]
    check_debugging(app)
    check_address(app, host)
    upgrade(app)
    address = app.config["BASE_URL"] or f"http://{host}:{port}"
    print_setup_link(address)
    click.echo(_("Serving on %(address)s (Ctrl+C stops).", address=address))
    serve_until_told(app, host, port)
