"""The public address: encrypted, and leading here."""

import ssl
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import gettext as _

SECONDS = 5


def look() -> Iterator[str]:
    config = current_app.config
    if not config["BASE_URL"]:
        return  # Only this machine can open it: nothing travels.
    if not config["BASE_URL"].startswith("https://"):
        yield _("BASE_URL does not begin with https://: passwords would travel in the clear.")
    elif not config["TRUSTED_PROXIES"]:
        yield _("TRUSTED_PROXIES is 0: behind a reverse proxy every visitor seems to have its address. Set it to 1.")
    yield from _leads_here(config["BASE_URL"])


def _leads_here(base_url: str) -> Iterator[str]:
    try:
        status, body = ask(base_url)
    except ssl.SSLCertVerificationError as error:
        yield _(
            "The certificate of %(address)s is not valid (%(reason)s): renew it in the reverse proxy.",
            address=base_url,
            reason=error.verify_message,
        )
    except (OSError, HTTPException) as error:
        yield _(
            "%(address)s does not answer from here (%(reason)s): does its name lead to this server, "
            "and does the reverse proxy run?",
            address=base_url,
            reason=error,
        )
    else:
        if (status, body) != (200, b"ok\n"):
            yield _(
                "%(address)s answers (%(status)s), but it is not this intranet: "
                "does the reverse proxy pass requests on to port %(port)s, and does the server run?",
                address=base_url,
                status=status,
                port=current_app.config["PORT"],
            )


def ask(base_url: str) -> tuple[int, bytes]:
    """Status and beginning of `/healthz`, as a browser would get it: redirections are not followed."""
    where = urlsplit(base_url)
    kind = HTTPSConnection if where.scheme == "https" else HTTPConnection
    connection = kind(where.netloc, timeout=SECONDS)
    try:
        connection.request("GET", "/healthz")
        answer = connection.getresponse()
        return answer.status, answer.read(64)
    finally:
        connection.close()
