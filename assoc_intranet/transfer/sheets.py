"""A file somebody sends becomes sheets of rows, or one clear sentence that says why not."""

from functools import partial
from pathlib import PurePath

from flask_babel import gettext as _

from . import excel_tables, text_tables
from .cells import Cell, Row, Sheet, SheetError, column_letter

__all__ = ["Cell", "Row", "Sheet", "SheetError", "column_letter", "open_sheets"]

MAX_BYTES = 10_000_000
EXCEL = {".xlsx", ".xlsm"}
OTHER_PROGRAMS = {".xls", ".xlsb", ".ods", ".fods", ".numbers", ".pdf", ".zip", ".doc", ".docx", ".odt"}
OLD_OFFICE = b"\xd0\xcf\x11\xe0"


def open_sheets(data: bytes, filename: str) -> list[Sheet]:
    """At least one sheet, read when asked. Every file that cannot be read raises SheetError, here or then."""
    if not data.strip():
        raise SheetError(_("This file is empty."))
    if len(data) > MAX_BYTES:
        raise SheetError(_("This file is too large: 10 MB at most."))
    suffix = PurePath(filename).suffix.lower()
    if suffix in OTHER_PROGRAMS or data.startswith(OLD_OFFICE):
        raise excel_tables.not_this_kind()
    if data.startswith(b"PK\x03\x04"):
        return excel_tables.open_sheets(data)
    if suffix in EXCEL:
        raise excel_tables.damaged()
    text = text_tables.decode(data)
    if not text.strip():
        raise SheetError(_("This file is empty."))
    return [Sheet(PurePath(filename).stem, partial(text_tables.read_rows, text), is_text=True)]
