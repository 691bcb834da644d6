"""Decisions."""

from flask import Blueprint, render_template

from assoc_intranet.core.access import needs

bp = Blueprint("polls", __name__, url_prefix="/polls")


@bp.get("")
@needs("poll.list")
def index() -> str:
    return render_template("polls/index.html")
