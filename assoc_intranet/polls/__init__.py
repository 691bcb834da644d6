"""Decisions."""

from flask import Flask


def register(app: Flask) -> None:
    from . import routes

    app.register_blueprint(routes.bp)
