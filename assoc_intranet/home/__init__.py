"""Today: what waits for me, the days to come, and what changed since I was last here."""

from flask import Flask


def register(app: Flask) -> None:
    from . import routes

    app.register_blueprint(routes.bp)
