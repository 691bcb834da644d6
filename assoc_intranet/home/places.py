"""The places of the navigation: five on the phone, the others under “More”."""

from typing import NamedTuple

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from assoc_intranet.core.access import can


class Place(NamedTuple):
    name: str
    endpoint: str
    drawing: str
    words: LazyString
    action: str


MAIN = (
    Place("today", "home.show", "house", _l("Today"), "home.see"),
    Place("calendar", "posts.calendar", "calendar-days", _l("Calendar"), "post.list"),
    Place("tasks", "tasks.board", "list-checks", _l("Tasks"), "task.list"),
    Place("decisions", "polls.index", "vote", _l("Decisions"), "poll.list"),
)
OTHERS = (
    Place("members", "members.index", "users-round", _l("Members"), "member.list"),
    Place("networks", "networks.index", "megaphone", _l("Networks"), "network.list"),
    Place("settings", "association.settings", "settings", _l("Settings"), "association.edit"),
    Place("backups", "backups.index", "archive", _l("Backups"), "backup.list"),
)


def other_places() -> list[Place]:
    return [place for place in OTHERS if can(place.action)]
