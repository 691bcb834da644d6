"""A month as weeks of days, Monday first: pure arithmetic."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

FIRST, LAST = date(2000, 1, 1), date(2100, 12, 31)


@dataclass(frozen=True)
class Month:
    """`weeks` are lists of seven days; the first and last may reach into the months beside."""

    first: date

    @classmethod
    def read(cls, words: str | None, otherwise: date) -> "Month":
        """The month written `2026-11`; what cannot be read is the month of `otherwise`."""
        numbers = re.fullmatch(r"(\d{4})-(\d{2})", words or "")
        year, month = (int(numbers[1]), int(numbers[2])) if numbers else (0, 0)
        if not (FIRST.year <= year <= LAST.year and 1 <= month <= 12):
            year, month = otherwise.year, otherwise.month
        return cls(date(year, month, 1))

    def __str__(self) -> str:
        return f"{self.first:%Y-%m}"

    def __contains__(self, day: date) -> bool:
        return (day.year, day.month) == (self.first.year, self.first.month)

    @property
    def last(self) -> date:
        return self.next.first - timedelta(days=1)

    @property
    def next(self) -> "Month":
        return Month((self.first + timedelta(days=31)).replace(day=1))

    @property
    def previous(self) -> "Month":
        return Month((self.first - timedelta(days=1)).replace(day=1))

    @property
    def weeks(self) -> list[list[date]]:
        monday = self.first - timedelta(days=self.first.weekday())
        count = (self.last - monday).days // 7 + 1
        return [[monday + timedelta(days=7 * week + day) for day in range(7)] for week in range(count)]
