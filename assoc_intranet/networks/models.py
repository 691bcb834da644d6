"""Where the association is present, and the limits of a network that it changed by hand."""

from datetime import date, timedelta

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from sqlalchemy import CheckConstraint, Column, ForeignKey, Table
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assoc_intranet.core.db import Model
from assoc_intranet.members.models import Member

STATUS_LABELS: dict[str, LazyString] = {"active": _l("active"), "dormant": _l("dormant"), "closed": _l("closed")}
STATUSES = tuple(STATUS_LABELS)
STALE_AFTER = timedelta(days=365)

presence_holder = Table(
    "presence_holder",
    Model.metadata,
    Column("presence_id", ForeignKey("presence.id", ondelete="CASCADE"), primary_key=True),
    Column("member_id", ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, index=True),
)


class Presence(Model):
    """Our account on a network. `goal` is how many posts a week it should have. Passwords are never kept here."""

    __table_args__ = (
        CheckConstraint("status IN ('active', 'dormant', 'closed')", name="status"),
        CheckConstraint("goal >= 0", name="goal"),
    )

    network: Mapped[str] = mapped_column(index=True)
    handle: Mapped[str]
    url: Mapped[str | None]
    goal: Mapped[float | None]
    status: Mapped[str] = mapped_column(default="active")
    version: Mapped[int] = mapped_column(default=1)
    op_id: Mapped[str | None] = mapped_column(unique=True)
    editor_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"))

    editor: Mapped[Member | None] = relationship(foreign_keys=editor_id)
    holders: Mapped[list[Member]] = relationship(secondary=presence_holder, order_by=Member.name)

    def relations(self, _member: Member) -> tuple[str, ...]:
        return ()


class NetworkLimit(Model):
    """A limit that the association read for itself: it takes the place of the one we ship. None is no limit."""

    __table_args__ = (CheckConstraint("characters > 0", name="characters"),)

    network: Mapped[str] = mapped_column(unique=True)
    characters: Mapped[int | None]
    checked_on: Mapped[date]
