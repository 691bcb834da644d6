"""The lists of `data/`, and the regular expression that finds their longest word at a place."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import regex


def words(name: str) -> list[str]:
    lines = (Path(__file__).parent / "data" / name).read_text("utf-8").splitlines()
    return " ".join(line for line in lines if not line.startswith("#")).split()


def any_of(words: Iterable[str]) -> str:
    """Branching letter by letter: a plain alternation would try each of the words in turn."""
    tree: dict[str, Any] = {}
    for word in words:
        branch = tree
        for letter in word:
            branch = branch.setdefault(letter, {})
        branch[""] = {}
    return _pattern(tree)


def _pattern(tree: dict[str, Any]) -> str:
    leaves = "".join(regex.escape(letter) for letter, branch in tree.items() if letter and list(branch) == [""])
    longer = [regex.escape(letter) + _pattern(b) for letter, b in tree.items() if letter and list(b) != [""]]
    ways = "|".join([*longer, *([f"[{leaves}]"] if leaves else [])])
    return f"(?:{ways}){'?' if '' in tree else ''}"
