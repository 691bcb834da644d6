"""The association itself: its name, colours, language, country and time zone."""

from flask import Flask


def register(app: Flask) -> None:
    from . import routes

    app.register_blueprint(routes.bp)
    app.context_processor(routes.every_page)
