"""The ballots as a spreadsheet, so that anyone can count again."""

import csv
import io
from collections.abc import Iterable

from flask_babel import gettext as _

from .kinds import ANSWERS, Kind
from .models import Poll
from .queries import Said
from .words import option_words

# A French Excel opens this as a table without asking, and needs the mark at the start to see that it is UTF-8.
SEPARATOR, ENCODING = ";", "utf-8-sig"
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_csv(poll: Poll, ballots: Iterable[Said]) -> bytes:
    """A line for each ballot, a column for each option: 1 and 0, or for dates what was answered."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=SEPARATOR)
    writer.writerow(map(_inert, [_("Name"), *map(option_words, poll.options), _("Reason")]))
    for ballot in ballots:
        answers = [_cell(poll, ballot.answers.get(option.id)) for option in poll.options]
        writer.writerow(map(_inert, [ballot.name, *answers, ballot.reason]))
    return text.getvalue().encode(ENCODING)


def _cell(poll: Poll, answer: str | None) -> str:
    if poll.kind == Kind.DATE:
        return str(ANSWERS[answer]) if answer else ""
    return "1" if answer else "0"


def _inert(words: str) -> str:
    """What a spreadsheet would run as a formula becomes plain text."""
    return f"'{words}" if words.startswith(FORMULA) else words
