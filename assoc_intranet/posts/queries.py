"""Reading posts, always for a member: what they may not see is not found."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload, selectinload

from assoc_intranet.core.changes import until_change
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
    visible = [Post.deleted_at.is_(None)]
    return [*visible, Post.state == State.DONE] if member_role == "observer" else visible


def one(member: Member, post_id: int) -> Post | None:
    """The post with all that its page shows."""
    options = (
        joinedload(Post.author),
        joinedload(Post.holder),
        joinedload(Post.editor),
        selectinload(Post.variants),
    )
    return db.session.scalar(select(Post).where(Post.id == post_id, *_visible(member.role)).options(*options))


def binned(member: Member, post_id: int) -> Post | None:
    """A post in the bin."""
    return db.session.scalar(select(Post).where(Post.id == post_id, Post.deleted_at.is_not(None)))


_NETWORKS = select(func.aggregate_strings(Variant.network, " ")).where(Variant.post_id == Post.id).scalar_subquery()
_CARDS = select(Post.id, Post.title, Post.day, Post.hour, Post.state, _NETWORKS).order_by(Post.day, Post.hour, Post.id)
_RANK = {network: rank for rank, network in enumerate(KINDS)}


def cards(role: str, *conditions: ColumnElement[bool]) -> list[Card]:
    """Cards by day and hour. Columns in one query: a month of objects would cost five times as much."""
    rows = db.session.execute(_CARDS.where(*_visible(role), *conditions))
    return [Card(*row[:-1], _in_order(row[-1] or "")) for row in rows]


@lru_cache
def _in_order(networks: str) -> tuple[str, ...]:
    return tuple(sorted(networks.split(), key=_RANK.__getitem__))


@until_change
def by_day(role: str, month: Month, filters: Filters) -> tuple[tuple[date, tuple[Card, ...]], ...]:
    """The days of a month that have posts, with their cards."""
    days: dict[date, list[Card]] = defaultdict(list)
    for card in cards(role, Post.day.between(month.first, month.last), *filters.conditions()):
        if card.day:
            days[card.day].append(card)
    return tuple((day, tuple(found)) for day, found in days.items())


def on_day(role: str, day: date) -> tuple[Card, ...]:
    return tuple(cards(role, Post.day == day))


@until_change
def undated(role: str, filters: Filters = Filters()) -> tuple[Card, ...]:
    """What waits for a date."""
    return tuple(cards(role, Post.day.is_(None), Post.state != State.OFF, *filters.conditions()))


def in_bin(member: Member) -> list[Post]:
    query = select(Post).where(Post.deleted_at.is_not(None)).order_by(Post.deleted_at.desc())
    if member.role != "coordinator":
        query = query.where(Post.author_id == member.id)
    return list(db.session.scalars(query))
