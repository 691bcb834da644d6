"""The content policy and the other headers, on every answer; the nonce is fresh each time and drawn when asked for."""

import secrets

from flask import Flask, Response, g
from flask.sessions import SecureCookieSessionInterface, SessionMixin

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), browsing-topics=()",
}
POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types htmx"
)


# What an answer carries that no page made: nothing in it may run or be shown elsewhere.
BARE_HEADERS = {
    **HEADERS,
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
}


def nonce() -> str:
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(18)
    drawn: str = g.nonce
    return drawn


class Cookies(SecureCookieSessionInterface):
    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Not with what browsers keep: it would be asked for again each time the cookie changes."""
        if not response.cache_control.max_age:
            super().save_session(app, session, response)


def init_app(app: Flask) -> None:
    app.session_interface = Cookies()
    app.jinja_env.globals["csp_nonce"] = nonce

    @app.after_request
    def protect(response: Response) -> Response:
        response.headers.update(HEADERS)
        response.headers["Content-Security-Policy"] = POLICY.format(nonce=nonce())
        if app.config["SESSION_COOKIE_SECURE"]:
            response.headers["Strict-Transport-Security"] = "max-age=31536000"
        if response.status_code != 200 or not response.cache_control.max_age:
            # Kept only where the view says for how long: what has an address that changes with its content.
            response.headers["Cache-Control"] = "no-store"
        return response
