"""The members: their list, a page for each, and what an administrator changes there."""

from functools import partial

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from assoc_intranet import mail
from assoc_intranet.association import queries as association
from assoc_intranet.core.access import can, needs
from assoc_intranet.core.clock import local
from assoc_intranet.core.db import commit
from assoc_intranet.core.forms import read_form
from assoc_intranet.core.html import reply
from assoc_intranet.live import Rendered, fragment

from .. import queries, rules
from ..forms import RightsForm
from ..models import ROLES, Member
from ..proof import proved

bp = Blueprint("members", __name__, url_prefix="/members")


@fragment(
    "members/_tags.html",
    on=("member.joined", "member.rights", "member.left", "member.returned", "member.edited"),
    topic="directory",
)
def tags(member_id: int) -> dict[str, object] | None:
    member = queries.by_id(member_id)
    return {"member": member} if member else None


def tags_of(member: Member) -> Rendered:
    """For a list that has its people already."""
    return tags.render({"member": member})


@bp.get("")
@needs("member.list")
def index() -> str:
    words, role = request.args.get("q", "")[:80], request.args.get("role", "")
    role = role if role in ROLES else ""
    everyone = queries.active()
    return render_template(
        "members/index.html",
        members=queries.found(words, role),
        total=len(everyone),
        voters=sum(member.may_vote for member in everyone),
        former=queries.former() if can("member.manage") else [],
        pending=queries.pending_invitations() if can("member.invite") else [],
        tags=tags_of,
        words=words,
        role=role,
    )


@bp.get("/<int:member_id>")
@needs("member.see", queries.one)
def show(member: Member) -> str:
    return render_template("members/show.html", form=RightsForm(obj=member, of=member), **about(member))


@bp.post("/<int:member_id>/rights")
@proved
@needs("member.manage", queries.one)
def set_rights(member: Member) -> Response:
    form = read_form(RightsForm, "members/show.html", of=member, around=partial(about, member))
    rules.set_rights(member, current_user, form.role.data, form.may_vote.data, form.is_admin.data)
    commit()
    return reply(url_for(".show", member_id=member.id), saying=_("Saved."))


@bp.post("/<int:member_id>/deactivation")
@proved
@needs("member.manage", queries.one)
def deactivate(member: Member) -> Response:
    rules.deactivate(member, current_user)
    commit()
    return reply(url_for(".index"), saying=_("The account of %(name)s is closed.", name=member.name))


@bp.post("/<int:member_id>/reactivation")
@proved
@needs("member.manage", queries.one)
def reactivate(member: Member) -> Response:
    rules.reactivate(member, current_user)
    commit()
    return reply(url_for(".show", member_id=member.id), saying=_("%(name)s can log in again.", name=member.name))


@bp.post("/<int:member_id>/password-link")
@proved
@needs("member.manage", queries.one)
def draw_password_link(member: Member) -> Response:
    token = rules.draw_password_link(member, current_user)
    commit()
    url = mail.copyable_url("passwords.choose", code=token)
    page = render_template("members/password_link.html", member=member, url=url)
    return make_response(page, 200, {"HX-Push-Url": "false"})


def about(member: Member) -> dict[str, object]:
    since = local(member.joined_at, association.zone()).date()
    return {
        "member": member,
        "tags": tags_of(member),
        "since": since,
        "seen_at": queries.last_seen(member),
    }
