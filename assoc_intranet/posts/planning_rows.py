"""What each row of a planning sheet says: its moment, its networks, its text; and what is wrong with it."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from flask_babel import gettext as _

from assoc_intranet.transfer.cells import LONGEST_QUOTE, Cell, Row, column_letter, plain
from assoc_intranet.transfer.dates import NotADate, checked, read_day
from assoc_intranet.transfer.hours import NotATime, read_hour

from .models import LONGEST_TEXT
from .planning_columns import Layout
from .planning_networks import read_networks
from .planning_words import BROKEN_FORMULAS, DASHES, NO_ANSWER, NOT_MARKED

TITLE_LENGTH = 80
USUAL_HOUR = time(9)  # of a post whose row has a date and no hour
LONGEST_NO_ANSWER = 20


@dataclass(frozen=True)
class PlannedRow:
    """A post to be. `row` counts from the header, which is 1; without a header, from the sheet's first row.
    `planned` is wall time; None is the tray.
    """

    row: int
    planned: datetime | None
    networks: list[str]
    text: str
    title: str
    link: str


@dataclass(frozen=True)
class RowError:
    row: int
    column: str
    message: str


class Reading:
    """One passage over the rows, gathering what is wrong on the way."""

    def __init__(self, layout: Layout, is_text: bool, day_first: bool, year: int | None, zone: tzinfo | None):
        self.layout = layout
        self.is_text = is_text
        self.day_first = day_first
        self.year = year
        self.zone = zone
        self.errors: list[RowError] = []

    def rows(self) -> list[PlannedRow]:
        return [planned for row in self.layout.data if (planned := self._planned_row(row))]

    def _planned_row(self, row: Row) -> PlannedRow | None:
        title, link = self._answer(row, "title"), self._answer(row, "link")
        text = written(self._cell(row, "text"))
        text = title if text in DASHES else text
        if not self._is_post(row, text or link):
            return None
        if len(text) > LONGEST_TEXT:
            self._refuse(row, "text", _("At most 100,000 characters."))
            return None
        self._check_width(row)
        return PlannedRow(
            row=self._number(row),
            planned=self._moment(row),
            networks=self._networks(row),
            text=with_link(text, link),
            title=title_of(title or text or link),
            link=link,
        )

    def _is_post(self, row: Row, content: str) -> bool:
        """A header said again, a note below the table or a date that waits for its text are no posts."""
        if self.layout.header and row.cells == self.layout.header.cells:
            return False
        if content in BROKEN_FORMULAS:
            self._refuse(row, "text", _("“%(value)s” is an error of the spreadsheet, not a text.", value=content))
            return False
        if not content and self._answer(row, "date") and self._answer(row, "networks"):
            self._refuse(row, "text", _("This row has no text."))
        return bool(content)

    def _check_width(self, row: Row) -> None:
        """In a text file, cells beyond the header are the rest of a text cut by its own separator."""
        header = self.layout.header
        if self.is_text and header and any(row.cells[len(header.cells) :]):
            column = column_letter(len(header.cells))
            sentence = _("More cells than in the header: a text with a separator in it needs quotation marks.")
            self.errors.append(RowError(self._number(row), column, sentence))

    def _moment(self, row: Row) -> datetime | None:
        if not self._answer(row, "date"):
            return None
        try:
            day, hour = self._day(self._cell(row, "date"))
        except NotADate as error:
            self._refuse(row, "date", str(error))
            return None
        try:
            hour = _hour(self._cell(row, "time")) if self._answer(row, "time") else hour
        except NotATime as error:
            self._refuse(row, "time", str(error))
            return None
        return datetime.combine(day, USUAL_HOUR if hour is None else hour)

    def _day(self, cell: Cell) -> tuple[date, time | None]:
        match cell:
            case datetime():
                cell = _to_the_minute(cell)
                return checked(cell.date()), cell.time()
            case date():
                return checked(cell), None
            case time():
                return read_day(str(cell))
            case str():
                day, hour = read_day(cell, day_first=self.day_first, year=self.year, zone=self.zone)
                return day, hour and hour.replace(second=0, microsecond=0)

    def _networks(self, row: Row) -> list[str]:
        known, unknown = read_networks(self._answer(row, "networks"))
        for name in unknown:
            sentence = _("“%(name)s” is not a network this calendar knows.", name=name[:LONGEST_QUOTE])
            self._refuse(row, "networks", sentence)
        marked = [
            network
            for column, network in self.layout.network_columns.items()
            if plain(str(row.cell(column))) not in NOT_MARKED
        ]
        return list(dict.fromkeys((*known, *marked)))

    def _cell(self, row: Row, name: str) -> Cell:
        return row.cell(self.layout.mapping.get(name))

    def _answer(self, row: Row, name: str) -> str:
        cell = written(self._cell(row, name))
        return "" if len(cell) < LONGEST_NO_ANSWER and plain(cell) in NO_ANSWER else cell

    def _number(self, row: Row) -> int:
        return row.number - (self.layout.header.number - 1 if self.layout.header else 0)

    def _refuse(self, row: Row, name: str, sentence: str) -> None:
        self.errors.append(RowError(self._number(row), self.layout.label(name), sentence))


def _hour(cell: Cell) -> time:
    match cell:
        case datetime():
            return _to_the_minute(cell).time()
        case time():
            return _to_the_minute(datetime.combine(date(2000, 1, 1), cell)).time()
        case _:
            return read_hour(str(cell))


def _to_the_minute(moment: datetime) -> datetime:
    """18:30 is a fraction of a day in a spreadsheet, which may come back as 18:29:59.999."""
    return (moment + timedelta(milliseconds=500)).replace(second=0, microsecond=0)


def written(cell: Cell) -> str:
    return f"{cell:%d/%m/%Y}" if isinstance(cell, date) else str(cell)


def with_link(text: str, link: str) -> str:
    """The link goes on its own last line unless the text has it, and not only as the start of another."""
    stem = link.rstrip("/")
    found = re.finditer(re.escape(stem) + r"(\S*)", text) if stem in text else ()
    if not link or any(not rest[1].strip("/.,;:!?…)]»”’\"'") for rest in found):
        return text
    return f"{text}\n{link}".lstrip("\n")


def title_of(text: str) -> str:
    """The first line, cut between two words where it is too long."""
    line = text.split("\n", 1)[0].strip()
    if len(line) <= TITLE_LENGTH:
        return line
    end = line.rfind(" ", TITLE_LENGTH // 2, TITLE_LENGTH)
    return line[: end if end > 0 else TITLE_LENGTH - 1].rstrip(" ,;:–—-") + "…"
