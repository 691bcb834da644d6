"""Workbooks made for a test: by openpyxl as most programs write them, or by hand where it would not."""

import io
import zipfile
from datetime import datetime
from typing import Any

from openpyxl import Workbook

NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def book(*rows: list[Any], sheet: str = "Planning") -> Workbook:
    made = Workbook()
    made.active.title = sheet
    add_rows(made.active, rows)
    return made


def add_rows(sheet: Any, rows: Any) -> None:
    """A row is written at its place, an empty one too."""
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            sheet.cell(number, column, value)


def saved(made: Workbook) -> bytes:
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def with_parts(data: bytes, parts: dict[str, str]) -> bytes:
    """The same package with some parts replaced or added."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name in {*source.namelist(), *parts}:
            package.writestr(name, parts[name] if name in parts else source.read(name))
    return target.getvalue()


def with_grid(xml: str, data: bytes | None = None) -> bytes:
    """A workbook whose only sheet holds this XML inside `sheetData` and after it."""
    sheet = f'<worksheet xmlns="{NAMESPACE}">{xml}</worksheet>'
    return with_parts(data or saved(book()), {"xl/worksheets/sheet1.xml": sheet})


def with_strings(xml: str, grid: str) -> bytes:
    """The same with texts shared between cells, as Excel keeps them."""
    data = with_grid(grid)
    relation = (
        '<Relationship Id="rId99" Target="/xl/sharedStrings.xml" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"/></Relationships>'
    )
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        relations = package.read("xl/_rels/workbook.xml.rels").decode().replace("</Relationships>", relation)
    strings = f'<sst xmlns="{NAMESPACE}">{xml}</sst>'
    return with_parts(data, {"xl/_rels/workbook.xml.rels": relations, "xl/sharedStrings.xml": strings})


def at(text: str) -> datetime:
    """A wall time, as cells hold it."""
    return datetime.fromisoformat(text)
