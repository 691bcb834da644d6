"""The code of the first run, printed where only who installs can read it."""

import click
from flask_babel import gettext as _

from assoc_intranet.core.db import writing

from . import rules


def print_setup_link(address: str) -> None:
    """Draw a new code and print its link, when nobody is here yet."""
    with writing():
        token = rules.first_setup_link()
    if token:
        click.echo(_("First run: open this link to name your association and create your account."))
        click.echo(f"  {address}/setup?code={token}")
