"""A sheet that was sent and waits to be imported: kept on the server for a day, for who sent it and nobody else."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path, PureWindowsPath
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app

from assoc_intranet.association import queries as association
from assoc_intranet.core.clock import now
from assoc_intranet.members.models import Member

from .planning_columns import FIELDS
from .planning_sheet import Plan, read_plan

LIFE = timedelta(days=1)
MOST = 5  # of one member at a time
LONGEST_NAME = 200
KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Told:
    """What somebody said of a sheet that it does not say itself. Unknown values are ignored."""

    sheet: str | None = None
    mapping: dict[str, int] | None = None
    day_first: bool | None = None

    @classmethod
    def read(cls, arguments: Any) -> "Told":
        chosen = {field: arguments.get(field, "") for field in FIELDS if field in arguments}
        columns = {field: int(column) for field, column in chosen.items() if re.fullmatch(r"\d{1,3}", column)}
        order = {"day": True, "month": False}.get(arguments.get("order", ""))
        return cls(arguments.get("sheet") or None, columns if chosen else None, order)

    def as_arguments(self) -> dict[str, str]:
        """The same as `read` takes them, for a form or an address. A field without a column is said, too."""
        said = {"sheet": self.sheet or "", "order": {True: "day", False: "month", None: ""}[self.day_first]}
        if self.mapping is not None:
            said |= {field: str(self.mapping.get(field, "")) for field in FIELDS}
        return {name: value for name, value in said.items() if value or name in FIELDS}


@dataclass(frozen=True)
class KeptSheet:
    key: str
    filename: str
    data: bytes

    def read(self, told: Told) -> Plan:
        """Slow: call it before the write lock is taken."""
        zone = ZoneInfo(association.zone())
        choices = {"sheet": told.sheet, "mapping": told.mapping, "day_first": told.day_first}
        return read_plan(self.data, self.filename, zone=zone, **choices)  # type: ignore[arg-type]


def base_name(filename: str | None) -> str:
    """The name alone, of whatever system it comes from: its end says what kind of file it is."""
    name = PureWindowsPath(filename or "").name
    return "".join(sign for sign in name if sign.isprintable())[-LONGEST_NAME:]


def keep(member: Member, sheet: KeptSheet) -> None:
    """Write it down; the same key again is the same sheet. Beyond a few, the oldest of this member goes."""
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = _path(member, sheet.key)
    draft = path.with_suffix(".draft")
    draft.touch(mode=0o600)
    draft.write_bytes(f"{sheet.filename}\n".encode(errors="replace") + sheet.data)
    draft.replace(path)
    for old in sorted(folder.glob(f"{member.id}-*"), key=_written_at, reverse=True)[MOST:]:
        old.unlink(missing_ok=True)


def one(member: Member, key: str) -> KeptSheet | None:
    """What this member sent less than a day ago."""
    path = _path(member, key)
    if not KEY.fullmatch(key) or not path.is_file() or _is_over(path, now()):
        return None
    filename, _, data = path.read_bytes().partition(b"\n")
    return KeptSheet(key, filename.decode(), data)


def forget_old(at: datetime) -> None:
    for path in _folder().glob("*"):
        if _is_over(path, at):
            path.unlink(missing_ok=True)


def _is_over(path: Path, at: datetime) -> bool:
    return _written_at(path) <= (at - LIFE).timestamp()


def _written_at(path: Path) -> float:
    return path.stat().st_mtime


def _path(member: Member, key: str) -> Path:
    return _folder() / f"{member.id}-{key}.sheet"


def _folder() -> Path:
    folder: Path = current_app.config["DATA_DIR"] / "uploads" / "imports"
    return folder
