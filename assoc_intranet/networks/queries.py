"""Reading our presences, and the limits that stand: ours where we changed them, else the ones we ship."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from assoc_intranet.core.db import db
from assoc_intranet.members.models import Member

from .kinds import KINDS, Kind
from .models import STALE_AFTER, STATUSES, NetworkLimit, Presence


@dataclass(frozen=True)
class Standing:
    """The limit that stands for a network, when it was checked and whether it is the association's own."""

    kind: Kind
    characters: int | None
    checked_on: date
    is_own: bool

    @property
    def shipped(self) -> "Standing":
        return _standing(self.kind, None)

    def is_old(self, day: date) -> bool:
        """Networks change their rules without a word: after a year, somebody should look again."""
        return day - self.checked_on > STALE_AFTER

    def relations(self, _member: Member) -> tuple[str, ...]:
        return ()


def limits() -> dict[str, int | None]:
    """The limits that the association changed, by network: what `measure` takes instead of its own."""
    rows = db.session.execute(select(NetworkLimit.network, NetworkLimit.characters))
    return dict(rows.all())


def standings() -> list[Standing]:
    own = {limit.network: limit for limit in db.session.scalars(select(NetworkLimit))}
    return [_standing(kind, own.get(kind.id)) for kind in KINDS.values()]


def standing(_member: Member, network: str) -> Standing | None:
    kind = KINDS.get(network)
    if kind is None:
        return None
    return _standing(kind, db.session.scalar(select(NetworkLimit).where(NetworkLimit.network == network)))


def _standing(kind: Kind, own: NetworkLimit | None) -> Standing:
    if own is None:
        return Standing(kind, kind.limit, kind.checked, is_own=False)
    return Standing(kind, own.characters, own.checked_on, is_own=True)


def presences() -> list[Presence]:
    """All of them, in the order of the networks, the active ones first."""
    found = db.session.scalars(select(Presence).options(selectinload(Presence.holders)))
    order = list(KINDS)
    return sorted(found, key=lambda p: (STATUSES.index(p.status), order.index(p.network), p.handle))


def one(_member: Member, presence_id: int) -> Presence | None:
    options = (selectinload(Presence.holders), joinedload(Presence.editor))
    return db.session.get(Presence, presence_id, options=options)


def present_kinds() -> set[str]:
    """The networks where we are: the ones offered first."""
    return set(db.session.scalars(select(Presence.network).where(Presence.status == "active")))
