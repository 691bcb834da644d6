"""What a team does in a month, at random: each act goes through the doors of the site, and may be refused there."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import ColumnElement, select

from assoc_intranet.core.db import Model, db
from assoc_intranet.members.models import Member
from assoc_intranet.polls.kinds import Electorate, Results
from assoc_intranet.polls.models import Poll
from assoc_intranet.posts.models import Post
from assoc_intranet.posts.states import State, next_states
from assoc_intranet.tasks.models import Task
from assoc_intranet.tasks.statuses import Status

# `send(who, path, form)`: the status of a POST by somebody.
Send = Callable[[str, str, Mapping[str, object]], int]
WORDS = ("pommier", "atelier", "brouette", "fête", "récolte", "compost", "marché", "affiche", "semis", "goûter")
TAKEN = 399


class Life:
    """`people` are the ids of who acts, by name. `sign` gives what is added to the words that go into a column."""

    def __init__(
        self,
        app: Flask,
        random: Random,
        send: Send,
        people: Mapping[str, int],
        day: date,
        sign: Callable[[str], str] = lambda _column: "",
    ):
        self.app, self.random, self.send, self.people, self.day, self.sign = app, random, send, people, day, sign
        self.acts: dict[str, Callable[[str], int]] = {
            "plan": self.plan,
            "edit": self.edit,
            "move": self.move,
            "step": self.step,
            "discard": self.discard,
            "restore": self.restore,
            "add_task": self.add_task,
            "edit_task": self.edit_task,
            "claim": self.claim,
            "release": self.release,
            "move_task": self.move_task,
            "add_step": self.add_step,
            "tick": self.tick,
            "delete_task": self.delete_task,
            "propose": self.propose,
            "open": self.open,
            "vote": self.vote,
            "close": self.close,
            "reopen": self.reopen,
        }
        self.done: dict[str, int] = {}

    def live(self, changes: int, pause: Callable[[], None] = lambda: None) -> None:
        """That many acts that were not refused."""
        while sum(self.done.values()) < changes:
            name = self.random.choice(list(self.acts))
            who = self.random.choice(list(self.people))
            status = self.acts[name](who)
            if status >= 500:
                raise RuntimeError(f"{name} by {who} answered {status}")
            if 0 < status <= TAKEN:
                self.done[name] = self.done.get(name, 0) + 1
                pause()

    # Posts

    def plan(self, who: str) -> int:
        networks = self.random.sample(("facebook", "mastodon", "newsletter"), self.random.randrange(3))
        return self.send(who, "/posts", {**self._post(), "networks": networks, "op_id": self._op_id()})

    def edit(self, who: str) -> int:
        with self._one(Post, Post.deleted_at.is_(None)) as post:
            if post is None:
                return 0
            path, version = f"/posts/{post.id}", post.version
        return self.send(who, path, {**self._post(), "version": version})

    def move(self, who: str) -> int:
        with self._one(Post, Post.deleted_at.is_(None)) as post:
            path = f"/posts/{post.id}/day" if post else ""
        return self.send(who, path, {"day": self._day()}) if path else 0

    def step(self, who: str) -> int:
        with self._one(Post, Post.deleted_at.is_(None)) as post:
            if post is None:
                return 0
            member = db.session.get_one(Member, self.people[who])
            states = next_states(post.state, post.author_id == member.id, member.role == "coordinator")
            path = f"/posts/{post.id}/state"
        # Cancelled posts come back more rarely than the others go on.
        wanted = [state for state in states if state != State.OFF] or states
        return self.send(who, path, {"state": self.random.choice(wanted).value}) if wanted else 0

    def discard(self, who: str) -> int:
        with self._one(Post, Post.deleted_at.is_(None)) as post:
            path = f"/posts/{post.id}/bin" if post else ""
        return self.send(who, path, {}) if path else 0

    def restore(self, who: str) -> int:
        with self._one(Post, Post.deleted_at.is_not(None)) as post:
            path = f"/posts/{post.id}/restoration" if post else ""
        return self.send(who, path, {}) if path else 0

    def _post(self) -> dict[str, object]:
        day = self._day()
        return {
            "title": self._words("post.title"),
            "text": self._words("post.text"),
            "day": day,
            "hour": f"{self.random.randrange(24):02}:{self.random.choice((0, 30)):02}" if day else "",
            "holder_id": self.random.choice(("", *self.people.values())),
        }

    # Tasks

    def add_task(self, who: str) -> int:
        return self.send(who, "/tasks", {**self._task(who), "op_id": self._op_id()})

    def edit_task(self, who: str) -> int:
        with self._one(Task) as task:
            if task is None:
                return 0
            path, version, people = f"/tasks/{task.id}", task.version, sorted(task.people_ids)
        return self.send(who, path, {**self._task(who), "people": people, "version": version})

    def claim(self, who: str) -> int:
        return self._to_task(who, "claim")

    def release(self, who: str) -> int:
        return self._to_task(who, "release")

    def move_task(self, who: str) -> int:
        return self._to_task(who, "column", column=self.random.choice(list(Status)).value)

    def add_step(self, who: str) -> int:
        return self._to_task(who, "steps", text=self._words("step.text"))

    def delete_task(self, who: str) -> int:
        return self._to_task(who, "deletion")

    def tick(self, who: str) -> int:
        with self._one(Task, Task.steps.any()) as task:
            if task is None:
                return 0
            step = self.random.choice(task.steps)
            path, form = f"/tasks/{task.id}/steps/{step.id}", {"done": "no" if step.is_done else "yes"}
        return self.send(who, path, form)

    def _to_task(self, who: str, place: str, **form: object) -> int:
        with self._one(Task) as task:
            path = f"/tasks/{task.id}/{place}" if task else ""
        return self.send(who, path, form) if path else 0

    def _task(self, who: str) -> dict[str, object]:
        mine = [self.people[who]] if self.random.random() < 0.5 else []
        priority = self.random.choice((-1, 0, 1))
        return {
            "title": self._words("task.title"),
            "notes": self._words("task.notes"),
            "due": self._day(),
            "priority": priority,
            "people": mine,
        }

    # Votes

    def propose(self, who: str) -> int:
        kind = self.random.choice(("yesno", "single", "multiple"))
        labels = "\n".join(f"{word}{self.sign('option.label')}" for word in self.random.sample(WORDS, 3))
        form = {
            "kind": kind,
            "question": self._words("poll.question"),
            "text": self._words("poll.text"),
            "results": self.random.choice(list(Results)).value,
            "electorate": Electorate.ALL.value,
            "labels": labels,
            "most": 2,
            **self._closing(),
            "op_id": self._op_id(),
        }
        return self.send(who, "/polls", form)

    def open(self, who: str) -> int:
        return self._to_poll(who, "opening", Poll.opened_at.is_(None), **self._closing())

    def close(self, who: str) -> int:
        if self.random.random() < 0.5:
            return 0
        return self._to_poll(who, "closure", Poll.opened_at.is_not(None), reason=self._words("change.details"))

    def reopen(self, who: str) -> int:
        return self._to_poll(
            who, "reopening", Poll.closed_at.is_not(None), **self._closing(), reason=self._words("change.details")
        )

    def vote(self, who: str) -> int:
        with self._one(Poll, Poll.opened_at.is_not(None)) as poll:
            if poll is None:
                return 0
            path, choice = f"/polls/{poll.id}/ballot", self.random.choice(poll.options).id
            column = f"ballot.reason.{poll.results}"
        return self.send(who, path, {"choice": choice, "reason": self._words(column), "op_id": self._op_id()})

    def _to_poll(self, who: str, place: str, *which: ColumnElement[bool], **form: object) -> int:
        with self._one(Poll, *which) as poll:
            path = f"/polls/{poll.id}/{place}" if poll else ""
        return self.send(who, path, form) if path else 0

    def _closing(self) -> dict[str, object]:
        return {
            "closes_on": (self.day + timedelta(days=self.random.randrange(2, 9))).isoformat(),
            "closes_hour": "20:00",
        }

    # Chance

    @contextmanager
    def _one(self, model: type[Model], *conditions: ColumnElement[bool]) -> Iterator[Any]:
        """One row that is so, or None where there is none."""
        with self.app.app_context():
            ids = list(db.session.scalars(select(model.id).where(*conditions).order_by(model.id)))
            yield db.session.get(model, self.random.choice(ids)) if ids else None
            db.session.rollback()

    def _day(self) -> str:
        """Any day of this month; none at all from time to time."""
        if self.random.random() < 0.15:
            return ""
        return self.day.replace(day=self.random.randrange(1, 29)).isoformat()

    def _words(self, column: str) -> str:
        return " ".join(self.random.sample(WORDS, 3)).capitalize() + self.sign(column)

    def _op_id(self) -> str:
        return str(UUID(int=self.random.getrandbits(128), version=4))
