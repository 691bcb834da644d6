"""The folder of data: room, rights, and a file system on which SQLite is safe."""

import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from flask import current_app
from flask_babel import gettext as _

from assoc_intranet.core.db import db

ENOUGH_MB = 200
MOUNTS = Path("/proc/self/mounts")
# Locks and shared memory do not hold over these, and SQLite's write-ahead log needs both.
NETWORKED = ("nfs", "cifs", "smb", "9p", "ceph", "glusterfs", "afs", "fuse.sshfs", "fuse.rclone", "fuse.glusterfs")


def look() -> Iterator[str]:
    folder: Path = current_app.config["DATA_DIR"]
    yield from _writable(folder)
    yield from _room(folder)
    yield from _open_to_others(folder)
    yield from _far_away()


def _writable(folder: Path) -> Iterator[str]:
    probe = folder / ".doctor"
    try:
        probe.touch()
        probe.unlink()
    except OSError as error:
        yield _(
            "Nothing can be written in %(folder)s (%(reason)s): give it to the user who runs the service.",
            folder=folder,
            reason=error.strerror,
        )


def _room(folder: Path) -> Iterator[str]:
    free = shutil.disk_usage(folder).free // 2**20
    if free < ENOUGH_MB:
        yield _("Only %(free)s MB are free in %(folder)s: make room before it is full.", free=free, folder=folder)


def _open_to_others(folder: Path) -> Iterator[str]:
    secret = folder / "secret_key"
    if secret.exists() and _mode(secret) & 0o077:
        yield _("Others can read %(file)s: run “chmod 600” on it.", file=secret)
    if _mode(folder) & 0o007:
        yield _("Everybody on this machine can look into %(folder)s: run “chmod o=” on it.", folder=folder)


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def _far_away() -> Iterator[str]:
    """Uploads may be far away; an SQLite database may not."""
    if db.engine.dialect.name != "sqlite" or not db.engine.url.database:
        return
    kind = _file_system(Path(db.engine.url.database))
    if kind.startswith(NETWORKED):
        yield _(
            "The database lies on a network file system (%(kind)s), where SQLite can lose data: "
            "move DATA_DIR to a local disk, or use PostgreSQL.",
            kind=kind,
        )


def _file_system(path: Path) -> str:
    """The kind of file system that `path` is on, as Linux says it; empty elsewhere."""
    try:
        lines = [line.split() for line in MOUNTS.read_text(encoding="utf-8").splitlines()]
    except OSError:
        return ""
    around = [(len(place), kind) for _device, place, kind, *_rest in lines if path.is_relative_to(place)]
    return max(around, default=(0, ""))[1]
