"""What waits for a member: one line each, and the act it leads to."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import joinedload

from assoc_intranet.core.access import may
from assoc_intranet.core.clock import now
from assoc_intranet.core.db import db
from assoc_intranet.core.i18n import day_words, hour_words, short_day
from assoc_intranet.mail import queries as mails
from assoc_intranet.members.models import Member
from assoc_intranet.polls import queries as polls
from assoc_intranet.posts.models import Post
from assoc_intranet.posts.states import State
from assoc_intranet.tasks import queries as tasks

SOON = timedelta(days=7)
TOO_LONG = timedelta(days=1)
AT_MOST = 6


@dataclass(frozen=True)
class Waiting:
    """`drawing` is a state (a moon) or, with a dash before it, an icon."""

    tone: str
    drawing: str
    title: str
    about: str
    url: str
    verb: str


def for_member(member: Member, today: date) -> list[Waiting]:
    """The most pressing first: publish, correct, review, write, vote, do."""
    if not may(member, "post.write"):
        return [*_left_behind(member), *_to_vote(member)]
    return [
        *_left_behind(member),
        *_to_publish(member, today),
        *_posts(member, today),
        *_to_vote(member),
        *_to_do(member, today),
    ]


def _left_behind(member: Member) -> Iterator[Waiting]:
    """Mails that did not leave: whoever was written to does not know, and an administrator can do something."""
    if not may(member, "member.manage"):
        return
    if left := mails.left_since(now() - TOO_LONG):
        title = ngettext("%(num)s mail has not left", "%(num)s mails have not left", len(left))
        about = _("for more than a day; the mail server says: %(reason)s", reason=left[-1] or "—")
        yield Waiting("late", "-mail", title, about, url_for("invitations.index"), _("Look"))


def _to_publish(member: Member, today: date) -> Iterator[Waiting]:
    """What is planned for today or should have gone out: to who looks after it, and to coordinators."""
    query = _posts_where(Post.state == State.PLANNED, Post.day <= today)
    if member.role != "coordinator":
        query = query.where((Post.holder_id == member.id) | (Post.author_id == member.id))
    for post in db.session.scalars(query):
        is_late = post.due_at is not None and post.due_at <= now()
        title = _("Late: %(title)s", title=post.title) if is_late else _("To publish: %(title)s", title=post.title)
        yield _about_post(post, "late" if is_late else "info", "-send", title, _("Open"))


def _posts_where(*conditions: ColumnElement[bool]) -> Select[Post]:
    """The first posts by date; each is shown with its author."""
    found = select(Post).where(Post.deleted_at.is_(None), *conditions)
    return found.options(joinedload(Post.author)).order_by(Post.due_at).limit(AT_MOST)


def _posts(member: Member, today: date) -> Iterator[Waiting]:
    mine = (Post.author_id == member.id) | (Post.holder_id == member.id)
    soon = Post.day.between(today - SOON, today + SOON)
    wanted: list[ColumnElement[bool]] = [
        mine & (Post.state == State.FIX),
        mine & Post.state.in_((State.IDEA, State.DRAFT)) & soon,
    ]
    if member.role == "coordinator":
        wanted.insert(1, Post.state == State.REVIEW)
    for condition in wanted:
        for post in db.session.scalars(_posts_where(condition)):
            yield _about_post(post, *_to_write(post))


def _to_write(post: Post) -> tuple[str, str, str, str]:
    match post.state:
        case State.FIX:
            return "late", State.FIX, _("Correct “%(title)s”", title=post.title), _("Correct")
        case State.REVIEW:
            return "wait", State.REVIEW, _("Review “%(title)s”", title=post.title), _("Review")
    return "quiet", post.state, _("Write “%(title)s”", title=post.title), _("Write")


def _to_vote(member: Member) -> Iterator[Waiting]:
    for poll in polls.to_vote(member):
        title = _("Vote: %(question)s", question=poll.question)
        url = url_for("polls.show", poll_id=poll.id)
        yield Waiting("vote", "-vote", title, _("You have not voted yet"), url, _("Vote"))


def _to_do(member: Member, today: date) -> Iterator[Waiting]:
    mine = tasks.mine(member, today)
    for task in (*mine.late, *mine.this_week):
        about = _("your task, for %(day)s", day=day_words(task.due)) if task.due else _("your task")
        tone = "late" if task.due and task.due < today else "info"
        yield Waiting(tone, "-list-checks", task.title, about, url_for("tasks.show", task_id=task.id), _("Open"))


def _about_post(post: Post, tone: str, drawing: str, title: str, verb: str) -> Waiting:
    planned = f"{short_day(post.day)}, {hour_words(post.hour)}" if post.day and post.hour else _("no date")
    about = _("written by %(name)s · %(planned)s", name=post.author.name, planned=planned)
    return Waiting(tone, drawing, title, about, url_for("posts.show", post_id=post.id), verb)
