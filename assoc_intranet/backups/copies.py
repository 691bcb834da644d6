"""The copies in `DATA_DIR/backups/`: their names, which of them are kept, and when the next one is due."""

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from assoc_intranet.core.clock import local, moment

NIGHTLY, BY_HAND, BEFORE = "nightly", "manual", "before"
HOUR = time(3)
DAILY = timedelta(days=7)
# What a member has erased is gone from the copies, too, after this time: it is promised on the page about privacy.
LONGEST = timedelta(days=35)
# Of those by hand, and of those before an upgrade: one that fails at every start makes one at every start.
MOST = 5
STALE = timedelta(hours=26)
# How far ahead of the clock a date may be; beyond, the clock was wrong then, or is now.
LITTLE = timedelta(minutes=5)
STAMP = "%Y%m%dT%H%M%SZ"
NAME = re.compile(rf"({NIGHTLY}|{BY_HAND}|{BEFORE})-(?:[0-9a-z_]+-)?(\d{{8}}T\d{{6}}Z)\.zip")
DRAFTS = ".*.part"


@dataclass(frozen=True)
class Copy:
    path: Path
    kind: str
    made_at: datetime
    size: int


def name_of(kind: str, at: datetime, note: str = "") -> str:
    """`nightly-20261128T020000Z.zip`; `before-0001-….zip` says which version of the tables it holds."""
    return f"{'-'.join(filter(None, (kind, note)))}-{at.astimezone(UTC):{STAMP}}.zip"


def found_in(folder: Path) -> list[Copy]:
    """All copies, the newest first. A file has its name once it is whole: what has another name is no copy of ours."""
    named = ((path, NAME.fullmatch(path.name)) for path in folder.glob("*.zip"))
    copies = []
    for path, match in named:
        if match:
            with suppress(FileNotFoundError):  # Forgotten while we look.
                copies.append(Copy(path, match[1], _instant(match[2]), path.stat().st_size))
    return sorted(copies, key=lambda copy: copy.made_at, reverse=True)


def past(copies: Iterable[Copy], at: datetime) -> list[Copy]:
    """Without those that are dated in the future: how old they are is not known."""
    return [copy for copy in copies if copy.made_at <= at + LITTLE]


def _instant(stamp: str) -> datetime:
    return datetime.strptime(stamp, STAMP).replace(tzinfo=UTC)


def is_due(copies: Iterable[Copy], at: datetime, zone: str) -> bool:
    """Whether no nightly copy was made since it was last three o'clock: a server that slept then makes it later."""
    newest = max((copy.made_at for copy in past(copies, at) if copy.kind == NIGHTLY), default=None)
    return newest is None or newest < _last_night(at, zone)


def to_forget(copies: Iterable[Copy], at: datetime, zone: str) -> list[Copy]:
    """What goes: of the nights, all but the last of each of seven days and each week before; else the sixth.

    Nothing older than 35 days stays, whatever it is, except the newest of all: the only one there is. Those of the
    future neither go nor count: where it is today's clock that is wrong, they are all there is.
    """
    newest_first = sorted(past(copies, at), key=lambda copy: copy.made_at, reverse=True)
    kept: set[object] = set()
    gone = []
    for number, copy in enumerate(newest_first):
        age = at - copy.made_at
        period = _period(copy, age, zone, newer=sum(other.kind == copy.kind for other in newest_first[:number]))
        if number and (age > LONGEST or period is None or period in kept):
            gone.append(copy)
        else:
            kept.add(period)
    return gone


def _period(copy: Copy, age: timedelta, zone: str, newer: int) -> object:
    """Of which only the newest stays; None where it does not."""
    if copy.kind != NIGHTLY:
        return copy.path if newer < MOST else None
    day = local(copy.made_at, zone).date()
    return day if age <= DAILY else day.isocalendar()[:2]


def _last_night(at: datetime, zone: str) -> datetime:
    day: date = local(at, zone).date()
    tonight = moment(day, HOUR, zone)
    return tonight if tonight <= at else moment(day - timedelta(days=1), HOUR, zone)
