"""Which column of a planning sheet is what: its label says, or what its cells hold where labels do not."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time
from functools import cached_property

from assoc_intranet.networks.kinds import find_kind
from assoc_intranet.transfer.cells import Cell, Row, column_letter, plain
from assoc_intranet.transfer.dates import NotADate, read_day
from assoc_intranet.transfer.hours import hour_in

from .planning_networks import read_networks
from .planning_words import DOUBTFUL, KEYWORDS, LABELS, MARKS, NOT_MARKED, OTHERS

HEADER_DEPTH = 30  # rows with content among which the header is looked for
SAMPLE = 60  # rows whose cells are looked at to see what a column holds

FIELDS = ("date", "time", "networks", "link", "text", "title")


@dataclass(frozen=True)
class Layout:
    """Where things are. `header` is None for a sheet that starts with its first post."""

    header: Row | None
    columns: list[str]
    mapping: dict[str, int]
    network_columns: dict[int, str]
    above: list[Row]
    data: list[Row]

    def label(self, field: str) -> str:
        return self.columns[self.mapping[field]] if field in self.mapping else ""

    @property
    def starts_with_labels(self) -> bool:
        """Nothing that we know as a label, yet no date where the dates are: 'Moment', 'Blabla', 'Truc'."""
        first = self.data[0].cells
        words = all(isinstance(cell, str) and re.fullmatch(r"[^\d/]{1,40}", cell) for cell in first)
        return "date" in self.mapping and len(self.data) > 1 and words

    @property
    def likeness(self) -> tuple[bool, int]:
        """How much this looks like a calendar, to choose among sheets."""
        return bool(self.data) and {"date", "text"} <= self.mapping.keys(), len(self.mapping)


def lay_out(rows: list[Row], mapping: dict[str, int] | None = None) -> Layout:
    """`mapping`, when given, is the whole truth: what it leaves out has no column."""
    scores = [_header_score(row) for row in rows[:HEADER_DEPTH]]
    if scores[0] or max(scores) > 1:
        return _lay_out(rows, scores.index(max(scores)), mapping, _by_label)
    layout = _lay_out(rows, None, mapping, _by_content)
    return _lay_out(rows, 0, mapping, _by_content) if layout.starts_with_labels else layout


def _lay_out(
    rows: list[Row],
    header_at: int | None,
    told: dict[str, int] | None,
    find: Callable[[list["Column"]], dict[str, int]],
) -> Layout:
    header = None if header_at is None else rows[header_at]
    labels, data = _labels(header, rows if header_at is None else rows[header_at + 1 :])
    columns = [Column(index, label, data[:SAMPLE]) for index, label in enumerate(labels)]
    mapping = find(columns) if told is None else told
    mapping = {field: index for field, index in mapping.items() if field in FIELDS and 0 <= index < len(labels)}
    marked = [column for column in columns if column.index not in mapping.values() and column.is_marked]
    return Layout(
        header=header,
        columns=[label or column_letter(index) for index, label in enumerate(labels)],
        mapping=mapping,
        network_columns={column.index: column.network for column in marked if column.network},
        above=rows[:header_at] if header_at else [],
        data=data,
    )


def _labels(header: Row | None, data: list[Row]) -> tuple[list[str], list[Row]]:
    """A label for each column, and the rows below. A second line of labels may name the networks."""
    labels = [" ".join(str(cell).split()) for cell in header.cells] if header else []
    labels += [""] * (max((len(row.cells) for row in data), default=0) - len(labels))
    names = {index: str(cell) for index, cell in enumerate(data[0].cells) if cell != ""} if header and data else {}
    if len(names) > 1 and all(map(find_kind, names.values())):
        return [names.get(index, label) for index, label in enumerate(labels)], data[1:]
    return labels, data


def _header_score(row: Row) -> int:
    """How many different fields the labels name. Data has none; a field alone must be named exactly."""
    if any(not isinstance(cell, str) or _LIKE_DATA.search(plain(cell)) for cell in row.cells):
        return 0
    meanings = [meaning for cell in row.cells if (meaning := _meaning(_words(str(cell))))]
    fields = {min(meaning, key=meaning.__getitem__) for meaning in meanings}
    exact = any(rank < _KEYWORD_RANK for meaning in meanings for rank in meaning.values())
    return len(fields) if exact or len(fields) > 1 else 0


_LIKE_DATA = re.compile(r"\d\s?[/.:h-]\s?\d|://")
_KEYWORD_RANK = 1000


def _words(label: str) -> str:
    """`scheduledAt`, `Réseau(x)` and `date_publication` are words too."""
    return " ".join(re.findall(r"[a-z0-9]+", plain(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", label))))


def _meaning(words: str) -> dict[str, int]:
    """The fields a label may name, each with its rank: the lower the surer."""
    exact = {field: names.index(words) for field, names in LABELS.items() if words in names}
    tokens = set(words.split())
    if exact or tokens & OTHERS or len(tokens) > _LONGEST_LABEL:
        return exact
    return next(({field: _KEYWORD_RANK} for field in FIELDS if tokens & KEYWORDS[field]), {})


_LONGEST_LABEL = 8  # words; beyond, it is a sentence


def _by_label(columns: list["Column"]) -> dict[str, int]:
    """A label that lies (dates expected, other things found) gives way to one that does not."""
    mapping: dict[str, int] = {}
    for field in FIELDS:
        free = [column for column in columns if column.index not in mapping.values() and column.may_be(field)]
        if free:
            best = min(free, key=lambda column: (field not in column.holds, column.meaning[field]))
            mapping[field] = best.index
    free = [column for column in columns if column.index not in mapping.values() and column.is_free]
    return _found(free, ("date",), mapping)


def _by_content(columns: list["Column"]) -> dict[str, int]:
    return _found(columns, ("date", "time", "networks", "link"), {})


def _found(free: list["Column"], fields: tuple[str, ...], mapping: dict[str, int]) -> dict[str, int]:
    """What no label names is the first column that holds it; the text is what is long."""
    for field in fields:
        column = next((column for column in free if field in column.holds), None)
        if column and field not in mapping:
            mapping |= {field: column.index}
            free = [other for other in free if other is not column]
    texts = [column for column in free if "text" in column.holds]
    if texts and "text" not in mapping:
        mapping |= {"text": max(texts, key=lambda column: column.average_length).index}
    return mapping


class Column:
    """One column, its label and a sample of what it holds."""

    def __init__(self, index: int, label: str, sample: list[Row]):
        self.index = index
        self.words = _words(label)
        self.meaning = _meaning(self.words)
        self.network = find_kind(label) if label else None
        self.cells = [cell for row in sample if (cell := row.cell(index)) != ""]

    @cached_property
    def holds(self) -> set[str]:
        """The fields that at least half of its cells could be."""
        return {field for field, test in _TESTS.items() if self._mostly(test)}

    def _mostly(self, test: Callable[[Cell], bool]) -> bool:
        return 2 * sum(map(test, self.cells)) >= len(self.cells) > 0

    def may_be(self, field: str) -> bool:
        return field in self.meaning and (field in self.holds or self.words not in DOUBTFUL)

    @property
    def is_marked(self) -> bool:
        """A column for one network, with a cross where a post goes there."""
        return not self.cells or self._mostly(lambda cell: plain(str(cell)) in MARKS | NOT_MARKED)

    @property
    def is_free(self) -> bool:
        """Nothing says that it is about something else."""
        return not self.network and not set(self.words.split()) & OTHERS

    @property
    def average_length(self) -> float:
        return sum(len(str(cell)) for cell in self.cells) / len(self.cells) if self.cells else 0


def _is_day(cell: Cell) -> bool:
    return isinstance(cell, date) or (
        isinstance(cell, str) and any(_reads_as_day(cell, order) for order in (True, False))
    )


def _reads_as_day(text: str, day_first: bool) -> bool:
    try:
        return bool(read_day(text, day_first=day_first))
    except NotADate:
        return False


def _is_hour(cell: Cell) -> bool:
    return isinstance(cell, time) or (isinstance(cell, str) and hour_in(plain(cell)) is not None)


def _is_network(cell: Cell) -> bool:
    return isinstance(cell, str) and bool(read_networks(cell)[0])


def _is_link(cell: Cell) -> bool:
    return isinstance(cell, str) and re.match(r"(?:https?://|www\.)\S+$", cell) is not None


_TESTS: dict[str, Callable[[Cell], bool]] = {
    "date": _is_day,
    "time": _is_hour,
    "networks": _is_network,
    "link": _is_link,
    "text": lambda cell: not _is_day(cell),
    "title": lambda cell: not _is_day(cell),
}
