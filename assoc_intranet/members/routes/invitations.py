"""Inviting by a link to copy or to mail, and coming in through it."""

from flask import Blueprint, Response, render_template, request, url_for
from flask_login import current_user

from assoc_intranet.core.access import needs, public
from assoc_intranet.core.db import commit
from assoc_intranet.core.forms import read_form
from assoc_intranet.core.html import reply
from assoc_intranet.core.limits import limiter

from .. import passwords, queries, rules
from ..forms import JoinForm
from ..login import log_in

bp = Blueprint("invitations", __name__)


@bp.post("/invitations")
@needs("member.invite")
def create() -> str:
    _link, token = rules.invite(current_user, role="member")
    commit()
    return render_template("members/invited.html", url=url_for(".show", code=token, _external=True))


@bp.get("/join")
@public
def show() -> str:
    token = request.args.get("code", "")
    known = queries.usable_link(token, "invitation") is not None
    return render_template("members/join.html", form=JoinForm(), code=token, known=known)


@bp.post("/join")
@public
@limiter.limit("20 per 15 minutes")
def join() -> Response:
    code = request.form.get("code", "")
    form = read_form(JoinForm, "members/join.html", code=code, known=True)
    passwords.check_strength(form.password.data, form.email.data)
    hashed = passwords.hash_password(form.password.data)
    log_in(rules.accept_invitation(code, form.name.data, form.email.data, hashed))
    commit()
    return reply(url_for("home.show"))
