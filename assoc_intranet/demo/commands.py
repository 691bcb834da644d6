"""`demo`: an example association to walk around in, and `demo --remove`."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask import Flask, current_app
from flask_babel import gettext as _

from assoc_intranet import mail
from assoc_intranet.association import queries as association
from assoc_intranet.core import audit
from assoc_intranet.core.db import writing
from assoc_intranet.core.errors import RuleBroken
from assoc_intranet.members import roles
from assoc_intranet.migrations import upgrade

from . import queries, rules


def add(group: click.Group) -> None:
    group.add_command(
        click.Command(
            "demo",
            callback=demo,
            params=[
                click.Option(["--remove"], is_flag=True, help=_("Remove the example association and all it made."))
            ],
            help=_("Fill an empty database with an example association, and print a link to come in for each role."),
        )
    )


def demo(remove: bool) -> None:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    upgrade(app)
    try:
        if remove:
            _remove()
        else:
            _fill()
    except RuleBroken as refused:
        raise click.ClickException(str(refused)) from None


def _fill() -> None:
    with _off_the_record(), writing():
        is_new = rules.fill()
        entrances = rules.draw_entrances()
        name = association.name()
        lines = [(_what(what), member.name, token) for what, member, token in entrances]
    click.echo(
        _("“%(name)s” is here: an association that does not exist.", name=name)
        if is_new
        else _("“%(name)s” was here already. `demo --remove` takes it away.", name=name)
    )
    click.echo(_("Come in through one of these links. Each opens once, within 24 hours:"))
    for what, person, token in lines:
        click.echo(f"  {what}, {person}\n    {mail.absolute_url('login.show_once', code=token)}")


@contextmanager
def _off_the_record() -> Iterator[None]:
    """What nobody did is not for the security log."""
    audit.log.disabled = True
    try:
        yield
    finally:
        audit.log.disabled = False


def _remove() -> None:
    if not (queries.is_there() or queries.strangers()):
        click.echo(_("There is no demo here."))
        return
    with writing():
        rules.remove()
    shutil.rmtree(current_app.config["DATA_DIR"] / "uploads", ignore_errors=True)
    click.echo(_("The demo is gone, with all that was made in it."))


def _what(what: str) -> str:
    return _("Administrator") if what == "admin" else str(roles.LABELS[what])
