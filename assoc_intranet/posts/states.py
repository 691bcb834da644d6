"""The life of a post: its states, and the one table of who may move it from one to the next."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString


class State(StrEnum):
    IDEA = "idea"
    DRAFT = "draft"
    REVIEW = "review"
    FIX = "fix"
    OK = "ok"
    PLANNED = "planned"
    DONE = "done"
    OFF = "off"


LABELS: dict[str, LazyString] = {
    State.IDEA: _l("idea"),
    State.DRAFT: _l("draft"),
    State.REVIEW: _l("to review"),
    State.FIX: _l("to correct"),
    State.OK: _l("approved"),
    State.PLANNED: _l("planned"),
    State.DONE: _l("published"),
    State.OFF: _l("cancelled"),
}

# The button that leads to a state, said to the person who presses it.
VERBS: dict[str, LazyString] = {
    State.DRAFT: _l("Back to draft"),
    State.REVIEW: _l("Ask for a review"),
    State.FIX: _l("Ask for a correction"),
    State.OK: _l("Approve"),
    State.PLANNED: _l("Plan"),
    State.DONE: _l("Mark as published"),
    State.OFF: _l("Cancel the post"),
}

DEVELOP = _l("Make it a draft")


def verb(state: str, target: State) -> LazyString:
    """What the button says that leads from `state` to `target`: an idea does not go back."""
    return DEVELOP if (state, target) == (State.IDEA, State.DRAFT) else VERBS[target]


AUTHOR = {
    (State.IDEA, State.DRAFT),
    (State.DRAFT, State.REVIEW),
    (State.FIX, State.REVIEW),
    (State.REVIEW, State.DRAFT),
    (State.FIX, State.DRAFT),
    (State.OK, State.DRAFT),
    (State.PLANNED, State.DRAFT),
}
COORDINATOR = {
    (State.REVIEW, State.FIX),
    (State.REVIEW, State.OK),
    (State.OK, State.PLANNED),
    (State.PLANNED, State.DONE),
    (State.OFF, State.DRAFT),
    *((state, State.OFF) for state in State if state not in (State.DONE, State.OFF)),
}


# What its author may still throw away alone.
UNAPPROVED = frozenset({State.IDEA, State.DRAFT, State.REVIEW, State.FIX})
PATH = (State.DRAFT, State.REVIEW, State.OK, State.PLANNED, State.DONE)


def path_through(state: str) -> tuple[State, ...]:
    """The states to show as steps: the straight way, with the detour the post is on."""
    here = State(state)
    if here is State.IDEA:
        return (here, *PATH)
    if here is State.FIX:
        return (*PATH[:2], here, *PATH[2:])
    return (State.DRAFT, here) if here is State.OFF else PATH


def next_states(state: str, is_author: bool, is_coordinator: bool) -> list[State]:
    """Where a post in `state` may go, the step forward first."""
    moves = (COORDINATOR | AUTHOR) if is_coordinator else AUTHOR if is_author else set()
    forward = {State.IDEA: State.DRAFT, State.DRAFT: State.REVIEW, State.REVIEW: State.OK, State.FIX: State.REVIEW,
               State.OK: State.PLANNED, State.PLANNED: State.DONE, State.OFF: State.DRAFT}  # fmt: skip
    targets = [target for source, target in moves if source == state]
    order = list(State)
    return sorted(targets, key=lambda target: (target != forward.get(State(state)), order.index(target)))
