"""Rows out of a .csv or .txt file: its encoding and its separator are found, not asked."""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain, islice

from flask_babel import gettext as _

from .cells import LAST_ROW, MAX_COLUMNS, Row, SheetError, column_letter, tidy

DELIMITERS = ";\t,|"
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read_rows(text: str, at_most: int) -> list[Row]:
    """The first rows that hold something. An empty line counts in numbers, a quoted line break does not."""
    text, delimiter = _delimiter(text)
    found = ((number, cells) for number, cells in _records(text, delimiter) if any(map(str.strip, cells)))
    return [Row(number, tuple(map(tidy, cells[:MAX_COLUMNS]))) for number, cells in islice(found, at_most)]


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """A last line of our own proves that no quote was left open: an open one would swallow it."""
    number, cells = 0, [""]
    lines = chain(io.StringIO(text, newline=""), (_END,))
    try:
        for number, cells in enumerate(csv.reader(lines, delimiter=delimiter), start=1):
            if cells == [_END]:
                return
            if cells and cells[-1].endswith(_END):
                break
            if number > LAST_ROW:
                raise SheetError(_("This file has too many rows for a spreadsheet."), number)
            yield number, cells
    except csv.Error:
        number += 1
        cells = [""]
    column = column_letter(len(cells) - 1)
    sentence = _("Row %(row)s, column %(column)s: a quotation mark opens and never closes.", row=number, column=column)
    raise SheetError(sentence, number, column)


_END = "\x00end\x00"


def _delimiter(text: str) -> tuple[str, str]:
    """The separator that cuts the most rows into the same number of cells; Excel's own `sep=` line wins."""
    hint = re.match(r"\"?sep=([;\t,|])\"?\r?\n?", text, re.IGNORECASE)
    if hint:
        return text[hint.end() :], hint[1]
    sample = text[:65_536]
    return text, max(DELIMITERS, key=lambda delimiter: _consistency(sample, delimiter))


def _consistency(sample: str, delimiter: str) -> tuple[float, int]:
    try:
        rows = [cells for cells in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter) if any(cells)]
    except csv.Error:
        return 0, 0
    widths = Counter(len(cells) for cells in rows)
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]), default=(1, 0))
    return (0, 0) if width == 1 or _is_prose(rows) else (count / len(rows), width)


def _is_prose(rows: list[list[str]]) -> bool:
    """One column of sentences: its label has no separator, and every comma is followed by a space."""
    return len(rows[0]) == 1 and all(cell.startswith(" ") for cells in rows for cell in cells[1:])


def decode(data: bytes) -> str:
    for mark, encoding in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _checked(_wide(data, encoding))
    if 4 * data.count(0) > len(data):
        return _checked(_wide(data, _wide_order(data)))
    return _checked(_narrow(data.removeprefix(codecs.BOM_UTF8)))


def _wide(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        row = data[: error.start].decode(encoding, "ignore").count("\n") + 1
        sentence = _("The file is damaged near line %(row)s. Save it again as .xlsx or CSV.", row=row)
        raise SheetError(sentence, row) from error


def _wide_order(data: bytes) -> str:
    """Western text has its zeros in the high halves: odd places in little-endian, even ones in big-endian."""
    return "utf-16-le" if data[1::2].count(0) >= data[::2].count(0) else "utf-16-be"


def _narrow(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _mostly_utf8(data) or max(_single_byte(data), key=lambda text: len(_FRENCH.findall(text)))


def _mostly_utf8(data: bytes) -> str | None:
    """Two files pasted into one: what is not UTF-8 in a file that mostly is, is Windows-1252."""
    text = data.decode("utf-8", "surrogateescape")
    strangers = len(_UNDECODED.findall(text))
    if sum(char > "\x7f" for char in text) - strangers <= strangers:
        return None
    return _UNDECODED.sub(lambda found: bytes([ord(found[0]) - 0xDC00]).decode("cp1252", "replace"), text)


def _single_byte(data: bytes) -> tuple[str, str]:
    return data.decode("cp1252", "replace"), data.decode("mac_roman")


_FRENCH = re.compile("[éèêëàâçîïôùûœ’«»\xa0…–]")
_UNDECODED = re.compile("[\udc80-\udcff]")


def _checked(text: str) -> str:
    """Pictures, programs and pages decode to something too; they are not spreadsheets."""
    if len(_BINARY.findall(text)) > len(text) / 100 or _MARKUP.match(text):
        raise SheetError(_("This is not a spreadsheet that can be read. Save it as .xlsx or CSV."))
    return text.removeprefix("\ufeff").replace("\0", "")


_BINARY = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
_MARKUP = re.compile(r"\s*(<[!?a-z]|\{\\rtf|%PDF-)", re.IGNORECASE)
