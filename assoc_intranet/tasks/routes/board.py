"""The board, my own tasks, what is done, and a task on its way from one column to the next."""

from urllib.parse import urlsplit

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from assoc_intranet.core.access import needs
from assoc_intranet.core.db import commit
from assoc_intranet.core.html import reply
from assoc_intranet.live.registry import Rendered

from .. import fragments, queries, rules
from ..models import Task
from ..statuses import STATUS_LABELS, Status

bp = Blueprint("tasks", __name__, url_prefix="/tasks")


@bp.get("")
@needs("task.list")
def board() -> str:
    columns = [fragments.column(status) for status in Status]
    return render_template("tasks/board.html", todo=fragments.todo(current_user.id), columns=columns)


@bp.get("/mine")
@needs("task.list")
def mine() -> str:
    """What I have: late, this week, later; and what is free."""
    return render_template("tasks/mine.html", mine=fragments.mine(current_user.id), free=fragments.free())


@bp.get("/done")
@needs("task.list")
def done() -> str:
    page = max(1, min(request.args.get("page", 1, int), 10_000))
    tasks, more = queries.done(page)
    return render_template("tasks/done.html", tasks=tasks, page=page, more=more)


@bp.post("/<int:task_id>/column")
@needs("task.move", queries.one)
def move(task: Task) -> Response:
    """The one way to another column: dragged, chosen, finished or taken up again."""
    before = task.status
    rules.move(task, current_user, request.form.get("column", ""))
    commit()
    saying = _("“%(title)s”: %(column)s.", title=task.title, column=STATUS_LABELS[task.status])
    return reply(_page(task), *shown(task, before), saying=saying)


@bp.post("/<int:task_id>/claim")
@needs("task.claim", queries.one)
def claim(task: Task) -> Response:
    before = task.status
    rules.claim(task, current_user)
    commit()
    saying = _("“%(title)s” is yours.", title=task.title)
    return reply(_page(task), *shown(task, before), saying=saying)


@bp.post("/<int:task_id>/release")
@needs("task.claim", queries.one)
def release(task: Task) -> Response:
    before = task.status
    rules.release(task, current_user)
    commit()
    saying = _("You no longer have “%(title)s”.", title=task.title)
    return reply(_page(task), *shown(task, before), saying=saying)


def _page(task: Task) -> str:
    """The page the person is on where it shows this task, else the page of the task."""
    sheet = url_for(".show", task_id=task.id)
    here = urlsplit(request.headers.get("HX-Current-URL") or request.referrer or "").path
    return here if here in (url_for(".board"), url_for(".mine"), url_for("home.show")) else sheet


def shown(task: Task, before: str) -> list[Rendered | None]:
    """Wherever the task is on a page of the one who moved it."""
    columns = [fragments.column(status) for status in Status if status in (before, task.status)]
    lists = [fragments.todo(current_user.id), fragments.mine(current_user.id), fragments.free()]
    return [fragments.sheet(task.id), *columns, *lists]
