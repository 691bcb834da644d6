"""A forgotten password: a link by mail, or from the administrator, that opens once for an hour."""

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext as _

from assoc_intranet.association import queries as association
from assoc_intranet.core.access import public
from assoc_intranet.core.db import commit, only_reads, start_writing
from assoc_intranet.core.forms import read_form
from assoc_intranet.core.html import reply
from assoc_intranet.core.limits import limiter

from .. import passwords, queries, rules
from ..forms import ForgottenForm, NewPasswordForm
from ..login import log_in, mark_of

bp = Blueprint("passwords", __name__, url_prefix="/password")


@bp.get("")
@public
def forgotten() -> str:
    return render_template("members/forgotten.html", form=ForgottenForm())


@bp.post("")
@public
@limiter.limit("3 per 15 minutes", key_func=lambda: "password " + mark_of(request.form.get("email", "")))
@limiter.limit("20 per 15 minutes")
def ask() -> str:
    """The same words and the same work whether the address is known or not."""
    form = read_form(ForgottenForm, "members/forgotten.html")
    rules.ask_password_link(form.email.data)
    commit()
    return render_template("members/asked.html")


@bp.get("/new")
@public
def choose() -> str:
    code = request.args.get("code", "")
    person = queries.holder(code, "password")
    return render_template("members/new_password.html", form=NewPasswordForm(), code=code, person=person)


@bp.post("/new")
@public
@only_reads
@limiter.limit("20 per 15 minutes")
def save() -> Response:
    code = request.form.get("code", "")
    person = queries.holder(code, "password")
    form = read_form(NewPasswordForm, "members/new_password.html", code=code, person=person)
    about = (person.name, person.email) if person else ()
    passwords.check_strength(form.password.data, association.name(), *about)
    hashed = passwords.hash_password(form.password.data)
    start_writing()
    log_in(rules.reset_password(code, hashed))
    commit()
    return reply(url_for("home.show"), saying=_("Your new password is saved."))
