"""What may happen to a task. Rules change rows and publish; they never commit."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import InvalidRequestError

from assoc_intranet.core.access import may
from assoc_intranet.core.changes import publish
from assoc_intranet.core.clock import now
from assoc_intranet.core.db import add_once, db, made_of
from assoc_intranet.core.errors import RuleBroken, Stale
from assoc_intranet.core.i18n import typed_day
from assoc_intranet.members.models import Member

from .models import Step, Task
from .statuses import NORMAL, PRIORITY_LABELS, Status

MOST_STEPS = 50


@dataclass(frozen=True)
class Draft:
    """What is typed of a task."""

    title: str
    notes: str = ""
    due: date | None = None
    priority: int = NORMAL
    people_ids: frozenset[int] = frozenset()
    post_id: int | None = None


def write(author: Member, draft: Draft, op_id: str | None = None) -> Task:
    """A new task. The same `op_id` gives the task that was already made of it, even when both arrive at once."""
    if made := made_of(Task, op_id):
        return made
    task = Task(author_id=author.id, op_id=op_id, created_at=now(), title=draft.title)
    _apply(task, draft, author)
    if (made := add_once(task, op_id)) is not task:
        return made
    publish("task.written", task, author, **_touched(task))
    return task


def rewrite(task: Task, editor: Member, version: int, draft: Draft) -> None:
    """Save what was typed on version `version` of the task, unless somebody changed it in between."""
    _lock(task)
    if _as_typed(task) == draft:
        return
    if version != task.version:
        sentence = _(
            "%(name)s changed this task while you were writing. Nothing is lost: here are both.",
            name=(task.editor or task.author).name,
        )
        raise Stale(sentence, theirs=_words(_as_typed(task)), yours=_words(draft), version=task.version)
    with _changing(task, editor, "task.edited"):
        _apply(task, draft, editor)
        _new_version(task, editor)


def claim(task: Task, member: Member) -> None:
    """“I take it.” Of two who say so at once the first has it, and the other is told who."""
    _lock(task)
    if member.id in task.people_ids:
        return
    if task.is_done:
        raise RuleBroken(_("“%(title)s” is done already.", title=task.title), status=409)
    if task.people:
        raise _taken(task)
    with _changing(task, member, "task.taken"):
        _take(task, member)
        task.status = Status.DOING


def release(task: Task, member: Member) -> None:
    """“I give it back”: with nobody left, it waits again for who wants it."""
    _lock(task)
    if member.id not in task.people_ids:
        return
    with _changing(task, member, "task.released"):
        task.people.remove(member)
        _new_version(task, member)
        _settle(task)


def move(task: Task, member: Member, status: str) -> None:
    """To another column. Who moves a free task forward takes it: nothing is under way in nobody's hands."""
    _lock(task)
    if not may(member, "task.move", task):
        raise _taken(task)
    if status not in set(Status):
        raise RuleBroken(_("The board has no such column."))
    if task.status == status:
        return
    with _changing(task, member, "task.moved", was=task.status, now=status):
        task.status = status
        task.done_at = now() if task.is_done else None
        if not task.people and status != Status.TODO:
            _take(task, member)


def add_step(task: Task, member: Member, text: str) -> None:
    _lock(task)
    if any(step.text == text for step in task.steps):
        return
    if len(task.steps) >= MOST_STEPS:
        raise RuleBroken(_("At most %(num)s steps: beyond that, make two tasks of it.", num=MOST_STEPS), "text")
    with _changing(task, member, "task.stepped"):
        task.steps.append(Step(text=text))


def tick(step: Step, member: Member, is_done: bool) -> None:
    task = step.task
    _lock(task)
    if step in task.steps and step.is_done != is_done:
        with _changing(task, member, "task.stepped"):
            step.is_done = is_done


def remove_step(step: Step, member: Member) -> None:
    task = step.task
    _lock(task)
    if step in task.steps:
        with _changing(task, member, "task.stepped"):
            task.steps.remove(step)


def delete(task: Task, member: Member) -> None:
    _lock(task)
    publish("task.deleted", task, member, **_touched(task))
    db.session.delete(task)


def _lock(task: Task) -> None:
    """Read the task again and hold it: what is decided next is decided on what stands, one person at a time."""
    try:
        db.session.refresh(task, with_for_update={"of": Task})
    except InvalidRequestError as gone:
        raise RuleBroken(_("This task was deleted meanwhile."), status=409) from gone


@contextmanager
def _changing(task: Task, member: Member, kind: str, **details: str) -> Iterator[None]:
    """Publish what changes inside, naming all it touched before and after."""
    before = _touched(task)
    yield
    after = _touched(task)
    for name in ("columns", "people", "posts"):
        after[name] = sorted({*before[name], *after[name]})
    publish(kind, task, member, **details, **after | {"free": before["free"] or after["free"]})


def _touched(task: Task) -> dict[str, Any]:
    """Where the task is shown: the live pages read it."""
    return {
        "title": task.title,
        "columns": [str(task.status)],
        "people": sorted(task.people_ids),
        "posts": [task.post_id] if task.post_id else [],
        "free": task.is_free,
    }


def _apply(task: Task, draft: Draft, member: Member) -> None:
    task.title, task.notes, task.due, task.priority = draft.title, draft.notes, draft.due, draft.priority
    task.post_id = draft.post_id
    _give(task, draft.people_ids, member)
    _settle(task)


def _give(task: Task, people_ids: frozenset[int], member: Member) -> None:
    changed = people_ids ^ task.people_ids
    if member.role != "coordinator" and changed - {member.id}:
        raise RuleBroken(_("Only a coordinator gives a task to somebody else, or takes it away."), "people")
    if changed:
        task.people = list(db.session.scalars(select(Member).where(Member.id.in_(people_ids))))


def _take(task: Task, member: Member) -> None:
    task.people.append(member)
    _new_version(task, member)


def _settle(task: Task) -> None:
    """What nobody has is not under way."""
    if not task.people and not task.is_done:
        task.status = Status.TODO


def _new_version(task: Task, member: Member) -> None:
    task.version += 1
    task.editor_id = member.id


def _taken(task: Task) -> RuleBroken:
    names = ", ".join(person.name for person in task.people)
    return RuleBroken(_("Already taken by %(names)s.", names=names), status=409)


def _as_typed(task: Task) -> Draft:
    return Draft(task.title, task.notes, task.due, task.priority, frozenset(task.people_ids), task.post_id)


def _words(draft: Draft) -> dict[str, str]:
    people = db.session.scalars(select(Member).where(Member.id.in_(draft.people_ids)).order_by(Member.name))
    return {
        _("Title"): draft.title,
        _("Notes"): draft.notes,
        _("Due"): typed_day(draft.due),
        _("Priority"): str(PRIORITY_LABELS[draft.priority]),
        _("People"): ", ".join(person.name for person in people),
    }
