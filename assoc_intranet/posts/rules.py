"""What may happen to a post. Rules change rows and publish; they never commit."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time

from flask_babel import gettext as _
from sqlalchemy import select

from assoc_intranet.association import queries as association
from assoc_intranet.core.changes import publish
from assoc_intranet.core.clock import now
from assoc_intranet.core.db import add_once, db, made_of
from assoc_intranet.core.errors import RuleBroken, Stale
from assoc_intranet.members.models import Member
from assoc_intranet.networks import queries as networks
from assoc_intranet.networks.kinds import KINDS

from . import lengths
from .models import BIN, DEFAULT_HOUR, Post, Variant
from .states import LABELS, State, next_states


@dataclass(frozen=True)
class Draft:
    """What is written of a post: `variants` has a network for each place it is meant for, with its own text or None."""

    title: str
    text: str = ""
    day: date | None = None
    hour: time | None = None
    holder_id: int | None = None
    variants: Mapping[str, str | None] = field(default_factory=dict)


def write(author: Member, draft: Draft, state: str = State.DRAFT, op_id: str | None = None) -> Post:
    """A new post. The same `op_id` gives the post that was already made of it."""
    if made := made_of(Post, op_id):
        return made
    at = now()
    post = Post(author_id=author.id, state=state, op_id=op_id, zone=association.zone(), created_at=at, edited_at=at)
    fill(post, draft)
    if (made := add_once(post, op_id)) is not post:
        return made
    publish("post.written", post, author, days=days_touched(post.day))
    return post


def rewrite(post: Post, editor: Member, version: int, draft: Draft) -> None:
    """Save what was typed on version `version` of the post, unless somebody saved in between."""
    if post.is_published:
        raise RuleBroken(_("This post is published: what was said stays as it is."), status=409)
    if _is_same(post, draft):
        return
    if version != post.version:
        name = (post.editor or post.author).name
        raise Stale(
            _("%(name)s saved this post while you were writing. Nothing is lost: here are both.", name=name),
            theirs=_as_words(post.title, post.text, post.own_texts),
            yours=_as_words(draft.title, draft.text, draft.variants),
            version=post.version,
        )
    before = post.day
    fill(post, draft)
    post.version += 1
    post.editor_id, post.edited_at = editor.id, now()
    publish("post.edited", post, editor, days=days_touched(before, post.day))


def move(post: Post, member: Member, day: date | None, hour: time | None = None) -> None:
    """Give the post another day, or none. Its state stays as it is; what is published does not move."""
    if post.is_published:
        raise RuleBroken(_("“%(title)s” is published: it no longer moves.", title=post.title), status=409)
    before = post.day
    post.plan(day, hour or post.hour)
    post.version += 1
    post.editor_id, post.edited_at = member.id, now()
    publish("post.moved", post, member, days=days_touched(before, day))


def change_state(post: Post, member: Member, state: str) -> None:
    """Move the post along the table of states."""
    allowed = next_states(post.state, post.author_id == member.id, member.role == "coordinator")
    if state not in allowed:
        names = {"old": LABELS[post.state], "new": LABELS.get(state, state)}
        raise RuleBroken(_("You cannot turn a post that is “%(old)s” into “%(new)s”.", **names), status=409)
    if state in (State.OK, State.PLANNED, State.DONE):
        _check_lengths(post)
    before, post.state = post.state, state
    publish("post.state", post, member, days=days_touched(post.day), was=before, now=state)


def discard(post: Post, member: Member) -> None:
    """Put the post in the bin, for 30 days."""
    post.deleted_at = now()
    publish("post.binned", post, member, days=days_touched(post.day))


def restore(post: Post, member: Member) -> None:
    post.deleted_at = None
    publish("post.restored", post, member, days=days_touched(post.day))


def empty_bin() -> int:
    """Remove for good what has been in the bin for 30 days: how many."""
    old = list(db.session.scalars(select(Post).where(Post.deleted_at <= now() - BIN)))
    for post in old:
        db.session.delete(post)
    return len(old)


def fill(post: Post, draft: Draft) -> None:
    """Put on the post what was written of it."""
    post.title, post.text, post.holder_id = draft.title, draft.text, draft.holder_id
    post.plan(draft.day, draft.hour)
    _set_variants(post, draft.variants)


def _is_same(post: Post, draft: Draft) -> bool:
    """Whether saving would change nothing: a step taken from the editor is then no new version."""
    said = (post.title, post.text, post.own_texts) == (draft.title, draft.text, dict(draft.variants))
    hour = draft.hour or DEFAULT_HOUR if draft.day else None
    return said and (post.day, post.hour, post.holder_id) == (draft.day, hour, draft.holder_id)


def _check_lengths(post: Post) -> None:
    texts = lengths.variations(post.own_texts, post.text, post.own_texts, networks.limits())
    if in_the_way := lengths.obstacles(texts):
        raise RuleBroken(" ".join(in_the_way), status=409)


def _set_variants(post: Post, wanted: Mapping[str, str | None]) -> None:
    kept = {variant.network: variant for variant in post.variants}
    for network, variant in kept.items():
        if network not in wanted:
            post.variants.remove(variant)
    for network, text in wanted.items():
        if network in kept:
            kept[network].text = text
        else:
            post.variants.append(Variant(network=network, text=text))


def days_touched(*days: date | None) -> list[str]:
    """The days a change touches, for the calendar; an empty string is the tray."""
    return sorted({day.isoformat() if day else "" for day in days})


def _as_words(title: str, text: str, variants: Mapping[str, str | None]) -> dict[str, str]:
    own = {str(KINDS[network].name): words for network, words in variants.items() if words is not None}
    return {_("Title"): title, _("Common text"): text, **own}
