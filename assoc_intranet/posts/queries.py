"""Reading posts, always for a member: what they may not see is not found."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import joinedload, selectinload

from assoc_intranet.core.db import db
from assoc_intranet.members.models import Member

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


def cards(role: str, *conditions: ColumnElement[bool]) -> list[Card]:
    """Cards by hour. Two queries on columns: a month of objects would cost five times as much."""
    where = [*_visible(role), *conditions]
    columns = (Post.id, Post.title, Post.day, Post.hour, Post.state)
    rows = db.session.execute(select(*columns).where(*where).order_by(Post.day, Post.hour, Post.id)).all()
    networks: Mapping[int, list[str]] = defaultdict(list)
    pairs: Select[tuple[int, str]] = select(Variant.post_id, Variant.network).join(Variant.post).where(*where)
    for post_id, network in db.session.execute(pairs.order_by(Variant.id)):
        networks[post_id].append(network)
    return [Card(*row, tuple(networks.get(row.id, ()))) for row in rows]


def by_day(role: str, month: Month, filters: Filters) -> dict[date, tuple[Card, ...]]:
    days: dict[date, list[Card]] = defaultdict(list)
    for card in cards(role, Post.day.between(month.first, month.last), *filters.conditions()):
        if card.day:
            days[card.day].append(card)
    return {day: tuple(found) for day, found in days.items()}


def on_day(role: str, day: date) -> tuple[Card, ...]:
    return tuple(cards(role, Post.day == day))


def undated(role: str, filters: Filters | None = None) -> tuple[Card, ...]:
    """What waits for a date."""
    conditions = filters.conditions() if filters else []
    return tuple(cards(role, Post.day.is_(None), Post.state != State.OFF, *conditions))


def in_bin(member: Member) -> list[Post]:
    query = select(Post).where(Post.deleted_at.is_not(None)).order_by(Post.deleted_at.desc())
    if member.role != "coordinator":
        query = query.where(Post.author_id == member.id)
    return list(db.session.scalars(query))
