"""People and things for tests, saved at once. Each takes only what a test wants to be different."""

from datetime import date, time, timedelta
from typing import Any

from assoc_intranet.association import queries as associations
from assoc_intranet.association.models import Association
from assoc_intranet.core.clock import local, now
from assoc_intranet.core.db import db
from assoc_intranet.members.models import Member
from assoc_intranet.members.passwords import hash_password
from assoc_intranet.networks import rules as networks
from assoc_intranet.networks.models import Presence
from assoc_intranet.networks.rules import Draft as PresenceDraft
from assoc_intranet.polls import rules as polls
from assoc_intranet.polls.models import Poll
from assoc_intranet.polls.rules import Draft as Question
from assoc_intranet.posts import rules as posts
from assoc_intranet.posts.models import Post
from assoc_intranet.posts.rules import Draft
from assoc_intranet.tasks import rules as tasks
from assoc_intranet.tasks.models import Task
from assoc_intranet.tasks.rules import Draft as TaskDraft

PASSWORD = "trois mots jolis"
_HASH = hash_password(PASSWORD)


def save(thing: Any) -> Any:
    db.session.add(thing)
    db.session.commit()
    return thing


def make_association(**different: Any) -> Association:
    return save(Association(**{"name": "La Bêche & le Tournevis", **different}))


def make_member(name: str = "Denise Noël", **different: Any) -> Member:
    email = name.partition(" ")[0].lower().replace("é", "e") + "@exemple.org"
    usual = {"name": name, "email": email, "password_hash": _HASH, "role": "member", "joined_at": now()}
    return save(Member(**{**usual, **different}))


def make_post(
    author: Member,
    title: str = "Plantation du pommier",
    day: date | None = date(2026, 11, 28),
    hour: time | None = time(18, 30),
    state: str = "draft",
    **draft: Any,
) -> Post:
    post = posts.write(author, Draft(title=title, day=day, hour=hour if day else None, **draft), state=state)
    db.session.commit()
    return post


def make_poll(
    author: Member,
    question: str = "Un stand au marché de Noël ?",
    *answers: str | tuple[date, time | None],
    hours: float = 48,
    is_open: bool = True,
    **draft: Any,
) -> Poll:
    """A vote that closes `hours` from now, open unless told otherwise. Answers are words, or (day, hour) pairs."""
    closes = local(now() + timedelta(hours=hours), associations.zone())
    dates = [answer for answer in answers if isinstance(answer, tuple)]
    labels = [answer for answer in answers if isinstance(answer, str)]
    kind = draft.pop("kind", "date" if dates else "single" if labels else "yesno")
    day, hour = closes.date(), closes.time()
    poll = polls.propose(author, Question(question, day, hour, kind=kind, labels=labels, dates=dates, **draft))
    if is_open:
        polls.open_poll(poll, author, day, hour)
    db.session.commit()
    return poll


def make_task(author: Member, title: str = "Imprimer douze affiches A3", *people: Member, **different: Any) -> Task:
    """A task, given to `people` whoever writes it; `status` and `done_at` may be those of its later life."""
    later = {name: different.pop(name) for name in ("status", "done_at") if name in different}
    task = tasks.write(author, TaskDraft(title=title, **different))
    task.people = list(people)
    for name, value in later.items():
        setattr(task, name, value)
    db.session.commit()
    return task


def make_presence(author: Member, network: str = "facebook", handle: str = "@beche", **different: Any) -> Presence:
    presence = networks.write(author, PresenceDraft(network=network, handle=handle, **different))
    db.session.commit()
    return presence
