"""The kinds of vote, when their results show, and the words for all of it."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString


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
