"""Networks."""

from flask import Blueprint, render_template

from assoc_intranet.core.access import needs

bp = Blueprint("networks", __name__, url_prefix="/networks")


@bp.get("")
@needs("network.list")
def index() -> str:
    return render_template("networks/index.html")
