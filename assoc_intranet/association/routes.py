"""The settings of the association, and the small stylesheet that carries its colour."""

from typing import Any

from flask import Blueprint, Response, render_template

from assoc_intranet.core.access import needs, public

from . import queries
from .models import DEFAULT_ACCENT

bp = Blueprint("association", __name__)


def every_page() -> dict[str, Any]:
    return {"association": queries.current()}


@bp.get("/theme.css")
@public
def theme() -> Response:
    association = queries.current()
    accent = association.accent if association else DEFAULT_ACCENT
    return Response(f":root {{ --accent: {accent}; }}\n", mimetype="text/css")


@bp.get("/settings")
@needs("association.edit")
def settings() -> str:
    return render_template("association/settings.html")
