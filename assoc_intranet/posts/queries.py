"""Reading posts, always for a member: what they may not see is not found."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from assoc_intranet.core.changes import Change, until_change
from assoc_intranet.core.db import db
from assoc_intranet.members.models import Member
from assoc_intranet.networks.kinds import KINDS

from .models import Post, Variant
from .month import Month
from .states import State


class Card(NamedTuple):
    """What the calendar shows of a post."""

    id: int
    title: str
    day: date | None
    hour: time | None
    state: str
    networks: tuple[str, ...]


@dataclass(frozen=True)
class Filters:
    """What the calendar is narrowed to. Unknown values are ignored, so that a shared address never breaks."""

    networks: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    author: int | None = None

    @classmethod
    def read(cls, arguments: Any, known_networks: Iterable[str]) -> "Filters":
        author = arguments.get("author", "")
        return cls(
            tuple(n for n in known_networks if n in arguments.getlist("network")),
            tuple(s.value for s in State if s.value in arguments.getlist("state")),
            int(author) if author.isdecimal() and len(author) < 10 else None,
        )

    def __bool__(self) -> bool:
        return bool(self.networks or self.states or self.author)

    def conditions(self) -> list[ColumnElement[bool]]:
        conditions: list[ColumnElement[bool]] = []
        if self.networks:
            conditions.append(Post.variants.any(Variant.network.in_(self.networks)))
        if self.states:
            conditions.append(Post.state.in_(self.states))
        if self.author:
            conditions.append((Post.author_id == self.author) | (Post.holder_id == self.author))
        return conditions

    def as_arguments(self) -> dict[str, Any]:
        arguments = {"network": self.networks, "state": self.states, "author": self.author}
        return {name: value for name, value in arguments.items() if value}


def _visible(member_role: str) -> list[ColumnElement[bool]]:
    visible: list[ColumnElement[bool]] = [Post.deleted_at.is_(None)]
    if member_role == "observer":
        visible.append(Post.state == State.DONE)
    return visible


def one(member: Member, post_id: int) -> Post | None:
    """The post with all that its page shows."""
    options = (
        joinedload(Post.author),
        joinedload(Post.holder),
        joinedload(Post.editor),
        selectinload(Post.variants),
    )
    return db.session.scalar(select(Post).where(Post.id == post_id, *_visible(member.role)).options(*options))


def binned(_member: Member, post_id: int) -> Post | None:
    """A post in the bin."""
    return db.session.scalar(select(Post).where(Post.id == post_id, Post.deleted_at.is_not(None)))


_NETWORKS = select(func.aggregate_strings(Variant.network, " ")).where(Variant.post_id == Post.id).scalar_subquery()
_CARDS = select(Post.id, Post.title, Post.day, Post.hour, Post.state, _NETWORKS).order_by(Post.day, Post.hour, Post.id)
_RANK = {network: rank for rank, network in enumerate(KINDS)}


def cards(role: str, *conditions: ColumnElement[bool]) -> list[Card]:
    """Cards by day and hour. Columns in one query: a month of objects would cost five times as much."""
    rows = db.session.execute(_CARDS.where(*_visible(role), *conditions))
    return [Card._make((*row[:-1], _in_order(row[-1] or ""))) for row in rows]


@lru_cache
def _in_order(networks: str) -> tuple[str, ...]:
    return tuple(sorted(networks.split(), key=_RANK.__getitem__))


@until_change(64)
def by_day(role: str, month: Month, filters: Filters) -> tuple[tuple[date, tuple[Card, ...]], ...]:
    """The days of a month that have posts, with their cards."""
    days: dict[date, list[Card]] = defaultdict(list)
    for card in cards(role, Post.day.between(month.first, month.last), *filters.conditions()):
        if card.day:
            days[card.day].append(card)
    return tuple((day, tuple(found)) for day, found in days.items())


def total(role: str, month: Month) -> int:
    """How many posts the month has."""
    query = select(func.count(Post.id)).where(*_visible(role), Post.day.between(month.first, month.last))
    return db.session.scalar(query) or 0


def on_day(role: str, day: date) -> tuple[Card, ...]:
    return tuple(cards(role, Post.day == day))


@until_change(64)
def undated(role: str, filters: Filters = Filters()) -> tuple[Card, ...]:
    """What waits for a date."""
    return tuple(cards(role, Post.day.is_(None), Post.state != State.OFF, *filters.conditions()))


class Imported(NamedTuple):
    """What the import needs to know of a post that came from a sheet."""

    id: int
    source: str
    version: int
    source_version: int
    state: str
    deleted_at: datetime | None


def imported_from(origin: str) -> list[Imported]:
    """The posts of one sheet, those in the bin too: an import must not bring them back."""
    columns = (Post.id, Post.source, Post.version, Post.source_version, Post.state, Post.deleted_at)
    rows = db.session.execute(select(*columns).where(Post.source.startswith(f"{origin}:", autoescape=True)))
    return [
        Imported(number, source or "", version, imported or 0, state, deleted_at)
        for number, source, version, imported, state, deleted_at in rows
    ]


def own_import(member: Member, import_id: int) -> Change | None:
    """What one import did, for who did it."""
    return db.session.scalar(_imports(member).where(Change.id == import_id))


def import_sent(member: Member, op_id: str) -> Change | None:
    """The import that was made of this form, if it was sent before: twice in a row, so among the newest."""
    newest = db.session.scalars(_imports(member).order_by(Change.id.desc()).limit(20))
    return next((change for change in newest if change.details["op_id"] == op_id), None)


def _imports(member: Member) -> Select[Change]:
    mine = (Change.subject == Member.__tablename__, Change.subject_id == member.id)
    return select(Change).where(*mine, Change.kind == "calendar.imported")


def in_bin(member: Member) -> list[Post]:
    query = select(Post).where(Post.deleted_at.is_not(None)).order_by(Post.deleted_at.desc())
    if member.role != "coordinator":
        query = query.where(Post.author_id == member.id)
    return list(db.session.scalars(query))
