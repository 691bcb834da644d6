"""What a number in an .xlsx cell is: the format of its cell tells a date from a quantity."""

import re
import zipfile
from datetime import date, datetime, time, timedelta

from .cells import Cell
from .excel_parts import Part

# Formats that every file may use without declaring them (ECMA-376, 18.8.30), reduced to what they show.
KNOWN_FORMATS = (
    dict.fromkeys((*range(14, 18), *range(27, 32), 36, *range(50, 59)), "d")
    | dict.fromkeys((18, 19, 20, 21, 32, 33, 34, 35, 45, 46, 47), "h")
    | {22: "d h"}
)
EPOCHS = {
    False: datetime.combine(date(1899, 12, 30), time()),
    True: datetime.combine(date(1904, 1, 1), time()),
}


class Styles(Part):
    """For each cell style, what of its number format speaks of dates and hours: `dmy`, `hm`, nothing."""

    def __init__(self, archive: zipfile.ZipFile, name: str | None):
        self.letters: list[str] = []
        self._formats = dict(KNOWN_FORMATS)
        self._in_cells = False
        if name:
            self.read(archive, name)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "numFmt":
            self._formats[int(attributes["numFmtId"])] = _letters(attributes["formatCode"])
        elif name in ("cellStyleXfs", "cellXfs"):
            self._in_cells = name == "cellXfs"
        elif name == "xf" and self._in_cells:
            self.letters.append(self._formats.get(int(attributes.get("numFmtId", 0)), ""))


def _letters(code: str) -> str:
    """Of `[$-40C]dddd d mmmm yyyy;@`, the part before the first `;` and outside quotes and brackets."""
    bare = re.sub(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^]]*\]', "", code.lower().split(";")[0])
    return "" if bare in ("general", "standard") else "".join(sorted(set(bare) & set("dmyhs")))


def number(raw: str, letters: str, starts_in_1904: bool) -> Cell:
    """Numbers that are no dates stay as they would be typed: 20261128, 18.5."""
    value = float(raw)
    if letters:
        return _moment(value, "h" in letters, starts_in_1904) or raw
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else raw


def _moment(days: float, shows_hours: bool, starts_in_1904: bool) -> Cell | None:
    """A bare date and a date at midnight are the same number: only the format tells which was meant."""
    try:
        moment = EPOCHS[starts_in_1904] + timedelta(milliseconds=round(days * 86_400_000))
    except (OverflowError, ValueError):
        return None
    if 0 <= days < 1:
        return moment.time()
    return moment if shows_hours or moment.time() != time() else moment.date()
