"""The networks named in one cell of a planning sheet: `FB + Insta`, `Facebook, LinkedIn et newsletter`."""

import re
from functools import lru_cache

from assoc_intranet.networks.kinds import find_kind
from assoc_intranet.transfer.cells import plain

from .planning_words import NO_ANSWER

_BETWEEN = re.compile(r"[,;/+&|\n•·]|\s[-–—]\s|\s(?:et|and|ou|or|puis)\s", re.IGNORECASE)


@lru_cache(maxsize=2048)
def read_networks(cell: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The known ones by their id, once each and in order; then the others, as they are written."""
    known: dict[str, None] = {}
    unknown: dict[str, None] = {}
    for name in _names(cell):
        kinds = _kinds(name)
        known |= dict.fromkeys(kinds)
        if not kinds:
            unknown[name] = None
    return tuple(known), tuple(unknown)


def _names(cell: str) -> list[str]:
    """The whole cell may be one name (`X / Twitter`); a remark in brackets may hold a separator."""
    if find_kind(cell):
        return [cell]
    bare = re.sub(r"\([^()]*\)", " ", cell).strip() or cell
    names = (name.strip(" \t#@.:\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}") for name in _BETWEEN.split(bare))
    return [name for name in names if plain(name) not in NO_ANSWER]


def _kinds(name: str) -> list[str]:
    """One network, or several with only spaces between them."""
    whole = find_kind(name)
    parts = [find_kind(part) for part in name.split()]
    return [whole] if whole else [part for part in parts if part] if all(parts) else []
