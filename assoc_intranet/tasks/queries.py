"""Reading tasks. They are the team's: an observer finds none."""

from collections.abc import Iterable
from datetime import date, time, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload, selectinload

from assoc_intranet.association import queries as association
from assoc_intranet.core.clock import moment
from assoc_intranet.core.db import db
from assoc_intranet.members import queries as members
from assoc_intranet.members.models import Member
from assoc_intranet.posts.models import Post
from assoc_intranet.posts.states import State

from .models import Step, Task
from .statuses import Status

PAGE = 30
LINKABLE_SINCE = timedelta(days=30)
MOST_LINKABLE = 300
OPEN = Task.status != Status.DONE
FREE = OPEN & ~Task.people.any()
BY_URGENCY = (Task.due.is_(None), Task.due, Task.priority.desc(), Task.id)
CARD = (selectinload(Task.people), selectinload(Task.steps), joinedload(Task.post))


class Mine(NamedTuple):
    """What somebody has to do, by when."""

    late: list[Task]
    this_week: list[Task]
    later: list[Task]


def one(member: Member, task_id: int) -> Task | None:
    """The task with all that its page shows."""
    if member.role == "observer":
        return None
    return db.session.get(Task, task_id, options=(*CARD, joinedload(Task.author), joinedload(Task.editor)))


def step(member: Member, task_id: int, step_id: int) -> Step | None:
    task = one(member, task_id)
    return next((step for step in task.steps if step.id == step_id), None) if task else None


def in_column(status: str, today: date) -> list[Task]:
    """A column of the board: the free ones first; of what is done, what was finished this week."""
    if status == Status.DONE:
        monday = moment(today - timedelta(days=today.weekday()), time(0), association.zone())
        return _cards(Task.status == status, Task.done_at >= monday, order=(Task.done_at.desc(), Task.id))
    return sorted(_cards(Task.status == status), key=lambda task: not task.is_free)


def done(page: int) -> tuple[list[Task], bool]:
    """A page of what is done, the newest first, and whether there is more."""
    query = select(Task).where(Task.status == Status.DONE).options(*CARD)
    query = query.order_by(Task.done_at.desc(), Task.id.desc()).offset((page - 1) * PAGE).limit(PAGE + 1)
    found = list(db.session.scalars(query))
    return found[:PAGE], len(found) > PAGE


def mine(member: Member, today: date) -> Mine:
    """What `member` has: late, due until Sunday, later or without a date."""
    return sort_by_week(of_member(member.id), today)


def of_member(member_id: int) -> list[Task]:
    return _cards(OPEN, Task.people.any(Member.id == member_id))


def sort_by_week(tasks: Iterable[Task], today: date) -> Mine:
    sunday = today + timedelta(days=6 - today.weekday())
    found = Mine([], [], [])
    for task in tasks:
        if task.due is None or task.due > sunday:
            found.later.append(task)
        elif task.due < today:
            found.late.append(task)
        else:
            found.this_week.append(task)
    return found


def free(limit: int) -> list[Task]:
    """What nobody has, the most pressing first."""
    return _cards(FREE, order=(Task.priority.desc(), *BY_URGENCY), limit=limit)


def of_post(post: Post) -> list[Task]:
    """The tasks that were linked to a post."""
    return _cards(Task.post_id == post.id, order=(Task.status == Status.DONE, *BY_URGENCY))


def assignable(member: Member, task: Task | None) -> list[Member]:
    """Whom `member` may give the task to, or take it from: a coordinator anybody, others themselves."""
    if member.role != "coordinator":
        return [member]
    team = {person.id: person for person in members.active() if person.role != "observer"}
    return sorted((team | {p.id: p for p in task.people} if task else team).values(), key=lambda p: p.name)


def linkable(today: date, also: int | None) -> list[tuple[int, str, date | None]]:
    """The posts a task may be about: id, title, day. Those to come, those of the last month, and `also`."""
    recent = Post.deleted_at.is_(None) & (Post.state != State.OFF)
    recent &= Post.day.is_(None) | (Post.day >= today - LINKABLE_SINCE)
    query = select(Post.id, Post.title, Post.day).where(recent | (Post.id == also))
    rows = db.session.execute(query.order_by(Post.day.is_(None), Post.day, Post.id).limit(MOST_LINKABLE))
    return [(row.id, row.title, row.day) for row in rows]


def _cards(
    *conditions: ColumnElement[bool],
    order: tuple[Any, ...] = BY_URGENCY,
    limit: int | None = None,
) -> list[Task]:
    query = select(Task).where(*conditions).options(*CARD).order_by(*order).limit(limit)
    return list(db.session.scalars(query))
