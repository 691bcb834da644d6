"""How people come in, change and leave. Rules change rows and publish; they never commit."""

import secrets
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import delete, select

from assoc_intranet.association.models import Association
from assoc_intranet.core.changes import publish
from assoc_intranet.core.clock import now
from assoc_intranet.core.db import db
from assoc_intranet.core.errors import RuleBroken

from . import passwords, queries
from .models import Link, Member, Session

LIFE = {
    "setup": timedelta(days=30),
    "invitation": timedelta(days=30),
    "password": timedelta(hours=1),
    "login": timedelta(hours=24),
}
DOTS = 8


def draw_link(purpose: str, **about: object) -> tuple[Link, str]:
    """A new single-use link and its token, which is not kept: show it or mail it now."""
    token = secrets.token_urlsafe(24)
    link = Link(
        purpose=purpose,
        token_hash=queries.digest(token),
        created_at=now(),
        expires_at=now() + LIFE[purpose],
        **about,
    )
    db.session.add(link)
    return link, token


def use_link(token: str, purpose: str) -> Link:
    link = queries.usable_link(token, purpose)
    if link is None:
        raise RuleBroken(_("This link was already used or is too old. Ask for a new one."), status=409)
    link.used_at = now()
    return link


def first_setup_link() -> str | None:
    """A fresh code for the first run, or None once somebody is here. Earlier codes stop working."""
    if db.session.scalar(select(Member.id).limit(1)) is not None:
        return None
    db.session.execute(delete(Link).where(Link.purpose == "setup"))
    return draw_link("setup")[1]


def found(token: str, association_name: str, name: str, email: str, password_hash: str) -> Member:
    """The first run: the association and its first member, who coordinates and administers."""
    use_link(token, "setup")
    association = Association(name=association_name)
    db.session.add(association)
    member = enrol(name, email, password_hash, role="coordinator", is_admin=True)
    publish("association.founded", association, member)
    return member


def enrol(name: str, email: str, password_hash: str, role: str, is_admin: bool = False) -> Member:
    email = email.strip().casefold()
    if queries.by_email(email) is not None:
        raise RuleBroken(_("Somebody here already uses this address."), "email")
    count = db.session.query(Member).count()
    member = Member(
        name=name,
        email=email,
        password_hash=password_hash,
        role=role,
        is_admin=is_admin,
        may_vote=role != "observer",
        dot=count % DOTS,
        joined_at=now(),
    )
    db.session.add(member)
    publish("member.joined", member, member)
    return member


def invite(actor: Member, role: str, email: str | None = None) -> tuple[Link, str]:
    link, token = draw_link("invitation", role=role, email=email or None)
    publish("member.invited", link, actor)
    return link, token


def accept_invitation(token: str, name: str, email: str, password_hash: str) -> Member:
    link = use_link(token, "invitation")
    return enrol(name, email, password_hash, role=link.role or "member")


def open_session(member: Member, device: str) -> str:
    """Log a member in: the token to keep in their cookie."""
    token = secrets.token_urlsafe(32)
    session = Session(
        token_hash=queries.digest(token), device=device, created_at=now(), seen_at=now(), member=member
    )
    db.session.add(session)
    db.session.flush()
    member.session_id = session.id
    return token


def end_session(session: Session, actor: Member) -> None:
    publish("access.ended", session, actor, member=session.member_id)
    db.session.delete(session)


def end_sessions(member: Member, actor: Member, but: int | None = None) -> None:
    """Log a member out everywhere, except from session `but`."""
    for session in list(member.sessions):
        if session.id != but:
            end_session(session, actor)


def check_password(member: Member | None, password: str) -> bool:
    """Whether the password is theirs; as slow for a member who does not exist."""
    right = passwords.matches(member.password_hash if member else passwords.nobody(), password)
    return right and member is not None and member.is_active
