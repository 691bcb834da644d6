"""`create-admin`: an administrator from the command line, for who runs the server."""

import re

import click
from flask import Flask, current_app
from flask_babel import gettext as _

from assoc_intranet import mail
from assoc_intranet.association import queries as association
from assoc_intranet.core.db import writing
from assoc_intranet.core.errors import RuleBroken
from assoc_intranet.migrations import upgrade

from . import passwords, queries, rules
from .forms import ADDRESS_PATTERN
from .setup import print_setup_link


def add(group: click.Group) -> None:
    """The commands of this feature, in the language of this moment."""
    group.add_command(
        click.Command(
            "create-admin",
            callback=create_admin,
            params=[
                click.Option(["--name"], help=_("Their name; asked for when it is missing.")),
                click.Option(["--email"], help=_("Their e-mail; asked for when it is missing.")),
                click.Option(
                    ["--link"], is_flag=True, help=_("Print an invitation to open instead of asking anything.")
                ),
            ],
            help=_("Create an administrator, or make one of a member who has this e-mail."),
        )
    )


def create_admin(name: str | None, email: str | None, link: bool) -> None:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    upgrade(app)
    try:
        if association.current() is None:
            print_setup_link(mail.base_url())
        elif link:
            _print_invitation()
        else:
            _create(name, email)
    except RuleBroken as refused:
        raise click.ClickException(str(refused)) from None


def _print_invitation() -> None:
    with writing():
        _link, token = rules.draw_link("invitation", role="coordinator", is_admin=True)
    click.echo(_("Whoever opens this link within 30 days becomes an administrator:"))
    click.echo(f"  {mail.absolute_url('invitations.show', code=token)}")


def _create(name: str | None, email: str | None) -> None:
    email = _asked(email, _("E-mail"))
    if not re.fullmatch(ADDRESS_PATTERN, email):
        raise RuleBroken(_("This is not a valid e-mail address."))
    member = queries.by_email(email)
    if member is not None:
        with writing():
            rules.make_admin(member)
        click.echo(_("%(name)s administers from now on.", name=member.name))
        return
    name = _asked(name, _("Name"))
    password = click.prompt(_("Password"), hide_input=True, confirmation_prompt=_("Again"))
    passwords.check_strength(password, association.name(), name, email)
    hashed = passwords.hash_password(password)
    with writing():
        rules.enrol(name, email, hashed, role="coordinator", is_admin=True)
    click.echo(_("%(name)s can log in and administer.", name=name))


def _asked(value: str | None, question: str) -> str:
    return (value or click.prompt(question)).strip()
