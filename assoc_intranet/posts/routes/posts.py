"""Writing and reading one post."""

from uuid import uuid4

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from assoc_intranet.core.access import can, needs
from assoc_intranet.core.db import commit, only_reads
from assoc_intranet.core.forms import read_form, unix_lines
from assoc_intranet.core.html import reply
from assoc_intranet.networks.counting import measure
from assoc_intranet.networks.kinds import KINDS

from .. import fragments, queries, rules
from ..forms import DayForm, PostForm
from ..models import DEFAULT_HOUR, Post
from ..states import next_states

bp = Blueprint("posts", __name__)


@bp.get("/posts/new")
@needs("post.write")
def new() -> str:
    form = PostForm(request.args, meta={"csrf": True})
    form.op_id.data = str(uuid4())
    form.holder_id.data = current_user.id
    if form.day.data and not form.hour.data:
        form.hour.data = DEFAULT_HOUR
    return render_template("posts/new.html", form=form)


@bp.post("/posts")
@needs("post.write")
def create() -> Response:
    form = read_form(PostForm, "posts/new.html")
    post = rules.write(current_user, form.draft(own_texts()), op_id=form.op_id.data)
    commit()
    return reply(
        url_for(".show", post_id=post.id), saying=_("“%(title)s” is in the calendar.", title=post.title)
    )


@bp.get("/posts/<int:post_id>")
@needs("post.see", queries.one)
def show(post: Post) -> str:
    if not can("post.edit", post) or post.is_published:
        return render_template("posts/read.html", post=post, **head(post))
    form = PostForm(obj=post, of=post)
    form.networks.data = [variant.network for variant in post.variants]
    return render_template("posts/edit.html", post=post, form=form, **head(post))


@bp.post("/posts/<int:post_id>")
@needs("post.edit", queries.one)
def save(post: Post) -> Response:
    form = read_form(PostForm, "posts/edit.html", of=post, post=post, **head(post))
    rules.rewrite(post, current_user, form.version.data or 0, form.draft(own_texts()))
    commit()
    return reply(url_for(".show", post_id=post.id), saying=_("Saved."))


@bp.post("/posts/counts")
@needs("post.write")
@only_reads
def count() -> str:
    """How long a text is on a network, while it is being typed: the same answer as when it is saved."""
    network = request.form.get("network", "")
    text = unix_lines(request.form.get("text", "")) or ""
    return render_template("posts/_quota.html", network=network, measure=measure(network, text))


def head(post: Post) -> dict[str, object]:
    """What stands around the text of a post, whoever reads it."""
    return {
        "next_states": next_states(
            post.state, post.author_id == current_user.id, current_user.role == "coordinator"
        ),
        "steps": fragments.steps(post.id),
        "saved": fragments.saved(post.id),
        "day_form": DayForm(obj=post, of=post),
    }


def own_texts() -> dict[str, str]:
    """The texts of the networks that were told not to follow the common one."""
    return {
        network: unix_lines(request.form.get(f"text-{network}", "")) or ""
        for network in KINDS
        if request.form.get(f"own-{network}")
    }
