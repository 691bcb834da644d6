"""`doctor`: looks at the settings, the folder, the database and the mail server, and says what to mend."""

import shutil
import smtplib
import stat
import sys
from collections.abc import Callable, Iterator
from zoneinfo import available_timezones

import click
from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from .association import queries as association
from .backups import queries as backups
from .core.clock import now
from .core.db import db
from .migrations import current, head

ENOUGH_MB = 200
MAIL_SECONDS = 5

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
    return [
        (_("Data folder"), data_folder),
        (_("Database"), database),
        (_("Address and encryption"), address),
        (_("Time zone"), time_zone),
        (_("Mail"), mail_server),
        (_("Backups"), nightly_copy),
    ]


def data_folder() -> Iterator[str]:
    folder = current_app.config["DATA_DIR"]
    probe = folder / ".doctor"
    try:
        probe.touch()
        probe.unlink()
    except OSError as error:
        yield _("Nothing can be written in %(folder)s: %(reason)s.", folder=folder, reason=error.strerror)
    free = shutil.disk_usage(folder).free // 2**20
    if free < ENOUGH_MB:
        yield _("Only %(free)s MB are free in %(folder)s: make room before it is full.", free=free, folder=folder)
    secret = folder / "secret_key"
    if secret.exists() and stat.S_IMODE(secret.stat().st_mode) & 0o077:
        yield _("Others can read %(file)s: run “chmod 600” on it.", file=secret)


def database() -> Iterator[str]:
    try:
        revision = current()
        if db.engine.dialect.name == "sqlite" and (fault := db.session.scalar(text("PRAGMA quick_check"))) != "ok":
            yield _("The database is damaged (%(fault)s): put back a backup.", fault=fault)
    except DatabaseError as error:
        yield _("The database does not answer: %(reason)s", reason=str(error.orig).splitlines()[0])
        return
    if revision != head():
        yield _("The database is not up to date: start the server once, it does the rest.")


def address() -> Iterator[str]:
    config = current_app.config
    if not config["BASE_URL"]:
        return  # Only this machine can open it: nothing travels.
    if not config["BASE_URL"].startswith("https://"):
        yield _("BASE_URL does not begin with https://: passwords would travel in the clear.")
    elif not config["TRUSTED_PROXIES"]:
        yield _("TRUSTED_PROXIES is 0: behind a reverse proxy every visitor seems to have its address. Set it to 1.")


def time_zone() -> Iterator[str]:
    try:
        zone = association.zone()
    except DatabaseError:
        db.session.rollback()
        return  # Nothing stands in it yet, or the check of the database has said why.
    if zone not in available_timezones():
        yield _("The time zone %(zone)s is unknown here: install the package tzdata.", zone=zone)


def mail_server() -> Iterator[str]:
    config = current_app.config
    if not config["SMTP_HOST"]:
        return  # Links are shown to be copied instead: nothing to mend.
    kind = smtplib.SMTP_SSL if config["SMTP_PORT"] == 465 else smtplib.SMTP
    try:
        with kind(config["SMTP_HOST"], config["SMTP_PORT"], timeout=MAIL_SECONDS) as server:
            server.noop()
    except (OSError, smtplib.SMTPException) as error:
        yield _("The mail server does not answer: %(reason)s. Check SMTP_HOST and SMTP_PORT.", reason=error)


def nightly_copy() -> Iterator[str]:
    try:
        alarm = backups.alarm()
    except DatabaseError:
        db.session.rollback()
        return  # The check of the database has said why.
    if alarm is None:
        return
    if alarm.last is None:
        yield _("No copy of the data was ever made: is the server serving at night?")
    else:
        hours = int((now() - alarm.last).total_seconds() // 3600)
        yield _("The last copy of the data is %(hours)s hours old: is the server serving at night?", hours=hours)
    if alarm.reason:
        yield _("The last attempt to make one failed: %(reason)s", reason=alarm.reason)
