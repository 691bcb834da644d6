"""A post, and its variants: one for each network it is meant for."""

from datetime import date, datetime, time, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assoc_intranet.core.clock import moment
from assoc_intranet.core.db import Model
from assoc_intranet.members.models import Member

from .states import UNAPPROVED, State

DEFAULT_HOUR = time(9)
BIN = timedelta(days=30)
LONGEST_TEXT = 100_000


class Post(Model):
    """`day` and `hour` are wall time in `zone`; `due_at` is the instant they mean, kept for what must happen then."""

    __table_args__ = (
        CheckConstraint("state IN ('idea','draft','review','fix','ok','planned','done','off')", name="state"),
        Index(None, "deleted_at", "day"),
        Index(None, "state", "due_at"),
    )

    title: Mapped[str]
    text: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(default=State.DRAFT)
    day: Mapped[date | None]
    hour: Mapped[time | None]
    zone: Mapped[str]
    due_at: Mapped[datetime | None]
    author_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    version: Mapped[int] = mapped_column(default=1)
    op_id: Mapped[str | None] = mapped_column(unique=True)
    source: Mapped[str | None] = mapped_column(unique=True)
    source_version: Mapped[int | None]
    created_at: Mapped[datetime]
    edited_at: Mapped[datetime]
    editor_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    deleted_at: Mapped[datetime | None]

    author: Mapped[Member] = relationship(foreign_keys=author_id)
    holder: Mapped[Member | None] = relationship(foreign_keys=holder_id)
    editor: Mapped[Member | None] = relationship(foreign_keys=editor_id)
    variants: Mapped[list["Variant"]] = relationship(
        back_populates="post", order_by="Variant.id", cascade="all, delete-orphan"
    )

    def plan(self, day: date | None, hour: time | None) -> None:
        """Set or clear the planned time. A day without an hour is planned for the morning."""
        self.day = day
        self.hour = (hour or DEFAULT_HOUR) if day else None
        self.due_at = moment(day, self.hour, self.zone) if day and self.hour else None

    @property
    def is_published(self) -> bool:
        return self.state == State.DONE

    @property
    def own_texts(self) -> dict[str, str | None]:
        """The networks it is meant for, each with its own text, or None where it follows the common one."""
        return {variant.network: variant.text for variant in self.variants}

    def relations(self, member: Member) -> tuple[str, ...]:
        own = ("own",) if member.id == self.author_id else ()
        drafted = ("drafted",) if own and self.state in UNAPPROVED else ()
        shared = ("shared",) if member.id == self.holder_id else ()
        return own + drafted + shared + (("published",) if self.is_published else ())


class Variant(Model):
    """The post on one network: without a text of its own it follows the common one."""

    __table_args__ = (UniqueConstraint("post_id", "network"),)

    post_id: Mapped[int] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"))
    network: Mapped[str]
    text: Mapped[str | None] = mapped_column(Text)
    post: Mapped[Post] = relationship(back_populates="variants")
