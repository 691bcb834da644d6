"""Tasks."""

from flask import Blueprint, render_template

from assoc_intranet.core.access import needs

bp = Blueprint("tasks", __name__, url_prefix="/tasks")


@bp.get("")
@needs("task.list")
def board() -> str:
    return render_template("tasks/board.html")
