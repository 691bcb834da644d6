"""Finding members, sessions and links."""

import hashlib
import unicodedata
from datetime import datetime

from sqlalchemy import ColumnElement, Select, bindparam, func, select
from sqlalchemy.orm import contains_eager, joinedload

from assoc_intranet.core.changes import NEWEST, date_page
from assoc_intranet.core.clock import now
from assoc_intranet.core.db import db

from .models import Link, Member, Session


def digest(token: str) -> str:
    """What is kept of a token: it has 128 bits of chance or more, so a plain hash cannot be turned back."""
    return hashlib.sha256(token.encode()).hexdigest()


def by_email(email: str) -> Member | None:
    return db.session.scalar(select(Member).where(Member.email == email.strip().casefold()))


# Asked by every request, so made only once, and the cursor with it.
_SESSION = (
    select(Session, NEWEST)
    .join(Session.member)
    .options(contains_eager(Session.member))
    .where(Session.token_hash == bindparam("token_hash"))
)


def session_of(token: str) -> Session | None:
    """The session of this token with its member, who knows it; None when the session or the member is over."""
    found = db.session.execute(_SESSION, {"token_hash": digest(token)}).first()
    if found is None:
        return None
    session: Session = found[0]
    date_page(found[1])
    if not session.member.is_active or session.is_over(now(), session.member.is_admin):
        return None
    session.member.session_id, session.member.previous_visit = session.id, session.before_at
    return session


def own_session(member: Member, session_id: int) -> Session | None:
    return db.session.scalar(select(Session).where(Session.id == session_id, Session.member_id == member.id))


def open_sessions(member: Member) -> list[Session]:
    """Where the member is logged in, the one used last first."""
    newest_first = sorted(member.sessions, key=lambda session: session.seen_at, reverse=True)
    return [session for session in newest_first if not session.is_over(now(), member.is_admin)]


def last_seen(member: Member) -> datetime | None:
    return db.session.scalar(select(func.max(Session.seen_at)).where(Session.member_id == member.id))


def usable_link(token: str, purpose: str, to_use: bool = False) -> Link | None:
    """The link of this token, while it can be used. `to_use` locks it, so that two at once use it once."""
    link = link_of(token, purpose, to_use)
    return link if link and link.is_usable(now()) else None


def link_of(token: str, purpose: str, to_use: bool = False) -> Link | None:
    """The link of this token, be it used or old."""
    query = select(Link).where(Link.token_hash == digest(token), Link.purpose == purpose)
    return db.session.scalar(query.with_for_update() if to_use else query)


def holder(token: str, purpose: str) -> Member | None:
    """Whose link this is, while it can be used."""
    link = usable_link(token, purpose)
    return link.member if link else None


def invitation(_member: Member, link_id: int) -> Link | None:
    """A pending invitation: who may invite sees all of them."""
    return db.session.scalar(_pending().where(Link.id == link_id))


def pending_invitations() -> list[Link]:
    return list(db.session.scalars(_pending().order_by(Link.id.desc()).options(joinedload(Link.author))))


def _pending() -> Select[Link]:
    return select(Link).where(Link.purpose == "invitation", Link.used_at.is_(None), Link.expires_at > now())


def active() -> list[Member]:
    return _by_name(Member.left_at.is_(None))


def names() -> tuple[tuple[int, str], ...]:
    """The id and name of each active member, for lists to choose from."""
    rows = db.session.execute(select(Member.id, Member.name).where(Member.left_at.is_(None)))
    return tuple(sorted(((number, name) for number, name in rows), key=lambda row: plain(row[1])))


def in_charge() -> Member | None:
    """The first coordinator, else the first administrator: who signs for what the command line brings in."""
    may_sign = (Member.role == "coordinator") | Member.is_admin
    first = select(Member).where(Member.left_at.is_(None), may_sign)
    return db.session.scalar(first.order_by(Member.role != "coordinator", Member.id).limit(1))


def former() -> list[Member]:
    return _by_name(Member.left_at.is_not(None))


def found(words: str, role: str) -> list[Member]:
    """Active members whose name has all these words, whatever their accents, in one role or in any."""
    wanted = plain(words).split()
    return [
        member
        for member in active()
        if all(word in plain(member.name) for word in wanted) and role in ("", member.role)
    ]


def one(member: Member, member_id: int) -> Member | None:
    """A person; of who left, only an administrator."""
    person = db.session.get(Member, member_id)
    return person if person and (person.is_active or member.is_admin) else None


def by_id(member_id: int) -> Member | None:
    return db.session.get(Member, member_id)


def oneself(member: Member) -> Member:
    """For the pages of one's own account."""
    return member


def plain(text: str) -> str:
    """Without capitals and accents, as people search and sort names."""
    decomposed = unicodedata.normalize("NFD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def _by_name(condition: ColumnElement[bool]) -> list[Member]:
    return sorted(db.session.scalars(select(Member).where(condition)), key=lambda member: plain(member.name))
