"""The first page, and the list of everything else for the phone."""

from flask import Blueprint, render_template

from assoc_intranet.core.access import needs

bp = Blueprint("home", __name__)


@bp.get("/")
@needs("home.see")
def show() -> str:
    return render_template("home/show.html")


@bp.get("/more")
@needs("home.see")
def more() -> str:
    return render_template("home/more.html")
