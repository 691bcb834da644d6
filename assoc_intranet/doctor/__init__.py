"""`doctor`: looks at the settings, the folder, the database, the clock and the mail, and says what to mend."""

import sys
from collections.abc import Callable, Iterator

import click
from flask_babel import gettext as _

from . import address, backups, clock, database, folder, mail, work

Check = Callable[[], Iterator[str]]


def add(group: click.Group) -> None:
    explained = _("Look for what is wrong and say how to mend it.")
    group.add_command(click.Command("doctor", callback=doctor, help=explained))


def doctor() -> None:
    """Exit 1 when anything is to be mended."""
    complaints = 0
    for name, check in checks():
        found = list(check())
        complaints += len(found)
        click.echo(f"{'✗' if found else '✓'} {name}")
        for sentence in found:
            click.echo(f"    {sentence}")
    sys.exit(1 if complaints else 0)


def checks() -> list[tuple[str, Check]]:
    """What is looked at, in the order in which it is best mended. Each yields a sentence for each thing to mend."""
    return [
        (_("Data folder"), folder.look),
        (_("Database"), database.look),
        (_("Address and encryption"), address.look),
        (_("Clock and time zone"), clock.look),
        (_("Mail"), mail.look),
        (_("Due work"), work.look),
        (_("Backups"), backups.look),
    ]
