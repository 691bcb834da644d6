"""Answering who forgot their password, and ending what is over: logins, links, counts of tries."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, delete, or_, select

from assoc_intranet.core import audit
from assoc_intranet.core.db import db, writing
from assoc_intranet.core.limits import Attempt, forget_old_attempts
from assoc_intranet.jobs import due

from . import rules
from .models import ABSOLUTE, ADMIN_ABSOLUTE, IDLE, Link, Member, PasswordRequest, Session

KEPT = timedelta(days=30)


@due
def answer_password_requests(_at: datetime) -> None:
    for request_id in _ids(select(PasswordRequest.id).order_by(PasswordRequest.id)):
        with writing():
            member_id = rules.answer_password_request(db.session.get_one(PasswordRequest, request_id))
        audit.note("password.asked", member=member_id)


@due
def end_old_sessions(at: datetime) -> None:
    """A login that is over ends like any other: its open pages are told."""
    for session_id in _ids(select(Session.id).where(_is_over(at))):
        with writing():
            if session := db.session.get(Session, session_id):
                rules.end_session(session, None)


@due
def forget_old_links(at: datetime) -> None:
    old = or_(Link.expires_at <= at - KEPT, Link.used_at <= at - KEPT)
    if _ids(select(Link.id).where(old)):
        with writing():
            db.session.execute(delete(Link).where(old))


@due
def forget_old_tries(at: datetime) -> None:
    if _ids(select(Attempt.id).where(Attempt.until <= at.timestamp())):
        with writing():
            forget_old_attempts()


def _ids(query: Select[int]) -> list[int]:
    return list(db.session.scalars(query))


def _is_over(at: datetime) -> ColumnElement[bool]:
    """What `Session.is_over` says, for the database."""
    admins = select(Member.id).where(Member.is_admin)
    return or_(
        Session.seen_at <= at - IDLE,
        Session.created_at <= at - ABSOLUTE,
        and_(Session.created_at <= at - ADMIN_ABSOLUTE, Session.member_id.in_(admins)),
    )
