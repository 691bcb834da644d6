"""The places of the navigation: five on the phone, the others under “More”."""

from typing import NamedTuple

from flask import render_template
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from flask_login import current_user
from markupsafe import Markup

from assoc_intranet.core.access import can, may
from assoc_intranet.core.html import remembered


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


class Viewer(NamedTuple):
    """All that the navigation depends on of who looks."""

    grants: tuple[str, ...]


def other_places() -> list[Place]:
    return [place for place in OTHERS if can(place.action)]


def navigation(here: str) -> Markup:
    """The links of the navigation for who looks, with the place they are at."""
    return _navigation(here, Viewer(current_user.grants))


@remembered(128)
def _navigation(here: str, viewer: Viewer) -> Markup:
    main, others = ([place for place in places if may(viewer, place.action)] for places in (MAIN, OTHERS))
    return Markup(render_template("parts/_navigation.html", here=here, main=main, others=others))
