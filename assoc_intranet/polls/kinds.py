"""The kinds of vote, when their results show, and the words for all of it."""

from enum import StrEnum
from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from assoc_intranet.core.i18n import day_words, hour_words, short_day

if TYPE_CHECKING:
    from .models import Option


class Kind(StrEnum):
    YES_NO = "yesno"
    SINGLE = "single"
    MULTIPLE = "multiple"
    DATE = "date"


class Results(StrEnum):
    """When the results may be seen."""

    ALWAYS = "always"
    AFTER = "after"
    CLOSE = "close"


class Electorate(StrEnum):
    ALL = "all"
    PICKED = "picked"


class Answer(StrEnum):
    YES = "yes"
    MAYBE = "maybe"
    NO = "no"


ABSTAIN = "abstain"
YES_NO = (Answer.YES.value, Answer.NO.value, ABSTAIN)

KINDS: dict[str, LazyString] = {
    Kind.YES_NO: _l("Yes, no or abstention"),
    Kind.SINGLE: _l("One answer among several"),
    Kind.MULTIPLE: _l("Several answers"),
    Kind.DATE: _l("Finding a date"),
}
RESULTS: dict[str, LazyString] = {
    Results.ALWAYS: _l("always, as ballots come in"),
    Results.AFTER: _l("to each person once they have voted"),
    Results.CLOSE: _l("to everyone, at the close"),
}
ELECTORATES: dict[str, LazyString] = {
    Electorate.ALL: _l("Every member with a vote"),
    Electorate.PICKED: _l("Only some of them"),
}
ANSWERS: dict[str, LazyString] = {
    Answer.YES: _l("Yes"),
    Answer.MAYBE: _l("If need be"),
    Answer.NO: _l("No"),
    ABSTAIN: _l("Abstention"),
}


def option_words(option: "Option", short: bool = False) -> str:
    """An option as it is read: a date in the reader's language, yes and no too, anything else as it was typed."""
    if option.day:
        day = short_day(option.day) if short else day_words(option.day)
        return f"{day}, {hour_words(option.hour)}" if option.hour else day
    return str(ANSWERS[option.label]) if option.poll.kind == Kind.YES_NO else option.label
