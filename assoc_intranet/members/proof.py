"""Proof that it is still the same person: before what cannot be taken back, the password is asked again."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import abort, g, render_template
from flask_babel import gettext as _
from flask_login import current_user

from assoc_intranet.core import audit, kept
from assoc_intranet.core.clock import now
from assoc_intranet.core.db import db, only_reads, start_writing
from assoc_intranet.core.errors import Refused, RuleBroken
from assoc_intranet.core.limits import spend

from . import rules
from .forms import ProofForm
from .models import Member, Session

TRIES = "10 per 15 minutes"
F = TypeVar("F", bound=Callable[..., Any])


def proved(view: F) -> F:
    """Above `needs`: lets through who typed their password in the last quarter of an hour, and asks everyone else."""

    @wraps(view)
    def guarded(**arguments: Any) -> Any:
        if current_user.is_authenticated:
            session = db.session.get(Session, current_user.session_id)
            asked = session is None or not session.is_proved(now())
            if asked:
                _ask()
            lock_as_member()
            if asked:
                rules.prove(current_user)
        return view(**arguments)

    return only_reads(guarded)  # type: ignore[return-value]


def check_own_password(password: str, field: str) -> None:
    """Refuse a password that is not that of who is logged in. Slow: call it before the write lock is taken."""
    spend(TRIES, "proof", str(current_user.id))
    if not rules.check_password(current_user, password):
        audit.note("proof.failed", member=current_user.id)
        raise RuleBroken(_("This is not your password."), field)


def lock_as_member() -> Member:
    """Take the write lock and load who is logged in again: they may have been put out meanwhile."""
    start_writing()
    g.pop("_login_user", None)
    if not current_user.is_authenticated:
        abort(401)
    member: Member = current_user._get_current_object()
    return member


def _ask() -> None:
    form = ProofForm()
    try:
        if form.confirm_password.data is not None and form.validate():
            check_own_password(form.confirm_password.data, "confirm_password")
            return
    except RuleBroken as broken:
        form.confirm_password.errors = [str(broken)]
    raise Refused(render_template("members/proof.html", form=form, kept=kept.of_request()), 403)
