"""Single-use links: drawn, used once, forgotten."""

import secrets
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import delete

from assoc_intranet.core.clock import now
from assoc_intranet.core.db import db
from assoc_intranet.core.errors import RuleBroken

from .. import queries
from ..models import Link, Member

LIFE = {
    "setup": timedelta(days=30),
    "invitation": timedelta(days=30),
    "password": timedelta(hours=1),
    "login": timedelta(hours=24),
}


def draw_link(purpose: str, token: str | None = None, **about: object) -> tuple[Link, str]:
    """A new single-use link and its token, which is not kept: show it or mail it now."""
    token = token or secrets.token_urlsafe(24)
    link = Link(
        purpose=purpose,
        token_hash=queries.digest(token),
        created_at=now(),
        expires_at=now() + LIFE[purpose],
        **about,
    )
    db.session.add(link)
    db.session.flush()
    return link, token


def use_link(token: str, purpose: str) -> Link:
    link = queries.usable_link(token, purpose, to_use=True)
    if link is None:
        raise RuleBroken(_("This link was already used or is too old. Ask for a new one."), status=409)
    link.used_at = now()
    return link


def forget_password_links(member: Member) -> None:
    """What was drawn for an earlier password or address must not open the account any more."""
    db.session.execute(delete(Link).where(Link.member_id == member.id, Link.purpose.in_(("password", "login"))))
