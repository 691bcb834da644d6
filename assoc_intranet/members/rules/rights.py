"""What a member may do, and whether they still belong. Somebody always administers."""

from flask_babel import gettext as _
from sqlalchemy import select

from assoc_intranet.core.changes import publish
from assoc_intranet.core.clock import now
from assoc_intranet.core.db import db
from assoc_intranet.core.errors import RuleBroken

from ..models import Member
from .links import forget_password_links
from .sessions import end_sessions


def set_rights(member: Member, actor: Member, role: str, may_vote: bool, is_admin: bool) -> None:
    """Give a member their role, their voting right and the administration; open pages learn of it at once."""
    if not is_admin:
        _keep_an_administrator(member, "is_admin")
    before = _rights(member)
    member.role, member.may_vote, member.is_admin = role, may_vote, is_admin
    if _rights(member) != before:
        publish("member.rights", member, actor, was=before, now=_rights(member))
        publish("access.changed", member, actor, member=member.id)


def deactivate(member: Member, actor: Member) -> None:
    """Close an account: the person is out at once, and what they did stays under their name."""
    if not member.is_active:
        return
    _keep_an_administrator(member)
    member.left_at = now()
    forget_password_links(member)
    end_sessions(member, actor)
    publish("member.left", member, actor)


def leave(member: Member) -> None:
    """A member closes their own account."""
    deactivate(member, member)


def reactivate(member: Member, actor: Member) -> None:
    """Open an account again, as it was."""
    if not member.is_active:
        member.left_at = None
        publish("member.returned", member, actor)


def _rights(member: Member) -> list[object]:
    return [member.role, member.may_vote, member.is_admin]


def _keep_an_administrator(member: Member, field: str | None = None) -> None:
    """Refuse what would leave nobody to administer. The rows are locked: two may not step down at the same time."""
    if not member.is_admin:
        return
    admins = select(Member.id).where(Member.is_admin, Member.left_at.is_(None)).order_by(Member.id)
    if set(db.session.scalars(admins.with_for_update())) <= {member.id}:
        raise RuleBroken(_("%(name)s is the last administrator. Name another one first.", name=member.name), field, 409)
