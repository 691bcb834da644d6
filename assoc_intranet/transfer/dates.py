"""Dates as people type them, in French and English, and the order of day and month in a column."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo

from flask_babel import gettext as _

from .cells import LONGEST_QUOTE, plain
from .hours import hour_in

FIRST_YEAR, LAST_YEAR = 2000, 2100
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "janvier janv jan january",
            "fevrier fevr fev feb february",
            "mars mar march",
            "avril avr apr april",
            "mai may",
            "juin jun june",
            "juillet juil jul july",
            "aout aou aug august",
            "septembre sept sep september",
            "octobre oct october",
            "novembre nov november",
            "decembre dec december",
        ),
        start=1,
    )
    for name in names.split()
}
WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "lundi lun monday mon",
            "mardi mar tuesday tues tue",
            "mercredi mer wednesday wed",
            "jeudi jeu thursday thurs thur thu",
            "vendredi ven friday fri",
            "samedi sam saturday sat",
            "dimanche dim sunday sun",
        )
    )
    for name in names.split()
}


class NotADate(ValueError):
    """`str()` is the sentence to show beside the cell."""


def _any_of(names: Iterable[str]) -> str:
    return "|".join(sorted(names, key=len, reverse=True)) + r")(?![a-z])"


_LEAD = rf"(?:(?:le|the|on)\s)?(?:(?P<weekday>{_any_of(WEEKDAYS)}[\s.,:]*)?(?:(?:le|the)\s)?"
_MONTH = rf"(?P<name>{_any_of(MONTHS)}\.?"
# Two digits before an `h` or a colon are an hour: 5 décembre 18h30 has no year.
_YEAR = r"(?P<year>\d{4}|\d{2}(?!\s?[h:]))(?!\d)"
_YEAR_FIRST = re.compile(_LEAD + r"(?P<year>\d{4})(?P<gap>[-/.])(?P<month>\d{1,2})(?P=gap)(?P<day>\d{1,2})(?!\d)")
_COMPACT = re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})(?!\d)")
_NUMBERS = re.compile(
    _LEAD + rf"(?P<a>\d{{1,2}})\s*(?P<gap>[-/. ])\s*(?P<b>\d{{1,2}})(?:\s*(?P=gap)\s*{_YEAR}|(?![\dh:]))"
)
_DAY_NAMED = re.compile(
    _LEAD + r"(?P<day>\d{1,2})(?:er|eme|e|st|nd|rd|th)?[\s./-]*(?:(?:of|de)\s)?"
    rf"{_MONTH}(?:[\s,./-]*{_YEAR})?"
)
_NAMED_DAY = re.compile(_LEAD + rf"{_MONTH}[\s-]*(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?!\d)(?:[\s,-]+{_YEAR})?")
_BEFORE_HOUR = re.compile(r"^(?:t(?=\d)|[\s,;|@–—-]+)")
_INSTANT = re.compile(r"\d{4}-?\d{2}-?\d{2}(?:t\S+|\s[^-]+)")


@dataclass(frozen=True)
class Order:
    """What a column says of its order: how many cells can only be day first, only month first, or either."""

    day_first: int
    month_first: int
    either: int

    @property
    def is_ambiguous(self) -> bool:
        """Worth asking: some cells read both ways, and the others say nothing or contradict each other."""
        return self.either > 0 and bool(self.day_first) == bool(self.month_first)

    def decide(self, told: bool | None) -> bool:
        """True for dd/mm. One voice is believed; else what we were told; else what most cells say."""
        if told is None or bool(self.day_first) != bool(self.month_first):
            return self.day_first >= self.month_first
        return told


def order_of(cells: Iterable[str]) -> Order:
    pairs = [(int(found["a"]), int(found["b"])) for cell in cells if (found := _NUMBERS.match(plain(cell)))]
    return Order(
        day_first=sum(12 < a <= 31 and b <= 12 for a, b in pairs),
        month_first=sum(12 < b <= 31 and a <= 12 for a, b in pairs),
        either=sum(a <= 12 and b <= 12 and a != b for a, b in pairs),
    )


def read_day(
    text: str, *, day_first: bool = True, year: int | None = None, zone: tzinfo | None = None
) -> tuple[date, time | None]:
    """The day in a cell, and the hour if it says one. `year` serves where none is written; an hour with an
    offset is told in `zone`, or as it is written.
    """
    words = plain(text)
    instant = _instant(words, zone)
    if instant:
        return checked(instant.date()), instant.time()
    found = next(filter(None, (pattern.match(words) for pattern in _PATTERNS)), None)
    rest = words[found.end() :] if found else ""
    hour = hour_in(_BEFORE_HOUR.sub("", rest, count=1)) if rest else None
    text = text[:LONGEST_QUOTE]
    if found is None or (rest and hour is None):
        raise NotADate(_("“%(value)s” is not a date that can be read. Write it like 28/11/2026.", value=text))
    return _day(found, text, day_first, year), hour


_PATTERNS = (_YEAR_FIRST, _COMPACT, _NUMBERS, _DAY_NAMED, _NAMED_DAY)


def _instant(words: str, zone: tzinfo | None) -> datetime | None:
    """ISO 8601 with its hour."""
    if not _INSTANT.fullmatch(words):
        return None
    try:
        moment = datetime.fromisoformat(re.sub(r"\s?(utc|gmt)$", "z", words).upper())
    except ValueError:
        return None
    if zone and moment.tzinfo and FIRST_YEAR <= moment.year <= LAST_YEAR:
        moment = moment.astimezone(zone)
    return moment.replace(tzinfo=None)


def _day(found: re.Match[str], text: str, day_first: bool, default_year: int | None) -> date:
    parts = found.groupdict()
    year = _year(parts["year"]) if parts["year"] else default_year
    if year is None:
        raise _no_year(text)
    if "a" in parts:
        day, month = (parts["a"], parts["b"]) if day_first else (parts["b"], parts["a"])
    else:
        day, month = parts["day"], MONTHS.get(parts.get("name", ""), parts.get("month", ""))
    try:
        found_day = date(year, int(month), int(day))
    except ValueError as error:
        raise _no_such_day(text, day_first if "a" in parts else None) from error
    checked(found_day)
    weekday = parts.get("weekday")
    if not parts["year"] and weekday and WEEKDAYS[weekday] != found_day.weekday():
        raise _no_year(text)
    return found_day


def _year(digits: str) -> int:
    return int(digits) + (2000 if len(digits) == 2 else 0)


def checked(day: date) -> date:
    """A date typed in the wrong century would break every calculation after it."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise NotADate(_("The year %(year)s is not one this calendar can hold.", year=day.year))
    return day


def _no_year(text: str) -> NotADate:
    return NotADate(_("“%(value)s” does not say the year. Write it like 28/11/2026.", value=text))


def _no_such_day(text: str, day_first: bool | None) -> NotADate:
    if day_first is None:
        return NotADate(_("“%(value)s” does not exist in the calendar.", value=text))
    if day_first:
        return NotADate(_("“%(value)s” does not exist when read as day/month/year.", value=text))
    return NotADate(_("“%(value)s” does not exist when read as month/day/year.", value=text))
