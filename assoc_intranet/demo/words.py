"""French as it is printed, from French as it is typed: no-break spaces, curly apostrophes, days in words."""

import re
from collections.abc import Mapping
from datetime import date

from babel.dates import format_date

NARROW, WIDE = "\u202f", "\u00a0"
_HABITS = (
    (r"'", "’"),
    (r" ([;!?])", rf"{NARROW}\1"),
    (r" ([:»])", rf"{WIDE}\1"),
    (r"« ", f"«{WIDE}"),
    (r"(\d) (?=h\b|€|%|kilos\b|litres\b|cm\b)", rf"\1{WIDE}"),
    (rf"(\d{WIDE}h) (?=\d)", rf"\1{WIDE}"),
)


def typeset(text: str, days: Mapping[str, date]) -> str:
    """`text` with each `{event}` as its day in words. Lines are joined, save after a blank one or before • and #."""
    paragraphs = [
        re.sub(r"\s*\n\s*(?=[•#])", "\n", paragraph.strip()) for paragraph in re.split(r"\n\s*\n", text.strip())
    ]
    text = "\n\n".join(re.sub(r"\n(?![•#])\s*", " ", paragraph) for paragraph in paragraphs)
    text = text.format_map({name: _in_words(day) for name, day in days.items()})
    for habit, correct in _HABITS:
        text = re.sub(habit, correct, text)
    return text


def _in_words(day: date) -> str:
    """`samedi 28 novembre`, `mardi 1er décembre`"""
    number = "1er" if day.day == 1 else str(day.day)
    return f"{format_date(day, 'EEEE', locale='fr')} {number} {format_date(day, 'MMMM', locale='fr')}"
