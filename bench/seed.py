"""A database to measure on: a team, their tasks, an open vote, and posts over ten years, sixty in the month shown."""

from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any, NamedTuple

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import insert

from assoc_intranet import create_app
from assoc_intranet.association.models import Association
from assoc_intranet.core.clock import moment, now
from assoc_intranet.core.db import db, writing
from assoc_intranet.members import rules as members
from assoc_intranet.members.models import Member
from assoc_intranet.migrations import upgrade
from assoc_intranet.networks.kinds import KINDS
from assoc_intranet.polls import rules as polls
from assoc_intranet.posts.models import Post, Variant
from assoc_intranet.posts.states import State
from assoc_intranet.tasks import rules as tasks

MONTH = date(2026, 11, 1)
SHOWN = PEOPLE = TASKS = 60
ZONE = "Europe/Brussels"
STATES = [str(state) for state in State]


class Seeded(NamedTuple):
    """The cookies of members who are logged in, a coordinator's first; posts of the month that may still be moved;
    a vote and the ids of its answers.
    """

    cookies: list[str]
    movable: list[int]
    poll_id: int
    options: list[int]


def seed(posts: int, **settings: str) -> Seeded:
    """Fill the empty database of these settings. The same data each time."""
    app = create_app(environ=settings)
    upgrade(app)
    random = Random(7)  # noqa: S311
    with app.app_context():
        with writing():
            db.session.add(Association(name="La Bêche & le Tournevis"))
            people = [_member(number) for number in range(PEOPLE)]
            db.session.add_all(people)
            db.session.flush()
            movable = _add_posts(posts, random, [person.id for person in people])
            for number in range(TASKS):
                due = MONTH + timedelta(days=number % 30)
                holder = frozenset({random.choice(people).id})
                tasks.write(people[0], tasks.Draft(f"Tâche {number} : affiche et relances", due=due, people_ids=holder))
        with writing():
            question = polls.Draft("Une braderie en mai ?", now().date() + timedelta(days=30), time(20))
            poll = polls.propose(people[0], question)
            polls.open_poll(poll, people[0], question.closes_on, question.closes_hour)
        options = [option.id for option in poll.options]
        with writing():
            for person in people[1:]:
                polls.cast_ballot(poll, person, {random.choice(options): "yes"}, "Oui, si le temps le permet.")
            tokens = [members.open_session(person, "Firefox, Linux") for person in people]
        seeded = Seeded([cookie_of(app, token) for token in tokens], movable, poll.id, options)
        db.session.remove()
        db.engine.dispose()
    return seeded


def _member(number: int) -> Member:
    return Member(
        name=f"Membre {number}",
        email=f"membre{number}@exemple.org",
        password_hash="!",  # noqa: S106 (matches nothing)
        role="coordinator" if number == 0 else "member",
        joined_at=now(),
    )


def _add_posts(count: int, random: Random, people: list[int]) -> list[int]:
    """Row by row past the objects: a hundred thousand of them in seconds. The ids of those shown that may be moved."""
    rows = [_post(number, random, people) for number in range(1, count + 1)]
    db.session.execute(insert(Post), rows)
    networks = [
        (row["id"], network) for row in rows for network in random.sample(list(KINDS), random.choice((1, 1, 2)))
    ]
    db.session.execute(insert(Variant), [{"post_id": post_id, "network": network} for post_id, network in networks])
    if db.engine.dialect.name == "postgresql":
        db.session.execute(db.text("SELECT setval(pg_get_serial_sequence('post', 'id'), :last)"), {"last": count})
    return [row["id"] for row in rows[:SHOWN] if row["state"] in ("idea", "draft", "review")]


def _post(number: int, random: Random, people: list[int]) -> dict[str, Any]:
    """The first sixty fall into the month that is asked for, the others into the ten years before it."""
    day = MONTH + timedelta(days=number % 30) if number <= SHOWN else MONTH - timedelta(days=random.randrange(1, 3650))
    hour = time(random.choice((8, 9, 12, 18)), random.choice((0, 30)))
    at = datetime(2026, 10, 1, tzinfo=UTC)
    return {
        "id": number,
        "title": f"Publication {number} : nouvelles du jardin et de l’atelier",
        "text": "Bonjour à toutes et à tous.",
        "state": random.choice(STATES),
        "day": day,
        "hour": hour,
        "zone": ZONE,
        "due_at": moment(day, hour, ZONE),
        "author_id": random.choice(people),
        "created_at": at,
        "edited_at": at,
    }


def cookie_of(app: Flask, token: str) -> str:
    """What a browser keeps once somebody is logged in with the session of this token."""
    signer: Any = SecureCookieSessionInterface().get_signing_serializer(app)
    return f"session={signer.dumps({'_user_id': token, '_fresh': True, 'csrf_token': '0' * 40})}"
