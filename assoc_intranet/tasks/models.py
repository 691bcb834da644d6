"""A task, the people who have it, and its steps."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Column, Connection, ForeignKey, Index, Table, Text, UniqueConstraint
from sqlalchemy import event as events
from sqlalchemy.orm import Mapped, Mapper, mapped_column, relationship

from assoc_intranet.core.db import Model
from assoc_intranet.members.models import Member
from assoc_intranet.posts.models import Post

from .statuses import NORMAL, Status

task_person = Table(
    "task_person",
    Model.metadata,
    Column("task_id", ForeignKey("task.id", ondelete="CASCADE"), primary_key=True),
    Column("member_id", ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, index=True),
)


class Task(Model):
    """`version` grows with what the form shows, people included, so that a form drawn before is known as stale.

    `post_title` is the trace of a linked post that was deleted.
    """

    __table_args__ = (
        CheckConstraint("status IN ('todo', 'doing', 'check', 'done')", name="status"),
        CheckConstraint("priority IN (-1, 0, 1)", name="priority"),
        Index(None, "status", "due"),
    )

    title: Mapped[str]
    notes: Mapped[str] = mapped_column(Text, default="")
    due: Mapped[date | None]
    priority: Mapped[int] = mapped_column(default=NORMAL)
    status: Mapped[str] = mapped_column(default=Status.TODO)
    post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id", ondelete="SET NULL"), index=True)
    post_title: Mapped[str | None]
    author_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    editor_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    version: Mapped[int] = mapped_column(default=1)
    op_id: Mapped[str | None] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]

    author: Mapped[Member] = relationship(foreign_keys=author_id)
    editor: Mapped[Member | None] = relationship(foreign_keys=editor_id)
    post: Mapped[Post | None] = relationship()
    people: Mapped[list[Member]] = relationship(secondary=task_person, order_by=Member.name)
    steps: Mapped[list["Step"]] = relationship(
        back_populates="task", order_by="Step.id", cascade="all, delete-orphan", passive_deletes=True
    )

    @property
    def is_done(self) -> bool:
        return self.status == Status.DONE

    @property
    def is_free(self) -> bool:
        """Nobody has it: it waits for who wants it."""
        return not self.people and not self.is_done

    @property
    def people_ids(self) -> set[int]:
        return {person.id for person in self.people}

    @property
    def keepers(self) -> list[int]:
        """Who may change it, besides a coordinator: its author and the people who have it."""
        return sorted({self.author_id, *self.people_ids})

    @property
    def steps_done(self) -> int:
        return sum(step.is_done for step in self.steps)

    def relations(self, member: Member) -> tuple[str, ...]:
        own = ("own",) if member.id == self.author_id else ()
        assigned = ("assigned",) if member.id in self.people_ids else ()
        return own + assigned + (("free",) if self.is_free else ())


class Step(Model):
    """One line of the checklist. Its words are there once: sent twice, they stay one step."""

    __table_args__ = (UniqueConstraint("task_id", "text"),)

    task_id: Mapped[int] = mapped_column(ForeignKey("task.id", ondelete="CASCADE"))
    text: Mapped[str]
    is_done: Mapped[bool] = mapped_column(default=False)
    task: Mapped[Task] = relationship(back_populates="steps")

    def relations(self, member: Member) -> tuple[str, ...]:
        return self.task.relations(member)


@events.listens_for(Post, "before_delete")
def _keep_trace(_mapper: Mapper[Post], connection: Connection, post: Post) -> None:
    """A post that goes for good leaves its title on the tasks that were linked to it."""
    table = Task.metadata.tables["task"]
    connection.execute(table.update().where(table.c.post_id == post.id).values(post_title=post.title))
