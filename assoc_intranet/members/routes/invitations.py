"""Inviting by a link to copy or to mail, and coming in through it."""

from uuid import uuid4

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from assoc_intranet import mail
from assoc_intranet.association import queries as association
from assoc_intranet.core.access import needs, public
from assoc_intranet.core.db import commit, only_reads, start_writing
from assoc_intranet.core.forms import read_form
from assoc_intranet.core.html import reply
from assoc_intranet.core.limits import limiter

from .. import passwords, queries, rules
from ..forms import InvitationForm, JoinForm
from ..login import log_in
from ..models import Link

bp = Blueprint("invitations", __name__)


@bp.get("/invitations")
@needs("member.invite")
def index() -> str:
    form = InvitationForm()
    form.op_id.data = str(uuid4())
    return render_template("members/invitations.html", form=form, pending=queries.pending_invitations())


@bp.post("/invitations")
@limiter.limit("60 per hour")  # first: it counts on a connection of its own, and the gate takes the write lock
@needs("member.invite")
def create() -> Response:
    form = read_form(InvitationForm, "members/invitations.html", pending=queries.pending_invitations())
    link, token = rules.invite(current_user, form.role.data, form.email.data, form.op_id.data)
    commit()
    return _handed(link, token)


@bp.post("/invitations/<int:link_id>/renewal")
@needs("invitation.manage", queries.invitation)
def renew(link: Link) -> Response:
    fresh, token = rules.renew(link, current_user)
    commit()
    return _handed(fresh, token)


@bp.post("/invitations/<int:link_id>/revocation")
@needs("invitation.manage", queries.invitation)
def revoke(link: Link) -> Response:
    rules.revoke(link, current_user)
    commit()
    return reply(url_for(".index"), saying=_("This invitation no longer opens anything."))


@bp.get("/join")
@public
def show() -> str:
    code = request.args.get("code", "")
    link = queries.usable_link(code, "invitation")
    form = JoinForm(email=link.email if link else None)
    return render_template("members/join.html", form=form, code=code, known=link is not None)


@bp.post("/join")
@public
@only_reads
@limiter.limit("20 per 15 minutes")
def join() -> Response:
    code = request.form.get("code", "")
    known = queries.usable_link(code, "invitation") is not None
    form = read_form(JoinForm, "members/join.html", code=code, known=known)
    about = (form.name.data, form.email.data)
    passwords.check_strength(form.password.data, association.name(), *about)
    hashed = passwords.hash_password(form.password.data)
    start_writing()
    log_in(rules.accept_invitation(code, *about, hashed))
    commit()
    return reply(url_for("home.show"))


def _handed(link: Link, token: str) -> Response:
    """The link is shown now and never again: only its hash is kept."""
    url = mail.copyable_url("invitations.show", code=token)
    page = render_template(
        "members/invited.html", invitation=link, url=url, mailed=bool(link.email) and mail.can_send()
    )
    return make_response(page, 200, {"HX-Push-Url": "false"})
