"""The list of members."""

from flask import Blueprint, render_template

from assoc_intranet.core.access import needs

from .. import queries

bp = Blueprint("members", __name__, url_prefix="/members")


@bp.get("")
@needs("member.list")
def index() -> str:
    return render_template("members/index.html", members=queries.active())
