"""Hours of the day as people type them: 18h30, 18 h, 9h00, 18:30, 6:30 PM, midi."""

import re
from datetime import time

from flask_babel import gettext as _

from .cells import LONGEST_QUOTE, plain

NAMED = {"midi": time(12), "noon": time(12), "minuit": time(0), "midnight": time(0)}

_LEAD = re.compile(r"(?:@|\b(?:a|at|vers|des|de|from|entre|pour))\s?(?=\d|midi|minuit|noon|midnight)")
_HOUR = re.compile(
    r"(?P<hour>\d{1,2})\s?"
    r"(?:(?:heures?|hours?|hrs?|h)\s?(?:(?P<after_h>\d{1,2})(?:\s?(?:min|mn|m)\b)?)?"
    r"|[:.]\s?(?P<after_colon>\d{2})(?::\d{2}(?:[.,]\d+)?)?(?:\s?h)?|(?=\s?[ap]\.?\s?m\b))"
    r"\s?(?:(?P<half>[ap])\.?\s?m\b\.?)?"
)
_BARE = re.compile(r"(?P<hour>\d{1,2}?)(?P<minute>\d{2})?")
_UNTIL = re.compile(r"\s?(?:[–—→-]|\b(?:a|to|et|and|jusqu'a)\b)\s?(?=\d|midi|minuit|noon|midnight)")


class NotATime(ValueError):
    """`str()` is the sentence to show beside the cell."""


def read_hour(text: str) -> time:
    """The hour in a cell of hours, where 18 and 1830 can mean nothing else."""
    words = plain(text)
    found = hour_in(words) or _bare_hour(words)
    if found is None:
        value = text[:LONGEST_QUOTE]
        raise NotATime(_("“%(value)s” is not an hour that can be read. Write it like 18:30.", value=value))
    return found


def hour_in(words: str) -> time | None:
    """The hour that plain words say and nothing else; of a stretch of time, its start."""
    lead = _LEAD.match(words)
    start = _UNTIL.split(words[lead.end() :] if lead else words, maxsplit=1)[0]
    if start in NAMED:
        return NAMED[start]
    found = _HOUR.fullmatch(start)
    if found is None:
        return None
    hour, minute = int(found["hour"]), int(found["after_h"] or found["after_colon"] or 0)
    if found["half"] and hour <= 12:
        hour = hour % 12 + (12 if found["half"] == "p" else 0)
    return _time(hour, minute)


def _bare_hour(words: str) -> time | None:
    found = _BARE.fullmatch(words)
    return _time(int(found["hour"]), int(found["minute"] or 0)) if found else None


def _time(hour: int, minute: int) -> time | None:
    return time(hour, minute) if hour < 24 and minute < 60 else None
