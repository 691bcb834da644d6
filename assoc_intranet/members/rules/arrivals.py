"""How people come in: the first run, an invitation, or the command line."""

from sqlalchemy import delete, func, select

from assoc_intranet.association.models import Association
from assoc_intranet.core.changes import publish
from assoc_intranet.core.clock import now
from assoc_intranet.core.db import db

from .. import queries
from ..models import Link, Member
from ..roles import DOTS
from .accounts import set_email
from .links import draw_link, use_link

# No address at all: nobody can log in with it, nor be given it.
STAND_IN = "stand-in"


def first_setup_link() -> str | None:
    """A fresh code for the first run, or None once somebody is here. Earlier codes stop working."""
    if db.session.scalar(select(Member.id).where(Member.left_at.is_(None)).limit(1)) is not None:
        return None
    db.session.execute(delete(Link).where(Link.purpose == "setup"))
    return draw_link("setup")[1]


def found(token: str, association_name: str, name: str, email: str, password_hash: str) -> Member:
    """The first run: the association and its first member, who coordinates and administers."""
    use_link(token, "setup")
    association = Association(name=association_name)
    db.session.add(association)
    member = enrol(name, email, password_hash, role="coordinator", is_admin=True)
    publish("association.founded", association, member)
    return member


def enrol(name: str, email: str, password_hash: str, role: str, is_admin: bool = False) -> Member:
    """A new member, who votes unless they only observe."""
    member = Member(
        name=name,
        password_hash=password_hash,
        role=role,
        is_admin=is_admin,
        may_vote=role != "observer",
        dot=(db.session.scalar(select(func.count(Member.id))) or 0) % len(DOTS),
        joined_at=now(),
    )
    set_email(member, email.strip().casefold())
    publish("member.joined", member, member)
    return member


def stand_in(name: str) -> Member:
    """Who signs for what the command line brings in before anybody is here: gone from the start, with no way in."""
    found = queries.by_email(STAND_IN)
    if found is not None:
        return found
    at = now()
    member = Member(
        name=name, email=STAND_IN, password_hash="", role="observer", may_vote=False, joined_at=at, left_at=at
    )
    db.session.add(member)
    db.session.flush()
    return member


def accept_invitation(token: str, name: str, email: str, password_hash: str) -> Member:
    link = use_link(token, "invitation")
    return enrol(name, email, password_hash, role=link.role or "member", is_admin=link.is_admin)


def make_admin(member: Member) -> None:
    """From the command line only: whoever runs the server can always name an administrator again."""
    member.is_admin, member.left_at = True, None
    publish("member.rights", member, None, now=[member.role, member.may_vote, True])
    publish("access.changed", member, None, member=member.id)
