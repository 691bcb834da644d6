"""Voting, and taking the ballots away as a file."""

from functools import partial

from flask import Response, make_response, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from assoc_intranet.core.access import needs
from assoc_intranet.core.db import commit
from assoc_intranet.core.forms import read_form
from assoc_intranet.core.html import reply
from assoc_intranet.live import Rendered

from .. import fragments, queries, rules
from ..export import as_csv
from ..forms import ballot_form
from ..models import Poll
from .polls import around, bp, results


@bp.post("/<int:poll_id>/ballot")
@needs("poll.vote", queries.opened)
def cast_ballot(poll: Poll) -> Response:
    before = queries.ballot_of(poll, current_user)
    form = read_form(ballot_form(poll), "polls/show.html", of=poll, around=partial(around, poll, before))
    rules.cast_ballot(poll, current_user, form.answers, form.reason.data or "", form.op_id.data or None)
    commit()
    return reply(
        url_for(".show", poll_id=poll.id),
        _my_ballot(poll),
        fragments.turnout(poll.id),
        *results(poll),
        saying=_("Your ballot is in. You can change it until the close."),
    )


@bp.get("/<int:poll_id>/results.csv")
@needs("poll.see", queries.with_results)
def export(poll: Poll) -> Response:
    answer = make_response(as_csv(poll, queries.ballots(poll)))
    answer.headers["Content-Type"] = "text/csv; charset=utf-8"
    name = f"{_('vote')}-{poll.id}.csv"
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


def _my_ballot(poll: Poll) -> Rendered:
    ballot = queries.ballot_of(poll, current_user)
    form = ballot_form(poll)(None, of=poll)
    form.fill(ballot)
    return Rendered(render_template("polls/_my_ballot.html", poll=poll, form=form, ballot=ballot))
