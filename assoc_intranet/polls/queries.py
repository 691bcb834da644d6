"""Reading votes, always for a member: what they may not see is not found."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import joinedload, selectinload

from assoc_intranet.core.changes import Change
from assoc_intranet.core.clock import now
from assoc_intranet.core.db import db
from assoc_intranet.members.models import Member, initials

from . import tally
from .kinds import ABSTAIN, Kind, Results
from .models import Ballot, Casting, Choice, Elector, Option, Poll
from .tally import Tally

STORY = ("poll.opened", "poll.extended", "poll.closed", "poll.reopened", "elector.added")
PAGE = 20


@dataclass(frozen=True)
class Event:
    """One thing that happened to a vote: who did it, None for the clock, and what they said about it."""

    kind: str
    name: str | None
    at: datetime
    reason: str
    until: datetime | None
    elector: str | None


class Said(NamedTuple):
    """A ballot as it is shown and counted: whose it is, and what it answers to the ids of options."""

    member_id: int
    name: str
    dot: int
    reason: str
    answers: dict[int, str]

    @property
    def initials(self) -> str:
        return initials(self.name)


def open_at(at: datetime) -> list[ColumnElement[bool]]:
    """Being open, as a condition: the same words stand in the statement that writes a ballot."""
    return [Poll.opened_at.is_not(None), Poll.closed_at.is_(None), Poll.closes_at > at]


def one(member: Member, poll_id: int) -> Poll | None:
    """The vote with all that its page shows. Observers see none that is not open yet."""
    options = joinedload(Poll.author), joinedload(Poll.editor), selectinload(Poll.options)
    on_roll = exists().where(Elector.poll_id == Poll.id, Elector.member_id == member.id)
    query = select(Poll, on_roll).where(Poll.id == poll_id, *_visible(member)).options(*options)
    found = db.session.execute(query).first()
    if found is None:
        return None
    poll: Poll = found[0]
    poll.asked_by = (member.id, found[1])
    return poll


def draft(member: Member, poll_id: int) -> Poll | None:
    poll = one(member, poll_id)
    return poll if poll and poll.is_draft else None


def opened(member: Member, poll_id: int) -> Poll | None:
    poll = one(member, poll_id)
    return None if poll is None or poll.is_draft else poll


def with_results(member: Member, poll_id: int) -> Poll | None:
    """The vote, if this member may see its results now."""
    poll = opened(member, poll_id)
    return poll if poll and shows_results(poll, member) else None


def shows_results(poll: Poll, member: Member) -> bool:
    """Whether the results are for this member now: the one answer for pages, replies and files."""
    if poll.is_open and poll.results != Results.ALWAYS:
        return poll.results == Results.AFTER and ballot_of(poll, member) is not None
    return not poll.is_draft


def to_vote(member: Member) -> list[Poll]:
    """The open votes in which this member has a say and has not used it, the next to close first."""
    query = _open().join(Poll.electors).where(Elector.member_id == member.id, ~_has_ballot(member))
    return list(db.session.scalars(query))


def open_others(member: Member) -> list[Poll]:
    """The open votes that do not wait for this member."""
    waiting = select(Elector.id).where(Elector.poll_id == Poll.id, Elector.member_id == member.id).exists()
    return list(db.session.scalars(_open().where(~waiting | _has_ballot(member))))


def voted_in(member: Member) -> set[int]:
    """The ids of the open votes in which this member has a ballot."""
    query = select(Ballot.poll_id).join(Ballot.poll).where(Ballot.member_id == member.id, *open_at(now()))
    return set(db.session.scalars(query))


def drafts() -> list[Poll]:
    query = select(Poll).where(Poll.opened_at.is_(None)).options(joinedload(Poll.author))
    return list(db.session.scalars(query.order_by(Poll.created_at.desc())))


def closed(page: int) -> tuple[list[Poll], bool]:
    """A page of the closed votes, the last closed first, and whether there are older ones."""
    over = Poll.closed_at.is_not(None) | (Poll.closes_at <= now())
    ended_at = func.coalesce(Poll.closed_at, Poll.closes_at)
    query = select(Poll).where(Poll.opened_at.is_not(None), over).order_by(ended_at.desc(), Poll.id.desc())
    found = list(db.session.scalars(query.offset((page - 1) * PAGE).limit(PAGE + 1)))
    return found[:PAGE], len(found) > PAGE


def due(at: datetime) -> list[int]:
    """The ids of the votes whose hour has come and that nobody closed yet."""
    waiting = Poll.opened_at.is_not(None), Poll.closed_at.is_(None), Poll.closes_at <= at
    return list(db.session.scalars(select(Poll.id).where(*waiting)))


def voters() -> list[Member]:
    """The members who have a vote now."""
    query = select(Member).where(Member.left_at.is_(None), Member.may_vote).order_by(Member.name)
    return list(db.session.scalars(query))


def roll(poll: Poll) -> list[Member]:
    query = select(Member).join(Elector, Elector.member_id == Member.id).where(Elector.poll_id == poll.id)
    return list(db.session.scalars(query.order_by(Member.name)))


def ballot_of(poll: Poll, member: Member) -> Ballot | None:
    query = select(Ballot).where(Ballot.poll_id == poll.id, Ballot.member_id == member.id)
    return db.session.scalar(query.options(selectinload(Ballot.choices)))


def ballots(poll: Poll) -> list[Said]:
    """Every ballot with who cast it, by name: their order tells nothing of when they came."""
    shown = (Ballot.id, Member.id, Member.name, Member.dot, Ballot.reason, Choice.option_id, Choice.answer)
    query = select(*shown).join(Ballot.member).outerjoin(Ballot.choices).where(Ballot.poll_id == poll.id)
    found: dict[int, Said] = {}
    for row in db.session.execute(query.order_by(Member.name, Ballot.id, Choice.option_id)):
        number, member_id, name, dot, reason, option, answer = row
        said = found.setdefault(number, Said(member_id, name, dot, reason, {}))
        if option:
            said.answers[option] = answer
    return list(found.values())


def sendings(ballot: Ballot, op_id: str | None) -> tuple[int | None, int | None]:
    """The id of the newest sending of this ballot, and of the one with this `op_id`."""
    newest = select(func.max(Casting.id)).where(Casting.ballot_id == ballot.id).scalar_subquery()
    same = select(Casting.id).where(Casting.ballot_id == ballot.id, Casting.op_id == op_id).scalar_subquery()
    found = db.session.execute(select(newest, same)).one()
    return found[0], found[1]


def tallied(poll: Poll, cast: Iterable[Said]) -> Tally[Option]:
    by_id = {option.id: option for option in poll.options}
    said = [{by_id[option]: answer for option, answer in ballot.answers.items()} for ballot in cast]
    abstention = next((o for o in poll.options if poll.kind == Kind.YES_NO and o.label == ABSTAIN), None)
    return tally.count(poll.options, said, abstention)


def turnout(poll: Poll) -> tuple[int, int]:
    """How many ballots there are, and how many there can be."""
    ballots = select(func.count(Ballot.id)).where(Ballot.poll_id == poll.id).scalar_subquery()
    electors = select(func.count(Elector.id)).where(Elector.poll_id == poll.id).scalar_subquery()
    done, total = db.session.execute(select(ballots, electors)).one()
    return done, total


def story(poll: Poll) -> list[Event]:
    """What was done to this vote since it opened."""
    query = select(Change).where(Change.subject == "poll", Change.subject_id == poll.id, Change.kind.in_(STORY))
    changes = list(db.session.scalars(query.order_by(Change.id)))
    ids = {change.actor_id for change in changes} | {change.details.get("elector") for change in changes}
    names: dict[Any, str] = dict(db.session.execute(select(Member.id, Member.name).where(Member.id.in_(ids))).all())
    return [
        Event(
            change.kind,
            names.get(change.actor_id),
            change.at,
            change.details.get("reason", ""),
            datetime.fromisoformat(change.details["until"]) if "until" in change.details else None,
            names.get(change.details.get("elector")),
        )
        for change in changes
    ]


def _visible(member: Member) -> list[ColumnElement[bool]]:
    return [Poll.opened_at.is_not(None)] if member.role == "observer" else []


def _open() -> Select[Poll]:
    return select(Poll).where(*open_at(now())).order_by(Poll.closes_at, Poll.id)


def _has_ballot(member: Member) -> ColumnElement[bool]:
    return select(Ballot.id).where(Ballot.poll_id == Poll.id, Ballot.member_id == member.id).exists()
