"""Whether the demo is there, and whether anything else is."""

from sqlalchemy import select

from assoc_intranet.core.db import db
from assoc_intranet.members.models import Member

from .data.people import DOMAIN

_OF_DEMO = Member.email.endswith(f"@{DOMAIN}", autoescape=True)


def is_there() -> bool:
    return db.session.scalar(select(Member.id).where(_OF_DEMO).limit(1)) is not None


def strangers() -> list[Member]:
    """People who are not of the demo: where there is one, the database is somebody's."""
    return list(db.session.scalars(select(Member).where(~_OF_DEMO).order_by(Member.id)))
