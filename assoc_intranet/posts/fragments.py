"""The pieces of the calendar that are pushed: a day for the team, a day for observers, the tray, the head of a post."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask import render_template
from markupsafe import Markup

from assoc_intranet.association import queries as association
from assoc_intranet.core.changes import Change
from assoc_intranet.core.clock import today
from assoc_intranet.core.db import db
from assoc_intranet.core.html import remembered
from assoc_intranet.live import fragment

from . import queries
from .models import Post
from .month import Month
from .queries import Card, Filters
from .states import path_through

MOVES = ("post.written", "post.imported", "post.edited", "post.moved", "post.state", "post.binned", "post.restored")


def _touched_days(change: Change) -> Iterable[tuple[Any, ...]]:
    return [(date.fromisoformat(day),) for day in change.details["days"] if day]


def _touched_months(change: Change) -> Iterable[tuple[Any, ...]]:
    return {(Month(day.replace(day=1)),) for (day,) in _touched_days(change)}


def _touched_tray(change: Change) -> Iterable[tuple[Any, ...]]:
    return [()] if "" in change.details["days"] else []


def day_context(day: date, cards: tuple[Card, ...], here: date, may_write: bool) -> dict[str, Any]:
    return {"day": day, "cards": cards, "is_today": day == here, "may_write": may_write}


@fragment("posts/_day.html", on=MOVES, topic="members", keys=_touched_days, pure=True)
def team_day(day: date) -> dict[str, Any]:
    return day_context(day, queries.on_day("member", day), today(association.zone()), may_write=True)


@fragment("posts/_day.html", on=MOVES, topic="observers", keys=_touched_days, pure=True)
def observers_day(day: date) -> dict[str, Any]:
    return day_context(day, queries.on_day("observer", day), today(association.zone()), may_write=False)


@remembered(32)
def month_grid(month: Month, by_day: tuple[tuple[date, tuple[Card, ...]], ...], here: date, role: str) -> Markup:
    """The whole month, day by day: drawn once for all who see the same. A phone folds the `past` weeks away."""
    one_day = observers_day if role == "observer" else team_day
    cards = dict(by_day)
    days = {
        day: one_day.render(day_context(day, cards.get(day, ()), here, may_write=role != "observer"))
        for week in month.weeks
        for day in week
        if day in month
    }
    past = sum(week[-1] < here for week in month.weeks) if here in month else 0
    return Markup(render_template("posts/_month.html", month=month, days=days, past=past))


def _total(role: str, month: Month) -> dict[str, Any]:
    return {"month": month, "total": queries.total(role, month), "filters": Filters(), "may_write": role != "observer"}


@fragment("posts/_total.html", on=MOVES, topic="members", keys=_touched_months, pure=True)
def team_total(month: Month) -> dict[str, Any]:
    """How many posts the month has."""
    return _total("member", month)


@fragment("posts/_total.html", on=MOVES, topic="observers", keys=_touched_months, pure=True)
def observers_total(month: Month) -> dict[str, Any]:
    return _total("observer", month)


@fragment("posts/_tray.html", on=MOVES, topic="members", keys=_touched_tray, pure=True)
def tray() -> dict[str, Any]:
    return {"cards": queries.undated("member")}


@fragment("posts/_steps.html", on=("post.state",), topic="members")
def steps(post_id: int) -> dict[str, Any] | None:
    """How far the post has come."""
    post = db.session.get(Post, post_id)
    return {"post": post, "path": path_through(post.state)} if post else None


@fragment("posts/_saved.html", on=("post.edited", "post.moved"), topic="members")
def saved(post_id: int) -> dict[str, Any] | None:
    """Which version stands, and who saved it: a page that shows an older one says so."""
    post = db.session.get(Post, post_id)
    return {"post": post} if post else None


@remembered(32)
def filter_form(
    month: Month, filters: Filters, offered: tuple[str, ...], people: tuple[tuple[int, str], ...]
) -> Markup:
    context = {"month": month, "filters": filters, "offered": offered, "people": people}
    return Markup(render_template("posts/_filters.html", **context))


@remembered(64)
def month_head(month: Month, filters: Filters, total: int, filtering: bool, may_write: bool) -> Markup:
    context = {"month": month, "filters": filters, "total": total, "filtering": filtering, "may_write": may_write}
    return Markup(render_template("posts/_month_head.html", **context))


@remembered(4)
def month_foot(may_write: bool) -> Markup:
    return Markup(render_template("posts/_month_foot.html", may_write=may_write))
