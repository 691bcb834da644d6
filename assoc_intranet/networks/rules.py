"""What may happen to a presence, and to the limit of a network. Rules change rows and publish; they never commit."""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import InvalidRequestError

from assoc_intranet.core.changes import publish
from assoc_intranet.core.db import add_once, db, made_of
from assoc_intranet.core.errors import RuleBroken, Stale
from assoc_intranet.members.models import Member

from .kinds import KINDS
from .models import STATUS_LABELS, NetworkLimit, Presence


@dataclass(frozen=True)
class Draft:
    """What is typed of a presence."""

    network: str
    handle: str
    url: str | None = None
    goal: float | None = None
    status: str = "active"
    holder_ids: frozenset[int] = frozenset()


def write(author: Member, draft: Draft, op_id: str | None = None) -> Presence:
    """A new presence. The same `op_id` gives the one that was already made of it."""
    if made := made_of(Presence, op_id):
        return made
    presence = Presence(op_id=op_id, editor_id=author.id)
    _apply(presence, draft)
    if (made := add_once(presence, op_id)) is not presence:
        return made
    publish("presence.written", presence, author)
    return presence


def rewrite(presence: Presence, editor: Member, version: int, draft: Draft) -> None:
    """Save what was typed on version `version` of the presence, unless somebody saved in between."""
    _lock(presence)
    if _as_typed(presence) == draft:
        return
    if version != presence.version:
        name = presence.editor.name if presence.editor else _("Somebody")
        raise Stale(
            _("%(name)s saved this presence while you were writing. Nothing is lost: here are both.", name=name),
            theirs=_words(_as_typed(presence)),
            yours=_words(draft),
            version=presence.version,
        )
    _apply(presence, draft)
    presence.version += 1
    presence.editor_id = editor.id
    publish("presence.edited", presence, editor)


def delete(presence: Presence, member: Member) -> None:
    _lock(presence)
    publish("presence.deleted", presence, member, network=presence.network, handle=presence.handle)
    db.session.delete(presence)


def set_limit(network: str, member: Member, characters: int | None, checked_on: date) -> None:
    """Our own reading of a network's limit, in place of the one we ship. None is no limit."""
    limit = _own_limit(network)
    if limit is None:
        limit = NetworkLimit(network=network)
        db.session.add(limit)
    limit.characters, limit.checked_on = characters, checked_on
    publish("limit.set", limit, member, network=network)


def reset_limit(network: str, member: Member) -> None:
    """Back to the limit we ship."""
    limit = _own_limit(network)
    if limit is not None:
        publish("limit.reset", limit, member, network=network)
        db.session.delete(limit)


def _lock(presence: Presence) -> None:
    """Read the presence again and hold it, so that two who save at once do so one after the other."""
    try:
        db.session.refresh(presence, with_for_update={"of": Presence})
    except InvalidRequestError as gone:
        raise RuleBroken(_("This presence was deleted meanwhile."), status=409) from gone


def _own_limit(network: str) -> NetworkLimit | None:
    return db.session.scalar(select(NetworkLimit).where(NetworkLimit.network == network))


def _apply(presence: Presence, draft: Draft) -> None:
    presence.network, presence.handle, presence.url = draft.network, draft.handle, draft.url
    presence.goal, presence.status = draft.goal, draft.status
    presence.holders = _members(draft.holder_ids)


def _members(ids: frozenset[int]) -> list[Member]:
    return list(db.session.scalars(select(Member).where(Member.id.in_(ids)).order_by(Member.name)))


def _as_typed(presence: Presence) -> Draft:
    holders = frozenset(holder.id for holder in presence.holders)
    return Draft(presence.network, presence.handle, presence.url, presence.goal, presence.status, holders)


def _words(draft: Draft) -> dict[str, str]:
    return {
        _("Network"): str(KINDS[draft.network].name),
        _("Name there"): draft.handle,
        _("Address"): draft.url or "",
        _("Posts a week"): "" if draft.goal is None else f"{draft.goal:g}",
        _("State"): str(STATUS_LABELS[draft.status]),
        _("Who holds it"): ", ".join(member.name for member in _members(draft.holder_ids)),
    }
