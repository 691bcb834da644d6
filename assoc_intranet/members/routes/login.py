"""Logging in and out."""

from urllib.parse import urlsplit

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user, logout_user

from assoc_intranet.core.access import needs, public
from assoc_intranet.core.db import commit, db, only_reads, start_writing
from assoc_intranet.core.errors import RuleBroken
from assoc_intranet.core.forms import read_form
from assoc_intranet.core.html import reply
from assoc_intranet.core.limits import limiter

from .. import queries, rules
from ..forms import LoginForm
from ..login import log_in
from ..models import Session

bp = Blueprint("login", __name__)


@bp.get("/login")
@public
def show() -> Response | str:
    if current_user.is_authenticated:
        return redirect(url_for("home.show"), 303)
    return render_template("members/login.html", form=LoginForm(), next=request.args.get("next", ""))


@bp.post("/login")
@public
@only_reads
@limiter.limit(
    "10 per 15 minutes", key_func=lambda: "login " + request.form.get("email", "").strip().casefold()[:200]
)
@limiter.limit("50 per 15 minutes")
def log_in_here() -> Response:
    form = read_form(LoginForm, "members/login.html", next=request.form.get("next", ""))
    member = queries.by_email(form.email.data)
    if not rules.check_password(member, form.password.data):
        raise RuleBroken(_("This address and this password do not go together."), "password")
    start_writing()
    log_in(member)
    commit()
    return reply(safe_next(request.form.get("next")))


@bp.post("/logout")
@needs("session.end")
def log_out() -> Response:
    session = db.session.get_one(Session, current_user.session_id)
    rules.end_session(session, current_user)
    commit()
    logout_user()
    return reply(url_for("login.show"))


def safe_next(target: str | None) -> str:
    """`target` when it is a path of ours, else the home page: a link must not lead anywhere else after a login."""
    if target and target.startswith("/") and not target.startswith(("//", "/\\")) and "\\" not in target:
        parts = urlsplit(target)
        if not parts.scheme and not parts.netloc and target.isprintable():
            return target
    return url_for("home.show")
