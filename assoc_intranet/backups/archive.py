"""A backup: one ZIP with the rows of each table, the files that were sent, and a manifest with the digest of each."""

import hashlib
import json
import logging
import lzma
import os
import re
import stat
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from typing import IO, Any

from flask_babel import gettext as _
from sqlalchemy import Connection

from assoc_intranet.core.clock import now
from assoc_intranet.core.db import lone_engine

from . import tables

FORMAT = 1
MANIFEST = "manifest.json"
# Of use to nobody elsewhere or later: who is logged in, counts of tries, who does the work, mails on their way.
PASSING_TABLES = frozenset({"session", "attempt", "lease", "password_request", "mail"})
# Sheets that wait to be imported, for a day.
PASSING_UPLOADS = "imports"
TABLE = re.compile(r"tables/([a-z][a-z0-9_]{0,62})\.ndjson")
UPLOAD = re.compile(r"uploads(/[\w@+-][\w@+.-]{0,200}){1,8}", re.ASCII)
DIGEST = re.compile(r"[0-9a-f]{64}")
REVISION = re.compile(r"[0-9a-z_]{1,32}")
LONGEST_MANIFEST = 64 * 1024 * 1024
LONGEST_LINE = 64 * 1024 * 1024
PIECE = 1024 * 1024
# What Python's reader of ZIP files makes of one that was cut, damaged, encrypted or made to harm.
UNZIPPABLE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, RuntimeError, ValueError, OSError)

log = logging.getLogger(__name__)


class BadBackup(Exception):
    """A file that cannot be put back, or a copy that cannot be made: the message says why, to who runs the server."""


@dataclass(frozen=True)
class Member:
    """One file of the ZIP; `rows` for a table."""

    size: int
    sha256: str
    rows: int | None = None


@dataclass(frozen=True)
class Manifest:
    format: int
    application: str
    schema: str
    engine: str
    created_at: str
    members: dict[str, Member]

    @property
    def tables(self) -> dict[str, Member]:
        """By the name of the table, in the order they were written."""
        found = ((TABLE.fullmatch(name), member) for name, member in self.members.items())
        return {match[1]: member for match, member in found if match}

    @property
    def uploads(self) -> list[str]:
        return [name for name in self.members if UPLOAD.fullmatch(name)]

    @property
    def size(self) -> int:
        return sum(member.size for member in self.members.values())


# Writing


def write(url: str, uploads: Path, target: Path) -> Manifest:
    """Copy the database at `url` and the folder of uploads into `target`, there or replaced once it is whole.

    All rows are those of one instant, and nobody waits: the reader takes no lock.
    """
    handle, draft = tempfile.mkstemp(dir=target.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            manifest = _write(url, uploads, file)
            file.flush()
            os.fsync(file.fileno())
        with opened(Path(draft)):
            pass  # Read again, digest by digest: what cannot be put back is not a backup.
        Path(draft).replace(target)
    finally:
        with suppress(FileNotFoundError):
            Path(draft).unlink()
    _settle(target.parent)
    return manifest


def _write(url: str, uploads: Path, file: IO[bytes]) -> Manifest:
    members: dict[str, Member] = {}
    with reading(url) as connection, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        schema = tables.revision_of(connection)
        if schema is None:
            raise BadBackup(_("There is nothing to copy yet: start the server once."))
        # Right after the instant that is copied: a file that is replaced later would be missing.
        for name, path in _uploads(uploads):
            with suppress(FileNotFoundError), path.open("rb") as source:
                members[name] = _put(archive, name, iter(lambda source=source: source.read(PIECE), b""))  # type: ignore[misc]
        for table in tables.found_in(connection):
            if table.name not in PASSING_TABLES:
                members[f"tables/{table.name}.ndjson"] = _put_table(archive, connection, table)
        made = now().isoformat(timespec="seconds")
        manifest = Manifest(FORMAT, version("assoc-intranet"), schema, connection.dialect.name, made, members)
        archive.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1))
    return manifest


@contextmanager
def reading(url: str) -> Iterator[Connection]:
    """One transaction that sees the database as it was when it began, and never changes it."""
    engine = lone_engine(url)
    try:
        with engine.connect() as connection:
            if engine.dialect.name == "postgresql":
                connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            yield connection
    finally:
        engine.dispose()


def _put_table(archive: zipfile.ZipFile, connection: Connection, table: Any) -> Member:
    heading = json.dumps(tables.heading(connection, table)).encode() + b"\n"
    measured = tables.Measure()

    def text() -> Iterator[bytes]:
        yield heading
        yield from measured.through(tables.lines(connection, table))

    member = _put(archive, f"tables/{table.name}.ndjson", text())
    return Member(member.size, member.sha256, measured.count)


def _put(archive: zipfile.ZipFile, name: str, pieces: Iterator[bytes]) -> Member:
    size, seen = 0, hashlib.sha256()
    entry = zipfile.ZipInfo(name, now().timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = (stat.S_IFREG | 0o600) << 16
    with archive.open(entry, "w", force_zip64=True) as out:
        for piece in pieces:
            size += len(piece)
            seen.update(piece)
            out.write(piece)
    return Member(size, seen.hexdigest())


def _uploads(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(folder.rglob("*")):
        within = path.relative_to(folder)
        if within.parts[0] != PASSING_UPLOADS and path.is_file() and not path.is_symlink():
            name = f"uploads/{within.as_posix()}"
            if UPLOAD.fullmatch(name):
                yield name, path
            else:
                log.warning("backups: %s has a name that is not ours, and is left out", path)


def _settle(folder: Path) -> None:
    """A name survives a power cut once its folder is on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


# Reading


class Archive:
    """A backup of which every byte was compared with its digest."""

    def __init__(self, archive: zipfile.ZipFile, manifest: Manifest):
        self._archive, self.manifest = archive, manifest

    @contextmanager
    def table(self, name: str) -> Iterator[tuple[dict[str, Any], Iterator[bytes]]]:
        """Its first line, and the rows."""
        with self._archive.open(f"tables/{name}.ndjson") as file:
            try:
                heading = json.loads(file.readline(LONGEST_LINE))
            except (ValueError, RecursionError):
                raise BadBackup(_damaged(f"tables/{name}.ndjson")) from None
            yield heading, iter(lambda: file.readline(LONGEST_LINE), b"")

    def extract(self, name: str, target: Path) -> None:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
        with self._archive.open(name) as source, target.open("xb") as out:
            while piece := source.read(PIECE):
                out.write(piece)
            out.flush()
            os.fsync(out.fileno())


@contextmanager
def opened(path: Path, room: int | None = None) -> Iterator[Archive]:
    """The backup in this file, once all that it holds was found to be as it was written.

    `room` is how many bytes there are for what is in it: a file of a few kilobytes can claim to hold a thousand times
    more than the disk.
    """
    try:
        archive = zipfile.ZipFile(path)
    except OSError as error:
        raise BadBackup(_("%(file)s cannot be read: %(reason)s.", file=path, reason=error.strerror)) from None
    except UNZIPPABLE:
        raise BadBackup(_("%(file)s is not a backup, or it is cut short.", file=path)) from None
    with archive:
        try:
            manifest = _verified(archive, room)
        except UNZIPPABLE:
            raise BadBackup(_("%(file)s is damaged.", file=path)) from None
        yield Archive(archive, manifest)


def _verified(archive: zipfile.ZipFile, room: int | None) -> Manifest:
    manifest = _manifest(archive)
    if room is not None and manifest.size > room:
        need, there = manifest.size // 2**20 + 1, room // 2**20
        raise BadBackup(_("It needs %(need)s MB, and only %(there)s MB are free.", need=need, there=there))
    for name, member in manifest.members.items():
        _compare(archive, name, member)
    return manifest


def _manifest(archive: zipfile.ZipFile) -> Manifest:
    names = archive.namelist()
    if MANIFEST not in names:
        raise BadBackup(_("This is not a backup of ours: it has no manifest."))
    with archive.open(MANIFEST) as file:
        text = file.read(LONGEST_MANIFEST)
    try:
        found = json.loads(text)
        if found["format"] > FORMAT:
            raise newer(str(found["application"])[:20])
        manifest = Manifest(**{**found, "members": {n: Member(**m) for n, m in found["members"].items()}})
        is_ours = _is_ours(manifest)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        is_ours = False
    if not is_ours:
        raise BadBackup(_("This is not a backup of ours: its manifest cannot be read."))
    if sorted(names) != sorted([*manifest.members, MANIFEST]):
        raise BadBackup(_("Files are missing in this backup, or do not belong there."))
    return manifest


def newer(application: str) -> BadBackup:
    return BadBackup(_("This backup was made by a newer version (%(version)s): upgrade first.", version=application))


def _is_ours(manifest: Manifest) -> bool:
    """The shape of all that is used later: nothing here may name a place outside of its folder."""
    datetime.fromisoformat(manifest.created_at)
    shapes = [bool(REVISION.fullmatch(manifest.schema)), isinstance(manifest.application, str)]
    for name, member in manifest.members.items():
        is_table = bool(TABLE.fullmatch(name))
        shapes += [
            is_table or bool(UPLOAD.fullmatch(name)),
            type(member.size) is int and member.size >= 0,
            bool(DIGEST.fullmatch(member.sha256)),
            type(member.rows) is int if is_table else member.rows is None,
            # No file is the folder of another.
            not any(parent.as_posix() in manifest.members for parent in PurePosixPath(name).parents),
        ]
    return all(shapes)


def _compare(archive: zipfile.ZipFile, name: str, member: Member) -> None:
    """Never reads more than what the manifest announces."""
    size, seen = 0, hashlib.sha256()
    with archive.open(name) as file:
        while size <= member.size and (piece := file.read(PIECE)):
            size += len(piece)
            seen.update(piece)
    if (size, seen.hexdigest()) != (member.size, member.sha256):
        raise BadBackup(_damaged(name))


def _damaged(name: str) -> str:
    return str(_("In this backup, %(name)s is not what was written: the file is damaged.", name=name))
