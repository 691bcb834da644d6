"""My profile, and the small stylesheet that shows and hides what depends on who looks."""

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from assoc_intranet.association import queries as association
from assoc_intranet.core.access import needs
from assoc_intranet.core.db import commit, only_reads
from assoc_intranet.core.forms import read_form
from assoc_intranet.core.html import reply

from .. import passwords, queries, rules
from ..forms import EmailForm, PasswordForm, ProfileForm, ProofForm
from ..models import Member
from ..proof import check_own_password, lock_as_member

bp = Blueprint("profile", __name__)


@bp.get("/profile")
@needs("profile.edit", queries.oneself)
def show(member: Member) -> str:
    form = ProfileForm(obj=member)
    return render_template("members/profile.html", form=form, sessions=queries.open_sessions(member))


@bp.post("/profile")
@needs("profile.edit", queries.oneself)
def save(member: Member) -> Response:
    form = read_form(ProfileForm, "members/profile.html", sessions=queries.open_sessions(member))
    rules.describe_oneself(member, form.name.data, form.language.data or None, form.dot.data)
    commit()
    return reply(url_for(".show"), saying=_("Saved."))


@bp.get("/profile/email")
@needs("profile.edit")
def show_email() -> str:
    return render_template("members/email.html", form=EmailForm())


@bp.post("/profile/email")
@only_reads
@needs("profile.edit")
def save_email() -> Response:
    form = read_form(EmailForm, "members/email.html")
    check_own_password(form.current_password.data, "current_password")
    rules.change_email(lock_as_member(), form.email.data)
    commit()
    return reply(url_for(".show"), saying=_("From now on you log in with %(email)s.", email=current_user.email))


@bp.get("/profile/password")
@needs("profile.edit")
def show_password() -> str:
    return render_template("members/password.html", form=PasswordForm())


@bp.post("/profile/password")
@only_reads
@needs("profile.edit")
def save_password() -> Response:
    form = read_form(PasswordForm, "members/password.html")
    check_own_password(form.current_password.data, "current_password")
    about = (association.name(), current_user.name, current_user.email)
    passwords.check_strength(form.password.data, *about)
    hashed = passwords.hash_password(form.password.data)
    rules.change_password(lock_as_member(), hashed)
    commit()
    return reply(url_for(".show"), saying=_("Your new password is saved. All other devices are logged out."))


@bp.get("/profile/departure")
@needs("profile.edit")
def show_departure() -> str:
    return render_template("members/departure.html", form=ProofForm())


@bp.post("/profile/departure")
@only_reads
@needs("profile.edit")
def leave() -> Response:
    form = read_form(ProofForm, "members/departure.html")
    check_own_password(form.confirm_password.data, "confirm_password")
    rules.leave(lock_as_member())
    commit()
    return reply(url_for("login.show"), saying=_("Your account is closed. Thank you for the time you gave."))


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
    response = Response(rules, mimetype="text/css")
    if request.args.get("of") == str(me) and request.args.get("role") == role:
        response.cache_control.private = True
        response.cache_control.max_age = 86400
    return response
