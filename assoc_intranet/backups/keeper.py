"""Who makes the copies: a thread that waits for a child process, under a lease, so that two servers never make two."""

import json
import os
import secrets
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path
from time import monotonic

from flask import Flask, current_app
from flask_babel import gettext as _

from assoc_intranet.association import queries as association
from assoc_intranet.core.clock import now
from assoc_intranet.core.db import writing
from assoc_intranet.jobs.loop import give_back, take
from assoc_intranet.migrations import ABOVE, MigrationFailed

from . import copies, queries, rules
from .copies import Copy

LONGEST = timedelta(minutes=15)
# A server that starts has other things to do; one that failed would fail again.
AFTER_START = timedelta(minutes=10)
AFTER_FAILURE = timedelta(hours=1)
# Even a copy that somebody waits for is not tried again at each tick.
AFTER_ERROR = timedelta(minutes=1)


class CopyFailed(Exception):
    """No copy was written: the message is what the system said."""


class Keeper:
    """`wake` makes a copy in a thread of its own, unless one is being made. The nightly ones wait while it `rests`.

    Both ends are of the clock that never jumps: one that was set back would silence it.
    """

    def __init__(self, app: Flask):
        self.app = app
        self.rests_until = _after(AFTER_START)
        self.stops_until = monotonic()
        self._busy = threading.Lock()

    @property
    def rests(self) -> bool:
        return monotonic() < self.rests_until

    def wake(self, kind: str) -> None:
        if monotonic() >= self.stops_until and self._busy.acquire(blocking=False):
            threading.Thread(target=self._make, args=(kind,), name="keeper", daemon=True).start()

    def alarm(self) -> queries.Alarm | None:
        """What pages warn of: a server that starts makes the copy it missed first, unless that failed before."""
        found = queries.alarm()
        return found if found and (found.reason or not self.rests) else None

    def _make(self, kind: str) -> None:
        try:
            with self.app.app_context():
                if not make(kind):
                    self.rests_until = _after(AFTER_FAILURE)
        except Exception:
            self.rests_until, self.stops_until = _after(AFTER_FAILURE), _after(AFTER_ERROR)
            self.app.logger.exception("backups: the copy failed")
        finally:
            self._busy.release()


def _after(time: timedelta) -> float:
    return monotonic() + time.total_seconds()


def make(kind: str) -> bool:
    """Make a copy and say so; False where it failed. Nothing is done where another server makes one."""
    me = secrets.token_hex(8)
    if not take("backup", me, LONGEST):
        return True
    try:
        path = copy(kind)
    except CopyFailed as failed:
        current_app.logger.error("backups: no copy could be made: %s", failed)  # noqa: TRY400 (said in one line)
        with writing():
            rules.note_failed(kind, str(failed))
        return False
    else:
        try:
            with writing():
                rules.note_made(kind, path.name, path.stat().st_size)
        finally:
            _tidy()
        return True
    finally:
        give_back("backup", me)


def _tidy() -> None:
    """An old copy that cannot be deleted does not make the new one a failure."""
    try:
        forget_old()
    except OSError as error:
        current_app.logger.warning("backups: an old copy cannot be deleted: %s", error)


def copy(kind: str, note: str = "") -> Path:
    """A whole copy in `backups/`, by a child process."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    data: Path = app.config["DATA_DIR"]
    folder = data / "backups"
    target = folder / copies.name_of(kind, now(), note)
    order = {
        "url": app.config["SQLALCHEMY_DATABASE_URI"],
        "uploads": str(data / "uploads"),
        "target": str(target),
    }
    try:
        folder.mkdir(exist_ok=True, mode=0o750)
        child = subprocess.run(
            [sys.executable, "-m", "assoc_intranet.backups"],
            input=json.dumps(order),
            text=True,
            capture_output=True,
            check=False,
            cwd=ABOVE,
            timeout=LONGEST.total_seconds(),
        )
    except subprocess.TimeoutExpired:
        raise CopyFailed(_("It took too long and was stopped.")) from None
    except OSError as error:
        raise CopyFailed(str(error)) from None
    if child.returncode < 0:
        raise CopyFailed(_("The system stopped it, perhaps for want of memory."))
    if child.returncode:
        raise CopyFailed("".join(child.stderr.splitlines()[-1:])[-300:] or os.strerror(child.returncode))
    if child.stderr:
        app.logger.warning("%s", child.stderr.strip())
    return target


def forget_old() -> None:
    """Once there is a new copy, the old ones that are too many go, and what a power cut left half written."""
    _forget(copies.to_forget(queries.there(), now(), association.zone()))
    folder = queries.folder()
    for draft in folder.glob(copies.DRAFTS):
        if draft.stat().st_mtime < (now() - 2 * LONGEST).timestamp():
            draft.unlink(missing_ok=True)


def copy_before(revision: str) -> None:
    """What `migrations.upgrade` asks for before it changes anything."""
    try:
        copy(copies.BEFORE, revision)
    except CopyFailed as failed:
        raise MigrationFailed(f"The copy before the change of tables could not be written: {failed}") from None
    # The zone stands in tables that are not today's yet, and is of no matter here.
    _forget(copies.to_forget([copy for copy in queries.there() if copy.kind == copies.BEFORE], now(), "UTC"))


def _forget(old: list[Copy]) -> None:
    for copy in old:
        copy.path.unlink(missing_ok=True)
