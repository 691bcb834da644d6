"""The bin: what was deleted stays there for 30 days."""

from flask import Response, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from assoc_intranet.core.access import needs
from assoc_intranet.core.db import commit
from assoc_intranet.core.html import reply

from .. import queries, rules
from ..models import BIN, Post
from .posts import bp


@bp.get("/posts/bin")
@needs("post.write")
def show_bin() -> str:
    return render_template("posts/bin.html", posts=queries.in_bin(current_user), bin_days=BIN)


@bp.post("/posts/<int:post_id>/bin")
@needs("post.discard", queries.one)
def discard(post: Post) -> Response:
    rules.discard(post, current_user)
    commit()
    return reply(url_for(".calendar"), saying=_("“%(title)s” is in the bin for 30 days.", title=post.title))


@bp.post("/posts/<int:post_id>/restoration")
@needs("post.discard", queries.binned)
def restore(post: Post) -> Response:
    rules.restore(post, current_user)
    commit()
    return reply(url_for(".show", post_id=post.id), saying=_("“%(title)s” is back.", title=post.title))
