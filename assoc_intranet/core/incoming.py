"""What may come in at all: so much, ids that a row can have, and no sign that a database cannot keep."""

import errno
from itertools import chain
from typing import Any

from flask import Flask, abort, request
from werkzeug.routing import IntegerConverter, Map

LARGEST_ID = 2**31 - 1


class RowId(IntegerConverter):
    """`<int:post_id>`, up to the largest id there can be: beyond, an address leads nowhere."""

    def __init__(self, url_map: Map, **limits: Any):
        super().__init__(url_map, **{"max": LARGEST_ID, **limits})


def init_app(app: Flask) -> None:
    app.url_map.converters["int"] = RowId

    @app.before_request
    def refuse_oversized() -> None:
        if (request.content_length or 0) > app.config["MAX_CONTENT_LENGTH"]:
            abort(413)

    @app.before_request
    def refuse_lost() -> None:
        """The server had no room to hold what was sent."""
        if request.environ.get("asgi.scope", {}).get("body_lost"):
            raise OSError(errno.ENOSPC, "no room for the body of a request")

    @app.before_request
    def refuse_nul() -> None:
        """No keyboard types it, SQLite keeps it and PostgreSQL refuses it. The form is read here, before any lock."""
        sent = chain.from_iterable(chain(request.args.items(multi=True), request.form.items(multi=True)))
        if "\0" in request.path or any("\0" in words for words in sent):
            abort(400)
