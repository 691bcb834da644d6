"""Writing, reading and deleting one task."""

from uuid import uuid4

from flask import Response, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from assoc_intranet.core.access import needs
from assoc_intranet.core.db import commit
from assoc_intranet.core.forms import read_form
from assoc_intranet.core.html import reply

from .. import fragments, queries, rules
from ..forms import TaskForm
from ..models import Task
from ..statuses import NORMAL
from .board import bp


@bp.get("/new")
@needs("task.write")
def new() -> str:
    """An empty form; the address may bring a title, a day or the post it is about."""
    form = TaskForm(request.args, meta={"csrf": True})
    form.op_id.data = str(uuid4())
    form.priority.data = NORMAL
    return render_template("tasks/form.html", form=form, task=None)


@bp.post("")
@needs("task.write")
def create() -> Response:
    form = read_form(TaskForm, "tasks/form.html", task=None)
    task = rules.write(current_user, form.draft, op_id=form.op_id.data)
    commit()
    return reply(url_for(".show", task_id=task.id), saying=_("“%(title)s” is on the board.", title=task.title))


@bp.get("/<int:task_id>")
@needs("task.see", queries.one)
def show(task: Task) -> str:
    return render_template("tasks/show.html", task=task, sheet=fragments.sheet(task.id))


@bp.get("/<int:task_id>/details")
@needs("task.edit", queries.one)
def details(task: Task) -> str:
    form = TaskForm(obj=task, of=task)
    form.people.data = list(task.people_ids)
    return render_template("tasks/form.html", form=form, task=task)


@bp.post("/<int:task_id>")
@needs("task.edit", queries.one)
def save(task: Task) -> Response:
    form = read_form(TaskForm, "tasks/form.html", of=task, task=task)
    rules.rewrite(task, current_user, form.version.data or 0, form.draft)
    commit()
    return reply(url_for(".show", task_id=task.id), saying=_("Saved."))


@bp.get("/<int:task_id>/deletion")
@needs("task.delete", queries.one)
def confirm_deletion(task: Task) -> str:
    return render_template("tasks/deletion.html", task=task)


@bp.post("/<int:task_id>/deletion")
@needs("task.delete", queries.one)
def delete(task: Task) -> Response:
    title = task.title
    rules.delete(task, current_user)
    commit()
    return reply(url_for(".board"), saying=_("“%(title)s” is deleted.", title=title))
