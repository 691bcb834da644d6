"""Moving a post through its states."""

from flask import Response, url_for
from flask_babel import gettext as _
from flask_login import current_user

from assoc_intranet.core.access import needs
from assoc_intranet.core.db import commit
from assoc_intranet.core.forms import read_form
from assoc_intranet.core.html import reply

from .. import queries, rules
from ..forms import StateForm
from ..models import Post
from ..states import LABELS
from .posts import bp


@bp.post("/posts/<int:post_id>/state")
@needs("post.step", queries.one)
def change_state(post: Post) -> Response:
    form = read_form(StateForm, "errors/error.html", title=_("We did not understand"), sentence="", status=422)
    rules.change_state(post, current_user, form.state.data or "")
    commit()
    return reply(url_for(".show", post_id=post.id), saying=_("This post is now “%(state)s”.", state=LABELS[post.state]))
