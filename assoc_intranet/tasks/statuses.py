"""How far a task has come, and how much it presses: words, and the moon that draws them."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString


class Status(StrEnum):
    """The columns of the board, from left to right."""

    TODO = "todo"
    DOING = "doing"
    CHECK = "check"
    DONE = "done"


LOW, NORMAL, HIGH = PRIORITIES = (-1, 0, 1)

STATUS_LABELS: dict[str, LazyString] = {
    Status.TODO: _l("To do"),
    Status.DOING: _l("In progress"),
    Status.CHECK: _l("To check"),
    Status.DONE: _l("Done"),
}
PRIORITY_LABELS: dict[int, LazyString] = {
    HIGH: _l("high priority"),
    NORMAL: _l("normal priority"),
    LOW: _l("can wait"),
}

# The moon of a post that has come as far.
MOONS = {Status.TODO: "idea", Status.DOING: "review", Status.CHECK: "ok", Status.DONE: "done"}
