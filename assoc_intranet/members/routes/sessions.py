"""Where I am logged in: one login ended, or all the others."""

from flask import Blueprint, Response, url_for
from flask_babel import gettext as _
from flask_login import current_user, logout_user

from assoc_intranet.core.access import needs
from assoc_intranet.core.db import commit
from assoc_intranet.core.html import reply

from .. import queries, rules
from ..models import Session

bp = Blueprint("sessions", __name__, url_prefix="/sessions")


@bp.post("/<int:session_id>/closure")
@needs("session.end", queries.own_session)
def end(session: Session) -> Response:
    mine = session.id == current_user.session_id
    rules.end_session(session, current_user)
    commit()
    if mine:
        logout_user()
        return reply(url_for("login.show"))
    return reply(url_for("profile.show"), saying=_("That device is logged out."))


@bp.post("/others/closure")
@needs("session.end")
def end_others() -> Response:
    rules.end_sessions(current_user, current_user, but=current_user.session_id)
    commit()
    return reply(url_for("profile.show"), saying=_("All other devices are logged out."))
