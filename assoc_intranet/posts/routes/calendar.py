"""The month, its tray, and giving a post another day."""

from flask import Response, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup

from assoc_intranet.association import queries as association
from assoc_intranet.core.access import can, needs
from assoc_intranet.core.clock import today
from assoc_intranet.core.db import commit
from assoc_intranet.core.forms import read_form
from assoc_intranet.core.html import reply
from assoc_intranet.core.i18n import day_words
from assoc_intranet.members import queries as members
from assoc_intranet.networks import queries as networks
from assoc_intranet.networks.kinds import KINDS

from .. import fragments, queries, rules
from ..forms import DayForm
from ..models import Post
from ..month import Month
from ..queries import Filters
from .posts import bp


@bp.get("/calendar")
@bp.get("/calendar/<month>")
@needs("post.list")
def calendar(month: str | None = None) -> str:
    """A month: `/calendar/2026-11`, narrowed by `network`, `state` and `author`."""
    shown = Month.read(month, today(association.zone()))
    filters = Filters.read(request.args, KINDS)
    role, may_write = current_user.role, can("post.write")
    by_day = queries.by_day(role, shown, filters)
    filter_form = _filter_form(shown, filters) if filters or "filter" in request.args else None
    total = sum(len(cards) for _day, cards in by_day)
    return render_template(
        "posts/calendar.html",
        month=shown,
        filters=filters,
        head=fragments.month_head(shown, filters, total, filter_form is not None, may_write),
        filter_form=filter_form,
        grid=fragments.month_grid(shown, by_day, today(association.zone()), role),
        tray=fragments.tray.render({"cards": queries.undated(role, filters)}) if role != "observer" else None,
        foot=fragments.month_foot(may_write),
    )


@bp.get("/posts/<int:post_id>/day")
@needs("post.move", queries.one)
def choose_day(post: Post) -> str:
    return render_template("posts/day.html", post=post, form=DayForm(obj=post, of=post))


@bp.post("/posts/<int:post_id>/day")
@needs("post.move", queries.one)
def move(post: Post) -> Response:
    """The one way to another day: dragged, typed or sent back to the tray."""
    form = read_form(DayForm, "posts/day.html", of=post, post=post)
    before = post.day
    rules.move(post, current_user, form.day.data, form.hour.data)
    commit()
    touched = [fragments.team_day(day) for day in {before, post.day} if day]
    if None in (before, post.day):
        touched.append(fragments.tray())
    where = day_words(post.day) if post.day else _("waiting for a day")
    month = Month.read(None, post.day or today(association.zone()))
    return reply(
        url_for(".calendar", month=str(month)),
        *touched,
        saying=_("“%(title)s”: %(where)s.", title=post.title, where=where),
    )


def _filter_form(month: Month, filters: Filters) -> Markup:
    """What the month can be narrowed to, asked for by its link: the networks where we are, and those chosen."""
    present = networks.present_kinds()
    offered = tuple(kind for kind in KINDS if not present or kind in present or kind in filters.networks)
    return fragments.filter_form(month, filters, offered, members.names())
