"""Refusals: a broken rule is a sentence beside what was typed, and no error says more than a person needs."""

import errno
from typing import Any

from flask import Flask, Response, current_app, g, make_response, redirect, render_template, request
from flask_babel import gettext as _
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from . import kept
from .db import SAFE_METHODS, give_up
from .i18n import in_language
from .kept import Kept

# Of the page that needs nothing: which one the reader speaks stands in the database.
LAST_LANGUAGE = "fr"
# The disk, or the share of it that is ours; SQLite tells the second as a write that failed.
DISK_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
DATABASE_FULL = frozenset({"SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_SHMSIZE", "53100"})

# What passes is said beside the form, which stays as it was typed; without JavaScript, on a page that sends it again.
PASSING = frozenset({503, 507})


class RuleBroken(Exception):
    """What was asked may not be: `str()` is the sentence to show, `field` where to show it."""

    status = 422

    def __init__(self, sentence: str, field: str | None = None, status: int | None = None):
        super().__init__(sentence)
        self.field = field
        self.status = status or self.status


class Stale(RuleBroken):
    """Somebody saved in between. `theirs` is what stands, `yours` what was typed: field label -> text, both shown.

    `version` is the one that stands: the form that comes back carries it, so that saving again is a choice.
    """

    status = 409

    def __init__(self, sentence: str, theirs: dict[str, str], yours: dict[str, str], version: int):
        super().__init__(sentence)
        self.theirs = theirs
        self.yours = yours
        self.version = version


class Refused(Exception):
    """A whole answer that is a refusal, such as a form redrawn with its errors."""

    def __init__(self, page: str, status: int = 422):
        self.page = page
        self.status = status


def init_app(app: Flask) -> None:
    app.register_error_handler(RuleBroken, _rule_broken)
    app.register_error_handler(Refused, lambda refused: make_response(refused.page, refused.status))
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(OperationalError, _database_failed)
    app.register_error_handler(DBAPIError, _database_lost)
    app.register_error_handler(PoolTimeout, lambda error: _failed(error, 503))
    app.register_error_handler(OSError, _system_failed)
    app.register_error_handler(IntegrityError, _overtaken)
    app.register_error_handler(DataError, _unreadable)
    app.register_error_handler(OverflowError, _unreadable)
    app.register_error_handler(Exception, _crash)

    @app.after_request
    def keep_address(response: Response) -> Response:
        """The address bar must not end on an address that only answers POST."""
        if response.status_code >= 400 and request.method not in SAFE_METHODS and "HX-Request" in request.headers:
            response.headers["HX-Push-Url"] = "false"
        return response


def _rule_broken(broken: RuleBroken) -> Response:
    give_up()
    redraw = g.get("redraw")
    if redraw is not None:
        return make_response(redraw(broken), broken.status)
    if "HX-Request" in request.headers:
        return _toast(str(broken), broken.status)
    return error_page(broken.status, _("This could not be done"), str(broken))


def _toast(sentence: str, status: int) -> Response:
    from .html import toast

    return make_response(toast(sentence, tone="late"), status)


def _http_error(error: HTTPException) -> Response:
    if error.response is not None or (error.code or 500) < 400:
        return make_response(error.get_response())
    response = _page_of(error.code or 500)
    for name, value in error.get_headers():
        if name.lower() in ("allow", "retry-after"):
            response.headers[name] = value
    return response


def _words(code: int) -> tuple[str, str]:
    words = {
        400: (
            _("We did not understand"),
            _("The request was not complete. Go back, reload the page and try again."),
        ),
        401: (_("Who are you?"), _("Log in to go on. What you typed is kept.")),
        403: (_("Not with your role"), _("Your role does not allow this. A coordinator can help you.")),
        404: (_("Nothing here"), _("This page does not exist, or is not for you to see.")),
        405: (_("Not this way"), _("This address does not answer that kind of request.")),
        409: (_("Changed meanwhile"), _("Somebody changed this at the same time. Reload and look again.")),
        413: (_("Too big"), _("The file or text you sent is too large.")),
        429: (_("A little too fast"), _("Too many attempts. Wait a quarter of an hour and try again.")),
        503: (
            _("Very busy"),
            _("The server is busy. What you typed is not lost: try again in a few seconds."),
        ),
        507: (
            _("No room left"),
            _("The server’s disk is full: nothing was saved. You can still read; tell whoever looks after the server."),
        ),
    }
    return words.get(code, (_("Something went wrong"), _("The fault is ours, not yours. Nothing was saved.")))


def _database_failed(error: OperationalError) -> Response:
    """Too many at once, or a server that is just starting again: later is better. A full disk is another matter."""
    names = (getattr(error.orig, "sqlite_errorname", None), getattr(error.orig, "sqlstate", None))
    return _failed(error, 507 if DATABASE_FULL.intersection(names) else 503)


def _database_lost(error: DBAPIError) -> Response:
    """A connection that broke has more than one name; anything else the driver says is a fault of ours."""
    return _failed(error, 503 if error.connection_invalidated else 500)


def _system_failed(error: OSError) -> Response:
    return _failed(error, 507 if error.errno in DISK_FULL else 500)


def _overtaken(error: IntegrityError) -> Response:
    """A constraint held what a rule had checked: somebody else was faster, or the same thing was sent twice at once."""
    return _failed(error, 409)


def _unreadable(error: DataError | OverflowError) -> Response:
    """A value that the database cannot hold, such as a number that is too large."""
    return _failed(error, 400)


def _crash(error: Exception) -> Response:
    return _failed(error, 500)


def _failed(error: Exception, status: int) -> Response:
    give_up()
    current_app.logger.error("%s %s failed", request.method, request.path, exc_info=error)
    return _page_of(status)


def _page_of(status: int) -> Response:
    """The page of an error. Where even the layout fails (no database), a bare one that needs nothing."""
    passes = status in PASSING and request.method not in SAFE_METHODS
    typed = _typed() if passes else None
    try:
        if passes and "HX-Request" in request.headers:
            return _toast(_words(status)[1], status)
        return error_page(status, *_words(status), typed=typed)
    except Exception:
        current_app.logger.exception("The page of error %s could not be drawn", status)
        give_up()
        template = current_app.jinja_env.get_template("errors/bare.html")
        with in_language(LAST_LANGUAGE):
            title, sentence = _words(status)
            if passes and "HX-Request" in request.headers:
                return _toast(sentence, status)
            return make_response(template.render(title=title, sentence=sentence, typed=typed), status)


def _typed() -> Kept | None:
    """The form as it was sent, to be sent again from the page of the error: not where it would then lack something."""
    try:
        form = kept.of_request()
    except OSError:
        return None
    lacking = form.files or not form.fields or any("password" in name for name in request.form)
    return None if lacking else form


def error_page(status: int, title: str, sentence: str, **context: Any) -> Response:
    page = render_template("errors/error.html", status=status, title=title, sentence=sentence, **context)
    return make_response(page, status)


def to_login(next_url: str) -> Response:
    """Where a login is needed: htmx is told to leave the page, everyone else is redirected."""
    if "HX-Request" in request.headers:
        response = make_response("", 401)
        response.headers["HX-Redirect"] = next_url
        return response
    return make_response(redirect(next_url, 303))
