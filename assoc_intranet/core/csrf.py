"""Forged requests: an unsafe one passes when the browser says it comes from our own pages, or with a token."""

from urllib.parse import urlsplit

from flask import Flask, abort, current_app, g, request
from flask_wtf.csrf import CSRFProtect

from .db import SAFE_METHODS

csrf = CSRFProtect()


def init_app(app: Flask) -> None:
    csrf.init_app(app)

    @app.before_request
    def refuse_forgeries() -> None:
        if request.method in SAFE_METHODS:
            return
        site = request.headers.get("Sec-Fetch-Site")
        if site in ("cross-site", "same-site"):
            abort(403)
        if site == "same-origin" or (site is None and _origin_is_ours()):
            # FlaskForm asks for a token of its own unless told that the request was already cleared.
            g.csrf_valid = True
            return
        csrf.protect()


def _origin_is_ours() -> bool:
    """Where a browser says only this. A page without an address of its own says `null`, which is nobody's."""
    ours = urlsplit(current_app.config["BASE_URL"] or request.host_url)
    return request.headers.get("Origin") == f"{ours.scheme}://{ours.netloc}"
