"""The first page, and the list of everything else for the phone."""

from datetime import date, datetime, timedelta

from flask import Blueprint, render_template
from flask_login import current_user
from markupsafe import Markup

from assoc_intranet.association import queries as association
from assoc_intranet.core import clock
from assoc_intranet.core.access import needs
from assoc_intranet.core.changes import until_change
from assoc_intranet.core.i18n import language
from assoc_intranet.posts import queries as posts
from assoc_intranet.posts.models import Post

from . import feed, waiting

bp = Blueprint("home", __name__)
AT_LEAST = timedelta(days=3)


@bp.get("/")
@needs("home.see")
def show() -> str:
    me = current_user
    day, quarter = clock.today(association.zone()), clock.quarter()
    drawn = _today(me.id, day, quarter, me.previous_visit, language())
    return render_template("home/show.html", drawn=drawn)


@until_change(64)
def _today(_member_id: int, day: date, _quarter: int, since: datetime | None, _language: str) -> Markup:
    """The page of the member who asks: kept for them until something changes, and for a quarter of an hour at most.

    An hour that passes makes a post late, and mails wait without a change being told.
    """
    days = [day + timedelta(days=number) for number in range(7)]
    cards = posts.cards(current_user.role, Post.day.between(days[0], days[-1]))
    context = {
        "day": day,
        "waits": waiting.for_member(current_user, day),
        "week": {one: [card for card in cards if card.day == one] for one in days},
        "cards": [card for card in cards if card.state not in ("done", "off")][:6],
        "lines": feed.since(current_user, since or clock.now() - AT_LEAST),
        "since": since,
    }
    return Markup(render_template("home/today.html", **context))


@bp.get("/more")
@needs("home.see")
def more() -> str:
    return render_template("home/more.html")
