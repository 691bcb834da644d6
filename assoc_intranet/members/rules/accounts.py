"""One's own account: what is said of oneself, the address, the password, and the way back when it is forgotten."""

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from assoc_intranet import mail
from assoc_intranet.association import queries as association
from assoc_intranet.core.changes import publish
from assoc_intranet.core.clock import now
from assoc_intranet.core.db import db
from assoc_intranet.core.errors import RuleBroken

from .. import passwords, queries
from ..models import Member, PasswordRequest
from .links import draw_link, forget_password_links, use_link
from .sessions import end_sessions


def check_password(member: Member | None, password: str) -> bool:
    """Whether the password is theirs; as slow for a member who does not exist."""
    right = passwords.matches(member.password_hash if member else passwords.NOBODY, password)
    return right and member is not None and member.is_active


def describe_oneself(member: Member, name: str, language: str | None, dot: int) -> None:
    member.name, member.language, member.dot = name, language, dot
    publish("member.edited", member, member)


def change_email(member: Member, email: str) -> None:
    """Another address; the earlier one is told, in case it was somebody else's doing."""
    before, email = member.email, email.strip().casefold()
    if email == before:
        return
    set_email(member, email)
    forget_password_links(member)
    publish("member.email", member, member)
    _tell(member, "email_changed", before)


def change_password(member: Member, password_hash: str) -> None:
    """Another password: every other login of this member ends."""
    _set_password(member, password_hash)
    end_sessions(member, member, but=member.session_id)


def ask_password_link(email: str) -> None:
    """Note that somebody wants a new password. Whether the address is known is looked at later, by a job."""
    db.session.add(PasswordRequest(email=email.strip().casefold(), asked_at=now()))


def answer_password_request(request: PasswordRequest) -> int | None:
    """Mail a link to the member who asked for one: their id. A request for anybody else is dropped."""
    member = queries.by_email(request.email)
    db.session.delete(request)
    if member is None or not member.is_active:
        return None
    _link, token = draw_link("password", member_id=member.id)
    _tell(member, "password_link", member.email, url=mail.absolute_url("passwords.choose", code=token))
    return member.id


def draw_password_link(member: Member, actor: Member) -> str:
    """A link to a new password, for an administrator to hand over: its token."""
    _link, token = draw_link("password", member_id=member.id, author_id=actor.id)
    publish("member.password_link", member, actor)
    return token


def reset_password(token: str, password_hash: str) -> Member:
    """A new password through a link: every login of this member ends."""
    member = use_link(token, "password").member
    assert member is not None, "a password link is somebody's"  # noqa: S101 (it is drawn so)
    _set_password(member, password_hash)
    end_sessions(member, member)
    return member


def set_email(member: Member, email: str) -> None:
    """Give a member, new or not, an address nobody else has, even when two ask for it at once."""
    taken = RuleBroken(_("Somebody here already uses this address."), "email")
    if queries.by_email(email) not in (None, member):
        raise taken
    member.email = email
    db.session.add(member)
    try:
        db.session.flush()
    except IntegrityError:
        raise taken from None


def _set_password(member: Member, password_hash: str) -> None:
    member.password_hash = password_hash
    forget_password_links(member)
    publish("member.password", member, member)
    _tell(member, "password_changed", member.email)


def _tell(member: Member, name: str, address: str, **context: str) -> None:
    language = member.language or association.language()
    mail.queue(address, name, language, name=member.name, association=association.name(), **context)
