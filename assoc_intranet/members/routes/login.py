"""Logging in and out."""

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user, logout_user

from assoc_intranet import mail
from assoc_intranet.core import audit, kept
from assoc_intranet.core.access import public
from assoc_intranet.core.db import commit, db, only_reads, start_writing
from assoc_intranet.core.errors import RuleBroken
from assoc_intranet.core.forms import read_form
from assoc_intranet.core.html import reply
from assoc_intranet.core.limits import limiter

from .. import passwords, queries, rules
from ..forms import LoginForm
from ..login import log_in, tries_key
from ..models import Session

bp = Blueprint("login", __name__)


@bp.get("/login")
@public
def show() -> Response | str:
    if current_user.is_authenticated:
        return make_response(redirect(safe_next(request.args.get("next")), 303))
    return render_template("members/login.html", form=LoginForm(), next=request.args.get("next", ""))


@bp.post("/login")
@public
@only_reads
@limiter.limit("10 per 15 minutes", key_func=tries_key)
@limiter.limit("50 per 15 minutes")
def log_in_here() -> Response:
    typed = kept.read(request.form.get("kept"))
    form = read_form(LoginForm, "members/login.html", next=request.form.get("next", ""), kept=typed)
    password = form.password.data
    member = queries.by_email(form.email.data)
    if not rules.check_password(member, password) or member is None:
        audit.note("login.failed", member=member.id if member else None)
        raise RuleBroken(_("This address and this password do not go together."), "password")
    fresh_hash = passwords.hash_password(password) if passwords.is_outdated(member.password_hash) else None
    start_writing()
    member.password_hash = fresh_hash or member.password_hash
    log_in(member, lasting=not form.shared.data)
    commit()
    if typed:
        return make_response(render_template("members/resume.html", kept=typed))
    return reply(safe_next(request.form.get("next")))


@bp.get("/login/once")
@public
def show_once() -> str:
    """Opening the link uses nothing up: mail servers and messengers look at links before people do."""
    code = request.args.get("code", "")
    return render_template("members/once.html", code=code, person=queries.holder(code, "login"))


@bp.post("/login/once")
@public
@limiter.limit("20 per 15 minutes")
def log_in_once() -> Response:
    log_in(rules.log_in_once(request.form.get("code", "")))
    commit()
    return reply(url_for("home.show"))


@bp.post("/logout")
@public
def log_out() -> Response:
    """Also for who is already out: their wish is granted."""
    if current_user.is_authenticated:
        rules.end_session(db.session.get_one(Session, current_user.session_id), current_user)
        commit()
    logout_user()
    return reply(url_for("login.show"))


def safe_next(target: str | None) -> str:
    """`target` when it is a path of ours, else the home page."""
    return target if target and kept.is_local(target) else url_for("home.show")


@bp.app_context_processor
def way_back() -> dict[str, object]:
    return {"can_mail": mail.can_send}
