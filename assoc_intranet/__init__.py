"""The intranet of a small association: one calendar, its tasks and its votes, each change seen by all at once."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from flask import Flask, Response, g, request
from flask_login import current_user
from werkzeug.local import LocalProxy
from werkzeug.middleware.proxy_fix import ProxyFix

from .config import flask_config, read_settings, resource

FEATURES = (
    "association",
    "members",
    "networks",
    "posts",
    "tasks",
    "polls",
    "backups",
    "home",
    "demo",
)

# These show no rows, or answer before the database does.
WITHOUT_CURSOR = ("static_file", "healthz", "live.stream", None)


class Intranet(Flask):
    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Nothing of ours is a coroutine: it would be asked of each view and hook, for each request."""
        return func


def create_app(overrides: dict[str, Any] | None = None, environ: dict[str, str] | None = None) -> Flask:
    """The application. `overrides` replace Flask settings (tests), `environ` the environment they are read from."""
    app = Intranet(__name__, static_folder=None, template_folder=str(resource("templates")))
    app.config.update(flask_config(read_settings(environ)), TRANSLATIONS=resource("translations"))
    app.config.update(overrides or {})
    app.static_folder = str(resource("static"))
    _guard(app)
    _lay_foundations(app)
    _add_features(app)
    _go_live(app)
    return app


def _guard(app: Flask) -> None:
    """What comes before everything else: proxies, size, forged requests, the database lock, rights."""
    from .core import access, csrf, db, incoming, limits, security
    from .permissions import PERMISSIONS

    proxies = app.config["TRUSTED_PROXIES"]
    if proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies)  # type: ignore[method-assign]

    incoming.init_app(app)
    security.init_app(app)
    csrf.init_app(app)
    db.init_app(app)
    access.init_app(app, PERMISSIONS)
    limits.init_app(app)


def _lay_foundations(app: Flask) -> None:
    """Languages, templates, static files, errors, compression, logs."""
    from flask_compress import Compress

    from .association import queries
    from .core import drawings, errors, html, i18n, logs, static

    logs.init_app(app)
    i18n.init_app(app, queries.language, queries.zone)
    html.init_app(app)
    errors.init_app(app)
    static.init_app(app)
    drawings.init_app(app)
    app.config.setdefault("COMPRESS_ALGORITHM", ["zstd", "br", "gzip"])
    app.config.setdefault("COMPRESS_BR_LEVEL", 4)
    app.config.setdefault("COMPRESS_STREAMS", False)
    Compress(app)


def _add_features(app: Flask) -> None:
    from . import mail

    mail.register(app)
    for name in FEATURES:
        import_module(f"{__name__}.{name}").register(app)


def _go_live(app: Flask) -> None:
    """The hub of open streams, and how a server starts the thread that feeds it."""
    from .core.access import public
    from .core.changes import cursor, date_page
    from .live import routes
    from .live.hub import Hub
    from .live.tail import Tail

    hub = Hub(app.config["LIVE_MAX"])
    app.extensions["hub"] = hub
    app.extensions["tail"] = lambda: Tail(app, hub, app.extensions["stream_rights"])
    app.register_blueprint(routes.bp)

    @app.before_request
    def note_cursor() -> None:
        """Read before any row of the page: whatever happens later is newer than what the page shows."""
        if request.method == "GET" and request.endpoint not in WITHOUT_CURSOR and not current_user.is_authenticated:
            date_page(cursor())

    @app.context_processor
    def page_cursor() -> dict[str, Any]:
        """Elsewhere it is asked for by whole pages only, and not kept: a write must not date what it may undo."""
        return {"cursor": g.cursor if "cursor" in g else LocalProxy(cursor)}

    @app.get("/healthz")
    @public
    def healthz() -> Response:
        """200 as soon as pages can be served."""
        return Response("ok\n", mimetype="text/plain")
