"""Finding members, sessions and links."""

import hashlib

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from assoc_intranet.core.clock import now
from assoc_intranet.core.db import db

from .models import Link, Member, Session


def digest(token: str) -> str:
    """What is kept of a token: it has 128 bits of chance or more, so a plain hash cannot be turned back."""
    return hashlib.sha256(token.encode()).hexdigest()


def by_email(email: str) -> Member | None:
    return db.session.scalar(select(Member).where(Member.email == email.strip().casefold()))


def by_session(token: str) -> Member | None:
    """The member logged in with this token, with `session_id` set; None when the session or the member is over."""
    query = select(Session).join(Session.member).options(contains_eager(Session.member))
    session = db.session.scalar(query.where(Session.token_hash == digest(token)))
    if session is None or not session.member.is_active or session.is_over(now(), session.member.is_admin):
        return None
    session.member.session_id = session.id
    return session.member


def usable_link(token: str, purpose: str) -> Link | None:
    link = db.session.scalar(select(Link).where(Link.token_hash == digest(token), Link.purpose == purpose))
    return link if link and link.is_usable(now()) else None


def active() -> list[Member]:
    return list(db.session.scalars(select(Member).where(Member.left_at.is_(None)).order_by(Member.name)))


def one(member: Member, member_id: int) -> Member | None:
    return db.session.get(Member, member_id)
