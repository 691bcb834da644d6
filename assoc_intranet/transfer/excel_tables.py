"""Rows out of an .xlsx file. Our own reading: openpyxl took 1.9 GB and 50 s over 27 kB made to hurt."""

import io
import re
import zipfile
from datetime import date, datetime
from functools import lru_cache, partial

from flask_babel import gettext as _

from .cells import LAST_ROW, MAX_COLUMNS, Cell, Row, Sheet, SheetError, column_letter, tidy
from .excel_numbers import Styles, number
from .excel_parts import Contents, Enough, Part, Relations, Strings, too_large

MAX_MERGES = 5_000
LONGEST_MERGE = 500  # rows


def not_this_kind() -> SheetError:
    return SheetError(
        _(
            "This kind of file cannot be read, nor one with a password. "
            "Open it in your spreadsheet program and save it as .xlsx or CSV."
        )
    )


def damaged(row: int = 0, column: str = "") -> SheetError:
    if not row:
        return SheetError(_("This .xlsx file is damaged. Open it, save it again and retry."))
    place = {"row": row, "column": column}
    sentence = _("This .xlsx file is damaged at row %(row)s, column %(column)s. Save it again and retry.", **place)
    return SheetError(sentence, row, column)


def open_sheets(data: bytes) -> list[Sheet]:
    """The visible sheets, in order."""
    try:
        book = _Book(zipfile.ZipFile(io.BytesIO(data)))
        return [Sheet(name, partial(_read_rows, book, path)) for name, path in book.sheets()]
    except SheetError:
        raise
    except Exception as error:  # zip, XML and what they should say: a broken file breaks anywhere
        raise damaged() from error


class _Book:
    """The package, and the parts that all its sheets need."""

    def __init__(self, archive: zipfile.ZipFile):
        self.archive = archive
        main = Relations(archive, "").first("officeDocument") if "_rels/.rels" in archive.namelist() else None
        if main is None or not main.startswith("xl/") or not main.endswith(".xml"):
            raise not_this_kind()
        self.contents = Contents(archive, main)
        self.relations = Relations(archive, main)
        self.strings = Strings(archive, self.relations.first("sharedStrings")).all
        self.styles = Styles(archive, self.relations.first("styles")).letters

    def sheets(self) -> list[tuple[str, str]]:
        """Name and path of each sheet of cells that one can see, or of all when none is to be seen."""
        listed = [(sheet, *self.relations.by_id[sheet.relation]) for sheet in self.contents.sheets]
        cells = [(sheet, path) for sheet, kind, path in listed if kind == "worksheet"]
        shown = [(sheet, path) for sheet, path in cells if sheet.is_visible]
        return [(sheet.name, path) for sheet, path in shown or cells]


def _read_rows(book: _Book, path: str, at_most: int) -> list[Row]:
    grid = _Grid(book, at_most)
    try:
        grid.read(book.archive, path)
    except SheetError:
        raise
    except Exception as error:  # as in open_sheets
        raise damaged(grid.row, column_letter(max(grid.column, 0))) from error
    return grid.rows()


class _Grid(Part):
    """The cells of one sheet that hold something, and what is merged downwards."""

    def __init__(self, book: _Book, at_most: int):
        self.book = book
        self.at_most = at_most
        self.row = 0
        self.column = 0
        self._cells: dict[int, dict[int, Cell]] = {}
        self._merges: list[tuple[int, int, int]] = []

    def rows(self) -> list[Row]:
        """A date merged over three rows is the date of all three that hold something of their own."""
        for column, first, last in self._merges:
            value = self._cells.get(first, {}).get(column)
            for row in range(first + 1, last + 1):
                if value is not None and row in self._cells:
                    self._cells[row].setdefault(column, value)
        return [
            Row(number, tuple(cells.get(column, "") for column in range(max(cells) + 1)))
            for number, cells in self._cells.items()
        ]

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            self.column = _column(attributes["r"]) if "r" in attributes else self.column + 1
            self._kind, self._style = attributes.get("t", "n"), int(attributes.get("s", 0))
            self._value, self._formula = "", ""
            self._pieces: list[str] = []
        elif name == "row":
            self.row = int(attributes.get("r", self.row + 1))
            self.column = -1
            if not 0 < self.row <= LAST_ROW:
                raise too_large()
        elif name == "mergeCell":
            self._merge(attributes["ref"])

    def end(self, name: str, text: str) -> None:
        if name == "v":
            self._value = text
        elif name == "t":
            self._pieces.append(text)
        elif name == "rPh":
            self._pieces.pop()
        elif name == "f":
            self._formula = text
        elif name == "c" and 0 <= self.column < MAX_COLUMNS and (cell := self._cell()) != "":
            self._cells.setdefault(self.row, {})[self.column] = cell
        elif name == "row" and len(self._cells) >= self.at_most:
            raise Enough

    def _cell(self) -> Cell:
        """A formula whose result was never saved counts as the text that was typed: better than losing it."""
        raw = self._value or "".join(self._pieces) or (self._formula and f"={self._formula}")
        if not self._value and self._formula:
            return tidy(raw)
        match self._kind:
            case "n" if raw:
                letters = self.book.styles[self._style] if self._style else ""
                return number(raw, letters, self.book.contents.starts_in_1904)
            case "s":
                return tidy(_unescaped(self.book.strings[int(raw)]))
            case "b":
                return "TRUE" if raw == "1" else "FALSE"
            case "d":
                return _iso(raw)
            case _:
                return tidy(_unescaped(raw))

    def _merge(self, ref: str) -> None:
        found = _DOWNWARDS.fullmatch(ref)
        if found and len(self._merges) < MAX_MERGES:
            first, last = int(found[2]), int(found[3])
            self._merges.append((_column(found[1]), first, min(last, first + LONGEST_MERGE)))


_DOWNWARDS = re.compile(r"([A-Z]{1,3})(\d{1,7}):\1(\d{1,7})")


@lru_cache(maxsize=8192)
def _column(reference: str) -> int:
    index = 0
    for letter in reference.rstrip("0123456789"):
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1


def _unescaped(text: str) -> str:
    """`_x000D_` is how the format writes a character that XML may not hold."""
    return re.sub("_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), text)


def _iso(raw: str) -> Cell:
    return (
        date.fromisoformat(raw) if len(raw) <= len("2026-11-28") else datetime.fromisoformat(raw).replace(tzinfo=None)
    )
