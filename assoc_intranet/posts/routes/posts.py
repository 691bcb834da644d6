"""Writing and reading one post."""

from functools import partial
from typing import Any
from uuid import uuid4

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from assoc_intranet.association import queries as association
from assoc_intranet.association.zones import city
from assoc_intranet.core.access import can, needs
from assoc_intranet.core.db import commit, only_reads
from assoc_intranet.core.forms import read_form
from assoc_intranet.core.html import reply
from assoc_intranet.core.i18n import typed_day
from assoc_intranet.networks import queries as networks
from assoc_intranet.networks.kinds import KINDS

from .. import fragments, queries, rules
from ..forms import PostForm
from ..models import DEFAULT_HOUR, Post
from ..states import LABELS, next_states

bp = Blueprint("posts", __name__)


@bp.get("/posts/new")
@needs("post.write")
def new() -> str:
    form = PostForm(request.args)
    form.op_id.data = str(uuid4())
    form.holder_id.data = current_user.id
    if form.day.data:
        form.day.typed, form.hour.data = typed_day(form.day.data), DEFAULT_HOUR
    return render_template("posts/editor.html", form=form, **around(None))


@bp.post("/posts")
@needs("post.write")
def create() -> Response:
    form = read_form(PostForm, "posts/editor.html", around=partial(around, None))
    post = rules.write(current_user, form.draft(), form.first_state, op_id=form.op_id.data)
    commit()
    return reply(url_for(".show", post_id=post.id), saying=_("“%(title)s” is in the calendar.", title=post.title))


@bp.get("/posts/<int:post_id>")
@needs("post.see", queries.one)
def show(post: Post) -> str:
    if not can("post.edit", post) or post.is_published:
        return render_template("posts/read.html", **around(post))
    return render_template("posts/editor.html", form=PostForm(obj=post, of=post), **around(post))


@bp.post("/posts/<int:post_id>")
@needs("post.edit", queries.one)
def save(post: Post) -> Response:
    """Save what was typed and, when the button says so, take a step."""
    form = read_form(PostForm, "posts/editor.html", of=post, around=partial(around, post))
    rules.rewrite(post, current_user, form.version.data or 0, form.draft())
    if form.state.data:
        rules.change_state(post, current_user, form.state.data)
    commit()
    now = _("This post is now “%(state)s”.", state=LABELS[post.state])
    return reply(url_for(".show", post_id=post.id), saying=now if form.state.data else _("Saved."))


@bp.post("/posts/counts")
@needs("post.write")
@only_reads
def count() -> str:
    """How long each text is, while it is being typed: the same answer as when it is saved."""
    return render_template("posts/quotas.html", variants=PostForm().variations)


def around(post: Post | None) -> dict[str, Any]:
    """What stands around the text of a post, whoever reads it."""
    used = list(post.own_texts) if post else []
    present = networks.present_kinds()
    context = {
        "post": post,
        "offered": [kind for kind in KINDS if kind in present or kind in used] or list(KINDS),
        "zone_city": city(association.zone()),
    }
    if post is None:
        return context
    is_author, is_coordinator = post.author_id == current_user.id, current_user.role == "coordinator"
    return context | {
        "next_states": next_states(post.state, is_author, is_coordinator),
        "steps": fragments.steps(post.id),
        "saved": fragments.saved(post.id),
    }
