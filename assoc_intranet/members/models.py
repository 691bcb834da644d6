"""A member, the sessions they are logged in with, and the single-use links that let people in."""

from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assoc_intranet.core.db import Model

ROLES = ("observer", "member", "coordinator")
IDLE = timedelta(days=14)
ABSOLUTE = timedelta(days=90)
ADMIN_ABSOLUTE = timedelta(hours=12)
PROVED = timedelta(minutes=15)


def initials(name: str) -> str:
    """`AK` of Amina Kaddouri: what stands in the bead of a member."""
    words = [word for word in name.replace("-", " ").split() if word[0].isalnum()]
    letters = words[0][0] + (words[-1][0] if len(words) > 1 else "") if words else name[:1]
    return letters.upper()


class Member(Model):
    __table_args__ = (CheckConstraint("role IN ('observer', 'member', 'coordinator')", name="role"),)

    name: Mapped[str]
    email: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str]
    role: Mapped[str] = mapped_column(default="member")
    is_admin: Mapped[bool] = mapped_column(default=False)
    may_vote: Mapped[bool] = mapped_column(default=True)
    language: Mapped[str | None]
    dot: Mapped[int] = mapped_column(default=0)
    joined_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
    visited_at: Mapped[datetime | None]
    sessions: Mapped[list["Session"]] = relationship(back_populates="member", order_by="Session.id")

    is_authenticated = True
    is_anonymous = False
    session_id: int = 0
    previous_visit = cast("datetime | None", None)

    @property
    def is_active(self) -> bool:
        return self.left_at is None

    @property
    def grants(self) -> tuple[str, ...]:
        """What the table of permissions knows this member as."""
        return (self.role, "admin") if self.is_admin else (self.role,)

    @property
    def initials(self) -> str:
        return initials(self.name)

    def relations(self, member: "Member") -> tuple[str, ...]:
        return ("own",) if member.id == self.id else ()


class Session(Model):
    """A login, on one device, until it is ended. Only the hash of its token is kept.

    `proved_at` is when the password was last typed: what cannot be taken back asks for it again. `before_at` is when
    the visit before this one ended, on whatever device.
    """

    token_hash: Mapped[str] = mapped_column(unique=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    device: Mapped[str]
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    proved_at: Mapped[datetime]
    before_at: Mapped[datetime | None]
    member: Mapped[Member] = relationship(back_populates="sessions")

    def is_over(self, at: datetime, is_admin: bool) -> bool:
        return at >= self.seen_at + IDLE or at >= self.created_at + (ADMIN_ABSOLUTE if is_admin else ABSOLUTE)

    def is_proved(self, at: datetime) -> bool:
        return at < self.proved_at + PROVED


class Link(Model):
    """A single-use link: first run, invitation, new password, one-time login. Only the hash of its token is kept."""

    purpose: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"))
    email: Mapped[str | None]
    role: Mapped[str | None]
    is_admin: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    member: Mapped[Member | None] = relationship(foreign_keys=member_id)
    author: Mapped[Member | None] = relationship(foreign_keys=author_id)

    def is_usable(self, at: datetime) -> bool:
        return self.used_at is None and at < self.expires_at and (self.member is None or self.member.is_active)

    def relations(self, member: Member) -> tuple[str, ...]:
        return ("own",) if member.id == self.author_id else ()


class PasswordRequest(Model):
    """Somebody asked for a new password. Answered after the page was sent, so that the page tells nothing."""

    email: Mapped[str]
    asked_at: Mapped[datetime]
