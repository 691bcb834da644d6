"""My profile, and the small stylesheet that shows and hides what depends on who looks."""

from flask import Blueprint, Response, render_template
from flask_login import current_user

from assoc_intranet.core.access import needs

bp = Blueprint("profile", __name__)


@bp.get("/profile")
@needs("profile.edit")
def show() -> str:
    return render_template("members/profile.html")


@bp.get("/me.css")
@needs("home.see")
def viewer_style() -> Response:
    """Fragments are the same for all: this hides what is not for the one who looks. The server decides again."""
    me, role = current_user.id, current_user.role
    rules = (
        f'[data-only-by]:not([data-only-by~="{me}"], [data-only-role~="{role}"]) {{ display: none; }}\n'
        f'[data-only-role]:not([data-only-role~="{role}"], [data-only-by~="{me}"]) {{ display: none; }}\n'
        f'[data-not-by~="{me}"] {{ display: none; }}\n'
    )
    return Response(rules, mimetype="text/css")
