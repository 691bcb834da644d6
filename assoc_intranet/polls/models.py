"""A vote, its options, the roll frozen when it opens, and one ballot for each elector, changeable until the close."""

from datetime import date, datetime, time
from typing import cast

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assoc_intranet.core.clock import now
from assoc_intranet.core.db import Model
from assoc_intranet.members.models import Member

from .kinds import Electorate, Kind, Results


class Poll(Model):
    """`closes_on` and `closes_hour` are wall time in `zone`; `closes_at`, the instant they mean, is what decides.

    `closed_at` is set when the close was made known; a poll whose instant has come is closed before that. `asked_by` is
    the id of the member it was read for, and whether they are on the roll.
    """

    __table_args__ = (
        CheckConstraint("kind IN ('yesno', 'single', 'multiple', 'date')", name="kind"),
        CheckConstraint("results IN ('always', 'after', 'close')", name="results"),
        CheckConstraint("electorate IN ('all', 'picked')", name="electorate"),
        CheckConstraint("most >= 1", name="most"),
        Index(None, "opened_at", "closed_at", "closes_at"),
    )

    question: Mapped[str]
    text: Mapped[str] = mapped_column(Text, default="")
    kind: Mapped[str] = mapped_column(default=Kind.YES_NO)
    most: Mapped[int] = mapped_column(default=1)
    results: Mapped[str] = mapped_column(default=Results.ALWAYS)
    electorate: Mapped[str] = mapped_column(default=Electorate.ALL)
    closes_on: Mapped[date]
    closes_hour: Mapped[time]
    zone: Mapped[str]
    closes_at: Mapped[datetime]
    author_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    version: Mapped[int] = mapped_column(default=1)
    op_id: Mapped[str | None] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    editor_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]

    author: Mapped[Member] = relationship(foreign_keys=author_id)
    editor: Mapped[Member | None] = relationship(foreign_keys=editor_id)
    options: Mapped[list["Option"]] = relationship(
        back_populates="poll", order_by="Option.id", cascade="all, delete-orphan"
    )
    electors: Mapped[list["Elector"]] = relationship(back_populates="poll", cascade="all, delete-orphan")

    asked_by = cast("tuple[int, bool] | None", None)

    @property
    def is_draft(self) -> bool:
        return self.opened_at is None

    @property
    def is_open(self) -> bool:
        return not self.is_draft and self.closed_at is None and now() < self.closes_at

    @property
    def is_closed(self) -> bool:
        return not self.is_draft and not self.is_open

    @property
    def ended_at(self) -> datetime:
        """When it closed, or will: before its hour if somebody closed it."""
        return self.closed_at or self.closes_at

    def relations(self, member: Member) -> tuple[str, ...]:
        own = ("own",) if member.id == self.author_id else ()
        return (*own, "elector") if not self.is_draft and self._has_on_roll(member) else own

    def _has_on_roll(self, member: Member) -> bool:
        """As the query found it that read the vote for this member: a roll of hundreds is not read for one line."""
        if self.asked_by and self.asked_by[0] == member.id:
            return self.asked_by[1]
        return any(elector.member_id == member.id for elector in self.electors)


class Option(Model):
    """One answer that can be given: words, or a day and maybe an hour."""

    poll_id: Mapped[int] = mapped_column(ForeignKey("poll.id", ondelete="CASCADE"), index=True)
    label: Mapped[str] = mapped_column(default="")
    day: Mapped[date | None]
    hour: Mapped[time | None]
    poll: Mapped[Poll] = relationship(back_populates="options")


class Elector(Model):
    """A line of the roll. Before the opening, somebody who was picked."""

    __table_args__ = (UniqueConstraint("poll_id", "member_id"),)

    poll_id: Mapped[int] = mapped_column(ForeignKey("poll.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    poll: Mapped[Poll] = relationship(back_populates="electors")
    member: Mapped[Member] = relationship()


class Ballot(Model):
    """What an elector answers: the database knows no ballot without a line of the roll, and no second one for it."""

    __table_args__ = (
        UniqueConstraint("poll_id", "member_id"),
        ForeignKeyConstraint(["poll_id", "member_id"], ["elector.poll_id", "elector.member_id"]),
    )

    poll_id: Mapped[int] = mapped_column(ForeignKey("poll.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    reason: Mapped[str] = mapped_column(Text, default="")
    cast_at: Mapped[datetime]
    poll: Mapped[Poll] = relationship()
    member: Mapped[Member] = relationship()
    choices: Mapped[list["Choice"]] = relationship(order_by="Choice.option_id", cascade="all, delete-orphan")
    castings: Mapped[list["Casting"]] = relationship(order_by="Casting.id", cascade="all, delete-orphan")

    @property
    def answers(self) -> dict[int, str]:
        return {choice.option_id: choice.answer for choice in self.choices}


class Choice(Model):
    """What a ballot says of an option: chosen, or for a date yes, if need be, or no."""

    __table_args__ = (
        UniqueConstraint("ballot_id", "option_id"),
        CheckConstraint("answer IN ('yes', 'maybe', 'no')", name="answer"),
    )

    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id", ondelete="CASCADE"))
    option_id: Mapped[int] = mapped_column(ForeignKey("option.id"))
    answer: Mapped[str]
    option: Mapped[Option] = relationship()


class Casting(Model):
    """One sending of a ballot, by the `op_id` of its form: a late repeat of an old one must not undo a newer one."""

    __table_args__ = (UniqueConstraint("ballot_id", "op_id"),)

    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id", ondelete="CASCADE"))
    op_id: Mapped[str]
