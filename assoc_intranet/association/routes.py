"""The settings of the association, its logo, and the small stylesheet that carries its colour."""

from typing import Any

from flask import Blueprint, Response, abort, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from assoc_intranet.core.access import needs, public
from assoc_intranet.core.db import commit, only_reads, start_writing
from assoc_intranet.core.forms import read_form
from assoc_intranet.core.html import reply

from . import logo, queries, rules
from .forms import SettingsForm

FOR_EVER = 31_536_000
bp = Blueprint("association", __name__)


def every_page() -> dict[str, Any]:
    return {"association": queries.face()}


@bp.get("/theme.css")
@public
def theme() -> Response:
    """Kept by browsers for ever under an address that carries the colour, and not at all under any other."""
    accent = queries.accent()
    response = Response(f":root {{ --accent: {accent}; }}\n", mimetype="text/css")
    if request.args.get("accent") == accent:
        _keep(response)
    return response


@bp.get("/logo/<name>", endpoint="logo")
@public
def show_logo(name: str) -> Response:
    association = queries.face()
    path = logo.path_of(name) if association and association.logo == name else None
    if path is None:
        abort(404)
    return _keep(Response(path.read_bytes(), mimetype="image/png"))


@bp.get("/settings")
@needs("association.edit")
def settings() -> str:
    return render_template("association/settings.html", form=SettingsForm(obj=queries.current()))


@bp.post("/settings")
@only_reads
@needs("association.edit")
def save() -> Response:
    form = read_form(SettingsForm, "association/settings.html")
    fresh = logo.keep(form.logo.data, "logo")
    start_writing()
    association = queries.current() or abort(404)
    old = rules.change_settings(association, current_user, form.settings(), fresh, form.no_logo.data)
    commit()
    logo.forget(old)
    return reply(url_for(".settings"), saying=_("Saved."))


def _keep(response: Response) -> Response:
    response.headers["Cache-Control"] = f"public, max-age={FOR_EVER}, immutable"
    return response
