"""Logging in with Flask-Login: the cookie holds a token, the sessions are rows, and ending a row ends the login."""

from contextlib import suppress
from datetime import timedelta

from flask import Flask, Response, g, make_response, render_template, request, session, url_for
from flask_login import LoginManager, current_user, login_user
from sqlalchemy import case, update
from sqlalchemy.exc import SQLAlchemyError

from assoc_intranet.core import audit, kept
from assoc_intranet.core.clock import now
from assoc_intranet.core.db import SAFE_METHODS, db
from assoc_intranet.core.errors import to_login
from assoc_intranet.live.hub import Subscriber
from assoc_intranet.live.registry import topics_for

from . import queries, rules
from .forms import LoginForm
from .models import ABSOLUTE, Member, Session

SEEN_EVERY = timedelta(minutes=10)
VISIT = timedelta(hours=1)
manager = LoginManager()


def init_app(app: Flask) -> None:
    manager.init_app(app)
    manager.session_protection = None
    app.config["PERMANENT_SESSION_LIFETIME"] = ABSOLUTE
    app.config["SESSION_REFRESH_EACH_REQUEST"] = False
    app.extensions["stream_rights"] = stream_rights
    app.teardown_request(note_visit)
    app.after_request(note_refusal)
    manager.unauthorized_handler(ask_login)

    @manager.user_loader
    def load(token: str) -> Member | None:
        found = queries.session_of(token)
        if found is None:
            return None
        g.member_id = found.member_id
        if found.seen_at < now() - SEEN_EVERY:
            g.seen = found.id
        return found.member


def log_in(member: Member, lasting: bool = True) -> None:
    """Open a session of this member and write its token in a fresh cookie, which outlives the browser if `lasting`."""
    before = db.session.get(Session, current_user.session_id) if current_user.is_authenticated else None
    if before is not None:
        rules.end_session(before, member)
    token = rules.open_session(member, device_words(request.user_agent.string))
    session.clear()
    # The token of forged requests was drawn for the cookie that has just been emptied.
    g.pop("csrf_token", None)
    session.permanent = lasting
    session["known"] = mark_of(member.email)
    member.get_id = lambda: token  # type: ignore[attr-defined]
    login_user(member)
    g.member_id = member.id
    audit.note("login", member=member.id)


def mark_of(email: str) -> str:
    """What this browser remembers of who logged in here: their tries are counted apart from everybody else's."""
    return queries.digest(email.strip().casefold())[:16]


def tries_key() -> str:
    """Whose tries a login counts as: nobody can lock out a member who comes from a browser they logged in with."""
    mark = mark_of(request.form.get("email", ""))
    return f"login {mark}{' known' if session.get('known') == mark else ''}"


def ask_login() -> Response:
    """What a visitor gets who asks for more. What was typed is carried by the login page and comes back after it."""
    if request.method in SAFE_METHODS:
        return to_login(url_for("login.show", next=request.full_path.rstrip("?")))
    if _is_aside():
        return make_response("", 401, {"HX-Reswap": "none"})
    typed = kept.of_request()
    page = render_template("members/login.html", form=LoginForm(formdata=None), kept=typed, next="")
    return make_response(page, 401, {"HX-Retarget": "#main", "HX-Reselect": "#main", "HX-Reswap": "outerHTML"})


def _is_aside() -> bool:
    """A question asked while somebody types, such as how long a text is: the page they type in must stay."""
    return request.headers.get("HX-Request-Type") == "partial" and not g.writing


def device_words(agent: str) -> str:
    """`Firefox, Android`: enough for a person to recognise their own device."""
    return ", ".join(filter(None, (_first(agent, BROWSERS), _first(agent, SYSTEMS)))) or "?"


# The order matters: most browsers also say the names of the later ones.
BROWSERS = {
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "Edg": "Edge",
    "OPR/": "Opera",
    "Chrome": "Chrome",
    "CriOS": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS": "Mac",
    "Linux": "Linux",
}


def _first(agent: str, names: dict[str, str]) -> str:
    return next((name for mark, name in names.items() if mark in agent), "")


def stream_rights(subscriber: Subscriber) -> frozenset[str] | None:
    """What an open stream may read now; None when its session or its member is over."""
    row = db.session.get(Session, subscriber.session_id)
    if row is None or not row.member.is_active or row.is_over(now(), row.member.is_admin):
        return None
    return topics_for(row.member)


def note_visit(_error: BaseException | None) -> None:
    """Remember that a session is in use, on a connection of its own, once the request's transaction is over."""
    session_id = g.pop("seen", None)
    if session_id is None:
        return
    # A visit is not worth failing for: the next one is as good.
    with suppress(SQLAlchemyError):
        db.session.remove()
        g.writing = True
        with db.engine.begin() as connection:
            new_visit = Session.seen_at < now() - VISIT
            before = case((new_visit, Session.seen_at), else_=Session.before_at)
            connection.execute(update(Session).where(Session.id == session_id).values(seen_at=now(), before_at=before))


def note_refusal(response: Response) -> Response:
    if response.status_code in (401, 403, 429):
        audit.note(
            "refused",
            status=response.status_code,
            method=request.method,
            path=request.path,
            member=g.get("member_id"),
        )
    return response
