"""The pieces of a vote that are pushed: its state, its turnout, its results, its story, and the list of drafts."""

from collections.abc import Iterable
from typing import Any

from assoc_intranet.core.db import db
from assoc_intranet.live import fragment

from . import queries
from .kinds import Answer, Kind
from .models import Option, Poll
from .tally import Line
from .topics import for_all, for_results
from .words import option_words

LIFE = queries.STORY
BALLOTS = ("ballot.cast", "ballot.changed")
TONES = {Answer.YES.value: "good", Answer.NO.value: "late"}
DRAFTS = ("poll.proposed", "poll.rewritten", "poll.discarded", "poll.opened")


@fragment("polls/_status.html", on=(*LIFE, "poll.rewritten"), topic=for_all)
def status(poll_id: int) -> dict[str, Any] | None:
    """Draft, open until when, or closed. A page of this vote that receives it reads itself again."""
    poll = db.session.get(Poll, poll_id)
    return {"poll": poll} if poll else None


@fragment("polls/_turnout.html", on=(*LIFE, "ballot.cast"), topic=for_all, steady=True)
def turnout(poll_id: int) -> dict[str, Any] | None:
    """How many have voted: never who."""
    poll = db.session.get(Poll, poll_id)
    if poll is None or poll.is_draft:
        return None
    done, total = queries.turnout(poll)
    return {"poll": poll, "done": done, "total": total}


@fragment("polls/_figures.html", on=(*LIFE, *BALLOTS), topic=for_results, steady=True)
def figures(poll_id: int) -> dict[str, Any] | None:
    """What the ballots add up to."""
    poll = db.session.get(Poll, poll_id)
    if poll is None or poll.is_draft:
        return None
    tally = queries.tallied(poll, queries.ballots(poll))
    return {"poll": poll, "tally": tally, "bars": _bars(poll, tally.lines)}


@fragment("polls/_ballots.html", on=(*LIFE, *BALLOTS), topic=for_results, steady=True)
def ballots(poll_id: int) -> dict[str, Any] | None:
    """Who answered what, and why."""
    poll = db.session.get(Poll, poll_id)
    if poll is None or poll.is_draft:
        return None
    words = {option.id: option_words(option, short=poll.kind == Kind.DATE) for option in poll.options}

    def chosen(ballot: queries.Said, answer: str) -> list[str]:
        return [words[option] for option in words if ballot.answers.get(option) == answer]

    return {"poll": poll, "ballots": queries.ballots(poll), "chosen": chosen}


@fragment("polls/_story.html", on=LIFE, topic=for_all, steady=True)
def story(poll_id: int) -> dict[str, Any] | None:
    poll = db.session.get(Poll, poll_id)
    return {"poll": poll, "events": queries.story(poll)} if poll else None


@fragment("polls/_drafts.html", on=DRAFTS, topic="members", keys=lambda _change: [()], steady=True)
def drafts() -> dict[str, Any]:
    return {"polls": queries.drafts()}


def _bars(poll: Poll, lines: Iterable[Line[Option]]) -> list[dict[str, Any]]:
    """The most chosen first; yes and no keep their order, and have tones of their own."""
    is_yes_no = poll.kind == Kind.YES_NO
    return [
        {
            "label": option_words(line.option),
            "votes": line.yes,
            "share": line.share,
            "tone": TONES[line.option.label] if is_yes_no else None,
        }
        for line in (lines if is_yes_no else sorted(lines, key=lambda line: -line.yes))
    ]
