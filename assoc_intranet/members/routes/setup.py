"""The first run: whoever holds the printed code names the association and becomes its first member."""

from flask import Blueprint, Response, render_template, request, url_for

from assoc_intranet.core.access import public
from assoc_intranet.core.db import commit, only_reads, start_writing
from assoc_intranet.core.forms import read_form
from assoc_intranet.core.html import reply
from assoc_intranet.core.limits import limiter

from .. import passwords, queries, rules
from ..forms import FoundForm
from ..login import log_in

bp = Blueprint("setup", __name__, url_prefix="/setup")


@bp.get("")
@public
def show() -> str:
    code = request.args.get("code", "")
    known = queries.usable_link(code, "setup") is not None
    return render_template("members/setup.html", form=FoundForm(), code=code, known=known)


@bp.post("")
@public
@only_reads
@limiter.limit("20 per 15 minutes")
def found() -> Response:
    code = request.form.get("code", "")
    known = queries.usable_link(code, "setup") is not None
    form = read_form(FoundForm, "members/setup.html", code=code, known=known)
    about = (form.association.data, form.name.data, form.email.data)
    passwords.check_strength(form.password.data, *about)
    hashed = passwords.hash_password(form.password.data)
    start_writing()
    log_in(rules.found(code, *about, hashed))
    commit()
    return reply(url_for("home.show"))
