"""The list of votes, one vote, and writing its draft."""

from typing import Any

from flask import Blueprint, Response, abort, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from assoc_intranet.core.access import can, needs
from assoc_intranet.core.db import commit
from assoc_intranet.core.forms import read_form
from assoc_intranet.core.html import reply
from assoc_intranet.live import Rendered

from .. import fragments, queries, rules
from ..forms import FORMS, PollForm, ballot_form
from ..models import Ballot, Poll

bp = Blueprint("polls", __name__, url_prefix="/polls")


@bp.get("")
@needs("poll.list")
def index() -> str:
    page = request.args.get("page", 1, type=int)
    page = page if 0 < page < 10_000 else 1
    closed, more = queries.closed(page)
    return render_template(
        "polls/index.html",
        to_vote=queries.to_vote(current_user),
        open_now=queries.open_others(current_user),
        drafts=fragments.drafts() if can("poll.propose") else None,
        closed=closed,
        page=page,
        more=more,
    )


@bp.get("/new")
@needs("poll.propose")
def new() -> str:
    """The kinds to choose from; with `?kind=`, the form of that kind."""
    kind = FORMS.get(request.args.get("kind", ""))
    if kind is None:
        return render_template("polls/kinds.html")
    form = kind()
    form.fill(None)
    return render_template("polls/editor.html", form=form, poll=None)


@bp.post("")
@needs("poll.propose")
def create() -> Response:
    form = read_form(_kind(request.form.get("kind", "")), "polls/editor.html", poll=None)
    poll = rules.propose(current_user, form.draft(), op_id=form.op_id.data or None)
    commit()
    return reply(url_for(".show", poll_id=poll.id), saying=_("“%(title)s” is proposed.", title=poll.question))


@bp.get("/<int:poll_id>")
@needs("poll.see", queries.one)
def show(poll: Poll) -> str:
    ballot = queries.ballot_of(poll, current_user)
    form = ballot_form(poll)(of=poll)
    form.fill(ballot)
    return render_template("polls/show.html", form=form, **around(poll, ballot))


@bp.get("/<int:poll_id>/draft")
@needs("poll.edit", queries.draft)
def edit(poll: Poll) -> str:
    form = FORMS[poll.kind](obj=poll, of=poll)
    form.fill(poll)
    return render_template("polls/editor.html", form=form, poll=poll)


@bp.post("/<int:poll_id>/draft")
@needs("poll.edit", queries.one)
def save(poll: Poll) -> Response:
    form = read_form(FORMS[poll.kind], "polls/editor.html", of=poll, poll=poll)
    rules.rewrite(poll, current_user, form.version.data or 0, form.draft())
    commit()
    return reply(url_for(".show", poll_id=poll.id), saying=_("Saved."))


@bp.post("/<int:poll_id>/removal")
@needs("poll.edit", queries.one)
def discard(poll: Poll) -> Response:
    title = poll.question
    rules.discard(poll, current_user)
    commit()
    return reply(url_for(".index"), saying=_("The draft “%(title)s” is gone.", title=title))


def around(poll: Poll, ballot: Ballot | None) -> dict[str, Any]:
    """What stands around the ballot of a vote, for this member."""
    return {
        "poll": poll,
        "ballot": ballot,
        "status": fragments.status(poll.id),
        "turnout": fragments.turnout(poll.id),
        "story": fragments.story(poll.id),
        "results": results(poll),
        "tally": queries.tallied(poll, queries.ballots(poll)) if poll.is_closed else None,
    }


def results(poll: Poll) -> list[Rendered | None]:
    """The figures and the named ballots, if they are for this member now."""
    if not queries.shows_results(poll, current_user):
        return []
    return [fragments.figures(poll.id), fragments.ballots(poll.id)]


def _kind(name: str) -> type[PollForm]:
    return FORMS.get(name) or abort(400)
