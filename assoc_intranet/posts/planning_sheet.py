"""A planning sheet as it would become posts: what each row says, and what is wrong with it, row by row."""

import re
from dataclasses import dataclass
from datetime import tzinfo

from flask_babel import gettext as _

from assoc_intranet.transfer.dates import order_of
from assoc_intranet.transfer.sheets import Sheet, SheetError, open_sheets

from .planning_columns import HEADER_DEPTH, Layout, lay_out
from .planning_rows import PlannedRow, Reading, RowError

MAX_ROWS = 5_000


@dataclass(frozen=True)
class Plan:
    """`header_row` is the spreadsheet's own number; `columns` are labels, or letters where there is none."""

    sheets: list[str]
    sheet: str
    header_row: int | None
    columns: list[str]
    mapping: dict[str, int]
    network_columns: dict[int, str]
    ambiguous_order: bool
    rows: list[PlannedRow]
    errors: list[RowError]


def read_plan(
    data: bytes,
    filename: str,
    *,
    sheet: str | None = None,
    mapping: dict[str, int] | None = None,
    day_first: bool | None = None,
    zone: tzinfo | None = None,
) -> Plan:
    """Raises SheetError where nothing can be read at all. `day_first` is heard only where the column leaves
    the question open; `zone` is where an hour with an offset (2026-11-28T17:30Z) is told.
    """
    sheets = open_sheets(data, filename)
    chosen = _chosen(sheets, sheet)
    rows = chosen.rows(MAX_ROWS + HEADER_DEPTH + 1)
    if not rows:
        raise SheetError(_("This sheet is empty."))
    layout = lay_out(rows, mapping)
    if len(layout.data) > MAX_ROWS:
        raise SheetError(_("This sheet has more than %(count)s rows. Cut it into several files.", count=MAX_ROWS))
    order = order_of(str(row.cell(layout.mapping.get("date"))) for row in layout.data)
    reading = Reading(layout, chosen.is_text, order.decide(day_first), _year_above(layout, chosen), zone)
    missing = _missing(layout, mapping)
    return Plan(
        sheets=[sheet.name for sheet in sheets],
        sheet=chosen.name,
        header_row=layout.header.number if layout.header else None,
        columns=layout.columns,
        mapping=layout.mapping,
        network_columns=layout.network_columns,
        ambiguous_order=order.is_ambiguous,
        rows=[] if missing else reading.rows(),
        errors=missing or reading.errors,
    )


def _chosen(sheets: list[Sheet], name: str | None) -> Sheet:
    """The one asked for, else the one most like a calendar, else the first."""
    named = [sheet for sheet in sheets if not name or sheet.name == name]
    if not named:
        raise SheetError(_("This file has no sheet named “%(name)s”.", name=name))
    return max(named, key=_likeness) if len(named) > 1 else named[0]


def _likeness(sheet: Sheet) -> tuple[bool, int]:
    rows = sheet.rows(2 * HEADER_DEPTH)
    return lay_out(rows).likeness if rows else (False, 0)


def _missing(layout: Layout, told: dict[str, int] | None) -> list[RowError]:
    """A shopping list is a sheet too: without a text, or a header or dates to go by, somebody has to say."""
    if "text" not in layout.mapping:
        return [RowError(1, "", _("No column looks like the text of the posts. Say which one it is."))]
    if told is None and layout.header is None and "date" not in layout.mapping:
        return [RowError(1, "", _("No header and no dates were found. Say which column is which."))]
    return []


def _year_above(layout: Layout, sheet: Sheet) -> int | None:
    """The one year that title lines or the sheet's name state, for dates typed without: 5 décembre."""
    titles = [] if sheet.is_text else [sheet.name]
    titles += [str(cell) for row in layout.above for cell in row.cells]
    years = {int(year) for title in titles for year in _YEAR_ALONE.findall(title)}
    return years.pop() if len(years) == 1 else None


_YEAR_ALONE = re.compile(r"(?<![\d/.-])20\d\d(?![\d/.-])")
