"""The checklist of a task."""

from flask import Response, request, url_for
from flask_login import current_user

from assoc_intranet.core.access import needs
from assoc_intranet.core.db import commit
from assoc_intranet.core.forms import read_form
from assoc_intranet.core.html import reply

from .. import fragments, queries, rules
from ..forms import StepForm
from ..models import Step, Task
from .board import bp


@bp.post("/<int:task_id>/steps")
@needs("task.edit", queries.one)
def add_step(task: Task) -> Response:
    form = read_form(StepForm, "tasks/step.html", of=task, task=task)
    rules.add_step(task, current_user, form.text.data)
    commit()
    return _steps(task)


@bp.post("/<int:task_id>/steps/<int:step_id>")
@needs("task.edit", queries.step)
def tick(step: Step) -> Response:
    rules.tick(step, current_user, request.form.get("done") == "yes")
    commit()
    return _steps(step.task)


@bp.post("/<int:task_id>/steps/<int:step_id>/removal")
@needs("task.edit", queries.step)
def remove_step(step: Step) -> Response:
    task = step.task
    rules.remove_step(step, current_user)
    commit()
    return _steps(task)


def _steps(task: Task) -> Response:
    url = url_for(".show", task_id=task.id, _anchor="steps")
    return reply(url, fragments.sheet(task.id), fragments.column(task.status))
