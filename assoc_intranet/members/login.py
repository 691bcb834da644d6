"""Logging in with Flask-Login: the cookie holds a token, the sessions are rows, and ending a row ends the login."""

from datetime import timedelta

from flask import Flask, g, request, session, url_for
from flask_login import LoginManager, login_user
from sqlalchemy import update

from assoc_intranet.core.clock import now
from assoc_intranet.core.db import SAFE_METHODS, db
from assoc_intranet.core.errors import to_login
from assoc_intranet.live.hub import Subscriber
from assoc_intranet.live.registry import topics_for

from . import queries, rules
from .models import Member, Session

SEEN_EVERY = timedelta(minutes=10)
manager = LoginManager()


def init_app(app: Flask) -> None:
    manager.init_app(app)
    manager.session_protection = None
    app.extensions["stream_rights"] = stream_rights

    @manager.user_loader
    def load(token: str) -> Member | None:
        member = queries.by_session(token)
        if member is not None:
            g.session_id = member.session_id
        return member

    @manager.unauthorized_handler
    def unauthorized() -> object:
        return to_login(url_for("login.show", next=_here()))

    @app.teardown_request
    def note_visit(_error: BaseException | None) -> None:
        """Remember that the session is in use, on a connection of its own, once the request's transaction is over."""
        session_id = g.get("session_id")
        if session_id is None:
            return
        db.session.remove()
        with db.engine.connect() as connection:
            old = Session.seen_at < now() - SEEN_EVERY
            if connection.scalar(
                Session.__table__.select().with_only_columns(Session.id).where(Session.id == session_id, old)
            ):
                g.writing = True
                connection.rollback()
                connection.execute(update(Session).where(Session.id == session_id).values(seen_at=now()))
                connection.commit()


def log_in(member: Member) -> None:
    """Open a session of this member and write its token in a fresh cookie."""
    token = rules.open_session(member, device_words(request.user_agent.string))
    session.clear()
    member.get_id = lambda: token  # type: ignore[attr-defined]
    login_user(member)


def device_words(agent: str) -> str:
    """`Firefox, Android`: enough for a person to recognise their own device."""
    browsers = (
        ("Firefox", "Firefox"),
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Chrome", "Chrome"),
        ("Safari", "Safari"),
    )
    systems = (
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "Mac"),
    )
    browser = next((name for mark, name in browsers if mark in agent), "")
    system = next((name for mark, name in (*systems, ("Linux", "Linux")) if mark in agent), "")
    return ", ".join(filter(None, (browser, system))) or "?"


def stream_rights(subscriber: Subscriber) -> frozenset[str] | None:
    """What an open stream may read now; None when its session or its member is over."""
    row = db.session.get(Session, subscriber.session_id)
    if row is None or not row.member.is_active:
        return None
    return topics_for(row.member)


def _here() -> str:
    return request.full_path.rstrip("?") if request.method in SAFE_METHODS else ""
