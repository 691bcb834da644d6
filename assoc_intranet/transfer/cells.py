"""What a spreadsheet is made of, whatever file it came from: rows of tidy cells, and one way to refuse."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from typing import TypeAlias

from assoc_intranet.core.errors import RuleBroken

MAX_COLUMNS = 100  # what is further to the right is left alone
LAST_ROW = 1_048_576  # of any spreadsheet program
LONGEST_QUOTE = 60  # of a cell's content inside a sentence

Cell: TypeAlias = str | datetime | date | time
"""Numbers and booleans are text here; only a cell that the spreadsheet itself calls a date is one."""


@dataclass(frozen=True)
class Row:
    """`number` is the one the spreadsheet shows, from 1; rows without content are left out."""

    number: int
    cells: tuple[Cell, ...]

    def cell(self, column: int | None) -> Cell:
        return self.cells[column] if column is not None and 0 <= column < len(self.cells) else ""


@dataclass(frozen=True)
class Sheet:
    """One sheet of a file, read when asked: `rows(n)` gives its first n rows. A text file is one sheet."""

    name: str
    rows: Callable[[int], list[Row]]
    is_text: bool = False


class SheetError(RuleBroken):
    """The whole file is refused: `str()` is the sentence, `row` and `column` the place where there is one."""

    def __init__(self, sentence: str, row: int | None = None, column: str = ""):
        super().__init__(sentence, field="file")
        self.row = row
        self.column = column


def column_letter(index: int) -> str:
    """0 is A, 25 is Z, 26 is AA: how spreadsheets name a column without a label."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def tidy(text: str) -> str:
    r"""Line breaks become `\n`; control characters go, and so does the `'` that stops a formula."""
    text = _CONTROLS.sub("", _LINE_BREAKS.sub("\n", text)).strip()
    return text[1:] if _GUARDED.match(text) else text


# Vertical tab and U+2028/2029 are how word processors break a line inside a cell.
_LINE_BREAKS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff]")
_GUARDED = re.compile(r"'[=+\-@]")


@lru_cache(maxsize=8192)
def plain(text: str) -> str:
    """Text as it is compared: no case, accents, remarks in brackets, invisible marks or odd spaces."""
    text = unicodedata.normalize("NFKC", text.replace("’", "'")).casefold()
    text = unicodedata.normalize("NFD", text)
    text = "".join(char for char in text if unicodedata.category(char) not in ("Mn", "Cf"))
    return " ".join(re.sub(r"\([^()]*\)", " ", text).split())
