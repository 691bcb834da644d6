"""People and things for tests, saved at once. Each takes only what a test wants to be different."""

from datetime import date, time
from typing import Any

from assoc_intranet.association.models import Association
from assoc_intranet.core.clock import now
from assoc_intranet.core.db import db
from assoc_intranet.members.models import Member
from assoc_intranet.members.passwords import hash_password
from assoc_intranet.posts import rules as posts
from assoc_intranet.posts.models import Post
from assoc_intranet.posts.rules import Draft

PASSWORD = "trois mots jolis"
_HASH = hash_password(PASSWORD)


def save(thing: Any) -> Any:
    db.session.add(thing)
    db.session.commit()
    return thing


def make_association(**different: Any) -> Association:
    return save(Association(**{"name": "La Bêche & le Tournevis", **different}))


def make_member(name: str = "Denise Noël", **different: Any) -> Member:
    email = name.split()[0].lower().replace("é", "e") + "@exemple.org"
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
