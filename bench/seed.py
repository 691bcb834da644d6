"""A database to measure on: a team, and posts spread over many months with sixty in the month that is asked for."""

from datetime import date, time, timedelta
from pathlib import Path
from random import Random

from flask.sessions import SecureCookieSessionInterface

from assoc_intranet import create_app
from assoc_intranet.association.models import Association
from assoc_intranet.core.clock import now
from assoc_intranet.core.db import db, writing
from assoc_intranet.members import rules as members
from assoc_intranet.members.models import Member
from assoc_intranet.migrations import upgrade
from assoc_intranet.networks.kinds import KINDS
from assoc_intranet.posts.models import Post, Variant
from assoc_intranet.posts.states import State

MONTH = date(2026, 11, 1)
SHOWN = 60
STATES = list(State)


def seed(folder: Path, posts: int) -> str:
    """Fill a new SQLite database in `folder`; the cookie of a coordinator who is logged in."""
    app = create_app(environ={"DATA_DIR": str(folder)})
    upgrade(app)
    random = Random(7)  # noqa: S311 (the same data each time)
    with app.app_context(), writing():
        db.session.add(Association(name="La Bêche & le Tournevis"))
        people = [_member(number) for number in range(25)]
        db.session.add_all(people)
        db.session.flush()
        for number in range(posts):
            db.session.add(_post(number, random, people))
        token = members.open_session(people[0], "bench")
    return "session=" + str(_signed(app, {"_user_id": token, "_fresh": True, "csrf_token": "0" * 40}))


def _member(number: int) -> Member:
    return Member(
        name=f"Membre {number}",
        email=f"membre{number}@exemple.org",
        password_hash="!",  # noqa: S106 (matches nothing)
        role="coordinator" if number == 0 else "member",
        joined_at=now(),
    )


def _post(number: int, random: Random, people: list[Member]) -> Post:
    """The first sixty fall into the month that is asked for, the others into the ten years before it."""
    day = MONTH + timedelta(days=number % 30) if number < SHOWN else MONTH - timedelta(days=random.randrange(1, 3650))
    post = Post(
        title=f"Publication {number} : nouvelles du jardin et de l’atelier",
        text="Bonjour à toutes et à tous.",
        state=random.choice(STATES),
        zone="Europe/Brussels",
        author_id=random.choice(people).id,
        created_at=now(),
        edited_at=now(),
        variants=[Variant(network=network) for network in random.sample(list(KINDS), random.choice((1, 1, 2)))],
    )
    post.plan(day, time(random.choice((8, 9, 12, 18)), random.choice((0, 30))))
    return post


def _signed(app: object, values: dict[str, object]) -> object:
    serializer = SecureCookieSessionInterface().get_signing_serializer(app)  # type: ignore[arg-type]
    return serializer.dumps(values) if serializer else None
