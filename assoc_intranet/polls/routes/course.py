"""The course of a vote: opening, a later close, closing early, reopening, and its roll."""

from flask import Response, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from assoc_intranet.core.access import needs
from assoc_intranet.core.db import commit
from assoc_intranet.core.forms import read_form
from assoc_intranet.core.html import reply

from .. import queries, rules
from ..forms import CloseForm, ElectorForm, ReasonForm, ReopeningForm
from ..models import Poll
from .polls import bp


@bp.get("/<int:poll_id>/opening")
@needs("poll.open", queries.draft)
def ask_opening(poll: Poll) -> str:
    return render_template("polls/opening.html", poll=poll, form=CloseForm(obj=poll, of=poll))


@bp.post("/<int:poll_id>/opening")
@needs("poll.open", queries.one)
def open_poll(poll: Poll) -> Response:
    form = read_form(CloseForm, "polls/opening.html", of=poll, poll=poll)
    rules.open_poll(poll, current_user, form.closes_on.data, form.closes_hour.data)
    commit()
    return _back(poll, _("The vote is open."))


@bp.get("/<int:poll_id>/extension")
@needs("poll.close", queries.opened)
def ask_extension(poll: Poll) -> str:
    return render_template("polls/extension.html", poll=poll, form=CloseForm(obj=poll, of=poll))


@bp.post("/<int:poll_id>/extension")
@needs("poll.close", queries.opened)
def extend(poll: Poll) -> Response:
    form = read_form(CloseForm, "polls/extension.html", of=poll, poll=poll)
    rules.extend(poll, current_user, form.closes_on.data, form.closes_hour.data)
    commit()
    return _back(poll, _("The vote closes later."))


@bp.get("/<int:poll_id>/closure")
@needs("poll.close", queries.opened)
def ask_closure(poll: Poll) -> str:
    return render_template("polls/closure.html", poll=poll, form=ReasonForm(of=poll))


@bp.post("/<int:poll_id>/closure")
@needs("poll.close", queries.opened)
def close(poll: Poll) -> Response:
    form = read_form(ReasonForm, "polls/closure.html", of=poll, poll=poll)
    rules.close(poll, current_user, form.reason.data)
    commit()
    return _back(poll, _("The vote is closed."))


@bp.get("/<int:poll_id>/reopening")
@needs("poll.close", queries.opened)
def ask_reopening(poll: Poll) -> str:
    return render_template("polls/reopening.html", poll=poll, form=ReopeningForm(of=poll))


@bp.post("/<int:poll_id>/reopening")
@needs("poll.close", queries.opened)
def reopen(poll: Poll) -> Response:
    form = read_form(ReopeningForm, "polls/reopening.html", of=poll, poll=poll)
    rules.reopen(poll, current_user, form.closes_on.data, form.closes_hour.data, form.reason.data)
    commit()
    return _back(poll, _("The vote is open again."))


@bp.get("/<int:poll_id>/electors")
@needs("poll.see", queries.opened)
def roll(poll: Poll) -> str:
    return render_template("polls/roll.html", poll=poll, roll=queries.roll(poll), form=ElectorForm(of=poll))


@bp.post("/<int:poll_id>/electors")
@needs("poll.enrol", queries.opened)
def add_elector(poll: Poll) -> Response:
    form = read_form(ElectorForm, "polls/roll.html", of=poll, poll=poll, roll=queries.roll(poll))
    rules.add_elector(poll, current_user, form.member_id.data)
    commit()
    return reply(url_for(".roll", poll_id=poll.id), saying=_("The roll has one more name."))


def _back(poll: Poll, saying: str) -> Response:
    return reply(url_for(".show", poll_id=poll.id), saying=saying)
