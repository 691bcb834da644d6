"""Logins: opened, proved again, ended."""

import secrets

from assoc_intranet.core.changes import publish
from assoc_intranet.core.clock import now
from assoc_intranet.core.db import db

from .. import queries
from ..models import Member, Session
from .links import use_link


def open_session(member: Member, device: str) -> str:
    """Log a member in: the token to keep in their cookie."""
    token = secrets.token_urlsafe(32)
    at = now()
    visits = [member.visited_at, *(other.seen_at for other in member.sessions)]
    session = Session(
        token_hash=queries.digest(token),
        device=device,
        created_at=at,
        seen_at=at,
        proved_at=at,
        before_at=max(filter(None, visits), default=None),
    )
    member.sessions.append(session)
    db.session.flush()
    member.session_id = session.id
    return token


def log_in_once(token: str) -> Member:
    """The member whom a single-use login link lets in."""
    member = use_link(token, "login").member
    assert member is not None, "a login link is somebody's"  # noqa: S101 (drawn so, and the constraint keeps it)
    return member


def prove(member: Member) -> None:
    """The password was typed again in this session."""
    db.session.get_one(Session, member.session_id).proved_at = now()


def end_session(session: Session, actor: Member | None) -> None:
    """End one login: its streams close, its cookie opens nothing any more."""
    session.member.visited_at = session.seen_at
    publish("access.ended", session, actor, member=session.member_id)
    db.session.delete(session)


def end_sessions(member: Member, actor: Member, but: int | None = None) -> None:
    """Log a member out everywhere, except from session `but`."""
    for session in list(member.sessions):
        if session.id != but:
            end_session(session, actor)
