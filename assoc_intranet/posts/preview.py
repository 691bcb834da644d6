"""What a person looks at before an import: the rows with what becomes of them, and what is wrong, row by row."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from assoc_intranet.networks.kinds import KINDS
from assoc_intranet.transfer.cells import column_letter

from .importing import Counts, Outcome, counts
from .planning_rows import RowError
from .planning_sheet import Plan

SHOWN = 200


@dataclass(frozen=True)
class Line:
    """A row of the sheet: what becomes of it (None where it cannot be read at all), and what is wrong with it."""

    number: int
    outcome: Outcome | None
    errors: Sequence[RowError]


@dataclass(frozen=True)
class Preview:
    plan: Plan
    outcomes: Sequence[Outcome]

    @cached_property
    def lines(self) -> list[Line]:
        errors: dict[int, list[RowError]] = defaultdict(list)
        for error in self.plan.errors:
            errors[error.row].append(error)
        by_row = {outcome.row.row: outcome for outcome in self.outcomes}
        return [Line(row, by_row.get(row), errors.get(row, ())) for row in sorted(by_row.keys() | errors.keys())]

    @cached_property
    def faulty(self) -> list[Line]:
        return [line for line in self.lines if line.errors]

    @property
    def shown(self) -> list[Line]:
        """The first rows, and those that somebody must look at wherever they are."""
        numbers = {line.number for line in (*self.lines[:SHOWN], *self.faulty[:SHOWN])}
        return [line for line in self.lines if line.number in numbers]

    @property
    def columns(self) -> list[str]:
        """The columns to choose from: `A · Date`, or the letter alone where there is no label."""
        letters = (column_letter(index) for index in range(len(self.plan.columns)))
        labels = zip(letters, self.plan.columns, strict=True)
        return [letter if letter == label else f"{letter} · {label}" for letter, label in labels]

    @property
    def marked_networks(self) -> list[str]:
        """The networks that have a column of their own, where a cross stands for a post."""
        return [str(KINDS[network].name) for network in self.plan.network_columns.values()]

    @property
    def counts(self) -> Counts:
        return counts(self.outcomes)

    @property
    def example(self) -> tuple[date, date] | None:
        """A day that could be another, first as it was read: 5 December, or 12 May."""
        days = [outcome.row.planned.date() for outcome in self.outcomes if outcome.row.planned]
        return next(((day, day.replace(day=day.month, month=day.day)) for day in days if _has_two_readings(day)), None)


def _has_two_readings(day: date) -> bool:
    return day.day <= 12 and day.day != day.month
