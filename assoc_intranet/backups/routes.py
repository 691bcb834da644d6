"""The copies, for administrators. None leaves through the web: what they hold is for who runs the server."""

from flask import Blueprint, Response, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from assoc_intranet.core.access import needs
from assoc_intranet.core.db import commit
from assoc_intranet.core.html import reply

from . import rules
from .fragments import copies

bp = Blueprint("backups", __name__, url_prefix="/backups")


@bp.get("")
@needs("backup.list")
def index() -> str:
    return render_template("backups/index.html", copies=copies())


@bp.post("")
@needs("backup.make")
def make() -> Response:
    rules.ask(current_user)
    commit()
    return reply(url_for(".index"), copies(), saying=_("A copy is being made."))
