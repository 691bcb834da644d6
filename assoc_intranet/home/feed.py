"""What happened lately, in sentences: only about what the member may see, and never what somebody voted."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NamedTuple

from flask import url_for
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from sqlalchemy import Select, select

from assoc_intranet.core.access import may
from assoc_intranet.core.changes import Change
from assoc_intranet.core.db import db
from assoc_intranet.members.models import Member
from assoc_intranet.polls.models import Poll
from assoc_intranet.posts.models import Post
from assoc_intranet.posts.states import State
from assoc_intranet.tasks.models import Task
from assoc_intranet.tasks.statuses import Status

SHOWN = 12

# What the person did; the name stands before it and the thing, as a link, after it.
DEEDS: dict[str, LazyString] = {
    "post.written": _l("wrote"),
    "post.edited": _l("changed"),
    "post.moved": _l("moved"),
    "post.restored": _l("brought back"),
    "task.written": _l("added the task"),
    "task.taken": _l("took the task"),
    "task.released": _l("gave back the task"),
    "poll.opened": _l("opened the vote"),
    "poll.closed": _l("closed the vote"),
    "ballot.cast": _l("voted on"),
}
STEPS: dict[str, LazyString] = {
    State.DRAFT: _l("took back to draft"),
    State.REVIEW: _l("asks for a review of"),
    State.FIX: _l("asks for a correction of"),
    State.OK: _l("approved the post"),
    State.PLANNED: _l("planned the post"),
    State.DONE: _l("published the post"),
    State.OFF: _l("cancelled the post"),
}
FINISHED = _l("finished the task")


class Line(NamedTuple):
    who: Member
    deed: LazyString
    title: str
    url: str
    at: datetime


class Thing(NamedTuple):
    titles: Callable[[Member], Select[int, str]]
    url: Callable[[int], str]


def _posts(member: Member) -> Select[int, str]:
    found = select(Post.id, Post.title).where(Post.deleted_at.is_(None))
    return found if may(member, "post.write") else found.where(Post.state == State.DONE)


def _tasks(member: Member) -> Select[int, str]:
    found = select(Task.id, Task.title)
    return found if may(member, "task.list") else found.where(Task.id.is_(None))


def _polls(_member: Member) -> Select[int, str]:
    return select(Poll.id, Poll.question).where(Poll.opened_at.is_not(None))


THINGS: Mapping[str, Thing] = {
    "post": Thing(_posts, lambda number: url_for("posts.show", post_id=number)),
    "task": Thing(_tasks, lambda number: url_for("tasks.show", task_id=number)),
    "poll": Thing(_polls, lambda number: url_for("polls.show", poll_id=number)),
}


def since(member: Member, moment: datetime) -> list[Line]:
    """The newest changes by others after `moment`, the last about each thing."""
    query = (
        select(Change)
        .where(Change.at > moment, Change.subject.in_(THINGS), Change.actor_id.is_not(None))
        .where(Change.actor_id != member.id, Change.kind.in_([*DEEDS, "post.state", "task.moved"]))
        .order_by(Change.id.desc())
        .limit(SHOWN * 5)
    )
    changes: dict[tuple[str, int], Change] = {}
    for change in db.session.scalars(query):
        if _deed(change) is not None:
            changes.setdefault((change.subject, change.subject_id), change)
    titles = _titles(member, list(changes))
    people = {person.id: person for person in db.session.scalars(select(Member))}
    lines = [
        Line(people[change.actor_id], _deed(change), titles[key], THINGS[key[0]].url(key[1]), change.at)
        for key, change in changes.items()
        if key in titles and change.actor_id in people
    ]
    return lines[:SHOWN]


def _deed(change: Change) -> LazyString | None:
    """What was done, in words; None where a task only went on to the next column."""
    match change.kind:
        case "post.state":
            return STEPS[change.details["now"]]
        case "task.moved":
            return FINISHED if change.details["now"] == Status.DONE else None
    return DEEDS[change.kind]


def _titles(member: Member, keys: list[tuple[str, int]]) -> dict[tuple[str, int], str]:
    numbers = defaultdict(list)
    for subject, number in keys:
        numbers[subject].append(number)
    titles = {}
    for subject, wanted in numbers.items():
        query = THINGS[subject].titles(member)
        id_column = query.selected_columns[0]
        for number, title in db.session.execute(query.where(id_column.in_(wanted))):
            titles[subject, number] = title
    return titles
