"""The first page, and the list of everything else for the phone."""

from datetime import timedelta

from flask import Blueprint, render_template
from flask_login import current_user

from assoc_intranet.association import queries as association
from assoc_intranet.core import clock
from assoc_intranet.core.access import needs
from assoc_intranet.posts import queries as posts
from assoc_intranet.posts.models import Post

from . import feed, waiting

bp = Blueprint("home", __name__)
AT_LEAST = timedelta(days=3)


@bp.get("/")
@needs("home.see")
def show() -> str:
    today = clock.today(association.zone())
    days = [today + timedelta(days=number) for number in range(7)]
    cards = posts.cards(current_user.role, Post.day.between(days[0], days[-1]))
    since = current_user.previous_visit
    return render_template(
        "home/show.html",
        day=today,
        waits=waiting.for_member(current_user, today),
        week={day: [card for card in cards if card.day == day] for day in days},
        cards=[card for card in cards if card.state not in ("done", "off")][:6],
        lines=feed.since(current_user, since or clock.now() - AT_LEAST),
        since=since,
    )


@bp.get("/more")
@needs("home.see")
def more() -> str:
    return render_template("home/more.html")
