"""What may happen to a vote. Rules change rows and publish; they never commit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any, TypeAlias
from uuid import uuid4

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, literal, select, update

from assoc_intranet.association import queries as association
from assoc_intranet.core.changes import publish
from assoc_intranet.core.clock import moment, now
from assoc_intranet.core.db import Moment, add_once, db, made_of, upsert
from assoc_intranet.core.errors import RuleBroken, Stale
from assoc_intranet.members.models import Member

from . import queries
from .kinds import YES_NO, Answer, Electorate, Kind, Results
from .models import Ballot, Casting, Choice, Elector, Option, Poll
from .words import option_words

FEWEST, MOST = 2, 20

Date: TypeAlias = tuple[date, time | None]
Asked: TypeAlias = tuple[str, date | None, time | None]


@dataclass(frozen=True)
class Draft:
    """What is written of a vote: `labels` are the answers to choose from, `dates` those of a date poll."""

    question: str
    closes_on: date
    closes_hour: time
    kind: str = Kind.YES_NO
    text: str = ""
    labels: Sequence[str] = ()
    dates: Sequence[Date] = ()
    most: int = 1
    results: str = Results.ALWAYS
    electorate: str = Electorate.ALL
    picked: Sequence[int] = ()


def propose(author: Member, draft: Draft, op_id: str | None = None) -> Poll:
    """A new draft. The same `op_id` gives the one that was already made of it."""
    if made := made_of(Poll, op_id):
        return made
    poll = Poll(author_id=author.id, op_id=op_id, zone=association.zone(), kind=draft.kind, created_at=now())
    _apply(poll, draft)
    if (made := add_once(poll, op_id)) is not poll:
        return made
    publish("poll.proposed", poll, author)
    return poll


def rewrite(poll: Poll, editor: Member, version: int, draft: Draft) -> None:
    """Save what was typed on version `version` of a draft, unless somebody saved in between."""
    bump = {"version": version + 1, "editor_id": editor.id}
    if not _update(poll, Poll.opened_at.is_(None), Poll.version == version, **bump):
        if poll.is_draft:
            raise _stale(poll, draft)
        raise RuleBroken(_("This vote has been opened: its question and answers no longer change."), status=409)
    _apply(poll, draft)
    publish("poll.rewritten", poll, editor)


def discard(poll: Poll, actor: Member) -> None:
    """Throw a draft away. What was opened stays for good."""
    if not _update(poll, Poll.opened_at.is_(None), version=Poll.version + 1):
        raise RuleBroken(_("This vote has been opened: it can be closed, not thrown away."), status=409)
    publish("poll.discarded", poll, actor)
    db.session.delete(poll)


def open_poll(poll: Poll, actor: Member, day: date, hour: time) -> None:
    """Open a draft until `day` at `hour`, and freeze its roll: who has a vote now."""
    closing = _closing(poll, day, hour)
    if not _update(poll, Poll.opened_at.is_(None), opened_at=now(), **closing):
        raise RuleBroken(_("This vote is open already."), status=409)
    _freeze_roll(poll)
    publish("poll.opened", poll, actor, until=poll.closes_at.isoformat())


def cast_ballot(
    poll: Poll, member: Member, answers: Mapping[int, str], reason: str = "", op_id: str | None = None
) -> None:
    """Put a ballot in, or change it: `answers` says of option ids `yes`, or `yes`, `maybe` and `no` of dates."""
    ballot = _touch_ballot(poll, member)
    if ballot is None:
        raise _not_accepted(poll)
    said = _checked(poll, answers)
    newest, repeated = queries.sendings(ballot, op_id)
    if newest and repeated and repeated < newest:
        raise RuleBroken(_("You changed your ballot on another page since. Load this one again to see it."), status=409)
    if newest and (ballot.answers, ballot.reason) == (said, reason):
        return
    ballot.reason = reason
    _set_choices(ballot, said)
    if not repeated:
        db.session.add(Casting(ballot_id=ballot.id, op_id=op_id or str(uuid4())))
    # Who has voted is told with the results, not before them: the feed names whoever acted.
    named = member if poll.results == Results.ALWAYS else None
    publish("ballot.changed" if newest else "ballot.cast", poll, named)
    if not newest and poll.results == Results.AFTER:
        publish("access.changed", poll, member=member.id)


def close(poll: Poll, actor: Member, reason: str) -> None:
    """Close before the hour."""
    at = now()
    if not _update(poll, *queries.open_at(at), closed_at=at):
        raise RuleBroken(_("This vote is not open."), status=409)
    publish("poll.closed", poll, actor, reason=reason)


def close_due(poll_id: int) -> None:
    """Make known that the hour has come; nothing where another process was faster or the hour was moved."""
    poll = db.session.get_one(Poll, poll_id)
    due = Poll.opened_at.is_not(None), Poll.closed_at.is_(None), Poll.closes_at <= now()
    if _update(poll, *due, closed_at=Poll.closes_at):
        publish("poll.closed", poll)


def extend(poll: Poll, actor: Member, day: date, hour: time) -> None:
    """Give an open vote a later close."""
    closing = _closing(poll, day, hour)
    if closing["closes_at"] <= poll.closes_at:
        raise RuleBroken(_("Choose a moment after the present close."), "closes_on")
    if not _update(poll, *queries.open_at(now()), **closing):
        raise RuleBroken(_("This vote is closed: it can be reopened, with a reason."), status=409)
    publish("poll.extended", poll, actor, until=poll.closes_at.isoformat())


def reopen(poll: Poll, actor: Member, day: date, hour: time, reason: str) -> None:
    """Open a closed vote again, for the same roll and with its ballots."""
    closing = _closing(poll, day, hour)
    over = Poll.closed_at.is_not(None) | (Poll.closes_at <= now())
    if not _update(poll, Poll.opened_at.is_not(None), over, closed_at=None, **closing):
        raise RuleBroken(_("This vote is not closed."), status=409)
    publish("poll.reopened", poll, actor, until=poll.closes_at.isoformat(), reason=reason)
    if poll.results == Results.AFTER:
        for ballot in queries.ballots(poll):
            publish("access.changed", poll, actor, member=ballot.member_id)


def add_elector(poll: Poll, actor: Member, member_id: int) -> None:
    """Put one more member on the roll of an open vote."""
    if not _update(poll, *queries.open_at(now()), version=Poll.version + 1):
        raise RuleBroken(_("This vote is not open."), status=409)
    member = next((m for m in queries.voters() if m.id == member_id), None)
    if member is None or any(elector.member_id == member_id for elector in poll.electors):
        raise RuleBroken(_("Choose a member with a vote who is not on the roll yet."), "member_id")
    poll.electors.append(Elector(member_id=member_id))
    publish("elector.added", poll, actor, elector=member_id)


def _apply(poll: Poll, draft: Draft) -> None:
    poll.question, poll.text, poll.results = draft.question, draft.text, draft.results
    for name, value in _closing(poll, draft.closes_on, draft.closes_hour).items():
        setattr(poll, name, value)
    _set_options(poll, draft)
    poll.most = _most(poll, draft)
    poll.electorate = draft.electorate
    _set_picked(poll, draft.picked if draft.electorate == Electorate.PICKED else ())


def _closing(poll: Poll, day: date, hour: time) -> dict[str, Any]:
    at = moment(day, hour, poll.zone)
    if at <= now():
        raise RuleBroken(_("The close must lie ahead."), "closes_on")
    return {"closes_on": day, "closes_hour": hour, "closes_at": at}


def _set_options(poll: Poll, draft: Draft) -> None:
    wanted: list[Asked]
    match draft.kind:
        case Kind.YES_NO:
            wanted = [(label, None, None) for label in YES_NO]
        case Kind.DATE:
            wanted = [("", day, hour) for day, hour in sorted(draft.dates, key=lambda d: (d[0], d[1] or time.min))]
        case _:
            wanted = [(label, None, None) for label in draft.labels]
    if not FEWEST <= len(wanted) <= MOST:
        raise RuleBroken(_("Give between %(few)s and %(many)s answers.", few=FEWEST, many=MOST), "labels")
    if len(set(wanted)) < len(wanted):
        raise RuleBroken(_("The same answer is there twice."), "labels")
    if wanted != [(option.label, option.day, option.hour) for option in poll.options]:
        poll.options[:] = [Option(label=label, day=day, hour=hour) for label, day, hour in wanted]


def _most(poll: Poll, draft: Draft) -> int:
    if draft.kind != Kind.MULTIPLE:
        return 1
    if not FEWEST <= draft.most <= len(poll.options):
        raise RuleBroken(_("There are %(num)s answers: choose a number up to that.", num=len(poll.options)), "most")
    return draft.most


def _set_picked(poll: Poll, picked: Sequence[int]) -> None:
    wanted = {member.id for member in queries.voters()} & set(picked)
    if poll.electorate == Electorate.PICKED and not wanted:
        raise RuleBroken(_("Tick at least one person."), "picked")
    poll.electors[:] = [elector for elector in poll.electors if elector.member_id in wanted]
    present = {elector.member_id for elector in poll.electors}
    poll.electors.extend(Elector(member_id=member_id) for member_id in sorted(wanted - present))


def _stale(poll: Poll, draft: Draft) -> Stale:
    standing = {"question": poll.question, "text": poll.text, "answers": "\n".join(map(option_words, poll.options))}
    typed = {"question": draft.question, "text": draft.text, "answers": "\n".join(draft.labels)}
    name = (poll.editor or poll.author).name
    return Stale(
        _("%(name)s saved this draft while you were writing. Nothing is lost: here are both.", name=name),
        theirs=standing,
        yours=typed,
        version=poll.version,
    )


def _freeze_roll(poll: Poll) -> None:
    voters = {member.id for member in queries.voters()}
    if poll.electorate == Electorate.PICKED:
        poll.electors[:] = [elector for elector in poll.electors if elector.member_id in voters]
    else:
        poll.electors[:] = [Elector(member_id=member_id) for member_id in sorted(voters)]
    if not poll.electors:
        raise RuleBroken(_("Nobody would be on the roll: no member has a vote."))


def _touch_ballot(poll: Poll, member: Member) -> Ballot | None:
    """Make or find the ballot of an elector of an open vote, in one statement that is itself the refusal.

    On PostgreSQL the vote's row is held until the end, so that closing it waits for the ballots under way.
    """
    at = now()
    accepted = (
        select(Elector.poll_id, Elector.member_id, literal(at, Moment()))
        .join(Elector.poll)
        .where(Elector.poll_id == poll.id, Elector.member_id == member.id, *queries.open_at(at))
        .with_for_update(read=True, of=Poll)
    )
    touched = (
        upsert(Ballot)
        .from_select(["poll_id", "member_id", "cast_at"], accepted)
        .on_conflict_do_update(index_elements=["poll_id", "member_id"], set_={"cast_at": at})
        .returning(Ballot.id)
    )
    ballot_id = db.session.scalar(touched)
    return None if ballot_id is None else db.session.get(Ballot, ballot_id, populate_existing=True)


def _not_accepted(poll: Poll) -> RuleBroken:
    db.session.refresh(poll)
    if poll.is_open:
        return RuleBroken(_("You are not on the roll of this vote."), status=403)
    return RuleBroken(_("This vote is closed: your ballot was not taken."), status=409)


def _checked(poll: Poll, answers: Mapping[int, str]) -> dict[int, str]:
    """What the ballot says, option by option, if this kind of vote allows it."""
    known = [option.id for option in poll.options]
    if not (answers.keys() <= set(known) and set(answers.values()) <= set(Answer)):
        raise RuleBroken(_("That answer is not part of this vote."), "choice")
    if not answers:
        raise RuleBroken(_("Choose an answer."), "choice")
    if poll.kind == Kind.DATE:
        return {option_id: answers.get(option_id, Answer.NO) for option_id in known}
    if len(answers) > poll.most:
        raise RuleBroken(_("Choose at most %(num)s answers.", num=poll.most), "choice")
    return dict.fromkeys(sorted(answers), str(Answer.YES))


def _set_choices(ballot: Ballot, said: Mapping[int, str]) -> None:
    kept = {choice.option_id: choice for choice in ballot.choices}
    ballot.choices[:] = [kept[option_id] for option_id in kept if option_id in said]
    for option_id, answer in said.items():
        if option_id in kept:
            kept[option_id].answer = answer
        else:
            ballot.choices.append(Choice(option_id=option_id, answer=answer))


def _update(poll: Poll, *conditions: ColumnElement[bool], **values: Any) -> bool:
    """Change the vote if it still is as `conditions` say, in one statement: whether it was."""
    statement = update(Poll).where(Poll.id == poll.id, *conditions).values(**values).returning(Poll.id)
    done = db.session.scalar(statement, execution_options={"synchronize_session": False}) is not None
    db.session.refresh(poll)
    return done
