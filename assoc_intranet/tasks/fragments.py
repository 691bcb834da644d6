"""The pieces that are pushed: a column of the board, the sheet of a task, what is free, and each member's own list."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from assoc_intranet.association import queries as association
from assoc_intranet.core.changes import Change
from assoc_intranet.core.clock import today
from assoc_intranet.core.db import db
from assoc_intranet.live import fragment
from assoc_intranet.posts.models import Post

from . import queries
from .models import Task

EVENTS = (
    "task.written",
    "task.edited",
    "task.taken",
    "task.released",
    "task.moved",
    "task.stepped",
    "task.deleted",
)
POST_EVENTS = ("post.edited", "post.binned", "post.restored")
MOST_FREE = 5

Keys = Iterable[tuple[Any, ...]]


def _columns(change: Change) -> Keys:
    return [(status,) for status in change.details["columns"]]


def _people(change: Change) -> Keys:
    return [(member_id,) for member_id in change.details["people"]]


def _posts(change: Change) -> Keys:
    return [(post_id,) for post_id in change.details["posts"]]


def _free(change: Change) -> Keys:
    return [()] if change.details["free"] else []


def _sheets(change: Change) -> Keys:
    """The task itself, or those that name a post which changed."""
    if change.subject == "task":
        return [(change.subject_id,)]
    return [(task_id,) for task_id in db.session.scalars(select(Task.id).filter_by(post_id=change.subject_id))]


def _to_member(member_id: int) -> str:
    return f"member:{member_id}"


def _today() -> Any:
    return today(association.zone())


@fragment("tasks/_column.html", on=EVENTS, topic="members", keys=_columns, steady=True)
def column(status: str) -> dict[str, Any]:
    return {"status": status, "tasks": queries.in_column(status, _today())}


@fragment("tasks/_sheet.html", on=(*EVENTS, *POST_EVENTS), topic="members", keys=_sheets, steady=True)
def sheet(task_id: int) -> dict[str, Any]:
    """A task that was deleted says so to who was looking at it."""
    return {"task_id": task_id, "task": db.session.get(Task, task_id, options=queries.CARD)}


@fragment("tasks/_free.html", on=EVENTS, topic="members", keys=_free, steady=True)
def free() -> dict[str, Any]:
    return {"tasks": queries.free(MOST_FREE)}


@fragment("tasks/_todo.html", on=EVENTS, topic=_to_member, keys=_people, steady=True)
def todo(member_id: int) -> dict[str, Any]:
    """What a member has, on the board."""
    return {"member_id": member_id, "tasks": queries.of_member(member_id)}


@fragment("tasks/_mine.html", on=EVENTS, topic=_to_member, keys=_people, steady=True)
def mine(member_id: int) -> dict[str, Any]:
    """What a member has, by when."""
    tasks = queries.of_member(member_id)
    return {"member_id": member_id, "total": len(tasks), "mine": queries.sort_by_week(tasks, _today())}


@fragment("tasks/_of_post.html", on=EVENTS, topic="members", keys=_posts, steady=True)
def of_post(post_id: int) -> dict[str, Any] | None:
    """The tasks around a post, for its page."""
    post = db.session.get(Post, post_id)
    return {"post": post, "tasks": queries.of_post(post)} if post else None
