"""A planning sheet becomes posts, once: read again, it only brings what changed in it.

A sheet is known again by the name of its file, whatever the folder ("planning (1).csv" and "Copie de planning.csv"
are "planning.csv"), and its rows as `source_rows` tells; under another name it is another calendar. What was worked
on here since, went further than a draft or lies in the bin is left as it is.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum

from flask_babel import ngettext
from sqlalchemy import select, update
from sqlalchemy.orm import selectinload

from assoc_intranet.association import queries as association
from assoc_intranet.core.changes import Change, publish, publish_all
from assoc_intranet.core.clock import now
from assoc_intranet.core.db import db
from assoc_intranet.members.models import Member

from . import queries
from .models import Post
from .planning_rows import PlannedRow
from .planning_sheet import Plan
from .rules import Draft, days_touched, fill
from .source_rows import Mark, origin_of, pair
from .states import State


class Fate(StrEnum):
    """What becomes of a row."""

    CREATED = "created"
    UPDATED = "updated"
    SAME = "same"
    OURS = "ours"
    BINNED = "binned"


@dataclass(frozen=True)
class Outcome:
    """A row, what becomes of it, and the post it is; 0 where it is none yet."""

    row: PlannedRow
    fate: Fate
    post_id: int = 0


@dataclass(frozen=True)
class Counts:
    created: int
    updated: int
    unchanged: int

    @classmethod
    def told(cls, change: Change) -> "Counts":
        """What an import did, as its change tells it."""
        return cls(*(change.details[field.name] for field in fields(cls)))

    def words(self) -> str:
        """`23 created, 2 updated, 5 unchanged`"""
        said = (
            ngettext("%(num)s created", "%(num)s created", self.created),
            ngettext("%(num)s updated", "%(num)s updated", self.updated),
            ngettext("%(num)s unchanged", "%(num)s unchanged", self.unchanged),
        )
        return ", ".join(said)


def counts(outcomes: Iterable[Outcome]) -> Counts:
    """What is left as it is counts as unchanged, for whatever reason."""
    fates = Counter(outcome.fate for outcome in outcomes)
    created, updated = fates.pop(Fate.CREATED, 0), fates.pop(Fate.UPDATED, 0)
    return Counts(created, updated, fates.total())


def foresee(plan: Plan, filename: str) -> list[Outcome]:
    """What importing the sheet would do now, row by row. Changes nothing."""
    known = {Mark.read(post.source): post for post in queries.imported_from(origin_of(filename, plan.sheet))}
    marks = {row.row: Mark.of(row) for row in plan.rows}
    pairs = pair(marks.values(), known)
    outcomes = []
    for row in plan.rows:
        mark = marks[row.row]
        was = pairs.get(mark)
        if was is None:
            outcomes.append(Outcome(row, Fate.CREATED))
        else:
            outcomes.append(Outcome(row, _fate(known[was], is_same=mark.all == was.all), known[was].id))
    return outcomes


def _fate(post: queries.Imported, is_same: bool) -> Fate:
    if post.deleted_at:
        return Fate.BINNED
    if is_same:
        return Fate.SAME
    return Fate.OURS if post.version != post.source_version or post.state != State.DRAFT else Fate.UPDATED


def import_plan(plan: Plan, filename: str, member: Member, op_id: str | None = None) -> Change:
    """Write what the sheet plans: the change that tells of it. The same `op_id` gives the one that was already made."""
    made = queries.import_sent(member, op_id) if op_id else None
    if made is not None:
        return made
    outcomes = foresee(plan, filename)
    origin = origin_of(filename, plan.sheet)
    _remember({outcome.post_id: outcome for outcome in outcomes}, origin)
    _create([outcome.row for outcome in outcomes if outcome.fate is Fate.CREATED], origin, member)
    _rewrite({outcome.post_id: outcome.row for outcome in outcomes if outcome.fate is Fate.UPDATED}, member)
    months = Counter(f"{row.planned:%Y-%m}" if row.planned else "" for row in plan.rows)
    return publish(
        "calendar.imported",
        member,
        member,
        filename=filename,
        op_id=op_id,
        months=months,
        errors=len({error.row for error in plan.errors}),
        **asdict(counts(outcomes)),
    )


def _remember(outcomes: Mapping[int, Outcome], origin: str) -> None:
    """Note where each row stands now. First nobody stands anywhere: two may have changed places."""
    moved = []
    for post in queries.imported_from(origin):
        source = _mark(Mark.read(post.source), post.id, outcomes.get(post.id)).source(origin)
        if source != post.source:
            moved.append({"id": post.id, "source": source})
    if moved:
        db.session.execute(update(Post).where(Post.id.in_([post["id"] for post in moved])).values(source=None))
        db.session.execute(update(Post), moved)


def _mark(was: Mark, post_id: int, outcome: Outcome | None) -> Mark:
    """A row that went gives its place up. What is left alone keeps what it said, to be compared again."""
    if outcome is None:
        return was._replace(row=-post_id)
    if outcome.fate in (Fate.OURS, Fate.BINNED):
        return was._replace(row=outcome.row.row)
    return Mark.of(outcome.row)


def _create(rows: list[PlannedRow], origin: str, member: Member) -> None:
    at, zone = now(), association.zone()
    posts = []
    for row in rows:
        post = Post(author_id=member.id, zone=zone, created_at=at, edited_at=at, version=1, source_version=1)
        post.source = Mark.of(row).source(origin)
        fill(post, _draft(row))
        posts.append(post)
    db.session.add_all(posts)
    _publish("post.imported", [(post, days_touched(post.day)) for post in posts], member)


def _rewrite(rows: Mapping[int, PlannedRow], member: Member) -> None:
    posts = select(Post).where(Post.id.in_(rows)).order_by(Post.id).options(selectinload(Post.variants))
    edited = []
    for post in db.session.scalars(posts):
        before = post.day
        fill(post, _draft(rows[post.id]))
        post.version += 1
        post.source_version = post.version
        post.editor_id, post.edited_at = member.id, now()
        edited.append((post, days_touched(before, post.day)))
    _publish("post.edited", edited, member)


def _publish(kind: str, touched: list[tuple[Post, list[str]]], member: Member) -> None:
    """Day by day: open pages are told some hundreds of changes at a time, each day drawn once among those."""
    in_order = sorted(touched, key=lambda post_and_days: post_and_days[1])
    publish_all(kind, [(post, {"days": days}) for post, days in in_order], member)


def _draft(row: PlannedRow) -> Draft:
    return Draft(
        title=row.title,
        text=row.text,
        day=row.planned.date() if row.planned else None,
        hour=row.planned.time() if row.planned else None,
        variants=dict.fromkeys(row.networks),
    )
