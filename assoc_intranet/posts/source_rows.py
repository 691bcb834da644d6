"""Which row of a sheet is which row of the last time: by what it says, else by where it stands. Pure arithmetic.

A row stays who it is when others are put in, taken out or sorted around it, and when its own cells are corrected.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from pathlib import PurePath
from typing import NamedTuple

from .planning_rows import PlannedRow

_DIGITS = 16
# What browsers and file managers add to the name of a copy. One digit: "planning (2026)" is another year.
_COPY = re.compile(r"^(copie de|copy of) |( ?\(\d\))+$|[ -]+(copie|copy)( ?\(\d\))?$")


class Mark(NamedTuple):
    """What is remembered of a row: where it stood, its moment, and digests of its text and of all it said.

    A row that went from the sheet has a negative place, where no other will ever stand.
    """

    row: int
    moment: str
    text: str
    all: str

    @classmethod
    def of(cls, row: PlannedRow) -> "Mark":
        moment = f"{row.planned:%Y%m%d%H%M}" if row.planned else ""
        everything = _digest(moment, *sorted(row.networks), "", row.title, row.text)
        return cls(row.row, moment, _digest(row.text), everything)

    @classmethod
    def read(cls, source: str) -> "Mark":
        _origin, row, *rest = source.split(":")
        return cls(int(row), *rest)

    def source(self, origin: str) -> str:
        """As it is kept with its post, behind the origin of the whole sheet."""
        return ":".join((origin, str(self.row), *self[1:]))


Sign = Callable[[Mark, int], Hashable]

# The surest first. `row` is where the row stood, as far as the rows above it tell, else where it stands.
_SIGNS: tuple[Sign, ...] = (
    lambda mark, _row: mark,
    lambda mark, _row: mark.all,
    lambda mark, row: (row, mark.text),
    lambda mark, _row: mark.text,
    lambda mark, row: (row, mark.moment),
)


def origin_of(filename: str, sheet: str) -> str:
    """Who a sheet is, wherever its file lies: the file's name without what a copy adds, and the sheet's own."""
    path = PurePath(filename.casefold())
    name = _COPY.sub("", path.stem) + path.suffix
    return _digest(name, "" if sheet.casefold() == path.stem else sheet.casefold())


def pair(rows: Iterable[Mark], known: Iterable[Mark]) -> dict[Mark, Mark]:
    """For each row that was there before, the mark it had. No mark is given twice."""
    left, free = sorted(rows), sorted(known)
    pairs: dict[Mark, Mark] = {}
    for sign in _SIGNS:
        _pair_by(sign, left, free, pairs)
    if 2 * sum(mark.all == was.all for mark, was in pairs.items()) >= len(left):
        # Most is as it was: the rest was written over. Where most is new, so is a row that shares only a place.
        _pair_by(lambda _mark, row: row, left, free, pairs)
    return pairs


def _pair_by(sign: Sign, rows: list[Mark], known: list[Mark], pairs: dict[Mark, Mark]) -> None:
    """Add the pairs that share this sign, the first with the first."""
    taken = set(pairs.values())
    waiting: dict[Hashable, list[Mark]] = defaultdict(list)
    for mark in reversed(known):
        if mark not in taken:
            waiting[sign(mark, mark.row)].append(mark)
    moved = 0
    for mark in rows:
        if mark not in pairs:
            found = waiting[sign(mark, max(0, mark.row - moved))] or waiting[sign(mark, mark.row)]
            if not found:
                continue
            pairs[mark] = found.pop()
        if pairs[mark].row > 0:
            moved = mark.row - pairs[mark].row


def _digest(*words: str) -> str:
    return hashlib.sha256("\0".join(words).encode()).hexdigest()[:_DIGITS]
